//! # The baton
//!
//! ```text
//!   A has it --hand(B)--> B is the one that is told; A parks --...--> B hands it back: A goes on
//! ```
//!
//! - **I1** What a thread wrote before it handed the baton over, the next one sees: a store that releases, a load that
//!   acquires.
//! - **I2** Who is handed the baton finds that out: it is in the list before it looks, and the baton is told before the
//!   list is looked at.

use kit::gil::ThreadId;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, Thread};

/// Who runs.
pub(super) struct Baton {
    holder: AtomicU32,
    /// Whom to wake, by number.
    threads: Mutex<Vec<Option<Thread>>>,
}

impl Baton {
    /// The thread that makes it has it, as number 0.
    pub(super) fn new() -> Self {
        Baton { holder: AtomicU32::new(0), threads: Mutex::new(vec![Some(thread::current())]) }
    }

    /// Who has it.
    pub(super) fn holder(&self) -> ThreadId {
        ThreadId(self.holder.load(Ordering::Acquire))
    }

    /// The thread that calls this is `me`, whom others wake.
    pub(super) fn is_here(&self, me: ThreadId) {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        if threads.len() <= me.0 as usize {
            threads.resize(me.0 as usize + 1, None);
        }
        threads[me.0 as usize] = Some(thread::current());
    }

    /// `next` has it from now on. A thread that is not here yet finds that out when it comes.
    pub(super) fn hand(&self, next: ThreadId) {
        // First the word, then the list: who is not in the list yet will look at the word after it is.
        self.holder.store(next.0, Ordering::Release);
        let thread = self.threads.lock().unwrap_or_else(PoisonError::into_inner).get(next.0 as usize).cloned();
        if let Some(Some(thread)) = thread {
            thread.unpark();
        }
    }

    /// Sleeps until `me` has it.
    pub(super) fn wait(&self, me: ThreadId) {
        while self.holder() != me {
            thread::park();
        }
    }
}
