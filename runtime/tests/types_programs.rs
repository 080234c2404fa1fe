//! Dicts and sets when a program's own code runs inside: finalizers, `__eq__`, `__hash__`.

use kit::graph::Obj;
use runtime::objects::Objects;
use runtime::objects::class::NewClass;
use runtime::objects::equal::Refused;
use runtime::objects::host::Outcome;
use runtime::objects::types::Type;
use std::sync::{Arc, Mutex};

#[path = "types/support.rs"]
mod support;

use support::{Numbers, World, objects};

type Log = Arc<Mutex<Vec<String>>>;
type Body = fn(&Objects<World>, &[Obj]) -> Outcome;

/// A class with this body; values are stolen.
fn class(objects: &Objects<World>, body: &[(&str, Obj)]) -> Obj {
    let namespace = objects.new_dict().unwrap();
    for (name, value) in body {
        objects.dict_set(namespace, objects.new_name(name).unwrap(), *value).unwrap();
    }
    let name = objects.new_name("C").unwrap();
    let class = objects.new_class(NewClass { name, bases: &[], namespace, slots: None }).unwrap();
    objects.decref(name);
    objects.decref(namespace);
    class
}

fn native(objects: &Objects<World>, body: Body) -> Obj {
    objects.new_native(None, body).unwrap()
}

fn set(objects: &Objects<World>, o: Obj, name: &str, value: Obj) {
    let name = objects.new_name(name).unwrap();
    objects.set_attribute(o, name, value).unwrap();
    objects.decref(name);
}

/// `o.name`. Borrowed.
fn get(objects: &Objects<World>, o: Obj, name: &str) -> Obj {
    let name = objects.new_name(name).unwrap();
    let found = objects.own_attribute(o, name).unwrap();
    objects.decref(name);
    found
}

/// Makes instances that write their name, and how many keys `watched` has, into the log when they die.
fn noisy(objects: &Objects<World>, log: &Log, watched: Obj) -> impl Fn(&str) -> Obj {
    let log = log.clone();
    let del = objects.new_native(None, move |objects: &Objects<World>, arguments: &[Obj]| {
        let name = objects.str_text(get(objects, arguments[0], "name"));
        log.lock().unwrap().push(format!("{name} {}", objects.dict_len(watched)));
        Ok(objects.new_ref(objects.none()))
    });
    let class = class(objects, &[("__del__", del.unwrap())]);
    move |name| {
        let o = objects.new_instance(class).unwrap();
        set(objects, o, "name", objects.new_str(name).unwrap());
        o
    }
}

fn told(log: &Log) -> String {
    std::mem::take(&mut *log.lock().unwrap()).join(", ")
}

#[test]
fn a_dict_drops_key_and_value_in_the_order_in_which_they_came() {
    let objects = objects();
    let (log, watched) = (Log::default(), objects.new_dict().unwrap());
    let make = noisy(&objects, &log, watched);
    let fill = |dict| {
        for (key, value) in [("k0", "v0"), ("k1", "v1"), ("k2", "v2")] {
            objects.dict_set(dict, make(key), make(value)).unwrap();
        }
    };
    fill(watched);
    objects.dict_clear(watched);
    assert_eq!(told(&log), "k0 0, v0 0, k1 0, v1 0, k2 0, v2 0", "it is empty before the first one dies");
    let dict = objects.new_dict().unwrap();
    fill(dict);
    objects.decref(dict);
    assert_eq!(told(&log), "k0 0, v0 0, k1 0, v1 0, k2 0, v2 0");
    let dict = objects.new_dict().unwrap();
    fill(dict);
    let itself = objects.new_str("itself").unwrap();
    objects.dict_set(dict, itself, dict).unwrap();
    assert_eq!(objects.collect(2), 7, "a dict and six instances");
    assert_eq!(told(&log), "k0 0, v0 0, k1 0, v1 0, k2 0, v2 0");
}

#[test]
fn what_is_replaced_dies_when_the_new_value_is_there() {
    let objects = objects();
    let (log, dict) = (Log::default(), objects.new_dict().unwrap());
    let make = noisy(&objects, &log, dict);
    let key = objects.new_str("key").unwrap();
    let put = |value| objects.dict_set(dict, objects.new_ref(key), value).unwrap();
    put(make("old"));
    put(make("new"));
    assert_eq!(told(&log), "old 1");
    assert_eq!(objects.dict_del(dict, key), Ok(true));
    assert_eq!(told(&log), "new 0");
}

#[test]
fn a_set_is_empty_before_the_first_key_dies() {
    let objects = objects();
    let (log, watched, keys) = (Log::default(), objects.new_dict().unwrap(), objects.new_set().unwrap());
    let make = noisy(&objects, &log, watched);
    for count in [3, 300] {
        (0..count).for_each(|n| assert_eq!(objects.set_add(keys, make(&format!("k{n}"))), Ok(true)));
        let order: Vec<String> = {
            let mut position = 0;
            let all = std::iter::from_fn(|| objects.set_next(keys, &mut position));
            all.map(|o| objects.str_text(get(&objects, o, "name")) + " 0").collect()
        };
        objects.set_clear(keys);
        assert_eq!(told(&log), order.join(", "), "in the order of the table");
        assert_eq!((objects.set_len(keys), objects.getsizeof(keys)), (0, 216));
    }
}

/// Instances that are equal when their keys are.
fn keyed(objects: &Objects<World>) -> Obj {
    let eq: Body = |objects, arguments| {
        if objects.type_of(arguments[0]) != objects.type_of(arguments[1]) {
            return Ok(objects.new_ref(objects.not_implemented()));
        }
        let keys = [arguments[0], arguments[1]].map(|o| get(objects, o, "key"));
        let equal = objects.equal(keys[0], keys[1]).map_err(|refused| objects.refused(refused))?;
        Ok(objects.new_ref(objects.bool(equal)))
    };
    let hash: Body = |objects, arguments| {
        let hash = objects.hash(get(objects, arguments[0], "key")).map_err(|refused| objects.refused(refused))?;
        objects.new_int(hash).ok_or_else(|| objects.memory_error())
    };
    class(objects, &[("__eq__", native(objects, eq)), ("__hash__", native(objects, hash))])
}

fn with_key(objects: &Objects<World>, class: Obj, key: Obj) -> Obj {
    let o = objects.new_instance(class).unwrap();
    set(objects, o, "key", key);
    o
}

#[test]
fn a_program_says_what_is_equal() {
    let objects = objects();
    let class = keyed(&objects);
    let make = |n| with_key(&objects, class, objects.new_int(n).unwrap());
    let dict = objects.new_dict().unwrap();
    let mut numbers = Numbers(5);
    let mut model = std::collections::BTreeMap::new();
    for step in 0..500 {
        let n = numbers.below(60) as i64 + 1000;
        if numbers.below(3) == 0 {
            let key = make(n);
            assert_eq!(objects.dict_del(dict, key), Ok(model.remove(&n).is_some()));
            objects.decref(key);
        } else {
            objects.dict_set(dict, make(n), objects.new_int(step).unwrap()).unwrap();
            model.insert(n, step);
        }
        let key = make(n);
        let found = objects.dict_get(dict, key).map(|value| objects.int_value(value).unwrap());
        assert_eq!(found, model.get(&n).copied());
        objects.decref(key);
    }
    assert_eq!(objects.dict_len(dict), model.len() as u64);
    assert_eq!(objects.validate_dict(dict), Ok(()));
    let (one, other) = (make(5000), objects.new_int(5000).unwrap());
    assert_eq!(objects.hash(one), objects.hash(other));
    assert_eq!(objects.equal(one, other), Ok(false), "both say NotImplemented, or have no opinion");
}

#[test]
fn who_says_what_is_equal_says_the_hash_or_has_none() {
    let objects = objects();
    let eq: Body = |objects, _| Ok(objects.new_ref(objects.bool(true)));
    let only = class(&objects, &[("__eq__", native(&objects, eq))]);
    let o = objects.new_instance(only).unwrap();
    assert_eq!(objects.hash(o), Err(Refused::Unhashable));
    assert_eq!(objects.equal(o, objects.none()), Ok(true));
    let plain = class(&objects, &[]);
    let (one, two) = (objects.new_instance(plain).unwrap(), objects.new_instance(plain).unwrap());
    assert!(objects.hash(one).is_ok() && objects.equal(one, two) == Ok(false));
}

/// What a comparison raises comes out of the dict, which is what it was.
#[test]
fn a_comparison_raises() {
    let objects = objects();
    let hash: Body = |objects, _| Ok(objects.new_int(7).unwrap());
    let eq: Body = |objects, _| Err(objects.raised(Type::RuntimeError, "not comparable"));
    let class = class(&objects, &[("__hash__", native(&objects, hash)), ("__eq__", native(&objects, eq))]);
    let (dict, keys) = (objects.new_dict().unwrap(), objects.new_set().unwrap());
    let none = || objects.new_ref(objects.none());
    let first = objects.new_instance(class).unwrap();
    objects.dict_set(dict, objects.new_ref(first), none()).unwrap();
    objects.set_add(keys, first).unwrap();
    let other = objects.new_instance(class).unwrap();
    let is_raised = |outcome: Result<(), Refused>| {
        let Err(Refused::Raised(exception)) = outcome else { return false };
        let right = objects.is_raised(exception, Type::RuntimeError);
        objects.decref(exception);
        right
    };
    assert!(is_raised(objects.dict_set(dict, objects.new_ref(other), none())));
    assert!(is_raised(objects.set_add(keys, objects.new_ref(other)).map(drop)));
    let nest = |o| objects.new_tuple(&[objects.new_tuple(&[o]).unwrap()]).unwrap();
    let (one, two) = (nest(objects.new_ref(other)), nest(objects.new_instance(class).unwrap()));
    assert!(is_raised(objects.equal(one, two).map(drop)));
    assert_eq!((objects.dict_get(dict, other), objects.dict_len(dict), objects.set_len(keys)), (None, 1, 1));
    assert_eq!(objects.refs(other), 2, "one is ours, one is the tuple's");
}

/// `__eq__` empties the dict, fills it, or fills the set that is searched: nothing is lost, and nothing is read that is
/// gone.
#[test]
fn a_comparison_changes_what_is_searched() {
    let objects = objects();
    let (dict, keys) = (objects.new_dict().unwrap(), objects.new_set().unwrap());
    let rounds = Mutex::new(Numbers(9));
    let eq = objects.new_native(None, move |objects: &Objects<World>, _: &[Obj]| {
        let (what, n) = {
            let mut numbers = rounds.lock().unwrap();
            (numbers.below(6), numbers.below(200) as i64 + 1000)
        };
        match what {
            0 => objects.dict_clear(dict),
            1 => objects.set_clear(keys),
            2 => objects.dict_set(dict, objects.new_int(n).unwrap(), objects.new_int(n).unwrap()).unwrap(),
            3 => drop(objects.set_add(keys, objects.new_int(n).unwrap()).unwrap()),
            _ => {}
        }
        Ok(objects.new_ref(objects.bool(what == 5)))
    });
    let hash: Body = |objects, _| Ok(objects.new_int(7).unwrap());
    let class = class(&objects, &[("__hash__", native(&objects, hash)), ("__eq__", eq.unwrap())]);
    for _ in 0..3000 {
        objects.dict_set(dict, objects.new_instance(class).unwrap(), objects.new_int(1).unwrap()).unwrap();
        objects.set_add(keys, objects.new_instance(class).unwrap()).unwrap();
        assert_eq!(objects.validate_dict(dict), Ok(()));
        let copy = objects.set_copy(keys, true).unwrap();
        objects.equal(keys, copy).unwrap();
        objects.decref(copy);
    }
    [dict, keys].into_iter().for_each(|o| objects.decref(o));
    objects.collect(2);
    assert_eq!(objects.validate(), Ok(()));
}
