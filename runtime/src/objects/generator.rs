//! # Generators: a frame that waits
//!
//! ```text
//!   generator -> | CODE | NAME | QUALNAME | EXCEPTION | WEAK | RUNS | ... | its frame, with locals and temporaries |
//! ```
//!
//! A call of a generator function makes its frame on the stack, as each call does, and then moves it into a new object.
//! There it waits. `next` runs it, as if it had been called; `yield` stops it.
//!
//! - **I1** RUNS says where it stands: created, suspended, running, or cleared: then there is no frame any more.
//! - **I2** A generator that dies, or is part of a dead ring, is closed first: that is its finalizer. What stands in its
//!   `finally` runs. So it lets go of its locals there, and never needs to be cleared.
//! - **I3** Its weak references are dead before it is closed. (With all other objects it is the other way round.)
//!
//! What runs in the frame, the interpreter knows: `Host::set_closer`. Without one a generator is closed without a word.
//!
//! Source: `gen_dealloc`, `gen_traverse`, `_PyGen_Finalize` in `Objects/genobject.c` of 3.11.

use super::frame::{FrameAt, OBJECT, Owner, PREVIOUS, SPECIALS};
use super::layout::{stored, word};
use super::machine::{Objects, World};
use super::types::Type;
use kit::graph::Obj;
use kit::{Field, Memory};

pub(crate) const EXCEPTION: Field<u64> = word(40);
const RUNS: u64 = 56;
/// Locals and temporaries that there is room for.
pub(crate) const PLACES: Field<u64> = word(64);
const DATA: u64 = 80;

/// Where a generator stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Runs {
    /// It has not begun.
    Created,
    /// At a `yield`.
    Suspended,
    /// It runs.
    Running,
    /// It has ended, one way or another.
    Cleared,
}

impl<W: World> Objects<W> {
    /// `frame`, the newest one on the stack, becomes a generator, and its caller runs again. Tracked. `None`: no memory;
    /// the frame is still there. Owned.
    pub fn new_generator(&self, frame: FrameAt) -> Option<Obj> {
        let function = self.frame_function(frame)?;
        let code = self.function_code(function)?;
        let (name, qualname) = (self.field(function, word(72)), self.field(function, word(104)));
        let (locals, stack) = self.code_places(code);
        let bytes = Type::Generator.row().basic + 8 * (locals + stack);
        let fields = [Some(code), name, qualname];
        fields.iter().flatten().for_each(|field| self.incref(*field));
        let o = self.new_record_untracked(Type::Generator, bytes, &fields)?;
        let (mem, inside) = (self.mem(), self.frame_in(o));
        mem.set(o, PLACES, locals + stack);
        self.leave_frame(frame);
        for offset in (0..SPECIALS + 8 * frame.count(mem)).step_by(8) {
            mem.write(inside.0.plus(offset), mem.read(frame.0.plus(offset)));
        }
        inside.set_owner(mem, Owner::Generator);
        mem.set(inside, PREVIOUS, 0);
        if let Some(object) = super::layout::reference(mem.get(inside, OBJECT)) {
            self.set_frame_of(object, inside);
        }
        self.pop_words(frame.0);
        self.track(o);
        Some(o)
    }

    /// The frame inside of a generator.
    pub fn frame_in(&self, generator: Obj) -> FrameAt {
        FrameAt(generator.0.plus(DATA))
    }

    /// Where it stands.
    pub fn runs(&self, generator: Obj) -> Runs {
        match self.number(generator, RUNS) {
            0 => Runs::Created,
            1 => Runs::Suspended,
            2 => Runs::Running,
            _ => Runs::Cleared,
        }
    }

    fn set_runs(&self, generator: Obj, runs: Runs) {
        self.set_number(generator, RUNS, runs as u64);
    }

    pub(crate) fn has_frame(&self, generator: Obj) -> bool {
        self.runs(generator) != Runs::Cleared
    }

    /// Its frame runs from now on.
    pub fn resume(&self, generator: Obj) -> FrameAt {
        self.set_runs(generator, Runs::Running);
        self.enter_frame(self.frame_in(generator));
        self.frame_in(generator)
    }

    /// It stops at a `yield`.
    pub fn suspend(&self, generator: Obj) {
        self.set_runs(generator, Runs::Suspended);
        self.leave_frame(self.frame_in(generator));
        self.mem().set(self.frame_in(generator), PREVIOUS, 0);
    }

    /// It has returned, or an exception left it: its caller runs, and its frame is cleared.
    pub fn finish(&self, generator: Obj) {
        let frame = self.frame_in(generator);
        self.leave_frame(frame);
        // Whoever keeps the frame does not keep its caller's.
        self.mem().set(frame, PREVIOUS, 0);
        self.clear_generator(generator);
    }

    /// The frame goes, if it is still there.
    pub(crate) fn clear_generator(&self, generator: Obj) {
        if self.has_frame(generator) {
            self.set_runs(generator, Runs::Cleared);
            self.clear_frame(self.frame_in(generator));
        }
    }

    /// Its finalizer (I2).
    pub(crate) fn close_generator(&self, generator: Obj) {
        if !self.has_frame(generator) {
            return;
        }
        let Some(closer) = self.host.closer() else { return self.clear_generator(generator) };
        let closed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| closer(self, generator, &[])));
        match closed {
            Ok(Ok(value)) => self.decref(value),
            Ok(Err(exception)) => self.unraisable(exception, generator),
            Err(_) => {
                self.unraisable(self.raised(Type::SystemError, "a panic while a generator was closed"), generator)
            }
        }
    }

    fn set_frame_of(&self, object: Obj, frame: FrameAt) {
        self.mem().set(object, word(32), stored(Some(Obj(frame.0))));
    }
}
