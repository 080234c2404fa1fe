//! # The words and the socket of exercise `arena`
//!
//! An arena is a large stretch of memory that is cut into pools. Its *descriptor* lies elsewhere, in a table of the
//! heap, so that an arena without memory has one, too:
//!
//! ```text
//! offset   0      8          16            20            24           32           40           48
//!          | BASE | UNCARVED | FREE_COUNT  | TOTAL_COUNT | FREE_POOLS | next arena | prev arena | INDEX | spare |
//! ```
//!
//! Source: `struct arena_object` in CPython's `Objects/obmalloc.c`: `address`, `pool_address`, `nfreepools`,
//! `ntotalpools`, `freepools`, `nextarena`, `prevarena`. CPython works `INDEX` out from the descriptor's address.

use crate::memory::{Addr, Field, Memory, Stored};
use crate::pool::PoolAt;
use std::fmt;

// ANCHOR: fields
/// The first byte of the arena's memory; `None` when it has none.
pub const BASE: Field<Option<Addr>> = Field::at(0, "BASE");
/// The first pool that was never handed out; when all were, the address behind the last one.
pub const UNCARVED: Field<PoolAt> = Field::at(8, "UNCARVED");
/// How many pools can be had: those that came back and those that were never handed out.
pub const FREE_COUNT: Field<u32> = Field::at(16, "FREE_COUNT");
/// How many pools fit.
pub const TOTAL_COUNT: Field<u32> = Field::at(20, "TOTAL_COUNT");
/// The pool that came back last: the head of the stack of those that did.
pub const FREE_POOLS: Field<Option<PoolAt>> = Field::at(24, "FREE_POOLS");
/// The arena's number.
pub const INDEX: Field<u32> = Field::at(48, "INDEX");
/// In a *pool* that came back: the one that came back before it.
pub const NEXT_POOL: Field<Option<PoolAt>> = Field::at(16, "NEXT_POOL");
/// In a pool: the number of its arena.
pub const ARENA: Field<u32> = crate::pool::ARENA;
/// In a pool: bytes of its blocks, and 0 in one that never served any.
pub const BLOCK_SIZE: Field<u32> = crate::pool::BLOCK_SIZE;
// ANCHOR_END: fields

/// Bytes of a descriptor.
pub const DESCRIPTOR: u64 = 64;

/// The address of an arena's descriptor, not of its memory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArenaAt(pub Addr);

impl fmt::Debug for ArenaAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the arena described at {:?}", self.0)
    }
}

impl From<ArenaAt> for Addr {
    #[inline]
    fn from(arena: ArenaAt) -> Addr {
        arena.0
    }
}

impl Stored for Option<ArenaAt> {
    #[track_caller]
    #[inline]
    fn load<M: Memory + ?Sized>(mem: &M, at: Addr) -> Self {
        <Option<Addr>>::load(mem, at).map(ArenaAt)
    }
    #[track_caller]
    #[inline]
    fn store<M: Memory + ?Sized>(self, mem: &M, at: Addr) {
        self.map(|arena| arena.0).store(mem, at);
    }
}

// ANCHOR: change
/// What a `take` or a `give` did to the arena.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Supply {
    /// It had free pools and has some still.
    Same,
    /// Its last free pool went out: nobody asks it any more.
    NoneFree,
    /// It had none, and has one now: it can be asked again.
    OneFree,
    /// All of its pools are free: its memory may go back to the system.
    AllFree,
}
// ANCHOR_END: change

// ANCHOR: socket
/// The socket: one arena.
pub trait Arena<M: Memory + ?Sized> {
    /// Writes the descriptor of an arena whose memory begins at `base`.
    fn open(&self, mem: &M, arena: ArenaAt, base: Addr, arena_size: u32, pool_size: u32);
    /// Hands out a pool. The caller never asks an arena without free pools.
    fn take(&self, mem: &M, arena: ArenaAt, pool_size: u32) -> (PoolAt, Supply);
    /// Takes a pool back.
    fn give(&self, mem: &M, arena: ArenaAt, pool: PoolAt) -> Supply;
}
// ANCHOR_END: socket

/// Makes the part out of the functions of a file.
#[macro_export]
macro_rules! plug_arena {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl<M: $crate::Memory> $crate::arena::Arena<M> for Part {
            fn open(
                &self,
                mem: &M,
                arena: $crate::arena::ArenaAt,
                base: $crate::Addr,
                arena_size: u32,
                pool_size: u32,
            ) {
                open(mem, arena, base, arena_size, pool_size)
            }
            #[inline]
            fn take(
                &self,
                mem: &M,
                arena: $crate::arena::ArenaAt,
                pool_size: u32,
            ) -> ($crate::pool::PoolAt, $crate::arena::Supply) {
                take(mem, arena, pool_size)
            }
            #[inline]
            fn give(
                &self,
                mem: &M,
                arena: $crate::arena::ArenaAt,
                pool: $crate::pool::PoolAt,
            ) -> $crate::arena::Supply {
                give(mem, arena, pool)
            }
        }
    };
}
