//! # A turn: what a thread has in its hands while it runs
//!
//! The shell ([`crate::threads::shell`]) of threads that take turns.

use super::table::Turns;
use crate::gil::program::Micros;
use crate::gil::script::{Going, Then};
use crate::threads::{Body, CannotStart, Locals, Shell, Waited};
use kit::gil::ThreadId;
use kit::graph::Obj;
use std::marker::PhantomData;
use std::sync::Arc;

/// A thread that runs. It stays in that thread: who has it has the baton.
#[derive(Clone, Copy)]
pub(crate) struct Turn<'t> {
    turns: &'t Arc<Turns>,
    me: ThreadId,
    locals: &'t Locals,
    here: PhantomData<*const ()>,
}

impl<'t> Turn<'t> {
    /// The thread that runs at this table, which keeps its variables in `locals`.
    pub(crate) fn of(turns: &'t Arc<Turns>, locals: &'t Locals) -> Self {
        Turn { turns, me: turns.running(), locals, here: PhantomData }
    }

    /// The thread has computed so long; whatever is due meanwhile happens.
    pub(crate) fn spend(&self, micros: Micros) {
        self.turns.spend(micros);
    }

    /// From now on who waits asks after so long.
    pub(crate) fn set_interval(&self, micros: Micros) {
        self.turns.set_going(Going::Interval(micros));
        self.turns.spend(0);
    }
}

impl std::fmt::Debug for Turn<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the turn of {}", self.turns.name(self.me))
    }
}

impl Shell for Turn<'_> {
    type Inside<'t> = Turn<'t>;

    fn me(&self) -> ThreadId {
        self.me
    }

    fn now(&self) -> Micros {
        self.turns.now()
    }

    fn switch_point(&self) -> Result<(), Obj> {
        self.turns.switch_point();
        Ok(())
    }

    fn wait(&self, key: u64, until: Option<Micros>) -> Waited {
        if self.turns.wait(key, until) { Waited::Woken } else { Waited::TimedOut }
    }

    fn wake(&self, key: u64, count: usize) -> usize {
        self.turns.wake(key, count)
    }

    fn sleep(&self, micros: Micros) {
        self.turns.answer(Then::Blocks(micros));
    }

    fn blocking<R: Send>(&self, micros: Micros, call: impl FnOnce() -> R + Send) -> R {
        self.turns.answer(Then::Blocks(micros));
        call()
    }

    fn spawn(&self, name: &str, body: Body<Self>) -> Result<(), CannotStart> {
        self.turns.spawn(name, body).map(drop)
    }

    fn locals(&self) -> &Locals {
        self.locals
    }
}
