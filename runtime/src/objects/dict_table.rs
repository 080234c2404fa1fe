//! # A dict and its table: a larger one, the walks
//!
//! ```text
//!   dies            key 0, value 0, key 1, value 1 ...     without values elsewhere; else the values, by their entries
//!   the collector   value 0, key 0, value 1, key 1 ...     a general table
//!                   value 0, value 1 ...                   strings hold nothing: only the values
//! ```
//!
//! - **I1** A new table is filled before the old one goes back, and nothing can run meanwhile: references move.
//! - **I2** A walk sees each reference that the dict itself counts. A table that is shared counts its keys itself.
//! - **I3** A table of the smallest size for strings may come from a free list, and goes back there.
//!
//! Source: `dictresize`, `dict_traverse`, `dict_dealloc`, `_PyDict_MaybeUntrack` in `Objects/dictobject.c` of 3.11.

use super::dict::{KEYS, SPLIT_VALUES};
use super::equal::Refused;
use super::keys::{ENTRIES, KEYS_REFS, Keys, SMALLEST_LOG, TableKind, USABLE, usable};
use super::layout::reference;
use super::machine::{Objects, World, the};
use super::shared_keys::Values;
use super::state::Kept;
use kit::free_lists::FreeLists;
use kit::graph::{Cursor, Obj};
use kit::{Addr, Memory};

/// Stages of a walk over a general table: so many entries are left, twice, and 1 if the dict dies.
const GENERAL: u64 = 16;

impl<W: World> Objects<W> {
    /// The keys table, if there is one.
    #[inline]
    pub(crate) fn keys_of(&self, dict: Obj) -> Option<Keys> {
        reference(self.mem().get(dict, KEYS)).map(|at| Keys(at.0))
    }

    /// The values, if they are not in the table.
    #[inline]
    pub(crate) fn values_of(&self, dict: Obj) -> Option<Values> {
        reference(self.mem().get(dict, SPLIT_VALUES)).map(|at| Values(at.0))
    }

    /// Whether the dict shares its keys with others.
    #[inline]
    pub(crate) fn is_split(&self, dict: Obj) -> bool {
        self.mem().get(dict, SPLIT_VALUES) != 0
    }

    /// Where the value of entry `at` is.
    #[inline]
    pub(crate) fn value_place(&self, dict: Obj, at: u64) -> Addr {
        match (self.values_of(dict), self.keys_of(dict)) {
            (Some(values), _) => values.place(at),
            (None, Some(keys)) => keys.entry(self.mem(), at).plus(8),
            (None, None) => unreachable!("an entry is in a table"),
        }
    }

    /// The value of entry `at`. Borrowed.
    #[inline]
    pub(crate) fn dict_value(&self, dict: Obj, at: u64) -> Option<Obj> {
        reference(self.mem().read(self.value_place(dict, at)))
    }

    /// The hash of the key of entry `at`.
    #[inline]
    pub(crate) fn entry_hash(&self, keys: Keys, at: u64) -> i64 {
        match keys.is_str(self.mem()) {
            true => keys.key(self.mem(), at).map_or(0, |key| self.str_hash(key)),
            false => keys.hash(self.mem(), at),
        }
    }

    /// A table of its own with `1 << log_size` places, which the dict's items move to; for strings only if `strings`
    /// and if it was one before. `None`: no memory, and nothing changed.
    pub(crate) fn resize(&self, dict: Obj, log_size: u8, strings: bool) -> Option<Keys> {
        let (mem, old) = (self.mem(), self.keys_of(dict));
        let strings = strings && old.is_none_or(|old| old.is_str(mem));
        let new = self.new_keys(log_size, if strings { TableKind::Str } else { TableKind::General })?;
        let mut position = 0;
        while let Some((key, value)) = self.dict_next(dict, &mut position) {
            let hash = match (self.is_split(dict), old) {
                (false, Some(old)) => self.entry_hash(old, position - 1),
                _ => self.str_hash(key),
            };
            new.push(mem, key, hash, value.0.0);
        }
        mem.set(dict, KEYS, new.0.0);
        match (old, self.values_of(dict)) {
            (Some(old), Some(values)) => {
                (0..new.entries(mem)).filter_map(|at| new.key(mem, at)).for_each(|key| self.incref(key));
                mem.set(dict, SPLIT_VALUES, 0);
                self.free_values(values);
                self.drop_keys(old);
            }
            (Some(old), None) => self.free_keys(old),
            (None, _) => {}
        }
        Some(new)
    }

    pub(crate) fn walk_dict(&self, o: Obj) -> Cursor {
        let Some((keys, entries)) = self.entries_of(o) else { return Cursor::over(o, o.0, 0) };
        let first = keys.entry(self.mem(), 0);
        match (self.values_of(o), keys.is_str(self.mem())) {
            (Some(values), _) => Cursor::over(o, values.place(0), entries),
            (None, true) => Cursor { step: 16, ..Cursor::over(o, first.plus(8), entries) },
            (None, false) => Cursor { stage: general(entries - 1, 0), ..Cursor::back_over(o, first, 2) },
        }
    }

    pub(crate) fn drop_dict(&self, o: Obj) -> Cursor {
        let Some((keys, entries)) = self.entries_of(o) else { return Cursor::over(o, o.0, 0) };
        let first = keys.entry(self.mem(), 0);
        match (self.values_of(o), keys.is_str(self.mem())) {
            (Some(values), _) => Cursor::over(o, values.place(0), entries),
            (None, true) => Cursor::over(o, first, 2 * entries),
            (None, false) => Cursor { stage: general(entries - 1, 1), ..Cursor::over(o, first, 2) },
        }
    }

    fn entries_of(&self, o: Obj) -> Option<(Keys, u64)> {
        let keys = self.keys_of(o)?;
        let entries = keys.entries(self.mem());
        (entries != 0).then_some((keys, entries))
    }

    /// The next entry of a general table.
    pub(crate) fn walk_dict_on(&self, cursor: &Cursor) -> Cursor {
        let (left, dies) = ((cursor.stage - GENERAL) / 2, (cursor.stage - GENERAL) % 2);
        let stage = if left == 1 { 0 } else { general(left - 1, dies) };
        match dies {
            // Behind the value is the hash of the next entry.
            1 => Cursor { stage, ..Cursor::over(cursor.of, cursor.at.plus(8), 2) },
            // The walk went back over value and key, and stands on the hash in front of them.
            _ => Cursor { stage, ..Cursor::back_over(cursor.of, cursor.at.plus(32), 2) },
        }
    }

    /// The rest of a dict that dropped what it held.
    pub(crate) fn release_dict(&self, o: Obj) {
        self.release_dict_tables(o);
        self.give_kept(Kept::Dict, o, true);
    }

    /// Its tables.
    pub(crate) fn release_dict_tables(&self, o: Obj) {
        if let Some(keys) = self.keys_of(o) {
            match self.values_of(o) {
                Some(values) => {
                    self.free_values(values);
                    self.drop_keys(keys);
                }
                None => self.free_keys(keys),
            }
        }
    }

    /// Whether nothing in `o` could be part of a cycle.
    pub(crate) fn is_untrackable_dict(&self, o: Obj) -> bool {
        let mut position = 0;
        while let Some((key, value)) = self.dict_next(o, &mut position) {
            if self.may_be_tracked(value) || self.may_be_tracked(key) {
                return false;
            }
        }
        true
    }

    /// Nobody wants to know.
    pub(crate) fn forget(&self, refused: Refused) {
        if let Refused::Raised(exception) = refused {
            self.decref(exception);
        }
    }
}

impl<W: World> Objects<W> {
    /// An empty table. `None`: no memory.
    pub(crate) fn new_keys(&self, log_size: u8, kind: TableKind) -> Option<Keys> {
        let small = log_size == SMALLEST_LOG && kind == TableKind::Str;
        let kept = small.then(|| the::<W::FreeLists>().take(self, self.state.free_list(Kept::Keys))).flatten();
        let keys = Keys(kept.or_else(|| self.heap.malloc(Keys::bytes_of(log_size, kind)))?);
        keys.begin(self.mem(), log_size, kind);
        Some(keys)
    }

    /// The memory of a table whose references were moved or dropped (I3).
    pub(crate) fn free_keys(&self, keys: Keys) {
        let mem = self.mem();
        match keys.log_size(mem) == SMALLEST_LOG && keys.kind(mem) == TableKind::Str {
            true => self.give_kept(Kept::Keys, Obj(keys.0), false),
            false => self.heap.free(keys.0),
        }
    }

    /// One fewer has `keys`: the last one drops what is in it, each key and then its value.
    pub(crate) fn drop_keys(&self, keys: Keys) {
        let mem = self.mem();
        let left = mem.get(keys, KEYS_REFS) - 1;
        mem.set(keys, KEYS_REFS, left);
        if left != 0 {
            return;
        }
        for at in 0..keys.entries(mem) {
            let entry = keys.entry(mem, at);
            self.decref_some(reference(mem.read(entry)));
            self.decref_some(reference(mem.read(entry.plus(8))));
        }
        self.free_keys(keys);
    }
}

/// I2 of `keys`, and that USED is right: for tests and debugging.
impl<W: World> Objects<W> {
    /// Is `dict` in order?
    ///
    /// # Errors
    /// A sentence that says where it is not.
    pub fn validate_dict(&self, dict: Obj) -> Result<(), String> {
        let (mem, used) = (self.mem(), self.dict_len(dict));
        let Some(keys) = self.keys_of(dict) else {
            return if used == 0 { Ok(()) } else { Err(format!("{used} keys, and no table")) };
        };
        let entries = mem.get(keys, ENTRIES);
        if entries + mem.get(keys, USABLE) > usable(keys.log_size(mem)) {
            return Err(format!("{entries} entries and {} to come are too many", mem.get(keys, USABLE)));
        }
        let full = (0..entries).filter(|at| self.dict_value(dict, *at).is_some());
        if full.clone().count() as u64 != used {
            return Err(format!("{used} keys are told, {} are there", full.count()));
        }
        for at in full {
            let hash = self.entry_hash(keys, at);
            let found = keys.probe(mem, hash).take(1 << keys.log_size(mem).min(20));
            if !found.into_iter().any(|place| keys.index(mem, place) == at as i64) {
                return Err(format!("no index leads to entry {at}"));
            }
        }
        Ok(())
    }
}

const fn general(left: u64, dies: u64) -> u64 {
    if left == 0 { 0 } else { GENERAL + 2 * left + dies }
}
