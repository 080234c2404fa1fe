//! # Exercise `move-unreachable`: rescue what can be reached           about 50 minutes
//!
//! Chapter: "Who can still be reached?" (`cargo xtask book move-unreachable`).
//! Write:   `move_unreachable`, `visit`, in this file only.
//! Check:   `cargo xtask grade move-unreachable`                       Stuck: `cargo xtask hint move-unreachable`
//! Try your own scenario: write a `.ops` file and `cargo xtask show move-unreachable my.ops`
//!
//! `subtract_refs` has left in each object of `young` the number `refs(o)`: references that come from *outside* the
//! collection. More than 0: certainly reachable. But 0 does not mean garbage: something reachable that we have not
//! looked at yet may refer to it.
//!
//! So you walk along `young` once, and the list grows while you walk:
//!
//! ```text
//!              refs > 0: visit what it refers to, and keep it
//!   Waiting --------------------------------------------------> Settled    stays in `young`
//!     |  ^
//!     |  |  bring_back: something kept refers to it; it waits again, now with refs 1
//!     v  |
//!   SetAside      refs = 0, for now. What is still here at the end is garbage: the list `unreachable`.
//! ```
//!
//! What this collection does not examine (older objects) is `Settled` from the start: never touch it.
//!
//! - **I1** Everything before the place where you stand is settled; everything from there on is waiting.
//! - **I2** An object that was set aside was referred to by no object that was visited *so far*.
//! - **I3** An object is set aside at most once and brought back at most once. That is why the walk ends.
//! - **I4** No recursion and no collection of your own (`Vec`, `HashSet`...): the list *is* the work list. A chain of
//!   twenty thousand objects is in the scenarios, on a stack of 256 KiB.
//! - **I5** Order counts: finalizers will run in the order of `unreachable`, and `young` becomes the next generation.
//!
//! Before you write: `a, b, c` were made in this order; c refers to b, b to a; only c is referred to from outside.
//! In what order does `young` stand at the end? (Scenario 03 knows.)

use kit::graph::*; // Graph, Obj, Standing

/// Leaves in `young` what can be reached, and in `unreachable` what cannot.
///
/// You need `g.first()`, `g.next(o)`, `g.refs(o)`, `g.keep(o)`, `g.set_aside(o)` and `for child in g.referents(o)`.
/// Take care *when* you ask `next`: the last object of the list may get a successor while you visit it.
pub fn move_unreachable<G: Graph>(g: &G) {
    todo!("walk along young: {g:?}")
}

/// A reachable object refers to `child`: what follows for `child`?
///
/// Two of the three standings ask for something. For `Waiting`, look at its `refs`: must the walk, when it comes
/// there, take it for reachable? `g.set_refs(child, 1)` writes them.
pub fn visit<G: Graph>(g: &G, child: Obj) {
    match g.standing(child) {
        Standing::Settled => todo!("what follows for {}?", g.name(child)),
        Standing::Waiting => todo!("what follows for {}?", g.name(child)),
        Standing::SetAside => todo!("what follows for {}?", g.name(child)),
    }
}

kit::plug_move_unreachable!();
