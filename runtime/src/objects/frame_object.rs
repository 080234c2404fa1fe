//! # Frame objects: a frame that somebody asked for
//!
//! ```text
//!   while the call runs          frame on the stack <--> frame object           the object only points to it
//!
//!   the call is over             frame object --> | BACK | TRACE | FRAME | a copy of the frame, with all its locals |
//! ```
//!
//! A frame object that nobody kept dies with the call. Else it takes the frame over: what was in the locals lives on in
//! it. Before that the collector does not know it, for what it shows is held by the stack.
//!
//! - **I1** FRAME leads to the frame: on the stack, in a generator, or in the object itself, if that owns it.
//! - **I2** It is tracked from the moment on when it owns the frame.
//! - **I3** When it takes its frame over it gets its caller's frame object, which is made if need be; without memory it
//!   has none.
//!
//! Source: `take_ownership` in `Python/frame.c`, `frame_dealloc`, `frame_traverse`, `frame_tp_clear` in
//! `Objects/frameobject.c` of 3.11.

use super::frame::{CODE, FUNCTION, FrameAt, OBJECT, Owner, PREVIOUS, SPECIALS, STATE};
use super::generator::Runs;
use super::layout::{stored, word};
use super::machine::{Objects, World};
use super::types::Type;
use kit::graph::{Cursor, Obj};
use kit::{Field, Memory};

const BACK: Field<u64> = word(16);
const TRACE: Field<u64> = word(24);
const FRAME: Field<u64> = word(32);
/// Locals and temporaries that there is room for.
const PLACES: Field<u64> = word(40);
/// The frame, if the object owns it.
const DATA: u64 = 48;

/// Stages of walks from here on are those of frames and generators.
pub(crate) const FRAME_STAGES: u64 = 1 << 48;
const SPECIALS_NEXT: u64 = FRAME_STAGES;
const LOCALS_NEXT: u64 = FRAME_STAGES + 1;
const GENERATOR_SPECIALS_NEXT: u64 = FRAME_STAGES + 2;
const GENERATOR_LOCALS_NEXT: u64 = FRAME_STAGES + 3;
const GENERATOR_EXCEPTION_NEXT: u64 = FRAME_STAGES + 4;
/// Death has another order.
const NAMES_DIE: u64 = FRAME_STAGES + 5;
const LOCALS_DIE: u64 = FRAME_STAGES + 6;
const BACK_DIES: u64 = FRAME_STAGES + 7;
const CODE_DIES: u64 = FRAME_STAGES + 8;

impl<W: World> Objects<W> {
    /// The object that stands for `frame`. `None`: no memory. Borrowed.
    pub fn frame_object(&self, frame: FrameAt) -> Option<Obj> {
        let mem = self.mem();
        if let Some(object) = self.object_of(frame) {
            return Some(object);
        }
        let code = super::layout::reference(mem.get(frame, CODE))?;
        let (locals, stack) = self.code_places(code);
        let bytes = Type::Frame.row().basic + 8 * (locals + stack);
        let object = self.new_record_untracked(Type::Frame, bytes, &[])?;
        if let Some(first) = self.object_of(frame) {
            self.decref(object); // a collection ran just now, and in there somebody asked for the same (gh-97002)
            return Some(first);
        }
        mem.set(object, FRAME, frame.0.0);
        mem.set(object, PLACES, locals + stack);
        mem.set(frame, OBJECT, object.0.0);
        Some(object)
    }

    fn object_of(&self, frame: FrameAt) -> Option<Obj> {
        super::layout::reference(self.mem().get(frame, OBJECT))
    }

    /// The frame that a frame object stands for.
    pub fn frame_of(&self, object: Obj) -> FrameAt {
        FrameAt(kit::Addr(self.mem().get(object, FRAME)))
    }

    /// `f_back`: owned.
    pub fn frame_back(&self, object: Obj) -> Option<Obj> {
        let frame = self.frame_of(object);
        let back = match self.owns_frame(object) {
            true => self.field(object, BACK),
            false => self.previous_frame(frame).and_then(|previous| self.frame_object(previous)),
        };
        back.map(|back| self.new_ref(back))
    }

    /// Places for locals and temporaries in a frame object or a generator.
    pub(crate) fn frame_places(&self, o: Obj) -> u64 {
        let generator = self.is_a(o, Type::Generator);
        self.mem().get(o, if generator { super::generator::PLACES } else { PLACES })
    }

    /// I2.
    pub fn owns_frame(&self, object: Obj) -> bool {
        self.mem().get(object, FRAME) == object.0.plus(DATA).0
    }

    /// I2, I3.
    pub(crate) fn take_ownership(&self, object: Obj, frame: FrameAt) {
        let (mem, data) = (self.mem(), FrameAt(object.0.plus(DATA)));
        (0..SPECIALS + 8 * frame.count(mem))
            .step_by(8)
            .for_each(|offset| mem.write(data.0.plus(offset), mem.read(frame.0.plus(offset))));
        mem.set(object, FRAME, data.0.0);
        data.set_owner(mem, Owner::Object);
        let back = self.previous_frame(frame).and_then(|previous| self.frame_object(previous));
        mem.set(object, BACK, stored(back.map(|back| self.new_ref(back))));
        mem.set(data, PREVIOUS, 0);
        self.track(object);
    }

    /// Where the collector's walk over a frame object or a generator begins.
    pub(crate) fn walk_frame(&self, o: Obj) -> Cursor {
        if self.is_a(o, Type::Generator) {
            return Cursor { stage: GENERATOR_SPECIALS_NEXT, ..Cursor::over(o, o.0.plus(16), 3) };
        }
        let stage = if self.owns_frame(o) { SPECIALS_NEXT } else { 0 };
        Cursor { stage, ..Cursor::over(o, o.0.plus(BACK.offset), 2) }
    }

    /// Where the walk of a dying one begins: the function, names, locals, the caller, the code. Of a generator the frame
    /// was cleared before.
    pub(crate) fn drop_frame(&self, o: Obj) -> Cursor {
        match self.is_a(o, Type::Frame) && self.owns_frame(o) {
            true => Cursor { stage: NAMES_DIE, ..Cursor::over(o, o.0.plus(DATA + FUNCTION.offset), 1) },
            false => self.walk_frame(o),
        }
    }

    /// The next places of such a walk.
    #[inline(never)]
    pub(crate) fn walk_frame_on(&self, cursor: &Cursor) -> Cursor {
        let (mem, o) = (self.mem(), cursor.of);
        let data = FrameAt(o.0.plus(DATA));
        let locals = |frame: FrameAt, stage| Cursor { stage, ..Cursor::over(o, frame.place(0), frame.count(mem)) };
        let word = |at: kit::Addr, stage| Cursor { stage, ..Cursor::over(o, at, 1) };
        match cursor.stage {
            SPECIALS_NEXT => Cursor { stage: LOCALS_NEXT, ..Cursor::over(o, data.0, 4) },
            LOCALS_NEXT => locals(data, 0),
            GENERATOR_SPECIALS_NEXT if self.has_frame(o) => {
                Cursor { stage: GENERATOR_LOCALS_NEXT, ..Cursor::over(o, self.frame_in(o).0, 4) }
            }
            GENERATOR_LOCALS_NEXT if self.runs(o) != Runs::Running => {
                locals(self.frame_in(o), GENERATOR_EXCEPTION_NEXT)
            }
            // While it runs its locals are the interpreter's: no collection explains them.
            GENERATOR_SPECIALS_NEXT | GENERATOR_LOCALS_NEXT | GENERATOR_EXCEPTION_NEXT => {
                word(o.0.plus(super::generator::EXCEPTION.offset), 0)
            }
            NAMES_DIE => word(data.0.plus(8), LOCALS_DIE),
            LOCALS_DIE => locals(data, BACK_DIES),
            BACK_DIES => Cursor { stage: CODE_DIES, ..Cursor::over(o, o.0.plus(BACK.offset), 2) },
            _ => word(data.0.plus(CODE.offset), 0),
        }
    }

    /// A frame object of a dead ring lets go of its locals.
    pub(crate) fn clear_frame_object(&self, o: Obj) {
        let (mem, frame) = (self.mem(), self.frame_of(o));
        self.set_field(o, TRACE, None);
        for at in 0..frame.count(mem) {
            self.set_word(frame.place(at), None);
        }
        mem.set(frame, STATE, mem.get(frame, STATE) & !0xffff_ffff);
    }
}
