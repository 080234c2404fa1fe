//! # The table of a set
//!
//! ```text
//!   | key hash | key hash | ...        16 bytes an entry, a power of two of them
//!
//!   0, 0       never used
//!   0, -1      a key was here: a search goes on
//! ```
//!
//! There is no second table as in a dict, and no order: a key stands where its hash says, or close by. A search looks
//! at up to ten entries in a row, which are likely in the processor's cache by then, before it jumps.
//!
//! - **I1** FILL counts entries that are not as they were at first, USED those with a key. Three fifths of a table are
//!   filled at most.
//! - **I2** The order of the entries is the order of iteration. It depends on hashes, and on what was there before.
//! - **I3** No table: the eight entries that are part of the set itself.
//! - **I4** A table has a free entry, so each search ends.
//!
//! Source: `set_lookkey`, `set_add_entry`, `set_insert_clean`, `set_table_resize` in `Objects/setobject.c` of 3.11.

use super::equal::Refused;
use super::layout::reference;
use super::machine::{Objects, World};
use kit::graph::Obj;
use kit::{Addr, Field, Memory};

/// Entries that are not as they were at first.
pub(crate) const FILL: Field<u64> = Field::at(16, "FILL");
/// Entries with a key.
pub(crate) const SET_USED: Field<u64> = Field::at(24, "USED");
/// Entries, less one.
pub(crate) const SET_MASK: Field<u64> = Field::at(32, "MASK");
/// Where they are.
pub(crate) const TABLE: Field<u64> = Field::at(40, "TABLE");
/// The eight of the set itself.
const SMALL: u64 = 64;
/// So many they are.
pub(crate) const SMALL_ENTRIES: u64 = 8;

const KEY: Field<u64> = Field::at(0, "KEY");
const HASH: Field<u64> = Field::at(8, "HASH");
/// Bytes of an entry.
pub(crate) const ENTRY: u64 = 16;
/// HASH of an entry that lost its key.
const GONE: u64 = u64::MAX;

/// After the first entry of a row, so many are looked at.
const LINEAR_PROBES: u64 = 9;
const PERTURB_SHIFT: u32 = 5;

/// Entry numbers, in the order in which a search looks at them: without end (I4).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Search {
    row: u64,
    left: u64,
    next: u64,
    perturb: u64,
    mask: u64,
}

impl Search {
    pub(crate) fn begin(hash: i64, mask: u64) -> Search {
        let row = hash as u64 & mask;
        let mut search = Search { row, left: 0, next: row, perturb: hash as u64, mask };
        search.begin_row(row);
        search
    }

    fn begin_row(&mut self, row: u64) {
        let fits = row + LINEAR_PROBES <= self.mask;
        (self.row, self.next, self.left) = (row, row, if fits { LINEAR_PROBES + 1 } else { 1 });
    }
}

impl Iterator for Search {
    type Item = u64;

    #[inline]
    fn next(&mut self) -> Option<u64> {
        if self.left == 0 {
            self.perturb >>= PERTURB_SHIFT;
            let row = self.row.wrapping_mul(5).wrapping_add(1).wrapping_add(self.perturb) & self.mask;
            self.begin_row(row);
        }
        let entry = self.next;
        self.left -= 1;
        self.next += 1;
        Some(entry)
    }
}

/// What a search came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// The entry has an equal key.
    Found(Addr),
    /// There is none; one would go here: to an entry that lost its key, or was never used.
    Free(Addr),
}

impl<W: World> Objects<W> {
    /// An empty set's own entries, and no others.
    pub(crate) fn begin_set_table(&self, set: Obj) {
        let mem = self.mem();
        let small = set.0.plus(SMALL);
        (0..SMALL_ENTRIES * ENTRY).step_by(8).for_each(|offset| mem.write(small.plus(offset), 0));
        mem.set(set, FILL, 0);
        mem.set(set, SET_USED, 0);
        mem.set(set, SET_MASK, SMALL_ENTRIES - 1);
        mem.set(set, TABLE, small.0);
    }

    /// Entry number `at`.
    #[inline]
    pub(crate) fn set_entry(&self, set: Obj, at: u64) -> Addr {
        Addr(self.mem().get(set, TABLE)).plus(ENTRY * at)
    }

    /// The key of entry number `at`, with its hash. Borrowed.
    #[inline]
    pub(crate) fn set_key(&self, set: Obj, at: u64) -> Option<(Obj, i64)> {
        let entry = self.set_entry(set, at);
        reference(self.mem().get(entry, KEY)).map(|key| (key, self.mem().get(entry, HASH) as i64))
    }

    /// What stands in HASH of entry number `at`, whether there is a key or not.
    pub(crate) fn set_entry_hash(&self, set: Obj, at: u64) -> i64 {
        self.mem().get(self.set_entry(set, at), HASH) as i64
    }

    /// Whether the table is not in the set itself.
    pub(crate) fn has_table(&self, set: Obj) -> bool {
        self.mem().get(set, TABLE) != set.0.plus(SMALL).0
    }

    /// Where `key` is, or would go.
    ///
    /// # Errors
    /// Comparing keys raised.
    pub(crate) fn set_find(&self, set: Obj, key: Obj, hash: i64) -> Result<Place, Refused> {
        let mem = self.mem();
        'again: loop {
            let table = mem.get(set, TABLE);
            let mut gone = None;
            for at in Search::begin(hash, mem.get(set, SET_MASK)) {
                let entry = Addr(table).plus(ENTRY * at);
                let here = mem.get(entry, HASH);
                if here == 0 && mem.get(entry, KEY) == 0 {
                    return Ok(Place::Free(gone.unwrap_or(entry)));
                }
                if here != hash as u64 {
                    gone = if here == GONE { Some(entry) } else { gone };
                    continue;
                }
                let other = Obj(Addr(mem.get(entry, KEY)));
                self.incref(other);
                let equal = self.equal(other, key);
                let same = mem.get(set, TABLE) == table && mem.get(entry, KEY) == other.0.0;
                self.decref(other);
                match (equal?, same) {
                    (_, false) => continue 'again,
                    (true, true) => return Ok(Place::Found(entry)),
                    (false, true) if gone.is_some_and(|gone| mem.get(gone, KEY) != 0) => continue 'again,
                    (false, true) => {}
                }
            }
        }
    }

    /// `key`, which is not there, goes to a free entry: stolen. `None`: no memory; nothing changed, and it is not stolen.
    pub(crate) fn fill_entry(&self, set: Obj, entry: Addr, key: Obj, hash: i64) -> Option<()> {
        let mem = self.mem();
        let (fill, used, mask) = (mem.get(set, FILL) + 1, mem.get(set, SET_USED) + 1, mem.get(set, SET_MASK));
        let was_used = mem.get(entry, HASH) == GONE;
        write_entry(mem, entry, key.0.0, hash as u64);
        mem.set(set, SET_USED, used);
        if was_used {
            return Some(());
        }
        mem.set(set, FILL, fill);
        if fill * 5 < mask * 3 || self.resize_set(set, if used > 50_000 { used * 2 } else { used * 4 }).is_some() {
            return Some(());
        }
        write_entry(mem, entry, 0, 0);
        mem.set(set, FILL, fill - 1);
        mem.set(set, SET_USED, used - 1);
        None
    }

    /// Takes the key out of an entry that has one. Owned.
    pub(crate) fn empty_entry(&self, set: Obj, entry: Addr) -> Obj {
        let (mem, key) = (self.mem(), Obj(Addr(self.mem().get(entry, KEY))));
        write_entry(mem, entry, 0, GONE);
        mem.set(set, SET_USED, mem.get(set, SET_USED) - 1);
        key
    }

    /// A table with more than `wanted` entries, without those that lost their keys. `None`: no memory, and nothing
    /// changed.
    pub(crate) fn resize_set(&self, set: Obj, wanted: u64) -> Option<()> {
        let mem = self.mem();
        let entries = (wanted + 1).next_power_of_two().max(SMALL_ENTRIES);
        let (old, had_table) = (Addr(mem.get(set, TABLE)), self.has_table(set));
        // The small table may be its own successor, so what is in it stands aside meanwhile.
        let mut small = [(0, 0); SMALL_ENTRIES as usize];
        if !had_table {
            (0..).zip(&mut small).for_each(|(at, entry)| *entry = read_entry(mem, old.plus(ENTRY * at)));
        }
        let old_entries = mem.get(set, SET_MASK) + 1;
        let new = match entries {
            SMALL_ENTRIES => set.0.plus(SMALL),
            _ => self.heap.malloc(entries.checked_mul(ENTRY)?)?,
        };
        (0..entries * ENTRY).step_by(8).for_each(|offset| mem.write(new.plus(offset), 0));
        mem.set(set, SET_MASK, entries - 1);
        mem.set(set, TABLE, new.0);
        mem.set(set, FILL, mem.get(set, SET_USED));
        for at in 0..old_entries {
            let (key, hash) = match had_table {
                true => read_entry(mem, old.plus(ENTRY * at)),
                false => small[at as usize],
            };
            if key != 0 {
                self.insert_clean(set, key, hash);
            }
        }
        if had_table {
            self.heap.free(old);
        }
        Some(())
    }

    /// `key` goes to the first free entry: it is not there yet, and no entry has lost its key.
    pub(crate) fn insert_clean(&self, set: Obj, key: u64, hash: u64) {
        let mem = self.mem();
        let mut search = Search::begin(hash as i64, mem.get(set, SET_MASK));
        let free = search.find(|at| mem.get(self.set_entry(set, *at), KEY) == 0);
        write_entry(mem, self.set_entry(set, free.expect("a table has room (I4)")), key, hash);
    }
}

fn read_entry<M: Memory>(mem: &M, entry: Addr) -> (u64, u64) {
    (mem.get(entry, KEY), mem.get(entry, HASH))
}

fn write_entry<M: Memory>(mem: &M, entry: Addr, key: u64, hash: u64) {
    mem.set(entry, KEY, key);
    mem.set(entry, HASH, hash);
}
