//! A right answer to `generations`: in the order of `gcmodule.c`, with a loop that leaves early.

use kit::generations::*;

pub fn on_new<S: Counters>(c: &S) -> Option<usize> {
    let count = c.count(0) + 1;
    c.set_count(0, count);
    let asks = count > c.threshold(0) && c.enabled() && c.threshold(0) != 0 && !c.collecting();
    if !asks {
        return None;
    }
    let mut generation = OLDEST as i32;
    while generation >= 0 {
        let here = generation as usize;
        generation -= 1;
        if c.count(here) > c.threshold(here) {
            if here == OLDEST && c.pending() < c.total() / 4 {
                continue;
            }
            return Some(here);
        }
    }
    None
}

pub fn on_free<S: Counters>(c: &S) {
    match c.count(0) {
        0 => {}
        count => c.set_count(0, count - 1),
    }
}

pub fn on_collect<S: Counters>(c: &S, generation: usize) {
    let mut here = generation;
    if generation + 1 <= OLDEST {
        c.set_count(generation + 1, c.count(generation + 1) + 1);
    }
    loop {
        c.set_count(here, 0);
        match here.checked_sub(1) {
            Some(younger) => here = younger,
            None => return,
        }
    }
}

pub fn on_survivors<S: Counters>(c: &S, generation: usize, survivors: u64) {
    let (pending, total) = match generation {
        0 => return,
        1 => (c.pending() + survivors, c.total()),
        _ => (0, survivors),
    };
    c.set_pending(pending);
    c.set_total(total);
}

kit::plug_generations!();
