//! # A limit for memory
//!
//! A probe's global allocator counts. A part that asks for more than the limit ends the process with a sentence in
//! the trace, on every system alike, long before the machine starts to swap.

use std::alloc::{GlobalAlloc, Layout, System};
use std::fs::File;
use std::io::Write;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

/// Bytes that a probe may hold.
const LIMIT: usize = 512 << 20;

/// What a probe's process ends with when it reached the limit.
const OUT_OF_MEMORY: i32 = 86;

/// Where the sentence goes.
pub(super) static CHANNEL: OnceLock<File> = OnceLock::new();

/// The system's allocator, counted.
pub struct Limited {
    held: AtomicUsize,
    reached: AtomicBool,
}

impl Limited {
    /// One for a `#[global_allocator]`.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a static needs a const")]
    pub const fn new() -> Self {
        Limited { held: AtomicUsize::new(0), reached: AtomicBool::new(false) }
    }

    fn count(&self, bytes: usize) {
        let held = self.held.fetch_add(bytes, Relaxed).saturating_add(bytes);
        // Ending the process may allocate a little: only the first to come here ends it.
        if held > LIMIT && !self.reached.swap(true, Relaxed) {
            if let Some(mut channel) = CHANNEL.get() {
                let _ = channel.write_all(b"   ! out-of-memory: the limit of 512 MiB was reached\n");
            }
            std::process::exit(OUT_OF_MEMORY);
        }
    }
}

// SAFETY: every call is handed on to the system's allocator as it came; counting changes nothing.
unsafe impl GlobalAlloc for Limited {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.count(layout.size());
        // SAFETY: the caller keeps `GlobalAlloc::alloc`'s contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        self.held.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller keeps `GlobalAlloc::dealloc`'s contract, and `block` came from `System`.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        self.count(size);
        self.held.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller keeps `GlobalAlloc::realloc`'s contract, and `block` came from `System`.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        self.count(layout.size());
        // SAFETY: the caller keeps `GlobalAlloc::alloc_zeroed`'s contract.
        unsafe { System.alloc_zeroed(layout) }
    }
}
