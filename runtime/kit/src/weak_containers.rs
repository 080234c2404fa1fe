//! # The words and the socket of `weak-containers`: a cache that forgets
//!
//! ```text
//!   cache      key --> weak reference --> value          the table
//!              iterations  2                             so many are looking at it at this moment
//!              put off     key, key ...                  dead, to be removed when nobody looks any more
//! ```
//!
//! A cache that kept its values would be a leak. So its table holds weak references, and a callback tells the cache when
//! a value is dead. When that is nobody knows: also in the middle of a loop over this very cache.

use crate::graph::Obj;
use std::fmt;

// ANCHOR: cache
/// What the part sees of one cache. Keys are objects, and are compared as keys of a dict are.
pub trait Cache: fmt::Debug {
    /// A reference to a value. While you have it the value lives. Dropping it is the decrement, and runs whatever that
    /// sets free: if it was the last one, the value dies, and [`WeakContainers::on_death`] runs.
    type Owned<'a>: fmt::Debug
    where
        Self: 'a;
    /// A weak reference to a value, as it stands in the table.
    type Weak<'a>: fmt::Debug
    where
        Self: 'a;

    /// What `key` is called.
    fn name(&self, key: Obj) -> String;

    /// A new weak reference to `value`. When the value dies, the reference is cleared, and then the cache hears of it:
    /// `on_death(key)`. `None`: no memory.
    #[track_caller]
    fn watch<'a>(&'a self, key: Obj, value: &Self::Owned<'a>) -> Option<Self::Weak<'a>>;
    /// The weak reference that the table has for `key`.
    #[track_caller]
    fn entry<'a>(&'a self, key: Obj) -> Option<Self::Weak<'a>>;
    /// What `weak` refers to. `None`: it is cleared, its value is dead.
    #[track_caller]
    fn value<'a>(&'a self, weak: &Self::Weak<'a>) -> Option<Self::Owned<'a>>;

    /// The table has `weak` for `key` from now on; what it had before is dropped, and never calls. `false`: no memory,
    /// and nothing changed.
    #[track_caller]
    fn store<'a>(&'a self, key: Obj, weak: Self::Weak<'a>) -> bool;
    /// Takes the entry of `key` out of the table; `key` is put off no longer, if it was. Not while somebody iterates.
    #[track_caller]
    fn remove(&self, key: Obj);
    /// Entries of the table.
    fn entries(&self) -> u64;

    /// How many iterate at this moment.
    fn iterations(&self) -> u64;
    /// From now on it is so many.
    #[track_caller]
    fn set_iterations(&self, iterations: u64);

    /// Keys that were put off.
    fn count_put_off(&self) -> u64;
    /// Whether `key` was put off.
    #[track_caller]
    fn is_put_off(&self, key: Obj) -> bool;
    /// Puts `key` off, which was not.
    #[track_caller]
    fn put_off(&self, key: Obj);
    /// `key` is put off no longer, if it was.
    #[track_caller]
    fn take_back(&self, key: Obj);
    /// The key that was put off first.
    fn first_put_off(&self) -> Option<Obj>;
}
// ANCHOR_END: cache

// ANCHOR: socket
/// The socket of exercise `weak-containers`.
pub trait WeakContainers<S: Cache + ?Sized> {
    /// `cache[key] = value`. `false`: no memory, and nothing changed.
    fn set<'a>(&self, s: &'a S, key: Obj, value: S::Owned<'a>) -> bool;
    /// `cache.get(key)`
    fn get<'a>(&self, s: &'a S, key: Obj) -> Option<S::Owned<'a>>;
    /// A value that was stored for `key` is dead.
    fn on_death(&self, s: &S, key: Obj);
    /// Somebody begins to iterate.
    fn begin_iteration(&self, s: &S);
    /// Somebody is done.
    fn end_iteration(&self, s: &S);
    /// `len(cache)`
    fn len(&self, s: &S) -> u64;
}
// ANCHOR_END: socket

/// Makes the part `weak-containers` out of the functions of a file.
#[macro_export]
macro_rules! plug_weak_containers {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl<S: $crate::weak_containers::Cache> $crate::weak_containers::WeakContainers<S> for Part {
            fn set<'a>(&self, s: &'a S, key: $crate::graph::Obj, value: S::Owned<'a>) -> bool {
                set(s, key, value)
            }
            fn get<'a>(&self, s: &'a S, key: $crate::graph::Obj) -> Option<S::Owned<'a>> {
                get(s, key)
            }
            fn on_death(&self, s: &S, key: $crate::graph::Obj) {
                on_death(s, key)
            }
            fn begin_iteration(&self, s: &S) {
                begin_iteration(s)
            }
            fn end_iteration(&self, s: &S) {
                end_iteration(s)
            }
            fn len(&self, s: &S) -> u64 {
                len(s)
            }
        }
    };
}
