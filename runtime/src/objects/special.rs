//! # `__eq__` and `__hash__` of a program's own
//!
//! ```text
//!   a == b      is the class of b derived from that of a?   no:  a.__eq__(b), then b.__eq__(a)
//!                                                           yes: b.__eq__(a), then a.__eq__(b)
//!               both say NotImplemented, or have none:      is it the same object?
//! ```
//!
//! - **I1** A class that says what is equal, and does not say what the hash is, has none.
//! - **I2** What is called may drop anything: both objects are held meanwhile.
//!
//! Source: `do_richcompare` in `Objects/object.c`, `slot_tp_hash`, `type_ready_set_hash` in `Objects/typeobject.c`.

use super::compare::Waiting;
use super::equal::{AtOnce, Refused};
use super::hash;
use super::kind::Kind;
use super::layout::types::{DICT, MRO};
use super::machine::{Objects, World};
use super::names::Known;
use super::types::Type;
use kit::graph::Obj;

impl<W: World> Objects<W> {
    /// `NotImplemented`. Borrowed.
    pub fn not_implemented(&self) -> Obj {
        self.state.singleton(2)
    }

    /// The hash of an instance: its class's, or that of its address.
    pub(crate) fn hash_of_instance(&self, o: Obj) -> Result<i64, Refused> {
        if self.is_weakref(o) && self.special(o, Known::Hash).is_none() {
            return self.hash_of_weakref(o);
        }
        let Some(class) = self.who_says_what_is_equal(self.type_of(o)) else { return Ok(hash::of_address(o.0.0)) };
        let function = self.in_class(class, Known::Hash).filter(|function| *function != self.none());
        let function = function.ok_or(Refused::Unhashable)?;
        let said = self.call_with(function, o, &[]).map_err(Refused::Raised)?;
        let answer = match self.kind(said) {
            Kind::Int => Ok(hash::never_minus_one(self.int_value(said).unwrap_or_else(|| self.int_hash(said)) as u64)),
            _ => Err(Refused::Raised(self.raised(Type::TypeError, "__hash__ method should return an integer"))),
        };
        self.decref(said);
        answer
    }

    /// That of what it refers to, as long as that lives, or if somebody asked before.
    pub(crate) fn hash_of_weakref(&self, r: Obj) -> Result<i64, Refused> {
        let hash = self.weakref_hash(r, |target| self.hash(target).map(|hash| hash as u64))?;
        let gone = || Refused::Raised(self.raised(Type::TypeError, "weak object has gone away"));
        hash.map(|hash| hash as i64).ok_or_else(gone)
    }

    /// The first class along the mro with `__hash__` or `__eq__` of its own (I1).
    fn who_says_what_is_equal(&self, ty: Obj) -> Option<Obj> {
        let mro = self.field(ty, MRO)?;
        let mut classes = (0..self.tuple_len(mro)).map(|at| self.tuple_get(mro, at));
        classes.find(|class| [Known::Hash, Known::Eq].into_iter().any(|name| self.in_class(*class, name).is_some()))
    }

    fn in_class(&self, class: Obj, name: Known) -> Option<Obj> {
        self.dict_get(self.field(class, DICT)?, self.known(name))
    }

    fn special(&self, o: Obj, name: Known) -> Option<Obj> {
        (self.kind(o) == Kind::Instance).then(|| self.class_attribute(self.type_of(o), self.known(name))).flatten()
    }

    /// `a == b`, of which one at least is an instance, or both are weak references.
    pub(crate) fn equal_by_class(&self, a: Obj, b: Obj) -> Result<AtOnce, Refused> {
        if self.special(a, Known::Eq).is_some() || self.special(b, Known::Eq).is_some() {
            let _held = [a, b].map(|o| self.owned(self.new_ref(o)));
            return match self.ask_both(a, b)? {
                Some(answer) => Ok(AtOnce::Answer(answer)),
                None => Ok(self.equal_targets(a, b)),
            };
        }
        Ok(self.equal_targets(a, b))
    }

    /// Two weak references are equal when what they refer to is; all else only to itself.
    fn equal_targets(&self, a: Obj, b: Obj) -> AtOnce {
        let target = |r| if self.is_weakref(r) { self.weakref_target(r) } else { None };
        match target(a).zip(target(b)) {
            Some((a, b)) => AtOnce::Wait(Waiting::Targets { a: self.new_ref(a), b: self.new_ref(b) }),
            None => AtOnce::Answer(a == b),
        }
    }

    /// I2: the caller holds both. `None`: neither knows.
    fn ask_both(&self, a: Obj, b: Obj) -> Result<Option<bool>, Refused> {
        let derived = self.type_of(a) != self.type_of(b) && self.extends(self.type_of(b), self.type_of(a));
        for (of, other) in if derived { [(b, a), (a, b)] } else { [(a, b), (b, a)] } {
            let Some(function) = self.special(of, Known::Eq) else { continue };
            let said = self.call_with(function, of, &[other]).map_err(Refused::Raised)?;
            let answer = self.said_yes(said);
            self.decref(said);
            if answer.is_some() {
                return Ok(answer);
            }
        }
        Ok(None)
    }

    /// Whether what `__eq__` gave is true. `None`: it is `NotImplemented`.
    fn said_yes(&self, said: Obj) -> Option<bool> {
        if said == self.not_implemented() {
            return None;
        }
        Some(match self.kind(said) {
            Kind::Int => self.int_digits(said) != 0,
            Kind::Float => self.float_value(said) != 0.0,
            Kind::Str => self.str_len(said) != 0,
            Kind::Bytes => self.bytes_len(said) != 0,
            Kind::List | Kind::Tuple => self.items_len(said) != 0,
            Kind::Dict => self.dict_len(said) != 0,
            Kind::Set => self.set_len(said) != 0,
            _ => said != self.none(),
        })
    }

    /// The hash of a record: a bound method's comes from its parts, of which the function may be a bound method itself.
    pub(crate) fn hash_of_record(&self, o: Obj) -> Result<i64, Refused> {
        let (mut function, mut bound) = (o, Vec::new());
        while let Some((inner, of)) = self.method_parts(function) {
            bound.push(of);
            function = inner;
        }
        let innermost = if bound.is_empty() { hash::of_address(o.0.0) } else { self.hash(function)? };
        let mix = |hash, of: Obj| hash::never_minus_one((hash::of_address(of.0.0) ^ hash) as u64);
        Ok(bound.into_iter().rev().fold(innermost, mix))
    }

    /// Bound methods of the same object are equal when their functions are.
    pub(crate) fn equal_records(&self, a: Obj, b: Obj) -> bool {
        self.method_parts(a).is_some() && self.method_parts(a) == self.method_parts(b)
    }
}
