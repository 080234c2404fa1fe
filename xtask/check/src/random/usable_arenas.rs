//! Random programs for the list of usable arenas: a few arenas, pools that go and come back.
//!
//! [`Model`] is the list as a sentence would describe it: a vector, walked along as often as one likes.

use super::{Program, few, swarm};
use arbitrary::{Result, Unstructured};
use std::fmt::Write;

/// Operations of one program, at most.
const OPS: usize = 50;
/// Arenas of one program, at most.
const ARENAS: u32 = 12;

/// An arena: `a3`.
pub type Name = u32;

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsableOp {
    /// A new arena of so many pools, all of them free: the list is empty.
    Add(Name, u32),
    /// An arena of so many pools, none of them free.
    Full(Name, u32),
    /// So many pools are handed out, by whichever arena is the first.
    Take(u32),
    /// The arena gets so many pools back.
    Give(Name, u32),
    /// What do the list and its table say?
    State,
}

/// A program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsableProgram {
    /// What is done, in order.
    pub ops: Vec<UsableOp>,
}

/// An arena of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Which one.
    pub name: Name,
    /// Free pools.
    pub free: u32,
    /// Pools in all.
    pub total: u32,
}

/// The list, and the arenas that are in no list.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// From the first.
    pub list: Vec<Counts>,
    /// Those without free pools.
    pub full: Vec<Counts>,
}

impl Model {
    /// A new arena.
    pub fn add(&mut self, name: Name, total: u32) {
        assert!(self.list.is_empty(), "nobody asks for a new arena while one has free pools");
        self.list.push(Counts { name, free: total, total });
    }

    /// The first arena hands out a pool; its name.
    pub fn take(&mut self) -> Name {
        self.list[0].free -= 1;
        let first = self.list[0];
        if first.free == 0 {
            self.full.push(self.list.remove(0));
        }
        first.name
    }

    /// An arena gets a pool back; whether it goes back to the system.
    pub fn give(&mut self, name: Name) -> bool {
        if let Some(at) = self.full.iter().position(|arena| arena.name == name) {
            let arena = self.full.remove(at);
            self.list.insert(0, Counts { free: 1, ..arena });
            return false;
        }
        let at = self.list.iter().position(|arena| arena.name == name).expect("an arena that is there");
        let mut arena = self.list[at];
        arena.free += 1;
        if arena.free == arena.total && at + 1 < self.list.len() {
            self.list.remove(at);
            return true;
        }
        // Behind all that have as many as it had.
        let to = self.list.iter().rposition(|other| other.free < arena.free).expect("itself, at least");
        self.list.remove(at);
        self.list.insert(to, arena);
        false
    }

    /// The arena, wherever it is.
    pub fn find(&self, name: Name) -> Option<Counts> {
        self.list.iter().chain(&self.full).find(|arena| arena.name == name).copied()
    }

    fn free(&self) -> u32 {
        self.list.iter().map(|arena| arena.free).sum()
    }
}

// The operations of the swarm.
const TAKE: u16 = 1;
const TAKE_FEW: u16 = 2;
const DRAIN: u16 = 4;
const GIVE: u16 = 8;
const GIVE_FEW: u16 = 16;
const GIVE_NEARLY_ALL: u16 = 32;
const GIVE_ALL: u16 = 64;
const LEVEL: u16 = 128;
const MORE: u16 = 256;
const STATE: u16 = 512;
const ALL: [u16; 10] = [TAKE, TAKE_FEW, DRAIN, GIVE, GIVE_FEW, GIVE_NEARLY_ALL, GIVE_ALL, LEVEL, MORE, STATE];

impl Program for UsableProgram {
    const PARTS: &'static [&'static str] = &["usable-arenas"];

    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let allowed = swarm(u, GIVE)?;
        let totals = few(u, &[64, 64, 63], 2)?;
        let mut draft = Draft { model: Model::default(), ops: vec![], names: 0 };
        for _ in 0..u.int_in_range(0..=8)? {
            draft.more(*u.choose(&totals)?);
        }
        let ops: Vec<u16> = ALL.into_iter().filter(|op| allowed(*op)).collect();
        for _ in 0..u.int_in_range(4..=OPS)? {
            let op = *u.choose(&ops)?;
            draft.step(u, op, &totals)?;
        }
        draft.ops.push(UsableOp::State);
        Ok(UsableProgram { ops: draft.ops })
    }

    fn text(&self) -> (String, String) {
        let mut out = String::new();
        let pools = |total: u32| if total == 64 { String::new() } else { format!(" {total}") };
        for op in &self.ops {
            let _ = match *op {
                UsableOp::Add(name, total) => writeln!(out, "a{name} = add{}", pools(total)),
                UsableOp::Full(name, total) => writeln!(out, "a{name} = full{}", pools(total)),
                UsableOp::Take(count) => writeln!(out, "take {count}"),
                UsableOp::Give(name, count) => writeln!(out, "give a{name} {count}"),
                UsableOp::State => writeln!(out, "state"),
            };
        }
        (String::new(), out)
    }
}

/// A program that is being drawn.
struct Draft {
    model: Model,
    ops: Vec<UsableOp>,
    names: Name,
}

impl Draft {
    fn step(&mut self, u: &mut Unstructured<'_>, op: u16, totals: &[u32]) -> Result<()> {
        let given: Vec<Counts> = self.given().collect();
        match op {
            // Nobody can be asked: somebody asks the system.
            TAKE | TAKE_FEW | DRAIN if self.model.list.is_empty() => self.add(*u.choose(totals)?),
            TAKE => self.take(1),
            TAKE_FEW => {
                let count = u.int_in_range(1..=self.model.free().min(6))?;
                self.take(count);
            }
            DRAIN => self.take(self.model.list[0].free),
            MORE if self.names < ARENAS => self.more(*u.choose(totals)?),
            GIVE | GIVE_FEW | GIVE_NEARLY_ALL | GIVE_ALL | LEVEL if !given.is_empty() => {
                let arena = *u.choose(&given)?;
                let out = arena.total - arena.free;
                let count = match op {
                    GIVE_FEW => u.int_in_range(1..=out.min(4))?,
                    GIVE_NEARLY_ALL => out.saturating_sub(u.int_in_range(1..=2)?),
                    GIVE_ALL => out,
                    // As many as another one has.
                    LEVEL => {
                        let others = self.model.list.iter().filter(|other| other.free > arena.free);
                        others.map(|other| other.free - arena.free).min().unwrap_or(1).min(out)
                    }
                    _ => 1,
                };
                self.give(arena.name, count.max(1));
            }
            STATE => self.ops.push(UsableOp::State),
            _ => {}
        }
        Ok(())
    }

    /// Arenas that have pools outside.
    fn given(&self) -> impl Iterator<Item = Counts> {
        self.model.list.iter().chain(&self.model.full).filter(|arena| arena.free < arena.total).copied()
    }

    fn add(&mut self, total: u32) {
        self.names += 1;
        self.model.add(self.names, total);
        self.ops.push(UsableOp::Add(self.names, total));
    }

    fn more(&mut self, total: u32) {
        self.names += 1;
        self.model.full.push(Counts { name: self.names, free: 0, total });
        self.ops.push(UsableOp::Full(self.names, total));
    }

    fn take(&mut self, count: u32) {
        for _ in 0..count {
            self.model.take();
        }
        self.ops.push(UsableOp::Take(count));
    }

    fn give(&mut self, name: Name, count: u32) {
        for _ in 0..count {
            self.model.give(name);
        }
        self.ops.push(UsableOp::Give(name, count));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::seeded;

    /// What a program met: equals side by side, one that went back, one that was kept, one that became full.
    fn met(program: &UsableProgram) -> [bool; 4] {
        let (mut model, mut met) = (Model::default(), [false; 4]);
        for op in &program.ops {
            match *op {
                UsableOp::Add(name, total) => model.add(name, total),
                UsableOp::Full(name, total) => model.full.push(Counts { name, free: 0, total }),
                UsableOp::Take(count) => {
                    for _ in 0..count {
                        assert!(!model.list.is_empty(), "{}", program.to_ops());
                        model.take();
                    }
                    met[3] |= !model.full.is_empty();
                }
                UsableOp::Give(name, count) => {
                    for _ in 0..count {
                        let arena = model.find(name).expect("it is there");
                        assert!(arena.free < arena.total, "{}", program.to_ops());
                        met[1] |= model.give(name);
                    }
                }
                UsableOp::State => {}
            }
            assert!(model.list.windows(2).all(|pair| pair[0].free <= pair[1].free));
            met[0] |= model.list.windows(3).any(|three| three[0].free == three[2].free);
            met[2] |= model.list.last().is_some_and(|last| last.free == last.total);
        }
        met
    }

    /// I2 of the module above: nobody asks an empty list, and no arena gets more than it gave.
    #[test]
    fn programs_are_valid() {
        for seed in 0..2000 {
            met(&seeded(seed));
        }
    }

    /// The surprising states are all met often.
    #[test]
    fn arenas_are_equal_go_back_and_are_kept() {
        let mut counts = [0; 4];
        for seed in 0..200 {
            counts.iter_mut().zip(met(&seeded(seed))).for_each(|(count, met)| *count += u32::from(met));
        }
        assert!(counts.iter().all(|count| *count > 40), "{counts:?}");
    }

    /// The picture at the head of the exercise.
    #[test]
    fn the_model_moves_an_arena_past_its_equals() {
        let arena = |name, free| Counts { name, free, total: 64 };
        let mut model =
            Model { list: vec![arena(1, 1), arena(2, 3), arena(3, 3), arena(4, 3), arena(5, 7)], full: vec![] };
        assert!(!model.give(2));
        assert_eq!(model.list, [arena(1, 1), arena(3, 3), arena(4, 3), arena(2, 4), arena(5, 7)]);
    }
}
