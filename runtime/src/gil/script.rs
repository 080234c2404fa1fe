//! # What a thread does is a question
//!
//! The clock does not know what a thread is going to do: it asks, whenever the thread has the GIL and is done with what
//! it said last. A thread on paper answers from a list ([`super::program`]); behind the others stands a real program that
//! runs a little further for each answer ([`crate::turns`]). So one clock, one GIL and one policy serve both.
//!
//! ```text
//!   clock: "you have the GIL, it is 120 us, nothing else happens before 170 us"
//!   thread: "I compute 3 us; then I am at a switch point"          Step { micros: 3, how: Native, then: SwitchPoint }
//!   thread: "I compute 20 ms in a loop; then I block for 1 ms"     Step { micros: 20000, how: Loop, then: Blocks(1000) }
//! ```
//!
//! - **I1** An answer depends on earlier answers and on the moment, on nothing else: not on real time.
//! - **I2** What a thread sets going (it wakes another one, it begins one) happens within the time of its step.

use super::program::Micros;
use kit::gil::ThreadId;

/// What a thread does, asked step by step.
pub trait Script {
    /// It has the GIL at this moment, and the last step is over. What does it do?
    fn next(&mut self, moment: Moment) -> Step;
}

/// When a thread is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// What the clock says.
    pub now: Micros,
    /// Nothing else happens before.
    pub horizon: Micros,
    /// Somebody asked the thread to let the GIL go.
    pub asked: bool,
    /// Somebody decides at every switch point who goes on, and others wait.
    pub choice: bool,
}

/// What a thread does next.
pub struct Step {
    /// So long.
    pub micros: Micros,
    /// And meanwhile.
    pub how: How,
    /// After that.
    pub then: Then,
    /// What it sets going, and how long after the step's beginning.
    pub sets_going: Vec<(Micros, Going)>,
}

impl Step {
    /// A step that sets nothing going.
    pub fn new(micros: Micros, how: How, then: Then) -> Step {
        Step { micros, how, then, sets_going: vec![] }
    }
}

/// Whether a thread may switch while it computes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// Every [`SWITCH_POINT`](super::program::SWITCH_POINT).
    Loop,
    /// Not before the end.
    Native,
}

/// What comes after a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Then {
    /// It may switch, and goes on.
    SwitchPoint,
    /// It goes on.
    GoesOn,
    /// It lets the GIL go for so long.
    Blocks(Micros),
    /// It lets the GIL go until somebody wakes it, or until the clock says so much.
    Waits {
        /// `None`: for ever.
        until: Option<Micros>,
    },
    /// It lets the GIL go and ends.
    Ends,
}

/// What a thread sets going.
pub enum Going {
    /// A thread that waits, or is about to, is woken.
    Wakes(ThreadId),
    /// A thread begins: its name, and who says what it does.
    Begins(String, Option<Box<dyn Script>>),
    /// The switch interval is another one.
    Interval(Micros),
}

/// What is left open by the GIL: the operating system's choices, or those of somebody who plays it.
pub trait Decide {
    /// Whether a wait for the GIL ends by itself after an interval. If not, it ends where
    /// [`at_switch_point`](Decide::at_switch_point) says so.
    fn timed(&self) -> bool {
        true
    }

    /// The holder is at a switch point, nobody asked it to let go, and these wait. Whose interval is over this very
    /// moment? `None`: nobody's, the holder goes on.
    fn at_switch_point(&mut self, waiting: &[ThreadId]) -> Option<usize> {
        let _ = waiting;
        None
    }

    /// One of these is woken, of one or several, who came in this order. Which?
    fn whom(&mut self, waiting: &[ThreadId]) -> usize;
}

/// Whom a release wakes when several wait: the operating system's choice, so an input of a scenario.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Choice {
    /// Who waits longest.
    Oldest,
    /// Who came last.
    Newest,
}

impl Decide for Choice {
    fn whom(&mut self, waiting: &[ThreadId]) -> usize {
        match self {
            Choice::Oldest => 0,
            Choice::Newest => waiting.len() - 1,
        }
    }
}
