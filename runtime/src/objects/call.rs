//! # Calls: from an object to what it does
//!
//! A finalizer, a callback of a weak reference or of the collector is an object that can be called. What it does is not
//! in the objects' world: a *native* is a function of the host, and whatever else can be called (a function of Python's
//! own) is handed to the interpreter that registered itself.
//!
//! - **I1** A call gets borrowed arguments and gives an owned result, or an owned exception.
//! - **I2** Nobody above a finalizer can handle an exception. It is *unraisable*: reported, and dropped.
//! - **I3** A host function that panics does not unwind through the runtime: the panic is an unraisable, too, or the
//!   error of the call.
//!
//! Source: `PyErr_WriteUnraisable`, `slot_tp_finalize` in `Objects/typeobject.c`.

use super::kind::Kind;
use super::layout::{types, word};
use super::machine::{Objects, World};
use super::names::Known;
use super::types::Type;
use kit::graph::Obj;
use kit::{Field, Memory};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

pub use super::host::{Caller, Host, Listener, Native, Outcome, Reporter, Unraisable};

const SELF: Field<u64> = word(16);
const NUMBER: u64 = 32;

impl<W: World> Objects<W> {
    /// A function of the host as an object, tracked. With `of`, stolen, that is the first argument of each call. `None`:
    /// no memory. Owned.
    pub fn new_native<F>(&self, of: Option<Obj>, native: F) -> Option<Obj>
    where
        F: Fn(&Objects<W>, &[Obj]) -> Outcome + Send + Sync + 'static,
    {
        let o = self.new_record(Type::Builtin, &[of])?;
        self.set_number(o, NUMBER, self.host.add_native(Arc::new(native)));
        Some(o)
    }

    /// The memory of a record goes back; a native's function with it.
    pub(crate) fn release_record(&self, o: Obj) {
        let native = self.is_a(o, Type::Builtin).then(|| self.host.remove_native(self.number(o, NUMBER)));
        match self.is_a(o, Type::Slice) {
            true => self.give_kept(super::state::Kept::Slice, o, true),
            false if self.state.holds(o) => self.mem().set(o, kit::refcount::TYPE, 0), // a MemoryError: idle again
            false => self.free_collected(o, crate::gc::head::HEAD),
        }
        drop(native);
    }

    /// Calls `callable` (I1, I3).
    ///
    /// # Errors
    /// The exception that it raised. Owned.
    pub fn call(&self, callable: Obj, arguments: &[Obj]) -> Outcome {
        if self.is_a(callable, Type::Builtin) {
            return self.call_native(callable, arguments);
        }
        if let Some((function, of)) = self.method_parts(callable) {
            return self.call_with(function, of, arguments);
        }
        if self.is_a(callable, Type::Finalize) {
            return self.finalize_call(callable);
        }
        match self.kind(callable) {
            Kind::Weakref => self.call_weakref(callable, arguments),
            Kind::Class | Kind::StaticType => self.instantiate(callable, arguments),
            Kind::Instance => match self.class_attribute(self.type_of(callable), self.known(Known::Call)) {
                Some(call) => self.call_with(call, callable, arguments),
                None if self.is_weakref(callable) => self.call_weakref(callable, arguments),
                None => Err(self.not_callable(callable)),
            },
            _ => match self.host.caller() {
                Some(caller) => self.guarded(|| caller(self, callable, arguments)),
                None => Err(self.not_callable(callable)),
            },
        }
    }

    /// Calls `function(of, *arguments)`. Both live until it is done.
    pub fn call_with(&self, function: Obj, of: Obj, arguments: &[Obj]) -> Outcome {
        let all: Vec<Obj> = [of].into_iter().chain(arguments.iter().copied()).collect();
        self.incref(function);
        self.incref(of);
        let outcome = self.call(function, &all);
        self.decref(of);
        self.decref(function);
        outcome
    }

    fn call_native(&self, callable: Obj, arguments: &[Obj]) -> Outcome {
        let native = self.host.native(self.number(callable, NUMBER));
        let all: Vec<Obj> = self.field(callable, SELF).into_iter().chain(arguments.iter().copied()).collect();
        self.guarded(|| native(self, &all))
    }

    /// I3.
    fn guarded(&self, run: impl FnOnce() -> Outcome) -> Outcome {
        catch_unwind(AssertUnwindSafe(run))
            .unwrap_or_else(|panic| Err(self.raised(Type::SystemError, &said(panic.as_ref()))))
    }

    fn not_callable(&self, o: Obj) -> Obj {
        let name = self.type_name(self.type_of(o));
        self.raised(Type::TypeError, &format!("'{name}' object is not callable"))
    }

    /// Whether the type of `o` has a `__del__`, or finalizes in another way.
    #[inline]
    pub fn has_finalizer(&self, o: Obj) -> bool {
        self.mem().get(self.type_of(o), types::DEL) != 0
    }

    /// Calls `__del__` (I2), if there still is one: the class may be half taken apart itself.
    pub(crate) fn call_finalizer(&self, o: Obj) {
        let ty = self.type_of(o);
        if self.mem().get(ty, types::DEL) == types::OWN {
            return self.close_generator(o);
        }
        let Some(del) = self.class_attribute(ty, self.known(Known::Del)) else { return };
        self.incref(del);
        match self.call(del, &[o]) {
            Ok(value) => self.decref(value),
            Err(exception) => self.unraisable(exception, del),
        }
        self.decref(del);
    }

    /// Nobody can handle this exception, which is stolen (I2).
    pub fn unraisable(&self, exception: Obj, during: Obj) {
        self.unraisable_because(exception, during, None);
    }

    /// The same, with a sentence of its own instead of "Exception ignored in".
    pub fn unraisable_because(&self, exception: Obj, during: Obj, message: Option<&str>) {
        let what = self.type_name(self.type_of(exception));
        let lost = Unraisable { what, exception, during, message: message.map(str::to_owned) };
        match self.host.reporter() {
            // A reporter that panics has nobody to tell.
            Some(report) => drop(catch_unwind(AssertUnwindSafe(|| report(self, &lost)))),
            None => {
                let said =
                    message.map_or_else(|| format!("Exception ignored in: {}", self.host.name(during)), str::to_owned);
                self.host.say(&said);
                self.host.say(&lost.what);
            }
        }
        self.decref(exception);
    }
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic without words".into())
}
