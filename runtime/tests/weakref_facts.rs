//! Facts about weak references that CPython 3.11.7 showed, each as calls, and what was said as a log.

#[path = "weak/support.rs"]
mod support;

use runtime::objects::types::Type;
use std::sync::{Arc, Mutex};
use support::{Obj, Objects, Py, World};

/// One plain ref and one plain proxy are shared.
#[test]
fn canonical() {
    let py = Py::new();
    let (class, own) = (py.plain(), py.class("R", &[py.o.ty(Type::Weakref)], None, &[]));
    let a = py.make(class);
    let (r1, r2) = (py.weak(a, None), py.weak(a, None));
    let proxy = || py.o.new_proxy(a, false, None).unwrap();
    let (p1, p2) = (proxy(), proxy());
    let (c1, c2) = (py.weak(a, Some(py.says(""))), py.weak(a, Some(py.says(""))));
    let sub = || py.o.call(own, &[a]).unwrap();
    let (s1, s2) = (sub(), sub());
    assert!(r1 == r2 && p1 == p2 && c1 != c2 && c1 != r1 && s1 != s2 && s1 != r1);
    assert_eq!(py.o.weakref_count(a), 6);
    py.del(&[c1, c2, s1, s2]);
    assert_eq!(py.o.weakref_count(a), 2);
    py.del(&[r1, r2]);
    assert_eq!(py.o.weakref_count(a), 1);
    py.weak(a, None);
    assert_eq!(py.o.weakref_count(a), 2);
}

/// Plain ref, plain proxy, then the newest first.
#[test]
fn list_order() {
    let py = Py::new();
    let (class, own) = (py.plain(), py.class("R", &[py.o.ty(Type::Weakref)], None, &[]));
    let a = py.make(class);
    let with: Vec<Obj> = (0..3).map(|_| py.weak(a, Some(py.says("")))).collect();
    let plain = py.weak(a, None);
    let proxy = py.o.new_proxy(a, false, None).unwrap();
    let sub = py.o.call(own, &[a]).unwrap();
    let list: Vec<Obj> = py.o.weakrefs(a).collect();
    assert_eq!(list, [plain, proxy, sub, with[2], with[1], with[0]]);
    let listed = py.o.getweakrefs(a).unwrap();
    assert_eq!((py.o.list_len(listed), py.o.refs(plain)), (6, 2));
}

#[test]
fn callbacks_run_newest_first_and_their_garbage_is_counted() {
    let py = Py::new();
    let class = py.plain();
    let a = py.make(class);
    for i in 0..5 {
        py.weak(a, Some(py.says(&i.to_string())));
    }
    py.del(&[a]);
    assert_eq!(py.said(), "4, 3, 2, 1, 0");
    let (a, b) = (py.ring(class), py.ring(class));
    for i in 0..3 {
        py.weak(a, Some(py.says(&format!("a{i}"))));
        py.weak(b, Some(py.says(&format!("b{i}"))));
    }
    py.del(&[a, b]);
    assert_eq!(py.o.collect(2), 2);
    assert_eq!(py.said(), "a2, a1, a0, b2, b1, b0");
}

/// By count `__del__` comes first, and finds weak references alive; in the collector it is the other way round.
#[test]
fn del_and_callbacks() {
    let py = Py::new();
    let refs: Arc<Mutex<Vec<Obj>>> = Arc::default();
    let known = refs.clone();
    let class = py.finalized(move |o, _| {
        let live: Vec<bool> = known.lock().unwrap().iter().map(|r| o.weakref_target(*r).is_some()).collect();
        format!("__del__ {live:?}")
    });
    let callback = || py.native(|o, r| format!("callback {}", o.weakref_target(r).is_some()));
    let a = py.make(class);
    *refs.lock().unwrap() = vec![py.weak(a, None), py.weak(a, Some(callback()))];
    py.del(&[a]);
    assert_eq!(py.said(), "__del__ [true, true], callback false");
    let a = py.ring(class);
    *refs.lock().unwrap() = vec![py.weak(a, None), py.weak(a, Some(callback()))];
    py.del(&[a]);
    assert_eq!(py.o.collect(2), 1);
    assert_eq!(py.said(), "callback false, __del__ [false, false]");
}

/// A weak reference that is garbage itself is never called.
#[test]
fn in_the_trash() {
    let py = Py::new();
    let class = py.plain();
    let a = py.ring(class);
    py.set(a, "wr", py.weak(a, Some(py.says("CALLED"))));
    py.del(&[a]);
    assert_eq!((py.o.collect(2), py.said()), (3, String::new()));
    let a = py.ring(class);
    py.weak(a, Some(py.says("called")));
    py.del(&[a]);
    assert_eq!((py.o.collect(2), py.said()), (1, "called".into()));
    let (x, y) = (py.make(class), py.make(class));
    py.set(x, "o", py.o.new_ref(y));
    py.set(y, "o", py.o.new_ref(x));
    py.set(x, "wr", py.weak(y, Some(py.says("CALLED"))));
    py.del(&[x, y]);
    assert_eq!((py.o.collect(2), py.said()), (4, String::new()));
}

/// Brought back: by the collector without its weak references, by count with them.
#[test]
fn resurrected() {
    let py = Py::new();
    let saved: Arc<Mutex<Vec<Obj>>> = Arc::default();
    let keep = saved.clone();
    let class = py.finalized(move |o, me| {
        keep.lock().unwrap().push(o.new_ref(me));
        String::new()
    });
    let a = py.ring(class);
    let (r, rc) = (py.weak(a, None), py.weak(a, Some(py.says("callback"))));
    py.del(&[a]);
    py.o.collect(2);
    assert_eq!((saved.lock().unwrap().len(), py.said()), (1, "callback".into()));
    assert!(!py.lives(r) && !py.lives(rc));
    let a = py.make(class);
    let r = py.weak(a, Some(py.says("callback")));
    py.del(&[a]);
    assert!(py.lives(r) && py.said().is_empty());
    let again = saved.lock().unwrap().pop().unwrap();
    py.del(&[again]);
    assert_eq!((py.lives(r), py.said()), (false, "callback".into()));
}

/// One that is made in `__del__` is called, by count and by the collector.
#[test]
fn created_in_del() {
    let py = Py::new();
    let made: Arc<Mutex<Vec<Obj>>> = Arc::default();
    let (keep, callback) = (made.clone(), py.says("callback"));
    let class = py.finalized(move |o, me| {
        keep.lock().unwrap().push(o.new_weakref(me, Some(o.new_ref(callback))).unwrap());
        String::new()
    });
    let a = py.ring(class);
    py.del(&[a]);
    assert_eq!((py.o.collect(2), py.said()), (1, "callback".into()));
    let a = py.make(class);
    py.del(&[a]);
    assert_eq!(py.said(), "callback");
    assert!(made.lock().unwrap().iter().all(|r| !py.lives(*r)));
}

/// What a callback makes, of the object that is dying, is cleared and never called.
#[test]
fn created_in_a_callback() {
    let py = Py::new();
    let (class, never) = (py.plain(), py.says("NEVER"));
    let (dying, made) = (Arc::new(Mutex::new(None)), Arc::new(Mutex::new(None)));
    let a = py.make(class);
    *dying.lock().unwrap() = Some(a);
    let (of, keep) = (dying.clone(), made.clone());
    let callback = py.native(move |o, _| {
        let of = of.lock().unwrap().unwrap();
        *keep.lock().unwrap() = o.new_weakref(of, Some(o.new_ref(never)));
        "made".into()
    });
    py.weak(a, Some(callback));
    py.del(&[a]);
    assert_eq!(py.said(), "made");
    assert!(!py.lives(made.lock().unwrap().unwrap()));
}

/// Equal while both live and their targets are equal; afterwards each is only itself.
#[test]
fn hash_and_equality() {
    let py = Py::new();
    let class = py.plain();
    let (a, b) = (py.make(class), py.make(class));
    let (ra, rb) = (py.weak(a, None), py.weak(b, Some(py.says(""))));
    let hash = |r| py.o.weakref_hash(r, |_| Ok::<u64, ()>(1)).unwrap();
    let equal = |r, s| py.o.weakref_eq(r, s, |_, _| Ok::<bool, ()>(true)).unwrap();
    assert!(equal(ra, rb) && hash(ra) == Some(1));
    py.del(&[b]);
    assert!(!equal(ra, rb) && equal(rb, rb) && hash(rb).is_none());
    py.del(&[a]);
    assert_eq!(hash(ra), Some(1), "it is remembered");
    assert!(py.o.hash(rb).is_err());
}

#[test]
fn supported_types() {
    let py = Py::new();
    let o = &py.o;
    let class = py.plain();
    let yes = [
        o.new_set().unwrap(),
        o.new_frozenset().unwrap(),
        py.make(class),
        class,
        py.says(""),
        o.ty(Type::Int),
        py.make(py.class("W", &[], Some(&["__weakref__"]), &[])),
    ];
    assert!(yes.iter().all(|each| o.supports_weakrefs(*each)));
    let no = [
        o.none(),
        o.new_list().unwrap(),
        o.new_dict().unwrap(),
        o.new_tuple(&[]).unwrap(),
        o.new_int(5).unwrap(),
        o.new_str("x").unwrap(),
        o.call(o.ty(Type::Object), &[]).unwrap(),
        py.make(py.class("S", &[], Some(&[]), &[])),
        py.weak(class, None),
        o.raised(Type::ValueError, "x"),
    ];
    assert!(no.iter().all(|each| !o.supports_weakrefs(*each)));
}

/// A proxy is called as its target is; a dead one raises.
#[test]
fn proxies() {
    let py = Py::new();
    let f = py.says("called");
    let p = py.o.new_proxy(f, false, None).unwrap();
    assert!(py.o.is_a(p, Type::CallableProxy) && py.o.is_proxy(p));
    let done = py.o.call(p, &[]).unwrap();
    assert_eq!((done, py.said()), (py.o.none(), "called".into()));
    py.del(&[f]);
    let gone = py.o.call(p, &[]).unwrap_err();
    assert!(py.o.is_raised(gone, Type::ReferenceError));
    let a = py.make(py.plain());
    assert!(py.o.is_a(py.o.new_proxy(a, false, None).unwrap(), Type::Proxy));
}

/// A callback gets its own weak reference, cleared; one that raises does not stop the others; one that is dropped never
/// runs; one that is dropped in a callback does.
#[test]
fn callback_details() {
    let py = Py::new();
    let class = py.plain();
    let a = py.make(class);
    let expected = Arc::new(Mutex::new(None));
    let seen = expected.clone();
    let r = py.weak(
        a,
        Some(py.native(move |o, r| {
            format!("same {}, referent {}", Some(r) == *seen.lock().unwrap(), o.weakref_target(r).is_some())
        })),
    );
    *expected.lock().unwrap() = Some(r);
    assert!(py.o.weakref_callback(r).is_some());
    py.del(&[a]);
    assert_eq!((py.said(), py.o.weakref_callback(r)), ("same true, referent false".into(), None));

    let reported = py.log.clone();
    py.o.host_set_reporter(&reported);
    let a = py.make(class);
    py.weak(a, Some(py.says("first made")));
    let bad = py.o.new_native(None, |o: &Objects<World>, _: &[Obj]| Err(o.raised(Type::ValueError, "in callback")));
    py.weak(a, bad);
    py.weak(a, Some(py.says("last made")));
    py.del(&[a]);
    assert_eq!(py.said(), "last made, ValueError, first made");

    let a = py.make(class);
    let r = py.weak(a, Some(py.says("NEVER")));
    py.del(&[r, a]);
    assert_eq!(py.said(), "");

    let a = py.make(class);
    let first = py.weak(a, Some(py.says("held")));
    let drops = py.native(move |o, _| {
        o.decref(first);
        "drops".into()
    });
    py.weak(a, Some(drops));
    py.del(&[a]);
    assert_eq!(py.said(), "drops, held");
}

trait Reports {
    fn host_set_reporter(&self, log: &Arc<Mutex<Vec<String>>>);
}

impl Reports for Objects<World> {
    fn host_set_reporter(&self, log: &Arc<Mutex<Vec<String>>>) {
        let log = log.clone();
        self.host().set_reporter(Arc::new(move |_, lost| log.lock().unwrap().push(lost.what.clone())));
    }
}

/// A class outlives `del` until it is collected; a function does not.
#[test]
fn classes_and_subclasses() {
    let py = Py::new();
    let class = py.plain();
    let r = py.weak(class, None);
    py.del(&[class]);
    assert!(py.lives(r));
    py.o.collect(2);
    assert!(!py.lives(r));
    let f = py.says("");
    let r = py.weak(f, None);
    py.del(&[f]);
    assert!(!py.lives(r));
    let base = py.plain();
    let (d1, d2) = (py.class("D1", &[base], None, &[]), py.class("D2", &[base], None, &[]));
    py.del(&[d1]);
    assert_eq!(py.o.subclasses(base), [d1, d2]);
    py.o.collect(2);
    assert_eq!(py.o.subclasses(base), [d2]);
}

#[test]
fn deaths_of_several_objects() {
    let py = Py::new();
    let name = py.o.new_name("n").unwrap();
    let class = py.finalized(move |o, me| format!("del {}", o.str_text(o.own_attribute(me, name).unwrap())));
    let list = py.o.new_list().unwrap();
    for i in 0..3 {
        let a = py.make(class);
        py.set(a, "n", py.o.new_str(&i.to_string()).unwrap());
        py.weak(a, Some(py.says(&format!("cb {i}"))));
        py.o.list_append(list, a).unwrap();
    }
    py.del(&[list]);
    assert_eq!(py.said(), "del 2, cb 2, del 1, cb 1, del 0, cb 0");
}

/// A weak reference holds its callback until it has run, and its target never.
#[test]
fn lifetimes() {
    let py = Py::new();
    let (class, callback) = (py.plain(), py.says(""));
    let a = py.make(class);
    let r = py.weak(a, Some(py.o.new_ref(callback)));
    let s = py.weak(a, None);
    assert_eq!((py.o.refs(callback), py.o.refs(a)), (2, 1));
    let strong = py.o.call(s, &[]).unwrap();
    assert_eq!((strong, py.o.refs(a)), (a, 2));
    py.del(&[a, strong]);
    assert_eq!(py.o.refs(callback), 1);
    assert_eq!(py.o.call(r, &[]).unwrap(), py.o.none());
}

/// Two or more that wait are in a tuple, in CPython, and the collector counts it: what `get_count` said on 3.11.7.
#[test]
fn counters() {
    let py = Py::new();
    let class = py.plain();
    let changes: Vec<i64> = [1u64, 2, 2, 3, 3, 12, 12]
        .into_iter()
        .map(|callbacks| {
            let a = py.make(class);
            let refs: Vec<Obj> = (0..callbacks).map(|_| py.weak(a, Some(py.says("")))).collect();
            let before = py.o.get_count()[0] as i64;
            py.del(&[a]);
            let change = py.o.get_count()[0] as i64 - before;
            py.del(&refs);
            change
        })
        .collect();
    assert_eq!(changes, [-2, -2, -3, -3, -4, -13, -13]);
}

/// A weak reference that only its own callback kept is collected with it, and counted.
#[test]
fn one_more_is_collected() {
    let py = Py::new();
    let (class, cache) = (py.plain(), py.o.new_weak_values().unwrap());
    let (key, a) = (py.o.new_str("key").unwrap(), py.ring(class));
    py.o.weak_values_set(cache, key, a).unwrap();
    py.del(&[a]);
    assert_eq!(py.o.collect(2), 2, "the object, and the weak reference that the dictionary forgot");
    assert_eq!(py.o.weak_values_len(cache), 0);
}
