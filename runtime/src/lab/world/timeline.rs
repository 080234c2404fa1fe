//! # What happened when: the history of a program with threads
//!
//! Facts say what a program told. A timeline says besides which thread did what, and when it had the GIL: which line, what
//! it read before a call and what it stored after it. That is what shows how an update was lost.

use crate::gil::program::{Happened, Micros};
use kit::gil::ThreadId;
use std::cell::RefCell;

/// One thing that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// To the GIL.
    Gil(Happened),
    /// A thread began this line.
    Line(ThreadId, String),
    /// A thread read or stored something that another one may change.
    Note(ThreadId, String),
    /// A fact was told.
    Fact(ThreadId, String),
}

/// The history, oldest first.
#[derive(Default, Debug)]
pub struct Timeline {
    kept: bool,
    events: RefCell<Vec<(Micros, Event)>>,
}

impl Timeline {
    /// An empty history; nothing is written into it unless it is `kept`.
    pub fn new(kept: bool) -> Self {
        Timeline { kept, events: RefCell::default() }
    }

    /// Whether anything is written into it.
    pub fn is_kept(&self) -> bool {
        self.kept
    }

    /// This happened now.
    pub(super) fn push(&self, at: Micros, event: Event) {
        if self.kept {
            self.events.borrow_mut().push((at, event));
        }
    }

    /// All of it.
    pub fn take(&self) -> Vec<(Micros, Event)> {
        self.events.take()
    }
}
