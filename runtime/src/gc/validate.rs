//! # Are all objects in order?
//!
//! What must be true between any two calls:
//!
//! - **I1** Each list is doubly linked, unmarked, and nobody is in two of them.
//! - **I2** What is in a list has a count of at least 1.
//! - **I3** No object is referred to more often by tracked objects than its count says. (It may be less: variables, and
//!   objects that nobody tracks, count too.)
//! - **I4** Nothing of a collection is left over: the lists that it works with are empty.
//!
//! Source: `validate_list`, `validate_consistent_old_space` in `Modules/gcmodule.c`.

use super::head::Head;
use crate::objects::state::{COLLECTING, DEPTH, WAITING};
use crate::objects::{Objects, World};
use kit::Memory;
use kit::graph::Obj;
use kit::refcount::{IMMORTAL_BIT, REFS};
use std::collections::{HashMap, HashSet};

impl<W: World> Objects<W> {
    /// Looks at every object that the collector finds. Not while a finalizer or a callback runs.
    ///
    /// # Errors
    /// A sentence that says what is not in order.
    pub fn validate(&self) -> Result<(), String> {
        let mem = self.mem();
        self.state.lists().try_for_each(|list| list.validate(mem))?;
        self.validate_rest()?;
        let mut seen = HashSet::new();
        let mut inside: HashMap<Obj, u64> = HashMap::new();
        for o in self.state.lists().flat_map(|list| list.members(mem)).map(Head::object) {
            if !seen.insert(o) {
                return Err(format!("{o:?} is in two lists"));
            }
            if mem.get(o, REFS) == 0 {
                return Err(format!("{o:?} is tracked, and nobody refers to it"));
            }
            let mut walk = self.walk(o);
            while let Some(child) = self.step(&mut walk) {
                *inside.entry(child).or_default() += 1;
            }
        }
        let wrong = inside.iter().find(|(o, inside)| {
            let refs = mem.get(**o, REFS);
            refs & IMMORTAL_BIT == 0 && refs < **inside
        });
        wrong.map_or(Ok(()), |(o, inside)| {
            Err(format!("{o:?} has a count of {}, but {inside} references from tracked objects", mem.get(*o, REFS)))
        })
    }

    /// I4.
    fn validate_rest(&self) -> Result<(), String> {
        let idle = self.get(COLLECTING) == 0 && self.get(DEPTH) == 0;
        let empty = [self.state.unreachable(), self.state.aside(), self.state.still_unreachable()];
        if idle && (self.get(WAITING) != 0 || empty.iter().any(|list| !list.is_empty(self.mem()))) {
            return Err("a collection, or a deallocation, has left something behind".into());
        }
        Ok(())
    }
}
