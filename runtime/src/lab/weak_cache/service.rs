//! # What the part `weak-containers` may do
//!
//! The service over [`LabCache`]. Handles to values are counted: who drops the last one lets the value die. Handles to
//! weak references are, too: one to which neither the table nor anybody else refers calls nobody.

use super::{LabCache, Watched};
use kit::graph::Obj;
use kit::observe::Observer;
use kit::weak_containers::Cache;
use std::fmt;

/// A reference to a value, counted.
pub struct Value<'a, O: Observer> {
    cache: &'a LabCache<O>,
    value: usize,
}

impl<'a, O: Observer> Value<'a, O> {
    pub(super) fn new(cache: &'a LabCache<O>, value: usize) -> Self {
        Value { cache, value }
    }

    /// The reference; nobody drops it now.
    pub(in super::super) fn into_value(self) -> usize {
        let value = self.value;
        std::mem::forget(self);
        value
    }
}

impl<O: Observer> Drop for Value<'_, O> {
    /// While a panic unwinds nothing runs any more.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.cache.decref(self.value);
        }
    }
}

impl<O: Observer> fmt::Debug for Value<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cache.value_name(self.value))
    }
}

/// A reference to a weak reference, counted.
pub struct WeakValue<'a, O: Observer> {
    cache: &'a LabCache<O>,
    weak: usize,
}

impl<O: Observer> Drop for WeakValue<'_, O> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.cache.drop_weak(self.weak);
        }
    }
}

impl<O: Observer> fmt::Debug for WeakValue<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cache.weak.borrow()[self.weak].value {
            Some(value) => write!(f, "weak reference to {}", self.cache.value_name(value)),
            None => f.write_str("weak reference, cleared"),
        }
    }
}

impl<O: Observer> LabCache<O> {
    #[track_caller]
    fn demand_key(&self, what: &str, key: Obj) -> String {
        self.key_name(key).unwrap_or_else(|| self.watch.misuse(format!("{what}({key:?}), but that is no key")))
    }
}

impl<O: Observer> Cache for LabCache<O> {
    type Owned<'a>
        = Value<'a, O>
    where
        O: 'a;
    type Weak<'a>
        = WeakValue<'a, O>
    where
        O: 'a;

    fn name(&self, key: Obj) -> String {
        self.key_name(key).unwrap_or_else(|| format!("{:?}", key.0))
    }

    #[track_caller]
    fn watch<'a>(&'a self, key: Obj, value: &Value<'a, O>) -> Option<WeakValue<'a, O>> {
        let name = self.demand_key("watch", key);
        if self.no_memory.take() {
            self.step(|| "no memory for a weak reference".into());
            return None;
        }
        self.step(|| format!("a weak reference to {value:?}, for {name}"));
        let mut weak = self.weak.borrow_mut();
        weak.push(Watched { key, value: Some(value.value), refs: 1 });
        Some(WeakValue { cache: self, weak: weak.len() - 1 })
    }

    #[track_caller]
    fn entry<'a>(&'a self, key: Obj) -> Option<WeakValue<'a, O>> {
        self.demand_key("entry", key);
        let (_, weak) = self.table.borrow()[self.find(key)?];
        self.weak.borrow_mut()[weak].refs += 1;
        Some(WeakValue { cache: self, weak })
    }

    #[track_caller]
    fn value<'a>(&'a self, weak: &WeakValue<'a, O>) -> Option<Value<'a, O>> {
        let value = self.weak.borrow()[weak.weak].value?;
        self.values.borrow_mut()[value].refs += 1;
        Some(self.owned(value))
    }

    #[track_caller]
    fn store<'a>(&'a self, key: Obj, weak: WeakValue<'a, O>) -> bool {
        let name = self.demand_key("store", key);
        let made_for = self.weak.borrow()[weak.weak].key;
        if made_for != key {
            let other = self.name(made_for);
            self.watch.misuse(format!("store({name}), but this weak reference was made for {other}"));
        }
        let place = weak.weak;
        std::mem::forget(weak); // the table's reference from now on
        match self.find(key) {
            Some(at) => {
                let (_, before) = std::mem::replace(&mut self.table.borrow_mut()[at], (key, place));
                self.drop_weak(before);
            }
            None if self.iterating.get() > 0 => {
                self.watch.misuse(format!("store({name}), but a table gets no new key while somebody iterates"))
            }
            None => self.table.borrow_mut().push((key, place)),
        }
        self.step(|| format!("the table: {}", self.draw()));
        true
    }

    #[track_caller]
    fn remove(&self, key: Obj) {
        let name = self.demand_key("remove", key);
        if self.iterating.get() > 0 {
            self.watch.misuse(format!("remove({name}), but somebody iterates: put it off (I3)"));
        }
        let Some(at) = self.find(key) else {
            self.watch.misuse(format!("remove({name}), but the table has no entry for it"));
        };
        if let Some((_, Some(value))) = self.place(at) {
            let value = self.value_name(value);
            self.watch.misuse(format!("remove({name}), but its value {value} lives (I2)"));
        }
        let (_, weak) = self.table.borrow_mut().remove(at);
        self.drop_weak(weak);
        self.put_off.borrow_mut().retain(|other| *other != key);
        self.step(|| format!("{name} is removed; the table: {}", self.draw()));
    }

    fn entries(&self) -> u64 {
        self.table.borrow().len() as u64
    }

    fn iterations(&self) -> u64 {
        self.iterations.get()
    }

    #[track_caller]
    fn set_iterations(&self, iterations: u64) {
        self.step(|| format!("iterations: {iterations}"));
        self.iterations.set(iterations);
    }

    fn count_put_off(&self) -> u64 {
        self.put_off.borrow().len() as u64
    }

    #[track_caller]
    fn is_put_off(&self, key: Obj) -> bool {
        self.demand_key("is_put_off", key);
        self.put_off.borrow().contains(&key)
    }

    #[track_caller]
    fn put_off(&self, key: Obj) {
        let name = self.demand_key("put_off", key);
        if self.put_off.borrow().contains(&key) {
            self.watch.misuse(format!("put_off({name}), but it is put off already: once is enough (I3)"));
        }
        if !self.has(key) {
            self.watch.misuse(format!("put_off({name}), but the table has no entry for it"));
        }
        self.put_off.borrow_mut().push(key);
        self.step(|| format!("{name} is put off"));
    }

    #[track_caller]
    fn take_back(&self, key: Obj) {
        let name = self.demand_key("take_back", key);
        let before = self.put_off.borrow().len();
        self.put_off.borrow_mut().retain(|other| *other != key);
        if self.put_off.borrow().len() < before {
            self.step(|| format!("{name} is put off no longer"));
        }
    }

    fn first_put_off(&self) -> Option<Obj> {
        self.put_off.borrow().first().copied()
    }
}
