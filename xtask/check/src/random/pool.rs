//! Random programs for one pool: hand out, take back, fill up, empty, begin again.

use super::{Program, few, swarm};
use arbitrary::{Result, Unstructured};
use std::fmt::Write;

/// Bytes in front of the blocks.
const HEADER: u32 = 48;
/// Block sizes that are drawn for each geometry: large ones, so that few steps fill a pool. The written scenarios have
/// the smallest.
const SIZES: [&[u32]; 2] = [&[512, 512, 496, 400, 256, 128, 72, 48], &[512, 512, 496, 400]];
/// Operations of one program, at most.
const OPS: usize = 40;

/// A name: `b3` for one block, `m3` for many.
pub type Name = u32;

/// One operation. Names are never used twice at a time, and only what is held is freed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolOp {
    /// One block, under this name.
    Alloc(Name),
    /// So many blocks under one name.
    AllocMany(Name, u32),
    /// Gives the block of this name back.
    Free(Name),
    /// Gives all blocks of this name back, the last one first if `backwards`.
    FreeMany {
        /// Whose blocks.
        name: Name,
        /// The last one first.
        backwards: bool,
    },
    /// The pool is empty: initialise it for blocks of this size.
    Again(u32),
    /// What does the header say?
    Count,
}

/// A program, with the pool that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolProgram {
    /// Pools of 16 KiB instead of 4.
    pub modern: bool,
    /// The size of the blocks.
    pub block_size: u32,
    /// What is done, in order.
    pub ops: Vec<PoolOp>,
}

impl PoolProgram {
    /// Bytes of the pool.
    pub fn pool_size(&self) -> u32 {
        if self.modern { 16384 } else { 4096 }
    }

    /// Blocks of this size that fit into the pool.
    pub fn capacity(&self, block_size: u32) -> u32 {
        (self.pool_size() - HEADER) / block_size
    }
}

// The operations of the swarm.
const ALLOC: u16 = 1;
const MANY: u16 = 2;
const FILL: u16 = 4;
const FREE_NEWEST: u16 = 8;
const FREE_OLDEST: u16 = 16;
const FREE_ANY: u16 = 32;
const EMPTY: u16 = 64;
const AGAIN: u16 = 128;
const COUNT: u16 = 256;
const ALL: [u16; 9] = [ALLOC, MANY, FILL, FREE_NEWEST, FREE_OLDEST, FREE_ANY, EMPTY, AGAIN, COUNT];

impl Program for PoolProgram {
    const PARTS: &'static [&'static str] = &["pool"];

    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let allowed = swarm(u, ALLOC)?;
        let modern = u.ratio(1, 4)?;
        let sizes = few(u, SIZES[usize::from(modern)], 2)?;
        let program = PoolProgram { modern, block_size: sizes[0], ops: vec![] };
        let mut pool = Draft { program, size: sizes[0], held: vec![], names: 0 };
        let ops: Vec<u16> = ALL.into_iter().filter(|op| allowed(*op)).collect();
        for _ in 0..u.int_in_range(3..=OPS)? {
            let op = *u.choose(&ops)?;
            pool.step(u, op, &sizes)?;
        }
        if pool.program.ops.is_empty() {
            pool.alloc(0);
        }
        pool.empty();
        Ok(pool.program)
    }

    fn text(&self) -> (String, String) {
        let geometry = if self.modern { "modern" } else { "classic" };
        let mut out = String::new();
        for op in &self.ops {
            let _ = match op {
                PoolOp::Alloc(name) => writeln!(out, "b{name} = alloc"),
                PoolOp::AllocMany(name, count) => writeln!(out, "m{name} = alloc {count}"),
                PoolOp::Free(name) => writeln!(out, "free b{name}"),
                PoolOp::FreeMany { name, backwards: false } => writeln!(out, "free m{name}"),
                PoolOp::FreeMany { name, backwards: true } => writeln!(out, "free m{name} backwards"),
                PoolOp::Again(size) => writeln!(out, "again {size}"),
                PoolOp::Count => writeln!(out, "count"),
            };
        }
        (format!(" {geometry} {}", self.block_size), out)
    }
}

/// What a program that is being drawn holds.
struct Draft {
    program: PoolProgram,
    size: u32,
    /// Names, and how many blocks; 0 for the single block of a `b` name.
    held: Vec<(Name, u32)>,
    names: Name,
}

impl Draft {
    fn step(&mut self, u: &mut Unstructured<'_>, op: u16, sizes: &[u32]) -> Result<()> {
        let room = self.program.capacity(self.size) - self.in_use();
        match op {
            ALLOC if room > 0 => self.alloc(0),
            MANY if room > 0 => {
                let many = u.int_in_range(1..=room.min(6))?;
                self.alloc(many);
            }
            FILL if room > 0 => self.alloc(room),
            FREE_NEWEST if !self.held.is_empty() => self.free(self.held.len() - 1, false),
            FREE_OLDEST if !self.held.is_empty() => self.free(0, false),
            FREE_ANY if !self.held.is_empty() => {
                let (at, backwards) = (u.choose_index(self.held.len())?, u.arbitrary()?);
                self.free(at, backwards);
            }
            EMPTY if u.ratio(1, 3)? => self.empty(),
            AGAIN if self.held.is_empty() => {
                self.size = *u.choose(sizes)?;
                self.program.ops.push(PoolOp::Again(self.size));
            }
            COUNT => self.program.ops.push(PoolOp::Count),
            _ => {}
        }
        Ok(())
    }

    fn in_use(&self) -> u32 {
        self.held.iter().map(|(_, many)| (*many).max(1)).sum()
    }

    /// `many` blocks under one name; 0 is one block under a name of its own.
    fn alloc(&mut self, many: u32) {
        let name = self.names;
        self.names += 1;
        self.held.push((name, many));
        self.program.ops.push(if many == 0 { PoolOp::Alloc(name) } else { PoolOp::AllocMany(name, many) });
    }

    fn free(&mut self, at: usize, backwards: bool) {
        let (name, many) = self.held.remove(at);
        self.program.ops.push(if many == 0 { PoolOp::Free(name) } else { PoolOp::FreeMany { name, backwards } });
    }

    /// Everything goes back, and shows in which order the blocks come again.
    fn empty(&mut self) {
        while !self.held.is_empty() {
            self.free(0, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::seeded;
    use std::collections::BTreeMap;

    /// I2 of the module above: no program asks a full pool, frees twice, or begins again while blocks are in use.
    #[test]
    fn programs_are_valid() {
        for seed in 0..2000 {
            let program: PoolProgram = seeded(seed);
            let (mut held, mut size) = (BTreeMap::new(), program.block_size);
            for op in &program.ops {
                match *op {
                    PoolOp::Alloc(name) => assert!(held.insert(name, 1).is_none()),
                    PoolOp::AllocMany(name, many) => assert!(held.insert(name, many).is_none() && many > 0),
                    PoolOp::Free(name) | PoolOp::FreeMany { name, .. } => assert!(held.remove(&name).is_some()),
                    PoolOp::Again(other) => {
                        assert!(held.is_empty());
                        size = other;
                    }
                    PoolOp::Count => {}
                }
                assert!(held.values().sum::<u32>() <= program.capacity(size), "seed {seed}: {}", program.to_ops());
            }
            assert!(held.is_empty());
        }
    }

    /// The surprising states are all met often.
    #[test]
    fn pools_become_full_and_empty_and_begin_again() {
        let programs: Vec<PoolProgram> = (0..200).map(seeded).collect();
        let with = |wanted: fn(&PoolProgram) -> bool| programs.iter().filter(|p| wanted(p)).count();
        let again = with(|p| p.ops.iter().any(|op| matches!(op, PoolOp::Again(_))));
        let backwards = with(|p| p.ops.iter().any(|op| matches!(op, PoolOp::FreeMany { backwards: true, .. })));
        let full = with(|p| {
            let mut in_use: u32 = 0;
            let mut size = p.block_size;
            let mut held = BTreeMap::new();
            p.ops.iter().any(|op| {
                match *op {
                    PoolOp::Alloc(name) => in_use += held.insert(name, 1).map_or(1, |_| 0),
                    PoolOp::AllocMany(name, many) => in_use += held.insert(name, many).map_or(many, |_| 0),
                    PoolOp::Free(name) | PoolOp::FreeMany { name, .. } => in_use -= held.remove(&name).unwrap_or(0),
                    PoolOp::Again(other) => size = other,
                    PoolOp::Count => {}
                }
                in_use == p.capacity(size)
            })
        });
        assert!(again > 30 && backwards > 10 && full > 60, "{again} {backwards} {full}");
    }
}
