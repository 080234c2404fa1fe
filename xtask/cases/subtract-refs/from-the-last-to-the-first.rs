//! # Subtracting from the last object to the first
//!
//! The order does not matter: a difference is a difference.

use kit::graph::*;

/// Collects the objects, then goes backwards.
pub fn subtract_refs<G: Graph>(g: &G) {
    let all: Vec<Obj> = std::iter::successors(g.first(), |o| g.next(*o)).collect();
    for o in all.iter().rev() {
        for child in g.referents(*o) {
            match g.standing(child) {
                Standing::Waiting => g.set_refs(child, g.refs(child) - 1),
                Standing::Settled | Standing::SetAside => println!("{} is not ours", g.name(child)),
            }
        }
    }
}

kit::plug_subtract_refs!();
