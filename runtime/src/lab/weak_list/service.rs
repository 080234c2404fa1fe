//! # What the part `weakref` may do
//!
//! The service over [`LabWeakList`]: each call is held to the rules, and the sentence names the line of the part.

use super::{LabWeakList, Reference, Thing, What};
use kit::graph::Obj;
use kit::observe::Observer;
use kit::weakref::{Sort, WeakList};
use std::fmt;

/// A reference, counted.
pub struct Handle<'a, O: Observer> {
    pub(super) list: &'a LabWeakList<O>,
    pub(super) o: Obj,
}

impl<O: Observer> Handle<'_, O> {
    /// The reference; nobody drops it now.
    pub(in super::super) fn into_obj(self) -> Obj {
        let o = self.o;
        std::mem::forget(self);
        o
    }
}

impl<O: Observer> Drop for Handle<'_, O> {
    /// I3.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.list.decref(self.o);
        }
    }
}

impl<O: Observer> fmt::Debug for Handle<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.list.name(self.o))
    }
}

impl<O: Observer> WeakList for LabWeakList<O> {
    type Owned<'a>
        = Handle<'a, O>
    where
        O: 'a;

    fn name(&self, o: Obj) -> String {
        self.thing(o, |thing| thing.name.clone()).unwrap_or_else(|| format!("{:?}", o.0))
    }

    fn obj(&self, handle: &Handle<'_, O>) -> Obj {
        handle.o
    }

    #[track_caller]
    fn first(&self, o: Obj) -> Option<Obj> {
        self.demand_object("first", o);
        self.thing(o, |thing| match thing.what {
            What::Object { first } => first,
            _ => None,
        })?
    }

    #[track_caller]
    fn set_first(&self, o: Obj, r: Option<Obj>) {
        self.demand_object("set_first", o);
        if let Some(r) = r {
            self.demand("set_first", r);
        }
        self.thing(o, |thing| thing.what = What::Object { first: r });
    }

    #[track_caller]
    fn next(&self, r: Obj) -> Option<Obj> {
        self.demand("next", r).next
    }

    #[track_caller]
    fn set_next(&self, r: Obj, next: Option<Obj>) {
        self.demand("set_next", r);
        self.change(r, |reference| reference.next = next);
    }

    #[track_caller]
    fn prev(&self, r: Obj) -> Option<Obj> {
        self.demand("prev", r).prev
    }

    #[track_caller]
    fn set_prev(&self, r: Obj, prev: Option<Obj>) {
        self.demand("set_prev", r);
        self.change(r, |reference| reference.prev = prev);
    }

    #[track_caller]
    fn target(&self, r: Obj) -> Option<Obj> {
        self.demand("target", r).target
    }

    #[track_caller]
    fn set_target(&self, r: Obj, target: Option<Obj>) {
        let before = self.demand("set_target", r).target;
        if let Some(o) = target {
            self.demand_object("set_target", o);
            self.step(|| format!("{} refers to {}", self.name(r), self.name(o)));
        } else if before.is_some() {
            self.step(|| format!("{} is cleared", self.name(r)));
        }
        self.change(r, |reference| reference.target = target);
    }

    #[track_caller]
    fn sort(&self, r: Obj) -> Sort {
        self.demand("sort", r).sort
    }

    #[track_caller]
    fn has_callback(&self, r: Obj) -> bool {
        self.demand("has_callback", r).callback.is_some()
    }

    #[track_caller]
    fn take_callback<'a>(&'a self, r: Obj) -> Option<Handle<'a, O>> {
        let callback = self.demand("take_callback", r).callback?;
        self.change(r, |reference| reference.callback = None);
        self.step(|| format!("the callback of {} waits", self.name(r)));
        Some(self.owned(callback))
    }

    #[track_caller]
    fn call<'a>(&'a self, callback: &Handle<'a, O>, r: &Handle<'a, O>) {
        let (callback, r) = (callback.o, r.o);
        let (reference, name) = (self.demand("call", r), self.name(r));
        if reference.had != Some(callback) {
            let what = self.name(callback);
            self.watch.misuse(format!("call({what}, {name}), but that is not the callback of {name} (I5)"));
        }
        if reference.called {
            self.watch.misuse(format!("the callback of {name} is called a second time (I5)"));
        }
        let Some(dying) = self.dying.borrow().last().copied() else {
            self.watch.misuse(format!("the callback of {name} is called, but nobody dies at this moment (I4)"));
        };
        if let Some((other, _)) = self.all_weak().find(|(_, reference)| reference.target == Some(dying)) {
            let (other, dying) = (self.name(other), self.name(dying));
            self.watch.misuse(format!(
                "the callback of {name} is called while {other} still refers to {dying}: a program could get hold of a \
                 dying object (I4)"
            ));
        }
        self.change(r, |reference| reference.called = true);
        self.step(|| format!("the callback of {name} is called"));
        self.surroundings().run(self, callback, r);
    }

    #[track_caller]
    fn make<'a>(&'a self, sort: Sort, callback: Option<Handle<'a, O>>) -> Option<Handle<'a, O>> {
        if sort == Sort::Own {
            self.watch.misuse("make(Own), but one of a class of its own is made by its class".into());
        }
        self.surroundings().meanwhile(self);
        if self.no_memory.take() {
            self.step(|| "no memory for a weak reference".into());
            return None;
        }
        Some(self.owned(self.make_sort(sort, callback.map(Handle::into_obj))))
    }

    #[track_caller]
    fn hold<'a>(&'a self, r: Obj) -> Option<Handle<'a, O>> {
        self.demand("hold", r);
        if self.refs(r) == 0 {
            self.step(|| format!("nobody refers to {} any more: too late to hold it", self.name(r)));
            return None;
        }
        self.incref(r);
        Some(self.owned(r))
    }
}

/// The rules.
impl<O: Observer> LabWeakList<O> {
    #[track_caller]
    fn demand(&self, what: &str, r: Obj) -> Reference {
        self.reference(r).unwrap_or_else(|| {
            let name = self.name(r);
            let why = match self.thing(r, |thing| thing.gone) {
                Some(true) => format!("{name} is gone: nobody held it (I5)"),
                _ => format!("{name} is no weak reference"),
            };
            self.watch.misuse(format!("{what}({name}), but {why}"))
        })
    }

    #[track_caller]
    fn demand_object(&self, what: &str, o: Obj) {
        let object = |thing: &mut Thing| matches!(thing.what, What::Object { .. }) && !thing.gone;
        if self.thing(o, object) != Some(true) {
            let name = self.name(o);
            self.watch.misuse(format!("{what}({name}), but {name} is no object that lives"));
        }
    }
}
