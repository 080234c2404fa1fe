//! # How an object dies
//!
//! ```text
//!   decref: 0 --> dealloc --> farewell      leaves its list; too deep? waits; __del__; weak references
//!     (part refcount)     --> references    each is dropped; what dies of it dies in here
//!                         --> release       its memory goes to a free list or to the heap
//! ```
//!
//! - **I1** A dying object is in no list of the collector: what runs meanwhile cannot find it, nor collect it.
//! - **I2** `__del__` runs once. While it does the object has a count of 1 and is tracked: it is whole. Whoever stored a
//!   reference meanwhile has brought it back.
//! - **I3** Its weak references are dead, and their callbacks ran, before anything of it is taken apart.
//! - **I4** Deallocations are nested at most [`UNWIND_LEVEL`] deep, and each may have a few in it of types that nothing
//!   long can be made of alone. In CPython the trashcan brackets only some types, and a chain of a million cells
//!   overflows the stack; here every type that can refer to another one of its own kind is bracketed, weak
//!   references among them: one may be the callback of the next.
//!
//! Source: `subtype_dealloc` in `Objects/typeobject.c`, `PyObject_CallFinalizerFromDealloc` in `Objects/object.c`.
//!
//! [`UNWIND_LEVEL`]: kit::trashcan::UNWIND_LEVEL

use super::kind::{self, Kind};
use super::layout::*;
use super::machine::{Objects, World, the};
use super::state::{COLLECTING, DEPTH, ENABLED, Kept, PENDING, State, TOTAL, WAITING};
use crate::gc::head::{HEAD, Head};
use kit::generations::Counters;
use kit::graph::{Cursor, Obj};
use kit::refcount::{Counted, REFS, Refcount, TYPE};
use kit::trashcan::{Can, Trashcan};
use kit::{Addr, Memory};

impl<W: World> Objects<W> {
    /// One reference to `o` more.
    #[inline]
    pub fn incref(&self, o: Obj) {
        the::<W::Refcount>().incref(self, o);
    }

    /// One less: it was owned, and `o` may be gone afterwards.
    #[inline]
    pub fn decref(&self, o: Obj) {
        the::<W::Refcount>().decref(self, o);
    }

    /// One less, if there is one.
    #[inline]
    pub fn decref_some(&self, o: Option<Obj>) {
        if let Some(o) = o {
            self.decref(o);
        }
    }

    /// How many references to `o` there are. `sys.getrefcount` says one more: its own argument.
    #[inline]
    pub fn refs(&self, o: Obj) -> u64 {
        self.mem().get(o, REFS)
    }

    /// The same reference once more. Owned.
    #[inline]
    pub fn new_ref(&self, o: Obj) -> Obj {
        self.incref(o);
        o
    }

    /// Puts a stolen reference in the word at `at`, and then drops what was there: store first, drop afterwards.
    #[inline]
    pub(crate) fn set_word(&self, at: Addr, value: Option<Obj>) {
        let old = reference(self.mem().read(at));
        self.mem().write(at, stored(value));
        self.decref_some(old);
    }

    fn is_bracketed(&self, o: Obj) -> bool {
        let flags = self.mem().get(kind::type_of(self.mem(), o), types::FLAGS);
        flags & types::TRASHCAN != 0
    }

    #[inline(never)]
    fn farewell_of_others(&self, o: Obj) -> bool {
        self.untrack(o);
        let bracketed = self.is_bracketed(o);
        if bracketed && !the::<W::Trashcan>().begin(self, o) {
            return false;
        }
        if !self.finalize_dying(o) {
            if bracketed {
                the::<W::Trashcan>().end(self);
            }
            return false;
        }
        self.clear_weak_references(o);
        true
    }

    /// I2. `false`: somebody brought it back.
    fn finalize_dying(&self, o: Obj) -> bool {
        let mem = self.mem();
        if !self.has_finalizer(o) || Head::of(o).is_finalized(mem) {
            return true;
        }
        if mem.get(self.type_of(o), types::DEL) == types::OWN {
            self.clear_weak_references(o); // of a generator they are dead before it is closed
        }
        mem.set(o, REFS, 1);
        self.track(o);
        self.call_finalizer(o);
        Head::of(o).set_finalized(mem);
        let left = mem.get(o, REFS) - 1;
        mem.set(o, REFS, left);
        if left == 0 {
            self.untrack(o);
            if mem.get(self.type_of(o), types::DEL) == types::OWN {
                self.clear_generator(o);
            }
        }
        left == 0
    }

    fn give_back(&self, o: Obj) {
        let mem = self.mem();
        self.host.forget(o);
        match kind::kind(mem, o) {
            Kind::List => self.release_list(o),
            Kind::Tuple => self.release_tuple(o),
            Kind::Dict => self.release_dict(o),
            Kind::Set => self.release_set(o),
            Kind::Instance => self.release_instance(o),
            Kind::Class => self.release_class(o),
            Kind::Float => self.give_kept(Kept::Float, o, false),
            Kind::Record => self.release_record(o),
            Kind::Frame | Kind::Weakref => self.free_collected(o, HEAD),
            Kind::Str => self.release_str(o),
            Kind::Plain | Kind::Int | Kind::Bytes | Kind::StaticType => self.heap.free(o.0),
        }
    }

    #[inline]
    fn release_list(&self, o: Obj) {
        self.heap_free_word(o, LIST_ITEMS);
        self.give_kept(Kept::List, o, true);
    }

    /// Gives back the table whose address stands in `field` of `o`, if there is one.
    pub(crate) fn heap_free_word(&self, o: Obj, field: kit::Field<u64>) {
        let at = self.mem().get(o, field);
        if at != 0 {
            self.heap.free(Addr(at));
        }
    }
}

impl<W: World> Counted for Objects<W> {
    type Memory = W::Memory;

    #[inline]
    fn mem(&self) -> &W::Memory {
        self.heap.mem()
    }

    fn name(&self, o: Obj) -> String {
        self.host.name(o)
    }

    #[inline(always)]
    fn farewell(&self, o: Obj) -> bool {
        let word = self.mem().get(o, TYPE);
        if Kind::is_builtin_container(word) {
            // No __del__, no weak references, and always bracketed.
            self.untrack(o);
            return the::<W::Trashcan>().begin(self, o);
        }
        !kind::is_collected_word(word) || self.farewell_of_others(o)
    }

    #[inline(always)]
    fn holds(&self, o: Obj) -> Cursor {
        let cursor = self.walk_all(o);
        self.foresee(cursor.at, cursor.left, cursor.step);
        cursor
    }

    #[inline(always)]
    fn held(&self, cursor: &mut Cursor) -> Option<Obj> {
        self.step(cursor)
    }

    #[inline]
    fn release(&self, o: Obj) {
        let word = self.mem().get(o, TYPE);
        if Kind::List.is_said_by(word) {
            self.host.forget(o);
            self.release_list(o);
            return the::<W::Trashcan>().end(self);
        }
        let bracketed = Kind::is_builtin_container(word) || kind::is_collected_word(word) && self.is_bracketed(o);
        self.give_back(o);
        if bracketed {
            the::<W::Trashcan>().end(self);
        }
    }
}

impl<W: World> Can for Objects<W> {
    fn name(&self, o: Obj) -> String {
        self.host.name(o)
    }

    #[inline]
    fn depth(&self) -> u64 {
        self.get(DEPTH)
    }

    #[inline]
    fn set_depth(&self, depth: u64) {
        self.set(DEPTH, depth);
    }

    /// Linked through PREV: those who wait are in no other list. A weak reference leaves that of its target at once:
    /// nobody must find it there while it waits.
    fn push(&self, o: Obj) {
        if self.kind(o) == Kind::Weakref {
            self.unlink_weakref(o);
        }
        let before = self.get(WAITING);
        Head::of(o).set_prev(self.mem(), Head(Addr(before)));
        self.set(WAITING, Head::of(o).0.0);
    }

    fn pop(&self) -> Option<Obj> {
        let head = reference(self.get(WAITING)).map(|at| Head(at.0))?;
        self.set(WAITING, head.prev(self.mem()).0.0);
        head.set_prev(self.mem(), Head(Addr(0)));
        Some(head.object())
    }

    fn dealloc(&self, o: Obj) {
        the::<W::Refcount>().dealloc(self, o);
    }
}

impl<W: World> Counters for Objects<W> {
    #[inline]
    fn count(&self, generation: usize) -> u64 {
        self.get(State::count(generation))
    }
    #[inline]
    fn set_count(&self, generation: usize, count: u64) {
        self.set(State::count(generation), count);
    }
    #[inline]
    fn threshold(&self, generation: usize) -> u64 {
        self.get(State::threshold(generation))
    }
    fn total(&self) -> u64 {
        self.get(TOTAL)
    }
    fn set_total(&self, objects: u64) {
        self.set(TOTAL, objects);
    }
    fn pending(&self) -> u64 {
        self.get(PENDING)
    }
    fn set_pending(&self, objects: u64) {
        self.set(PENDING, objects);
    }
    fn enabled(&self) -> bool {
        self.get(ENABLED) != 0
    }
    fn collecting(&self) -> bool {
        self.get(COLLECTING) != 0
    }
}
