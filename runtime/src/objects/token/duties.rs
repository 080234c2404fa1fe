//! # What a thread does when it looks up from its work
//!
//! ```text
//!   switch_point:  the breaker is 0 ---- yes --> goes on: one load
//!                      | no
//!                      v
//!                  the part says:  RunHandlers  -->  MakeCall ...  -->  LetGo        -->  Raise
//!                                  signals           pending calls      and take again    what another thread threw
//! ```
//!
//! What is to be done, by whom, and in which order is a part: [`crate::gil::eval_breaker`]. This is the machine around
//! it: the flags, the queue, and doing what the part says.
//!
//! - **I1** Who has something to do first says so (a flag, the queue, `thrown`), and then sets the breaker's bit.
//! - **I2** The bit is taken back first, and set again if the part finds something for the thread that has the GIL. So
//!   what somebody says meanwhile is not lost.
//!
//! References that were dropped without the GIL ([`super::detached`]) are a duty, too; CPython has no such thing, and
//! they come before all others.
//!
//! Source: `eval_frame_handle_pending` in `Python/ceval.c` of 3.11.

use super::interpreter::{LetGo, Own, Shared};
use super::{Gil, Interpreter, Owned};
use crate::gil::os::DROP;
use crate::gil::pending::QUEUE;
use crate::gil::sync::{Arc, AtomicU32, AtomicU64, Mutex, Ordering, lock};
use crate::objects::machine::{World, the};
use kit::eval_breaker::{Duty, EvalBreaker, Outcome, Pending, Round};
use kit::gil::ThreadId;
use kit::graph::Obj;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::fmt;

/// The breaker's bit: the part is to be asked.
const ASKED: u32 = 2;
/// The breaker's bit: references wait to be decremented.
pub(super) const DROPPED: u32 = 4;

const SIGNALS: u32 = 1;
const CALLS: u32 = 2;

/// A call for the main thread. An error is an owned exception.
type Call<W> = Box<dyn for<'g> FnOnce(Gil<'g, W>) -> Result<(), Obj> + Send>;
/// What a signal does.
type Handler<W> = Arc<dyn for<'g> Fn(Gil<'g, W>, u32) -> Result<(), Obj> + Send + Sync>;

/// What waits to be done.
pub(super) struct Duties<W: World> {
    main: ThreadId,
    flags: AtomicU32,
    /// Bit N: signal N has come.
    signals: AtomicU64,
    handlers: RefCell<BTreeMap<u32, Handler<W>>>,
    calls: Mutex<VecDeque<Call<W>>>,
    busy: Cell<bool>,
}

/// There are as many calls as may wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooManyCalls;

impl<W: World> Duties<W> {
    pub(super) fn new(main: ThreadId) -> Self {
        Duties {
            main,
            flags: AtomicU32::new(0),
            signals: AtomicU64::new(0),
            handlers: RefCell::default(),
            calls: Mutex::default(),
            busy: Cell::new(false),
        }
    }
}

impl<W: World> Interpreter<W> {
    /// `Py_AddPendingCall`: the main thread makes this call when it next comes to a switch point. Any thread may ask for
    /// it, with the GIL or without.
    ///
    /// # Errors
    /// [`QUEUE`] calls wait already.
    pub fn add_pending_call(
        &self,
        call: impl for<'g> FnOnce(Gil<'g, W>) -> Result<(), Obj> + Send + 'static,
    ) -> Result<(), TooManyCalls> {
        let mut calls = lock(&self.0.duties.calls);
        if calls.len() == QUEUE {
            return Err(TooManyCalls);
        }
        calls.push_back(Box::new(call));
        drop(calls);
        self.0.has_come(CALLS);
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
        self.0.has_come(SIGNALS);
    }
}

impl<'g, W: World> Gil<'g, W> {
    /// `signal.signal(number, handler)`. A signal without a handler does nothing. The handler before is dropped when the new
    /// one is there.
    pub fn set_signal_handler(
        self,
        number: u32,
        handler: impl for<'h> Fn(Gil<'h, W>, u32) -> Result<(), Obj> + Send + Sync + 'static,
    ) {
        let before = self.shared.duties.handlers.borrow_mut().insert(number, Arc::new(handler));
        // What it held may look for handlers as it dies, so nothing is borrowed any more.
        drop(before);
    }

    /// `PyThreadState_SetAsyncExc`: `thread` raises this at its next switch point, instead of what it was to raise.
    /// Whether there is such a thread.
    pub fn throw(self, thread: ThreadId, exception: Option<Owned<'g, W>>) -> bool {
        let own = self.shared.threads.borrow().iter().find(|own| own.seat.id == thread).cloned();
        let Some(own) = own else { return false };
        let before = own.thrown.replace(exception.map(Owned::into_obj));
        if Arc::ptr_eq(&own, self.own) {
            self.shared.gil.ask(ASKED);
        }
        if let Some(before) = before {
            self.objects().decref(before);
        }
        true
    }

    /// The breaker is set.
    #[cold]
    pub(super) fn do_duties(self) -> Result<(), Obj> {
        let gil = &self.shared.gil;
        if gil.asked() & DROPPED != 0 {
            gil.answer(DROPPED);
            self.catch_up();
        }
        let outcome = self.round();
        self.shared.set_breaker(self.own);
        outcome
    }

    /// One duty after the other, as the part says.
    fn round(self) -> Result<(), Obj> {
        let (part, flags) = (the::<W::Breaker>(), Flags { shared: self.shared, own: self.own });
        let (me, mut round, mut raised) = (self.thread(), Round::Begins, Ok(()));
        loop {
            round = match part.on_breaker(&flags, me, round) {
                Duty::RunHandlers => {
                    raised = self.run_handlers();
                    Round::HandlersRan(outcome(&raised))
                }
                Duty::MakeCall => {
                    raised = self.make_call(&flags);
                    let made = if let Round::CallMade { made, .. } = round { made + 1 } else { 1 };
                    Round::CallMade { made, outcome: outcome(&raised) }
                }
                Duty::LetGo => {
                    drop(LetGo::new(self.shared, self.own));
                    Round::TookAgain
                }
                Duty::Raise => return self.own.thrown.take().map_or(Ok(()), Err),
                Duty::GoOn => return raised,
            };
        }
    }

    /// One pass over all signals, the lowest first, until a handler raises: `_PyErr_CheckSignalsTstate`. A signal that
    /// comes ahead of the pass is in it; one that comes behind it waits for the next switch point (the flag is up again).
    fn run_handlers(self) -> Result<(), Obj> {
        let duties = &self.shared.duties;
        for number in 0..u64::BITS {
            if duties.signals.load(Ordering::Acquire) & (1 << number) != 0 {
                duties.signals.fetch_and(!(1 << number), Ordering::AcqRel);
                let handler = duties.handlers.borrow().get(&number).cloned();
                handler.map_or(Ok(()), |handler| handler(self, number))?;
            }
        }
        Ok(())
    }

    /// The oldest one.
    fn make_call(self, flags: &Flags<'_, W>) -> Result<(), Obj> {
        let call = lock(&self.shared.duties.calls).pop_front();
        // A call that panics is the last one of its round.
        let busy = Busy(flags);
        let outcome = call.map_or(Ok(()), |call| call(self));
        std::mem::forget(busy);
        outcome
    }
}

fn outcome(raised: &Result<(), Obj>) -> Outcome {
    if raised.is_ok() { Outcome::Fine } else { Outcome::Raised }
}

/// No pending calls are made any more: dropped by a panic only.
struct Busy<'a, W: World>(&'a Flags<'a, W>);

impl<W: World> Drop for Busy<'_, W> {
    fn drop(&mut self) {
        self.0.set_busy(false);
        self.0.set_calls(true);
    }
}

impl<W: World> Shared<W> {
    /// I1. It waits for nobody and asks for no memory.
    fn has_come(&self, flag: u32) {
        self.duties.flags.fetch_or(flag, Ordering::Release);
        self.gil.ask(ASKED);
    }

    /// I2: for the thread that has the GIL, after a round, and when it is another one than before.
    pub(super) fn set_breaker(&self, own: &Own) {
        if self.gil.asked() & ASKED != 0 {
            self.gil.answer(ASKED);
        }
        let flags = Flags { shared: self, own };
        if the::<W::Breaker>().breaker(&flags, own.seat.id) {
            self.gil.ask(ASKED);
        }
    }
}

/// The flags, as the part sees them.
pub struct Flags<'a, W: World> {
    shared: &'a Shared<W>,
    own: &'a Own,
}

impl<W: World> Flags<'_, W> {
    fn flag(&self, flag: u32) -> bool {
        self.shared.duties.flags.load(Ordering::Acquire) & flag != 0
    }

    fn set_flag(&self, flag: u32, up: bool) {
        match up {
            true => self.shared.has_come(flag),
            false => drop(self.shared.duties.flags.fetch_and(!flag, Ordering::AcqRel)),
        }
    }
}

impl<W: World> Pending for Flags<'_, W> {
    fn is_main(&self, me: ThreadId) -> bool {
        me == self.shared.duties.main
    }
    fn signals(&self) -> bool {
        self.flag(SIGNALS)
    }
    fn set_signals(&self, signals: bool) {
        self.set_flag(SIGNALS, signals);
    }
    fn calls(&self) -> bool {
        self.flag(CALLS)
    }
    fn set_calls(&self, calls: bool) {
        self.set_flag(CALLS, calls);
    }
    fn call_waits(&self) -> bool {
        !lock(&self.shared.duties.calls).is_empty()
    }
    fn busy(&self) -> bool {
        self.shared.duties.busy.get()
    }
    fn set_busy(&self, busy: bool) {
        self.shared.duties.busy.set(busy);
    }
    fn drop_request(&self) -> bool {
        self.shared.gil.asked() & DROP != 0
    }
    /// Only the holder's own is asked for.
    fn exception(&self, _: ThreadId) -> bool {
        let thrown = self.own.thrown.take();
        self.own.thrown.set(thrown);
        thrown.is_some()
    }
    /// Calls that block have errors of the host here.
    fn errno(&self) -> u32 {
        0
    }
}

impl<W: World> fmt::Debug for Flags<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (signals, calls, drop) = (self.signals(), self.calls(), self.drop_request());
        write!(f, "signals {signals}, pending calls {calls}, drop request {drop}, {:?} has the GIL", self.own.seat.id)
    }
}
