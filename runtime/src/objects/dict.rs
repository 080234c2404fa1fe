//! # Dicts: keys, and a value for each
//!
//! ```text
//!   | NEXT | PREV |  o -> | REFS | TYPE | USED | VERSION | KEYS | VALUES |
//!                                                           |       |
//!                         a keys table (`keys`) <-----------+       +--> 0, or an array (`shared_keys`)
//! ```
//!
//! - **I1** KEYS is 0 for an empty dict that never had a key, or was cleared.
//! - **I2** USED is the number of keys with a value.
//! - **I3** The order is that in which keys came. A key that is stored again keeps its place, one that was deleted and
//!   comes again is the last.
//! - **I4** A table that is full grows to three times USED, rounded up to a power of two: so it may also become smaller.
//!   Deleting never does.
//! - **I5** Store first, drop afterwards: whoever is asked while something dies sees the dict as it will be.
//! - **I6** The collector finds a dict from the first key or value on that could be part of a cycle.
//! - **I7** Comparing keys may run anything. If the table is not the same afterwards, the search begins again.
//!
//! Functions that store steal their references, whatever happens; those that look something up lend it.
//!
//! Source: `insertdict`, `delitem_common`, `PyDict_Next`, `PyDict_Clear`, `PyDict_Copy` in `Objects/dictobject.c`.

use super::equal::Refused;
use super::keys::{DUMMY, EMPTY, Keys, SMALLEST_LOG, TableKind, USABLE, log_size_for, log_size_of_items, usable};
use super::kind::Kind;
use super::layout::reference;
use super::machine::{Objects, World};
use super::state::Kept;
use super::types::Type;
use kit::graph::Obj;
use kit::{Addr, Field, Memory};

/// Keys with a value.
pub(crate) const USED: Field<u64> = Field::at(16, "USED");
const VERSION: Field<u64> = Field::at(24, "VERSION");
/// The keys table.
pub(crate) const KEYS: Field<u64> = Field::at(32, "KEYS");
/// The values, if they are not in the keys table.
pub(crate) const SPLIT_VALUES: Field<u64> = Field::at(40, "SPLIT_VALUES");
/// Bytes of a dict.
pub(crate) const DICT: u64 = 48;

/// More than so many items no table is made for in advance.
const LARGEST_ADVANCE: u8 = 17;

impl<W: World> Objects<W> {
    /// `{}`, not tracked. `None`: no memory. Owned.
    pub fn new_dict(&self) -> Option<Obj> {
        let kept = self.take_kept(Kept::Dict, Type::Dict);
        let dict = kept.or_else(|| self.new_collected(Type::Dict, DICT))?;
        self.begin_dict(dict);
        Some(dict)
    }

    /// The same, never from the free list.
    pub(crate) fn new_dict_unkept(&self) -> Option<Obj> {
        let dict = self.new_collected(Type::Dict, DICT)?;
        self.begin_dict(dict);
        Some(dict)
    }

    fn begin_dict(&self, dict: Obj) {
        [USED, VERSION, KEYS, SPLIT_VALUES].into_iter().for_each(|field| self.mem().set(dict, field, 0));
    }

    /// `{}` with room for `items`, as a display `{k: v, ...}` makes it; `strings`: all keys will be strings. Owned.
    pub fn new_dict_for(&self, items: u64, strings: bool) -> Option<Obj> {
        let dict = self.new_dict()?;
        if items > usable(SMALLEST_LOG) {
            let most = items > usable(LARGEST_ADVANCE);
            let log_size = if most { LARGEST_ADVANCE } else { log_size_of_items(items) };
            let kind = if strings { TableKind::Str } else { TableKind::General };
            let Some(keys) = self.new_keys(log_size, kind) else {
                self.decref(dict);
                return None;
            };
            self.mem().set(dict, KEYS, keys.0.0);
        }
        Some(dict)
    }

    /// Keys of `dict`.
    #[inline]
    pub fn dict_len(&self, dict: Obj) -> u64 {
        self.mem().get(dict, USED)
    }

    /// The value of `key`: borrowed. A key that cannot be compared or hashed is in no dict; [`Objects::dict_lookup`]
    /// says why.
    pub fn dict_get(&self, dict: Obj, key: Obj) -> Option<Obj> {
        match self.dict_lookup(dict, key) {
            Ok(value) => value,
            Err(refused) => {
                self.forget(refused);
                None
            }
        }
    }

    /// The value of `key`: borrowed.
    ///
    /// # Errors
    /// The key has no hash, or comparing it raised.
    pub fn dict_lookup(&self, dict: Obj, key: Obj) -> Result<Option<Obj>, Refused> {
        let hash = self.hash(key)?;
        let found = self.dict_find(dict, key, hash)?;
        Ok(found.and_then(|at| self.dict_value(dict, at)))
    }

    /// `dict[key] = value`: both are stolen, also when it fails. A key that is there already stays, and `key` is
    /// dropped (I3).
    ///
    /// # Errors
    /// The dict is what it was.
    pub fn dict_set(&self, dict: Obj, key: Obj, value: Obj) -> Result<(), Refused> {
        let done = self.hash(key).and_then(|hash| self.insert(dict, key, hash, value));
        if done.is_err() {
            self.decref(value);
            self.decref(key);
        }
        done
    }

    /// `del dict[key]`. `false`: it was not there.
    ///
    /// # Errors
    /// As [`Objects::dict_lookup`].
    pub fn dict_del(&self, dict: Obj, key: Obj) -> Result<bool, Refused> {
        let value = self.dict_pop(dict, key)?;
        self.decref_some(value);
        Ok(value.is_some())
    }

    /// `dict.pop(key, None)`: owned.
    ///
    /// # Errors
    /// As [`Objects::dict_lookup`].
    pub fn dict_pop(&self, dict: Obj, key: Obj) -> Result<Option<Obj>, Refused> {
        let hash = self.hash(key)?;
        let found = self.dict_find(dict, key, hash)?;
        Ok(found.and_then(|at| self.take_entry(dict, at, hash)))
    }

    /// `dict.popitem()`: the last key and its value, both owned. `None`: it is empty.
    ///
    /// # Errors
    /// No memory, for a dict that shares its keys: it needs a table of its own for this.
    pub fn dict_popitem(&self, dict: Obj) -> Result<Option<(Obj, Obj)>, Refused> {
        let mem = self.mem();
        let Some(keys) = self.keys_of(dict).filter(|_| self.dict_len(dict) != 0) else { return Ok(None) };
        let keys = match self.is_split(dict) {
            true => self.resize(dict, keys.log_size(mem), true).ok_or(Refused::NoMemory)?,
            false => keys,
        };
        let last = (0..keys.entries(mem)).rev().find(|at| keys.key(mem, *at).is_some());
        let last = last.expect("a dict that is not empty has a key");
        let (key, hash) = (keys.key(mem, last).expect("just found"), self.entry_hash(keys, last));
        self.incref(key);
        let value = self.take_entry(dict, last, hash).expect("a key has a value");
        mem.set(keys, super::keys::ENTRIES, last);
        Ok(Some((key, value)))
    }

    /// Key and value from `position` on, which is behind them afterwards: both borrowed. Begin with 0. The dict may
    /// change meanwhile; then nobody knows which keys come, but those are keys of it.
    pub fn dict_next(&self, dict: Obj, position: &mut u64) -> Option<(Obj, Obj)> {
        let (mem, keys) = (self.mem(), self.keys_of(dict)?);
        if let Some(values) = self.values_of(dict) {
            let at = (*position < self.dict_len(dict)).then(|| values.ordered(mem, *position))?;
            *position += 1;
            return Some((keys.key(mem, at)?, values.get(mem, at)?));
        }
        while *position < keys.entries(mem) {
            let entry = keys.entry(mem, *position);
            *position += 1;
            if let Some(value) = reference(mem.read(entry.plus(8))) {
                return Some((Obj(Addr(mem.read(entry))), value));
            }
        }
        None
    }

    /// `dict.clear()`: it is empty before the first key dies.
    pub fn dict_clear(&self, dict: Obj) {
        let mem = self.mem();
        let Some(keys) = self.keys_of(dict) else { return };
        let values = self.values_of(dict);
        [USED, KEYS, SPLIT_VALUES].into_iter().for_each(|field| mem.set(dict, field, 0));
        if let Some(values) = values {
            (0..keys.entries(mem)).for_each(|at| self.set_word(values.place(at), None));
            self.free_values(values);
        }
        self.drop_keys(keys);
    }

    /// The number of the entry of `key`, whose hash is `hash`. In a dict that shares its keys the entry may have no
    /// value.
    ///
    /// # Errors
    /// Comparing keys raised.
    pub(crate) fn dict_find(&self, dict: Obj, key: Obj, hash: i64) -> Result<Option<u64>, Refused> {
        while let Some(keys) = self.keys_of(dict) {
            if self.kind(key) == Kind::Str && keys.is_str(self.mem()) {
                return Ok(self.find_str(keys, key, hash));
            }
            match self.find_any(dict, keys, key, hash)? {
                Search::Found(at) => return Ok(Some(at)),
                Search::Absent => return Ok(None),
                Search::Changed => {}
            }
        }
        Ok(None)
    }

    /// A string among strings.
    #[inline]
    pub(crate) fn find_str(&self, keys: Keys, key: Obj, hash: i64) -> Option<u64> {
        let (mem, shape) = (self.mem(), keys.shape(self.mem()));
        for place in shape.probe(hash) {
            let index = shape.index(mem, place);
            if index >= 0 {
                let other = reference(mem.read(shape.entry(index as u64)))?;
                if other == key || self.str_hash(other) == hash && self.same_text(other, key) {
                    return Some(index as u64);
                }
            } else if index == EMPTY {
                return None;
            }
        }
        None
    }

    fn find_any(&self, dict: Obj, keys: Keys, key: Obj, hash: i64) -> Result<Search, Refused> {
        let (mem, shape) = (self.mem(), keys.shape(self.mem()));
        for place in shape.probe(hash) {
            let index = shape.index(mem, place);
            if index == EMPTY {
                break;
            }
            if index == DUMMY {
                continue;
            }
            let entry = shape.entry(index as u64);
            let Some(other) = reference(mem.read(entry)) else { continue };
            if other == key {
                return Ok(Search::Found(index as u64));
            }
            let here = if shape.is_str() { self.str_hash(other) } else { mem.read(Addr(entry.0 - 8)) as i64 };
            if here != hash {
                continue;
            }
            self.incref(other);
            let equal = self.equal(other, key);
            let same = self.keys_of(dict) == Some(keys) && keys.key(mem, index as u64) == Some(other);
            self.decref(other);
            match (equal?, same) {
                (_, false) => return Ok(Search::Changed),
                (true, true) => return Ok(Search::Found(index as u64)),
                (false, true) => {}
            }
        }
        Ok(Search::Absent)
    }

    pub(crate) fn insert(&self, dict: Obj, key: Obj, hash: i64, value: Obj) -> Result<(), Refused> {
        let Some(at) = self.dict_find(dict, key, hash)? else {
            return self.insert_new(dict, key, hash, value).ok_or(Refused::NoMemory);
        };
        self.maintain_tracking(dict, key, value);
        let (mem, place) = (self.mem(), self.value_place(dict, at));
        if let Some(values) = self.values_of(dict).filter(|_| mem.read(place) == 0) {
            values.push_order(mem, at);
            mem.set(dict, USED, mem.get(dict, USED) + 1);
        }
        self.set_word(place, Some(value));
        self.decref(key);
        Ok(())
    }

    /// I4.
    fn insert_new(&self, dict: Obj, key: Obj, hash: i64, value: Obj) -> Option<()> {
        let (mem, string) = (self.mem(), self.kind(key) == Kind::Str);
        let room = |keys: Keys| mem.get(keys, USABLE) > 0 && (string || !keys.is_str(mem));
        let keys = match self.keys_of(dict) {
            Some(keys) if room(keys) => keys,
            _ => self.resize(dict, log_size_for(3 * self.dict_len(dict)), string)?,
        };
        self.maintain_tracking(dict, key, value);
        if let Some(values) = self.values_of(dict) {
            let at = keys.push(mem, key, hash, 0);
            mem.write(values.place(at), value.0.0);
            values.push_order(mem, at);
        } else {
            keys.push(mem, key, hash, value.0.0);
        }
        mem.set(dict, USED, mem.get(dict, USED) + 1);
        Some(())
    }

    /// I6: `MAINTAIN_TRACKING`.
    #[inline]
    fn maintain_tracking(&self, dict: Obj, key: Obj, value: Obj) {
        if !self.is_tracked(dict) && (self.may_be_tracked(key) || self.may_be_tracked(value)) {
            self.track(dict);
        }
    }

    /// Takes entry `at` out: its value is owned, its key is dropped. `None`: it has none.
    fn take_entry(&self, dict: Obj, at: u64, hash: i64) -> Option<Obj> {
        let (mem, keys) = (self.mem(), self.keys_of(dict)?);
        let place = self.value_place(dict, at);
        let value = reference(mem.read(place))?;
        mem.set(dict, USED, mem.get(dict, USED) - 1);
        mem.write(place, 0);
        if let Some(values) = self.values_of(dict) {
            values.remove_order(mem, at);
            return Some(value);
        }
        keys.set_index(mem, keys.place_of(mem, hash, at), DUMMY);
        self.set_word(keys.entry(mem, at), None);
        Some(value)
    }
}

enum Search {
    Found(u64),
    Absent,
    /// I7.
    Changed,
}
