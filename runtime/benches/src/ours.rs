//! # Our heap, as a contender and beside an interpreter
//!
//! A runtime is made of parts that are chosen by type, so a variant is tried by writing the part and naming it here:
//!
//! | | memory | usable arenas | allocator |
//! |---|---|---|---|
//! | [`Reference`] | raw | reference | reference |
//! | [`Patient`] | raw | reference | [`patient`] |
//! | [`Spare`]: 3.9 and later | [`watched`] | reference | reference |
//! | [`NoSpare`]: up to 3.8 | [`watched`] | [`no_spare`] | reference |
//!
//! The contenders' two functions are not inlined: a call, as it is for every other allocator (I1 of the benches).

use crate::contender::Contender;
use crate::ordinals::{Book, Domain};
use kit::geometry::{Geometry, Modern};
use kit::memory::Addr;
use kit::observe::Silent;
use kit::raw::RawMemory;
use runtime::config::{Config, Fast, Parts};
use runtime::heap::machine::Heap;
use runtime::heap::{allocator, usable_arenas};
use runtime::{gc, gil, heap, objects, weak};
use std::hint::cold_path;
use std::marker::PhantomData;
use std::rc::Rc;

pub mod no_spare;
pub mod patient;
pub mod watched;

/// The runtime as programs use it.
pub type Reference = Fast<Modern>;

/// A runtime with the reference's parts but for memory, usable arenas and allocator.
macro_rules! made {
    ($(#[$doc:meta])* $name:ident, $memory:ty, $usable:ident, $allocator:ident) => {
        $(#[$doc])*
        pub struct $name<G>(PhantomData<G>);

        impl<G: Geometry> Config for $name<G> {
            type Memory = $memory;
            type Geometry = G;
            type Observer = Silent;
            type SizeClasses = heap::size_classes::Part;
            type Pool = heap::pool::Part;
            type Arena = heap::arena::Part;
            type UsableArenas = $usable::Part;
            type AddressMap = heap::address_map::Part;
            type Service = Heap<Self>;
            type Allocator = $allocator::Part;
            type DebugHooks = heap::debug_hooks::Part;
            type SubtractRefs = gc::subtract_refs::Part;
            type MoveUnreachable = gc::move_unreachable::Part;
            type LabWeakref = objects::weakref::Part;
            type LabWeakContainers = weak::containers::Part;
            type Gil = gil::gil::Part;

            fn reference() -> Parts<Self> {
                Parts::of_their_types()
            }
        }
    };
}

made! {
    /// The runtime as programs use it, with the patient allocator.
    Patient, RawMemory, usable_arenas, patient
}
made! {
    /// With the rules of 3.9 and later, and a book of its arenas.
    Spare, watched::Memory, usable_arenas, allocator
}
made! {
    /// With the rules up to 3.8, and a book of its arenas.
    NoSpare, watched::Memory, no_spare, allocator
}

/// A heap on raw memory, as a contender.
pub struct Ours<C: Config>(Heap<C>);

impl<C: Config<Memory = RawMemory, Observer = Silent, Service = Heap<C>>> Ours<C> {
    /// An empty heap.
    ///
    /// # Panics
    /// When there is no memory even for its tables.
    #[must_use]
    pub fn new() -> Ours<C> {
        // SAFETY: only a reference heap runs on it, which reads and writes what it mapped (I1 of `kit::raw`).
        let mem = unsafe { RawMemory::new() };
        Ours(Heap::new(mem, Silent, C::reference()).expect("two kilobytes for the heap's tables"))
    }
}

impl<C: Config<Memory = RawMemory, Observer = Silent, Service = Heap<C>>> Default for Ours<C> {
    fn default() -> Self {
        Ours::new()
    }
}

impl<C: Config<Service = Heap<C>>> Contender for Ours<C> {
    #[inline(never)]
    fn alloc(&self, bytes: usize) -> *mut u8 {
        pointer(self.0.malloc(bytes as u64))
    }
    #[inline(never)]
    unsafe fn free(&self, block: *mut u8) {
        self.0.free(address(block));
    }
}

/// A heap whose arenas come from a [`Book`], with the rules of a version.
pub enum Watched<G: Geometry> {
    /// Up to 3.8.
    NoSpare(Heap<NoSpare<G>>),
    /// From 3.9 on.
    Spare(Heap<Spare<G>>),
}

impl<G: Geometry> Watched<G> {
    /// An empty heap. `spare`: it keeps one arena that is wholly free.
    ///
    /// # Panics
    /// When there is no memory even for its tables.
    #[must_use]
    pub fn new(book: &Rc<Book>, spare: bool) -> Watched<G> {
        let mem = watched::Memory::new(book.clone());
        let some = "two kilobytes for the heap's tables";
        match spare {
            true => Watched::Spare(Heap::new(mem, Silent, Config::reference()).expect(some)),
            false => Watched::NoSpare(Heap::new(mem, Silent, Config::reference()).expect(some)),
        }
    }
}

/// Calls the function of whichever heap it is.
macro_rules! heap {
    ($watched:expr, $heap:ident => $call:expr) => {
        match $watched {
            Watched::NoSpare($heap) => $call,
            Watched::Spare($heap) => $call,
        }
    };
}

impl<G: Geometry> Domain for Watched<G> {
    fn malloc(&self, bytes: usize) -> *mut u8 {
        pointer(heap!(self, heap => heap.malloc(bytes as u64)))
    }
    fn calloc(&self, count: usize, bytes: usize) -> *mut u8 {
        pointer(heap!(self, heap => heap.calloc(count as u64, bytes as u64)))
    }
    unsafe fn realloc(&self, block: *mut u8, bytes: usize) -> *mut u8 {
        pointer(heap!(self, heap => heap.realloc(address(block), bytes as u64)))
    }
    unsafe fn free(&self, block: *mut u8) {
        heap!(self, heap => heap.free(address(block)));
    }
}

#[inline(always)]
fn pointer(at: Option<Addr>) -> *mut u8 {
    let Some(at) = at else {
        cold_path();
        return std::ptr::null_mut();
    };
    std::ptr::with_exposed_provenance_mut(at.0 as usize)
}

#[inline(always)]
fn address(block: *mut u8) -> Addr {
    Addr(block.expose_provenance() as u64)
}
