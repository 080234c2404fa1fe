//! Part 4's milestone: a reader leafs through books, with a cache that forgets, on the learner's weak references.
//!
//! A feature for each exercise decides whose part is used; `cargo xtask milestone 4` turns on those that passed. The
//! parts run on real memory here, in a process of their own: a mistake that no scenario found ends this process, and
//! nothing else.

mod reader;

use kit::geometry::Modern;
use kit::observe::Silent;
use kit::raw::RawMemory;
use runtime::config::Config;
use runtime::heap::machine::Heap;
use runtime::objects::machine::Profile;
use runtime::objects::{Objects, World};
use std::process::ExitCode;

#[cfg(feature = "weak-containers")]
use ::weak_containers;
#[cfg(feature = "weakref")]
use ::weakref;
#[cfg(not(feature = "weakref"))]
use runtime::objects::weakref;
#[cfg(not(feature = "weak-containers"))]
use runtime::weak::containers as weak_containers;

/// Weak references are the learner's, everything else is the reference's.
pub struct Mine;

impl Config for Mine {
    type Memory = RawMemory;
    type Geometry = Modern;
    type Observer = Silent;
    runtime::reference_heap!();
}

impl World for Mine {
    runtime::reference_objects!(objects);
    runtime::reference_objects!(cycles);
    type Weakref = weakref::Part;
    type WeakContainers = weak_containers::Part;
    runtime::reference_objects!(threads);
}

fn main() -> ExitCode {
    let files: Vec<String> = std::env::args().skip(1).collect();
    // SAFETY: the parts that run on it passed their scenarios on checked memory. One that does not hold after all harms
    // this process, which holds nothing that anybody needs.
    let mem = unsafe { RawMemory::new() };
    let objects = Heap::new(mem, Silent, Mine::reference()).and_then(|heap| Objects::new(heap, Profile::V3_11));
    let Some(objects) = objects else {
        eprintln!("The system has no memory for a heap.");
        return ExitCode::FAILURE;
    };
    match reader::read(&objects, &files) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}
