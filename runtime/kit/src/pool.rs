//! # The words and the socket of exercise `pool`
//!
//! A pool's header, in its first 48 bytes:
//!
//! ```text
//! offset   0         8            16          24          32      36           40          44      48
//!          | IN_USE  | FREE_LIST  | next pool | prev pool | arena | BLOCK_SIZE | UNTOUCHED | LAST  | block 0 ...
//! ```
//!
//! Source: `struct pool_header` in CPython's `Objects/obmalloc.c`, field for field: `ref`, `freeblock`, `nextpool`,
//! `prevpool`, `arenaindex`, `szidx`, `nextoffset`, `maxnextoffset`. CPython keeps the class's index where we keep
//! the block's size: a pool need not know how classes are numbered.

use crate::memory::{Addr, Field, Memory, Stored};
use std::fmt;

/// Bytes of the header, and so the offset of block 0.
pub const HEADER: u32 = crate::size_classes::POOL_HEADER;

// ANCHOR: fields
/// How many of the pool's blocks are in use.
pub const IN_USE: Field<u64> = Field::at(0, "IN_USE");
/// The head of the free list.
pub const FREE_LIST: Field<Option<Block>> = Field::at(8, "FREE_LIST");
/// Bytes of each block.
pub const BLOCK_SIZE: Field<u32> = Field::at(36, "BLOCK_SIZE");
/// The offset of the first block that nobody ever touched.
pub const UNTOUCHED: Field<u32> = Field::at(40, "UNTOUCHED");
/// The largest offset at which a block still fits into the pool.
pub const LAST: Field<u32> = Field::at(44, "LAST");
/// In a *free* block: the free block after it.
pub const NEXT_FREE: Field<Option<Block>> = Field::at(0, "NEXT_FREE");
// ANCHOR_END: fields

/// In a pool of a class's used list: the next one.
pub const NEXT_USED: Field<PoolAt> = Field::at(16, "NEXT_USED");
/// In a pool of a class's used list: the one before it.
pub const PREV_USED: Field<PoolAt> = Field::at(24, "PREV_USED");
/// The number of the arena that the pool lies in.
pub const ARENA: Field<u32> = Field::at(32, "ARENA");

/// Where the fields of other parts begin (the neighbours in the used list, the arena) ...
pub const FOREIGN_FROM: u64 = 16;
/// ... and where they end.
pub const FOREIGN_UNTIL: u64 = 36;

/// The address of a pool: of its first byte, where the header lies.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PoolAt(pub Addr);

impl fmt::Debug for PoolAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the pool at {:?}", self.0)
    }
}

impl PoolAt {
    /// The block that starts `offset` bytes into this pool.
    #[must_use]
    #[inline]
    pub const fn block_at(self, offset: u32) -> Block {
        Block(self.0.plus(offset as u64))
    }
}

impl From<PoolAt> for Addr {
    #[inline]
    fn from(pool: PoolAt) -> Addr {
        pool.0
    }
}

/// The address of a block.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Block(pub Addr);

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the block at {:?}", self.0)
    }
}

impl From<Block> for Addr {
    #[inline]
    fn from(block: Block) -> Addr {
        block.0
    }
}

impl Stored for PoolAt {
    #[track_caller]
    #[inline]
    fn load<M: Memory + ?Sized>(mem: &M, at: Addr) -> Self {
        PoolAt(Addr::load(mem, at))
    }
    #[track_caller]
    #[inline]
    fn store<M: Memory + ?Sized>(self, mem: &M, at: Addr) {
        self.0.store(mem, at);
    }
}

impl Stored for Option<PoolAt> {
    #[track_caller]
    #[inline]
    fn load<M: Memory + ?Sized>(mem: &M, at: Addr) -> Self {
        <Option<Addr>>::load(mem, at).map(PoolAt)
    }
    #[track_caller]
    #[inline]
    fn store<M: Memory + ?Sized>(self, mem: &M, at: Addr) {
        self.map(|pool| pool.0).store(mem, at);
    }
}

impl Stored for Option<Block> {
    #[track_caller]
    #[inline]
    fn load<M: Memory + ?Sized>(mem: &M, at: Addr) -> Self {
        <Option<Addr>>::load(mem, at).map(Block)
    }
    #[track_caller]
    #[inline]
    fn store<M: Memory + ?Sized>(self, mem: &M, at: Addr) {
        self.map(|block| block.0).store(mem, at);
    }
}

// ANCHOR: change
/// What an `alloc` or a `free` did to the state of its pool.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// It was used and still is (or was empty and is used now: the allocator that took the pool knows that).
    Same,
    /// used -> full: the last block went out.
    NowFull,
    /// full -> used: the first block came back.
    UsedAgain,
    /// used -> empty: the last block came back.
    NowEmpty,
}
// ANCHOR_END: change

// ANCHOR: socket
/// The socket: one pool of equal blocks.
pub trait Pool<M: Memory + ?Sized> {
    /// Writes the header of a pool that never served blocks of this size.
    fn init(&self, mem: &M, pool: PoolAt, block_size: u32, pool_size: u32);
    /// Hands out a block. The caller never asks a full pool.
    fn alloc(&self, mem: &M, pool: PoolAt) -> (Block, Change);
    /// Takes a block back.
    fn free(&self, mem: &M, pool: PoolAt, block: Block) -> Change;
}
// ANCHOR_END: socket

/// Makes the part out of the functions of a file.
#[macro_export]
macro_rules! plug_pool {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl<M: $crate::Memory> $crate::pool::Pool<M> for Part {
            #[inline]
            fn init(&self, mem: &M, pool: $crate::pool::PoolAt, block_size: u32, pool_size: u32) {
                init(mem, pool, block_size, pool_size)
            }
            #[inline]
            fn alloc(&self, mem: &M, pool: $crate::pool::PoolAt) -> ($crate::pool::Block, $crate::pool::Change) {
                alloc(mem, pool)
            }
            #[inline]
            fn free(&self, mem: &M, pool: $crate::pool::PoolAt, block: $crate::pool::Block) -> $crate::pool::Change {
                free(mem, pool, block)
            }
        }
    };
}
