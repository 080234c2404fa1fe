//! # Classes among each other: order, look-up, subclasses
//!
//! ```text
//!        object
//!        /    \
//!       A      B        class C(A, B)      mro of C:   C A B object
//!        \    /
//!          C
//! ```
//!
//! - **I1** In an mro a class stands before its bases, and bases stand in the order in which they were named.
//! - **I2** A class knows its subclasses without keeping them alive.
//! - **I3** What `object` and the other types of the runtime know theirs by is among the oldest objects: in a real
//!   interpreter they have had subclasses since the start.
//!
//! Source: `mro_implementation`, `pmerge`, `_PyType_Lookup`, `add_subclass`, `remove_subclass` in
//! `Objects/typeobject.c` of 3.11.

use super::kind::Kind;
use super::layout::{reference, types::*};
use super::machine::{Objects, World};
use super::names::Known;
use super::state::State;
use super::types::Type;
use crate::gc::head::Head;
use kit::Memory;
use kit::generations::OLDEST;
use kit::graph::Obj;

impl<W: World> Objects<W> {
    /// The mro of a class with these bases, without the class itself (I1). `None`: there is none.
    pub(crate) fn linearize(&self, bases: &[Obj]) -> Option<Vec<Obj>> {
        if let [base] = bases {
            return Some(self.mro(*base));
        }
        let mut lists: Vec<Vec<Obj>> = bases.iter().map(|base| self.mro(*base)).collect();
        lists.push(bases.to_vec());
        let mut order = Vec::new();
        loop {
            lists.retain(|list| !list.is_empty());
            if lists.is_empty() {
                return Some(order);
            }
            let in_no_tail = |candidate: &Obj| lists.iter().all(|list| !list[1..].contains(candidate));
            let next = lists.iter().map(|list| list[0]).find(in_no_tail)?;
            order.push(next);
            for list in lists.iter_mut().filter(|list| list[0] == next) {
                list.remove(0);
            }
        }
    }

    /// `ty`, and what it extends, in the order in which attributes are looked for. Borrowed.
    pub fn mro(&self, ty: Obj) -> Vec<Obj> {
        match self.field(ty, MRO) {
            Some(mro) => (0..self.tuple_len(mro)).map(|at| self.tuple_get(mro, at)).collect(),
            None if self.mem().get(ty, FLAGS) & HEAP != 0 => Vec::new(),
            None => std::iter::successors(Some(ty), |ty| reference(self.mem().get(*ty, BASE))).collect(),
        }
    }

    /// What `name` is in `ty`, or in the first class along the mro that has it. Borrowed.
    pub fn class_attribute(&self, ty: Obj, name: Obj) -> Option<Obj> {
        if let Some(mro) = self.field(ty, MRO) {
            let mut classes = (0..self.tuple_len(mro)).map(|at| self.tuple_get(mro, at));
            return classes.find_map(|class| self.dict_get(self.field(class, DICT)?, name));
        }
        let heap = self.mem().get(ty, FLAGS) & HEAP != 0;
        let mut here = (!heap).then_some(ty);
        while let Some(ty) = here {
            if let Some(found) = self.field(ty, DICT).and_then(|dict| self.dict_get(dict, name)) {
                return Some(found);
            }
            here = reference(self.mem().get(ty, BASE));
        }
        None
    }

    /// `class.name = value`, stolen; without a value `del class.name`.
    ///
    /// # Errors
    /// An exception: no memory; it is a type of the runtime; there is nothing to delete.
    pub fn set_class_attribute(&self, class: Obj, name: Obj, value: Option<Obj>) -> Result<(), Obj> {
        let dict = self.field(class, DICT).filter(|_| self.mem().get(class, FLAGS) & HEAP != 0);
        let Some(dict) = dict else {
            self.decref_some(value);
            let name = self.type_name(class);
            return Err(self.raised(Type::TypeError, &format!("cannot set attributes of immutable type '{name}'")));
        };
        let is_del = self.same_text(name, self.known(Known::Del));
        match value {
            Some(value) => {
                let name = self.intern_str(self.new_ref(name));
                self.dict_set(dict, name, value).map_err(|refused| self.refused(refused))?;
                if is_del {
                    self.spread_del(class);
                }
                Ok(())
            }
            None => match self.dict_del(dict, name) {
                Ok(true) => Ok(()),
                Ok(false) => Err(self.no_attribute(class, name)),
                Err(refused) => Err(self.refused(refused)),
            },
        }
    }

    /// What `ty` is called.
    pub fn type_name(&self, ty: Obj) -> String {
        if let Some(name) = self.field(ty, NAME) {
            return self.str_text(name);
        }
        let number = self.mem().get(ty, NUMBER);
        super::types::ROWS.get(number as usize).map_or_else(String::new, |row| row.name.into())
    }

    /// The living subclasses of `ty`, those that named it as a base. Borrowed.
    pub fn subclasses(&self, ty: Obj) -> Vec<Obj> {
        let Some(dict) = self.field(ty, SUBCLASSES) else { return Vec::new() };
        let (mut position, mut all) = (0, Vec::new());
        while let Some((_, r)) = self.dict_next(dict, &mut position) {
            all.extend(self.weakref_target(r));
        }
        all
    }

    /// I2: each base gets a weak reference to `class`.
    pub(crate) fn join_bases(&self, class: Obj) -> Option<()> {
        let bases = self.field(class, BASES)?;
        for at in 0..self.tuple_len(bases) {
            let base = self.tuple_get(bases, at);
            // Key and value come first: a collection while they are made may end the last other subclass, and then
            // the dict goes as well.
            let key = self.owned(self.new_int(class.0.0 as i64)?);
            let r = self.owned(self.new_weakref(class, None)?);
            let dict = self.subclasses_dict(base)?;
            self.dict_set(dict, key.into_obj(), r.into_obj()).map_err(|refused| self.forget(refused)).ok()?;
            if self.kind(base) == Kind::StaticType {
                self.state.generation(OLDEST).take_over(self.mem(), Head::of(dict));
            }
        }
        Some(())
    }

    /// SUBCLASSES of `base`, which is made if need be. Borrowed.
    fn subclasses_dict(&self, base: Obj) -> Option<Obj> {
        if let Some(dict) = self.field(base, SUBCLASSES) {
            return Some(dict);
        }
        let before = self.get(State::count(0));
        let dict = self.new_dict()?;
        if self.kind(base) == Kind::StaticType {
            self.set(State::count(0), self.get(State::count(0)).min(before));
        }
        if let Some(first) = self.field(base, SUBCLASSES) {
            self.decref(dict); // a collection ran just now, and in there somebody extended `base`
            return Some(first);
        }
        self.mem().set(base, SUBCLASSES, dict.0.0);
        Some(dict)
    }

    /// `class` dies: its bases forget it. What is left behind for want of memory is a dead weak reference.
    pub(crate) fn leave_bases(&self, class: Obj) {
        let Some(bases) = self.field(class, BASES) else { return };
        for at in 0..self.tuple_len(bases) {
            let base = self.tuple_get(bases, at);
            let Some(dict) = self.field(base, SUBCLASSES) else { continue };
            let Some(key) = self.new_int(class.0.0 as i64) else { continue };
            if let Err(refused) = self.dict_del(dict, key) {
                self.forget(refused);
            }
            self.decref(key);
            if self.dict_len(dict) == 0 && self.kind(base) == Kind::Class {
                self.set_field(base, SUBCLASSES, None);
            }
        }
    }
}
