//! # Exceptions, and what they keep alive
//!
//! ```text
//!   exception --> traceback --> frame --> its locals, perhaps the exception itself: a ring of three
//!       |             +-------> traceback of the caller --> its frame ...
//!       +--> context --> the exception that was being handled --> ...
//! ```
//!
//! An exception that is kept keeps every frame that it came through, and all that lay in their locals.
//!
//! - **I1** Fields stand in the order in which the collector walks over them; a class that extends an exception has them
//!   at the same places.
//! - **I2** There is a `MemoryError` even when there is no memory: sixteen lie in the runtime's own words. One that died
//!   is there again. When all are taken and the heap is empty, the last one is given once more.
//! - **I3** A chain of contexts has no ring, unless a program made one by hand.
//!
//! Source: `BaseException_new`, `BaseException_traverse`, `MemoryError_new` in `Objects/exceptions.c`;
//! `_PyErr_SetObject` in `Python/errors.c`; `PyTraceBack_Here` in `Python/traceback.c` of 3.11.

use super::layout::{types, word};
use super::machine::{Objects, World};
use super::state::HANDLED;
use super::types::Type;
use crate::gc::head::Head;
use kit::graph::Obj;
use kit::refcount::TYPE;
use kit::{Field, Memory};

/// `__dict__`
pub const EXCEPTION_DICT: Field<u64> = word(16);
/// `args`, a tuple.
pub const ARGS: Field<u64> = word(24);
/// `__notes__`, a list.
pub const NOTES: Field<u64> = word(32);
/// `__traceback__`
pub const TRACEBACK: Field<u64> = word(40);
/// `__cause__`
pub const CAUSE: Field<u64> = word(48);
/// `__context__`
pub const CONTEXT: Field<u64> = word(56);
/// Of those that have one: `value`, `name`, `code`.
pub const VALUE: Field<u64> = word(64);

const TB_NEXT: Field<u64> = word(16);
const TB_FRAME: Field<u64> = word(24);
const TB_LINE: u64 = 32;

/// So many `MemoryError`s lie in the runtime's own words (I2).
pub const MEMORY_ERRORS: u64 = 16;

impl<W: World> Objects<W> {
    /// An exception of `ty`, a type of the runtime or a class, with these arguments, which are stolen. `None`: no
    /// memory. Owned.
    pub fn new_exception(&self, ty: Obj, args: &[Obj]) -> Option<Obj> {
        let args = self.new_tuple(args)?;
        let made = if self.mem().get(ty, types::FLAGS) & types::HEAP != 0 {
            self.new_of_class(ty).inspect(|o| self.track(*o))
        } else {
            self.static_exception(ty)
        };
        match made {
            Some(o) => self.mem().set(o, ARGS, args.0.0),
            None => self.decref(args),
        }
        made
    }

    fn static_exception(&self, ty: Obj) -> Option<Obj> {
        let o = self.new_collected(Type::BaseException, self.mem().get(ty, types::BASIC))?;
        self.mem().set(o, TYPE, self.mem().get(ty, types::WORD));
        self.zero_behind_header(o, self.mem().get(ty, types::BASIC));
        self.track(o);
        Some(o)
    }

    fn zero_behind_header(&self, o: Obj, bytes: u64) {
        (16..bytes).step_by(8).for_each(|offset| self.mem().write(o.0.plus(offset), 0));
    }

    /// An exception of the runtime, with these arguments, stolen. `MemoryError` when there is no memory for it. Owned.
    pub fn raised_with(&self, ty: Type, args: &[Obj]) -> Obj {
        self.new_exception(self.ty(ty), args).unwrap_or_else(|| self.memory_error())
    }

    /// The same, with a sentence. Owned.
    pub fn raised(&self, ty: Type, sentence: &str) -> Obj {
        match self.new_str(sentence) {
            Some(text) => self.raised_with(ty, &[text]),
            None => self.memory_error(),
        }
    }

    /// I2. Owned.
    pub fn memory_error(&self) -> Obj {
        let mem = self.mem();
        let own = || (0..MEMORY_ERRORS).rev().map(|number| self.state.memory_error(number));
        // One whose count is 0 may be dying just now, or wait for it: idle is who has no type.
        let idle = |o: &Obj| mem.get(*o, TYPE) == 0;
        if let Some(o) = own().skip(1).find(idle) {
            self.begin_memory_error(o);
            self.track(o);
            return o;
        }
        self.new_exception(self.ty(Type::MemoryError), &[]).unwrap_or_else(|| match own().next().filter(idle) {
            Some(last) => self.begin_memory_error(last),
            None => self.new_ref(own().find(|o| self.refs(*o) != 0).expect("not all of them are dying")),
        })
    }

    fn begin_memory_error(&self, o: Obj) -> Obj {
        Head::of(o).clear(self.mem());
        self.begin(o, Type::MemoryError, 1);
        self.zero_behind_header(o, Type::MemoryError.row().basic);
        self.mem().set(o, ARGS, self.new_ref(self.state.empty_tuple()).0.0);
        o
    }

    /// Whether `o` is an exception.
    pub fn is_exception(&self, o: Obj) -> bool {
        self.mem().get(self.type_of(o), types::FLAGS) & types::EXCEPTION != 0
    }

    /// Whether `o` is an exception of `ty`, or of a type that extends it.
    pub fn is_raised(&self, o: Obj, ty: Type) -> bool {
        self.extends(self.type_of(o), self.ty(ty))
    }

    /// What stands in a field of an exception: [`TRACEBACK`], [`CONTEXT`]... Borrowed.
    pub fn exception_get(&self, o: Obj, field: Field<u64>) -> Option<Obj> {
        self.field(o, field)
    }

    /// Puts a stolen reference into a field of an exception; what was there is dropped afterwards.
    pub fn exception_set(&self, o: Obj, field: Field<u64>, value: Option<Obj>) {
        self.set_field(o, field, value);
    }

    /// `exception` was raised while `handled` was being handled: that is its context, unless it is the same one. If
    /// `exception` is further down in the chain already, the chain ends before it (I3).
    pub fn chain_context(&self, exception: Obj, handled: Obj) {
        if exception == handled {
            return;
        }
        // A program may have made a ring itself. Who follows at half the speed is met there: Floyd's tortoise.
        let (mut here, mut slow, mut step) = (handled, handled, false);
        while let Some(next) = self.field(here, CONTEXT) {
            if next == exception {
                self.set_field(here, CONTEXT, None);
                break;
            }
            here = next;
            if here == slow {
                break;
            }
            step = !step;
            if !step {
                slow = self.field(slow, CONTEXT).expect("it is on the way");
            }
        }
        self.set_field(exception, CONTEXT, Some(self.new_ref(handled)));
    }

    /// The exception that is being handled. Borrowed.
    pub fn handled(&self) -> Option<Obj> {
        super::layout::reference(self.get(HANDLED))
    }

    /// From now on `exception`, stolen, is being handled, or none. Gives the one before: owned.
    pub fn set_handled(&self, exception: Option<Obj>) -> Option<Obj> {
        let before = self.handled();
        self.set(HANDLED, super::layout::stored(exception));
        before
    }

    /// `exception` came through `frame`, a frame object: the newest entry of its traceback comes first. `None`: no
    /// memory, and nothing changed.
    pub fn add_traceback(&self, exception: Obj, frame: Obj, line: u64) -> Option<()> {
        let next = self.field(exception, TRACEBACK).map(|next| self.new_ref(next));
        let entry = self.new_record(Type::Traceback, &[next, Some(self.new_ref(frame))])?;
        self.set_number(entry, TB_LINE, line);
        self.set_field(exception, TRACEBACK, Some(entry));
        Some(())
    }

    /// The frame of an entry of a traceback. Borrowed.
    pub fn traceback_frame(&self, entry: Obj) -> Option<Obj> {
        self.field(entry, TB_FRAME)
    }

    /// The next entry: nearer to where it was raised. Borrowed.
    pub fn traceback_next(&self, entry: Obj) -> Option<Obj> {
        self.field(entry, TB_NEXT)
    }

    /// The line of an entry.
    pub fn traceback_line(&self, entry: Obj) -> u64 {
        self.number(entry, TB_LINE)
    }
}
