//! # What a thread does when it looks up from its work
//!
//! ```text
//!   switch_point:  the breaker is 0 ---- yes --> goes on: one load
//!                      | no
//!                      v
//!                  signals  -->  pending calls  -->  somebody wants the GIL  -->  an exception of another thread's
//!                  (main thread only)                 lets go, takes it again
//! ```
//!
//! - **I1** In this order. A handler or a call that raises ends it: what comes after stays to be done.
//! - **I2** Handlers and pending calls run in the main thread alone, and a pending call never inside of another.
//! - **I3** A bit of the breaker that is not this thread's business is taken back; who takes the GIL looks for what is
//!   its own.
//!
//! Source: `eval_frame_handle_pending`, `handle_signals`, `make_pending_calls` in `Python/ceval.c` of 3.11.

use super::interpreter::{LetGo, Own, Shared};
use super::{Gil, Interpreter, Owned};
use crate::gil::os::DROP;
use crate::gil::sync::{Arc, AtomicU64, Mutex, Ordering, lock};
use crate::objects::machine::World;
use kit::gil::ThreadId;
use kit::graph::Obj;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};

const PENDING: u32 = 2;
const SIGNALS: u32 = 4;
const THROWN: u32 = 8;
/// References wait to be decremented ([`super::detached`]).
pub(super) const DROPPED: u32 = 16;

/// So many calls wait at most: CPython's `NPENDINGCALLS`.
const PENDING_CALLS: usize = 32;

/// A call for the main thread. An error is an owned exception.
type Call<W> = Box<dyn for<'g> FnOnce(Gil<'g, W>) -> Result<(), Obj> + Send>;
/// What a signal does.
type Handler<W> = Arc<dyn for<'g> Fn(Gil<'g, W>, u32) -> Result<(), Obj> + Send + Sync>;

/// What waits to be done.
pub(super) struct Duties<W: World> {
    main: ThreadId,
    /// Bit N: signal N has come.
    signals: AtomicU64,
    handlers: RefCell<BTreeMap<u32, Handler<W>>>,
    calls: Mutex<VecDeque<Call<W>>>,
    calling: Cell<bool>,
}

/// There are as many calls as may wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooManyCalls;

impl<W: World> Duties<W> {
    pub(super) fn new(main: ThreadId) -> Self {
        Duties {
            main,
            signals: AtomicU64::new(0),
            handlers: RefCell::default(),
            calls: Mutex::default(),
            calling: Cell::new(false),
        }
    }
}

impl<W: World> Interpreter<W> {
    /// `Py_AddPendingCall`: the main thread makes this call when it next comes to a switch point. Any thread may ask for
    /// it, with the GIL or without.
    ///
    /// # Errors
    /// 32 calls wait already.
    pub fn add_pending_call(
        &self,
        call: impl for<'g> FnOnce(Gil<'g, W>) -> Result<(), Obj> + Send + 'static,
    ) -> Result<(), TooManyCalls> {
        let mut calls = lock(&self.0.duties.calls);
        if calls.len() == PENDING_CALLS {
            return Err(TooManyCalls);
        }
        calls.push_back(Box::new(call));
        drop(calls);
        self.0.gil.ask(PENDING);
        Ok(())
    }

    /// A signal has come: its handler runs in the main thread, at its next switch point. It is what a handler of the
    /// system's calls: it waits for nobody and asks for no memory.
    ///
    /// # Panics
    /// There are signals 0 to 63.
    pub fn signal(&self, number: u32) {
        assert!(number < u64::BITS, "no signal {number}");
        self.0.duties.signals.fetch_or(1 << number, Ordering::Release);
        self.0.gil.ask(SIGNALS);
    }
}

impl<'g, W: World> Gil<'g, W> {
    /// `signal.signal(number, handler)`. A signal without a handler does nothing.
    pub fn set_signal_handler(
        self,
        number: u32,
        handler: impl for<'h> Fn(Gil<'h, W>, u32) -> Result<(), Obj> + Send + Sync + 'static,
    ) {
        self.shared.duties.handlers.borrow_mut().insert(number, Arc::new(handler));
    }

    /// `PyThreadState_SetAsyncExc`: `thread` raises this at its next switch point, instead of what it was to raise.
    /// Whether there is such a thread.
    pub fn throw(self, thread: ThreadId, exception: Option<Owned<'g, W>>) -> bool {
        let own = self.shared.threads.borrow().iter().find(|own| own.seat.id == thread).cloned();
        let Some(own) = own else { return false };
        let before = own.thrown.replace(exception.map(Owned::into_obj));
        if Arc::ptr_eq(&own, self.own) {
            self.shared.gil.ask(THROWN);
        }
        if let Some(before) = before {
            self.objects().decref(before);
        }
        true
    }

    /// I1.
    #[cold]
    pub(super) fn do_duties(self) -> Result<(), Obj> {
        let (gil, asked) = (&self.shared.gil, self.shared.gil.asked());
        if asked & DROPPED != 0 {
            gil.answer(DROPPED);
            self.catch_up();
        }
        if asked & SIGNALS != 0 {
            self.handle_signals()?;
        }
        if asked & PENDING != 0 {
            self.make_pending_calls()?;
        }
        if gil.asked() & DROP != 0 {
            drop(LetGo::new(self.shared, self.own));
        }
        match self.own.thrown.take() {
            None => Ok(()),
            Some(thrown) => {
                gil.answer(THROWN);
                Err(thrown)
            }
        }
    }

    fn is_main(self) -> bool {
        self.own.seat.id == self.shared.duties.main
    }

    /// I2, I3.
    fn handle_signals(self) -> Result<(), Obj> {
        let duties = &self.shared.duties;
        self.shared.gil.answer(SIGNALS);
        while self.is_main() {
            let come = duties.signals.load(Ordering::Acquire);
            if come == 0 {
                break;
            }
            let number = come.trailing_zeros();
            duties.signals.fetch_and(!(1 << number), Ordering::AcqRel);
            let handler = duties.handlers.borrow().get(&number).cloned();
            if let Some(handler) = handler {
                handler(self, number).inspect_err(|_| self.shared.gil.ask(SIGNALS))?;
            }
        }
        Ok(())
    }

    /// I2, I3. At most as many as may wait: what the calls themselves ask for comes later.
    fn make_pending_calls(self) -> Result<(), Obj> {
        let duties = &self.shared.duties;
        self.shared.gil.answer(PENDING);
        if !self.is_main() || duties.calling.replace(true) {
            return Ok(());
        }
        let _done = Calling(&duties.calling);
        let mut outcome = Ok(());
        for _ in 0..PENDING_CALLS {
            let call = lock(&duties.calls).pop_front();
            let Some(call) = call else { break };
            outcome = call(self);
            if outcome.is_err() {
                break;
            }
        }
        if !lock(&duties.calls).is_empty() {
            self.shared.gil.ask(PENDING);
        }
        outcome
    }
}

/// No more pending calls, also when one panicked.
struct Calling<'a>(&'a Cell<bool>);

impl Drop for Calling<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

impl<W: World> Shared<W> {
    /// Another thread runs now: the breaker is about what is its own (I3). A bit that somebody sets meanwhile stays, and
    /// of what was asked for before, the lists tell.
    pub(super) fn look_for_duties(&self, own: &Own) {
        let duties = &self.duties;
        let main = own.seat.id == duties.main;
        let thrown = own.thrown.take();
        own.thrown.set(thrown);
        if self.gil.asked() & (SIGNALS | PENDING | THROWN) != 0 {
            self.gil.answer(SIGNALS | PENDING | THROWN);
        }
        let mut mine = if thrown.is_some() { THROWN } else { 0 };
        if main && duties.signals.load(Ordering::Acquire) != 0 {
            mine |= SIGNALS;
        }
        if main && !lock(&duties.calls).is_empty() {
            mine |= PENDING;
        }
        if mine != 0 {
            self.gil.ask(mine);
        }
    }
}
