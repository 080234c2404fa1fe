//! # The words and the socket of `finalizers`: the end of a cycle
//!
//! What `move_unreachable` left in `unreachable` is garbage, so far. Before it is taken apart each object with a
//! finalizer hears of it, once in its life. A finalizer is a program: it may bring objects back, break the cycle
//! itself, make new objects. So the list is looked at again afterwards, and only what is still unreachable dies.

use crate::graph::Obj;
use std::fmt;

// ANCHOR: garbage
/// What the part sees of the garbage: the list `unreachable`, which may change whenever a finalizer or a `clear` runs.
pub trait Garbage: fmt::Debug {
    /// What `o` is called.
    fn name(&self, o: Obj) -> String;
    /// The first object of the list.
    fn first(&self) -> Option<Obj>;
    /// Puts `o` at the end of those who have been looked at; they are no longer in the list.
    #[track_caller]
    fn put_aside(&self, o: Obj);
    /// Those who were put aside and are still there are the list again, in their order.
    fn take_up_again(&self);
    /// One reference to `o` more: it does not die while you hold it.
    #[track_caller]
    fn incref(&self, o: Obj);
    /// One reference less; `o` may die.
    #[track_caller]
    fn decref(&self, o: Obj);

    /// Whether its type has a finalizer: `__del__`.
    fn has_finalizer(&self, o: Obj) -> bool;
    /// Whether its finalizer ran already.
    fn is_finalized(&self, o: Obj) -> bool;
    /// From now on it did.
    #[track_caller]
    fn set_finalized(&self, o: Obj);
    /// Runs the finalizer. Afterwards nothing is as it was.
    #[track_caller]
    fn finalize(&self, o: Obj);

    /// Looks at the list again, as the collection did: counts, references from inside, who can be reached. What can be
    /// reached leaves the list for the older generation.
    fn rescue(&self);
    /// Makes `o` drop what it holds: `tp_clear`. What that sets free dies at once.
    #[track_caller]
    fn clear(&self, o: Obj);
    /// `o` leaves the list for the older generation.
    #[track_caller]
    fn keep(&self, o: Obj);
}
// ANCHOR_END: garbage

// ANCHOR: socket
/// The socket of exercise `finalizers`.
pub trait Finalizers<G: Garbage + ?Sized> {
    /// Runs each finalizer of the list that has not run yet.
    fn finalize_garbage(&self, g: &G);
    /// Some of it may have been brought back: leaves in the list what is still unreachable.
    fn handle_resurrected(&self, g: &G);
    /// Clears what is in the list, one after the other.
    fn delete_garbage(&self, g: &G);
}
// ANCHOR_END: socket

/// Makes the part `finalizers` out of the functions of a file.
#[macro_export]
macro_rules! plug_finalizers {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl<G: $crate::finalizers::Garbage> $crate::finalizers::Finalizers<G> for Part {
            #[inline]
            fn finalize_garbage(&self, g: &G) {
                finalize_garbage(g)
            }
            #[inline]
            fn handle_resurrected(&self, g: &G) {
                handle_resurrected(g)
            }
            #[inline]
            fn delete_garbage(&self, g: &G) {
                delete_garbage(g)
            }
        }
    };
}
