//! # Raw memory whose arenas come from a book
//!
//! Arenas are what is asked for with the arena's size; everything else is the heap's own business and comes from raw
//! memory. The book chooses where an arena begins, at any page: as an arena's memory from the system does, and unlike
//! what our heap asks for, a multiple of a pool. The heap must manage with that, as CPython's does: a part of the
//! first pool's bytes is lost then.

use crate::ordinals::Book;
use kit::Addr;
use kit::owner::{Owner, Rights, State};
use kit::raw::RawMemory;
use std::fmt;
use std::rc::Rc;

/// The memory.
pub struct Memory {
    raw: RawMemory,
    book: Rc<Book>,
}

impl Memory {
    /// Memory with the arenas of this book.
    #[must_use]
    pub fn new(book: Rc<Book>) -> Memory {
        // SAFETY: only a reference heap runs on it, which reads and writes what it mapped (I1 of `kit::raw`).
        let raw = unsafe { RawMemory::new() };
        Memory { raw, book }
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("raw memory with a book of its arenas")
    }
}

impl kit::Memory for Memory {
    fn read(&self, at: Addr) -> u64 {
        self.raw.read(at)
    }
    fn write(&self, at: Addr, word: u64) {
        self.raw.write(at, word);
    }
    fn read_half(&self, at: Addr) -> u32 {
        self.raw.read_half(at)
    }
    fn write_half(&self, at: Addr, half: u32) {
        self.raw.write_half(at, half);
    }
    fn read_byte(&self, at: Addr) -> u8 {
        self.raw.read_byte(at)
    }
    fn write_byte(&self, at: Addr, byte: u8) {
        self.raw.write_byte(at, byte);
    }
    fn map(&self, bytes: u64, align: u64) -> Option<Addr> {
        if bytes as usize != self.book.arena() {
            return self.raw.map(bytes, align);
        }
        let base = self.book.map(bytes as usize);
        (!base.is_null()).then(|| Addr(base.expose_provenance() as u64))
    }
    fn map_zeroed(&self, bytes: u64, align: u64) -> Option<Addr> {
        self.raw.map_zeroed(bytes, align)
    }
    fn release(&self, at: Addr, bytes: u64, align: u64) {
        if bytes as usize != self.book.arena() {
            return self.raw.release(at, bytes, align);
        }
        // SAFETY: the heap gives back what `map` gave, when nothing in it is used any more.
        unsafe { self.book.release(std::ptr::with_exposed_provenance_mut(at.0 as usize), bytes as usize) }
    }
}

impl Owner for Memory {
    const WATCHED: bool = false;

    fn mark(&self, _: Addr, _: u64, _: State) {}
    fn call<R>(&self, _: Rights, part: impl FnOnce() -> R) -> R {
        part()
    }
    fn state(&self, _: Addr) -> Option<State> {
        None
    }
    fn peek(&self, at: Addr) -> Option<u64> {
        self.raw.peek(at)
    }
    fn peek_half(&self, at: Addr) -> Option<u32> {
        self.raw.peek_half(at)
    }
    fn peek_byte(&self, at: Addr) -> Option<u8> {
        self.raw.peek_byte(at)
    }
    fn copy(&self, from: Addr, to: Addr, bytes: u64) {
        self.raw.copy(from, to, bytes);
    }
    fn remap(&self, at: Addr, bytes: u64, new_bytes: u64, align: u64) -> Option<Addr> {
        self.raw.remap(at, bytes, new_bytes, align)
    }
}
