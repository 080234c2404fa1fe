//! Threads of the system, on one interpreter: what CPython's recorded facts say of threads, told by closures with the
//! token. Nothing here depends on who is quicker: a test that needs another thread to be somewhere waits for it.

use super::machine::{Heard, Python, class_with_del, interpreter, start};
use runtime::objects::token::NotPositive;
use runtime::threads::{Event, Guarded, Hold, Local, Lock, Patience, Queue, Shell, Thread, Word};
use std::sync::{Arc, Mutex};

/// Conformance fact 150.
#[test]
fn switchinterval() {
    let python = interpreter();
    assert_eq!(python.switch_interval(), 0.005);
    python.set_switch_interval(0.25).unwrap();
    assert_eq!(python.switch_interval(), 0.25);
    assert_eq!(python.set_switch_interval(0.0), Err(NotPositive));
    assert_eq!(python.set_switch_interval(-1.0), Err(NotPositive));
    assert_eq!(python.set_switch_interval(f64::NAN), Err(NotPositive));
    python.set_switch_interval(1e-6).unwrap();
    assert_eq!(python.switch_interval(), 1e-6);
}

/// Conformance fact 152.
#[test]
fn thread_local_lifetime() {
    let (python, heard) = (interpreter(), Heard::default());
    python.with_gil(|gil| {
        let class = class_with_del(gil, &heard).detach();
        let local = Arc::new(Local::new());
        let (loc, hear) = (local.clone(), heard.clone());
        let t = Thread::start(&gil, "T", move |gil| {
            let value = Python::instance(gil, &class, "thread-local value");
            loc.set(&gil, value.detach());
            hear.say("work done");
        });
        t.unwrap().join(&gil, Patience::Forever);
        heard.say("joined");
        assert!(local.take(&gil).is_none());
    });
    assert_eq!(heard.all(), ["work done", "del thread-local value", "joined"]);
    python.nothing_is_left();
}

/// Conformance fact 153.
#[test]
fn thread_args_lifetime() {
    let (python, heard) = (interpreter(), Heard::default());
    python.with_gil(|gil| {
        let class = Arc::new(class_with_del(gil, &heard).detach());
        let (argument, hear) = (Python::instance(gil, &class, "arg").detach(), heard.clone());
        let its = class.clone();
        let t = Thread::start(&gil, "T", move |gil| {
            let _argument = argument.attach(gil);
            let _b = Python::instance(gil, &its, "local");
            hear.say("body");
        });
        let t = t.unwrap();
        t.join(&gil, Patience::Forever);
        heard.say("joined");
        drop(t);
        heard.say("end");
    });
    assert_eq!(heard.all(), ["body", "del local", "del arg", "joined", "end"]);
    python.nothing_is_left();
}

/// Conformance fact 154.
#[test]
fn lock_pingpong() {
    let python = interpreter();
    python.with_gil(|gil| {
        let (ping, pong) = (Arc::new(Lock::new()), Arc::new(Lock::new()));
        assert!(pong.acquire(&gil, Patience::Forever));
        let out = gil.list().unwrap();
        let turns = |mine: &Arc<Lock>, other: &Arc<Lock>, says: &'static str| {
            let (mine, other, out) = (mine.clone(), other.clone(), out.clone().detach());
            start(gil, move |gil| {
                let out = out.attach(gil);
                for _ in 0..5 {
                    mine.acquire(&gil, Patience::Forever);
                    out.append(gil.str(says).unwrap()).unwrap();
                    other.release(&gil).unwrap();
                }
            })
        };
        let ts = [turns(&ping, &pong, "ping"), turns(&pong, &ping, "pong")];
        ts.iter().for_each(|t| assert!(t.join(&gil, Patience::Forever)));
        let said: Vec<String> = Python::items(&out).iter().map(|item| item.to_text()).collect();
        assert_eq!(said, ["ping", "pong"].repeat(5));
    });
    python.nothing_is_left();
}

/// Conformance fact 156: a call between load and store, and in it the other thread's whole turn.
#[test]
fn lost_update_with_call() {
    let python = interpreter();
    python.with_gil(|gil| {
        let n = Arc::new(Guarded::new(0));
        let (loaded, stored) = (Arc::new(Event::new()), Arc::new(Event::new()));
        let (its, has_loaded, has_stored) = (n.clone(), loaded.clone(), stored.clone());
        let slow = start(gil, move |gil| {
            let before = its.get();
            has_loaded.set(&gil);
            has_stored.wait(&gil, Patience::Forever); // the call, in which the other one runs
            its.set(before + 1);
        });
        loaded.wait(&gil, Patience::Forever);
        n.set(n.get() + 1);
        stored.set(&gil);
        slow.join(&gil, Patience::Forever);
        assert_eq!(n.get(), 1, "two additions, one of them lost");
    });
}

/// Conformance fact 155: without a switch point between load and store nothing is lost, at the shortest interval.
#[test]
fn no_update_is_lost_without_a_switch_point() {
    let python = interpreter();
    python.set_switch_interval(1e-6).unwrap();
    python.with_gil(|gil| {
        let n = Arc::new(Guarded::new(0));
        let work = |n: Arc<Guarded>| {
            start(gil, move |gil| {
                for _ in 0..20_000 {
                    n.set(n.get() + 1);
                    gil.switch_point().unwrap();
                }
            })
        };
        let ts: Vec<Thread> = (0..4).map(|_| work(n.clone())).collect();
        ts.iter().for_each(|t| assert!(t.join(&gil, Patience::Forever)));
        assert_eq!(n.get(), 80_000);
    });
}

/// Conformance fact 157.
#[test]
fn join_sees_everything() {
    let python = interpreter();
    python.set_switch_interval(1e-6).unwrap();
    python.with_gil(|gil| {
        let out = gil.list().unwrap();
        let work = |i: i64| {
            let out = out.clone().detach();
            start(gil, move |gil| {
                let out = out.attach(gil);
                for _ in 0..1000 {
                    out.append(gil.int(i).unwrap()).unwrap();
                    gil.switch_point().unwrap();
                }
            })
        };
        let ts: Vec<Thread> = (0..8).map(work).collect();
        ts.iter().for_each(|t| assert!(t.join(&gil, Patience::Forever)));
        let mut counts = [0; 8];
        Python::items(&out).iter().for_each(|item| counts[item.to_i64().unwrap() as usize] += 1);
        assert_eq!(counts, [1000; 8]);
        assert_eq!(out.getrefcount(), 2);
    });
    python.nothing_is_left();
}

/// Conformance fact 158.
#[test]
fn queue_handoff() {
    let python = interpreter();
    let got = Arc::new(Mutex::new(Vec::new()));
    python.with_gil(|gil| {
        let q = Arc::new(Queue::new(2));
        let (to, from, gets) = (q.clone(), q.clone(), got.clone());
        let prod = start(gil, move |gil| {
            for i in 0..20 {
                to.put(&gil, Some(gil.int(1000 + i).unwrap().detach()), Patience::Forever).unwrap();
            }
            to.put(&gil, None, Patience::Forever).unwrap();
        });
        let cons = start(gil, move |gil| {
            while let Some(x) = from.get(&gil, Patience::Forever).unwrap() {
                gets.lock().unwrap().push(x.attach(gil).to_i64().unwrap());
                from.task_done(&gil).unwrap();
            }
            from.task_done(&gil).unwrap();
        });
        [&prod, &cons].iter().for_each(|t| assert!(t.join(&gil, Patience::Forever)));
        q.join(&gil);
        assert!(q.task_done(&gil).is_err());
    });
    assert_eq!(*got.lock().unwrap(), (1000..1020).collect::<Vec<i64>>());
    python.nothing_is_left();
}

/// Who is called while the GIL is let go, and what the clock of a wait says.
#[test]
fn patience_has_an_end() {
    let python = interpreter();
    python.with_gil(|gil| {
        let lock = Lock::new();
        assert!(lock.acquire(&gil, Patience::None) && !lock.acquire(&gil, Patience::None));
        let before = gil.now();
        assert!(!lock.acquire(&gil, Patience::Micros(2000)));
        assert!(gil.now() >= before + 2000);
        assert!(!Event::new().wait(&gil, Patience::Micros(1)));
        assert_eq!(Queue::<()>::new(0).get(&gil, Patience::Micros(1)), None);
        lock.release(&gil).unwrap();
        assert!(lock.release(&gil).is_err());
    });
}
