//! # Exercise `scheduler`: who runs next: fair, and without a convoy   about 40 minutes
//!
//! Chapter: "A scheduler for the GIL" (`cargo xtask book scheduler`).
//! Write:   `on_want`, `patience`, `on_release`, `whom`, in this file only.
//! Check:   `cargo xtask grade scheduler`                              Stuck: `cargo xtask hint scheduler`
//! Try your own scenario: write a `.ops` file and `cargo xtask show scheduler my.ops`
//!
//! CPython leaves that to the operating system, and gives every thread the same patience: an interval. A thread that
//! computes gets the GIL for five milliseconds and more, a thread that answers a request needs it for twenty
//! microseconds, and waits as long for it as the other one. Here you decide both: whom a release wakes, and how long
//! each thread waits before it asks.
//!
//! ```text
//!   the system's choice   computes ######################### computes #########################
//!                         answers                           #                                  #
//!                                 '--- an interval each ---'
//!
//!   wanted                computes ####### ####### ####### ####### ####### ####### #######
//!                         answers         #       #       #       #       #       #        a moment after it came
//! ```
//!
//! Any policy passes that keeps these promises; scenarios say in numbers what each means for their threads.
//!
//! - **I1** Whom a release wakes is one of those that wait.
//! - **I2** Who needs little gets it soon: a thread that blocks most of the time and computes for moments has the GIL a
//!   moment after it wants it, not an interval. (Not the first time: nobody knows it yet.)
//! - **I3** Who computes shares: threads that compute get the same time, give or take two intervals. To block for a moment
//!   now and then gains nothing.
//! - **I4** Nobody starves: whoever waits gets the GIL, however many others come and go, and however little they need.
//! - **I5** Switching is not free: threads that only compute switch about once in an interval, not at every switch point.
//! - **I6** Only time that others wanted counts. Who blocked for a second gets no second in advance; who had the GIL for a
//!   second while nobody else wanted it does not pay for that; who is new stands where the one stands who has had the most.
//!
//! You hold no state, but each thread has a number that is yours: `s.set_score(me, ...)` writes down what you will want
//! to know of it, `s.score(me)` reads it; 0 at first. `s.holder()` has had the GIL for `s.held_for()` microseconds;
//! `s.waiting()` are the others that want it, without one that was woken and is not awake yet.

use kit::gil::ThreadId;
use kit::scheduler::*; // Waiters, LetGo

/// `me` wants the GIL: it begins, or it is back from a call that blocked, or it was asked and had to let go.
///
/// Is there anything to put right (I6)? Whether it gets the GIL at once, or must wait, is not known yet. Who was asked and
/// had to let go is not among those that wait when `whom` is asked: it wants it again when another one has it.
pub fn on_want<S: Waiters>(s: &S, me: ThreadId) {
    todo!("{me:?} wants it: {s:?}")
}

/// `me` finds that another thread has the GIL: for so many microseconds it waits, then it asks the holder to let go.
///
/// Asked again for each wait: when the GIL went to somebody else meanwhile, or when it was woken and another one was
/// faster. Not when it has just asked: then it waits an interval. CPython's answer is `s.interval()`, whoever waits (I2,
/// I5).
pub fn patience<S: Waiters>(s: &S, me: ThreadId) -> u64 {
    todo!("how long does {me:?} wait? {s:?}")
}

/// `me` lets the GIL go, after `micros` with it. [`LetGo::Asked`]: it would have gone on. [`LetGo::Itself`]: it blocks, or
/// ends.
pub fn on_release<S: Waiters>(s: &S, me: ThreadId, micros: u64, why: LetGo) {
    todo!("{me:?} had it for {micros} us, {why:?}: {s:?}")
}

/// Nobody has the GIL, and at least one thread waits: whom to wake? (I1 to I4.)
///
/// To be woken is not to have it: a thread that comes back meanwhile takes the GIL without ever waiting, and the one that
/// you woke waits again. So who is to come first must also ask sooner.
pub fn whom<S: Waiters>(s: &S) -> ThreadId {
    todo!("whom? {s:?}")
}

kit::plug_scheduler!();
