//! # The machine around the part `finalizers`
//!
//! A [`Bin`] owns objects whose finalizers *do* things, runs a collection from its beginning to its end, and serves the
//! part in three phases:
//!
//! ```text
//!                         unreachable          aside              young              older
//!   find (machine)        what it found        empty              empty              what survived
//!   finalize_garbage      still to look at     looked at          new objects; what was brought back by dying
//!   handle_resurrected    looked at again      empty                                 who can be reached after all
//!   delete_garbage        still to clear                                             who lives on after its clear
//!   end                   empty                empty
//! ```
//!
//! Objects, references and lists are those of [`ObjectGraph`]. What a finalizer does is a short list of [`Action`]s; an
//! object dies the moment its count is 0, and what dies or runs waits on a stack of the machine's own ([`actions`]):
//! nothing recurses. What the part may do when is in [`service`].
//!
//! - **I1** An object is in exactly one list until it is dead, and in none afterwards. Its words stay; nobody reads them.
//! - **I2** A finalizer reaches what its object reaches, and nothing else: that is where a program's own would get it.
//! - **I3** Between two calls into the part nothing waits: each call ends when everything that followed from it did.

mod actions;
mod scene;
mod service;

pub use actions::Action;

use super::graph::{Age, Book, ObjectGraph};
use super::head::Head;
use super::list::List;
use super::store::Store;
use super::{move_unreachable, subtract_refs};
use kit::Addr;
use kit::finalizers::Finalizers;
use kit::graph::Obj;
use kit::misuse::Watch;
use kit::observe::Observer;
use kit::owner::Owner;
use kit::picture::{GarbagePicture, Picture};
use service::Phase;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

/// Lists of more objects than this are not drawn.
const DRAWN: usize = 24;

/// Objects with finalizers, and the lists they are in.
pub struct Bin<M: Owner, O: Observer> {
    graph: ObjectGraph<M, O>,
    book: Rc<Book>,
    aside: List,
    /// Where `young` waits while the garbage is looked at again.
    waiting: List,
    people: RefCell<BTreeMap<Obj, Entry>>,
    names: RefCell<BTreeMap<String, Obj>>,
    /// What happened since somebody asked.
    pub log: Log,
    phase: Cell<Phase>,
    /// References that the part holds.
    held: RefCell<BTreeMap<Obj, u64>>,
    /// What `first` gave last, and how often in a row.
    asked: Cell<(Option<Obj>, u32)>,
}

/// What the machine knows about an object besides its words.
#[derive(Debug, Default)]
struct Entry {
    name: String,
    /// `None`: its type has no finalizer.
    finalizer: Option<Vec<Action>>,
    ran: Cell<bool>,
    cleared: Cell<bool>,
    dead: Cell<bool>,
    /// References from globals.
    globals: Cell<u64>,
}

/// What happened, in order: names.
#[derive(Debug, Default)]
pub struct Log {
    /// Whose finalizer ran.
    pub finalized: RefCell<Vec<String>>,
    /// Who died.
    pub died: RefCell<Vec<String>>,
    /// Who was cleared.
    pub cleared: RefCell<Vec<String>>,
    /// Who left the list because it lives on.
    pub kept: RefCell<Vec<String>>,
    /// What a finalizer saw.
    pub seen: RefCell<Vec<String>>,
}

impl<M: Owner, O: Observer> Bin<M, O> {
    /// No objects yet. `None` when `mem` has no room.
    pub fn new(mem: M, observer: O, watch: Rc<Watch>) -> Option<Self> {
        let book = Rc::new(Book::default());
        let graph = ObjectGraph::new(mem, observer, watch, book.clone())?;
        // Nobody asked about the walks: their parts are the reference's.
        graph.set_quiet(true);
        let list = || {
            let list = List(Head::of(graph.create(Age::Young)?));
            List::remove(&graph.mem, list.0);
            list.init(&graph.mem);
            Some(list)
        };
        let (aside, waiting) = (list()?, list()?);
        Some(Bin {
            graph,
            book,
            aside,
            waiting,
            people: RefCell::default(),
            names: RefCell::default(),
            log: Log::default(),
            phase: Cell::new(Phase::Machine),
            held: RefCell::default(),
            asked: Cell::new((None, 0)),
        })
    }

    /// A new object that nobody refers to. `None` when there is no memory left.
    pub fn create(&self, name: &str, age: Age) -> Option<Obj> {
        let object = self.graph.create(age)?;
        self.book.enter(object, name);
        self.names.borrow_mut().insert(name.into(), object);
        self.people.borrow_mut().insert(object, Entry { name: name.into(), ..Entry::default() });
        Some(object)
    }

    /// The object that is called so.
    pub fn find(&self, name: &str) -> Option<Obj> {
        self.names.borrow().get(name).copied()
    }

    /// Whether it died.
    pub fn is_dead(&self, object: Obj) -> bool {
        self.people.borrow()[&object].dead.get()
    }

    /// From now on its type has a finalizer that does this, too.
    pub fn add_finalizer(&self, object: Obj, action: Option<Action>) {
        if let Some(entry) = self.people.borrow_mut().get_mut(&object) {
            entry.finalizer.get_or_insert_default().extend(action);
        }
    }

    /// `from` refers to `to`, once more. `None` when there is no memory left.
    pub fn refer(&self, from: Obj, to: Obj) -> Option<()> {
        self.graph.refer(from, to)
    }

    /// What `object` refers to, in order.
    pub fn referents(&self, object: Obj) -> Vec<Obj> {
        let (at, end) = Store::table(&self.graph.mem, object);
        (at.0..end.0).step_by(8).map(|at| Obj(Addr(self.graph.mem.read(Addr(at))))).collect()
    }

    /// One reference from outside more.
    pub fn hold(&self, object: Obj) {
        self.graph.incref(object);
    }

    /// One reference from outside less; what dies of it is dead afterwards.
    pub fn let_go(&self, object: Obj) {
        self.drop_reference(object);
    }

    /// A global refers to `object`.
    pub fn store(&self, object: Obj) {
        let globals = &self.people.borrow()[&object].globals;
        globals.set(globals.get() + 1);
        self.graph.incref(object);
    }

    /// A global refers to it no longer. False when none did.
    pub fn unstore(&self, object: Obj) -> bool {
        let left = self.people.borrow()[&object].globals.get().checked_sub(1);
        if let Some(left) = left {
            self.people.borrow()[&object].globals.set(left);
            self.let_go(object);
        }
        left.is_some()
    }

    /// What it is called.
    pub fn name_of(&self, object: Obj) -> String {
        self.people.borrow().get(&object).map_or_else(|| format!("{:?}", object.0), |entry| entry.name.clone())
    }

    /// Their names.
    fn names_in(&self, list: List) -> Vec<String> {
        list.members(&self.graph.mem).map(|head| self.name_of(head.object())).collect()
    }

    /// The names of what is in `unreachable`.
    pub fn unreachable(&self) -> Vec<String> {
        self.names_in(self.graph.lists.unreachable)
    }

    /// The names of the young and of the older objects.
    pub fn survivors(&self) -> (Vec<String>, Vec<String>) {
        (self.names_in(self.graph.lists.young), self.graph.old().map(|object| self.name_of(object)).collect())
    }

    /// Finds what is unreachable among the young, or among all, and leaves it in the list. The rest is older.
    ///
    /// # Errors
    /// A sentence when the lists are not in order.
    pub fn find_unreachable(&self, all: bool) -> Result<(), String> {
        if all {
            self.graph.merge_all();
        }
        self.examine()?;
        self.picture();
        Ok(())
    }

    /// What is in `young` is examined: the reachable is older afterwards, the rest in `unreachable`.
    fn examine(&self) -> Result<(), String> {
        self.graph.update_refs();
        self.graph.subtract_refs(&subtract_refs::Part);
        let ended = self.graph.move_unreachable(&move_unreachable::Part);
        ended.map_err(|waiting| format!("{} objects wait for ever", waiting.len()))?;
        self.graph.promote();
        self.graph.validate()
    }

    /// Runs the part's `finalize_garbage`.
    ///
    /// # Errors
    /// The promise that it broke.
    pub fn finalize_garbage(&self, part: &(impl Finalizers<Self> + ?Sized)) -> Result<(), String> {
        self.run(Phase::Finalize, || part.finalize_garbage(self))?;
        match self.aside.is_empty(&self.graph.mem) {
            true => Ok(()),
            false => {
                let names = kit::text::list(self.names_in(self.aside));
                Err(format!(
                    "finalize_garbage ended, but {names} are still put aside: the list is not in its order (I1)"
                ))
            }
        }
    }

    /// Runs the part's `handle_resurrected`.
    ///
    /// # Errors
    /// The promise that it broke.
    pub fn handle_resurrected(&self, part: &(impl Finalizers<Self> + ?Sized)) -> Result<(), String> {
        self.run(Phase::Handle, || part.handle_resurrected(self))
    }

    /// Runs the part's `delete_garbage`.
    ///
    /// # Errors
    /// The promise that it broke.
    pub fn delete_garbage(&self, part: &(impl Finalizers<Self> + ?Sized)) -> Result<(), String> {
        self.run(Phase::Delete, || part.delete_garbage(self))?;
        self.people.borrow().values().for_each(|entry| entry.cleared.set(false));
        let mut left = self.unreachable();
        left.extend(self.names_in(self.aside));
        match left.is_empty() {
            true => self.graph.validate(),
            false => Err(format!("delete_garbage ended, but these are still in the list: {}", kit::text::list(left))),
        }
    }

    fn run(&self, phase: Phase, part: impl FnOnce()) -> Result<(), String> {
        self.asked.set((None, 0));
        self.phase.set(phase);
        part();
        self.phase.set(Phase::Machine);
        let held = self.held.take();
        match held.iter().find(|(_, references)| **references > 0) {
            None => Ok(()),
            Some((object, references)) => Err(format!(
                "{phase} ended, but holds {} still: {references} incref without its decref (I3)",
                self.name_of(*object)
            )),
        }
    }

    /// The first misuse, if there was one.
    pub fn misused(&self) -> Option<kit::misuse::Misuse> {
        self.graph.watch.first()
    }

    fn step(&self, tell: impl FnOnce() -> String) {
        self.scene();
        self.graph.observer.step(tell);
    }

    fn picture(&self) {
        if self.people.borrow().len() <= DRAWN {
            self.graph.observer.picture(|| Picture::Garbage(self.draw()));
        }
    }

    /// The lists: names, each with `!` when its finalizer ran.
    fn draw(&self) -> GarbagePicture {
        let name = |head: Head| match head.is_finalized(&self.graph.mem) {
            true => format!("{}!", self.name_of(head.object())),
            false => self.name_of(head.object()),
        };
        let names = |list: List| list.members(&self.graph.mem).map(name).collect();
        GarbagePicture {
            unreachable: names(self.graph.lists.unreachable),
            aside: names(self.aside),
            young: names(self.graph.lists.young),
            older: self.graph.old().map(Head::of).map(name).collect(),
        }
    }
}

impl<M: Owner, O: Observer> fmt::Debug for Bin<M, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.draw())
    }
}
