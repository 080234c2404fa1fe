//! # What a thread on paper does
//!
//! A thread's program is a list of segments, done once or several times. Between events nothing happens, so a segment
//! of twenty milliseconds costs no more than one of ten microseconds.

use super::script::{How, Moment, Script, Step, Then};
use kit::gil::ThreadId;

/// Microseconds on the virtual clock.
pub type Micros = u64;

/// A loop of Python code comes to a place where the thread may switch so often.
pub const SWITCH_POINT: Micros = 10;

/// One thing that a thread does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Segment {
    /// A loop of Python code: it needs the GIL, and may switch every [`SWITCH_POINT`].
    Cpu(Micros),
    /// A C function that keeps the GIL: it may switch only when it is done.
    Native(Micros),
    /// A call that blocks: it lets the GIL go first and takes it again afterwards.
    Io(Micros),
}

impl Segment {
    /// How long it takes.
    pub fn micros(self) -> Micros {
        match self {
            Segment::Cpu(micros) | Segment::Native(micros) | Segment::Io(micros) => micros,
        }
    }
}

/// All that a thread does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Program {
    /// When it begins.
    pub at: Micros,
    /// How often it does everything.
    pub times: u64,
    /// What it does.
    pub segments: Vec<Segment>,
}

/// A program, and how far the thread is with it.
#[derive(Debug)]
pub struct Paper {
    program: Program,
    round: u64,
    segment: usize,
}

impl Paper {
    /// At its beginning.
    pub fn new(program: Program) -> Self {
        Paper { program, round: 0, segment: 0 }
    }

    /// The next segment. `None`: there is none.
    fn peek(&self) -> Option<Segment> {
        let more = self.round < self.program.times;
        self.program.segments.get(self.segment).copied().filter(|_| more)
    }

    fn take(&mut self) -> Option<Segment> {
        let segment = self.peek()?;
        self.segment += 1;
        if self.segment == self.program.segments.len() {
            (self.segment, self.round) = (0, self.round + 1);
        }
        Some(segment)
    }

    /// What comes after a segment in which it computed. The end of a segment is a switch point, too, unless the thread
    /// is about to let go anyway.
    fn then(&mut self) -> Then {
        match self.peek() {
            Some(Segment::Io(micros)) => {
                self.take();
                Then::Blocks(micros)
            }
            Some(_) => Then::SwitchPoint,
            None => Then::Ends,
        }
    }
}

impl Script for Paper {
    fn next(&mut self, _: Moment) -> Step {
        match self.peek() {
            Some(Segment::Io(_)) | None => Step::new(0, How::Native, self.then()),
            Some(computes) => {
                self.take();
                let how = if matches!(computes, Segment::Cpu(_)) { How::Loop } else { How::Native };
                Step::new(computes.micros(), how, self.then())
            }
        }
    }
}

/// What happened, for the facts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Happened {
    /// A thread takes the GIL.
    Takes {
        /// Who.
        thread: ThreadId,
        /// The switch number, if this was a switch.
        switch: Option<u64>,
    },
    /// A thread that waits asks the holder to let go.
    Asks {
        /// Who.
        thread: ThreadId,
        /// Whom.
        holder: ThreadId,
    },
    /// The holder lets go.
    LetsGo {
        /// Who.
        thread: ThreadId,
        /// Why.
        why: Why,
        /// Whether it waits for the switch.
        forced: bool,
    },
}

/// Why a thread lets go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// Somebody asked.
    Asked,
    /// It is going to block so long.
    Blocks(Micros),
    /// It is going to wait until somebody wakes it, or until the clock says so much.
    Waits(Option<Micros>),
    /// It ends.
    Ends,
}
