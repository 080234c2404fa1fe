//! # Addresses as ordinals
//!
//! Two allocators that behave alike never give the same addresses. They give the same *places*: block at offset 112 of
//! pool 3 of the second arena that was ever made. A [`Book`] gives arenas out, at addresses whose alignment is chosen
//! by a seed, numbers them, and says where an address lies:
//!
//! ```text
//! + 0            the arena with the number 0 was asked for
//! 0 3 112        a block in arena 0, pool 3, at offset 112
//! raw            a block that lies in no arena
//! - 0            arena 0 went back
//! ```
//!
//! - **I1** The number of an arena is the number of those that were asked for before it.
//! - **I2** Where arena `n` begins, in bytes behind a multiple of a mebibyte, depends on the seed and `n` alone. A third
//!   of them begin at such a multiple, the others at any page.

use crate::patterns::Random;
use crate::requests::{Request, slots};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::RefCell;

/// A mebibyte: the cell of CPython's address map.
const CELL: usize = 1 << 20;
/// What the system hands out.
const PAGE: usize = 4096;

/// Gives arenas out and keeps the books.
#[derive(Debug)]
pub struct Book {
    seed: u64,
    /// Bytes of an arena: requests of any other size come from somebody else.
    arena: usize,
    pool: usize,
    notes: RefCell<Notes>,
}

#[derive(Debug, Default)]
struct Notes {
    /// Arenas alive: number, first byte, and the stretch that it was cut from.
    alive: Vec<(u64, usize, *mut u8)>,
    asked: u64,
    lines: Vec<String>,
}

impl Book {
    /// The book of arenas of `arena` bytes with pools of `pool` bytes.
    #[must_use]
    pub fn new(seed: u64, arena: usize, pool: usize) -> Book {
        Book { seed, arena, pool, notes: RefCell::default() }
    }

    /// Bytes of an arena.
    #[must_use]
    pub fn arena(&self) -> usize {
        self.arena
    }

    /// Gives `bytes` bytes. Null: none left.
    pub fn map(&self, bytes: usize) -> *mut u8 {
        // SAFETY: the layout's size is not 0.
        let start = unsafe { System.alloc(Book::stretch(bytes)) };
        let notes = &mut *self.notes.borrow_mut();
        if bytes != self.arena || start.is_null() {
            return start;
        }
        let mut random = Random::new(self.seed ^ (notes.asked << 32));
        let behind = if random.below(3) == 0 { 0 } else { random.below(CELL / PAGE) * PAGE };
        let base = start.wrapping_add(behind);
        notes.alive.push((notes.asked, base.expose_provenance(), start));
        notes.lines.push(format!("+ {}", notes.asked));
        notes.asked += 1;
        base
    }

    /// Takes back what [`map`](Book::map) gave.
    ///
    /// # Safety
    /// It was given for as many bytes and nobody uses it any more.
    pub unsafe fn release(&self, base: *mut u8, bytes: usize) {
        let notes = &mut *self.notes.borrow_mut();
        let index = notes.alive.iter().position(|(_, alive, _)| *alive == base.addr());
        let start = index.map_or(base, |index| {
            let (number, _, start) = notes.alive.swap_remove(index);
            notes.lines.push(format!("- {number}"));
            start
        });
        // SAFETY: `map` gave the stretch with this layout.
        unsafe { System.dealloc(start, Book::stretch(bytes)) }
    }

    /// What a stretch of `bytes` bytes is cut from: there is room to shift it.
    fn stretch(bytes: usize) -> Layout {
        Layout::from_size_align(bytes + CELL, CELL).expect("an arena and a mebibyte")
    }

    /// Where `at` lies.
    fn place(&self, at: usize) -> String {
        let notes = self.notes.borrow();
        let found = notes.alive.iter().find(|(_, base, _)| (*base..*base + self.arena).contains(&at));
        found.map_or("raw".into(), |(number, base, _)| {
            let offset = at - base.next_multiple_of(self.pool);
            format!("{number} {} {}", offset / self.pool, offset % self.pool)
        })
    }

    fn note(&self, line: String) {
        self.notes.borrow_mut().lines.push(line);
    }

    /// Everything that was written so far, and the book is empty.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.notes.borrow_mut().lines)
    }
}

/// An allocator with all four functions. A null block is out of memory.
pub trait Domain {
    /// A block of at least `bytes` bytes.
    fn malloc(&self, bytes: usize) -> *mut u8;
    /// A block of at least `count` times `bytes` bytes, all 0.
    fn calloc(&self, count: usize, bytes: usize) -> *mut u8;
    /// The same content in a block of at least `bytes` bytes.
    ///
    /// # Safety
    /// The block is one of this domain, and not free.
    unsafe fn realloc(&self, block: *mut u8, bytes: usize) -> *mut u8;
    /// Takes a block back.
    ///
    /// # Safety
    /// As for [`realloc`](Domain::realloc).
    unsafe fn free(&self, block: *mut u8);
}

/// Runs `requests`, fills each block and looks whether what was in it stays there: one line for each block that is
/// given and each arena that comes or goes.
pub fn run(domain: &impl Domain, book: &Book, requests: &[Request]) -> Vec<String> {
    let mut table = vec![(std::ptr::null_mut::<u8>(), 0); slots(requests)];
    for request in requests {
        let (slot, block, bytes, kept) = match *request {
            Request::Malloc { slot, bytes } => (slot, domain.malloc(bytes as usize), bytes as usize, None),
            Request::Calloc { slot, count, bytes } => {
                let all = (count * bytes) as usize;
                (slot, domain.calloc(count as usize, bytes as usize), all, Some((0, all)))
            }
            Request::Realloc { slot, bytes } => {
                let (block, before) = table[slot as usize];
                // SAFETY: a program reallocs only what is alive.
                let block = unsafe { domain.realloc(block, bytes as usize) };
                (slot, block, bytes as usize, Some((slot as u8, before.min(bytes as usize))))
            }
            Request::Free { slot } => {
                // SAFETY: a program frees a block once.
                unsafe { domain.free(table[slot as usize].0) };
                continue;
            }
        };
        assert!(!block.is_null(), "no more memory");
        book.note(book.place(block.expose_provenance()));
        if let Some((byte, bytes)) = kept {
            // SAFETY: the block has that many bytes, and all of them were written: by us, or by `calloc`.
            let content = unsafe { std::slice::from_raw_parts(block, bytes) };
            if content.iter().any(|found| *found != byte) {
                book.note(format!("{request:?}: the content is not what it was"));
            }
        }
        // SAFETY: the block has that many bytes.
        unsafe { block.write_bytes(slot as u8, bytes) };
        table[slot as usize] = (block, bytes);
    }
    book.take()
}
