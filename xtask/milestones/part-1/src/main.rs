//! Part 1's milestone: a real Rust program, whose every byte is served by the learner's parts.
//!
//! A feature for each exercise decides whose part is used; `cargo xtask milestone 1` turns on those that passed. The
//! parts run on real memory here, in a process of their own: a mistake that no scenario found ends this process, and
//! nothing else.

#[path = "../../../../runtime/examples/heap_map/program.rs"]
mod program;

use kit::geometry::Modern;
use kit::observe::Silent;
use kit::raw::RawMemory;
use runtime::config::{Config, Fast, Parts};
use runtime::heap::global::Global;
use runtime::heap::machine::Heap;
use std::process::ExitCode;

/// The learner's part where its feature is on, else the reference's.
macro_rules! part {
    ($name:ident, $feature:literal) => {
        #[cfg(feature = $feature)]
        use ::$name;
        #[cfg(not(feature = $feature))]
        use runtime::heap::$name;
    };
}
part!(size_classes, "size-classes");
part!(pool, "pool");
part!(arena, "arena");
part!(usable_arenas, "usable-arenas");
part!(allocator, "allocator");
part!(address_map, "address-map");

/// The heap's parts are the learner's, everything else is the reference's.
struct Mine;

impl Config for Mine {
    type Memory = RawMemory;
    type Geometry = Modern;
    type Observer = Silent;
    type SizeClasses = size_classes::Part;
    type Pool = pool::Part;
    type Arena = arena::Part;
    type UsableArenas = usable_arenas::Part;
    type AddressMap = address_map::Part;
    type Service = Heap<Mine>;
    type Allocator = allocator::Part;
    type DebugHooks = <Fast<Modern> as Config>::DebugHooks;
    type SubtractRefs = <Fast<Modern> as Config>::SubtractRefs;
    type MoveUnreachable = runtime::gc::move_unreachable::Part;
    type LabWeakref = <Fast<Modern> as Config>::LabWeakref;
    type LabWeakContainers = <Fast<Modern> as Config>::LabWeakContainers;
    type Gil = <Fast<Modern> as Config>::Gil;

    fn reference() -> Parts<Self> {
        Parts::of_their_types()
    }
}

#[global_allocator]
static HEAP: Global<Mine> = Global::new(|| {
    // SAFETY: the parts that run on it passed their scenarios on checked memory, where they kept I1 of kit::raw. One that
    // does not keep it after all harms this process, which holds nothing that anybody needs.
    let mem = unsafe { RawMemory::new() };
    Heap::new(mem, Silent, Mine::reference())
});

fn main() -> ExitCode {
    program::main(|| HEAP.draw(), || HEAP.stats())
}
