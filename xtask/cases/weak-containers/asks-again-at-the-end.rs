//! Asks for each key once more whether its entry is dead before it removes it; counts the living by itself.

use kit::graph::Obj;
use kit::weak_containers::*;

pub fn set<'a, S: Cache>(s: &'a S, key: Obj, value: S::Owned<'a>) -> bool {
    s.watch(key, &value).is_some_and(|weak| {
        let stored = s.store(key, weak);
        if stored {
            s.take_back(key);
        }
        stored
    })
}

pub fn get<'a, S: Cache>(s: &'a S, key: Obj) -> Option<S::Owned<'a>> {
    s.entry(key).and_then(|weak| s.value(&weak))
}

fn is_dead<S: Cache>(s: &S, key: Obj) -> bool {
    match s.entry(key) {
        Some(weak) => s.value(&weak).is_none(),
        None => false,
    }
}

pub fn on_death<S: Cache>(s: &S, key: Obj) {
    match (is_dead(s, key), s.iterations()) {
        (false, _) => {}
        (true, 0) => s.remove(key),
        (true, _) if s.is_put_off(key) => {}
        (true, _) => s.put_off(key),
    }
}

pub fn begin_iteration<S: Cache>(s: &S) {
    let before = s.iterations();
    s.set_iterations(before + 1);
}

pub fn end_iteration<S: Cache>(s: &S) {
    s.set_iterations(s.iterations() - 1);
    while s.iterations() == 0
        && let Some(key) = s.first_put_off()
    {
        if is_dead(s, key) {
            s.remove(key);
        } else {
            s.take_back(key);
        }
    }
}

pub fn len<S: Cache>(s: &S) -> u64 {
    s.entries().saturating_sub(s.count_put_off())
}

kit::plug_weak_containers!();
