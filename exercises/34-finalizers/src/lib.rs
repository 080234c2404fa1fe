//! # Exercise `finalizers`: the last word, once                        about 45 minutes
//!
//! Chapter: "Finalizers" (`cargo xtask book finalizers`).
//! Write:   `finalize_garbage`, `handle_resurrected`, `delete_garbage`, in this file only.
//! Check:   `cargo xtask grade finalizers`                             Stuck: `cargo xtask hint finalizers`
//! Try your own scenario: write a `.ops` file and `cargo xtask show finalizers my.ops`
//!
//! ```text
//!   unreachable: a b c
//!      |  finalize_garbage      a, b and c hear of it, each once; all three are whole while they do
//!      |  handle_resurrected    somebody keeps b now: b leaves the list, and whatever can be reached from b
//!      v  delete_garbage        what is left drops what it holds, one after the other, and so dies
//! ```
//!
//! A finalizer is a program like any other. It may look at its neighbours in the cycle, so nothing is cleared before
//! all of them ran. It may store an object somewhere: then that object lives on, and its finalizer never runs again. It
//! may break the cycle itself: then objects die while you walk, and leave the list by themselves.
//!
//! - **I1** Each object of the list that has a finalizer and was not finalized is finalized, in the order of the list.
//! - **I2** It is marked *before* its finalizer runs: what happens in there must not begin it again.
//! - **I3** An object is held by a reference of yours while its finalizer or its `clear` runs, and may die when you let
//!   go. Do not touch it afterwards.
//! - **I4** No object is cleared before the last finalizer ran and the list was looked at again.
//! - **I5** The list may change in each call of `finalize`, `clear` and `decref`. So always ask for its *first* object,
//!   and take care that it moves on: put it aside, or keep it.
//! - **I6** An object that is still first after its `clear` holds on to life in another way: `g.keep(o)`. Mostly it
//!   dies a moment later, when another one is cleared.
//!
//! Source: `finalize_garbage`, `handle_resurrected_objects`, `delete_garbage` in `Modules/gcmodule.c` (3.9 and later);
//! PEP 442.

use kit::finalizers::*; // Garbage

/// Runs each finalizer of the list that has not run yet (I1, I2, I3). The list is in its order afterwards.
///
/// `g.first()` is all that there is to ask the list, for what comes next may be dead a moment later (I5).
/// `g.put_aside(o)` takes an object out that you have looked at, and `g.take_up_again()` makes a list of those at the end.
pub fn finalize_garbage<G: Garbage>(g: &G) {
    todo!("who wants a last word? {g:?}")
}

/// Somebody may have been brought back: leaves in the list what is still unreachable.
///
/// How is it found out whether an object can be reached? As the collection did it.
pub fn handle_resurrected<G: Garbage>(g: &G) {
    todo!("who can be reached again? {g:?}")
}

/// Clears what is in the list, from the first on (I3, I5, I6). Afterwards the list is empty.
pub fn delete_garbage<G: Garbage>(g: &G) {
    todo!("the first is cleared, and then? {g:?}")
}

kit::plug_finalizers!();
