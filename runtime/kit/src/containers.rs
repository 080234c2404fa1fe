//! # The words and the socket of `containers`: a list's room, and the order of death
//!
//! A list has `len` items in a table with room for `capacity`. An item is an *owned handle*: whoever lets go of it drops
//! a reference, and then anything may run: a finalizer that looks at this very list. So *when* a handle is let go is
//! what this part is about.

use crate::graph::Obj;
use std::fmt;

// ANCHOR: items
/// What the part sees of lists.
pub trait Items: fmt::Debug {
    /// A reference to an object. Dropping it is the decrement, and runs whatever that sets free.
    type Owned<'a>: fmt::Debug
    where
        Self: 'a;

    /// A table that no list has any more: its items, from the first or (`.rev()`) from the last on. What was not taken
    /// out when it is dropped is let go, first to last, and the memory goes back.
    type Table<'a>: DoubleEndedIterator<Item = Self::Owned<'a>>
    where
        Self: 'a;

    /// What `list` is called.
    fn name(&self, list: Obj) -> String;
    /// Items in `list`.
    fn len(&self, list: Obj) -> u64;
    /// From now on so many items count; all places below must be filled, and those above empty.
    #[track_caller]
    fn set_len(&self, list: Obj, len: u64);
    /// Items that there is room for.
    fn capacity(&self, list: Obj) -> u64;
    /// Makes the table larger or smaller; what is beyond its new end must be empty. `false`: no memory, and nothing
    /// changed.
    #[track_caller]
    fn resize(&self, list: Obj, capacity: u64) -> bool;
    /// Puts `value` (or nothing) in place `at` of the table, and hands out what was there.
    #[track_caller]
    fn replace<'a>(&'a self, list: Obj, at: u64, value: Option<Self::Owned<'a>>) -> Option<Self::Owned<'a>>;
    /// Takes the whole table away from `list`, which has no items and no room afterwards.
    #[track_caller]
    fn take_table<'a>(&'a self, list: Obj) -> Self::Table<'a>;
}
// ANCHOR_END: items

// ANCHOR: socket
/// The socket of exercise `containers`.
pub trait Containers<S: Items + ?Sized> {
    /// The capacity of a list that had room for `capacity` and `len` items, and is to have `wanted`.
    fn room(&self, capacity: u64, len: u64, wanted: u64) -> u64;
    /// Puts `value` in place `at`, which has an item: `l[at] = value`.
    fn store<'a>(&self, s: &'a S, list: Obj, at: u64, value: S::Owned<'a>);
    /// Puts `value` at the end. Gives it back when there is no memory.
    ///
    /// # Errors
    /// `value`: there is no memory, and nothing changed.
    fn append<'a>(&self, s: &'a S, list: Obj, value: S::Owned<'a>) -> Result<(), S::Owned<'a>>;
    /// Takes the last item out.
    fn pop<'a>(&self, s: &'a S, list: Obj) -> Option<S::Owned<'a>>;
    /// Empties the list: `l.clear()`, and a list of a dead ring.
    fn clear(&self, s: &S, list: Obj);
}
// ANCHOR_END: socket

/// Makes the part `containers` out of the functions of a file.
#[macro_export]
macro_rules! plug_containers {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl<S: $crate::containers::Items> $crate::containers::Containers<S> for Part {
            #[inline]
            fn room(&self, capacity: u64, len: u64, wanted: u64) -> u64 {
                room(capacity, len, wanted)
            }
            #[inline]
            fn store<'a>(&self, s: &'a S, list: $crate::graph::Obj, at: u64, value: S::Owned<'a>) {
                store(s, list, at, value)
            }
            #[inline]
            fn append<'a>(&self, s: &'a S, list: $crate::graph::Obj, value: S::Owned<'a>) -> Result<(), S::Owned<'a>> {
                append(s, list, value)
            }
            #[inline]
            fn pop<'a>(&self, s: &'a S, list: $crate::graph::Obj) -> Option<S::Owned<'a>> {
                pop(s, list)
            }
            #[inline]
            fn clear(&self, s: &S, list: $crate::graph::Obj) {
                clear(s, list)
            }
        }
    };
}
