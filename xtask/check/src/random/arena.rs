//! Random programs for one arena: hand pools out, take them back, let the descriptor serve for other memory.

use super::{Program, few, swarm};
use arbitrary::{Result, Unstructured};
use std::fmt::Write;

/// Where the memory begins, counted from a multiple of a pool: the edges, and some between.
const OFFSETS: &[u32] = &[0, 0, 16, 32, 2048, 4064, 4080];
/// Operations of one program, at most.
const OPS: usize = 40;
/// Pools of an arena that begins at a multiple of a pool.
const POOLS: u32 = 64;

/// A name: `p3` for one pool, `m3` for many.
pub type Name = u32;

/// One operation. Names are never used twice at a time, and only what is held goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArenaOp {
    /// One pool, under this name.
    Take(Name),
    /// So many pools under one name.
    TakeMany(Name, u32),
    /// Gives the pool of this name back.
    Give(Name),
    /// Gives all pools of this name back, the last one first if `backwards`.
    GiveMany {
        /// Whose pools.
        name: Name,
        /// The last one first.
        backwards: bool,
    },
    /// All pools are free: other memory, so many bytes behind a multiple of a pool.
    Again(u32),
    /// A second arena comes and goes.
    Another(u32),
    /// What does the descriptor say?
    Count,
}

/// A program, with the arena that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArenaProgram {
    /// An arena of 1 MiB instead of 256 KiB.
    pub modern: bool,
    /// Where its memory begins.
    pub offset: u32,
    /// What is done, in order.
    pub ops: Vec<ArenaOp>,
}

impl ArenaProgram {
    /// Pools of an arena whose memory begins so many bytes behind a multiple of a pool.
    pub fn pools(offset: u32) -> u32 {
        if offset == 0 { POOLS } else { POOLS - 1 }
    }
}

// The operations of the swarm.
const TAKE: u16 = 1;
const MANY: u16 = 2;
const REST: u16 = 4;
const GIVE_NEWEST: u16 = 8;
const GIVE_OLDEST: u16 = 16;
const GIVE_ANY: u16 = 32;
const EMPTY: u16 = 64;
const AGAIN: u16 = 128;
const ANOTHER: u16 = 256;
const COUNT: u16 = 512;
const ALL: [u16; 10] = [TAKE, MANY, REST, GIVE_NEWEST, GIVE_OLDEST, GIVE_ANY, EMPTY, AGAIN, ANOTHER, COUNT];

impl Program for ArenaProgram {
    const PARTS: &'static [&'static str] = &["arena"];

    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let allowed = swarm(u, TAKE)?;
        let modern = u.ratio(1, 8)?;
        let offsets = few(u, OFFSETS, 3)?;
        let program = ArenaProgram { modern, offset: offsets[0], ops: vec![] };
        let mut arena = Draft { program, pools: ArenaProgram::pools(offsets[0]), held: vec![], names: 0 };
        let ops: Vec<u16> = ALL.into_iter().filter(|op| allowed(*op)).collect();
        for _ in 0..u.int_in_range(3..=OPS)? {
            let op = *u.choose(&ops)?;
            arena.step(u, op, &offsets)?;
        }
        if arena.program.ops.is_empty() {
            arena.take(0);
        }
        arena.empty();
        Ok(arena.program)
    }

    fn text(&self) -> (String, String) {
        let geometry = if self.modern { "modern" } else { "classic" };
        let mut out = String::new();
        for op in &self.ops {
            let _ = match op {
                ArenaOp::Take(name) => writeln!(out, "p{name} = take"),
                ArenaOp::TakeMany(name, count) => writeln!(out, "m{name} = take {count}"),
                ArenaOp::Give(name) => writeln!(out, "give p{name}"),
                ArenaOp::GiveMany { name, backwards: false } => writeln!(out, "give m{name}"),
                ArenaOp::GiveMany { name, backwards: true } => writeln!(out, "give m{name} backwards"),
                ArenaOp::Again(offset) => writeln!(out, "again {offset}"),
                ArenaOp::Another(offset) => writeln!(out, "another {offset}"),
                ArenaOp::Count => writeln!(out, "count"),
            };
        }
        (format!(" {geometry} {}", self.offset), out)
    }
}

/// What a program that is being drawn holds.
struct Draft {
    program: ArenaProgram,
    pools: u32,
    /// Names, and how many pools; 0 for the single pool of a `p` name.
    held: Vec<(Name, u32)>,
    names: Name,
}

impl Draft {
    fn step(&mut self, u: &mut Unstructured<'_>, op: u16, offsets: &[u32]) -> Result<()> {
        let free = self.pools - self.held.iter().map(|(_, many)| (*many).max(1)).sum::<u32>();
        match op {
            TAKE if free > 0 => self.take(0),
            MANY if free > 0 => {
                let many = u.int_in_range(1..=free.min(8))?;
                self.take(many);
            }
            REST if free > 0 => self.take(free),
            GIVE_NEWEST if !self.held.is_empty() => self.give(self.held.len() - 1, false),
            GIVE_OLDEST if !self.held.is_empty() => self.give(0, false),
            GIVE_ANY if !self.held.is_empty() => {
                let (at, backwards) = (u.choose_index(self.held.len())?, u.arbitrary()?);
                self.give(at, backwards);
            }
            EMPTY if u.ratio(1, 3)? => self.empty(),
            AGAIN if self.held.is_empty() => {
                let offset = *u.choose(offsets)?;
                self.pools = ArenaProgram::pools(offset);
                self.program.ops.push(ArenaOp::Again(offset));
            }
            ANOTHER if u.ratio(1, 4)? => {
                let offset = *u.choose(offsets)?;
                self.program.ops.push(ArenaOp::Another(offset));
            }
            COUNT => self.program.ops.push(ArenaOp::Count),
            _ => {}
        }
        Ok(())
    }

    /// `many` pools under one name; 0 is one pool under a name of its own.
    fn take(&mut self, many: u32) {
        let name = self.names;
        self.names += 1;
        self.held.push((name, many));
        self.program.ops.push(if many == 0 { ArenaOp::Take(name) } else { ArenaOp::TakeMany(name, many) });
    }

    fn give(&mut self, at: usize, backwards: bool) {
        let (name, many) = self.held.remove(at);
        self.program.ops.push(if many == 0 { ArenaOp::Give(name) } else { ArenaOp::GiveMany { name, backwards } });
    }

    /// Everything goes back.
    fn empty(&mut self) {
        while !self.held.is_empty() {
            self.give(0, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::seeded;
    use std::collections::BTreeMap;

    /// Walks a program: `see` gets the pools in use and the pools of the arena after each operation.
    fn walk(program: &ArenaProgram, mut see: impl FnMut(&ArenaOp, u32, u32)) {
        let (mut held, mut pools) = (BTreeMap::new(), ArenaProgram::pools(program.offset));
        for op in &program.ops {
            match *op {
                ArenaOp::Take(name) => assert!(held.insert(name, 1).is_none()),
                ArenaOp::TakeMany(name, many) => assert!(held.insert(name, many).is_none() && many > 0),
                ArenaOp::Give(name) | ArenaOp::GiveMany { name, .. } => assert!(held.remove(&name).is_some()),
                ArenaOp::Again(offset) => {
                    assert!(held.is_empty());
                    pools = ArenaProgram::pools(offset);
                }
                ArenaOp::Another(_) | ArenaOp::Count => {}
            }
            see(op, held.values().sum(), pools);
        }
        assert!(held.is_empty());
    }

    /// I2 of the module above: no program asks an arena without free pools, gives twice, or moves one that is in use.
    #[test]
    fn programs_are_valid() {
        for seed in 0..2000 {
            let program: ArenaProgram = seeded(seed);
            walk(&program, |_, out, pools| assert!(out <= pools, "seed {seed}: {}", program.to_ops()));
        }
    }

    /// The surprising states are all met often.
    #[test]
    fn arenas_run_out_and_serve_again() {
        let (mut none_free, mut again, mut another, mut backwards) = (0, 0, 0, 0);
        for seed in 0..200 {
            let mut met = [false; 4];
            walk(&seeded(seed), |op, out, pools| {
                met[0] |= out == pools;
                met[1] |= matches!(op, ArenaOp::Again(_));
                met[2] |= matches!(op, ArenaOp::Another(_)) && out > 0;
                met[3] |= matches!(op, ArenaOp::GiveMany { backwards: true, .. });
            });
            let counts = [&mut none_free, &mut again, &mut another, &mut backwards];
            counts.into_iter().zip(met).for_each(|(count, met)| *count += u32::from(met));
        }
        let all = format!("{none_free} {again} {another} {backwards}");
        assert!(none_free > 40 && again > 40 && another > 20 && backwards > 10, "{all}");
    }
}
