//! # Containers that forget: the machine around the part
//!
//! ```text
//!   WeakValueDictionary   data: key --> KeyedRef --> value        KeyedRef knows its key
//!   WeakKeyDictionary     data: ref --> value
//!   WeakSet               data: ref, ref ...
//!                         put off: a dict of keys                 remove: the callback of all these references
//! ```
//!
//! When something dies, `remove` is called with the weak reference to it, and the part decides. `remove` knows its
//! container by a weak reference: otherwise each element would keep the container alive.
//!
//! - **I1** For dictionaries with weak values a *key* of the part is a key of the table. For the others it is the weak
//!   reference itself, which is in the table as a key.
//! - **I2** Whoever gets a key from the part's list holds it until it is done.
//!
//! **Where this differs from CPython 3.11.** There, a container is a Python object: with its instance come a function,
//! the tuple of its default values, a weak reference, a list, a set and a dict. Here it is one record with two dicts (or
//! a dict and a set), one native and one weak reference. And what was put off is a dict, not a list: a key is in it once.
//!
//! Source: `Lib/weakref.py`, `Lib/_weakrefset.py` of 3.11.

use crate::objects::equal::Refused;
use crate::objects::layout::word;
use crate::objects::list::Owned;
use crate::objects::machine::the;
use crate::objects::types::Type;
use crate::objects::weak_list::{CALLBACK, KEY};
use crate::objects::{Objects, World};
use kit::Field;
use kit::Memory;
use kit::graph::Obj;
use kit::weak_containers::{Cache, WeakContainers};
use std::cell::RefCell;
use std::fmt;

/// The table.
const DATA: Field<u64> = word(16);
/// Keys that were put off: a dict.
const PUT_OFF: Field<u64> = word(24);
/// The callback of its weak references.
const REMOVE: Field<u64> = word(32);
/// How many iterate.
const ITERATIONS: u64 = 40;

/// One container, as the part sees it.
pub struct Forgets<'a, W: World> {
    pub(super) objects: &'a Objects<W>,
    pub(super) of: Obj,
    /// Why the table refused.
    refused: RefCell<Option<Refused>>,
}

impl<W: World> Objects<W> {
    /// An empty container of `ty`. `None`: no memory. Owned.
    pub(super) fn new_weak_container(&self, ty: Type) -> Option<Obj> {
        let data = if ty == Type::WeakSet { self.new_set()? } else { self.new_dict()? };
        let Some(put_off) = self.new_dict() else {
            self.decref(data);
            return None;
        };
        let container = self.new_record(ty, &[Some(data), Some(put_off), None])?;
        let remove = self.new_weakref(container, None).and_then(|r| self.new_native(Some(r), heard));
        if remove.is_none() {
            self.decref(container);
            return None;
        }
        self.set_field(container, REMOVE, remove);
        Some(container)
    }

    /// `container` as the part sees it.
    pub(super) fn forgets(&self, container: Obj) -> Forgets<'_, W> {
        Forgets { objects: self, of: container, refused: RefCell::default() }
    }

    /// Removes what was put off, whoever iterates: what some methods of CPython's containers do first. An iterator
    /// notices that the size has changed.
    pub(super) fn commit_removals(&self, container: Obj) {
        let forgets = self.forgets(container);
        while let Some(key) = forgets.first_put_off() {
            let key = self.owned(self.new_ref(key));
            let dead = forgets.entry(key.as_obj()).is_none_or(|weak| self.weakref_target(weak.as_obj()).is_none());
            if dead { forgets.remove(key.as_obj()) } else { forgets.take_back(key.as_obj()) }
        }
    }
}

/// `remove`: a weak reference of the container whose weak reference comes first is dead.
fn heard<W: World>(objects: &Objects<W>, arguments: &[Obj]) -> Result<Obj, Obj> {
    if let &[container, r] = arguments
        && let Some(container) = objects.weakref_target(container)
    {
        let container = objects.owned(objects.new_ref(container));
        let key = if objects.is_a(r, Type::KeyedRef) { objects.field(r, KEY) } else { Some(r) };
        if let Some(key) = key {
            let key = objects.owned(objects.new_ref(key));
            the::<W::WeakContainers>().on_death(&objects.forgets(container.as_obj()), key.as_obj());
        }
    }
    Ok(objects.new_ref(objects.none()))
}

impl<'a, W: World> Forgets<'a, W> {
    /// Its table. Borrowed.
    pub(super) fn data(&self) -> Obj {
        self.objects.field(self.of, DATA).expect("a container has its table for life")
    }

    fn put_off_keys(&self) -> Obj {
        self.objects.field(self.of, PUT_OFF).expect("a container has its dict for life")
    }

    /// What calls the part when something dies. Owned.
    pub(super) fn callback(&self) -> Option<Obj> {
        self.objects.field(self.of, REMOVE).map(|remove| self.objects.new_ref(remove))
    }

    fn is_set(&self) -> bool {
        self.objects.is_a(self.of, Type::WeakSet)
    }

    fn has_weak_values(&self) -> bool {
        self.objects.is_a(self.of, Type::WeakValues)
    }

    /// The exception for what went wrong. Owned.
    pub(super) fn why(&self) -> Obj {
        self.objects.refused(self.refused.take().unwrap_or(Refused::NoMemory))
    }

    /// `false`: the table refused, and [`Forgets::why`] tells.
    fn noted<T>(&self, done: Result<T, Refused>) -> Option<T> {
        done.map_err(|refused| *self.refused.borrow_mut() = Some(refused)).ok()
    }

    fn in_table(&self, key: Obj) -> Option<Obj> {
        if self.is_set() {
            return self.noted(self.objects.set_contains(self.data(), key))?.then_some(key);
        }
        let value = self.noted(self.objects.dict_lookup(self.data(), key))??;
        Some(if self.has_weak_values() { value } else { key })
    }
}

impl<W: World> fmt::Debug for Forgets<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} entries, {} iterate", self.entries(), self.iterations())
    }
}

impl<'s, W: World> Cache for Forgets<'s, W> {
    type Owned<'a>
        = Owned<'a, W>
    where
        Self: 'a;
    type Weak<'a>
        = Owned<'a, W>
    where
        Self: 'a;

    fn name(&self, key: Obj) -> String {
        self.objects.host.name(key)
    }

    fn watch<'a>(&'a self, key: Obj, value: &Owned<'a, W>) -> Option<Owned<'a, W>> {
        let objects = self.objects;
        let ty = Type::KeyedRef;
        let callback = self.callback();
        let Some(r) = objects.new_collected(ty, ty.row().basic) else {
            objects.decref_some(callback);
            return None;
        };
        objects.mem().set(r, KEY, objects.new_ref(key).0.0);
        objects.init_weakref(r, value.as_obj(), callback);
        debug_assert!(objects.mem().get(r, CALLBACK) != 0, "a container has its callback for life");
        Some(objects.owned(r))
    }

    fn entry<'a>(&'a self, key: Obj) -> Option<Owned<'a, W>> {
        self.in_table(key).map(|weak| self.objects.owned(self.objects.new_ref(weak)))
    }

    fn value<'a>(&'a self, weak: &Owned<'a, W>) -> Option<Owned<'a, W>> {
        let value = self.objects.weakref_target(weak.as_obj())?;
        Some(self.objects.owned(self.objects.new_ref(value)))
    }

    fn store<'a>(&'a self, key: Obj, weak: Owned<'a, W>) -> bool {
        let key = self.objects.new_ref(key);
        self.noted(self.objects.dict_set(self.data(), key, weak.into_obj())).is_some()
    }

    /// I2.
    fn remove(&self, key: Obj) {
        let key = self.objects.owned(self.objects.new_ref(key));
        self.take_back(key.as_obj());
        match self.is_set() {
            true => drop(self.noted(self.objects.set_discard(self.data(), key.as_obj()))),
            false => drop(self.noted(self.objects.dict_del(self.data(), key.as_obj()))),
        }
    }

    fn entries(&self) -> u64 {
        if self.is_set() { self.objects.set_len(self.data()) } else { self.objects.dict_len(self.data()) }
    }

    fn iterations(&self) -> u64 {
        self.objects.number(self.of, ITERATIONS)
    }

    fn set_iterations(&self, iterations: u64) {
        self.objects.set_number(self.of, ITERATIONS, iterations);
    }

    fn count_put_off(&self) -> u64 {
        self.objects.dict_len(self.put_off_keys())
    }

    fn is_put_off(&self, key: Obj) -> bool {
        self.noted(self.objects.dict_lookup(self.put_off_keys(), key)).flatten().is_some()
    }

    /// Without memory the entry stays, dead, until it is stored again.
    fn put_off(&self, key: Obj) {
        let (key, none) = (self.objects.new_ref(key), self.objects.new_ref(self.objects.none()));
        self.noted(self.objects.dict_set(self.put_off_keys(), key, none));
    }

    fn take_back(&self, key: Obj) {
        self.noted(self.objects.dict_del(self.put_off_keys(), key));
    }

    fn first_put_off(&self) -> Option<Obj> {
        let keys = self.objects.field(self.of, PUT_OFF)?; // of a dead ring's container it is gone
        self.objects.dict_next(keys, &mut 0).map(|(key, _)| key)
    }
}
