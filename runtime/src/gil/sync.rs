//! # Where synchronisation comes from
//!
//! Atomics, mutexes and parked threads come from here and nowhere else, so that loom's can stand in: the models in
//! `runtime/models` compile the same files around a module `sync` of their own.

use std::sync::PoisonError;
pub use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
pub use std::sync::{Arc, Mutex, MutexGuard, Weak};

/// Locks it. A panic while it was locked does not matter: whoever uses this leaves things whole at each step.
pub fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
