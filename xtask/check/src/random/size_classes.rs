//! Random programs for size classes: requests at the edges, classes and back, whole ranges.

use super::{Program, few, swarm};
use arbitrary::{Result, Unstructured};
use std::fmt::Write;

/// Operations of one program, at most.
const OPS: usize = 12;
/// Requests where something may go wrong; others are drawn from 1 to 600.
const EDGES: [u64; 19] = [
    0,
    1,
    7,
    8,
    9,
    15,
    16,
    17,
    496,
    497,
    504,
    511,
    512,
    513,
    1 << 16,
    (1 << 16) + 16,
    1 << 32,
    (1 << 32) + 16,
    u64::MAX,
];

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClassOp {
    /// The classes of these requests.
    Class(Vec<u64>),
    /// The block sizes of these classes.
    Size(Vec<u64>),
    /// Blocks in a pool of these classes, and what is lost.
    Fit(Vec<u64>),
    /// Each request of this range to its class and back.
    Round(u64, u64),
    /// All classes.
    Ruler,
}

/// A program, with the machine that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassProgram {
    /// Pools of 16 KiB instead of 4.
    pub modern: bool,
    /// 8 or 16.
    pub alignment: u64,
    /// What is asked, in order.
    pub ops: Vec<ClassOp>,
}

const ALL: [u16; 5] = [1, 2, 4, 8, 16];

impl Program for ClassProgram {
    const PARTS: &'static [&'static str] = &["size-classes"];

    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let allowed = swarm(u, 1)?;
        let ops: Vec<u16> = ALL.into_iter().filter(|op| allowed(*op)).collect();
        let (modern, eight) = (u.arbitrary()?, u.ratio(1, 2)?);
        let mut program = ClassProgram { modern, alignment: if eight { 8 } else { 16 }, ops: vec![] };
        let classes: Vec<u64> = (0..512 / program.alignment).collect();
        for _ in 0..u.int_in_range(2..=OPS)? {
            let op = match *u.choose(&ops)? {
                1 => ClassOp::Class(requests(u)?),
                2 => ClassOp::Size(few(u, &classes, 4)?),
                4 => ClassOp::Fit(few(u, &classes, 4)?),
                8 => {
                    let from = u.int_in_range(1..=520)?;
                    ClassOp::Round(from, from + u.int_in_range(0..=40)?)
                }
                _ => ClassOp::Ruler,
            };
            program.ops.push(op);
        }
        Ok(program)
    }

    fn text(&self) -> (String, String) {
        let geometry = if self.modern { "modern" } else { "classic" };
        let mut out = String::new();
        let words = |numbers: &[u64]| numbers.iter().map(|n| format!(" {n}")).collect::<String>();
        for op in &self.ops {
            let _ = match op {
                ClassOp::Class(n) => writeln!(out, "class{}", words(n)),
                ClassOp::Size(n) => writeln!(out, "size{}", words(n)),
                ClassOp::Fit(n) => writeln!(out, "fit{}", words(n)),
                ClassOp::Round(from, to) => writeln!(out, "round {from}..{to}"),
                ClassOp::Ruler => writeln!(out, "ruler"),
            };
        }
        (format!(" {geometry} {}", self.alignment), out)
    }
}

fn requests(u: &mut Unstructured<'_>) -> Result<Vec<u64>> {
    let edges = few(u, &EDGES, 3)?;
    let others = u.int_in_range(0..=3)?;
    let others = (0..others).map(|_| u.int_in_range(1..=600)).collect::<Result<Vec<u64>>>()?;
    Ok([edges, others].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_reads_like_a_scenario() {
        let ops = vec![ClassOp::Class(vec![0, 17]), ClassOp::Round(1, 5), ClassOp::Ruler];
        let program = ClassProgram { modern: true, alignment: 16, ops };
        assert_eq!(program.to_ops(), "use size-classes modern 16\nclass 0 17\nround 1..5\nruler\n");
    }
}
