//! Collects what an object holds before it lets go of it; the count is read once.

use kit::Memory;
use kit::graph::Obj;
use kit::refcount::*;

fn mortal<S: Counted>(s: &S, o: Obj) -> Option<u64> {
    let refs = s.mem().get(o, REFS);
    ((refs as u32 as i32) >= 0).then_some(refs)
}

fn incref<S: Counted>(s: &S, o: Obj) {
    if let Some(refs) = mortal(s, o) {
        s.mem().set(o, REFS, refs + 1);
    }
}

fn decref<S: Counted>(s: &S, o: Obj) {
    let Some(refs) = mortal(s, o) else { return };
    s.mem().set(o, REFS, refs - 1);
    if refs == 1 {
        dealloc(s, o);
    }
}

fn dealloc<S: Counted>(s: &S, o: Obj) {
    if s.farewell(o) {
        let held: Vec<Obj> = s.references(o).collect();
        held.into_iter().for_each(|child| decref(s, child));
        s.release(o);
    }
}

kit::plug_refcount!();
