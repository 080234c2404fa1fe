//! # Layouts: where what lies in an object
//!
//! ```text
//!   every object          o ->  | REFS | TYPE |
//!   with a length         o ->  | REFS | TYPE | SIZE |
//!   of a collected type         | NEXT | PREV |  o -> ...                          16 bytes in front: the GC head
//!   of a class with attributes  | VALUES | DICT | NEXT | PREV |  o -> ...          32 bytes in front
//! ```
//!
//! Sizes are those of CPython 3.11 on a 64-bit machine: `sys.getsizeof` counts the same bytes, and the heap is asked for
//! the same. Where it made no difference to any size, fields stand in the order in which the collector walks over them.
//!
//! Source: `Include/cpython/*.h`, `Include/internal/pycore_object.h` of 3.11.

use kit::graph::Obj;
use kit::{Addr, Field};

/// Items, digits or bytes of a variable-size object.
pub const SIZE: Field<u64> = Field::at(16, "SIZE");

/// Bytes of a header, and of one with a SIZE.
pub const HEADER: u64 = 16;
/// Bytes of a header with a SIZE.
pub const VAR_HEADER: u64 = 24;

/// In front of an instance with attributes: the array of their values; 0 once it has a dict.
pub const VALUES: Field<u64> = Field::at(0u64.wrapping_sub(32), "VALUES");
/// In front of an instance with attributes: its `__dict__`, once somebody asked for it.
pub const MANAGED_DICT: Field<u64> = Field::at(0u64.wrapping_sub(24), "MANAGED_DICT");
/// Bytes in front of an instance with attributes, before its GC head.
pub const PRE_HEADER: u64 = 16;

/// A tuple's items begin here.
pub const TUPLE_ITEMS: u64 = VAR_HEADER;

/// A list's table; 0 when it has none.
pub const LIST_ITEMS: Field<u64> = Field::at(24, "ITEMS");
/// Items that its table has room for.
pub const LIST_CAPACITY: Field<u64> = Field::at(32, "CAPACITY");
/// Bytes of a list.
pub const LIST: u64 = 40;

/// What a type says about its instances, and a few things of its own.
pub mod types {
    use super::Field;

    /// Its name, a string; 0 for a type of the runtime, whose name is in [`super::super::types`].
    pub const NAME: Field<u64> = Field::at(24, "NAME");
    /// Weak references to its subclasses, a dict.
    pub const SUBCLASSES: Field<u64> = Field::at(32, "SUBCLASSES");
    /// Its attributes, a dict.
    pub const DICT: Field<u64> = Field::at(40, "DICT");
    /// The order in which attributes are looked for, a tuple.
    pub const MRO: Field<u64> = Field::at(48, "MRO");
    /// The tuple of its bases.
    pub const BASES: Field<u64> = Field::at(56, "BASES");
    /// The type that it extends; 0 for `object`.
    pub const BASE: Field<u64> = Field::at(64, "BASE");
    /// Weak references to itself.
    pub const WEAKLIST: Field<u64> = Field::at(72, "WEAKLIST");
    /// Bytes of an instance, without its items.
    pub const BASIC: Field<u64> = Field::at(80, "BASIC");
    /// Bytes of an item.
    pub const ITEM: Field<u64> = Field::at(88, "ITEM");
    /// [`HEAP`], [`ATTRIBUTES`]...
    pub const FLAGS: Field<u64> = Field::at(96, "FLAGS");
    /// The TYPE word of an instance.
    pub const WORD: Field<u64> = Field::at(104, "WORD");
    /// Where in an instance the references begin that the type itself declares (for a class: those of its base).
    pub const FIRST: Field<u64> = Field::at(112, "FIRST");
    /// How many there are.
    pub const FIELDS: Field<u64> = Field::at(120, "FIELDS");
    /// Where in an instance the slots of a class begin.
    pub const SLOTS_AT: Field<u64> = Field::at(128, "SLOTS_AT");
    /// How many there are.
    pub const SLOTS: Field<u64> = Field::at(136, "SLOTS");
    /// Where in an instance the head of its weak references is; 0 when there can be none.
    pub const WEAK_AT: Field<u64> = Field::at(144, "WEAK_AT");
    /// How instances are finalized: 0, [`OWN`] or [`HAS_DEL`].
    pub const DEL: Field<u64> = Field::at(152, "DEL");
    /// The keys that its instances share; 0 for none.
    pub const SHARED_KEYS: Field<u64> = Field::at(160, "SHARED_KEYS");
    /// For a type of the runtime: its number in [`super::super::types`].
    pub const NUMBER: Field<u64> = Field::at(168, "NUMBER");
    /// Of a class: its own address. An instance's reference to its class is read here, without the kind.
    pub const ITSELF: Field<u64> = Field::at(176, "ITSELF");
    /// How many references follow those, which only the death of an instance meets: strings, mostly.
    pub const HIDDEN: Field<u64> = Field::at(184, "HIDDEN");
    /// Where in an instance its `__dict__` is, if it has one there; 0 when not.
    pub const DICT_AT: Field<u64> = Field::at(192, "DICT_AT");
    /// The type of the runtime that it extends, at last; itself, for one of those.
    pub const SOLID: Field<u64> = Field::at(200, "SOLID");
    /// Bytes of a type of the runtime.
    pub const RECORD: u64 = 208;
    /// Of a class: its qualified name.
    pub const QUALNAME: Field<u64> = Field::at(208, "QUALNAME");
    /// Of a class: the names of its slots, sorted, a tuple; 0 for none.
    pub const SLOT_NAMES: Field<u64> = Field::at(216, "SLOT_NAMES");
    /// Bytes of a class, and what it takes more for each slot. Of its memory much is unused here: CPython's 3.11 has a
    /// hundred pointers to functions in it.
    pub const CLASS: u64 = 904;
    /// Bytes that a class takes for each of its slots, and once more.
    pub const CLASS_SLOT: u64 = 40;

    /// FLAGS: a program made it; instances hold a reference to it.
    pub const HEAP: u64 = 1;
    /// FLAGS: its instances have VALUES and MANAGED_DICT in front.
    pub const ATTRIBUTES: u64 = 2;
    /// FLAGS: its dealloc is bracketed by the trashcan.
    pub const TRASHCAN: u64 = 4;
    /// FLAGS: a class on the way to SOLID has slots.
    pub const SLOTTED: u64 = 256;
    /// FLAGS: its instances are exceptions.
    pub const EXCEPTION: u64 = 64;
    /// FLAGS: its instances can be called.
    pub const CALLABLE: u64 = 128;
    /// DEL: no function of a program's, but the runtime's own finalizer.
    pub const OWN: u64 = 1;
    /// DEL: a `__del__` is looked up when an instance dies.
    pub const HAS_DEL: u64 = 2;
    /// FLAGS: its instances have no `tp_clear`: they never let go of what they hold.
    pub const KEEPS: u64 = 16;
    /// FLAGS: its instances are weak references.
    pub const WEAKREF: u64 = 32;
    /// FLAGS: classes may extend it.
    pub const BASETYPE: u64 = 8;
}

/// The word at `offset` of `o`, as a field.
#[inline]
pub const fn word(offset: u64) -> Field<u64> {
    Field::at(offset, "WORD")
}

/// A reference as it stands in memory: 0 is none.
#[inline]
pub fn reference(word: u64) -> Option<Obj> {
    (word != 0).then_some(Obj(Addr(word)))
}

/// The other way round.
#[inline]
pub fn stored(o: Option<Obj>) -> u64 {
    o.map_or(0, |o| o.0.0)
}
