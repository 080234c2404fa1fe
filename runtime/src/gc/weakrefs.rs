//! # Weak references to garbage
//!
//! ```text
//!   unreachable: a b r          r is a weak reference in the garbage itself
//!   reachable:   s t            weak references to a; t has a callback
//!
//!     1. s, t and r are cleared; t waits                   nobody can get hold of a or b any more
//!     2. callback(t)                                       it meets cleared weak references only
//! ```
//!
//! What was found unreachable stays unreachable only as long as nobody has a weak reference to it. So all are cleared
//! before anything else of a program's runs: before callbacks, and before finalizers. (A death by count is the other way
//! round: there `__del__` comes first.)
//!
//! - **I1** Nothing runs while weak references are cleared.
//! - **I2** A weak reference that is garbage itself is cleared, and its callback is never called.
//! - **I3** Callbacks run in the order of `unreachable`, and for one object in the order of its list: the newest first.
//! - **I4** A weak reference that waits for its call is held, and is in a list of its own: it is found there again as
//!   long as it lives. If it dies of its own callback (the weak dictionary that held it has forgotten it) it counts
//!   among the collected.
//!
//! Source: `handle_weakrefs` in `Modules/gcmodule.c` of 3.11.

use super::head::Head;
use super::list::List;
use crate::objects::state::SOMETHING_RAN;
use crate::objects::{Objects, World};
use kit::graph::Obj;
use kit::weakref::WeakList;

impl<W: World> Objects<W> {
    /// Clears all weak references to what is `unreachable`, then runs callbacks. Gives how many weak references died of
    /// their own.
    pub(crate) fn handle_weakrefs(&self, unreachable: List) -> u64 {
        let waiting = self.clear_weakrefs_to(unreachable);
        let mut died = 0;
        while let Some(head) = waiting.first(self.mem()) {
            let r = head.object();
            if let Some(callback) = self.weakref_callback(r) {
                // Borrowed from `r`, as in CPython: `r` is held, and nobody else can clear it.
                self.set(SOMETHING_RAN, 1);
                self.call_weakref_callback(callback, r);
            }
            self.decref(r);
            if waiting.first(self.mem()) == Some(head) {
                self.older().take_over(self.mem(), head);
            } else {
                died += 1;
            }
        }
        died
    }

    /// I1, I2. Gives the list of those with a callback, each held.
    fn clear_weakrefs_to(&self, unreachable: List) -> List {
        let waiting = self.state.aside();
        let mut marked = false;
        let mut next = unreachable.first(self.mem());
        while let Some(head) = next {
            let o = head.object();
            if self.is_weakref(o) {
                self.unlink_weakref(o);
            }
            if self.weak_at(o) != 0 {
                while let Some(r) = WeakList::first(self, o) {
                    self.unlink_weakref(r);
                    if WeakList::has_callback(self, r) {
                        // Few objects have any: the garbage is marked when the first callback asks who is garbage.
                        if !std::mem::replace(&mut marked, true) {
                            self.mark(unreachable);
                        }
                        self.let_wait(r, waiting);
                    }
                }
            }
            next = unreachable.after(self.mem(), head);
        }
        if marked {
            self.unmark(unreachable);
        }
        waiting
    }

    /// I2, I4.
    fn let_wait(&self, r: Obj, waiting: List) {
        let head = Head::of(r);
        if !head.is_collecting(self.mem()) {
            self.incref(r);
            waiting.take_over(self.mem(), head);
        }
    }

    fn mark(&self, list: List) {
        list.members(self.mem()).for_each(|head| head.mark(self.mem()));
    }

    fn unmark(&self, list: List) {
        list.members(self.mem()).for_each(|head| head.unmark(self.mem()));
    }
}
