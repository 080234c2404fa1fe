//! # What the part may do with the garbage
//!
//! | | `finalize_garbage` | `handle_resurrected` | `delete_garbage` |
//! |---|---|---|---|
//! | `put_aside`, `take_up_again`, `incref`, `decref` | yes | no | yes |
//! | `set_finalized` | of what has a finalizer that did not run | no | no |
//! | `finalize` | of what is marked and held, once | no | no |
//! | `rescue` | no | yes | no |
//! | `clear` | no | no | of what is held, once |
//! | `keep` | no | no | of what was cleared |
//!
//! A call that is not in the table is a misuse, and so is one about an object that is dead. What the table allows may
//! still be wrong: that shows in the facts.

use super::Bin;
use crate::gc::head::Head;
use kit::finalizers::Garbage;
use kit::graph::Obj;
use kit::observe::Observer;
use kit::owner::Owner;
use std::collections::BTreeSet;
use std::fmt;

/// `first` may give the same object so often, as long as nothing else happens.
const PATIENCE: u32 = 50;

/// Which function of the part runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    /// None: the machine itself.
    Machine,
    /// `finalize_garbage`
    Finalize,
    /// `handle_resurrected`
    Handle,
    /// `delete_garbage`
    Delete,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Phase::Machine => "the machine",
            Phase::Finalize => "finalize_garbage",
            Phase::Handle => "handle_resurrected",
            Phase::Delete => "delete_garbage",
        })
    }
}

impl<M: Owner, O: Observer> Garbage for Bin<M, O> {
    fn name(&self, o: Obj) -> String {
        self.name_of(o)
    }

    #[track_caller]
    fn first(&self) -> Option<Obj> {
        let first = self.graph.unreachable().next();
        let (last, times) = self.asked.get();
        let times = if first == last { times + 1 } else { 0 };
        self.asked.set((first, times));
        if let Some(first) = first
            && times > PATIENCE
        {
            let name = self.name_of(first);
            self.misuse(format!("first() gave {name} again and again: see that it leaves the list (I5)"));
        }
        first
    }

    #[track_caller]
    fn put_aside(&self, o: Obj) {
        self.demand_not("put_aside", o, &[Phase::Handle], "only g.rescue() decides here");
        self.demand_listed("put_aside", o);
        self.aside.take_over(&self.graph.mem, Head::of(o));
    }

    fn take_up_again(&self) {
        self.aside.merge(&self.graph.mem, self.graph.lists.unreachable);
    }

    #[track_caller]
    fn incref(&self, o: Obj) {
        self.demand_alive("incref", o);
        *self.held.borrow_mut().entry(o).or_default() += 1;
        self.graph.incref(o);
    }

    #[track_caller]
    fn decref(&self, o: Obj) {
        self.demand_alive("decref", o);
        match self.held.borrow_mut().get_mut(&o).filter(|held| **held > 0) {
            Some(held) => *held -= 1,
            None => {
                let name = self.name_of(o);
                self.misuse(format!(
                    "decref({name}), but you hold no reference to {name}: that one is somebody else's (I3)"
                ))
            }
        }
        self.drop_reference(o);
        self.picture();
    }

    #[track_caller]
    fn has_finalizer(&self, o: Obj) -> bool {
        self.demand_alive("has_finalizer", o);
        self.people.borrow()[&o].finalizer.is_some()
    }

    #[track_caller]
    fn is_finalized(&self, o: Obj) -> bool {
        self.demand_alive("is_finalized", o);
        Head::of(o).is_finalized(&self.graph.mem)
    }

    #[track_caller]
    fn set_finalized(&self, o: Obj) {
        self.demand_phase("set_finalized", o, Phase::Finalize, "no finalizer begins any more (I4)");
        if self.people.borrow()[&o].finalizer.is_none() {
            let name = self.name_of(o);
            self.misuse(format!("set_finalized({name}), but {name} has no finalizer (I1)"));
        }
        Head::of(o).set_finalized(&self.graph.mem);
    }

    #[track_caller]
    fn finalize(&self, o: Obj) {
        self.demand_phase("finalize", o, Phase::Finalize, "no finalizer begins any more (I4)");
        self.demand_held("finalize", o);
        let name = self.name_of(o);
        if self.people.borrow()[&o].finalizer.is_none() {
            self.misuse(format!("finalize({name}), but {name} has no finalizer (I1)"));
        }
        if self.people.borrow()[&o].ran.get() {
            self.misuse(format!("finalize({name}), but its finalizer ran already, and it runs once (I1)"));
        }
        if !Head::of(o).is_finalized(&self.graph.mem) {
            self.misuse(format!(
                "finalize({name}), but {name} is not marked yet: it could begin once more in there (I2)"
            ));
        }
        self.step(|| format!("{name}'s finalizer runs"));
        self.asked.set((None, 0));
        self.run_finalizer(o);
    }

    #[track_caller]
    fn rescue(&self) {
        let phase = self.phase.get();
        if phase != Phase::Handle {
            self.misuse(format!("{phase} called rescue(): that is what handle_resurrected is for (I4)"));
        }
        let mem = &self.graph.mem;
        let before = self.unreachable();
        // The young objects were made by finalizers: nobody examines them now.
        self.graph.lists.young.merge(mem, self.waiting);
        self.graph.lists.unreachable.merge(mem, self.graph.lists.young);
        if let Err(sentence) = self.examine() {
            self.misuse(format!("rescue() came to an end that it must not have: {sentence}"));
        }
        self.waiting.merge(mem, self.graph.lists.young);
        let still: BTreeSet<String> = self.unreachable().into_iter().collect();
        for name in before.into_iter().filter(|name| !still.contains(name)) {
            self.step(|| format!("{name} can be reached again: it leaves the list"));
            self.log.kept.borrow_mut().push(name);
        }
        self.picture();
    }

    #[track_caller]
    fn clear(&self, o: Obj) {
        let why = "no object is cleared before the last finalizer ran and the list was looked at again (I4)";
        self.demand_phase("clear", o, Phase::Delete, why);
        self.demand_held("clear", o);
        let name = self.name_of(o);
        if self.people.borrow()[&o].cleared.replace(true) {
            self.misuse(format!("clear({name}) a second time: it lives on, and belongs to the older objects now (I6)"));
        }
        self.step(|| format!("{name} is cleared: it drops all that it refers to"));
        self.log.cleared.borrow_mut().push(name);
        self.asked.set((None, 0));
        self.drop_all(o);
    }

    #[track_caller]
    fn keep(&self, o: Obj) {
        self.demand_phase("keep", o, Phase::Delete, "who may stay is decided by g.rescue(), not by you (I4)");
        self.demand_listed("keep", o);
        let name = self.name_of(o);
        if !self.people.borrow()[&o].cleared.get() {
            self.misuse(format!("keep({name}), but {name} is garbage and was not cleared (I6)"));
        }
        self.step(|| format!("{name} is still alive: it leaves the list"));
        self.log.kept.borrow_mut().push(name);
        self.graph.old.take_over(&self.graph.mem, Head::of(o));
        self.picture();
    }
}

/// The table of rights.
impl<M: Owner, O: Observer> Bin<M, O> {
    #[track_caller]
    fn misuse(&self, sentence: String) -> ! {
        self.graph.watch.misuse(sentence)
    }

    #[track_caller]
    fn demand_alive(&self, what: &str, o: Obj) {
        let dead = self.people.borrow().get(&o).map(|entry| entry.dead.get());
        let name = self.name_of(o);
        match dead {
            Some(false) => {}
            Some(true) => {
                self.misuse(format!("{what}({name}), but {name} is dead: it died while you did not hold it (I3)"))
            }
            None => self.misuse(format!("{what}({name}), but no object is there")),
        }
    }

    #[track_caller]
    fn demand_phase(&self, what: &str, o: Obj, wanted: Phase, why: &str) {
        let phase = self.phase.get();
        if phase != wanted {
            let name = self.name_of(o);
            self.misuse(format!("{phase} called {what}({name}), but {why}"));
        }
        self.demand_alive(what, o);
    }

    #[track_caller]
    fn demand_not(&self, what: &str, o: Obj, refused: &[Phase], why: &str) {
        let phase = self.phase.get();
        if refused.contains(&phase) {
            let name = self.name_of(o);
            self.misuse(format!("{phase} called {what}({name}), but {why}"));
        }
        self.demand_alive(what, o);
    }

    /// Is it in `unreachable`?
    #[track_caller]
    fn demand_listed(&self, what: &str, o: Obj) {
        if self.graph.unreachable().all(|member| member != o) {
            let name = self.name_of(o);
            self.misuse(format!("{what}({name}), but {name} is not in the list at this moment (I5)"));
        }
    }

    #[track_caller]
    fn demand_held(&self, what: &str, o: Obj) {
        if self.held.borrow().get(&o).is_none_or(|held| *held == 0) {
            let name = self.name_of(o);
            self.misuse(format!("{what}({name}), but nothing of yours holds {name}: it may die in there (I3)"));
        }
    }
}
