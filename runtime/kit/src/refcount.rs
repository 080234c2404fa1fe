//! # The words and the socket of `refcount`: who keeps an object alive
//!
//! ```text
//!     o ->  | REFS | TYPE | what the object is made of ...
//! ```
//!
//! The first word of each object is its count: how many references to it there are. Nobody asks from where they come.
//! What a part sees of the objects beside their memory is [`Counted`].

use crate::Field;
pub use crate::Memory;
use crate::graph::{Cursor, Obj};
use std::fmt;

/// How many references to the object there are.
pub const REFS: Field<u64> = Field::at(0, "REFS");

/// What the object is: the address of its type, and in the upper byte what a machine wants to know quickly.
pub const TYPE: Field<u64> = Field::at(8, "TYPE");

/// The count of an object that never dies, from CPython 3.12 on. It is never changed.
pub const IMMORTAL: u64 = 0xffff_ffff;

/// The bit that tells immortal counts from the others: the sign, if one reads the lower half as an `i32`.
pub const IMMORTAL_BIT: u64 = 1 << 31;

// ANCHOR: counted
/// What the part sees of the objects. `{s:?}` shows them with their counts; `dbg!(s)` is yours at any place.
///
/// # Panics
/// In the lab, each function panics when the part that runs may not do this, or not with this object.
pub trait Counted: fmt::Debug {
    /// The words they live in.
    type Memory: Memory;

    /// The words they live in.
    fn mem(&self) -> &Self::Memory;

    /// What `o` is called.
    fn name(&self, o: Obj) -> String;

    /// Nothing refers to `o` any more. Lets those act who must before anything is taken apart: its finalizer, its weak
    /// references. `false`: it does not die now, because somebody brought it back, or because it has to wait.
    #[track_caller]
    fn farewell(&self, o: Obj) -> bool;

    /// Each reference that `o` holds, in the order in which they are dropped; one that it holds twice comes twice.
    #[inline(always)]
    #[track_caller]
    fn references(&self, o: Obj) -> References<'_, Self> {
        References { objects: self, cursor: self.holds(o) }
    }

    /// The machine's half of [`references`](Counted::references): where to begin.
    #[track_caller]
    fn holds(&self, o: Obj) -> Cursor;

    /// The machine's half of [`references`](Counted::references): one more.
    #[track_caller]
    fn held(&self, cursor: &mut Cursor) -> Option<Obj>;

    /// The memory of `o` goes back; nobody may look at it afterwards.
    #[track_caller]
    fn release(&self, o: Obj);
}
// ANCHOR_END: counted

/// What an object holds, one after the other.
#[derive(Debug)]
pub struct References<'s, S: ?Sized> {
    objects: &'s S,
    cursor: Cursor,
}

impl<S: Counted + ?Sized> Iterator for References<'_, S> {
    type Item = Obj;

    #[inline(always)]
    #[track_caller]
    fn next(&mut self) -> Option<Obj> {
        self.objects.held(&mut self.cursor)
    }
}

// ANCHOR: socket
/// The socket of exercise `refcount`.
pub trait Refcount<S: Counted + ?Sized> {
    /// Somebody has one more reference to `o`.
    fn incref(&self, s: &S, o: Obj);
    /// Somebody dropped a reference to `o`; if it was the last one, `o` dies.
    fn decref(&self, s: &S, o: Obj);
    /// `o` dies: it drops what it holds, and its memory goes back.
    fn dealloc(&self, s: &S, o: Obj);
}
// ANCHOR_END: socket

/// Makes the part `refcount` out of the functions of a file.
#[macro_export]
macro_rules! plug_refcount {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl<S: $crate::refcount::Counted> $crate::refcount::Refcount<S> for Part {
            #[inline]
            fn incref(&self, s: &S, o: $crate::graph::Obj) {
                incref(s, o)
            }
            #[inline]
            fn decref(&self, s: &S, o: $crate::graph::Obj) {
                decref(s, o)
            }
            #[inline]
            fn dealloc(&self, s: &S, o: $crate::graph::Obj) {
                dealloc(s, o)
            }
        }
    };
}
