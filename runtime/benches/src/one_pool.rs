//! # One pool, and the machine around it
//!
//! What the silent observer, the rights and the books of the machine cost beside the bare part: nothing, which
//! `tests/silent.rs` shows by counting instructions.

use kit::memory::Memory;
use kit::pool::{Block, Pool, PoolAt};
use kit::raw::RawMemory;
use runtime::config::{Config, Fast};
use runtime::heap::pool::Part;
use runtime::heap::single::SinglePool;
use std::hint::black_box;

/// The geometry of the benches.
pub type Geometry = kit::geometry::Modern;

/// The machine around one pool, as programs use it.
pub type FastPool = SinglePool<Fast<Geometry>>;

/// Bytes of each block.
pub const BLOCK: u32 = 64;

/// A pool with `warm` blocks in its free list, in the machine.
pub fn in_machine(warm: usize) -> FastPool {
    let pool = FastPool::new(raw(), kit::observe::Silent, Fast::<Geometry>::reference()).expect("one pool's bytes");
    pool.init(BLOCK);
    let blocks: Vec<Block> = (0..warm).map(|_| pool.alloc().0).collect();
    for block in blocks {
        pool.free(block);
    }
    pool
}

/// The same pool with nothing around it: no rights, no observer, no books.
pub struct Bare {
    mem: RawMemory,
    at: PoolAt,
}

impl Bare {
    /// A pool with `warm` blocks in its free list.
    pub fn new(warm: usize) -> Bare {
        let (mem, size) = (raw(), <Geometry as kit::geometry::Geometry>::POOL);
        let at = PoolAt(mem.map(u64::from(size), u64::from(size)).expect("one pool's bytes"));
        Part.init(&mem, at, BLOCK, size);
        let blocks: Vec<Block> = (0..warm).map(|_| Part.alloc(&mem, at).0).collect();
        for block in blocks {
            Part.free(&mem, at, block);
        }
        Bare { mem, at }
    }

    /// `count` times: one block, and back.
    #[inline(never)]
    pub fn pairs(&self, count: u64) {
        for _ in 0..count {
            let (block, change) = Part.alloc(&self.mem, self.at);
            black_box(change);
            black_box(Part.free(&self.mem, self.at, black_box(block)));
        }
    }
}

/// `count` times: one block, and back.
#[inline(never)]
pub fn machine_pairs(pool: &FastPool, count: u64) {
    for _ in 0..count {
        let (block, change) = pool.alloc();
        black_box(change);
        black_box(pool.free(black_box(block)));
    }
}

fn raw() -> RawMemory {
    // SAFETY: only the reference's pool runs on it, inside the stretch that it was given (I1 of kit::raw).
    unsafe { RawMemory::new() }
}
