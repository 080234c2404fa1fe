//! `sys.getsizeof`, beside what CPython 3.11.7 says; and what the heap was asked for.

use kit::graph::Obj;
use rstest::rstest;
use runtime::objects::Objects;
use runtime::objects::class::NewClass;

#[path = "types/support.rs"]
mod support;

use support::{Numbers, World, objects};

fn class(objects: &Objects<World>, bases: &[Obj], slots: Option<&[&str]>) -> Obj {
    let (name, namespace) = (objects.new_name("C").unwrap(), objects.new_dict().unwrap());
    let slots: Option<Vec<Obj>> = slots.map(|names| names.iter().map(|name| objects.new_name(name).unwrap()).collect());
    objects.new_class(NewClass { name, bases, namespace, slots: slots.as_deref() }).unwrap()
}

fn set(objects: &Objects<World>, o: Obj, name: &str, value: i64) {
    let name = objects.new_name(name).unwrap();
    objects.set_attribute(o, name, objects.new_int(value).unwrap()).unwrap();
    objects.decref(name);
}

#[rstest]
#[case("", 49)]
#[case("a", 50)]
#[case("abc", 52)]
#[case("é", 74)]
#[case("éa", 75)]
#[case("aé€", 80)]
#[case("a😀", 84)]
fn strings(#[case] text: &str, #[case] size: u64) {
    let objects = objects();
    let o = objects.new_str(text).unwrap();
    assert_eq!(objects.getsizeof(o), size);
    assert!(objects.str_is(o, text) && objects.str_text(o) == text);
    let again = objects.new_str(text).unwrap();
    assert_eq!(objects.equal(o, again), Ok(true));
    assert_eq!(o == again, text.chars().count() < 2 && text != "€");
}

#[rstest]
#[case(0, 28)]
#[case(1, 28)]
#[case((1 << 30) - 1, 28)]
#[case(1 << 30, 32)]
#[case(-(1 << 60), 36)]
fn integers(#[case] value: i64, #[case] size: u64) {
    let objects = objects();
    assert_eq!(objects.getsizeof(objects.new_int(value).unwrap()), size);
}

#[test]
fn atoms_and_empty_containers() {
    let objects = objects();
    let empty = objects.new_tuple(&[]).unwrap();
    let sizes: Vec<u64> = [
        objects.none(),
        objects.bool(true),
        objects.bool(false),
        objects.type_of(objects.none()),
        objects.new_float(1.5).unwrap(),
        objects.new_bytes(b"").unwrap(),
        objects.new_bytes(b"abc").unwrap(),
        empty,
        objects.new_tuple(&[empty]).unwrap(),
        objects.new_list().unwrap(),
        objects.new_dict().unwrap(),
        objects.new_set().unwrap(),
        objects.new_frozenset().unwrap(),
        objects.new_cell(None).unwrap(),
    ]
    .map(|o| objects.getsizeof(o))
    .to_vec();
    assert_eq!(sizes, [16, 28, 28, 424, 24, 33, 36, 40, 48, 56, 64, 216, 216, 40]);
}

/// When a dict of integers, a dict of strings and a set grow, and to what.
#[test]
fn growth() {
    let objects = objects();
    let grown = |put: &dyn Fn(u64), size: &dyn Fn() -> u64| {
        let mut told = vec![(0, size())];
        for n in 1..=200 {
            put(n);
            if told.last().is_some_and(|last| last.1 != size()) {
                told.push((n, size()));
            }
        }
        told
    };
    let none = || objects.new_ref(objects.none());
    let dict = objects.new_dict().unwrap();
    let put = |n: u64| objects.dict_set(dict, objects.new_int(n as i64).unwrap(), none()).unwrap();
    let numbers = [(0, 64), (1, 224), (6, 352), (11, 632), (22, 1168), (43, 2264), (86, 4688), (171, 9304)];
    assert_eq!(grown(&put, &|| objects.getsizeof(dict)), numbers);
    for n in 1..200 {
        assert_eq!(objects.dict_del(dict, objects.new_int(n).unwrap()), Ok(true));
    }
    assert_eq!(objects.getsizeof(dict), 9304, "deleting never makes it smaller");
    objects.dict_clear(dict);
    assert_eq!(objects.getsizeof(dict), 64);
    let dict = objects.new_dict().unwrap();
    let put = |n: u64| objects.dict_set(dict, objects.new_str(&format!("k{n}")).unwrap(), none()).unwrap();
    let strings = [(0, 64), (1, 184), (6, 272), (11, 464), (22, 832), (43, 1584), (86, 3328), (171, 6576)];
    assert_eq!(grown(&put, &|| objects.getsizeof(dict)), strings);
    let keys = objects.new_set().unwrap();
    let put = |n: u64| assert_eq!(objects.set_add(keys, objects.new_int(n as i64).unwrap()), Ok(true));
    assert_eq!(grown(&put, &|| objects.getsizeof(keys)), [(0, 216), (5, 728), (19, 2264), (77, 8408)]);
}

#[test]
fn instances_and_their_classes() {
    let objects = objects();
    let (plain, slots) = (class(&objects, &[], None), class(&objects, &[], Some(&[])));
    let two = class(&objects, &[], Some(&["a", "b"]));
    let weak = class(&objects, &[], Some(&["a", "__weakref__"]));
    let both = class(&objects, &[two], None);
    let size = |class| objects.getsizeof(objects.new_instance(class).unwrap());
    assert_eq!([plain, slots, two, weak, both].map(size), [56, 32, 48, 48, 72]);
    assert_eq!([plain, slots, two, both].map(|class| objects.getsizeof(class)), [1688, 920, 920, 1688]);
}

/// A `__dict__` shares its keys with the class: what it counts are the values, and those are fewer for each instance
/// that was made.
#[test]
fn dicts_of_instances() {
    let objects = objects();
    let plain = class(&objects, &[], None);
    let sizes = [1, 2, 3].map(|_| {
        let o = objects.new_instance(plain).unwrap();
        set(&objects, o, "x", 1);
        objects.getsizeof(objects.instance_dict(o).unwrap())
    });
    assert_eq!(sizes, [296, 288, 280]);
}

/// An instance's attributes as they come and go, with its `__dict__` asked for at some point or never, beside a list of
/// pairs.
#[test]
fn attributes_keep_their_order() {
    let objects = objects();
    let mut numbers = Numbers(4);
    for round in 0..300 {
        let plain = class(&objects, &[], None);
        let instances: Vec<Obj> = (0..3).map(|_| objects.new_instance(plain).unwrap()).collect();
        let mut models: Vec<Vec<(u64, i64)>> = vec![Vec::new(); 3];
        for step in 0..120 {
            let (which, n) = (numbers.below(3) as usize, numbers.below([5, 20, 45][round % 3]));
            let (o, model) = (instances[which], &mut models[which]);
            let at = model.iter().position(|(name, _)| *name == n);
            let name = objects.new_name(&format!("a{n}")).unwrap();
            match numbers.below(20) {
                0..12 => {
                    objects.set_attribute(o, name, objects.new_int(step).unwrap()).unwrap();
                    match at {
                        Some(at) => model[at].1 = step,
                        None => model.push((n, step)),
                    }
                }
                12..19 => {
                    let deleted = objects.delete_attribute(o, name);
                    assert_eq!(deleted.is_ok(), at.is_some());
                    deleted.unwrap_or_else(|exception| objects.decref(exception));
                    at.map(|at| model.remove(at));
                }
                _ => assert_eq!(objects.validate_dict(objects.instance_dict(o).unwrap()), Ok(())),
            }
            objects.decref(name);
        }
        for (o, model) in instances.iter().zip(&models) {
            compare(&objects, *o, model);
            objects.decref(*o);
        }
        objects.decref(plain);
    }
    objects.collect(2);
    objects.clear_free_lists();
    assert_eq!(objects.validate(), Ok(()));
}

fn compare(objects: &Objects<World>, o: Obj, model: &[(u64, i64)]) {
    let dict = objects.instance_dict(o).unwrap();
    assert_eq!(objects.validate_dict(dict), Ok(()));
    let copy = objects.dict_copy(dict).unwrap();
    for dict in [dict, copy] {
        let mut position = 0;
        let all: Vec<(String, i64)> = std::iter::from_fn(|| objects.dict_next(dict, &mut position))
            .map(|(name, value)| (objects.str_text(name), objects.int_value(value).unwrap()))
            .collect();
        let told: Vec<(String, i64)> = model.iter().map(|(n, value)| (format!("a{n}"), *value)).collect();
        assert_eq!(all, told);
    }
    objects.decref(copy);
}
