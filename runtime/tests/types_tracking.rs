//! What the collector finds: `gc.is_tracked`, as CPython 3.11 answers; free lists; interned strings.

use kit::graph::Obj;
use runtime::objects::Objects;

#[path = "types/support.rs"]
mod support;

use support::{Numbers, World, objects};

fn put(objects: &Objects<World>, dict: Obj, n: i64, value: Obj) {
    objects.dict_set(dict, objects.new_int(n).unwrap(), value).unwrap();
}

#[test]
fn a_dict_is_found_from_the_first_thing_on_that_could_be_in_a_cycle() {
    let objects = objects();
    let dict = objects.new_dict().unwrap();
    assert!(!objects.is_tracked(dict));
    put(&objects, dict, 1, objects.new_str("an atom").unwrap());
    let atoms = objects.new_tuple(&[objects.new_int(1).unwrap()]).unwrap();
    assert!(!objects.is_tracked(dict) && objects.is_tracked(atoms));
    let list = objects.new_list().unwrap();
    put(&objects, dict, 2, objects.new_ref(list));
    assert!(objects.is_tracked(dict));
    let copy = objects.dict_copy(dict).unwrap();
    assert!(objects.is_tracked(copy));
    let list_in_copy = objects.new_int(2).unwrap();
    assert_eq!(objects.dict_del(copy, list_in_copy), Ok(true));
    assert!(objects.is_tracked(copy), "it is not looked at again before a full collection");
    objects.collect(1);
    assert!(objects.is_tracked(copy));
    objects.collect(2);
    assert!(!objects.is_tracked(copy) && objects.is_tracked(dict) && !objects.is_tracked(atoms));
    put(&objects, copy, 3, objects.new_ref(atoms));
    assert!(!objects.is_tracked(copy), "a tuple that nobody finds is an atom");
    let key = objects.new_tuple(&[list]).unwrap();
    put(&objects, copy, 4, key);
    assert!(objects.is_tracked(copy));
}

#[test]
fn a_set_is_always_found() {
    let objects = objects();
    let (set, frozen) = (objects.new_set().unwrap(), objects.new_frozenset().unwrap());
    assert!(objects.is_tracked(set) && objects.is_tracked(frozen));
    objects.collect(2);
    assert!(objects.is_tracked(set) && objects.is_tracked(frozen));
}

/// Rings through dicts of each kind and through sets.
#[test]
fn rings_are_found() {
    let objects = objects();
    let ring = |close: &dyn Fn(Obj, Obj)| {
        let (dict, list) = (objects.new_dict().unwrap(), objects.new_list().unwrap());
        objects.list_append(list, objects.new_ref(dict)).unwrap();
        close(dict, list);
        objects.decref(dict);
    };
    for n in 0..20 {
        ring(&|dict, list| put(&objects, dict, n, list));
        ring(&|dict, list| {
            objects.dict_set(dict, objects.new_str(&format!("k{n}")).unwrap(), list).unwrap();
        });
        ring(&|dict, list| {
            let key = objects.new_tuple(&[objects.new_int(n).unwrap()]).unwrap();
            objects.dict_set(dict, key, list).unwrap();
            (0..n).for_each(|n| put(&objects, dict, n, objects.new_ref(dict)));
            objects.dict_set(dict, objects.new_int(0).unwrap(), objects.new_ref(objects.none())).unwrap();
        });
    }
    assert_eq!(objects.validate(), Ok(()));
    assert_eq!(objects.collect(2), 140, "a dict and a list each, and twenty keys that are tuples");
    objects.clear_free_lists();
    assert_eq!(objects.heap().allocated_blocks(), 0);
}

#[test]
fn keys_that_are_in_the_ring() {
    let objects = objects();
    let method = |of: Obj| objects.new_method(objects.new_ref(objects.none()), objects.new_ref(of)).unwrap();
    let dict = objects.new_dict().unwrap();
    objects.dict_set(dict, method(dict), objects.new_ref(objects.none())).unwrap();
    let set = objects.new_set().unwrap();
    objects.set_add(set, method(set)).unwrap();
    let frozen = objects.set_copy(set, true).unwrap();
    [dict, set, frozen].into_iter().for_each(|o| objects.decref(o));
    assert_eq!(objects.collect(2), 4, "the frozenset died at once; dict and method, set and method");
    objects.clear_free_lists();
    assert_eq!(objects.heap().allocated_blocks(), 0);
}

/// The last one that died is the first one to come back, tables too; a full collection empties the lists.
#[test]
fn dead_dicts_and_floats_come_back() {
    let objects = objects();
    let dicts: Vec<Obj> = (0..100).map(|_| objects.new_dict().unwrap()).collect();
    for dict in &dicts {
        objects.dict_set(*dict, objects.new_str("key").unwrap(), objects.new_ref(objects.none())).unwrap();
    }
    let blocks = objects.heap().allocated_blocks();
    dicts.iter().for_each(|dict| objects.decref(*dict));
    let left = objects.heap().allocated_blocks();
    assert_eq!(blocks - left, 20 + 20 + 100, "of a hundred dicts and tables eighty are kept; the strings died");
    assert_eq!(objects.new_dict(), Some(dicts[79]));
    let floats: Vec<Obj> = (0..150).map(|n| objects.new_float(f64::from(n)).unwrap()).collect();
    floats.iter().for_each(|float| objects.decref(*float));
    assert_eq!(objects.new_float(0.5), Some(floats[99]));
    objects.decref(dicts[79]);
    objects.decref(floats[99]);
    objects.collect(2);
    assert_eq!(objects.heap().allocated_blocks(), 0);
}

#[test]
fn interned_strings_are_one_and_die() {
    let objects = objects();
    let mut numbers = Numbers(8);
    let mut held: Vec<(u64, Obj)> = Vec::new();
    for _ in 0..5000 {
        let n = numbers.below(60);
        if numbers.below(2) == 0 {
            let name = objects.new_name(&format!("name{n}")).unwrap();
            let before = held.iter().filter(|(other, _)| *other == n);
            assert!(before.clone().all(|(_, other)| *other == name), "there are two of name{n}");
            assert_eq!(objects.refs(name), before.count() as u64 + 1, "the table's references do not count");
            held.push((n, name));
        } else if !held.is_empty() {
            let at = numbers.below(held.len() as u64) as usize;
            objects.decref(held.swap_remove(at).1);
        }
    }
    let other = objects.new_str("name7").unwrap();
    assert!(!objects.str_is_interned(other));
    held.iter().for_each(|(_, name)| objects.decref(*name));
    objects.decref(other);
    objects.clear_free_lists();
    let blocks = objects.heap().allocated_blocks();
    assert!(blocks <= 2, "the table is left, and {blocks} blocks");
}
