//! # Threads
//!
//! ```text
//!   start:   spawn; wait for `started`            the new thread:  started.set()
//!                                                                  body
//!   join:    acquire `alive`                                       its own variables die
//!                                                                  alive.release()
//! ```
//!
//! - **I1** `start` returns when the new thread has said that it runs, so the new one has had the GIL by then.
//! - **I2** When `join` returns, all that the thread had of its own is gone: what its body captured, its locals.
//! - **I3** A body that panics ends its thread, and nothing else: the thread says so, `join` returns. So does a variable of
//!   its own that panics as it dies.
//!
//! Source: `Thread._bootstrap_inner`, `start`, `join` and `_wait_for_tstate_lock` in `Lib/threading.py`; the lock is
//! released by `tstate_delete_common` in `Python/pystate.c`, after the thread's dict is gone.

use super::condition::Event;
use super::lock::{Hold, Lock, Patience};
use super::panics::Panics;
use super::shell::{CannotStart, End, Shell};
use super::word::{Guarded, Word};
use crate::gil::sync::Arc;
use kit::gil::ThreadId;

/// `threading.Thread`, started. A clone is the same thread.
#[derive(Clone, Debug)]
pub struct Thread(Arc<Record>);

#[derive(Debug)]
struct Record {
    name: String,
    id: Guarded,
    started: Event,
    /// Held as long as the thread lives: what `threading.py` calls `_tstate_lock`.
    alive: Lock,
    panicked: Guarded,
}

impl Thread {
    /// Starts a thread that does `body`, and waits until it runs (I1).
    ///
    /// # Errors
    /// The system has no thread more.
    pub fn start<S: Shell>(
        shell: &S,
        name: &str,
        body: impl for<'t> FnOnce(S::Inside<'t>) + Send + 'static,
    ) -> Result<Thread, CannotStart> {
        let record = Arc::new(Record {
            name: name.into(),
            id: Guarded::default(),
            started: Event::new(),
            alive: Lock::new(),
            panicked: Guarded::default(),
        });
        record.alive.acquire(shell, Patience::None);
        let its = record.clone();
        shell.spawn(name, Box::new(move |shell: S::Inside<'_>| its.run(shell, body)))?;
        record.started.wait(shell, Patience::Forever);
        Ok(Thread(record))
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Its number.
    pub fn id(&self) -> ThreadId {
        ThreadId(self.0.id.get() as u32)
    }

    /// Whether it has not ended.
    pub fn is_alive(&self) -> bool {
        self.0.alive.locked()
    }

    /// Whether its body panicked, or something that died with it. (What it said is on standard error, as for any thread.)
    pub fn panicked(&self) -> bool {
        self.0.panicked.get() != 0
    }

    /// Waits for its end (I2). Whether it has come.
    pub fn join<S: Shell>(&self, shell: &S, patience: Patience) -> bool {
        let ended = self.0.alive.acquire(shell, patience);
        if ended {
            let released = self.0.alive.release(shell);
            debug_assert!(released.is_ok(), "it is acquired here");
        }
        ended
    }
}

impl Record {
    /// The new thread's whole life.
    fn run<S: Shell + Copy>(&self, shell: S, body: impl FnOnce(S)) {
        self.id.set(u64::from(shell.me().0));
        let _last = Alive { record: self, shell };
        self.started.set(&shell);
        let mut panics = Panics::default();
        panics.catch(|| body(shell));
        panics.catch(|| shell.end(End(())));
        self.panicked.set(panics.happened().into());
    }
}

/// A thread that lives. Dropped, it has ended, also when dropping what it panicked with panics once more (I3).
struct Alive<'a, S: Shell> {
    record: &'a Record,
    shell: S,
}

impl<S: Shell> Drop for Alive<'_, S> {
    fn drop(&mut self) {
        let released = self.record.alive.release(&self.shell);
        debug_assert!(released.is_ok(), "it was acquired when the thread was started");
    }
}
