//! What the tests of the types have in common.

use kit::geometry::Modern;
use kit::observe::Silent;
use kit::raw::RawMemory;
use runtime::config::{Config, Fast};
use runtime::heap::machine::Heap;
use runtime::objects::Objects;
use runtime::objects::machine::Profile;

pub(crate) type World = Fast<Modern>;

pub(crate) fn objects() -> Objects<World> {
    // SAFETY: the reference's parts stay inside what they mapped (I1 of kit::raw).
    let mem = unsafe { RawMemory::new() };
    let heap = Heap::new(mem, Silent, <World as Config>::reference()).unwrap();
    Objects::new(heap, Profile::V3_11).unwrap()
}

/// A small generator of numbers, so that a failure can be repeated; `types/recorded.py` has the same.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % end
    }
}
