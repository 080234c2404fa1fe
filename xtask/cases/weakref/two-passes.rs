//! Clears in one walk and collects whom to call in another; takes callbacks last of all.

use kit::graph::Obj;
use kit::weakref::*;

pub fn get_ref<'a, S: WeakList>(s: &'a S, o: Obj, sort: Sort, callback: Option<S::Owned<'a>>) -> Option<S::Owned<'a>> {
    let shared = callback.is_none();
    if shared && let Some(there) = plain(s, o, sort) {
        return s.hold(there);
    }
    let mine = s.make(sort, callback)?;
    match plain(s, o, sort) {
        Some(there) if shared => s.hold(there),
        _ => {
            insert(s, o, s.obj(&mine));
            Some(mine)
        }
    }
}

fn plain<S: WeakList>(s: &S, o: Obj, sort: Sort) -> Option<Obj> {
    let mut here = s.first(o);
    while let Some(r) = here {
        if s.sort(r) == sort && !s.has_callback(r) {
            return Some(r);
        }
        here = s.next(r);
    }
    None
}

pub fn insert<S: WeakList>(s: &S, o: Obj, r: Obj) {
    let rank = |r: Obj| match (s.sort(r), s.has_callback(r)) {
        (Sort::Ref, false) => 0,
        (Sort::Proxy, false) => 1,
        _ => 2,
    };
    // Behind all that must stand before it, in front of everybody else.
    let (mut before, mut after) = (None, s.first(o));
    while let Some(here) = after
        && rank(here) < rank(r)
    {
        (before, after) = (after, s.next(here));
    }
    s.set_next(r, after);
    s.set_prev(r, before);
    s.set_target(r, Some(o));
    if let Some(after) = after {
        s.set_prev(after, Some(r));
    }
    if let Some(before) = before {
        s.set_next(before, Some(r));
    } else {
        s.set_first(o, Some(r));
    }
}

pub fn unlink<S: WeakList>(s: &S, r: Obj) {
    if let Some(o) = s.target(r) {
        if s.first(o) == Some(r) {
            s.set_first(o, s.next(r));
        }
        if let Some(before) = s.prev(r) {
            s.set_next(before, s.next(r));
        }
        if let Some(after) = s.next(r) {
            s.set_prev(after, s.prev(r));
        }
        s.set_next(r, None);
        s.set_prev(r, None);
        s.set_target(r, None);
    }
}

pub fn clear_and_call<S: WeakList>(s: &S, o: Obj) {
    let mut all = vec![];
    let mut here = s.first(o);
    while let Some(r) = here {
        here = s.next(r);
        all.push(r);
    }
    let held: Vec<_> = all.iter().filter_map(|r| s.hold(*r)).collect();
    all.iter().for_each(|r| unlink(s, *r));
    let callbacks: Vec<_> = held.iter().map(|r| s.take_callback(s.obj(r))).collect();
    for (r, callback) in held.iter().zip(&callbacks) {
        if let Some(callback) = callback {
            s.call(callback, r);
        }
    }
}

kit::plug_weakref!();
