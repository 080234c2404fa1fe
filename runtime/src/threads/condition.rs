//! # Conditions and events
//!
//! ```text
//!   wait:    a new lock, acquired, into the list --> release the condition's lock --> acquire the new lock: blocks
//!   notify:  takes the first out of the list, and releases its lock
//! ```
//!
//! - **I1** Who waits, or notifies, has acquired the condition's lock; it has it again when `wait` returns. (When the run is
//!   over, somebody else may keep it: then that is an error, and `with` lets nothing go.)
//! - **I2** The list is in the order of arrival.
//! - **I3** A waiter whose time is up takes itself out of the list, if nobody has.
//!
//! Source: `Condition` and `Event` in `Lib/threading.py`.

use super::lock::{Hold, Lock, NotAcquired, Patience, RLock};
use super::shell::{Micros, Shell};
use super::word::{Guarded, Word};
use crate::gil::sync::{Arc, lock};
use std::collections::VecDeque;

type Waiters = crate::gil::sync::Mutex<VecDeque<Arc<Lock>>>;

/// `threading.Condition`
#[derive(Debug, Default)]
pub struct Condition<L = RLock> {
    lock: L,
    waiters: Waiters,
    /// One more than the number of the thread that waited and did not get the lock back (I1). No other runs before that
    /// one has ended.
    lost: Guarded,
}

impl Condition {
    /// A condition with an [`RLock`] of its own.
    pub fn new() -> Self {
        Condition::default()
    }
}

impl<L: Hold> Condition<L> {
    /// A condition on `lock`.
    pub fn on(lock: L) -> Self {
        Condition { lock, waiters: Waiters::default(), lost: Guarded::default() }
    }

    /// The lock that it stands on.
    pub fn lock(&self) -> &L {
        &self.lock
    }

    /// Waits to be notified (I1). Whether it was, or else its patience is at its end.
    ///
    /// # Errors
    /// This thread has not acquired the lock, or it did not get it back.
    pub fn wait<S: Shell>(&self, shell: &S, patience: Patience) -> Result<bool, NotAcquired> {
        if !self.lock.is_owned(shell) {
            return Err(NotAcquired);
        }
        let mine = Arc::new(Lock::new());
        mine.acquire(shell, Patience::None);
        lock(&self.waiters).push_back(mine.clone());
        let saved = self.lock.release_save(shell)?;
        let notified = mine.acquire(shell, patience);
        let restored = self.lock.acquire_restore(shell, saved);
        if !notified {
            lock(&self.waiters).retain(|waiter| !Arc::ptr_eq(waiter, &mine));
        }
        if !restored {
            self.lost.set(number(shell));
            return Err(NotAcquired);
        }
        Ok(notified)
    }

    /// Waits until `is_so`, looked at with the lock acquired. What it said last.
    ///
    /// # Errors
    /// This thread has not acquired the lock, or it did not get it back.
    pub fn wait_for<S: Shell>(
        &self,
        shell: &S,
        patience: Patience,
        mut is_so: impl FnMut() -> bool,
    ) -> Result<bool, NotAcquired> {
        let until: Option<Micros> = patience.until(shell);
        loop {
            if is_so() {
                return Ok(true);
            }
            match Patience::left(shell, until) {
                Patience::None => return Ok(false),
                // Its time is up, or the run is over: then no other wait would be longer.
                left if !self.wait(shell, left)? => return Ok(is_so()),
                _ => {}
            }
        }
    }

    /// Wakes at most `count` of those that wait (I2).
    ///
    /// # Errors
    /// This thread has not acquired the lock.
    pub fn notify<S: Shell>(&self, shell: &S, count: usize) -> Result<(), NotAcquired> {
        if !self.lock.is_owned(shell) {
            return Err(NotAcquired);
        }
        for _ in 0..count {
            let Some(waiter) = lock(&self.waiters).pop_front() else { break };
            waiter.release(shell)?;
        }
        Ok(())
    }

    /// Wakes all that wait.
    ///
    /// # Errors
    /// This thread has not acquired the lock.
    pub fn notify_all<S: Shell>(&self, shell: &S) -> Result<(), NotAcquired> {
        self.notify(shell, usize::MAX)
    }

    /// `with`: runs `inside` with the lock acquired. `None`: the run is over, and somebody else has it.
    pub fn with<S: Shell, R>(&self, shell: &S, inside: impl FnOnce() -> R) -> Option<R> {
        if !self.lock.acquire(shell, Patience::Forever) {
            return None;
        }
        self.lost.set(0);
        let _held = Held { condition: self, shell };
        Some(inside())
    }

    /// `with`, for a lock that nobody keeps while the GIL is let go: whoever comes finds it free.
    pub(super) fn within<S: Shell, R>(&self, shell: &S, inside: impl FnOnce() -> R) -> R {
        self.with(shell, inside).expect("nobody keeps it without the GIL")
    }
}

/// The thread that has the GIL, as it stands in a word.
fn number<S: Shell>(shell: &S) -> u64 {
    u64::from(shell.me().0) + 1
}

/// Lets a lock go, also when what ran inside panicked.
struct Held<'a, L: Hold, S: Shell> {
    condition: &'a Condition<L>,
    shell: &'a S,
}

impl<L: Hold, S: Shell> Drop for Held<'_, L, S> {
    fn drop(&mut self) {
        if self.condition.lost.get() == number(self.shell) {
            return; // it is not its own any more (I1)
        }
        // An error: it was released inside already. Then there is nothing left to do.
        let _ = self.condition.lock.release(self.shell);
    }
}

/// `threading.Event`
#[derive(Debug)]
pub struct Event {
    condition: Condition<Lock>,
    flag: Guarded,
}

impl Default for Event {
    fn default() -> Self {
        Event { condition: Condition::on(Lock::new()), flag: Guarded::default() }
    }
}

impl Event {
    /// It has not happened yet.
    pub fn new() -> Self {
        Event::default()
    }

    /// Whether it has happened.
    pub fn is_set(&self) -> bool {
        self.flag.get() != 0
    }

    /// It has happened: wakes all that wait for it.
    pub fn set<S: Shell>(&self, shell: &S) {
        self.condition.within(shell, || {
            self.flag.set(1);
            let notified = self.condition.notify_all(shell);
            debug_assert!(notified.is_ok(), "the lock is acquired here");
        });
    }

    /// It has not happened.
    pub fn clear<S: Shell>(&self, shell: &S) {
        self.condition.within(shell, || self.flag.set(0));
    }

    /// Waits for it. Whether it has happened.
    pub fn wait<S: Shell>(&self, shell: &S, patience: Patience) -> bool {
        self.condition.within(shell, || match self.is_set() || !patience.waits() {
            true => self.is_set(),
            false => self.condition.wait(shell, patience).expect("the lock is acquired here"),
        })
    }
}
