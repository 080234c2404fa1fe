//! # The address map, and a set of numbers
//!
//! The map is asked at every edge: the byte before an arena, its first, its last, the one behind. Arenas lie in few cells,
//! so they share them, and at the ends of nodes; memory for nodes may run out.

use crate::memory::{Ledger, Rationed};
use arbitrary::{Result, Unstructured};
use kit::Addr;
use kit::address_map::{AddressMap, ENTRY, MapAt, Shape};
use kit::memory::Memory;
use kit::raw::RawMemory;
use runtime::heap::address_map::Part;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Operations of one program, at most.
const OPS: usize = 200;
/// Arenas at one time, at most.
const ARENAS: usize = 12;

/// Draws a program from `bytes` and runs it.
///
/// # Panics
/// When the map says something else than the set.
pub fn run(bytes: &[u8]) {
    let mut u = Unstructured::new(bytes);
    // No bytes left is no fault: the program is over.
    let _ = draw_and_run(&mut u);
}

struct Run {
    mem: Rationed<RawMemory>,
    ledger: Rc<Ledger>,
    map: MapAt,
    shape: Shape,
    inserted: BTreeSet<u64>,
    /// Bases whose nodes are there.
    had_nodes: BTreeSet<u64>,
}

impl Drop for Run {
    fn drop(&mut self) {
        self.mem.release_everything();
    }
}

fn draw_and_run(u: &mut Unstructured<'_>) -> Result<()> {
    let few_bits = Shape { root: 11, middle: 11, bottom: 11, offset: 31 };
    let shape = *u.choose(&[Shape::of(256 << 10), Shape::of(1 << 20), few_bits])?;
    let ledger = Rc::<Ledger>::default();
    // SAFETY: the map reads and writes its own nodes only (I1 of kit::raw).
    let mem = Rationed::new(unsafe { RawMemory::new() }, ledger.clone(), 0, 0);
    let map = MapAt(mem.map_zeroed(ENTRY << shape.root, 4096).expect("a root"));
    let mut run = Run { mem, ledger, map, shape, inserted: BTreeSet::new(), had_nodes: BTreeSet::new() };
    let mut cells = vec![];
    for _ in 0..u.int_in_range(1..=4)? {
        // At the beginning or the end of a node, or anywhere.
        let edges = [0, 1 << shape.bottom, 1 << (shape.bottom + shape.middle), u64::MAX];
        let cell: u64 = if u.arbitrary()? { *u.choose(&edges)? } else { u.arbitrary()? };
        cells.push(cell.wrapping_sub(u.int_in_range(0..=2)?) & (u64::MAX >> shape.offset));
    }
    let mut offsets = vec![0, 1, (1 << shape.offset) - 1];
    offsets.push(u.int_in_range(0..=(1 << shape.offset) - 1)?);
    for _ in 0..OPS {
        if u.is_empty() {
            break;
        }
        match u.int_in_range(0..=7)? {
            0..=3 => run.insert(u.choose(&cells)? << shape.offset | u.choose(&offsets)?),
            4 | 5 => run.remove(u.arbitrary()?),
            6 => run.ask(u.arbitrary()?),
            _ => run.ledger.ration(if u.arbitrary()? { Some(u.int_in_range(0..=2)?) } else { None }),
        }
        run.ask_at_every_edge();
    }
    Ok(())
}

impl Run {
    fn size(&self) -> u64 {
        1 << self.shape.offset
    }

    fn insert(&mut self, base: u64) {
        let near = base.saturating_sub(self.size() - 1)..base.saturating_add(self.size());
        let fits = base.checked_add(self.size()).is_some();
        if !fits || self.inserted.range(near).next().is_some() || self.inserted.len() >= ARENAS {
            return;
        }
        let refused = self.ledger.refused();
        let done = Part.insert(&self.mem, self.map, Addr(base), self.shape);
        assert_eq!(done, self.ledger.refused() == refused, "{base:#x} was inserted, or there was no memory (I5)");
        assert!(done || !self.had_nodes.contains(&base), "the nodes for {base:#x} were there already (I2)");
        if done {
            self.inserted.insert(base);
            self.had_nodes.insert(base);
        }
    }

    fn remove(&mut self, which: u8) {
        let Some(number) = usize::from(which).checked_rem(self.inserted.len()) else { return };
        let base = self.inserted.iter().copied().nth(number).expect("counted");
        let (out, ration) = (self.ledger.out(), self.ledger.refused());
        Part.remove(&self.mem, self.map, Addr(base), self.shape);
        assert_eq!((out, ration), (self.ledger.out(), self.ledger.refused()), "remove makes no node (I3)");
        self.inserted.remove(&base);
    }

    /// I1, I3.
    fn ask(&self, address: u64) {
        let ours = self.inserted.range(..=address).next_back().is_some_and(|base| address - base < self.size());
        let (out, refused) = (self.ledger.out(), self.ledger.refused());
        let said = Part.holds(&self.mem, self.map, Addr(address), self.shape);
        assert_eq!(said, ours, "is {address:#x} ours? {:x?} (I1)", self.inserted);
        assert_eq!((out, refused), (self.ledger.out(), self.ledger.refused()), "holds makes no node (I3)");
    }

    fn ask_at_every_edge(&self) {
        for base in &self.had_nodes {
            let offsets = [u64::MAX, 0, 1, self.size() / 2, self.size() - 1, self.size()];
            offsets.into_iter().for_each(|offset| self.ask(base.wrapping_add(offset)));
        }
    }
}
