//! # Copies of dicts, and dicts that take in others
//!
//! ```text
//!   empty          {}                                          not tracked
//!   shares keys    values once more, keys shared by one more   tracked if the first one is
//!   mostly full    the table as it is, holes and all           tracked if the first one is
//!   else           key by key into a table that fits           tracked from the first item on that could be in a cycle
//! ```
//!
//! A collection may begin where the copy is made, and it sees who is referred to already:
//!
//! - **I1** A table that is copied as it is counts its references before the dict is made; all others count afterwards.
//! - **I2** A dict that shares its keys is copied into new memory, never into that of the free list.
//! - **I3** What a collection runs may change the dict that is copied: it is looked at again afterwards.
//!
//! Source: `PyDict_Copy`, `clone_combined_dict_keys`, `dict_merge` in `Objects/dictobject.c` of 3.11.

use super::dict::{KEYS, SPLIT_VALUES, USED};
use super::equal::Refused;
use super::keys::{KEYS_REFS, Keys, SMALLEST_LOG, log_size_of_items, usable};
use super::layout::reference;
use super::machine::{Objects, World};
use super::types::Type;
use kit::Memory;
use kit::graph::Obj;

impl<W: World> Objects<W> {
    /// `dict.copy()`: owned. `None`: no memory.
    pub fn dict_copy(&self, dict: Obj) -> Option<Obj> {
        let used = self.dict_len(dict);
        let Some(keys) = self.keys_of(dict).filter(|_| used != 0) else { return self.new_dict() };
        if self.is_split(dict) {
            return self.copy_split(dict);
        }
        if used >= keys.entries(self.mem()) * 2 / 3 {
            return self.copy_as_it_is(dict, keys);
        }
        self.copy_by_merging(self.new_dict()?, dict)
    }

    fn copy_by_merging(&self, copy: Obj, dict: Obj) -> Option<Obj> {
        match self.dict_merge(copy, dict) {
            Ok(()) => Some(copy),
            Err(refused) => {
                self.forget(refused);
                self.decref(copy);
                None
            }
        }
    }

    /// I2.
    fn copy_split(&self, dict: Obj) -> Option<Obj> {
        let (mem, copy) = (self.mem(), self.new_dict_unkept()?);
        // I3.
        let (Some(keys), Some(values)) = (self.keys_of(dict), self.values_of(dict)) else {
            return self.copy_by_merging(copy, dict);
        };
        let Some(copied) = self.copy_values(keys, values) else {
            self.decref(copy);
            return None;
        };
        mem.set(copy, SPLIT_VALUES, copied.0.0);
        mem.set(copy, KEYS, keys.0.0);
        mem.set(keys, KEYS_REFS, mem.get(keys, KEYS_REFS) + 1);
        mem.set(copy, USED, self.dict_len(dict));
        if self.is_tracked(dict) {
            self.track(copy);
        }
        Some(copy)
    }

    /// I1.
    fn copy_as_it_is(&self, dict: Obj, keys: Keys) -> Option<Obj> {
        let (mem, used, new) = (self.mem(), self.dict_len(dict), self.clone_keys(keys)?);
        let Some(copy) = self.new_dict() else {
            self.drop_keys(new);
            return None;
        };
        mem.set(copy, KEYS, new.0.0);
        mem.set(copy, USED, used);
        if self.is_tracked(dict) {
            self.track(copy);
        }
        Some(copy)
    }

    /// The same table once more, one reference more to all that is in it.
    fn clone_keys(&self, keys: Keys) -> Option<Keys> {
        let (mem, bytes) = (self.mem(), keys.bytes(self.mem()));
        let new = Keys(self.heap.malloc(bytes)?);
        (0..bytes / 8).for_each(|word| mem.write(new.0.plus(8 * word), mem.read(keys.0.plus(8 * word))));
        for at in 0..keys.entries(mem) {
            if let (Some(key), Some(value)) = (keys.key(mem, at), reference(mem.read(keys.entry(mem, at).plus(8)))) {
                self.incref(key);
                self.incref(value);
            }
        }
        Some(new)
    }

    /// `dict.update(other)`, of another dict: `dict_merge`.
    ///
    /// # Errors
    /// Some keys may have come.
    pub fn dict_merge(&self, dict: Obj, other: Obj) -> Result<(), Refused> {
        let (mem, more) = (self.mem(), self.dict_len(other));
        let Some(theirs) = self.keys_of(other).filter(|_| dict != other && more != 0) else { return Ok(()) };
        let (log_size, entries) = (theirs.log_size(mem), theirs.entries(mem));
        let snug = log_size == SMALLEST_LOG || usable(log_size - 1) < more;
        if self.dict_len(dict) == 0 && !self.is_split(other) && more == entries && snug {
            return self.take_clone(dict, other, theirs).ok_or(Refused::NoMemory);
        }
        if self.keys_of(dict).map_or(0, |keys| usable(keys.log_size(mem))) < more {
            let log_size = log_size_of_items(self.dict_len(dict) + more);
            self.resize(dict, log_size, theirs.is_str(mem)).ok_or(Refused::NoMemory)?;
        }
        let mut position = 0;
        while let Some((key, value)) = self.dict_next(other, &mut position) {
            let hash = if self.is_split(other) { self.str_hash(key) } else { self.entry_hash(theirs, position - 1) };
            // One reference is the dict's, the other one is held meanwhile.
            [key, key, value, value].into_iter().for_each(|o| self.incref(o));
            let done = self.insert(dict, key, hash, value);
            let dropped = if done.is_ok() { 1 } else { 2 };
            (0..dropped).for_each(|_| self.decref(value));
            (0..dropped).for_each(|_| self.decref(key));
            done?;
            if self.keys_of(other) != Some(theirs) || theirs.entries(mem) != entries {
                return Err(Refused::Raised(self.raised_with(Type::RuntimeError, &[])));
            }
        }
        Ok(())
    }

    /// A dict that is empty gets a table like that of `other`.
    fn take_clone(&self, dict: Obj, other: Obj, theirs: Keys) -> Option<()> {
        let (mem, new) = (self.mem(), self.clone_keys(theirs)?);
        self.release_dict_tables(dict);
        mem.set(dict, KEYS, new.0.0);
        mem.set(dict, SPLIT_VALUES, 0);
        mem.set(dict, USED, self.dict_len(other));
        if self.is_tracked(other) && !self.is_tracked(dict) {
            self.track(dict);
        }
        Some(())
    }
}
