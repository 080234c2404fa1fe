//! # The words and the socket of exercise `usable-arenas`
//!
//! The arenas with at least one free pool form a list through their descriptors, and a small table remembers where
//! the arenas with the same number of free pools end:
//!
//! ```text
//! offset   0       8             16            24            32
//!          | FIRST | last_with(0)| last_with(1)| last_with(2)| last_with(3)| ...
//! ```
//!
//! Source: `usable_arenas` and `nfp2lasta` in CPython's `Objects/obmalloc.c`.

use crate::arena::ArenaAt;
use crate::memory::{Addr, Field, Memory};
use std::fmt;

// ANCHOR: fields
/// The first arena of the list: the one with the fewest free pools. `None`: no arena has any.
pub const FIRST: Field<Option<ArenaAt>> = Field::at(0, "FIRST");
/// The last arena in the list that has `free` free pools; `None` when no arena has so many.
#[inline]
pub const fn last_with(free: u32) -> Field<Option<ArenaAt>> {
    Field::at(8 + 8 * free as u64, "last_with")
}
/// In a descriptor: the next arena in the list.
pub const NEXT_ARENA: Field<Option<ArenaAt>> = Field::at(32, "NEXT_ARENA");
/// In a descriptor: the arena before it.
pub const PREV_ARENA: Field<Option<ArenaAt>> = Field::at(40, "PREV_ARENA");
/// In a descriptor: how many free pools the arena has. To be read here, never written.
pub const FREE_COUNT: Field<u32> = crate::arena::FREE_COUNT;
/// In a descriptor: how many pools it has in all. To be read here, never written.
pub const TOTAL_COUNT: Field<u32> = crate::arena::TOTAL_COUNT;
// ANCHOR_END: fields

/// Bytes of `FIRST` and the table, for arenas of at most 64 pools.
pub const TABLE: u64 = 8 + 8 * 65;

/// The address of `FIRST` and the table behind it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UsableAt(pub Addr);

impl fmt::Debug for UsableAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the list at {:?}", self.0)
    }
}

impl From<UsableAt> for Addr {
    #[inline]
    fn from(usable: UsableAt) -> Addr {
        usable.0
    }
}

// ANCHOR: fate
/// What becomes of an arena that got a pool back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It stays in the list.
    Stays,
    /// It is out of the list: the caller gives its memory back to the system.
    GoesBack,
}
// ANCHOR_END: fate

// ANCHOR: socket
/// The socket: the list of arenas with free pools.
pub trait UsableArenas<M: Memory + ?Sized> {
    /// A new arena, with all of its pools free. The list is empty: else nobody would have asked for one.
    fn add(&self, mem: &M, list: UsableAt, arena: ArenaAt);
    /// The first arena has just handed out a pool; its `FREE_COUNT` is one smaller than before.
    fn taken(&self, mem: &M, list: UsableAt, arena: ArenaAt);
    /// `arena` has just got a pool back; its `FREE_COUNT` is one larger than before.
    fn given(&self, mem: &M, list: UsableAt, arena: ArenaAt) -> Fate;
}
// ANCHOR_END: socket

/// Makes the part out of the functions of a file.
#[macro_export]
macro_rules! plug_usable_arenas {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl<M: $crate::Memory> $crate::usable_arenas::UsableArenas<M> for Part {
            fn add(&self, mem: &M, list: $crate::usable_arenas::UsableAt, arena: $crate::arena::ArenaAt) {
                add(mem, list, arena)
            }
            #[inline]
            fn taken(&self, mem: &M, list: $crate::usable_arenas::UsableAt, arena: $crate::arena::ArenaAt) {
                taken(mem, list, arena)
            }
            #[inline]
            fn given(
                &self,
                mem: &M,
                list: $crate::usable_arenas::UsableAt,
                arena: $crate::arena::ArenaAt,
            ) -> $crate::usable_arenas::Fate {
                given(mem, list, arena)
            }
        }
    };
}
