//! # Names for sentences
//!
//! Objects are addresses. Whoever makes them writes down here what to call them, so that steps, facts and misuse can
//! speak of `b`. Nobody decides anything by it: the collector itself reads heads and tables only.

use kit::graph::Obj;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// What each object is called.
#[derive(Debug, Default)]
pub struct Book {
    entries: RefCell<HashMap<Obj, Entry>>,
}

#[derive(Debug)]
struct Entry {
    name: String,
    kept: Cell<bool>,
}

impl Book {
    /// `object` is called `name`.
    pub fn enter(&self, object: Obj, name: impl Into<String>) {
        self.entries.borrow_mut().insert(object, Entry { name: name.into(), kept: Cell::new(false) });
    }

    /// What it is called.
    pub fn name(&self, object: Obj) -> String {
        self.entries.borrow().get(&object).map_or_else(|| format!("{:?}", object.0), |entry| entry.name.clone())
    }

    /// Is it an object at all?
    pub(super) fn knows(&self, object: Obj) -> bool {
        self.entries.borrow().contains_key(&object)
    }

    /// This collection kept it, or begins and has not.
    pub(super) fn set_kept(&self, object: Obj, kept: bool) {
        if let Some(entry) = self.entries.borrow().get(&object) {
            entry.kept.set(kept);
        }
    }

    /// Did this collection keep it? Its head does not tell (see [`kit::graph::Standing`]).
    pub(super) fn is_kept(&self, object: Obj) -> bool {
        self.entries.borrow().get(&object).is_some_and(|entry| entry.kept.get())
    }
}
