//! # The machine around the collector's parts
//!
//! An [`ObjectGraph`] owns objects and three lists, runs a collection phase by phase, and serves the two parts. What
//! state the lists are in meanwhile is told in [`super::examined`].
//!
//! - **I1** Rights are in force exactly while a part runs. The machine itself walks lists without asking.
//! - **I2** Between collections all lists validate. Debug builds of the fast runtime check it at each end.
//!
//! It is generic over memory and observer, not over a whole `Config`: no size of a pool matters to a graph, and one
//! socket serves both geometries.
//!
//! Source: `deduce_unreachable` in `Modules/gcmodule.c`.

pub use super::book::Book;
use super::examined::Examined;
use super::head::Head;
use super::list::List;
use super::store::{COUNT, Store};
use kit::graph::{MoveUnreachable, Obj, SubtractRefs};
use kit::misuse::Watch;
use kit::observe::Observer;
use kit::owner::Owner;
use kit::picture::{ListsPicture, Picture};
use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

/// Lists of more objects than this are not drawn.
const DRAWN: u64 = 24;

/// Objects, and the lists they are in.
pub struct ObjectGraph<M: Owner, O: Observer> {
    pub(super) mem: M,
    pub(super) observer: O,
    pub(super) watch: Rc<Watch>,
    pub(super) book: Rc<Book>,
    store: Store,
    pub(super) lists: Examined,
    pub(super) old: List,
    /// Which part runs.
    pub(super) phase: Cell<Phase>,
    examined: Cell<u64>,
    quiet: Cell<bool>,
}

/// Which part runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    /// None: the machine itself.
    Machine,
    /// `subtract_refs`
    Subtract,
    /// `move_unreachable`
    Move,
}

/// Where a new object is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Age {
    /// In `young`: the next collection examines it.
    Young,
    /// In an older generation.
    Old,
}

impl<M: Owner, O: Observer> ObjectGraph<M, O> {
    /// No objects yet. `None` when `mem` has no room.
    pub fn new(mem: M, observer: O, watch: Rc<Watch>, book: Rc<Book>) -> Option<Self> {
        let store = Store::default();
        let list = || Some(List(Head(store.cut(&mem, super::head::HEAD)?)));
        let (young, unreachable, old) = (list()?, list()?, list()?);
        [young, unreachable, old].iter().for_each(|list| list.init(&mem));
        let (phase, lists) = (Cell::new(Phase::Machine), Examined::new(young, unreachable));
        let (examined, quiet) = (Cell::new(0), Cell::new(false));
        Some(ObjectGraph { mem, observer, watch, book, store, lists, old, phase, examined, quiet })
    }

    /// A new object that nobody refers to. `None` when there is no memory left.
    pub fn create(&self, age: Age) -> Option<Obj> {
        let object = self.store.object(&self.mem)?;
        let list = if age == Age::Young { self.lists.young } else { self.old };
        list.append(&self.mem, Head::of(object));
        Some(object)
    }

    /// `from` refers to `to`, once more. `None` when there is no memory left.
    pub fn refer(&self, from: Obj, to: Obj) -> Option<()> {
        self.store.refer(&self.mem, from, to)
    }

    /// References to `object`.
    pub fn count(&self, object: Obj) -> u64 {
        self.mem.get(object, COUNT)
    }

    /// One reference from outside more.
    pub fn incref(&self, object: Obj) {
        self.mem.set(object, COUNT, self.count(object) + 1);
    }

    /// One reference less; gives how many are left.
    pub fn decref(&self, object: Obj) -> u64 {
        let left = self.count(object) - 1;
        self.mem.set(object, COUNT, left);
        left
    }

    /// `object` is gone and leaves its list. What it referred to is given one by one, each with one reference less:
    /// who takes only some drops only some.
    pub fn delete(&self, object: Obj) -> impl Iterator<Item = Obj> {
        List::remove(&self.mem, Head::of(object));
        let (at, end) = Store::table(&self.mem, object);
        (at.0..end.0).step_by(8).map(|at| {
            let child = Obj(kit::Addr(self.mem.read(kit::Addr(at))));
            self.decref(child);
            child
        })
    }

    /// `young` joins the older objects, and all of them are `young` now: a full collection begins.
    pub fn merge_all(&self) {
        self.lists.young.merge(&self.mem, self.old);
        self.old.merge(&self.mem, self.lists.young);
    }

    /// What is in `young` joins the older objects.
    pub fn promote(&self) {
        self.lists.young.merge(&self.mem, self.old);
    }

    /// The objects of `young`, in order.
    pub fn young(&self) -> impl Iterator<Item = Obj> {
        self.lists.young.members(&self.mem).map(Head::object)
    }

    /// The objects of `unreachable`, in order.
    pub fn unreachable(&self) -> impl Iterator<Item = Obj> {
        self.lists.unreachable.members(&self.mem).map(Head::object)
    }

    /// The older objects, in order.
    pub fn old(&self) -> impl Iterator<Item = Obj> {
        self.old.members(&self.mem).map(Head::object)
    }

    /// The number that stands in an examined object.
    pub fn refs_of(&self, object: Obj) -> u64 {
        Head::of(object).refs(&self.mem)
    }

    /// Each object of `young` gets its count as `refs` and is examined from now on.
    pub fn update_refs(&self) {
        self.checked_lists();
        if M::WATCHED {
            self.young().for_each(|object| self.book.set_kept(object, false));
        }
        self.examined.set(self.lists.begin(&self.mem, |head| self.count(head.object())));
    }

    /// Runs the part.
    pub fn subtract_refs(&self, part: &(impl SubtractRefs<Self> + ?Sized)) {
        self.phase.set(Phase::Subtract);
        self.picture();
        part.subtract_refs(self);
        self.told_scene();
        self.phase.set(Phase::Machine);
    }

    /// Runs the part, and links what it left behind in both directions again.
    ///
    /// # Errors
    /// The first objects that still wait: the walk ended too early.
    pub fn move_unreachable(&self, part: &(impl MoveUnreachable<Self> + ?Sized)) -> Result<(), Vec<Obj>> {
        self.phase.set(Phase::Move);
        self.picture();
        part.move_unreachable(self);
        self.told_scene();
        self.phase.set(Phase::Machine);
        let waits = std::iter::successors(self.front(), |head| self.lists.young.after(&self.mem, *head));
        let waits: Vec<Obj> = waits.take(5).map(Head::object).collect();
        if !waits.is_empty() {
            return Err(waits);
        }
        self.lists.end(&self.mem);
        self.checked_lists();
        Ok(())
    }

    /// Where the walk stands.
    #[inline]
    pub(super) fn front(&self) -> Option<Head> {
        self.lists.front(&self.mem)
    }

    /// From now on steps are told, or not: nobody asks about a phase that is not theirs.
    pub fn set_quiet(&self, quiet: bool) {
        self.quiet.set(quiet);
    }

    /// Tells a step.
    #[inline]
    pub(super) fn step(&self, tell: impl FnOnce() -> String) {
        if !self.quiet.get() {
            self.scene();
            self.observer.step(tell);
        }
    }

    /// Shows a figure what the last step led to, if steps are told.
    #[inline]
    fn told_scene(&self) {
        if !self.quiet.get() {
            self.scene();
        }
    }

    /// Shows a figure what taking away has led to.
    pub fn scene_of_refs(&self) {
        self.phase.set(Phase::Subtract);
        self.scene();
        self.phase.set(Phase::Machine);
    }

    /// Tells what the lists look like, as long as they are short.
    #[inline]
    pub(super) fn picture(&self) {
        if self.examined.get() <= DRAWN && !self.quiet.get() {
            self.observer.picture(|| Picture::Lists(self.draw()));
        }
    }

    /// Both lists: names, and `refs` where an object waits.
    pub fn draw(&self) -> ListsPicture {
        let waiting = |head: &Head| head.is_collecting(&self.mem) && !head.is_set_aside(&self.mem);
        let name = |head: Head| match waiting(&head) {
            true => format!("{}:{}", self.book.name(head.object()), head.refs(&self.mem)),
            false => self.book.name(head.object()),
        };
        let names = |list: List| list.members(&self.mem).map(name).collect();
        ListsPicture { young: names(self.lists.young), unreachable: names(self.lists.unreachable) }
    }

    /// Are all lists in order (I2)?
    ///
    /// # Errors
    /// A sentence that says where they are not.
    pub fn validate(&self) -> Result<(), String> {
        [self.lists.young, self.old, self.lists.unreachable].iter().try_for_each(|list| list.validate(&self.mem))
    }

    fn checked_lists(&self) {
        #[cfg(debug_assertions)]
        if !M::WATCHED {
            assert_eq!(self.validate(), Ok(()));
        }
    }
}

impl<M: Owner, O: Observer> fmt::Debug for ObjectGraph<M, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.draw())
    }
}

impl<M: Owner, O: Observer> Drop for ObjectGraph<M, O> {
    fn drop(&mut self) {
        self.store.release(&self.mem);
    }
}
