//! # Objects: the machine around the parts of Parts 2 to 4
//!
//! It has a heap, the runtime's own words ([`State`]), and what lies outside of the objects' world: the host's functions
//! that objects can call. It is itself the service that its parts work with.
//!
//! - **I1** Everything that decides about an object's life is in memory. The host holds functions and names.
//! - **I2** No borrow of the host lasts while something of a program's runs.

use super::call::Host;
use super::kind::Kind;
use super::layout::{SIZE, reference, types::*};
use super::state::*;
use super::types::{self, DICTS, EXTENDS, ROWS, Type};
use crate::config::{Config, Fast};
use crate::gc::head::Head;
use crate::gc::walk::Walk;
use crate::gil::os::Remembered;
use crate::heap::machine::Heap;
use kit::containers::Containers;
use kit::eval_breaker::EvalBreaker;
use kit::finalizers::Finalizers;
use kit::free_lists::{FreeLists, LIMIT, SMALLEST};
use kit::generations::{Generations, OLDEST};
use kit::geometry::Geometry;
use kit::gil::Gil;
use kit::graph::{MoveUnreachable, Obj, SubtractRefs};
use kit::refcount::{IMMORTAL, REFS, Refcount, TYPE};
use kit::trashcan::Trashcan;
use kit::weak_containers::WeakContainers;
use kit::weakref::Weakref;
use kit::{Field, Memory};
use std::fmt;

/// A runtime with objects: a heap, and the parts that work on it. Parts hold no state; each is the only value of its
/// type.
pub trait World: Config<Service = Heap<Self>> {
    /// Who keeps an object alive.
    type Refcount: Refcount<Objects<Self>> + Default;
    /// Object-specific allocators.
    type FreeLists: FreeLists<Objects<Self>> + Default;
    /// Room, and the order of death.
    type Containers: Containers<Objects<Self>> + Default;
    /// A long chain dies in constant stack.
    type Trashcan: Trashcan<Objects<Self>> + Default;
    /// What only the collection itself keeps alive.
    type Inside: for<'a> SubtractRefs<Walk<'a, Self, true>> + Default;
    /// Who can be reached.
    type Reached: for<'a> MoveUnreachable<Walk<'a, Self, false>> + Default;
    /// When is who examined?
    type Generations: Generations<Objects<Self>> + Default;
    /// The end of a cycle.
    type Finalizers: Finalizers<Objects<Self>> + Default;
    /// Looking at an object without keeping it.
    type Weakref: Weakref<Objects<Self>> + Default;
    /// Containers that do not keep what is in them.
    type WeakContainers: for<'a> WeakContainers<crate::weak::forgets::Forgets<'a, Self>> + Default;
    /// Which thread may run.
    type Turns: Gil<Remembered> + Default + Send + Sync;
    /// What a thread does at a switch point.
    type Breaker: for<'a> EvalBreaker<super::token::Flags<'a, Self>> + Default;
}

/// The reference's parts of a [`World`]: all of them, or those of one part of the course.
#[macro_export]
macro_rules! reference_objects {
    () => {
        $crate::reference_objects!(objects);
        $crate::reference_objects!(cycles);
        $crate::reference_objects!(weak);
        $crate::reference_objects!(threads);
    };
    (objects) => {
        type Refcount = $crate::objects::refcount::Part;
        type FreeLists = $crate::objects::free_lists::Part;
        type Containers = $crate::objects::containers::Part;
        type Trashcan = $crate::objects::trashcan::Part;
    };
    (cycles) => {
        type Inside = $crate::gc::subtract_refs::Part;
        type Reached = $crate::gc::move_unreachable::Part;
        type Generations = $crate::gc::generations::Part;
        type Finalizers = $crate::gc::finalizers::Part;
    };
    (weak) => {
        type Weakref = $crate::objects::weakref::Part;
        type WeakContainers = $crate::weak::containers::Part;
    };
    (threads) => {
        type Turns = $crate::gil::gil::Part;
        type Breaker = $crate::gil::eval_breaker::Part;
    };
}

impl<G: Geometry> World for Fast<G> {
    reference_objects!();
}

/// The part of a type: its only value.
#[inline]
pub(crate) fn the<P: Default>() -> P {
    const { assert!(size_of::<P>() == 0, "a part holds no state") };
    P::default()
}

/// What differs between versions of CPython, where it is cheap to have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Profile {
    /// `None`, small integers and the like are immortal: 3.12 and later.
    pub immortals: bool,
    /// `threshold0`, `threshold1`, `threshold2`.
    pub thresholds: [u64; 3],
}

impl Profile {
    /// CPython 3.11.
    pub const V3_11: Profile = Profile { immortals: false, thresholds: [700, 10, 10] };
    /// CPython 3.12.
    pub const V3_12: Profile = Profile { immortals: true, thresholds: [700, 10, 10] };
    /// CPython 3.13.
    pub const V3_13: Profile = Profile { immortals: true, thresholds: [2000, 10, 10] };
}

impl Default for Profile {
    fn default() -> Self {
        Profile::V3_11
    }
}

/// The objects of a runtime.
pub struct Objects<W: World> {
    pub(crate) heap: Heap<W>,
    pub(crate) state: State,
    pub(crate) host: Host<W>,
}

/// What a count is when nobody counts: high enough never to reach 0, for what lives as long as the runtime.
const OF_THE_RUNTIME: u64 = 1 << 30;

impl<W: World> Objects<W> {
    /// A runtime that has just started. `None`: no memory.
    pub fn new(heap: Heap<W>, profile: Profile) -> Option<Self> {
        let state = State(heap.mem().map_zeroed(BYTES, 4096)?);
        let objects = Objects { heap, state, host: Host::default() };
        objects.init_lists(profile);
        objects.init_types();
        objects.init_singletons(if profile.immortals { IMMORTAL } else { OF_THE_RUNTIME });
        Some(objects)
    }

    fn init_lists(&self, profile: Profile) {
        let mem = self.mem();
        self.state.lists().for_each(|list| list.init(mem));
        for generation in 0..=OLDEST {
            mem.set(self.state, State::threshold(generation), profile.thresholds[generation]);
        }
        mem.set(self.state, ENABLED, 1);
        for kept in Kept::all() {
            mem.set(self.state.free_list(kept), LIMIT, kept.limit());
        }
    }

    fn init_types(&self) {
        let word = Kind::StaticType.word(self.ty(Type::Type).0);
        for (number, row) in (0..).zip(ROWS) {
            let of = Obj(self.state.type_at(Type::Object).0.plus(number * RECORD));
            let set = |field: Field<u64>, value| self.mem().set(of, field, value);
            set(REFS, OF_THE_RUNTIME);
            set(TYPE, word);
            set(BASIC, row.basic);
            set(ITEM, row.item);
            set(FLAGS, row.flags);
            set(WORD, row.kind.word(of.0));
            set(FIRST, row.fields.0);
            set(FIELDS, row.fields.1);
            set(WEAK_AT, row.weak_at);
            set(NUMBER, number);
            set(SOLID, of.0.0);
            set(DICT_AT, if row.flags & EXCEPTION != 0 { 16 } else { 0 });
            if number != Type::Object as u64 {
                set(BASE, self.ty(Type::Object).0.0);
            }
        }
        EXTENDS.iter().for_each(|(ty, base)| self.mem().set(self.ty(*ty), BASE, self.ty(*base).0.0));
        types::HIDDEN.iter().for_each(|(ty, count)| self.mem().set(self.ty(*ty), HIDDEN, *count));
        self.mem().set(self.ty(Type::Generator), DEL, OWN);
        DICTS.iter().for_each(|(ty, offset)| self.mem().set(self.ty(*ty), DICT_AT, *offset));
    }

    fn init_singletons(&self, refs: u64) {
        for (number, ty) in (0..).zip([Type::None, Type::Ellipsis, Type::NotImplemented]) {
            self.begin(self.state.singleton(number), ty, refs);
        }
        for place in 0..=(kit::free_lists::LARGEST - SMALLEST) as u64 {
            let value = place as i64 + SMALLEST;
            self.begin(self.state.small_int(place), Type::Int, refs);
            self.mem().set(self.state.small_int(place), SIZE, value.signum() as u64);
            self.mem().write_half(self.state.small_int(place).0.plus(24), value.unsigned_abs() as u32);
        }
        for value in [false, true] {
            self.begin(self.bool(value), Type::Bool, refs);
            self.mem().set(self.bool(value), SIZE, u64::from(value));
            self.mem().write_half(self.bool(value).0.plus(24), u32::from(value));
        }
        let empty = self.state.empty_tuple();
        Head::of(empty).clear(self.mem());
        self.begin(empty, Type::Tuple, refs);
        self.mem().set(empty, SIZE, 0);
        self.init_byte_strings(refs);
        self.init_characters(refs);
        self.init_names(refs);
    }

    /// The header of a new object.
    #[inline]
    pub(crate) fn begin(&self, o: Obj, ty: Type, refs: u64) {
        self.mem().set(o, REFS, refs);
        self.mem().set(o, TYPE, ty.row().kind.word(self.ty(ty).0));
    }

    /// The memory everything lies in.
    #[inline]
    pub fn mem(&self) -> &W::Memory {
        self.heap.mem()
    }

    /// The heap that serves the objects.
    pub fn heap(&self) -> &Heap<W> {
        &self.heap
    }

    /// What lies outside of the objects' world.
    pub fn host(&self) -> &Host<W> {
        &self.host
    }

    /// A type of the runtime. Borrowed.
    #[inline]
    pub fn ty(&self, ty: Type) -> Obj {
        self.state.type_at(ty)
    }

    /// `None`. Borrowed.
    pub fn none(&self) -> Obj {
        self.state.singleton(0)
    }

    /// `True` or `False`. Borrowed.
    pub fn bool(&self, value: bool) -> Obj {
        self.state.bool(value)
    }

    /// The object that one of the runtime's own words leads to. If there is none yet, `make` makes it; that may run a
    /// collection, and in there a program that needs the same one: then the first one stays. Borrowed.
    pub(crate) fn made_once(&self, field: Field<u64>, make: impl FnOnce(&Self) -> Option<Obj>) -> Option<Obj> {
        if let Some(known) = reference(self.get(field)) {
            return Some(known);
        }
        let made = make(self)?;
        if let Some(known) = reference(self.get(field)) {
            self.decref(made);
            return Some(known);
        }
        self.set(field, made.0.0);
        Some(made)
    }

    /// One of the runtime's own words.
    #[inline]
    pub(crate) fn get(&self, field: Field<u64>) -> u64 {
        self.mem().get(self.state, field)
    }

    #[inline]
    pub(crate) fn set(&self, field: Field<u64>, value: u64) {
        self.mem().set(self.state, field, value);
    }
}

impl<W: World> fmt::Debug for Objects<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts: Vec<u64> = (0..=OLDEST).map(|generation| self.get(State::count(generation))).collect();
        write!(f, "objects: gc counts {counts:?}, {} deallocations nested", self.get(DEPTH))
    }
}

impl<W: World> Drop for Objects<W> {
    /// The runtime's own words go back.
    fn drop(&mut self) {
        self.release_stack();
        self.mem().release(self.state.0, BYTES, 4096);
    }
}
