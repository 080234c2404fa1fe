//! # The words and the socket of `weakref`: looking at an object without keeping it
//!
//! ```text
//!   an object      | ... | FIRST |
//!                             |
//!                             v
//!   its weak       plain ref <--> plain proxy <--> newest <--> ... <--> oldest
//!   references     each leads back to its TARGET, and is not counted there
//! ```
//!
//! A weak reference is an object itself: it has a count, and whoever made it holds it. What it refers to does not count
//! it. So somebody must tell it when its target dies: the target knows all weak references to it, in a list.

use crate::graph::Obj;
use std::fmt;

// ANCHOR: sort
/// What sort of weak reference it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    /// `weakref.ref`: calling it gives the target, or `None`.
    Ref,
    /// `weakref.proxy`: used as if it were the target.
    Proxy,
    /// Of a class that extends `ref`: each one is somebody's own, with who knows what in it.
    Own,
}
// ANCHOR_END: sort

// ANCHOR: weak_list
/// What the part sees of objects and of the weak references to them.
pub trait WeakList: fmt::Debug {
    /// A reference to an object. While you have it the object lives. Dropping it is the decrement, and runs whatever
    /// that sets free.
    type Owned<'a>: fmt::Debug
    where
        Self: 'a;

    /// What an object, or a weak reference, is called.
    fn name(&self, o: Obj) -> String;
    /// The object that a handle keeps.
    fn obj(&self, handle: &Self::Owned<'_>) -> Obj;

    /// The first weak reference of the list of `o`.
    #[track_caller]
    fn first(&self, o: Obj) -> Option<Obj>;
    /// From now on the list of `o` begins with `r`.
    #[track_caller]
    fn set_first(&self, o: Obj, r: Option<Obj>);
    /// What follows `r` in its list.
    #[track_caller]
    fn next(&self, r: Obj) -> Option<Obj>;
    /// From now on `next` follows `r`.
    #[track_caller]
    fn set_next(&self, r: Obj, next: Option<Obj>);
    /// What stands before `r` in its list.
    #[track_caller]
    fn prev(&self, r: Obj) -> Option<Obj>;
    /// From now on `prev` stands before `r`.
    #[track_caller]
    fn set_prev(&self, r: Obj, prev: Option<Obj>);
    /// What `r` refers to. `None`: nothing, it is cleared, or was in no list yet.
    #[track_caller]
    fn target(&self, r: Obj) -> Option<Obj>;
    /// From now on `r` refers to `target`, without counting there.
    #[track_caller]
    fn set_target(&self, r: Obj, target: Option<Obj>);

    /// What sort of weak reference `r` is.
    #[track_caller]
    fn sort(&self, r: Obj) -> Sort;
    /// Whether `r` has a callback.
    #[track_caller]
    fn has_callback(&self, r: Obj) -> bool;
    /// Takes the callback away from `r`: yours now.
    #[track_caller]
    fn take_callback<'a>(&'a self, r: Obj) -> Option<Self::Owned<'a>>;
    /// Calls `callback` with `r`. It is a program: afterwards nothing is as it was.
    #[track_caller]
    fn call<'a>(&'a self, callback: &Self::Owned<'a>, r: &Self::Owned<'a>);

    /// A new weak reference, in no list, without a target. `None`: no memory. Memory for an object is where a collection
    /// may start, and a collection runs callbacks.
    #[track_caller]
    fn make<'a>(&'a self, sort: Sort, callback: Option<Self::Owned<'a>>) -> Option<Self::Owned<'a>>;
    /// One more reference to `r`. `None`: too late, nobody refers to it any more, and it is being taken apart.
    #[track_caller]
    fn hold<'a>(&'a self, r: Obj) -> Option<Self::Owned<'a>>;
}
// ANCHOR_END: weak_list

// ANCHOR: socket
/// The socket of exercise `weakref`.
pub trait Weakref<S: WeakList + ?Sized> {
    /// A weak reference to `o`, one that is there or a new one. `None`: no memory.
    fn get_ref<'a>(&self, s: &'a S, o: Obj, sort: Sort, callback: Option<S::Owned<'a>>) -> Option<S::Owned<'a>>;
    /// Puts `r`, which is in no list, into the list of `o`.
    fn insert(&self, s: &S, o: Obj, r: Obj);
    /// Takes `r` out of its list: from now on it refers to nothing.
    fn unlink(&self, s: &S, r: Obj);
    /// `o` dies: clears all weak references to it, and then calls their callbacks.
    fn clear_and_call(&self, s: &S, o: Obj);
}
// ANCHOR_END: socket

/// Makes the part `weakref` out of the functions of a file.
#[macro_export]
macro_rules! plug_weakref {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl<S: $crate::weakref::WeakList> $crate::weakref::Weakref<S> for Part {
            #[inline]
            fn get_ref<'a>(
                &self,
                s: &'a S,
                o: $crate::graph::Obj,
                sort: $crate::weakref::Sort,
                callback: Option<S::Owned<'a>>,
            ) -> Option<S::Owned<'a>> {
                get_ref(s, o, sort, callback)
            }
            #[inline]
            fn insert(&self, s: &S, o: $crate::graph::Obj, r: $crate::graph::Obj) {
                insert(s, o, r)
            }
            #[inline]
            fn unlink(&self, s: &S, r: $crate::graph::Obj) {
                unlink(s, r)
            }
            #[inline]
            fn clear_and_call(&self, s: &S, o: $crate::graph::Obj) {
                clear_and_call(s, o)
            }
        }
    };
}
