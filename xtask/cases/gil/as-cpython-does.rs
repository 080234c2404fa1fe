//! The request is cleared where it is answered, too, and the switch is counted before the flag is set.

use kit::gil::*;

pub fn on_take<S: GilState>(s: &S, me: ThreadId) -> Take {
    if s.locked() { wait(s) } else { take(s, me) }
}

pub fn on_timeout<S: GilState>(s: &S, me: ThreadId, seen: u64) -> Take {
    match (s.locked(), s.switch_number() == seen) {
        (false, _) => take(s, me),
        (true, true) => {
            s.set_drop_request(true);
            wait(s)
        }
        (true, false) => wait(s),
    }
}

pub fn on_release<S: GilState>(s: &S, me: ThreadId) -> Release {
    s.set_last_holder(me);
    s.set_locked(false);
    let asked = s.drop_request();
    if asked && s.last_holder() == Some(me) {
        s.set_drop_request(false);
        return Release::WaitForSwitch;
    }
    Release::GoOn
}

fn wait<S: GilState>(s: &S) -> Take {
    let micros = if s.interval() >= 1 { s.interval() } else { 1 };
    Take::Wait { micros, seen: s.switch_number() }
}

fn take<S: GilState>(s: &S, me: ThreadId) -> Take {
    if s.last_holder() != Some(me) {
        s.set_switch_number(s.switch_number() + 1);
        s.set_last_holder(me);
    }
    s.set_locked(true);
    s.set_drop_request(false);
    Take::TakeIt
}

kit::plug_gil!();
