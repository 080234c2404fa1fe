//! # What a part may do with the graph
//!
//! | | `subtract_refs` | `move_unreachable` |
//! |---|---|---|
//! | `next`, `referents` | of what is in `young` | of what is in `young` |
//! | `refs`, `set_refs` | of what waits; never more than before | of what waits |
//! | `keep`, `set_aside` | no | of the object where the walk stands |
//! | `bring_back` | no | of what is set aside |
//!
//! Where memory is watched, each call is held to this table; the sentence names the line of the part. In the fast
//! runtime the checks are not compiled, and what is left are the loads and stores of CPython's `move_unreachable`
//! and `visit_reachable`.

use super::examined::Examined;
use super::graph::{ObjectGraph, Phase};
use super::head::Head;
use super::store::Store;
use kit::Addr;
use kit::graph::{Cursor, Graph, Obj, Standing};
use kit::observe::Observer;
use kit::owner::Owner;

impl<M: Owner, O: Observer> Graph for ObjectGraph<M, O> {
    fn name(&self, o: Obj) -> String {
        self.book.name(o)
    }

    #[inline]
    fn first(&self) -> Option<Obj> {
        self.lists.young.first(&self.mem).map(Head::object)
    }

    #[inline]
    #[track_caller]
    fn next(&self, o: Obj) -> Option<Obj> {
        if M::WATCHED {
            self.demand_young("next", o);
        }
        self.lists.young.after(&self.mem, Head::of(o)).map(Head::object)
    }

    #[inline]
    #[track_caller]
    fn standing(&self, o: Obj) -> Standing {
        if M::WATCHED {
            self.demand_object("standing", o);
        }
        Examined::standing(&self.mem, Head::of(o))
    }

    #[inline]
    #[track_caller]
    fn refs(&self, o: Obj) -> u64 {
        if M::WATCHED {
            self.demand_waiting("refs", o);
        }
        Head::of(o).refs(&self.mem)
    }

    #[inline]
    #[track_caller]
    fn set_refs(&self, o: Obj, refs: u64) {
        if M::WATCHED {
            self.demand_waiting("set_refs", o);
            self.demand_less(o, refs);
        }
        self.step(|| format!("  refs of {} become {refs}", self.name(o)));
        Head::of(o).set_refs(&self.mem, refs);
    }

    #[inline]
    #[track_caller]
    fn keep(&self, o: Obj) {
        if M::WATCHED {
            self.demand_front("keep", o);
            self.book.set_kept(o, true);
        }
        self.step(|| format!("{} is kept", self.name(o)));
        self.lists.keep(&self.mem, Head::of(o));
        self.picture();
    }

    #[inline]
    #[track_caller]
    fn set_aside(&self, o: Obj) -> Option<Obj> {
        if M::WATCHED {
            self.demand_front("set_aside", o);
        }
        let head = Head::of(o);
        self.step(|| format!("{} has refs {}: set aside", self.name(o), head.refs(&self.mem)));
        let next = self.lists.set_aside(&self.mem, head);
        self.picture();
        next.map(Head::object)
    }

    #[inline]
    #[track_caller]
    fn bring_back(&self, o: Obj) {
        if M::WATCHED {
            self.demand_set_aside("bring_back", o);
        }
        self.step(|| format!("  {} is brought back to the end of young", self.name(o)));
        self.lists.bring_back(&self.mem, Head::of(o));
    }

    #[inline]
    #[track_caller]
    fn traverse(&self, o: Obj) -> Cursor {
        if M::WATCHED {
            self.demand_young("referents", o);
        }
        let (at, end) = Store::table(&self.mem, o);
        Cursor::over(o, at, end.since(at) / 8)
    }

    #[inline]
    fn referent(&self, cursor: &mut Cursor) -> Option<Obj> {
        let child = Obj(Addr(self.mem.read(cursor.advance()?)));
        self.step(|| format!("{} refers to {}", self.name(cursor.of), self.name(child)));
        Some(child)
    }
}

/// The table of rights.
impl<M: Owner, O: Observer> ObjectGraph<M, O> {
    fn part(&self) -> &'static str {
        match self.phase.get() {
            Phase::Machine => "the machine",
            Phase::Subtract => "subtract_refs",
            Phase::Move => "move_unreachable",
        }
    }

    #[track_caller]
    fn demand_object(&self, what: &str, o: Obj) {
        // Under AddressSanitizer raw memory is watched too; nobody keeps a book of names there.
        if self.mem.state(o.0).is_some() && !self.book.knows(o) {
            let part = self.part();
            self.watch.misuse(format!("{part} called {what}({:?}), but no object is there", o.0));
        }
    }

    #[track_caller]
    fn demand_waiting(&self, what: &str, o: Obj) {
        self.demand(what, o, Standing::Waiting);
    }

    #[track_caller]
    fn demand_set_aside(&self, what: &str, o: Obj) {
        self.demand_lists(what, o);
        self.demand(what, o, Standing::SetAside);
    }

    #[track_caller]
    fn demand_front(&self, what: &str, o: Obj) {
        self.demand_lists(what, o);
        self.demand(what, o, Standing::Waiting);
        if let Some(front) = self.front().map(Head::object)
            && front != o
        {
            let (name, front) = (self.name(o), self.name(front));
            self.watch.misuse(format!(
                "{what}({name}), but the walk stands at {front}: everything before {name} must be settled first (I1)"
            ));
        }
    }

    /// Is it in `young`? What is settled may be anywhere: the book knows what this collection kept.
    #[track_caller]
    fn demand_young(&self, what: &str, o: Obj) {
        self.demand_object(what, o);
        let standing = self.standing(o);
        let kept = || self.book.is_kept(o) || self.mem.state(o.0).is_none();
        if standing == Standing::Waiting || standing == Standing::Settled && kept() {
            return;
        }
        let name = self.name(o);
        let why = match (standing, what) {
            (Standing::SetAside, "next") => format!("{name} is not in young any more: set_aside gave what followed it"),
            (Standing::SetAside, _) => format!("{name} is set aside: nothing says that it can be reached"),
            _ => format!("this collection does not examine {name}"),
        };
        self.watch.misuse(format!("{what}({name}), but {why}"))
    }

    #[track_caller]
    fn demand(&self, what: &str, o: Obj, wanted: Standing) {
        self.demand_object(what, o);
        let standing = self.standing(o);
        if standing != wanted {
            let name = self.name(o);
            let why = match standing {
                Standing::Waiting => "is waiting in young",
                Standing::SetAside if what.ends_with("refs") => {
                    "is set aside, and has no refs there: bring it back first"
                }
                Standing::SetAside => "is set aside already",
                Standing::Settled if self.book.is_kept(o) => "was kept, and nothing is left to decide about it",
                Standing::Settled => "is not examined by this collection",
            };
            self.watch.misuse(format!("{what}({name}), but {name} {why}"));
        }
    }

    #[track_caller]
    fn demand_lists(&self, what: &str, o: Obj) {
        if self.phase.get() == Phase::Subtract {
            let name = self.name(o);
            self.watch.misuse(format!("subtract_refs called {what}({name}), but it changes no list (I4)"));
        }
    }

    #[track_caller]
    fn demand_less(&self, o: Obj, refs: u64) {
        let before = Head::of(o).refs(&self.mem);
        if self.phase.get() == Phase::Subtract && refs > before {
            let name = self.name(o);
            self.watch
                .misuse(format!("set_refs({name}, {refs}), but refs of {name} were {before}: it only takes away"));
        }
    }
}
