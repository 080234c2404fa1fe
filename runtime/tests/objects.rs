//! Objects: counts, cycles, chains that are too long for any stack.

use kit::geometry::Modern;
use kit::graph::Obj;
use kit::observe::Silent;
use kit::raw::RawMemory;
use runtime::config::{Config, Fast};
use runtime::heap::machine::Heap;
use runtime::objects::Objects;
use runtime::objects::machine::Profile;

type World = Fast<Modern>;

fn objects() -> Objects<World> {
    // SAFETY: the reference's parts stay inside what they mapped (I1 of kit::raw).
    let mem = unsafe { RawMemory::new() };
    let heap = Heap::new(mem, Silent, <World as Config>::reference()).unwrap();
    Objects::new(heap, Profile::V3_11).unwrap()
}

fn refer(objects: &Objects<World>, from: Obj, to: Obj) {
    objects.list_append(from, objects.new_ref(to)).unwrap();
}

#[test]
fn a_ring_of_lists_is_found() {
    let objects = objects();
    let (a, b) = (objects.new_list().unwrap(), objects.new_list().unwrap());
    refer(&objects, a, b);
    refer(&objects, b, a);
    assert_eq!((objects.refs(a), objects.refs(b)), (2, 2));
    objects.decref(a);
    assert_eq!(objects.collect(2), 0, "b keeps it alive");
    objects.decref(b);
    assert_eq!(objects.validate(), Ok(()));
    assert_eq!(objects.collect(2), 2);
    assert_eq!(objects.collect(2), 0);
    assert_eq!(objects.validate(), Ok(()));
}

/// Ten million lists, each in the next: as a chain that dies, as a chain that lives, as a ring that is collected.
#[test]
fn long_chains_need_no_stack() {
    let length = if cfg!(debug_assertions) { 300_000 } else { 10_000_000 };
    let objects = objects();
    let chain = || {
        let first = objects.new_list().unwrap();
        let mut last = first;
        for _ in 1..length {
            let next = objects.new_list().unwrap();
            objects.list_append(next, last).unwrap();
            last = next;
        }
        (first, last)
    };
    let (_, last) = chain();
    assert_eq!(objects.collect(2), 0);
    objects.decref(last);
    let (first, last) = chain();
    objects.list_append(first, last).unwrap();
    assert_eq!(objects.collect(2), length);
}
