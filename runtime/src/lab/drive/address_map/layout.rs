//! Where the map's nodes are: for names, for pictures, and for the rights of a call.
//!
//! A learner's links may lead anywhere, so walks go along the cells that a scenario spoke of and no further.

use kit::Addr;
use kit::address_map::{CHILD, ENDS, ENTRY, MapAt, STARTS, Shape};
use kit::checked::{CheckedMemory, Describe};
use kit::owner::{Owner, State};
use kit::picture::{MapPicture, Picture};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// The map's shape, and the cells that were spoken of.
pub(super) struct Layout {
    pub(super) at: MapAt,
    pub(super) shape: Shape,
    pub(super) cells: RefCell<BTreeSet<u64>>,
    /// Which function runs.
    pub(super) during: Cell<&'static str>,
}

/// A node that can be made: its level, and the upper bits of the cells below it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node {
    Middle(u64),
    Bottom(u64),
}

impl Layout {
    /// Cell of an address, and the bytes in front of it there.
    pub(super) fn cell(&self, at: Addr) -> (u64, u64) {
        (at.0 >> self.shape.offset, at.0 & ((1 << self.shape.offset) - 1))
    }

    /// The cells that an arena lies in.
    pub(super) fn cells_of(&self, base: Addr) -> Vec<u64> {
        match self.cell(base) {
            (cell, 0) => vec![cell],
            (cell, _) => vec![cell, cell + 1],
        }
    }

    /// The entries on the way to `cell`, as far as there are nodes: in the root, in a middle node, in a bottom node.
    pub(super) fn way<M: Owner>(&self, mem: &M, cell: u64) -> Vec<Addr> {
        let Shape { root, middle, bottom, .. } = self.shape;
        let index = |from: u32, bits: u32| (cell >> from) & ((1 << bits) - 1);
        let mut way = vec![self.at.0.plus(index(middle + bottom, root) * ENTRY)];
        for index in [index(bottom, middle), index(0, bottom)] {
            match mem.peek(way[way.len() - 1].plus(CHILD.offset)) {
                None | Some(0) => return way,
                Some(node) => way.push(Addr(node).plus(index * ENTRY)),
            }
        }
        way
    }

    /// The entry of `cell`, if its nodes are there.
    pub(super) fn entry<M: Owner>(&self, mem: &M, cell: u64) -> Option<Addr> {
        self.way(mem, cell).get(2).copied()
    }

    /// `ENDS` and `STARTS` of `cell`; 0 where there is no node.
    pub(super) fn said<M: Owner>(&self, mem: &M, cell: u64) -> (u32, u32) {
        let entry = self.entry(mem, cell);
        let half = |offset| entry.and_then(|entry| mem.peek_half(entry.plus(offset))).unwrap_or(0);
        (half(ENDS.offset), half(STARTS.offset))
    }

    /// The nodes that are missing on the way to `cells`, each once.
    pub(super) fn missing<M: Owner>(&self, mem: &M, cells: &[u64]) -> Vec<Node> {
        let Shape { middle, bottom, .. } = self.shape;
        let mut missing = vec![];
        for cell in cells {
            let nodes = [Node::Middle(cell >> (middle + bottom)), Node::Bottom(cell >> bottom)];
            let there = self.way(mem, *cell).len() - 1;
            missing.extend(nodes.into_iter().skip(there));
        }
        let mut seen = BTreeSet::new();
        missing.retain(|node| seen.insert(*node));
        missing
    }

    pub(super) fn bytes(&self, node: &Node) -> u64 {
        match node {
            Node::Middle(_) => ENTRY << self.shape.middle,
            Node::Bottom(_) => ENTRY << self.shape.bottom,
        }
    }

    /// The nodes that are there: where each begins, and its bytes.
    pub(super) fn nodes<M: Owner>(&self, mem: &M) -> BTreeMap<Addr, Node> {
        let Shape { middle, bottom, .. } = self.shape;
        let mut nodes = BTreeMap::new();
        for cell in self.cells.borrow().iter() {
            let way = self.way(mem, *cell);
            let child = |entry: &Addr| mem.peek(entry.plus(CHILD.offset)).filter(|node| *node != 0).map(Addr);
            if let Some(node) = way.first().and_then(child) {
                nodes.insert(node, Node::Middle(cell >> (middle + bottom)));
            }
            if let Some(node) = way.get(1).and_then(child) {
                nodes.insert(node, Node::Bottom(cell >> bottom));
            }
        }
        nodes
    }

    pub(super) fn draw<M: Owner>(&self, mem: &M) -> MapPicture {
        let nodes = self.nodes(mem);
        let bottom = nodes.values().filter(|node| matches!(node, Node::Bottom(_))).count() as u32;
        let cells = self.cells.borrow();
        let said = cells.iter().map(|cell| (*cell, self.said(mem, *cell)));
        let cells = said.filter(|(_, said)| *said != (0, 0)).map(|(cell, (ends, starts))| (cell, ends, starts));
        MapPicture { nodes: [1, nodes.len() as u32 - bottom, bottom], cells: cells.collect() }
    }
}

impl Describe for Layout {
    fn name(&self, mem: &CheckedMemory, at: Addr) -> String {
        let root = ENTRY << self.shape.root;
        if at.since(self.at.0) < root {
            return format!("entry {} of the root", at.since(self.at.0) / ENTRY);
        }
        for (node, what) in self.nodes(mem) {
            let offset = at.since(node);
            if offset >= self.bytes(&what) {
                continue;
            }
            let index = offset / ENTRY;
            return match what {
                Node::Middle(_) => format!("entry {index} of a middle node"),
                Node::Bottom(cells) => {
                    let field = if offset % ENTRY < STARTS.offset { ENDS.name } else { STARTS.name };
                    format!("{field} of cell {}", cells << self.shape.bottom | index)
                }
            };
        }
        format!("{at:?}, which lies in no node that the map leads to")
    }

    fn why(&self, _: Addr, state: State, wrote: bool) -> Option<String> {
        let why = match (self.during.get(), wrote, state) {
            (_, _, State::Unmapped) => return None,
            ("holds", true, _) => "a question changes nothing (I3)",
            ("holds", false, _) => "the address that was asked for does not lead there (I3)",
            ("remove", true, _) => "that says nothing about this arena (I4)",
            _ => return None,
        };
        Some(why.into())
    }

    fn picture(&self, mem: &CheckedMemory) -> Picture {
        Picture::Map(self.draw(mem))
    }
}
