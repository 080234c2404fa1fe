//! # Exercise `free-lists`: memory that waits for the next one of its kind  about 30 minutes
//!
//! Chapter: "Free lists" (`cargo xtask book free-lists`).
//! Write:   `take`, `put`, `small_int`, `intern`, in this file only.
//! Check:   `cargo xtask grade free-lists`                             Stuck: `cargo xtask hint free-lists`
//! Try your own scenario: write a `.ops` file and `cargo xtask show free-lists my.ops`
//!
//! Three ways not to ask the heap at all.
//!
//! ```text
//!   a list dies              put:  HEAD --> its memory --> block --> block     no more than LIMIT
//!   the next list is made    take: HEAD --> block --> block                    the one that came last
//! ```
//!
//! **A free list** keeps the memory of a type's dead for the type's next object: a float is made and dropped at every
//! addition. It is a stack, so the memory that was touched last, and is still in the processor's cache, is used first.
//!
//! **Small integers**, from -5 to 256, are made once, when the interpreter starts. Whoever computes one gets that one.
//!
//! **Interned strings**: of each name there is one string, so two names are compared by their addresses.
//!
//! - **I1** The blocks of a list hang together by [`LINK`], from [`HEAD`] on; the last one links to nothing.
//! - **I2** COUNT is how many there are, and never above LIMIT. What comes when the list is full is refused.
//! - **I3** The block that came last goes first.
//! - **I4** The small integer `n` has place `n` + 5 of the table: -5 has place 0, 256 has place 261.
//! - **I5** `intern` takes the reference to `text` that its caller had, and gives a reference to the one string that
//!   is interned: counts are right afterwards whichever it was.
//! - **I6** Out of memory: `text` itself, not interned.
//!
//! Source: `_Py_NewReference` and the `free_list` functions of `Objects/listobject.c`, `floatobject.c`,
//! `tupleobject.c`; `get_small_int` in `longobject.c`; `PyUnicode_InternInPlace` in `unicodeobject.c`.

use kit::free_lists::*; // Stock, Addr, Memory, FreeListAt, HEAD, COUNT, LIMIT, LINK, SMALLEST, LARGEST
use kit::graph::Obj;

/// The block that came last (I3). `None`: the list is empty.
#[inline]
pub fn take<S: Stock>(s: &S, list: FreeListAt) -> Option<Addr> {
    todo!("what came last to {list:?}? {s:?}")
}

/// Keeps `block` for later. `false`: the list is full, and nothing changed (I2).
#[inline]
pub fn put<S: Stock>(s: &S, list: FreeListAt, block: Addr) -> bool {
    todo!("keep {block:?} in {list:?}, if there is room: {s:?}")
}

/// The place of `value` in the table of small integers (I4). `None`: it is not a small one.
#[inline]
pub fn small_int(value: i64) -> Option<u64> {
    todo!("is {value} from {SMALLEST} to {LARGEST}? Then where?")
}

/// Trades the caller's reference to `text` for one to the interned string with the same characters (I5, I6).
pub fn intern<S: Stock>(s: &S, text: Obj) -> Obj {
    todo!("is there a string like {text:?} in the table? {s:?}")
}

kit::plug_free_lists!();
