//! # The runtime's own words
//!
//! Everything that a runtime knows about its objects and that is not in an object: the heads of the generations, the
//! collector's counters, the trashcan, the free lists. It lies in the same memory as the objects.

use super::types::{ROWS, Type};
use crate::gc::head::{HEAD, Head};
use crate::gc::list::List;
use kit::free_lists::{FREE_LIST, FreeListAt};
use kit::graph::Obj;
use kit::{Addr, Field};

/// Where the runtime's words are.
#[derive(Clone, Copy, Debug)]
pub struct State(pub Addr);

impl From<State> for Addr {
    #[inline]
    fn from(state: State) -> Addr {
        state.0
    }
}

/// Lists that run through heads: three generations, the permanent one, and those of a collection.
const LISTS: u64 = 7;
const COUNTS: u64 = LISTS * HEAD;
const THRESHOLDS: u64 = COUNTS + 3 * 8;
const STATS: u64 = THRESHOLDS + 3 * 8;
const WORDS: u64 = STATS + 9 * 8;

/// `long_lived_total`
pub const TOTAL: Field<u64> = Field::at(WORDS, "TOTAL");
/// `long_lived_pending`
pub const PENDING: Field<u64> = Field::at(WORDS + 8, "PENDING");
/// 1 while collections may start by themselves.
pub const ENABLED: Field<u64> = Field::at(WORDS + 16, "ENABLED");
/// While a collection runs: one more than the generation that is collected. Else 0.
pub const COLLECTING: Field<u64> = Field::at(WORDS + 24, "COLLECTING");
/// The debug flags of `gc.set_debug`.
pub const DEBUG: Field<u64> = Field::at(WORDS + 32, "DEBUG");
/// How many deallocations are nested.
pub const DEPTH: Field<u64> = Field::at(WORDS + 40, "DEPTH");
/// Those who wait for theirs, linked through their heads.
pub const WAITING: Field<u64> = Field::at(WORDS + 48, "WAITING");
/// Interned strings: a dict.
pub const INTERNED: Field<u64> = Field::at(WORDS + 56, "INTERNED");
/// `gc.garbage`: a list.
pub const GARBAGE: Field<u64> = Field::at(WORDS + 64, "GARBAGE");
/// `gc.callbacks`: a list.
pub const CALLBACKS: Field<u64> = Field::at(WORDS + 72, "CALLBACKS");
/// Strings' hashes depend on it, as on PYTHONHASHSEED.
pub const HASH_SEED: Field<u64> = Field::at(WORDS + 80, "HASH_SEED");
/// 1 when something of the program's ran since the running collection found what is unreachable.
pub const SOMETHING_RAN: Field<u64> = Field::at(WORDS + 88, "SOMETHING_RAN");
/// The frame that runs: see [`super::frame`].
pub const FRAME: Field<u64> = Field::at(WORDS + 96, "FRAME");
/// The newest chunk of the data stack.
pub const CHUNK: Field<u64> = Field::at(WORDS + 104, "CHUNK");
/// Where the next frame will lie.
pub const TOP: Field<u64> = Field::at(WORDS + 112, "TOP");
/// Where the chunk ends.
pub const CHUNK_END: Field<u64> = Field::at(WORDS + 120, "CHUNK_END");
/// The exception that is being handled.
pub const HANDLED: Field<u64> = Field::at(WORDS + 128, "HANDLED");
/// The modules, a dict: `sys.modules`.
pub const MODULES: Field<u64> = Field::at(WORDS + 136, "MODULES");
/// What is called at the end, a list.
pub const AT_EXIT: Field<u64> = Field::at(WORDS + 144, "AT_EXIT");

/// The finalizers that are alive, a dict: see [`crate::weak::finalize`].
pub const FINALIZERS: Field<u64> = Field::at(WORDS + 160, "FINALIZERS");
/// How many there ever were.
pub const FINALIZERS_MADE: Field<u64> = Field::at(WORDS + 168, "FINALIZERS_MADE");
/// 1 when none is called any more.
pub const FINALIZERS_DONE: Field<u64> = Field::at(WORDS + 176, "FINALIZERS_DONE");

const FREE_LISTS: u64 = WORDS + 184;
const FREE_LIST_COUNT: u64 = 25;
const TYPES: u64 = FREE_LISTS + FREE_LIST_COUNT * FREE_LIST;
const TYPE_BYTES: u64 = super::layout::types::RECORD;
const SINGLETONS: u64 = TYPES + ROWS.len() as u64 * TYPE_BYTES;
const SINGLETON: u64 = 32;
const SINGLETON_COUNT: u64 = 3;
const SMALL_INTS: u64 = SINGLETONS + SINGLETON_COUNT * SINGLETON;
const SMALL_INT: u64 = 32;
const SMALL_INT_COUNT: u64 = (kit::free_lists::LARGEST - kit::free_lists::SMALLEST + 1) as u64;
const BOOLS: u64 = SMALL_INTS + SMALL_INT_COUNT * SMALL_INT;
const EMPTY_TUPLE: u64 = BOOLS + 2 * SMALL_INT + HEAD;
const BYTE_STRINGS: u64 = EMPTY_TUPLE + 32;
const BYTE_STRING: u64 = 48;
const CHARACTERS: u64 = BYTE_STRINGS + 257 * BYTE_STRING;
const CHARACTER: u64 = 80;

const MEMORY_ERROR: u64 = HEAD + 72;
const ERRORS: u64 = CHARACTERS + 257 * CHARACTER;
const KNOWN: u64 = ERRORS + super::exception::MEMORY_ERRORS * MEMORY_ERROR;
const KNOWN_NAME: u64 = 64;

/// Bytes of all of it.
pub const BYTES: u64 = KNOWN + super::names::NAMES.len() as u64 * KNOWN_NAME;

/// Whose memory a free list keeps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kept {
    /// 100 floats.
    Float,
    /// 80 lists.
    List,
    /// 80 dicts.
    Dict,
    /// 80 tables of dicts.
    Keys,
    /// One slice. No collection takes it out.
    Slice,
    /// Tuples of 1 to 20 items, 2000 of each length.
    Tuple(u64),
}

impl Kept {
    /// All there are.
    pub fn all() -> impl Iterator<Item = Kept> {
        [Kept::Float, Kept::List, Kept::Dict, Kept::Keys, Kept::Slice].into_iter().chain((1..=20).map(Kept::Tuple))
    }

    /// How many are kept at most.
    pub fn limit(self) -> u64 {
        match self {
            Kept::Float => 100,
            Kept::List | Kept::Dict | Kept::Keys => 80,
            Kept::Slice => 1,
            Kept::Tuple(_) => 2000,
        }
    }

    #[inline]
    fn place(self) -> u64 {
        match self {
            Kept::Float => 0,
            Kept::List => 1,
            Kept::Dict => 2,
            Kept::Keys => 3,
            Kept::Tuple(items) => 3 + items,
            Kept::Slice => 24,
        }
    }
}

impl State {
    /// Generation 0, 1 or 2.
    #[inline]
    pub fn generation(self, number: usize) -> List {
        self.list(number as u64)
    }

    /// What `gc.freeze` put away.
    #[inline]
    pub fn permanent(self) -> List {
        self.list(3)
    }

    /// What a collection found unreachable.
    #[inline]
    pub fn unreachable(self) -> List {
        self.list(4)
    }

    /// What it has looked at.
    #[inline]
    pub fn aside(self) -> List {
        self.list(5)
    }

    /// What it found unreachable the second time.
    #[inline]
    pub fn still_unreachable(self) -> List {
        self.list(6)
    }

    /// All lists.
    pub fn lists(self) -> impl Iterator<Item = List> {
        (0..LISTS).map(move |number| self.list(number))
    }

    #[inline]
    fn list(self, number: u64) -> List {
        List(Head(self.0.plus(number * HEAD)))
    }

    /// The counter of a generation.
    #[inline]
    pub fn count(generation: usize) -> Field<u64> {
        Field::at(COUNTS + 8 * generation as u64, "COUNT")
    }

    /// Its threshold.
    #[inline]
    pub fn threshold(generation: usize) -> Field<u64> {
        Field::at(THRESHOLDS + 8 * generation as u64, "THRESHOLD")
    }

    /// A number of `gc.get_stats`: 0 collections, 1 collected, 2 uncollectable.
    pub fn stat(generation: usize, number: u64) -> Field<u64> {
        Field::at(STATS + 24 * generation as u64 + 8 * number, "STAT")
    }

    /// A free list.
    #[inline]
    pub fn free_list(self, of: Kept) -> FreeListAt {
        FreeListAt(self.0.plus(FREE_LISTS + of.place() * FREE_LIST))
    }

    /// A type of the runtime.
    #[inline]
    pub fn type_at(self, ty: Type) -> Obj {
        Obj(self.0.plus(TYPES + ty as u64 * TYPE_BYTES))
    }

    /// `None`, `Ellipsis`, `NotImplemented`.
    #[inline]
    pub fn singleton(self, number: u64) -> Obj {
        Obj(self.0.plus(SINGLETONS + number * SINGLETON))
    }

    /// The small integer in place `place` of their table.
    #[inline]
    pub fn small_int(self, place: u64) -> Obj {
        Obj(self.0.plus(SMALL_INTS + place * SMALL_INT))
    }

    /// `False` and `True`.
    #[inline]
    pub fn bool(self, value: bool) -> Obj {
        Obj(self.0.plus(BOOLS + u64::from(value) * SMALL_INT))
    }

    /// `()`. It has a head, and is in no list.
    #[inline]
    pub fn empty_tuple(self) -> Obj {
        Obj(self.0.plus(EMPTY_TUPLE))
    }

    /// The bytes object of one byte; 256 is the one without any.
    #[inline]
    pub fn byte_string(self, byte: u64) -> Obj {
        Obj(self.0.plus(BYTE_STRINGS + byte * BYTE_STRING))
    }

    /// The string of one character of Latin-1; 256 is the empty one.
    #[inline]
    pub fn character(self, code: u64) -> Obj {
        Obj(self.0.plus(CHARACTERS + code * CHARACTER))
    }

    /// A `MemoryError` for when there is no memory. It has a head.
    #[inline]
    pub fn memory_error(self, number: u64) -> Obj {
        Obj(self.0.plus(ERRORS + number * MEMORY_ERROR + HEAD))
    }

    /// A name that the runtime itself looks for.
    #[inline]
    pub fn known(self, number: u64) -> Obj {
        Obj(self.0.plus(KNOWN + number * KNOWN_NAME))
    }

    /// Whether `o` is one of these, which no heap gave.
    #[inline]
    pub fn holds(self, o: Obj) -> bool {
        o.0.since(self.0) < BYTES
    }
}
