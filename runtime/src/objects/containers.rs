//! # Containers: room for more, and who dies when
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
// ANCHOR: room
#[inline]
pub fn room(capacity: u64, len: u64, wanted: u64) -> u64 {
    // [exercise] todo!("room for {wanted} items, after {len} with room for {capacity}")
    if capacity / 2 <= wanted && wanted <= capacity {
        return capacity;
    }
    let generous = (wanted + wanted / 8 + 6) & !3;
    match wanted {
        0 => 0,
        _ if wanted > len && wanted - len > generous - wanted => (wanted + 3) & !3,
        _ => generous,
    }
    // [/exercise]
}
// ANCHOR_END: room

/// `list[at] = value` (I3). Place `at` has an item.
// ANCHOR: store
#[inline]
pub fn store<'a, S: Items>(s: &'a S, list: Obj, at: u64, value: S::Owned<'a>) {
    // [exercise] todo!("{value:?} into place {at} of {}", s.name(list))
    let old = s.replace(list, at, Some(value));
    drop(old);
    // [/exercise]
}
// ANCHOR_END: store

/// Puts `value` at the end. It makes room first, if need be (I6).
///
/// # Errors
/// `value`: there is no memory, and nothing changed.
// ANCHOR: append
#[inline]
pub fn append<'a, S: Items>(s: &'a S, list: Obj, value: S::Owned<'a>) -> Result<(), S::Owned<'a>> {
    // [exercise] todo!("{value:?} behind the last item of {}", s.name(list))
    let (len, capacity) = (s.len(list), s.capacity(list));
    let room = room(capacity, len, len + 1);
    if room != capacity && !s.resize(list, room) {
        return Err(value);
    }
    s.replace(list, len, Some(value));
    s.set_len(list, len + 1);
    Ok(())
    // [/exercise]
}
// ANCHOR_END: append

/// Takes the last item out; the room that is too much goes back. If even that fails for want of memory, it stays.
// ANCHOR: pop
pub fn pop<'a, S: Items>(s: &'a S, list: Obj) -> Option<S::Owned<'a>> {
    // [exercise] todo!("the last item of {}", s.name(list))
    let (len, capacity) = (s.len(list), s.capacity(list));
    let last = s.replace(list, len.checked_sub(1)?, None);
    s.set_len(list, len - 1);
    let room = room(capacity, len, len - 1);
    if room != capacity {
        s.resize(list, room);
    }
    last
    // [/exercise]
}
// ANCHOR_END: pop

/// Empties `list`: `l.clear()` (I4, I5).
// ANCHOR: clear
pub fn clear<S: Items>(s: &S, list: Obj) {
    // [exercise] todo!("nothing in {} any more", s.name(list))
    for item in s.take_table(list).rev() {
        drop(item);
    }
    // [/exercise]
}
// ANCHOR_END: clear

kit::plug_containers!();
