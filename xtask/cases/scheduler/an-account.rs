//! An account for each thread, in time of the clock. Who has the GIL while others want it pays for it as often as there
//! are threads that want it; what a thread has over is never worth more than an interval.

use kit::gil::ThreadId;
use kit::scheduler::*;

/// So that nothing goes below zero.
const START: u64 = 100_000_000;

/// How many want the GIL or have it, and one more: the one that is asked about.
fn wanting<S: Waiters>(s: &S) -> u64 {
    s.waiting().len() as u64 + u64::from(s.holder().is_some()) + 1
}

pub fn on_want<S: Waiters>(s: &S, me: ThreadId) {
    s.set_score(me, s.score(me).max(START + s.now() - s.interval()));
}

pub fn patience<S: Waiters>(s: &S, me: ThreadId) -> u64 {
    let Some(holder) = s.holder() else { return 1 };
    let due = s.score(holder) + s.held_for() * wanting(s);
    (s.score(me) + s.interval()).saturating_sub(due) / wanting(s)
}

pub fn on_release<S: Waiters>(s: &S, me: ThreadId, micros: u64, _: LetGo) {
    s.set_score(me, s.score(me) + micros * wanting(s));
}

pub fn whom<S: Waiters>(s: &S) -> ThreadId {
    let mut waiting = s.waiting();
    waiting.sort_by_key(|thread| s.score(*thread));
    waiting[0]
}

kit::plug_scheduler!();
