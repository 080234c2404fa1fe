//! # An arena in small functions
//!
//! The stack has a push and a pop, the tail has a carve, and the count has one place where it changes.

use kit::arena::*;
use kit::pool::PoolAt;
use kit::{Addr, Memory};

/// Whole pools are counted one by one.
pub fn open<M: Memory>(mem: &M, arena: ArenaAt, base: Addr, arena_size: u32, pool_size: u32) {
    let size = u64::from(pool_size);
    let first = base.0.div_ceil(size) * size;
    let mut pools = 0;
    while first + (u64::from(pools) + 1) * size <= base.0 + u64::from(arena_size) {
        pools += 1;
    }
    mem.set(arena, BASE, Some(base));
    mem.set(arena, UNCARVED, PoolAt(Addr(first)));
    mem.set(arena, FREE_POOLS, None);
    mem.set(arena, TOTAL_COUNT, pools);
    mem.set(arena, FREE_COUNT, pools);
}

fn push<M: Memory>(mem: &M, arena: ArenaAt, pool: PoolAt) {
    mem.set(pool, NEXT_POOL, mem.get(arena, FREE_POOLS));
    mem.set(arena, FREE_POOLS, Some(pool));
}

fn pop<M: Memory>(mem: &M, arena: ArenaAt) -> Option<PoolAt> {
    let pool = mem.get(arena, FREE_POOLS)?;
    mem.set(arena, FREE_POOLS, mem.get(pool, NEXT_POOL));
    Some(pool)
}

fn carve<M: Memory>(mem: &M, arena: ArenaAt, size: u32) -> PoolAt {
    let pool = mem.get(arena, UNCARVED);
    mem.set(pool, ARENA, mem.get(arena, INDEX));
    mem.set(pool, BLOCK_SIZE, 0);
    mem.set(arena, UNCARVED, PoolAt(pool.0.plus(u64::from(size))));
    pool
}

fn count<M: Memory>(mem: &M, arena: ArenaAt, change: i32) -> u32 {
    let free = mem.get(arena, FREE_COUNT).wrapping_add_signed(change);
    mem.set(arena, FREE_COUNT, free);
    free
}

/// A pop, or else a carve.
pub fn take<M: Memory>(mem: &M, arena: ArenaAt, pool_size: u32) -> (PoolAt, Supply) {
    let pool = pop(mem, arena).unwrap_or_else(|| carve(mem, arena, pool_size));
    match count(mem, arena, -1) {
        0 => (pool, Supply::NoneFree),
        _ => (pool, Supply::Same),
    }
}

/// A push.
pub fn give<M: Memory>(mem: &M, arena: ArenaAt, pool: PoolAt) -> Supply {
    push(mem, arena, pool);
    let (free, total) = (count(mem, arena, 1), mem.get(arena, TOTAL_COUNT));
    match free {
        1 => Supply::OneFree,
        all if all == total => Supply::AllFree,
        _ => Supply::Same,
    }
}

kit::plug_arena!();
