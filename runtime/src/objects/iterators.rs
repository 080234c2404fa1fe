//! # Iterators, slices, properties: small records that hold something for a while
//!
//! - **I1** An iterator holds what it goes over. One that is exhausted has let go of it.
//! - **I2** `enumerate` keeps the pair that it gave last: if nobody else has it, the next pair is in the same tuple.
//! - **I3** The memory of one dead slice is kept for the next one.
//!
//! Source: `listiter_next` in `Objects/listobject.c`, `tupleiter_next` in `tupleobject.c`, `enum_next` in `enumobject.c`,
//! `PySlice_New` in `sliceobject.c` of 3.11.

use super::layout::{TUPLE_ITEMS, types::FIRST, word};
use super::machine::{Objects, World};
use super::state::Kept;
use super::types::Type;
use kit::graph::Obj;
use kit::{Field, Memory};

/// Of a list or tuple iterator.
const OVER: Field<u64> = word(16);
const AT: u64 = 24;

/// Of `enumerate`.
const PAIR: Field<u64> = word(24);
const NUMBER: u64 = 40;

/// Of a property: name, which the collector does not walk over.
const PROPERTY_DOC: Field<u64> = word(40);

impl<W: World> Objects<W> {
    /// `iter(o)` of a list or a tuple, which is stolen. Tracked. `None`: no memory. Owned.
    pub fn new_iterator(&self, over: Obj) -> Option<Obj> {
        let ty = if self.kind(over) == super::kind::Kind::Tuple { Type::TupleIterator } else { Type::ListIterator };
        self.new_record(ty, &[Some(over)])
    }

    /// `next(it)`: owned. `None`: it is exhausted (I1).
    pub fn iterator_next(&self, it: Obj) -> Option<Obj> {
        let over = self.field(it, OVER)?;
        let at = self.number(it, AT);
        let tuple = self.is_a(it, Type::TupleIterator);
        let len = if tuple { self.tuple_len(over) } else { self.list_len(over) };
        if at >= len {
            self.set_field(it, OVER, None);
            return None;
        }
        self.set_number(it, AT, at + 1);
        Some(self.new_ref(if tuple { self.tuple_get(over, at) } else { self.list_get(over, at) }))
    }

    /// `enumerate(iterable)`, from 0 on, of an iterator that is stolen. Tracked. Owned.
    pub fn new_enumerate(&self, it: Obj) -> Option<Obj> {
        let nothing = [self.none(), self.none()].map(|none| self.new_ref(none));
        let Some(pair) = self.new_tuple(&nothing) else {
            self.decref(it);
            return None;
        };
        self.new_record(Type::Enumerate, &[Some(it), Some(pair)])
    }

    /// The next pair of an `enumerate` over an iterator of a list or tuple (I2): owned. `Ok(None)`: it is exhausted.
    ///
    /// # Errors
    /// No memory.
    pub fn enumerate_next(&self, it: Obj) -> Result<Option<Obj>, Obj> {
        let Some(item) = self.field(it, OVER).and_then(|inner| self.iterator_next(inner)) else { return Ok(None) };
        let number = self.number(it, NUMBER);
        let Some(count) = self.new_int(number as i64) else {
            self.decref(item);
            return Err(self.memory_error());
        };
        self.set_number(it, NUMBER, number + 1);
        let pair = self.field(it, PAIR).filter(|pair| self.refs(*pair) == 1);
        let Some(pair) = pair else {
            return self.new_tuple(&[count, item]).map(Some).ok_or_else(|| self.memory_error());
        };
        self.incref(pair);
        self.set_word(pair.0.plus(TUPLE_ITEMS), Some(count));
        self.set_word(pair.0.plus(TUPLE_ITEMS + 8), Some(item));
        if !self.is_tracked(pair) {
            self.track(pair); // the collector may have found that two atoms need no watching
        }
        Ok(Some(pair))
    }

    /// `map(function, *iterators)`: all stolen. Tracked. Owned. What it gives is the interpreter's business.
    pub fn new_map(&self, function: Obj, iterators: &[Obj]) -> Option<Obj> {
        let Some(iterators) = self.new_tuple(iterators) else {
            self.decref(function);
            return None;
        };
        self.new_record(Type::Map, &[Some(iterators), Some(function)])
    }

    /// `slice(start, stop, step)`: all stolen (I3). Tracked. Owned.
    pub fn new_slice(&self, parts: [Obj; 3]) -> Option<Obj> {
        let Some(slice) = self.take_kept(Kept::Slice, Type::Slice) else {
            return self.new_record(Type::Slice, &parts.map(Some));
        };
        let first = self.mem().get(self.ty(Type::Slice), FIRST);
        for (at, part) in (0..).zip(parts) {
            self.mem().write(slice.0.plus(first + 8 * at), part.0.0);
        }
        self.track(slice);
        Some(slice)
    }

    /// `range(start, stop, step)` with its length: integers, all stolen. Not collected. Owned.
    pub fn new_range(&self, parts: [Obj; 4]) -> Option<Obj> {
        self.new_plain_record(Type::Range, Type::Range.row().basic, &parts.map(Some))
    }

    /// `property(getter, setter, deleter)`, with a doc: all stolen. Tracked. Owned.
    pub fn new_property(&self, functions: [Option<Obj>; 3], doc: Option<Obj>) -> Option<Obj> {
        let [getter, setter, deleter] = functions;
        self.new_record(Type::Property, &[getter, setter, deleter, doc])
    }

    /// A dead ring's property lets go of its doc, and of nothing else.
    pub(crate) fn clear_property(&self, property: Obj) {
        self.set_field(property, PROPERTY_DOC, None);
    }
}
