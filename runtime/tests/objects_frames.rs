//! Frames, locals, temporaries, generators, exceptions and what they keep alive.

mod program;

use kit::graph::Obj;
use program::*;
use runtime::objects::Objects;
use runtime::objects::exception::{ARGS, CONTEXT, TRACEBACK};
use runtime::objects::generator::Runs;
use runtime::objects::types::Type;
use std::sync::Arc;

/// A runtime, its log, the class of the noisy, and a function with three locals.
fn stage() -> (Objects<World>, Log, Obj, Obj) {
    let (objects, log) = (objects(), Log::default());
    let noisy = noisy(&objects, &log);
    let globals = objects.new_dict().unwrap();
    let f = function(&objects, 1, 3, globals);
    objects.decref(globals);
    (objects, log, noisy, f)
}

#[test]
fn locals_die_in_the_order_of_their_slots_when_the_call_is_over() {
    let (objects, log, noisy, f) = stage();
    let frame = objects.push_frame(objects.new_ref(f), &[named(&objects, noisy, "argument")]).unwrap();
    objects.set_local(frame, 2, Some(named(&objects, noisy, "third")));
    objects.set_local(frame, 1, Some(named(&objects, noisy, "second")));
    objects.push(frame, named(&objects, noisy, "temporary"));
    assert_eq!((objects.stack_len(frame), objects.current_frame()), (1, Some(frame)));
    objects.unwind(frame, 0);
    assert_eq!(said(&log), "temporary");
    objects.pop_frame(frame);
    assert_eq!((said(&log).as_str(), objects.current_frame()), ("argument second third", None));
    assert_eq!(objects.getsizeof(f), 152);
}

/// A frame object that nobody keeps changes nothing; one that is kept takes the locals over.
#[test]
fn a_frame_object_takes_over_what_it_outlives() {
    let (objects, log, noisy, f) = stage();
    let outer = objects.push_frame(objects.new_ref(f), &[]).unwrap();
    let inner = objects.push_frame(objects.new_ref(f), &[named(&objects, noisy, "x")]).unwrap();
    objects.frame_object(inner).unwrap();
    objects.pop_frame(inner);
    assert_eq!(said(&log), "x", "nobody kept it");
    let inner = objects.push_frame(objects.new_ref(f), &[named(&objects, noisy, "x")]).unwrap();
    let kept = objects.new_ref(objects.frame_object(inner).unwrap());
    assert!(!objects.is_tracked(kept) && !objects.owns_frame(kept));
    assert_eq!(objects.getsizeof(kept), 16 + 120 + 8 * 5);
    objects.pop_frame(inner);
    assert!(objects.is_tracked(kept) && objects.owns_frame(kept));
    let back = objects.frame_back(kept).unwrap();
    assert_eq!(objects.frame_of(back), outer);
    objects.decref(back);
    assert_eq!(said(&log), "");
    objects.decref(kept);
    assert_eq!(said(&log), "x");
    objects.pop_frame(outer);
}

/// `def f(): ...; e = exception` with a traceback: exception, traceback and frame are a ring of 3 (CPython 3.11: 3).
#[test]
fn an_exception_in_a_local_is_a_ring_of_three() {
    let (objects, log, noisy, f) = stage();
    let frame = objects.push_frame(objects.new_ref(f), &[named(&objects, noisy, "local")]).unwrap();
    let exception = objects.raised_with(Type::ValueError, &[]);
    assert_eq!((objects.getsizeof(exception), objects.exception_get(exception, ARGS).is_some()), (88, true));
    let object = objects.frame_object(frame).unwrap();
    objects.add_traceback(exception, object, 7).unwrap();
    let entry = objects.exception_get(exception, TRACEBACK).unwrap();
    assert_eq!((objects.getsizeof(entry), objects.traceback_line(entry)), (56, 7));
    assert_eq!(objects.traceback_frame(entry), Some(object));
    objects.set_local(frame, 1, Some(exception));
    objects.pop_frame(frame);
    assert_eq!(said(&log), "");
    assert_eq!(objects.collect(2), 4, "the ring, and the local");
    assert_eq!(said(&log), "local");
    objects.decref(f);
}

#[test]
fn a_chain_of_contexts_has_no_ring() {
    let objects = objects();
    let [a, b, c] = [(); 3].map(|()| objects.raised(Type::KeyError, "no"));
    objects.chain_context(b, a);
    objects.chain_context(c, b);
    objects.chain_context(a, c);
    assert_eq!(objects.exception_get(a, CONTEXT), Some(c));
    assert_eq!(objects.exception_get(b, CONTEXT), None);
    [a, b, c].into_iter().for_each(|o| objects.decref(o));
    assert!(objects.generation(0).is_empty());
}

#[test]
fn a_generator_is_closed_when_it_dies() {
    let (objects, log, noisy, f) = stage();
    let make = |name: &str| {
        let frame = objects.push_frame(objects.new_ref(f), &[named(&objects, noisy, name)]).unwrap();
        objects.new_generator(frame).unwrap()
    };
    let one = make("one");
    assert_eq!((objects.getsizeof(one), objects.current_frame()), (16 + 152 + 8 * 5, None));
    let frame = objects.resume(one);
    assert_eq!((objects.runs(one), objects.current_frame()), (Runs::Running, Some(frame)));
    objects.suspend(one);
    objects.decref(one);
    assert_eq!(said(&log), "one");
    // In a ring the collector closes it; then there is no ring any more, and nothing is counted.
    let two = make("two");
    objects.set_local(objects.frame_in(two), 1, Some(objects.new_ref(two)));
    objects.decref(two);
    assert_eq!((objects.collect(2), said(&log).as_str()), (0, "two"));
    // The interpreter ends what stands in its frame.
    let told = log.clone();
    objects.host().set_closer(Arc::new(move |objects: &Objects<World>, generator, _: &[Obj]| {
        told.lock().unwrap().push("finally".into());
        objects.resume(generator);
        objects.finish(generator);
        Ok(objects.new_ref(objects.none()))
    }));
    objects.decref(make("three"));
    assert_eq!(said(&log), "finally three");
}

/// A thousand frames lie on several chunks of the stack; all go back.
#[test]
fn deep_calls_need_no_heap() {
    let (objects, _, _, f) = stage();
    let blocks = objects.heap().allocated_blocks();
    let frames: Vec<_> = (0..1000).map(|_| objects.push_frame(objects.new_ref(f), &[]).unwrap()).collect();
    assert_eq!(objects.heap().allocated_blocks(), blocks);
    frames.into_iter().rev().for_each(|frame| objects.pop_frame(frame));
    assert_eq!(objects.current_frame(), None);
}

#[test]
fn iterators_let_go_when_they_are_exhausted() {
    let objects = objects();
    let list = objects.new_list().unwrap();
    objects.list_append(list, objects.new_ref(objects.none())).unwrap();
    let it = objects.new_iterator(objects.new_ref(list)).unwrap();
    assert_eq!((objects.refs(list), objects.getsizeof(it)), (2, 48));
    let item = objects.iterator_next(it).unwrap();
    objects.decref(item);
    assert_eq!((objects.refs(list), objects.iterator_next(it), objects.refs(list)), (2, None, 1));
    let pairs = objects.new_enumerate(objects.new_iterator(list).unwrap()).unwrap();
    let pair = objects.enumerate_next(pairs).unwrap().unwrap();
    assert_eq!((objects.refs(pair), objects.int_value(objects.tuple_get(pair, 0))), (2, Some(0)));
    assert_eq!(objects.enumerate_next(pairs), Ok(None));
    [pair, pairs, it].into_iter().for_each(|o| objects.decref(o));
    assert!(objects.generation(0).is_empty());
}

/// Sixteen are there without any memory, and they come back.
#[test]
fn there_is_always_a_memory_error() {
    let objects = objects();
    let blocks = objects.heap().allocated_blocks();
    let errors: Vec<Obj> = (0..15).map(|_| objects.memory_error()).collect();
    assert_eq!(objects.heap().allocated_blocks(), blocks);
    errors.into_iter().for_each(|o| objects.decref(o));
    let again = objects.memory_error();
    assert!(objects.is_raised(again, Type::MemoryError) && objects.is_raised(again, Type::Exception));
    assert!(!objects.is_raised(again, Type::ValueError));
    objects.decref(again);
    assert!(objects.generation(0).is_empty());
}

/// A program may make a ring of contexts by hand: CPython finds its end all the same.
#[test]
fn a_ring_of_contexts_has_an_end() {
    let objects = objects();
    let [one, two, new] = [(); 3].map(|()| objects.raised(Type::ValueError, "no"));
    objects.exception_set(one, CONTEXT, Some(objects.new_ref(two)));
    objects.exception_set(two, CONTEXT, Some(objects.new_ref(one)));
    objects.chain_context(new, one);
    assert_eq!([one, new].map(|o| objects.exception_get(o, CONTEXT)), [Some(two), Some(one)]);
}
