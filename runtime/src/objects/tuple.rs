//! # Tuples: items in place
//!
//! ```text
//!   | NEXT | PREV |  o -> | REFS | TYPE | SIZE | item | item | ...
//! ```
//!
//! - **I1** `()` is one object.
//! - **I2** The memory of a dead tuple of 1 to 20 items may be kept for the next one of the same length. CPython 3.11
//!   keeps those of 20 and never takes them out again (gh-121439); so do we.
//! - **I3** Its length never changes, so nobody needs to know what it was.
//!
//! Source: `tuple_alloc`, `tupledealloc`, `_PyTuple_MaybeUntrack` in `Objects/tupleobject.c`.

use super::layout::{SIZE, TUPLE_ITEMS};
use super::machine::{Objects, World};
use super::state::Kept;
use super::types::Type;
use crate::gc::head::HEAD;
use kit::graph::Obj;
use kit::{Addr, Memory};

/// Tuples up to this length come back from a free list; those of one more are only put there (I2).
const TAKEN: u64 = 19;

impl<W: World> Objects<W> {
    /// A tuple of stolen references, tracked. `None`: no memory; they are dropped. Owned.
    pub fn new_tuple(&self, items: &[Obj]) -> Option<Obj> {
        if items.is_empty() {
            return Some(self.new_ref(self.state.empty_tuple()));
        }
        let Some(tuple) = self.tuple_memory(items.len() as u64) else {
            items.iter().for_each(|item| self.decref(*item));
            return None;
        };
        self.mem().set(tuple, SIZE, items.len() as u64);
        for (at, item) in (0..).zip(items) {
            self.mem().write(tuple_item(tuple, at), item.0.0);
        }
        self.track(tuple);
        Some(tuple)
    }

    pub(crate) fn tuple_memory(&self, items: u64) -> Option<Obj> {
        let kept = (items <= TAKEN).then(|| self.take_kept(Kept::Tuple(items), Type::Tuple)).flatten();
        kept.or_else(|| self.new_collected(Type::Tuple, TUPLE_ITEMS + 8 * items))
    }

    /// Items of `tuple`.
    #[inline]
    pub fn tuple_len(&self, tuple: Obj) -> u64 {
        self.mem().get(tuple, SIZE)
    }

    /// Item `at`. Borrowed.
    #[inline]
    pub fn tuple_get(&self, tuple: Obj, at: u64) -> Obj {
        debug_assert!(at < self.tuple_len(tuple), "no item {at}");
        Obj(Addr(self.mem().read(tuple_item(tuple, at))))
    }

    /// Puts an item, which is stolen, into a tuple that nobody else has seen yet.
    pub(crate) fn tuple_fill(&self, tuple: Obj, at: u64, item: Obj) {
        self.set_word(tuple_item(tuple, at), Some(item));
    }

    pub(crate) fn release_tuple(&self, tuple: Obj) {
        match self.tuple_len(tuple) {
            items @ 1..=20 => self.give_kept(Kept::Tuple(items), tuple, true),
            _ => self.free_collected(tuple, HEAD),
        }
    }

    /// Whether nothing in `tuple` could ever be part of a cycle: atoms, and untracked tuples.
    pub(crate) fn is_untrackable_tuple(&self, tuple: Obj) -> bool {
        (0..self.tuple_len(tuple)).all(|at| !self.may_be_tracked(self.tuple_get(tuple, at)))
    }

    /// Could `o` be part of a cycle, now or later? `_PyObject_GC_MAY_BE_TRACKED`.
    #[inline]
    pub(crate) fn may_be_tracked(&self, o: Obj) -> bool {
        self.is_collected(o) && (self.kind(o) != super::kind::Kind::Tuple || self.is_tracked(o))
    }
}

#[inline]
fn tuple_item(tuple: Obj, at: u64) -> Addr {
    tuple.0.plus(TUPLE_ITEMS + 8 * at)
}
