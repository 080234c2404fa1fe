//! # What is to be done at the next switch point, and who may change the flags
//!
//! The service behind the part `eval-breaker`: signals that came, calls in the queue, exceptions for threads, and the
//! flags that say so. The flags are what the loop looks at; what is behind them is what is really there.
//!
//! | | `set_signals`, `set_calls`, `set_busy` |
//! |---|---|
//! | `on_breaker`, main thread | yes; `set_busy` only in the round that makes the calls |
//! | `on_breaker`, other threads | no |
//! | `breaker`, `on_blocking` | no |
//!
//! A call that is not in the table is a misuse and names the line of the part. What the table allows may still be
//! wrong: that shows in the facts.

use kit::eval_breaker::Pending;
use kit::gil::ThreadId;
use kit::misuse::{Misuse, Watch};
use kit::picture::BreakerPicture;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

/// The main thread.
pub const MAIN: ThreadId = ThreadId(0);

/// The queue of pending calls takes so many: a ring of `NPENDINGCALLS` places, one of them empty.
pub const QUEUE: usize = 31;

/// Taking the GIL leaves this `errno` behind (`EAGAIN`): system calls were made on the way.
pub const LEFT_BEHIND: u32 = 11;

/// One interpreter's flags, and what is behind them.
#[derive(Default)]
pub struct Flags {
    watch: Rc<Watch>,
    signals: Cell<bool>,
    calls: Cell<bool>,
    /// The round that makes calls.
    busy: Cell<Option<u32>>,
    drop_request: Cell<bool>,
    errno: Cell<u32>,
    arrived: RefCell<Vec<String>>,
    queue: RefCell<VecDeque<String>>,
    threads: RefCell<Vec<(String, bool)>>,
    /// The part's function that runs, for which thread, in which round within rounds.
    event: Cell<Option<(&'static str, ThreadId, u32)>>,
}

impl Flags {
    /// The main thread alone, nothing to do; misuse goes to `watch`.
    pub fn new(watch: Rc<Watch>) -> Self {
        let flags = Flags { watch, ..Flags::default() };
        flags.add_thread("main");
        flags
    }

    /// One thread more; what it is called.
    pub fn add_thread(&self, name: &str) -> ThreadId {
        let mut threads = self.threads.borrow_mut();
        threads.push((name.into(), false));
        ThreadId(threads.len() as u32 - 1)
    }

    /// The thread with this name.
    pub fn thread(&self, name: &str) -> Option<ThreadId> {
        self.threads.borrow().iter().position(|(called, _)| called == name).map(|index| ThreadId(index as u32))
    }

    /// What a thread is called.
    pub fn name(&self, thread: ThreadId) -> String {
        self.threads.borrow().get(thread.0 as usize).map_or_else(|| format!("{thread:?}"), |(name, _)| name.clone())
    }

    /// A signal comes: the C handler notes it (`trip_signal`). The same signal twice is one.
    pub fn signal(&self, name: &str) {
        let mut arrived = self.arrived.borrow_mut();
        if !arrived.iter().any(|signal| signal == name) {
            arrived.push(name.into());
        }
        self.signals.set(true);
    }

    /// The signals that came and whose handlers have not run.
    pub fn arrived(&self) -> Vec<String> {
        self.arrived.borrow().clone()
    }

    /// This one is taken off; false when somebody has done so already.
    pub fn take_signal(&self, name: &str) -> bool {
        let mut arrived = self.arrived.borrow_mut();
        let before = arrived.len();
        arrived.retain(|signal| signal != name);
        arrived.len() < before
    }

    /// Somebody adds a pending call; false when the queue is full.
    pub fn add_call(&self, name: &str) -> bool {
        let mut queue = self.queue.borrow_mut();
        let room = queue.len() < QUEUE;
        if room {
            queue.push_back(name.into());
        }
        self.calls.set(true);
        room
    }

    /// The oldest pending call, taken off the queue.
    pub fn next_call(&self) -> Option<String> {
        self.queue.borrow_mut().pop_front()
    }

    /// Somebody asks the holder to let go, or somebody takes the GIL, which answers it.
    pub fn request_drop(&self, requested: bool) {
        self.drop_request.set(requested);
    }

    /// An exception waits for `thread`, or no more.
    pub fn throw(&self, thread: ThreadId, waits: bool) {
        if let Some((_, exception)) = self.threads.borrow_mut().get_mut(thread.0 as usize) {
            *exception = waits;
        }
    }

    /// What the last system call left.
    pub fn set_errno(&self, errno: u32) {
        self.errno.set(errno);
    }

    /// Runs the part's function `name` for `thread`, with its rights in force.
    pub fn event<R>(&self, name: &'static str, thread: ThreadId, depth: u32, part: impl FnOnce() -> R) -> R {
        self.event.set(Some((name, thread, depth)));
        let result = part();
        self.event.set(None);
        result
    }

    /// The first misuse, if there was one.
    pub fn misused(&self) -> Option<Misuse> {
        self.watch.first()
    }

    /// All flags, and what is behind them, drawn.
    pub fn draw(&self, holder: ThreadId, set: bool) -> BreakerPicture {
        let threads = self.threads.borrow();
        BreakerPicture {
            holder: self.name(holder),
            set,
            signals: self.arrived.borrow().clone(),
            signals_flag: self.signals.get(),
            calls: self.queue.borrow().iter().cloned().collect(),
            calls_flag: self.calls.get(),
            busy: self.busy.get().is_some(),
            drop_requested: self.drop_request.get(),
            exceptions: threads.iter().filter(|(_, waits)| *waits).map(|(name, _)| name.clone()).collect(),
        }
    }

    /// Holds a change by the part to the table.
    #[track_caller]
    fn demand(&self, what: &str, duty: &str) {
        let why = match self.event.get() {
            Some(("breaker", ..)) => "it only looks (I2)".into(),
            Some(("on_blocking", ..)) => "the switch point behind the call does that (I6)".into(),
            Some((_, me, _)) if me != MAIN => {
                format!("{} is not the main thread, which alone {duty} (I2)", self.name(me))
            }
            _ => return,
        };
        let name = self.event.get().map_or("", |(name, ..)| name);
        self.watch.misuse(format!("{name} {what}, but {why}"));
    }
}

impl Pending for Flags {
    fn is_main(&self, me: ThreadId) -> bool {
        me == MAIN
    }

    fn signals(&self) -> bool {
        self.signals.get()
    }

    #[track_caller]
    fn set_signals(&self, signals: bool) {
        self.demand("changed the flag of signals", "runs handlers");
        self.signals.set(signals);
    }

    fn calls(&self) -> bool {
        self.calls.get()
    }

    #[track_caller]
    fn set_calls(&self, calls: bool) {
        self.demand("changed the flag of pending calls", "makes them");
        self.calls.set(calls);
    }

    fn call_waits(&self) -> bool {
        !self.queue.borrow().is_empty()
    }

    fn busy(&self) -> bool {
        self.busy.get().is_some()
    }

    #[track_caller]
    fn set_busy(&self, busy: bool) {
        self.demand("changed `busy`", "makes pending calls");
        let depth = self.event.get().map_or(0, |(_, _, depth)| depth);
        if self.busy.get().is_some_and(|of| of != depth) {
            let which = if busy { "set" } else { "cleared" };
            self.watch
                .misuse(format!("on_breaker {which} `busy`, but calls are made in the round around this one (I5)"));
        }
        self.busy.set(busy.then_some(depth));
    }

    fn drop_request(&self) -> bool {
        self.drop_request.get()
    }

    fn exception(&self, me: ThreadId) -> bool {
        self.threads.borrow().get(me.0 as usize).is_some_and(|(_, waits)| *waits)
    }

    fn errno(&self) -> u32 {
        self.errno.get()
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let picture = self.draw(MAIN, false);
        write!(f, "to do: {}; errno {}", picture.to_do(), self.errno.get())
    }
}
