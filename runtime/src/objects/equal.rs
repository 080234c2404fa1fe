//! # Hash and `==`
//!
//! - **I1** What is identical is equal, before anything is compared: a float that is not a number is found in a list.
//!
//! Source: `PyObject_RichCompareBool`, `PyObject_Hash` in `Objects/object.c`.

use super::hash::{self, OfTuple};
use super::kind::Kind;
use super::machine::{Objects, World};
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

impl<W: World> Objects<W> {
    /// `hash(o)`.
    ///
    /// # Errors
    /// It has none.
    pub fn hash(&self, o: Obj) -> Result<i64, Refused> {
        match self.kind(o) {
            Kind::Int => Ok(self.int_hash(o)),
            Kind::Float => Ok(self.float_hash(o)),
            Kind::Str => Ok(self.str_hash(o)),
            Kind::Bytes => Ok(self.bytes_hash(o)),
            Kind::Tuple => self.tuple_hash(o),
            Kind::Set if self.is_frozenset(o) => Ok(self.frozenset_hash(o)),
            Kind::List | Kind::Dict | Kind::Set => Err(Refused::Unhashable),
            _ => Ok(hash::of_address(o.0.0)),
        }
    }

    /// Tuples in tuples wait in a list.
    fn tuple_hash(&self, tuple: Obj) -> Result<i64, Refused> {
        let mut waiting = vec![(tuple, 0, OfTuple::BEGIN)];
        let mut last = 0;
        while let Some((of, at, sum)) = waiting.pop() {
            let items = self.tuple_len(of);
            if at == items {
                last = sum.end(items);
                if let Some((_, _, outer)) = waiting.last_mut() {
                    *outer = outer.item(last);
                }
                continue;
            }
            let item = self.tuple_get(of, at);
            if self.kind(item) == Kind::Tuple {
                waiting.extend([(of, at + 1, sum), (item, 0, OfTuple::BEGIN)]);
            } else {
                waiting.push((of, at + 1, sum.item(self.hash(item)?)));
            }
        }
        Ok(last)
    }

    /// `a == b`, as containers ask (I1).
    ///
    /// # Errors
    /// Comparing them raised.
    pub fn equal(&self, a: Obj, b: Obj) -> Result<bool, Refused> {
        let mut waiting = vec![(a, b)];
        while let Some((a, b)) = waiting.pop() {
            let same = a == b
                || match (self.kind(a), self.kind(b)) {
                    (Kind::Int, Kind::Int) => self.same_int(a, b),
                    (Kind::Float, Kind::Float) => self.float_value(a) == self.float_value(b),
                    (Kind::Str, Kind::Str) => self.same_text(a, b),
                    (Kind::Bytes, Kind::Bytes) => self.equal_bytes(a, b),
                    (Kind::Tuple, Kind::Tuple) if self.tuple_len(a) == self.tuple_len(b) => {
                        let items = (0..self.tuple_len(a)).rev();
                        waiting.extend(items.map(|at| (self.tuple_get(a, at), self.tuple_get(b, at))));
                        true
                    }
                    _ => false,
                };
            if !same {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
