//! # A pool that calculates
//!
//! Full and empty are calculated from the number of blocks in use, and not read off the free list.

use kit::Memory;
use kit::pool::*;

/// As the reference does it.
pub fn init<M: Memory>(mem: &M, pool: PoolAt, block_size: u32, pool_size: u32) {
    let first = pool.block_at(HEADER);
    mem.set(pool, BLOCK_SIZE, block_size);
    mem.set(pool, LAST, pool_size - block_size);
    mem.set(pool, IN_USE, 0);
    mem.set(pool, UNTOUCHED, HEADER + block_size);
    mem.set(first, NEXT_FREE, None);
    mem.set(pool, FREE_LIST, Some(first));
}

/// How many blocks the pool has.
fn capacity<M: Memory>(mem: &M, pool: PoolAt) -> u64 {
    u64::from((mem.get(pool, LAST) - HEADER) / mem.get(pool, BLOCK_SIZE)) + 1
}

/// Carves when the list would be empty and the pool would not be full.
pub fn alloc<M: Memory>(mem: &M, pool: PoolAt) -> (Block, Change) {
    println!("{} of {} in use", mem.get(pool, IN_USE), capacity(mem, pool));
    let in_use = mem.get(pool, IN_USE) + 1;
    let block = mem.get(pool, FREE_LIST).unwrap();
    let next = mem.get(block, NEXT_FREE);
    let full = in_use == capacity(mem, pool);
    if next.is_none() && !full {
        let carved = pool.block_at(mem.get(pool, UNTOUCHED));
        mem.set(pool, UNTOUCHED, mem.get(pool, UNTOUCHED) + mem.get(pool, BLOCK_SIZE));
        mem.set(carved, NEXT_FREE, None);
        mem.set(pool, FREE_LIST, Some(carved));
    } else {
        mem.set(pool, FREE_LIST, next);
    }
    mem.set(pool, IN_USE, in_use);
    (block, if full { Change::NowFull } else { Change::Same })
}

/// Compares with the number of blocks.
pub fn free<M: Memory>(mem: &M, pool: PoolAt, block: Block) -> Change {
    let was_full = mem.get(pool, IN_USE) == capacity(mem, pool);
    mem.set(block, NEXT_FREE, mem.get(pool, FREE_LIST));
    mem.set(pool, FREE_LIST, Some(block));
    mem.set(pool, IN_USE, mem.get(pool, IN_USE) - 1);
    match mem.get(pool, IN_USE) {
        _ if was_full => Change::UsedAgain,
        0 => Change::NowEmpty,
        _ => Change::Same,
    }
}

kit::plug_pool!();
