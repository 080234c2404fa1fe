//! # Reading first, writing later
//!
//! Each function reads all that it needs, decides, and then writes.

use kit::gil::*;

/// Free or not?
pub fn on_take<S: GilState>(s: &S, me: ThreadId) -> Take {
    let (locked, switches, interval, last) = (s.locked(), s.switch_number(), s.interval(), s.last_holder());
    if locked {
        Take::Wait { micros: interval.max(1), seen: switches }
    } else {
        s.set_locked(true);
        s.set_drop_request(false);
        if last != Some(me) {
            s.set_switch_number(switches + 1);
            s.set_last_holder(me);
        }
        Take::TakeIt
    }
}

/// Asks only if nothing happened.
pub fn on_timeout<S: GilState>(s: &S, me: ThreadId, seen: u64) -> Take {
    let action = on_take(s, me);
    match action {
        Take::Wait { seen: now, .. } if now == seen => s.set_drop_request(true),
        _ => {}
    }
    action
}

/// Lets go last.
pub fn on_release<S: GilState>(s: &S, me: ThreadId) -> Release {
    let release = match s.drop_request() {
        true => Release::WaitForSwitch,
        false => Release::GoOn,
    };
    s.set_last_holder(me);
    s.set_drop_request(false);
    s.set_locked(false);
    release
}

kit::plug_gil!();
