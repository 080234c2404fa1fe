//! An interpreter for tests of threads: a class whose instances say when they die, and what was said.

use kit::geometry::Modern;
use kit::graph::Obj;
use kit::observe::Silent;
use kit::raw::RawMemory;
use runtime::config::{Config, Fast};
use runtime::heap::machine::Heap;
use runtime::objects::class::NewClass;
use runtime::objects::machine::Profile;
use runtime::objects::token::{Detached, Gil, Interpreter, Owned};
use runtime::threads::Thread;
use std::ops::Deref;
use std::panic::resume_unwind;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) type World = Fast<Modern>;

/// An interpreter that is looked at when all is over.
pub(crate) struct Python {
    interpreter: Interpreter<World>,
    /// What classes leave behind for good: interned names, and the lists of those who come from `object`.
    kept: u64,
}

pub(crate) fn interpreter() -> Python {
    // SAFETY: the reference's parts stay inside what they mapped (I1 of kit::raw).
    let mem = unsafe { RawMemory::new() };
    let heap = Heap::new(mem, Silent, <World as Config>::reference()).unwrap();
    let interpreter = Interpreter::new(heap, Profile::V3_11).unwrap();
    let kept = interpreter.with_gil(|gil| {
        drop(class_with_del(gil, &Heard::default()));
        drop(gil.name("n"));
        gil.objects().collect(2);
        gil.objects().heap().allocated_blocks()
    });
    Python { interpreter, kept }
}

impl Deref for Python {
    type Target = Interpreter<World>;
    fn deref(&self) -> &Interpreter<World> {
        &self.interpreter
    }
}

impl Python {
    /// Every count is right if a collection leaves no block behind.
    pub(crate) fn nothing_is_left(&self) {
        self.with_gil(|gil| {
            gil.objects().collect(2);
            assert_eq!(gil.objects().heap().allocated_blocks(), self.kept);
        });
    }

    /// An instance that knows its name.
    pub(crate) fn instance<'g>(gil: Gil<'g, World>, class: &Detached, name: &str) -> Owned<'g, World> {
        let (o, class) = (gil.objects(), class.clone_ref(gil));
        let made = gil.owned(o.call(class.as_obj(), &[]).expect("no __init__ that raises"));
        let (key, value) = (gil.name("n").unwrap(), gil.str(name).unwrap());
        o.set_attribute(made.as_obj(), key.as_obj(), value.into_obj()).expect("an instance has a dict");
        made
    }

    /// What is in a list.
    pub(crate) fn items<'g>(list: &Owned<'g, World>) -> Vec<Owned<'g, World>> {
        let (gil, o) = (list.gil(), list.gil().objects());
        (0..o.list_len(list.as_obj())).map(|at| gil.borrowed(o.list_get(list.as_obj(), at))).collect()
    }
}

/// What was said, by whom ever.
#[derive(Clone, Default)]
pub(crate) struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    pub(crate) fn say(&self, what: &str) {
        self.0.lock().unwrap().push(what.into());
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// `class A: def __del__(self): print('del', self.n)`
pub(crate) fn class_with_del<'g>(gil: Gil<'g, World>, heard: &Heard) -> Owned<'g, World> {
    let heard = heard.clone();
    class_with(gil, move |gil, me| heard.say(&format!("del {}", name_of(gil, me))))
}

/// A class whose `__del__` is `del`.
pub(crate) fn class_with<'g>(
    gil: Gil<'g, World>,
    del: impl Fn(Gil<'_, World>, Obj) + Send + Sync + 'static,
) -> Owned<'g, World> {
    let objects = gil.objects();
    let del = gil.function(move |gil, arguments| {
        del(gil, arguments[0]);
        Ok(gil.none().into_obj())
    });
    let name = gil.name("A").unwrap();
    let namespace = gil.dict().unwrap();
    namespace.put(gil.name("__del__").unwrap(), del.unwrap()).unwrap();
    let new = NewClass { name: name.as_obj(), bases: &[], namespace: namespace.as_obj(), slots: None };
    gil.owned(objects.new_class(new).expect("nothing is wrong with this class"))
}

/// What an instance is called.
pub(crate) fn name_of(gil: Gil<'_, World>, o: Obj) -> String {
    let key = gil.name("n").unwrap();
    gil.owned(gil.objects().get_attribute(o, key.as_obj()).expect("each has a name")).to_text()
}

/// A thread without a name of its own.
pub(crate) fn start(gil: Gil<'_, World>, body: impl for<'t> FnOnce(Gil<'t, World>) + Send + 'static) -> Thread {
    Thread::start(&gil, "T", body).expect("the system has a thread more")
}

/// Runs `test` in a thread of its own, which must come to its end: for what would else wait for ever.
pub(crate) fn in_time(test: impl FnOnce() + Send + 'static) {
    let (ends, hears) = channel::<()>();
    let thread = std::thread::spawn(move || {
        let _ends = ends;
        test();
    });
    let heard = hears.recv_timeout(Duration::from_secs(20));
    assert_ne!(heard, Err(RecvTimeoutError::Timeout), "somebody waits for ever");
    thread.join().unwrap_or_else(|panic| resume_unwind(panic));
}
