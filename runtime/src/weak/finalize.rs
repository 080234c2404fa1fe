//! # `finalize`: something to be done when an object dies
//!
//! ```text
//!   f = finalize(o, func, *args)        registry: f --> what is to be done, and a weak reference to o with callback f
//!   del o                               func(*args)
//!   at exit                             those that are left, the newest first
//! ```
//!
//! - **I1** A finalizer is alive as long as it is in the registry, which keeps it: nobody else has to.
//! - **I2** It is called once. Whatever ends it (the object's death, a call, `detach`, the exit) takes it out first.
//! - **I3** What is to be done is held strongly until then. If it refers to the object, that never dies.
//! - **I4** At exit those that want it are called, the newest first, with the collector switched off; then no finalizer
//!   is called any more.
//!
//! As the registry is reachable, the weak reference is, too: so in a dead ring a finalizer is called before any
//! `__del__`; when an object dies by its count it is the other way round.
//!
//! Source: `finalize` in `Lib/weakref.py` of 3.11.

use crate::objects::layout::{reference, word};
use crate::objects::state::{ENABLED, FINALIZERS, FINALIZERS_DONE, FINALIZERS_MADE};
use crate::objects::types::Type;
use crate::objects::{Objects, World};
use kit::Field;
use kit::graph::Obj;

const WEAK: Field<u64> = word(16);
const FUNCTION: Field<u64> = word(24);
/// A tuple.
const ARGUMENTS: Field<u64> = word(32);
const AT_EXIT: u64 = 40;
const INDEX: u64 = 48;

/// What a finalizer has to do; all owned.
#[derive(Clone, Copy, Debug)]
pub struct ToDo {
    /// Whose finalizer it is.
    pub of: Obj,
    /// What is called.
    pub function: Obj,
    /// With what: a tuple.
    pub arguments: Obj,
}

impl<W: World> Objects<W> {
    /// `finalize(o, function, *arguments)`: all are borrowed; `arguments` is a tuple. Owned.
    ///
    /// # Errors
    /// An exception, owned: `o` has no weak references, no memory.
    pub fn new_finalize(&self, o: Obj, function: Obj, arguments: Obj) -> Result<Obj, Obj> {
        self.demand_weakrefs(o)?;
        self.finalize(o, function, arguments).ok_or_else(|| self.memory_error())
    }

    fn finalize(&self, o: Obj, function: Obj, arguments: Obj) -> Option<Obj> {
        let registry = self.finalizers()?;
        let f = self.owned(self.new_record(Type::Finalize, &[])?);
        let fields = [None, Some(self.new_ref(function)), Some(self.new_ref(arguments))];
        let info = self.owned(self.new_record(Type::FinalizeInfo, &fields)?);
        let weak = self.new_weakref(o, Some(self.new_ref(f.as_obj())))?;
        self.set_field(info.as_obj(), WEAK, Some(weak));
        self.set_number(info.as_obj(), AT_EXIT, 1);
        self.set_number(info.as_obj(), INDEX, self.next_finalizer_index());
        let (key, value) = (self.new_ref(f.as_obj()), info.into_obj());
        self.dict_set(registry, key, value).map_err(|refused| self.forget(refused)).ok()?;
        Some(f.into_obj())
    }

    /// The registry, a dict. Borrowed.
    fn finalizers(&self) -> Option<Obj> {
        self.made_once(FINALIZERS, Self::new_dict)
    }

    fn next_finalizer_index(&self) -> u64 {
        let index = self.get(FINALIZERS_MADE);
        self.set(FINALIZERS_MADE, index + 1);
        index
    }

    /// What is in the registry for `f`. Borrowed.
    fn finalize_info(&self, f: Obj) -> Option<Obj> {
        self.dict_get(reference(self.get(FINALIZERS))?, f)
    }

    /// I2. Owned.
    fn take_finalize_info(&self, f: Obj) -> Option<Obj> {
        match self.dict_pop(reference(self.get(FINALIZERS))?, f) {
            Ok(info) => info,
            Err(refused) => {
                self.forget(refused);
                None
            }
        }
    }

    /// `f()`: what the function gave, or `None` when it is dead. Owned.
    ///
    /// # Errors
    /// What the function raised. Owned.
    pub fn finalize_call(&self, f: Obj) -> Result<Obj, Obj> {
        let info = self.take_finalize_info(f).map(|info| self.owned(info));
        let done = self.get(FINALIZERS_DONE) != 0;
        let parts = info.as_ref().filter(|_| !done).and_then(|info| self.finalize_parts(info.as_obj()));
        let Some((function, arguments)) = parts else { return Ok(self.new_ref(self.none())) };
        let arguments: Vec<Obj> = (0..self.tuple_len(arguments)).map(|at| self.tuple_get(arguments, at)).collect();
        self.call(function, &arguments)
    }

    fn finalize_parts(&self, info: Obj) -> Option<(Obj, Obj)> {
        Some((self.field(info, FUNCTION)?, self.field(info, ARGUMENTS)?))
    }

    /// `f.alive`
    pub fn finalize_alive(&self, f: Obj) -> bool {
        self.finalize_info(f).is_some()
    }

    /// `f.peek()`: what is to be done, when it is alive.
    pub fn finalize_peek(&self, f: Obj) -> Option<ToDo> {
        let info = self.finalize_info(f)?;
        let of = self.weakref_target(self.field(info, WEAK)?)?;
        let (function, arguments) = self.finalize_parts(info)?;
        Some(ToDo { of: self.new_ref(of), function: self.new_ref(function), arguments: self.new_ref(arguments) })
    }

    /// `f.detach()`: what was to be done; it is dead afterwards, and nothing is called.
    pub fn finalize_detach(&self, f: Obj) -> Option<ToDo> {
        let todo = self.finalize_peek(f)?;
        let info = self.take_finalize_info(f);
        self.decref_some(info);
        Some(todo)
    }

    /// `f.atexit`
    pub fn finalize_at_exit(&self, f: Obj) -> bool {
        self.finalize_info(f).is_some_and(|info| self.number(info, AT_EXIT) != 0)
    }

    /// `f.atexit = wanted`
    pub fn set_finalize_at_exit(&self, f: Obj, wanted: bool) {
        if let Some(info) = self.finalize_info(f) {
            self.set_number(info, AT_EXIT, u64::from(wanted));
        }
    }

    /// I4. What they raise is reported.
    pub fn run_finalizers_at_exit(&self) {
        let enabled = self.get(ENABLED);
        self.set(ENABLED, 0);
        while let Some(f) = self.newest_finalizer() {
            let f = self.owned(self.new_ref(f));
            match self.finalize_call(f.as_obj()) {
                Ok(value) => self.decref(value),
                Err(exception) => self.unraisable(exception, f.as_obj()),
            }
        }
        self.set(FINALIZERS_DONE, 1);
        self.set(ENABLED, enabled);
    }

    /// Of those that want to be called at exit. Borrowed.
    fn newest_finalizer(&self) -> Option<Obj> {
        let (registry, mut position) = (reference(self.get(FINALIZERS))?, 0);
        let all = std::iter::from_fn(|| self.dict_next(registry, &mut position));
        let wanted = all.filter(|(_, info)| self.number(*info, AT_EXIT) != 0);
        wanted.max_by_key(|(_, info)| self.number(*info, INDEX)).map(|(f, _)| f)
    }
}
