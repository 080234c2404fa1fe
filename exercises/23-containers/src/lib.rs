//! # Exercise `containers`: room for more, and who dies when           about 40 minutes
//!
//! Chapter: "Containers" (`cargo xtask book containers`).
//! Write:   `room`, `store`, `append`, `pop`, `clear`, in this file only.
//! Check:   `cargo xtask grade containers`                             Stuck: `cargo xtask hint containers`
//! Try your own scenario: write a `.ops` file and `cargo xtask show containers my.ops`
//!
//! ```text
//!   l.append(x), sixteen times      capacity  4 4 4 4 8 8 8 8 16 ...      few of them copy the table
//!
//!   l[0] = new                      1. the place holds `new`
//!                                   2. `old` is dropped, and its finalizer looks at l[0]: `new`
//! ```
//!
//! A list that grew by exactly one place at each append would copy its table each time. So it takes an eighth more than
//! it needs, and the cost of one append is constant, on average.
//!
//! Dropping a reference may run a finalizer, which may look at this list, change it, empty it. So everything is in
//! order *before* a handle is let go.
//!
//! - **I1** Room is kept while `capacity / 2 <= wanted <= capacity`.
//! - **I2** Else it is `wanted + wanted / 8 + 6`, rounded down to a multiple of 4; none for none. If `wanted` is so far
//!   away from `len` that this would leave less room than the list grew by, it is `wanted` rounded up to a multiple of 4.
//! - **I3** Store first, drop afterwards: when what was there dies, the list shows the new item already.
//! - **I4** A list that is emptied is empty before its first item dies.
//! - **I5** Items die from the last to the first.
//! - **I6** Out of memory: the list is what it was, and the handle is still its caller's.
//!
//! Source: `list_resize`, `list_ass_item`, `PyList_Append`, `list_clear`, `list_dealloc` in `Objects/listobject.c` (3.9
//! and later).

use kit::containers::*; // Items
use kit::graph::Obj;

/// The capacity of a list that had room for `capacity` and `len` items, and is to have `wanted` (I1, I2).
#[inline]
pub fn room(capacity: u64, len: u64, wanted: u64) -> u64 {
    todo!("room for {wanted} items, after {len} with room for {capacity}")
}

/// `list[at] = value` (I3). Place `at` has an item.
#[inline]
pub fn store<'a, S: Items>(s: &'a S, list: Obj, at: u64, value: S::Owned<'a>) {
    todo!("{value:?} into place {at} of {}", s.name(list))
}

/// Puts `value` at the end. It makes room first, if need be (I6).
///
/// # Errors
/// `value`: there is no memory, and nothing changed.
#[inline]
pub fn append<'a, S: Items>(s: &'a S, list: Obj, value: S::Owned<'a>) -> Result<(), S::Owned<'a>> {
    todo!("{value:?} behind the last item of {}", s.name(list))
}

/// Takes the last item out; the room that is too much goes back. If even that fails for want of memory, it stays.
pub fn pop<'a, S: Items>(s: &'a S, list: Obj) -> Option<S::Owned<'a>> {
    todo!("the last item of {}", s.name(list))
}

/// Empties `list`: `l.clear()` (I4, I5).
pub fn clear<S: Items>(s: &S, list: Obj) {
    todo!("nothing in {} any more", s.name(list))
}

kit::plug_containers!();
