//! Dicts beside a list of pairs that does the same: random programs, sizes, what is tracked, and who is counted.

use kit::graph::Obj;
use runtime::objects::Objects;

#[path = "types/support.rs"]
mod support;

use support::{Numbers, World, objects};

/// Key number `n`: strings, or strings, integers and tuples.
fn key(objects: &Objects<World>, n: u64, mixed: bool) -> Obj {
    match n % 3 {
        1 if mixed => objects.new_int(n as i64 * 1_000_003).unwrap(),
        2 if mixed => {
            let items = [objects.new_int(n as i64).unwrap(), objects.new_str("in a tuple").unwrap()];
            objects.new_tuple(&items).unwrap()
        }
        _ => objects.new_str(&format!("key {n}")).unwrap(),
    }
}

fn items(objects: &Objects<World>, dict: Obj) -> Vec<(Obj, i64)> {
    let mut position = 0;
    let all = std::iter::from_fn(|| objects.dict_next(dict, &mut position));
    all.map(|(key, value)| (key, objects.int_value(value).unwrap())).collect()
}

fn compare(objects: &Objects<World>, dict: Obj, model: &[(u64, i64)], mixed: bool) {
    objects.validate_dict(dict).unwrap();
    let found = items(objects, dict);
    assert_eq!(found.len(), model.len());
    for ((there, value), (n, told)) in found.iter().zip(model) {
        let made = key(objects, *n, mixed);
        assert!(objects.equal(*there, made).unwrap(), "key {n}");
        assert_eq!(value, told);
        objects.decref(made);
    }
}

fn run(objects: &Objects<World>, seed: u64, mixed: bool) {
    let mut numbers = Numbers(seed);
    let mut dict = objects.new_dict().unwrap();
    let mut model: Vec<(u64, i64)> = Vec::new();
    let range = [6, 40, 700][seed as usize % 3];
    for step in 0..2000 {
        let n = numbers.below(range);
        let at = model.iter().position(|(key, _)| *key == n);
        let made = key(objects, n, mixed);
        match numbers.below(100) {
            0..60 => {
                let value = numbers.below(1 << 20) as i64;
                objects.dict_set(dict, objects.new_ref(made), objects.new_int(value).unwrap()).unwrap();
                match at {
                    Some(at) => model[at].1 = value,
                    None => model.push((n, value)),
                }
            }
            60..85 => {
                assert_eq!(objects.dict_del(dict, made), Ok(at.is_some()));
                at.map(|at| model.remove(at));
            }
            85..95 => {
                let value = objects.dict_get(dict, made).map(|value| objects.int_value(value).unwrap());
                assert_eq!(value, at.map(|at| model[at].1));
            }
            95..98 => {
                let last = objects.dict_popitem(dict).unwrap();
                assert_eq!(last.map(|(_, value)| objects.int_value(value).unwrap()), model.pop().map(|last| last.1));
                for o in last.into_iter().flat_map(|(key, value)| [key, value]) {
                    objects.decref(o);
                }
            }
            98 => {
                let copy = objects.dict_copy(dict).unwrap();
                objects.decref(std::mem::replace(&mut dict, copy));
            }
            _ if numbers.below(8) == 0 => {
                objects.dict_clear(dict);
                model.clear();
            }
            _ => {}
        }
        objects.decref(made);
        if step % 50 == 0 {
            compare(objects, dict, &model, mixed);
        }
    }
    compare(objects, dict, &model, mixed);
    objects.decref(dict);
}

#[test]
fn dicts_do_what_a_list_of_pairs_does() {
    let objects = objects();
    for seed in 0..30 {
        run(&objects, seed, seed % 2 == 1);
    }
}
