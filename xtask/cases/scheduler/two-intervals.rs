//! Bolder numbers: a sleeper may be two intervals behind, a thread that was alone two ahead; and of those that are about
//! even the one that waits longest is woken.

use kit::gil::ThreadId;
use kit::scheduler::*;

pub fn on_want<S: Waiters>(s: &S, me: ThreadId) {
    let mut times: Vec<u64> = s.waiting().iter().filter(|other| **other != me).map(|other| s.score(*other)).collect();
    if let Some(holder) = s.holder() {
        times.push(s.score(holder) + s.held_for());
    }
    times.sort();
    let (Some(least), Some(most)) = (times.first(), times.last()) else { return };
    let credit = 2 * s.interval();
    let score = s.score(me);
    if score == 0 {
        s.set_score(me, most + 1);
    } else if score + credit < *least {
        s.set_score(me, least - credit);
    } else if score > most + credit {
        s.set_score(me, most + credit);
    }
}

pub fn patience<S: Waiters>(s: &S, me: ThreadId) -> u64 {
    match s.holder() {
        None => 1,
        Some(holder) => {
            let lead = (s.score(holder) + s.held_for()) as i128 - i128::from(s.score(me));
            u64::try_from(i128::from(s.interval()) - lead).unwrap_or(1)
        }
    }
}

pub fn on_release<S: Waiters>(s: &S, me: ThreadId, micros: u64, _: LetGo) {
    s.set_score(me, s.score(me) + micros);
}

pub fn whom<S: Waiters>(s: &S) -> ThreadId {
    let step = s.interval() / 10 + 1;
    s.waiting().into_iter().min_by_key(|thread| s.score(*thread) / step).unwrap()
}

kit::plug_scheduler!();
