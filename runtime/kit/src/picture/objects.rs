//! Objects: who refers to whom, how often that was counted, and what becomes of each.
//!
//! Some machines tell it on a line of their trace; figures ask for more ([`crate::observe::Observer::scene`]).

use crate::text::list;
use std::fmt;

/// What an object is at this moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Life {
    /// Nothing happens to it.
    #[default]
    Alive,
    /// A collection examines it, and has not decided.
    Examined,
    /// A collection set it aside: nothing says that it can be reached.
    Aside,
    /// A collection keeps it.
    Kept,
    /// It is garbage, and its finalizer ran.
    Finalized,
    /// It drops what it holds at this moment.
    Dying,
    /// Its count is 0, and it waits until somebody takes it apart.
    Waiting,
}

/// One object.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ObjectPicture {
    /// What the scenario calls it.
    pub name: String,
    /// Its count; `None` for an immortal one.
    pub refs: Option<u64>,
    /// References that a collection has not explained yet.
    pub left: Option<u64>,
    /// What it refers to, in the order in which it drops it.
    pub refers_to: Vec<String>,
    /// What it refers to weakly, if it is a weak reference that was not cleared.
    pub looks_at: Option<String>,
    /// References of the program's.
    pub held: u64,
    /// What becomes of it.
    pub life: Life,
    /// What it is besides: `older`, `has a finalizer`.
    pub note: &'static str,
}

/// What runs, between two lines of the program: a function, or its caller.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CallPicture {
    /// What its handles are for, each as often as it has one: counted.
    pub owns: Vec<String>,
    /// What it was given to work with, and does not own: not counted.
    pub borrows: Vec<String>,
}

/// All objects that are not dead.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ObjectsPicture {
    /// In the order in which they were made.
    pub objects: Vec<ObjectPicture>,
    /// How many more there are: too many to draw.
    pub more: usize,
    /// Deallocations that are nested at this moment.
    pub depth: u64,
    /// Those who wait, the next one first.
    pub waiting: Vec<String>,
    /// Lists that a collection works with: the name of each, and who is in it, from its head.
    pub lists: Vec<(&'static str, Vec<String>)>,
    /// A chain of references from outside to an object, for one who asked why that is alive.
    pub chain: Vec<String>,
    /// What is in the hands of a call, where the machine shows that.
    pub call: Option<CallPicture>,
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
            match object.life {
                Life::Dying => f.write_str(" (dying)")?,
                Life::Waiting => f.write_str(" (waits)")?,
                _ => {}
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
