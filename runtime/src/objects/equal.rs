//! # Hash and `==`
//!
//! ```text
//!   (1, (2, x)) == (1, (2, y))
//!
//!     items of the outer two   1 and 1: yes         waits at 1 ----+
//!     items of the inner two   2 and 2: yes         waits at 1     |   answers: no
//!     x and y                  no ---------------------------------+
//! ```
//!
//! Tuples may be nested as deep as memory goes, so comparisons that wait for others stand in a list, not on the stack:
//! see [`super::compare`]. Here is what can be said about two objects at once.
//!
//! - **I1** What is identical is equal, before anything is compared: a float that is not a number is found in a list.
//! - **I2** What is equal has the same hash: 1, 1.0 and True.
//! - **I3** What can change has no hash: lists, dicts, sets.
//! - **I4** Hashes of tuples need no stack either. A frozenset's keys have theirs in its table.
//!
//! Source: `PyObject_RichCompareBool`, `PyObject_Hash` in `Objects/object.c`, `float_richcompare` in `floatobject.c`.

use super::compare::Waiting;
use super::hash::{self, OfTuple};
use super::kind::Kind;
use super::machine::{Objects, World};
use super::number::Number;
use kit::graph::Obj;

/// Why not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refused {
    /// No memory.
    NoMemory,
    /// A key, or something in it, has no hash.
    Unhashable,
    /// A program's own comparison raised this exception: owned.
    Raised(Obj),
}

/// What can be said about two objects at once.
pub(crate) enum AtOnce {
    Answer(bool),
    /// What is in them has to be compared.
    Wait(Waiting),
}

impl<W: World> Objects<W> {
    /// `hash(o)`.
    ///
    /// # Errors
    /// It has none (I3).
    pub fn hash(&self, o: Obj) -> Result<i64, Refused> {
        match self.kind(o) {
            Kind::Int => Ok(self.int_hash(o)),
            Kind::Float => Ok(self.float_hash(o)),
            Kind::Str => Ok(self.str_hash(o)),
            Kind::Bytes => Ok(self.bytes_hash(o)),
            Kind::Tuple => self.tuple_hash(o),
            Kind::Set if self.is_frozenset(o) => Ok(self.frozenset_hash(o)),
            Kind::List | Kind::Dict | Kind::Set => Err(Refused::Unhashable),
            Kind::Weakref => self.hash_of_weakref(o),
            Kind::Instance => self.hash_of_instance(o),
            Kind::Record => self.hash_of_record(o),
            Kind::Plain | Kind::StaticType | Kind::Frame | Kind::Class => Ok(hash::of_address(o.0.0)),
        }
    }

    /// I4: tuples in tuples wait in a list.
    fn tuple_hash(&self, tuple: Obj) -> Result<i64, Refused> {
        let mut waiting = Vec::new();
        let (mut of, mut at, mut sum) = (tuple, 0, OfTuple::BEGIN);
        loop {
            let items = self.tuple_len(of);
            let hash = if at == items {
                let hash = sum.end(items);
                let Some(outer) = waiting.pop() else { return Ok(hash) };
                (of, at, sum) = outer;
                hash
            } else {
                let item = self.tuple_get(of, at);
                if self.kind(item) == Kind::Tuple {
                    waiting.push((of, at, sum));
                    (of, at, sum) = (item, 0, OfTuple::BEGIN);
                    continue;
                }
                self.hash(item)?
            };
            (at, sum) = (at + 1, sum.item(hash));
        }
    }

    /// `a == b`, as containers ask (I1).
    ///
    /// # Errors
    /// Comparing them raised.
    #[inline]
    pub fn equal(&self, a: Obj, b: Obj) -> Result<bool, Refused> {
        match self.equal_at_once(a, b)? {
            AtOnce::Answer(answer) => Ok(answer),
            AtOnce::Wait(waiting) => self.compare(waiting),
        }
    }

    pub(crate) fn equal_at_once(&self, a: Obj, b: Obj) -> Result<AtOnce, Refused> {
        let answer = match (self.kind(a), self.kind(b)) {
            _ if a == b => true,
            (Kind::Str, Kind::Str) => self.same_text(a, b),
            (Kind::Int, Kind::Int) => self.same_int(a, b),
            (Kind::Float, Kind::Float) => self.float_value(a) == self.float_value(b),
            (Kind::Int, Kind::Float) => self.int_is_float(a, b),
            (Kind::Float, Kind::Int) => self.int_is_float(b, a),
            (Kind::Bytes, Kind::Bytes) => self.equal_bytes(a, b),
            (Kind::Tuple, Kind::Tuple) | (Kind::List, Kind::List) => return Ok(self.waiting_for_items(a, b)),
            (Kind::Set, Kind::Set) if self.set_len(a) == self.set_len(b) => {
                return Ok(AtOnce::Wait(self.waiting_for_keys(a, b)));
            }
            (Kind::Dict, Kind::Dict) if self.dict_len(a) == self.dict_len(b) => {
                return Ok(AtOnce::Wait(self.waiting_for_keys(a, b)));
            }
            (Kind::Instance, _) | (_, Kind::Instance) | (Kind::Weakref, Kind::Weakref) => {
                return self.equal_by_class(a, b);
            }
            (Kind::Record, Kind::Record) => self.equal_records(a, b),
            _ => false,
        };
        Ok(AtOnce::Answer(answer))
    }

    fn int_is_float(&self, int: Obj, float: Obj) -> bool {
        // Beyond that, an int is larger than each float.
        const MOST_DIGITS: u64 = 35;
        self.int_digits(int) <= MOST_DIGITS
            && Number::of_float(self.float_value(float)).is_some_and(|number| number == self.int_number(int))
    }

    /// Tuples and lists of the same length.
    fn waiting_for_items(&self, a: Obj, b: Obj) -> AtOnce {
        if self.items_len(a) != self.items_len(b) {
            return AtOnce::Answer(false);
        }
        AtOnce::Wait(Waiting::Items { a: self.new_ref(a), b: self.new_ref(b), at: 0 })
    }

    /// Items of a list or a tuple.
    pub(crate) fn items_len(&self, o: Obj) -> u64 {
        if self.kind(o) == Kind::List { self.list_len(o) } else { self.tuple_len(o) }
    }

    /// Item `at` of a list or a tuple. Borrowed.
    pub(crate) fn items_get(&self, o: Obj, at: u64) -> Obj {
        if self.kind(o) == Kind::List { self.list_get(o, at) } else { self.tuple_get(o, at) }
    }
}
