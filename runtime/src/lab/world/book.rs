//! # The book: what the host knows of a running program
//!
//! Its global names, what objects are called, and what was told. Objects know nothing of it, and it keeps alive what
//! the program's names keep, nothing else.

use super::language::{Def, Value};
use crate::objects::{Objects, World};
use kit::graph::Obj;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// What a function does.
#[derive(Clone, Debug)]
pub(super) enum Code {
    /// What the program says.
    Def(Rc<Def>),
    /// Gives what is in its cells.
    Cells,
    /// Gives its first default value.
    Default,
    /// Makes a generator of so many arguments.
    Generator(u64),
}

/// What the host knows.
#[derive(Default)]
pub(super) struct Book {
    pub(super) told: RefCell<Vec<String>>,
    pub(super) labels: RefCell<HashMap<Obj, String>>,
    pub(super) noted: RefCell<HashMap<String, Obj>>,
    pub(super) globals: RefCell<BTreeMap<String, Obj>>,
    pub(super) codes: RefCell<Vec<Code>>,
    /// Functions that generators are made of.
    pub(super) generators: RefCell<Vec<Obj>>,
    /// The dict that functions have as their globals; empty.
    pub(super) dict: Cell<Option<Obj>>,
    /// Collections and what they found, for each generation, before the program began.
    pub(super) stats: Cell<[[u64; 2]; 3]>,
    /// Counters are not told any more.
    pub(super) disturbed: Cell<bool>,
    /// The collector's callback, while it is registered.
    pub(super) callback: Cell<Option<Obj>>,
    made: RefCell<HashMap<String, u64>>,
    constants: RefCell<BTreeMap<Value, Obj>>,
    /// For each thread the locals that it has a value of, as weak references.
    pub(super) locals: RefCell<BTreeMap<u32, Vec<Obj>>>,
    /// The object of each thread that runs, which holds it.
    pub(super) threads: RefCell<BTreeMap<u32, Obj>>,
    /// What a thread waits for, in words.
    pub(super) waits: RefCell<BTreeMap<u32, String>>,
}

impl Book {
    /// A fact.
    pub(super) fn fact(&self, text: impl AsRef<str>) {
        self.told.borrow_mut().push(format!("   = {}", text.as_ref()));
    }

    /// `o` was made for this place.
    pub(super) fn label(&self, o: Obj, place: &str) -> String {
        let mut made = self.made.borrow_mut();
        let count = made.entry(place.into()).or_default();
        *count += 1;
        let label = if *count == 1 { place.into() } else { format!("{place}#{count}") };
        self.labels.borrow_mut().insert(o, label.clone());
        label
    }

    /// `o` belongs to what has a label.
    pub(super) fn label_as(&self, o: Obj, label: String) {
        self.labels.borrow_mut().insert(o, label);
    }

    /// What `o` is called.
    pub(super) fn label_of(&self, o: Obj) -> Option<String> {
        self.labels.borrow().get(&o).cloned()
    }

    /// The object that stands for a literal. Borrowed: the book keeps it.
    pub(super) fn constant(&self, value: &Value, make: impl FnOnce() -> Obj) -> Obj {
        if let Some(known) = self.constants.borrow().get(value) {
            return *known;
        }
        let made = make();
        self.constants.borrow_mut().insert(value.clone(), made);
        made
    }

    /// All that is kept is let go.
    pub(super) fn close<W: World>(&self, objects: &Objects<W>) {
        while let Some((_, o)) = { self.globals.borrow_mut().pop_first() } {
            objects.decref(o);
        }
        while let Some((_, o)) = { self.constants.borrow_mut().pop_first() } {
            objects.decref(o);
        }
        let locals = self.locals.take();
        locals.into_values().flatten().for_each(|weak| objects.decref(weak));
        self.generators.take().into_iter().for_each(|o| objects.decref(o));
        objects.decref_some(self.callback.take());
        objects.decref_some(self.dict.take());
    }
}

/// A reference that is dropped with it.
pub(super) struct Held<'a, W: World> {
    objects: &'a Objects<W>,
    o: Obj,
}

impl<'a, W: World> Held<'a, W> {
    /// Takes over a reference.
    pub(super) fn owned(objects: &'a Objects<W>, o: Obj) -> Self {
        Held { objects, o }
    }

    /// One reference more.
    pub(super) fn borrowed(objects: &'a Objects<W>, o: Obj) -> Self {
        Held { objects, o: objects.new_ref(o) }
    }

    /// The object.
    pub(super) fn obj(&self) -> Obj {
        self.o
    }

    /// The object and the reference.
    pub(super) fn into_obj(self) -> Obj {
        let o = self.o;
        std::mem::forget(self);
        o
    }
}

impl<W: World> Drop for Held<'_, W> {
    fn drop(&mut self) {
        self.objects.decref(self.o);
    }
}
