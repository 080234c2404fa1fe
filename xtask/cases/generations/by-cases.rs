//! A right answer to `generations`: each generation asked in a line of its own.

use kit::generations::*;

fn above<S: Counters>(c: &S, generation: usize) -> bool {
    c.count(generation) > c.threshold(generation)
}

pub fn on_new<S: Counters>(c: &S) -> Option<usize> {
    c.set_count(0, c.count(0) + 1);
    let quiet = c.collecting() || !c.enabled() || c.threshold(0) == 0;
    match () {
        () if quiet || !above(c, 0) => None,
        () if above(c, 2) && c.pending() >= c.total() / 4 => Some(2),
        () if above(c, 1) => Some(1),
        () => Some(0),
    }
}

pub fn on_free<S: Counters>(c: &S) {
    c.set_count(0, c.count(0).saturating_sub(1));
}

pub fn on_collect<S: Counters>(c: &S, generation: usize) {
    c.set_count(0, 0);
    match generation {
        0 => c.set_count(1, c.count(1) + 1),
        1 => {
            c.set_count(2, c.count(2) + 1);
            c.set_count(1, 0);
        }
        _ => (1..=2).for_each(|older| c.set_count(older, 0)),
    }
}

pub fn on_survivors<S: Counters>(c: &S, generation: usize, survivors: u64) {
    if generation == 1 {
        c.set_pending(c.pending() + survivors);
    } else if generation == OLDEST {
        c.set_total(survivors);
        c.set_pending(0);
    }
}

kit::plug_generations!();
