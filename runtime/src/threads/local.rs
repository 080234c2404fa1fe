//! # Variables of a thread's own: `threading.local`
//!
//! ```text
//!   thread  ->  Locals: | local 3: value | local 7: value |     what dies when the thread ends
//! ```
//!
//! A value lies with its thread, under the number of its [`Local`].
//!
//! - **I1** When the thread ends, its values are dropped, the oldest first, before anybody who joined it goes on.
//! - **I2** When the local is dropped, so are its values, whosever they are. (A thread that is about to end at the same
//!   time drops them itself.)
//! - **I3** While [`Local::with`] has a value in hand, the thread has none. One that is set meanwhile stays, and what was
//!   in hand is dropped; else it goes back into its place. Neither end can come in between: the thread's is further out,
//!   and the local is borrowed.
//! - **I4** No code of the host's runs while values are locked. It might let the GIL go, or ask for values itself.
//! - **I5** A value that panics as it dies keeps no other one alive.
//!
//! Source: `Modules/_threadmodule.c` (`localobject`), `PyThreadState_Clear` in `Python/pystate.c`.

use super::panics::Panics;
use super::shell::Shell;
use crate::gil::sync::{Arc, Mutex, Weak, lock};
use std::any::Any;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};

/// The values of one thread.
#[derive(Clone, Default)]
pub struct Locals(Arc<Values>);

type Values = Mutex<Vec<Entry>>;
type Value = Box<dyn Any + Send>;

struct Entry {
    /// The local's number.
    of: u64,
    /// `None`: somebody has it in hand (I3).
    value: Option<Value>,
}

impl std::fmt::Debug for Locals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} variables of a thread's own", lock(&self.0).len())
    }
}

impl Locals {
    /// The thread ends (I1). Values that the dying ones make are dropped as well.
    ///
    /// # Panics
    /// When a value panicked as it died (I5).
    pub fn end(&self) {
        let mut panics = Panics::default();
        while let Some(oldest) = taken(&self.0, |_| true) {
            panics.catch(|| drop(oldest));
        }
        panics.go_on();
    }
}

/// `threading.local`, of one variable.
pub struct Local<T> {
    number: u64,
    threads: Mutex<Vec<Weak<Values>>>,
    of: PhantomData<fn() -> T>,
}

impl<T> std::fmt::Debug for Local<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "local {}", self.number)
    }
}

impl<T: Any + Send> Default for Local<T> {
    fn default() -> Self {
        Local::new()
    }
}

impl<T: Any + Send> Local<T> {
    /// A variable that no thread has a value of.
    pub fn new() -> Self {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        Local { number, threads: Mutex::default(), of: PhantomData }
    }

    /// This thread's value from now on; the one before, if it had one.
    pub fn set<S: Shell>(&self, shell: &S, value: T) -> Option<T> {
        let before = self.take(shell);
        let locals = shell.locals();
        lock(&locals.0).push(Entry { of: self.number, value: Some(Box::new(value)) });
        let mut threads = lock(&self.threads);
        threads.retain(|thread| thread.strong_count() > 0 && !std::ptr::eq(thread.as_ptr(), Arc::as_ptr(&locals.0)));
        threads.push(Arc::downgrade(&locals.0));
        before
    }

    /// Takes this thread's value away.
    pub fn take<S: Shell>(&self, shell: &S) -> Option<T> {
        let value = taken(&shell.locals().0, |of| of == self.number)?;
        value.downcast().ok().map(|value| *value)
    }

    /// What `of` says of this thread's value, which it has in hand (I3). It may let the GIL go.
    pub fn with<S: Shell, R>(&self, shell: &S, of: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut in_hand = InHand::take(&shell.locals().0, self.number)?;
        in_hand.value.as_mut().and_then(|value| value.downcast_mut()).map(of)
    }
}

/// The oldest value of a local with such a number.
fn taken(values: &Values, which: impl Fn(u64) -> bool) -> Option<Value> {
    let mut values = lock(values);
    let at = values.iter().position(|entry| entry.value.is_some() && which(entry.of))?;
    values.remove(at).value
}

/// A value that somebody looks at. Dropped, it is back in its place, also when who looked panicked.
struct InHand<'a> {
    values: &'a Values,
    of: u64,
    value: Option<Value>,
}

impl<'a> InHand<'a> {
    fn take(values: &'a Values, of: u64) -> Option<Self> {
        let value = lock(values).iter_mut().find(|entry| entry.of == of && entry.value.is_some())?.value.take();
        Some(InHand { values, of, value })
    }
}

impl Drop for InHand<'_> {
    /// I3. A value that is replaced dies after this, with nothing locked (I4).
    fn drop(&mut self) {
        let mut values = lock(self.values);
        let replaced = values.iter().any(|entry| entry.of == self.of && entry.value.is_some());
        let place = values.iter().position(|entry| entry.of == self.of && entry.value.is_none());
        match place {
            Some(place) if replaced => drop(values.remove(place)),
            Some(place) => values[place].value = self.value.take(),
            None => {}
        }
    }
}

impl<T> Drop for Local<T> {
    /// I2, I5.
    fn drop(&mut self) {
        let threads = std::mem::take(&mut *lock(&self.threads));
        let mut panics = Panics::default();
        for thread in threads {
            panics.catch(|| drop(thread.upgrade().and_then(|values| taken(&values, |of| of == self.number))));
        }
        panics.go_on();
    }
}
