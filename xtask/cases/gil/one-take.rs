//! # One function that takes
//!
//! A time-out is looked at first, and what follows is the same for both ways to come.

use kit::gil::*;

/// Nobody has seen anything yet.
pub fn on_take<S: GilState>(s: &S, me: ThreadId) -> Take {
    take_or_wait(s, me, None)
}

/// Something was seen.
pub fn on_timeout<S: GilState>(s: &S, me: ThreadId, seen: u64) -> Take {
    take_or_wait(s, me, Some(seen))
}

fn take_or_wait<S: GilState>(s: &S, me: ThreadId, seen: Option<u64>) -> Take {
    let now = s.switch_number();
    match (s.locked(), seen) {
        (true, Some(seen)) if seen == now => {
            println!("{me:?} asks");
            s.set_drop_request(true);
        }
        (true, _) => {}
        (false, _) => {
            s.set_drop_request(false);
            s.set_locked(true);
            let switch = s.last_holder().is_none_or(|last| last != me);
            s.set_last_holder(me);
            s.set_switch_number(if switch { now + 1 } else { return Take::TakeIt });
            return Take::TakeIt;
        }
    }
    let micros = if s.interval() == 0 { 1 } else { s.interval() };
    Take::Wait { micros, seen: now }
}

/// The request is cleared whether there was one or not.
pub fn on_release<S: GilState>(s: &S, me: ThreadId) -> Release {
    let asked = s.drop_request();
    s.set_drop_request(false);
    s.set_locked(false);
    s.set_last_holder(me);
    if asked { Release::WaitForSwitch } else { Release::GoOn }
}

kit::plug_gil!();
