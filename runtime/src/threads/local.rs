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
//!
//! Source: `Modules/_threadmodule.c` (`localobject`), `PyThreadState_Clear` in `Python/pystate.c`.

use super::shell::Shell;
use crate::gil::sync::{Arc, Mutex, Weak, lock};
use std::any::Any;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};

/// The values of one thread.
#[derive(Clone, Default)]
pub struct Locals(Arc<Values>);

type Values = Mutex<Vec<(u64, Box<dyn Any + Send>)>>;

impl std::fmt::Debug for Locals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} variables of a thread's own", lock(&self.0).len())
    }
}

impl Locals {
    /// The thread ends (I1). Values that the dying ones make are dropped as well.
    pub fn end(&self) {
        loop {
            let mut values = lock(&self.0);
            if values.is_empty() {
                return;
            }
            let oldest = values.remove(0);
            drop(values);
            drop(oldest);
        }
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
        lock(&locals.0).push((self.number, Box::new(value)));
        let mut threads = lock(&self.threads);
        threads.retain(|thread| thread.strong_count() > 0 && !std::ptr::eq(thread.as_ptr(), Arc::as_ptr(&locals.0)));
        threads.push(Arc::downgrade(&locals.0));
        before
    }

    /// Takes this thread's value away.
    pub fn take<S: Shell>(&self, shell: &S) -> Option<T> {
        taken(&shell.locals().0, self.number).and_then(|value| value.downcast().ok()).map(|value| *value)
    }

    /// What `of` says of this thread's value. It must not ask for the thread's variables itself.
    pub fn with<S: Shell, R>(&self, shell: &S, of: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut values = lock(&shell.locals().0);
        let (_, value) = values.iter_mut().find(|(number, _)| *number == self.number)?;
        value.downcast_mut().map(of)
    }
}

fn taken(values: &Values, number: u64) -> Option<Box<dyn Any + Send>> {
    let mut values = lock(values);
    let at = values.iter().position(|(of, _)| *of == number)?;
    Some(values.remove(at).1)
}

impl<T> Drop for Local<T> {
    /// I2.
    fn drop(&mut self) {
        let threads = std::mem::take(&mut *lock(&self.threads));
        for thread in threads {
            drop(thread.upgrade().and_then(|values| taken(&values, self.number)));
        }
    }
}
