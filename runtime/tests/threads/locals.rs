//! Variables of a thread's own, looked at: a value is in the hands of whoever looks, and nobody waits for it.

use super::machine::{Heard, in_time, interpreter, start};
use runtime::threads::{Event, Local, Patience, Shell};
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::sync::Arc;

/// Says that it dies.
struct Mortal(&'static str, Heard);

impl Drop for Mortal {
    fn drop(&mut self) {
        self.1.say(self.0);
    }
}

/// Who looks at a value lets the GIL go; meanwhile another thread drops a local of which this one has a value, too.
#[test]
fn who_looks_may_let_the_gil_go() {
    in_time(|| {
        let python = interpreter();
        python.with_gil(|gil| {
            let (local, other, looks) = (Local::new(), Local::new(), Arc::new(Event::new()));
            local.set(&gil, 1);
            other.set(&gil, 7);
            let its = looks.clone();
            let t = start(gil, move |gil| {
                its.wait(&gil, Patience::Forever);
                drop(other);
            });
            let seen = local.with(&gil, |value| {
                looks.set(&gil);
                assert!(t.join(&gil, Patience::Forever));
                *value += 1;
                *value
            });
            assert_eq!((seen, local.take(&gil)), (Some(2), Some(2)));
        });
    });
}

/// In there it is nobody's; other variables are what they are.
#[test]
fn who_looks_may_ask_for_variables() {
    in_time(|| {
        let (python, heard) = (interpreter(), Heard::default());
        let mortal = |name| Mortal(name, heard.clone());
        python.with_gil(|gil| {
            let (a, b) = (Local::new(), Local::new());
            b.set(&gil, 7);
            a.set(&gil, mortal("a"));
            a.with(&gil, |value| {
                assert!(a.take(&gil).is_none() && a.with(&gil, |_| ()).is_none());
                assert_eq!(b.with(&gil, |value| *value), Some(7));
                value.0 = "changed";
            });
            assert_eq!(a.with(&gil, |value| value.0), Some("changed"));
            // A panic puts it back, too.
            let looked = catch_unwind(AssertUnwindSafe(|| a.with(&gil, |_| panic_any("on purpose"))));
            assert!(looked.is_err() && heard.all().is_empty());
            // One that is set meanwhile stays.
            let set = a.with(&gil, |_| a.set(&gil, mortal("new")).is_none());
            assert_eq!((set, heard.all()), (Some(true), vec!["changed".to_string()]));
            assert_eq!(a.with(&gil, |value| value.0), Some("new"));
            gil.locals().end();
            assert_eq!(heard.all(), ["changed", "new"]);
        });
    });
}

/// Looking does not change the order in which a thread's values die.
#[test]
fn the_oldest_dies_first() {
    in_time(|| {
        let (python, heard) = (interpreter(), Heard::default());
        python.with_gil(|gil| {
            let locals = [Local::new(), Local::new(), Local::new()];
            for (local, name) in locals.iter().zip(["first", "second", "third"]) {
                local.set(&gil, Mortal(name, heard.clone()));
            }
            assert_eq!(
                locals[0].with(&gil, |value| locals[1].with(&gil, |other| value.0.len() + other.0.len())),
                Some(Some(11))
            );
            gil.locals().end();
        });
        assert_eq!(heard.all(), ["first", "second", "third"]);
    });
}
