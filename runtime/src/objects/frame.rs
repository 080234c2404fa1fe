//! # Frames: what a call needs while it runs
//!
//! ```text
//!   data stack    | frame of <module> | frame of f | frame of g |  TOP                 chunks of 16 KiB, not the heap
//!
//!   frame ->  | OBJECT | NAMES | FUNCTION | CODE | GLOBALS | BUILTINS | PREVIOUS | LINE | STATE |
//!             | local | local | ... | temporary | temporary | ...
//! ```
//!
//! A frame is not an object: calls are far too many. Its locals and temporaries are references in words of a stack of
//! their own, and the frame is gone with the call. Only when somebody asks for it, a traceback or `sys._getframe`, an
//! object is made that stands for it ([`super::frame_object`]).
//!
//! - **I1** A frame holds what OBJECT, NAMES, FUNCTION and CODE refer to, its locals, and its temporaries; globals and
//!   builtins are the function's.
//! - **I2** STATE is the number of locals and temporaries, and in its upper half who owns the frame.
//! - **I3** When a call ends, its caller is the frame that runs before the first local dies; locals die in the order of
//!   their slots.
//! - **I4** Frames on the stack end in the reverse order in which they began.
//!
//! Source: `_PyInterpreterFrame` in `Include/internal/pycore_frame.h`, `_PyFrame_Clear` in `Python/frame.c`,
//! `_PyThreadState_BumpFramePointerSlow`, `push_chunk` in `Python/pystate.c` of 3.11.

use super::layout::{reference, stored};
use super::machine::{Objects, World};
use super::state::{CHUNK, CHUNK_END, FRAME, TOP};
use kit::graph::Obj;
use kit::{Addr, Field, Memory};

pub(crate) const OBJECT: Field<u64> = Field::at(0, "OBJECT");
const NAMES: Field<u64> = Field::at(8, "NAMES");
pub(crate) const FUNCTION: Field<u64> = Field::at(16, "FUNCTION");
pub(crate) const CODE: Field<u64> = Field::at(24, "CODE");
const GLOBALS: Field<u64> = Field::at(32, "GLOBALS");
const BUILTINS: Field<u64> = Field::at(40, "BUILTINS");
pub(crate) const PREVIOUS: Field<u64> = Field::at(48, "PREVIOUS");
const LINE: Field<u64> = Field::at(56, "LINE");
pub(crate) const STATE: Field<u64> = Field::at(64, "STATE");
/// Bytes of a frame, without locals and temporaries.
pub(crate) const SPECIALS: u64 = 72;

const COUNT_MASK: u64 = 0xffff_ffff;
const OWNER_SHIFT: u32 = 32;

const CHUNK_BYTES: u64 = 16 << 10;
const CHUNK_ALIGN: u64 = 4096;
const BEFORE: Field<u64> = Field::at(0, "BEFORE");
const SIZE: Field<u64> = Field::at(8, "SIZE");
const OLD_TOP: Field<u64> = Field::at(16, "OLD_TOP");
const CHUNK_HEADER: u64 = 24;

/// The address of a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FrameAt(pub Addr);

impl From<FrameAt> for Addr {
    #[inline]
    fn from(frame: FrameAt) -> Addr {
        frame.0
    }
}

/// Who owns a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Owner {
    /// The data stack.
    Thread = 0,
    /// A generator: it lies in it.
    Generator = 1,
    /// A frame object that outlived the call.
    Object = 2,
}

impl FrameAt {
    #[inline]
    pub(crate) fn place(self, at: u64) -> Addr {
        self.0.plus(SPECIALS + 8 * at)
    }

    /// Locals and temporaries.
    #[inline]
    pub(crate) fn count<M: Memory>(self, mem: &M) -> u64 {
        mem.get(self, STATE) & COUNT_MASK
    }

    #[inline]
    pub(crate) fn set_count<M: Memory>(self, mem: &M, count: u64) {
        mem.set(self, STATE, mem.get(self, STATE) & !COUNT_MASK | count);
    }

    /// Who owns it.
    pub fn owner<M: Memory>(self, mem: &M) -> Owner {
        match mem.get(self, STATE) >> OWNER_SHIFT {
            0 => Owner::Thread,
            1 => Owner::Generator,
            _ => Owner::Object,
        }
    }

    pub(crate) fn set_owner<M: Memory>(self, mem: &M, owner: Owner) {
        mem.set(self, STATE, self.count(mem) | (owner as u64) << OWNER_SHIFT);
    }
}

impl<W: World> Objects<W> {
    /// A call of `function` begins: its frame runs. Function and arguments are stolen; the other locals are empty.
    /// `None`: no memory; all is dropped.
    pub fn push_frame(&self, function: Obj, arguments: &[Obj]) -> Option<FrameAt> {
        let code = self.function_code(function).expect("a function has code, whatever else is cleared");
        let (locals, stack) = self.code_places(code);
        debug_assert!(arguments.len() as u64 <= locals, "more arguments than locals");
        let Some(at) = self.push_words(SPECIALS + 8 * (locals + stack)) else {
            arguments.iter().for_each(|argument| self.decref(*argument));
            self.decref(function);
            return None;
        };
        let (mem, frame) = (self.mem(), FrameAt(at));
        [OBJECT, NAMES, LINE].into_iter().for_each(|field| mem.set(frame, field, 0));
        mem.set(frame, FUNCTION, function.0.0);
        mem.set(frame, CODE, self.new_ref(code).0.0);
        mem.set(frame, GLOBALS, stored(self.function_globals(function)));
        mem.set(frame, BUILTINS, mem.get(function, super::layout::word(32)));
        mem.set(frame, STATE, locals);
        (0..locals).for_each(|at| mem.write(frame.place(at), stored(arguments.get(at as usize).copied())));
        self.enter_frame(frame);
        Some(frame)
    }

    /// `frame` runs, called from the one that ran.
    pub(crate) fn enter_frame(&self, frame: FrameAt) {
        self.mem().set(frame, PREVIOUS, self.get(FRAME));
        self.set(FRAME, frame.0.0);
    }

    /// The one that called `frame` runs again.
    pub(crate) fn leave_frame(&self, frame: FrameAt) {
        debug_assert_eq!(self.get(FRAME), frame.0.0, "the frame that ends is the one that runs (I4)");
        self.set(FRAME, self.mem().get(frame, PREVIOUS));
    }

    /// The call is over (I3): temporaries that are left die after the locals.
    pub fn pop_frame(&self, frame: FrameAt) {
        self.leave_frame(frame);
        self.clear_frame(frame);
        self.pop_words(frame.0);
    }

    /// Lets go of what a frame holds, or hands it over to its object, if somebody else has that.
    pub(crate) fn clear_frame(&self, frame: FrameAt) {
        let mem = self.mem();
        if let Some(object) = reference(mem.get(frame, OBJECT)) {
            mem.set(frame, OBJECT, 0);
            if self.refs(object) > 1 {
                self.take_ownership(object, frame);
                self.decref(object);
                return;
            }
            self.decref(object);
        }
        for at in 0..frame.count(mem) {
            self.set_word(frame.place(at), None);
        }
        for field in [NAMES, FUNCTION, CODE] {
            self.set_word(frame.0.plus(field.offset), None);
        }
    }

    /// The frame that runs.
    pub fn current_frame(&self) -> Option<FrameAt> {
        reference(self.get(FRAME)).map(|at| FrameAt(at.0))
    }

    /// The frame that called `frame`.
    pub fn previous_frame(&self, frame: FrameAt) -> Option<FrameAt> {
        reference(self.mem().get(frame, PREVIOUS)).map(|at| FrameAt(at.0))
    }

    /// The function that runs in `frame`. Borrowed.
    pub fn frame_function(&self, frame: FrameAt) -> Option<Obj> {
        reference(self.mem().get(frame, FUNCTION))
    }

    /// Its globals. Borrowed.
    pub fn frame_globals(&self, frame: FrameAt) -> Option<Obj> {
        reference(self.mem().get(frame, GLOBALS))
    }

    /// The line, or the instruction: the interpreter's business.
    pub fn frame_line(&self, frame: FrameAt) -> u64 {
        self.mem().get(frame, LINE)
    }

    /// The interpreter is at `line` now.
    pub fn set_frame_line(&self, frame: FrameAt, line: u64) {
        self.mem().set(frame, LINE, line);
    }

    /// Local number `at`. Borrowed.
    #[inline]
    pub fn local(&self, frame: FrameAt, at: u64) -> Option<Obj> {
        reference(self.mem().read(frame.place(at)))
    }

    /// Puts a stolen reference into a local, or nothing; what was there is dropped afterwards.
    #[inline]
    pub fn set_local(&self, frame: FrameAt, at: u64, value: Option<Obj>) {
        self.set_word(frame.place(at), value);
    }

    /// A temporary more: stolen.
    #[inline]
    pub fn push(&self, frame: FrameAt, value: Obj) {
        let count = frame.count(self.mem());
        self.mem().write(frame.place(count), value.0.0);
        frame.set_count(self.mem(), count + 1);
    }

    /// The last temporary: owned.
    #[inline]
    pub fn pop(&self, frame: FrameAt) -> Obj {
        let count = frame.count(self.mem()) - 1;
        frame.set_count(self.mem(), count);
        Obj(Addr(self.mem().read(frame.place(count))))
    }

    /// The temporary `below` the last one. Borrowed.
    #[inline]
    pub fn peek(&self, frame: FrameAt, below: u64) -> Obj {
        Obj(Addr(self.mem().read(frame.place(frame.count(self.mem()) - 1 - below))))
    }

    /// Temporaries of `frame`.
    pub fn stack_len(&self, frame: FrameAt) -> u64 {
        let code = reference(self.mem().get(frame, CODE)).expect("a frame that runs has code");
        frame.count(self.mem()) - self.code_places(code).0
    }

    /// Drops temporaries, the last one first, until `left` are left: an exception does so on its way.
    pub fn unwind(&self, frame: FrameAt, left: u64) {
        while self.stack_len(frame) > left {
            self.decref(self.pop(frame));
        }
    }

    fn push_words(&self, bytes: u64) -> Option<Addr> {
        let mem = self.mem();
        if self.get(CHUNK) == 0 || self.get(CHUNK_END) - self.get(TOP) < bytes {
            let mut size = CHUNK_BYTES;
            while size < bytes + CHUNK_HEADER {
                size *= 2;
            }
            let chunk = mem.map(size, CHUNK_ALIGN)?;
            mem.set(chunk, BEFORE, self.get(CHUNK));
            mem.set(chunk, SIZE, size);
            mem.set(chunk, OLD_TOP, self.get(TOP));
            self.set(CHUNK, chunk.0);
            self.set(TOP, chunk.0 + CHUNK_HEADER);
            self.set(CHUNK_END, chunk.0 + size);
        }
        let at = self.get(TOP);
        self.set(TOP, at + bytes);
        Some(Addr(at))
    }

    /// Everything from `at` on is free again (I4). The first chunk stays.
    pub(crate) fn pop_words(&self, at: Addr) {
        let (mem, chunk) = (self.mem(), Addr(self.get(CHUNK)));
        self.set(TOP, at.0);
        if at == chunk.plus(CHUNK_HEADER) && mem.get(chunk, BEFORE) != 0 {
            self.release_chunk(chunk);
        }
    }

    fn release_chunk(&self, chunk: Addr) {
        let (mem, before) = (self.mem(), Addr(self.mem().get(chunk, BEFORE)));
        self.set(CHUNK, before.0);
        self.set(TOP, mem.get(chunk, OLD_TOP));
        self.set(CHUNK_END, if before == Addr(0) { 0 } else { before.0 + mem.get(before, SIZE) });
        mem.release(chunk, mem.get(chunk, SIZE), CHUNK_ALIGN);
    }

    /// The data stack goes back.
    pub(crate) fn release_stack(&self) {
        while self.get(CHUNK) != 0 {
            self.release_chunk(Addr(self.get(CHUNK)));
        }
    }
}
