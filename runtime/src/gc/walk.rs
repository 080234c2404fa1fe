//! # What the collector's parts see of real objects
//!
//! [`Walk`] is the service [`Graph`] over the runtime's objects, for one collection. Nobody watches here; in the lab the
//! same parts work on [`super::graph::ObjectGraph`].
//!
//! ```text
//!                              young                       all
//!   before the parts           each is examined
//!   subtract_refs                                          whoever is met is examined
//!   move_unreachable           who is set aside: is anybody to be heard before it is cleared?
//! ```
//!
//! - **I1** Where all objects are collected, whatever is tracked is examined. So an object gets its `refs` when
//!   `subtract_refs` meets it first, as a referent or on its way along `young`, and there is one walk less: among more
//!   objects than the processor's caches hold, a walk is waiting for memory.
//! - **I2** Of what is set aside it is noted whether anybody is to be [heard](Found::heard). Who was brought back
//!   counts, too: to be asked in vain does no harm.

use super::examined::Examined;
use super::head::Head;
use super::list::List;
use crate::objects::kind::Kind;
use crate::objects::{Objects, World};
use kit::graph::{Cursor, Graph, Obj, Standing};
use kit::refcount::{REFS, TYPE};
use kit::{Addr, Memory};
use std::cell::Cell;
use std::fmt;

/// One collection's objects. `MEETS`: who is met may not be examined yet (I1).
pub struct Walk<'a, W: World, const MEETS: bool> {
    objects: &'a Objects<W>,
    lists: Examined,
    found: Found,
    /// Whether every object that is tracked is in `young`.
    all: bool,
}

/// What a walk met.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// Objects that it examined.
    examined: Cell<u64>,
    /// Objects that are set aside: at the end, those that it found unreachable.
    aside: Cell<u64>,
    /// For each kind that it met, a bit.
    kinds: Cell<u32>,
    /// I2.
    heard: Cell<bool>,
}

impl Found {
    /// An object with this TYPE word was met.
    #[inline(always)]
    fn note(&self, word: u64) {
        self.kinds.set(self.kinds.get() | Kind::bit_of_word(word));
    }

    /// Whether there was an object of this kind.
    pub(super) fn met(&self, kind: Kind) -> bool {
        self.kinds.get() & Kind::bit_of_word(kind.word(Addr(0))) != 0
    }

    /// Objects that it found unreachable.
    pub(super) fn unreachable(&self) -> u64 {
        self.aside.get()
    }

    /// Objects that live on.
    pub(super) fn survivors(&self) -> u64 {
        self.examined.get() - self.aside.get()
    }

    /// Whether anybody is to be heard before what is unreachable is cleared: a finalizer, or who looks at a weak
    /// reference.
    pub(super) fn heard(&self) -> bool {
        self.heard.get()
    }
}

impl<'a, W: World> Walk<'a, W, true> {
    /// Begins: each object of `young` gets its count as `refs`, at once, unless `all` that is tracked is in `young`.
    pub(super) fn begin(objects: &'a Objects<W>, young: List, unreachable: List, all: bool) -> Self {
        unreachable.init(objects.mem());
        let walk = Walk { objects, lists: Examined::new(young, unreachable), found: Found::default(), all };
        if !all {
            let mem = objects.mem();
            let examined = walk.lists.begin(mem, |head| {
                walk.found.note(mem.get(head.object(), TYPE));
                mem.get(head.object(), REFS)
            });
            walk.found.examined.set(examined);
        }
        walk
    }

    /// By now each object was met.
    pub(super) fn go_on(self) -> Walk<'a, W, false> {
        let Walk { objects, lists, found, all } = self;
        debug_assert_eq!(found.examined.get(), lists.young.len(objects.mem()), "each was met");
        Walk { objects, lists, found, all }
    }
}

impl<W: World> Walk<'_, W, false> {
    /// Ends: `young` is doubly linked and unmarked again, and where somebody is to be heard `unreachable` is, too.
    /// Else its marks stay: nothing runs that would ask how an object stands, before it is dead or kept.
    pub(super) fn end(self) -> Found {
        let mem = self.objects.mem();
        if self.found.heard() {
            self.lists.end(mem);
        } else {
            self.lists.unmark_head(mem);
        }
        self.found
    }
}

impl<W: World, const MEETS: bool> Walk<'_, W, MEETS> {
    /// I1. If it is not examined yet, its count is its `refs` from now on. Gives whether it is examined.
    #[inline(always)]
    fn meet(&self, head: Head) -> bool {
        let (mem, found) = (self.objects.mem(), &self.found);
        if !head.is_collecting(mem) {
            if !self.all || !head.is_tracked(mem) {
                return false;
            }
            head.examine(mem, mem.get(head.object(), REFS));
            found.examined.set(found.examined.get() + 1);
            found.note(mem.get(head.object(), TYPE));
        }
        true
    }

    /// What follows on the way along `young`.
    #[inline(always)]
    fn come_to(&self, head: Option<Head>) -> Option<Obj> {
        let head = head?;
        if MEETS {
            self.meet(head);
        }
        Some(head.object())
    }
}

impl<W: World, const MEETS: bool> Graph for Walk<'_, W, MEETS> {
    fn name(&self, o: Obj) -> String {
        self.objects.host.name(o)
    }

    #[inline]
    fn first(&self) -> Option<Obj> {
        self.come_to(self.lists.young.first(self.objects.mem()))
    }

    #[inline]
    fn next(&self, o: Obj) -> Option<Obj> {
        self.come_to(self.lists.young.after(self.objects.mem(), Head::of(o)))
    }

    #[inline]
    fn standing(&self, o: Obj) -> Standing {
        match MEETS {
            true if self.meet(Head::of(o)) => Standing::Waiting,
            true => Standing::Settled,
            false => Examined::standing(self.objects.mem(), Head::of(o)),
        }
    }

    #[inline]
    fn refs(&self, o: Obj) -> u64 {
        Head::of(o).refs(self.objects.mem())
    }

    #[inline]
    fn set_refs(&self, o: Obj, refs: u64) {
        Head::of(o).set_refs(self.objects.mem(), refs);
    }

    #[inline]
    fn keep(&self, o: Obj) {
        self.lists.keep(self.objects.mem(), Head::of(o));
    }

    #[inline]
    fn set_aside(&self, o: Obj) -> Option<Obj> {
        self.found.aside.set(self.found.aside.get() + 1);
        if self.objects.wants_to_be_heard(o) {
            self.found.heard.set(true);
        }
        self.lists.set_aside(self.objects.mem(), Head::of(o)).map(Head::object)
    }

    #[inline]
    fn bring_back(&self, o: Obj) {
        self.found.aside.set(self.found.aside.get() - 1);
        self.lists.bring_back(self.objects.mem(), Head::of(o));
    }

    #[inline(always)]
    fn traverse(&self, o: Obj) -> Cursor {
        self.objects.walk(o)
    }

    #[inline(always)]
    fn referent(&self, cursor: &mut Cursor) -> Option<Obj> {
        self.objects.step_collected(cursor)
    }
}

impl<W: World, const MEETS: bool> fmt::Debug for Walk<'_, W, MEETS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members = self.lists.young.members(self.objects.mem()).map(Head::object);
        f.debug_list().entries(members.take(12).map(|o| self.objects.host.name(o))).finish()
    }
}
