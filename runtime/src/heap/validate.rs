//! # Is everything in order?
//!
//! A walk through all that a heap knows, which looks at each invariant of its parts once more and at how the parts agree
//! with each other. Tests ask after every request; nobody else pays for it.
//!
//! - **I1** A descriptor has memory or is in the stack of spare ones, never both.
//! - **I2** Each pool of each arena is exactly one of: never carved, in its arena's stack, full and in no list, partly
//!   used and in the used list of its class.
//! - **I3** The usable arenas are those with free pools, the fullest first; the table knows where each number ends.
//! - **I4** The address map speaks of the arenas that there are and of nothing else.

use super::machine::Heap;
use super::tables::{ARENAS, EVER, MOST, NOW, ROOM, SPARE, descriptor};
use crate::config::Config;
use kit::address_map::{AddressMap, ENDS, ENTRY, STARTS};
use kit::arena::{ARENA, ArenaAt, BASE, FREE_COUNT, FREE_POOLS, INDEX, NEXT_POOL, TOTAL_COUNT, UNCARVED};
use kit::geometry::Geometry;
use kit::memory::{Addr, Memory};
use kit::pool::{
    BLOCK_SIZE, Block, FREE_LIST, HEADER, IN_USE, LAST, NEXT_FREE, NEXT_USED, PREV_USED, PoolAt, UNTOUCHED,
};
use kit::size_classes::{ClassIndex, SMALL_REQUEST_THRESHOLD, SizeClasses};
use kit::usable_arenas::{FIRST, NEXT_ARENA, PREV_ARENA, last_with};
use std::collections::{BTreeMap, BTreeSet};

/// A sentence, unless `fine`.
fn ensure(fine: bool, sentence: impl FnOnce() -> String) -> Result<(), String> {
    if fine { Ok(()) } else { Err(sentence()) }
}

impl<C: Config> Heap<C> {
    /// Looks at everything.
    ///
    /// # Errors
    /// A sentence about the first thing that is not as it must be.
    pub fn validate(&self) -> Result<(), String> {
        let arenas: Vec<ArenaAt> = self.arenas().collect();
        self.validate_descriptors(arenas.len() as u64)?;
        let mut listed = BTreeMap::new();
        for arena in &arenas {
            self.validate_arena(*arena, &mut listed)?;
        }
        self.validate_rings(listed)?;
        self.validate_usable(&arenas)?;
        self.validate_map(&arenas)
    }

    /// I1, and the counts of arenas.
    fn validate_descriptors(&self, with_memory: u64) -> Result<(), String> {
        let (arenas, room) = (self.mem.get(self.tables, ARENAS), self.mem.get(self.tables, ROOM));
        for index in 0..room {
            let said = u64::from(self.mem.get(descriptor(arenas, index), INDEX));
            ensure(said == index, || format!("the descriptor of arena {index} has the number {said}"))?;
        }
        let (mut spare, mut next) = (0, self.mem.get(self.tables, SPARE));
        while let Some(arena) = next {
            spare += 1;
            ensure(spare <= room, || "the stack of spare descriptors has no end".into())?;
            let has_memory = self.mem.get(arena, BASE).is_some();
            ensure(!has_memory, || format!("{arena:?} has memory and is in the stack of spare ones"))?;
            next = self.mem.get(arena, NEXT_ARENA);
        }
        let counts = [NOW, MOST, EVER].map(|count| self.mem.get(self.tables, count));
        ensure(spare + with_memory == room, || {
            format!("of {room} descriptors {with_memory} have memory and {spare} are spare")
        })?;
        ensure(counts[0] == with_memory && counts.is_sorted(), || {
            format!("{with_memory} arenas have memory; counted were {counts:?} now, at most, ever")
        })
    }

    /// One arena and its pools. Adds those that must be in a used list.
    fn validate_arena(&self, arena: ArenaAt, listed: &mut BTreeMap<PoolAt, ClassIndex>) -> Result<(), String> {
        let (index, size) = (self.mem.get(arena, INDEX), u64::from(Self::POOL));
        let base = self.mem.get(arena, BASE).map_or(0, |base| base.0);
        let first = base.next_multiple_of(size);
        let total = (base + u64::from(Self::ARENA) - first) / size;
        let uncarved = self.mem.get(arena, UNCARVED).0.0;
        let said = u64::from(self.mem.get(arena, TOTAL_COUNT));
        ensure(said == total, || format!("arena {index} has room for {total} pools and says {said}"))?;
        ensure((first..=first + total * size).contains(&uncarved) && uncarved.is_multiple_of(size), || {
            format!("arena {index} would carve its next pool at {uncarved:#x}")
        })?;
        let mut free = BTreeSet::new();
        let mut next = self.mem.get(arena, FREE_POOLS);
        while let Some(pool) = next {
            ensure((first..uncarved).contains(&pool.0.0) && pool.0.0.is_multiple_of(size), || {
                format!("{pool:?} is in the stack of arena {index} and no pool of it")
            })?;
            ensure(free.insert(pool), || format!("{pool:?} is twice in the stack of arena {index}"))?;
            next = self.mem.get(pool, NEXT_POOL);
        }
        let count = free.len() as u64 + total - (uncarved - first) / size;
        let said = u64::from(self.mem.get(arena, FREE_COUNT));
        ensure(said == count, || format!("arena {index} has {count} free pools and says {said}"))?;
        for at in (first..uncarved).step_by(Self::POOL as usize) {
            let pool = PoolAt(Addr(at));
            let said = self.mem.get(pool, ARENA);
            ensure(said == index, || format!("{pool:?} lies in arena {index} and says {said}"))?;
            match self.validate_pool(pool)? {
                (0, _) => ensure(free.contains(&pool), || format!("{pool:?} is empty and did not go back"))?,
                _ if free.contains(&pool) => return Err(format!("{pool:?} has blocks in use and is in the stack")),
                (in_use, capacity) if in_use < capacity => _ = listed.insert(pool, self.class_of_pool(pool)),
                _ => {}
            }
        }
        Ok(())
    }

    fn class_of_pool(&self, pool: PoolAt) -> ClassIndex {
        ClassIndex(self.mem.get(pool, BLOCK_SIZE) / C::Geometry::ALIGN.bytes() - 1)
    }

    /// A pool that was carved: its blocks in use, and how many it has. One that never served any has none of both.
    fn validate_pool(&self, pool: PoolAt) -> Result<(u64, u64), String> {
        let size = self.mem.get(pool, BLOCK_SIZE);
        if size == 0 {
            return Ok((0, 0));
        }
        let fits = size.is_multiple_of(C::Geometry::ALIGN.bytes()) && u64::from(size) <= SMALL_REQUEST_THRESHOLD;
        ensure(fits, || format!("{pool:?} has blocks of {size} bytes"))?;
        let (in_use, untouched) = (self.mem.get(pool, IN_USE), self.mem.get(pool, UNTOUCHED));
        let capacity = (Self::POOL - HEADER) / size;
        let block = |offset: u32| offset >= HEADER && (offset - HEADER).is_multiple_of(size);
        let end = HEADER + capacity * size;
        ensure(block(untouched) && untouched <= end, || format!("{pool:?}: UNTOUCHED is {untouched}"))?;
        let last = self.mem.get(pool, LAST);
        ensure(last == Self::POOL - size, || format!("{pool:?}: LAST is {last}, blocks have {size} bytes"))?;
        let (mut free, mut next) = (BTreeSet::new(), self.mem.get(pool, FREE_LIST));
        while let Some(Block(at)) = next {
            let offset = at.since(pool.0).min(u64::from(u32::MAX)) as u32;
            ensure(block(offset) && offset < untouched, || format!("{pool:?}: {at:?} is in its free list"))?;
            ensure(free.insert(offset), || format!("{pool:?}: {at:?} is twice in its free list"))?;
            next = self.mem.get(at, NEXT_FREE);
        }
        let untouched = u64::from((end - untouched) / size);
        let (free, capacity) = (free.len() as u64, u64::from(capacity));
        ensure(in_use + free + untouched == capacity, || {
            format!("{pool:?}: {in_use} blocks in use, {free} free, {untouched} untouched make {capacity}?")
        })?;
        ensure(free > 0 || in_use == capacity, || format!("{pool:?}: the free list is empty, the pool is not full"))?;
        Ok((in_use, capacity))
    }

    /// The used lists hold exactly these pools, each in that of its class, and agree in both directions.
    fn validate_rings(&self, mut listed: BTreeMap<PoolAt, ClassIndex>) -> Result<(), String> {
        for class in (0..self.parts.size_classes.class_count(C::Geometry::ALIGN)).map(ClassIndex) {
            let ring = self.tables.ring(class);
            let (mut before, mut pool) = (ring, self.mem.get(ring, NEXT_USED));
            while pool != ring {
                ensure(listed.remove(&pool) == Some(class), || {
                    format!("{pool:?} is in the used list of class {}, and has no business there", class.0)
                })?;
                let said = self.mem.get(pool, PREV_USED);
                ensure(said == before, || format!("{pool:?} has {before:?} on its left and says {said:?}"))?;
                (before, pool) = (pool, self.mem.get(pool, NEXT_USED));
            }
            let said = self.mem.get(ring, PREV_USED);
            ensure(said == before, || {
                format!("the used list of class {} ends with {before:?}, not {said:?}", class.0)
            })?;
        }
        let left = listed.first_key_value();
        ensure(left.is_none(), || format!("{left:?} is partly used and in no list"))
    }

    /// I3.
    fn validate_usable(&self, arenas: &[ArenaAt]) -> Result<(), String> {
        let list = self.tables.usable();
        let (mut seen, mut ends) = (BTreeSet::new(), BTreeMap::new());
        let (mut left, mut next) = (None, self.mem.get(list, FIRST));
        while let Some(arena) = next {
            let (free, total) = (self.mem.get(arena, FREE_COUNT), self.mem.get(arena, TOTAL_COUNT));
            ensure(seen.insert(arena) && arenas.contains(&arena), || {
                format!("{arena:?} is twice in the list of usable arenas, or has no memory")
            })?;
            ensure(self.mem.get(arena, PREV_ARENA) == left, || format!("{arena:?} has {left:?} on its left"))?;
            ensure(ends.last_key_value().is_none_or(|(fewer, _)| *fewer <= free), || {
                format!("{arena:?} has {free} free pools and stands behind one with more")
            })?;
            ends.insert(free, arena);
            (left, next) = (Some(arena), self.mem.get(arena, NEXT_ARENA));
            ensure(free < total || next.is_none(), || {
                format!("{arena:?} is free, is not the last, and is still here")
            })?;
        }
        for arena in arenas {
            let free = self.mem.get(*arena, FREE_COUNT);
            ensure((free > 0) == seen.contains(arena), || {
                format!("{arena:?} has {free} free pools; in the list: {}", seen.contains(arena))
            })?;
        }
        for free in 0..=64 {
            let (said, is) = (self.mem.get(list, last_with(free)), ends.get(&free).copied());
            ensure(said == is, || format!("the last arena with {free} free pools is {is:?}, the table says {said:?}"))?;
        }
        Ok(())
    }

    /// I4.
    fn validate_map(&self, arenas: &[ArenaAt]) -> Result<(), String> {
        let size = u64::from(Self::ARENA);
        let bases: BTreeSet<u64> =
            arenas.iter().filter_map(|arena| self.mem.get(*arena, BASE)).map(|at| at.0).collect();
        let is_ours = |at: u64| bases.range(..=at).next_back().is_some_and(|base| at - base < size);
        for base in &bases {
            for at in [base - 1, *base, base + size / 2, base + size - 1, base + size] {
                let said = self.parts.address_map.holds(&self.mem, self.tables.map(), Addr(at), Self::SHAPE);
                ensure(said == is_ours(at), || format!("is {at:#x} ours? The map says {said}"))?;
            }
        }
        let (_, bottom) = self.map_nodes();
        let (mut starts, mut ends) = (0, 0);
        for node in bottom {
            for index in 0..1u64 << Self::SHAPE.bottom {
                let entry = node.plus(index * ENTRY);
                if self.mem.read(entry) == 0 {
                    continue;
                }
                starts += usize::from(self.mem.get(entry, STARTS) > 0);
                ends += usize::from(self.mem.get(entry, ENDS) > 0);
            }
        }
        let across = bases.iter().filter(|base| !base.is_multiple_of(size)).count();
        ensure((starts, ends) == (bases.len(), across), || {
            format!("{} arenas, {across} of them in two cells; the map has {starts} and {ends}", bases.len())
        })
    }
}
