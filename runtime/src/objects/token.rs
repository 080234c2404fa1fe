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
//! nobody can touch an object without a token, and tokens of one thread at a time are good for that: of the one that has
//! the GIL. A token lives as long as the call of `with_gil`; it cannot be sent to another thread, nor be used in a call that
//! lets the GIL go, and neither can an [`Owned`], which has one in it.
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
//! - **I1** At most one thread has the GIL, and only that one touches objects. Others may be inside
//!   [`Interpreter::with_gil`], too: they wait, sleep, or are in a call that let the GIL go ([`Gil::allow_threads`]).
//! - **I2** An [`Owned`] is one reference that `REFS` counts.
//! - **I3** A [`Detached`] that is dropped by the thread that has the GIL is decremented there and then. Dropped by another
//!   one, it cannot be: it is put on a list, and the holder of the GIL does it at its next switch point, or the next one
//!   who comes in.
//!
//! Source: the idea is PyO3's, `Python<'py>`, `Bound<'py, T>` and `Py<T>`.

mod detached;
mod duties;
mod interpreter;
mod io;
mod shell;
mod values;

use super::machine::{Objects, World};
use crate::gil::sync::Arc;
use interpreter::{Own, Shared};
use kit::graph::Obj;
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;

pub use detached::Detached;
pub use duties::{Flags, TooManyCalls};
pub use interpreter::{Interpreter, NotPositive};
pub use values::Trouble;

/// The token.
pub struct Gil<'g, W: World> {
    shared: &'g Arc<Shared<W>>,
    own: &'g Arc<Own>,
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
    /// For the thread whose `own` it is, while it has the GIL.
    fn new(shared: &'g Arc<Shared<W>>, own: &'g Arc<Own>) -> Self {
        Gil { shared, own, here: PhantomData }
    }

    /// The objects themselves: bare addresses, counted by hand.
    #[inline]
    pub fn objects(self) -> &'g Objects<W> {
        &self.shared.objects
    }

    /// A handle for a reference that the caller owns.
    pub fn owned(self, o: Obj) -> Owned<'g, W> {
        Owned { gil: self, o }
    }

    /// A handle for an object that somebody else holds.
    pub fn borrowed(self, o: Obj) -> Owned<'g, W> {
        self.owned(self.objects().new_ref(o))
    }

    /// `None`
    pub fn none(self) -> Owned<'g, W> {
        self.borrowed(self.objects().none())
    }

    /// `[]`. `None`: no memory.
    pub fn list(self) -> Option<Owned<'g, W>> {
        Some(self.owned(self.objects().new_list()?))
    }
}

impl<W: World> fmt::Debug for Gil<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the GIL of {:?}", self.objects())
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

    /// What `sys.getrefcount` says: its argument is one more.
    pub fn getrefcount(&self) -> u64 {
        self.gil.objects().refs(self.o) + 1
    }

    /// `is`
    pub fn is(&self, other: &Owned<'_, W>) -> bool {
        self.o == other.o
    }

    /// `self.append(item)`, of a list. `None`: no memory.
    pub fn append(&self, item: Owned<'g, W>) -> Option<()> {
        self.gil.objects().list_append(self.o, item.into_obj())
    }
}

impl<W: World> Clone for Owned<'_, W> {
    fn clone(&self) -> Self {
        self.gil.borrowed(self.o)
    }
}

impl<W: World> Drop for Owned<'_, W> {
    fn drop(&mut self) {
        self.gil.objects().decref(self.o);
    }
}

impl<W: World> fmt::Debug for Owned<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.gil.objects().host.name(self.o))
    }
}
