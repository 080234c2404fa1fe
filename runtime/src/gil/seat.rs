//! # A thread of the system, as the GIL sees it
//!
//! It has a number, and two reasons to sleep: it wants the GIL (or waits for the switch), and it waits on a key. For each
//! there is a flag that ends the sleep.
//!
//! - **I1** A flag is put down before the thread goes into a queue, and raised by whoever takes it out; both while they
//!   hold what guards the queue. So a flag that is up says that the thread is in the queue no more.
//! - **I2** Whoever raises a flag wakes the thread afterwards. Since that comes late, a sleep may end too early: sleeps
//!   stand in loops that look at their flag.

use super::sync::{Arc, AtomicBool, Limit, Ordering, Parker, look_first};
use kit::gil::ThreadId;
use std::collections::VecDeque;

/// A thread that may want the GIL.
#[derive(Debug)]
pub struct Seat {
    /// Which one it is.
    pub id: ThreadId,
    /// Where it sleeps.
    pub parker: Parker,
    /// Its turn for the GIL, or the switch that it waited for, has come.
    pub(super) called: Flag,
    /// What it waits for on a key has come.
    pub(super) woken: Flag,
}

impl Seat {
    /// For the thread that calls this.
    pub fn new(id: ThreadId) -> Arc<Self> {
        Arc::new(Seat { id, parker: Parker::new(), called: Flag::default(), woken: Flag::default() })
    }

    /// Sleeps until the flag is up, or the limit. Whether the flag is up.
    pub(super) fn sleep(&self, flag: &Flag, limit: Option<&Limit>) -> bool {
        if look_first(|| flag.is_up()) {
            return true;
        }
        loop {
            if flag.is_up() {
                return true;
            }
            if limit.is_some_and(|limit| self.parker.is_over(limit)) {
                return false;
            }
            self.parker.park(limit);
        }
    }
}

/// A reason to sleep no longer.
#[derive(Debug, Default)]
pub(super) struct Flag(AtomicBool);

impl Flag {
    pub(super) fn lower(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    pub(super) fn raise(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn is_up(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Takes a thread out of a queue, wherever it stands. Whether it was there.
pub(super) fn leave(queue: &mut VecDeque<Arc<Seat>>, seat: &Arc<Seat>) -> bool {
    let at = queue.iter().position(|other| Arc::ptr_eq(other, seat));
    at.is_some_and(|at| queue.remove(at).is_some())
}
