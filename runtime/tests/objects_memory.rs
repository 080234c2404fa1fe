//! Out of memory at every point: a program is run again and again, and each time one request more is served before one
//! is refused. Whatever it was in the middle of, everything else still works, and at the end the heap is empty.

mod program;

use kit::Addr;
use kit::allocator::{Allocator, Pools};
use kit::geometry::Modern;
use kit::graph::Obj;
use kit::observe::Silent;
use kit::raw::RawMemory;
use program::World as Reference;
use runtime::config::{Config, Parts};
use runtime::heap::machine::Heap;
use runtime::objects::class::NewClass;
use runtime::objects::exception::TRACEBACK;
use runtime::objects::function::{NewCode, NewFunction};
use runtime::objects::machine::{Profile, World};
use runtime::objects::token::{Gil, Interpreter, Owned};
use runtime::objects::types::Type;
use runtime::{gc, gil, heap, reference_objects};
use std::cell::Cell;

thread_local! {
    /// So many requests are served.
    static LEFT: Cell<u64> = const { Cell::new(u64::MAX) };
}

/// The reference's allocator; request number [`LEFT`] is refused, and later ones are served again.
#[derive(Default)]
struct Refuses;

fn refused() -> bool {
    let left = LEFT.get();
    LEFT.set(left.wrapping_sub(1));
    left == 0
}

impl<P: Pools> Allocator<P> for Refuses {
    fn malloc(&self, pools: &P, bytes: u64) -> Option<Addr> {
        if refused() { None } else { heap::allocator::Part.malloc(pools, bytes) }
    }

    fn free(&self, pools: &P, at: Addr) {
        heap::allocator::Part.free(pools, at);
    }

    fn realloc(&self, pools: &P, at: Addr, bytes: u64) -> Option<Addr> {
        if refused() { None } else { heap::allocator::Part.realloc(pools, at, bytes) }
    }
}

struct Scarce;

impl Config for Scarce {
    type Memory = RawMemory;
    type Geometry = Modern;
    type Observer = Silent;
    type SizeClasses = <Reference as Config>::SizeClasses;
    type Pool = <Reference as Config>::Pool;
    type Arena = <Reference as Config>::Arena;
    type UsableArenas = <Reference as Config>::UsableArenas;
    type AddressMap = <Reference as Config>::AddressMap;
    type Service = Heap<Self>;
    type Allocator = Refuses;
    type DebugHooks = heap::debug_hooks::Part;
    type SubtractRefs = gc::subtract_refs::Part;
    type MoveUnreachable = gc::move_unreachable::Part;
    type Gil = gil::gil::Part;
    type LabWeakref = <Reference as Config>::LabWeakref;
    type LabWeakContainers = <Reference as Config>::LabWeakContainers;

    fn reference() -> Parts<Self> {
        Parts::of_their_types()
    }
}

impl World for Scarce {
    reference_objects!();
}

type Handle<'g> = Owned<'g, Scarce>;

/// A value or nothing: an exception is dropped.
fn ok<'g>(gil: Gil<'g, Scarce>, outcome: Result<Obj, Obj>) -> Option<Handle<'g>> {
    outcome.map(|o| gil.owned(o)).map_err(|exception| gil.objects().decref(exception)).ok()
}

fn done(gil: Gil<'_, Scarce>, outcome: Result<(), Obj>) -> Option<()> {
    outcome.map_err(|exception| gil.objects().decref(exception)).ok()
}

fn name<'g>(gil: Gil<'g, Scarce>, text: &str) -> Option<Handle<'g>> {
    Some(gil.owned(gil.objects().new_name(text)?))
}

fn set(gil: Gil<'_, Scarce>, o: Obj, text: &str, value: Obj) -> Option<()> {
    let Some(name) = name(gil, text) else {
        gil.objects().decref(value);
        return None;
    };
    done(gil, gil.objects().set_attribute(o, name.as_obj(), value))
}

fn class<'g>(gil: Gil<'g, Scarce>, text: &str, bases: &[Obj], slots: &[&str]) -> Option<Handle<'g>> {
    let namespace = gil.owned(gil.objects().new_dict()?);
    let slots: Vec<Handle> = slots.iter().map(|slot| name(gil, slot)).collect::<Option<_>>()?;
    let slots: Vec<Obj> = slots.iter().map(Owned::as_obj).collect();
    let (name, slots) = (name(gil, text)?, (!slots.is_empty()).then_some(&slots[..]));
    ok(gil, gil.objects().new_class(NewClass { name: name.as_obj(), bases, namespace: namespace.as_obj(), slots }))
}

/// Classes, instances, attributes of all kinds.
fn classes(gil: Gil<'_, Scarce>) -> Option<()> {
    let objects = gil.objects();
    let a = class(gil, "A", &[], &[])?;
    let b = class(gil, "B", &[a.as_obj()], &["y", "x"])?;
    let l = class(gil, "L", &[objects.ty(Type::List)], &[])?;
    let e = class(gil, "E", &[objects.ty(Type::KeyError)], &[])?;
    let del = objects.new_native(None, |objects, _| Ok(objects.new_ref(objects.none())))?;
    set(gil, a.as_obj(), "__del__", del)?;
    for class in [&a, &b, &l, &e] {
        let o = ok(gil, objects.call(class.as_obj(), &[]))?;
        let none = || objects.new_ref(objects.none());
        ["x", "y", "z"].into_iter().try_for_each(|text| set(gil, o.as_obj(), text, none()))?;
        set(gil, o.as_obj(), "me", objects.new_ref(o.as_obj()))?;
        objects.instance_dict(o.as_obj())?;
        set(gil, o.as_obj(), "w", none())?;
        let z = name(gil, "z")?;
        done(gil, objects.delete_attribute(o.as_obj(), z.as_obj()))?;
    }
    let o = gil.owned(objects.new_instance(a.as_obj())?);
    let del = name(gil, "__del__")?;
    drop(ok(gil, objects.get_attribute(o.as_obj(), del.as_obj()))?);
    (0..40).try_for_each(|at| set(gil, o.as_obj(), &format!("a{at}"), objects.new_ref(objects.none())))
}

fn function<'g>(gil: Gil<'g, Scarce>, globals: Obj) -> Option<Handle<'g>> {
    let objects = gil.objects();
    let (text, constants) = (name(gil, "f")?, gil.owned(objects.new_tuple(&[])?));
    let cell = objects.new_cell(None)?;
    let closure = gil.owned(objects.new_tuple(&[cell])?);
    let name = || objects.new_ref(text.as_obj());
    let new = NewCode { number: 0, constants: constants.into_obj(), name: name(), locals: 2, stack: 2, bytes: 8 };
    let code = objects.new_code(new)?;
    let new = NewFunction {
        code,
        globals: objects.new_ref(globals),
        builtins: None,
        module: None,
        defaults: None,
        keyword_defaults: None,
        doc: None,
        name: name(),
        closure: Some(closure.into_obj()),
        qualname: name(),
    };
    Some(gil.owned(objects.new_function(new)?))
}

/// Frames, tracebacks, generators, modules, iterators, and what the collector lists.
fn calls(gil: Gil<'_, Scarce>) -> Option<()> {
    let objects = gil.objects();
    let text = name(gil, "m")?;
    let module = gil.owned(objects.new_module(text.as_obj())?);
    let f = function(gil, objects.module_dict(module.as_obj())?)?;
    set(gil, module.as_obj(), "f", objects.new_ref(f.as_obj()))?;
    objects.add_module(text.as_obj(), module.into_obj())?;
    let list = gil.owned(objects.new_list()?);
    let frame = objects.push_frame(objects.new_ref(f.as_obj()), &[objects.new_ref(list.as_obj())])?;
    let raised = gil.owned(objects.raised(Type::ValueError, "no"));
    let object = objects.frame_object(frame);
    let told = object.and_then(|object| objects.add_traceback(raised.as_obj(), object, 1));
    objects.set_local(frame, 1, Some(objects.new_ref(raised.as_obj())));
    objects.pop_frame(frame);
    told?;
    assert!(objects.exception_get(raised.as_obj(), TRACEBACK).is_some());
    let frame = objects.push_frame(objects.new_ref(f.as_obj()), &[objects.new_ref(list.as_obj())])?;
    match objects.new_generator(frame) {
        Some(generator) => drop(gil.owned(generator)),
        None => objects.pop_frame(frame),
    }
    objects.list_append(list.as_obj(), objects.new_ref(objects.none()))?;
    let it = gil.owned(objects.new_enumerate(objects.new_iterator(objects.new_ref(list.as_obj()))?)?);
    drop(ok(gil, objects.enumerate_next(it.as_obj()).map(|pair| pair.expect("one item")))?);
    let native =
        objects.new_native(Some(objects.new_ref(list.as_obj())), |objects, _| Ok(objects.new_ref(objects.none())))?;
    objects.list_append(objects.callbacks().or_else(|| drop_none(gil, native))?, native)?;
    objects.at_exit(objects.new_ref(native))?;
    objects.collect(2);
    drop(gil.owned(objects.get_objects(None)?));
    Some(())
}

fn drop_none(gil: Gil<'_, Scarce>, o: Obj) -> Option<Obj> {
    gil.objects().decref(o);
    None
}

/// Runs until nothing is refused any more; gives how many requests that took.
fn refuse_each(run: fn(Gil<'_, Scarce>) -> Option<()>) -> u64 {
    for served in 0.. {
        // SAFETY: the reference's parts stay inside what they mapped (I1 of kit::raw).
        let mem = unsafe { RawMemory::new() };
        let heap = Heap::new(mem, Silent, Scarce::reference()).unwrap();
        let python = Interpreter::new(heap, Profile::V3_11).unwrap();
        let all = python.with_gil(|gil| {
            gil.objects().host().set_reporter(std::sync::Arc::new(|_, _| {}));
            LEFT.set(served);
            run(gil);
            let all = LEFT.get() < u64::MAX / 2;
            LEFT.set(u64::MAX);
            gil.objects().shut_down();
            assert_eq!(gil.objects().heap().allocated_blocks(), 0, "{served} requests were served");
            all
        });
        if all {
            return served;
        }
    }
    unreachable!("some number of requests is enough")
}

#[test]
fn classes_and_instances() {
    assert!(refuse_each(classes) > 100);
}

#[test]
fn frames_and_exceptions() {
    assert!(refuse_each(calls) > 30);
}
