//! # What the part may do with strings
//!
//! A string is looked for, put into the table, and counted. Each call is held to what makes sense; the sentence names
//! the line of the part.

use super::Shelves;
use kit::free_lists::Stock;
use kit::graph::Obj;
use kit::observe::Observer;
use kit::owner::Owner;

impl<M: Owner, O: Observer> Shelves<M, O> {
    /// The string's number, if it is alive.
    #[track_caller]
    fn alive(&self, during: &str, o: Obj) -> usize {
        let at = o.0.0 as usize;
        let dead = self.books.borrow().texts.get(at).map(|text| (text.dead, text.name.clone()));
        match dead {
            Some((false, _)) => at,
            Some((true, name)) => self.watch.misuse(format!("{during} was called with {name}, which is dead (I5)")),
            None => self.watch.misuse(format!("{during} was called with {:?}, which is no string", o.0)),
        }
    }

    fn called(&self, text: usize) -> String {
        self.books.borrow().texts[text].name.clone()
    }
}

impl<M: Owner, O: Observer> Stock for Shelves<M, O> {
    type Memory = M;

    #[inline]
    fn mem(&self) -> &M {
        &self.mem
    }

    #[track_caller]
    fn interned(&self, text: Obj) -> Option<Obj> {
        let text = self.alive("interned", text);
        let books = self.books.borrow();
        let known = books.interned.get(&books.texts[text].characters).copied()?;
        Some(Obj(kit::Addr(known as u64)))
    }

    #[track_caller]
    fn intern(&self, text: Obj) -> bool {
        let text = self.alive("intern", text);
        let characters = self.books.borrow().texts[text].characters.clone();
        let known = self.books.borrow().interned.get(&characters).copied();
        if let Some(known) = known {
            let (name, known) = (self.called(text), self.called(known));
            self.watch.misuse(format!(
                "intern was called with {name}, but {known} is in the table, and has the same characters (I5)"
            ));
        }
        if !self.memory.get() {
            self.observer.step(|| format!("no memory: {} is not interned", self.called(text)));
            return false;
        }
        self.observer.step(|| format!("{} is the one with these characters from now on", self.called(text)));
        self.books.borrow_mut().interned.insert(characters, text);
        true
    }

    #[track_caller]
    fn incref(&self, o: Obj) {
        let text = self.alive("incref", o);
        self.books.borrow_mut().texts[text].refs += 1;
        self.observer.step(|| format!("one more reference to {}", self.called(text)));
    }

    #[track_caller]
    fn decref(&self, o: Obj) {
        let text = self.alive("decref", o);
        self.observer.step(|| format!("one reference less to {}", self.called(text)));
        self.drop_text(text);
    }
}
