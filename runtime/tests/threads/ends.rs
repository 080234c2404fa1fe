//! What is a thread's own dies when it ends, and may panic as it dies. The GIL is free afterwards, whoever joins goes on,
//! and the rest has died, too.

use super::machine::{Heard, Python, class_with_del, in_time, interpreter, start};
use runtime::objects::token::Detached;
use runtime::threads::{Local, Patience};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic_any("a bomb");
    }
}

/// What somebody panicked with; `None`: nobody did.
fn panicked(does: impl FnOnce()) -> Option<Box<dyn Any + Send>> {
    catch_unwind(AssertUnwindSafe(does)).err()
}

fn says(panic: Option<Box<dyn Any + Send>>) -> &'static str {
    panic.and_then(|panic| panic.downcast_ref().copied()).unwrap_or("nothing")
}

#[test]
fn the_gil_is_free_after_a_bomb() {
    in_time(|| {
        let (python, local) = (interpreter(), Local::new());
        let panic = panicked(|| python.with_gil(|gil| drop(local.set(&gil, Bomb))));
        assert_eq!(says(panic), "a bomb");
        std::thread::scope(|scope| {
            scope.spawn(|| python.with_gil(|gil| drop(gil.none())));
        });
        python.with_gil(|gil| assert!(local.take(&gil).is_none()));
        python.nothing_is_left();
    });
}

/// An interpreter that lies where another one lay is another one: who was inside of that is not inside of this.
#[test]
fn no_token_without_the_gil_after_a_bomb() {
    in_time(|| {
        for _ in 0..8 {
            let (before, local) = (interpreter(), Local::new());
            assert!(panicked(|| before.with_gil(|gil| drop(local.set(&gil, Bomb)))).is_some());
            drop(before);
            let (python, inside, (says, hears)) = (interpreter(), AtomicBool::new(false), channel());
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    python.with_gil(|_| {
                        inside.store(true, Ordering::Release);
                        says.send(()).unwrap();
                        std::thread::sleep(Duration::from_millis(5));
                        inside.store(false, Ordering::Release);
                    });
                });
                hears.recv().unwrap();
                python.with_gil(|_| assert!(!inside.load(Ordering::Acquire), "two at a time"));
            });
        }
    });
}

/// All of it dies before whoever joins goes on: locals, the exception that was handled, the one that was thrown.
#[test]
fn everything_dies_though_something_panics() {
    in_time(|| {
        let (python, heard) = (interpreter(), Heard::default());
        python.with_gil(|gil| {
            let class = class_with_del(gil, &heard).detach();
            let bombs = [Local::new(), Local::new()];
            let local = Arc::new(Local::<Detached>::new());
            let t = start(gil, move |gil| {
                drop(bombs[0].set(&gil, Bomb));
                drop(local.set(&gil, Python::instance(gil, &class, "local").detach()));
                drop(bombs[1].set(&gil, Bomb));
                assert!(gil.objects().set_handled(Some(Python::instance(gil, &class, "handled").into_obj())).is_none());
                assert!(gil.throw(gil.thread(), Some(Python::instance(gil, &class, "thrown"))));
                std::mem::forget(bombs);
                std::mem::forget(local);
            });
            assert!(t.join(&gil, Patience::Forever) && t.panicked() && !t.is_alive());
            let mut dead = heard.all();
            dead.sort_unstable();
            assert_eq!(dead, ["del handled", "del local", "del thrown"]);
        });
        python.nothing_is_left();
    });
}

/// A thread that panics already is not ended by a second one: the first goes on.
#[test]
fn a_bomb_in_a_thread_that_panics() {
    in_time(|| {
        let (python, local) = (interpreter(), Local::new());
        let panic = panicked(|| {
            python.with_gil(|gil| {
                drop(local.set(&gil, Bomb));
                panic_any("the first");
            });
        });
        assert_eq!(says(panic), "the first");
        python.nothing_is_left();
    });
}

/// What a body panics with may panic itself when it is dropped: its thread has ended all the same.
#[test]
fn a_body_that_panics_with_a_bomb() {
    in_time(|| {
        let python = interpreter();
        python.with_gil(|gil| {
            let t = start(gil, |_| panic_any(Bomb));
            assert!(t.join(&gil, Patience::Forever) && t.panicked());
        });
        python.nothing_is_left();
    });
}

/// A function of the host's whose closure panics as it dies, among references that were dropped without the GIL: the
/// others are decremented, too.
#[test]
fn a_bomb_among_others() {
    in_time(|| {
        let (python, heard) = (interpreter(), Heard::default());
        let dropped = python.with_gil(|gil| {
            let bomb = Bomb;
            let holds = gil.function(move |gil, _| {
                let _ = &bomb;
                Ok(gil.none().into_obj())
            });
            let class = class_with_del(gil, &heard).detach();
            [holds.unwrap().detach(), Python::instance(gil, &class, "another").detach()]
        });
        drop(dropped);
        assert_eq!(says(panicked(|| python.with_gil(|_| {}))), "a bomb");
        assert_eq!(heard.all(), ["del another"]);
        std::thread::scope(|scope| {
            scope.spawn(|| python.with_gil(|gil| drop(gil.none())));
        });
    });
}
