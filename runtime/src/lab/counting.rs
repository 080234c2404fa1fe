//! # Objects that count: the machine around `refcount` and `trashcan`
//!
//! ```text
//!   the program --+                      its references are its variables
//!                 v
//!                 a --> b --> c          an object's references lie in its table, in the order in which they came
//! ```
//!
//! An object here is a count and a table ([`Store`]). It dies as it does in the runtime: its `farewell` asks the trashcan,
//! then its finalizer; then it drops what it holds; then its memory goes back. One of the two parts is a learner's, the
//! other the reference's.
//!
//! - **I1** The books know what each count must be: the program's references, and those that lie in a table. Nothing of
//!   a part's is believed.
//! - **I2** A part's rights cover the counts of objects that are not dead, and nothing else.
//! - **I3** A promise that is broken is noted before anything unwinds: a part that catches panics gains nothing.

mod books;
mod place;
mod service;

use crate::gc::store::Store;
use books::{Books, Life};
use kit::Addr;
use kit::graph::Obj;
use kit::misuse::Watch;
use kit::observe::Observer;
use kit::owner::{Owner, Rights, State, States};
use kit::picture::{self, ObjectPicture, ObjectsPicture, Picture};
use kit::refcount::{REFS, Refcount};
use kit::trashcan::{Trashcan, UNWIND_LEVEL};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

pub(super) use place::Place;

/// More objects than this are not drawn.
const DRAWN: usize = 12;

/// The payload of a panic that means: a part broke a promise that has been noted (I3).
pub(super) struct Noted;

/// The two parts. Neither holds state.
pub(super) struct Parts<M: Owner + 'static, O: Observer + 'static> {
    pub(super) refcount: &'static (dyn Refcount<Counting<M, O>> + Sync),
    pub(super) trashcan: &'static (dyn Trashcan<Counting<M, O>> + Sync),
}

/// Objects that count, in memory `M`.
pub struct Counting<M: Owner + 'static, O: Observer + 'static> {
    mem: M,
    observer: O,
    watch: Rc<Watch>,
    parts: Parts<M, O>,
    store: Store,
    books: Rc<RefCell<Books>>,
    /// What the trashcan's part says, and what is true.
    depth: Cell<u64>,
    nested: Cell<u64>,
    /// Those who wait, the last one at the end.
    waiting: RefCell<Vec<Obj>>,
    /// `begin` is being asked for this one.
    asking: Cell<Option<Obj>>,
    /// This one came out of the list and must be taken apart next.
    popped: Cell<Option<Obj>>,
    /// The outermost `end` is emptying the list.
    emptying: Cell<bool>,
    broken: RefCell<Option<String>>,
}

/// What the machine itself may do.
const ALL: States =
    States::of(&[State::Untouched, State::Header, State::Foreign, State::FreeLink, State::FreeBody, State::Held]);

impl<M: Owner, O: Observer> Counting<M, O> {
    /// No objects yet.
    pub(super) fn new(mem: M, observer: O, watch: Rc<Watch>, parts: Parts<M, O>) -> Self {
        Counting {
            mem,
            observer,
            watch,
            parts,
            store: Store::default(),
            books: Rc::default(),
            depth: Cell::new(0),
            nested: Cell::new(0),
            waiting: RefCell::default(),
            asking: Cell::new(None),
            popped: Cell::new(None),
            emptying: Cell::new(false),
            broken: RefCell::default(),
        }
    }

    pub(super) fn memory(&self) -> &M {
        &self.mem
    }

    pub(super) fn books(&self) -> &Rc<RefCell<Books>> {
        &self.books
    }

    /// A new object; the program has a reference to it. An immortal one has the count `immortal`. `None`: no memory.
    pub(super) fn create(&self, name: &str, immortal: Option<u64>) -> Option<Obj> {
        let o = self.store.object(&self.mem)?;
        self.mem.set(o, REFS, immortal.unwrap_or(1));
        self.mem.mark(Addr(o.0.0 - 16), 40, State::Foreign);
        // Held: may be read, and not be written (I2).
        self.mem.mark(o.0, 8, if immortal.is_some() { State::Held } else { State::Header });
        self.books.borrow_mut().enter(o, name, immortal);
        Some(o)
    }

    /// `from` refers to `to`, once more. `None`: no memory.
    pub(super) fn refer(&self, from: Obj, to: Obj) -> Option<()> {
        self.incref(to);
        self.books.borrow_mut().change(to, |entry| entry.inside += 1);
        self.as_machine(|| self.store.put(&self.mem, from, to))
    }

    /// `from` lets go of its first reference to `to`. `false`: it has none.
    pub(super) fn cut(&self, from: Obj, to: Obj) -> bool {
        let there = self.as_machine(|| Store::take(&self.mem, from, to));
        if there {
            self.books.borrow_mut().change(to, |entry| entry.inside -= 1);
            self.decref(to);
        }
        there
    }

    /// The program has one more reference.
    pub(super) fn hold(&self, o: Obj) {
        self.books.borrow_mut().change(o, |entry| entry.held += 1);
        self.incref(o);
    }

    /// The program lets go of a reference. `false`: it has none.
    pub(super) fn drop_one(&self, o: Obj) -> bool {
        if !self.books.borrow().is_immortal(o) {
            if self.books.borrow().held(o) == 0 {
                return false;
            }
            self.books.borrow_mut().change(o, |entry| entry.held -= 1);
        }
        self.decref(o);
        true
    }

    fn incref(&self, o: Obj) {
        self.as_part("incref", || self.parts.refcount.incref(self, o));
    }

    fn decref(&self, o: Obj) {
        self.as_part("decref", || self.parts.refcount.decref(self, o));
    }

    /// I2.
    fn as_part<R>(&self, during: &'static str, part: impl FnOnce() -> R) -> R {
        let read = States::of(&[State::Header, State::Held]);
        let write = States::of(&[State::Header]);
        self.mem.call(Rights { during, read, write, untouched_from: Addr(u64::MAX) }, part)
    }

    /// What services do is no part's doing.
    fn as_machine<R>(&self, act: impl FnOnce() -> R) -> R {
        self.mem.call(Rights { during: "the machine", read: ALL, write: ALL, untouched_from: Addr(u64::MAX) }, act)
    }

    /// What REFS says.
    pub(super) fn refs(&self, o: Obj) -> u64 {
        self.mem.peek(o.0).unwrap_or(0)
    }

    /// For sentences: nobody looks the name up unless one is told.
    fn called(&self, o: Obj) -> Called<'_> {
        Called(&self.books, o)
    }

    fn step(&self, tell: impl FnOnce() -> String) {
        self.scene();
        self.observer.step(tell);
    }

    /// A step of a death. Where objects are many, those in the middle of a deep chain are all alike.
    fn step_of_death(&self, tell: impl FnOnce() -> String) {
        let (depth, many) = (self.expected(), self.books.borrow().len() > DRAWN);
        self.scene();
        if !many {
            self.observer.step(tell);
        } else if depth <= 3 || depth >= UNWIND_LEVEL - 1 {
            self.observer.step(|| format!("{} (depth {depth})", tell()));
        }
    }

    /// Ends the part that runs: it broke a promise (I3).
    #[cold]
    fn broken(&self, sentence: String) -> ! {
        self.broken.borrow_mut().get_or_insert(format!("broken: {sentence}"));
        std::panic::panic_any(Noted)
    }

    /// The first promise that was broken, also when a part swallowed the panic; then all counts, between two operations.
    pub(super) fn kept(&self) -> Result<(), String> {
        if let Some(misuse) = self.watch.first() {
            return Err(misuse.to_string());
        }
        if let Some(broken) = self.broken.borrow().clone() {
            return Err(broken);
        }
        let books = self.books.borrow();
        books.all().try_for_each(|(o, entry)| entry.kept(self.refs(o)).map_err(|what| format!("broken: {what}")))
    }

    /// The sentence of a [`Noted`].
    pub(super) fn noted(&self) -> Option<String> {
        self.broken.borrow().clone()
    }

    /// Tells what the objects look like, as long as they are few.
    pub(super) fn picture(&self) {
        if self.books.borrow().len() <= DRAWN {
            self.observer.picture(|| Picture::Objects(self.draw()));
        }
    }

    /// Shows a figure what they look like. Of many objects a few are drawn.
    pub(super) fn scene(&self) {
        self.observer.scene(|| Picture::Objects(self.draw()));
    }

    fn draw(&self) -> ObjectsPicture {
        let books = self.books.borrow();
        let living = || books.all().filter(|(_, entry)| !matches!(entry.life, Life::Dead(_)));
        let more = living().count().saturating_sub(DRAWN);
        let objects = living().take(DRAWN).map(|(o, entry)| ObjectPicture {
            name: entry.name.clone(),
            refs: entry.immortal.is_none().then(|| self.refs(o)),
            refers_to: self.table(o).map(|child| books.name(child)).collect(),
            held: entry.held,
            life: match entry.life {
                Life::Dying => picture::Life::Dying,
                Life::Waiting => picture::Life::Waiting,
                _ => picture::Life::Alive,
            },
            ..ObjectPicture::default()
        });
        let (depth, waiting) = (self.depth.get(), self.waiting.borrow());
        let objects = objects.collect();
        let waiting = waiting.iter().rev().map(|o| books.name(*o)).collect();
        ObjectsPicture { objects, more, depth, waiting, ..ObjectsPicture::default() }
    }

    /// What `o` refers to, whoever asks.
    fn table(&self, o: Obj) -> impl Iterator<Item = Obj> + use<'_, M, O> {
        let (at, end) = self.as_machine(|| Store::table(&self.mem, o));
        (at.0..end.0).step_by(8).filter_map(|at| self.mem.peek(Addr(at)).map(|word| Obj(Addr(word))))
    }
}

/// What an object is called.
struct Called<'m>(&'m RefCell<Books>, Obj);

impl fmt::Display for Called<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.borrow().name(self.1))
    }
}

impl<M: Owner, O: Observer> fmt::Debug for Counting<M, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.draw())
    }
}

impl<M: Owner, O: Observer> Drop for Counting<M, O> {
    fn drop(&mut self) {
        // Where a part may have been stopped, rights may be left in force; that memory goes with its owner.
        if !M::WATCHED || cfg!(asan) {
            self.store.release(&self.mem);
        }
    }
}
