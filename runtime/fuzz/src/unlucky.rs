//! # A heap that refuses one request
//!
//! Memory may run out at any point of a program. To see that every point is ready for it, a program runs again and again,
//! and each time another request of the objects' heap is refused: the first one, then the second, until none was.
//!
//! The refusal is the allocator's: pools with free blocks refuse as well, which no shortage of the system could show.

use kit::allocator::{Allocator, Pools};
use kit::geometry::Geometry;
use kit::memory::Addr;
use kit::observe::Silent;
use kit::owner::Owner;
use runtime::config::{Config, Parts};
use runtime::heap::machine::Heap;
use runtime::objects::World;
use runtime::{gc, gil, heap, objects, weak};
use std::cell::Cell;
use std::marker::PhantomData;

thread_local! {
    static BEFORE: Cell<Option<u64>> = const { Cell::new(None) };
}

/// From now on, on this thread, so many requests are served, and the one after them is refused. `None`: all are served.
pub fn refuse_after(requests: Option<u64>) {
    BEFORE.set(requests);
}

/// Whether the refusal is still to come.
pub fn is_to_come() -> bool {
    BEFORE.get().is_some()
}

fn is_refused() -> bool {
    let left = BEFORE.get();
    BEFORE.set(left.and_then(|left| left.checked_sub(1)));
    left == Some(0)
}

/// The reference's allocator, and luck.
#[derive(Clone, Copy, Debug, Default)]
pub struct Luck;

impl<P: Pools> Allocator<P> for Luck {
    fn malloc(&self, pools: &P, bytes: u64) -> Option<Addr> {
        if is_refused() { None } else { heap::allocator::malloc(pools, bytes) }
    }
    fn free(&self, pools: &P, at: Addr) {
        heap::allocator::free(pools, at);
    }
    fn realloc(&self, pools: &P, at: Addr, bytes: u64) -> Option<Addr> {
        if is_refused() { None } else { heap::allocator::realloc(pools, at, bytes) }
    }
}

/// The reference's parts, called directly, with an allocator that may refuse.
pub struct Unlucky<M, G>(PhantomData<(M, G)>);

impl<M: Owner + 'static, G: Geometry> Config for Unlucky<M, G> {
    type Memory = M;
    type Geometry = G;
    type Observer = Silent;
    type SizeClasses = heap::size_classes::Part;
    type Pool = heap::pool::Part;
    type Arena = heap::arena::Part;
    type UsableArenas = heap::usable_arenas::Part;
    type AddressMap = heap::address_map::Part;
    type Service = Heap<Self>;
    type Allocator = Luck;
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

impl<M: Owner + 'static, G: Geometry> World for Unlucky<M, G> {
    runtime::reference_objects!();
}
