//! # Loom in the place of the system
//!
//! The names of `runtime/src/gil/sync.rs`. A parker is a flag under a mutex here, with a condition to wait on, since
//! loom watches those.

use loom::sync::Condvar;
pub use loom::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
pub use loom::sync::{Mutex, MutexGuard};
pub use std::sync::{Arc, Weak};

/// Nobody looks before a sleep: those would be more orders, and tell nothing new.
pub fn look_first(_: impl Fn() -> bool) -> bool {
    false
}

/// Locks it.
///
/// # Panics
/// When a model's thread panicked: the model has failed.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no thread of a model panics")
}

/// Where one thread sleeps.
#[derive(Debug, Default)]
pub struct Parker {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    unparked: bool,
    /// Time went by, and nobody has noticed yet.
    fired: bool,
}

/// Some time.
#[derive(Debug)]
pub struct Limit;

impl Parker {
    /// For some thread.
    pub fn new() -> Self {
        Parker::default()
    }

    /// Until the clock [fires](Parker::fire).
    pub fn limit(&self, _: u64) -> Limit {
        Limit
    }

    /// Sleeps until somebody calls [`unpark`](Parker::unpark), or the clock fires.
    pub fn park(&self, limit: Option<&Limit>) {
        let mut state = lock(&self.state);
        while !(state.unparked || limit.is_some() && state.fired) {
            state = self.changed.wait(state).expect("no thread of a model panics");
        }
        state.unparked = false;
    }

    /// Ends a sleep, this one or the next.
    pub fn unpark(&self) {
        lock(&self.state).unparked = true;
        self.changed.notify_one();
    }

    /// Whether time went by. It is asked once.
    pub fn is_over(&self, _: &Limit) -> bool {
        std::mem::take(&mut lock(&self.state).fired)
    }

    /// The clock: time goes by.
    pub fn fire(&self) {
        lock(&self.state).fired = true;
        self.changed.notify_one();
    }
}
