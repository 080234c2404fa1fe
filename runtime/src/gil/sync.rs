//! # Where synchronisation comes from
//!
//! Atomics, mutexes and parked threads come from here and nowhere else, so that loom's can stand in: the models in
//! `runtime/models` compile the same files beside a module `sync` of their own.

use std::sync::PoisonError;
pub use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
pub use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// Looks a hundred times, before a thread sleeps, whether it need not: what it waits for may be under way on another
/// processor.
pub fn look_first(need_not: impl Fn() -> bool) -> bool {
    const LOOKS: u32 = 100;
    let look = |_| {
        let is_so = need_not();
        if !is_so {
            std::hint::spin_loop();
        }
        is_so
    };
    (0..LOOKS).any(look)
}

/// Locks it. A panic while it was locked does not matter: whoever uses this leaves things whole at each step.
#[inline]
pub fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where one thread sleeps. An [`unpark`](Parker::unpark) that comes first is not lost; one that comes late makes a later
/// sleep end early.
#[derive(Debug)]
pub struct Parker(Thread);

impl Parker {
    /// For the thread that calls this: only that one sleeps here.
    pub fn new() -> Self {
        Parker(thread::current())
    }

    /// So many microseconds from now.
    pub fn limit(&self, micros: u64) -> Limit {
        Limit(Instant::now().checked_add(Duration::from_micros(micros)))
    }

    /// Sleeps until somebody calls [`unpark`](Parker::unpark), or the limit; sometimes not so long.
    pub fn park(&self, limit: Option<&Limit>) {
        match limit.and_then(|limit| limit.0) {
            None => thread::park(),
            Some(at) => thread::park_timeout(at.saturating_duration_since(Instant::now())),
        }
    }

    /// Ends a sleep, this one or the next.
    pub fn unpark(&self) {
        self.0.unpark();
    }

    /// Whether the limit is reached.
    pub fn is_over(&self, limit: &Limit) -> bool {
        limit.0.is_some_and(|at| Instant::now() >= at)
    }
}

impl Default for Parker {
    fn default() -> Self {
        Parker::new()
    }
}

/// A moment. One that no clock can tell never comes.
#[derive(Debug)]
pub struct Limit(Option<Instant>);
