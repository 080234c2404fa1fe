//! Remembers the last object that was kept, and asks what follows that one.

use kit::graph::{Graph, Obj, Standing};

pub fn move_unreachable<G: Graph>(g: &G) {
    let mut kept: Option<Obj> = None;
    loop {
        let here = match kept {
            None => g.first(),
            Some(kept) => g.next(kept),
        };
        let Some(o) = here else { return };
        if g.refs(o) == 0 {
            g.set_aside(o);
            continue;
        }
        for child in g.referents(o) {
            match g.standing(child) {
                Standing::SetAside => {
                    g.bring_back(child);
                    g.set_refs(child, 7);
                }
                Standing::Waiting => g.set_refs(child, g.refs(child).max(1)),
                Standing::Settled => {}
            }
        }
        g.keep(o);
        kept = Some(o);
    }
}

kit::plug_move_unreachable!();
