//! # The words and the socket of exercise `allocator`
//!
//! Everything below is there: size classes, pools, arenas, a list of used pools for each class, and the raw domain for
//! what no pool serves. An allocator reaches all of it through the service [`Pools`] and never touches a word itself.
//!
//! ```text
//!   malloc, free, realloc                         the part
//!      |
//!   Pools: class_of  first_used  new_pool ...     the service
//!      |
//!   size classes   pools   arenas   address map   raw domain
//! ```
//!
//! Source: `pymalloc_alloc`, `pymalloc_free`, `pymalloc_realloc` in CPython's `Objects/obmalloc.c`.

pub use crate::memory::Addr;
pub use crate::pool::{Block, Change, PoolAt};
pub use crate::size_classes::ClassIndex;

// ANCHOR: service
/// The service: what lies below an allocator.
pub trait Pools {
    /// The class that serves a request of `bytes` bytes; `None` when no pool does: for 0, and for more than 512.
    fn class_of(&self, bytes: u64) -> Option<ClassIndex>;
    /// Bytes of each block of `class`.
    fn block_size(&self, class: ClassIndex) -> u64;

    /// The first pool in the used list of `class`; `None` when the list is empty.
    fn first_used(&self, class: ClassIndex) -> Option<PoolAt>;
    /// Puts `pool`, which is in no list, at the front of the used list of `class`.
    #[track_caller]
    fn put_first(&self, class: ClassIndex, pool: PoolAt);
    /// Takes `pool` out of the used list that it is in.
    #[track_caller]
    fn take_out(&self, pool: PoolAt);

    /// An empty pool, ready for blocks of `class`, in no list. It comes from the fullest arena, or from a new one.
    /// `None`: the system has no more memory.
    fn new_pool(&self, class: ClassIndex) -> Option<PoolAt>;
    /// Gives an empty pool, which is in no list, back to its arena. From now on any class may get it.
    #[track_caller]
    fn give_back(&self, pool: PoolAt);

    /// Hands out a block of `pool`, which is not full, and says what that did to the pool.
    #[track_caller]
    fn alloc(&self, pool: PoolAt) -> (Block, Change);
    /// Takes a block of `pool` back, and says what that did to the pool.
    #[track_caller]
    fn free(&self, pool: PoolAt, block: Block) -> Change;

    /// The pool that `address` lies in; `None` when it lies in no arena of ours.
    fn pool_of(&self, address: Addr) -> Option<PoolAt>;
    /// The class that `pool` serves.
    #[track_caller]
    fn class_in(&self, pool: PoolAt) -> ClassIndex;

    /// A block of at least one byte from the raw domain. `None`: the system has no more memory.
    #[track_caller]
    fn raw_malloc(&self, bytes: u64) -> Option<Addr>;
    /// Makes a block of the raw domain larger or smaller, and moves it if need be. `None`: no more memory, and the
    /// block is what it was.
    #[track_caller]
    fn raw_realloc(&self, at: Addr, bytes: u64) -> Option<Addr>;
    /// Gives a block back to the raw domain.
    #[track_caller]
    fn raw_free(&self, at: Addr);

    /// Copies `bytes` bytes from one block into another.
    #[track_caller]
    fn copy(&self, from: Addr, to: Addr, bytes: u64);
}
// ANCHOR_END: service

// ANCHOR: socket
/// The socket: requests of any size.
pub trait Allocator<P: Pools + ?Sized> {
    /// A block of at least `bytes` bytes. `None`: the system has no more memory.
    fn malloc(&self, pools: &P, bytes: u64) -> Option<Addr>;
    /// Takes back what `malloc` or `realloc` gave.
    fn free(&self, pools: &P, at: Addr);
    /// The same content in a block of at least `bytes` bytes. `None`: no more memory, and the block at `at` is as it was.
    fn realloc(&self, pools: &P, at: Addr, bytes: u64) -> Option<Addr>;
}
// ANCHOR_END: socket

/// Makes the part out of the functions of a file.
#[macro_export]
macro_rules! plug_allocator {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl<P: $crate::allocator::Pools> $crate::allocator::Allocator<P> for Part {
            #[inline]
            fn malloc(&self, pools: &P, bytes: u64) -> Option<$crate::Addr> {
                malloc(pools, bytes)
            }
            #[inline]
            fn free(&self, pools: &P, at: $crate::Addr) {
                free(pools, at)
            }
            #[inline]
            fn realloc(&self, pools: &P, at: $crate::Addr, bytes: u64) -> Option<$crate::Addr> {
                realloc(pools, at, bytes)
            }
        }
    };
}
