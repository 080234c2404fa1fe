//! # What a thread on paper does
//!
//! A thread's program is a list of segments, done once or several times. Between events nothing happens, so a segment
//! of twenty milliseconds costs no more than one of ten microseconds.

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
    /// It ends.
    Ends,
}

/// Whom a release wakes when several wait: the operating system's choice, so an input of a scenario.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Choice {
    /// Who waits longest.
    Oldest,
    /// Who came last.
    Newest,
}
