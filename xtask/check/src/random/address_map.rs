//! Random programs for an address map: arenas side by side, in cells of their own and in cells that they share.

use super::{Program, few, swarm};
use arbitrary::{Result, Unstructured};
use std::fmt::Write;

/// Offsets at which arenas begin, and bytes that are asked for.
const OFFSETS: [u64; 10] = [0, 0, 1, 16, 4080, 4096, 4097, 8192, 65536, 131_072];
/// Operations of one program, at most.
const OPS: usize = 40;

/// A name: `a3`.
pub type Name = u32;

/// One operation. Arenas never overlap, and only what was inserted is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapOp {
    /// An arena that begins in this cell, so many bytes behind its beginning.
    Insert(Name, u64, u64),
    /// The arena goes.
    Remove(Name),
    /// Are its bytes ours, and those around it?
    AskArena(Name),
    /// Is this byte ours?
    Ask(u64, u64),
    /// How many nodes are there?
    Nodes,
    /// The system has so many nodes more.
    Limit(u64),
}

/// A program, with the geometry that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapProgram {
    /// Cells of 1 MiB instead of 256 KiB.
    pub modern: bool,
    /// What is done, in order.
    pub ops: Vec<MapOp>,
}

impl MapProgram {
    /// Bytes of a cell, and of an arena.
    pub fn size(&self) -> u64 {
        if self.modern { 1 << 20 } else { 1 << 18 }
    }

    /// Cells to begin with: where nodes end, and where the addresses do.
    fn corners(&self) -> [u64; 7] {
        let middle = if self.modern { 29 } else { 30 };
        let last = u64::MAX / self.size();
        [1, 5, (1 << 14) - 2, (1 << middle) - 2, (1 << 40) + 3, last - 3, last - 2]
    }
}

// The operations of the swarm.
const INSERT: u16 = 1;
const BESIDE: u16 = 2;
const REMOVE: u16 = 4;
const ASK_ARENA: u16 = 8;
const ASK: u16 = 16;
const NODES: u16 = 32;
const LIMIT: u16 = 64;
const ALL: [u16; 9] = [INSERT, INSERT, BESIDE, BESIDE, REMOVE, ASK_ARENA, ASK, NODES, LIMIT];

impl Program for MapProgram {
    const PARTS: &'static [&'static str] = &["address-map"];

    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let allowed = swarm(u, INSERT | ASK_ARENA)?;
        let program = MapProgram { modern: u.arbitrary()?, ops: vec![] };
        let corners = few(u, &program.corners(), 2)?;
        let mut map = Draft { program, ours: vec![], names: 0, limited: false };
        let ops: Vec<u16> = ALL.into_iter().filter(|op| allowed(*op)).collect();
        for _ in 0..u.int_in_range(3..=OPS)? {
            let (op, corner) = (*u.choose(&ops)?, *u.choose(&corners)?);
            map.step(u, op, corner)?;
        }
        map.last_questions();
        Ok(map.program)
    }

    fn text(&self) -> (String, String) {
        let mut out = String::new();
        for op in &self.ops {
            let _ = match op {
                MapOp::Insert(name, cell, offset) => writeln!(out, "a{name} = insert {cell} {offset}"),
                MapOp::Remove(name) => writeln!(out, "remove a{name}"),
                MapOp::AskArena(name) => writeln!(out, "ask a{name}"),
                MapOp::Ask(cell, offset) => writeln!(out, "ask {cell} {offset}"),
                MapOp::Nodes => writeln!(out, "nodes"),
                MapOp::Limit(nodes) => writeln!(out, "limit {nodes}"),
            };
        }
        (if self.modern { " modern" } else { " classic" }.into(), out)
    }
}

/// What a program that is being drawn has inserted.
struct Draft {
    program: MapProgram,
    /// Names, and where their arenas begin.
    ours: Vec<(Name, u64)>,
    names: Name,
    /// Which nodes a failed insert leaves behind is not said anywhere: no more questions about nodes.
    limited: bool,
}

impl Draft {
    fn step(&mut self, u: &mut Unstructured<'_>, op: u16, corner: u64) -> Result<()> {
        let size = self.program.size();
        let offset = *u.choose(&OFFSETS)?;
        let offset = if u.ratio(1, 6)? { size - 1 - offset } else { offset };
        let last = u64::MAX / size;
        let cell = (corner + u.int_in_range(0..=3u64)?).min(last);
        // In the very last cell, only an arena that begins where the cell begins.
        let base = cell * size + if cell == last { 0 } else { offset };
        match op {
            INSERT => self.insert(base),
            // Exactly behind one of ours, or a little further on; or in front of one.
            BESIDE if !self.ours.is_empty() => {
                let (_, other) = *u.choose(&self.ours)?;
                let gap = *u.choose(&[0, 0, 1, 16, 4096])?;
                let behind = other.checked_add(size + gap);
                let base = if u.arbitrary()? { behind } else { other.checked_sub(size + gap) };
                base.into_iter().for_each(|base| self.insert(base));
            }
            REMOVE if !self.ours.is_empty() => {
                let (name, _) = self.ours.remove(u.choose_index(self.ours.len())?);
                self.program.ops.extend([MapOp::Remove(name), MapOp::AskArena(name)]);
            }
            ASK_ARENA if !self.ours.is_empty() => {
                let (name, _) = *u.choose(&self.ours)?;
                self.program.ops.push(MapOp::AskArena(name));
            }
            ASK => self.program.ops.push(MapOp::Ask(cell, offset)),
            NODES if !self.limited => self.program.ops.push(MapOp::Nodes),
            LIMIT if !self.limited && u.ratio(1, 3)? => {
                self.limited = true;
                self.program.ops.push(MapOp::Limit(u.int_in_range(0..=3)?));
                self.insert(base);
                self.program.ops.push(MapOp::Limit(1000));
            }
            _ => {}
        }
        Ok(())
    }

    /// Inserts an arena there, if there is room for it.
    fn insert(&mut self, base: u64) {
        let size = self.program.size();
        let fits = base > 0 && base <= u64::MAX - size + 1;
        if fits && self.ours.iter().all(|(_, other)| other.abs_diff(base) >= size) {
            self.ours.push((self.names, base));
            self.program.ops.push(MapOp::Insert(self.names, base / size, base % size));
            self.names += 1;
        }
    }

    /// Every arena that is there is asked for; without one, any byte.
    fn last_questions(&mut self) {
        let arenas = self.ours.iter().map(|(name, _)| MapOp::AskArena(*name));
        self.program.ops.extend(arenas);
        self.program.ops.push(MapOp::Ask(1, 0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::seeded;
    use std::collections::BTreeMap;

    /// I2 of the module above: no arenas overlap, and only what was inserted is removed.
    #[test]
    fn programs_are_valid() {
        for seed in 0..2000 {
            let program: MapProgram = seeded(seed);
            let (size, mut ours) = (u128::from(program.size()), BTreeMap::new());
            for op in &program.ops {
                match *op {
                    MapOp::Insert(name, cell, offset) => {
                        let base = u128::from(cell) * size + u128::from(offset);
                        assert!(base > 0 && base + size <= 1 << 64, "seed {seed}");
                        assert!(ours.values().all(|other: &u128| other.abs_diff(base) >= size), "seed {seed}");
                        assert!(ours.insert(name, base).is_none());
                    }
                    MapOp::Remove(name) => assert!(ours.remove(&name).is_some()),
                    MapOp::Ask(cell, offset) => assert!((u128::from(cell) * size + u128::from(offset)) < 1 << 64),
                    MapOp::AskArena(_) | MapOp::Nodes | MapOp::Limit(_) => {}
                }
            }
        }
    }

    /// The surprising states are all met often.
    #[test]
    fn arenas_share_cells_and_lie_at_the_end() {
        let programs: Vec<MapProgram> = (0..200).map(seeded).collect();
        let inserts = |p: &MapProgram| {
            let size = p.size();
            let insert = move |op: &MapOp| match *op {
                MapOp::Insert(_, cell, offset) => Some((cell, cell * size + offset)),
                _ => None,
            };
            p.ops.iter().filter_map(insert).collect::<Vec<_>>()
        };
        let touch = |p: &&MapProgram| {
            let all = inserts(p);
            all.iter().any(|(_, a)| all.iter().any(|(_, b)| a.checked_add(p.size()) == Some(*b)))
        };
        let last = |p: &&MapProgram| inserts(p).iter().any(|(cell, _)| *cell == u64::MAX / p.size());
        let touching = programs.iter().filter(touch).count();
        let at_the_end = programs.iter().filter(last).count();
        assert!(touching > 40 && at_the_end > 20, "{touching} {at_the_end}");
    }
}
