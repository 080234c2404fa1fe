//! # Adding up first
//!
//! Counts how often each object is referred to from inside, and takes it away at once.

use kit::graph::*;
use std::collections::HashMap;

/// Two walks: one counts, one writes.
pub fn subtract_refs<G: Graph>(g: &G) {
    let mut inside: HashMap<Obj, u64> = HashMap::new();
    let mut here = g.first();
    while let Some(o) = here {
        g.referents(o).for_each(|child| *inside.entry(child).or_default() += 1);
        here = g.next(o);
    }
    let mut here = g.first();
    while let Some(o) = here {
        if let Some(count) = inside.get(&o) {
            g.set_refs(o, g.refs(o) - count);
        }
        here = g.next(o);
    }
}

kit::plug_subtract_refs!();
