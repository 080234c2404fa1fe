//! # A heap as a program's global allocator
//!
//! ```
//! use kit::geometry::Modern;
//! use runtime::{config::Fast, heap::global::Global};
//!
//! #[global_allocator]
//! static HEAP: Global<Fast<Modern>> = Global::of_reference();
//!
//! let words: Vec<String> = ["every", "String", "here"].map(String::from).to_vec();
//! assert!(HEAP.allocated_blocks() >= words.len() as u64);
//! ```
//!
//! CPython's heap is protected by the GIL. A Rust program has none, so a lock goes around each request.
//!
//! - **I1** Whoever is inside holds the lock. A thread that is inside and asks again (it draws a picture of the heap, or
//!   a part panics) is served by the raw domain, which needs none of the heap's lists.
//! - **I2** Nothing unwinds out of an allocator: a part that panics ends the process, after its message.
//! - **I3** Blocks that must begin at a multiple of more than 16 are the system's from beginning to end; the layout
//!   says so both times.

use super::machine::Heap;
use super::stats::HeapStats;
use crate::config::{Config, Fast};
use kit::allocator::Pools;
use kit::geometry::Geometry;
use kit::memory::Addr;
use kit::observe::Silent;
use kit::picture::HeapPicture;
use kit::raw::RawMemory;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, UnsafeCell};
use std::sync::atomic::{AtomicBool, Ordering};

/// The largest alignment that pools and the raw domain give.
const ALIGN: usize = 16;

/// Tries before a thread lets others run.
const SPINS: u32 = 100;

/// A heap behind a lock, made at the first request.
pub struct Global<C: Config> {
    locked: AtomicBool,
    heap: UnsafeCell<Option<Heap<C>>>,
    make: fn() -> Option<Heap<C>>,
}

// SAFETY: the heap is reached by the thread that holds the lock and by nobody else, and may be handed from one thread to
// the next because it is `Send`.
unsafe impl<C: Config> Sync for Global<C> where Heap<C>: Send {}

thread_local! {
    /// The heap that this thread is inside (I1), by its address: a program may have several.
    static INSIDE: Cell<*const ()> = const { Cell::new(std::ptr::null()) };
}

/// Dropped, it ends the process: a part panicked (I2). Who gets through [`leave`](Guard::leave)s instead. To ask whether
/// the thread panics would not do: a thread that panics frees what it held, and that is no fault of the heap's.
struct Guard<'a> {
    locked: &'a AtomicBool,
    /// Where this thread was before.
    before: *const (),
}

impl Guard<'_> {
    /// Lets the next one in.
    #[inline]
    fn leave(self) {
        INSIDE.set(self.before);
        self.locked.store(false, Ordering::Release);
        std::mem::forget(self);
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        std::process::abort();
    }
}

impl<G: Geometry> Global<Fast<G>> {
    /// The reference's heap.
    #[must_use]
    pub const fn of_reference() -> Self {
        fn make<G: Geometry>() -> Option<Heap<Fast<G>>> {
            // SAFETY: only the reference's parts run on it, and they stay inside what they mapped (I1 of kit::raw).
            let mem = unsafe { RawMemory::new() };
            Heap::new(mem, Silent, Fast::reference())
        }
        Global::new(make::<G>)
    }
}

impl<C: Config<Service = Heap<C>>> Global<C> {
    /// A heap that `make` makes, at the first request.
    pub const fn new(make: fn() -> Option<Heap<C>>) -> Self {
        Global { locked: AtomicBool::new(false), heap: UnsafeCell::new(None), make }
    }

    /// Runs `ask` inside. `None`: there is no heap, for want of memory. Inside already: `again` runs instead.
    #[inline]
    fn with<R>(&self, ask: impl FnOnce(&Heap<C>) -> R, again: impl FnOnce(&Heap<C>) -> R) -> Option<R> {
        let (me, before) = (std::ptr::from_ref(self).cast::<()>(), INSIDE.get());
        if before == me {
            // SAFETY: this thread holds the lock (I1), and everybody inside has shared references only: the heap was
            // made before anybody's `ask` ran.
            let heap = unsafe { &*self.heap.get() };
            return heap.as_ref().map(again);
        }
        let mut spins = 0;
        while self.locked.compare_exchange_weak(false, true, Ordering::Acquire, Ordering::Relaxed).is_err() {
            spins += 1;
            if spins % SPINS == 0 {
                std::thread::yield_now();
            }
            std::hint::spin_loop();
        }
        INSIDE.set(me);
        let guard = Guard { locked: &self.locked, before };
        let at = self.heap.get();
        // SAFETY: this thread holds the lock and is not inside yet, so nobody has a reference.
        let none = unsafe { (*at).is_none() };
        if none {
            let made = (self.make)();
            // SAFETY: as above; making a heap asks the system, not this allocator.
            unsafe { *at = made };
        }
        // SAFETY: this thread holds the lock; from here on there are shared references only.
        let heap = unsafe { &*at };
        let answer = heap.as_ref().map(ask);
        guard.leave();
        answer
    }

    /// What lies where.
    pub fn draw(&self) -> HeapPicture {
        self.with(Heap::draw, |_| HeapPicture::default()).unwrap_or_default()
    }

    /// What it is made of; `None` before the first request.
    pub fn stats(&self) -> Option<HeapStats> {
        self.with(|heap| Some(heap.stats()), |_| None).flatten()
    }

    /// Blocks that the program holds.
    pub fn allocated_blocks(&self) -> u64 {
        self.draw().blocks()
    }
}

fn pointer(at: Option<Option<Addr>>) -> *mut u8 {
    at.flatten().map_or(std::ptr::null_mut(), |at| std::ptr::with_exposed_provenance_mut(at.0 as usize))
}

fn address(block: *mut u8) -> Addr {
    Addr(block.expose_provenance() as u64)
}

/// A block comes back while this thread is inside. One of a pool is left where it is: a part panicked.
fn free_again<C: Config>(heap: &Heap<C>, at: Addr) {
    if heap.pool_of(at).is_none() {
        heap.raw_free(at);
    }
}

// SAFETY: blocks are as large as asked, begin at a multiple of 16 (of more: the system's), belong to one owner until they
// come back, and nothing unwinds.
unsafe impl<C: Config<Service = Heap<C>>> GlobalAlloc for Global<C>
where
    Heap<C>: Send,
{
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() > ALIGN {
            // SAFETY: the caller keeps `GlobalAlloc::alloc`'s contract.
            return unsafe { System.alloc(layout) };
        }
        let bytes = layout.size() as u64;
        pointer(self.with(|heap| heap.malloc(bytes), |heap| heap.raw_malloc(bytes.max(1))))
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if layout.align() > ALIGN {
            // SAFETY: the caller keeps `GlobalAlloc::alloc_zeroed`'s contract.
            return unsafe { System.alloc_zeroed(layout) };
        }
        let bytes = layout.size() as u64;
        pointer(self.with(|heap| heap.calloc(1, bytes), |heap| heap.raw_calloc(bytes.max(1))))
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if layout.align() > ALIGN {
            // SAFETY: the caller keeps `GlobalAlloc::dealloc`'s contract, and `alloc` had this one from the system.
            return unsafe { System.dealloc(block, layout) };
        }
        let at = address(block);
        self.with(|heap| heap.free(at), |heap| free_again(heap, at));
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if layout.align() > ALIGN {
            // SAFETY: the caller keeps `GlobalAlloc::realloc`'s contract, and `alloc` had this one from the system.
            return unsafe { System.realloc(block, layout, size) };
        }
        let (at, bytes) = (address(block), size as u64);
        let again = |heap: &Heap<C>| {
            let to = heap.raw_malloc(bytes.max(1))?;
            heap.copy(at, to, bytes.min(layout.size() as u64));
            free_again(heap, at);
            Some(to)
        };
        pointer(self.with(|heap| heap.realloc(at, bytes), again))
    }
}
