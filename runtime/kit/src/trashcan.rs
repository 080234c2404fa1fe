//! # The words and the socket of `trashcan`: a long chain dies in constant stack
//!
//! An object that dies drops what it holds, which may die as well and drop what *it* holds: nested calls, as deep as
//! the chain is long. The trashcan counts how deep they are. Beyond [`UNWIND_LEVEL`] an object is not taken apart but
//! put on a list, and the outermost call empties the list when it is done.

use crate::graph::Obj;
use std::fmt;

/// So many nested deallocations there are at most. `_PyTrash_UNWIND_LEVEL` in CPython 3.11 and 3.12.
pub const UNWIND_LEVEL: u64 = 50;

// ANCHOR: can
/// What the part sees: how deep the calls are, and the list of those who wait. It is a stack: the last one who was put
/// there is the first to come out. `{can:?}` shows both; `dbg!(can)` is yours at any place.
///
/// # Panics
/// In the lab, each function panics when it makes no sense at this moment.
pub trait Can: fmt::Debug {
    /// What `o` is called.
    fn name(&self, o: Obj) -> String;
    /// How many deallocations are nested at this moment.
    fn depth(&self) -> u64;
    /// From now on that is the depth.
    #[track_caller]
    fn set_depth(&self, depth: u64);
    /// `o` waits.
    #[track_caller]
    fn push(&self, o: Obj);
    /// The one that came last waits no more: it is its caller's to take apart. `None`: nobody waits.
    #[track_caller]
    fn pop(&self) -> Option<Obj>;
    /// Takes `o` apart. It begins as every deallocation does: `begin(o)` is asked again.
    #[track_caller]
    fn dealloc(&self, o: Obj);
}
// ANCHOR_END: can

// ANCHOR: socket
/// The socket of exercise `trashcan`.
pub trait Trashcan<S: Can + ?Sized> {
    /// The deallocation of `o` begins. `false`: it does not, `o` waits.
    fn begin(&self, can: &S, o: Obj) -> bool;
    /// A deallocation that began is done.
    fn end(&self, can: &S);
}
// ANCHOR_END: socket

/// Makes the part `trashcan` out of the functions of a file.
#[macro_export]
macro_rules! plug_trashcan {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl<S: $crate::trashcan::Can> $crate::trashcan::Trashcan<S> for Part {
            #[inline]
            fn begin(&self, can: &S, o: $crate::graph::Obj) -> bool {
                begin(can, o)
            }
            #[inline]
            fn end(&self, can: &S) {
                end(can)
            }
        }
    };
}
