//! # The machine around one arena
//!
//! ```text
//!   table    | 0 | 1 | descriptor 2 | ...     the arena's number is not 0: a forgotten field would say so
//!   memory   |  offset  | pool 0 | pool 1 | ...
//! ```
//!
//! It owns the memory, says what each call may touch, lets each pool serve that is handed out, and looks after each
//! call whether the descriptor says what is so. What it knows it counts for itself ([`Place`]); nothing is believed.

use super::super::{Stage, Stop};
use super::place::{Is, Place};
use crate::config::Config;
use kit::Addr;
use kit::arena::{
    ARENA, Arena, ArenaAt, BASE, BLOCK_SIZE, DESCRIPTOR, FREE_COUNT, FREE_POOLS, INDEX, NEXT_POOL, Supply, TOTAL_COUNT,
    UNCARVED,
};
use kit::geometry::Geometry;
use kit::memory::Memory;
use kit::observe::Observer;
use kit::owner::{Owner, Rights, State, States};
use kit::pool::{FREE_LIST, HEADER, IN_USE, LAST, NEXT_USED, PREV_USED, PoolAt, UNTOUCHED};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// `Header` is the arena's own; `FreeLink` it may look at; everything else is none of its business.
const READ: States = States::of(&[State::Header, State::FreeLink]);
const WRITE: States = States::of(&[State::Header]);
/// Descriptors in the table.
const ROOM: u64 = 8;

/// One arena, its memory and its books.
pub(super) struct Machine<'a, C: Config> {
    stage: &'a Stage<'a, C>,
    mem: C::Memory,
    observer: C::Observer,
    table: Addr,
    place: Rc<Place>,
    /// Pools that were ever handed out: each serves blocks of another size.
    served: u32,
    /// What was mapped for the pools.
    mapped: Addr,
}

fn broken<T>(sentence: String) -> Result<T, Stop> {
    Err(Stop::Broken(format!("broken: {sentence}")))
}

impl<'a, C: Config> Machine<'a, C> {
    const POOL: u32 = C::Geometry::POOL;
    const ARENA: u32 = C::Geometry::ARENA;
    /// Bytes that hold an arena at any offset.
    const MAPPED: u64 = (Self::ARENA + Self::POOL) as u64;

    /// An arena whose memory begins `offset` bytes behind a multiple of a pool.
    pub(super) fn new(stage: &'a Stage<'a, C>, index: u32, offset: u32) -> Result<Self, Stop> {
        let mem = (stage.memory)();
        let table = mem.map(ROOM * DESCRIPTOR, 16).expect("a few descriptors");
        let arena = ArenaAt(table.plus(u64::from(index) * DESCRIPTOR));
        mem.mark(arena.0, 32, State::Header);
        mem.mark(arena.0.plus(32), DESCRIPTOR - 32, State::Foreign);
        mem.mark(arena.0.plus(INDEX.offset), 4, State::FreeLink);
        mem.set(arena, INDEX, index);
        let (base, pools) = (Cell::new(Addr(0)), RefCell::default());
        let place = Rc::new(Place { arena, arena_size: Self::ARENA, pool_size: Self::POOL, base, pools });
        (stage.describe)(&mem, place.clone());
        let observer = (stage.observer)();
        let mut machine = Machine { stage, mem, observer, table, place, served: 0, mapped: Addr(0) };
        machine.open(offset)?;
        Ok(machine)
    }

    /// Other memory for the same descriptor. No pool may be handed out.
    pub(super) fn again(&mut self, offset: u32) -> Result<(), Stop> {
        self.release();
        self.open(offset)
    }

    fn open(&mut self, offset: u32) -> Result<(), Stop> {
        self.mapped = self.mem.map(Self::MAPPED, u64::from(Self::POOL)).expect("one arena's bytes");
        if C::Memory::WATCHED && self.mem.state(self.mapped).is_none() {
            self.mem.mark(self.mapped, Self::MAPPED, State::Untouched);
        }
        let base = self.mapped.plus(u64::from(offset));
        self.place.base.set(base);
        self.place.pools.replace(vec![Is::Uncarved; self.place.total() as usize]);
        self.call("open", |part, mem| part.open(mem, self.place.arena, base, Self::ARENA, Self::POOL));
        self.drawn();
        self.kept()
    }

    /// Hands out a pool, and lets it serve: its number, the size of the blocks that it served before, what changed.
    pub(super) fn take(&mut self) -> Result<(u32, u32, Supply), Stop> {
        let place = self.place.clone();
        let next = place.total() - place.how_many(Is::Uncarved);
        let carves = place.how_many(Is::Back) == 0;
        if carves {
            place.set(next, Is::Next);
            self.mem.mark(place.pool(next).plus(ARENA.offset), 8, State::Header);
        }
        let (pool, supply) = self.call("take", |part, mem| part.take(mem, place.arena, Self::POOL));
        self.misused()?;
        let Some(number) = place.number(pool.0) else {
            return broken(format!("take gave {}: no pool begins there (I4)", place.pool_named(pool.0)));
        };
        let had = match place.is(number) {
            Is::Out => return broken(format!("take gave pool {number}, which is handed out already (I1)")),
            Is::Uncarved if carves => {
                return broken(format!("take gave pool {number}, but UNCARVED was pool {next} (I1)"));
            }
            Is::Uncarved => {
                return broken(format!(
                    "take gave pool {number}, which was never carved, though another came back (I2)"
                ));
            }
            Is::Next => self.carved(number)?,
            Is::Back => self.mem.peek_half(pool.0.plus(BLOCK_SIZE.offset)).unwrap_or(0),
        };
        place.set(number, Is::Out);
        self.kept()?;
        self.serve(number);
        Ok((number, had, supply))
    }

    /// Takes pool `number` back.
    pub(super) fn give(&mut self, number: u32) -> Result<Supply, Stop> {
        let pool = PoolAt(self.place.pool(number));
        self.place.set(number, Is::Back);
        self.mem.mark(pool.0.plus(NEXT_POOL.offset), 8, State::Header);
        self.mem.mark(pool.0.plus(ARENA.offset), 8, State::FreeLink);
        let supply = self.call("give", |part, mem| part.give(mem, self.place.arena, pool));
        self.kept()?;
        Ok(supply)
    }

    /// Pools that can be had.
    pub(super) fn free(&self) -> u32 {
        self.total() - self.place.how_many(Is::Out)
    }

    pub(super) fn total(&self) -> u32 {
        self.place.total()
    }

    /// What the descriptor says, in words.
    pub(super) fn count(&self) -> String {
        let (free, total) = (self.half(FREE_COUNT.offset).unwrap_or(0), self.half(TOTAL_COUNT.offset).unwrap_or(0));
        let uncarved = self.word(UNCARVED.offset).unwrap_or(0);
        let carved = uncarved.saturating_sub(self.place.first().0) / u64::from(Self::POOL);
        let lost = Self::ARENA.saturating_sub(total.saturating_mul(Self::POOL));
        format!("{free} of {total} pools free, {carved} carved, {lost} bytes lost")
    }

    /// Tells whoever listens what it looks like now.
    pub(super) fn drawn(&self) {
        self.observer.picture(|| self.place.drawn(&self.mem));
    }

    fn call<R>(&self, during: &'static str, part: impl FnOnce(&C::Arena, &C::Memory) -> R) -> R {
        let rights = Rights { during, read: READ, write: WRITE, untouched_from: Addr(0) };
        self.mem.call(rights, || part(self.stage.parts.arena, &self.mem))
    }

    /// A new pool has its two fields.
    fn carved(&self, number: u32) -> Result<u32, Stop> {
        let pool = self.place.pool(number);
        for (field, should, why) in [(ARENA, self.half(INDEX.offset), "its arena's INDEX"), (BLOCK_SIZE, Some(0), "0")]
        {
            match self.mem.peek_half(pool.plus(field.offset)) {
                None => return broken(format!("pool {number}'s {} was never written (I5)", field.name)),
                is if is == should => {}
                Some(is) => {
                    return broken(format!("pool {number}'s {} is {is}, but should be {why} (I5)", field.name));
                }
            }
        }
        Ok(0)
    }

    /// Whoever took the pool uses it, its header and a little of its end.
    fn serve(&mut self, number: u32) {
        let pool = PoolAt(self.place.pool(number));
        let end = pool.0.plus(u64::from(Self::POOL) - 8);
        self.mem.mark(pool.0, u64::from(HEADER), State::Foreign);
        self.mem.mark(end, 8, State::Foreign);
        let size = 16 + self.served % 32 * 16;
        self.served += 1;
        // Odd numbers: as a link they lead nowhere.
        let odd = |word: u64| 0x9001_0000_0000_0001 | u64::from(number) << 16 | word << 4;
        for offset in [IN_USE.offset, FREE_LIST.offset, NEXT_USED.offset, PREV_USED.offset] {
            self.mem.write(pool.0.plus(offset), odd(offset));
        }
        self.mem.set(pool, BLOCK_SIZE, size);
        self.mem.set(pool, UNTOUCHED, Self::POOL);
        self.mem.set(pool, LAST, Self::POOL - size);
        self.mem.write(end, odd(0));
    }

    fn word(&self, offset: u64) -> Option<u64> {
        self.mem.peek(self.place.arena.0.plus(offset))
    }

    fn half(&self, offset: u64) -> Option<u32> {
        self.mem.peek_half(self.place.arena.0.plus(offset))
    }

    fn misused(&self) -> Result<(), Stop> {
        self.mem.misused().map_or(Ok(()), |misuse| Err(Stop::Broken(misuse.to_string())))
    }

    /// The promises that hold after each call.
    fn kept(&self) -> Result<(), Stop> {
        self.misused()?;
        let place = &self.place;
        let never = |name: &str| Stop::Broken(format!("broken: {name} was never written"));
        let base = self.word(BASE.offset).ok_or_else(|| never(BASE.name))?;
        let uncarved = Addr(self.word(UNCARVED.offset).ok_or_else(|| never(UNCARVED.name))?);
        let free = self.half(FREE_COUNT.offset).ok_or_else(|| never(FREE_COUNT.name))?;
        let total = self.half(TOTAL_COUNT.offset).ok_or_else(|| never(TOTAL_COUNT.name))?;
        let head = self.word(FREE_POOLS.offset).ok_or_else(|| never(FREE_POOLS.name))?;
        if base != place.base.get().0 {
            return broken(format!("BASE says {:?}, but the memory begins at {:?}", Addr(base), place.base.get()));
        }
        if total != place.total() {
            return broken(format!(
                "TOTAL_COUNT says {total}, but {} whole pools lie in the arena (I4)",
                place.total()
            ));
        }
        let (back, untouched) = (place.how_many(Is::Back), place.how_many(Is::Uncarved));
        let next = place.pool(total - untouched);
        if uncarved != next {
            let (is, should) = (place.pool_named(uncarved), place.pool_named(next));
            let number = if place.number(uncarved).is_some() || total > untouched { "I1" } else { "I4" };
            return broken(format!("UNCARVED is {is}, but should be {should} ({number})"));
        }
        if free != back + untouched {
            return broken(format!(
                "FREE_COUNT says {free}, but {back} pools came back and {untouched} were never carved (I1)"
            ));
        }
        self.stacked(head, back)
    }

    /// The stack holds each pool that came back, once, and nothing else.
    fn stacked(&self, head: u64, back: u32) -> Result<(), Stop> {
        let (mut next, mut seen) = (head, vec![]);
        while next != 0 {
            let what = match self.place.number(Addr(next)) {
                None => format!("{}: no pool begins there", self.place.pool_named(Addr(next))),
                Some(number) if seen.contains(&number) => format!("pool {number} again, round in a ring"),
                Some(number) if self.place.is(number) == Is::Back => {
                    seen.push(number);
                    next = self.mem.peek(Addr(next).plus(NEXT_POOL.offset)).unwrap_or(0);
                    continue;
                }
                Some(number) if self.place.is(number) == Is::Out => format!("pool {number}, which is handed out"),
                Some(number) => format!("pool {number}, which was never carved"),
            };
            let from = seen.last().map_or("FREE_POOLS".into(), |last| format!("pool {last}'s NEXT_POOL"));
            return broken(format!("{from} leads to {what} (I1)"));
        }
        if seen.len() as u32 != back {
            return broken(format!("{back} pools came back, but the stack holds {} (I1)", seen.len()));
        }
        Ok(())
    }

    fn release(&self) {
        // A part that gave it back itself is told so already.
        if self.mem.state(self.mapped) != Some(State::Unmapped) {
            self.mem.release(self.mapped, Self::MAPPED, u64::from(Self::POOL));
        }
    }
}

impl<C: Config> Drop for Machine<'_, C> {
    fn drop(&mut self) {
        self.release();
        self.mem.release(self.table, ROOM * DESCRIPTOR, 16);
    }
}
