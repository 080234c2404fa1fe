//! Classes, instances, natives, `__del__`: who dies when, what is found in a dead ring, what memory is left.

mod program;

use kit::graph::Obj;
use program::*;
use runtime::gc::debug;
use runtime::objects::Objects;
use runtime::objects::class::NewClass;
use runtime::objects::types::Type;
use std::sync::Arc;

/// `class C: pass; del C; gc.collect()` gives 6 on CPython 3.11.7, and with DEBUG_SAVEALL these, in this order.
#[test]
fn a_dead_class_is_a_ring_of_six() {
    let objects = objects();
    let c = class(&objects, "C", &[], None, &[]);
    objects.decref(c);
    assert_eq!(objects.collect(2), 6);
    assert_eq!(objects.collect(2), 0);
    let c = class(&objects, "C", &[], None, &[]);
    objects.decref(c);
    objects.set_debug(debug::SAVEALL);
    assert_eq!(objects.collect(2), 6);
    let list = objects.garbage().unwrap();
    let saved: Vec<Obj> = (0..objects.list_len(list)).map(|at| objects.list_get(list, at)).collect();
    assert_eq!(types(&objects, &saved), "tuple type tuple getset_descriptor dict getset_descriptor");
    assert_eq!(saved.iter().map(|o| objects.getsizeof(*o)).collect::<Vec<_>>(), [48, 1688, 56, 64, 184, 64]);
}

#[test]
fn instances_die_at_once_and_drop_their_attributes_in_order() {
    let (objects, log) = (objects(), Log::default());
    let noisy = noisy(&objects, &log);
    let c = class(&objects, "C", &[], None, &[]);
    let o = objects.new_instance(c).unwrap();
    for name in ["x", "y", "z"] {
        set(&objects, o, name, named(&objects, noisy, name));
    }
    assert!(objects.has_inline_values(o));
    objects.decref(o);
    assert_eq!(said(&log), "x y z");
    let o = objects.new_instance(c).unwrap();
    for name in ["z", "y", "x"] {
        set(&objects, o, name, named(&objects, noisy, name));
    }
    objects.instance_dict(o).unwrap();
    assert!(!objects.has_inline_values(o));
    objects.decref(o);
    // As CPython 3.11: the class knows x first.
    assert_eq!(said(&log), "x y z");
}

#[test]
fn slots_die_in_the_order_of_their_names_the_class_before_its_base() {
    let (objects, log) = (objects(), Log::default());
    let noisy = noisy(&objects, &log);
    let a = class(&objects, "A", &[], Some(&["z", "a"]), &[]);
    let b = class(&objects, "B", &[a], Some(&["m"]), &[]);
    let o = objects.new_instance(b).unwrap();
    for name in ["z", "a", "m"] {
        set(&objects, o, name, named(&objects, noisy, name));
    }
    let name = objects.new_name("no").unwrap();
    assert!(objects.set_attribute(o, name, objects.new_ref(objects.none())).is_err());
    objects.decref(o);
    assert_eq!(said(&log), "m a z");
}

/// An instance that refers to itself is 1; with its `__dict__` it is 2.
#[test]
fn rings_of_instances() {
    let objects = objects();
    let c = class(&objects, "C", &[], None, &[]);
    for (dict, found) in [(false, 1), (true, 2)] {
        let o = objects.new_instance(c).unwrap();
        set(&objects, o, "me", objects.new_ref(o));
        if dict {
            objects.instance_dict(o).unwrap();
        }
        objects.decref(o);
        assert_eq!(objects.collect(2), found, "with a dict: {dict}");
    }
}

#[test]
fn what_a_finalizer_stores_lives_on_and_is_not_finalized_again() {
    let (objects, log) = (objects(), Log::default());
    let kept = objects.new_list().unwrap();
    let (told, list) = (log.clone(), kept);
    let del = objects.new_native(None, move |objects: &Objects<World>, arguments: &[Obj]| {
        told.lock().unwrap().push("saved".into());
        objects.list_append(list, objects.new_ref(arguments[0])).unwrap();
        Ok(objects.new_ref(objects.none()))
    });
    let c = class(&objects, "Phoenix", &[], None, &[("__del__", del.unwrap())]);
    let o = objects.new_instance(c).unwrap();
    objects.decref(o);
    assert_eq!((said(&log).as_str(), objects.list_len(kept)), ("saved", 1));
    objects.list_clear(kept);
    assert_eq!(said(&log), "");
    let o = objects.new_instance(c).unwrap();
    set(&objects, o, "me", objects.new_ref(o));
    objects.decref(o);
    assert_eq!(objects.collect(2), 0, "its finalizer brought it back");
    assert_eq!((said(&log).as_str(), objects.list_len(kept)), ("saved", 1));
    objects.list_clear(kept);
    assert_eq!(objects.collect(2), 1);
    assert_eq!(said(&log), "");
}

#[test]
fn an_exception_or_a_panic_in_a_finalizer_is_reported_and_all_is_well() {
    let (objects, lost) = (objects(), Log::default());
    let told = lost.clone();
    objects.host().set_reporter(Arc::new(move |_: &Objects<World>, lost| told.lock().unwrap().push(lost.what.clone())));
    let raise =
        objects.new_native(None, |objects: &Objects<World>, _: &[Obj]| Err(objects.raised(Type::ValueError, "no")));
    let panic = objects.new_native(None, |_: &Objects<World>, _: &[Obj]| panic!("in a finalizer"));
    for del in [raise, panic] {
        let c = class(&objects, "C", &[], None, &[("__del__", del.unwrap())]);
        let o = objects.new_instance(c).unwrap();
        objects.decref(o);
        objects.decref(c);
    }
    assert_eq!(said(&lost), "ValueError SystemError");
    objects.collect(2);
}

/// A `__del__` that comes to a class later is found by instances of its subclasses.
#[test]
fn del_comes_later() {
    let (objects, log) = (objects(), Log::default());
    let a = class(&objects, "A", &[], None, &[]);
    let b = class(&objects, "B", &[a], None, &[]);
    let o = objects.new_instance(b).unwrap();
    let told = log.clone();
    let del = objects.new_native(None, move |objects: &Objects<World>, _: &[Obj]| {
        told.lock().unwrap().push("del".into());
        Ok(objects.new_ref(objects.none()))
    });
    set(&objects, a, "__del__", del.unwrap());
    objects.decref(o);
    assert_eq!(said(&log), "del");
    assert_eq!(objects.subclasses(a), [b]);
    objects.decref(b);
    objects.collect(2);
    assert_eq!(objects.subclasses(a), []);
}

/// A method is a new object at each access, and holds its instance.
#[test]
fn methods_and_properties() {
    let objects = objects();
    let function =
        objects.new_native(None, |objects: &Objects<World>, arguments: &[Obj]| Ok(objects.new_ref(arguments[0])));
    let c = class(&objects, "C", &[], None, &[("f", function.unwrap())]);
    let o = objects.new_instance(c).unwrap();
    let name = objects.new_name("f").unwrap();
    let (one, two) = (objects.get_attribute(o, name).unwrap(), objects.get_attribute(o, name).unwrap());
    assert!(one != two && objects.refs(o) == 3);
    let same = objects.call(one, &[]).unwrap();
    assert_eq!(same, o);
    [same, one, two].into_iter().for_each(|o| objects.decref(o));
    assert_eq!(objects.refs(o), 1);
}

#[test]
fn mro_of_a_diamond() {
    let objects = objects();
    let a = class(&objects, "A", &[], None, &[]);
    let b = class(&objects, "B", &[a], None, &[]);
    let c = class(&objects, "C", &[a], None, &[]);
    let d = class(&objects, "D", &[b, c], None, &[]);
    assert_eq!(objects.mro(d), [d, b, c, a, objects.ty(Type::Object)]);
    let name = objects.new_name("E").unwrap();
    let namespace = objects.new_dict().unwrap();
    assert!(objects.new_class(NewClass { name, bases: &[a, d], namespace, slots: None }).is_err());
}

/// Sizes and the order of referents are those of CPython 3.11.7: `class E(Exception)`, `class C(list, A)`.
#[test]
fn classes_extend_types_of_the_runtime() {
    let objects = objects();
    let e = class(&objects, "E", &[objects.ty(Type::Exception)], None, &[]);
    let o = objects.call(e, &[objects.none()]).unwrap();
    set(&objects, o, "x", objects.new_list().unwrap());
    let referents = items(&objects, objects.get_referents(&[o]));
    assert_eq!(types(&objects, &referents), "type dict tuple");
    assert_eq!((objects.getsizeof(e), objects.getsizeof(o)), (920, 96));
    assert!(objects.is_raised(o, Type::Exception) && objects.supports_weakrefs(o));
    let a = class(&objects, "A", &[], None, &[]);
    for bases in [[objects.ty(Type::List), a], [a, objects.ty(Type::List)]] {
        let c = class(&objects, "C", &bases, None, &[]);
        let o = objects.new_instance(c).unwrap();
        objects.list_append(o, objects.new_ref(o)).unwrap();
        assert_eq!((objects.getsizeof(c), objects.getsizeof(o)), (1688, 112));
        objects.decref(o);
        assert_eq!(objects.collect(2), 1);
    }
    let name = objects.new_name("I").unwrap();
    let namespace = objects.new_dict().unwrap();
    let new = NewClass { name, bases: &[objects.ty(Type::Int)], namespace, slots: None };
    assert!(objects.new_class(new).is_err(), "an int's digits lie in place");
    let new = NewClass { bases: &[objects.ty(Type::List), objects.ty(Type::Exception)], ..new };
    assert!(objects.new_class(new).is_err(), "two layouts");
}

/// Nine objects are counted when a class is made after a full collection; `gc.get_count()` of CPython 3.11.7 says ten,
/// one of which is its own answer.
#[test]
fn what_a_class_counts() {
    let objects = objects();
    class(&objects, "Before", &[], None, &[]);
    objects.collect(2);
    class(&objects, "C", &[], None, &[]);
    assert_eq!(objects.get_count()[0], 9);
}

/// `class D(dict)`, `class S(set)`: sizes, referents and the order of death are those of CPython 3.11.7.
#[test]
fn classes_extend_dicts_and_sets() {
    let (objects, log) = (objects(), Log::default());
    let noisy = noisy(&objects, &log);
    let d = class(&objects, "D", &[objects.ty(Type::Dict)], None, &[]);
    let o = objects.new_instance(d).unwrap();
    assert_eq!((objects.getsizeof(o), objects.is_tracked(o)), (88, true));
    let key = |text| objects.new_name(text).unwrap();
    objects.dict_set(o, key("k"), named(&objects, noisy, "value")).unwrap();
    assert_eq!(objects.getsizeof(o), 208);
    set(&objects, o, "attr", named(&objects, noisy, "attr"));
    objects.dict_set(o, objects.new_int(5).unwrap(), named(&objects, noisy, "five")).unwrap();
    let referents = items(&objects, objects.get_referents(&[o]));
    assert_eq!(types(&objects, &referents[..2]), "dict type");
    objects.decref(o);
    assert_eq!(said(&log), "attr value five");
    let o = objects.new_instance(d).unwrap();
    objects.dict_set(o, key("me"), objects.new_ref(o)).unwrap();
    objects.dict_set(o, key("k"), named(&objects, noisy, "v")).unwrap();
    objects.decref(o);
    assert_eq!((objects.collect(2), said(&log).as_str()), (2, "v"));
    let s = class(&objects, "S", &[objects.ty(Type::Set)], None, &[]);
    let o = objects.new_instance(s).unwrap();
    assert_eq!((objects.getsizeof(s), objects.getsizeof(o)), (1688, 232));
    assert!((0..5).all(|n| objects.set_add(o, objects.new_int(n).unwrap()).unwrap()));
    assert_eq!(objects.getsizeof(o), 744);
    objects.set_add(o, named(&objects, noisy, "in set")).unwrap();
    set(&objects, o, "attr", named(&objects, noisy, "attr"));
    objects.decref(o);
    assert_eq!(said(&log), "attr in set");
}

/// A ladder of diamonds: from its foot two to the power of fifty ways lead up.
#[test]
fn del_comes_later_to_a_ladder_of_diamonds() {
    let objects = objects();
    let root = class(&objects, "Root", &[], None, &[]);
    let mut last = root;
    for _ in 0..50 {
        let sides = ["A", "B"].map(|name| class(&objects, name, &[last], None, &[]));
        last = class(&objects, "Both", &sides, None, &[]);
    }
    let del = objects.new_native(None, |o: &Objects<World>, _: &[Obj]| Ok(o.new_ref(o.none()))).unwrap();
    set(&objects, root, "__del__", del);
    let o = objects.new_instance(last).unwrap();
    assert!(objects.has_finalizer(o));
}

/// The callback of a weak reference may be a weak reference, and so on; a method may be bound to a method.
#[test]
fn chains_of_callbacks_and_of_methods_need_no_stack() {
    let objects = objects();
    objects.set_enabled(false);
    let c = class(&objects, "C", &[], None, &[]);
    let o = objects.new_instance(c).unwrap();
    let (mut r, mut method) = (objects.new_ref(objects.none()), objects.new_ref(c));
    for _ in 0..200_000 {
        r = objects.new_weakref(o, Some(r)).unwrap();
        method = objects.new_method(method, objects.new_ref(o)).unwrap();
    }
    objects.hash(method).unwrap();
    objects.decref(r);
    objects.decref(method);
    assert_eq!((objects.weakref_count(o), objects.refs(o)), (0, 1));
}

/// As CPython 3.11.7: `del o.__dict__`, and the next who asks gets a new one.
#[test]
fn a_dict_may_be_taken_away() {
    let objects = objects();
    let c = class(&objects, "C", &[], None, &[]);
    let o = objects.new_instance(c).unwrap();
    set(&objects, o, "x", objects.new_str("here").unwrap());
    let name = objects.new_name("__dict__").unwrap();
    assert_eq!(objects.delete_attribute(o, name), Ok(()));
    assert_eq!(text(&objects, o, "x"), None);
    set(&objects, o, "x", objects.new_str("again").unwrap());
    assert_eq!(text(&objects, o, "x").as_deref(), Some("again"));
}
