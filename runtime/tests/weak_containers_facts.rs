//! Weak dictionaries and sets, `WeakMethod` and `finalize`: what CPython 3.11.7 showed, and a model for random use.

#[path = "weak/support.rs"]
mod support;

use runtime::objects::types::Type;
use runtime::weak::iteration::What;
use std::collections::{BTreeMap, BTreeSet};
use support::{Obj, Py};

fn key(py: &Py, text: &str) -> Obj {
    py.o.new_name(text).unwrap()
}

#[test]
fn weak_values() {
    let py = Py::new();
    let (class, d) = (py.plain(), py.o.new_weak_values().unwrap());
    let [a, b, tmp] = ["a", "b", "tmp"].map(|name| key(&py, name));
    let (one, two) = (py.make(class), py.make(class));
    py.o.weak_values_set(d, a, one).unwrap();
    py.o.weak_values_set(d, b, two).unwrap();
    assert_eq!((py.o.weak_values_len(d), py.o.refs(one)), (2, 1));
    py.del(&[one]);
    assert_eq!((py.o.weak_values_len(d), py.o.weak_values_get(d, a)), (1, None));
    let value = py.make(class);
    py.o.weak_values_set(d, tmp, value).unwrap();
    py.del(&[value]);
    assert_eq!(py.o.weak_values_get(d, tmp), None);
    assert_eq!(py.o.weak_values_get(d, b), Some(two));
    assert_eq!(py.o.refs(two), 2, "who gets it keeps it");
    let refused = py.o.weak_values_set(d, a, py.o.new_int(5).unwrap()).unwrap_err();
    assert!(py.o.is_raised(refused, Type::TypeError));
    let list = py.o.new_list().unwrap();
    let refused = py.o.weak_values_set(d, list, two).unwrap_err();
    assert!(py.o.is_raised(refused, Type::TypeError), "a list is no key");
    py.del(&[two, two, d]);
}

/// What 3.11.7 says: nothing is removed while somebody iterates, until another method does; then iterating ends.
#[test]
fn weak_values_while_somebody_iterates() {
    let py = Py::new();
    let (class, d) = (py.plain(), py.o.new_weak_values().unwrap());
    let values: Vec<Obj> = ["a", "b", "c"]
        .map(|name| {
            let value = py.make(class);
            py.o.weak_values_set(d, key(&py, name), value).unwrap();
            value
        })
        .to_vec();
    let it = py.o.weak_iter(d, What::Values).unwrap();
    assert_eq!(py.o.weak_next(it), Ok(Some(values[0])));
    py.del(&[values[1]]);
    assert_eq!(py.o.weak_next(it), Ok(Some(values[2])), "the dead one is left out");
    assert_eq!(py.o.weak_values_len(d), 2, "and removed here");
    let error = py.o.weak_next(it).unwrap_err();
    assert!(py.o.is_raised(error, Type::RuntimeError));
    assert_eq!(py.o.weak_next(it), Ok(None));
}

/// The iterator keeps what it gave last alive; when it dies what was put off is removed.
#[test]
fn weak_sets() {
    let py = Py::new();
    let (class, s) = (py.plain(), py.o.new_weak_set().unwrap());
    let mut objects: Vec<Obj> = (0..4).map(|_| py.make(class)).collect();
    objects.iter().for_each(|each| py.o.weak_set_add(s, *each).unwrap());
    assert_eq!(py.o.weak_len(s), 4);
    assert_eq!(py.o.weak_set_contains(s, objects[0]), Ok(true));
    assert_eq!(py.o.weak_set_contains(s, py.o.new_int(5).unwrap()), Ok(false));
    let it = py.o.weak_iter(s, What::Keys).unwrap();
    let first = py.o.weak_next(it).unwrap().unwrap();
    objects.retain(|each| *each != first);
    py.del(&[first, first]);
    assert_eq!(py.o.weak_len(s), 4, "it is kept by the iterator");
    let last = objects.pop().unwrap();
    py.del(&[last]);
    assert_eq!(py.o.weak_len(s), 3);
    py.del(&[it]);
    assert_eq!(py.o.weak_len(s), 2);
    assert_eq!(py.o.weak_set_discard(s, objects[0]), Ok(true));
    py.o.weak_set_clear(s);
    assert_eq!(py.o.weak_len(s), 0);
}

#[test]
fn weak_keys() {
    let py = Py::new();
    let (class, d) = (py.plain(), py.o.new_weak_keys().unwrap());
    let (a, b) = (py.make(class), py.make(class));
    let one = py.o.new_int(1).unwrap();
    py.o.weak_keys_set(d, a, one).unwrap();
    py.o.weak_keys_set(d, b, one).unwrap();
    assert_eq!((py.o.weak_len(d), py.o.weak_keys_get(d, a)), (2, Ok(Some(one))));
    py.del(&[a]);
    assert_eq!(py.o.weak_len(d), 1);
    assert_eq!(py.o.weak_keys_del(d, b), Ok(true));
    assert_eq!((py.o.weak_len(d), py.o.weak_keys_del(d, b)), (0, Ok(false)));
    // A value that refers to its key keeps it alive for ever, as in CPython.
    py.o.weak_keys_set(d, b, b).unwrap();
    py.del(&[b]);
    assert_eq!((py.o.collect(2), py.o.weak_len(d)), (0, 1));
    py.del(&[d]);
}

#[test]
fn weak_methods() {
    let py = Py::new();
    let m = py.says("m");
    let class = py.plain();
    let a = py.make(class);
    let method = || py.o.new_method(py.o.new_ref(m), py.o.new_ref(a)).unwrap();
    let bound = method();
    let plain = py.weak(bound, None);
    py.del(&[bound]);
    assert!(!py.lives(plain), "dead at once");
    let bound = method();
    let w = py.o.new_weak_method(bound, Some(py.says("callback"))).unwrap();
    py.del(&[bound]);
    let again = py.o.call(w, &[]).unwrap();
    py.o.call(again, &[]).unwrap();
    assert_eq!(py.said(), "m");
    py.del(&[again, a]);
    assert_eq!((py.said(), py.o.call(w, &[])), ("callback".into(), Ok(py.o.none())));
    py.del(&[m]);
    assert_eq!(py.said(), "", "one callback is enough");
    py.del(&[w]);
    assert_eq!(py.o.collect(2), 0, "no ring is left behind");
}

#[test]
fn finalizers() {
    let py = Py::new();
    let (class, none) = (py.plain(), py.o.new_tuple(&[]).unwrap());
    let finalize = |o, text: &str| py.o.new_finalize(o, py.says(text), none).unwrap();
    let a = py.make(class);
    let f = finalize(a, "finalized");
    assert!(py.o.finalize_alive(f) && py.o.finalize_at_exit(f));
    let peeked = py.o.finalize_peek(f).unwrap();
    assert_eq!(peeked.of, a);
    py.del(&[peeked.of, a]);
    assert_eq!(py.said(), "finalized");
    assert!(!py.o.finalize_alive(f) && py.o.finalize_peek(f).is_none());
    assert_eq!(py.o.call(f, &[]), Ok(py.o.none()));
    let a = py.make(class);
    let f = finalize(a, "called by hand");
    py.o.call(f, &[]).unwrap();
    py.del(&[a]);
    assert_eq!(py.said(), "called by hand");
    let a = py.make(class);
    let f = finalize(a, "NEVER");
    let detached = py.o.finalize_detach(f).unwrap();
    assert!(detached.of == a && !py.o.finalize_alive(f));
    py.del(&[detached.of, a]);
    assert_eq!(py.said(), "");
    let a = py.make(class);
    for i in 0..3 {
        finalize(a, &format!("fin {i}"));
    }
    py.del(&[a]);
    assert_eq!(py.said(), "fin 2, fin 1, fin 0");
    let objects: Vec<Obj> = (0..3).map(|_| py.make(class)).collect();
    for (i, o) in objects.iter().enumerate() {
        finalize(*o, &format!("atexit {i}"));
    }
    let never = finalize(objects[0], "NEVER");
    py.o.set_finalize_at_exit(never, false);
    py.o.run_finalizers_at_exit();
    assert_eq!(py.said(), "atexit 2, atexit 1, atexit 0");
    py.del(&objects);
    assert_eq!(py.said(), "", "after the exit nobody is called");
}

/// After `__del__` when an object dies by its count, before it in the collector.
#[test]
fn finalizers_and_del() {
    let py = Py::new();
    let (class, none) = (py.finalized(|_, _| "__del__".into()), py.o.new_tuple(&[]).unwrap());
    let a = py.make(class);
    py.o.new_finalize(a, py.says("finalize"), none).unwrap();
    py.del(&[a]);
    assert_eq!(py.said(), "__del__, finalize");
    let a = py.ring(class);
    py.o.new_finalize(a, py.says("finalize"), none).unwrap();
    py.del(&[a]);
    py.o.collect(2);
    assert_eq!(py.said(), "finalize, __del__");
}

/// A small random number generator: the same numbers on every machine.
fn random(state: &mut u64, below: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % below
}

/// Who lives, as a model: an object is there as long as a variable or an iterator has it; a ring until it is collected.
#[derive(Default)]
struct Living {
    cached: BTreeMap<Obj, Obj>,
    in_set: BTreeSet<Obj>,
    held: Vec<Obj>,
    rings: BTreeSet<Obj>,
    /// Each with what it gave last.
    iterators: Vec<(Obj, Option<Obj>)>,
}

impl Living {
    /// Who is not there any more leaves.
    fn settle(&mut self, collected: bool) {
        let (held, iterators, rings) = (&self.held, &self.iterators, &self.rings);
        let lives = |o: &Obj| {
            held.contains(o) || iterators.iter().any(|(_, last)| last == &Some(*o)) || !collected && rings.contains(o)
        };
        self.cached.retain(|_, value| lives(value));
        self.in_set.retain(lives);
        let gone: Vec<Obj> = rings.iter().copied().filter(|o| !lives(o)).collect();
        self.rings.retain(|o| !gone.contains(o));
    }
}

/// Objects come, go and are collected, while up to two iterate; whoever asks finds what a model says.
#[test]
fn random_use() {
    for seed in 0..200 {
        let (py, mut state, mut living) = (Py::new(), seed, Living::default());
        let class = py.plain();
        let (values, set) = (py.o.new_weak_values().unwrap(), py.o.new_weak_set().unwrap());
        let names: Vec<Obj> = (0..6).map(|i| key(&py, &format!("k{i}"))).collect();
        for _ in 0..150 {
            let (name, mut collected) = (names[random(&mut state, 6) as usize], false);
            match random(&mut state, 9) {
                0 | 1 if living.iterators.is_empty() => {
                    let ring = random(&mut state, 2) == 0;
                    let o = if ring { py.ring(class) } else { py.make(class) };
                    py.o.weak_values_set(values, name, o).unwrap();
                    py.o.weak_set_add(set, o).unwrap();
                    living.cached.insert(name, o);
                    living.in_set.insert(o);
                    living.held.push(o);
                    living.rings.extend(ring.then_some(o));
                }
                2 if !living.held.is_empty() => {
                    let at = random(&mut state, living.held.len() as u64) as usize;
                    py.del(&[living.held.swap_remove(at)]);
                }
                3 => {
                    py.o.collect(2);
                    collected = true;
                }
                4 if living.iterators.len() < 2 => {
                    let it = py.o.weak_iter(set, What::Keys).unwrap();
                    let last = py.o.weak_next(it).unwrap();
                    assert!(last.is_none_or(|o| living.in_set.contains(&o)), "seed {seed}");
                    last.into_iter().for_each(|o| py.o.decref(o));
                    living.iterators.push((it, last));
                }
                5 => living.iterators.drain(..).for_each(|(it, _)| py.o.decref(it)),
                6 => assert_eq!(py.o.weak_len(set), living.in_set.len() as u64, "seed {seed}"),
                7 => assert_eq!(py.o.weak_values_len(values), living.cached.len() as u64, "seed {seed}"),
                _ => {
                    let found = py.o.weak_values_get(values, name);
                    assert_eq!(found, living.cached.get(&name).copied(), "seed {seed}");
                    found.into_iter().for_each(|o| py.o.decref(o));
                }
            }
            living.settle(collected);
        }
        assert_eq!(py.o.validate(), Ok(()), "seed {seed}");
    }
}
