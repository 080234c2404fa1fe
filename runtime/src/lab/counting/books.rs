//! # What is true of the objects, whatever a part says
//!
//! The program's references and those in tables are counted here, too, by whoever makes them. Between two operations a
//! count in memory must be the sum.

use kit::graph::Obj;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// What has become of an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in super::super) enum Life {
    /// Somebody refers to it.
    Alive,
    /// Nobody does, and it waits in the trashcan.
    Waiting,
    /// Its farewell is said; it drops what it holds.
    Dying,
    /// Its memory went back, in this line.
    Dead(u32),
}

/// One object.
#[derive(Debug)]
pub(in super::super) struct Entry {
    pub(in super::super) name: String,
    pub(in super::super) life: Life,
    /// References of the program's.
    pub(in super::super) held: u64,
    /// References in tables of objects that are not dead.
    pub(in super::super) inside: u64,
    /// The count that an immortal one has.
    pub(in super::super) immortal: Option<u64>,
    /// When it dies, its finalizer puts it into this one.
    pub(in super::super) saved_in: Option<Obj>,
}

impl Entry {
    pub(in super::super) fn is_alive(&self) -> bool {
        self.life == Life::Alive
    }

    /// Is the count `refs` right, and the object what it must be then?
    pub(super) fn kept(&self, refs: u64) -> Result<(), String> {
        let (name, held, inside) = (&self.name, self.held, self.inside);
        let all = held + inside;
        match self.life {
            _ if self.immortal.is_some_and(|count| refs != count) => {
                Err(format!("{name} is immortal, but its REFS is {refs} (I6)"))
            }
            _ if self.immortal.is_some() => Ok(()),
            Life::Dead(_) if all > 0 => Err(format!("{name} died although {} left (I1, I2)", references(all))),
            Life::Dead(_) => Ok(()),
            Life::Waiting => Err(format!("{name} still waits, and nothing is left to wait for (I3)")),
            Life::Dying => Err(format!("{name} began to die, and its memory never went back (I4)")),
            Life::Alive if all == 0 => Err(format!("nothing refers to {name} any more, but it did not die (I2)")),
            Life::Alive if refs != all => {
                Err(format!("REFS of {name} is {refs}, but there {} to it (I1)", there_are(all)))
            }
            Life::Alive => Ok(()),
        }
    }
}

fn references(number: u64) -> String {
    if number == 1 { "a reference to it is".into() } else { format!("{number} references to it are") }
}

fn there_are(number: u64) -> String {
    if number == 1 { "is 1 reference".into() } else { format!("are {number} references") }
}

/// Addresses are apart from one another as they are; a chain of 100 000 objects is looked up half a million times.
#[derive(Debug, Default)]
struct ByAddress(u64);

impl Hasher for ByAddress {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }
    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// All objects there ever were.
#[derive(Debug, Default)]
pub(in super::super) struct Books {
    /// In the order in which they were made.
    entries: Vec<(Obj, Entry)>,
    places: HashMap<Obj, usize, BuildHasherDefault<ByAddress>>,
    by_name: HashMap<String, Obj>,
    /// The scenario's line that runs.
    pub(in super::super) line: u32,
    /// What happened in this operation: who said farewell, whose memory went back, who had to wait, how deep it was.
    pub(in super::super) died: Vec<Obj>,
    pub(in super::super) back: Vec<Obj>,
    pub(in super::super) waited: Vec<Obj>,
    pub(in super::super) saved: Vec<Obj>,
    pub(in super::super) deepest: u64,
}

impl Books {
    /// The operation of line `line` begins.
    pub(in super::super) fn begin(&mut self, line: u32) {
        self.line = line;
        self.deepest = 0;
        [&mut self.died, &mut self.back, &mut self.waited, &mut self.saved].into_iter().for_each(Vec::clear);
    }

    pub(super) fn enter(&mut self, o: Obj, name: &str, immortal: Option<u64>) {
        let entry = Entry {
            name: name.into(),
            life: Life::Alive,
            held: u64::from(immortal.is_none()),
            inside: 0,
            immortal,
            saved_in: None,
        };
        self.places.insert(o, self.entries.len());
        self.entries.push((o, entry));
        self.by_name.insert(name.into(), o);
    }

    pub(in super::super) fn named(&self, name: &str) -> Option<(Obj, &Entry)> {
        let o = *self.by_name.get(name)?;
        Some((o, self.get(o)?))
    }

    pub(super) fn get(&self, o: Obj) -> Option<&Entry> {
        self.places.get(&o).map(|place| &self.entries[*place].1)
    }

    pub(in super::super) fn change(&mut self, o: Obj, change: impl FnOnce(&mut Entry)) {
        if let Some(place) = self.places.get(&o) {
            change(&mut self.entries[*place].1);
        }
    }

    pub(in super::super) fn name(&self, o: Obj) -> String {
        self.get(o).map_or_else(|| format!("{:?}", o.0), |entry| entry.name.clone())
    }

    pub(super) fn life(&self, o: Obj) -> Option<Life> {
        self.get(o).map(|entry| entry.life)
    }

    pub(super) fn is_immortal(&self, o: Obj) -> bool {
        self.get(o).is_some_and(|entry| entry.immortal.is_some())
    }

    pub(super) fn held(&self, o: Obj) -> u64 {
        self.get(o).map_or(0, |entry| entry.held)
    }

    pub(in super::super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// In the order in which they were made.
    pub(in super::super) fn all(&self) -> impl Iterator<Item = (Obj, &Entry)> {
        self.entries.iter().map(|(o, entry)| (*o, entry))
    }
}
