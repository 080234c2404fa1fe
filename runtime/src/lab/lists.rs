//! # Lists whose items look at them when they die: the machine around `containers`
//!
//! ```text
//!   l   | a | b | c | . |        len 3, room for 4; each item is a handle, and so is what the program holds
//! ```
//!
//! An item dies when its last handle is let go. Its finalizer looks at all lists at that moment and says what it sees: a
//! fact. Some finalizers do more: they append to the very list, clear it, store into it.
//!
//! - **I1** An item's references are its handles and its places in tables; a handle that was lost is found.
//! - **I2** When a finalizer runs, each list has items in the places below its length, and none above.
//! - **I3** Nothing here panics while something else unwinds: a handle is let go in silence then.

mod scene;
mod service;

use kit::Addr;
use kit::containers::Containers;
use kit::graph::Obj;
use kit::misuse::Watch;
use kit::observe::{Observer, Recorder};
use kit::text::list;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

pub(super) use service::Owned;

/// What a finalizer does beside looking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Appends these.
    Append(Vec<String>),
    /// Puts this one in that place.
    Store(u64, String),
    /// Takes the last one out, and lets go of it.
    Pop,
    /// Empties the list.
    Clear,
}

/// A list.
#[derive(Debug)]
struct List {
    name: String,
    len: u64,
    /// As many places as there is room for.
    table: Vec<Option<usize>>,
    /// Nobody can look at it any more.
    dying: bool,
    /// It is empty, and nothing is left to do.
    gone: bool,
}

/// An item.
#[derive(Debug)]
struct Item {
    name: String,
    /// I1.
    refs: u64,
    /// Handles of the program's.
    held: u64,
    dead: bool,
    /// Its finalizer is over.
    gone: bool,
    finally: Option<(Obj, Act)>,
}

/// Lists, and what is in them.
pub struct Lists<O: Observer + 'static> {
    part: &'static (dyn Containers<Lists<O>> + Sync),
    observer: O,
    recorder: Recorder,
    watch: Rc<Watch>,
    lists: RefCell<Vec<List>>,
    items: RefCell<Vec<Item>>,
    /// Whether tables can grow.
    memory: Cell<bool>,
    /// The lists that the calls which run now were given, the innermost last.
    lent: RefCell<Vec<Obj>>,
    broken: RefCell<Option<String>>,
}

impl<O: Observer> Lists<O> {
    /// No lists yet.
    pub(super) fn new(
        part: &'static (dyn Containers<Lists<O>> + Sync),
        observer: O,
        recorder: Recorder,
        watch: Rc<Watch>,
    ) -> Self {
        let (lists, items) = (RefCell::default(), RefCell::default());
        let (memory, lent, broken) = (Cell::new(true), RefCell::default(), RefCell::default());
        Lists { part, observer, recorder, watch, lists, items, memory, lent, broken }
    }

    pub(super) fn part(&self) -> &'static (dyn Containers<Lists<O>> + Sync) {
        self.part
    }

    pub(super) fn set_memory(&self, memory: bool) {
        self.memory.set(memory);
    }

    /// A new list.
    pub(super) fn create(&self, name: &str) {
        self.lists.borrow_mut().push(List { name: name.into(), len: 0, table: vec![], dying: false, gone: false });
    }

    /// The list of this name that is alive.
    pub(super) fn list(&self, name: &str) -> Option<Obj> {
        let lists = self.lists.borrow();
        let at = lists.iter().position(|list| list.name == name && !list.dying)?;
        Some(Obj(Addr(at as u64)))
    }

    /// Nobody can look at it from now on.
    pub(super) fn set_dying(&self, list: Obj) {
        self.with(list, |list| list.dying = true);
    }

    /// It was emptied: that was its end.
    pub(super) fn set_gone(&self, list: Obj) {
        self.with(list, |list| list.gone = true);
    }

    fn with<R>(&self, list: Obj, act: impl FnOnce(&mut List) -> R) -> R {
        act(&mut self.lists.borrow_mut()[list.0.0 as usize])
    }

    /// Is there, or was there, something of this name?
    pub(super) fn knows(&self, name: &str) -> bool {
        self.lists.borrow().iter().any(|list| list.name == name) || self.find(name).is_some()
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.items.borrow().iter().position(|item| item.name == name)
    }

    /// A handle for the item of this name, which is made if there is none. `None`: it is dead.
    pub(super) fn value(&self, name: &str) -> Option<Owned<'_, O>> {
        let at = self.find(name).unwrap_or_else(|| {
            let item = Item { name: name.into(), refs: 0, held: 0, dead: false, gone: false, finally: None };
            self.items.borrow_mut().push(item);
            self.items.borrow().len() - 1
        });
        let dead = self.items.borrow()[at].dead;
        (!dead).then(|| self.handle(at, 1))
    }

    /// A handle; `more` references to what it is for.
    fn handle(&self, item: usize, more: u64) -> Owned<'_, O> {
        self.items.borrow_mut()[item].refs += more;
        Owned { lists: self, item }
    }

    /// The program keeps a handle.
    pub(super) fn hold(&self, value: Owned<'_, O>) {
        self.items.borrow_mut()[value.item].held += 1;
        std::mem::forget(value);
    }

    /// The program lets go of a handle. `None`: it has none.
    pub(super) fn let_go(&self, name: &str) -> Option<()> {
        let at = self.find(name)?;
        let held = self.items.borrow()[at].held.checked_sub(1)?;
        self.items.borrow_mut()[at].held = held;
        drop(self.handle(at, 0));
        Some(())
    }

    /// When the item of this name dies, its finalizer does that. `None`: there is no such item alive.
    pub(super) fn finally(&self, name: &str, list: Obj, act: Act) -> Option<()> {
        let at = self.find(name).filter(|at| !self.items.borrow()[*at].dead)?;
        self.items.borrow_mut()[at].finally = Some((list, act));
        Some(())
    }

    /// An item's last handle was let go.
    fn die(&self, item: usize) {
        self.items.borrow_mut()[item].dead = true;
        let name = self.items.borrow()[item].name.clone();
        let sees = self.shown();
        self.recorder.fact(format!("{name} dies{}{sees}", if sees.is_empty() { "" } else { ", and sees " }));
        if let Err(hole) = self.in_order() {
            self.note(format!("{name} dies while {hole}: a finalizer must not see that (I3)"));
        }
        self.scene();
        let finally = self.items.borrow_mut()[item].finally.take();
        if let Some((list, act)) = finally {
            self.act(&name, list, &act);
        }
        self.items.borrow_mut()[item].gone = true;
    }

    /// What a finalizer does.
    fn act(&self, name: &str, list: Obj, act: &Act) {
        let (len, of) = (self.with(list, |list| list.len), self.with(list, |list| list.name.clone()));
        if self.with(list, |list| list.dying) {
            return;
        }
        match act {
            Act::Append(values) => {
                self.observer.step(|| format!("  {name}'s finalizer appends {} to {of}", kit::text::list(values)));
                for value in values.iter().filter_map(|value| self.value(value)) {
                    drop(self.lend(list, || self.part.append(self, list, value)));
                }
            }
            Act::Store(at, value) if *at < len => {
                self.observer.step(|| format!("  {name}'s finalizer stores {value} in place {at} of {of}"));
                if let Some(value) = self.value(value) {
                    self.lend(list, || self.part.store(self, list, *at, value));
                }
            }
            Act::Store(at, _) => self.observer.step(|| format!("  {name}'s finalizer finds no place {at} in {of}")),
            Act::Pop => {
                self.observer.step(|| format!("  {name}'s finalizer pops from {of}"));
                drop(self.lend(list, || self.part.pop(self, list)));
            }
            Act::Clear => {
                self.observer.step(|| format!("  {name}'s finalizer clears {of}"));
                self.lend(list, || self.part.clear(self, list));
            }
        }
    }

    /// All lists that can be looked at: `l: a b`.
    fn shown(&self) -> String {
        let lists = self.lists.borrow();
        let shown =
            lists.iter().filter(|list| !list.dying).map(|list| format!("{}: {}", list.name, self.items_of(list)));
        shown.collect::<Vec<_>>().join(", ")
    }

    fn items_of(&self, of: &List) -> String {
        let items = self.items.borrow();
        let name = |place: &Option<usize>| place.map_or("(nothing)".to_string(), |item| items[item].name.clone());
        match of.len {
            0 => "empty".into(),
            len => list(of.table.iter().take(len as usize).map(name)),
        }
    }

    /// The list, as a fact at the end of an operation: `l: a b, room for 4`.
    pub(super) fn told(&self, list: Obj) -> String {
        let list = &self.lists.borrow()[list.0.0 as usize];
        format!("{}: {}, room for {}", list.name, self.items_of(list), list.table.len())
    }

    /// I2.
    fn in_order(&self) -> Result<(), String> {
        for list in self.lists.borrow().iter() {
            for (at, place) in (0..).zip(&list.table) {
                let name = &list.name;
                match place {
                    None if at < list.len => return Err(format!("place {at} of {name} is empty, below its length")),
                    Some(item) if at >= list.len => {
                        let item = &self.items.borrow()[*item].name;
                        return Err(format!("place {at} of {name} still has {item}, beyond its length"));
                    }
                    _ => {}
                }
            }
            if list.len > list.table.len() as u64 {
                return Err(format!("{} has {} items and room for {}", list.name, list.len, list.table.len()));
            }
        }
        Ok(())
    }

    /// Between two operations: no promise was broken, no list has a hole, no handle was lost.
    pub(super) fn kept(&self) -> Result<(), String> {
        if let Some(misuse) = self.watch.first() {
            return Err(misuse.to_string());
        }
        if let Some(broken) = self.broken.borrow().clone() {
            return Err(broken);
        }
        self.in_order().map_err(|hole| format!("broken: {hole} (I3)"))?;
        let mut placed = vec![0; self.items.borrow().len()];
        self.lists.borrow().iter().flat_map(|list| list.table.iter().flatten()).for_each(|item| placed[*item] += 1);
        for (item, placed) in self.items.borrow().iter().zip(placed) {
            if item.refs > item.held + placed {
                let name = &item.name;
                return Err(format!("broken: a handle for {name} was lost: nobody can ever let go of it (I3)"));
            }
        }
        Ok(())
    }

    fn note(&self, sentence: String) {
        self.broken.borrow_mut().get_or_insert(format!("broken: {sentence}"));
    }
}

impl<O: Observer> fmt::Debug for Lists<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lists = self.lists.borrow().len();
        f.write_str(&(0..lists).map(|at| self.told(Obj(Addr(at as u64)))).collect::<Vec<_>>().join("; "))
    }
}
