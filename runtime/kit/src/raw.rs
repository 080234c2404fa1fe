//! # Real memory
//!
//! [`RawMemory`] is what the words of [`Memory`] compile to in the fast runtime: plain loads and stores. It checks
//! nothing, so making one is `unsafe`, exercises are compiled with `-F unsafe_code`, and what runs on it are the
//! reference's parts, and in a milestone, in a process of its own, those of a learner's that passed.
//!
//! - **I1** (promised by whoever makes one) every address that is read or written lies in a stretch that
//!   [`map`](Memory::map) gave and [`release`](Memory::release) did not take back, aligned for its width.
//! - **I2** Stretches come from the system or from its allocator, not from Rust's global one: a heap on top of this
//!   memory can be the global allocator itself. Whole pages are mapped and unmapped, everything else is allocated.
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

    #[inline(always)]
    fn read_byte(&self, at: Addr) -> u8 {
        // SAFETY: I1: mapped.
        unsafe { pointer::<u8>(at).read() }
    }

    #[inline(always)]
    fn write_byte(&self, at: Addr, byte: u8) {
        // SAFETY: I1: mapped.
        unsafe { pointer::<u8>(at).write(byte) }
    }

    fn fill(&self, at: Addr, bytes: u64, byte: u8) {
        // SAFETY: I1: each of the bytes is mapped.
        unsafe { pointer::<u8>(at).write_bytes(byte, bytes as usize) }
    }

    #[inline(always)]
    fn prefetch(&self, at: Addr) {
        #[cfg(target_arch = "x86_64")]
        {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            // SAFETY: a hint reads nothing and faults nowhere, whatever the address.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(pointer::<i8>(at)) }
        }
        let _ = at;
    }

    fn map(&self, bytes: u64, align: u64) -> Option<Addr> {
        if align >= PAGE {
            return pages::map(bytes, align);
        }
        let layout = layout(bytes, align.max(8)).filter(|layout| layout.size() > 0)?;
        // SAFETY: the layout's size is not 0.
        let start = unsafe { System.alloc(layout) };
        let at = Addr(start.expose_provenance() as u64);
        (!start.is_null()).then_some(at)
    }

    fn map_zeroed(&self, bytes: u64, align: u64) -> Option<Addr> {
        if align >= PAGE {
            // Pages come zeroed.
            return pages::map(bytes, align);
        }
        let layout = layout(bytes, align.max(8)).filter(|layout| layout.size() > 0)?;
        // SAFETY: the layout's size is not 0.
        let start = unsafe { System.alloc_zeroed(layout) };
        let at = Addr(start.expose_provenance() as u64);
        (!start.is_null()).then_some(at)
    }

    fn release(&self, at: Addr, bytes: u64, align: u64) {
        self.mark(at, bytes, State::Unmapped);
        if align >= PAGE {
            return pages::release(at, bytes, align);
        }
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
        Some(uncovered(at, 8, || self.read(at)))
    }

    fn peek_half(&self, at: Addr) -> Option<u32> {
        Some(uncovered(at, 4, || self.read_half(at)))
    }

    fn peek_byte(&self, at: Addr) -> Option<u8> {
        Some(uncovered(at, 1, || self.read_byte(at)))
    }

    fn copy(&self, from: Addr, to: Addr, bytes: u64) {
        // SAFETY: I1: both stretches are mapped, and the caller keeps them apart.
        unsafe { pointer::<u8>(to).copy_from_nonoverlapping(pointer::<u8>(from), bytes as usize) }
    }

    fn remap(&self, at: Addr, bytes: u64, new_bytes: u64, align: u64) -> Option<Addr> {
        assert!(align < PAGE, "whole pages stay where they are");
        let layout = layout(bytes, align.max(8))?;
        let new = usize::try_from(new_bytes).ok().filter(|new| (1..=isize::MAX as usize - 4096).contains(new))?;
        // SAFETY: I1: `map` gave this stretch with this layout; the new size is neither 0 nor too large.
        let start = unsafe { System.realloc(pointer(at), layout, new) };
        let to = Addr(start.expose_provenance() as u64);
        (!start.is_null()).then_some(to)
    }
}

/// Reads what may be poisoned: who peeks needs no rights.
#[inline(always)]
fn uncovered<R>(at: Addr, bytes: u64, read: impl FnOnce() -> R) -> R {
    #[cfg(asan)]
    return asan::uncovered(at, bytes, read);
    #[cfg(not(asan))]
    {
        let _ = (at, bytes);
        read()
    }
}

/// From this alignment on, a stretch is whole pages.
pub const PAGE: u64 = 4096;

/// Whole pages, straight from the system: what goes back is really gone.
#[cfg(all(any(target_os = "linux", target_os = "macos"), target_pointer_width = "64", not(asan)))]
mod pages {
    use super::{Addr, pointer};
    use std::ffi::{c_int, c_void};

    unsafe extern "C" {
        fn mmap(at: *mut c_void, bytes: usize, rights: c_int, flags: c_int, file: c_int, offset: i64) -> *mut c_void;
        fn munmap(at: *mut c_void, bytes: usize) -> c_int;
    }

    const READ_AND_WRITE: c_int = 1 | 2;
    /// `MAP_PRIVATE | MAP_ANONYMOUS`.
    const PRIVATE_ZEROS: c_int = if cfg!(target_os = "macos") { 0x1002 } else { 0x22 };

    pub(super) fn map(bytes: u64, align: u64) -> Option<Addr> {
        let bytes = bytes.checked_next_multiple_of(super::PAGE).filter(|bytes| *bytes > 0)?;
        // Systems tend to put a mapping beside the one before, so the second arena is often aligned by itself.
        let start = some(bytes)?;
        if start.is_multiple_of(align) {
            return Some(Addr(start));
        }
        unmap(start, bytes);
        // As much as surely holds an aligned stretch; what is too much goes back at once.
        let more = bytes.checked_add(align - super::PAGE)?;
        let start = some(more)?;
        let at = start.next_multiple_of(align);
        unmap(start, at - start);
        unmap(at + bytes, start + more - at - bytes);
        Some(Addr(at))
    }

    /// So many bytes, wherever the system likes.
    fn some(bytes: u64) -> Option<u64> {
        let bytes = usize::try_from(bytes).ok()?;
        // SAFETY: a new anonymous mapping, wherever the system likes, touches nothing that is there.
        let start = unsafe { mmap(std::ptr::null_mut(), bytes, READ_AND_WRITE, PRIVATE_ZEROS, -1, 0) };
        let start = start.expose_provenance() as u64;
        (start != u64::MAX).then_some(start)
    }

    pub(super) fn release(at: Addr, bytes: u64, _align: u64) {
        unmap(at.0, bytes.next_multiple_of(super::PAGE));
    }

    fn unmap(at: u64, bytes: u64) {
        if bytes > 0 {
            // SAFETY: these pages are part of a mapping of ours, and nobody reads or writes them any more (I1).
            let failed = unsafe { munmap(pointer(Addr(at)), bytes as usize) };
            assert!(failed == 0, "the system takes back what it gave");
        }
    }
}

/// Elsewhere, and under AddressSanitizer (whose leak check looks for pointers there), from the system's allocator.
#[cfg(not(all(any(target_os = "linux", target_os = "macos"), target_pointer_width = "64", not(asan))))]
mod pages {
    use super::{Addr, layout, pointer};
    use std::alloc::{GlobalAlloc, System};

    pub(super) fn map(bytes: u64, align: u64) -> Option<Addr> {
        let layout = layout(bytes, align).filter(|layout| layout.size() > 0)?;
        // SAFETY: the layout's size is not 0.
        let start = unsafe { System.alloc_zeroed(layout) };
        let at = Addr(start.expose_provenance() as u64);
        (!start.is_null()).then_some(at)
    }

    pub(super) fn release(at: Addr, bytes: u64, align: u64) {
        let layout = layout(bytes, align).expect("a stretch that was mapped has a layout");
        // SAFETY: I1 of the file: `map` gave this stretch with this layout, and it has not gone back.
        unsafe { System.dealloc(pointer(at), layout) }
    }
}

#[cfg(asan)]
mod asan {
    use super::{Addr, pointer};
    use std::ffi::c_void;

    unsafe extern "C" {
        fn __asan_poison_memory_region(at: *const c_void, bytes: usize);
        fn __asan_unpoison_memory_region(at: *const c_void, bytes: usize);
        fn __asan_region_is_poisoned(at: *const c_void, bytes: usize) -> *const c_void;
    }

    /// Runs `read`, for which these bytes are not poisoned.
    pub(super) fn uncovered<R>(at: Addr, bytes: u64, read: impl FnOnce() -> R) -> R {
        // SAFETY: the function looks at the sanitizer's shadow of the range and touches nothing else.
        let poisoned = !unsafe { __asan_region_is_poisoned(pointer::<c_void>(at), bytes as usize) }.is_null();
        if !poisoned {
            return read();
        }
        mark(at, bytes, false);
        let value = read();
        mark(at, bytes, true);
        value
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
