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
use runtime::config::Config;
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

impl Config for Mine {
    type Memory = RawMemory;
    type Geometry = Modern;
    type Observer = Silent;
    runtime::reference_heap!();
}

impl World for Mine {
    runtime::reference_objects!(objects);
    type Inside = subtract_refs::Part;
    type Reached = move_unreachable::Part;
    type Generations = generations::Part;
    type Finalizers = finalizers::Part;
    runtime::reference_objects!(weak);
    runtime::reference_objects!(threads);
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
