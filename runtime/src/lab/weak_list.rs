//! # Objects with weak references, for the lab
//!
//! What the part `weakref` works with in a scenario: objects, weak references to them and callbacks, each with a name and
//! a count. They live in the host's tables, not in memory: the part never asks for an address. Each call is held to the
//! rules, and a sentence names the invariant that a part breaks.
//!
//! - **I1** No borrow of a table lasts while the part or the program runs: both may come back at any time.
//! - **I2** Handles are counted. When an operation is over nobody but the program's variables may hold anything.
//! - **I3** While a panic unwinds, handles are forgotten: nothing runs any more.

use kit::Addr;
use kit::graph::Obj;
use kit::misuse::Watch;
use kit::observe::Observer;
use kit::picture::{Life, ObjectPicture, ObjectsPicture, Picture};
use kit::weakref::{Sort, WeakList};
use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

mod service;

pub(super) use service::Handle;

/// What the list's surroundings do: the part's functions that the machine calls, and the program.
pub(super) trait Surroundings<O: Observer> {
    /// The part's.
    fn unlink(&self, list: &LabWeakList<O>, r: Obj);
    /// The part's.
    fn clear_and_call(&self, list: &LabWeakList<O>, o: Obj);
    /// The program: `callback` is called with `r`.
    fn run(&self, list: &LabWeakList<O>, callback: Obj, r: Obj);
    /// The program: a collection runs while a weak reference is made.
    fn meanwhile(&self, list: &LabWeakList<O>);
}

/// Objects and the weak references to them.
pub struct LabWeakList<O: Observer> {
    things: RefCell<Vec<Thing>>,
    observer: O,
    watch: Rc<Watch>,
    surroundings: OnceCell<Weak<dyn Surroundings<O>>>,
    /// What the next weak reference is called.
    next_name: RefCell<String>,
    no_memory: Cell<bool>,
    /// Who dies at this moment; the innermost is the last.
    dying: RefCell<Vec<Obj>>,
    broken: RefCell<Option<String>>,
}

#[derive(Debug)]
struct Thing {
    name: String,
    refs: u64,
    gone: bool,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Object { first: Option<Obj> },
    Callback,
    Weak(Reference),
}

#[derive(Clone, Copy, Debug)]
struct Reference {
    sort: Sort,
    target: Option<Obj>,
    prev: Option<Obj>,
    next: Option<Obj>,
    callback: Option<Obj>,
    /// The callback that it was made with.
    had: Option<Obj>,
    called: bool,
}

impl<O: Observer> LabWeakList<O> {
    /// Nothing is there yet.
    pub(super) fn new(observer: O, watch: Rc<Watch>) -> Self {
        LabWeakList {
            things: RefCell::default(),
            observer,
            watch,
            surroundings: OnceCell::new(),
            next_name: RefCell::default(),
            no_memory: Cell::new(false),
            dying: RefCell::default(),
            broken: RefCell::default(),
        }
    }

    /// From now on this is what surrounds it.
    pub(super) fn surround(&self, surroundings: Weak<dyn Surroundings<O>>) {
        let _ = self.surroundings.set(surroundings);
    }

    fn surroundings(&self) -> Rc<dyn Surroundings<O>> {
        self.surroundings.get().and_then(Weak::upgrade).expect("the driver outlives its machine")
    }

    fn add(&self, name: &str, what: What) -> Obj {
        let mut things = self.things.borrow_mut();
        things.push(Thing { name: name.into(), refs: 1, gone: false, what });
        Obj(Addr(things.len() as u64 * 16))
    }

    /// Tells a step; a figure sees what it looked like before it.
    fn step(&self, tell: impl FnOnce() -> String) {
        self.scene();
        self.observer.step(tell);
    }

    /// Shows a figure who is there.
    pub(super) fn scene(&self) {
        let all = || (1..=self.count()).filter_map(|number| self.pictured(Obj(Addr(16 * number)))).collect();
        self.observer.scene(|| Picture::Objects(ObjectsPicture { objects: all(), ..ObjectsPicture::default() }));
    }

    fn pictured(&self, o: Obj) -> Option<ObjectPicture> {
        let dying = self.dying.borrow().contains(&o);
        let (name, refs, gone, what) =
            self.thing(o, |thing| (thing.name.clone(), thing.refs, thing.gone, thing.what))?;
        let life = if dying || refs == 0 { Life::Dying } else { Life::Alive };
        let picture = ObjectPicture { name, refs: Some(refs), held: refs, life, ..ObjectPicture::default() };
        match what {
            _ if gone => None,
            What::Object { .. } => Some(picture),
            What::Callback => None,
            What::Weak(reference) => Some(ObjectPicture {
                looks_at: reference
                    .target
                    .map(|target| self.thing(target, |thing| thing.name.clone()).unwrap_or_default()),
                note: match (reference.had, reference.called) {
                    (None, _) => "weak reference",
                    (Some(_), false) => "weak, will call",
                    (Some(_), true) => "weak, has called",
                },
                ..picture
            }),
        }
    }

    /// A new object; the caller owns the reference.
    pub(super) fn object(&self, name: &str) -> Obj {
        self.add(name, What::Object { first: None })
    }

    /// A new callback; the caller owns the reference.
    pub(super) fn callback(&self, name: &str) -> Obj {
        self.add(&format!("the callback of {name}"), What::Callback)
    }

    /// What the next weak reference is called, and what the next one was to be called before.
    pub(super) fn set_next_name(&self, name: &str) -> String {
        self.next_name.replace(name.into())
    }

    /// The next weak reference finds no memory.
    pub(super) fn set_no_memory(&self) {
        self.no_memory.set(true);
    }

    /// A handle for a reference that the caller owns.
    pub(super) fn owned(&self, o: Obj) -> Handle<'_, O> {
        Handle { list: self, o }
    }

    /// How many things there ever were.
    fn count(&self) -> u64 {
        self.things.borrow().len() as u64
    }

    fn thing<R>(&self, o: Obj, see: impl FnOnce(&mut Thing) -> R) -> Option<R> {
        let index = (o.0.0 / 16).checked_sub(1)? as usize;
        self.things.borrow_mut().get_mut(index).map(see)
    }

    fn reference(&self, r: Obj) -> Option<Reference> {
        self.thing(r, |thing| match thing.what {
            What::Weak(reference) if !thing.gone => Some(reference),
            _ => None,
        })?
    }

    fn change(&self, r: Obj, change: impl FnOnce(&mut Reference)) {
        self.thing(r, |thing| {
            if let What::Weak(reference) = &mut thing.what {
                change(reference);
            }
        });
    }

    /// References to it.
    pub(super) fn refs(&self, o: Obj) -> u64 {
        self.thing(o, |thing| thing.refs).unwrap_or(0)
    }

    /// Whether it is dead, or dying.
    pub(super) fn is_gone(&self, o: Obj) -> bool {
        self.thing(o, |thing| thing.gone || thing.refs == 0).unwrap_or(true)
    }

    /// Whether it was taken apart.
    pub(super) fn is_dead(&self, o: Obj) -> bool {
        self.thing(o, |thing| thing.gone).unwrap_or(true)
    }

    /// Whether it waits to be taken apart.
    pub(super) fn is_doomed(&self, o: Obj) -> bool {
        self.thing(o, |thing| !thing.gone && thing.refs == 0).unwrap_or(false)
    }

    /// What sort of weak reference it is, if it is one.
    pub(super) fn sort_of(&self, o: Obj) -> Option<Sort> {
        Some(self.reference(o)?.sort)
    }

    /// What `r` gives to a program that asks.
    pub(super) fn asked(&self, r: Obj) -> Option<Obj> {
        self.reference(r)?.target.filter(|o| !self.is_gone(*o))
    }

    /// One reference more.
    pub(super) fn incref(&self, o: Obj) {
        self.thing(o, |thing| thing.refs += 1);
    }

    /// One less: who has none left dies, in here.
    pub(super) fn decref(&self, o: Obj) {
        if self.thing(o, |thing| (thing.refs -= 1, thing.refs == 0).1) == Some(true) {
            self.take_apart(o);
        }
    }

    /// The last reference to `r` is dropped, but it waits, and is taken apart later.
    pub(super) fn doom(&self, r: Obj) {
        self.thing(r, |thing| thing.refs = 0);
    }

    /// The end of `o`, to which nobody refers.
    pub(super) fn take_apart(&self, o: Obj) {
        match self.thing(o, |thing| thing.what) {
            Some(What::Object { .. }) => {
                self.step(|| format!("{} dies", self.name(o)));
                self.dying.borrow_mut().push(o);
                self.surroundings().clear_and_call(self, o);
                self.dying.borrow_mut().pop();
                if let Some(r) = self.all_weak().find(|(_, reference)| reference.target == Some(o)) {
                    self.tell_broken(format!(
                        "{} is dead, and {} still refers to it (I4)",
                        self.name(o),
                        self.name(r.0)
                    ));
                }
            }
            Some(What::Weak(_)) => {
                self.step(|| format!("{} dies", self.name(o)));
                self.surroundings().unlink(self, o);
                let callback = self.reference(o).and_then(|reference| reference.callback);
                callback.into_iter().for_each(|callback| self.decref(callback));
            }
            Some(What::Callback) | None => {}
        }
        self.thing(o, |thing| thing.gone = true);
    }

    fn tell_broken(&self, sentence: String) {
        self.broken.borrow_mut().get_or_insert(sentence);
    }

    /// The weak references that live.
    fn all_weak(&self) -> impl Iterator<Item = (Obj, Reference)> {
        let all: Vec<Obj> = (1..=self.count()).map(|number| Obj(Addr(16 * number))).collect();
        all.into_iter().filter_map(|r| self.reference(r).map(|reference| (r, reference)))
    }

    /// The list of `o`, as far as its links lead.
    pub(super) fn members(&self, o: Obj) -> Vec<Obj> {
        let first = self.thing(o, |thing| match thing.what {
            What::Object { first } => first,
            _ => None,
        });
        let most = self.count() as usize;
        let links = std::iter::successors(first.flatten(), |r| self.reference(*r)?.next);
        links.take(most + 1).collect()
    }

    /// Is everything in order? `held` says how many variables the program has for a thing.
    ///
    /// # Errors
    /// A sentence about the first promise that was broken.
    pub(super) fn validate(&self, held: impl Fn(Obj) -> u64) -> Result<(), String> {
        if let Some(sentence) = self.broken.borrow().clone() {
            return Err(sentence);
        }
        let live = |number: u64| (Obj(Addr(16 * number)), self.thing(Obj(Addr(16 * number)), |t| (t.gone, t.what)));
        for (o, thing) in (1..=self.count()).map(live).collect::<Vec<_>>() {
            if let Some((false, What::Object { .. })) = thing {
                self.validate_list(o)?;
            }
        }
        for (r, reference) in self.all_weak() {
            let name = self.name(r);
            match reference.target {
                Some(o) if !self.members(o).contains(&r) => {
                    return Err(format!("{name} refers to {}, but is not in its list (I1)", self.name(o)));
                }
                None if reference.next.is_some() || reference.prev.is_some() => {
                    return Err(format!("{name} is in no list, but is linked to others (I1)"));
                }
                _ => {}
            }
            if self.refs(r) > held(r) {
                return Err(format!("nobody needs {name} any more, but a handle to it was never dropped"));
            }
        }
        Ok(())
    }

    fn validate_list(&self, o: Obj) -> Result<(), String> {
        let (list, mut before) = (self.members(o), None);
        for r in &list {
            let Some(reference) = self.reference(*r) else {
                return Err(format!("{} is gone, and still in the list of {} (I1)", self.name(*r), self.name(o)));
            };
            let name = self.name(*r);
            if reference.target != Some(o) {
                return Err(format!("{name} is in the list of {}, but does not refer to it (I1)", self.name(o)));
            }
            if reference.prev != before {
                let says = |r: Option<Obj>| r.map_or("nothing".into(), |r| self.name(r));
                let (link, truth) = (says(reference.prev), says(before));
                return Err(format!("{name} links back to {link}, but {truth} stands before it (I1)"));
            }
            before = Some(*r);
        }
        Ok(())
    }

    /// The list of `o` in words.
    pub(super) fn draw(&self, o: Obj) -> String {
        let names: Vec<String> = self.members(o).into_iter().map(|r| self.name(r)).collect();
        format!("{}: {}", self.name(o), if names.is_empty() { "nobody".into() } else { names.join(" <-> ") })
    }
}

impl<O: Observer> LabWeakList<O> {
    /// A weak reference in no list, owned; `callback` is stolen.
    pub(super) fn make_sort(&self, sort: Sort, callback: Option<Obj>) -> Obj {
        let (target, prev, next, had) = (None, None, None, callback);
        let name = self.next_name.borrow().clone();
        self.step(|| format!("{name} is made"));
        self.add(&name, What::Weak(Reference { sort, target, prev, next, callback, had, called: false }))
    }
}

impl<O: Observer> fmt::Debug for LabWeakList<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let object = |number: &u64| {
            self.thing(Obj(Addr(16 * number)), |thing| matches!(thing.what, What::Object { .. }) && !thing.gone)
        };
        let all: Vec<u64> = (1..=self.count()).filter(|number| object(number) == Some(true)).collect();
        let lists: Vec<String> = all.iter().map(|number| self.draw(Obj(Addr(16 * number)))).collect();
        f.write_str(&lists.join("; "))
    }
}
