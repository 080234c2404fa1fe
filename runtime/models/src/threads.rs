//! The files of `runtime/src/threads` that models use, and a shell for them.

#[path = "../../src/threads/condition.rs"]
pub mod condition;
#[path = "../../src/threads/local.rs"]
pub mod local;
#[path = "../../src/threads/lock.rs"]
pub mod lock;
#[expect(dead_code, reason = "a thread's end asks more of it, and `thread.rs` is not here")]
#[path = "../../src/threads/panics.rs"]
mod panics;
#[path = "../../src/threads/shell.rs"]
pub mod shell;
#[path = "../../src/threads/word.rs"]
pub mod word;

pub use lock::NotAcquired;
pub use shell::Micros;
use shell::{Body, CannotStart, Shell, Waited};

use crate::gil::gil::Part;
use crate::gil::keys::Keys;
use crate::gil::os::{DROP, OsGil};
use crate::gil::seat::Seat;
use crate::gil::sync::Arc;
use kit::gil::ThreadId;
use kit::graph::Obj;
use local::Locals;

/// A GIL, and the keys that its threads wait on.
#[derive(Debug)]
pub struct Model {
    /// The reference's part, among loom's threads.
    pub gil: OsGil<Part>,
    /// What else they wait for: wait queues, a parking lot.
    pub keys: Keys,
}

impl Default for Model {
    fn default() -> Self {
        Model { gil: OsGil::new(Part), keys: Keys::default() }
    }
}

/// A thread of a model that has the GIL.
#[derive(Clone, Copy, Debug)]
pub struct Holder<'a> {
    model: &'a Model,
    /// What stands in queues for it: a waiter.
    seat: &'a Arc<Seat>,
    locals: &'a Locals,
}

impl Model {
    /// Takes the GIL, runs `inside` with it, and lets it go.
    pub fn with_gil<R>(&self, seat: &Arc<Seat>, inside: impl FnOnce(&Holder<'_>) -> R) -> R {
        self.gil.take(seat);
        let result = inside(&Holder { model: self, seat, locals: &Locals::default() });
        self.gil.release(seat);
        result
    }
}

/// Without time, and without new threads: models start theirs themselves.
impl Shell for Holder<'_> {
    type Inside<'t> = Holder<'t>;

    fn me(&self) -> ThreadId {
        self.seat.id
    }

    fn now(&self) -> Micros {
        0
    }

    fn switch_point(&self) -> Result<(), Obj> {
        if self.model.gil.asked() & DROP != 0 {
            self.model.gil.release(self.seat);
            self.model.gil.take(self.seat);
        }
        Ok(())
    }

    fn wait(&self, key: u64, until: Option<Micros>) -> Waited {
        let waits = self.model.keys.enqueue(self.seat, key);
        self.model.gil.release(self.seat);
        waits.sleep(until.map(|micros| self.seat.parker.limit(micros)).as_ref());
        self.model.gil.take(self.seat);
        if waits.end(&self.model.keys) { Waited::Woken } else { Waited::TimedOut }
    }

    fn wake(&self, key: u64, count: usize) -> usize {
        self.model.keys.wake(key, count)
    }

    fn sleep(&self, _: Micros) {
        self.model.gil.release(self.seat);
        self.model.gil.take(self.seat);
    }

    fn blocking<R: Send>(&self, _: Micros, call: impl FnOnce() -> R + Send) -> R {
        self.model.gil.release(self.seat);
        let result = call();
        self.model.gil.take(self.seat);
        result
    }

    fn spawn(&self, _: &str, _: Body<Self>) -> Result<(), CannotStart> {
        Err(CannotStart)
    }

    fn locals(&self) -> &Locals {
        self.locals
    }
}
