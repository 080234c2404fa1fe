//! # Exercise `allocator`: malloc, free and realloc over all of it     about 45 minutes
//!
//! Chapter: "The allocator" (`cargo xtask book allocator`).
//! Write:   `malloc`, `free`, `realloc`, in this file only.
//! Check:   `cargo xtask grade allocator`                              Stuck: `cargo xtask hint allocator`
//! Try your own scenario: write a `.ops` file and `cargo xtask show allocator my.ops`
//!
//! Size classes, pools and arenas are there. What is missing is the one who asks them in the right order: `malloc`,
//! `free` and `realloc`, which every object of a Python program goes through.
//!
//! ```text
//! malloc(n)   class of n?  -- none --> the raw domain
//!                |
//!                v
//!             used list of the class:  [ pool p ] <-> [ pool q ] <-> ...      empty? a new pool becomes its first
//!                |
//!                v  the front pool
//!             a block. Was it the last one? Then the pool leaves the list.
//!
//! free(p)     ours?  -- no --> the raw domain
//!                |
//!                v
//!             the block goes back into its pool. Was the pool full? To the front of its list.
//!                                                Is it empty now? Back to its arena.
//! ```
//!
//! - **I1** The used list of a class holds exactly its pools that are neither full nor empty.
//! - **I2** A request is served by the front pool of its class. A new pool is asked for only when the list is empty.
//! - **I3** A pool that becomes full leaves the list at once; one that was full and gets a block back goes to the
//!   *front*, so the next request of this class gets exactly this block. Nothing else changes the order of a list.
//! - **I4** A pool that becomes empty leaves the list and goes back to its arena at once.
//! - **I5** A request of 0 bytes, or of more than 512, is the raw domain's. It stays there: a block never moves from
//!   the raw domain into a pool, however small it becomes. 0 bytes are asked for as 1, so that two blocks are two.
//! - **I6** `realloc` of a block of ours, with `size` the bytes of its class: if `bytes` is at most `size` and more
//!   than three quarters of it, the block stays where it is. Else the content moves, as much of it as fits, and the
//!   old block goes back.
//! - **I7** When there is no memory, nothing has changed: no block is lost, none is half moved.
//!
//! All you need is the service: `pools.first_used(class)`, `pools.alloc(pool)`... and `?` for the `None` of an empty
//! system. `println!` is yours.

use kit::allocator::*; // Pools, Addr, Block, Change, PoolAt, ClassIndex

/// A block of at least `bytes` bytes. `None`: the system has no more memory.
pub fn malloc<P: Pools>(pools: &P, bytes: u64) -> Option<Addr> {
    todo!("{bytes} bytes: {:?}", pools.class_of(bytes))
}

/// Takes back what `malloc` or `realloc` gave.
pub fn free<P: Pools>(pools: &P, at: Addr) {
    todo!("{at:?} comes back; its pool: {:?}", pools.pool_of(at))
}

/// The same content in a block of at least `bytes` bytes. `None`: no more memory, and the block at `at` is as it was.
///
/// ```text
/// a block of 512 bytes:  realloc to 385  stays    realloc to 384  moves    realloc to 513  moves, into the raw domain
/// ```
///
/// The bytes that a block was asked for are written down nowhere; the bytes of its class are all that is known.
pub fn realloc<P: Pools>(pools: &P, at: Addr, bytes: u64) -> Option<Addr> {
    todo!("{at:?} is to have {bytes} bytes; its pool: {:?}", pools.pool_of(at))
}

kit::plug_allocator!();
