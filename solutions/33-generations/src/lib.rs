//! # Generations: most objects die young
//!
//! Made by `cargo xtask generate` from `runtime/src/gc/generations.rs`: edit it there.
//!
//! ```text
//!   threshold       700                     10                        10, and an old generation that grew by a quarter
//!   new objects --> generation 0 --lives--> generation 1 --lives--> generation 2
//! ```
//!
//! Looking at all objects again and again would cost more than the program itself. But most objects that die at all die
//! soon. So the young are examined often, those who survived seldom, and the oldest hardly ever.
//!
//! - **I1** Each object that can be part of a cycle counts in `count(0)` when it is made, and is taken off when its
//!   memory goes back; below 0 it does not fall: objects older than the last collection die, too.
//! - **I2** A generation is due when its count is *above* its threshold: with 700, the 701st object.
//! - **I3** Only a new object asks, and only `count(0)` makes it ask further. Nothing starts while collections are
//!   disabled, while one runs, or with a `threshold(0)` of 0.
//! - **I4** Of the generations that are due the oldest is collected, and with it all younger ones. So it is one
//!   collection, not two.
//! - **I5** Generation 2 is left out as long as less than a quarter came to it since it was last collected:
//!   `pending < total / 4`. Else a program that builds a large structure would look at all of it again each time it
//!   has grown by a little, and take quadratic time.
//! - **I6** A collection of generation `g` counts for `g + 1`, and resets the counts of `g` and of all younger ones.
//! - **I7** Survivors of generation 1 are pending. Those of generation 2 are the total, and then nothing is pending.
//!
//! You hold no numbers: `c.count(1)` reads one and `c.set_count(1, 0)` writes it; `c.threshold(1)`, `c.total()`,
//! `c.pending()`, `c.enabled()` and `c.collecting()` tell the rest. `dbg!(c)` shows all of them.
//!
//! Source: `_PyObject_GC_Link`, `gc_collect_generations`, `gc_collect_main` in `Modules/gcmodule.c`.

use kit::generations::*; // Counters, OLDEST

/// An object was made: it counts, in any case (I1). Which generation is to be collected now, if any (I2, I3, I4, I5)?
///
/// Two questions, one after the other: is generation 0 due, and nothing in the way? And only then, which is the oldest?
// ANCHOR: on_new
#[inline]
pub fn on_new<S: Counters>(c: &S) -> Option<usize> {
    let count = c.count(0) + 1;
    c.set_count(0, count);
    if count <= c.threshold(0) || c.threshold(0) == 0 || !c.enabled() || c.collecting() {
        return None;
    }
    (0..=OLDEST).rev().find(|generation| is_due(c, *generation))
}
// ANCHOR_END: on_new

/// I2 and I5.
fn is_due<S: Counters>(c: &S, generation: usize) -> bool {
    let worth_it = generation < OLDEST || c.pending() >= c.total() / 4;
    c.count(generation) > c.threshold(generation) && worth_it
}

/// The memory of such an object went back (I1).
// ANCHOR: on_free
#[inline]
pub fn on_free<S: Counters>(c: &S) {
    let count = c.count(0);
    if count > 0 {
        c.set_count(0, count - 1);
    }
}
// ANCHOR_END: on_free

/// A collection of `generation` begins (I6).
// ANCHOR: on_collect
pub fn on_collect<S: Counters>(c: &S, generation: usize) {
    if generation < OLDEST {
        c.set_count(generation + 1, c.count(generation + 1) + 1);
    }
    for younger in 0..=generation {
        c.set_count(younger, 0);
    }
}
// ANCHOR_END: on_collect

/// It ends, and `survivors` objects of what it examined live on (I7). Of generation 0 nobody needs the number.
// ANCHOR: on_survivors
pub fn on_survivors<S: Counters>(c: &S, generation: usize, survivors: u64) {
    match generation {
        0 => {}
        1 => c.set_pending(c.pending() + survivors),
        _ => {
            c.set_pending(0);
            c.set_total(survivors);
        }
    }
}
// ANCHOR_END: on_survivors

kit::plug_generations!();
