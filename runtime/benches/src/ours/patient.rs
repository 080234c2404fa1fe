//! # A patient allocator: a pool that was full waits its turn
//!
//! The reference, and CPython, put a pool that was full and gets a block back at the *front* of its list. The next
//! request of the class takes that very block, the pool is full again, and leaves the list. As long as blocks come back
//! in the order of a stack that is rare. In any other order it is the rule: nearly every free links a pool and
//! nearly every request unlinks one, each time another. Here such a pool goes to the *end* of the list:
//!
//! ```text
//!                free a1    malloc     free b7    malloc
//!   front first  a in       a out      b in       b out       two links and two unlinks for two blocks
//!   patient      a in                  b in                   the front pool serves; a and b collect free blocks
//! ```
//!
//! What it costs: the block that came back last, still warm in the processor's cache, is not the next one to be used.
//! The race tells when that is the dearer of the two.
//!
//! - **I1** As the reference's I1 and I2: the list holds the pools that are neither full nor empty, the front one
//!   serves.
//! - **I2** The front pool stays the front one until it is full or empty.

use kit::allocator::{Addr, Allocator, Block, Change, Pools};
use runtime::config::Config;
use runtime::heap::allocator as reference;
use runtime::heap::machine::Heap;

/// The part.
#[derive(Clone, Copy, Debug, Default)]
pub struct Part;

/// Of a heap, not of any service: no exercise puts a pool last, so the service has no function for it.
impl<C: Config> Allocator<Heap<C>> for Part {
    #[inline]
    fn malloc(&self, heap: &Heap<C>, bytes: u64) -> Option<Addr> {
        reference::malloc(heap, bytes)
    }

    #[inline]
    fn free(&self, heap: &Heap<C>, at: Addr) {
        let Some(pool) = heap.pool_of(at) else {
            return heap.raw_free(at);
        };
        match heap.free(pool, Block(at)) {
            Change::UsedAgain => heap.put_last(heap.class_in(pool), pool),
            Change::NowEmpty => {
                heap.take_out(pool);
                heap.give_back(pool);
            }
            _ => {}
        }
    }

    fn realloc(&self, heap: &Heap<C>, at: Addr, bytes: u64) -> Option<Addr> {
        let Some(pool) = heap.pool_of(at) else {
            return heap.raw_realloc(at, bytes.max(1));
        };
        let size = heap.block_size(heap.class_in(pool));
        if bytes <= size && 4 * bytes > 3 * size {
            return Some(at);
        }
        let to = self.malloc(heap, bytes)?;
        Pools::copy(heap, at, to, bytes.min(size));
        self.free(heap, at);
        Some(to)
    }
}
