//! # What finalizers do, and how objects die
//!
//! ```text
//!   count 0 --> has it a finalizer that did not run? --> its actions, one by one --> count still 0? --> dies
//!                                                                              \--> lives on, among the young
//!   dies: leaves its list, then drops its references one by one; what only that referred to dies before the next
//! ```
//!
//! Both can happen inside each other, as deep as a program likes. So what is under way is a stack of [`Frame`]s, and
//! one loop takes a step of the topmost one until nothing is left: a chain of twenty thousand needs no stack of Rust's.

use super::Bin;
use crate::gc::graph::Age;
use crate::gc::head::Head;
use crate::gc::list::List;
use crate::gc::store::Store;
use kit::Addr;
use kit::graph::Obj;
use kit::observe::Observer;
use kit::owner::Owner;
use kit::text::list;
use std::collections::BTreeSet;

/// One thing that a finalizer does. Objects that it cannot reach any more it leaves alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// A global refers to the object from now on.
    Stores(Obj),
    /// The first object loses its first reference to the second.
    Cuts(Obj, Obj),
    /// The object drops all that it refers to.
    Empties(Obj),
    /// The first object refers to the second once more.
    Links(Obj, Obj),
    /// It looks at the object, and says what that refers to.
    LooksAt(Obj),
    /// A new object of this name, and a global refers to it.
    Makes(String),
}

/// Something that is under way.
#[derive(Debug)]
enum Frame {
    /// The finalizer of an object, and the next of its actions.
    Runs(Obj, usize),
    /// The finalizer of an object that was about to die is done.
    Ran(Obj),
    /// The object drops what it refers to.
    Drops(Obj),
    /// A finalizer worked on the object, and held it meanwhile.
    LetsGo(Obj),
}

impl<M: Owner, O: Observer> Bin<M, O> {
    /// One reference to `object` less, and all that follows from it.
    pub(super) fn drop_reference(&self, object: Obj) {
        let mut frames = vec![];
        self.decrement(object, &mut frames);
        self.work(frames);
    }

    /// Runs the finalizer of `object`, and all that follows from it.
    pub(super) fn run_finalizer(&self, object: Obj) {
        self.begins(object);
        self.work(vec![Frame::Runs(object, 0)]);
    }

    /// `object` drops all that it refers to, and all that follows from it.
    pub(super) fn drop_all(&self, object: Obj) {
        self.work(vec![Frame::Drops(object)]);
    }

    fn work(&self, mut frames: Vec<Frame>) {
        while let Some(frame) = frames.pop() {
            match frame {
                Frame::Runs(object, next) => {
                    let action =
                        self.people.borrow()[&object].finalizer.as_ref().and_then(|all| all.get(next).cloned());
                    if let Some(action) = action {
                        frames.push(Frame::Runs(object, next + 1));
                        self.act(object, action, &mut frames);
                    }
                }
                Frame::Ran(object) => match self.graph.decref(object) {
                    0 => self.die(object, &mut frames),
                    _ => self.step(|| format!("{} is held again: it does not die", self.name_of(object))),
                },
                Frame::LetsGo(object) => self.decrement(object, &mut frames),
                Frame::Drops(object) => {
                    let (at, end) = Store::table(&self.graph.mem, object);
                    if at != end {
                        let child = Obj(Addr(self.graph.mem.read(at)));
                        frames.push(Frame::Drops(object));
                        Store::forget(&self.graph.mem, object, 0);
                        self.decrement(child, &mut frames);
                    }
                }
            }
        }
    }

    fn decrement(&self, object: Obj, frames: &mut Vec<Frame>) {
        if self.graph.decref(object) > 0 {
            return;
        }
        if self.has_finalizer_left(object) {
            // As `subtype_dealloc` does: tracked anew, and alive while its finalizer runs.
            let head = Head::of(object);
            self.graph.lists.young.take_over(&self.graph.mem, head);
            head.set_finalized(&self.graph.mem);
            self.graph.incref(object);
            self.step(|| format!("the last reference to {} is gone: its finalizer runs", self.name_of(object)));
            self.begins(object);
            frames.extend([Frame::Ran(object), Frame::Runs(object, 0)]);
        } else {
            self.die(object, frames);
        }
    }

    fn die(&self, object: Obj, frames: &mut Vec<Frame>) {
        self.step(|| format!("{} dies", self.name_of(object)));
        List::remove(&self.graph.mem, Head::of(object));
        self.people.borrow()[&object].dead.set(true);
        self.log.died.borrow_mut().push(self.name_of(object));
        frames.push(Frame::Drops(object));
    }

    /// Has it a finalizer that did not run yet?
    fn has_finalizer_left(&self, object: Obj) -> bool {
        self.people.borrow()[&object].finalizer.is_some() && !Head::of(object).is_finalized(&self.graph.mem)
    }

    fn begins(&self, object: Obj) {
        self.people.borrow()[&object].ran.set(true);
        self.log.finalized.borrow_mut().push(self.name_of(object));
    }

    /// Can a program that has `from` come to `to`?
    fn reaches(&self, from: Obj, to: Obj) -> bool {
        let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
        while let Some(here) = next.pop() {
            if here == to {
                return true;
            }
            if seen.insert(here) {
                next.extend(self.referents(here));
            }
        }
        false
    }

    fn act(&self, me: Obj, action: Action, frames: &mut Vec<Frame>) {
        let (name, said) = (|object| self.name_of(object), self.said(&action));
        let needed = match action {
            Action::Stores(object) | Action::Empties(object) | Action::LooksAt(object) => vec![object],
            Action::Cuts(from, to) | Action::Links(from, to) => vec![from, to],
            Action::Makes(_) => vec![],
        };
        if let Some(gone) = needed.into_iter().find(|object| !self.reaches(me, *object)) {
            self.step(|| format!("{}'s finalizer does not reach {} any more", name(me), name(gone)));
            return;
        }
        self.step(|| format!("{}'s finalizer {said}", name(me)));
        match action {
            Action::Stores(object) => self.store(object),
            Action::Cuts(from, to) => {
                let place = self.referents(from).iter().position(|object| *object == to);
                if let Some(place) = place {
                    self.graph.incref(from);
                    frames.push(Frame::LetsGo(from));
                    Store::forget(&self.graph.mem, from, place as u64);
                    self.decrement(to, frames);
                }
            }
            Action::Empties(object) => {
                self.graph.incref(object);
                frames.extend([Frame::LetsGo(object), Frame::Drops(object)]);
            }
            // Checked memory has no end, and the real one's is far.
            Action::Links(from, to) => drop(self.refer(from, to)),
            Action::LooksAt(object) => {
                let to = list(self.referents(object).into_iter().map(name));
                self.log.seen.borrow_mut().push(format!("{} sees {} -> {to}", name(me), name(object)));
            }
            Action::Makes(new) => {
                if self.find(&new).is_none()
                    && let Some(object) = self.create(&new, Age::Young)
                {
                    self.store(object);
                }
            }
        }
    }

    fn said(&self, action: &Action) -> String {
        let name = |object: &Obj| self.name_of(*object);
        match action {
            Action::Stores(object) => format!("stores {} in a global", name(object)),
            Action::Cuts(from, to) => format!("cuts the reference from {} to {}", name(from), name(to)),
            Action::Empties(object) => format!("drops all that {} refers to", name(object)),
            Action::Links(from, to) => format!("makes {} refer to {}", name(from), name(to)),
            Action::LooksAt(object) => format!("looks at {}", name(object)),
            Action::Makes(new) => format!("makes a new object {new} for a global"),
        }
    }
}
