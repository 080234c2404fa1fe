//! Hash and `==`: a model beside it, deep nests, what has no hash.

use kit::graph::Obj;
use runtime::objects::Objects;
use runtime::objects::equal::Refused;
use std::collections::BTreeSet;

#[path = "types/support.rs"]
mod support;

use support::{Numbers, World, objects};

/// A value of Rust's own, to compare with.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Model {
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
    Tuple(Vec<Model>),
    Frozenset(BTreeSet<Model>),
}

fn draw(numbers: &mut Numbers, depth: u64) -> Model {
    match numbers.below(if depth == 0 { 3 } else { 6 }) {
        0 => Model::Int(numbers.below(3) as i64 + 1_000_000),
        1 => Model::Text(["", "a", "ab", "ä", "ж", "😀"][numbers.below(6) as usize].into()),
        2 => Model::Bytes(vec![b'x'; 1 + numbers.below(3) as usize]),
        3 => Model::Frozenset((0..numbers.below(4)).map(|_| draw(numbers, depth - 1)).collect()),
        _ => Model::Tuple((0..numbers.below(3)).map(|_| draw(numbers, depth - 1)).collect()),
    }
}

fn make(objects: &Objects<World>, model: &Model) -> Obj {
    match model {
        Model::Int(value) => objects.new_int(*value),
        Model::Text(text) => objects.new_str(text),
        Model::Bytes(bytes) => objects.new_bytes(bytes),
        Model::Tuple(items) => objects.new_tuple(&items.iter().map(|item| make(objects, item)).collect::<Vec<_>>()),
        Model::Frozenset(keys) => {
            let set = objects.new_frozenset().unwrap();
            keys.iter().for_each(|key| assert_eq!(objects.set_add(set, make(objects, key)), Ok(true)));
            Some(set)
        }
    }
    .unwrap()
}

#[test]
fn equal_as_the_model_is() {
    let objects = objects();
    let mut numbers = Numbers(1);
    let (mut equal, mut hashed) = (0, 0);
    for _ in 0..20_000 {
        let (a, b) = (draw(&mut numbers, 3), draw(&mut numbers, 3));
        let (one, two, again) = (make(&objects, &a), make(&objects, &b), make(&objects, &a));
        assert_eq!(objects.equal(one, two), Ok(a == b), "{a:?} {b:?}");
        assert_eq!(objects.equal(one, again), Ok(true), "{a:?}");
        assert_eq!(objects.hash(one), objects.hash(again), "{a:?}");
        equal += u32::from(a == b && one != two);
        hashed += u32::from(a != b && objects.hash(one) == objects.hash(two));
        [one, two, again].into_iter().for_each(|o| objects.decref(o));
    }
    assert!(equal > 300, "only {equal} were equal");
    assert_eq!(hashed, 0, "different values had the same hash");
    objects.clear_free_lists();
    assert_eq!(objects.heap().allocated_blocks(), 0);
}

/// Dicts and lists around what the model draws, with one value changed or not.
#[test]
fn dicts_and_lists_are_compared_item_by_item() {
    let objects = objects();
    let mut numbers = Numbers(2);
    for round in 0..2000 {
        let items: Vec<(Model, Model)> =
            (0..numbers.below(12)).map(|n| (Model::Int(n as i64), draw(&mut numbers, 2))).collect();
        let change = numbers.below(24) as usize;
        let dict = |changed: bool, backwards: bool| {
            let dict = objects.new_dict().unwrap();
            let mut order: Vec<usize> = (0..items.len()).collect();
            if backwards {
                order.reverse();
            }
            for at in order {
                let value = if changed && at == change { Model::Text("changed".into()) } else { items[at].1.clone() };
                let list = objects.new_list_of(&[make(&objects, &value)]).unwrap();
                objects.dict_set(dict, make(&objects, &items[at].0), list).unwrap();
            }
            dict
        };
        let (one, other, same) = (dict(false, false), dict(true, false), dict(false, true));
        assert_eq!(objects.equal(one, other), Ok(change >= items.len()), "round {round}");
        assert_eq!(objects.equal(one, same), Ok(true), "round {round}");
        [one, other, same].into_iter().for_each(|o| objects.decref(o));
    }
}

/// A nest of tuples and one of frozensets, too deep for any stack.
#[test]
fn deep_nests_need_no_stack() {
    let depth = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
    let objects = objects();
    let tuples =
        |inner: i64| (0..depth).fold(objects.new_int(inner).unwrap(), |inner, _| objects.new_tuple(&[inner]).unwrap());
    let sets = |inner: i64| {
        (0..depth).fold(objects.new_int(inner).unwrap(), |inner, _| {
            let set = objects.new_frozenset().unwrap();
            objects.set_add(set, inner).unwrap();
            set
        })
    };
    let (one, two, other) = (tuples(1000), tuples(1000), tuples(1001));
    assert_eq!(objects.hash(one), objects.hash(two));
    assert_eq!((objects.equal(one, two), objects.equal(one, other)), (Ok(true), Ok(false)));
    let (set, same) = (sets(1000), sets(1000));
    assert_eq!(objects.hash(set), objects.hash(same));
    assert_eq!((objects.equal(set, same), objects.equal(set, one)), (Ok(true), Ok(false)));
    let dict = objects.new_dict().unwrap();
    objects.dict_set(dict, set, one).unwrap();
    assert_eq!(objects.dict_get(dict, same), Some(one));
    [dict, two, other, same].into_iter().for_each(|o| objects.decref(o));
    objects.clear_free_lists();
    assert_eq!(objects.heap().allocated_blocks(), 0);
}

#[test]
fn what_can_change_has_no_hash() {
    let objects = objects();
    let dict = objects.new_dict().unwrap();
    for o in [objects.new_list(), objects.new_dict(), objects.new_set()].map(Option::unwrap) {
        assert_eq!(objects.hash(o), Err(Refused::Unhashable));
        let around = objects.new_tuple(&[objects.new_ref(objects.none()), o]).unwrap();
        assert_eq!(objects.hash(around), Err(Refused::Unhashable));
        assert_eq!(objects.dict_set(dict, around, objects.new_ref(objects.none())), Err(Refused::Unhashable));
        assert_eq!(objects.dict_len(dict), 0);
    }
    objects.decref(dict);
    objects.clear_free_lists();
    assert_eq!(objects.heap().allocated_blocks(), 0);
}

/// A float that is not a number is found where it was put, and nowhere else.
#[test]
fn identity_comes_first() {
    let objects = objects();
    let (nan, other) = (objects.new_float(f64::NAN).unwrap(), objects.new_float(f64::NAN).unwrap());
    let set = objects.new_set().unwrap();
    objects.set_add(set, objects.new_ref(nan)).unwrap();
    assert_eq!((objects.set_contains(set, nan), objects.set_contains(set, other)), (Ok(true), Ok(false)));
    let lists = [nan, other].map(|item| objects.new_list_of(&[objects.new_ref(item)]).unwrap());
    let again = objects.new_list_of(&[objects.new_ref(nan)]).unwrap();
    assert_eq!(objects.equal(lists[0], again), Ok(true));
    assert_eq!(objects.equal(lists[0], lists[1]), Ok(false));
}
