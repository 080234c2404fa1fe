//! # The two lists of a collection
//!
//! ```text
//!                     young                            unreachable      PREV of an object in young
//!   before            doubly linked                    empty            link back
//!   begin             singly linked                    empty            refs, examined
//!   while it walks    singly linked, settled part      both links,      refs, or a link once it is settled
//!                     doubly linked                    marked
//!   end               doubly linked                    doubly linked    link back
//! ```
//!
//! These are the loads and stores of CPython's `update_refs`, `visit_reachable` and `move_unreachable`. Whoever serves
//! the collector's parts has them from here: the lab's [`super::graph::ObjectGraph`], which holds each call to the
//! rules, and the runtime's [`super::walk::Walk`], which does not.
//!
//! - **I1** `settled` is the last settled object of `young`, or the list's own head: what follows it is where the walk
//!   stands. A singly linked list is enough because of that.
//! - **I2** In `unreachable` both links are there, and NEXT has the mark U.

use super::head::Head;
use super::list::List;
use kit::Memory;
use kit::graph::Standing;
use std::cell::Cell;

/// What is examined, and what was set aside.
#[derive(Debug)]
pub struct Examined {
    /// What is examined.
    pub young: List,
    /// What was set aside.
    pub unreachable: List,
    /// I1.
    pub settled: Cell<Head>,
}

impl Examined {
    /// Two lists, of which nothing is examined yet.
    pub fn new(young: List, unreachable: List) -> Self {
        Examined { young, unreachable, settled: Cell::new(young.0) }
    }

    /// Each object of `young` gets its count as `refs` and is examined from now on: `update_refs`. Gives how many there
    /// are.
    #[inline]
    pub fn begin<M: Memory>(&self, mem: &M, mut count: impl FnMut(Head) -> u64) -> u64 {
        let mut members = 0;
        for head in self.young.members(mem) {
            head.examine(mem, count(head));
            members += 1;
        }
        self.settled.set(self.young.0);
        members
    }

    /// Where an object stands.
    #[inline]
    pub fn standing<M: Memory>(mem: &M, head: Head) -> Standing {
        match head.is_collecting(mem) {
            false => Standing::Settled,
            true if head.is_set_aside(mem) => Standing::SetAside,
            true => Standing::Waiting,
        }
    }

    /// Where the walk stands.
    #[inline]
    pub fn front<M: Memory>(&self, mem: &M) -> Option<Head> {
        self.young.after(mem, self.settled.get())
    }

    /// The walk goes on: `head` is reachable.
    #[inline]
    pub fn keep<M: Memory>(&self, mem: &M, head: Head) {
        head.settle(mem, self.settled.get());
        self.settled.set(head);
    }

    /// The walk goes on: `head` is the last of `unreachable` now. Gives what followed it.
    #[inline]
    pub fn set_aside<M: Memory>(&self, mem: &M, head: Head) -> Option<Head> {
        let (next, before) = (head.next(mem), self.settled.get());
        before.set_next(mem, next);
        if next == self.young.0 {
            next.set_prev(mem, before);
        }
        let last = self.unreachable.0.prev(mem);
        last.set_next_unreachable(mem, head);
        head.set_prev(mem, last);
        head.set_next_unreachable(mem, self.unreachable.0);
        self.unreachable.0.set_prev(mem, head);
        (next != self.young.0).then_some(next)
    }

    /// From `unreachable` to the end of `young`, with `refs` 0.
    #[inline]
    pub fn bring_back<M: Memory>(&self, mem: &M, head: Head) {
        let (before, next) = (head.prev(mem), head.next(mem));
        before.set_next_unreachable(mem, next);
        next.set_prev(mem, before);
        self.young.append(mem, head);
        head.set_refs(mem, 0);
    }

    /// What was set aside loses its marks. Gives how many there are.
    #[inline]
    pub fn end<M: Memory>(&self, mem: &M) -> u64 {
        let (mut before, mut members) = (self.unreachable.0, 0);
        while let Some(here) = self.unreachable.after(mem, before) {
            before.set_next(mem, here);
            here.settle(mem, before);
            before = here;
            members += 1;
        }
        before.set_next(mem, self.unreachable.0);
        members
    }

    /// Only the head of the list, which was marked along with its first member, loses its mark.
    pub fn unmark_head<M: Memory>(&self, mem: &M) {
        let head = self.unreachable.0;
        head.set_next(mem, head.next(mem));
    }
}
