//! The module `gc`: callbacks, garbage, what can be asked; and the end of a runtime.

mod program;

use kit::graph::Obj;
use program::*;
use runtime::objects::Objects;
use runtime::objects::types::Type;
use std::sync::Arc;

#[test]
fn callbacks_hear_of_each_collection_even_when_one_raises() {
    let (objects, log) = (objects(), Log::default());
    let told = log.clone();
    objects.host().set_reporter(Arc::new(move |_: &Objects<World>, lost| told.lock().unwrap().push(lost.what.clone())));
    let raise = |objects: &Objects<World>, _: &[Obj]| Err(objects.raised(Type::ValueError, "no"));
    let told = log.clone();
    let tell = move |objects: &Objects<World>, arguments: &[Obj]| {
        let key = objects.new_str("collected").unwrap();
        let found = objects.int_value(objects.dict_get(arguments[1], key).unwrap()).unwrap();
        objects.decref(key);
        told.lock().unwrap().push(format!("{} {found}", objects.str_text(arguments[0])));
        Ok(objects.new_ref(objects.none()))
    };
    let list = objects.callbacks().unwrap();
    objects.list_append(list, objects.new_native(None, raise).unwrap()).unwrap();
    objects.list_append(list, objects.new_native(None, tell).unwrap()).unwrap();
    let ring = objects.new_list().unwrap();
    objects.list_append(ring, ring).unwrap();
    assert_eq!(objects.collect(2), 1);
    assert_eq!(said(&log), "ValueError start 0 ValueError stop 1");
}

/// `gc.callbacks` and `gc.garbage` were always there: nothing is counted, nothing is in generation 0.
#[test]
fn the_lists_of_the_collector_are_old() {
    let objects = objects();
    objects.garbage().unwrap();
    objects.callbacks().unwrap();
    assert_eq!((objects.get_count(), objects.generation(0).len(), objects.generation(2).len()), ([0; 3], 0, 2));
}

/// As CPython 3.11.7: `gc.collect(); class C: pass; gc.get_objects(0)`.
#[test]
fn a_class_leaves_these_in_the_youngest_generation() {
    let objects = objects();
    objects.decref(class(&objects, "Before", &[], None, &[]));
    objects.collect(2);
    let c = class(&objects, "C", &[], None, &[]);
    let all = objects.generation(0);
    assert_eq!(types(&objects, &all), "tuple type tuple getset_descriptor dict getset_descriptor ReferenceType");
    assert_eq!(types(&objects, &items(&objects, objects.get_objects(Some(0)))), types(&objects, &all));
    assert_eq!(types(&objects, &items(&objects, objects.get_referents(&[c]))), "dict tuple tuple type");
    objects.collect(2);
    let s = class(&objects, "S", &[], Some(&["b", "a"]), &[]);
    let all = objects.generation(0);
    assert_eq!(types(&objects, &all), "tuple tuple type tuple member_descriptor dict member_descriptor ReferenceType");
    assert_eq!((objects.getsizeof(c), objects.getsizeof(s)), (1688, 920));
}

#[test]
fn referents_and_referrers() {
    let objects = objects();
    let c = class(&objects, "C", &[], None, &[]);
    let (o, list) = (objects.new_instance(c).unwrap(), objects.new_list().unwrap());
    set(&objects, o, "a", objects.new_ref(list));
    assert_eq!(items(&objects, objects.get_referents(&[o])), [list, c]);
    assert_eq!(items(&objects, objects.get_referrers(&[list])), [o]);
    assert_eq!(objects.getsizeof(o), 56);
}

#[test]
fn what_is_frozen_is_not_examined() {
    let objects = objects();
    let ring = objects.new_list().unwrap();
    objects.list_append(ring, ring).unwrap();
    objects.freeze();
    assert_eq!((objects.collect(2), objects.get_freeze_count(), objects.get_count()), (0, 1, [0; 3]));
    objects.unfreeze();
    assert_eq!((objects.collect(2), objects.get_freeze_count()), (1, 0));
}

/// The order of CPython: callbacks, lost rings, globals in the order in which they were made, with all names still there.
#[test]
fn the_end_leaves_nothing_behind() {
    let (objects, log) = (objects(), Log::default());
    let name = objects.new_name("__main__").unwrap();
    let module = objects.new_module(name).unwrap();
    assert_eq!((objects.getsizeof(module), objects.dict_len(objects.module_dict(module).unwrap())), (72, 5));
    let globals = objects.module_dict(module).unwrap();
    let noisy = noisy(&objects, &log);
    // A function in the module makes it a ring.
    let f = function(&objects, 0, 0, globals);
    let put = |name: &str, value| objects.dict_set(globals, objects.new_name(name).unwrap(), value).unwrap();
    put("f", f);
    put("Noisy", noisy);
    put("b", named(&objects, noisy, "b"));
    put("a", named(&objects, noisy, "a"));
    let lost = named(&objects, noisy, "lost");
    set(&objects, lost, "me", lost);
    for text in ["one", "two"] {
        let told = log.clone();
        let native = move |objects: &Objects<World>, _: &[Obj]| {
            told.lock().unwrap().push(text.into());
            Ok(objects.new_ref(objects.none()))
        };
        objects.at_exit(objects.new_native(None, native).unwrap()).unwrap();
    }
    objects.add_module(name, module).unwrap();
    objects.decref(name);
    objects.shut_down();
    assert_eq!(said(&log), "two one lost b a");
    assert_eq!(objects.heap().allocated_blocks(), 0);
}

/// A list, exceptions, modules and weak references can be extended by a class.
#[test]
fn a_class_extends_a_list() {
    let (objects, log) = (objects(), Log::default());
    let noisy = noisy(&objects, &log);
    let l = class(&objects, "L", &[objects.ty(Type::List)], None, &[]);
    let o = objects.new_instance(l).unwrap();
    objects.list_append(o, named(&objects, noisy, "first")).unwrap();
    objects.list_append(o, named(&objects, noisy, "last")).unwrap();
    set(&objects, o, "x", objects.new_list().unwrap());
    let referents = items(&objects, objects.get_referents(&[o]));
    assert_eq!(types(&objects, &referents), "dict type Noisy Noisy");
    set(&objects, o, "me", objects.new_ref(o));
    objects.decref(o);
    assert_eq!((said(&log).as_str(), objects.collect(2)), ("", 5), "list, dict, x, and two instances");
    assert_eq!(said(&log), "first last");
    let o = objects.new_instance(l).unwrap();
    objects.list_append(o, named(&objects, noisy, "first")).unwrap();
    objects.list_append(o, named(&objects, noisy, "last")).unwrap();
    objects.decref(o);
    assert_eq!(said(&log), "last first");
}
