//! # What the parts may do with the objects
//!
//! | | an object that |
//! |---|---|
//! | `farewell` | is alive, and whose count is 0 |
//! | `references` | said farewell, and whose memory did not go back |
//! | `release` | the same, and that dropped all it held |
//! | `push` | `begin` is being asked for |
//! | `dealloc` | was popped, at depth 1 or more, by the outermost `end` |
//!
//! Each call is held to this table; the sentence names the line of the part.

use super::Counting;
use super::books::Life;
use crate::gc::store::Store;
use kit::Addr;
use kit::graph::{Cursor, Obj};
use kit::observe::Observer;
use kit::owner::{Owner, State};
use kit::refcount::Counted;
use kit::trashcan::{Can, UNWIND_LEVEL};
use std::fmt;

impl<M: Owner, O: Observer> Counting<M, O> {
    #[track_caller]
    fn misuse(&self, sentence: String) -> ! {
        self.watch.misuse(sentence)
    }

    #[track_caller]
    fn life(&self, during: &str, o: Obj) -> Life {
        let life = self.books.borrow().life(o);
        match life {
            Some(Life::Dead(line)) => {
                let name = self.called(o);
                self.misuse(format!(
                    "{during}({name}) was called, but {name} is dead: its memory went back in line {line} (I4)"
                ))
            }
            Some(life) => life,
            None => self.misuse(format!("{during} was called with {:?}, which is no object", o.0)),
        }
    }

    fn set_life(&self, o: Obj, life: Life) {
        self.books.borrow_mut().change(o, |entry| entry.life = life);
    }

    /// Its finalizer, if it has one that did not run yet. `true`: somebody refers to `o` again.
    fn saved(&self, o: Obj) -> bool {
        let mut holder = None;
        self.books.borrow_mut().change(o, |entry| holder = entry.saved_in.take());
        let Some(holder) = holder.filter(|holder| self.books.borrow().life(*holder) == Some(Life::Alive)) else {
            return false;
        };
        self.set_life(o, Life::Alive);
        self.step(|| format!("{}'s finalizer puts it into {}: it lives", self.called(o), self.called(holder)));
        // Without memory it could not be saved, and checked memory has no end.
        self.refer(holder, o).expect("room for one reference");
        self.books.borrow_mut().saved.push(o);
        true
    }

    /// How deep the trashcan's part must say that it is.
    pub(super) fn expected(&self) -> u64 {
        self.nested.get() + u64::from(self.emptying.get())
    }

    fn demand_depth(&self, when: fmt::Arguments<'_>) {
        let (says, is) = (self.depth.get(), self.expected());
        if says != is {
            let invariant = if self.emptying.get() { "I1, I4" } else { "I1" };
            self.broken(format!("{when} the depth is {says}, but it should be {is} ({invariant})"));
        }
    }

    fn begin(&self, o: Obj) -> bool {
        let (name, waited) = (self.called(o), self.waiting.borrow().len());
        let before = self.asking.replace(Some(o));
        let yes = self.parts.trashcan.begin(self, o);
        self.asking.set(before);
        let pushed = self.waiting.borrow().len() > waited;
        match (yes, pushed) {
            (true, true) => {
                self.broken(format!("begin({name}) said that it begins, and put it on the list as well (I2)"))
            }
            (false, false) => self.broken(format!("begin({name}) said that it waits, but it is not on the list (I2)")),
            (false, true) if self.expected() < UNWIND_LEVEL => {
                let nested = self.expected();
                self.broken(format!("{name} has to wait although the depth is only {nested} (I1)"))
            }
            (true, false) => self.nested.set(self.nested.get() + 1),
            (false, true) => {}
        }
        let depth = self.expected();
        if depth > UNWIND_LEVEL {
            self.broken(format!("{name} begins at a depth of {depth}: it never is above {UNWIND_LEVEL} (I1)"));
        }
        self.demand_depth(format_args!("after begin({name})"));
        let mut books = self.books.borrow_mut();
        books.deepest = books.deepest.max(depth);
        yes
    }

    fn end(&self) {
        self.nested.set(self.nested.get() - 1);
        self.parts.trashcan.end(self);
        self.demand_depth(format_args!("after end"));
        if self.nested.get() == 0 && !self.emptying.get() && !self.waiting.borrow().is_empty() {
            let names = self.draw().waiting;
            self.broken(format!(
                "the outermost deallocation ended, but these still wait: {} (I3)",
                kit::text::list(names)
            ));
        }
    }
}

impl<M: Owner, O: Observer> Counted for Counting<M, O> {
    type Memory = M;

    fn mem(&self) -> &M {
        &self.mem
    }

    fn name(&self, o: Obj) -> String {
        self.called(o).to_string()
    }

    #[track_caller]
    fn farewell(&self, o: Obj) -> bool {
        let life = self.life("farewell", o);
        let name = self.called(o);
        if life == Life::Dying {
            self.misuse(format!("farewell({name}) was called, but {name} said farewell already"));
        }
        if self.refs(o) != 0 || self.books.borrow().is_immortal(o) {
            self.misuse(format!("farewell({name}) was called, but its REFS is {} (I2)", self.refs(o)));
        }
        if !self.begin(o) {
            self.set_life(o, Life::Waiting);
            self.step(|| format!("{name} has to wait: {} deallocations are nested", self.depth.get()));
            self.books.borrow_mut().waited.push(o);
            return false;
        }
        if self.saved(o) {
            self.end();
            return false;
        }
        self.step_of_death(|| format!("{name} has no reference left: it dies"));
        self.set_life(o, Life::Dying);
        self.books.borrow_mut().died.push(o);
        true
    }

    #[track_caller]
    fn holds(&self, o: Obj) -> Cursor {
        let life = self.life("references", o);
        let name = self.called(o);
        if life != Life::Dying {
            let why = if life == Life::Waiting { "has to wait" } else { "did not say farewell, or was told to stay" };
            self.misuse(format!("references({name}) was called, but {name} {why} (I5)"));
        }
        let (at, end) = self.as_machine(|| Store::table(&self.mem, o));
        Cursor::over(o, at, end.since(at) / 8)
    }

    #[track_caller]
    fn held(&self, cursor: &mut Cursor) -> Option<Obj> {
        self.life("the next of references", cursor.of);
        let at = cursor.advance()?;
        let child = Obj(Addr(self.mem.peek(at).unwrap_or(0)));
        self.step_of_death(|| format!("  {} held {}", self.called(cursor.of), self.called(child)));
        Some(child)
    }

    #[track_caller]
    fn release(&self, o: Obj) {
        let life = self.life("release", o);
        let name = self.called(o);
        if life != Life::Dying {
            self.misuse(format!(
                "release({name}) was called, but {name} did not say farewell, or was told to stay (I5)"
            ));
        }
        for child in self.table(o) {
            self.books.borrow_mut().change(child, |entry| entry.inside -= 1);
        }
        for child in self.table(o) {
            let books = self.books.borrow();
            let Some(entry) = books.get(child).filter(|entry| entry.life == Life::Alive && entry.immortal.is_none())
            else {
                continue;
            };
            let (refs, left) = (self.refs(child), entry.held + entry.inside);
            if refs > left {
                let held = &entry.name;
                self.misuse(format!(
                    "release({name}) was called, but {name} did not let go of {held}: REFS of {held} is {refs} (I3)"
                ));
            }
        }
        let line = self.books.borrow().line;
        self.scene();
        self.set_life(o, Life::Dead(line));
        self.mem.mark(o.0, 24, State::FreeBody);
        self.step_of_death(|| format!("the memory of {name} goes back"));
        self.books.borrow_mut().back.push(o);
        self.end();
    }
}

impl<M: Owner, O: Observer> Can for Counting<M, O> {
    fn name(&self, o: Obj) -> String {
        self.called(o).to_string()
    }

    fn depth(&self) -> u64 {
        self.depth.get()
    }

    #[track_caller]
    fn set_depth(&self, depth: u64) {
        self.depth.set(depth);
    }

    #[track_caller]
    fn push(&self, o: Obj) {
        let name = self.called(o);
        if self.asking.take() != Some(o) {
            self.misuse(format!("push({name}) was called, but {name} waits already, or nobody asked for it (I2)"));
        }
        self.waiting.borrow_mut().push(o);
    }

    #[track_caller]
    fn pop(&self) -> Option<Obj> {
        if let Some(o) = self.popped.get() {
            self.misuse(format!("pop was called, but {} came out before and was not taken apart", self.called(o)));
        }
        let o = self.waiting.borrow_mut().pop()?;
        self.popped.set(Some(o));
        self.step(|| format!("{} waits no more", self.called(o)));
        Some(o)
    }

    #[track_caller]
    fn dealloc(&self, o: Obj) {
        let name = self.called(o);
        if self.popped.take() != Some(o) {
            self.misuse(format!("dealloc({name}) was called, but {name} was not taken from the list"));
        }
        if self.emptying.get() {
            self.misuse(format!("dealloc({name}) was called while the list is being emptied: nested after all (I4)"));
        }
        if self.nested.get() > 0 {
            let nested = self.nested.get();
            self.misuse(format!(
                "dealloc({name}) was called, but {nested} deallocations have not ended: it waits for the outermost (I3)"
            ));
        }
        if self.depth.get() == 0 {
            self.misuse(format!(
                "dealloc({name}) was called at depth 0: what ends in there would empty the list, nested in this (I4)"
            ));
        }
        self.set_life(o, Life::Alive);
        self.emptying.set(true);
        self.as_part("dealloc", || self.parts.refcount.dealloc(self, o));
        self.emptying.set(false);
    }
}
