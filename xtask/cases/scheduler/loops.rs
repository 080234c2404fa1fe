//! The same idea with loops and signed numbers; scores begin at one, and a release counts in steps of ten microseconds.

use kit::gil::ThreadId;
use kit::scheduler::{LetGo, Waiters};

fn had<S: Waiters>(s: &S, thread: ThreadId) -> i64 {
    let mut had = s.score(thread) as i64 * 10;
    if s.holder() == Some(thread) {
        had += s.held_for() as i64;
    }
    had
}

pub fn on_want<S: Waiters>(s: &S, me: ThreadId) {
    let mut all = s.waiting();
    all.extend(s.holder());
    let (mut least, mut most, mut any) = (i64::MAX, i64::MIN, false);
    for other in all {
        if other != me {
            any = true;
            least = least.min(had(s, other));
            most = most.max(had(s, other));
        }
    }
    if !any {
        return;
    }
    let interval = s.interval() as i64;
    let mut score = had(s, me);
    if score == 0 {
        score = most;
    }
    if score < least - interval {
        score = least - interval;
    }
    if score > most + interval {
        score = most + interval;
    }
    s.set_score(me, (score.max(10) / 10) as u64);
}

pub fn patience<S: Waiters>(s: &S, me: ThreadId) -> u64 {
    let holder = s.holder().expect("somebody has it");
    let lead = had(s, holder) - had(s, me);
    let left = s.interval() as i64 - lead;
    if left < 1 { 1 } else { left as u64 }
}

pub fn on_release<S: Waiters>(s: &S, me: ThreadId, micros: u64, why: LetGo) {
    println!("{me:?} had it for {micros} us, {why:?}");
    s.set_score(me, s.score(me) + micros.div_ceil(10));
}

pub fn whom<S: Waiters>(s: &S) -> ThreadId {
    let waiting = s.waiting();
    let mut best = waiting[0];
    for thread in waiting {
        if had(s, thread) < had(s, best) {
            best = thread;
        }
    }
    best
}

kit::plug_scheduler!();
