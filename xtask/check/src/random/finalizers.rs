//! Random programs for the finalizers: small cycles whose objects, in their last words, change everything.

use super::{Program, swarm};
use arbitrary::{Result, Unstructured};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Operations between two collections, at most.
const OPS: usize = 16;

/// An object: `o3`.
pub type Name = usize;

/// What a finalizer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Nothing but running.
    Nothing,
    /// It stores the object in a global.
    Stores(Name),
    /// It cuts a reference.
    Cuts(Name, Name),
    /// It drops all that the object refers to.
    Empties(Name),
    /// It makes one object refer to another one.
    Links(Name, Name),
    /// It looks at the object.
    Looks(Name),
    /// It makes a new object, `n0`, `n1` and so on.
    Makes(Name),
}

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FinalizersOp {
    /// An object of an older generation, which a global refers to.
    Older,
    /// Young objects, so many: the next numbers.
    New(usize),
    /// One object refers to others.
    Refer(Name, Vec<Name>),
    /// A global refers to the object.
    Root(Name),
    /// No longer.
    Unroot(Name),
    /// The object's finalizer does this, too.
    Finalizer(Name, Deed),
    /// A collection of the young objects, or of all.
    Collect {
        /// The older ones, too.
        all: bool,
    },
}

/// A program. It names objects only as long as a variable or a global of its own surely holds them: what finalizers do
/// is nobody's to foresee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinalizersProgram {
    /// What is done, in order.
    pub ops: Vec<FinalizersOp>,
}

// The operations of the swarm.
const REFER: u16 = 1;
const ROOT: u16 = 2;
const UNROOT: u16 = 4;
const OLDER: u16 = 8;
const STORES: u16 = 16;
const CUTS: u16 = 32;
const EMPTIES: u16 = 64;
const LINKS: u16 = 128;
const LOOKS: u16 = 256;
const MAKES: u16 = 512;
const RING: u16 = 1024;
const PLAIN: u16 = 2048;
const OPERATIONS: [u16; 11] = [REFER, ROOT, UNROOT, STORES, CUTS, EMPTIES, LINKS, LOOKS, MAKES, RING, PLAIN];

impl Program for FinalizersProgram {
    const PARTS: &'static [&'static str] = &["finalizers"];

    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let allowed = swarm(u, REFER | RING | PLAIN)?;
        let known: Vec<u16> = OPERATIONS.into_iter().filter(|op| allowed(*op)).collect();
        let mut draft = Draft::default();
        if allowed(OLDER) {
            for _ in 0..u.int_in_range(1..=2)? {
                draft.ops.push(FinalizersOp::Older);
                draft.roots.push(1);
            }
        }
        for _ in 0..u.int_in_range(1..=3)? {
            let count = u.int_in_range(1..=5)?;
            draft.new_objects(count);
            for _ in 0..u.int_in_range(1..=OPS)? {
                let op = if u.ratio(1, 3)? { REFER } else { *u.choose(&known)? };
                draft.step(u, op)?;
            }
            draft.collect(u.ratio(1, 3)?);
        }
        Ok(FinalizersProgram { ops: draft.ops })
    }

    fn text(&self) -> (String, String) {
        let (mut out, mut names) = (String::new(), 0);
        for op in &self.ops {
            let _ = match op {
                FinalizersOp::Older => {
                    names += 1;
                    writeln!(out, "older o{}", names - 1)
                }
                FinalizersOp::New(count) => {
                    let all: Vec<String> = (names..names + count).map(|name| format!("o{name}")).collect();
                    names += count;
                    writeln!(out, "new {}", all.join(" "))
                }
                FinalizersOp::Refer(from, to) => {
                    let to: Vec<String> = to.iter().map(|to| format!("o{to}")).collect();
                    writeln!(out, "o{from} -> {}", to.join(" "))
                }
                FinalizersOp::Root(name) => writeln!(out, "root o{name}"),
                FinalizersOp::Unroot(name) => writeln!(out, "unroot o{name}"),
                FinalizersOp::Finalizer(name, deed) => writeln!(out, "finalizer o{name}{}", said(*deed)),
                FinalizersOp::Collect { all: false } => writeln!(out, "collect"),
                FinalizersOp::Collect { all: true } => writeln!(out, "collect all"),
            };
        }
        (String::new(), out)
    }
}

fn said(deed: Deed) -> String {
    match deed {
        Deed::Nothing => String::new(),
        Deed::Stores(object) => format!(" stores o{object}"),
        Deed::Cuts(from, to) => format!(" cuts o{from} o{to}"),
        Deed::Empties(object) => format!(" empties o{object}"),
        Deed::Links(from, to) => format!(" links o{from} o{to}"),
        Deed::Looks(object) => format!(" looks o{object}"),
        Deed::Makes(number) => format!(" makes n{number}"),
    }
}

/// What is known of a program that is being drawn.
#[derive(Default)]
struct Draft {
    ops: Vec<FinalizersOp>,
    /// References from globals that the program itself made.
    roots: Vec<u32>,
    /// Objects that variables hold.
    variables: BTreeSet<Name>,
    /// References, to cut some of them.
    refers: Vec<(Name, Name)>,
    made: Name,
}

impl Draft {
    fn alive(&self) -> Vec<Name> {
        (0..self.roots.len()).filter(|name| self.roots[*name] > 0 || self.variables.contains(name)).collect()
    }

    fn new_objects(&mut self, count: usize) {
        self.ops.push(FinalizersOp::New(count));
        for _ in 0..count {
            self.variables.insert(self.roots.len());
            self.roots.push(0);
        }
    }

    fn step(&mut self, u: &mut Unstructured<'_>, op: u16) -> Result<()> {
        let alive = self.alive();
        let mut one = || u.choose(&alive).copied();
        let (first, second) = (one()?, one()?);
        match op {
            REFER => {
                let mut to = vec![second];
                if u.ratio(1, 4)? {
                    to.push(*u.choose(&alive)?);
                }
                self.refers.extend(to.iter().map(|to| (first, *to)));
                self.ops.push(FinalizersOp::Refer(first, to));
            }
            RING => {
                for (from, to) in [(first, second), (second, first)] {
                    self.refers.push((from, to));
                    self.ops.push(FinalizersOp::Refer(from, vec![to]));
                }
            }
            ROOT => {
                self.roots[first] += 1;
                self.ops.push(FinalizersOp::Root(first));
            }
            UNROOT if self.roots[first] > 0 => {
                self.roots[first] -= 1;
                self.ops.push(FinalizersOp::Unroot(first));
            }
            UNROOT => {}
            _ => {
                let deed = self.deed(u, op, first, second)?;
                let me = if u.ratio(1, 2)? { first } else { *u.choose(&alive)? };
                self.ops.push(FinalizersOp::Finalizer(me, deed));
            }
        }
        Ok(())
    }

    fn deed(&mut self, u: &mut Unstructured<'_>, op: u16, first: Name, second: Name) -> Result<Deed> {
        Ok(match op {
            STORES => Deed::Stores(first),
            CUTS => {
                let alive: BTreeSet<Name> = self.alive().into_iter().collect();
                let there = |(from, to): &&(Name, Name)| alive.contains(from) && alive.contains(to);
                let there: Vec<(Name, Name)> = self.refers.iter().filter(there).copied().collect();
                let (from, to) = if there.is_empty() { (first, second) } else { *u.choose(&there)? };
                Deed::Cuts(from, to)
            }
            EMPTIES => Deed::Empties(first),
            LINKS => Deed::Links(first, second),
            LOOKS => Deed::Looks(first),
            MAKES => {
                self.made += 1;
                Deed::Makes(self.made - 1)
            }
            _ => Deed::Nothing,
        })
    }

    /// The variables are gone; what finalizers did to the rest is unknown.
    fn collect(&mut self, all: bool) {
        self.ops.push(FinalizersOp::Collect { all });
        self.variables.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::seeded;

    #[test]
    fn a_program_reads_like_a_scenario() {
        let ops = vec![
            FinalizersOp::Older,
            FinalizersOp::New(2),
            FinalizersOp::Refer(1, vec![2, 0]),
            FinalizersOp::Root(1),
            FinalizersOp::Unroot(1),
            FinalizersOp::Finalizer(1, Deed::Nothing),
            FinalizersOp::Finalizer(1, Deed::Cuts(1, 2)),
            FinalizersOp::Finalizer(2, Deed::Makes(0)),
            FinalizersOp::Collect { all: true },
        ];
        let text = "use finalizers\nolder o0\nnew o1 o2\no1 -> o2 o0\nroot o1\nunroot o1\nfinalizer o1\n\
                    finalizer o1 cuts o1 o2\nfinalizer o2 makes n0\ncollect all\n";
        assert_eq!(FinalizersProgram { ops }.to_ops(), text);
    }

    #[test]
    fn programs_differ() {
        let programs: Vec<FinalizersProgram> = (0..200).map(seeded).collect();
        let with = |wanted: fn(&Deed) -> bool| {
            let does = |op: &FinalizersOp| matches!(op, FinalizersOp::Finalizer(_, deed) if wanted(deed));
            programs.iter().filter(|p| p.ops.iter().any(does)).count()
        };
        let counts = [
            with(|deed| matches!(deed, Deed::Stores(_))),
            with(|deed| matches!(deed, Deed::Cuts(..))),
            with(|deed| matches!(deed, Deed::Empties(_))),
            with(|deed| matches!(deed, Deed::Links(..))),
            with(|deed| matches!(deed, Deed::Makes(_))),
        ];
        assert!(counts.iter().all(|n| *n > 40), "{counts:?}");
    }
}
