//! # What is where in one arena
//!
//! What the machine knows without asking the part: where the memory lies, and what each pool is. It names places and
//! gives reasons, for sentences.

use crate::heap::view::draw_arena;
use kit::Addr;
use kit::arena::{
    ARENA, ArenaAt, BASE, BLOCK_SIZE, DESCRIPTOR, FREE_COUNT, FREE_POOLS, INDEX, NEXT_POOL, TOTAL_COUNT, UNCARVED,
};
use kit::checked::{CheckedMemory, Describe};
use kit::owner::{Owner, State};
use kit::picture::{ArenaPicture, Picture};
use kit::pool::{FREE_LIST, HEADER, IN_USE, LAST, UNTOUCHED};
use std::cell::{Cell, RefCell};

/// What a pool is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Is {
    /// Never handed out.
    Uncarved,
    /// Being handed out for the first time, by the call that runs.
    Next,
    /// Handed out.
    Out,
    /// It came back.
    Back,
}

/// One arena, as it should be.
pub(super) struct Place {
    pub(super) arena: ArenaAt,
    pub(super) arena_size: u32,
    pub(super) pool_size: u32,
    /// Where its memory begins.
    pub(super) base: Cell<Addr>,
    /// Each whole pool.
    pub(super) pools: RefCell<Vec<Is>>,
}

impl Place {
    /// The first whole pool.
    pub(super) fn first(&self) -> Addr {
        Addr(self.base.get().0.next_multiple_of(u64::from(self.pool_size)))
    }

    /// Where pool `number` begins.
    pub(super) fn pool(&self, number: u32) -> Addr {
        self.first().plus(u64::from(number) * u64::from(self.pool_size))
    }

    /// Whole pools that lie in the memory.
    pub(super) fn total(&self) -> u32 {
        let lost = self.first().since(self.base.get()) as u32;
        (self.arena_size - lost) / self.pool_size
    }

    /// Which pool begins at `at`.
    pub(super) fn number(&self, at: Addr) -> Option<u32> {
        self.inside(at).filter(|(_, offset)| *offset == 0).map(|(number, _)| number)
    }

    /// In which pool `at` lies, and how far in.
    fn inside(&self, at: Addr) -> Option<(u32, u64)> {
        let (offset, pool) = (at.since(self.first()), u64::from(self.pool_size));
        (offset / pool < u64::from(self.total())).then(|| ((offset / pool) as u32, offset % pool))
    }

    pub(super) fn is(&self, number: u32) -> Is {
        self.pools.borrow()[number as usize]
    }

    pub(super) fn set(&self, number: u32, is: Is) {
        self.pools.borrow_mut()[number as usize] = is;
    }

    pub(super) fn how_many(&self, is: Is) -> u32 {
        self.pools.borrow().iter().filter(|pool| **pool == is).count() as u32
    }

    /// The arena as its descriptor says that it is; empty before it was opened.
    pub(super) fn drawn<M: Owner>(&self, mem: &M) -> Picture {
        let nothing = || {
            let (index, pool_size, lost) = (0, self.pool_size, 0);
            ArenaPicture { index, pool_size, lost, pools: vec![], stack: vec![], free_count: 0 }
        };
        Picture::Arena(draw_arena(mem, self.arena, self.pool_size).unwrap_or_else(nothing))
    }

    /// The name of the place `at`, for a sentence.
    pub(super) fn named(&self, at: Addr) -> String {
        let offset = at.since(self.arena.0);
        if offset < DESCRIPTOR {
            return format!("the arena's {}", of_descriptor(offset));
        }
        match self.inside(at) {
            Some((number, 0)) if self.is(number) == Is::Uncarved => format!("pool {number}, which was never carved"),
            Some((number, offset)) if offset < u64::from(HEADER) => format!("pool {number}'s {}", of_pool(offset)),
            Some((number, offset)) => format!("pool {number}, {offset} bytes in"),
            None if at.since(self.base.get()) >= u64::from(self.arena_size) => format!("{at:?}, outside the arena"),
            None if at < self.first() => "the bytes in front of pool 0".into(),
            None => "the bytes behind the last pool".into(),
        }
    }

    /// As `named`, for an address that should be a pool's.
    pub(super) fn pool_named(&self, at: Addr) -> String {
        let end = self.pool(self.total());
        match self.number(at) {
            Some(number) => format!("pool {number}"),
            None if at == end => "the address behind the last pool".into(),
            None if at.since(self.first()) < u64::from(self.arena_size) => {
                format!("{at:?}, which is no multiple of a pool's size")
            }
            None => self.named(at),
        }
    }
}

fn of_descriptor(offset: u64) -> &'static str {
    let halves = [(FREE_COUNT.offset, FREE_COUNT.name), (TOTAL_COUNT.offset, TOTAL_COUNT.name)];
    let words = [
        (BASE.offset, BASE.name),
        (UNCARVED.offset, UNCARVED.name),
        (FREE_POOLS.offset, FREE_POOLS.name),
        (32, "next arena"),
        (40, "prev arena"),
        (INDEX.offset, INDEX.name),
    ];
    let known = halves.iter().find(|(start, _)| *start == offset & !3);
    known.or(words.iter().find(|(start, _)| *start == offset & !7)).map_or("spare bytes", |(_, name)| name)
}

fn of_pool(offset: u64) -> &'static str {
    let halves = [(ARENA.offset, ARENA.name), (BLOCK_SIZE.offset, BLOCK_SIZE.name), (UNTOUCHED.offset, UNTOUCHED.name)];
    let words = [(IN_USE.offset, IN_USE.name), (FREE_LIST.offset, FREE_LIST.name), (NEXT_POOL.offset, NEXT_POOL.name)];
    let known = halves.iter().chain(&[(LAST.offset, LAST.name)]).find(|(start, _)| *start == offset & !3);
    known.or(words.iter().find(|(start, _)| *start == offset & !7)).map_or("link back", |(_, name)| name)
}

impl Describe for Place {
    fn name(&self, _: &CheckedMemory, at: Addr) -> String {
        self.named(at)
    }

    fn why(&self, at: Addr, _: State, wrote: bool) -> Option<String> {
        if at.since(self.arena.0) < DESCRIPTOR {
            let index = at.since(self.arena.0) == INDEX.offset && wrote;
            return index.then(|| "an arena's number stays what it is: read it only".into());
        }
        let Some((number, _)) = self.inside(at) else {
            let near = at.since(self.base.get()) < u64::from(self.arena_size);
            return near.then(|| "no whole pool lies there (I4)".into());
        };
        let why = match self.is(number) {
            Is::Uncarved if self.how_many(Is::Back) > 0 => "a pool that came back wins (I2, I3)",
            Is::Uncarved => "nothing from UNCARVED on may be touched (I3)",
            Is::Next if wrote => "a new pool gets ARENA and BLOCK_SIZE only (I5)",
            Is::Back if wrote => "a pool that came back keeps its header (I6)",
            Is::Out => "that pool is handed out and belongs to whoever took it (I1)",
            Is::Next | Is::Back => return None,
        };
        Some(why.into())
    }

    fn picture(&self, mem: &CheckedMemory) -> Picture {
        self.drawn(mem)
    }
}
