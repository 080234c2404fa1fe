//! Random programs for `refcount` and `trashcan`: objects that hold one another, variables, and chains that die.

use super::{Program, swarm};
use arbitrary::{Result, Unstructured};
use std::fmt::Write;

/// Operations of one program, at most.
const OPS: usize = 30;

/// An object: `o3`.
pub type Name = usize;

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CountingOp {
    /// Objects, so many: the next numbers. The program has one reference to each.
    New(usize),
    /// An object that never dies.
    Immortal,
    /// One object refers to others, once for each time that they are named.
    Refer(Name, Vec<Name>),
    /// One reference of the program's more.
    Hold(Name),
    /// One less.
    Drop(Name),
    /// One object lets go of its first reference to another.
    Cut(Name, Name),
    /// When the first one dies, its finalizer puts it into the second.
    Save(Name, Name),
    /// A chain of so many objects: `x0_0`, `x0_1`..., the first of which an object refers to, and nobody else.
    Chain {
        /// The chain's own number.
        number: usize,
        /// Its objects.
        length: usize,
        /// Who refers to its first one.
        from: Name,
    },
    /// What REFS says.
    Count(Name),
}

/// A program. Each object that it names is alive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountingProgram {
    /// What is done, in order.
    pub ops: Vec<CountingOp>,
}

// The operations of the swarm.
const NEW: u16 = 1;
const REFER: u16 = 2;
const DROP: u16 = 4;
const HOLD: u16 = 8;
const TWICE: u16 = 16;
const CUT: u16 = 32;
const SAVE: u16 = 64;
const CHAIN: u16 = 128;
const IMMORTAL: u16 = 256;
const COUNT: u16 = 512;
const OPERATIONS: [u16; 10] = [NEW, REFER, DROP, HOLD, TWICE, CUT, SAVE, CHAIN, IMMORTAL, COUNT];

impl Program for CountingProgram {
    const PARTS: &'static [&'static str] = &["refcount", "trashcan"];

    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let allowed = swarm(u, NEW | REFER | DROP)?;
        let ops: Vec<u16> = OPERATIONS.into_iter().filter(|op| allowed(*op)).collect();
        let mut heap = Draft::default();
        // Number 0 is who keeps what is saved: it is never dropped.
        heap.new_objects(u.int_in_range(2..=7)?);
        for _ in 0..u.int_in_range(4..=OPS)? {
            let op = if u.ratio(1, 3)? { *u.choose(&[REFER, DROP])? } else { *u.choose(&ops)? };
            heap.step(u, op)?;
        }
        // At the end the program lets go of everything but the keeper.
        if u.ratio(3, 4)? {
            let backwards = u.arbitrary()?;
            for at in 1..heap.objects.len() {
                let name = if backwards { heap.objects.len() - at } else { at };
                while heap.objects[name].alive && heap.objects[name].held > 0 {
                    heap.drop_one(name);
                }
            }
        }
        Ok(CountingProgram { ops: heap.ops })
    }

    fn text(&self) -> (String, String) {
        let (mut out, mut names) = (String::new(), 0);
        for op in &self.ops {
            let _ = match op {
                CountingOp::New(1) => {
                    names += 1;
                    writeln!(out, "new o{}", names - 1)
                }
                CountingOp::New(count) => {
                    names += count;
                    writeln!(out, "new o{}..o{}", names - count, names - 1)
                }
                CountingOp::Immortal => {
                    names += 1;
                    writeln!(out, "immortal o{}", names - 1)
                }
                CountingOp::Refer(from, to) => {
                    let to: Vec<String> = to.iter().map(|to| format!("o{to}")).collect();
                    writeln!(out, "o{from} -> {}", to.join(" "))
                }
                CountingOp::Hold(name) => writeln!(out, "hold o{name}"),
                CountingOp::Drop(name) => writeln!(out, "drop o{name}"),
                CountingOp::Cut(from, to) => writeln!(out, "cut o{from} o{to}"),
                CountingOp::Save(name, keeper) => writeln!(out, "save o{name} o{keeper}"),
                CountingOp::Chain { number, length, from } => {
                    let _ = writeln!(out, "x{number}_ = chain {length}");
                    let _ = writeln!(out, "o{from} -> x{number}_0");
                    writeln!(out, "drop x{number}_0")
                }
                CountingOp::Count(name) => writeln!(out, "count o{name}"),
            };
        }
        (String::new(), out)
    }
}

/// An object of a program that is being drawn.
#[derive(Clone, Default)]
struct Drawn {
    alive: bool,
    immortal: bool,
    held: u64,
    refers: Vec<Name>,
    saved: bool,
}

#[derive(Default)]
struct Draft {
    ops: Vec<CountingOp>,
    objects: Vec<Drawn>,
    chains: usize,
}

impl Draft {
    fn step(&mut self, u: &mut Unstructured<'_>, op: u16) -> Result<()> {
        let alive: Vec<Name> = (0..self.objects.len()).filter(|name| self.objects[*name].alive).collect();
        let any = *u.choose(&alive)?;
        match op {
            NEW => self.new_objects(u.int_in_range(1..=4)?),
            IMMORTAL => {
                self.ops.push(CountingOp::Immortal);
                self.objects.push(Drawn { alive: true, immortal: true, ..Drawn::default() });
            }
            REFER | TWICE => {
                let count = u.int_in_range(1..=3)?;
                let mut to = (0..count).map(|_| u.choose(&alive).copied()).collect::<Result<Vec<Name>>>()?;
                if op == TWICE {
                    to.push(to[0]);
                }
                self.objects[any].refers.extend(&to);
                self.ops.push(CountingOp::Refer(any, to));
            }
            HOLD => {
                self.objects[any].held += 1;
                self.ops.push(CountingOp::Hold(any));
            }
            DROP if any > 0 && (self.objects[any].held > 0 || self.objects[any].immortal) => self.drop_one(any),
            CUT if !self.objects[any].refers.is_empty() => {
                let to = *u.choose(&self.objects[any].refers)?;
                let at = self.objects[any].refers.iter().position(|other| *other == to).expect("it was chosen there");
                self.objects[any].refers.remove(at);
                self.ops.push(CountingOp::Cut(any, to));
                self.settle();
            }
            SAVE if any > 0 && !self.objects[any].immortal => {
                self.objects[any].saved = true;
                self.ops.push(CountingOp::Save(any, 0));
            }
            CHAIN if self.chains < 3 => {
                let length = *u.choose(&[2, 10, 47, 48, 49, 50, 51, 60, 101, 120, 170])?;
                self.ops.push(CountingOp::Chain { number: self.chains, length, from: any });
                self.chains += 1;
            }
            COUNT => self.ops.push(CountingOp::Count(any)),
            _ => {}
        }
        Ok(())
    }

    fn new_objects(&mut self, count: usize) {
        self.ops.push(CountingOp::New(count));
        self.objects.extend(vec![Drawn { alive: true, held: 1, ..Drawn::default() }; count]);
    }

    fn drop_one(&mut self, name: Name) {
        self.ops.push(CountingOp::Drop(name));
        self.objects[name].held = self.objects[name].held.saturating_sub(1);
        self.settle();
    }

    /// Who dies of it? In which order does not matter here: what is saved is saved by one that is always alive.
    fn settle(&mut self) {
        loop {
            let inside = |name: Name| self.objects.iter().any(|o| o.alive && o.refers.contains(&name));
            let dies = |name: &Name| {
                let o = &self.objects[*name];
                o.alive && !o.immortal && o.held == 0 && !inside(*name)
            };
            let Some(name) = (0..self.objects.len()).find(dies) else { return };
            if std::mem::take(&mut self.objects[name].saved) {
                self.objects[0].refers.push(name);
            } else {
                self.objects[name].alive = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::seeded;

    #[test]
    fn a_program_reads_like_a_scenario() {
        let ops = vec![
            CountingOp::New(3),
            CountingOp::Immortal,
            CountingOp::Refer(1, vec![2, 2]),
            CountingOp::Save(2, 0),
            CountingOp::Chain { number: 0, length: 50, from: 1 },
            CountingOp::Cut(1, 2),
            CountingOp::Drop(1),
        ];
        let text = "use trashcan\nnew o0..o2\nimmortal o3\no1 -> o2 o2\nsave o2 o0\nx0_ = chain 50\no1 -> x0_0\n\
                    drop x0_0\ncut o1 o2\ndrop o1\n";
        assert_eq!(CountingProgram { ops }.to_ops_for("trashcan"), text);
    }

    /// What there is to get wrong is there often.
    #[test]
    fn programs_differ() {
        let programs: Vec<CountingProgram> = (0..200).map(seeded).collect();
        let with = |wanted: fn(&CountingOp) -> bool| programs.iter().filter(|p| p.ops.iter().any(wanted)).count();
        let twice =
            with(|op| matches!(op, CountingOp::Refer(_, to) if (1..to.len()).any(|i| to[..i].contains(&to[i]))));
        let itself = with(|op| matches!(op, CountingOp::Refer(from, to) if to.contains(from)));
        let save = with(|op| matches!(op, CountingOp::Save(..)));
        let deep = with(|op| matches!(op, CountingOp::Chain { length: 51.., .. }));
        let cut = with(|op| matches!(op, CountingOp::Cut(..)));
        let immortal = with(|op| *op == CountingOp::Immortal);
        let all = [twice, itself, save, deep, cut, immortal];
        assert!(all.iter().all(|n| *n > 25), "{all:?}");
    }
}
