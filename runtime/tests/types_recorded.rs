//! Sets and dicts in the order, and as large, as CPython 3.11.7 has them: the programs of `types/recorded.py`, whose
//! output lies beside it.

use kit::graph::Obj;
use runtime::objects::Objects;

#[path = "types/support.rs"]
mod support;

use support::{Numbers, World, objects};

fn draw(numbers: &mut Numbers, spread: u64) -> i64 {
    let n = numbers.below(if spread == 0 { 40 } else { 3000 }) as i64;
    (n - 20) * [1, 64, 1 << 40][spread as usize]
}

#[derive(Clone, Copy)]
struct Digest(u64);

impl Digest {
    fn tell(&mut self, number: i64) {
        self.0 = (self.0 ^ number as u64).wrapping_mul(1_099_511_628_211);
    }
}

const BEGIN: Digest = Digest(14695981039346656037);

/// The copy takes the place of the original.
fn becomes(objects: &Objects<World>, old: &mut Obj, copy: fn(&Objects<World>, Obj) -> Option<Obj>) {
    let new = copy(objects, *old).unwrap();
    objects.decref(std::mem::replace(old, new));
}

fn set_step(objects: &Objects<World>, numbers: &mut Numbers, spread: u64, set: &mut Obj, digest: &mut Digest) {
    let (key, what) = (objects.new_int(draw(numbers, spread)).unwrap(), numbers.below(100));
    match what {
        0..55 => {
            objects.set_add(*set, objects.new_ref(key)).unwrap();
        }
        55..85 => {
            objects.set_discard(*set, key).unwrap();
        }
        85..95 => {
            if let Some(popped) = objects.set_pop(*set) {
                digest.tell(objects.int_value(popped).unwrap());
                objects.decref(popped);
            }
        }
        95 => becomes(objects, set, |objects, set| objects.set_copy(set, false)),
        96 => {
            let frozen = objects.set_copy(*set, true).unwrap();
            digest.tell(objects.hash(frozen).unwrap());
            objects.decref(frozen);
        }
        97 if numbers.below(10) == 0 => objects.set_clear(*set),
        98 => {
            let other = objects.new_set().unwrap();
            for _ in 0..numbers.below(20) {
                objects.set_add(other, objects.new_int(draw(numbers, spread)).unwrap()).unwrap();
            }
            objects.set_update(*set, other).unwrap();
            objects.decref(other);
        }
        _ => {}
    }
    objects.decref(key);
}

fn run_set(objects: &Objects<World>, seed: u64) -> u64 {
    let (mut numbers, mut digest, mut set) = (Numbers(seed), BEGIN, objects.new_set().unwrap());
    for step in 0..3000 {
        set_step(objects, &mut numbers, seed % 3, &mut set, &mut digest);
        if step % 100 == 0 {
            let mut position = 0;
            while let Some(key) = objects.set_next(set, &mut position) {
                digest.tell(objects.int_value(key).unwrap());
            }
            digest.tell(objects.getsizeof(set) as i64);
        }
    }
    objects.decref(set);
    digest.0
}

fn run_dict(objects: &Objects<World>, seed: u64) -> u64 {
    let (mut numbers, mut digest, mut dict) = (Numbers(seed), BEGIN, objects.new_dict().unwrap());
    for step in 0..3000 {
        let (number, what) = (draw(&mut numbers, seed % 3), numbers.below(100));
        let string = seed % 2 == 1 && !(what == 54 && numbers.below(20) == 0);
        let key = if string { objects.new_str(&format!("k{number}")) } else { objects.new_int(number) };
        let key = key.unwrap();
        match what {
            0..55 => objects.dict_set(dict, objects.new_ref(key), objects.new_int(step).unwrap()).unwrap(),
            55..85 => {
                objects.dict_del(dict, key).unwrap();
            }
            85..95 => {
                if let Some((key, value)) = objects.dict_popitem(dict).unwrap() {
                    digest.tell(objects.int_value(value).unwrap());
                    objects.decref(key);
                    objects.decref(value);
                }
            }
            95..97 => becomes(objects, &mut dict, Objects::dict_copy),
            97 if numbers.below(10) == 0 => objects.dict_clear(dict),
            _ => {}
        }
        objects.decref(key);
        if step % 100 == 0 {
            let mut position = 0;
            while let Some((_, value)) = objects.dict_next(dict, &mut position) {
                digest.tell(objects.int_value(value).unwrap());
            }
            digest.tell(objects.getsizeof(dict) as i64);
        }
    }
    objects.decref(dict);
    digest.0
}

#[test]
fn sets_and_dicts_are_cpythons() {
    let objects = objects();
    let mut programs = 0;
    for line in include_str!("types/recorded.out").lines() {
        let [kind, seed, told] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let seed = seed.parse().unwrap();
        let run = if kind == "set" { run_set } else { run_dict };
        assert_eq!(format!("{:016x}", run(&objects, seed)), told, "{kind} {seed}");
        programs += 1;
    }
    assert_eq!(programs, 48);
    objects.collect(2);
    assert_eq!(objects.validate(), Ok(()));
}
