//! # An allocator without helpers
//!
//! Early returns, a loop instead of two ways, and the three quarters counted from the other end.

use kit::allocator::*;

/// A loop: the second time round, the list has a pool.
pub fn malloc<P: Pools>(pools: &P, bytes: u64) -> Option<Addr> {
    if let Some(class) = pools.class_of(bytes) {
        loop {
            if let Some(front) = pools.first_used(class) {
                let (block, change) = pools.alloc(front);
                if matches!(change, Change::NowFull) {
                    pools.take_out(front);
                }
                return Some(Addr::from(block));
            }
            match pools.new_pool(class) {
                None => return None,
                Some(new) => pools.put_first(class, new),
            }
        }
    }
    if bytes == 0 { pools.raw_malloc(1) } else { pools.raw_malloc(bytes) }
}

/// The class is asked for before the block goes back.
pub fn free<P: Pools>(pools: &P, at: Addr) {
    match pools.pool_of(at) {
        None => pools.raw_free(at),
        Some(pool) => {
            let class = pools.class_in(pool);
            let change = pools.free(pool, Block(at));
            if change == Change::UsedAgain {
                pools.put_first(class, pool);
            } else if change == Change::NowEmpty {
                pools.take_out(pool);
                pools.give_back(pool);
            }
        }
    }
}

/// At most a quarter of the block may be left over.
pub fn realloc<P: Pools>(pools: &P, at: Addr, bytes: u64) -> Option<Addr> {
    let pool = match pools.pool_of(at) {
        None if bytes == 0 => return pools.raw_realloc(at, 1),
        None => return pools.raw_realloc(at, bytes),
        Some(pool) => pool,
    };
    let size = pools.block_size(pools.class_in(pool));
    let left_over = size.checked_sub(bytes);
    if left_over.is_some_and(|left_over| left_over < size / 4) {
        return Some(at);
    }
    let new = malloc(pools, bytes);
    if let Some(new) = new {
        let fits = if bytes < size { bytes } else { size };
        if fits > 0 {
            pools.copy(at, new, fits);
        }
        free(pools, at);
    }
    new
}

kit::plug_allocator!();
