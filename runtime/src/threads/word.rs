//! # A word that the GIL guards
//!
//! What a lock knows is a few words. They may lie in a struct of the host ([`Guarded`]), or in an object of the runtime
//! ([`InObject`]): the lock is the same.
//!
//! - **I1** Only who has the GIL reads or writes one. That orders everything: the accesses themselves need no order.

use crate::gil::sync::{AtomicU64, Ordering::Relaxed};
use kit::{Addr, Memory};

/// A word at a place.
pub trait Word {
    /// What it is.
    fn get(&self) -> u64;
    /// What it is from now on.
    fn set(&self, value: u64);
    /// Where it lies: what threads wait on. No other word has the same one as long as this one is there.
    fn key(&self) -> u64;
}

/// A word in a struct of the host, 0 at first. It is not moved while a thread waits on it: that thread borrows it.
#[derive(Debug, Default)]
pub struct Guarded(AtomicU64);

impl Guarded {
    /// A word that is `value`.
    pub fn new(value: u64) -> Self {
        Guarded(AtomicU64::new(value))
    }
}

impl Word for Guarded {
    #[inline]
    fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }

    #[inline]
    fn set(&self, value: u64) {
        self.0.store(value, Relaxed);
    }

    #[inline]
    fn key(&self) -> u64 {
        std::ptr::from_ref(self).addr() as u64
    }
}

/// A word of an object. Whoever waits on it holds the object.
#[derive(Debug)]
pub struct InObject<'m, M> {
    /// The memory that the object is in.
    pub mem: &'m M,
    /// The word.
    pub at: Addr,
}

impl<M: Memory> Word for InObject<'_, M> {
    #[inline]
    fn get(&self) -> u64 {
        self.mem.read(self.at)
    }

    #[inline]
    fn set(&self, value: u64) {
        self.mem.write(self.at, value);
    }

    #[inline]
    fn key(&self) -> u64 {
        self.at.0
    }
}
