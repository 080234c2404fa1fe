//! # Queues
//!
//! ```text
//!   put --> not full? else wait on not_full --> | x | x | x | --> not empty? else wait on not_empty --> get
//!                     all under one lock: `mutex`
//! ```
//!
//! - **I1** There are at most `maxsize` items, if it is not 0.
//! - **I2** `unfinished` counts the items that were put and for which nobody has said `task_done` yet.
//!
//! A [`SimpleQueue`] has no bound and counts no tasks; its `put` never waits, so it may be called from a finalizer that
//! runs in the middle of a `get` of the same thread.
//!
//! Source: `Queue` in `Lib/queue.py`, `Modules/_queuemodule.c` of 3.11.

use super::condition::Condition;
use super::lock::{Hold, Lock, Patience};
use super::shell::{Shell, Waited};
use super::word::{Guarded, Word};
use crate::gil::sync::{Arc, Mutex, lock};
use std::collections::VecDeque;

/// `task_done` was called more often than `put`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooManyTasksDone;

/// One lock that several conditions stand on.
type Shared = Arc<Lock>;

impl Hold for Shared {
    fn acquire<S: Shell>(&self, shell: &S, patience: Patience) -> bool {
        (**self).acquire(shell, patience)
    }
    fn release<S: Shell>(&self, shell: &S) -> Result<(), super::NotAcquired> {
        (**self).release(shell)
    }
    fn release_save<S: Shell>(&self, shell: &S) -> Result<u64, super::NotAcquired> {
        (**self).release_save(shell)
    }
    fn acquire_restore<S: Shell>(&self, shell: &S, saved: u64) -> bool {
        (**self).acquire_restore(shell, saved)
    }
    fn is_owned<S: Shell>(&self, shell: &S) -> bool {
        (**self).is_owned(shell)
    }
}

/// `queue.Queue`
#[derive(Debug)]
pub struct Queue<T> {
    maxsize: usize,
    items: Mutex<VecDeque<T>>,
    unfinished: Guarded,
    not_empty: Condition<Shared>,
    not_full: Condition<Shared>,
    all_done: Condition<Shared>,
}

impl<T> Queue<T> {
    /// An empty queue of at most `maxsize` items; 0 is as many as there is memory for.
    pub fn new(maxsize: usize) -> Self {
        let mutex = Shared::default();
        let condition = || Condition::on(mutex.clone());
        Queue {
            maxsize,
            items: Mutex::new(VecDeque::new()),
            unfinished: Guarded::default(),
            not_empty: condition(),
            not_full: condition(),
            all_done: condition(),
        }
    }

    /// How many items there are.
    pub fn qsize(&self) -> usize {
        lock(&self.items).len()
    }

    /// Puts an item in.
    ///
    /// # Errors
    /// The item: there was no room as long as the patience lasted (`queue.Full`).
    pub fn put<S: Shell>(&self, shell: &S, item: T, patience: Patience) -> Result<(), T> {
        self.not_full.within(shell, || {
            let has_room = || self.maxsize == 0 || self.qsize() < self.maxsize;
            if !self.not_full.wait_for(shell, patience, has_room).expect("the lock is acquired here") {
                return Err(item);
            }
            lock(&self.items).push_back(item);
            self.unfinished.set(self.unfinished.get() + 1);
            self.not_empty.notify(shell, 1).expect("the lock is acquired here");
            Ok(())
        })
    }

    /// Takes the oldest item out. `None`: there was none as long as the patience lasted (`queue.Empty`).
    pub fn get<S: Shell>(&self, shell: &S, patience: Patience) -> Option<T> {
        self.not_empty.within(shell, || {
            let has_some = || self.qsize() > 0;
            if !self.not_empty.wait_for(shell, patience, has_some).expect("the lock is acquired here") {
                return None;
            }
            let item = lock(&self.items).pop_front();
            self.not_full.notify(shell, 1).expect("the lock is acquired here");
            item
        })
    }

    /// What was taken out is done with.
    ///
    /// # Errors
    /// It is said more often than items were put (I2).
    pub fn task_done<S: Shell>(&self, shell: &S) -> Result<(), TooManyTasksDone> {
        self.all_done.within(shell, || {
            let unfinished = self.unfinished.get().checked_sub(1).ok_or(TooManyTasksDone)?;
            self.unfinished.set(unfinished);
            if unfinished == 0 {
                self.all_done.notify_all(shell).expect("the lock is acquired here");
            }
            Ok(())
        })
    }

    /// Waits until everything that was put is done with.
    pub fn join<S: Shell>(&self, shell: &S) {
        self.all_done.within(shell, || {
            let waited = self.all_done.wait_for(shell, Patience::Forever, || self.unfinished.get() == 0);
            debug_assert!(waited.is_ok(), "the lock is acquired here");
        });
    }
}

/// `queue.SimpleQueue`
#[derive(Debug)]
pub struct SimpleQueue<T> {
    items: Mutex<VecDeque<T>>,
    /// What its getters wait on.
    key: Guarded,
}

impl<T> Default for SimpleQueue<T> {
    fn default() -> Self {
        SimpleQueue { items: Mutex::new(VecDeque::new()), key: Guarded::default() }
    }
}

impl<T> SimpleQueue<T> {
    /// An empty queue.
    pub fn new() -> Self {
        SimpleQueue::default()
    }

    /// How many items there are.
    pub fn qsize(&self) -> usize {
        lock(&self.items).len()
    }

    /// Puts an item in. Never waits.
    pub fn put<S: Shell>(&self, shell: &S, item: T) {
        lock(&self.items).push_back(item);
        shell.wake(self.key.key(), 1);
    }

    /// Takes the oldest item out. `None`: there was none as long as the patience lasted.
    pub fn get<S: Shell>(&self, shell: &S, patience: Patience) -> Option<T> {
        let until = patience.until(shell);
        let mut waited = if patience.waits() { Waited::Woken } else { Waited::TimedOut };
        loop {
            let item = lock(&self.items).pop_front();
            if item.is_some() || waited == Waited::TimedOut {
                return item;
            }
            waited = shell.wait(self.key.key(), until);
        }
    }
}
