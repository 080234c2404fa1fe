//! Objects that count: who refers to whom, and how often that was counted.

use crate::text::list;
use std::fmt;

/// One object.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ObjectPicture {
    /// What the scenario calls it.
    pub name: String,
    /// Its count; `None` for an immortal one.
    pub refs: Option<u64>,
    /// What it refers to, in the order in which it drops it.
    pub refers_to: Vec<String>,
    /// References of the program's.
    pub held: u64,
    /// It drops what it holds at this moment.
    pub dying: bool,
    /// It waits in the trashcan.
    pub waiting: bool,
}

/// All objects that are not dead.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ObjectsPicture {
    /// In the order in which they were made.
    pub objects: Vec<ObjectPicture>,
    /// Deallocations that are nested at this moment.
    pub depth: u64,
    /// Those who wait, the next one first.
    pub waiting: Vec<String>,
}

impl fmt::Display for ObjectsPicture {
    /// `a:1 -> b c   b:1   c:2 (dying)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.objects.is_empty() {
            f.write_str("no objects")?;
        }
        for (place, object) in self.objects.iter().enumerate() {
            f.write_str(if place > 0 { "   " } else { "" })?;
            f.write_str(&object.name)?;
            match object.refs {
                Some(refs) => write!(f, ":{refs}")?,
                None => f.write_str(":immortal")?,
            }
            if !object.refers_to.is_empty() {
                write!(f, " -> {}", list(&object.refers_to))?;
            }
            if object.dying || object.waiting {
                f.write_str(if object.dying { " (dying)" } else { " (waits)" })?;
            }
        }
        if self.depth > 0 {
            write!(f, "   nested: {}", self.depth)?;
        }
        if !self.waiting.is_empty() {
            write!(f, "   waiting: {}", list(&self.waiting))?;
        }
        Ok(())
    }
}
