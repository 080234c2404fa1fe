//! # The host: what lies outside of the objects' world
//!
//! Functions of the host's, the interpreter that knows what code means, whoever hears of exceptions that nobody could
//! handle, and names for sentences. Nothing here keeps an object alive.
//!
//! - **I1** No borrow of the host lasts while something of a program's runs: what is called is cloned first.

use super::machine::{Objects, World};
use kit::graph::Obj;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

/// What a call gives: an owned value, or an owned exception.
pub type Outcome = Result<Obj, Obj>;

/// A function of the host: borrowed arguments in.
pub type Native<W> = Arc<dyn Fn(&Objects<W>, &[Obj]) -> Outcome + Send + Sync>;

/// Calls what is no native: the callable, its borrowed arguments.
pub type Caller<W> = Arc<dyn Fn(&Objects<W>, Obj, &[Obj]) -> Outcome + Send + Sync>;

/// What nobody could handle, as `sys.unraisablehook` is told. References are borrowed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unraisable {
    /// What the exception is, in words.
    pub what: String,
    /// The exception.
    pub exception: Obj,
    /// During the call of what.
    pub during: Obj,
    /// A sentence, if there is a better one than "Exception ignored in".
    pub message: Option<String>,
}

/// Hears of what nobody could handle.
pub type Reporter<W> = Arc<dyn Fn(&Objects<W>, &Unraisable) + Send + Sync>;

/// Hears the lines that CPython writes to its standard error.
pub type Listener = Box<dyn FnMut(&str) + Send>;

/// What lies outside of the objects' world.
pub struct Host<W: World> {
    natives: RefCell<Natives<W>>,
    caller: RefCell<Option<Caller<W>>>,
    closer: RefCell<Option<Caller<W>>>,
    reporter: RefCell<Option<Reporter<W>>>,
    listener: RefCell<Option<Listener>>,
    names: RefCell<HashMap<Obj, String>>,
    /// Whether anything has a name: asked whenever an object dies.
    named: Cell<bool>,
}

/// Functions by number; the numbers of those that died are used again.
struct Natives<W: World> {
    functions: Vec<Option<Native<W>>>,
    free: Vec<usize>,
}

impl<W: World> Default for Host<W> {
    fn default() -> Self {
        Host {
            natives: RefCell::new(Natives { functions: Vec::new(), free: Vec::new() }),
            caller: RefCell::default(),
            closer: RefCell::default(),
            reporter: RefCell::default(),
            listener: RefCell::default(),
            names: RefCell::default(),
            named: Cell::default(),
        }
    }
}

impl<W: World> Host<W> {
    /// What `o` is called by whoever gave it a name: for steps and sentences.
    pub fn name(&self, o: Obj) -> String {
        self.names.borrow().get(&o).cloned().unwrap_or_else(|| format!("{:?}", o.0))
    }

    /// From now on `o` is called so.
    pub fn set_name(&self, o: Obj, name: &str) {
        self.names.borrow_mut().insert(o, name.into());
        self.named.set(true);
    }

    /// `o` is gone: its address may be another one's soon.
    #[inline]
    pub(crate) fn forget(&self, o: Obj) {
        if self.named.get() {
            self.names.borrow_mut().remove(&o);
        }
    }

    /// A line for whoever reads what the collector says.
    pub fn say(&self, line: &str) {
        match self.listener.borrow_mut().as_mut() {
            Some(listener) => listener(line),
            None => eprintln!("{line}"),
        }
    }

    /// From now on lines are said to `listener`, which must not touch objects.
    pub fn set_listener(&self, listener: Listener) {
        self.listener.replace(Some(listener));
    }

    /// From now on `caller` calls what is no native: the interpreter registers itself.
    pub fn set_caller(&self, caller: Caller<W>) {
        self.caller.replace(Some(caller));
    }

    /// From now on `closer` ends generators that die before their end: it is called with the generator, and raises
    /// `GeneratorExit` where that stands.
    pub fn set_closer(&self, closer: Caller<W>) {
        self.closer.replace(Some(closer));
    }

    /// From now on `reporter` hears of what nobody could handle.
    pub fn set_reporter(&self, reporter: Reporter<W>) {
        self.reporter.replace(Some(reporter));
    }

    pub(super) fn caller(&self) -> Option<Caller<W>> {
        self.caller.borrow().clone()
    }

    pub(super) fn closer(&self) -> Option<Caller<W>> {
        self.closer.borrow().clone()
    }

    pub(super) fn reporter(&self) -> Option<Reporter<W>> {
        self.reporter.borrow().clone()
    }

    pub(super) fn add_native(&self, native: Native<W>) -> u64 {
        let mut natives = self.natives.borrow_mut();
        let number = natives.free.pop().unwrap_or(natives.functions.len());
        if number == natives.functions.len() {
            natives.functions.push(None);
        }
        natives.functions[number] = Some(native);
        number as u64
    }

    pub(super) fn native(&self, number: u64) -> Native<W> {
        self.natives.borrow().functions[number as usize].clone().expect("it is there as long as its object is")
    }

    pub(super) fn remove_native(&self, number: u64) -> Option<Native<W>> {
        let mut natives = self.natives.borrow_mut();
        natives.free.push(number as usize);
        natives.functions[number as usize].take()
    }
}
