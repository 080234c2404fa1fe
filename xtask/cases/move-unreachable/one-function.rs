//! # The walk in one function
//!
//! No `visit` of its own, other words for the same cases, and a number that is set whether it must or not.

use kit::graph::*;

/// A loop over an iterator of its own.
pub fn move_unreachable<G: Graph>(g: &G) {
    let mut next = g.first();
    loop {
        let Some(here) = next else { break };
        if g.refs(here) == 0 {
            next = g.set_aside(here);
            continue;
        }
        for child in g.referents(here) {
            if g.standing(child) == Standing::SetAside {
                println!("rescued: {}", g.name(child));
                g.bring_back(child);
            }
            if g.standing(child) == Standing::Waiting {
                g.set_refs(child, g.refs(child).max(1));
            }
        }
        g.keep(here);
        next = g.next(here);
    }
}

kit::plug_move_unreachable!();
