//! # What the GIL remembers, and who may change it
//!
//! | | the thread that wants it | the thread that lets it go |
//! |---|---|---|
//! | `set_locked` | `true`, when nobody has it | `false` |
//! | `set_last_holder` | itself, when nobody has it or it has | itself |
//! | `set_switch_number` | one more, when nobody has it or it has | no |
//! | `set_drop_request` | `true`; `false` when nobody has it or it has | `false` |
//!
//! A call that is not in the table is a misuse and names the line of the part. What the table allows may still be
//! wrong: that shows in the facts.

use kit::gil::{GilState, ThreadId};
use kit::misuse::Watch;
use kit::observe::Observer;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

/// The state of one GIL, on a virtual clock.
pub struct State<O: Observer> {
    observer: O,
    watch: Rc<Watch>,
    names: RefCell<Vec<String>>,
    holder: Cell<Option<ThreadId>>,
    last_holder: Cell<Option<ThreadId>>,
    switch_number: Cell<u64>,
    drop_request: Cell<bool>,
    interval: Cell<u64>,
    event: Cell<Option<Event>>,
}

/// The event that the part is deciding on.
#[derive(Clone, Copy, Debug)]
struct Event {
    name: &'static str,
    thread: ThreadId,
    letting_go: bool,
    switch_number: u64,
}

impl<O: Observer> State<O> {
    /// Nobody has it, nobody ever had.
    pub fn new(observer: O, watch: Rc<Watch>) -> Self {
        State {
            observer,
            watch,
            names: RefCell::default(),
            holder: Cell::new(None),
            last_holder: Cell::new(None),
            switch_number: Cell::new(0),
            drop_request: Cell::new(false),
            interval: Cell::new(5000),
            event: Cell::new(None),
        }
    }

    /// One thread more; what it is called.
    pub fn add_thread(&self, name: &str) -> ThreadId {
        let mut names = self.names.borrow_mut();
        names.push(name.into());
        ThreadId(names.len() as u32 - 1)
    }

    /// What a thread is called.
    pub fn name(&self, thread: ThreadId) -> String {
        self.names.borrow().get(thread.0 as usize).map_or_else(|| format!("{thread:?}"), String::clone)
    }

    /// The thread that has the GIL.
    pub fn holder(&self) -> Option<ThreadId> {
        self.holder.get()
    }

    /// From now on who waits asks after `micros` microseconds.
    pub fn set_interval(&self, micros: u64) {
        self.interval.set(micros);
    }

    /// The observer of this GIL.
    pub fn observer(&self) -> &O {
        &self.observer
    }

    /// Where misuse goes.
    pub fn watch(&self) -> Rc<Watch> {
        self.watch.clone()
    }

    /// The first misuse, if there was one.
    pub fn misused(&self) -> Option<kit::misuse::Misuse> {
        self.watch.first()
    }

    /// Runs the part's function `name` for `thread`, with rights in force.
    pub fn event<R>(&self, name: &'static str, thread: ThreadId, part: impl FnOnce() -> R) -> R {
        let (letting_go, switch_number) = (name == "on_release", self.switch_number.get());
        self.event.set(Some(Event { name, thread, letting_go, switch_number }));
        let result = part();
        self.event.set(None);
        result
    }

    /// Holds a change by the part to the table: `may` says whether it stands there.
    #[track_caller]
    fn demand(&self, may: impl FnOnce(Event) -> bool, what: impl FnOnce(Event) -> String) {
        if let Some(event) = self.event.get()
            && !may(event)
        {
            self.watch.misuse(format!("{} {}", event.name, what(event)));
        }
    }

    /// Nobody has it, or the thread whose event this is.
    fn is_open_to(&self, thread: ThreadId) -> bool {
        self.holder.get().is_none_or(|holder| holder == thread)
    }

    fn holder_name(&self) -> String {
        self.holder.get().map_or_else(|| "nobody".into(), |holder| self.name(holder))
    }
}

impl<O: Observer> GilState for State<O> {
    fn locked(&self) -> bool {
        self.holder.get().is_some()
    }

    #[track_caller]
    fn set_locked(&self, locked: bool) {
        self.demand(
            |event| {
                locked != event.letting_go && locked == self.holder.get().is_none() && self.is_open_to(event.thread)
            },
            |event| {
                let (me, holder) = (self.name(event.thread), self.holder_name());
                match (locked, event.letting_go) {
                    (true, true) => format!("locked the GIL, but {me} lets it go (I5)"),
                    (true, false) => format!("locked the GIL for {me}, but {holder} has it (I1)"),
                    (false, true) => "unlocked the GIL a second time".into(),
                    (false, false) => format!("unlocked the GIL, but {me} wants it, and {holder} has it (I1)"),
                }
            },
        );
        self.holder.set(self.event.get().filter(|_| locked).map(|event| event.thread));
    }

    fn last_holder(&self) -> Option<ThreadId> {
        self.last_holder.get()
    }

    #[track_caller]
    fn set_last_holder(&self, thread: ThreadId) {
        self.demand(
            |event| thread == event.thread && self.is_open_to(thread),
            |event| match thread == event.thread {
                false => {
                    format!("made {} the last holder, but this is about {}", self.name(thread), self.name(event.thread))
                }
                true => {
                    format!("made {} the last holder, but {} has the GIL (I4)", self.name(thread), self.holder_name())
                }
            },
        );
        self.last_holder.set(Some(thread));
    }

    fn switch_number(&self) -> u64 {
        self.switch_number.get()
    }

    #[track_caller]
    fn set_switch_number(&self, number: u64) {
        self.demand(
            |event| !event.letting_go && self.is_open_to(event.thread) && number == event.switch_number + 1,
            |event| match (event.letting_go, self.is_open_to(event.thread)) {
                (true, _) => "counted a switch, but who lets go makes none: who takes it does (I4)".into(),
                (false, false) => format!("counted a switch, but {} still has the GIL (I4)", self.holder_name()),
                _ => format!("made switch number {number} out of {}: a switch counts one (I4)", event.switch_number),
            },
        );
        self.switch_number.set(number);
    }

    fn drop_request(&self) -> bool {
        self.drop_request.get()
    }

    #[track_caller]
    fn set_drop_request(&self, requested: bool) {
        self.demand(
            |event| if requested { !event.letting_go } else { self.is_open_to(event.thread) },
            |_| match requested {
                true => "asked for the GIL, but only who waits for it asks (I2)".into(),
                false => {
                    format!("cleared the request, but it is for {}, who still has the GIL (I4)", self.holder_name())
                }
            },
        );
        self.drop_request.set(requested);
    }

    fn interval(&self) -> u64 {
        self.interval.get()
    }
}

impl<O: Observer> fmt::Debug for State<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.last_holder.get().map_or_else(|| "nobody".into(), |last| self.name(last));
        let request = if self.drop_request.get() { ", drop requested" } else { "" };
        let (switches, interval) = (self.switch_number.get(), self.interval.get());
        write!(
            f,
            "{} has it, last holder {last}, switch {switches}, interval {interval} us{request}",
            self.holder_name()
        )
    }
}
