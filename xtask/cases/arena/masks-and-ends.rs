//! # An arena that counts from its end
//!
//! Whole pools are what lies between two multiples of the pool's size; a mask finds both.

use kit::arena::*;
use kit::pool::PoolAt;
use kit::{Addr, Memory};

/// From the first multiple in the arena to the last one.
pub fn open<M: Memory>(mem: &M, arena: ArenaAt, base: Addr, arena_size: u32, pool_size: u32) {
    let mask = !(u64::from(pool_size) - 1);
    let first = (base.0 + u64::from(pool_size) - 1) & mask;
    let end = (base.0 + u64::from(arena_size)) & mask;
    let pools = ((end - first) >> pool_size.trailing_zeros()) as u32;
    mem.set(arena, FREE_POOLS, None);
    mem.set(arena, TOTAL_COUNT, pools);
    mem.set(arena, FREE_COUNT, pools);
    mem.set(arena, UNCARVED, PoolAt(Addr(first)));
    mem.set(arena, BASE, Some(base));
}

/// Counts first, decides by the number, and unlinks what it takes.
pub fn take<M: Memory>(mem: &M, arena: ArenaAt, pool_size: u32) -> (PoolAt, Supply) {
    mem.set(arena, FREE_COUNT, mem.get(arena, FREE_COUNT) - 1);
    let supply = match mem.get(arena, FREE_COUNT) {
        0 => Supply::NoneFree,
        _ => Supply::Same,
    };
    if let Some(pool) = mem.get(arena, FREE_POOLS) {
        let rest = mem.get(pool, NEXT_POOL);
        mem.set(pool, NEXT_POOL, None);
        mem.set(arena, FREE_POOLS, rest);
        return (pool, supply);
    }
    let pool = mem.get(arena, UNCARVED);
    mem.set(pool, BLOCK_SIZE, 0);
    mem.set(pool, ARENA, mem.get(arena, INDEX));
    mem.set(arena, UNCARVED, PoolAt(Addr(pool.0.0 + u64::from(pool_size))));
    (pool, supply)
}

/// Looks at the number before it counts.
pub fn give<M: Memory>(mem: &M, arena: ArenaAt, pool: PoolAt) -> Supply {
    let (had, total) = (mem.get(arena, FREE_COUNT), mem.get(arena, TOTAL_COUNT));
    mem.set(arena, FREE_COUNT, had + 1);
    let head = mem.get(arena, FREE_POOLS);
    mem.set(arena, FREE_POOLS, Some(pool));
    mem.set(pool, NEXT_POOL, head);
    if had == 0 {
        Supply::OneFree
    } else if had + 1 == total {
        Supply::AllFree
    } else {
        Supply::Same
    }
}

kit::plug_arena!();
