//! No request that is refused may leak anything, or leave anything half done.

use fuzz::unlucky::{Unlucky, is_to_come, refuse_after};
use kit::checked::CheckedMemory;
use kit::geometry::Modern;
use kit::graph::Obj;
use kit::observe::Silent;
use runtime::config::Config;
use runtime::heap::machine::Heap;
use runtime::objects::Objects;
use runtime::objects::machine::Profile;

type World = Unlucky<CheckedMemory, Modern>;

fn objects() -> Objects<World> {
    let heap = Heap::new(CheckedMemory::default(), Silent, World::reference()).unwrap();
    Objects::new(heap, Profile::V3_11).unwrap()
}

/// Lists in lists, tuples, a ring; with `threshold` 5, so collections run in the middle.
fn program(objects: &Objects<World>) -> Option<()> {
    let outer = objects.new_list()?;
    let filled = fill(objects, outer);
    objects.decref(outer);
    filled
}

fn fill(objects: &Objects<World>, outer: Obj) -> Option<()> {
    for _ in 0..12 {
        let inner = objects.new_list()?;
        let ring = objects.list_append(inner, objects.new_ref(inner));
        let kept = objects.list_append(outer, inner);
        ring.and(kept)?;
        let pair = objects.new_tuple(&[objects.new_ref(inner), objects.new_ref(objects.none())])?;
        objects.list_append(inner, pair)?;
    }
    objects.list_pop(outer).into_iter().for_each(|o| objects.decref(o));
    objects.list_append(outer, objects.new_ref(outer))
}

#[test]
fn every_refusal_leaves_everything_whole() {
    let mut refusals = 0;
    loop {
        let objects = objects();
        objects.set_threshold(0, 5);
        refuse_after(Some(refusals));
        let done = program(&objects);
        let served_all = is_to_come();
        refuse_after(None);
        assert_eq!(objects.validate(), Ok(()), "after refusal {refusals}");
        assert!(done.is_some() || !served_all, "a program that was served everything ends");
        objects.collect(2);
        objects.clear_free_lists();
        assert_eq!(objects.heap().allocated_blocks(), 0, "refusal {refusals} leaks");
        if served_all {
            break;
        }
        refusals += 1;
    }
    assert!(refusals > 30, "only {refusals} requests were made");
}
