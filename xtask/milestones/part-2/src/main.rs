//! Part 2's milestone: an index of words, made of objects that the learner's parts count, keep, fill and take apart.
//!
//! A feature for each exercise decides whose part is used; `cargo xtask milestone 2` turns on those that passed. The
//! parts run on real memory here, in a process of their own: a mistake that no scenario found ends this process, and
//! nothing else. The collector is switched off: whatever goes, goes because its count came to 0.

mod index;
mod watched;

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
        use runtime::objects::$name;
    };
}
part!(refcount, "refcount");
part!(free_lists, "free-lists");
part!(containers, "containers");
part!(trashcan, "trashcan");

/// The objects' parts are the learner's, with somebody who counts around them; everything else is the reference's.
struct Mine;

impl Config for Mine {
    type Memory = RawMemory;
    type Geometry = Modern;
    type Observer = Silent;
    runtime::reference_heap!();
}

impl World for Mine {
    type Refcount = watched::Refcount<refcount::Part>;
    type FreeLists = watched::FreeLists<free_lists::Part>;
    type Containers = watched::Containers<containers::Part>;
    type Trashcan = watched::Trashcan<trashcan::Part>;
    runtime::reference_objects!(cycles);
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
    index::main(runtime)
}
