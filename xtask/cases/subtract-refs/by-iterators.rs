//! The same two loops, told by iterators; the objects are looked at in the order of their references.

use kit::graph::{Graph, Standing};

pub fn subtract_refs<G: Graph>(g: &G) {
    std::iter::successors(g.first(), |o| g.next(*o))
        .flat_map(|o| g.referents(o))
        .filter(|child| g.standing(*child) != Standing::Settled)
        .for_each(|child| g.set_refs(child, g.refs(child).checked_sub(1).expect("a count covers all references")));
}

kit::plug_subtract_refs!();
