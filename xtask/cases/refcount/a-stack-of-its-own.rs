//! No recursion: the objects that are dying stand on a stack, each with what it has not let go of yet.

use kit::Memory;
use kit::graph::Obj;
use kit::refcount::*;

fn incref<S: Counted>(s: &S, o: Obj) {
    let refs = s.mem().get(o, REFS);
    if refs & IMMORTAL_BIT == 0 {
        s.mem().set(o, REFS, refs + 1);
    }
}

/// One less; was it the last one?
fn was_last<S: Counted>(s: &S, o: Obj) -> bool {
    let refs = s.mem().get(o, REFS);
    if refs & IMMORTAL_BIT != 0 {
        return false;
    }
    s.mem().set(o, REFS, refs - 1);
    refs == 1
}

fn decref<S: Counted>(s: &S, o: Obj) {
    if was_last(s, o) {
        dealloc(s, o);
    }
}

fn dealloc<S: Counted>(s: &S, o: Obj) {
    if !s.farewell(o) {
        return;
    }
    let mut dying = vec![(o, s.references(o))];
    while let Some((o, left)) = dying.last_mut() {
        match left.next() {
            None => {
                let done = *o;
                dying.pop();
                s.release(done);
            }
            Some(child) => {
                if was_last(s, child) && s.farewell(child) {
                    dying.push((child, s.references(child)));
                }
            }
        }
    }
}

kit::plug_refcount!();
