//! # Who hears what happened
//!
//! The machine around a part tells its [`Observer`] each step. In the *fast* runtime that is [`Silent`]: the closures
//! are never called and nothing of them is left after inlining (held by an instruction count). In the *lab* it is a
//! [`Recorder`], which makes a trace.

use crate::picture::Picture;
use crate::trace::{Kind, Record};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Hears steps. Sentences and pictures are closures: who does not listen does not pay.
pub trait Observer {
    /// Something happened inside.
    fn step(&self, tell: impl FnOnce() -> String);
    /// What it looks like now.
    fn picture(&self, draw: impl FnOnce() -> Picture);
    /// The same for figures alone: nothing of it is in a trace.
    #[inline(always)]
    fn scene(&self, _draw: impl FnOnce() -> Picture) {}
}

/// Hears nothing.
#[derive(Clone, Copy, Default, Debug)]
pub struct Silent;

impl Observer for Silent {
    #[inline(always)]
    fn step(&self, _: impl FnOnce() -> String) {}
    #[inline(always)]
    fn picture(&self, _: impl FnOnce() -> Picture) {}
}

/// Steps told for one operation at most; a chain of twenty thousand objects would fill a book.
const STEPS: u32 = 60;

/// Hears everything and hands each [`Record`] on. Clones are the same recorder.
#[derive(Clone)]
pub struct Recorder {
    shared: Rc<Shared>,
}

struct Shared {
    line: Cell<u32>,
    /// Steps that were told for this operation; above [`STEPS`], no more are.
    steps: Cell<u32>,
    /// Where `steps` begins for each operation.
    none: u32,
    /// Whether scenes are wanted.
    scenes: bool,
    sink: RefCell<Box<dyn FnMut(Record)>>,
}

impl Recorder {
    /// A recorder that hands each record to `sink` at once.
    pub fn new(sink: impl FnMut(Record) + 'static) -> Self {
        Recorder::with(0, false, Box::new(sink))
    }

    /// A recorder for a figure: it hears scenes, too.
    pub fn of_scenes(sink: impl FnMut(Record) + 'static) -> Self {
        Recorder::with(0, true, Box::new(sink))
    }

    /// A recorder of facts alone: nobody draws what nobody looks at.
    pub fn of_facts(sink: impl FnMut(Record) + 'static) -> Self {
        Recorder::with(STEPS + 1, false, Box::new(sink))
    }

    fn with(none: u32, scenes: bool, sink: Box<dyn FnMut(Record)>) -> Self {
        let (line, steps) = (Cell::new(0), Cell::new(none));
        Recorder { shared: Rc::new(Shared { line, steps, none, scenes, sink: RefCell::new(sink) }) }
    }

    /// The operation of line `line` is about to run.
    pub fn op(&self, line: u32, text: impl Into<String>) {
        self.shared.line.set(line);
        self.shared.steps.set(self.shared.none);
        self.put(Kind::Op, text.into(), None);
    }

    /// A fact.
    pub fn fact(&self, text: impl Into<String>) {
        self.put(Kind::Fact, text.into(), None);
    }

    /// A fact that can be drawn.
    pub fn shown(&self, picture: Picture) {
        self.put(Kind::Fact, picture.to_string(), Some(picture));
    }

    /// A broken promise, or the end.
    pub fn broken(&self, text: impl Into<String>) {
        self.put(Kind::Broken, text.into(), None);
    }

    fn put(&self, kind: Kind, text: String, picture: Option<Picture>) {
        (self.shared.sink.borrow_mut())(Record { line: self.shared.line.get(), kind, text, picture });
    }

    /// Whether one more step of this operation is told.
    fn listens(&self) -> bool {
        let steps = self.shared.steps.get();
        self.shared.steps.set(steps.saturating_add(1));
        if steps == STEPS {
            self.put(Kind::Step, "... and more steps, not told".into(), None);
        }
        steps < STEPS
    }
}

impl Observer for Recorder {
    fn step(&self, tell: impl FnOnce() -> String) {
        if self.listens() {
            self.put(Kind::Step, tell(), None);
        }
    }
    fn picture(&self, draw: impl FnOnce() -> Picture) {
        if self.listens() {
            let picture = draw();
            self.put(Kind::Step, picture.to_string(), Some(picture));
        }
    }
    fn scene(&self, draw: impl FnOnce() -> Picture) {
        if self.shared.scenes {
            self.put(Kind::Scene, String::new(), Some(draw()));
        }
    }
}
