//! Dicts, sets, strings, integers: no request that is refused may leak anything, or leave anything half done.

use fuzz::unlucky::{Unlucky, is_to_come, refuse_after};
use kit::checked::CheckedMemory;
use kit::geometry::Modern;
use kit::graph::Obj;
use kit::observe::Silent;
use runtime::config::Config;
use runtime::heap::machine::Heap;
use runtime::objects::Objects;
use runtime::objects::class::NewClass;
use runtime::objects::equal::Refused;
use runtime::objects::machine::Profile;

type World = Unlucky<CheckedMemory, Modern>;

fn objects() -> Objects<World> {
    let heap = Heap::new(CheckedMemory::default(), Silent, World::reference()).unwrap();
    Objects::new(heap, Profile::V3_11).unwrap()
}

/// Runs `program` until no request is refused; gives how many were.
fn every_refusal(program: fn(&Objects<World>) -> Option<()>) -> u64 {
    let mut refusals = 0;
    loop {
        let objects = objects();
        refuse_after(Some(refusals));
        let done = program(&objects);
        let served_all = is_to_come();
        refuse_after(None);
        assert_eq!(objects.validate(), Ok(()), "after refusal {refusals}");
        assert!(done.is_some() || !served_all, "a program that was served everything ends");
        objects.collect(2);
        objects.shut_down();
        assert_eq!(objects.heap().allocated_blocks(), 0, "refusal {refusals} leaks");
        if served_all {
            return refusals;
        }
        refusals += 1;
    }
}

fn done<T>(result: Result<T, Refused>) -> Option<T> {
    result.inspect_err(|refused| assert_eq!(*refused, Refused::NoMemory)).ok()
}

fn with<T>(objects: &Objects<World>, o: Option<Obj>, run: impl FnOnce(Obj) -> Option<T>) -> Option<T> {
    let o = o?;
    let given = run(o);
    objects.decref(o);
    given
}

fn fill_dict(objects: &Objects<World>, dict: Obj) -> Option<()> {
    for n in 0..30 {
        let key = if n < 12 { objects.new_str(&format!("key {n}")) } else { objects.new_int(n * 1000) }?;
        let before = objects.dict_len(dict);
        let Some(value) = objects.new_float(n as f64) else {
            objects.decref(key);
            return None;
        };
        let stored = done(objects.dict_set(dict, key, value));
        assert_eq!(objects.validate_dict(dict), Ok(()));
        assert_eq!(objects.dict_len(dict), before + u64::from(stored.is_some()));
        stored?;
    }
    let copy = objects.dict_copy(dict)?;
    let same = objects.equal(copy, dict);
    objects.decref(copy);
    assert_eq!(same, Ok(true));
    Some(())
}

#[test]
fn dicts() {
    let refusals = every_refusal(|objects| with(objects, objects.new_dict(), |dict| fill_dict(objects, dict)));
    assert!(refusals > 50, "only {refusals} requests were made");
}

fn fill_set(objects: &Objects<World>, set: Obj) -> Option<()> {
    for n in 0..100 {
        let key = objects.new_int(n * 1000)?;
        let before = objects.set_len(set);
        let stored = done(objects.set_add(set, key));
        assert_eq!(objects.set_len(set), before + u64::from(stored.is_some()));
        stored?;
        if n % 7 == 0 {
            with(objects, objects.new_int(n / 2 * 1000), |key| done(objects.set_discard(set, key)))?;
        }
    }
    let copy = objects.set_copy(set, true)?;
    let same = objects.equal(copy, set);
    objects.decref(copy);
    assert_eq!(same, Ok(true));
    Some(())
}

#[test]
fn sets() {
    let refusals = every_refusal(|objects| with(objects, objects.new_set(), |set| fill_set(objects, set)));
    assert!(refusals > 100, "only {refusals} requests were made");
}

/// Interned names as attributes; without memory a string works all the same, not interned.
fn attributes(objects: &Objects<World>) -> Option<()> {
    let class = with(objects, objects.new_str("a class"), |name| {
        with(objects, objects.new_dict(), |namespace| {
            let made = objects.new_class(NewClass { name, bases: &[], namespace, slots: None });
            made.map_err(|exception| objects.decref(exception)).ok()
        })
    });
    with(objects, class, |class| {
        with(objects, objects.new_instance(class), |o| {
            for n in 0..34 {
                let name = objects.new_name(&format!("name{n}"))?;
                let value = objects.new_int(n * 1000);
                let stored = value.map(|value| objects.set_attribute(o, name, value));
                objects.decref(name);
                match stored? {
                    Ok(()) => {}
                    Err(exception) => {
                        objects.decref(exception);
                        return None;
                    }
                }
            }
            Some(())
        })
    })
}

#[test]
fn names() {
    let refusals = every_refusal(attributes);
    assert!(refusals > 60, "only {refusals} requests were made");
}
