//! # The words and the sockets of Part 3: objects under collection
//!
//! What a part of the collector sees is a [`Graph`]: objects, what each refers to, and the list `young` of those that
//! this collection examines. The tag bits in the list's links stay hidden behind it; it checks who may do what.
//!
//! ```text
//!              keep: what it refers to was visited
//!   Waiting --------------------------------------> Settled     and so is everything that this collection does not
//!     |  ^                                                      examine: older objects, untracked ones
//!     |  | bring_back
//!     v  |
//!   SetAside      in the list `unreachable`, for now
//! ```
//!
//! Three standings, because two bits of an object's head tell them apart: is it being examined? is it set aside?
//! CPython asks no more than that either: one bit says "an older object" and "already kept", since both mean that
//! nothing is left to decide.
//!
//! Everything goes through `&self`, and no borrow outlives a call: `for child in g.referents(o)` may move objects
//! between lists while it runs.

use crate::Addr;
use std::fmt;

/// An object that the collector knows. Its address, and nobody's business: `g.name(o)` is what to print.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Obj(pub Addr);

impl From<Obj> for Addr {
    #[inline]
    fn from(object: Obj) -> Addr {
        object.0
    }
}

// ANCHOR: standing
/// Where an object stands while a collection runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Nothing is to be decided about it: this collection does not examine it, or has kept it already.
    Settled,
    /// In `young`, and the walk has not come to it yet.
    Waiting,
    /// In `unreachable`, for now.
    SetAside,
}
// ANCHOR_END: standing

// ANCHOR: graph
/// What the collector's parts see of the objects. `{g:?}` shows both lists; `dbg!(g)` is yours at any place.
///
/// # Panics
/// In the lab, each function panics when the part that runs may not do this, or not with this object.
pub trait Graph: fmt::Debug {
    /// What the scenario calls `o`.
    fn name(&self, o: Obj) -> String;

    /// The first object of `young`.
    fn first(&self) -> Option<Obj>;

    /// The object that follows `o` in `young` at this moment.
    #[track_caller]
    fn next(&self, o: Obj) -> Option<Obj>;

    /// Where `o` stands.
    #[track_caller]
    fn standing(&self, o: Obj) -> Standing;

    /// References to `o` that this collection has not explained yet: CPython's `gc_refs`. Only what waits has them.
    #[track_caller]
    fn refs(&self, o: Obj) -> u64;

    /// From now on [`refs`](Graph::refs) of `o` is `refs`.
    #[track_caller]
    fn set_refs(&self, o: Obj, refs: u64);

    /// Waiting -> Settled: `o` is reachable. It stays where it is in `young`.
    #[track_caller]
    fn keep(&self, o: Obj);

    /// Waiting -> SetAside. Takes `o` out of `young` and appends it to `unreachable`; gives what followed it.
    #[track_caller]
    fn set_aside(&self, o: Obj) -> Option<Obj>;

    /// SetAside -> Waiting, with `refs` 0. Takes `o` out of `unreachable` and appends it to `young`.
    #[track_caller]
    fn bring_back(&self, o: Obj);

    /// The objects that `o` refers to, in the order of its attributes; one that it refers to twice comes twice.
    #[inline(always)]
    #[track_caller]
    fn referents(&self, o: Obj) -> Referents<'_, Self> {
        Referents { graph: self, cursor: self.traverse(o) }
    }

    /// The machine's half of [`referents`](Graph::referents): where to begin.
    #[track_caller]
    fn traverse(&self, o: Obj) -> Cursor;

    /// The machine's half of [`referents`](Graph::referents): one more.
    fn referent(&self, cursor: &mut Cursor) -> Option<Obj>;
}
// ANCHOR_END: graph

/// Where a walk over an object's references stands.
#[derive(Clone, Copy, Debug)]
pub struct Cursor {
    /// Whose references.
    pub of: Obj,
    /// Where the next one lies.
    pub at: Addr,
    /// So many places follow one another from there on.
    pub left: u64,
    /// From one place to the next, in bytes; a table that is walked backwards has a negative one.
    pub step: i64,
    /// The machine's own: where it goes on when these are done.
    pub stage: u64,
}

impl Cursor {
    /// Over `places` words in a row.
    #[inline]
    pub fn over(of: Obj, at: Addr, places: u64) -> Self {
        Cursor { of, at, left: places, step: 8, stage: 0 }
    }

    /// Over `places` words in a row, the last one first.
    #[inline]
    pub fn back_over(of: Obj, at: Addr, places: u64) -> Self {
        let last = at.plus((8 * places).wrapping_sub(8));
        Cursor { of, at: last, left: places, step: -8, stage: 0 }
    }

    /// The address of the next place, and one step further.
    #[inline]
    pub fn advance(&mut self) -> Option<Addr> {
        self.left = self.left.checked_sub(1)?;
        let at = self.at;
        self.at = at.plus(self.step as u64);
        Some(at)
    }
}

/// What an object refers to, one after the other: CPython's `tp_traverse`, turned inside out.
#[derive(Debug)]
pub struct Referents<'g, G: ?Sized> {
    graph: &'g G,
    cursor: Cursor,
}

impl<G: Graph + ?Sized> Iterator for Referents<'_, G> {
    type Item = Obj;

    #[inline(always)]
    fn next(&mut self) -> Option<Obj> {
        self.graph.referent(&mut self.cursor)
    }
}

// ANCHOR: sockets
/// The socket of exercise `subtract-refs`.
pub trait SubtractRefs<G: Graph + ?Sized> {
    /// Takes away from each object of `young` the references that come from `young` itself.
    fn subtract_refs(&self, graph: &G);
}

/// The socket of exercise `move-unreachable`.
pub trait MoveUnreachable<G: Graph + ?Sized> {
    /// Leaves in `young` what can be reached, and in `unreachable` what cannot.
    fn move_unreachable(&self, graph: &G);
}
// ANCHOR_END: sockets

/// Makes the part `subtract-refs` out of the functions of a file.
#[macro_export]
macro_rules! plug_subtract_refs {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl<G: $crate::graph::Graph> $crate::graph::SubtractRefs<G> for Part {
            #[inline]
            fn subtract_refs(&self, graph: &G) {
                subtract_refs(graph)
            }
        }
    };
}

/// Makes the part `move-unreachable` out of the functions of a file.
#[macro_export]
macro_rules! plug_move_unreachable {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl<G: $crate::graph::Graph> $crate::graph::MoveUnreachable<G> for Part {
            #[inline]
            fn move_unreachable(&self, graph: &G) {
                move_unreachable(graph)
            }
        }
    };
}
