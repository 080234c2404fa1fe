//! # What an object refers to
//!
//! ```text
//!   List, Tuple        items, the last one first
//!   Dict               value, key, value, key ... in the order in which the keys came
//!   Record, Weakref    fields, as the type declares them
//!   Frame              fields, then its locals
//!   Instance           slots, attributes in the order in which they came, the fields of its base, its class
//! ```
//!
//! Two walks need it: the collector's, which cares for objects that it knows (`tp_traverse`), and that of an object that
//! dies and drops everything (`tp_dealloc`). A walk is a [`Cursor`]: some places in a row, and then a stage that says
//! where it goes on.
//!
//! - **I1** A walk allocates nothing and calls nobody.
//! - **I2** The collector's walk over an object meets each reference that `REFS` of its target counts, exactly once.
//!   Otherwise a live object could look like garbage.

use super::kind::{self, Kind};
use super::layout::*;
use super::machine::{Objects, World};
use kit::graph::{Cursor, Obj};
use kit::{Addr, Memory};

/// The stages of an instance's walk, after its slots.
const ATTRIBUTES_NEXT: u64 = 1;
const DICT_NEXT: u64 = 2;
const FIELDS_NEXT: u64 = 3;
const CLASS_NEXT: u64 = 4;
/// A frame's walk: its locals.
const LOCALS_NEXT: u64 = 5;

impl<W: World> Objects<W> {
    /// Where the collector's walk over `o` begins. What is seldom is out of line: this is the collector's innermost loop.
    #[inline(always)]
    pub(crate) fn walk(&self, o: Obj) -> Cursor {
        let mem = self.mem();
        match kind::kind(mem, o) {
            Kind::List => Cursor::back_over(o, Addr(mem.get(o, LIST_ITEMS)), mem.get(o, SIZE)),
            Kind::Tuple => Cursor::back_over(o, o.0.plus(TUPLE_ITEMS), mem.get(o, SIZE)),
            kind => self.walk_other(o, kind),
        }
    }

    #[inline(never)]
    fn walk_other(&self, o: Obj, kind: Kind) -> Cursor {
        match kind {
            Kind::Instance => self.of_type(o, types::SLOTS_AT, types::SLOTS, ATTRIBUTES_NEXT),
            Kind::Record | Kind::Weakref => self.of_type(o, types::FIRST, types::FIELDS, 0),
            Kind::Frame => self.of_type(o, types::FIRST, types::FIELDS, LOCALS_NEXT),
            Kind::Dict => self.walk_dict(o),
            Kind::Set => self.walk_set(o),
            Kind::Class => self.walk_class(o),
            _ => Cursor::over(o, o.0, 0),
        }
    }

    /// Where the walk of a dying object over what it drops begins.
    #[inline]
    pub(crate) fn walk_all(&self, o: Obj) -> Cursor {
        match kind::kind(self.mem(), o) {
            Kind::Dict => self.drop_dict(o),
            _ => self.walk(o),
        }
    }

    /// The next reference, whatever it refers to.
    #[inline(always)]
    pub(crate) fn step(&self, cursor: &mut Cursor) -> Option<Obj> {
        loop {
            let child = reference(self.mem().read(self.next_place(cursor)?));
            if child.is_some() {
                return child;
            }
        }
    }

    /// The next place where a reference may be.
    #[inline(always)]
    pub(crate) fn next_place(&self, cursor: &mut Cursor) -> Option<Addr> {
        loop {
            if let Some(at) = cursor.advance() {
                return Some(at);
            }
            if cursor.stage == 0 {
                return None;
            }
            *cursor = self.go_on(*cursor);
        }
    }

    /// The next reference to something that the collector knows.
    #[inline(always)]
    pub(crate) fn step_collected(&self, cursor: &mut Cursor) -> Option<Obj> {
        loop {
            let child = self.step(cursor)?;
            if kind::is_collected(self.mem(), child) {
                return Some(child);
            }
        }
    }

    /// The next places of a walk.
    #[inline(never)]
    fn go_on(&self, cursor: Cursor) -> Cursor {
        let (mem, o) = (self.mem(), cursor.of);
        match cursor.stage {
            ATTRIBUTES_NEXT => self.walk_attributes(o, DICT_NEXT),
            DICT_NEXT if self.has_attributes(o) => {
                Cursor { stage: FIELDS_NEXT, ..Cursor::over(o, o.0.plus(MANAGED_DICT.offset), 1) }
            }
            DICT_NEXT | FIELDS_NEXT => self.of_type(o, types::FIRST, types::FIELDS, CLASS_NEXT),
            CLASS_NEXT => {
                // In the TYPE word the class has a kind in front of it; the class itself has its bare address.
                let class = kind::type_of(mem, o);
                Cursor::over(o, class.0.plus(types::ITSELF.offset), 1)
            }
            LOCALS_NEXT => {
                let ty = kind::type_of(mem, o);
                Cursor::over(o, o.0.plus(mem.get(ty, types::BASIC)), mem.get(o, SIZE))
            }
            _ => self.walk_dict_on(&cursor),
        }
    }

    #[inline]
    fn of_type(&self, o: Obj, first: kit::Field<u64>, count: kit::Field<u64>, stage: u64) -> Cursor {
        let ty = kind::type_of(self.mem(), o);
        let (first, count) = (self.mem().get(ty, first), self.mem().get(ty, count));
        Cursor { stage, ..Cursor::over(o, o.0.plus(first), count) }
    }

    /// Whether it has VALUES and MANAGED_DICT in front.
    #[inline]
    pub(crate) fn has_attributes(&self, o: Obj) -> bool {
        self.mem().get(kind::type_of(self.mem(), o), types::FLAGS) & types::ATTRIBUTES != 0
    }

    /// Whether the collector knows `o`: not whether it finds it, see [`Objects::is_tracked`].
    #[inline]
    pub fn is_collected(&self, o: Obj) -> bool {
        kind::is_collected(self.mem(), o)
    }

    /// The kind of `o`.
    #[inline]
    pub fn kind(&self, o: Obj) -> Kind {
        kind::kind(self.mem(), o)
    }

    /// The type of `o`. Borrowed.
    #[inline]
    pub fn type_of(&self, o: Obj) -> Obj {
        kind::type_of(self.mem(), o)
    }
}
