//! # An allocator that lists a new pool when it has served its first block
//!
//! Between two calls nobody can tell. A full pool is never in the list to begin with.

use kit::allocator::*;

/// A block of the front pool, or of a new one.
pub fn malloc<P: Pools>(pools: &P, bytes: u64) -> Option<Addr> {
    match pools.class_of(bytes) {
        None => pools.raw_malloc(std::cmp::max(1, bytes)),
        Some(class) => serve(pools, class),
    }
}

fn serve<P: Pools>(pools: &P, class: ClassIndex) -> Option<Addr> {
    let listed = pools.first_used(class);
    let pool = listed.or_else(|| pools.new_pool(class))?;
    let (block, change) = pools.alloc(pool);
    match (listed.is_some(), change == Change::NowFull) {
        (true, true) => pools.take_out(pool),
        (false, false) => pools.put_first(class, pool),
        _ => {}
    }
    Some(block.0)
}

/// Takes the block back, then looks after its pool.
pub fn free<P: Pools>(pools: &P, at: Addr) {
    if let Some(pool) = pools.pool_of(at) {
        give(pools, pool, Block(at));
    } else {
        pools.raw_free(at);
    }
}

fn give<P: Pools>(pools: &P, pool: PoolAt, block: Block) {
    let change = pools.free(pool, block);
    if change == Change::Same || change == Change::NowFull {
        return;
    }
    if change == Change::NowEmpty {
        pools.take_out(pool);
        return pools.give_back(pool);
    }
    pools.put_first(pools.class_in(pool), pool);
}

/// Looks for a reason to stay, then for a place to go to.
pub fn realloc<P: Pools>(pools: &P, at: Addr, bytes: u64) -> Option<Addr> {
    if let Some(pool) = pools.pool_of(at) {
        let size = pools.block_size(pools.class_in(pool));
        let enough = (size * 3 / 4 + 1)..=size;
        if enough.contains(&bytes) {
            return Some(at);
        }
        let to = match pools.class_of(bytes) {
            Some(class) => serve(pools, class)?,
            None => pools.raw_malloc(bytes.max(1))?,
        };
        pools.copy(at, to, size.min(bytes));
        give(pools, pool, Block(at));
        return Some(to);
    }
    pools.raw_realloc(at, bytes.max(1))
}

kit::plug_allocator!();
