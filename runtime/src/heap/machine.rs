//! # The heap: the machine around its parts
//!
//! ```text
//!   malloc, free, realloc        allocator          which pool, and what when its state changes
//!      |
//!   used lists  <---- here ----> [ring] <-> pool <-> pool <-> [ring]      one for each class
//!      |
//!   pools                        pool               blocks of one size
//!   arenas                       arena              pools of one stretch of memory
//!   which arena                  usable_arenas      the fullest first
//!   whose address                address_map
//! ```
//!
//! The parts decide, the machine connects: it keeps the tables ([`super::tables`]), calls the parts, and asks the
//! system for arenas. It is the service [`Pools`] that an allocator works with. It holds no state of its own; what
//! changes lies in its memory.
//!
//! - **I1** Whatever fails for want of memory leaves everything as it was: out of memory is a value.
//! - **I2** A block is `Held` exactly while the program has it, where memory is watched.

use super::raw_domain;
use super::tables::{NOWHERE, PAGES, RAW, RECENTS, Tables, bytes};
use crate::config::{Config, Parts};
use kit::address_map::{AddressMap, Shape};
use kit::allocator::Pools;
use kit::arena::{Arena, BASE};
use kit::geometry::Geometry;
use kit::memory::{Addr, Memory};
use kit::owner::{Owner, State};
use kit::pool::{BLOCK_SIZE, Block, Change, HEADER, NEXT_USED, PREV_USED, Pool, PoolAt};
use kit::size_classes::{ClassIndex, SizeClasses};
use kit::usable_arenas::{FIRST, Fate, UsableArenas};

/// A whole heap.
pub struct Heap<C: Config> {
    pub(super) mem: C::Memory,
    pub(super) observer: C::Observer,
    pub(super) parts: Parts<C>,
    pub(super) tables: Tables,
}

impl<C: Config> Heap<C> {
    pub(super) const POOL: u32 = C::Geometry::POOL;
    pub(super) const ARENA: u32 = C::Geometry::ARENA;
    pub(super) const SHAPE: Shape = Shape::of(C::Geometry::ARENA);

    /// An empty heap: it has its tables, and no arena yet. `None`: not even that much memory.
    pub fn new(mem: C::Memory, observer: C::Observer, parts: Parts<C>) -> Option<Self> {
        let tables = Tables(mem.map_zeroed(bytes(Self::SHAPE), PAGES)?);
        for class in 0..parts.size_classes.class_count(C::Geometry::ALIGN) {
            let ring = tables.ring(ClassIndex(class));
            mem.set(ring, NEXT_USED, ring);
            mem.set(ring, PREV_USED, ring);
        }
        let heap = Heap { mem, observer, parts, tables };
        (0..RECENTS).for_each(|cell| heap.remember(Addr(cell << Self::SHAPE.offset), NOWHERE));
        Some(heap)
    }

    /// Its memory.
    pub fn mem(&self) -> &C::Memory {
        &self.mem
    }

    /// The block that `address` lies in may be anybody's from here on: says so to whoever watches.
    #[inline]
    fn mark_held(&self, pool: PoolAt, block: Block) {
        if C::Memory::WATCHED {
            self.mem.mark(block.0, u64::from(self.mem.get(pool, BLOCK_SIZE)), State::Held);
        }
    }

    /// The block is free: its first word is the pool's, the rest nobody's.
    #[inline]
    fn mark_free(&self, pool: PoolAt, block: Block) {
        if C::Memory::WATCHED {
            self.mem.mark(block.0, u64::from(self.mem.get(pool, BLOCK_SIZE)), State::FreeBody);
            self.mem.mark(block.0, 8, State::FreeLink);
        }
    }

    /// A pool begins: its header is there, and of each block the first word may become a link.
    fn mark_pool(&self, pool: PoolAt, block_size: u32) {
        if C::Memory::WATCHED {
            self.mem.mark(pool.0, u64::from(Self::POOL), State::FreeBody);
            self.mem.mark(pool.0, u64::from(HEADER), State::Header);
            for offset in (HEADER..=Self::POOL - block_size).step_by(block_size as usize) {
                self.mem.mark(pool.block_at(offset).0, 8, State::FreeLink);
            }
        }
    }

    /// Puts `pool`, which is in no list, at the end of the used list of `class`. No part of CPython's does that: it is
    /// for allocators with another policy.
    pub fn put_last(&self, class: ClassIndex, pool: PoolAt) {
        let ring = self.tables.ring(class);
        let last = self.mem.get(ring, PREV_USED);
        self.mem.set(pool, PREV_USED, last);
        self.mem.set(pool, NEXT_USED, ring);
        self.mem.set(last, NEXT_USED, pool);
        self.mem.set(ring, PREV_USED, pool);
    }

    /// From now on, the addresses of this cell are looked for in the arena at `base` first.
    pub(super) fn remember(&self, address: Addr, base: Addr) {
        let (entry, field) = self.tables.recent(address, Self::SHAPE.offset);
        self.mem.set(entry, field, base);
    }

    fn raw_blocks(&self, change: u64) {
        self.mem.set(self.tables, RAW, self.mem.get(self.tables, RAW).wrapping_add(change));
    }

    /// As [`Pools::raw_malloc`], and every byte is 0.
    pub(super) fn raw_calloc(&self, bytes: u64) -> Option<Addr> {
        let at = raw_domain::calloc(&self.mem, bytes)?;
        self.raw_blocks(1);
        Some(at)
    }
}

impl<C: Config> Pools for Heap<C> {
    #[inline]
    fn class_of(&self, bytes: u64) -> Option<ClassIndex> {
        self.parts.size_classes.class_of(bytes, C::Geometry::ALIGN)
    }

    #[inline]
    fn block_size(&self, class: ClassIndex) -> u64 {
        u64::from(self.parts.size_classes.block_size(class, C::Geometry::ALIGN))
    }

    #[inline]
    fn first_used(&self, class: ClassIndex) -> Option<PoolAt> {
        let ring = self.tables.ring(class);
        let first = self.mem.get(ring, NEXT_USED);
        (first != ring).then_some(first)
    }

    fn put_first(&self, class: ClassIndex, pool: PoolAt) {
        let ring = self.tables.ring(class);
        let second = self.mem.get(ring, NEXT_USED);
        self.mem.set(pool, NEXT_USED, second);
        self.mem.set(pool, PREV_USED, ring);
        self.mem.set(second, PREV_USED, pool);
        self.mem.set(ring, NEXT_USED, pool);
    }

    fn take_out(&self, pool: PoolAt) {
        let (before, after) = (self.mem.get(pool, PREV_USED), self.mem.get(pool, NEXT_USED));
        self.mem.set(before, NEXT_USED, after);
        self.mem.set(after, PREV_USED, before);
    }

    #[inline]
    fn new_pool(&self, class: ClassIndex) -> Option<PoolAt> {
        let list = self.tables.usable();
        let arena = match self.mem.get(list, FIRST) {
            Some(arena) => arena,
            None => self.new_arena()?,
        };
        self.open_next_pool(arena);
        let (pool, _) = self.parts.arena.take(&self.mem, arena, Self::POOL);
        self.parts.usable_arenas.taken(&self.mem, list, arena);
        let size = self.parts.size_classes.block_size(class, C::Geometry::ALIGN);
        if self.mem.get(pool, BLOCK_SIZE) != size {
            self.mark_pool(pool, size);
            self.parts.pool.init(&self.mem, pool, size, Self::POOL);
        }
        self.drawn();
        Some(pool)
    }

    #[inline(never)]
    fn give_back(&self, pool: PoolAt) {
        let arena = self.arena_of(pool);
        self.parts.arena.give(&self.mem, arena, pool);
        if self.parts.usable_arenas.given(&self.mem, self.tables.usable(), arena) == Fate::GoesBack {
            self.release_arena(arena);
        }
        self.drawn();
    }

    #[inline]
    fn alloc(&self, pool: PoolAt) -> (Block, Change) {
        let (block, change) = self.parts.pool.alloc(&self.mem, pool);
        self.mark_held(pool, block);
        (block, change)
    }

    #[inline]
    fn free(&self, pool: PoolAt, block: Block) -> Change {
        self.mark_free(pool, block);
        self.parts.pool.free(&self.mem, pool, block)
    }

    #[inline]
    fn pool_of(&self, address: Addr) -> Option<PoolAt> {
        let pool = PoolAt(Addr(address.0 & !(u64::from(Self::POOL) - 1)));
        let (entry, field) = self.tables.recent(address, Self::SHAPE.offset);
        if address.since(self.mem.get(entry, field)) < u64::from(Self::ARENA) {
            return Some(pool);
        }
        if !self.parts.address_map.holds(&self.mem, self.tables.map(), address, Self::SHAPE) {
            return None;
        }
        if let Some(base) = self.mem.get(self.arena_of(pool), BASE) {
            self.remember(address, base);
        }
        Some(pool)
    }

    #[inline]
    fn class_in(&self, pool: PoolAt) -> ClassIndex {
        ClassIndex(self.mem.get(pool, BLOCK_SIZE) / C::Geometry::ALIGN.bytes() - 1)
    }

    #[inline(never)]
    fn raw_malloc(&self, bytes: u64) -> Option<Addr> {
        let at = raw_domain::malloc(&self.mem, bytes)?;
        self.raw_blocks(1);
        Some(at)
    }

    #[inline(never)]
    fn raw_realloc(&self, at: Addr, bytes: u64) -> Option<Addr> {
        raw_domain::realloc(&self.mem, at, bytes)
    }

    #[inline(never)]
    fn raw_free(&self, at: Addr) {
        raw_domain::free(&self.mem, at);
        self.raw_blocks(u64::MAX);
    }

    fn copy(&self, from: Addr, to: Addr, bytes: u64) {
        self.mem.copy(from, to, bytes);
    }
}
