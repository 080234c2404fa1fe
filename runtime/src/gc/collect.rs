//! # A collection
//!
//! ```text
//!   generation 0 + ... + g          what is examined, younger objects behind older ones
//!        |  find_unreachable        refs = counts; less what comes from inside; who can be reached?
//!        |
//!        +--> reachable             untracked if it can never be part of a cycle; the rest is a generation older
//!        |
//!        +--> unreachable
//!               |  hear                  if there is a finalizer or a weak reference:
//!               |    handle_weakrefs       all weak references to it are dead, then callbacks run
//!               |    finalize_garbage      __del__, once each
//!               |    handle_resurrected    who was brought back leaves
//!               v  delete_garbage        what is left is cleared, and dies
//! ```
//!
//! The functions of this file are the phases, in the order in which they run.
//!
//! - **I1** Only [`Objects::collect_generation`] begins a collection, and never two at once.
//! - **I2** A phase leaves all lists in order: doubly linked, unmarked. `find_unreachable` alone breaks that inside; and
//!   when nobody is to be heard, the marks of what is unreachable stay until it dies or is kept. Nobody looks at them.
//! - **I3** From `handle_weakrefs` on anything may run, so lists are asked for their first object again and again.
//!   Where no finalizer and no weak reference is, the first that may run belongs to no object of the garbage: it runs
//!   when one that was cleared has dropped something older.
//! - **I4** Nothing recurses, and nothing is allocated: a collection happens when memory is short.
//!
//! Legacy finalizers (types with `tp_del`, which only extension modules written for CPython 3.3 have) do not exist here:
//! so nothing is ever uncollectable.
//!
//! Source: `gc_collect_main` in `Modules/gcmodule.c` of 3.11.

use super::debug;
use super::head::Head;
use super::list::List;
use super::walk::{Found, Walk};
use crate::objects::kind::Kind;
use crate::objects::machine::the;
use crate::objects::state::{COLLECTING, SOMETHING_RAN, State};
use crate::objects::{Objects, World};
use kit::Memory;
use kit::finalizers::{Finalizers, Garbage};
use kit::generations::{Generations, OLDEST};
use kit::graph::{MoveUnreachable, Obj, SubtractRefs};
use kit::refcount::TYPE;
use kit::weakref::WeakList;

/// What a collection found.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Collected {
    /// Objects that were cleared.
    pub collected: u64,
    /// Objects that could not be: always 0 here.
    pub uncollectable: u64,
}

impl<W: World> Objects<W> {
    /// `gc.collect(generation)`: what it gives is the number of unreachable objects that were found; 0 while another
    /// collection runs.
    pub fn collect(&self, generation: usize) -> u64 {
        if self.get(COLLECTING) != 0 {
            return 0;
        }
        let found = self.collect_generation(generation.min(OLDEST));
        found.collected + found.uncollectable
    }

    /// A new object made a collection due.
    #[cold]
    pub(crate) fn collect_by_itself(&self, generation: usize) {
        self.collect_generation(generation);
    }

    /// I1.
    fn collect_generation(&self, generation: usize) -> Collected {
        self.set(COLLECTING, generation as u64 + 1);
        self.tell_callbacks("start", generation, Collected::default());
        let found = self.collect_main(generation);
        self.tell_callbacks("stop", generation, found);
        self.set(COLLECTING, 0);
        found
    }

    fn collect_main(&self, generation: usize) -> Collected {
        let started = self.debug_started(generation);
        the::<W::Generations>().on_collect(self, generation);
        let (examined, unreachable) = (self.merge_younger(generation), self.state.unreachable());
        let met = self.find_unreachable(examined, unreachable);
        self.untrack_tuples(examined, &met);
        self.promote(generation, &met);
        self.debug_collectable(unreachable);
        let collected = if met.heard() { self.hear(unreachable, &met) } else { met.unreachable() };
        self.save_or_delete(unreachable);
        if generation == OLDEST {
            self.clear_free_lists();
        }
        let found = Collected { collected, uncollectable: 0 };
        self.count_stats(generation, found);
        self.debug_done(started, found);
        found
    }

    /// What was found unreachable is heard before it is cleared: weak references to it die and call, and finalizers run.
    /// Gives how many objects did not come back.
    fn hear(&self, unreachable: List, found: &Found) -> u64 {
        self.set(SOMETHING_RAN, 0);
        let died = self.handle_weakrefs(unreachable);
        the::<W::Finalizers>().finalize_garbage(self);
        the::<W::Finalizers>().handle_resurrected(self);
        died + match self.get(SOMETHING_RAN) {
            0 => found.unreachable(),
            _ => unreachable.len(self.mem()),
        }
    }

    /// The younger generations join the one that is collected, behind its own objects: 0 first, then 1.
    fn merge_younger(&self, generation: usize) -> List {
        let examined = self.state.generation(generation);
        (0..generation).for_each(|younger| self.state.generation(younger).merge(self.mem(), examined));
        examined
    }

    /// Leaves in `examined` what can be reached and moves the rest to `unreachable`: CPython's `deduce_unreachable`.
    ///
    /// What has references that the examined objects cannot explain can be reached, and whatever can be reached from
    /// there. The two steps are the parts of Part 3.
    fn find_unreachable(&self, examined: List, unreachable: List) -> Found {
        debug_assert_eq!(examined.validate(self.mem()), Ok(()), "before");
        let walk = Walk::begin(self, examined, unreachable, self.are_all(examined));
        the::<W::Inside>().subtract_refs(&walk);
        let walk = walk.go_on();
        the::<W::Reached>().move_unreachable(&walk);
        let found = walk.end();
        debug_assert_eq!(examined.validate(self.mem()), Ok(()), "what can be reached");
        found
    }

    /// Whether every object that is tracked is in `examined`: in a full collection, if nothing is frozen. Then an object
    /// need not be marked before somebody meets it.
    fn are_all(&self, examined: List) -> bool {
        examined == self.state.generation(OLDEST) && self.state.permanent().is_empty(self.mem())
    }

    /// Whether somebody is to be heard before `o` is cleared: its finalizer, or who looks at a weak reference.
    #[inline(always)]
    pub(super) fn wants_to_be_heard(&self, o: Obj) -> bool {
        !Kind::is_builtin_container(self.mem().get(o, TYPE)) && self.other_wants_to_be_heard(o)
    }

    #[inline(never)]
    fn other_wants_to_be_heard(&self, o: Obj) -> bool {
        self.has_finalizer(o) || self.is_weakref(o) || self.weak_at(o) != 0 && WeakList::first(self, o).is_some()
    }

    /// Tuples that hold nothing that could be part of a cycle leave the collector's lists for ever. One pass: of nested
    /// tuples the inner one must stand before the outer one.
    fn untrack_tuples(&self, examined: List, met: &Found) {
        if met.met(Kind::Tuple) {
            self.untrack_if(examined, Kind::Tuple, |tuple| self.is_untrackable_tuple(tuple));
        }
    }

    /// The same for dicts, in full collections only; a dict may be tracked again.
    fn untrack_dicts(&self, examined: List, met: &Found) {
        if met.met(Kind::Dict) {
            self.untrack_if(examined, Kind::Dict, |dict| self.is_untrackable_dict(dict));
        }
    }

    fn untrack_if(&self, examined: List, kind: Kind, may: impl Fn(Obj) -> bool) {
        let mut next = examined.first(self.mem());
        while let Some(head) = next {
            next = examined.after(self.mem(), head);
            if self.kind(head.object()) == kind && may(head.object()) {
                List::remove_keeping_tags(self.mem(), head);
            }
        }
    }

    /// What survived is a generation older, at the end of those who are there; the oldest stays where it is.
    fn promote(&self, generation: usize, met: &Found) {
        let examined = self.state.generation(generation);
        if generation == OLDEST {
            self.untrack_dicts(examined, met);
        }
        // Those that are tracked no more are no survivors to the counters.
        let untracked = met.met(Kind::Tuple) || met.met(Kind::Dict);
        let survivors = if untracked { examined.len(self.mem()) } else { met.survivors() };
        the::<W::Generations>().on_survivors(self, generation, survivors);
        if generation < OLDEST {
            examined.merge(self.mem(), self.state.generation(generation + 1));
        }
    }

    /// The end; with DEBUG_SAVEALL everything goes to `gc.garbage` instead.
    fn save_or_delete(&self, unreachable: List) {
        if self.get(crate::objects::state::DEBUG) & debug::SAVEALL != 0 {
            while let Some(head) = unreachable.first(self.mem()) {
                self.save(head.object());
                self.keep(head.object());
            }
        } else {
            the::<W::Finalizers>().delete_garbage(self);
        }
    }

    fn count_stats(&self, generation: usize, found: Collected) {
        for (number, more) in [(0, 1), (1, found.collected), (2, found.uncollectable)] {
            let field = State::stat(generation, number);
            self.set(field, self.get(field) + more);
        }
    }

    /// The generation that survivors of the running collection live in.
    pub(super) fn older(&self) -> List {
        self.state.generation((self.get(COLLECTING) as usize).min(OLDEST))
    }
}

/// What the part of the finalizers works with: the list of what was found unreachable.
impl<W: World> Garbage for Objects<W> {
    fn name(&self, o: Obj) -> String {
        self.host.name(o)
    }

    #[inline]
    fn first(&self) -> Option<Obj> {
        self.state.unreachable().first(self.mem()).map(Head::object)
    }

    #[inline]
    fn put_aside(&self, o: Obj) {
        self.state.aside().take_over(self.mem(), Head::of(o));
    }

    fn take_up_again(&self) {
        self.state.aside().merge(self.mem(), self.state.unreachable());
    }

    #[inline]
    fn incref(&self, o: Obj) {
        Objects::incref(self, o);
    }

    #[inline]
    fn decref(&self, o: Obj) {
        Objects::decref(self, o);
    }

    #[inline]
    fn has_finalizer(&self, o: Obj) -> bool {
        Objects::has_finalizer(self, o)
    }

    #[inline]
    fn is_finalized(&self, o: Obj) -> bool {
        Head::of(o).is_finalized(self.mem())
    }

    fn set_finalized(&self, o: Obj) {
        Head::of(o).set_finalized(self.mem());
    }

    fn finalize(&self, o: Obj) {
        self.set(SOMETHING_RAN, 1);
        self.call_finalizer(o);
    }

    /// Where no finalizer and no callback ran, nobody can have brought anything back, and a second look would find
    /// what the first one found. CPython looks all the same.
    fn rescue(&self) {
        if self.get(SOMETHING_RAN) == 0 {
            return;
        }
        let (unreachable, still) = (self.state.unreachable(), self.state.still_unreachable());
        self.find_unreachable(unreachable, still);
        unreachable.merge(self.mem(), self.older());
        still.merge(self.mem(), unreachable);
    }

    #[inline]
    fn clear(&self, o: Obj) {
        self.clear_references(o);
    }

    #[inline]
    fn keep(&self, o: Obj) {
        self.older().take_over(self.mem(), Head::of(o));
        Head::of(o).unmark(self.mem());
    }
}
