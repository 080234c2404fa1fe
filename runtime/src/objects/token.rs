//! # Handles: who may touch an object, and who holds one
//!
//! ```text
//!   Interpreter ---- with_gil ----> Gil<'g>          the token: whoever has one may touch objects
//!                                     |
//!                                  Owned<'g>         a reference: clone = incref, drop = decref
//!                                     |  detach          ^  attach(gil)
//!                                     v                  |
//!                                  Detached          a reference that may wait anywhere, and travel to other threads
//! ```
//!
//! Counts are plain words. Two threads that change one at the same time lose a reference, and with it the object. So
//! nobody can touch an object without the token, and there is one token: it lives as long as the call of `with_gil`, it
//! cannot be sent to another thread, and neither can an [`Owned`], which has one in it.
//!
//! The compiler holds these:
//!
//! ```compile_fail,E0277
//! # use runtime::objects::token::*; use runtime::config::Fast; use kit::geometry::Modern;
//! fn to_another_thread(gil: Gil<'_, Fast<Modern>>) {
//!     std::thread::scope(|scope| { scope.spawn(move || gil.none()); }); // a Gil is not Send
//! }
//! ```
//!
//! ```compile_fail,E0277
//! # use runtime::objects::token::*; use runtime::config::Fast; use kit::geometry::Modern;
//! fn handle_to_another_thread(list: Owned<'_, Fast<Modern>>) {
//!     std::thread::scope(|scope| { scope.spawn(move || drop(list)); }); // neither is an Owned
//! }
//! ```
//!
//! ```compile_fail,E0521
//! # use runtime::objects::token::*; use runtime::config::Fast; use kit::geometry::Modern;
//! fn kept_for_later(python: &Interpreter<Fast<Modern>>) {
//!     let mut kept = None;
//!     python.with_gil(|gil| kept = Some(gil.none())); // a handle cannot leave the call
//! }
//! ```
//!
//! - **I1** At most one thread is inside [`Interpreter::with_gil`].
//! - **I2** An [`Owned`] is one reference that `REFS` counts.
//! - **I3** A [`Detached`] that is dropped cannot decrement, for it has no token: it is put on a list, and the next one
//!   who takes the token does it.
//!
//! Source: the idea is PyO3's, `Python<'py>`, `Bound<'py, T>` and `Py<T>`.

mod values;

use super::machine::{Objects, Profile, World};
use crate::heap::machine::Heap;
use kit::graph::Obj;
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use values::Trouble;

/// A runtime that threads share.
pub struct Interpreter<W: World> {
    objects: Mutex<Objects<W>>,
    dropped: Arc<Mutex<Vec<Obj>>>,
}

impl<W: World> Interpreter<W> {
    /// A runtime on `heap`. `None`: no memory.
    pub fn new(heap: Heap<W>, profile: Profile) -> Option<Self> {
        Some(Interpreter { objects: Mutex::new(Objects::new(heap, profile)?), dropped: Arc::default() })
    }

    /// Waits for the token, and runs `inside` with it.
    ///
    /// # Panics
    /// When `inside` panics. The token is free afterwards: objects are whole between any two calls.
    pub fn with_gil<R>(&self, inside: impl for<'g> FnOnce(Gil<'g, W>) -> R) -> R {
        let objects: MutexGuard<'_, Objects<W>> = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        let gil = Gil { objects: &objects, dropped: &self.dropped, here: PhantomData };
        gil.catch_up();
        inside(gil)
    }
}

/// The token.
pub struct Gil<'g, W: World> {
    objects: &'g Objects<W>,
    dropped: &'g Arc<Mutex<Vec<Obj>>>,
    /// Of this thread, and of this call: not `Send`, and no longer or shorter lifetime will do.
    here: PhantomData<(*const (), Cell<&'g ()>)>,
}

impl<W: World> Clone for Gil<'_, W> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<W: World> Copy for Gil<'_, W> {}

impl<'g, W: World> Gil<'g, W> {
    /// The objects themselves: bare addresses, counted by hand.
    pub fn objects(self) -> &'g Objects<W> {
        self.objects
    }

    /// A handle for a reference that the caller owns.
    pub fn owned(self, o: Obj) -> Owned<'g, W> {
        Owned { gil: self, o }
    }

    /// A handle for an object that somebody else holds.
    pub fn borrowed(self, o: Obj) -> Owned<'g, W> {
        self.owned(self.objects.new_ref(o))
    }

    /// `None`
    pub fn none(self) -> Owned<'g, W> {
        self.borrowed(self.objects.none())
    }

    /// `[]`. `None`: no memory.
    pub fn list(self) -> Option<Owned<'g, W>> {
        Some(self.owned(self.objects.new_list()?))
    }

    /// I3.
    fn catch_up(self) {
        loop {
            let dropped = std::mem::take(&mut *self.dropped.lock().unwrap_or_else(PoisonError::into_inner));
            if dropped.is_empty() {
                return;
            }
            dropped.into_iter().for_each(|o| self.objects.decref(o));
        }
    }
}

impl<W: World> fmt::Debug for Gil<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the GIL of {:?}", self.objects)
    }
}

/// A reference. Cloning it is the increment, dropping it the decrement.
pub struct Owned<'g, W: World> {
    gil: Gil<'g, W>,
    o: Obj,
}

impl<'g, W: World> Owned<'g, W> {
    /// The token it came with.
    pub fn gil(&self) -> Gil<'g, W> {
        self.gil
    }

    /// The object; this handle keeps the reference.
    pub fn as_obj(&self) -> Obj {
        self.o
    }

    /// The object, and the reference with it.
    pub fn into_obj(self) -> Obj {
        let o = self.o;
        std::mem::forget(self);
        o
    }

    /// A reference that may wait anywhere.
    pub fn detach(self) -> Detached {
        let dropped = self.gil.dropped.clone();
        Detached { o: Some(self.into_obj()), dropped }
    }

    /// What `sys.getrefcount` says: its argument is one more.
    pub fn getrefcount(&self) -> u64 {
        self.gil.objects.refs(self.o) + 1
    }

    /// `is`
    pub fn is(&self, other: &Owned<'_, W>) -> bool {
        self.o == other.o
    }

    /// `self.append(item)`, of a list. `None`: no memory.
    pub fn append(&self, item: Owned<'g, W>) -> Option<()> {
        self.gil.objects.list_append(self.o, item.into_obj())
    }
}

impl<W: World> Clone for Owned<'_, W> {
    fn clone(&self) -> Self {
        self.gil.borrowed(self.o)
    }
}

impl<W: World> Drop for Owned<'_, W> {
    fn drop(&mut self) {
        self.gil.objects.decref(self.o);
    }
}

impl<W: World> fmt::Debug for Owned<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.gil.objects.host.name(self.o))
    }
}

/// A reference without a token. It can only wait, travel, and be attached again.
#[derive(Debug)]
pub struct Detached {
    o: Option<Obj>,
    dropped: Arc<Mutex<Vec<Obj>>>,
}

impl Detached {
    /// The handle again, under the token of the same runtime.
    ///
    /// # Panics
    /// When the token is another runtime's: its objects are elsewhere.
    pub fn attach<W: World>(mut self, gil: Gil<'_, W>) -> Owned<'_, W> {
        assert!(Arc::ptr_eq(&self.dropped, gil.dropped), "a handle of another interpreter");
        gil.owned(self.o.take().expect("it is taken only here, and when it is dropped"))
    }
}

impl Drop for Detached {
    fn drop(&mut self) {
        if let Some(o) = self.o.take() {
            self.dropped.lock().unwrap_or_else(PoisonError::into_inner).push(o);
        }
    }
}
