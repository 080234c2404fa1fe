//! # Semaphores
//!
//! - **I1** Its value is never below 0: who finds 0 waits.
//! - **I2** A bounded one is never above what it was at first.
//!
//! Source: `Semaphore` and `BoundedSemaphore` in `Lib/threading.py`.

use super::condition::Condition;
use super::lock::{Lock, Patience};
use super::shell::Shell;
use super::word::{Guarded, Word};

/// A bounded semaphore was released more often than acquired.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReleasedTooOften;

/// `threading.Semaphore`, and with a bound `threading.BoundedSemaphore`.
#[derive(Debug)]
pub struct Semaphore {
    condition: Condition<Lock>,
    value: Guarded,
    bound: u64,
}

impl Semaphore {
    /// Lets `value` in.
    pub fn new(value: u64) -> Self {
        Semaphore { condition: Condition::on(Lock::new()), value: Guarded::new(value), bound: u64::MAX }
    }

    /// Lets `value` in, and never more.
    pub fn bounded(value: u64) -> Self {
        Semaphore { bound: value, ..Semaphore::new(value) }
    }

    /// How many it would let in.
    pub fn value(&self) -> u64 {
        self.value.get()
    }

    /// Waits to be let in (I1). Whether it was.
    pub fn acquire<S: Shell>(&self, shell: &S, patience: Patience) -> bool {
        self.condition.within(shell, || {
            let waited = self.condition.wait_for(shell, patience, || self.value.get() > 0);
            let let_in = waited.expect("the lock is acquired here");
            if let_in {
                self.value.set(self.value.get() - 1);
            }
            let_in
        })
    }

    /// Lets `count` more in.
    ///
    /// # Errors
    /// That is above its bound (I2); nothing changed.
    pub fn release<S: Shell>(&self, shell: &S, count: u64) -> Result<(), ReleasedTooOften> {
        self.condition.within(shell, || {
            let value = self.value.get().checked_add(count).filter(|value| *value <= self.bound);
            self.value.set(value.ok_or(ReleasedTooOften)?);
            let notified = self.condition.notify(shell, usize::try_from(count).unwrap_or(usize::MAX));
            debug_assert!(notified.is_ok(), "the lock is acquired here");
            Ok(())
        })
    }
}
