//! # A pool that carves before it hands out
//!
//! The next block is carved before the head is taken, not after: the same blocks, another order of steps.

use kit::Memory;
use kit::pool::*;

/// Writes the header in another order.
pub fn init<M: Memory>(mem: &M, pool: PoolAt, block_size: u32, pool_size: u32) {
    mem.set(pool, LAST, pool_size - block_size);
    mem.set(pool, BLOCK_SIZE, block_size);
    mem.set(pool, UNTOUCHED, HEADER);
    mem.set(pool, FREE_LIST, None);
    mem.set(pool, IN_USE, 0);
    push_one(mem, pool);
}

/// Puts one untouched block in front of the list, if there is one.
fn push_one<M: Memory>(mem: &M, pool: PoolAt) {
    let offset = mem.get(pool, UNTOUCHED);
    if offset <= mem.get(pool, LAST) {
        let block = pool.block_at(offset);
        mem.set(pool, UNTOUCHED, offset + mem.get(pool, BLOCK_SIZE));
        mem.set(block, NEXT_FREE, mem.get(pool, FREE_LIST));
        mem.set(pool, FREE_LIST, Some(block));
    }
}

/// Unlinks the head, and refills the list when that was the last of it.
pub fn alloc<M: Memory>(mem: &M, pool: PoolAt) -> (Block, Change) {
    let Some(block) = mem.get(pool, FREE_LIST) else { unreachable!("nobody asks a full pool") };
    let rest = mem.get(block, NEXT_FREE);
    mem.set(pool, FREE_LIST, rest);
    if rest.is_none() {
        push_one(mem, pool);
    }
    mem.set(pool, IN_USE, mem.get(pool, IN_USE) + 1);
    match mem.get(pool, FREE_LIST) {
        None => (block, Change::NowFull),
        Some(_) => (block, Change::Same),
    }
}

/// Decides first, writes later.
pub fn free<M: Memory>(mem: &M, pool: PoolAt, block: Block) -> Change {
    let change = if mem.get(pool, FREE_LIST).is_none() {
        Change::UsedAgain
    } else if mem.get(pool, IN_USE) == 1 {
        Change::NowEmpty
    } else {
        Change::Same
    };
    mem.set(pool, IN_USE, mem.get(pool, IN_USE) - 1);
    mem.set(block, NEXT_FREE, mem.get(pool, FREE_LIST));
    mem.set(pool, FREE_LIST, Some(block));
    change
}

kit::plug_pool!();
