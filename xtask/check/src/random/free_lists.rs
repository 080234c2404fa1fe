//! Random programs for `free-lists`: blocks that come and go, numbers around the borders, strings that are equal.

use super::{Program, few, swarm};
use arbitrary::{Result, Unstructured};
use std::fmt::Write;

/// Operations of one program, at most.
const OPS: usize = 40;
/// The characters that strings are made of.
const WORDS: [&str; 4] = ["spam", "eggs", "ham", "spa"];

/// One operation. Lists are `f0`, `f1`, blocks `b0`, strings and their variables `s0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShelfOp {
    /// The next list, with this limit.
    List(u64),
    /// Offers a block to a list; in no list before.
    Put(usize, usize),
    /// Takes so many out of a list.
    Take(usize, usize),
    /// The place of a number.
    Small(i64),
    /// The next string, with these characters.
    Text(&'static str),
    /// Interns what the variable leads to.
    Intern(usize),
    /// The variable goes.
    Drop(usize),
    /// The interned strings.
    Table,
    /// Whether the table can grow.
    Memory(bool),
}

/// A program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShelfProgram {
    /// What is done, in order.
    pub ops: Vec<ShelfOp>,
}

// The operations of the swarm.
const PUT: u16 = 1;
const TAKE: u16 = 2;
const SMALL: u16 = 4;
const TEXT: u16 = 8;
const INTERN: u16 = 16;
const DROP: u16 = 32;
const TABLE: u16 = 64;
const MEMORY: u16 = 128;
const OPERATIONS: [u16; 8] = [PUT, TAKE, SMALL, TEXT, INTERN, DROP, TABLE, MEMORY];

impl Program for ShelfProgram {
    const PARTS: &'static [&'static str] = &["free-lists"];

    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let allowed = swarm(u, PUT)?;
        let ops: Vec<u16> = OPERATIONS.into_iter().filter(|op| allowed(*op)).collect();
        let mut draft = Draft::default();
        for limit in few(u, &[0, 1, 2, 3, 5, 80], 3)? {
            draft.ops.push(ShelfOp::List(limit));
            draft.lists.push((limit, vec![]));
        }
        for _ in 0..u.int_in_range(4..=OPS)? {
            let op = *u.choose(&ops)?;
            draft.step(u, op)?;
        }
        for (list, (_, kept)) in draft.lists.iter().enumerate() {
            draft.ops.push(ShelfOp::Take(list, kept.len() + 1));
        }
        draft.ops.push(ShelfOp::Table);
        Ok(ShelfProgram { ops: draft.ops })
    }

    fn text(&self) -> (String, String) {
        let (mut out, mut lists, mut texts) = (String::new(), 0, 0);
        for op in &self.ops {
            let _ = match op {
                ShelfOp::List(limit) => {
                    lists += 1;
                    writeln!(out, "f{} = list {limit}", lists - 1)
                }
                ShelfOp::Put(list, block) => writeln!(out, "put f{list} b{block}"),
                ShelfOp::Take(list, count) => writeln!(out, "take f{list} {count}"),
                ShelfOp::Small(value) => writeln!(out, "small {value}"),
                ShelfOp::Text(characters) => {
                    texts += 1;
                    writeln!(out, "s{} = text {characters}", texts - 1)
                }
                ShelfOp::Intern(text) => writeln!(out, "intern s{text}"),
                ShelfOp::Drop(text) => writeln!(out, "drop s{text}"),
                ShelfOp::Table => writeln!(out, "table"),
                ShelfOp::Memory(on) => writeln!(out, "memory {}", if *on { "on" } else { "off" }),
            };
        }
        (String::new(), out)
    }
}

/// What a program that is being drawn has.
#[derive(Default)]
struct Draft {
    ops: Vec<ShelfOp>,
    /// Limit, and the blocks in it.
    lists: Vec<(u64, Vec<usize>)>,
    /// Blocks that the program holds.
    held: Vec<usize>,
    blocks: usize,
    texts: usize,
    variables: Vec<usize>,
    no_memory: bool,
}

impl Draft {
    fn step(&mut self, u: &mut Unstructured<'_>, op: u16) -> Result<()> {
        let list = u.choose_index(self.lists.len())?;
        match op {
            PUT => {
                let block = match self.held.is_empty() || u.arbitrary()? {
                    true => {
                        self.blocks += 1;
                        self.blocks - 1
                    }
                    false => self.held.remove(u.choose_index(self.held.len())?),
                };
                self.ops.push(ShelfOp::Put(list, block));
                let (limit, kept) = &mut self.lists[list];
                let has_room = (kept.len() as u64) < *limit;
                if has_room { kept.push(block) } else { self.held.push(block) }
            }
            TAKE => {
                let count = u.int_in_range(1..=3)?;
                self.ops.push(ShelfOp::Take(list, count));
                for _ in 0..count {
                    self.held.extend(self.lists[list].1.pop());
                }
            }
            SMALL => {
                let near = *u.choose(&[-5, 0, 256, 261, i64::MIN + 3, i64::MAX - 3])?;
                self.ops.push(ShelfOp::Small(near + u.int_in_range(-3..=3)?));
            }
            TEXT => self.new_text(u)?,
            INTERN => {
                if self.variables.is_empty() || u.arbitrary()? {
                    self.new_text(u)?;
                }
                self.ops.push(ShelfOp::Intern(*u.choose(&self.variables)?));
            }
            DROP if !self.variables.is_empty() => {
                let at = u.choose_index(self.variables.len())?;
                self.ops.push(ShelfOp::Drop(self.variables.remove(at)));
            }
            TABLE => self.ops.push(ShelfOp::Table),
            MEMORY => {
                self.no_memory = !self.no_memory;
                self.ops.push(ShelfOp::Memory(!self.no_memory));
            }
            _ => {}
        }
        Ok(())
    }
}

impl Draft {
    fn new_text(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        self.ops.push(ShelfOp::Text(u.choose(&WORDS)?));
        self.variables.push(self.texts);
        self.texts += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::seeded;

    #[test]
    fn a_program_reads_like_a_scenario() {
        let ops = vec![
            ShelfOp::List(3),
            ShelfOp::Put(0, 0),
            ShelfOp::Take(0, 2),
            ShelfOp::Small(-6),
            ShelfOp::Text("spam"),
            ShelfOp::Intern(0),
            ShelfOp::Memory(false),
            ShelfOp::Drop(0),
        ];
        let text = "use free-lists\nf0 = list 3\nput f0 b0\ntake f0 2\nsmall -6\ns0 = text spam\nintern s0\nmemory off\n\
                    drop s0\n";
        assert_eq!(ShelfProgram { ops }.to_ops(), text);
    }

    /// What there is to get wrong is there often: full lists, numbers at the borders, equal strings.
    #[test]
    fn programs_differ() {
        let programs: Vec<ShelfProgram> = (0..200).map(seeded).collect();
        let with = |wanted: fn(&ShelfOp) -> bool| programs.iter().filter(|p| p.ops.iter().any(wanted)).count();
        let many = |least: usize, wanted: fn(&ShelfOp) -> bool| {
            programs.iter().filter(|p| p.ops.iter().filter(|op| wanted(op)).count() >= least).count()
        };
        let all = [
            with(|op| matches!(op, ShelfOp::List(0..=2))),
            with(|op| matches!(op, ShelfOp::Small(-6 | -5 | 256 | 257))),
            many(3, |op| matches!(op, ShelfOp::Intern(_))),
            many(6, |op| matches!(op, ShelfOp::Put(..))),
        ];
        assert!(all.iter().all(|n| *n > 25), "{all:?}");
    }
}
