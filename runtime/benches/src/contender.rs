//! # Who takes part
//!
//! A [`Contender`] allocates and frees. [`enter`] makes the one of a given name and hands it to a [`Job`], which is
//! compiled once for each: calls are direct, so that the harness costs everybody the same.
//!
//! | name | is |
//! |---|---|
//! | `heap` | our heap: modern geometry, the reference's parts |
//! | `patient` | our heap with another policy for pools that were full |
//! | `pymalloc` | CPython's own, from the libpython of the python3 that is found |
//! | `mimalloc` | `mi_malloc` and `mi_free` |
//! | `system` | `malloc` and `free` of the C library |
//! | `nobody` | always the same block: what is left is the harness |

use crate::{ours, pymalloc};
use kit::geometry::Modern;

/// An allocator, as a C program sees one: nobody tells it the size when a block comes back.
pub trait Contender {
    /// A block of at least `bytes` bytes, of which there is at least one. Null: no more memory.
    fn alloc(&self, bytes: usize) -> *mut u8;

    /// Takes a block back.
    ///
    /// # Safety
    /// [`alloc`](Contender::alloc) of the same contender gave it, and it was not freed since.
    unsafe fn free(&self, block: *mut u8);
}

/// Something to do with a contender.
pub trait Job {
    /// What comes out.
    type Result;
    /// Does it. Nobody has allocated from `contender` before, unless it is one for the whole process.
    fn run<C: Contender>(self, contender: &C) -> Self::Result;
}

/// The names of all contenders, ours first, the harness last.
pub const NAMES: [&str; 6] = ["heap", "patient", "pymalloc", "mimalloc", "system", "nobody"];

/// Who can take part on this machine.
#[must_use]
pub fn present() -> Vec<&'static str> {
    NAMES.into_iter().filter(|name| *name != "pymalloc" || pymalloc::find().is_some()).collect()
}

/// Gives `job` the contender that is called `name`. `None` when there is none here.
pub fn enter<J: Job>(name: &str, job: J) -> Option<J::Result> {
    Some(match name {
        "heap" => job.run(&ours::Ours::<ours::Reference>::new()),
        "patient" => job.run(&ours::Ours::<ours::Patient<Modern>>::new()),
        "pymalloc" => job.run(&pymalloc::Pymalloc::load(&pymalloc::find()?).ok()?),
        "mimalloc" => job.run(&Mimalloc),
        "system" => job.run(&System),
        "nobody" => job.run(&Nobody::new()),
        _ => return None,
    })
}

/// The C library's allocator. Rust's `System` would be told the size at the free, so it is called by its C name.
pub struct System;

mod c {
    unsafe extern "C" {
        pub(super) safe fn malloc(bytes: usize) -> *mut u8;
        pub(super) fn free(block: *mut u8);
    }
}

impl Contender for System {
    fn alloc(&self, bytes: usize) -> *mut u8 {
        c::malloc(bytes)
    }
    unsafe fn free(&self, block: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe { c::free(block) }
    }
}

/// mimalloc, compiled from the sources that its crate carries.
pub struct Mimalloc;

impl Contender for Mimalloc {
    fn alloc(&self, bytes: usize) -> *mut u8 {
        // SAFETY: `mi_malloc` takes any size.
        unsafe { libmimalloc_sys::mi_malloc(bytes) }.cast()
    }
    unsafe fn free(&self, block: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe { libmimalloc_sys::mi_free(block.cast()) }
    }
}

/// Gives the same bytes to everybody and takes nothing back. Its calls are calls, as everybody's.
pub struct Nobody {
    block: *mut u8,
}

impl Nobody {
    /// The largest request that it can pretend to serve.
    const BYTES: usize = 1 << 20;

    fn new() -> Nobody {
        Nobody { block: Box::leak(Box::new([0u8; Nobody::BYTES])).as_mut_ptr() }
    }
}

impl Contender for Nobody {
    #[inline(never)]
    fn alloc(&self, bytes: usize) -> *mut u8 {
        std::hint::black_box(bytes);
        self.block
    }
    #[inline(never)]
    unsafe fn free(&self, block: *mut u8) {
        std::hint::black_box(block);
    }
}
