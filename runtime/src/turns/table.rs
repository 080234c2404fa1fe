//! # The table around which threads take turns
//!
//! What all threads of a run share: the clock, queues of those who wait for a key, what the running thread did since the
//! clock asked it, and the baton.

use super::baton::Baton;
use super::choices::Choices;
use super::turn::Turn;
use crate::gil::clock::{Clock, Hear};
use crate::gil::program::Micros;
use crate::gil::roster::Roster;
use crate::gil::script::{Going, How, Moment, Step, Then};
use crate::gil::state::State;
use crate::threads::{Body, CannotStart, Locals};
use kit::gil::{Gil, ThreadId};
use kit::misuse::Misuse;
use kit::observe::Silent;
use kit::scheduler::Scheduler;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::JoinHandle;

/// The part of exercise `gil`, whosever it is.
pub type AnyGil = dyn Gil<State<Silent>> + Sync;

/// The stack of a thread of a program: its functions call one another on it.
const STACK: usize = 8 << 20;

/// Where the first thread waits for the end of all others.
const ENDS: u64 = u64::MAX;

/// What belongs to a thread and must change when another one runs.
pub(crate) trait Own: Send + Sync {
    /// `comes` runs from now on. `leaves` ran until now, if it has not ended.
    fn switch(&self, leaves: Option<ThreadId>, comes: ThreadId);
}

/// What the threads of a run share.
pub(crate) struct Turns {
    baton: Baton,
    own: Weak<dyn Own>,
    system: Mutex<Vec<JoinHandle<()>>>,
    panicked: Mutex<Option<Box<dyn Any + Send>>>,
    shared: Shared,
}

/// Only who has the baton looks in here (I1 of [`super`]).
struct Shared {
    clock: RefCell<Clock<Silent, AnyGil>>,
    choices: Rc<RefCell<Choices>>,
    moment: Cell<Moment>,
    /// Since the clock asked.
    spent: Cell<Micros>,
    /// Whether the running thread has computed since it last could switch: two such places in a row are one.
    moved: Cell<bool>,
    sets_going: RefCell<Vec<(Micros, Going)>>,
    queues: RefCell<HashMap<u64, VecDeque<ThreadId>>>,
    /// Those that have not ended.
    alive: RefCell<Vec<ThreadId>>,
    started: Cell<u32>,
    over: Cell<bool>,
    /// Why it is over, if it ended badly.
    broken: RefCell<Option<String>>,
}

// SAFETY: `shared` is touched by the thread that has the baton, and by no other: its methods are called by a `Turn`, which
// lives while its thread has the baton, or by whoever made the table, which has it before the first thread begins and
// after the last one ended. Handing it over orders what they do (I1 of `baton`).
unsafe impl Sync for Turns {}
// SAFETY: as above; a part is `Sync`, and everything else is used, and in the end dropped, by who has the baton: what hears
// of the GIL, too.
unsafe impl Send for Turns {}

/// What a part does that it may not do is a promise that it broke, and nothing for the program whose thread called it.
fn unless_misused<T>(act: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(act)).unwrap_or_else(|panic| match panic.downcast::<Misuse>() {
        Ok(misuse) => Err(misuse.to_string()),
        Err(panic) => resume_unwind(panic),
    })
}

impl Turns {
    /// A table with one thread at it, the one that calls this; it has the GIL. `hear` hears what happens to the GIL.
    pub(crate) fn new(own: Weak<dyn Own>, gil: &'static AnyGil, choices: Choices, hear: Hear<Silent>) -> Turns {
        let mut clock = Clock::new(State::new(Silent, Rc::default()), gil, hear);
        let choices = Rc::new(RefCell::new(choices));
        clock.decided_by(choices.clone());
        clock.events_at_most = 20_000_000;
        let shared = Shared {
            clock: RefCell::new(clock),
            choices,
            moment: Cell::new(Moment { now: 0, horizon: 0, asked: false, choice: false }),
            spent: Cell::new(0),
            moved: Cell::new(false),
            sets_going: RefCell::default(),
            queues: RefCell::default(),
            alive: RefCell::new(vec![ThreadId(0)]),
            started: Cell::new(1),
            over: Cell::new(false),
            broken: RefCell::new(None),
        };
        let turns = Turns { baton: Baton::new(), own, system: Mutex::default(), panicked: Mutex::default(), shared };
        turns.shared.clock.borrow_mut().begin("main", 0, None);
        let main = turns.drive();
        debug_assert_eq!(main.unwrap_or(ThreadId(0)), ThreadId(0), "there is no other thread");
        turns
    }

    /// A woken thread needs so long, from now on.
    pub(crate) fn set_wake(&self, micros: Micros) {
        self.shared.clock.borrow_mut().wake = micros;
    }

    /// A policy decides whom a release wakes and how long a thread waits.
    pub(crate) fn set_scheduler(&self, scheduler: Option<&'static (dyn Scheduler<Roster> + Sync)>) {
        self.shared.clock.borrow_mut().scheduler = scheduler;
    }

    /// What the roster says: who had the GIL how long, who waited how long.
    pub(crate) fn with_roster<R>(&self, of: impl FnOnce(&Roster) -> R) -> R {
        of(self.shared.clock.borrow().roster())
    }

    /// How often the GIL went to another thread.
    pub(crate) fn switches(&self) -> u64 {
        kit::gil::GilState::switch_number(self.shared.clock.borrow().state())
    }

    /// The switch interval.
    pub(crate) fn interval(&self) -> Micros {
        kit::gil::GilState::interval(self.shared.clock.borrow().state())
    }

    /// What was decided until now.
    pub(crate) fn choices(&self) -> Choices {
        self.shared.choices.borrow().clone()
    }

    /// Why the run is over, if it ended badly: a sentence about the part.
    pub(crate) fn broken(&self) -> Option<String> {
        self.shared.broken.borrow().clone()
    }

    /// What the clock says.
    pub(crate) fn now(&self) -> Micros {
        self.shared.moment.get().now + self.shared.spent.get()
    }

    /// Whether nobody waits any more (I4).
    pub(crate) fn is_over(&self) -> bool {
        self.shared.over.get()
    }

    /// From now on nobody waits any more (I4).
    pub(crate) fn end_all(&self) {
        self.shared.over.set(true);
    }

    /// Who has the baton.
    pub(crate) fn running(&self) -> ThreadId {
        self.baton.holder()
    }

    /// How many threads there were, the first one included.
    pub(crate) fn threads(&self) -> u32 {
        self.shared.started.get()
    }

    /// What a thread is called.
    pub(crate) fn name(&self, thread: ThreadId) -> String {
        self.shared.clock.borrow().state().name(thread)
    }

    /// The thread that runs has computed so long.
    pub(super) fn spend(&self, micros: Micros) {
        self.shared.spent.set(self.shared.spent.get() + micros);
        self.shared.moved.set(self.shared.moved.get() || micros > 0);
        if self.now() >= self.shared.moment.get().horizon {
            self.answer(Then::GoesOn);
        }
    }

    /// The thread that runs may switch here.
    pub(super) fn switch_point(&self) {
        let moment = self.shared.moment.get();
        // What the clock said may be old: whoever was set going since then is due at the horizon, and may want the GIL.
        let news = moment.asked || moment.choice || self.now() >= moment.horizon;
        if self.shared.moved.replace(false) && news {
            self.answer(Then::SwitchPoint);
        }
    }

    /// The thread that runs sets something going.
    pub(super) fn set_going(&self, going: Going) {
        let shared = &self.shared;
        let mut moment = shared.moment.get();
        let delay = if matches!(going, Going::Wakes(_)) { shared.clock.borrow().wake } else { 0 };
        moment.horizon = moment.horizon.min(self.now() + delay);
        shared.moment.set(moment);
        shared.sets_going.borrow_mut().push((shared.spent.get(), going));
    }

    /// The thread that runs says what it did and what comes next, and runs again when it has the GIL again.
    pub(super) fn answer(&self, then: Then) {
        if self.is_over() {
            return;
        }
        let (me, moved) = (self.running(), self.shared.moved.get());
        self.tell(then);
        match self.drive() {
            Some(next) if next == me => {}
            Some(next) => {
                self.hand(Some(me), next);
                self.baton.wait(me);
            }
            None => {}
        }
        self.shared.moved.set(moved && then == Then::GoesOn);
    }

    fn tell(&self, then: Then) {
        let shared = &self.shared;
        let mut step = Step::new(shared.spent.take(), How::Native, then);
        step.sets_going = shared.sets_going.take();
        let answered = unless_misused(|| shared.clock.borrow_mut().answer(step));
        self.unless_broken(answered);
    }

    /// Moves the clock until it asks somebody. `None`: it asks nobody any more.
    fn drive(&self) -> Option<ThreadId> {
        let shared = &self.shared;
        let mut clock = shared.clock.borrow_mut();
        while !shared.over.get() {
            if let Some((thread, moment)) = clock.asks() {
                shared.moment.set(moment);
                return Some(thread);
            }
            match unless_misused(|| clock.step(Micros::MAX)) {
                Ok(true) => {}
                // Nothing is left to happen, and not all have ended: they wait for one another.
                Ok(false) => shared.over.set(true),
                broken => self.unless_broken(broken.map(drop)),
            }
        }
        shared.moment.set(Moment { now: clock.now(), horizon: Micros::MAX, asked: false, choice: false });
        None
    }

    fn unless_broken(&self, done: Result<(), String>) {
        if let Err(sentence) = done {
            self.shared.broken.borrow_mut().get_or_insert(sentence);
            self.shared.over.set(true);
        }
    }

    fn hand(&self, leaves: Option<ThreadId>, next: ThreadId) {
        if let Some(own) = self.own.upgrade() {
            own.switch(leaves, next);
        }
        self.baton.hand(next);
    }

    /// Waits on `key`; whether somebody woke the thread that runs.
    pub(super) fn wait(&self, key: u64, until: Option<Micros>) -> bool {
        if self.is_over() {
            return false;
        }
        let me = self.running();
        self.shared.queues.borrow_mut().entry(key).or_default().push_back(me);
        self.answer(Then::Waits { until });
        let mut queues = self.shared.queues.borrow_mut();
        let Some(queue) = queues.get_mut(&key) else { return true };
        let before = queue.len();
        queue.retain(|waits| *waits != me);
        let woken = before == queue.len();
        if queue.is_empty() {
            queues.remove(&key);
        }
        woken
    }

    /// Wakes at most `count` of those that wait on `key`.
    pub(super) fn wake(&self, key: u64, count: usize) -> usize {
        let mut queues = self.shared.queues.borrow_mut();
        let Some(queue) = queues.get_mut(&key) else { return 0 };
        let woken: Vec<ThreadId> = queue.drain(..count.min(queue.len())).collect();
        if queue.is_empty() {
            queues.remove(&key);
        }
        drop(queues);
        woken.iter().for_each(|thread| self.set_going(Going::Wakes(*thread)));
        woken.len()
    }

    /// A new thread, which wants the GIL at once.
    pub(super) fn spawn<'t>(self: &Arc<Self>, name: &str, body: Body<Turn<'t>>) -> Result<ThreadId, CannotStart> {
        let me = ThreadId(self.shared.started.get());
        let turns = self.clone();
        let life = move || {
            turns.baton.is_here(me);
            turns.baton.wait(me);
            let locals = Locals::default();
            let lived = catch_unwind(AssertUnwindSafe(|| body(Turn::of(&turns, &locals))));
            if let Err(panic) = lived {
                turns.panicked.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(panic);
                turns.end_all();
            }
            drop(locals);
            turns.ends(me);
        };
        let started = std::thread::Builder::new().name(name.into()).stack_size(STACK).spawn(life);
        let handle = started.map_err(|_| CannotStart)?;
        self.system.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
        self.shared.started.set(me.0 + 1);
        self.shared.alive.borrow_mut().push(me);
        self.set_going(Going::Begins(name.into(), None));
        Ok(me)
    }

    /// The thread that runs ends, and whoever goes on has the baton.
    fn ends(&self, me: ThreadId) {
        self.shared.alive.borrow_mut().retain(|thread| *thread != me);
        self.wake(ENDS, 1);
        let next = if self.is_over() {
            None
        } else {
            self.tell(Then::Ends);
            self.drive()
        };
        let next = next.unwrap_or_else(|| self.shared.alive.borrow()[0]);
        self.hand(None, next);
    }

    /// The first thread has done what it does, and waits for the end of all others, as an interpreter does. What
    /// panicked in one of them goes on panicking here.
    ///
    /// # Panics
    /// When a thread panicked.
    pub(crate) fn finish(&self) {
        let me = ThreadId(0);
        loop {
            let other = self.shared.alive.borrow().iter().copied().find(|thread| *thread != me);
            let Some(other) = other else { break };
            if self.is_over() {
                self.hand(Some(me), other);
                self.baton.wait(me);
            } else {
                self.wait(ENDS, None);
            }
        }
        let system = std::mem::take(&mut *self.system.lock().unwrap_or_else(PoisonError::into_inner));
        system.into_iter().for_each(|thread| drop(thread.join()));
        if let Some(panic) = self.panicked.lock().unwrap_or_else(PoisonError::into_inner).take() {
            resume_unwind(panic);
        }
    }
}
