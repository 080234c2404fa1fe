//! A small Python by hand: classes, natives that write into a log.

use kit::geometry::Modern;
pub(crate) use kit::graph::Obj;
use kit::observe::Silent;
use kit::raw::RawMemory;
use runtime::config::{Config, Fast};
use runtime::heap::machine::Heap;
pub(crate) use runtime::objects::Objects;
use runtime::objects::class::NewClass;
use runtime::objects::machine::Profile;
use std::sync::{Arc, Mutex};

pub(crate) type World = Fast<Modern>;
type Log = Arc<Mutex<Vec<String>>>;

/// A runtime, and what was said in it.
pub(crate) struct Py {
    pub(crate) o: Objects<World>,
    pub(crate) log: Log,
}

impl Py {
    pub(crate) fn new() -> Py {
        // SAFETY: the reference's parts stay inside what they mapped (I1 of kit::raw).
        let mem = unsafe { RawMemory::new() };
        let heap = Heap::new(mem, Silent, <World as Config>::reference()).unwrap();
        Py { o: Objects::new(heap, Profile::V3_11).unwrap(), log: Log::default() }
    }

    /// A class with this body, whose values are stolen.
    pub(crate) fn class(&self, name: &str, bases: &[Obj], slots: Option<&[&str]>, body: &[(&str, Obj)]) -> Obj {
        let o = &self.o;
        let namespace = o.new_dict().unwrap();
        body.iter().for_each(|(name, value)| o.dict_set(namespace, o.new_name(name).unwrap(), *value).unwrap());
        let slots: Option<Vec<Obj>> = slots.map(|names| names.iter().map(|name| o.new_name(name).unwrap()).collect());
        let name = o.new_name(name).unwrap();
        let class = o.new_class(NewClass { name, bases, namespace, slots: slots.as_deref() }).unwrap();
        [name, namespace].into_iter().chain(slots.into_iter().flatten()).for_each(|o_| o.decref(o_));
        class
    }

    /// A class with nothing in it.
    pub(crate) fn plain(&self) -> Obj {
        self.class("A", &[], None, &[])
    }

    /// A class with this `__del__`.
    pub(crate) fn finalized(&self, del: impl Fn(&Objects<World>, Obj) -> String + Send + Sync + 'static) -> Obj {
        let del = self.native(del);
        self.class("A", &[], None, &[("__del__", del)])
    }

    /// A native that is called with one argument, and says something; nothing when it is empty.
    pub(crate) fn native(&self, says: impl Fn(&Objects<World>, Obj) -> String + Send + Sync + 'static) -> Obj {
        let log = self.log.clone();
        let native = self.o.new_native(None, move |o: &Objects<World>, arguments: &[Obj]| {
            let said = says(o, arguments.first().copied().unwrap_or(o.none()));
            if !said.is_empty() {
                log.lock().unwrap().push(said);
            }
            Ok(o.new_ref(o.none()))
        });
        native.unwrap()
    }

    /// A native that says this.
    pub(crate) fn says(&self, text: &str) -> Obj {
        let text = text.to_string();
        self.native(move |_, _| text.clone())
    }

    pub(crate) fn make(&self, class: Obj) -> Obj {
        self.o.call(class, &[]).unwrap()
    }

    /// `o.name = value`: stolen.
    pub(crate) fn set(&self, o: Obj, name: &str, value: Obj) {
        let name = self.o.new_name(name).unwrap();
        self.o.set_attribute(o, name, value).unwrap();
        self.o.decref(name);
    }

    /// A new object that refers to itself.
    pub(crate) fn ring(&self, class: Obj) -> Obj {
        let o = self.make(class);
        self.set(o, "me", self.o.new_ref(o));
        o
    }

    /// `weakref.ref(target, callback)`: the callback is stolen.
    pub(crate) fn weak(&self, target: Obj, callback: Option<Obj>) -> Obj {
        self.o.new_weakref(target, callback).unwrap()
    }

    pub(crate) fn lives(&self, r: Obj) -> bool {
        self.o.weakref_target(r).is_some()
    }

    /// What was said since the last time.
    pub(crate) fn said(&self) -> String {
        std::mem::take(&mut *self.log.lock().unwrap()).join(", ")
    }

    pub(crate) fn del(&self, all: &[Obj]) {
        all.iter().for_each(|o| self.o.decref(*o));
    }
}

impl Drop for Py {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.o.validate(), Ok(()));
        }
    }
}
