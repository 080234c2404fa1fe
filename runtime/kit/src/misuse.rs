//! # Misuse: a part did what its contract forbids
//!
//! Checked memory and the services look at each call. The first one that breaks the rules ends the scenario with a
//! sentence and the place in the learner's file. The place comes from `#[track_caller]`, so it is the line that
//! called the kit, not a line of the kit.
//!
//! - **I1** The first misuse is kept by its [`Watch`]. A part that catches the panic gains nothing.

use std::cell::RefCell;
use std::fmt;
use std::panic::Location;

/// What was done, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misuse {
    /// `file:line` of the call.
    pub place: String,
    /// A sentence for the person who wrote that line.
    pub sentence: String,
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "misuse at {}: {}", self.place, self.sentence)
    }
}

/// Keeps the first misuse. Every service that checks rights owns or shares one.
#[derive(Default)]
pub struct Watch {
    first: RefCell<Option<Misuse>>,
}

impl Watch {
    /// Ends the part that runs, with `sentence`.
    ///
    /// # Panics
    /// Always, with the [`Misuse`] as payload: the machine around the part catches it.
    #[track_caller]
    #[cold]
    pub fn misuse(&self, sentence: String) -> ! {
        let caller = Location::caller();
        let misuse = Misuse { place: format!("{}:{}", caller.file(), caller.line()), sentence };
        self.first.borrow_mut().get_or_insert_with(|| misuse.clone());
        std::panic::panic_any(misuse)
    }

    /// The first misuse, if there was one.
    pub fn first(&self) -> Option<Misuse> {
        self.first.borrow().clone()
    }
}
