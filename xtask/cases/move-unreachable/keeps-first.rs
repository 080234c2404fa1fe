//! Keeps an object before it visits what the object refers to; counts each reference instead of writing 1.

use kit::graph::*;

pub fn move_unreachable<G: Graph>(g: &G) {
    let mut here = g.first();
    while let Some(o) = here {
        here = if g.refs(o) == 0 {
            g.set_aside(o)
        } else {
            g.keep(o);
            g.referents(o).for_each(|child| visit(g, child));
            g.next(o)
        };
    }
}

pub fn visit<G: Graph>(g: &G, child: Obj) {
    let standing = g.standing(child);
    if standing == Standing::SetAside {
        g.bring_back(child);
    }
    if standing != Standing::Settled {
        g.set_refs(child, g.refs(child) + 1);
    }
}

kit::plug_move_unreachable!();
