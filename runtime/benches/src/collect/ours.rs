//! # Our objects, as a contender
//!
//! The runtime as programs use it, with handles under its token. Automatic collections are off.

use super::Job;
use super::shapes::{Collector, Which};
use crate::ours::Reference;
use kit::observe::Silent;
use kit::raw::RawMemory;
use runtime::config::Config;
use runtime::heap::machine::Heap;
use runtime::objects::machine::Profile;
use runtime::objects::token::{Gil, Interpreter, Owned};

/// What it is called.
pub const NAME: &str = "ours";

/// An interpreter that never collects by itself.
#[must_use]
pub fn interpreter() -> Interpreter<Reference> {
    // SAFETY: only the reference's parts run on it, which stay inside what they mapped (I1 of kit::raw).
    let mem = unsafe { RawMemory::new() };
    let heap = Heap::new(mem, Silent, Reference::reference()).expect("memory for a heap");
    let profile = Profile { thresholds: [0, 10, 10], ..Profile::V3_11 };
    Interpreter::new(heap, profile).expect("memory for an interpreter")
}

/// Gives `job` our collector.
pub fn enter<J: Job>(job: J) -> J::Result {
    interpreter().with_gil(|gil| job.run(&Lists(gil)))
}

/// Objects are lists.
struct Lists<'g>(Gil<'g, Reference>);

impl<'g> Collector for Lists<'g> {
    const TELLS: bool = true;
    type Object = Owned<'g, Reference>;

    fn object(&self, _: bool) -> Self::Object {
        self.0.list().expect("memory for a list")
    }

    fn again(&self, object: &Self::Object) -> Self::Object {
        object.clone()
    }

    fn refer(&self, from: &Self::Object, _: usize, to: &Self::Object) {
        from.append(to.clone()).expect("memory for its items");
    }

    fn collect(&self, which: Which) -> Option<usize> {
        let generation = match which {
            Which::Young => 0,
            Which::All => 2,
        };
        Some(self.0.objects().collect(generation) as usize)
    }

    fn tear_down(&self, held: Vec<Self::Object>) {
        drop(held);
        self.collect(Which::All);
    }
}
