//! # One runtime, two instantiations
//!
//! | | memory | observer | parts | for |
//! |---|---|---|---|---|
//! | [`Fast`] | raw | silent | the reference's, called directly | programs, benches |
//! | [`Lab`] | checked | recorder | anybody's, behind `dyn` | scenarios, figures, grading |
//!
//! The lab is compiled once: a learner's part is reached through a pointer, so an edit of an exercise compiles the
//! exercise and links a probe, nothing else. The fast one is compiled into whoever uses it: after inlining, the
//! silent observer and the unwatched memory have left no instruction behind.

use crate::gc::{self, bin::Bin, graph::ObjectGraph};
use crate::gil::{self, state::State};
use crate::heap;
use crate::lab::{LabCache, LabPools, LabWeakList};
use crate::objects;
use crate::weak;
use kit::address_map::AddressMap;
use kit::allocator::{Allocator, Pools};
use kit::arena::Arena;
use kit::checked::CheckedMemory;
use kit::debug_hooks::DebugHooks;
use kit::geometry::Geometry;
use kit::gil::Gil;
use kit::graph::{MoveUnreachable, SubtractRefs};
use kit::observe::{Observer, Recorder, Silent};
use kit::owner::Owner;
use kit::pool::Pool;
use kit::raw::RawMemory;
use kit::size_classes::SizeClasses;
use kit::usable_arenas::UsableArenas;
use kit::weak_containers::WeakContainers;
use kit::weakref::Weakref;
use std::marker::PhantomData;

/// What the runtime is made of.
pub trait Config: Sized + 'static {
    /// The words everything lives in.
    type Memory: Owner;
    /// Sizes of pools and arenas.
    type Geometry: Geometry;
    /// Who hears what happens.
    type Observer: Observer;
    /// Requests to classes.
    type SizeClasses: SizeClasses + ?Sized;
    /// One pool.
    type Pool: Pool<Self::Memory> + ?Sized;
    /// One arena.
    type Arena: Arena<Self::Memory> + ?Sized;
    /// Which arena is asked.
    type UsableArenas: UsableArenas<Self::Memory> + ?Sized;
    /// Which addresses are ours.
    type AddressMap: AddressMap<Self::Memory> + ?Sized;
    /// What an allocator works with.
    type Service: Pools;
    /// Requests of any size.
    type Allocator: Allocator<Self::Service> + ?Sized;
    /// Guards around a block.
    type DebugHooks: DebugHooks<Self::Memory> + ?Sized;
    /// What only the collection itself keeps alive.
    type SubtractRefs: SubtractRefs<GraphOf<Self>> + ?Sized;
    /// Rescue what can be reached.
    type MoveUnreachable: MoveUnreachable<GraphOf<Self>> + ?Sized;
    /// Who looks at an object without keeping it.
    type LabWeakref: Weakref<LabWeakList<Self::Observer>> + ?Sized;
    /// A cache that forgets.
    type LabWeakContainers: WeakContainers<LabCache<Self::Observer>> + ?Sized;
    /// Who may run.
    type Gil: Gil<State<Self::Observer>> + ?Sized;

    /// The reference's parts.
    fn reference() -> Parts<Self>;
}

/// The objects of a runtime. Their graph knows no geometry, so both geometries of the lab share one type, and a
/// part that is plugged in serves both.
pub type GraphOf<C> = ObjectGraph<<C as Config>::Memory, <C as Config>::Observer>;

/// The parts of a runtime. They hold no state, so a reference to one is all there is.
pub struct Parts<C: Config> {
    /// Requests to classes.
    pub size_classes: &'static C::SizeClasses,
    /// One pool.
    pub pool: &'static C::Pool,
    /// One arena.
    pub arena: &'static C::Arena,
    /// Which arena is asked.
    pub usable_arenas: &'static C::UsableArenas,
    /// Which addresses are ours.
    pub address_map: &'static C::AddressMap,
    /// Requests of any size.
    pub allocator: &'static C::Allocator,
    /// Guards around a block.
    pub debug_hooks: &'static C::DebugHooks,
    /// What only the collection itself keeps alive.
    pub subtract_refs: &'static C::SubtractRefs,
    /// Rescue what can be reached.
    pub move_unreachable: &'static C::MoveUnreachable,
    /// Who looks at an object without keeping it.
    pub weakref: &'static C::LabWeakref,
    /// A cache that forgets.
    pub weak_containers: &'static C::LabWeakContainers,
    /// Who may run.
    pub gil: &'static C::Gil,
}

// Derived, these would ask for `C: Clone`.
impl<C: Config> Clone for Parts<C> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<C: Config> Copy for Parts<C> {}

impl<C: Config> Parts<C>
where
    C::SizeClasses: Default,
    C::Pool: Default,
    C::Arena: Default,
    C::UsableArenas: Default,
    C::AddressMap: Default,
    C::Allocator: Default,
    C::DebugHooks: Default,
    C::SubtractRefs: Default,
    C::MoveUnreachable: Default,
    C::LabWeakref: Default,
    C::LabWeakContainers: Default,
    C::Gil: Default,
{
    /// Where each part has a type of its own, the type says it all.
    pub fn of_their_types() -> Self {
        Parts {
            size_classes: the(),
            pool: the(),
            arena: the(),
            usable_arenas: the(),
            address_map: the(),
            allocator: the(),
            debug_hooks: the(),
            subtract_refs: the(),
            move_unreachable: the(),
            weakref: the(),
            weak_containers: the(),
            gil: the(),
        }
    }
}

/// The only value of a part's type. Nothing is allocated: a heap that serves as the global allocator is made with it.
fn the<Part: Default>() -> &'static Part {
    const { assert!(size_of::<Part>() == 0, "a part holds no state") };
    Box::leak(Box::default())
}

/// A heap is that of the reference: all of a [`Config`] but memory, geometry and observer.
#[macro_export]
macro_rules! reference_heap {
    () => {
        type SizeClasses = $crate::heap::size_classes::Part;
        type Pool = $crate::heap::pool::Part;
        type Arena = $crate::heap::arena::Part;
        type UsableArenas = $crate::heap::usable_arenas::Part;
        type AddressMap = $crate::heap::address_map::Part;
        type Service = $crate::heap::machine::Heap<Self>;
        type Allocator = $crate::heap::allocator::Part;
        type DebugHooks = $crate::heap::debug_hooks::Part;
        type SubtractRefs = $crate::gc::subtract_refs::Part;
        type MoveUnreachable = $crate::gc::move_unreachable::Part;
        type LabWeakref = $crate::objects::weakref::Part;
        type LabWeakContainers = $crate::weak::containers::Part;
        type Gil = $crate::gil::gil::Part;

        fn reference() -> $crate::config::Parts<Self> {
            $crate::config::Parts::of_their_types()
        }
    };
}

/// The runtime as programs use it.
pub struct Fast<G>(PhantomData<G>);

impl<G: Geometry> Config for Fast<G> {
    type Memory = RawMemory;
    type Geometry = G;
    type Observer = Silent;
    reference_heap!();
}

/// The objects of a scenario.
pub type LabGraph = ObjectGraph<CheckedMemory, Recorder>;
/// The garbage of a scenario.
pub type LabBin = Bin<CheckedMemory, Recorder>;
/// The GIL of a scenario.
pub type LabGil = State<Recorder>;

/// The runtime as scenarios use it.
pub struct Lab<G>(PhantomData<G>);

impl<G: Geometry> Config for Lab<G> {
    type Memory = CheckedMemory;
    type Geometry = G;
    type Observer = Recorder;
    type SizeClasses = dyn SizeClasses + Sync;
    type Pool = dyn Pool<CheckedMemory> + Sync;
    type Arena = dyn Arena<CheckedMemory> + Sync;
    type UsableArenas = dyn UsableArenas<CheckedMemory> + Sync;
    type AddressMap = dyn AddressMap<CheckedMemory> + Sync;
    type Service = LabPools;
    type Allocator = dyn Allocator<LabPools> + Sync;
    type DebugHooks = dyn DebugHooks<CheckedMemory> + Sync;
    type SubtractRefs = dyn SubtractRefs<LabGraph> + Sync;
    type MoveUnreachable = dyn MoveUnreachable<LabGraph> + Sync;
    type LabWeakref = dyn Weakref<LabWeakList<Recorder>> + Sync;
    type LabWeakContainers = dyn WeakContainers<LabCache<Recorder>> + Sync;
    type Gil = dyn Gil<LabGil> + Sync;

    fn reference() -> Parts<Self> {
        Parts {
            size_classes: &heap::size_classes::Part,
            pool: &heap::pool::Part,
            arena: &heap::arena::Part,
            usable_arenas: &heap::usable_arenas::Part,
            address_map: &heap::address_map::Part,
            allocator: &heap::allocator::Part,
            debug_hooks: &heap::debug_hooks::Part,
            subtract_refs: &gc::subtract_refs::Part,
            move_unreachable: &gc::move_unreachable::Part,
            weakref: &objects::weakref::Part,
            weak_containers: &weak::containers::Part,
            gil: &gil::gil::Part,
        }
    }
}
