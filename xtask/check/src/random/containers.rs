//! Random programs for `containers`: lists that grow and shrink, and items whose finalizers meddle.

use super::{Program, swarm};
use arbitrary::{Result, Unstructured};
use std::fmt::Write;

/// Operations of one program, at most.
const OPS: usize = 30;

/// An item: `o3`.
pub type Name = usize;

/// What a finalizer does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finally {
    /// Appends so many new items: from this name on.
    Append(Name, usize),
    /// Stores this new item in that place.
    Store(u64, Name),
    /// Takes the last item out.
    Pop,
    /// Empties the list.
    Clear,
}

/// One operation. A new item's name is used once: whether it lives depends on what the finalizers do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListOp {
    /// Appends so many new items: from this name on.
    Append(Name, usize),
    /// The same, with one resize.
    Extend(Name, usize),
    /// Appends an item that the program holds.
    AppendHeld(Name),
    /// Stores a new item in place 0.
    Store(Name),
    /// Takes so many out.
    Pop(usize),
    /// Empties the list.
    Clear,
    /// A new item, appended; the program keeps a handle of its own.
    Held(Name),
    /// The program lets go of it.
    Drop(Name),
    /// A new item with such a finalizer, appended.
    Finally(Name, Finally),
    /// Whether tables can change their size.
    Memory(bool),
    /// Room for, items, wanted.
    Room(u64, u64, u64),
}

/// A program about the list `l`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListProgram {
    /// What is done, in order.
    pub ops: Vec<ListOp>,
}

// The operations of the swarm.
const APPEND: u16 = 1;
const EXTEND: u16 = 2;
const STORE: u16 = 4;
const POP: u16 = 8;
const CLEAR: u16 = 16;
const HOLD: u16 = 32;
const FINALLY: u16 = 64;
const MEMORY: u16 = 128;
const ROOM: u16 = 256;
const OPERATIONS: [u16; 9] = [APPEND, EXTEND, STORE, POP, CLEAR, HOLD, FINALLY, MEMORY, ROOM];

impl Program for ListProgram {
    const PARTS: &'static [&'static str] = &["containers"];

    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let allowed = swarm(u, APPEND)?;
        let ops: Vec<u16> = OPERATIONS.into_iter().filter(|op| allowed(*op)).collect();
        let mut draft = Draft { ops: vec![], names: 0, held: vec![], memory: true };
        for _ in 0..u.int_in_range(3..=OPS)? {
            let op = *u.choose(&ops)?;
            draft.step(u, op)?;
        }
        while let Some(name) = draft.held.pop() {
            draft.ops.push(ListOp::Drop(name));
        }
        draft.ops.push(ListOp::Clear);
        Ok(ListProgram { ops: draft.ops })
    }

    fn text(&self) -> (String, String) {
        let mut out = String::from("l = list\n");
        for op in &self.ops {
            let _ = match op {
                ListOp::Append(first, count) => writeln!(out, "append l {}", names(*first, *count)),
                ListOp::Extend(first, count) => writeln!(out, "extend l {}", names(*first, *count)),
                ListOp::AppendHeld(name) => writeln!(out, "append l o{name}"),
                // Whatever is in place 0, there is something in it.
                ListOp::Store(name) => writeln!(out, "append l o{name}\nstore l 0 o{}", name + 1),
                ListOp::Pop(count) => (0..*count).try_for_each(|_| writeln!(out, "pop l")),
                ListOp::Clear => writeln!(out, "clear l"),
                ListOp::Held(name) => writeln!(out, "hold o{name}\nappend l o{name}"),
                ListOp::Drop(name) => writeln!(out, "drop o{name}"),
                ListOp::Finally(name, finally) => {
                    let _ = write!(out, "hold o{name}\nfinally o{name} ");
                    let _ = match finally {
                        Finally::Append(first, count) => writeln!(out, "append l {}", names(*first, *count)),
                        Finally::Store(at, value) => writeln!(out, "store l {at} o{value}"),
                        Finally::Pop => writeln!(out, "pop l"),
                        Finally::Clear => writeln!(out, "clear l"),
                    };
                    writeln!(out, "append l o{name}\ndrop o{name}")
                }
                ListOp::Memory(on) => writeln!(out, "memory {}", if *on { "on" } else { "off" }),
                ListOp::Room(capacity, len, wanted) => writeln!(out, "room {capacity} {len} {wanted}"),
            };
        }
        (String::new(), out)
    }
}

fn names(first: Name, count: usize) -> String {
    if count == 1 { format!("o{first}") } else { format!("o{first}..o{}", first + count - 1) }
}

struct Draft {
    ops: Vec<ListOp>,
    names: Name,
    held: Vec<Name>,
    memory: bool,
}

impl Draft {
    fn step(&mut self, u: &mut Unstructured<'_>, op: u16) -> Result<()> {
        match op {
            APPEND => {
                let count = u.int_in_range(1..=6)?;
                let first = self.fresh(count);
                self.ops.push(ListOp::Append(first, count));
            }
            // One append before it: CPython gives an empty list that is extended exactly what it needs.
            EXTEND if self.memory => {
                let count = *u.choose(&[2, 3, 5, 9, 20, 40])?;
                let first = self.fresh(count + 1);
                self.ops.push(ListOp::Append(first, 1));
                self.ops.push(ListOp::Extend(first + 1, count));
            }
            STORE if self.memory => {
                let first = self.fresh(2);
                self.ops.push(ListOp::Store(first));
            }
            POP => self.ops.push(ListOp::Pop(*u.choose(&[1, 1, 2, 3, 8])?)),
            CLEAR if u.ratio(1, 3)? => self.ops.push(ListOp::Clear),
            HOLD => match self.held.pop() {
                Some(name) if u.arbitrary()? => self.ops.push(ListOp::Drop(name)),
                Some(name) => {
                    self.held.push(name);
                    self.ops.push(ListOp::AppendHeld(name));
                }
                None => {
                    let name = self.fresh(1);
                    self.held.push(name);
                    self.ops.push(ListOp::Held(name));
                }
            },
            FINALLY => {
                let name = self.fresh(1);
                let finally = match u.int_in_range(0..=3)? {
                    0 => {
                        let count = u.int_in_range(1..=5)?;
                        Finally::Append(self.fresh(count), count)
                    }
                    1 => Finally::Store(u.int_in_range(0..=2)?, self.fresh(1)),
                    2 => Finally::Pop,
                    _ => Finally::Clear,
                };
                self.ops.push(ListOp::Finally(name, finally));
            }
            MEMORY => {
                self.memory = !self.memory;
                self.ops.push(ListOp::Memory(self.memory));
            }
            ROOM => {
                let room = u.int_in_range(0..=1200)?;
                let len = u.int_in_range(0..=room)?;
                self.ops.push(ListOp::Room(room, len, u.int_in_range(0..=2400)?));
            }
            _ => {}
        }
        Ok(())
    }

    fn fresh(&mut self, count: usize) -> Name {
        self.names += count;
        self.names - count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::seeded;

    #[test]
    fn a_program_reads_like_a_scenario() {
        let ops = vec![
            ListOp::Append(0, 2),
            ListOp::Store(2),
            ListOp::Finally(4, Finally::Store(1, 5)),
            ListOp::Pop(2),
            ListOp::Memory(false),
        ];
        let text = "use containers\nl = list\nappend l o0..o1\nappend l o2\nstore l 0 o3\nhold o4\nfinally o4 store l 1 o5\n\
                    append l o4\ndrop o4\npop l\npop l\nmemory off\n";
        assert_eq!(ListProgram { ops }.to_ops(), text);
    }

    /// What there is to get wrong is there often.
    #[test]
    fn programs_differ() {
        let programs: Vec<ListProgram> = (0..200).map(seeded).collect();
        let with = |wanted: fn(&ListOp) -> bool| programs.iter().filter(|p| p.ops.iter().any(wanted)).count();
        let all = [
            with(|op| matches!(op, ListOp::Finally(_, Finally::Clear))),
            with(|op| matches!(op, ListOp::Finally(_, Finally::Append(..)))),
            with(|op| matches!(op, ListOp::Memory(false))),
            with(|op| matches!(op, ListOp::Store(_))),
            with(|op| matches!(op, ListOp::Extend(..))),
        ];
        assert!(all.iter().all(|n| *n > 25), "{all:?}");
    }
}
