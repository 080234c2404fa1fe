//! # References that travel
//!
//! - **I1** A [`Detached`] that is dropped by a thread that has the GIL is decremented there and then. Any other thread
//!   cannot: it puts the reference on a list, and the holder of the GIL does it, at its next switch point, or the next one
//!   who comes in.
//! - **I2** It does not keep its interpreter. When that is gone, so is the object.
//!
//! Source: the idea is PyO3's, `Py<T>` and its reference pool.

use super::duties::DROPPED;
use super::interpreter::Shared;
use super::{Gil, Objects, Owned};
use crate::gil::sync::{Arc, Mutex, Weak, lock};
use crate::objects::machine::World;
use crate::threads::panics::Panics;
use kit::graph::Obj;
use std::fmt;

/// A reference without a token. It can only wait, travel, and be attached again.
pub struct Detached {
    o: Option<Obj>,
    home: Weak<dyn Home + Send + Sync>,
}

/// References that were dropped without the GIL.
pub(super) type Dropped = Mutex<Vec<Obj>>;

/// Where an object lives.
trait Home {
    /// A reference is dropped.
    fn give_back(&self, o: Obj);
}

impl<W: World> Home for Shared<W> {
    /// I1.
    fn give_back(&self, o: Obj) {
        if self.is_mine() {
            return self.objects.decref(o);
        }
        lock(&self.dropped).push(o);
        self.gil.ask(DROPPED);
    }
}

impl<'g, W: World> Owned<'g, W>
where
    Objects<W>: Send,
{
    /// A reference that may wait anywhere.
    pub fn detach(self) -> Detached {
        let home: Arc<dyn Home + Send + Sync> = self.gil.shared.clone();
        Detached { o: Some(self.into_obj()), home: Arc::downgrade(&home) }
    }
}

impl<W: World> Gil<'_, W> {
    /// Decrements what others dropped without the GIL.
    ///
    /// # Panics
    /// When something of the host's did as it died; all are decremented by then.
    pub(super) fn catch_up(self) {
        let mut panics = Panics::default();
        loop {
            let dropped = std::mem::take(&mut *lock(&self.shared.dropped));
            if dropped.is_empty() {
                return panics.go_on();
            }
            dropped.into_iter().for_each(|o| panics.catch(|| self.objects().decref(o)));
        }
    }
}

impl Detached {
    /// The handle again, under the token of the same runtime.
    ///
    /// # Panics
    /// When the token is another runtime's: its objects are elsewhere.
    pub fn attach<W: World>(mut self, gil: Gil<'_, W>) -> Owned<'_, W> {
        let of = Arc::as_ptr(gil.shared).cast::<()>();
        assert!(self.home.as_ptr().cast::<()>() == of, "a handle of another interpreter");
        gil.owned(self.o.take().expect("it is taken only here, and when it is dropped"))
    }

    /// A handle of its own for the same object, under the token of the same runtime.
    ///
    /// # Panics
    /// When the token is another runtime's.
    pub fn clone_ref<'g, W: World>(&self, gil: Gil<'g, W>) -> Owned<'g, W> {
        let of = Arc::as_ptr(gil.shared).cast::<()>();
        assert!(self.home.as_ptr().cast::<()>() == of, "a handle of another interpreter");
        gil.borrowed(self.o.expect("it is taken only when it is attached or dropped"))
    }
}

impl fmt::Debug for Detached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a reference to {:?}", self.o)
    }
}

impl Drop for Detached {
    fn drop(&mut self) {
        if let Some(o) = self.o.take()
            && let Some(home) = self.home.upgrade()
        {
            home.give_back(o);
        }
    }
}
