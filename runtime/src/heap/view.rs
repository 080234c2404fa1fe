//! # What is where: the heap looked at from outside
//!
//! Nothing here decides anything. Every arena and pool is visited through the tables, as CPython does for
//! `sys._debugmallocstats()` and `sys._getallocatedblocks()`; a learner's part may have written nonsense there, so
//! walks end after as many steps as there can be.

use super::machine::Heap;
use super::raw_domain;
use super::tables::RAW;
use crate::config::Config;
use kit::allocator::Pools;
use kit::arena::{ArenaAt, BASE, FREE_COUNT, FREE_POOLS, INDEX, NEXT_POOL, TOTAL_COUNT, UNCARVED};
use kit::memory::{Addr, Memory};
use kit::observe::Observer;
use kit::owner::Owner;
use kit::picture::{ArenaPicture, HeapPicture, Picture, PoolCell};
use kit::pool::{BLOCK_SIZE, HEADER, IN_USE, PoolAt};

/// Where an address lies: arena, pool in it, and bytes from the beginning of the pool.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The arena's number.
    pub arena: u32,
    /// The pool's number, counted from the arena's first whole pool.
    pub pool: u32,
    /// Bytes from the beginning of the pool.
    pub offset: u32,
}

/// One arena, looked at: its number, where it begins, and its first whole pool.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// The arena's number.
    pub index: u32,
    /// Its first byte.
    pub base: Addr,
    /// Its first whole pool.
    pub first: Addr,
}

/// The arena described at `arena`, drawn; `None` when it has no memory.
pub fn draw_arena<M: Owner>(mem: &M, arena: ArenaAt, pool_size: u32) -> Option<ArenaPicture> {
    let word = |offset| mem.peek(arena.0.plus(offset));
    let half = |offset| mem.peek_half(arena.0.plus(offset)).unwrap_or(0);
    let base = word(BASE.offset).filter(|base| *base != 0)?;
    let first = base.next_multiple_of(u64::from(pool_size));
    let total = half(TOTAL_COUNT.offset).min(64);
    let carved = (word(UNCARVED.offset)?.saturating_sub(first) / u64::from(pool_size)).min(u64::from(total)) as u32;
    let number = |pool: u64| {
        let offset = pool.wrapping_sub(first);
        let number = offset / u64::from(pool_size);
        (offset.is_multiple_of(u64::from(pool_size)) && number < u64::from(carved)).then_some(number as u32)
    };
    let (mut stack, mut next) = (vec![], word(FREE_POOLS.offset).unwrap_or(0));
    while let Some(pool) = number(next).filter(|pool| next != 0 && !stack.contains(pool)) {
        stack.push(pool);
        next = mem.peek(Addr(next).plus(NEXT_POOL.offset)).unwrap_or(0);
    }
    let cell = |index: u32| {
        if index >= carved {
            PoolCell::Uncarved
        } else if stack.contains(&index) {
            PoolCell::Free
        } else {
            draw_pool(mem, PoolAt(Addr(first + u64::from(index) * u64::from(pool_size))), pool_size)
        }
    };
    let pools = (0..total).map(cell).collect();
    let (index, free_count) = (half(INDEX.offset), half(FREE_COUNT.offset));
    Some(ArenaPicture { index, pool_size, lost: (first - base) as u32, pools, stack, free_count })
}

/// A pool that is handed out.
fn draw_pool<M: Owner>(mem: &M, pool: PoolAt, pool_size: u32) -> PoolCell {
    let block_size = mem.peek_half(pool.0.plus(BLOCK_SIZE.offset)).unwrap_or(0);
    match (block_size, mem.peek(pool.0.plus(IN_USE.offset))) {
        (1..=512, Some(in_use)) => {
            let capacity = (pool_size - HEADER) / block_size;
            PoolCell::Used { block_size, in_use: in_use.min(u64::from(capacity)) as u32, capacity }
        }
        _ => PoolCell::Taken,
    }
}

impl<C: Config> Heap<C> {
    /// The heap as a picture.
    pub fn draw(&self) -> HeapPicture {
        let arenas = self.arenas().filter_map(|arena| draw_arena(&self.mem, arena, Self::POOL));
        HeapPicture { arenas: arenas.collect(), raw: self.mem.get(self.tables, RAW) }
    }

    /// Tells whoever listens what it looks like now.
    pub(super) fn drawn(&self) {
        self.observer.picture(|| Picture::Heap(self.draw()));
    }

    /// The arenas that have memory.
    pub fn seen(&self) -> Vec<Seen> {
        let pool = u64::from(Self::POOL);
        let seen = |arena: ArenaAt| {
            let base = self.mem.get(arena, BASE)?;
            Some(Seen { index: self.mem.get(arena, INDEX), base, first: Addr(base.0.next_multiple_of(pool)) })
        };
        self.arenas().filter_map(seen).collect()
    }

    /// Where `address` lies; `None` when it is the raw domain's, or nobody's.
    pub fn place(&self, address: Addr) -> Option<Place> {
        let arena_size = u64::from(Self::ARENA);
        let seen = self.seen().into_iter().find(|seen| address.since(seen.base) < arena_size)?;
        let offset = address.0.checked_sub(seen.first.0)?;
        let pool = u64::from(Self::POOL);
        Some(Place { arena: seen.index, pool: (offset / pool) as u32, offset: (offset % pool) as u32 })
    }

    /// Bytes of the block that begins at `at`, which the program holds.
    pub fn block(&self, at: Addr) -> Option<u64> {
        match self.pool_of(at) {
            Some(pool) => Some(u64::from(self.mem.get(pool, BLOCK_SIZE))),
            None => Some(raw_domain::size(&self.mem, at)),
        }
    }

    /// Blocks that the program holds, in pools and from the raw domain: `sys.getallocatedblocks()`.
    pub fn allocated_blocks(&self) -> u64 {
        self.draw().blocks()
    }
}
