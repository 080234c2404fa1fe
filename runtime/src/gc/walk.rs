//! # What the collector's parts see of real objects
//!
//! [`Walk`] is the service [`Graph`] over the runtime's objects, for one collection: the list that it examines and the
//! list of what it sets aside. Its functions are the loads and stores of CPython's `subtract_refs` and
//! `move_unreachable`; nobody watches here. (In the lab the same parts work on [`super::graph::ObjectGraph`], which
//! holds each call to the rules.)
//!
//! - **I1** While a walk runs `young` is singly linked; what lies before `settled`, and that itself, has its link back.
//! - **I2** In `unreachable` both links are there, and NEXT has the mark U.

use super::head::Head;
use super::list::List;
use crate::objects::{Objects, World};
use kit::Memory;
use kit::graph::{Cursor, Graph, Obj, Standing};
use kit::refcount::REFS;
use std::cell::Cell;
use std::fmt;

/// One collection's lists.
pub struct Walk<'a, W: World> {
    objects: &'a Objects<W>,
    young: List,
    unreachable: List,
    settled: Cell<Head>,
}

impl<'a, W: World> Walk<'a, W> {
    /// Begins: each object of `young` gets its count as `refs` and is examined from now on (`update_refs`).
    pub(super) fn begin(objects: &'a Objects<W>, young: List, unreachable: List) -> Self {
        let mem = objects.mem();
        unreachable.init(mem);
        let mut here = young.0.next(mem);
        while here != young.0 {
            here.examine(mem, mem.get(here.object(), REFS));
            here = here.next(mem);
        }
        Walk { objects, young, unreachable, settled: Cell::new(young.0) }
    }

    /// Ends: what was set aside loses its marks. Both lists are doubly linked again.
    pub(super) fn end(self) {
        let mem = self.objects.mem();
        let mut before = self.unreachable.0;
        loop {
            let here = before.next(mem);
            before.set_next(mem, here);
            if here == self.unreachable.0 {
                break;
            }
            here.settle(mem, before);
            before = here;
        }
        debug_assert_eq!(self.young.validate(mem), Ok(()), "the walk left the reachable in order");
    }
}

impl<W: World> Graph for Walk<'_, W> {
    fn name(&self, o: Obj) -> String {
        self.objects.host.name(o)
    }

    #[inline]
    fn first(&self) -> Option<Obj> {
        self.young.first(self.objects.mem()).map(Head::object)
    }

    #[inline]
    fn next(&self, o: Obj) -> Option<Obj> {
        self.young.after(self.objects.mem(), Head::of(o)).map(Head::object)
    }

    #[inline]
    fn standing(&self, o: Obj) -> Standing {
        let (mem, head) = (self.objects.mem(), Head::of(o));
        match head.is_collecting(mem) {
            false => Standing::Settled,
            true if head.is_set_aside(mem) => Standing::SetAside,
            true => Standing::Waiting,
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
        let head = Head::of(o);
        head.settle(self.objects.mem(), self.settled.get());
        self.settled.set(head);
    }

    #[inline]
    fn set_aside(&self, o: Obj) -> Option<Obj> {
        let (mem, head, before) = (self.objects.mem(), Head::of(o), self.settled.get());
        let next = head.next(mem);
        before.set_next(mem, next);
        if next == self.young.0 {
            next.set_prev(mem, before);
        }
        let last = self.unreachable.0.prev(mem);
        last.set_next_unreachable(mem, head);
        head.set_prev(mem, last);
        head.set_next_unreachable(mem, self.unreachable.0);
        self.unreachable.0.set_prev(mem, head);
        (next != self.young.0).then(|| next.object())
    }

    #[inline]
    fn bring_back(&self, o: Obj) {
        let (mem, head) = (self.objects.mem(), Head::of(o));
        let (before, next) = (head.prev(mem), head.next(mem));
        before.set_next_unreachable(mem, next);
        next.set_prev(mem, before);
        self.young.append(mem, head);
        head.set_refs(mem, 0);
    }

    #[inline]
    fn traverse(&self, o: Obj) -> Cursor {
        self.objects.walk(o)
    }

    #[inline]
    fn referent(&self, cursor: &mut Cursor) -> Option<Obj> {
        self.objects.step_collected(cursor)
    }
}

impl<W: World> fmt::Debug for Walk<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.young.members(self.objects.mem()).map(Head::object);
        f.debug_list().entries(names.take(12).map(|o| self.objects.host.name(o))).finish()
    }
}
