//! # The words and the socket of `generations`: when is who examined?
//!
//! ```text
//!   new objects --> generation 0 --survivors--> generation 1 --survivors--> generation 2
//!       count 0: objects made        count 1: collections of 0     count 2: collections of 1
//! ```
//!
//! Three counters and three thresholds. Events come in (an object was made, one was freed, a collection begins or
//! ends), a decision goes out: which generation is to be collected now, if any.

use std::fmt;

/// The oldest generation.
pub const OLDEST: usize = 2;

// ANCHOR: counters
/// What the part sees: numbers. It keeps none itself.
pub trait Counters: fmt::Debug {
    /// `count(0)`: objects made less objects freed since generation 0 was collected. `count(1)`: collections of
    /// generation 0 since generation 1 was collected; `count(2)`: of generation 1 since generation 2 was.
    fn count(&self, generation: usize) -> u64;
    /// From now on that is the count.
    #[track_caller]
    fn set_count(&self, generation: usize, count: u64);
    /// A generation is due when its count is *above* this.
    fn threshold(&self, generation: usize) -> u64;
    /// Objects that survived the last full collection: `long_lived_total`.
    fn total(&self) -> u64;
    /// From now on that is the total.
    #[track_caller]
    fn set_total(&self, objects: u64);
    /// Objects that came to generation 2 since then: `long_lived_pending`.
    fn pending(&self) -> u64;
    /// From now on so many are pending.
    #[track_caller]
    fn set_pending(&self, objects: u64);
    /// Whether collections may start by themselves: `gc.isenabled()`.
    fn enabled(&self) -> bool;
    /// Whether one runs at this moment.
    fn collecting(&self) -> bool;
}
// ANCHOR_END: counters

// ANCHOR: socket
/// The socket of exercise `generations`.
pub trait Generations<S: Counters + ?Sized> {
    /// An object that can be part of a cycle was made: counts it, and says which generation is to be collected now.
    fn on_new(&self, c: &S) -> Option<usize>;
    /// The memory of such an object went back.
    fn on_free(&self, c: &S);
    /// A collection of `generation`, and of all younger ones, begins.
    fn on_collect(&self, c: &S, generation: usize);
    /// It ends, and `survivors` objects of what it examined live on. For generation 0 the number may be left out: 0.
    fn on_survivors(&self, c: &S, generation: usize, survivors: u64);
}
// ANCHOR_END: socket

/// Makes the part `generations` out of the functions of a file.
#[macro_export]
macro_rules! plug_generations {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl<S: $crate::generations::Counters> $crate::generations::Generations<S> for Part {
            #[inline]
            fn on_new(&self, c: &S) -> Option<usize> {
                on_new(c)
            }
            #[inline]
            fn on_free(&self, c: &S) {
                on_free(c)
            }
            #[inline]
            fn on_collect(&self, c: &S, generation: usize) {
                on_collect(c, generation)
            }
            #[inline]
            fn on_survivors(&self, c: &S, generation: usize, survivors: u64) {
                on_survivors(c, generation, survivors)
            }
        }
    };
}
