//! # The GIL among threads of the system
//!
//! The second shell around the state machine: what the clock does on paper, this one does with threads that sleep.
//!
//! ```text
//!   take     | mutex: on_take --- TakeIt: who was forced to wait is called --------------> runs
//!            |           \------- Wait: into `waiting` | sleeps until called, or `micros`
//!            | mutex: still in `waiting`? on_timeout : on_take                  ... and so on
//!
//!   release  | mutex: on_release; the first of `waiting` is called; WaitForSwitch: into `forced` |
//!            wakes the one that was called; who was forced sleeps until it is called
//! ```
//!
//! The mutex is held for a few dozen instructions, and nobody sleeps or wakes anybody while it is: the system is asked
//! for something only when there is a thread that waits. The holder does not need it to see whether it was asked to let
//! go: that is a bit of the *breaker*, a word that it looks at where it may switch.
//!
//! - **I1** The part is called with the mutex held: one event at a time, and the state is its own meanwhile.
//! - **I2** Who is told to wait is in `waiting` before the mutex is free. A release after that calls it, or somebody who
//!   came before: no call is lost.
//! - **I3** A release calls one thread of those that wait. Being called is no promise: whoever comes first takes it.
//! - **I4** At most one thread is `forced`, for only the holder lets go, and the next take calls it.
//! - **I5** The breaker's bit [`DROP`] is what the state says of the request.
//!
//! What one thread wrote before its release, the next one sees after its take: both have the mutex.
//!
//! Source: `take_gil`, `drop_gil` in `Python/ceval_gil.h` of 3.11. There the forced wait has a mutex of its own, and a
//! thread may come between the two.

use super::seat::{Seat, leave};
use super::sync::{Arc, AtomicU32, Mutex, MutexGuard, Ordering, lock};
use kit::gil::{Gil, GilState, Release, Take, ThreadId};
use std::cell::Cell;
use std::collections::VecDeque;

/// The bit of the breaker that asks the holder to let the GIL go. The others belong to who has the breaker.
pub const DROP: u32 = 1;

/// A GIL, and what it decides with.
#[derive(Debug)]
pub struct OsGil<P> {
    part: P,
    inner: Mutex<Inner>,
    breaker: AtomicU32,
}

#[derive(Debug)]
struct Inner {
    state: Remembered,
    waiting: VecDeque<Arc<Seat>>,
    forced: Option<Arc<Seat>>,
}

/// What the GIL remembers; unlike the lab's state, this one believes its part.
#[derive(Debug)]
pub struct Remembered {
    locked: Cell<bool>,
    last_holder: Cell<Option<ThreadId>>,
    switch_number: Cell<u64>,
    drop_request: Cell<bool>,
    interval: Cell<u64>,
}

impl<P: Gil<Remembered>> OsGil<P> {
    /// Nobody has it, nobody ever had; the interval is 5 ms.
    pub fn new(part: P) -> Self {
        let state = Remembered {
            locked: Cell::new(false),
            last_holder: Cell::new(None),
            switch_number: Cell::new(0),
            drop_request: Cell::new(false),
            interval: Cell::new(5000),
        };
        let inner = Mutex::new(Inner { state, waiting: VecDeque::new(), forced: None });
        OsGil { part, inner, breaker: AtomicU32::new(0) }
    }

    /// Waits until `me`, who has not got it, has the GIL.
    pub fn take(&self, me: &Arc<Seat>) {
        let mut inner = lock(&self.inner);
        let mut action = self.event(&inner.state, |part, state| part.on_take(state, me.id));
        loop {
            match action {
                Take::TakeIt => return call_forced(inner),
                Take::Wait { micros, seen } => {
                    inner = self.wait(inner, me, micros);
                    let in_time = !leave(&mut inner.waiting, me);
                    action = self.event(&inner.state, |part, state| match in_time {
                        true => part.on_take(state, me.id),
                        false => part.on_timeout(state, me.id, seen),
                    });
                }
            }
        }
    }

    /// I2.
    #[cold]
    fn wait<'a>(&'a self, mut inner: MutexGuard<'a, Inner>, me: &Arc<Seat>, micros: u64) -> MutexGuard<'a, Inner> {
        me.called.lower();
        inner.waiting.push_back(me.clone());
        drop(inner);
        me.sleep(&me.called, Some(&me.parker.limit(micros)));
        lock(&self.inner)
    }

    /// `me` has the GIL and lets it go; if it was asked to, it waits for the switch.
    pub fn release(&self, me: &Arc<Seat>) {
        let mut inner = lock(&self.inner);
        let action = self.event(&inner.state, |part, state| part.on_release(state, me.id));
        let next = inner.waiting.pop_front();
        next.iter().for_each(|next| next.called.raise());
        if action == Release::WaitForSwitch {
            me.called.lower();
            inner.forced = Some(me.clone());
        }
        drop(inner);
        next.iter().for_each(|next| next.parker.unpark());
        if action == Release::WaitForSwitch {
            me.sleep(&me.called, None);
        }
    }

    /// I1, I5.
    #[inline]
    fn event<R>(&self, state: &Remembered, part: impl FnOnce(&P, &Remembered) -> R) -> R {
        let before = state.drop_request();
        let action = part(&self.part, state);
        match (before, state.drop_request()) {
            (false, true) => self.ask(DROP),
            (true, false) => self.answer(DROP),
            _ => {}
        }
        action
    }

    /// What the holder is asked for, in bits. To be looked at wherever it may switch: a load.
    #[inline]
    pub fn asked(&self) -> u32 {
        self.breaker.load(Ordering::Relaxed)
    }

    /// Asks the holder for something: for the GIL, or what else `bits` mean to it.
    pub fn ask(&self, bits: u32) {
        self.breaker.fetch_or(bits, Ordering::Release);
    }

    /// It is done, or nobody asks any more.
    pub fn answer(&self, bits: u32) {
        self.breaker.fetch_and(!bits, Ordering::Acquire);
    }

    /// The switch interval in microseconds.
    pub fn interval(&self) -> u64 {
        lock(&self.inner).state.interval()
    }

    /// From now on who begins to wait waits so long. 0 is as good as 1.
    pub fn set_interval(&self, micros: u64) {
        lock(&self.inner).state.interval.set(micros);
    }

    /// How often the GIL went from one thread to another.
    pub fn switch_number(&self) -> u64 {
        lock(&self.inner).state.switch_number()
    }
}

/// I4.
#[inline]
fn call_forced(mut inner: MutexGuard<'_, Inner>) {
    if let Some(forced) = inner.forced.take() {
        forced.called.raise();
        drop(inner);
        forced.parker.unpark();
    }
}

impl GilState for Remembered {
    #[inline]
    fn locked(&self) -> bool {
        self.locked.get()
    }
    #[inline]
    fn set_locked(&self, locked: bool) {
        self.locked.set(locked);
    }
    #[inline]
    fn last_holder(&self) -> Option<ThreadId> {
        self.last_holder.get()
    }
    #[inline]
    fn set_last_holder(&self, thread: ThreadId) {
        self.last_holder.set(Some(thread));
    }
    #[inline]
    fn switch_number(&self) -> u64 {
        self.switch_number.get()
    }
    #[inline]
    fn set_switch_number(&self, number: u64) {
        self.switch_number.set(number);
    }
    #[inline]
    fn drop_request(&self) -> bool {
        self.drop_request.get()
    }
    #[inline]
    fn set_drop_request(&self, requested: bool) {
        self.drop_request.set(requested);
    }
    #[inline]
    fn interval(&self) -> u64 {
        self.interval.get()
    }
}
