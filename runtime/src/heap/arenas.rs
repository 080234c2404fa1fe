//! # Arenas come and go
//!
//! The table of descriptors, and what the system is asked for. Descriptors without memory are a stack, so an arena
//! that goes back leaves its number to the next one.

use super::machine::Heap;
use super::tables::{ARENAS, EVER, MOST, NOW, NOWHERE, PAGES, ROOM, SPARE, bytes, descriptor};
use crate::config::Config;
use kit::address_map::{AddressMap, CHILD, ENTRY};
use kit::arena::{ARENA, Arena, ArenaAt, BASE, DESCRIPTOR, FREE_POOLS, INDEX, UNCARVED};
use kit::memory::{Addr, Memory};
use kit::owner::{Owner, State};
use kit::pool::{HEADER, PoolAt};
use kit::usable_arenas::{NEXT_ARENA, UsableArenas};

/// Descriptors in the first table.
const FIRST_ROOM: u64 = 16;

impl<C: Config> Heap<C> {
    /// What the system is asked to begin an arena at a multiple of. A pool's size would do; then most arenas would lie
    /// in two cells of the address map.
    const AT: u64 = Self::ARENA as u64;

    /// The arena that `pool` lies in.
    pub(super) fn arena_of(&self, pool: PoolAt) -> ArenaAt {
        descriptor(self.mem.get(self.tables, ARENAS), u64::from(self.mem.get(pool, ARENA)))
    }

    /// A new arena, which is the only usable one: all of its pools are free.
    #[cold]
    #[inline(never)]
    pub(super) fn new_arena(&self) -> Option<ArenaAt> {
        let arena = match self.mem.get(self.tables, SPARE) {
            Some(arena) => arena,
            None => self.more_descriptors()?,
        };
        let base = self.mem.map(u64::from(Self::ARENA), Self::AT)?;
        if !self.parts.address_map.insert(&self.mem, self.tables.map(), base, Self::SHAPE) {
            self.mem.release(base, u64::from(Self::ARENA), Self::AT);
            return None;
        }
        self.mem.set(self.tables, SPARE, self.mem.get(arena, NEXT_ARENA));
        self.mem.mark(base, u64::from(Self::ARENA), State::Untouched);
        self.parts.arena.open(&self.mem, arena, base, Self::ARENA, Self::POOL);
        let now = self.mem.get(self.tables, NOW) + 1;
        self.mem.set(self.tables, NOW, now);
        self.mem.set(self.tables, EVER, self.mem.get(self.tables, EVER) + 1);
        self.mem.set(self.tables, MOST, self.mem.get(self.tables, MOST).max(now));
        self.parts.usable_arenas.add(&self.mem, self.tables.usable(), arena);
        Some(arena)
    }

    /// The arena's memory goes back to the system, its descriptor to the stack of spare ones.
    #[cold]
    #[inline(never)]
    pub(super) fn release_arena(&self, arena: ArenaAt) {
        if let Some(base) = self.mem.get(arena, BASE) {
            self.parts.address_map.remove(&self.mem, self.tables.map(), base, Self::SHAPE);
            // It lies in one cell or in two.
            self.remember(base, NOWHERE);
            self.remember(base.plus(u64::from(Self::ARENA) - 1), NOWHERE);
            self.mem.release(base, u64::from(Self::ARENA), Self::AT);
        }
        self.mem.set(arena, BASE, None);
        self.mem.set(arena, NEXT_ARENA, self.mem.get(self.tables, SPARE));
        self.mem.set(self.tables, SPARE, Some(arena));
        self.mem.set(self.tables, NOW, self.mem.get(self.tables, NOW) - 1);
    }

    /// Where memory is watched: the header that the arena writes when it carves its next pool may be touched.
    pub(super) fn open_next_pool(&self, arena: ArenaAt) {
        if C::Memory::WATCHED && self.mem.get(arena, FREE_POOLS).is_none() {
            self.mem.mark(self.mem.get(arena, UNCARVED).0, u64::from(HEADER), State::Header);
        }
    }

    /// A table twice as large; gives the first of the new descriptors. No arena is usable, so no link leads into the
    /// old table.
    fn more_descriptors(&self) -> Option<ArenaAt> {
        let (old, room) = (self.mem.get(self.tables, ARENAS), self.mem.get(self.tables, ROOM));
        let more = if room == 0 { FIRST_ROOM } else { room * 2 };
        let new = self.mem.map_zeroed(more * DESCRIPTOR, 16)?;
        self.mem.mark(new, more * DESCRIPTOR, State::Header);
        if room > 0 {
            self.mem.copy(Addr(old), new, room * DESCRIPTOR);
            self.mem.release(Addr(old), room * DESCRIPTOR, 16);
        }
        for index in room..more {
            let arena = descriptor(new.0, index);
            self.mem.set(arena, BASE, None);
            self.mem.set(arena, INDEX, index as u32);
            self.mem.set(arena, NEXT_ARENA, (index + 1 < more).then(|| descriptor(new.0, index + 1)));
        }
        self.mem.set(self.tables, ARENAS, new.0);
        self.mem.set(self.tables, ROOM, more);
        let first = descriptor(new.0, room);
        self.mem.set(self.tables, SPARE, Some(first));
        Some(first)
    }

    /// The arenas that have memory, by number.
    pub(super) fn arenas(&self) -> impl Iterator<Item = ArenaAt> {
        let (arenas, room) = (self.mem.get(self.tables, ARENAS), self.mem.get(self.tables, ROOM));
        let all = (0..room).map(move |index| descriptor(arenas, index));
        all.filter(|arena| self.mem.get(*arena, BASE).is_some())
    }

    /// The nodes of the address map: middle ones, bottom ones.
    pub(super) fn map_nodes(&self) -> (Vec<Addr>, Vec<Addr>) {
        let children = |node: Addr, bits: u32| {
            (0..1u64 << bits).filter_map(move |index| self.mem.get(node.plus(index * ENTRY), CHILD))
        };
        let middle: Vec<Addr> = children(self.tables.map().0, Self::SHAPE.root).collect();
        let bottom = middle.iter().flat_map(|node| children(*node, Self::SHAPE.middle)).collect();
        (middle, bottom)
    }
}

impl<C: Config> Drop for Heap<C> {
    /// Everything goes back, blocks that the program still holds in pools included.
    fn drop(&mut self) {
        for arena in self.arenas().collect::<Vec<_>>() {
            if let Some(base) = self.mem.get(arena, BASE) {
                self.mem.release(base, u64::from(Self::ARENA), Self::AT);
            }
        }
        let (middle, bottom) = self.map_nodes();
        let shape = Self::SHAPE;
        let levels = [(bottom, shape.bottom), (middle, shape.middle)];
        for (nodes, bits) in levels {
            nodes.into_iter().for_each(|node| self.mem.release(node, ENTRY << bits, PAGES));
        }
        let (arenas, room) = (self.mem.get(self.tables, ARENAS), self.mem.get(self.tables, ROOM));
        if room > 0 {
            self.mem.release(Addr(arenas), room * DESCRIPTOR, 16);
        }
        self.mem.release(self.tables.0, bytes(shape), PAGES);
    }
}
