//! A right answer to `finalizers`: who is cleared stands aside, and who is still there at the end is kept.

use kit::finalizers::*;

/// Has it a last word left?
fn has_a_last_word<G: Garbage>(g: &G, o: kit::graph::Obj) -> bool {
    g.has_finalizer(o) && !g.is_finalized(o)
}

pub fn finalize_garbage<G: Garbage>(g: &G) {
    while let Some(o) = g.first() {
        g.put_aside(o);
        if !has_a_last_word(g, o) {
            continue;
        }
        g.incref(o);
        g.set_finalized(o);
        g.finalize(o);
        g.decref(o);
    }
    g.take_up_again();
}

pub fn handle_resurrected<G: Garbage>(g: &G) {
    g.rescue();
}

pub fn delete_garbage<G: Garbage>(g: &G) {
    while let Some(o) = g.first() {
        g.put_aside(o);
        g.incref(o);
        g.clear(o);
        g.decref(o);
    }
    g.take_up_again();
    while let Some(o) = g.first() {
        g.keep(o);
    }
}

kit::plug_finalizers!();
