//! # Weak references: the machine around the part
//!
//! ```text
//!   | NEXT | PREV |  r -> | REFS | TYPE | TARGET | HASH | BEFORE | AFTER | -- | CALLBACK |      64 bytes, as in CPython
//! ```
//!
//! The list is the part's ([`super::weakref`]); here is the service that it works with, what a program asks of weak
//! references, and the moment in an object's death when they hear of it.
//!
//! - **I1** TARGET is not counted. BEFORE and AFTER are not counted, either: who dies leaves its list.
//! - **I2** An object that is being taken apart (its count is 0) is `None` to whoever asks a weak reference for it.
//! - **I3** Two weak references are equal when their targets are, as long as both live; afterwards each is equal only to
//!   itself. A hash is the target's, and is kept: what was asked before the target died can be asked afterwards.
//!
//! **The order of death** of an object of a class: `__del__`, while its weak references are alive; then all are cleared
//! and called. Those that `__del__` made are among them. What a callback makes after that is cleared and not called.
//!
//! CPython keeps those who wait for their callbacks in a tuple when there are several, and the collector counts a
//! tuple. Here they wait in the host's memory, and a tuple of the same length stands in for the count.
//!
//! Source: `Objects/weakrefobject.c`, `subtype_dealloc` in `Objects/typeobject.c`.

use super::host::Outcome;
use super::kind::Kind;
use super::layout::{SIZE, reference, stored, types, word};
use super::list::Owned;
use super::machine::{Objects, World, the};
use super::types::Type;
use kit::graph::Obj;
use kit::refcount::TYPE;
use kit::weakref::{Sort, WeakList, Weakref};
use kit::{Field, Memory};

/// What it refers to; 0 when it is cleared.
const TARGET: Field<u64> = Field::at(16, "TARGET");
/// The hash of its target, or [`UNKNOWN`].
const HASH: Field<u64> = Field::at(24, "HASH");
const BEFORE: Field<u64> = Field::at(32, "BEFORE");
const AFTER: Field<u64> = Field::at(40, "AFTER");
/// What is called when the target dies, or 0.
pub(crate) const CALLBACK: Field<u64> = Field::at(56, "CALLBACK");

/// What a weak reference of a container, or a [`WeakMethod`](crate::weak::method), holds besides.
pub(crate) const KEY: Field<u64> = Field::at(64, "KEY");

/// No hash is -1, in Python.
const UNKNOWN: u64 = u64::MAX;

impl<W: World> Objects<W> {
    /// Whether there can be weak references to `o`: not to numbers, strings, tuples, lists, dicts.
    pub fn supports_weakrefs(&self, o: Obj) -> bool {
        self.weak_at(o) != 0
    }

    /// Where in `o` the head of its weak references is; 0 when there can be none.
    #[inline]
    pub(crate) fn weak_at(&self, o: Obj) -> u64 {
        self.mem().get(self.type_of(o), types::WEAK_AT)
    }

    /// `weakref.ref(o, callback)`, of an object that supports it; `callback` is stolen. `None`: no memory. Owned.
    pub fn new_weakref(&self, o: Obj, callback: Option<Obj>) -> Option<Obj> {
        self.weak(o, Sort::Ref, callback)
    }

    /// `weakref.proxy(o, callback)`; can the target be called? Its type may say so, too. Owned.
    pub fn new_proxy(&self, o: Obj, callable: bool, callback: Option<Obj>) -> Option<Obj> {
        let proxy = self.weak(o, Sort::Proxy, callback)?;
        if callable || self.mem().get(self.type_of(o), types::FLAGS) & types::CALLABLE != 0 {
            let ty = Type::CallableProxy;
            self.mem().set(proxy, TYPE, ty.row().kind.word(self.ty(ty).0));
        }
        Some(proxy)
    }

    fn weak(&self, o: Obj, sort: Sort, callback: Option<Obj>) -> Option<Obj> {
        debug_assert!(self.supports_weakrefs(o), "no weak references to {o:?}");
        let callback = callback.map(|callback| self.owned(callback));
        the::<W::Weakref>().get_ref(self, o, sort, callback).map(Owned::into_obj)
    }

    /// `r`, new, untracked and of a type that extends `ref`, becomes a weak reference to `o`; `callback` is stolen.
    pub fn init_weakref(&self, r: Obj, o: Obj, callback: Option<Obj>) {
        self.blank_weakref(r, callback);
        self.track(r);
        the::<W::Weakref>().insert(self, o, r);
    }

    /// `class(o, callback)`, where `class` is `ref` or extends it. Owned.
    ///
    /// # Errors
    /// An exception, owned: no object, one that has no weak references, no memory.
    pub(crate) fn weakref_of_class(&self, class: Obj, arguments: &[Obj]) -> Outcome {
        let Some(&o) = arguments.first() else {
            return Err(self.raised(Type::TypeError, "__new__ expected at least 1 argument, got 0"));
        };
        self.demand_weakrefs(o)?;
        let callback = arguments.get(1).copied().filter(|callback| *callback != self.none());
        callback.into_iter().for_each(|callback| self.incref(callback));
        if class == self.ty(Type::Weakref) {
            return self.new_weakref(o, callback).ok_or_else(|| self.memory_error());
        }
        match self.new_of_class(class) {
            Some(r) => {
                self.init_weakref(r, o, callback);
                Ok(r)
            }
            None => {
                self.decref_some(callback);
                Err(self.memory_error())
            }
        }
    }

    /// What is called when `r` dies, from now on: stolen.
    pub(crate) fn set_weakref_callback(&self, r: Obj, callback: Option<Obj>) {
        self.set_word(r.0.plus(CALLBACK.offset), callback);
    }

    /// `r()`, whatever sort of weak reference it is.
    ///
    /// # Errors
    /// An exception, owned: the proxy's target is dead; what it raised.
    pub(crate) fn call_weakref(&self, r: Obj, arguments: &[Obj]) -> Outcome {
        if self.is_a(r, Type::WeakMethod) {
            return self.weak_method_call(r);
        }
        if !self.is_proxy(r) {
            return Ok(self.weakref_call(r));
        }
        let Some(target) = self.weakref_target(r) else {
            return Err(self.raised(Type::ReferenceError, "weakly-referenced object no longer exists"));
        };
        let target = self.owned(self.new_ref(target));
        self.call(target.as_obj(), arguments)
    }

    fn blank_weakref(&self, r: Obj, callback: Option<Obj>) {
        [TARGET, BEFORE, AFTER].iter().for_each(|field| self.mem().set(r, *field, 0));
        self.mem().set(r, HASH, UNKNOWN);
        self.mem().set(r, CALLBACK, stored(callback));
    }

    /// Whether it is a weak reference, or of a class that extends one.
    #[inline]
    pub fn is_weakref(&self, o: Obj) -> bool {
        match self.kind(o) {
            Kind::Weakref => true,
            Kind::Instance => self.mem().get(self.type_of(o), types::FLAGS) & types::WEAKREF != 0,
            _ => false,
        }
    }

    /// Whether it is a proxy.
    pub fn is_proxy(&self, o: Obj) -> bool {
        let ty = self.type_of(o);
        ty == self.ty(Type::Proxy) || ty == self.ty(Type::CallableProxy)
    }

    /// What `r` refers to, while that lives (I2). Borrowed.
    #[inline]
    pub fn weakref_target(&self, r: Obj) -> Option<Obj> {
        reference(self.mem().get(r, TARGET)).filter(|o| self.refs(*o) > 0)
    }

    /// `r()`: its target, or `None`. Owned.
    pub fn weakref_call(&self, r: Obj) -> Obj {
        self.new_ref(self.weakref_target(r).unwrap_or(self.none()))
    }

    /// `r.__callback__`, if it has one. Borrowed.
    pub fn weakref_callback(&self, r: Obj) -> Option<Obj> {
        reference(self.mem().get(r, CALLBACK))
    }

    /// `weakref.getweakrefcount(o)`
    pub fn weakref_count(&self, o: Obj) -> u64 {
        self.weakrefs(o).count() as u64
    }

    /// The weak references to `o`, in the order of the list. Borrowed.
    pub fn weakrefs(&self, o: Obj) -> impl Iterator<Item = Obj> {
        let first = self.supports_weakrefs(o).then(|| WeakList::first(self, o)).flatten();
        std::iter::successors(first, |r| WeakList::next(self, *r))
    }

    /// `weakref.getweakrefs(o)`: a list. `None`: no memory. Owned.
    pub fn getweakrefs(&self, o: Obj) -> Option<Obj> {
        let living = self.weakrefs(o).filter(|r| self.refs(*r) > 0);
        let all: Vec<Obj> = living.map(|r| self.new_ref(r)).collect();
        self.new_list_of(&all)
    }

    /// `hash(r)`, when `hash` is what the target says (I3). `None`: it is dead and nobody asked before.
    ///
    /// # Errors
    /// What `hash` could not do.
    pub fn weakref_hash<E>(&self, r: Obj, hash: impl FnOnce(Obj) -> Result<u64, E>) -> Result<Option<u64>, E> {
        let known = self.mem().get(r, HASH);
        if known != UNKNOWN {
            return Ok(Some(known));
        }
        let Some(target) = self.weakref_target(r) else { return Ok(None) };
        let target = self.owned(self.new_ref(target)); // its hash is a program, perhaps
        let hash = hash(target.as_obj())?;
        self.mem().set(r, HASH, hash);
        Ok(Some(hash))
    }

    /// `r == other`, when `equal` compares the targets (I3).
    ///
    /// # Errors
    /// What `equal` could not do.
    pub fn weakref_eq<E>(
        &self,
        r: Obj,
        other: Obj,
        equal: impl FnOnce(Obj, Obj) -> Result<bool, E>,
    ) -> Result<bool, E> {
        match (self.weakref_target(r), self.weakref_target(other)) {
            (Some(one), Some(two)) => {
                let held = [one, two].map(|o| self.owned(self.new_ref(o)));
                equal(held[0].as_obj(), held[1].as_obj())
            }
            _ => Ok(r == other),
        }
    }

    /// `o` dies: whoever looks at it hears of it; and a weak reference that dies leaves its list.
    #[inline]
    pub(crate) fn clear_weak_references(&self, o: Obj) {
        if self.is_weakref(o) {
            self.unlink_weakref(o);
        } else if self.is_a(o, Type::WeakIterator) {
            self.end_weak_iteration(o);
        }
        if self.weak_at(o) != 0 && WeakList::first(self, o).is_some() {
            self.clear_and_call(o);
        }
    }

    /// The plain ones first: nobody holds them meanwhile. One that is alone is not held either: its callback is called
    /// with nobody's reference but its holder's. More than one are held in a tuple until all were called.
    #[cold]
    fn clear_and_call(&self, o: Obj) {
        while let Some(r) = WeakList::first(self, o).filter(|r| self.is_plain(*r)) {
            self.unlink_weakref(r);
        }
        match self.weakrefs(o).count() as u64 {
            0 => {}
            1 => self.clear_and_call_one(o),
            waiting => {
                let tuple = self.tuple_memory(2 * waiting);
                the::<W::Weakref>().clear_and_call(self, o);
                if let Some(tuple) = tuple {
                    self.mem().set(tuple, SIZE, 2 * waiting);
                    self.release_tuple(tuple);
                }
            }
        }
        while let Some(r) = WeakList::first(self, o) {
            self.unlink_weakref(r);
        }
    }

    fn clear_and_call_one(&self, o: Obj) {
        let Some(r) = WeakList::first(self, o) else { return };
        let callback = WeakList::take_callback(self, r);
        self.unlink_weakref(r);
        if let Some(callback) = callback.filter(|_| self.refs(r) > 0) {
            self.call_weakref_callback(callback.as_obj(), r);
        }
    }

    fn is_plain(&self, r: Obj) -> bool {
        !WeakList::has_callback(self, r) && WeakList::sort(self, r) != Sort::Own
    }

    /// Clears `r`; its callback stays.
    #[inline]
    pub(crate) fn unlink_weakref(&self, r: Obj) {
        the::<W::Weakref>().unlink(self, r);
    }

    /// Clears `r`, and drops its callback: `tp_clear`.
    pub(crate) fn clear_weakref(&self, r: Obj) {
        self.unlink_weakref(r);
        self.set_word(r.0.plus(CALLBACK.offset), None);
    }

    /// Calls `callback` with `r`; nobody can handle what it raises.
    pub(crate) fn call_weakref_callback(&self, callback: Obj, r: Obj) {
        match self.call(callback, &[r]) {
            Ok(value) => self.decref(value),
            Err(exception) => self.unraisable(exception, callback),
        }
    }
}

impl<W: World> WeakList for Objects<W> {
    type Owned<'a> = Owned<'a, W>;

    fn name(&self, o: Obj) -> String {
        self.host.name(o)
    }

    #[inline]
    fn obj(&self, handle: &Owned<'_, W>) -> Obj {
        handle.as_obj()
    }

    #[inline]
    fn first(&self, o: Obj) -> Option<Obj> {
        reference(self.mem().get(o, word(self.weak_at(o))))
    }

    #[inline]
    fn set_first(&self, o: Obj, r: Option<Obj>) {
        self.mem().set(o, word(self.weak_at(o)), stored(r));
    }

    #[inline]
    fn next(&self, r: Obj) -> Option<Obj> {
        reference(self.mem().get(r, AFTER))
    }

    #[inline]
    fn set_next(&self, r: Obj, next: Option<Obj>) {
        self.mem().set(r, AFTER, stored(next));
    }

    #[inline]
    fn prev(&self, r: Obj) -> Option<Obj> {
        reference(self.mem().get(r, BEFORE))
    }

    #[inline]
    fn set_prev(&self, r: Obj, prev: Option<Obj>) {
        self.mem().set(r, BEFORE, stored(prev));
    }

    #[inline]
    fn target(&self, r: Obj) -> Option<Obj> {
        reference(self.mem().get(r, TARGET))
    }

    #[inline]
    fn set_target(&self, r: Obj, target: Option<Obj>) {
        self.mem().set(r, TARGET, stored(target));
    }

    #[inline]
    fn sort(&self, r: Obj) -> Sort {
        match self.type_of(r) {
            ty if ty == self.ty(Type::Weakref) => Sort::Ref,
            ty if ty == self.ty(Type::Proxy) || ty == self.ty(Type::CallableProxy) => Sort::Proxy,
            _ => Sort::Own,
        }
    }

    #[inline]
    fn has_callback(&self, r: Obj) -> bool {
        self.mem().get(r, CALLBACK) != 0
    }

    fn take_callback<'a>(&'a self, r: Obj) -> Option<Owned<'a, W>> {
        let callback = reference(self.mem().get(r, CALLBACK))?;
        self.mem().set(r, CALLBACK, 0);
        Some(self.owned(callback))
    }

    fn call<'a>(&'a self, callback: &Owned<'a, W>, r: &Owned<'a, W>) {
        self.call_weakref_callback(callback.as_obj(), r.as_obj());
    }

    fn make<'a>(&'a self, sort: Sort, callback: Option<Owned<'a, W>>) -> Option<Owned<'a, W>> {
        let ty = if sort == Sort::Proxy { Type::Proxy } else { Type::Weakref };
        let r = self.new_collected(ty, ty.row().basic)?;
        self.blank_weakref(r, callback.map(Owned::into_obj));
        self.track(r);
        Some(self.owned(r))
    }

    #[inline]
    fn hold<'a>(&'a self, r: Obj) -> Option<Owned<'a, W>> {
        (self.refs(r) > 0).then(|| self.owned(self.new_ref(r)))
    }
}
