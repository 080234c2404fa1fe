//! Random programs for the parts of the collector: objects, references, roots, and collections.

use super::{Program, swarm};
use arbitrary::{Result, Unstructured};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Operations of one program, at most.
const OPS: usize = 30;

/// An object: `o3`. A ring or a chain of `n` objects takes the next `n` numbers.
pub type Name = usize;

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GraphOp {
    /// Young objects, so many: the next numbers.
    New(usize),
    /// An object of an older generation, with one reference from outside.
    Older,
    /// One object refers to others, once for each time that they are named.
    Refer(Name, Vec<Name>),
    /// One reference from outside more.
    Root(Name),
    /// One less.
    Unroot(Name),
    /// A collection of the young objects, or of all.
    Collect {
        /// The older ones, too.
        all: bool,
    },
}

/// A program. Each object that it names is alive: what is not reachable when a collection runs is never named again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphProgram {
    /// What is done, in order.
    pub ops: Vec<GraphOp>,
}

// The operations of the swarm.
const NEW: u16 = 1;
const REFER: u16 = 2;
const ROOT: u16 = 4;
const OLDER: u16 = 8;
const TWICE: u16 = 16;
const RING: u16 = 32;
const UNROOT: u16 = 64;
const COLLECT: u16 = 128;
const ALL: u16 = 256;
const OPERATIONS: [u16; 9] = [NEW, REFER, ROOT, OLDER, TWICE, RING, UNROOT, COLLECT, ALL];

impl Program for GraphProgram {
    const PARTS: &'static [&'static str] = &["subtract-refs", "move-unreachable"];

    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let allowed = swarm(u, NEW | REFER)?;
        let ops: Vec<u16> = OPERATIONS.into_iter().filter(|op| allowed(*op)).collect();
        let mut heap = Draft::default();
        heap.new_objects(u.int_in_range(1..=6)?);
        for _ in 0..u.int_in_range(3..=OPS)? {
            // References are what it is all about.
            let op = if u.ratio(1, 2)? { REFER } else { *u.choose(&ops)? };
            heap.step(u, op)?;
        }
        if u.ratio(3, 4)? {
            heap.root(u)?;
        }
        heap.collect(u.ratio(1, 4)?);
        Ok(GraphProgram { ops: heap.ops })
    }

    fn text(&self) -> (String, String) {
        let (mut out, mut names) = (String::new(), 0);
        for op in &self.ops {
            let _ = match op {
                GraphOp::New(1) | GraphOp::Older => {
                    names += 1;
                    let verb = if *op == GraphOp::Older { "older" } else { "new" };
                    writeln!(out, "{verb} o{}", names - 1)
                }
                GraphOp::New(count) => {
                    names += count;
                    writeln!(out, "new o{}..o{}", names - count, names - 1)
                }
                GraphOp::Refer(from, to) => {
                    let to: Vec<String> = to.iter().map(|to| format!("o{to}")).collect();
                    writeln!(out, "o{from} -> {}", to.join(" "))
                }
                GraphOp::Root(name) => writeln!(out, "root o{name}"),
                GraphOp::Unroot(name) => writeln!(out, "unroot o{name}"),
                GraphOp::Collect { all: false } => writeln!(out, "collect"),
                GraphOp::Collect { all: true } => writeln!(out, "collect all"),
            };
        }
        (String::new(), out)
    }
}

/// The heap of a program that is being drawn.
#[derive(Default)]
struct Draft {
    ops: Vec<GraphOp>,
    refers: Vec<Vec<Name>>,
    roots: Vec<u32>,
    /// Objects that may be named.
    alive: Vec<Name>,
}

impl Draft {
    fn step(&mut self, u: &mut Unstructured<'_>, op: u16) -> Result<()> {
        match op {
            NEW => self.new_objects(u.int_in_range(1..=4)?),
            OLDER => {
                self.ops.push(GraphOp::Older);
                let name = self.enter();
                self.roots[name] = 1;
            }
            REFER | TWICE => self.refer(u, op == TWICE)?,
            RING => self.ring(u)?,
            ROOT => self.root(u)?,
            UNROOT => self.unroot(u)?,
            COLLECT if u.ratio(1, 3)? => self.collect(false),
            ALL if u.ratio(1, 3)? => self.collect(true),
            _ => {}
        }
        Ok(())
    }

    fn enter(&mut self) -> Name {
        let name = self.roots.len();
        self.roots.push(0);
        self.refers.push(vec![]);
        self.alive.push(name);
        name
    }

    fn new_objects(&mut self, count: usize) {
        self.ops.push(GraphOp::New(count));
        for _ in 0..count {
            self.enter();
        }
    }

    fn refer(&mut self, u: &mut Unstructured<'_>, twice: bool) -> Result<()> {
        if self.alive.is_empty() {
            return Ok(());
        }
        let from = *u.choose(&self.alive)?;
        // Now and then one that refers to many.
        let count = if u.ratio(1, 8)? { u.int_in_range(4..=12)? } else { u.int_in_range(1..=3)? };
        let mut to = (0..count).map(|_| u.choose(&self.alive).copied()).collect::<Result<Vec<Name>>>()?;
        if twice {
            to.push(to[0]);
        }
        self.refers[from].extend(&to);
        self.ops.push(GraphOp::Refer(from, to));
        Ok(())
    }

    /// Each object refers to the next: a ring that keeps itself alive.
    fn ring(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let count = u.int_in_range(1..=4)?;
        let first = self.roots.len();
        self.new_objects(count);
        for i in 0..count {
            let (from, to) = (first + i, first + (i + 1) % count);
            self.refers[from].push(to);
            self.ops.push(GraphOp::Refer(from, vec![to]));
        }
        Ok(())
    }

    fn root(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if !self.alive.is_empty() {
            let name = *u.choose(&self.alive)?;
            self.roots[name] += 1;
            self.ops.push(GraphOp::Root(name));
        }
        Ok(())
    }

    fn unroot(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let rooted: Vec<Name> = self.alive.iter().copied().filter(|name| self.roots[*name] > 0).collect();
        if !rooted.is_empty() {
            let name = *u.choose(&rooted)?;
            self.roots[name] -= 1;
            self.ops.push(GraphOp::Unroot(name));
        }
        Ok(())
    }

    /// Whatever may be gone after it is forgotten.
    fn collect(&mut self, all: bool) {
        self.ops.push(GraphOp::Collect { all });
        let mut reached: BTreeSet<Name> = BTreeSet::new();
        let mut next: Vec<Name> = self.alive.iter().copied().filter(|name| self.roots[*name] > 0).collect();
        while let Some(name) = next.pop() {
            if reached.insert(name) {
                next.extend(&self.refers[name]);
            }
        }
        self.alive = reached.into_iter().collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::seeded;

    #[test]
    fn a_program_reads_like_a_scenario() {
        let ops = vec![
            GraphOp::New(3),
            GraphOp::Older,
            GraphOp::Refer(0, vec![1, 1]),
            GraphOp::Root(3),
            GraphOp::Unroot(3),
            GraphOp::Collect { all: true },
        ];
        let text = "use move-unreachable\nnew o0..o2\nolder o3\no0 -> o1 o1\nroot o3\nunroot o3\ncollect all\n";
        assert_eq!(GraphProgram { ops }.to_ops_for("move-unreachable"), text);
    }

    /// What there is to get wrong is there often: older objects, double references, second collections.
    #[test]
    fn programs_differ() {
        let programs: Vec<GraphProgram> = (0..200).map(seeded).collect();
        let with = |wanted: fn(&GraphOp) -> bool| programs.iter().filter(|p| p.ops.iter().any(wanted)).count();
        let twice = with(|op| matches!(op, GraphOp::Refer(_, to) if (1..to.len()).any(|i| to[..i].contains(&to[i]))));
        let itself = with(|op| matches!(op, GraphOp::Refer(from, to) if to.contains(from)));
        let (older, unroot) = (with(|op| *op == GraphOp::Older), with(|op| matches!(op, GraphOp::Unroot(_))));
        let again =
            programs.iter().filter(|p| p.ops.iter().filter(|op| matches!(op, GraphOp::Collect { .. })).count() > 1);
        let again = again.count();
        assert!(
            [twice, itself, older, unroot, again].iter().all(|n| *n > 30),
            "{twice} {itself} {older} {unroot} {again}"
        );
    }
}
