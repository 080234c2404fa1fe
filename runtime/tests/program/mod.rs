//! What the tests of objects have in common: a runtime, classes in a line, and a log that the dying write into.
#![allow(dead_code)] // each test uses some of it

use kit::geometry::Modern;
use kit::graph::Obj;
use kit::observe::Silent;
use kit::raw::RawMemory;
use runtime::config::{Config, Fast};
use runtime::heap::machine::Heap;
use runtime::objects::Objects;
use runtime::objects::class::NewClass;
use runtime::objects::function::{NewCode, NewFunction};
use runtime::objects::machine::Profile;
use std::sync::{Arc, Mutex};

pub(crate) type World = Fast<Modern>;
pub(crate) type Log = Arc<Mutex<Vec<String>>>;

pub(crate) fn objects() -> Objects<World> {
    // SAFETY: the reference's parts stay inside what they mapped (I1 of kit::raw).
    let mem = unsafe { RawMemory::new() };
    let heap = Heap::new(mem, Silent, <World as Config>::reference()).unwrap();
    Objects::new(heap, Profile::V3_11).unwrap()
}

/// A class with this body; values are stolen.
pub(crate) fn class(
    objects: &Objects<World>,
    name: &str,
    bases: &[Obj],
    slots: Option<&[&str]>,
    body: &[(&str, Obj)],
) -> Obj {
    let namespace = objects.new_dict().unwrap();
    for (name, value) in body {
        objects.dict_set(namespace, objects.new_name(name).unwrap(), *value).unwrap();
    }
    let slots: Option<Vec<Obj>> = slots.map(|names| names.iter().map(|name| objects.new_name(name).unwrap()).collect());
    let name = objects.new_name(name).unwrap();
    let class = objects.new_class(NewClass { name, bases, namespace, slots: slots.as_deref() }).unwrap();
    objects.decref(name);
    objects.decref(namespace);
    slots.iter().flatten().for_each(|slot| objects.decref(*slot));
    class
}

/// `o.name = value`: stolen.
pub(crate) fn set(objects: &Objects<World>, o: Obj, name: &str, value: Obj) {
    let name = objects.new_name(name).unwrap();
    objects.set_attribute(o, name, value).unwrap();
    objects.decref(name);
}

pub(crate) fn text(objects: &Objects<World>, o: Obj, name: &str) -> Option<String> {
    let name = objects.new_name(name).unwrap();
    let found = objects.own_attribute(o, name).map(|value| objects.str_text(value));
    objects.decref(name);
    found
}

/// A class whose instances write their `n` into the log when they die.
pub(crate) fn noisy(objects: &Objects<World>, log: &Log) -> Obj {
    let log = log.clone();
    let del = objects.new_native(None, move |objects: &Objects<World>, arguments: &[Obj]| {
        log.lock().unwrap().push(text(objects, arguments[0], "n").unwrap_or_default());
        Ok(objects.new_ref(objects.none()))
    });
    class(objects, "Noisy", &[], None, &[("__del__", del.unwrap())])
}

pub(crate) fn named(objects: &Objects<World>, class: Obj, name: &str) -> Obj {
    let o = objects.new_instance(class).unwrap();
    set(objects, o, "n", objects.new_str(name).unwrap());
    o
}

pub(crate) fn said(log: &Log) -> String {
    std::mem::take(&mut *log.lock().unwrap()).join(" ")
}

/// The type names of these, in order.
pub(crate) fn types(objects: &Objects<World>, all: &[Obj]) -> String {
    all.iter().map(|o| objects.type_name(objects.type_of(*o))).collect::<Vec<_>>().join(" ")
}

/// The items of a list, which is stolen; as long as nothing else is done they live on.
pub(crate) fn items(objects: &Objects<World>, list: Option<Obj>) -> Vec<Obj> {
    let list = list.unwrap();
    let all = (0..objects.list_len(list)).map(|at| objects.list_get(list, at)).collect();
    objects.decref(list);
    all
}

/// A function with so many locals, whose code is `number`, with a dict of its own as globals.
pub(crate) fn function(objects: &Objects<World>, number: u64, locals: u64, globals: Obj) -> Obj {
    let name = objects.new_name("f").unwrap();
    let constants = objects.new_tuple(&[]).unwrap();
    let code = NewCode { number, constants, name: objects.new_ref(name), locals, stack: 2, bytes: 20 };
    objects
        .new_function(NewFunction {
            code: objects.new_code(code).unwrap(),
            globals: objects.new_ref(globals),
            builtins: None,
            module: None,
            defaults: None,
            keyword_defaults: None,
            doc: None,
            name: objects.new_ref(name),
            closure: None,
            qualname: name,
        })
        .unwrap()
}

/// What is made next runs this first: it makes a collection due, and that finds an object whose finalizer does it.
pub(crate) fn at_next_collection(objects: &Objects<World>, what: impl Fn(&Objects<World>) + Send + Sync + 'static) {
    let del = objects.new_native(None, move |objects: &Objects<World>, _: &[Obj]| {
        what(objects);
        Ok(objects.new_ref(objects.none()))
    });
    let lost = class(objects, "Lost", &[], None, &[("__del__", del.unwrap())]);
    let ring = objects.new_instance(lost).unwrap();
    set(objects, ring, "itself", ring);
    objects.decref(lost);
    objects.clear_free_lists();
    objects.set_threshold(0, 1);
}
