//! # Real memory
//!
//! [`RawMemory`] is what the words of [`Memory`] compile to in the fast runtime: plain loads and stores. It checks
//! nothing, so making one is `unsafe`, exercises are compiled with `-F unsafe_code`, and only the reference's parts
//! run on it.
//!
//! - **I1** (promised by whoever makes one) every address that is read or written lies in a stretch that
//!   [`map`](Memory::map) gave and [`release`](Memory::release) did not take back, aligned for its width.
//! - **I2** Stretches come from the system's allocator, not from Rust's global one: a heap on top of this memory can
//!   be the global allocator itself.
//! - **I3** Provenance is exposed at `map`, so an address may travel as a number.
//!
//! Under AddressSanitizer (`--cfg asan`) what no part and no program may touch is poisoned.

use crate::Addr;
use crate::memory::Memory;
use crate::owner::{Owner, Rights, State};
use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt;

/// Words of the process's own memory.
pub struct RawMemory {
    _private: (),
}

impl RawMemory {
    /// Memory without checks.
    ///
    /// # Safety
    /// Whoever uses it keeps I1 of this file: reads and writes only what is mapped, and aligned.
    #[must_use]
    pub const unsafe fn new() -> Self {
        RawMemory { _private: () }
    }
}

impl fmt::Debug for RawMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("raw memory")
    }
}

fn layout(bytes: u64, align: u64) -> Option<Layout> {
    Layout::from_size_align(usize::try_from(bytes).ok()?, usize::try_from(align).ok()?).ok()
}

fn pointer<T>(at: Addr) -> *mut T {
    std::ptr::with_exposed_provenance_mut(at.0 as usize)
}

impl Memory for RawMemory {
    #[inline(always)]
    fn read(&self, at: Addr) -> u64 {
        // SAFETY: I1: mapped and a multiple of 8.
        unsafe { pointer::<u64>(at).read() }
    }

    #[inline(always)]
    fn write(&self, at: Addr, word: u64) {
        // SAFETY: I1: mapped and a multiple of 8.
        unsafe { pointer::<u64>(at).write(word) }
    }

    #[inline(always)]
    fn read_half(&self, at: Addr) -> u32 {
        // SAFETY: I1: mapped and a multiple of 4.
        unsafe { pointer::<u32>(at).read() }
    }

    #[inline(always)]
    fn write_half(&self, at: Addr, half: u32) {
        // SAFETY: I1: mapped and a multiple of 4.
        unsafe { pointer::<u32>(at).write(half) }
    }

    fn map(&self, bytes: u64, align: u64) -> Option<Addr> {
        let layout = layout(bytes, align.max(8)).filter(|layout| layout.size() > 0)?;
        // SAFETY: the layout's size is not 0.
        let start = unsafe { System.alloc(layout) };
        let at = Addr(start.expose_provenance() as u64);
        (!start.is_null()).then_some(at)
    }

    fn release(&self, at: Addr, bytes: u64, align: u64) {
        self.mark(at, bytes, State::Unmapped);
        let layout = layout(bytes, align.max(8)).expect("a stretch that was mapped has a layout");
        // SAFETY: I1: `map` gave this stretch with this layout, and it has not gone back.
        unsafe { System.dealloc(pointer(at), layout) }
    }
}

impl Owner for RawMemory {
    const WATCHED: bool = cfg!(asan);

    #[inline(always)]
    fn mark(&self, at: Addr, bytes: u64, state: State) {
        #[cfg(asan)]
        asan::mark(at, bytes, matches!(state, State::Untouched | State::FreeBody));
        let _ = (at, bytes, state);
    }

    #[inline(always)]
    fn call<R>(&self, _: Rights, part: impl FnOnce() -> R) -> R {
        part()
    }

    fn state(&self, _: Addr) -> Option<State> {
        None
    }

    fn peek(&self, at: Addr) -> Option<u64> {
        Some(self.read(at))
    }

    fn peek_half(&self, at: Addr) -> Option<u32> {
        Some(self.read_half(at))
    }
}

#[cfg(asan)]
mod asan {
    use super::{Addr, pointer};
    use std::ffi::c_void;

    unsafe extern "C" {
        fn __asan_poison_memory_region(at: *const c_void, bytes: usize);
        fn __asan_unpoison_memory_region(at: *const c_void, bytes: usize);
    }

    /// Poisoned: the sanitizer ends the process at the first access.
    pub(super) fn mark(at: Addr, bytes: u64, poisoned: bool) {
        let (start, bytes) = (pointer::<c_void>(at), bytes as usize);
        if poisoned {
            // SAFETY: the functions note the range in the sanitizer's shadow and touch nothing else.
            unsafe { __asan_poison_memory_region(start, bytes) }
        } else {
            // SAFETY: as above; and `release` unpoisons before the system gets the stretch back.
            unsafe { __asan_unpoison_memory_region(start, bytes) }
        }
    }
}
