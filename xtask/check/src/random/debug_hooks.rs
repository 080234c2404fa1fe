//! Random programs for debug hooks: blocks of many sizes, bytes written inside and outside, domains mixed up.

use super::{Program, few, swarm};
use arbitrary::{Result, Unstructured};
use std::fmt::Write;

/// Bytes that blocks are asked for.
const SIZES: [u64; 17] = [0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 24, 100, 255, 256, 512, 1000, 5000];
/// What is written: guards and letters among them, so that faults vanish and change.
const BYTES: [u8; 10] = [0xFD, 0x00, 0xFF, 0x6F, 0x6D, 0x72, 0xDD, 0x41, 0xFC, 0xFE];
const DOMAINS: [&str; 3] = ["raw", "mem", "object"];
/// Operations of one program, at most.
const OPS: usize = 40;

/// A name: `b3`.
pub type Name = u32;

/// A number of [`HooksProgram::domain`].
pub type DomainIndex = usize;

/// One operation. Any name that was given may be used ever after: a block that went back is a dead one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HooksOp {
    /// A block of so many bytes.
    Malloc(Name, u64, DomainIndex),
    /// The program writes a byte: at -8 to 7 behind the block's last.
    Write(Name, i64, u8),
    /// All bytes.
    Look(Name),
    /// Is the coat whole, for this domain?
    Check(Name, DomainIndex),
    /// It comes back to this domain.
    Free(Name, DomainIndex),
}

/// A program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HooksProgram {
    /// What is done, in order.
    pub ops: Vec<HooksOp>,
}

impl HooksProgram {
    /// How a scenario calls a domain.
    pub fn domain(index: DomainIndex) -> &'static str {
        DOMAINS[index]
    }
}

// The operations of the swarm.
const MALLOC: u16 = 1;
const INSIDE: u16 = 2;
const BEHIND: u16 = 4;
const FRONT: u16 = 8;
const LOOK: u16 = 16;
const CHECK: u16 = 32;
const FREE: u16 = 64;
const ELSEWHERE: u16 = 128;
const EVERY: u16 = 256;
const TWO: u16 = 512;
const LETTER: u16 = 1024;
const ALL: [u16; 12] = [MALLOC, INSIDE, BEHIND, FRONT, LOOK, CHECK, CHECK, FREE, ELSEWHERE, EVERY, TWO, LETTER];
/// The guards, counted from the program's first byte; those behind the block from its end.
const GUARDS_FRONT: std::ops::RangeInclusive<i64> = -7..=-1;
const GUARDS_BEHIND: std::ops::RangeInclusive<i64> = 0..=7;

impl Program for HooksProgram {
    const PARTS: &'static [&'static str] = &["debug-hooks"];

    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let allowed = swarm(u, MALLOC | CHECK)?;
        let sizes = few(u, &SIZES, 6)?;
        let mut program = Draft { every: 0, ops: vec![], blocks: vec![] };
        program.malloc(u, &sizes)?;
        let ops: Vec<u16> = ALL.into_iter().filter(|op| allowed(*op)).collect();
        for _ in 0..u.int_in_range(3..=OPS)? {
            let op = *u.choose(&ops)?;
            program.step(u, op, &sizes)?;
        }
        Ok(program.end())
    }

    fn text(&self) -> (String, String) {
        let mut out = String::new();
        for op in &self.ops {
            let _ = match op {
                HooksOp::Malloc(name, bytes, domain) => writeln!(out, "b{name} = malloc {bytes} {}", DOMAINS[*domain]),
                HooksOp::Write(name, index, byte) => writeln!(out, "write b{name} {index} {byte}"),
                HooksOp::Look(name) => writeln!(out, "look b{name}"),
                HooksOp::Check(name, domain) => writeln!(out, "check b{name} {}", DOMAINS[*domain]),
                HooksOp::Free(name, domain) => writeln!(out, "free b{name} {}", DOMAINS[*domain]),
            };
        }
        (String::new(), out)
    }
}

/// A block of a program that is being drawn; its name is its place.
#[derive(Clone, Copy)]
struct Drawn {
    bytes: u64,
    domain: DomainIndex,
    /// Somebody may have freed it: its coat is no longer written to.
    freed: bool,
}

struct Draft {
    /// How often all guards of a block were written.
    every: u32,
    ops: Vec<HooksOp>,
    blocks: Vec<Drawn>,
}

impl Draft {
    fn malloc(&mut self, u: &mut Unstructured<'_>, sizes: &[u64]) -> Result<()> {
        let (bytes, domain) = (*u.choose(sizes)?, u.choose_index(DOMAINS.len())?);
        self.ops.push(HooksOp::Malloc(self.blocks.len() as Name, bytes, domain));
        self.blocks.push(Drawn { bytes, domain, freed: false });
        Ok(())
    }

    fn step(&mut self, u: &mut Unstructured<'_>, op: u16, sizes: &[u64]) -> Result<()> {
        let at = u.choose_index(self.blocks.len())?;
        let (name, block) = (at as Name, self.blocks[at]);
        let (byte, end) = (*u.choose(&BYTES)?, block.bytes as i64);
        match op {
            MALLOC => self.malloc(u, sizes)?,
            INSIDE if end > 0 => self.ops.push(HooksOp::Write(name, u.int_in_range(0..=end - 1)?, byte)),
            // The nearest and the farthest more often than those between.
            BEHIND if !block.freed => {
                let index = end + u.choose(&[0, 0, 7, 7, 7, 1, 2, 3, 4, 5, 6])?;
                self.damage(u, name, index, byte)?;
            }
            FRONT if !block.freed => {
                let index = *u.choose(&[-1, -1, -7, -7, -8, -2, -3, -4, -5, -6])?;
                self.damage(u, name, index, byte)?;
            }
            // Each guard for itself, in front and behind.
            EVERY if !block.freed && self.every < 2 => {
                self.every += 1;
                let behind = GUARDS_BEHIND.map(|offset| end + offset);
                GUARDS_FRONT.chain(behind).for_each(|index| self.guards(name, &[(index, byte)]));
            }
            // Two of them at once, so that sums and parities are as they were.
            TWO if !block.freed => {
                let from = if u.arbitrary()? { end } else { -7 };
                let first = u.int_in_range(0..=5)?;
                let second = u.int_in_range(first + 1..=6)?;
                let other = if u.arbitrary()? { byte } else { 0xFAu8.wrapping_sub(byte) };
                self.guards(name, &[(from + first, byte), (from + second, other)]);
            }
            // One bit of the letter.
            LETTER if !block.freed => {
                let letter = DOMAINS[block.domain].as_bytes()[0];
                let other = letter ^ (1 << u.int_in_range(0..=7)?);
                self.ops.extend([HooksOp::Write(name, -8, other), HooksOp::Check(name, block.domain)]);
                self.ops.push(HooksOp::Write(name, -8, letter));
            }
            LOOK => self.ops.push(HooksOp::Look(name)),
            CHECK => self.ops.push(HooksOp::Check(name, block.domain)),
            FREE | ELSEWHERE => {
                let domain = if op == FREE { block.domain } else { u.choose_index(DOMAINS.len())? };
                self.ops.push(HooksOp::Free(name, domain));
                self.blocks[at].freed = true;
            }
            _ => {}
        }
        Ok(())
    }

    /// A byte of the coat is written, the coat is looked at, and mostly the guard is mended: a fault hides the next.
    fn damage(&mut self, u: &mut Unstructured<'_>, name: Name, index: i64, byte: u8) -> Result<()> {
        let domain = self.blocks[name as usize].domain;
        self.ops.extend([HooksOp::Write(name, index, byte), HooksOp::Check(name, domain)]);
        if index != -8 && u.ratio(3, 4)? {
            self.ops.push(HooksOp::Write(name, index, 0xFD));
        }
        Ok(())
    }

    /// These guards are written, the coat is looked at, and the guards are mended.
    fn guards(&mut self, name: Name, guards: &[(i64, u8)]) {
        let domain = self.blocks[name as usize].domain;
        self.ops.extend(guards.iter().map(|(index, byte)| HooksOp::Write(name, *index, *byte)));
        self.ops.push(HooksOp::Check(name, domain));
        self.ops.extend(guards.iter().map(|(index, _)| HooksOp::Write(name, *index, 0xFD)));
    }

    /// Every block is looked at, and goes back.
    fn end(mut self) -> HooksProgram {
        for (name, block) in (0..).zip(&self.blocks) {
            self.ops.extend([HooksOp::Look(name), HooksOp::Free(name, block.domain)]);
        }
        HooksProgram { ops: self.ops }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::seeded;

    /// I2 of the module above: names that were given, and places that may be written.
    #[test]
    fn programs_are_valid() {
        for seed in 0..2000 {
            let program: HooksProgram = seeded(seed);
            let mut blocks: Vec<(u64, bool)> = vec![];
            for op in &program.ops {
                match *op {
                    HooksOp::Malloc(name, bytes, _) => {
                        assert_eq!(name as usize, blocks.len());
                        blocks.push((bytes, false));
                    }
                    HooksOp::Write(name, index, _) => {
                        let (bytes, freed) = blocks[name as usize];
                        let coat = if freed { 0 } else { 8 };
                        assert!((-coat..bytes as i64 + coat).contains(&index), "seed {seed}");
                    }
                    HooksOp::Free(name, _) => blocks[name as usize].1 = true,
                    HooksOp::Look(name) | HooksOp::Check(name, _) => assert!((name as usize) < blocks.len()),
                }
            }
        }
    }

    /// The surprising states are all met often.
    #[test]
    fn guards_are_damaged_and_blocks_come_back_twice() {
        let programs: Vec<HooksProgram> = (0..200).map(seeded).collect();
        let with = |wanted: fn(&HooksOp) -> bool| programs.iter().filter(|p| p.ops.iter().any(wanted)).count();
        let under = with(|op| matches!(op, HooksOp::Write(_, ..0, _)));
        let twice = programs.iter().filter(|p| {
            let frees = p.ops.iter().filter_map(|op| if let HooksOp::Free(name, _) = op { Some(name) } else { None });
            let names: Vec<_> = frees.collect();
            names.iter().any(|name| names.iter().filter(|other| other == &name).count() > 1)
        });
        let twice = twice.count();
        assert!(under > 40 && twice > 80, "{under} {twice}");
    }
}
