//! # What an object refers to
//!
//! ```text
//!   List, Tuple        items, the last one first
//!   Dict               value, key, value, key ... in the order in which the keys came
//!   Record, Weakref    fields, as the type declares them
//!   Frame              its caller, what it is a frame of, its locals
//!   Instance           slots, attributes, its class, the fields of its base
//! ```
//!
//! Two walks need it: the collector's, which cares for objects that it knows (`tp_traverse`), and that of an object that
//! dies and drops everything (`tp_dealloc`). A walk is a [`Cursor`]: some places in a row, and then a stage that says
//! where it goes on.
//!
//! - **I1** A walk allocates nothing and calls nobody.
//! - **I2** The collector's walk over an object meets each reference that `REFS` of its target counts, exactly once.
//!   Otherwise a live object could look like garbage.

use super::class::CLASS_STAGES;
use super::frame_object::FRAME_STAGES;
use super::instance::{INSTANCE_STAGES, SLOT_STAGES};
use super::kind::{self, Kind};
use super::layout::*;
use super::machine::{Objects, World};
use kit::graph::{Cursor, Obj};
use kit::refcount::TYPE;
use kit::{Addr, Memory};

/// References that are sent for before the first of them is dropped.
const FORESEEN: u64 = 4;

impl<W: World> Objects<W> {
    /// Where the collector's walk over `o` begins. What is seldom is out of line: this is the collector's innermost loop.
    #[inline(always)]
    pub(crate) fn walk(&self, o: Obj) -> Cursor {
        let mem = self.mem();
        let word = mem.get(o, TYPE);
        if Kind::List.is_said_by(word) {
            Cursor::back_over(o, Addr(mem.get(o, LIST_ITEMS)), mem.get(o, SIZE))
        } else if Kind::Tuple.is_said_by(word) {
            Cursor::back_over(o, o.0.plus(TUPLE_ITEMS), mem.get(o, SIZE))
        } else {
            self.walk_other(o)
        }
    }

    #[inline(never)]
    fn walk_other(&self, o: Obj) -> Cursor {
        match self.kind(o) {
            Kind::Instance => self.walk_instance(o),
            Kind::Record | Kind::Weakref => self.walk_fields(o, 0),
            Kind::Frame => self.walk_frame(o),
            Kind::Dict => self.walk_dict(o),
            Kind::Set => self.walk_set(o),
            Kind::Class => self.walk_class(o),
            _ => Cursor::over(o, o.0, 0),
        }
    }

    /// Where the walk of a dying object over what it drops begins.
    #[inline(always)]
    pub(crate) fn walk_all(&self, o: Obj) -> Cursor {
        let word = self.mem().get(o, TYPE);
        if Kind::List.is_said_by(word) || Kind::Tuple.is_said_by(word) {
            return self.walk(o);
        }
        match Kind::of_word(word) {
            Kind::Int | Kind::Float | Kind::Str | Kind::Bytes => Cursor::over(o, o.0, 0),
            kind => self.walk_all_of_others(o, kind),
        }
    }

    #[inline(never)]
    fn walk_all_of_others(&self, o: Obj, kind: Kind) -> Cursor {
        match kind {
            Kind::Dict => self.drop_dict(o),
            Kind::Instance => self.drop_instance(o),
            Kind::Class => self.drop_class(o),
            Kind::Frame => self.drop_frame(o),
            Kind::Record | Kind::Plain => self.walk_fields(o, self.mem().get(self.type_of(o), types::HIDDEN)),
            _ => self.walk_other(o),
        }
    }

    /// The first few references of a row are about to be dropped: whether an object dies of it is known when its count
    /// has arrived, and cannot be predicted. So all of them are sent for at once.
    #[inline(always)]
    pub(crate) fn foresee(&self, at: Addr, places: u64, step: i64) {
        if places > 1 {
            self.send_for(at, places, step);
        }
    }

    #[inline]
    fn send_for(&self, mut at: Addr, places: u64, step: i64) {
        for _ in 0..places.min(FORESEEN) {
            self.mem().prefetch(Addr(self.mem().read(at)));
            at = at.plus(step as u64);
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

    /// The next places of a walk: each kind has stages of its own.
    #[inline(never)]
    fn go_on(&self, cursor: Cursor) -> Cursor {
        match cursor.stage {
            stage if !(INSTANCE_STAGES..SLOT_STAGES).contains(&stage) => self.walk_instance_on(&cursor),
            stage if stage < FRAME_STAGES => self.walk_dict_on(&cursor),
            stage if stage < CLASS_STAGES => self.walk_frame_on(&cursor),
            _ => self.drop_class_on(&cursor),
        }
    }

    /// What its type declares, and so many more.
    #[inline]
    fn walk_fields(&self, o: Obj, more: u64) -> Cursor {
        let ty = kind::type_of(self.mem(), o);
        let (first, count) = (self.mem().get(ty, types::FIRST), self.mem().get(ty, types::FIELDS));
        Cursor::over(o, o.0.plus(first), count + more)
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
