//! Random programs for the generations: objects that come, stay and go, under small thresholds.

use super::{Program, few, swarm};
use arbitrary::{Result, Unstructured};
use std::fmt::Write;

/// Operations of one program, at most.
const OPS: usize = 24;
/// Thresholds.
const THRESHOLDS: [u64; 10] = [0, 1, 2, 3, 5, 10, 10, 40, 100, 700];
/// So many objects at a time.
const OBJECTS: [u64; 10] = [1, 2, 3, 5, 11, 30, 101, 102, 701, 2000];

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GenerationsOp {
    /// From now on these are the thresholds.
    Thresholds([u64; 3]),
    /// Objects that the program keeps.
    New(u64),
    /// Objects that only a collection finds.
    Lost(u64),
    /// Objects that are gone before the next one is made.
    Brief(u64),
    /// Objects that go by count.
    Free {
        /// So many.
        count: u64,
        /// The oldest first.
        oldest: bool,
    },
    /// A collection by hand.
    Collect(usize),
    /// `gc.enable` or `gc.disable`.
    Enable(bool),
    /// Whoever hears of a collection's end makes so many objects.
    Callback(u64),
}

/// A program. It never frees more objects than it made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenerationsProgram {
    /// What is done, in order.
    pub ops: Vec<GenerationsOp>,
}

// The operations of the swarm.
const NEW: u16 = 1;
const LOST: u16 = 2;
const BRIEF: u16 = 4;
const FREE: u16 = 8;
const COLLECT: u16 = 16;
const ENABLE: u16 = 32;
const CALLBACK: u16 = 64;
const AGAIN: u16 = 128;
const OPERATIONS: [u16; 8] = [NEW, LOST, BRIEF, FREE, COLLECT, ENABLE, CALLBACK, AGAIN];

impl Program for GenerationsProgram {
    const PARTS: &'static [&'static str] = &["generations"];

    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let allowed = swarm(u, NEW)?;
        let known: Vec<u16> = OPERATIONS.into_iter().filter(|op| allowed(*op)).collect();
        let (sizes, thresholds) = (few(u, &OBJECTS, 4)?, few(u, &THRESHOLDS, 4)?);
        let draw_thresholds = |u: &mut Unstructured<'_>| -> Result<GenerationsOp> {
            let mut one = || u.choose(&thresholds).copied();
            Ok(GenerationsOp::Thresholds([one()?, one()?, one()?]))
        };
        let mut ops = vec![draw_thresholds(u)?];
        let mut living = 0;
        for _ in 0..u.int_in_range(3..=OPS)? {
            let count = *u.choose(&sizes)?;
            let op = if u.ratio(1, 3)? { NEW } else { *u.choose(&known)? };
            ops.push(match op {
                NEW => {
                    living += count;
                    GenerationsOp::New(count)
                }
                LOST => GenerationsOp::Lost(count),
                BRIEF => GenerationsOp::Brief(count),
                FREE if living > 0 => {
                    let count = count.min(living);
                    living -= count;
                    GenerationsOp::Free { count, oldest: u.arbitrary()? }
                }
                COLLECT => GenerationsOp::Collect(u.int_in_range(0..=2)?),
                ENABLE => GenerationsOp::Enable(u.arbitrary()?),
                CALLBACK => GenerationsOp::Callback(count.min(101)),
                _ => draw_thresholds(u)?,
            });
        }
        Ok(GenerationsProgram { ops })
    }

    fn text(&self) -> (String, String) {
        let mut out = String::new();
        for op in &self.ops {
            let _ = match op {
                GenerationsOp::Thresholds([zero, one, two]) => writeln!(out, "thresholds {zero} {one} {two}"),
                GenerationsOp::New(count) => writeln!(out, "new {count}"),
                GenerationsOp::Lost(count) => writeln!(out, "lost {count}"),
                GenerationsOp::Brief(count) => writeln!(out, "brief {count}"),
                GenerationsOp::Free { count, oldest } => {
                    writeln!(out, "free {count}{}", if *oldest { " oldest" } else { "" })
                }
                GenerationsOp::Collect(generation) => writeln!(out, "collect {generation}"),
                GenerationsOp::Enable(enabled) => writeln!(out, "{}", if *enabled { "enable" } else { "disable" }),
                GenerationsOp::Callback(count) => writeln!(out, "callback {count}"),
            };
        }
        (String::new(), out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::seeded;

    #[test]
    fn a_program_reads_like_a_scenario() {
        let ops = vec![
            GenerationsOp::Thresholds([2, 1, 0]),
            GenerationsOp::New(5),
            GenerationsOp::Lost(1),
            GenerationsOp::Brief(9),
            GenerationsOp::Free { count: 2, oldest: true },
            GenerationsOp::Free { count: 1, oldest: false },
            GenerationsOp::Collect(1),
            GenerationsOp::Enable(false),
            GenerationsOp::Callback(3),
        ];
        let text = "use generations\nthresholds 2 1 0\nnew 5\nlost 1\nbrief 9\nfree 2 oldest\nfree 1\ncollect 1\n\
                    disable\ncallback 3\n";
        assert_eq!(GenerationsProgram { ops }.to_ops(), text);
    }

    #[test]
    fn programs_differ() {
        let programs: Vec<GenerationsProgram> = (0..200).map(seeded).collect();
        let with = |wanted: fn(&GenerationsOp) -> bool| programs.iter().filter(|p| p.ops.iter().any(wanted)).count();
        let none = with(|op| matches!(op, GenerationsOp::Thresholds([0, ..])));
        let (off, full) = (with(|op| *op == GenerationsOp::Enable(false)), with(|op| *op == GenerationsOp::Collect(2)));
        assert!([none, off, full].iter().all(|n| *n > 25), "{none} {off} {full}");
    }
}
