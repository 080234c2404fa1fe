//! Policies to compare: who is woken, and who asks how soon.

use kit::gil::ThreadId;
use kit::scheduler::{LetGo, Scheduler, Waiters};
use runtime::gil::roster::Roster;

/// A policy. `None`: CPython has none, the interval and the system decide.
pub(crate) type Policy = Option<&'static (dyn Scheduler<Roster> + Sync)>;

/// All of them, by name.
pub(crate) fn all() -> [(&'static str, Policy); 4] {
    [("os", None), ("newest", Some(&Newest)), ("io", Some(&IoFirst)), ("fair", Some(&runtime::gil::scheduler::Part))]
}

/// The system wakes whoever came last.
struct Newest;

impl<S: Waiters + ?Sized> Scheduler<S> for Newest {
    fn on_want(&self, _: &S, _: ThreadId) {}
    fn patience(&self, s: &S, _: ThreadId) -> u64 {
        s.interval()
    }
    fn on_release(&self, _: &S, _: ThreadId, _: u64, _: LetGo) {}
    fn whom(&self, s: &S) -> ThreadId {
        s.waiting().pop().expect("somebody waits")
    }
}

/// Who let go to block comes first, and asks at once. Nothing keeps it from coming again and again.
struct IoFirst;

impl<S: Waiters + ?Sized> Scheduler<S> for IoFirst {
    fn on_want(&self, _: &S, _: ThreadId) {}
    fn patience(&self, s: &S, me: ThreadId) -> u64 {
        if s.score(me) > 0 { 1 } else { s.interval() }
    }
    fn on_release(&self, s: &S, me: ThreadId, _: u64, why: LetGo) {
        s.set_score(me, u64::from(why == LetGo::Itself));
    }
    fn whom(&self, s: &S) -> ThreadId {
        let waiting = s.waiting();
        let blocked = waiting.iter().copied().find(|thread| s.score(*thread) > 0);
        blocked.unwrap_or(waiting[0])
    }
}
