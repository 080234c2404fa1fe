//! # Sets and frozensets: keys without values
//!
//! ```text
//!   | NEXT | PREV |  o -> | REFS | TYPE | FILL | USED | MASK | TABLE | HASH | FINGER | eight entries | WEAKLIST |
//!                                                                |
//!                               a table elsewhere, or this: -----+
//! ```
//!
//! - **I1** Both are tracked from the beginning.
//! - **I2** A set that is emptied is empty before the first key dies. Keys die in the order of the table.
//! - **I3** HASH is that of a frozenset, once somebody asked for it; else -1.
//! - **I4** FINGER is where `pop` looks first: behind the one that it took last.
//!
//! Functions that store steal their references, whatever happens; those that look something up lend it.
//!
//! Source: `Objects/setobject.c` of 3.11.

use super::equal::Refused;
use super::layout::word;
use super::machine::{Objects, World};
use super::set_table::{ENTRY, FILL, Place, SET_MASK, SET_USED, SMALL_ENTRIES, TABLE};
use super::types::Type;
use crate::gc::head::HEAD;
use kit::graph::{Cursor, Obj};
use kit::{Addr, Field, Memory};

const HASH: Field<u64> = Field::at(48, "HASH");
const FINGER: Field<u64> = Field::at(56, "FINGER");
const WEAKLIST: Field<u64> = word(192);
const SET: u64 = 200;
const NOT_COMPUTED: u64 = u64::MAX;

impl<W: World> Objects<W> {
    /// `set()`, tracked. `None`: no memory. Owned.
    pub fn new_set(&self) -> Option<Obj> {
        self.new_set_like(Type::Set)
    }

    /// `frozenset()`, tracked, to be filled with [`Objects::set_add`] while nobody else knows it. `None`: no memory.
    /// Owned.
    pub fn new_frozenset(&self) -> Option<Obj> {
        self.new_set_like(Type::Frozenset)
    }

    fn new_set_like(&self, ty: Type) -> Option<Obj> {
        let set = self.new_collected(ty, SET)?;
        self.mem().set(set, HASH, NOT_COMPUTED);
        self.mem().set(set, FINGER, 0);
        self.mem().set(set, WEAKLIST, 0);
        self.begin_set_table(set);
        self.track(set);
        Some(set)
    }

    /// Whether `o` is a frozenset.
    #[inline]
    pub fn is_frozenset(&self, o: Obj) -> bool {
        self.type_of(o) == self.ty(Type::Frozenset)
    }

    /// Keys of `set`.
    #[inline]
    pub fn set_len(&self, set: Obj) -> u64 {
        self.mem().get(set, SET_USED)
    }

    /// `set.add(key)`: stolen, also when it fails. `false`: an equal one is there already, and stays.
    ///
    /// # Errors
    /// The set is what it was.
    pub fn set_add(&self, set: Obj, key: Obj) -> Result<bool, Refused> {
        let done = self.hash(key).and_then(|hash| self.set_add_hashed(set, key, hash));
        if done != Ok(true) {
            self.decref(key);
        }
        done
    }

    /// Steals `key` if it gives `true`.
    fn set_add_hashed(&self, set: Obj, key: Obj, hash: i64) -> Result<bool, Refused> {
        match self.set_find(set, key, hash)? {
            Place::Found(_) => Ok(false),
            Place::Free(entry) => self.fill_entry(set, entry, key, hash).map(|()| true).ok_or(Refused::NoMemory),
        }
    }

    /// `key in set`
    ///
    /// # Errors
    /// The key has no hash, or comparing it raised.
    pub fn set_contains(&self, set: Obj, key: Obj) -> Result<bool, Refused> {
        let hash = self.hash(key)?;
        Ok(matches!(self.set_find(set, key, hash)?, Place::Found(_)))
    }

    /// `set.discard(key)`. `false`: it was not there.
    ///
    /// # Errors
    /// The key has no hash, or comparing it raised.
    pub fn set_discard(&self, set: Obj, key: Obj) -> Result<bool, Refused> {
        let hash = self.hash(key)?;
        match self.set_find(set, key, hash)? {
            Place::Found(entry) => {
                self.decref(self.empty_entry(set, entry));
                Ok(true)
            }
            Place::Free(_) => Ok(false),
        }
    }

    /// `set.pop()`: owned. `None`: it is empty (I4).
    pub fn set_pop(&self, set: Obj) -> Option<Obj> {
        let mem = self.mem();
        if self.set_len(set) == 0 {
            return None;
        }
        let mask = mem.get(set, SET_MASK);
        let from = mem.get(set, FINGER) & mask;
        let found = (from..=mask).chain(0..from).find(|at| self.set_key(set, *at).is_some())?;
        mem.set(set, FINGER, found + 1);
        Some(self.empty_entry(set, self.set_entry(set, found)))
    }

    /// The key from `position` on, which is behind it afterwards: borrowed. Begin with 0.
    pub fn set_next(&self, set: Obj, position: &mut u64) -> Option<Obj> {
        while *position <= self.mem().get(set, SET_MASK) {
            *position += 1;
            if let Some((key, _)) = self.set_key(set, *position - 1) {
                return Some(key);
            }
        }
        None
    }

    /// `set.clear()` (I2).
    pub fn set_clear(&self, set: Obj) {
        let mem = self.mem();
        let (table, had_table) = (Addr(mem.get(set, TABLE)), self.has_table(set));
        if !had_table {
            let mut own = [None; SMALL_ENTRIES as usize];
            (0..).zip(&mut own).for_each(|(at, key)| *key = self.set_key(set, at).map(|(key, _)| key));
            self.begin_set_table(set);
            own.into_iter().for_each(|key| self.decref_some(key));
            return;
        }
        let entries = mem.get(set, SET_MASK) + 1;
        self.begin_set_table(set);
        (0..entries).for_each(|at| self.set_word(table.plus(ENTRY * at), None));
        self.heap.free(table);
    }

    /// `set.update(other)`, of another set or frozenset.
    ///
    /// # Errors
    /// Some keys may have come.
    pub fn set_update(&self, set: Obj, other: Obj) -> Result<(), Refused> {
        let mem = self.mem();
        if set == other || self.set_len(other) == 0 {
            return Ok(());
        }
        if (mem.get(set, FILL) + self.set_len(other)) * 5 >= mem.get(set, SET_MASK) * 3 {
            self.resize_set(set, (self.set_len(set) + self.set_len(other)) * 2).ok_or(Refused::NoMemory)?;
        }
        if mem.get(set, FILL) == 0 {
            self.copy_keys(set, other);
            return Ok(());
        }
        let mut at = 0;
        while at <= mem.get(other, SET_MASK) {
            if let Some((key, hash)) = self.set_key(other, at) {
                self.incref(key);
                let done = self.set_add_hashed(set, key, hash);
                if done != Ok(true) {
                    self.decref(key);
                }
                done?;
            }
            at += 1;
        }
        Ok(())
    }

    /// All keys of `other` go to `set`, which is empty and has room for them. Tables of the same size without gaps are
    /// copied as they are.
    fn copy_keys(&self, set: Obj, other: Obj) {
        let mem = self.mem();
        let entries = mem.get(other, SET_MASK) + 1;
        let as_it_is = mem.get(set, SET_MASK) + 1 == entries && mem.get(other, FILL) == self.set_len(other);
        for at in 0..entries {
            let Some((key, hash)) = self.set_key(other, at) else { continue };
            self.incref(key);
            if as_it_is {
                mem.write(self.set_entry(set, at), key.0.0);
                mem.write(self.set_entry(set, at).plus(8), hash as u64);
            } else {
                self.insert_clean(set, key.0.0, hash as u64);
            }
        }
        mem.set(set, FILL, self.set_len(other));
        mem.set(set, SET_USED, self.set_len(other));
    }

    /// `set(other)`, or `frozenset(other)` if `frozen`. `None`: no memory. Owned.
    pub fn set_copy(&self, other: Obj, frozen: bool) -> Option<Obj> {
        let copy = self.new_set_like(if frozen { Type::Frozenset } else { Type::Set })?;
        if self.set_update(copy, other).is_err() {
            self.decref(copy);
            return None;
        }
        Some(copy)
    }

    /// The hash of a frozenset, from those of its keys in any order (I3).
    pub(crate) fn frozenset_hash(&self, set: Obj) -> i64 {
        let mem = self.mem();
        if mem.get(set, HASH) == NOT_COMPUTED {
            let entries = mem.get(set, SET_MASK) + 1;
            let (fill, used) = (mem.get(set, FILL), self.set_len(set));
            let all = (0..entries).map(|at| self.set_entry_hash(set, at) as u64);
            mem.set(set, HASH, super::hash::of_frozenset(all, entries - fill, fill - used, used) as u64);
        }
        mem.get(set, HASH) as i64
    }

    pub(crate) fn walk_set(&self, o: Obj) -> Cursor {
        let (table, entries) = (Addr(self.mem().get(o, TABLE)), self.mem().get(o, SET_MASK) + 1);
        Cursor { step: ENTRY as i64, ..Cursor::over(o, table, entries) }
    }

    pub(crate) fn release_set(&self, o: Obj) {
        self.release_set_table(o);
        self.free_collected(o, HEAD);
    }

    /// Its table, if it is not in place.
    pub(crate) fn release_set_table(&self, o: Obj) {
        if self.has_table(o) {
            self.heap_free_word(o, TABLE);
        }
    }
}
