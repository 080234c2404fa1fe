//! # Turns: threads that run one at a time, on a virtual clock
//!
//! ```text
//!   program's threads      main      a        b            each on a thread of the system, for its stack
//!                           |        |        |
//!                           |  the baton: only who has it runs, all others sleep
//!                           v
//!   Turn  (a Shell)       switch point, wait, sleep, end: "I computed 3 us; then I am at a switch point"
//!                           |
//!                           v
//!   Clock, Gil (a part), Decide, Scheduler (a part)          who goes on? the baton goes there
//! ```
//!
//! A thread of a real program is a coroutine: it runs until it comes to a place where another one might run, says what
//! it did, and moves the clock itself until the clock asks somebody what he does next. If that is another thread, it
//! gets the baton. So nothing depends on real time: the same program with the same decisions is the same history.
//!
//! - **I1** One thread has the baton, and only that thread touches what all of them share: the clock, the objects, the
//!   program's names.
//! - **I2** The thread that has the baton is the one that the clock asked, so it has the GIL.
//! - **I3** Time passes only where a thread says so ([`Turn::spend`]); the clock's next event comes in between when it is
//!   due, not later.
//! - **I4** When nobody can go on, or a part breaks a promise, the run is *over*: nobody waits any more, each thread runs
//!   to its end in turn, and no system thread is left behind.

mod baton;
pub mod choices;
mod table;
mod turn;

pub use choices::{Choices, Taken};
pub use table::AnyGil;
pub(crate) use table::{Own, Turns};
pub(crate) use turn::Turn;

#[cfg(test)]
mod tests;
