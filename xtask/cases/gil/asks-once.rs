//! Asks only when nobody has asked yet, clears only what there is to clear, and remembers the switch number plus one.

use kit::gil::{GilState, Release, Take, ThreadId};

pub fn on_take<S: GilState>(s: &S, me: ThreadId) -> Take {
    if s.locked() {
        return Take::Wait { micros: s.interval().max(1), seen: s.switch_number() + 1 };
    }
    s.set_locked(true);
    if s.last_holder().is_none_or(|last| last != me) {
        s.set_switch_number(s.switch_number() + 1);
    }
    s.set_last_holder(me);
    if s.drop_request() {
        s.set_drop_request(false);
    }
    Take::TakeIt
}

pub fn on_timeout<S: GilState>(s: &S, me: ThreadId, seen: u64) -> Take {
    let nobody_else_had_it = s.switch_number() + 1 == seen;
    if s.locked() && nobody_else_had_it && !s.drop_request() {
        s.set_drop_request(true);
    }
    on_take(s, me)
}

pub fn on_release<S: GilState>(s: &S, me: ThreadId) -> Release {
    let asked = s.drop_request();
    s.set_locked(false);
    debug_assert_eq!(s.last_holder(), Some(me));
    match asked {
        true => Release::WaitForSwitch,
        false => Release::GoOn,
    }
}

kit::plug_gil!();
