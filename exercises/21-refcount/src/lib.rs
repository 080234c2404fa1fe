//! # Exercise `refcount`: who keeps an object alive                    about 25 minutes
//!
//! Chapter: "Counting references" (`cargo xtask book refcount`).
//! Write:   `is_immortal`, `incref`, `decref`, `dealloc`, in this file only.
//! Check:   `cargo xtask grade refcount`                               Stuck: `cargo xtask hint refcount`
//! Try your own scenario: write a `.ops` file and `cargo xtask show refcount my.ops`
//!
//! ```text
//!        x = []          y = x          del x          del y
//!   REFS    1              2              1              0: the list dies, at this very moment
//! ```
//!
//! An object lives as long as somebody refers to it. So each object counts: one more for each new reference, one less
//! for each that is dropped, and at 0 it dies. No search, no pause, no second thread: the last one who lets go clears
//! up, in the middle of whatever they were doing.
//!
//! - **I1** REFS is the number of references to the object, whoever holds them.
//! - **I2** The object dies in the call of `decref` that takes the last one away, before that call returns.
//! - **I3** A dying object drops each reference that it holds, once, in the order that `s.references(o)` gives.
//! - **I4** Its memory goes back last: until then what it holds can still be read.
//! - **I5** Before anything is taken apart `s.farewell(o)` is asked. When it says `false`, nothing is.
//! - **I6** An immortal object's count is never changed: its bit 31 is set ([`IMMORTAL_BIT`]). CPython 3.12 and later
//!   have such objects: `None`, small integers. A write that is saved is a page that stays shared, and a lock that
//!   nobody needs.
//!
//! Source: `Py_INCREF`, `Py_DECREF`, `_Py_Dealloc` in `Include/object.h` and `Objects/object.c`; PEP 683.

use kit::graph::Obj;
use kit::refcount::*; // Counted, Memory, REFS, IMMORTAL_BIT

/// Whether the count of `o` is never changed (I6).
#[inline]
pub fn is_immortal<S: Counted>(s: &S, o: Obj) -> bool {
    todo!("is bit 31 of the count of {o:?} set? {s:?}")
}

/// Somebody has one more reference to `o` (I1).
#[inline]
pub fn incref<S: Counted>(s: &S, o: Obj) {
    todo!("one more for {o:?}: {s:?}")
}

/// Somebody dropped a reference to `o`. It was the last one: [`dealloc`] (I2).
#[inline]
pub fn decref<S: Counted>(s: &S, o: Obj) {
    todo!("one less for {o:?}: {s:?}")
}

/// `o` dies: asks who has a say (I5), drops what it holds (I3), gives its memory back (I4).
///
/// What it holds may die in turn, inside this call. How a long chain dies without a deep stack is not your concern
/// here: `farewell` lets an object wait when the calls are nested too deeply.
pub fn dealloc<S: Counted>(s: &S, o: Obj) {
    todo!("take {o:?} apart: {s:?}")
}

kit::plug_refcount!();
