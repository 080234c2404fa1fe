//! # Who waits, who has it since when, and what a policy wrote down
//!
//! The service behind the part `scheduler`, kept by the clock, and the books that compare policies: how long each
//! thread had to wait, how long it had the GIL.
//!
//! ```text
//!   wants ----------------------------------> takes ----------------> lets go
//!         one wait, however often it is woken       its time with the GIL
//! ```
//!
//! - **I1** `waiting` holds the threads that sleep until they are woken or their time is up: each once, who came first
//!   stands first. Who was woken is not among them, and stands last if it finds that another one was faster.
//! - **I2** A wait begins when a thread wants the GIL and ends when it has it: being woken too late does not end it.

use super::program::Micros;
use kit::gil::ThreadId;
use kit::misuse::Watch;
use kit::scheduler::Waiters;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

/// How long a thread waited for the GIL, and had it. All times in microseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Books {
    /// How often it got the GIL.
    pub takes: u64,
    /// The longest wait from wanting it to having it.
    pub longest: Micros,
    /// All waits together.
    pub waited: Micros,
    /// All its time with the GIL.
    pub held: Micros,
}

/// One GIL's threads.
#[derive(Default)]
pub struct Roster {
    watch: Rc<Watch>,
    now: Cell<Micros>,
    interval: Cell<Micros>,
    holder: Cell<Option<(ThreadId, Micros)>>,
    waiting: RefCell<Vec<ThreadId>>,
    threads: RefCell<Vec<Entry>>,
}

#[derive(Clone, Default)]
struct Entry {
    name: String,
    score: u64,
    /// Since when it waits, if it does.
    wants: Option<Micros>,
    books: Books,
}

impl Roster {
    /// Nobody is there; misuse goes to `watch`.
    pub fn new(watch: Rc<Watch>) -> Self {
        Roster { watch, interval: Cell::new(1), ..Roster::default() }
    }

    /// One thread more; what it is called.
    pub fn add(&self, name: &str) {
        self.threads.borrow_mut().push(Entry { name: name.into(), ..Entry::default() });
    }

    /// What the clock says, and how long the switch interval is.
    pub fn set_time(&self, now: Micros, interval: Micros) {
        self.now.set(now);
        self.interval.set(interval.max(1));
    }

    /// `thread` wants the GIL: its wait begins (I2).
    pub fn wants(&self, thread: ThreadId) {
        self.change(thread, |entry, now| entry.wants = Some(now));
    }

    /// `thread` sleeps from now on, behind all others (I1).
    pub fn sleeps(&self, thread: ThreadId) {
        self.waiting.borrow_mut().push(thread);
    }

    /// `thread` was woken, or its time is up.
    pub fn wakes(&self, thread: ThreadId) {
        self.waiting.borrow_mut().retain(|waits| *waits != thread);
    }

    /// `thread` has the GIL.
    pub fn takes(&self, thread: ThreadId) {
        self.holder.set(Some((thread, self.now.get())));
        self.change(thread, |entry, now| {
            let wait = entry.wants.take().map_or(0, |since| now - since);
            entry.books.takes += 1;
            entry.books.waited += wait;
            entry.books.longest = entry.books.longest.max(wait);
        });
    }

    /// The holder lets go; for how long it had the GIL.
    pub fn lets_go(&self) -> Micros {
        let Some((thread, _)) = self.holder.get() else { return 0 };
        let held = self.held_for();
        self.change(thread, |entry, _| entry.books.held += held);
        self.holder.set(None);
        held
    }

    /// How long a thread waited and had the GIL until now; what it waits or holds at this moment is counted.
    pub fn books(&self, thread: ThreadId) -> Books {
        let threads = self.threads.borrow();
        let Some(Entry { wants, books, .. }) = threads.get(thread.0 as usize) else { return Books::default() };
        let wait = wants.map_or(0, |since| self.now.get() - since);
        let held = self.holder.get().filter(|(holder, _)| *holder == thread).map_or(0, |_| self.held_for());
        Books {
            longest: books.longest.max(wait),
            waited: books.waited + wait,
            held: books.held + held,
            takes: books.takes,
        }
    }

    /// Waits until now do not count.
    pub fn forget_waits(&self) {
        for entry in self.threads.borrow_mut().iter_mut() {
            entry.wants = entry.wants.map(|_| self.now.get());
            entry.books = Books { longest: 0, waited: 0, takes: 0, ..entry.books };
        }
    }

    fn change(&self, thread: ThreadId, change: impl FnOnce(&mut Entry, Micros)) {
        if let Some(entry) = self.threads.borrow_mut().get_mut(thread.0 as usize) {
            change(entry, self.now.get());
        }
    }

    #[track_caller]
    fn known(&self, thread: ThreadId) -> usize {
        if thread.0 as usize >= self.threads.borrow().len() {
            self.watch.misuse(format!("{thread:?}: there is no such thread"));
        }
        thread.0 as usize
    }
}

impl Waiters for Roster {
    fn now(&self) -> u64 {
        self.now.get()
    }

    fn interval(&self) -> u64 {
        self.interval.get()
    }

    fn holder(&self) -> Option<ThreadId> {
        self.holder.get().map(|(holder, _)| holder)
    }

    fn held_for(&self) -> u64 {
        self.holder.get().map_or(0, |(_, since)| self.now.get() - since)
    }

    fn waiting(&self) -> Vec<ThreadId> {
        self.waiting.borrow().clone()
    }

    #[track_caller]
    fn score(&self, thread: ThreadId) -> u64 {
        let thread = self.known(thread);
        self.threads.borrow()[thread].score
    }

    #[track_caller]
    fn set_score(&self, thread: ThreadId, score: u64) {
        let thread = self.known(thread);
        self.threads.borrow_mut()[thread].score = score;
    }
}

impl fmt::Debug for Roster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scored = |thread: ThreadId| {
            let entry = &self.threads.borrow()[thread.0 as usize];
            format!("{} ({})", entry.name, entry.score)
        };
        let holder = self.holder().map_or("nobody".into(), scored);
        let waiting: Vec<String> = self.waiting().into_iter().map(scored).collect();
        write!(f, "{} us: {holder} has had it for {} us", self.now.get(), self.held_for())?;
        write!(f, ", waiting: {}; interval {} us", kit::text::list(waiting), self.interval.get())
    }
}
