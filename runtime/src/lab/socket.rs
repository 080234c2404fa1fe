//! # Sockets: somebody's part, behind a pointer
//!
//! The lab is compiled once, with the parts behind `dyn`. A probe fills one socket with a learner's part; everything
//! else in the machine is the reference's.

use super::counting::Counting;
use super::lists::Lists;
use super::pools::LabPools;
use super::shelves::Shelves;
use super::weak_cache::LabCache;
use super::weak_list::LabWeakList;
use crate::config::{Config, Lab, LabBin, LabGil, LabGraph, Parts};
use crate::gc::tally::Tally;
use crate::gil::pending::Flags;
use crate::gil::roster::Roster;
use crate::{gc, gil, heap, objects, weak};
use kit::address_map::AddressMap;
use kit::allocator::Allocator;
use kit::arena::Arena;
use kit::checked::CheckedMemory;
use kit::containers::Containers;
use kit::debug_hooks::DebugHooks;
use kit::eval_breaker::EvalBreaker;
use kit::finalizers::Finalizers;
use kit::free_lists::FreeLists;
use kit::generations::Generations;
use kit::geometry::Geometry;
use kit::gil::Gil;
use kit::graph::{MoveUnreachable, SubtractRefs};
use kit::observe::Recorder;
use kit::pool::Pool;
use kit::refcount::Refcount;
use kit::scheduler::Scheduler;
use kit::size_classes::SizeClasses;
use kit::trashcan::Trashcan;
use kit::usable_arenas::UsableArenas;
use kit::weak_containers::WeakContainers;
use kit::weakref::Weakref;

/// The objects that a scenario counts.
type LabCounting = Counting<CheckedMemory, Recorder>;

/// The free lists and strings of a scenario.
type LabShelves = Shelves<CheckedMemory, Recorder>;

/// A part, plugged in.
#[derive(Clone, Copy)]
pub enum Socket {
    /// Exercise `size-classes`.
    SizeClasses(&'static (dyn SizeClasses + Sync)),
    /// Exercise `pool`.
    Pool(&'static (dyn Pool<CheckedMemory> + Sync)),
    /// Exercise `arena`.
    Arena(&'static (dyn Arena<CheckedMemory> + Sync)),
    /// Exercise `usable-arenas`.
    UsableArenas(&'static (dyn UsableArenas<CheckedMemory> + Sync)),
    /// Exercise `allocator`.
    Allocator(&'static (dyn Allocator<LabPools> + Sync)),
    /// Exercise `address-map`.
    AddressMap(&'static (dyn AddressMap<CheckedMemory> + Sync)),
    /// Exercise `debug-hooks`.
    DebugHooks(&'static (dyn DebugHooks<CheckedMemory> + Sync)),
    /// Exercise `refcount`.
    Refcount(&'static (dyn Refcount<LabCounting> + Sync)),
    /// Exercise `free-lists`.
    FreeLists(&'static (dyn FreeLists<LabShelves> + Sync)),
    /// Exercise `containers`.
    Containers(&'static (dyn Containers<Lists<Recorder>> + Sync)),
    /// Exercise `trashcan`.
    Trashcan(&'static (dyn Trashcan<LabCounting> + Sync)),
    /// Exercise `subtract-refs`.
    SubtractRefs(&'static (dyn SubtractRefs<LabGraph> + Sync)),
    /// Exercise `move-unreachable`.
    MoveUnreachable(&'static (dyn MoveUnreachable<LabGraph> + Sync)),
    /// Exercise `generations`.
    Generations(&'static (dyn Generations<Tally> + Sync)),
    /// Exercise `finalizers`.
    Finalizers(&'static (dyn Finalizers<LabBin> + Sync)),
    /// Exercise `weakref`.
    Weakref(&'static (dyn Weakref<LabWeakList<Recorder>> + Sync)),
    /// Exercise `weak-containers`.
    WeakContainers(&'static (dyn WeakContainers<LabCache<Recorder>> + Sync)),
    /// Exercise `gil`.
    Gil(&'static (dyn Gil<LabGil> + Sync)),
    /// Exercise `eval-breaker`.
    EvalBreaker(&'static (dyn EvalBreaker<Flags> + Sync)),
    /// Exercise `scheduler`.
    Scheduler(&'static (dyn Scheduler<Roster> + Sync)),
}

impl Socket {
    /// The reference's parts.
    pub const REFERENCE: [Socket; 20] = [
        Socket::SizeClasses(&heap::size_classes::Part),
        Socket::Pool(&heap::pool::Part),
        Socket::Arena(&heap::arena::Part),
        Socket::UsableArenas(&heap::usable_arenas::Part),
        Socket::Allocator(&heap::allocator::Part),
        Socket::AddressMap(&heap::address_map::Part),
        Socket::DebugHooks(&heap::debug_hooks::Part),
        Socket::Refcount(&objects::refcount::Part),
        Socket::FreeLists(&objects::free_lists::Part),
        Socket::Containers(&objects::containers::Part),
        Socket::Trashcan(&objects::trashcan::Part),
        Socket::SubtractRefs(&gc::subtract_refs::Part),
        Socket::MoveUnreachable(&gc::move_unreachable::Part),
        Socket::Generations(&gc::generations::Part),
        Socket::Finalizers(&gc::finalizers::Part),
        Socket::Weakref(&objects::weakref::Part),
        Socket::WeakContainers(&weak::containers::Part),
        Socket::Gil(&gil::gil::Part),
        Socket::EvalBreaker(&gil::eval_breaker::Part),
        Socket::Scheduler(&gil::scheduler::Part),
    ];

    /// The lab's parts, with this one among the reference's.
    pub(super) fn plugged<G: Geometry>(self) -> Parts<Lab<G>> {
        let mut parts = Lab::<G>::reference();
        match self {
            Socket::SizeClasses(part) => parts.size_classes = part,
            Socket::Pool(part) => parts.pool = part,
            Socket::Arena(part) => parts.arena = part,
            Socket::UsableArenas(part) => parts.usable_arenas = part,
            Socket::Allocator(part) => parts.allocator = part,
            Socket::AddressMap(part) => parts.address_map = part,
            Socket::DebugHooks(part) => parts.debug_hooks = part,
            Socket::SubtractRefs(part) => parts.subtract_refs = part,
            Socket::MoveUnreachable(part) => parts.move_unreachable = part,
            Socket::Weakref(part) => parts.weakref = part,
            Socket::WeakContainers(part) => parts.weak_containers = part,
            Socket::Gil(part) => parts.gil = part,
            // Their machines are given the part itself.
            Socket::Refcount(_)
            | Socket::FreeLists(_)
            | Socket::Containers(_)
            | Socket::Trashcan(_)
            | Socket::Generations(_)
            | Socket::Finalizers(_)
            | Socket::EvalBreaker(_)
            | Socket::Scheduler(_) => {}
        }
        parts
    }

    /// The part's identifier: what stands behind `use` in a scenario.
    pub fn id(&self) -> &'static str {
        match self {
            Socket::SizeClasses(_) => "size-classes",
            Socket::Pool(_) => "pool",
            Socket::Arena(_) => "arena",
            Socket::UsableArenas(_) => "usable-arenas",
            Socket::Allocator(_) => "allocator",
            Socket::AddressMap(_) => "address-map",
            Socket::DebugHooks(_) => "debug-hooks",
            Socket::Refcount(_) => "refcount",
            Socket::FreeLists(_) => "free-lists",
            Socket::Containers(_) => "containers",
            Socket::Trashcan(_) => "trashcan",
            Socket::SubtractRefs(_) => "subtract-refs",
            Socket::MoveUnreachable(_) => "move-unreachable",
            Socket::Generations(_) => "generations",
            Socket::Finalizers(_) => "finalizers",
            Socket::Weakref(_) => "weakref",
            Socket::WeakContainers(_) => "weak-containers",
            Socket::Gil(_) => "gil",
            Socket::EvalBreaker(_) => "eval-breaker",
            Socket::Scheduler(_) => "scheduler",
        }
    }
}
