//! What a thread does when it looks up from its work: signals, pending calls, exceptions that others throw.

use super::machine::{Heard, Python, World, class_with, in_time, interpreter, start};
use kit::gil::ThreadId;
use kit::graph::Obj;
use runtime::objects::token::Gil;
use runtime::objects::types::Type;
use runtime::threads::{Event, Patience, Shell};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Signals, then pending calls, then the GIL, then what another thread throws; the first two in the main thread only.
#[test]
fn duties_in_their_order() {
    let (python, heard) = (interpreter(), Heard::default());
    python.with_gil(|gil| {
        let hear = heard.clone();
        gil.set_signal_handler(2, move |_, number| {
            hear.say(&format!("signal {number}"));
            Ok(())
        });
        let ask = |what: &'static str, again: bool| {
            let hear = heard.clone();
            let call = move |gil: Gil<'_, World>| {
                hear.say(what);
                if again {
                    gil.switch_point()?; // no pending call inside of another
                    hear.say("it is done");
                }
                Ok(())
            };
            python.add_pending_call(call).unwrap();
        };
        ask("a call", true);
        ask("another call", false);
        let t = start(gil, {
            let (heard, python) = (heard.clone(), gil.interpreter());
            move |gil| {
                python.signal(2);
                assert_eq!(gil.switch_point(), Ok(()));
                heard.say("not the thread's business");
            }
        });
        t.join(&gil, Patience::Forever);
        assert_eq!(gil.switch_point(), Ok(()));
        ask("before what was thrown", false);
        assert!(gil.throw(gil.me(), Some(gil.none())));
        assert_eq!(gil.switch_point(), Err(gil.objects().none()));
        gil.objects().decref(gil.objects().none());
        assert_eq!(gil.switch_point(), Ok(()));
        assert!(!gil.throw(ThreadId(u32::MAX), None));
    });
    let order =
        ["not the thread's business", "signal 2", "a call", "it is done", "another call", "before what was thrown"];
    assert_eq!(heard.all(), order);
}

/// A handler that raises ends it; what comes after is done at the next switch point. 31 calls fit into CPython's ring of
/// 32 places, one of which stays empty: recorded of 3.10, 3.11 and 3.12.
#[test]
fn a_duty_that_raises() {
    let (python, done) = (interpreter(), Arc::new(AtomicU64::new(0)));
    python.with_gil(|gil| {
        gil.set_signal_handler(9, |gil, _| Err(gil.objects().raised(Type::KeyError, "9")));
        let call = || {
            let done = done.clone();
            python.add_pending_call(move |_| {
                done.fetch_add(1, Ordering::Relaxed);
                Ok(())
            })
        };
        (0..31).for_each(|_| call().unwrap());
        assert!(call().is_err());
        python.signal(9);
        let raised: Obj = gil.switch_point().unwrap_err();
        gil.objects().decref(raised);
        assert_eq!(done.load(Ordering::Relaxed), 0);
        assert_eq!(gil.switch_point(), Ok(()));
        assert_eq!(done.load(Ordering::Relaxed), 31);
    });
    python.nothing_is_left();
}

/// Another thread's loop is ended by an exception thrown into it.
#[test]
fn an_exception_from_another_thread() {
    let python = interpreter();
    python.with_gil(|gil| {
        let runs = Arc::new(Event::new());
        let it_runs = runs.clone();
        let t = start(gil, move |gil| {
            it_runs.set(&gil);
            let thrown = loop {
                if let Err(thrown) = gil.switch_point() {
                    break thrown;
                }
            };
            assert_eq!(gil.owned(thrown).to_text(), "out of it");
        });
        runs.wait(&gil, Patience::Forever);
        assert!(gil.throw(t.id(), Some(gil.str("out of it").unwrap())));
        t.join(&gil, Patience::Forever);
        assert!(!t.panicked());
    });
    python.nothing_is_left();
}

/// Handlers run in one pass, from the lowest signal to the highest. What a handler trips behind the pass waits for the
/// next switch point; what it trips before it runs in this one. CPython 3.11 does so with handlers written in C.
#[test]
fn handlers_run_in_one_pass() {
    let (python, heard) = (interpreter(), Heard::default());
    python.with_gil(|gil| {
        let trips = |number: u32, trips: &'static [u32]| {
            let (hear, python) = (heard.clone(), gil.interpreter());
            gil.set_signal_handler(number, move |_, number| {
                hear.say(&format!("signal {number}"));
                trips.iter().for_each(|other| python.signal(*other));
                Ok(())
            });
        };
        trips(2, &[]);
        trips(5, &[2, 6]);
        trips(6, &[]);
        trips(7, &[]);
        [7, 5].iter().for_each(|number| python.signal(*number));
        assert_eq!(gil.switch_point(), Ok(()));
        heard.say("goes on");
        assert_eq!(gil.switch_point(), Ok(()));
        // They hold the interpreter that holds them.
        [2, 5, 6, 7].iter().for_each(|number| gil.set_signal_handler(*number, |_, _| Ok(())));
    });
    assert_eq!(heard.all(), ["signal 5", "signal 6", "signal 7", "goes on", "signal 2"]);
    python.nothing_is_left();
}

/// A handler that trips its own signal runs once at each switch point, and the thread goes on in between.
#[test]
fn a_handler_that_trips_its_own_signal() {
    in_time(|| {
        let (python, ran) = (interpreter(), Arc::new(AtomicU64::new(0)));
        python.with_gil(|gil| {
            let (its, runs) = (gil.interpreter(), ran.clone());
            gil.set_signal_handler(9, move |_, number| {
                runs.fetch_add(1, Ordering::Relaxed);
                its.signal(number);
                Ok(())
            });
            python.signal(9);
            for times in 1..4 {
                assert_eq!(gil.switch_point(), Ok(()));
                assert_eq!(ran.load(Ordering::Relaxed), times);
            }
            gil.set_signal_handler(9, |_, _| Ok(()));
        });
    });
}

/// The handler before dies when the new one is there, and with it what it held; the `__del__` of that may look for
/// handlers itself.
#[test]
fn a_handler_that_is_replaced() {
    let (python, heard) = (interpreter(), Heard::default());
    python.with_gil(|gil| {
        let class = class_with(gil, {
            let (hear, python) = (heard.clone(), gil.interpreter());
            move |gil, _| {
                hear.say("del");
                python.signal(2);
                assert_eq!(gil.switch_point(), Ok(()));
            }
        });
        let held = Python::instance(gil, &class.detach(), "of the handler").detach();
        gil.set_signal_handler(2, move |_, _| {
            let _ = &held;
            Ok(())
        });
        let hear = heard.clone();
        gil.set_signal_handler(2, move |_, _| {
            hear.say("the new one");
            Ok(())
        });
    });
    assert_eq!(heard.all(), ["del", "the new one"]);
}
