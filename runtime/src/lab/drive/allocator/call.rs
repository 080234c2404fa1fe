//! Calls into the allocator, and what each of them must leave behind.

use super::super::{Served, Stage, Stop};
use super::held::Held;
use super::place::{block, used};
use crate::config::Config;
use crate::heap::machine::Heap;
use kit::Addr;
use kit::allocator::{ClassIndex, PoolAt, Pools};
use kit::geometry::Geometry;
use kit::owner::Owner;
use kit::size_classes::SizeClasses;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

/// A request that only a system without memory refuses, as long as nobody limits it.
const SMALL: u64 = 1 << 24;

/// The allocator at work.
pub(super) struct Calls<'a, C: Config> {
    pub(super) heap: Rc<Heap<C>>,
    part: Box<dyn Served>,
    stage: &'a Stage<'a, C>,
    held: RefCell<BTreeSet<Addr>>,
    serial: Cell<u64>,
    /// Did somebody limit the system's memory?
    tight: Cell<bool>,
}

impl<C: Config> Drop for Calls<'_, C> {
    /// On real memory, what a scenario still holds of the raw domain goes back: the heap gives back its arenas alone.
    fn drop(&mut self) {
        for at in self.held.take() {
            if self.heap.mem().state(at).is_none() && self.heap.pool_of(at).is_none() {
                self.heap.raw_free(at);
            }
        }
    }
}

/// What a `realloc` gave.
pub(super) enum Given {
    None,
    Block { now: Held, fact: String },
}

/// Everything that must be the same after a call that had no memory (I7).
type Before = Vec<Vec<PoolAt>>;

fn broken<T>(sentence: String) -> Result<T, Stop> {
    Err(Stop::Broken(format!("broken: {sentence}")))
}

impl<'a, C: Config> Calls<'a, C> {
    pub(super) fn new(stage: &'a Stage<'a, C>) -> Self {
        let heap = Heap::new((stage.memory)(), (stage.observer)(), stage.parts).expect("memory for the tables");
        let heap = Rc::new(heap);
        let part = (stage.serve)(heap.clone());
        Calls { heap, part, stage, held: RefCell::default(), serial: Cell::new(0), tight: Cell::new(false) }
    }

    pub(super) fn limit(&self, bytes: u64) {
        (self.stage.limit)(self.heap.mem(), bytes);
        self.tight.set(true);
    }

    /// `None`: no more memory, and everything is as it was.
    pub(super) fn malloc(&self, bytes: u64) -> Result<Option<Held>, Stop> {
        let before = self.before(bytes);
        let at = self.part.malloc(bytes);
        self.kept()?;
        let Some(at) = at else {
            self.as_before(before)?;
            return Ok(None);
        };
        let held = Held { at, bytes, serial: self.serial.replace(self.serial.get() + 1) };
        self.accept("malloc", &held)?;
        self.fits("malloc", &held)?;
        held.fill(self.heap.mem());
        Ok(Some(held))
    }

    pub(super) fn free(&self, held: &Held) -> Result<(), Stop> {
        self.untouched(held)?;
        self.held.borrow_mut().remove(&held.at);
        self.part.free(held.at);
        self.kept()
    }

    /// As [`free`](Calls::free); says where the pool went.
    pub(super) fn free_and_tell(&self, held: &Held) -> Result<String, Stop> {
        let Some(pool) = self.heap.pool_of(held.at) else {
            return self.free(held).map(|()| "ok, raw".into());
        };
        let (class, arenas) = (self.heap.class_in(pool), self.heap.seen().len());
        let listed = used(&self.heap, class).contains(&pool);
        self.free(held)?;
        let place = used(&self.heap, class).iter().position(|used| *used == pool);
        Ok(match (listed, place) {
            (false, Some(0)) => "ok, its pool is the front of the used list",
            (false, Some(_)) => "ok, its pool is in the used list, but not the front",
            (true, Some(_)) => "ok",
            (_, None) if self.heap.seen().len() < arenas => "ok, its pool went back, and the arena with it",
            (_, None) => "ok, its pool went back",
        }
        .into())
    }

    pub(super) fn realloc(&self, old: &Held, bytes: u64) -> Result<Given, Stop> {
        self.untouched(old)?;
        let (before, was_raw) = (self.before(bytes), self.heap.pool_of(old.at).is_none());
        let to = self.part.realloc(old.at, bytes);
        self.kept()?;
        let Some(to) = to else {
            self.as_before(before)?;
            if self.part.block(old.at).is_none() {
                return broken("there was no memory, and the block that realloc got is gone (I7)".into());
            }
            self.untouched(old)?;
            return Ok(Given::None);
        };
        let now = Held { at: to, bytes, serial: old.serial };
        self.held.borrow_mut().remove(&old.at);
        self.accept("realloc", &now)?;
        if to != old.at || was_raw {
            self.fits("realloc", &now)?;
        }
        // Where nobody keeps books, nobody knows which blocks are out.
        let has_books = self.heap.mem().state(to).is_some();
        if has_books && to != old.at && self.part.block(old.at).is_some() {
            return broken(format!(
                "realloc moved the content, but the old block did not go back (I6): {}",
                self.name(old.at)
            ));
        }
        let same = old.bytes.min(bytes);
        if let Some(offset) = now.differs(self.heap.mem(), to, same) {
            return broken(format!(
                "after realloc, byte {offset} of the first {same} is not what the program wrote (I6)"
            ));
        }
        now.fill(self.heap.mem());
        let fact = match (self.heap.pool_of(to).is_none(), was_raw) {
            (true, true) => "stays raw".into(),
            (false, false) if to == old.at => "stays".into(),
            _ => format!("moves to {}", block(&self.heap, to)),
        };
        Ok(Given::Block { now, fact })
    }

    /// Is it a block that is out, large enough, and nobody else's?
    fn accept(&self, by: &str, held: &Held) -> Result<(), Stop> {
        let Some(size) = self.part.block(held.at) else {
            return broken(format!("{by} gave {:?}: no block that is out begins there", held.at));
        };
        if size < held.bytes {
            let name = self.name(held.at);
            return broken(format!("{by} gave {name} for {} bytes, but it has only {size}", held.bytes));
        }
        if !self.held.borrow_mut().insert(held.at) {
            return broken(format!("{by} gave {}, which the program still holds", self.name(held.at)));
        }
        Ok(())
    }

    /// A block that was chosen for these bytes: of the class that serves them (I2), or from the raw domain with as many
    /// (I5).
    fn fits(&self, by: &str, held: &Held) -> Result<(), Stop> {
        let bytes = held.bytes;
        match self.heap.pool_of(held.at) {
            Some(pool) if self.heap.class_of(bytes) != Some(self.heap.class_in(pool)) => {
                let name = self.name(held.at);
                broken(format!("{by} gave {name} for {bytes} bytes, but another class serves those (I2)"))
            }
            None if self.part.block(held.at) != Some(bytes.max(1)) => {
                let size = self.part.block(held.at).unwrap_or(0);
                let wanted = bytes.max(1);
                broken(format!("{by} asked the raw domain for {size} bytes, not for {wanted} (I5)"))
            }
            _ => Ok(()),
        }
    }

    /// Nobody writes into a block that the program holds.
    pub(super) fn untouched(&self, held: &Held) -> Result<(), Stop> {
        match held.differs(self.heap.mem(), held.at, held.bytes) {
            None => Ok(()),
            Some(offset) => {
                let name = self.name(held.at);
                broken(format!("byte {offset} of {name} was changed while the program held that block"))
            }
        }
    }

    /// The promises that hold after each call.
    fn kept(&self) -> Result<(), Stop> {
        if let Some(misuse) = self.heap.mem().misused() {
            return Err(Stop::Broken(misuse.to_string()));
        }
        self.part.in_order().or_else(broken)
    }

    /// Is what is out what the program holds?
    pub(super) fn all_counted(&self, holds: u64) -> Result<(), Stop> {
        match self.part.out() {
            out if out == holds => Ok(()),
            out if out > holds => {
                broken(format!("{out} blocks are out, but the program holds {holds}: one is lost (I7)"))
            }
            out => broken(format!("the program holds {holds} blocks, but {out} are out: one was taken from it (I7)")),
        }
    }

    fn name(&self, at: Addr) -> String {
        match self.heap.pool_of(at) {
            Some(_) => block(&self.heap, at),
            None => "a block of the raw domain".into(),
        }
    }

    /// Where memory may be short.
    fn before(&self, bytes: u64) -> Option<Before> {
        (self.tight.get() || bytes > SMALL).then(|| self.lists())
    }

    fn lists(&self) -> Before {
        let classes = self.stage.parts.size_classes.class_count(C::Geometry::ALIGN);
        (0..classes).map(|class| used(&self.heap, ClassIndex(class))).collect()
    }

    fn as_before(&self, before: Option<Before>) -> Result<(), Stop> {
        let now = self.lists();
        let differs = before.and_then(|before| before.iter().zip(&now).position(|(before, now)| before != now));
        match differs {
            Some(class) => {
                let size = self.heap.block_size(ClassIndex(class as u32));
                broken(format!("there was no memory, but the used list for blocks of {size} is another one now (I7)"))
            }
            None => Ok(()),
        }
    }
}
