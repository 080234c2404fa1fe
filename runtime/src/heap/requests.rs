//! # Requests: what a program asks a heap for
//!
//! Four functions, with the contract of C's. They add to the allocator's part what no allocator decides: `realloc` of
//! nothing is `malloc`, `free` of nothing is nothing. Nobody is given more than half of all addresses; that is looked
//! at where the raw domain is asked, off the way of small requests.
//!
//! Source: `PyObject_Malloc` and its neighbours in CPython's `Objects/obmalloc.c`.

use super::machine::Heap;
use super::raw_domain::LARGEST;
use crate::config::Config;
use kit::allocator::{Allocator, Pools};
use kit::memory::{Addr, Memory};

/// Somebody who serves requests: a heap, the raw domain, hooks around another one.
pub trait Requests {
    /// A block of at least `bytes` bytes; for 0, one of its own. `None`: no more memory.
    fn malloc(&self, bytes: u64) -> Option<Addr>;
    /// A block for `count` things of `each` bytes, every byte 0.
    fn calloc(&self, count: u64, each: u64) -> Option<Addr>;
    /// The same content in a block of at least `bytes` bytes. `None`: no more memory, and the old block is as it was.
    fn realloc(&self, at: Option<Addr>, bytes: u64) -> Option<Addr>;
    /// Takes a block back.
    fn free(&self, at: Option<Addr>);
}

impl<C: Config<Service = Heap<C>>> Heap<C> {
    /// A block of at least `bytes` bytes. `None`: no more memory.
    #[inline]
    pub fn malloc(&self, bytes: u64) -> Option<Addr> {
        self.parts.allocator.malloc(self, bytes)
    }

    /// A block for `count` things of `each` bytes, every byte 0.
    pub fn calloc(&self, count: u64, each: u64) -> Option<Addr> {
        let bytes = count.checked_mul(each).filter(|bytes| *bytes <= LARGEST)?;
        if self.class_of(bytes).is_none() {
            return self.raw_calloc(bytes.max(1));
        }
        let at = self.malloc(bytes)?;
        self.mem.fill(at, bytes, 0);
        Some(at)
    }

    /// The same content in a block of at least `bytes` bytes. `None`: no more memory, and the old block is as it was.
    pub fn realloc(&self, at: Addr, bytes: u64) -> Option<Addr> {
        self.parts.allocator.realloc(self, at, bytes)
    }

    /// Takes back what this heap gave.
    #[inline]
    pub fn free(&self, at: Addr) {
        self.parts.allocator.free(self, at);
    }
}

impl<C: Config<Service = Heap<C>>> Requests for Heap<C> {
    fn malloc(&self, bytes: u64) -> Option<Addr> {
        Heap::malloc(self, bytes)
    }
    fn calloc(&self, count: u64, each: u64) -> Option<Addr> {
        Heap::calloc(self, count, each)
    }
    fn realloc(&self, at: Option<Addr>, bytes: u64) -> Option<Addr> {
        match at {
            Some(at) => Heap::realloc(self, at, bytes),
            None => Heap::malloc(self, bytes),
        }
    }
    fn free(&self, at: Option<Addr>) {
        if let Some(at) = at {
            Heap::free(self, at);
        }
    }
}
