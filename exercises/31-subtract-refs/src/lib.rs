//! # Exercise `subtract-refs`: what only the cycle itself keeps alive  about 30 minutes
//!
//! Chapter: "References from inside" (`cargo xtask book subtract-refs`).
//! Write:   `subtract_refs`, in this file only.
//! Check:   `cargo xtask grade subtract-refs`                          Stuck: `cargo xtask hint subtract-refs`
//! Try your own scenario: write a `.ops` file and `cargo xtask show subtract-refs my.ops`
//!
//! An object whose count is 2 has two references to it somewhere. Reference counting cannot tell whether they come
//! from a variable or from a ring of objects that nobody else can reach. The collector can: it looks at a list of
//! objects, `young`, and takes away every reference that comes from *inside* that list.
//!
//! ```text
//!            a variable                          an older object                      count    refs afterwards
//!                |                                      |                        a      2      1    the variable's
//!                v                                      v                        b      1      0
//!   young:   +-> a ---> b ---+       c ---> d           e                        c      1      0
//!            +---------------+       ^------+                                    d      1      0
//!                                                                                e      1      1    not explained
//! ```
//!
//! Before you are called the machine has copied each count: `g.refs(o)` is the number of all references to `o`.
//! Afterwards it is the number of those that come from outside. More than 0: certainly reachable. 0: perhaps not, and
//! to find out is the next part's work (`b` is reachable, through `a`).
//!
//! - **I1** For each object of `young`, one is taken away from each of its referents that is in `young`, too. An object
//!   that is referred to twice by the same object loses two.
//! - **I2** What this collection does not examine keeps its count: an older object may be referred to from `young`, and
//!   its `refs` are not yours.
//! - **I3** References *from* older objects are never looked at. So they count as references from outside: that an old
//!   object may itself be garbage is found out when its own generation is examined.
//! - **I4** No list is changed: `refs` are all that this part writes. One walk along `young` is enough, in any order of
//!   references, without a list of your own.
//!
//! How to speak to the graph: `g.first()` and `g.next(o)` walk along `young`, `g.referents(o)` is what `o` refers to
//! (write `for child in g.referents(o)`), `g.standing(child)` says whether the collection examines it
//! ([`Standing::Waiting`]) or not ([`Standing::Settled`]). `g.refs(o)` reads a count and `g.set_refs(o, 1)` writes it.
//! `println!("{}", g.name(o))` and `dbg!(g)` are yours.

use kit::graph::*; // Graph, Obj, Standing

/// Takes away from each object of `young` the references that come from `young` itself.
///
/// CPython does the same in `subtract_refs` with `visit_decref` for each reference, and asserts that no number falls
/// below 0: a count that is too small means that an extension module forgot to count.
pub fn subtract_refs<G: Graph>(g: &G) {
    todo!("take away what comes from inside: {g:?}")
}

kit::plug_subtract_refs!();
