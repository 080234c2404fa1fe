//! # `WeakValueDictionary`
//!
//! ```text
//!   cache = WeakValueDictionary()
//!   cache["a"] = value        found as long as somebody else keeps it
//! ```
//!
//! - **I1** As in CPython 3.11, `get`, `set`, `del` and `len` first remove what was put off, even while somebody
//!   iterates; whoever iterates then hears that the size has changed. (The other two containers do not; from 3.14 on
//!   nothing is put off at all: there each iteration has a copy of the table.)
//!
//! Source: `WeakValueDictionary` in `Lib/weakref.py` of 3.11.

use crate::objects::list::Owned;
use crate::objects::machine::the;
use crate::objects::types::Type;
use crate::objects::{Objects, World};
use kit::graph::Obj;
use kit::weak_containers::{Cache, WeakContainers};

impl<W: World> Objects<W> {
    /// `WeakValueDictionary()`. `None`: no memory. Owned.
    pub fn new_weak_values(&self) -> Option<Obj> {
        self.new_weak_container(Type::WeakValues)
    }

    /// `cache[key] = value`: both are borrowed.
    ///
    /// # Errors
    /// An exception, owned: the key cannot be hashed or compared, the value has no weak references, no memory.
    pub fn weak_values_set(&self, cache: Obj, key: Obj, value: Obj) -> Result<(), Obj> {
        self.commit_removals(cache);
        self.demand_weakrefs(value)?;
        let forgets = self.forgets(cache);
        match the::<W::WeakContainers>().set(&forgets, key, self.owned(self.new_ref(value))) {
            true => Ok(()),
            false => Err(forgets.why()),
        }
    }

    /// `cache.get(key)`: owned.
    pub fn weak_values_get(&self, cache: Obj, key: Obj) -> Option<Obj> {
        self.commit_removals(cache);
        the::<W::WeakContainers>().get(&self.forgets(cache), key).map(Owned::into_obj)
    }

    /// `del cache[key]`. `false`: it was not there.
    pub fn weak_values_del(&self, cache: Obj, key: Obj) -> bool {
        self.commit_removals(cache);
        let forgets = self.forgets(cache);
        let there = forgets.entry(key).is_some();
        if there {
            forgets.remove(key);
        }
        there
    }

    /// `len(cache)`
    pub fn weak_values_len(&self, cache: Obj) -> u64 {
        self.commit_removals(cache);
        the::<W::WeakContainers>().len(&self.forgets(cache))
    }

    /// `TypeError`, owned: there can be no weak references to `o`.
    pub(crate) fn demand_weakrefs(&self, o: Obj) -> Result<(), Obj> {
        if self.supports_weakrefs(o) {
            return Ok(());
        }
        let name = self.type_name(self.type_of(o));
        Err(self.raised(Type::TypeError, &format!("cannot create weak reference to '{name}' object")))
    }
}
