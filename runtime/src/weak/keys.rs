//! # `WeakKeyDictionary` and `WeakSet`
//!
//! ```text
//!   notes = WeakKeyDictionary()
//!   notes[o] = "seen"         as long as o lives; what is noted does not keep o alive, unless it refers to it
//! ```
//!
//! - **I1** The table's keys are weak references, each with a hash that is remembered: so a dead one is found, and
//!   removed.
//! - **I2** A key that equals one that is there does not replace it: the entry dies with the object that came first.
//! - **I3** The length does not count what was put off.
//!
//! To look for an object a plain weak reference to it is made, and compared: weak references are equal when their
//! targets are.
//!
//! Source: `WeakKeyDictionary` in `Lib/weakref.py`, `WeakSet` in `Lib/_weakrefset.py` of 3.11.

use crate::objects::list::Owned;
use crate::objects::machine::the;
use crate::objects::types::Type;
use crate::objects::{Objects, World};
use kit::graph::Obj;
use kit::weak_containers::WeakContainers;

impl<W: World> Objects<W> {
    /// `WeakKeyDictionary()`. `None`: no memory. Owned.
    pub fn new_weak_keys(&self) -> Option<Obj> {
        self.new_weak_container(Type::WeakKeys)
    }

    /// `WeakSet()`. `None`: no memory. Owned.
    pub fn new_weak_set(&self) -> Option<Obj> {
        self.new_weak_container(Type::WeakSet)
    }

    /// `notes[key] = value`: both are borrowed (I2).
    ///
    /// # Errors
    /// An exception, owned: the key has no weak references, or cannot be hashed or compared; no memory.
    pub fn weak_keys_set(&self, notes: Obj, key: Obj, value: Obj) -> Result<(), Obj> {
        let r = self.watched(notes, key)?;
        let set = self.dict_set(self.forgets(notes).data(), r, self.new_ref(value));
        set.map_err(|refused| self.refused(refused))
    }

    /// `notes.get(key)`: owned.
    ///
    /// # Errors
    /// As [`Objects::weak_keys_set`].
    pub fn weak_keys_get(&self, notes: Obj, key: Obj) -> Result<Option<Obj>, Obj> {
        let r = self.plain_to(key)?;
        let found = self.dict_lookup(self.forgets(notes).data(), r.as_obj());
        let found = found.map_err(|refused| self.refused(refused))?;
        Ok(found.map(|value| self.new_ref(value)))
    }

    /// `del notes[key]`. `false`: it was not there.
    ///
    /// # Errors
    /// As [`Objects::weak_keys_set`].
    pub fn weak_keys_del(&self, notes: Obj, key: Obj) -> Result<bool, Obj> {
        let r = self.plain_to(key)?;
        self.dict_del(self.forgets(notes).data(), r.as_obj()).map_err(|refused| self.refused(refused))
    }

    /// `set.add(o)`: borrowed.
    ///
    /// # Errors
    /// As [`Objects::weak_keys_set`].
    pub fn weak_set_add(&self, set: Obj, o: Obj) -> Result<(), Obj> {
        self.commit_removals(set);
        let r = self.watched(set, o)?;
        self.set_add(self.forgets(set).data(), r).map_err(|refused| self.refused(refused))?;
        Ok(())
    }

    /// `o in set`
    ///
    /// # Errors
    /// As [`Objects::weak_keys_set`].
    pub fn weak_set_contains(&self, set: Obj, o: Obj) -> Result<bool, Obj> {
        if !self.supports_weakrefs(o) {
            return Ok(false);
        }
        let r = self.plain_to(o)?;
        self.set_contains(self.forgets(set).data(), r.as_obj()).map_err(|refused| self.refused(refused))
    }

    /// `set.discard(o)`. `false`: it was not there.
    ///
    /// # Errors
    /// As [`Objects::weak_keys_set`].
    pub fn weak_set_discard(&self, set: Obj, o: Obj) -> Result<bool, Obj> {
        self.commit_removals(set);
        let r = self.plain_to(o)?;
        self.set_discard(self.forgets(set).data(), r.as_obj()).map_err(|refused| self.refused(refused))
    }

    /// `set.clear()`
    pub fn weak_set_clear(&self, set: Obj) {
        self.commit_removals(set);
        self.set_clear(self.forgets(set).data());
    }

    /// `len` of either (I3).
    pub fn weak_len(&self, container: Obj) -> u64 {
        the::<W::WeakContainers>().len(&self.forgets(container))
    }

    /// A weak reference to `o` whose callback is the container's. Owned.
    fn watched(&self, container: Obj, o: Obj) -> Result<Obj, Obj> {
        self.demand_weakrefs(o)?;
        let callback = self.forgets(container).callback();
        self.new_weakref(o, callback).ok_or_else(|| self.memory_error())
    }

    /// The plain weak reference to `o`.
    fn plain_to(&self, o: Obj) -> Result<Owned<'_, W>, Obj> {
        self.demand_weakrefs(o)?;
        let r = self.new_weakref(o, None).ok_or_else(|| self.memory_error())?;
        Ok(self.owned(r))
    }
}
