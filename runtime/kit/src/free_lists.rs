//! # The words and the socket of `free-lists`: object-specific allocators
//!
//! ```text
//!   a free list   | HEAD | COUNT | LIMIT |
//!                    |
//!                    +--> block --> block --> block       linked through the first word of each
//! ```
//!
//! Above the pools, some types keep the memory of their dead for the next one: a list that dies is the next list. Other
//! objects are made once and shared for ever: small integers, and strings that are interned.

use crate::Field;
use crate::graph::Obj;
pub use crate::{Addr, Memory};
use std::fmt;

/// The address of a free list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FreeListAt(pub Addr);

impl From<FreeListAt> for Addr {
    #[inline]
    fn from(list: FreeListAt) -> Addr {
        list.0
    }
}

// ANCHOR: fields
/// The block that is given next.
pub const HEAD: Field<Option<Addr>> = Field::at(0, "HEAD");
/// How many there are.
pub const COUNT: Field<u64> = Field::at(8, "COUNT");
/// How many there may be.
pub const LIMIT: Field<u64> = Field::at(16, "LIMIT");
/// In a block of the list: the one below it.
pub const LINK: Field<Option<Addr>> = Field::at(0, "LINK");
// ANCHOR_END: fields

/// Bytes of a free list.
pub const FREE_LIST: u64 = 24;

/// The small integers: from [`SMALLEST`] on, so many that [`LARGEST`] is the last.
pub const SMALLEST: i64 = -5;
/// The largest small integer.
pub const LARGEST: i64 = 256;

// ANCHOR: stock
/// What the part sees: memory, and the table of interned strings.
pub trait Stock: fmt::Debug {
    /// The words the free lists live in.
    type Memory: Memory;
    /// The words the free lists live in.
    fn mem(&self) -> &Self::Memory;
    /// The interned string with the same characters as `text`, if there is one.
    #[track_caller]
    fn interned(&self, text: Obj) -> Option<Obj>;
    /// Puts `text` into the table of interned strings. The table's reference does not count: a string that nobody else
    /// refers to dies and leaves the table. `false`: no memory, and nothing changed.
    #[track_caller]
    fn intern(&self, text: Obj) -> bool;
    /// One more reference to `o`.
    #[track_caller]
    fn incref(&self, o: Obj);
    /// One less.
    #[track_caller]
    fn decref(&self, o: Obj);
}
// ANCHOR_END: stock

// ANCHOR: socket
/// The socket of exercise `free-lists`.
pub trait FreeLists<S: Stock + ?Sized> {
    /// The block that came last. `None`: the list is empty.
    fn take(&self, s: &S, list: FreeListAt) -> Option<Addr>;
    /// Keeps `block` for later. `false`: the list is full, and nothing changed.
    fn put(&self, s: &S, list: FreeListAt, block: Addr) -> bool;
    /// Where in the table of small integers `value` is. `None`: it is not a small one.
    fn small_int(&self, value: i64) -> Option<u64>;
    /// Trades a reference to `text` for one to the interned string with the same characters.
    fn intern(&self, s: &S, text: Obj) -> Obj;
}
// ANCHOR_END: socket

/// Makes the part `free-lists` out of the functions of a file.
#[macro_export]
macro_rules! plug_free_lists {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl<S: $crate::free_lists::Stock> $crate::free_lists::FreeLists<S> for Part {
            #[inline]
            fn take(&self, s: &S, list: $crate::free_lists::FreeListAt) -> Option<$crate::Addr> {
                take(s, list)
            }
            #[inline]
            fn put(&self, s: &S, list: $crate::free_lists::FreeListAt, block: $crate::Addr) -> bool {
                put(s, list, block)
            }
            #[inline]
            fn small_int(&self, value: i64) -> Option<u64> {
                small_int(value)
            }
            #[inline]
            fn intern(&self, s: &S, text: $crate::graph::Obj) -> $crate::graph::Obj {
                intern(s, text)
            }
        }
    };
}
