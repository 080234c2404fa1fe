//! References to the same object that follow each other are taken away at once.

use kit::graph::*;

pub fn subtract_refs<G: Graph>(g: &G) {
    let mut here = g.first();
    while let Some(o) = here {
        here = g.next(o);
        let mut run: Option<(Obj, u64)> = None;
        for child in g.referents(o) {
            run = match run {
                Some((same, times)) if same == child => Some((same, times + 1)),
                before => {
                    take_away(g, before);
                    Some((child, 1))
                }
            };
        }
        take_away(g, run);
    }
}

fn take_away<G: Graph>(g: &G, run: Option<(Obj, u64)>) {
    if let Some((child, times)) = run
        && g.standing(child) == Standing::Waiting
    {
        g.set_refs(child, g.refs(child) - times);
    }
}

kit::plug_subtract_refs!();
