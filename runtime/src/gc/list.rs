//! # Lists that run through the heads
//!
//! ```text
//!        +---------------------------------------------------+
//!        v                                                   |
//!   list's own head  <-->  head of a  <-->  head of b  <-->  +
//! ```
//!
//! A list is a ring through its own head, doubly linked between collections. It costs no memory beside the heads, an
//! object moves in constant time, and a walk along it needs no stack.
//!
//! - **I1** Following NEXT from the list's head leads through each member once and back.
//! - **I2** Between collections each member's PREV leads back to where NEXT came from: [`List::validate`].
//!
//! Source: `gc_list_init`, `gc_list_append`, `gc_list_merge`, `validate_list` in `Modules/gcmodule.c`.

use super::head::Head;
use kit::Memory;

/// A list, named by the address of its own head.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct List(pub Head);

impl List {
    /// Makes it an empty list.
    pub fn init<M: Memory>(self, mem: &M) {
        self.0.clear(mem);
        self.0.set_next(mem, self.0);
        self.0.set_prev(mem, self.0);
    }

    /// Whether nothing is in it.
    pub fn is_empty<M: Memory>(self, mem: &M) -> bool {
        self.0.next(mem) == self.0
    }

    /// The first member.
    #[inline]
    pub fn first<M: Memory>(self, mem: &M) -> Option<Head> {
        self.after(mem, self.0)
    }

    /// The member after `head`.
    #[inline]
    pub fn after<M: Memory>(self, mem: &M, head: Head) -> Option<Head> {
        let next = head.next(mem);
        (next != self.0).then_some(next)
    }

    /// The members, by their NEXT. The list may be singly linked.
    pub fn members<M: Memory>(self, mem: &M) -> impl Iterator<Item = Head> {
        std::iter::successors(self.first(mem), move |head| self.after(mem, *head))
    }

    /// Puts `head`, which is in no list, at the end. Its tags stay.
    #[inline]
    pub fn append<M: Memory>(self, mem: &M, head: Head) {
        let last = self.0.prev(mem);
        last.set_next(mem, head);
        head.set_prev(mem, last);
        head.set_next(mem, self.0);
        self.0.set_prev(mem, head);
    }

    /// Takes `head` out of a doubly linked list: it is in no list afterwards.
    pub fn remove<M: Memory>(mem: &M, head: Head) {
        let (prev, next) = (head.prev(mem), head.next(mem));
        prev.set_next(mem, next);
        next.set_prev(mem, prev);
        head.clear(mem);
    }

    /// The same for an object that lives on, or has a finalizer that ran: its tags stay.
    #[inline]
    pub fn remove_keeping_tags<M: Memory>(mem: &M, head: Head) {
        let (prev, next) = (head.prev(mem), head.next(mem));
        prev.relink(mem, next);
        next.set_prev(mem, prev);
        head.leave(mem);
    }

    /// Moves `head`, which is in another doubly linked list, to the end of this one. Its tags stay.
    #[inline]
    pub fn take_over<M: Memory>(self, mem: &M, head: Head) {
        let (prev, next) = (head.prev(mem), head.next(mem));
        prev.set_next(mem, next);
        next.set_prev(mem, prev);
        self.append(mem, head);
    }

    /// How many there are.
    pub fn len<M: Memory>(self, mem: &M) -> u64 {
        self.members(mem).count() as u64
    }

    /// Puts all members at the end of `onto`, in their order, and is empty afterwards.
    pub fn merge<M: Memory>(self, mem: &M, onto: List) {
        if self.is_empty(mem) {
            return;
        }
        let (first, last, before) = (self.0.next(mem), self.0.prev(mem), onto.0.prev(mem));
        before.set_next(mem, first);
        first.set_prev(mem, before);
        last.set_next(mem, onto.0);
        onto.0.set_prev(mem, last);
        self.init(mem);
    }

    /// Is it a doubly linked ring of objects that nobody examines (I2)?
    ///
    /// # Errors
    /// A sentence that says where it is not.
    pub fn validate<M: Memory>(self, mem: &M) -> Result<(), String> {
        let mut before = self.0;
        loop {
            let here = before.next(mem);
            if before.is_set_aside(mem) {
                return Err(format!("{before:?} is marked unreachable between collections"));
            }
            if here.prev(mem) != before {
                return Err(format!("{here:?} does not link back to {before:?}"));
            }
            if here == self.0 {
                return Ok(());
            }
            if here.is_collecting(mem) {
                return Err(format!("{here:?} is marked collecting between collections"));
            }
            before = here;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::checked::CheckedMemory;

    #[test]
    fn members_keep_their_order() {
        let mem = CheckedMemory::default();
        let at = mem.map(16 * 6, 8).unwrap();
        let head = |i: u64| Head(at.plus(16 * i));
        let (one, two) = (List(head(0)), List(head(1)));
        one.init(&mem);
        two.init(&mem);
        for i in 2..6 {
            head(i).clear(&mem);
            if i < 4 { one.append(&mem, head(i)) } else { two.append(&mem, head(i)) }
        }
        two.merge(&mem, one);
        assert_eq!(one.members(&mem).collect::<Vec<_>>(), (2..6).map(head).collect::<Vec<_>>());
        assert!(two.is_empty(&mem) && one.validate(&mem).is_ok() && two.validate(&mem).is_ok());
        List::remove(&mem, head(3));
        assert_eq!(one.members(&mem).collect::<Vec<_>>(), [head(2), head(4), head(5)]);
        assert!(one.validate(&mem).is_ok() && !head(3).is_tracked(&mem));
        head(4).examine(&mem, 1);
        assert!(one.validate(&mem).is_err());
    }
}
