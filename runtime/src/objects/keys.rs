//! # Keys tables: what a dict looks up in
//!
//! ```text
//!   keys ->  | REFS | SHAPE | USABLE | ENTRIES |                               32 bytes
//!            | index | index | index ...                                            a power of two of them
//!            | key value | key value | ...                                          str keys: 16 bytes an entry
//!            | hash key value | hash key value | ...                                general:  24 bytes an entry
//! ```
//!
//! The indices are the hash table: small numbers, so that the empty places of a half-full table cost little. Entries
//! stand one after the other in the order in which the keys came. When all keys are strings, which know their own hash,
//! entries do without one.
//!
//! - **I1** An index is [`EMPTY`] (nothing was ever there), [`DUMMY`] (something was), or the number of an entry.
//! - **I2** Indices take 1, 2, 4 or 8 bytes, as few as the largest entry number needs.
//! - **I3** Two thirds of the places can be used: USABLE + ENTRIES is at most that, and only entries that were made
//!   after a table became smaller are counted again.
//! - **I4** A probe visits each place: `i = 5 i + perturb + 1`, and perturb, which begins as the hash, loses five bits
//!   each time.
//!
//! Source: `PyDictKeysObject` in `Include/internal/pycore_dict.h`, `new_keys_object`, `find_empty_slot`,
//! `build_indices_generic` in `Objects/dictobject.c` of 3.11.

use super::layout::reference;
use kit::graph::Obj;
use kit::{Addr, Field, Memory};

/// Who has the table: one dict, or the class and its instances.
pub(crate) const KEYS_REFS: Field<u64> = Field::at(0, "KEYS_REFS");
/// Three bytes: how many places there are, and how many bytes the indices have, both as powers of two; which entries.
const SHAPE: Field<u64> = Field::at(8, "SHAPE");
/// Entries that can still be made.
pub(crate) const USABLE: Field<u64> = Field::at(16, "USABLE");
/// Entries that were made; some may be empty again.
pub(crate) const ENTRIES: Field<u64> = Field::at(24, "ENTRIES");
/// Bytes before the indices.
const KEYS_HEADER: u64 = 32;

/// Nothing was ever there.
pub(crate) const EMPTY: i64 = -1;
/// Something was there.
pub(crate) const DUMMY: i64 = -2;

/// The smallest table: 8 places.
pub(crate) const SMALLEST_LOG: u8 = 3;
const PERTURB_SHIFT: u32 = 5;

/// Which entries a table has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum TableKind {
    /// Any keys, with their hashes.
    General,
    /// Strings.
    Str,
    /// Strings; the values are elsewhere, in an array of each instance.
    Split,
}

impl TableKind {
    /// Bytes of an entry.
    #[inline]
    pub(crate) const fn entry(self) -> u64 {
        if matches!(self, TableKind::General) { 24 } else { 16 }
    }
}

/// The address of a keys table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Keys(pub Addr);

impl From<Keys> for Addr {
    #[inline]
    fn from(keys: Keys) -> Addr {
        keys.0
    }
}

/// Entries that a table with `1 << log_size` places has room for (I3).
#[inline]
pub(crate) const fn usable(log_size: u8) -> u64 {
    (2 << log_size) / 3
}

/// The size of a table for `places`: `calculate_log2_keysize`. It takes a power of two for more than it is, from 16 on.
#[inline]
pub(crate) const fn log_size_for(places: u64) -> u8 {
    (64 - (((places | 8) - 1) | 7).leading_zeros()) as u8
}

/// The size of a table that `items` fit into: `estimate_log2_keysize`.
#[inline]
pub(crate) const fn log_size_of_items(items: u64) -> u8 {
    log_size_for((items * 3).div_ceil(2))
}

/// I2.
const fn log_index_bytes(log_size: u8) -> u8 {
    match log_size {
        0..8 => log_size,
        8..16 => log_size + 1,
        16..32 => log_size + 2,
        _ => log_size + 3,
    }
}

impl Keys {
    /// Bytes of such a table.
    pub(crate) fn bytes_of(log_size: u8, kind: TableKind) -> u64 {
        KEYS_HEADER + (1 << log_index_bytes(log_size)) + kind.entry() * usable(log_size)
    }

    /// Bytes of this one.
    pub(crate) fn bytes<M: Memory>(self, mem: &M) -> u64 {
        Keys::bytes_of(self.log_size(mem), self.kind(mem))
    }

    pub(crate) fn begin<M: Memory>(self, mem: &M, log_size: u8, kind: TableKind) {
        let indices = 1 << log_index_bytes(log_size);
        mem.set(self, KEYS_REFS, 1);
        mem.set(self, SHAPE, shape_word(log_size, kind));
        mem.set(self, USABLE, usable(log_size));
        mem.set(self, ENTRIES, 0);
        (0..indices).step_by(8).for_each(|offset| mem.write(self.0.plus(KEYS_HEADER + offset), u64::MAX));
        let entries = self.0.plus(KEYS_HEADER + indices);
        (0..kind.entry() * usable(log_size)).step_by(8).for_each(|offset| mem.write(entries.plus(offset), 0));
    }

    /// What its functions need to know, read once.
    #[inline]
    pub(crate) fn shape<M: Memory>(self, mem: &M) -> Shape {
        let word = mem.get(self, SHAPE);
        let indices = self.0.plus(KEYS_HEADER);
        Shape { indices, entries: indices.plus(1 << (word >> 8 & 0xff)), word }
    }

    /// Its places are `1 << log_size`.
    #[inline]
    pub(crate) fn log_size<M: Memory>(self, mem: &M) -> u8 {
        self.shape(mem).log_size()
    }

    /// Which entries it has.
    #[inline]
    pub(crate) fn kind<M: Memory>(self, mem: &M) -> TableKind {
        match mem.get(self, SHAPE) >> 16 {
            0 => TableKind::General,
            1 => TableKind::Str,
            _ => TableKind::Split,
        }
    }

    pub(crate) fn set_kind<M: Memory>(self, mem: &M, kind: TableKind) {
        mem.set(self, SHAPE, shape_word(self.log_size(mem), kind));
    }

    /// Whether only strings are in it.
    #[inline]
    pub(crate) fn is_str<M: Memory>(self, mem: &M) -> bool {
        self.shape(mem).is_str()
    }

    /// Entries that were made.
    #[inline]
    pub(crate) fn entries<M: Memory>(self, mem: &M) -> u64 {
        mem.get(self, ENTRIES)
    }

    /// Where the key of entry `at` stands; its value follows.
    #[inline]
    pub(crate) fn entry<M: Memory>(self, mem: &M, at: u64) -> Addr {
        self.shape(mem).entry(at)
    }

    /// The key of entry `at`. Borrowed. `None`: it is empty again.
    #[inline]
    pub(crate) fn key<M: Memory>(self, mem: &M, at: u64) -> Option<Obj> {
        reference(mem.read(self.entry(mem, at)))
    }

    /// The hash that stands in entry `at` of a general table.
    #[inline]
    pub(crate) fn hash<M: Memory>(self, mem: &M, at: u64) -> i64 {
        mem.read(Addr(self.entry(mem, at).0 - 8)) as i64
    }

    /// Index number `place`.
    #[inline]
    pub(crate) fn index<M: Memory>(self, mem: &M, place: u64) -> i64 {
        self.shape(mem).index(mem, place)
    }

    #[inline]
    pub(crate) fn set_index<M: Memory>(self, mem: &M, place: u64, index: i64) {
        self.shape(mem).set_index(mem, place, index);
    }

    /// The places where a key with this hash may be (I4): without end, for the caller knows when to stop.
    #[inline]
    pub(crate) fn probe<M: Memory>(self, mem: &M, hash: i64) -> Probe {
        self.shape(mem).probe(hash)
    }

    /// The place that says `index`, for a key with this hash.
    pub(crate) fn place_of<M: Memory>(self, mem: &M, hash: i64, index: u64) -> u64 {
        let mut places = self.probe(mem, hash);
        places.find(|place| self.index(mem, *place) == index as i64).expect("an entry has a place")
    }

    /// One more entry. The table has room for it.
    pub(crate) fn push<M: Memory>(self, mem: &M, key: Obj, hash: i64, value: u64) -> u64 {
        let (at, shape) = (self.entries(mem), self.shape(mem));
        debug_assert!(mem.get(self, USABLE) > 0, "no room in {self:?}");
        shape.set_index(mem, shape.free_place(mem, hash), at as i64);
        let entry = shape.entry(at);
        mem.write(entry, key.0.0);
        mem.write(entry.plus(8), value);
        if !shape.is_str() {
            mem.write(Addr(entry.0 - 8), hash as u64);
        }
        mem.set(self, ENTRIES, at + 1);
        mem.set(self, USABLE, mem.get(self, USABLE) - 1);
        at
    }
}

const fn shape_word(log_size: u8, kind: TableKind) -> u64 {
    log_size as u64 | (log_index_bytes(log_size) as u64) << 8 | (kind as u64) << 16
}

/// A table, as a search reads it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    indices: Addr,
    entries: Addr,
    word: u64,
}

impl Shape {
    #[inline]
    fn log_size(self) -> u8 {
        self.word as u8
    }

    #[inline]
    pub(crate) fn is_str(self) -> bool {
        self.word >> 16 != TableKind::General as u64
    }

    /// Where the key of entry `at` stands; its value follows.
    #[inline]
    pub(crate) fn entry(self, at: u64) -> Addr {
        if self.is_str() { self.entries.plus(16 * at) } else { self.entries.plus(24 * at + 8) }
    }

    #[inline]
    pub(crate) fn probe(self, hash: i64) -> Probe {
        let mask = (1u64 << self.log_size()) - 1;
        Probe { next: hash as u64 & mask, perturb: hash as u64, mask }
    }

    /// The first place for a new key with this hash.
    #[inline]
    fn free_place<M: Memory>(self, mem: &M, hash: i64) -> u64 {
        self.probe(hash).find(|place| self.index(mem, *place) < 0).expect("a third of the places is empty (I3)")
    }

    /// Index number `place` (I2).
    #[inline]
    pub(crate) fn index<M: Memory>(self, mem: &M, place: u64) -> i64 {
        let indices = self.indices;
        match self.log_size() {
            0..8 => i64::from(mem.read_byte(indices.plus(place)) as i8),
            8..16 => i64::from((mem.read_half(indices.plus(2 * (place & !1))) >> (16 * (place & 1))) as i16),
            16..32 => i64::from(mem.read_half(indices.plus(4 * place)) as i32),
            _ => mem.read(indices.plus(8 * place)) as i64,
        }
    }

    #[inline]
    fn set_index<M: Memory>(self, mem: &M, place: u64, index: i64) {
        let indices = self.indices;
        match self.log_size() {
            0..8 => mem.write_byte(indices.plus(place), index as u8),
            8..16 => {
                let (half, shift) = (indices.plus(2 * (place & !1)), 16 * (place & 1));
                let other = mem.read_half(half) & !(0xffff << shift);
                mem.write_half(half, other | u32::from(index as u16) << shift);
            }
            16..32 => mem.write_half(indices.plus(4 * place), index as u32),
            _ => mem.write(indices.plus(8 * place), index as u64),
        }
    }
}

/// Places, one after the other (I4).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Probe {
    next: u64,
    perturb: u64,
    mask: u64,
}

impl Iterator for Probe {
    type Item = u64;

    #[inline]
    fn next(&mut self) -> Option<u64> {
        let place = self.next;
        self.perturb >>= PERTURB_SHIFT;
        self.next = place.wrapping_mul(5).wrapping_add(self.perturb).wrapping_add(1) & self.mask;
        Some(place)
    }
}
