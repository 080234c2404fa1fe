//! # What the collector's parts see of real objects
//!
//! [`Walk`] is the service [`Graph`] over the runtime's objects, for one collection. Nobody watches here; in the lab the
//! same parts work on [`super::graph::ObjectGraph`].

use super::examined::Examined;
use super::head::Head;
use super::list::List;
use crate::objects::kind::Kind;
use crate::objects::{Objects, World};
use kit::Memory;
use kit::graph::{Cursor, Graph, Obj, Standing};
use kit::refcount::REFS;
use std::fmt;

/// One collection's objects.
pub struct Walk<'a, W: World> {
    objects: &'a Objects<W>,
    lists: Examined,
    found: Found,
}

/// What a walk met.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Found {
    /// Objects that it examined.
    pub(super) examined: u64,
    /// Objects that it found unreachable.
    pub(super) unreachable: u64,
    /// For each kind that it met, a bit.
    kinds: u32,
}

impl Found {
    /// Whether there was an object of this kind.
    pub(super) fn met(&self, kind: Kind) -> bool {
        self.kinds & 1 << kind as u32 != 0
    }

    /// Objects that live on.
    pub(super) fn survivors(&self) -> u64 {
        self.examined - self.unreachable
    }
}

impl<'a, W: World> Walk<'a, W> {
    /// Begins: each object of `young` gets its count as `refs`.
    pub(super) fn begin(objects: &'a Objects<W>, young: List, unreachable: List) -> Self {
        let (mem, lists) = (objects.mem(), Examined::new(young, unreachable));
        unreachable.init(mem);
        let mut found = Found::default();
        found.examined = lists.begin(mem, |head| {
            found.kinds |= 1 << objects.kind(head.object()) as u32;
            mem.get(head.object(), REFS)
        });
        Walk { objects, lists, found }
    }

    /// Ends: both lists are doubly linked and unmarked again.
    pub(super) fn end(self) -> Found {
        Found { unreachable: self.lists.end(self.objects.mem()), ..self.found }
    }
}

impl<W: World> Graph for Walk<'_, W> {
    fn name(&self, o: Obj) -> String {
        self.objects.host.name(o)
    }

    #[inline]
    fn first(&self) -> Option<Obj> {
        self.lists.young.first(self.objects.mem()).map(Head::object)
    }

    #[inline]
    fn next(&self, o: Obj) -> Option<Obj> {
        self.lists.young.after(self.objects.mem(), Head::of(o)).map(Head::object)
    }

    #[inline]
    fn standing(&self, o: Obj) -> Standing {
        Examined::standing(self.objects.mem(), Head::of(o))
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
        self.lists.set_aside(self.objects.mem(), Head::of(o)).map(Head::object)
    }

    #[inline]
    fn bring_back(&self, o: Obj) {
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

impl<W: World> fmt::Debug for Walk<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members = self.lists.young.members(self.objects.mem()).map(Head::object);
        f.debug_list().entries(members.take(12).map(|o| self.objects.host.name(o))).finish()
    }
}
