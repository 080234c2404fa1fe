//! The machine around an address map: memory, the rights of each call, and what each call must leave behind.
//!
//! ```text
//!            may read                           may write
//!   insert   all nodes                          all nodes, and has memory for exactly the missing ones
//!   remove   all nodes                          the entries of the arena's cells
//!   holds    the entries on the address's way   nothing
//! ```

use super::super::{Stage, Stop};
use super::layout::{Layout, Node};
use crate::config::Config;
use kit::Addr;
use kit::address_map::{AddressMap, ENTRY, MapAt, Shape};
use kit::geometry::Geometry;
use kit::memory::Memory;
use kit::observe::Observer;
use kit::owner::{Owner, Rights, State, States};
use kit::picture::{MapPicture, Picture};
use std::cell::Cell;
use std::rc::Rc;

/// What the system wants a node's address to be a multiple of.
const PAGE: u64 = 4096;

/// What is open to one call only. (Elsewhere in the heap this is a free block's link; a map has none.)
const OPEN: State = State::FreeLink;

const ALL: States = States::of(&[State::Header, OPEN]);
const OPENED: States = States::of(&[OPEN]);

pub(super) struct Map<'a, C: Config> {
    mem: C::Memory,
    stage: &'a Stage<'a, C>,
    observer: C::Observer,
    layout: Rc<Layout>,
    /// Nodes that can still be had.
    left: Cell<u64>,
}

fn broken<T>(sentence: String) -> Result<T, Stop> {
    Err(Stop::Broken(format!("broken: {sentence}")))
}

impl<'a, C: Config> Map<'a, C> {
    /// A map with its root, in a memory of its own.
    pub(super) fn new(stage: &'a Stage<'a, C>) -> Self {
        let mem = (stage.memory)();
        let shape = Shape::of(C::Geometry::ARENA);
        let at = MapAt(mem.map_zeroed(ENTRY << shape.root, PAGE).expect("memory for the root"));
        let layout = Layout { at, shape, cells: Default::default(), during: Cell::new("") };
        let layout = Rc::new(layout);
        (stage.describe)(&mem, layout.clone());
        Map { mem, stage, observer: (stage.observer)(), layout, left: Cell::new(u64::MAX) }
    }

    pub(super) fn limit(&self, nodes: u64) {
        self.left.set(nodes);
    }

    pub(super) fn draw(&self) -> MapPicture {
        self.layout.draw(&self.mem)
    }

    fn call<R>(&self, during: &'static str, read: States, write: States, part: impl FnOnce() -> R) -> Result<R, Stop> {
        self.layout.during.set(during);
        let result = self.mem.call(Rights { during, read, write, untouched_from: Addr(u64::MAX) }, part);
        match self.mem.misused() {
            Some(misuse) => Err(Stop::Broken(misuse.to_string())),
            None => Ok(result),
        }
    }

    /// False: there was no memory for a node.
    pub(super) fn insert(&self, base: Addr) -> Result<bool, Stop> {
        let cells = self.layout.cells_of(base);
        self.layout.cells.borrow_mut().extend(&cells);
        let (missing, others) = (self.layout.missing(&self.mem, &cells), self.others(base));
        let enough = self.left.get() >= missing.len() as u64;
        let may: &[Node] = if enough { &missing } else { &missing[..self.left.get() as usize] };
        // Who asks for more, or for larger ones, gets none.
        (self.stage.limit)(&self.mem, may.iter().map(|node| self.layout.bytes(node)).sum());
        let part = self.stage.parts.address_map;
        let inserted =
            self.call("insert", ALL, ALL, || part.insert(&self.mem, self.layout.at, base, self.layout.shape))?;
        (self.stage.limit)(&self.mem, u64::MAX);
        let still = self.layout.missing(&self.mem, &cells).len();
        self.left.set(self.left.get().saturating_sub(missing.len().saturating_sub(still) as u64));
        match (inserted, enough, missing.len()) {
            (true, _, _) if still > 0 => {
                return broken(format!("insert said true, but {still} of the nodes for its cells are not there (I2)"));
            }
            (false, true, 0) => {
                return broken(
                    "insert said false, although every node was there: did it ask for one more (I2)?".into(),
                );
            }
            (false, true, count) => {
                return broken(format!(
                    "insert said false, although there was memory for the {count} nodes that were missing: did it ask \
                     for more, or for larger ones (I2)?"
                ));
            }
            _ => {}
        }
        if let Some((at, _)) = self.layout.nodes(&self.mem).into_iter().find(|(at, _)| !at.0.is_multiple_of(PAGE)) {
            return broken(format!(
                "insert made a node at {at:?}: ask for nodes that begin at a multiple of {PAGE}, as the map gives them back"
            ));
        }
        self.not_harmed("insert", base, &others)?;
        self.drawn();
        Ok(inserted)
    }

    pub(super) fn remove(&self, base: Addr) -> Result<(), Stop> {
        let (cells, others) = (self.layout.cells_of(base), self.others(base));
        let next = cells[0].checked_add(1).into_iter().chain(cells.iter().copied());
        let entries: Vec<Addr> = next.filter_map(|cell| self.layout.entry(&self.mem, cell)).collect();
        let part = self.stage.parts.address_map;
        self.opened(&entries, || {
            self.call("remove", ALL, OPENED, || part.remove(&self.mem, self.layout.at, base, self.layout.shape))
        })?;
        self.not_harmed("remove", base, &others)?;
        self.drawn();
        Ok(())
    }

    pub(super) fn holds(&self, address: Addr) -> Result<bool, Stop> {
        let way = self.layout.way(&self.mem, self.layout.cell(address).0);
        let part = self.stage.parts.address_map;
        self.opened(&way, || {
            let none = States::of(&[]);
            self.call("holds", OPENED, none, || part.holds(&self.mem, self.layout.at, address, self.layout.shape))
        })
    }

    /// Runs `call` while these entries are open to it.
    fn opened<R>(&self, entries: &[Addr], call: impl FnOnce() -> R) -> R {
        entries.iter().for_each(|entry| self.mem.mark(*entry, ENTRY, OPEN));
        let result = call();
        entries.iter().for_each(|entry| self.mem.mark(*entry, ENTRY, State::Header));
        result
    }

    /// What the arena's two cells say about others: `ENDS` of the one that it begins in, `STARTS` of the next.
    fn others(&self, base: Addr) -> [(u64, u32); 2] {
        let (cell, _) = self.layout.cell(base);
        let next = cell.wrapping_add(1);
        [(cell, self.layout.said(&self.mem, cell).0), (next, self.layout.said(&self.mem, next).1)]
    }

    fn not_harmed(&self, during: &str, base: Addr, before: &[(u64, u32); 2]) -> Result<(), Stop> {
        let now = self.others(base);
        for (place, field) in ["ENDS", "STARTS"].into_iter().enumerate() {
            let ((cell, before), (_, now)) = (before[place], now[place]);
            if before != now {
                return broken(format!(
                    "{during} changed {field} of cell {cell} from {before} to {now}, but that half speaks about \
                     another arena (I4)"
                ));
            }
        }
        Ok(())
    }

    fn drawn(&self) {
        self.observer.picture(|| Picture::Map(self.draw()));
    }
}

impl<C: Config> Drop for Map<'_, C> {
    /// Checked memory goes as a whole. Real memory goes back node by node.
    fn drop(&mut self) {
        if self.mem.state(self.layout.at.0).is_some() {
            return;
        }
        for (at, node) in self.layout.nodes(&self.mem) {
            self.mem.release(at, self.layout.bytes(&node), PAGE);
        }
        self.mem.release(self.layout.at.0, ENTRY << self.layout.shape.root, PAGE);
    }
}
