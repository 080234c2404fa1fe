//! Finds plain ones by their place, from the front; clears the plain ones first, as CPython does.

use kit::graph::Obj;
use kit::weakref::*;

fn fronts<S: WeakList>(s: &S, o: Obj) -> [Option<Obj>; 2] {
    let is = |r: Option<Obj>, sort| r.filter(|r| s.sort(*r) == sort && !s.has_callback(*r));
    let plain_ref = is(s.first(o), Sort::Ref);
    let second = match plain_ref {
        Some(r) => s.next(r),
        None => s.first(o),
    };
    [plain_ref, is(second, Sort::Proxy)]
}

pub fn get_ref<'a, S: WeakList>(s: &'a S, o: Obj, sort: Sort, callback: Option<S::Owned<'a>>) -> Option<S::Owned<'a>> {
    if callback.is_some() {
        let made = s.make(sort, callback)?;
        insert(s, o, s.obj(&made));
        return Some(made);
    }
    let which = usize::from(sort == Sort::Proxy);
    if let Some(r) = fronts(s, o)[which] {
        return s.hold(r);
    }
    let made = s.make(sort, None)?;
    if let Some(r) = fronts(s, o)[which] {
        drop(made);
        return s.hold(r);
    }
    insert(s, o, s.obj(&made));
    Some(made)
}

pub fn insert<S: WeakList>(s: &S, o: Obj, r: Obj) {
    let [plain_ref, plain_proxy] = fronts(s, o);
    let before = match (s.sort(r), s.has_callback(r)) {
        (Sort::Ref, false) => None,
        (Sort::Proxy, false) => plain_ref,
        _ => plain_proxy.or(plain_ref),
    };
    let after = before.map_or_else(|| s.first(o), |before| s.next(before));
    if let Some(after) = after {
        s.set_prev(after, Some(r));
    }
    s.set_next(r, after);
    s.set_prev(r, before);
    match before {
        None => s.set_first(o, Some(r)),
        Some(before) => s.set_next(before, Some(r)),
    }
    s.set_target(r, Some(o));
}

pub fn unlink<S: WeakList>(s: &S, r: Obj) {
    let Some(o) = s.target(r) else { return };
    s.set_target(r, None);
    let (before, after) = (s.prev(r), s.next(r));
    s.set_prev(r, None);
    s.set_next(r, None);
    if let Some(after) = after {
        s.set_prev(after, before);
    }
    match before {
        None => s.set_first(o, after),
        Some(before) => s.set_next(before, after),
    }
}

pub fn clear_and_call<S: WeakList>(s: &S, o: Obj) {
    for plain in fronts(s, o).into_iter().flatten() {
        unlink(s, plain);
    }
    let (mut held, mut callbacks) = (vec![], vec![]);
    while let Some(r) = s.first(o) {
        unlink(s, r);
        let callback = s.take_callback(r);
        if let Some(r) = s.hold(r) {
            held.push(r);
            callbacks.push(callback);
        }
    }
    for at in 0..held.len() {
        if let Some(callback) = callbacks[at].take() {
            s.call(&callback, &held[at]);
        }
    }
}

kit::plug_weakref!();
