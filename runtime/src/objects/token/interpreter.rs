//! # An interpreter that threads share
//!
//! ```text
//!   Interpreter --> Shared: | objects | GIL | keys | dropped | duties | threads |
//!                                |                                       |
//!                                +--- the words of the thread that runs  +-- Own: | seat | words | locals | thrown |
//!                                        swapped when another one takes
//! ```
//!
//! - **I1** Whoever touches `objects`, `running`, `threads` or an [`Own`] of another thread has the GIL.
//! - **I2** The words of the objects' world that are a thread's own are those of `running`.
//! - **I3** A thread that is inside has one [`Own`], however often it comes in: within a call, or within a blocking call
//!   that let the GIL go.
//! - **I4** A thread that leaves is inside no more and lets the GIL go, whatever panics when its own things die. An
//!   entry that stayed in [`INSIDE`] would be found for an interpreter that comes to lie at the same address.
//!
//! Source: `PyGILState_Ensure` and `PyGILState_Release` in `Python/pystate.c`.

use super::detached::Dropped;
use super::duties::Duties;
use super::{Gil, Objects};
use crate::gil::keys::Keys;
use crate::gil::os::OsGil;
use crate::gil::seat::Seat;
use crate::gil::sync::Arc;
use crate::heap::machine::Heap;
use crate::objects::machine::{Profile, World, the};
use crate::objects::thread_words::ThreadWords;
use crate::threads::Locals;
use kit::gil::ThreadId;
use kit::graph::Obj;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

/// A runtime that threads share. A clone is the same one.
pub struct Interpreter<W: World>(pub(super) Arc<Shared<W>>);

impl<W: World> Clone for Interpreter<W> {
    fn clone(&self) -> Self {
        Interpreter(self.0.clone())
    }
}

/// What all its threads have in common.
pub(crate) struct Shared<W: World> {
    pub(super) objects: Objects<W>,
    pub(super) gil: OsGil<W::Turns>,
    /// Wait queues: a parking lot.
    pub(super) keys: Keys,
    pub(super) dropped: Dropped,
    pub(super) duties: Duties<W>,
    pub(super) threads: RefCell<Vec<Arc<Own>>>,
    running: RefCell<Option<Arc<Own>>>,
    pub(super) began: Instant,
}

// SAFETY: all of it that is not made for threads is touched only by the thread that has the GIL (I1): through a `Gil`,
// which is given to nobody else. What one thread did before it let go, the next one sees after it took: the GIL's mutex
// is in between. So it is as good as moved from thread to thread, which `Send` allows.
unsafe impl<W: World> Sync for Shared<W> where Objects<W>: Send {}
// SAFETY: the last one who has it is the only one; what it drops then may be dropped by any thread, as `Objects` may.
unsafe impl<W: World> Send for Shared<W> where Objects<W>: Send {}

/// A thread that is inside an interpreter.
#[derive(Debug)]
pub(crate) struct Own {
    /// What stands in queues for it: a waiter.
    pub(super) seat: Arc<Seat>,
    words: ThreadWords,
    pub(super) locals: Locals,
    /// Written and read by its thread alone.
    has_gil: Cell<bool>,
    /// What another thread wants it to raise. Owned.
    pub(super) thrown: Cell<Option<Obj>>,
}

thread_local! {
    /// This thread, as any GIL sees it.
    static SEAT: Arc<Seat> = Seat::new(new_thread());
    /// Which interpreters this thread is inside of, by address. Seldom more than one.
    static INSIDE: RefCell<Vec<(*const (), Arc<Own>)>> = const { RefCell::new(Vec::new()) };
}

/// The next number for a thread: in this process, no two have the same.
fn new_thread() -> ThreadId {
    static THREADS: AtomicU32 = AtomicU32::new(0);
    ThreadId(THREADS.fetch_add(1, Ordering::Relaxed))
}

impl<W: World> Interpreter<W> {
    /// A runtime on `heap`; its main thread is the one that calls this. `None`: no memory.
    pub fn new(heap: Heap<W>, profile: Profile) -> Option<Self> {
        Some(Interpreter(Arc::new(Shared {
            objects: Objects::new(heap, profile)?,
            gil: OsGil::new(the()),
            keys: Keys::default(),
            dropped: Dropped::default(),
            duties: Duties::new(SEAT.with(|seat| seat.id)),
            threads: RefCell::default(),
            running: RefCell::default(),
            began: Instant::now(),
        })))
    }

    /// Waits for the GIL, and runs `inside` with it. A thread that has it goes on at once.
    ///
    /// A thread that has the GIL of one interpreter keeps it while it waits for that of another. If two threads take two
    /// GILs in opposite orders, both wait for ever: take them in one order, or the second one in
    /// [`allow_threads`](Gil::allow_threads). CPython cannot come to that: since 3.12, where interpreters may have GILs of
    /// their own, a thread that swaps another interpreter's thread state in lets the first GIL go (`PyThreadState_Swap`);
    /// before, there was one for all.
    ///
    /// # Panics
    /// When `inside` panics, or something of the thread's own as it dies. The GIL is free afterwards: objects are whole
    /// between any two calls.
    pub fn with_gil<R>(&self, inside: impl for<'g> FnOnce(Gil<'g, W>) -> R) -> R {
        Shared::enter(&self.0, inside)
    }

    /// `sys.getswitchinterval()`: how long a thread that wants the GIL waits before it asks, in seconds.
    pub fn switch_interval(&self) -> f64 {
        self.0.gil.interval() as f64 / 1e6
    }

    /// `sys.setswitchinterval(seconds)`
    ///
    /// # Errors
    /// It is not above 0 (`ValueError`).
    pub fn set_switch_interval(&self, seconds: f64) -> Result<(), NotPositive> {
        if seconds > 0.0 {
            self.0.gil.set_interval((seconds * 1e6) as u64);
            return Ok(());
        }
        Err(NotPositive)
    }

    /// How often the GIL went from one thread to another.
    pub fn switches(&self) -> u64 {
        self.0.gil.switch_number()
    }
}

/// An interval that is no time at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotPositive;

impl<W: World> fmt::Debug for Interpreter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an interpreter after {} switches", self.0.gil.switch_number())
    }
}

impl<W: World> Shared<W> {
    /// I3.
    #[expect(clippy::arc_with_non_send_sync, reason = "it is shared among this thread and the holders of the GIL (I1)")]
    pub(super) fn enter<R>(self: &Arc<Self>, inside: impl for<'g> FnOnce(Gil<'g, W>) -> R) -> R {
        if let Some(own) = self.own() {
            let _taken = (!own.has_gil.get()).then(|| Taken::new(self, &own));
            return inside(Gil::new(self, &own));
        }
        let own = Arc::new(Own {
            seat: SEAT.with(Arc::clone),
            words: ThreadWords::default(),
            locals: Locals::default(),
            has_gil: Cell::new(false),
            thrown: Cell::new(None),
        });
        let stay = Stay::new(self, &own);
        stay.gil().catch_up();
        inside(stay.gil())
    }

    fn address(&self) -> *const () {
        std::ptr::from_ref(self).cast()
    }

    /// This thread's, if it is inside.
    fn own(&self) -> Option<Arc<Own>> {
        INSIDE.with_borrow(|inside| inside.iter().find(|(at, _)| *at == self.address()).map(|(_, own)| own.clone()))
    }

    /// Whether this thread has the GIL. `false` as well when the thread is so near its end that nobody can tell.
    pub(super) fn is_mine(&self) -> bool {
        let has = |inside: &RefCell<Vec<(*const (), Arc<Own>)>>| {
            inside.borrow().iter().any(|(at, own)| *at == self.address() && own.has_gil.get())
        };
        INSIDE.try_with(has).unwrap_or(false)
    }

    pub(super) fn take(&self, own: &Arc<Own>) {
        self.gil.take(&own.seat);
        own.has_gil.set(true);
        let mut running = self.running.borrow_mut();
        if !running.as_ref().is_some_and(|running| Arc::ptr_eq(running, own)) {
            self.objects.swap_thread(running.as_ref().map(|leaves| &leaves.words), &own.words);
            *running = Some(own.clone());
            drop(running);
            self.set_breaker(own);
        }
    }

    pub(super) fn release(&self, own: &Own) {
        own.has_gil.set(false);
        self.gil.release(&own.seat);
    }

    /// Waits on a key as long as its queue or the limit says. Whether it was woken.
    pub(super) fn wait(&self, own: &Arc<Own>, key: u64, until: Option<u64>) -> bool {
        let now = self.began.elapsed().as_micros() as u64;
        let limit = until.map(|until| own.seat.parker.limit(until.saturating_sub(now)));
        let waits = self.keys.enqueue(&own.seat, key);
        self.release(own);
        waits.sleep(limit.as_ref());
        self.take(own);
        waits.end(&self.keys)
    }
}

/// The GIL, taken by a thread that is inside already. Dropped, it is let go, also when somebody panics.
pub(super) struct Taken<'a, W: World> {
    shared: &'a Shared<W>,
    own: &'a Arc<Own>,
}

impl<'a, W: World> Taken<'a, W> {
    fn new(shared: &'a Shared<W>, own: &'a Arc<Own>) -> Self {
        shared.take(own);
        Taken { shared, own }
    }
}

impl<W: World> Drop for Taken<'_, W> {
    fn drop(&mut self) {
        self.shared.release(self.own);
    }
}

/// The opposite: the GIL, let go for a while.
pub(super) struct LetGo<'a, W: World> {
    shared: &'a Shared<W>,
    own: &'a Arc<Own>,
}

impl<'a, W: World> LetGo<'a, W> {
    pub(super) fn new(shared: &'a Shared<W>, own: &'a Arc<Own>) -> Self {
        shared.release(own);
        LetGo { shared, own }
    }
}

impl<W: World> Drop for LetGo<'_, W> {
    fn drop(&mut self) {
        self.shared.take(self.own);
    }
}

/// A thread's stay inside, from its first coming in to its last going out. It has the GIL at both.
struct Stay<'a, W: World> {
    shared: &'a Arc<Shared<W>>,
    own: &'a Arc<Own>,
}

impl<'a, W: World> Stay<'a, W> {
    fn new(shared: &'a Arc<Shared<W>>, own: &'a Arc<Own>) -> Self {
        shared.take(own);
        INSIDE.with_borrow_mut(|inside| inside.push((shared.address(), own.clone())));
        shared.threads.borrow_mut().push(own.clone());
        Stay { shared, own }
    }

    fn gil(&self) -> Gil<'a, W> {
        Gil::new(self.shared, self.own)
    }
}

impl<W: World> Drop for Stay<'_, W> {
    fn drop(&mut self) {
        let _last = Leaves { shared: self.shared, own: self.own };
        self.gil().end_thread();
    }
}

/// What remains to be done when a thread's own things have died, or panicked (I4).
struct Leaves<'a, W: World> {
    shared: &'a Shared<W>,
    own: &'a Arc<Own>,
}

impl<W: World> Drop for Leaves<'_, W> {
    fn drop(&mut self) {
        self.shared.threads.borrow_mut().retain(|own| !Arc::ptr_eq(own, self.own));
        self.shared.running.replace(None);
        INSIDE.with_borrow_mut(|inside| inside.retain(|(_, own)| !Arc::ptr_eq(own, self.own)));
        self.shared.release(self.own);
    }
}
