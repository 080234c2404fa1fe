//! Programs that run inside: a collection while something is made, `__eq__` while something is looked for, a finalizer
//! while something dies. What was known before such a call is not known after it.

mod program;

use kit::graph::Obj;
use program::*;
use runtime::objects::Objects;
use runtime::objects::exception::CONTEXT;
use runtime::weak::iteration::What;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

#[test]
fn a_collection_while_a_dict_is_made_may_ask_for_the_same_dict() {
    let objects = objects();
    let c = class(&objects, "C", &[], None, &[]);
    let o = objects.new_instance(c).unwrap();
    set(&objects, o, "x", objects.new_str("here").unwrap());
    let asked = Arc::new(Mutex::new(None));
    let answer = asked.clone();
    at_next_collection(&objects, move |objects| *answer.lock().unwrap() = objects.instance_dict(o));
    let dict = objects.instance_dict(o).unwrap();
    assert_eq!(*asked.lock().unwrap(), Some(dict));
    assert_eq!((objects.refs(dict), objects.dict_len(dict)), (1, 1));
    assert_eq!(text(&objects, o, "x").as_deref(), Some("here"));
    objects.decref(o);
}

/// Wherever a collection comes in between: it ends the only other subclass, and the dict of subclasses with it.
#[test]
fn a_class_is_made_while_its_sister_dies() {
    for later in 0..24 {
        let objects = objects();
        let base = class(&objects, "Base", &[], None, &[]);
        objects.decref(class(&objects, "Sister", &[base], None, &[]));
        objects.clear_free_lists();
        objects.set_threshold(0, objects.get_count()[0] + later);
        let made = class(&objects, "Made", &[base], None, &[]);
        objects.collect(2);
        assert_eq!(objects.subclasses(base), [made], "{later} objects later");
    }
}

/// `__eq__` adds a key to the set in the very place that the search has found free.
#[test]
fn a_free_place_of_a_set_may_be_taken_while_keys_are_compared() {
    let objects = objects();
    let set = objects.new_set().unwrap();
    let int = |value| objects.new_int(value).unwrap();
    (20..26).for_each(|value| assert_eq!(objects.set_add(set, int(value)), Ok(true)));
    let armed = Arc::new(AtomicBool::new(false));
    let fire = armed.clone();
    let eq = objects.new_native(None, move |objects: &Objects<World>, _: &[Obj]| {
        if fire.swap(false, Ordering::Relaxed) {
            assert_eq!(objects.set_add(set, objects.new_int(1).unwrap()), Ok(true));
        }
        Ok(objects.new_ref(objects.not_implemented()))
    });
    let hash = objects.new_native(None, |objects: &Objects<World>, _: &[Obj]| Ok(objects.new_int(1).unwrap()));
    let c = class(&objects, "C", &[], None, &[("__eq__", eq.unwrap()), ("__hash__", hash.unwrap())]);
    objects.set_add(set, int(1)).unwrap();
    let [first, second] = [(); 2].map(|()| objects.new_instance(c).unwrap());
    objects.set_add(set, objects.new_ref(first)).unwrap();
    assert_eq!(objects.set_discard(set, int(1)), Ok(true));
    armed.store(true, Ordering::Relaxed);
    objects.set_add(set, objects.new_ref(second)).unwrap();
    let all = [int(1), first, second].map(|key| objects.set_contains(set, key));
    assert_eq!((all, objects.set_len(set)), ([Ok(true); 3], 9));
}

/// As CPython 3.11.7: both lists are empty afterwards, and so they are equal.
#[test]
fn what_is_compared_may_be_gone_afterwards() {
    let objects = objects();
    let lists = [(); 2].map(|()| objects.new_list().unwrap());
    let eq = objects.new_native(None, move |objects: &Objects<World>, _: &[Obj]| {
        lists.into_iter().for_each(|list| objects.list_clear(list));
        Ok(objects.new_ref(objects.not_implemented()))
    });
    let c = class(&objects, "C", &[], None, &[("__eq__", eq.unwrap())]);
    lists.into_iter().for_each(|list| objects.list_append(list, objects.new_instance(c).unwrap()).unwrap());
    assert_eq!(objects.equal(lists[0], lists[1]), Ok(true));
}

/// In a dead ring the container is taken apart before who iterates over it.
#[test]
fn a_weak_container_dies_with_its_iterator() {
    let objects = objects();
    let c = class(&objects, "C", &[], None, &[]);
    let (o, container) = (objects.new_instance(c).unwrap(), objects.new_weak_set().unwrap());
    objects.weak_set_add(container, o).unwrap();
    let it = objects.weak_iter(container, What::Keys).unwrap();
    let given = objects.weak_next(it).unwrap();
    assert_eq!(given, Some(o));
    objects.decref(o);
    let ring = objects.new_list().unwrap();
    [ring, container, it].into_iter().for_each(|item| objects.list_append(ring, item).unwrap());
    assert!(objects.collect(2) > 0);
    assert_eq!(objects.refs(o), 1);
}

/// Who dies with a `MemoryError` may need one: not the one that is dying.
#[test]
fn a_memory_error_that_dies_is_not_given_again() {
    let objects = objects();
    let error = objects.memory_error();
    let kept = Arc::new(Mutex::new(None));
    let got = kept.clone();
    let del = objects.new_native(None, move |objects: &Objects<World>, _: &[Obj]| {
        *got.lock().unwrap() = Some(objects.memory_error());
        Ok(objects.new_ref(objects.none()))
    });
    let c = class(&objects, "C", &[], None, &[("__del__", del.unwrap())]);
    objects.exception_set(error, CONTEXT, Some(objects.new_instance(c).unwrap()));
    objects.decref(error);
    let kept = kept.lock().unwrap().unwrap();
    assert!(kept != error && objects.is_tracked(kept) && objects.refs(kept) == 1);
    let again = objects.memory_error();
    assert_eq!(again, error, "it has died, and is there again");
}

/// gh-97002: making a frame object may run a collection, and that a program that asks for the same.
#[test]
fn a_frame_has_one_object() {
    let objects = objects();
    let globals = objects.new_dict().unwrap();
    let f = function(&objects, 1, 3, globals);
    let frame = objects.push_frame(objects.new_ref(f), &[]).unwrap();
    let asked = Arc::new(Mutex::new(None));
    let answer = asked.clone();
    at_next_collection(&objects, move |objects| {
        *answer.lock().unwrap() = objects.frame_object(frame).map(|object| objects.new_ref(object));
    });
    let object = objects.frame_object(frame);
    assert_eq!(*asked.lock().unwrap(), object);
    objects.pop_frame(frame);
    assert!(objects.owns_frame(object.unwrap()));
}
