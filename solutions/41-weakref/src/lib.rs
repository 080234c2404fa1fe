//! # Weak references: looking at an object without keeping it
//!
//! Made by `cargo xtask generate` from `runtime/src/objects/weakref.rs`: edit it there.
//!
//! ```text
//!   r = weakref.ref(a)             r: alive, a          the count of a is what it was
//!   s = weakref.ref(a)             s is r               why make two that are the same?
//!   t = weakref.ref(a, callback)   t: alive, a          one of its own: it has something to do
//!   del a                          r and t are cleared, and then callback(t) is called
//! ```
//!
//! A cache wants to find an object as long as somebody else keeps it; a child wants to know its parent without keeping
//! it alive. A weak reference refers to its *target* and is not counted there. When the target dies each weak reference
//! to it is *cleared*: from then on it refers to nothing. A callback tells whoever wants to know.
//!
//! A callback is a program. It can look at every other weak reference to the same target. If one of them were not
//! cleared yet, the callback would get hold of an object that is being taken apart. So *all* are cleared, before the
//! *first* callback runs.
//!
//! - **I1** An object's list has each weak reference to it, once; its TARGET is the object. PREV leads back to where
//!   NEXT came from. A weak reference that is in no list has no TARGET, no NEXT and no PREV.
//! - **I2** First in the list is the *plain* ref (a [`Sort::Ref`] without callback), then the plain proxy, if they are
//!   there; of each there is at most one. All the others follow, the newest first.
//! - **I3** Whoever asks for a plain one gets the one that is there. It may have come while yours was being made.
//! - **I4** When an object dies all of its weak references are cleared, in the order of the list, before the first
//!   callback runs; callbacks run in the order of the list.
//! - **I5** A callback is called once, with its weak reference, and is taken from it before. The weak reference and the
//!   callback are held until the last callback has run: who is dropped in one callback still gets its own.
//! - **I6** A weak reference to which nobody refers any more is cleared like all others, but never called.
//!
//! How to speak to the objects: an [`Obj`] is a bare address, of an object or of a weak reference; it keeps nobody
//! alive. `s.first(o)` and `s.next(r)` walk along a list, `s.target(r)` is what `r` refers to, and each of the links has
//! a `set_`. A handle (`S::Owned`) is a reference that counts: `s.hold(r)` gives one, `s.obj(&handle)` says to what, and
//! dropping it is the decrement, which runs whatever that sets free. `println!("{}", s.name(r))` and `dbg!(s)` are yours.
//!
//! Source: `PyWeakref_NewRef`, `PyWeakref_NewProxy`, `clear_weakref`, `PyObject_ClearWeakRefs` in
//! `Objects/weakrefobject.c`.

use kit::graph::Obj;
use kit::weakref::*; // WeakList, Sort

/// A weak reference to `o`: the plain one that is there, if a plain one is asked for, or else a new one (I2, I3).
/// `None`: no memory; then `callback` is dropped, and the list is what it was.
///
/// `s.make(sort, callback)` may run a collection, and that may run anything: what you knew of the list before you do not
/// know afterwards.
// ANCHOR: get_ref
pub fn get_ref<'a, S: WeakList>(s: &'a S, o: Obj, sort: Sort, callback: Option<S::Owned<'a>>) -> Option<S::Owned<'a>> {
    let plain = callback.is_none();
    let known = || if plain { find_plain(s, o, sort) } else { None };
    if let Some(r) = known() {
        return s.hold(r);
    }
    let made = s.make(sort, callback)?;
    if let Some(r) = known() {
        return s.hold(r);
    }
    insert(s, o, s.obj(&made));
    Some(made)
}
// ANCHOR_END: get_ref

/// Puts `r`, which is in no list, into the list of `o`, where it belongs (I1, I2).
// ANCHOR: insert
pub fn insert<S: WeakList>(s: &S, o: Obj, r: Obj) {
    let plain = !s.has_callback(r) && s.sort(r) != Sort::Own;
    let plain_ref = find_plain(s, o, Sort::Ref);
    let before = match s.sort(r) {
        Sort::Ref if plain => None,
        Sort::Proxy if plain => plain_ref,
        _ => find_plain(s, o, Sort::Proxy).or(plain_ref),
    };
    let next = match before {
        Some(before) => s.next(before),
        None => s.first(o),
    };
    s.set_target(r, Some(o));
    s.set_prev(r, before);
    s.set_next(r, next);
    match before {
        Some(before) => s.set_next(before, Some(r)),
        None => s.set_first(o, Some(r)),
    }
    if let Some(next) = next {
        s.set_prev(next, Some(r));
    }
}
// ANCHOR_END: insert

/// The plain one of this sort, if there is one: it is the first of the list, or the second (I2).
fn find_plain<S: WeakList>(s: &S, o: Obj, sort: Sort) -> Option<Obj> {
    let first = s.first(o)?;
    let mut candidates = [Some(first), s.next(first)].into_iter().flatten();
    candidates.find(|r| s.sort(*r) == sort && sort != Sort::Own && !s.has_callback(*r))
}

/// Takes `r` out of its list; from now on it refers to nothing (I1). Its callback stays where it is. When `r` is in no
/// list, nothing happens.
// ANCHOR: unlink
pub fn unlink<S: WeakList>(s: &S, r: Obj) {
    let Some(o) = s.target(r) else { return };
    let (prev, next) = (s.prev(r), s.next(r));
    match prev {
        Some(prev) => s.set_next(prev, next),
        None => s.set_first(o, next),
    }
    if let Some(next) = next {
        s.set_prev(next, prev);
    }
    s.set_target(r, None);
    s.set_prev(r, None);
    s.set_next(r, None);
}
// ANCHOR_END: unlink

/// `o` dies: clears all weak references to it, and then calls their callbacks (I4, I5, I6).
///
/// `s.hold(r)` is `None` for one to which nobody refers any more (I6). You may use a `Vec`.
// ANCHOR: clear_and_call
pub fn clear_and_call<S: WeakList>(s: &S, o: Obj) {
    let mut waiting = vec![];
    while let Some(r) = s.first(o) {
        unlink(s, r);
        // Nothing is dropped in this loop, not even the callback of a dying one: dropping runs programs, too.
        waiting.push((s.take_callback(r), s.hold(r)));
    }
    for pair in &waiting {
        if let (Some(callback), Some(r)) = pair {
            s.call(callback, r);
        }
    }
    while let Some(pair) = waiting.pop() {
        drop(pair);
    }
}
// ANCHOR_END: clear_and_call

kit::plug_weakref!();
