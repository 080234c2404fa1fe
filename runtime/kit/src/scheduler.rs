//! # The words and the socket of exercise `scheduler`
//!
//! A GIL has no scheduler: of the threads that wait the operating system wakes one, and each of them waits as long as
//! every other before it asks. This socket is the place where CPython has none. A policy is asked at four moments; it
//! decides two things: whom a release wakes, and how long a thread waits before it asks the holder to let go.
//!
//! ```text
//!   event                                               answer
//!   on_want      a thread comes and wants the GIL       -
//!   patience     it finds that another one has it       for so many microseconds it waits, then it asks
//!   on_release   the holder lets go                     -
//!   whom         and some thread waits                  this one is woken
//! ```
//!
//! The policy keeps no state. It may write down one number for each thread, its *score*, which means what the policy
//! wants it to mean.

use crate::gil::ThreadId;
use std::fmt;

// ANCHOR: waiters
/// What a policy sees. `{s:?}` shows it.
pub trait Waiters: fmt::Debug {
    /// The clock, in microseconds.
    fn now(&self) -> u64;
    /// The switch interval, in microseconds, at least 1.
    fn interval(&self) -> u64;
    /// Who has the GIL. `None` in `on_release` and `whom`: it was just let go.
    fn holder(&self) -> Option<ThreadId>;
    /// For how many microseconds the holder has had it. 0 when nobody has it.
    fn held_for(&self) -> u64;
    /// Who waits and was not woken yet; who waits longest stands first. In `on_want` and `patience`: the others, without
    /// `me`.
    fn waiting(&self) -> Vec<ThreadId>;

    /// What the policy wrote down about a thread; 0 until it did.
    #[track_caller]
    fn score(&self, thread: ThreadId) -> u64;
    /// From now on that is the thread's score.
    #[track_caller]
    fn set_score(&self, thread: ThreadId, score: u64);
}
// ANCHOR_END: waiters

/// Why the holder let go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LetGo {
    /// Somebody asked.
    Asked,
    /// It is going to block, or it ends.
    Itself,
}

// ANCHOR: socket
/// The socket: who runs next, and who may ask how soon.
pub trait Scheduler<S: Waiters + ?Sized> {
    /// `me` wants the GIL: it begins, or it blocked and is back, or it had to let go. Not when it was woken.
    fn on_want(&self, s: &S, me: ThreadId);
    /// `me` begins to wait: for so many microseconds, then it asks. 0 counts as 1. Not when it has just asked: then it
    /// waits an interval.
    fn patience(&self, s: &S, me: ThreadId) -> u64;
    /// `me` lets go; it had the GIL for `micros` without a break.
    fn on_release(&self, s: &S, me: ThreadId, micros: u64, why: LetGo);
    /// One of those that wait, of whom there is at least one: it is woken.
    fn whom(&self, s: &S) -> ThreadId;
}
// ANCHOR_END: socket

/// Makes the part out of the functions of a file.
#[macro_export]
macro_rules! plug_scheduler {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl<S: $crate::scheduler::Waiters> $crate::scheduler::Scheduler<S> for Part {
            #[inline]
            fn on_want(&self, s: &S, me: $crate::gil::ThreadId) {
                on_want(s, me)
            }
            #[inline]
            fn patience(&self, s: &S, me: $crate::gil::ThreadId) -> u64 {
                patience(s, me)
            }
            #[inline]
            fn on_release(&self, s: &S, me: $crate::gil::ThreadId, micros: u64, why: $crate::scheduler::LetGo) {
                on_release(s, me, micros, why)
            }
            #[inline]
            fn whom(&self, s: &S) -> $crate::gil::ThreadId {
                whom(s)
            }
        }
    };
}
