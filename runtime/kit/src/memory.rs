//! # Memory is words at addresses
//!
//! An [`Addr`] is the address of a byte. [`Memory`] reads and writes words of 64 bits, halves of 32, and bytes, at an
//! address. A [`Field`] gives one of those places a name and a type, so that nobody has to count bytes:
//!
//! ```
//! use kit::{Addr, Field, Memory};
//!
//! const IN_USE: Field<u64> = Field::at(0, "IN_USE");
//! const NEXT: Field<Option<Addr>> = Field::at(8, "NEXT");
//!
//! fn count_two(mem: &impl Memory, first: Addr) -> u64 {
//!     let second = mem.get(first, NEXT);
//!     mem.get(first, IN_USE) + second.map_or(0, |second| mem.get(second, IN_USE))
//! }
//! ```
//!
//! Words have 64 bits on every machine, 32-bit ones and WebAssembly included: a layout is a layout.
//!
//! - **I1** A word lies at a multiple of 8, a half at a multiple of 4.
//! - **I2** The address 0 is never mapped, so a link can say "nothing" with the word 0.
//! - **I3** Memory is reached through `&self`, and no borrow of it lasts longer than one call: anything may happen
//!   between two calls (a collection inside an allocation, a finalizer inside a decrement).

use std::fmt;
use std::marker::PhantomData;

/// The address of a byte.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Addr(pub u64);

impl Addr {
    /// The address `bytes` further on.
    #[must_use]
    pub const fn plus(self, bytes: u64) -> Addr {
        Addr(self.0.wrapping_add(bytes))
    }

    /// How many bytes `self` lies behind `start`; a huge number when it lies before it.
    pub const fn since(self, start: Addr) -> u64 {
        self.0.wrapping_sub(start.0)
    }
}

impl fmt::Debug for Addr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

/// A named, typed place at a fixed distance from the start of something.
pub struct Field<T> {
    /// What the books call it.
    pub name: &'static str,
    /// Bytes from the start of the thing.
    pub offset: u64,
    holds: PhantomData<fn() -> T>,
}

// Derived, these would ask for `T: Clone`; a field is a place, not a value.
impl<T> Clone for Field<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Field<T> {}

impl<T> Field<T> {
    /// The field that starts `offset` bytes into its thing.
    pub const fn at(offset: u64, name: &'static str) -> Self {
        Field { name, offset, holds: PhantomData }
    }
}

/// Words at addresses. `{mem:?}` is a picture of what lies there: `dbg!(mem)` is yours at any place.
pub trait Memory: fmt::Debug {
    /// The word at `at`.
    ///
    /// # Panics
    /// On checked memory, when the part that runs may not read it, or when nothing was ever written there.
    #[track_caller]
    fn read(&self, at: Addr) -> u64;

    /// Writes the word at `at`.
    ///
    /// # Panics
    /// On checked memory, when the part that runs may not write it.
    #[track_caller]
    fn write(&self, at: Addr, word: u64);

    /// The half word at `at`. Panics as [`read`](Memory::read) does.
    #[track_caller]
    fn read_half(&self, at: Addr) -> u32;

    /// Writes the half word at `at`. Panics as [`write`](Memory::write) does.
    #[track_caller]
    fn write_half(&self, at: Addr, half: u32);

    /// The byte at `at`. Panics as [`read`](Memory::read) does.
    #[track_caller]
    fn read_byte(&self, at: Addr) -> u8;

    /// Writes the byte at `at`. Panics as [`write`](Memory::write) does.
    #[track_caller]
    fn write_byte(&self, at: Addr, byte: u8);

    /// Writes `byte` to each of the `bytes` bytes from `at` on.
    #[track_caller]
    fn fill(&self, at: Addr, bytes: u64, byte: u8) {
        for offset in 0..bytes {
            self.write_byte(at.plus(offset), byte);
        }
    }

    /// The word at `at` will be asked for soon: the processor may begin to fetch it. Any address will do.
    #[inline(always)]
    fn prefetch(&self, at: Addr) {
        let _ = at;
    }

    /// Asks the system for `bytes` bytes that start at a multiple of `align` (a power of two, at least 8).
    /// `None`: the system has no more.
    fn map(&self, bytes: u64, align: u64) -> Option<Addr>;

    /// As [`map`](Memory::map), and each word is 0.
    fn map_zeroed(&self, bytes: u64, align: u64) -> Option<Addr>;

    /// Gives back what [`map`](Memory::map) gave, whole.
    #[track_caller]
    fn release(&self, at: Addr, bytes: u64, align: u64);

    /// The field's value in the thing that starts at `base`.
    #[track_caller]
    #[inline]
    fn get<T: Stored>(&self, base: impl Into<Addr>, field: Field<T>) -> T {
        T::load(self, base.into().plus(field.offset))
    }

    /// Stores `value` in the field of the thing that starts at `base`.
    #[track_caller]
    #[inline]
    fn set<T: Stored>(&self, base: impl Into<Addr>, field: Field<T>, value: T) {
        value.store(self, base.into().plus(field.offset));
    }
}

/// What a [`Field`] can hold.
pub trait Stored: Copy {
    /// Reads one from `at`.
    #[track_caller]
    fn load<M: Memory + ?Sized>(mem: &M, at: Addr) -> Self;
    /// Writes one to `at`.
    #[track_caller]
    fn store<M: Memory + ?Sized>(self, mem: &M, at: Addr);
}

impl Stored for u64 {
    #[track_caller]
    #[inline]
    fn load<M: Memory + ?Sized>(mem: &M, at: Addr) -> u64 {
        mem.read(at)
    }
    #[track_caller]
    #[inline]
    fn store<M: Memory + ?Sized>(self, mem: &M, at: Addr) {
        mem.write(at, self);
    }
}

impl Stored for u8 {
    #[track_caller]
    #[inline]
    fn load<M: Memory + ?Sized>(mem: &M, at: Addr) -> u8 {
        mem.read_byte(at)
    }
    #[track_caller]
    #[inline]
    fn store<M: Memory + ?Sized>(self, mem: &M, at: Addr) {
        mem.write_byte(at, self);
    }
}

/// Half a word. A pool's header has four of them: that is how it fits into 48 bytes.
impl Stored for u32 {
    #[track_caller]
    #[inline]
    fn load<M: Memory + ?Sized>(mem: &M, at: Addr) -> u32 {
        mem.read_half(at)
    }
    #[track_caller]
    #[inline]
    fn store<M: Memory + ?Sized>(self, mem: &M, at: Addr) {
        mem.write_half(at, self);
    }
}

/// An address that is always there.
impl Stored for Addr {
    #[track_caller]
    #[inline]
    fn load<M: Memory + ?Sized>(mem: &M, at: Addr) -> Self {
        Addr(mem.read(at))
    }
    #[track_caller]
    #[inline]
    fn store<M: Memory + ?Sized>(self, mem: &M, at: Addr) {
        mem.write(at, self.0);
    }
}

/// A link: an address, or nothing, which is the word 0.
impl Stored for Option<Addr> {
    #[track_caller]
    #[inline]
    fn load<M: Memory + ?Sized>(mem: &M, at: Addr) -> Self {
        match mem.read(at) {
            0 => None,
            word => Some(Addr(word)),
        }
    }
    #[track_caller]
    #[inline]
    fn store<M: Memory + ?Sized>(self, mem: &M, at: Addr) {
        mem.write(at, self.map_or(0, |to| to.0));
    }
}
