//! # Exercise `trashcan`: a long chain dies in constant stack          about 30 minutes
//!
//! Chapter: "The trashcan" (`cargo xtask book trashcan`).
//! Write:   `begin`, `end`, in this file only.
//! Check:   `cargo xtask grade trashcan`                               Stuck: `cargo xtask hint trashcan`
//! Try your own scenario: write a `.ops` file and `cargo xtask show trashcan my.ops`
//!
//! ```text
//!   [[[[[[ ... 100 000 lists, one in the other ... ]]]]]]
//!
//!   without      dealloc calls decref calls dealloc calls decref ...     the stack overflows
//!   with         50 calls deep, and then:  wait, you are next            one after the other
//! ```
//!
//! Each deallocation asks `begin` first, and calls `end` when it is done. `begin` says no when too many are nested: the
//! object is put on a list. When the outermost deallocation ends, those who wait are taken from the list, one by one;
//! each may put others there.
//!
//! - **I1** `can.depth()` is the number of deallocations that began and have not ended. It is never above
//!   [`UNWIND_LEVEL`].
//! - **I2** An object that has to wait is pushed, once, and not counted.
//! - **I3** Nobody waits when the depth is 0 again: the outermost `end` empties the list, the last one first.
//! - **I4** While it does, the depth is at least 1: what ends in there must not begin to empty the list again, or the
//!   calls would be nested after all.
//!
//! Source: `_PyTrash_begin`, `_PyTrash_end`, `_PyTrash_thread_destroy_chain` in `Objects/object.c` (up to 3.12).

use kit::graph::Obj;
use kit::trashcan::*; // Can, UNWIND_LEVEL

/// The deallocation of `o` begins, one level deeper (I1). `false`: too deep, `o` waits (I2).
#[inline]
pub fn begin<S: Can>(can: &S, o: Obj) -> bool {
    todo!("may {} begin? {can:?}", can.name(o))
}

/// A deallocation that began is done. Was it the outermost one? Then those who wait are next (I3, I4):
/// `can.dealloc(o)` takes one apart, and asks `begin` for it as for everybody.
#[inline]
pub fn end<S: Can>(can: &S) {
    todo!("one level less, and who waits? {can:?}")
}

kit::plug_trashcan!();
