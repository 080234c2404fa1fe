//! # Exercise `pool`: one pool of equal blocks                         about 40 minutes
//!
//! Chapter: "A pool" (`cargo xtask book pool`).
//! Write:   `init`, `alloc`, `free`, in this file only.
//! Check:   `cargo xtask grade pool`                                   Stuck: `cargo xtask hint pool`
//! Try your own scenario: write a `.ops` file and `cargo xtask show pool my.ops`
//!
//! A pool serves blocks of one size. Nobody keeps books about it elsewhere: its header is in its own first 48 bytes,
//! and its free blocks form a list *through themselves*.
//!
//! ```text
//! offset   0                48         560        1072       1584       2096 ...            3632   4096
//!          | header         | block 0  | block 1  | block 2  | block 3  | blocks 4, 5, 6    | lost |
//!            IN_USE 2         in use     free       in use     free       nobody ever
//!            FREE_LIST -----------------------------------------^         touched these
//!            UNTOUCHED 2096               ^--------- NEXT_FREE -+
//!            LAST 3584                    NEXT_FREE: None
//! ```
//!
//! A pool is *empty* when no block is in use, *full* when all are, and *used* in between.
//!
//! - **I1** Each block is exactly one of: in use (`IN_USE` counts them), in the free list, untouched.
//! - **I2** The free list is last in, first out: a freed block becomes its head, `alloc` takes its head.
//! - **I3** The free list is empty only when the pool is full. So the `alloc` that empties the list moves *one* block
//!   from the untouched tail into it, if the tail has one.
//! - **I4** Nothing from `UNTOUCHED` on was ever read or written: the system need not even supply it.
//! - **I5** A block in use belongs to the program. The pool does not read or write a byte of it.
//!
//! How to speak to memory: `mem.get(pool, IN_USE)`, `mem.set(block, NEXT_FREE, Some(other))`; `pool.block_at(offset)`
//! makes a block. Each field knows its offset and its type. `println!` and `dbg!(mem)` are yours: what they print is
//! shown beside the result. In a picture, `#` is a block in use, `-` one in the free list, `.` one that nobody touched,
//! and `?` one that is none of these.

use kit::Memory;
use kit::pool::*; // Block, PoolAt, Change, HEADER; the fields IN_USE FREE_LIST BLOCK_SIZE UNTOUCHED LAST; NEXT_FREE

/// Writes the header of a pool that never served blocks of this size.
///
/// Afterwards the pool is empty, block 0 (at offset [`HEADER`]) is the only block in the free list, and every other
/// block is untouched: [`UNTOUCHED`] is the offset of block 1. A block that starts at [`LAST`] or before fits into the
/// pool, one that starts later does not: `pool_size - block_size`.
///
/// ```text
/// init(block_size 512, pool_size 4096)   IN_USE 0   FREE_LIST block 0   BLOCK_SIZE 512   UNTOUCHED 560   LAST 3584
/// ```
pub fn init<M: Memory>(mem: &M, pool: PoolAt, block_size: u32, pool_size: u32) {
    todo!("the header of {pool:?}: blocks of {block_size} in {pool_size} bytes, {mem:?}")
}

/// Takes the head of the free list and hands it out.
///
/// Gives the block, and [`Change::NowFull`] when it was the last one, else [`Change::Same`].
/// Keep I3: think about what the list holds *after* you took its head.
///
/// The caller never asks a full pool: the allocator takes it out of its list the moment it becomes full.
pub fn alloc<M: Memory>(mem: &M, pool: PoolAt) -> (Block, Change) {
    todo!("a block of {pool:?}, {mem:?}")
}

/// Takes `block` back: it becomes the head of the free list.
///
/// Gives [`Change::UsedAgain`] when the pool was full, [`Change::NowEmpty`] when no block is in use any more, else
/// [`Change::Same`]. (Both at once cannot be: the smallest pool has seven blocks.)
///
/// A question to answer before you write: how do you see *in the header* that the pool was full?
pub fn free<M: Memory>(mem: &M, pool: PoolAt, block: Block) -> Change {
    todo!("take {block:?} back into {pool:?}, {mem:?}")
}

kit::plug_pool!();
