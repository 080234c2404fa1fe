//! # Keys that threads wait on
//!
//! ```text
//!   wait:  enqueue | lets the GIL go | sleep: until woken, or the limit | takes the GIL | end: still in the queue?
//!   wake:  out of the queue, in the order of arrival
//! ```
//!
//! - **I1** Whoever calls one of these, except `sleep`, has the GIL: queues change only then. (The mutex around them
//!   tells that to the compiler; nobody ever waits for it.)
//! - **I2** A thread is in a queue before it lets the GIL go. So whoever takes the GIL afterwards finds it there.
//! - **I3** Without anybody who waits, a wake is one load.

use super::seat::{Seat, leave};
use super::sync::{Arc, AtomicU64, Limit, Mutex, Ordering::Relaxed, lock};
use std::collections::{BTreeMap, VecDeque};

/// The queues of all keys. One that nobody waits on has none.
#[derive(Debug, Default)]
pub struct Keys {
    queues: Mutex<BTreeMap<u64, VecDeque<Arc<Seat>>>>,
    waiting: AtomicU64,
}

/// A thread that waits, from the moment in which it gets into the queue.
#[derive(Debug)]
pub struct Waits<'a> {
    seat: &'a Arc<Seat>,
    key: u64,
}

impl Keys {
    /// Into the queue of `key`, with the GIL: first, before anything is let go (I2).
    pub fn enqueue<'a>(&self, seat: &'a Arc<Seat>, key: u64) -> Waits<'a> {
        seat.woken.lower();
        lock(&self.queues).entry(key).or_default().push_back(seat.clone());
        self.waiting.store(self.waiting.load(Relaxed) + 1, Relaxed);
        Waits { seat, key }
    }

    /// Wakes at most `count` of those that wait on `key`; how many it were.
    #[inline]
    pub fn wake(&self, key: u64, count: usize) -> usize {
        if self.waiting.load(Relaxed) == 0 { 0 } else { self.wake_some(key, count) }
    }

    #[cold]
    fn wake_some(&self, key: u64, count: usize) -> usize {
        let mut queues = lock(&self.queues);
        let Some(queue) = queues.get_mut(&key) else { return 0 };
        let woken: Vec<Arc<Seat>> = queue.drain(..count.min(queue.len())).collect();
        if queue.is_empty() {
            queues.remove(&key);
        }
        drop(queues);
        self.waiting.store(self.waiting.load(Relaxed) - woken.len() as u64, Relaxed);
        for seat in &woken {
            seat.woken.raise();
            seat.parker.unpark();
        }
        woken.len()
    }

    /// The thread is awake and has the GIL. Whether somebody took it out of the queue; else it does so itself.
    fn leave(&self, seat: &Arc<Seat>, key: u64) -> bool {
        let mut queues = lock(&self.queues);
        let Some(queue) = queues.get_mut(&key) else { return true };
        let woken = !leave(queue, seat);
        if queue.is_empty() {
            queues.remove(&key);
        }
        if !woken {
            self.waiting.store(self.waiting.load(Relaxed) - 1, Relaxed);
        }
        woken
    }
}

impl Waits<'_> {
    /// Second, without the GIL: sleeps until it is woken, or the limit.
    pub fn sleep(&self, limit: Option<&Limit>) {
        self.seat.sleep(&self.seat.woken, limit);
    }

    /// Third, with the GIL again: whether it was woken.
    pub fn end(self, keys: &Keys) -> bool {
        keys.leave(self.seat, self.key)
    }
}
