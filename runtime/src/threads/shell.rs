//! # A shell: how a thread waits, and what time it is
//!
//! ```text
//!   Lock RLock Condition Event Semaphore Queue Local Thread      written once, as threading.py is over _thread.lock
//!        |
//!        v   wait(key) wake(key)  sleep  blocking  spawn  switch_point  now  me
//!      Shell ------------------------------------------------------------------+
//!        |                                                                     |
//!        v                                                                     v
//!   Gil<'g, W>: threads of the system,                         a deterministic scheduler on a virtual clock,
//!   the GIL of `gil::os`                                       threads that take turns
//! ```
//!
//! Whoever has a shell in hand is a thread that has the GIL. Each method may let it go and take it again, except `me`,
//! `now`, `wake` and `locals`, which never do.
//!
//! A *key* is a number that threads wait on, as a futex's address is: for a lock, where its word lies. The queues of all
//! keys together are what others call wait queues, or a parking lot.
//!
//! - **I1** Who waits is in the queue of its key before it lets the GIL go, and only who has the GIL wakes. So what a
//!   thread saw before it decided to wait is still so when it stands in the queue: no wake-up is lost.
//! - **I2** A key's queue is in the order of arrival. `wake` takes from its front.
//! - **I3** Who was taken out of the queue is `Woken`, even when its time went by before it had the GIL again.
//! - **I4** Being woken promises nothing: by the time a thread has the GIL, somebody else may have taken what it waited
//!   for. So a wait stands in a loop.
//! - **I5** On a virtual clock a run may be *over*: nobody can go on. From then on each wait is `TimedOut` at once, one
//!   without a limit, too, and a thread that runs goes on to its end, with no other in between. So such a loop ends when a
//!   wait says `TimedOut`, and who comes out of it looks whether it has what it waited for.
//!
//! Source: `PyThread_acquire_lock_timed` in `Python/thread_pthread.h`, `acquire_timed` in `Modules/_threadmodule.c` of
//! 3.11; the idea of a key is the parking lot's.

use super::local::Locals;
use kit::gil::ThreadId;
use kit::graph::Obj;

/// Microseconds since the shell's clock began.
pub type Micros = u64;

/// How a wait ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Waited {
    /// Somebody woke this thread.
    Woken,
    /// Nobody did, and its time is up, or the run is over (I5).
    TimedOut,
}

/// The system has no thread more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CannotStart;

/// What a new thread does. It is called with the GIL, and its end is the thread's.
pub type Body<S> = Box<dyn for<'t> FnOnce(<S as Shell>::Inside<'t>) + Send>;

/// Says that a thread ends. Only [`super::Thread`] makes one: whoever is called in the middle of a thread's life cannot
/// end what its callers stand on.
#[derive(Debug)]
pub struct End(pub(super) ());

/// How a thread that has the GIL waits, and what time it is.
pub trait Shell {
    /// What a thread of this shell has in its hands as long as it has the GIL.
    type Inside<'t>: Shell + Copy;

    /// This thread.
    fn me(&self) -> ThreadId;

    /// What the clock says.
    fn now(&self) -> Micros;

    /// The end of a turn of a loop, or of a call: looks at the eval breaker, and lets the GIL go if somebody asked.
    ///
    /// # Errors
    /// The exception that a signal's handler, a pending call or another thread raised here. Owned.
    fn switch_point(&self) -> Result<(), Obj>;

    /// Waits on `key`, without the GIL, until somebody wakes it or the clock says `until` (I1, I3, I5). It has the GIL again
    /// when this returns.
    fn wait(&self, key: u64, until: Option<Micros>) -> Waited;

    /// Wakes at most `count` of those that wait on `key`; how many it were (I2). They run when they have the GIL.
    fn wake(&self, key: u64, count: usize) -> usize;

    /// Lets others run for so long at least.
    fn sleep(&self, micros: Micros);

    /// A call that blocks, without the GIL. On a virtual clock it takes `micros` and is made at the end of them; threads of
    /// the system let it take what it takes.
    ///
    /// What is `Send` has no token in it, so `call` touches no object.
    fn blocking<R: Send>(&self, micros: Micros, call: impl FnOnce() -> R + Send) -> R;

    /// A new thread, which wants the GIL at once. (What is called a thread, can be joined and says when it runs is
    /// [`super::Thread`].)
    ///
    /// # Errors
    /// The system has none.
    fn spawn(&self, name: &str, body: Body<Self>) -> Result<(), CannotStart>
    where
        Self: Sized;

    /// What this thread's own variables are: [`super::Local`]. They die when the thread ends, with the GIL.
    fn locals(&self) -> &Locals;

    /// This thread ends: what it has of its own dies now, before anybody who waits for its end goes on.
    ///
    /// # Panics
    /// When something of it panicked as it died. All of it is dead by then.
    fn end(&self, _: End) {
        self.locals().end();
    }
}
