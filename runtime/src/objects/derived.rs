//! # Instances of a class that extends a list, a dict, a set, an exception
//!
//! ```text
//!   class L(list)    | VALUES | DICT | NEXT | PREV |  o -> | REFS | TYPE | SIZE | ITEMS | CAPACITY | weak references |
//!                                                                          what every list has
//! ```
//!
//! Such an object is an instance, with attributes and all; and what its base has lies where it always lies. So the
//! functions of lists, dicts and sets work on it as they are. Here is what an instance's life owes to its base.
//!
//! - **I1** Everything in it is 0 at first, which is an empty list and an empty dict; an empty set has a table in place.
//! - **I2** Its base's references are dropped after its own, its base's tables go back with its memory.
//!
//! Source: the end of `subtype_traverse`, `subtype_clear` and `subtype_dealloc` in `Objects/typeobject.c` of 3.11.

use super::kind::Kind;
use super::layout::{LIST_CAPACITY, LIST_ITEMS, SIZE, types};
use super::machine::{Objects, World};
use super::set_table::{ENTRY, SET_MASK};
use kit::graph::{Cursor, Obj};
use kit::{Addr, Memory};

impl<W: World> Objects<W> {
    /// How what it extends is laid out.
    #[inline]
    pub(crate) fn base_kind(&self, class: Obj) -> Kind {
        let solid = Obj(Addr(self.mem().get(class, types::SOLID)));
        Kind::of_word(self.mem().get(solid, types::WORD))
    }

    /// I1.
    pub(crate) fn begin_base(&self, o: Obj, class: Obj) {
        if self.base_kind(class) == Kind::Set {
            self.begin_set_table(o);
        }
    }

    /// What its base refers to.
    pub(crate) fn walk_base(&self, o: Obj, dies: bool) -> Cursor {
        let (mem, class) = (self.mem(), self.type_of(o));
        match self.base_kind(class) {
            Kind::List => Cursor::back_over(o, Addr(mem.get(o, LIST_ITEMS)), mem.get(o, SIZE)),
            Kind::Dict if dies => self.drop_dict(o),
            Kind::Dict => self.walk_dict(o),
            Kind::Set => self.walk_set(o),
            _ => Cursor::over(o, o.0.plus(mem.get(class, types::FIRST)), mem.get(class, types::FIELDS)),
        }
    }

    /// I2: the tables of a dead one.
    pub(crate) fn release_base(&self, o: Obj, class: Obj) {
        match self.base_kind(class) {
            Kind::List => self.heap_free_word(o, LIST_ITEMS),
            Kind::Dict => self.release_dict_tables(o),
            Kind::Set => self.release_set_table(o),
            _ => {}
        }
        let hidden = self.mem().get(class, types::HIDDEN);
        let behind = self.mem().get(class, types::FIRST) + 8 * self.mem().get(class, types::FIELDS);
        (0..hidden).for_each(|at| self.set_word(o.0.plus(behind + 8 * at), None));
    }

    /// One in a dead ring drops what its base has.
    pub(crate) fn clear_base(&self, o: Obj) {
        let (mem, class) = (self.mem(), self.type_of(o));
        if mem.get(class, types::FLAGS) & types::WEAKREF != 0 {
            return self.clear_weakref(o);
        }
        match self.base_kind(class) {
            Kind::List => self.list_clear(o),
            Kind::Dict => self.dict_clear(o),
            Kind::Set => self.set_clear(o),
            _ if mem.get(class, types::FLAGS) & types::KEEPS != 0 => {}
            _ => {
                let (first, count) = (mem.get(class, types::FIRST), mem.get(class, types::FIELDS));
                (0..count).for_each(|at| self.set_word(o.0.plus(first + 8 * at), None));
            }
        }
    }

    /// Bytes of its base's tables.
    pub(crate) fn base_tables(&self, o: Obj) -> u64 {
        match self.base_kind(self.type_of(o)) {
            Kind::List => 8 * self.mem().get(o, LIST_CAPACITY),
            Kind::Dict => self.dict_tables(o),
            Kind::Set if self.has_table(o) => ENTRY * (self.mem().get(o, SET_MASK) + 1),
            _ => 0,
        }
    }
}
