//! # The head: two words in front of each object
//!
//! ```text
//!            NEXT                      PREV                              | the object: count, ...
//!   outside a collection
//!            link to the next          link to the one before, 0 | F
//!   while it is examined
//!            link to the next, U       refs << 2, C | F
//! ```
//!
//! - **F** (bit 0 of PREV) its finalizer ran. Kept through everything.
//! - **C** (bit 1 of PREV) *collecting*: this collection examines it, and its PREV is no link but a number.
//! - **U** (bit 0 of NEXT) it is in `unreachable`, for now.
//!
//! - **I1** Links lead to heads, references lead to objects; an object lies 16 bytes behind its head.
//! - **I2** A head's address is a multiple of 8, so a link's lowest bits are free for C, F and U.
//! - **I3** NEXT is 0 exactly when the object is in no list.
//! - **I4** While an object is in `young` and examined, its list is singly linked: the room of the link back is needed
//!   for `refs`. In `unreachable` it has both links again, and no `refs`.
//!
//! Source: `Include/internal/pycore_gc.h`, `PyGC_Head`, `_PyGC_PREV_MASK_COLLECTING`, `NEXT_MASK_UNREACHABLE`.

use kit::graph::Obj;
use kit::{Addr, Field, Memory};

/// Bytes of a head.
pub const HEAD: u64 = 16;

const NEXT: Field<u64> = Field::at(0, "NEXT");
const PREV: Field<u64> = Field::at(8, "PREV");

const UNREACHABLE: u64 = 1;
const FINALIZED: u64 = 1;
const COLLECTING: u64 = 2;
const TAGS: u64 = 3;
const REFS_SHIFT: u32 = 2;

/// The address of a head: an object's, or a list's own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head(pub Addr);

impl From<Head> for Addr {
    #[inline]
    fn from(head: Head) -> Addr {
        head.0
    }
}

impl Head {
    /// The head of `object` (I1).
    #[inline]
    pub fn of(object: Obj) -> Head {
        Head(Addr(object.0.0.wrapping_sub(HEAD)))
    }

    /// The object behind this head.
    #[inline]
    pub fn object(self) -> Obj {
        Obj(self.0.plus(HEAD))
    }

    /// In no list, not examined, never finalized.
    pub fn clear<M: Memory>(self, mem: &M) {
        mem.set(self, NEXT, 0);
        mem.set(self, PREV, 0);
    }

    /// The link to the next head, its tag left out.
    #[inline]
    pub fn next<M: Memory>(self, mem: &M) -> Head {
        Head(Addr(mem.get(self, NEXT) & !UNREACHABLE))
    }

    /// The link to the head before. Not while it is examined and in `young` (I4).
    #[inline]
    pub fn prev<M: Memory>(self, mem: &M) -> Head {
        Head(Addr(mem.get(self, PREV) & !TAGS))
    }

    /// Links to `next`, without U.
    #[inline]
    pub fn set_next<M: Memory>(self, mem: &M, next: Head) {
        mem.set(self, NEXT, next.0.0);
    }

    /// Links to `next` and sets U: this head, or its list, is `unreachable`.
    #[inline]
    pub fn set_next_unreachable<M: Memory>(self, mem: &M, next: Head) {
        mem.set(self, NEXT, next.0.0 | UNREACHABLE);
    }

    /// Links back to `prev`; C and F stay.
    #[inline]
    pub fn set_prev<M: Memory>(self, mem: &M, prev: Head) {
        mem.set(self, PREV, prev.0.0 | mem.get(self, PREV) & TAGS);
    }

    /// Links to `next`; U stays as it is.
    #[inline]
    pub fn relink<M: Memory>(self, mem: &M, next: Head) {
        mem.set(self, NEXT, next.0.0 | mem.get(self, NEXT) & UNREACHABLE);
    }

    /// In no list any more; F stays.
    #[inline]
    pub fn leave<M: Memory>(self, mem: &M) {
        mem.set(self, NEXT, 0);
        mem.set(self, PREV, mem.get(self, PREV) & FINALIZED);
    }

    /// F: its finalizer ran.
    #[inline]
    pub fn is_finalized<M: Memory>(self, mem: &M) -> bool {
        mem.get(self, PREV) & FINALIZED != 0
    }

    /// Sets F.
    pub fn set_finalized<M: Memory>(self, mem: &M) {
        mem.set(self, PREV, mem.get(self, PREV) | FINALIZED);
    }

    /// Links back to `prev` and clears C: nothing is left to decide.
    #[inline]
    pub fn settle<M: Memory>(self, mem: &M, prev: Head) {
        mem.set(self, PREV, prev.0.0 | mem.get(self, PREV) & FINALIZED);
    }

    /// Sets C while PREV stays a link: who wants to know for a while whether it is garbage.
    #[inline]
    pub fn mark<M: Memory>(self, mem: &M) {
        mem.set(self, PREV, mem.get(self, PREV) | COLLECTING);
    }

    /// Clears C; PREV is a link.
    #[inline]
    pub fn unmark<M: Memory>(self, mem: &M) {
        mem.set(self, PREV, mem.get(self, PREV) & !COLLECTING);
    }

    /// Is it in a list (I3)?
    #[inline]
    pub fn is_tracked<M: Memory>(self, mem: &M) -> bool {
        mem.get(self, NEXT) != 0
    }

    /// C: does this collection examine it?
    #[inline]
    pub fn is_collecting<M: Memory>(self, mem: &M) -> bool {
        mem.get(self, PREV) & COLLECTING != 0
    }

    /// U: is it in `unreachable`?
    #[inline]
    pub fn is_set_aside<M: Memory>(self, mem: &M) -> bool {
        mem.get(self, NEXT) & UNREACHABLE != 0
    }

    /// The number that stands where the link back was. Only while it is examined and in `young` (I4).
    #[inline]
    pub fn refs<M: Memory>(self, mem: &M) -> u64 {
        mem.get(self, PREV) >> REFS_SHIFT
    }

    /// Writes `refs`; C and F stay.
    #[inline]
    pub fn set_refs<M: Memory>(self, mem: &M, refs: u64) {
        mem.set(self, PREV, refs << REFS_SHIFT | mem.get(self, PREV) & TAGS);
    }

    /// Writes `refs` and sets C: the collection begins for this object. F stays.
    #[inline]
    pub fn examine<M: Memory>(self, mem: &M, refs: u64) {
        mem.set(self, PREV, refs << REFS_SHIFT | mem.get(self, PREV) & FINALIZED | COLLECTING);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::checked::CheckedMemory;

    #[test]
    fn tags_links_and_refs_do_not_disturb_each_other() {
        let mem = CheckedMemory::default();
        let at = mem.map(48, 8).unwrap();
        let (head, other) = (Head(at), Head(at.plus(32)));
        head.clear(&mem);
        assert!(!head.is_tracked(&mem) && !head.is_collecting(&mem));
        head.set_next(&mem, other);
        head.examine(&mem, 5);
        assert_eq!((head.refs(&mem), head.is_collecting(&mem), head.next(&mem)), (5, true, other));
        head.set_refs(&mem, 7);
        head.set_next_unreachable(&mem, other);
        assert_eq!((head.refs(&mem), head.is_set_aside(&mem), head.next(&mem)), (7, true, other));
        head.set_prev(&mem, other);
        assert_eq!((head.prev(&mem), head.is_collecting(&mem)), (other, true));
        head.settle(&mem, other);
        assert_eq!((head.prev(&mem), head.is_collecting(&mem)), (other, false));
        assert_eq!(Head::of(head.object()), head);
    }
}
