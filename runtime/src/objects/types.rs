//! # The types of the runtime
//!
//! One row for each: its name, the kind of its instances, their size, and the references that each declares. Rows are
//! in memory when a runtime starts, as static types are in CPython: they have a count, but no head, and never die.

use super::kind::Kind;
use super::layout::{HEADER, LIST, VAR_HEADER, types::*};

/// A type of the runtime: its row.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What Python calls it.
    pub name: &'static str,
    /// The kind of its instances.
    pub kind: Kind,
    /// Their bytes, without items and without what stands in front of them.
    pub basic: u64,
    /// Bytes of an item.
    pub item: u64,
    /// Where the references begin that it declares, and how many there are. For records.
    pub fields: (u64, u64),
    /// Where in an instance the head of its weak references is; 0 when there can be none.
    pub weak_at: u64,
    /// [`TRASHCAN`], [`BASETYPE`].
    pub flags: u64,
}

macro_rules! rows {
    ($($(#[$doc:meta])* $type:ident = $name:literal, $kind:ident, $basic:expr, $item:expr, $fields:expr, $weak:expr, $flags:expr;)*) => {
        /// The types of the runtime.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Type {
            $($(#[$doc])* $type,)*
        }

        /// Their rows, in the same order.
        pub const ROWS: &[Row] = &[
            $(Row { name: $name, kind: Kind::$kind, basic: $basic, item: $item, fields: $fields, weak_at: $weak, flags: $flags },)*
        ];
    };
}

rows! {
    // type           name         kind        basic       item  fields       weak  flags
    /// `object`
    Object          = "object",    Plain,      HEADER,     0,    (0, 0),      0,    BASETYPE;
    /// `type`
    Type            = "type",      StaticType, RECORD,     0,    (0, 0),      WEAKLIST.offset, 0;
    /// `NoneType`
    None            = "NoneType",  Plain,      HEADER,     0,    (0, 0),      0,    0;
    /// `ellipsis`
    Ellipsis        = "ellipsis",  Plain,      HEADER,     0,    (0, 0),      0,    0;
    /// `NotImplementedType`
    NotImplemented  = "NotImplementedType", Plain, HEADER, 0,    (0, 0),      0,    0;
    /// `int`
    Int             = "int",       Int,        VAR_HEADER, 4,    (0, 0),      0,    BASETYPE;
    /// `bool`
    Bool            = "bool",      Int,        VAR_HEADER, 4,    (0, 0),      0,    0;
    /// `float`
    Float           = "float",     Float,      24,         0,    (0, 0),      0,    BASETYPE;
    /// `str`
    Str             = "str",       Str,        48,         0,    (0, 0),      0,    BASETYPE;
    /// `bytes`
    Bytes           = "bytes",     Bytes,      33,         1,    (0, 0),      0,    BASETYPE;
    /// `list`
    List            = "list",      List,       LIST,       0,    (0, 0),      0,    TRASHCAN | BASETYPE;
    /// `tuple`
    Tuple           = "tuple",     Tuple,      VAR_HEADER, 8,    (0, 0),      0,    TRASHCAN | BASETYPE;
    /// `dict`
    Dict            = "dict",      Dict,       48,         0,    (0, 0),      0,    TRASHCAN | BASETYPE;
    /// `set`
    Set             = "set",       Set,        200,        0,    (0, 0),      192,  TRASHCAN | BASETYPE;
    /// `frozenset`
    Frozenset       = "frozenset", Set,        200,        0,    (0, 0),      192,  TRASHCAN | BASETYPE;
    /// `cell`: contents
    Cell            = "cell",      Record,     24,         0,    (16, 1),     0,    0;
    /// A function of the runtime's host: a number, then self
    Builtin         = "builtin_function_or_method", Record, 56, 0, (16, 1),   40,   TRASHCAN;
    /// `weakref`
    Weakref         = "weakref",   Weakref,    64,         0,    (56, 1),     0,    BASETYPE | WEAKREF;
    /// `weakproxy`
    Proxy           = "weakproxy", Weakref,    64,         0,    (56, 1),     0,    WEAKREF;
    /// `weakcallableproxy`
    CallableProxy   = "weakcallableproxy", Weakref, 64,    0,    (56, 1),     0,    WEAKREF;
}

impl Type {
    /// Its row.
    pub const fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }
}
