//! Takes the key back before it stores; puts off first and removes what was put off when nobody iterates.

use kit::graph::Obj;
use kit::weak_containers::*;

pub fn set<'a, S: Cache>(s: &'a S, key: Obj, value: S::Owned<'a>) -> bool {
    let Some(weak) = s.watch(key, &value) else { return false };
    let was_put_off = s.is_put_off(key);
    s.take_back(key);
    let stored = s.store(key, weak);
    if !stored && was_put_off {
        s.put_off(key);
    }
    stored
}

pub fn get<'a, S: Cache>(s: &'a S, key: Obj) -> Option<S::Owned<'a>> {
    s.value(&s.entry(key)?)
}

pub fn on_death<S: Cache>(s: &S, key: Obj) {
    if s.is_put_off(key) {
        return;
    }
    if let Some(weak) = s.entry(key)
        && s.value(&weak).is_none()
    {
        s.put_off(key);
        clear_up(s);
    }
}

fn clear_up<S: Cache>(s: &S) {
    while s.iterations() == 0 {
        let Some(key) = s.first_put_off() else { return };
        s.remove(key);
    }
}

pub fn begin_iteration<S: Cache>(s: &S) {
    s.set_iterations(s.iterations() + 1);
}

pub fn end_iteration<S: Cache>(s: &S) {
    s.set_iterations(s.iterations() - 1);
    clear_up(s);
}

pub fn len<S: Cache>(s: &S) -> u64 {
    s.entries() - s.count_put_off()
}

kit::plug_weak_containers!();
