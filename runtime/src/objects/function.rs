//! # Functions, methods, cells, and what they are made of
//!
//! ```text
//!   def outer():              function --> code        (outer's text: the interpreter's business)
//!       x = []                         --> globals
//!       def inner(): x                 --> closure, a tuple --> cell --> []
//!       return inner                                          the same cell is in outer's frame, while it runs
//! ```
//!
//! A closure that refers to itself is a ring of three: function, tuple, cell.
//!
//! - **I1** `instance.method` makes a new object each time; nothing keeps it, so a weak reference to it is dead at once.
//! - **I2** What a function does is known to its code only, and what code means only to the interpreter.
//! - **I3** A function that is cleared keeps code and names: it may still be asked what it is called.
//!
//! Source: `Objects/funcobject.c`, `classobject.c`, `cellobject.c` of 3.11.

use super::layout::word;
use super::machine::{Objects, World};
use super::types::Type;
use kit::Field;
use kit::graph::Obj;

const CODE: Field<u64> = word(16);
const GLOBALS: Field<u64> = word(24);
const DEFAULTS: Field<u64> = word(48);
const NAME: Field<u64> = word(72);
const CLOSURE: Field<u64> = word(88);
/// A function's fields from the globals on that `func_clear` lets go (I3): all but code, name and qualified name.
const CLEARED: [u64; 9] = [24, 32, 40, 48, 56, 64, 80, 88, 96];

const METHOD_FUNCTION: Field<u64> = word(16);
const METHOD_SELF: Field<u64> = word(24);

const CONTENTS: Field<u64> = word(16);

const CODE_CONSTANTS: Field<u64> = word(16);
const CODE_NAME: Field<u64> = word(24);
const CODE_NUMBER: u64 = 32;
const CODE_LOCALS: u64 = 40;
const CODE_STACK: u64 = 48;
const CODE_BYTES: u64 = 56;

/// What a new function is made of: all stolen.
#[derive(Clone, Copy, Debug)]
pub struct NewFunction {
    /// Its code.
    pub code: Obj,
    /// A dict.
    pub globals: Obj,
    /// The dict of the builtins, if there are any.
    pub builtins: Option<Obj>,
    /// What the module is called.
    pub module: Option<Obj>,
    /// A tuple.
    pub defaults: Option<Obj>,
    /// A dict.
    pub keyword_defaults: Option<Obj>,
    /// A string.
    pub doc: Option<Obj>,
    /// A string.
    pub name: Obj,
    /// A tuple of cells.
    pub closure: Option<Obj>,
    /// A string.
    pub qualname: Obj,
}

/// What new code says about itself; references are stolen.
#[derive(Clone, Copy, Debug)]
pub struct NewCode {
    /// The interpreter finds it by this.
    pub number: u64,
    /// A tuple.
    pub constants: Obj,
    /// A string.
    pub name: Obj,
    /// Arguments, locals and cells.
    pub locals: u64,
    /// The deepest that its value stack gets.
    pub stack: u64,
    /// Bytes of its instructions.
    pub bytes: u64,
}

impl<W: World> Objects<W> {
    /// Code. `None`: no memory. Owned.
    pub fn new_code(&self, code: NewCode) -> Option<Obj> {
        let bytes = Type::Code.row().basic + code.bytes.next_multiple_of(8);
        let o = self.new_plain_record(Type::Code, bytes, &[Some(code.constants), Some(code.name)])?;
        self.set_number(o, CODE_NUMBER, code.number);
        self.set_number(o, CODE_LOCALS, code.locals);
        self.set_number(o, CODE_STACK, code.stack);
        self.set_number(o, CODE_BYTES, code.bytes);
        Some(o)
    }

    /// The interpreter's number of `code`.
    pub fn code_number(&self, code: Obj) -> u64 {
        self.number(code, CODE_NUMBER)
    }

    /// Constants of `code`, a tuple. Borrowed.
    pub fn code_constants(&self, code: Obj) -> Option<Obj> {
        self.field(code, CODE_CONSTANTS)
    }

    /// What `code` is called. Borrowed.
    pub fn code_name(&self, code: Obj) -> Option<Obj> {
        self.field(code, CODE_NAME)
    }

    /// Bytes of `code`.
    pub(crate) fn code_size(&self, code: Obj) -> u64 {
        Type::Code.row().basic + self.number(code, CODE_BYTES)
    }

    /// Places that a frame of `code` needs for its locals, and for its value stack.
    pub fn code_places(&self, code: Obj) -> (u64, u64) {
        (self.number(code, CODE_LOCALS), self.number(code, CODE_STACK))
    }

    /// A function, tracked. `None`: no memory; all is dropped. Owned.
    pub fn new_function(&self, new: NewFunction) -> Option<Obj> {
        let fields = [
            Some(new.code),
            Some(new.globals),
            new.builtins,
            new.module,
            new.defaults,
            new.keyword_defaults,
            new.doc,
            Some(new.name),
            None,
            new.closure,
            None,
            Some(new.qualname),
        ];
        self.new_record(Type::Function, &fields)
    }

    /// Its code. Borrowed.
    pub fn function_code(&self, function: Obj) -> Option<Obj> {
        self.field(function, CODE)
    }

    /// Its globals. Borrowed; none when it was cleared.
    pub fn function_globals(&self, function: Obj) -> Option<Obj> {
        self.field(function, GLOBALS)
    }

    /// The tuple of its defaults. Borrowed.
    pub fn function_defaults(&self, function: Obj) -> Option<Obj> {
        self.field(function, DEFAULTS)
    }

    /// The tuple of its cells. Borrowed.
    pub fn function_closure(&self, function: Obj) -> Option<Obj> {
        self.field(function, CLOSURE)
    }

    /// What it is called. Borrowed.
    pub fn function_name(&self, function: Obj) -> Option<Obj> {
        self.field(function, NAME)
    }

    /// I3.
    pub(crate) fn clear_function(&self, function: Obj) {
        CLEARED.into_iter().for_each(|offset| self.set_field(function, word(offset), None));
    }

    /// `self.function`, a new one each time (I1): both are stolen. Tracked. Owned.
    pub fn new_method(&self, function: Obj, of: Obj) -> Option<Obj> {
        self.new_record(Type::Method, &[Some(function), Some(of)])
    }

    /// The function and the object of a bound method; `None` for everything else. Borrowed.
    pub fn method_parts(&self, method: Obj) -> Option<(Obj, Obj)> {
        if !self.is_a(method, Type::Method) {
            return None;
        }
        Some((self.field(method, METHOD_FUNCTION)?, self.field(method, METHOD_SELF)?))
    }

    /// A cell with a stolen reference in it, or an empty one. Tracked. Owned.
    pub fn new_cell(&self, contents: Option<Obj>) -> Option<Obj> {
        self.new_record(Type::Cell, &[contents])
    }

    /// What is in a cell. Borrowed.
    pub fn cell_get(&self, cell: Obj) -> Option<Obj> {
        self.field(cell, CONTENTS)
    }

    /// Puts a stolen reference into a cell; what was there is dropped afterwards.
    pub fn cell_set(&self, cell: Obj, contents: Option<Obj>) {
        self.set_field(cell, CONTENTS, contents);
    }
}
