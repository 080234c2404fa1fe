//! A right answer to `finalizers`: an object is held as long as anybody speaks of it, and put aside last.

use kit::finalizers::*;

pub fn finalize_garbage<G: Garbage>(g: &G) {
    loop {
        let Some(o) = g.first() else { break };
        g.incref(o);
        let wants = g.has_finalizer(o) && !g.is_finalized(o);
        if wants {
            g.set_finalized(o);
            g.finalize(o);
        }
        g.put_aside(o);
        g.decref(o);
    }
    g.take_up_again();
}

pub fn handle_resurrected<G: Garbage>(g: &G) {
    if g.first().is_some() {
        g.rescue();
    }
}

pub fn delete_garbage<G: Garbage>(g: &G) {
    while let Some(o) = g.first() {
        g.incref(o);
        g.clear(o);
        g.decref(o);
        match g.first() {
            Some(again) if again == o => g.keep(o),
            _ => {}
        }
    }
}

kit::plug_finalizers!();
