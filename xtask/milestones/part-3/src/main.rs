//! Part 3's milestone: a small server whose documents are cycles, and the learner's collector that finds them.
//!
//! A feature for each exercise decides whose part is used; `cargo xtask milestone 3` turns on those that passed. The
//! parts run on real memory here, in a process of their own: a mistake that no scenario found ends this process, and
//! nothing else.

mod document;
mod server;

use kit::geometry::Modern;
use kit::observe::Silent;
use kit::raw::RawMemory;
use runtime::config::{Config, Fast, Parts};
use runtime::heap::machine::Heap;
use runtime::objects::machine::Profile;
use runtime::objects::{Objects, World};
use std::process::ExitCode;

/// The learner's part where its feature is on, else the reference's.
macro_rules! part {
    ($name:ident, $feature:literal) => {
        #[cfg(feature = $feature)]
        use ::$name;
        #[cfg(not(feature = $feature))]
        use runtime::gc::$name;
    };
}
part!(subtract_refs, "subtract-refs");
part!(move_unreachable, "move-unreachable");
part!(generations, "generations");
part!(finalizers, "finalizers");

/// The collector's parts are the learner's, everything else is the reference's.
struct Mine;
type Reference = Fast<Modern>;

impl Config for Mine {
    type Memory = RawMemory;
    type Geometry = Modern;
    type Observer = Silent;
    type SizeClasses = <Reference as Config>::SizeClasses;
    type Pool = <Reference as Config>::Pool;
    type Arena = <Reference as Config>::Arena;
    type UsableArenas = <Reference as Config>::UsableArenas;
    type AddressMap = <Reference as Config>::AddressMap;
    type Service = Heap<Mine>;
    type Allocator = runtime::heap::allocator::Part;
    type DebugHooks = <Reference as Config>::DebugHooks;
    type SubtractRefs = subtract_refs::Part;
    type MoveUnreachable = move_unreachable::Part;
    type LabWeakref = <Reference as Config>::LabWeakref;
    type LabWeakContainers = <Reference as Config>::LabWeakContainers;
    type Gil = <Reference as Config>::Gil;

    fn reference() -> Parts<Self> {
        Parts::of_their_types()
    }
}

impl World for Mine {
    type Refcount = runtime::objects::refcount::Part;
    type FreeLists = runtime::objects::free_lists::Part;
    type Containers = runtime::objects::containers::Part;
    type Trashcan = runtime::objects::trashcan::Part;
    type Inside = subtract_refs::Part;
    type Reached = move_unreachable::Part;
    type Generations = generations::Part;
    type Finalizers = finalizers::Part;
    type Weakref = runtime::objects::weakref::Part;
    type WeakContainers = runtime::weak::containers::Part;
    type Turns = runtime::gil::gil::Part;
    type Breaker = runtime::gil::eval_breaker::Part;
}

/// A runtime of its own, on memory of its own.
fn runtime() -> Option<Objects<Mine>> {
    // SAFETY: the parts that run on it passed their scenarios, where they reached objects through a service alone, as
    // here. One that is wrong after all harms this process, which holds nothing that anybody needs.
    let mem = unsafe { RawMemory::new() };
    Objects::new(Heap::new(mem, Silent, Mine::reference())?, Profile::V3_11)
}

fn main() -> ExitCode {
    server::main(runtime)
}
