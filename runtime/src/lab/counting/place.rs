//! # Names for places, for a sentence about a wrong access

use super::Counting;
use super::books::{Books, Life};
use kit::Addr;
use kit::checked::{CheckedMemory, Describe};
use kit::graph::Obj;
use kit::observe::Recorder;
use kit::owner::State;
use kit::picture::{ObjectsPicture, Picture};
use std::cell::RefCell;
use std::rc::{Rc, Weak};

/// Names the words of the objects.
pub(in super::super) struct Place {
    books: Rc<RefCell<Books>>,
    machine: Weak<Counting<CheckedMemory, Recorder>>,
}

impl Place {
    /// For the objects of `machine`.
    pub(in super::super) fn of(machine: &Rc<Counting<CheckedMemory, Recorder>>) -> Place {
        Place { books: machine.books.clone(), machine: Rc::downgrade(machine) }
    }

    /// Which object `at` is a word of, and where in it.
    fn object(&self, at: Addr) -> Option<(Obj, u64)> {
        let base = at.0 & !7;
        [0, 8, 16]
            .into_iter()
            .map(|offset| (Obj(Addr(base.wrapping_sub(offset))), offset))
            .find(|(o, _)| self.books.borrow().get(*o).is_some())
    }
}

impl Describe for Place {
    fn name(&self, _: &CheckedMemory, at: Addr) -> String {
        match self.object(at) {
            Some((o, 0)) => format!("REFS of {}", self.books.borrow().name(o)),
            Some((o, offset)) => format!("{} + {offset}", self.books.borrow().name(o)),
            None => format!("{at:?}"),
        }
    }

    fn why(&self, at: Addr, state: State, wrote: bool) -> Option<String> {
        let (o, offset) = self.object(at)?;
        let books = self.books.borrow();
        let name = books.name(o);
        match (books.life(o)?, state) {
            (Life::Dead(line), _) => Some(format!("{name} is dead: its memory went back in line {line}")),
            (_, State::Held) if wrote => Some(format!("{name} is immortal: its count is never changed (I6)")),
            _ if offset > 0 => Some(format!("that is no count: `s.references(o)` gives what {name} holds")),
            _ => None,
        }
    }

    fn picture(&self, _: &CheckedMemory) -> Picture {
        let machine = self.machine.upgrade();
        Picture::Objects(machine.map_or_else(ObjectsPicture::default, |machine| machine.draw()))
    }
}
