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

use super::layout::types;
use super::machine::{Objects, World};
use kit::Memory;
use kit::graph::Obj;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// What a call gives: an owned value, or an owned exception.
pub type Outcome = Result<Obj, Obj>;

/// A function of the host: borrowed arguments in.
pub type Native<W> = Arc<dyn Fn(&Objects<W>, &[Obj]) -> Outcome + Send + Sync>;

/// What nobody could handle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unraisable {
    /// What the exception is, in words.
    pub what: String,
    /// During the call of what.
    pub during: Obj,
}

/// Hears of what nobody could handle.
pub type Reporter = Box<dyn FnMut(Unraisable) + Send>;

/// Hears the lines that CPython writes to its standard error.
pub type Listener = Box<dyn FnMut(&str) + Send>;

/// What lies outside of the objects' world.
pub struct Host<W: World> {
    natives: RefCell<Vec<Native<W>>>,
    /// Calls what is no native.
    caller: RefCell<Option<Native<W>>>,
    reporter: RefCell<Option<Reporter>>,
    listener: RefCell<Option<Listener>>,
    names: RefCell<HashMap<Obj, String>>,
}

impl<W: World> Default for Host<W> {
    fn default() -> Self {
        Host {
            natives: RefCell::default(),
            caller: RefCell::default(),
            reporter: RefCell::default(),
            listener: RefCell::default(),
            names: RefCell::default(),
        }
    }
}

impl<W: World> Host<W> {
    /// What `o` is called by whoever gave it a name: for steps and sentences.
    pub fn name(&self, o: Obj) -> String {
        self.names.borrow().get(&o).cloned().unwrap_or_else(|| format!("{:?}", o.0))
    }

    /// A line for whoever reads what the collector says.
    pub fn say(&self, line: &str) {
        match self.listener.borrow_mut().as_mut() {
            Some(listener) => listener(line),
            None => eprintln!("{line}"),
        }
    }

    /// From now on `o` is called so.
    pub fn set_name(&self, o: Obj, name: &str) {
        self.names.borrow_mut().insert(o, name.into());
    }
}

impl<W: World> Objects<W> {
    /// Whether the type of `o` has a `__del__`, or finalizes in another way.
    #[inline]
    pub fn has_finalizer(&self, o: Obj) -> bool {
        self.mem().get(self.type_of(o), types::DEL) != 0
    }

    /// Calls `__del__` (I2).
    pub(crate) fn call_finalizer(&self, o: Obj) {
        if let Some(del) = super::layout::reference(self.mem().get(self.type_of(o), types::DEL)) {
            self.incref(del);
            match self.call(del, &[o]) {
                Ok(value) => self.decref(value),
                Err(exception) => self.unraisable(exception, del),
            }
            self.decref(del);
        }
    }
}

// Until there is an interpreter, what can be called is a native.
impl<W: World> Objects<W> {
    /// Calls `callable` (I1, I3).
    pub fn call(&self, callable: Obj, arguments: &[Obj]) -> Outcome {
        let caller = self.host.caller.borrow().clone();
        match caller {
            Some(caller) => {
                let mut all = vec![callable];
                all.extend(arguments);
                caller(self, &all)
            }
            None => Ok(self.new_ref(self.none())),
        }
    }

    /// Nobody can handle this exception (I2): stolen.
    pub fn unraisable(&self, exception: Obj, during: Obj) {
        let what = self.type_name(self.type_of(exception));
        if let Some(reporter) = self.host.reporter.borrow_mut().as_mut() {
            reporter(Unraisable { what, during });
        }
        self.decref(exception);
    }

    /// What `ty` is called.
    pub fn type_name(&self, ty: Obj) -> String {
        let number = self.mem().get(ty, types::NUMBER);
        super::types::ROWS.get(number as usize).map_or_else(String::new, |row| row.name.into())
    }
}
