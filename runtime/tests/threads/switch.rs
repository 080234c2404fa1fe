//! Switches where they hurt: in a `__del__`, in the middle of a collection, in a frame, in a panic.

use super::machine::{Heard, Python, class_with, class_with_del, interpreter, name_of, start};
use runtime::objects::types::Type;
use runtime::threads::{Event, Patience, Shell, Thread};
use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A chain of a thousand lists, at whose end somebody waits in a `__del__`; meanwhile another thread drops a chain of its
/// own. Each has its own depth, and its own list of those who wait: neither takes apart what is the other's.
#[test]
fn a_switch_in_the_middle_of_a_long_death() {
    let (python, heard) = (interpreter(), Heard::default());
    python.with_gil(|gil| {
        let (inside, go_on) = (Arc::new(Event::new()), Arc::new(Event::new()));
        let (is_inside, may_go_on, hear) = (inside.clone(), go_on.clone(), heard.clone());
        let class = class_with(gil, move |gil, me| {
            is_inside.set(&gil);
            may_go_on.wait(&gil, Patience::Forever);
            hear.say(&format!("del {}", name_of(gil, me)));
        });
        let class = class.detach();
        let other = class_with_del(gil, &heard).detach();
        let hear = heard.clone();
        let t = start(gil, move |gil| {
            let mut chain = Python::instance(gil, &class, "of the thread");
            for _ in 0..1000 {
                let next = gil.list().unwrap();
                next.append(chain).unwrap();
                chain = next;
            }
            drop(chain);
            hear.say("all of the thread's is gone");
        });
        inside.wait(&gil, Patience::Forever);
        let mut chain = Python::instance(gil, &other, "of the main thread");
        for _ in 0..1000 {
            let next = gil.list().unwrap();
            next.append(chain).unwrap();
            chain = next;
        }
        drop(chain);
        heard.say("all of the main thread's is gone");
        go_on.set(&gil);
        t.join(&gil, Patience::Forever);
    });
    let order = [
        "del of the main thread",
        "all of the main thread's is gone",
        "del of the thread",
        "all of the thread's is gone",
    ];
    assert_eq!(heard.all(), order);
    python.nothing_is_left();
}

/// A collection calls a finalizer, which waits. Another thread asks for a collection: there is one, so it gets 0, as in
/// CPython; what it makes meanwhile lives on. Finalizers run in the thread whose collection found them.
#[test]
fn a_switch_in_the_middle_of_a_collection() {
    let (python, heard) = (interpreter(), Heard::default());
    python.with_gil(|gil| {
        let (inside, go_on, by) = (Arc::new(Event::new()), Arc::new(Event::new()), Arc::new(AtomicU64::new(0)));
        let (is_inside, may_go_on, whom) = (inside.clone(), go_on.clone(), by.clone());
        let class = class_with(gil, move |gil, _| {
            whom.store(u64::from(gil.me().0), Ordering::Relaxed);
            is_inside.set(&gil);
            may_go_on.wait(&gil, Patience::Forever);
        });
        let class = class.detach();
        let hear = heard.clone();
        let t = start(gil, move |gil| {
            let ring = gil.list().unwrap();
            ring.append(ring.clone()).unwrap();
            ring.append(Python::instance(gil, &class, "in a ring")).unwrap();
            drop(ring);
            hear.say(&format!("found {}", gil.objects().collect(2)));
        });
        inside.wait(&gil, Patience::Forever);
        let mine = gil.list().unwrap();
        mine.append(mine.clone()).unwrap();
        assert_eq!(gil.objects().collect(2), 0, "one is under way");
        go_on.set(&gil);
        t.join(&gil, Patience::Forever);
        assert_eq!(by.load(Ordering::Relaxed), u64::from(t.id().0));
        assert_eq!(mine.getrefcount(), 3);
        drop(mine);
        assert_eq!(gil.objects().collect(2), 7, "the list, and the class with its five");
    });
    assert_eq!(heard.all(), ["found 2"]);
    python.nothing_is_left();
}

/// The exception that is handled is a thread's own, and dies with it.
#[test]
fn a_handled_exception_is_its_threads() {
    let python = interpreter();
    python.with_gil(|gil| {
        let (handles, go_on) = (Arc::new(Event::new()), Arc::new(Event::new()));
        let (it_handles, may_go_on) = (handles.clone(), go_on.clone());
        let t = start(gil, move |gil| {
            let o = gil.objects();
            let exception = o.raised(Type::ValueError, "of the thread");
            o.set_handled(Some(exception));
            it_handles.set(&gil);
            may_go_on.wait(&gil, Patience::Forever);
            assert_eq!(o.handled(), Some(exception));
        });
        handles.wait(&gil, Patience::Forever);
        assert_eq!(gil.objects().handled(), None);
        go_on.set(&gil);
        t.join(&gil, Patience::Forever);
        assert!(!t.panicked());
    });
    python.nothing_is_left();
}

/// A thread that panics ends, with the GIL free, its locals dropped, and the objects whole.
#[test]
fn a_panic_ends_its_thread_alone() {
    let (python, heard) = (interpreter(), Heard::default());
    python.with_gil(|gil| {
        let class = class_with_del(gil, &heard).detach();
        let t = Thread::start(&gil, "panics", move |gil| {
            let _value = Python::instance(gil, &class, "local");
            let _ = gil.switch_point();
            std::panic::panic_any("on purpose");
        });
        let t = t.unwrap();
        assert!(t.join(&gil, Patience::Forever) && t.panicked() && !t.is_alive());
        let outcome = catch_unwind(AssertUnwindSafe(|| gil.allow_threads(|| std::panic::panic_any("in a call"))));
        assert!(outcome.is_err());
        assert_eq!(gil.list().unwrap().getrefcount(), 2, "this thread has the GIL again");
    });
    assert!(catch_unwind(AssertUnwindSafe(|| python.with_gil(|_| std::panic::panic_any("with it")))).is_err());
    assert_eq!(heard.all(), ["del local"]);
    python.nothing_is_left();
}

/// `with_gil` within `with_gil`, and within a call that let it go: the same thread, the same things of its own.
#[test]
fn coming_in_again() {
    let python = interpreter();
    python.with_gil(|gil| {
        let list = gil.list().unwrap();
        python.with_gil(|again| {
            assert_eq!(again.me(), gil.me());
            list.append(gil.none()).unwrap();
        });
        let travels = list.clone().detach();
        let interpreter = gil.interpreter();
        gil.allow_threads(|| {
            interpreter.with_gil(|again| {
                let list = travels.attach(again);
                list.append(again.none()).unwrap();
                again.sleep(1);
            });
        });
        assert_eq!(Python::items(&list).len(), 2);
        assert_eq!(list.getrefcount(), 2);
    });
    python.nothing_is_left();
}

/// A thread that computes lets go when it is asked; one that reads lets go by itself. Bytes go through a pipe.
#[test]
fn reading_and_writing() {
    let python = interpreter();
    python.with_gil(|gil| {
        let (mut from, mut to) = std::io::pipe().unwrap();
        let t = start(gil, move |gil| {
            let mut all = Vec::new();
            loop {
                let some = gil.read(&mut from, 100).unwrap().to_bytes();
                if some.is_empty() {
                    break;
                }
                all.extend(some);
            }
            assert_eq!(all.len(), 10_000);
        });
        for n in 0..1000 {
            let bytes = gil.bytes(&[n as u8; 10]).unwrap();
            assert_eq!(gil.write(&mut to, &bytes).unwrap(), 10);
        }
        drop(to);
        t.join(&gil, Patience::Forever);
        assert!(!t.panicked());
        let mut nothing = std::io::empty();
        assert!(gil.read(&mut nothing, 1).unwrap().to_bytes().is_empty());
        assert!(nothing.flush().is_ok() && nothing.read(&mut [0]).is_ok());
    });
    python.nothing_is_left();
}

/// A reference that is dropped without the GIL is decremented by who has it, at its next switch point.
#[test]
fn dropped_elsewhere() {
    let (python, heard) = (interpreter(), Heard::default());
    let travels = python.with_gil(|gil| {
        let class = class_with_del(gil, &heard).detach();
        let waits = Python::instance(gil, &class, "at a switch point").detach();
        std::thread::spawn(move || drop(waits)).join().unwrap();
        assert!(heard.all().is_empty());
        assert_eq!(gil.switch_point(), Ok(()));
        assert_eq!(heard.all(), ["del at a switch point"]);
        Python::instance(gil, &class, "by who comes in").detach()
    });
    drop(travels);
    assert_eq!(heard.all().len(), 1);
    python.with_gil(|_| assert_eq!(heard.all()[1], "del by who comes in"));
    python.nothing_is_left();
}
