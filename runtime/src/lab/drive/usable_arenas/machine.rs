//! # The machine around the list of usable arenas
//!
//! It keeps descriptors without arenas: it counts for them, as the arena's part does, calls the list's part, and looks
//! after each call whether the list and its table are what the numbers say. It also counts what the part touched: who
//! walks along a list of two hundred arenas is found out by that.

use super::super::super::scenario::Op;
use super::super::{Stage, Stop};
use super::books::{Books, Is, MOST};
use crate::config::Config;
use kit::Addr;
use kit::arena::DESCRIPTOR;
use kit::memory::Memory;
use kit::observe::Observer;
use kit::owner::{Owner, Rights, State, States};
use kit::picture::Picture;
use kit::text::list;
use kit::usable_arenas::{
    FREE_COUNT, Fate, NEXT_ARENA, PREV_ARENA, TABLE, TOTAL_COUNT, UsableArenas, UsableAt, last_with,
};
use std::cell::RefCell;
use std::rc::Rc;

/// `Header` is the list's own; `FreeLink` are the numbers that it may look at.
const READ: States = States::of(&[State::Header, State::FreeLink]);
const WRITE: States = States::of(&[State::Header]);

/// What one call may touch: enough for a few steps and two looks at the whole table, too little for a long walk.
const TOUCHES: u64 = 160;

/// Lists that fit into a line.
const FEW: usize = 12;

/// The list, the descriptors, and what is known about them.
pub(super) struct Machine<'a, C: Config> {
    stage: &'a Stage<'a, C>,
    mem: C::Memory,
    observer: C::Observer,
    books: Rc<Books>,
    /// Free pools and all pools of each arena.
    pools: Vec<(u32, u32)>,
    /// The list after the last call that kept its promises.
    listed: Vec<usize>,
    /// The list that was drawn last, and whether nothing happened since.
    drawn: RefCell<(Vec<usize>, bool)>,
}

fn broken<T>(sentence: String) -> Result<T, Stop> {
    Err(Stop::Broken(format!("broken: {sentence}")))
}

impl<'a, C: Config> Machine<'a, C> {
    /// No arena yet, and descriptors for these names.
    pub(super) fn new(stage: &'a Stage<'a, C>, names: Vec<String>) -> Self {
        let mem = (stage.memory)();
        let list = UsableAt(mem.map_zeroed(TABLE, 16).expect("one table"));
        let bytes = Self::bytes(names.len());
        let table = mem.map_zeroed(bytes, 16).expect("a few descriptors");
        mem.mark(table, bytes, State::Foreign);
        let pools = vec![(0, 0); names.len()];
        let books = Rc::new(Books { list, table, is: RefCell::new(vec![Is::Unknown; names.len()]), names });
        (stage.describe)(&mem, books.clone());
        Machine { stage, mem, observer: (stage.observer)(), books, pools, listed: vec![], drawn: RefCell::default() }
    }

    /// One descriptor more than there are names: a spare one, that old links lead to.
    fn bytes(names: usize) -> u64 {
        (names as u64 + 1) * DESCRIPTOR
    }

    /// The name of the first arena in the list.
    pub(super) fn first(&self) -> Option<&str> {
        self.listed.first().map(|number| self.books.names[*number].as_str())
    }

    /// A new arena, the only one with free pools.
    pub(super) fn add(&mut self, op: &Op, name: &str, total: u32) -> Result<(), Stop> {
        let number = self.appear(op, name, total, total)?;
        self.call("add", |part, mem| part.add(mem, self.books.list, self.books.arena(number)))?;
        self.kept()
    }

    /// An arena whose pools are all handed out already.
    pub(super) fn full(&mut self, op: &Op, name: &str, total: u32) -> Result<(), Stop> {
        self.appear(op, name, 0, total).map(|_| ())
    }

    /// Names of those that have no free pool any more.
    pub(super) fn take(&mut self, op: &Op, count: u32) -> Result<Vec<String>, Stop> {
        let mut emptied = vec![];
        for _ in 0..count {
            let Some(&number) = self.listed.first() else {
                return Ok(op.bad("no arena has a free pool: `add` one first")?);
            };
            self.set_free(number, self.pools[number].0 - 1);
            self.call("taken", |part, mem| part.taken(mem, self.books.list, self.books.arena(number)))?;
            self.kept()?;
            if self.pools[number].0 == 0 {
                emptied.push(self.books.names[number].clone());
            }
        }
        Ok(emptied)
    }

    /// Whether the arena went back to the system.
    pub(super) fn give(&mut self, op: &Op, name: &str, count: u32) -> Result<bool, Stop> {
        let there = |number: &usize| self.books.is.borrow()[*number] == Is::There;
        let Some(number) = self.books.names.iter().position(|other| other == name).filter(there) else {
            return Ok(op.bad(format!("there is no arena `{name}`"))?);
        };
        let (free, total) = self.pools[number];
        if count > total - free {
            let out = if free == total { "none".into() } else { format!("only {}", total - free) };
            return Ok(op.bad(format!("{out} of {name}'s pools are handed out"))?);
        }
        for _ in 0..count {
            let free = self.pools[number].0 + 1;
            self.set_free(number, free);
            let should =
                if free == total && self.listed.last() != Some(&number) { Fate::GoesBack } else { Fate::Stays };
            let fate = self.call("given", |part, mem| part.given(mem, self.books.list, self.books.arena(number)))?;
            match (fate, should) {
                (Fate::GoesBack, Fate::Stays) if free < total => {
                    return broken(format!(
                        "given says that {name} goes back, but {free} of {total} pools are free (I5)"
                    ));
                }
                (Fate::GoesBack, Fate::Stays) => {
                    return broken(format!("given says that {name} goes back, but it is the last of the list (I5)"));
                }
                (Fate::Stays, Fate::GoesBack) => {
                    return broken(format!(
                        "given says that {name} stays, but all of its pools are free, and it is not the last (I5)"
                    ));
                }
                _ => {}
            }
            if fate == Fate::GoesBack {
                self.set_is(number, Is::Gone);
                self.kept()?;
                return Ok(true);
            }
            self.kept()?;
        }
        Ok(false)
    }

    /// The list in words: `a:1 b:3`.
    pub(super) fn told(&self) -> String {
        list(self.listed.iter().map(|number| format!("{}:{}", self.books.names[*number], self.pools[*number].0)))
    }

    pub(super) fn picture(&self) -> Picture {
        Picture::Usable(self.books.draw(&self.mem))
    }

    /// Tells whoever listens what it looks like now, unless that was told.
    pub(super) fn drawn(&self) {
        if !self.drawn.borrow().1 {
            self.observer.picture(|| self.picture());
        }
    }

    /// After each call: another order of a short list is drawn at once, other numbers alone are not.
    fn look(&self) {
        let order = self.books.walk(&self.mem).arenas;
        let moved = self.drawn.borrow().0 != order && order.len() <= FEW;
        if moved {
            self.observer.picture(|| self.picture());
        }
        self.drawn.replace((order, moved));
    }

    /// The arena `name` gets memory: its descriptor has old links, as one that served before.
    fn appear(&mut self, op: &Op, name: &str, free: u32, total: u32) -> Result<usize, Stop> {
        let number = self.books.names.iter().position(|other| other == name).expect("names were counted");
        if self.books.is.borrow()[number] == Is::There {
            return Ok(op.bad(format!("there is an arena `{name}` already"))?);
        }
        self.pools[number] = (free, total);
        self.set_is(number, Is::There);
        let (arena, spare) = (self.books.arena(number), self.books.arena(self.books.names.len()));
        self.mem.set(arena, NEXT_ARENA, Some(spare));
        self.mem.set(arena, PREV_ARENA, Some(spare));
        self.mem.set(arena, TOTAL_COUNT, total);
        self.set_free(number, free);
        Ok(number)
    }

    fn set_is(&self, number: usize, is: Is) {
        let arena = self.books.arena(number).0;
        self.books.is.borrow_mut()[number] = is;
        let (links, counts) =
            if is == Is::There { (State::Header, State::FreeLink) } else { (State::Foreign, State::Foreign) };
        self.mem.mark(arena.plus(FREE_COUNT.offset), 8, counts);
        self.mem.mark(arena.plus(NEXT_ARENA.offset), 16, links);
    }

    fn set_free(&mut self, number: usize, free: u32) {
        self.pools[number].0 = free;
        self.mem.set(self.books.arena(number), FREE_COUNT, free);
    }

    /// Calls the part and counts what it touches.
    fn call<R>(&self, during: &'static str, part: impl FnOnce(&C::UsableArenas, &C::Memory) -> R) -> Result<R, Stop> {
        let rights = Rights { during, read: READ, write: WRITE, untouched_from: Addr(0) };
        let before = self.mem.accesses();
        let result = self.mem.call(rights, || part(self.stage.parts.usable_arenas, &self.mem));
        let touched = self.mem.accesses() - before;
        if let Some(misuse) = self.mem.misused() {
            return Err(Stop::Broken(misuse.to_string()));
        }
        self.look();
        if touched > TOUCHES {
            let arenas = self.listed.len();
            return broken(format!(
                "{during} read and wrote {touched} words, with {arenas} arenas in the list: do not walk along it (I4)"
            ));
        }
        Ok(result)
    }

    /// The promises that hold after each call; takes note of the list.
    fn kept(&mut self) -> Result<(), Stop> {
        let walked = self.books.walk(&self.mem);
        let name = |number: usize| self.books.names[number].as_str();
        if let Some(astray) = walked.astray {
            let from = walked.arenas.last().map_or("FIRST".into(), |last| format!("{}'s NEXT_ARENA", name(*last)));
            let to = self.books.named(astray.0);
            let again = if self.books.number(astray).is_some() { " again, round in a ring" } else { "" };
            return broken(format!("{from} leads to {to}{again} (I1)"));
        }
        let mut left = None;
        for number in walked.arenas.iter().copied() {
            let before = self.mem.peek(self.books.arena(number).0.plus(PREV_ARENA.offset)).unwrap_or(0);
            let should = left.map_or(0, |left| self.books.arena(left).0.0);
            if before != should {
                let (is, should) = (self.books.named(before), self.books.named(should));
                return broken(format!("{}'s PREV_ARENA is {is}, but {should} is on its left (I1)", name(number)));
            }
            left = Some(number);
        }
        let mut in_list = vec![false; self.pools.len()];
        walked.arenas.iter().for_each(|number| in_list[*number] = true);
        for (number, (free, _)) in self.pools.iter().enumerate() {
            let listed = in_list[number];
            let there = self.books.is.borrow()[number] == Is::There;
            if listed && *free == 0 {
                return broken(format!("{} has no free pool and is still in the list (I1)", name(number)));
            }
            if !listed && there && *free > 0 {
                return broken(format!("{} has {free} free, but is not in the list (I1)", name(number)));
            }
        }
        for pair in walked.arenas.windows(2) {
            let (left, right) = (self.pools[pair[0]].0, self.pools[pair[1]].0);
            if left > right {
                let (a, b) = (name(pair[0]), name(pair[1]));
                return broken(format!("{a} has {left} free and stands left of {b}, which has {right} (I2)"));
            }
        }
        self.ends(&walked.arenas)?;
        self.listed = walked.arenas;
        Ok(())
    }

    /// Is each entry of the table right?
    fn ends(&self, listed: &[usize]) -> Result<(), Stop> {
        for free in 0..=MOST {
            let last = listed.iter().rev().find(|number| self.pools[**number].0 == free);
            let should = last.map_or(0, |number| self.books.arena(*number).0.0);
            let is = self.mem.peek(self.books.list.0.plus(last_with(free).offset)).unwrap_or(0);
            if is != should {
                let (is, should) = (self.books.named(is), self.books.named(should));
                return broken(format!("last_with({free}) is {is}, but should be {should} (I3)"));
            }
        }
        Ok(())
    }
}

impl<C: Config> Drop for Machine<'_, C> {
    fn drop(&mut self) {
        self.mem.release(self.books.list.0, TABLE, 16);
        self.mem.release(self.books.table, Self::bytes(self.books.names.len()), 16);
    }
}
