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

const EXCEPT: u64 = TRASHCAN | BASETYPE | EXCEPTION;

/// The types that extend another one than `object`.
pub const EXTENDS: &[(Type, Type)] = &[
    (Type::Bool, Type::Int),
    (Type::Exception, Type::BaseException),
    (Type::GeneratorExit, Type::BaseException),
    (Type::KeyboardInterrupt, Type::BaseException),
    (Type::SystemExit, Type::BaseException),
    (Type::ArithmeticError, Type::Exception),
    (Type::AssertionError, Type::Exception),
    (Type::AttributeError, Type::Exception),
    (Type::ImportError, Type::Exception),
    (Type::LookupError, Type::Exception),
    (Type::MemoryError, Type::Exception),
    (Type::NameError, Type::Exception),
    (Type::OSError, Type::Exception),
    (Type::ReferenceError, Type::Exception),
    (Type::RuntimeError, Type::Exception),
    (Type::StopIteration, Type::Exception),
    (Type::SystemError, Type::Exception),
    (Type::TypeError, Type::Exception),
    (Type::ValueError, Type::Exception),
    (Type::IndexError, Type::LookupError),
    (Type::KeyError, Type::LookupError),
    (Type::NotImplementedError, Type::RuntimeError),
    (Type::OverflowError, Type::ArithmeticError),
    (Type::RecursionError, Type::RuntimeError),
    (Type::UnboundLocalError, Type::NameError),
    (Type::ZeroDivisionError, Type::ArithmeticError),
];

/// References behind a type's fields that only death meets.
pub const HIDDEN: &[(Type, u64)] = &[(Type::Property, 1), (Type::Module, 1), (Type::GetSet, 2), (Type::Member, 2)];

/// Where instances of the runtime's types have their `__dict__`; exceptions have it at 16.
pub const DICTS: &[(Type, u64)] = &[(Type::Function, 80), (Type::Module, 16)];

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
    Cell            = "cell",      Record,     24,         0,    (16, 1),     0,    TRASHCAN;
    /// A function of the runtime's host: self, module; its number
    Builtin         = "builtin_function_or_method", Record, 56, 0, (16, 2),   40,   TRASHCAN | KEEPS | CALLABLE;
    /// `function`: see [`super::function`]
    Function        = "function",  Record,     136,        0,    (16, 12),    112,  TRASHCAN | CALLABLE;
    /// A bound method: function, self
    Method          = "method",    Record,     48,         0,    (16, 2),     32,   TRASHCAN | KEEPS | CALLABLE;
    /// Code: constants, name; what only the host understands
    Code            = "code",      Plain,      176,        1,    (16, 2),     0,    0;
    /// `property`: its three functions and its doc
    Property        = "property",  Record,     64,         0,    (16, 4),     0,    TRASHCAN | KEEPS | BASETYPE;
    /// `slice`: start, stop, step
    Slice           = "slice",     Record,     40,         0,    (16, 3),     0,    TRASHCAN | KEEPS;
    /// `range`: start, stop, step, length
    Range           = "range",     Plain,      48,         0,    (16, 4),     0,    0;
    /// An iterator over a list: the list; its index
    ListIterator    = "list_iterator", Record, 32,         0,    (16, 1),     0,    KEEPS;
    /// An iterator over a tuple
    TupleIterator   = "tuple_iterator", Record, 32,        0,    (16, 1),     0,    KEEPS;
    /// `enumerate`: an iterator, the last pair
    Enumerate       = "enumerate", Record,     56,         0,    (16, 3),     0,    TRASHCAN | KEEPS;
    /// `map`: a tuple of iterators, a function
    Map             = "map",       Record,     32,         0,    (16, 2),     0,    TRASHCAN | KEEPS;
    /// `module`: its dict
    Module          = "module",    Record,     56,         0,    (16, 1),     48,   BASETYPE;
    /// How an instance finds its `__dict__` and `__weakref__`: the class
    GetSet          = "getset_descriptor", Record, 48,     0,    (16, 1),     0,    KEEPS;
    /// How an instance finds a slot: the class; where it is
    Member          = "member_descriptor", Record, 48,     0,    (16, 1),     0,    KEEPS;
    /// `traceback`: the next one, a frame
    Traceback       = "traceback", Record,     40,         0,    (16, 2),     0,    TRASHCAN;
    /// `frame`: see [`super::frame_object`]
    Frame           = "frame",     Frame,      120,        8,    (16, 2),     0,    TRASHCAN;
    /// `generator`: see [`super::generator`]
    Generator       = "generator", Frame,      152,        8,    (16, 3),     48,   TRASHCAN | KEEPS;
    /// `weakref.ReferenceType`
    Weakref         = "ReferenceType", Weakref,    64,         0,    (56, 1),     0,    TRASHCAN | BASETYPE | WEAKREF | CALLABLE;
    /// `weakref.ProxyType`
    Proxy           = "ProxyType", Weakref,    64,         0,    (56, 1),     0,    TRASHCAN | WEAKREF;
    /// `weakref.CallableProxyType`
    CallableProxy   = "CallableProxyType", Weakref, 64,    0,    (56, 1),     0,    TRASHCAN | WEAKREF | CALLABLE;
    /// A weak reference that knows its key: callback, key
    KeyedRef        = "KeyedRef",  Weakref,    72,         0,    (56, 2),     0,    TRASHCAN | WEAKREF | CALLABLE;
    /// `WeakMethod`: callback, a weak reference to the function
    WeakMethod      = "WeakMethod", Weakref,   88,         0,    (56, 2),     80,   TRASHCAN | WEAKREF | CALLABLE;
    /// `WeakValueDictionary`: see [`crate::weak::forgets`]
    WeakValues      = "WeakValueDictionary", Record, 56,   0,    (16, 3),     48,   TRASHCAN;
    /// `WeakKeyDictionary`
    WeakKeys        = "WeakKeyDictionary", Record, 56,     0,    (16, 3),     48,   TRASHCAN;
    /// `WeakSet`
    WeakSet         = "WeakSet",   Record,     56,         0,    (16, 3),     48,   TRASHCAN;
    /// Walks over one of them: the container, what it gave last
    WeakIterator    = "generator", Record,     64,         0,    (16, 2),     0,    TRASHCAN | KEEPS;
    /// `finalize`: see [`crate::weak::finalize`]
    Finalize        = "finalize",  Record,     16,         0,    (16, 0),     0,    CALLABLE;
    /// What a finalizer has to do: a weak reference, function, arguments
    FinalizeInfo    = "_Info",     Record,     64,         0,    (16, 3),     0,    TRASHCAN;
    /// `_thread.lock`: see [`super::threading`]
    Lock            = "lock",      Record,     32,         0,    (16, 0),     24,   0;
    /// `_thread.RLock`
    RLock           = "RLock",     Record,     48,         0,    (16, 0),     40,   0;
    /// `threading.Event`
    Event           = "Event",     Record,     32,         0,    (16, 0),     24,   0;
    /// `threading.Condition`: its lock
    Condition       = "Condition", Record,     32,         0,    (16, 1),     24,   TRASHCAN;
    /// `threading.Semaphore`
    Semaphore       = "Semaphore", Record,     32,         0,    (16, 0),     24,   0;
    /// `queue.Queue`: its items
    Queue           = "Queue",     Record,     48,         0,    (16, 1),     40,   TRASHCAN;
    /// `threading.Thread`: what it calls, with what
    Thread          = "Thread",    Record,     56,         0,    (16, 2),     48,   TRASHCAN;
    /// `threading.local`: for each thread a dict
    Local           = "_local",    Record,     32,         0,    (16, 1),     24,   TRASHCAN;
    /// `BaseException`
    BaseException   = "BaseException", Record, 72, 0, (16, 6), 0, EXCEPT;
    /// `Exception`
    Exception       = "Exception", Record, 72, 0, (16, 6), 0, EXCEPT;
    /// `ArithmeticError`
    ArithmeticError = "ArithmeticError", Record, 72, 0, (16, 6), 0, EXCEPT;
    /// `AssertionError`
    AssertionError  = "AssertionError", Record, 72, 0, (16, 6), 0, EXCEPT;
    /// `AttributeError`
    AttributeError  = "AttributeError", Record, 88, 0, (16, 8), 0, EXCEPT;
    /// `GeneratorExit`
    GeneratorExit   = "GeneratorExit", Record, 72, 0, (16, 6), 0, EXCEPT;
    /// `ImportError`
    ImportError     = "ImportError", Record, 96, 0, (16, 9), 0, EXCEPT;
    /// `IndexError`
    IndexError      = "IndexError", Record, 72, 0, (16, 6), 0, EXCEPT;
    /// `KeyError`
    KeyError        = "KeyError", Record, 72, 0, (16, 6), 0, EXCEPT;
    /// `KeyboardInterrupt`
    KeyboardInterrupt = "KeyboardInterrupt", Record, 72, 0, (16, 6), 0, EXCEPT;
    /// `LookupError`
    LookupError     = "LookupError", Record, 72, 0, (16, 6), 0, EXCEPT;
    /// `MemoryError`
    MemoryError     = "MemoryError", Record, 72, 0, (16, 6), 0, EXCEPT;
    /// `NameError`
    NameError       = "NameError", Record, 80, 0, (16, 7), 0, EXCEPT;
    /// `NotImplementedError`
    NotImplementedError = "NotImplementedError", Record, 72, 0, (16, 6), 0, EXCEPT;
    /// `OSError`
    OSError         = "OSError", Record, 112, 0, (16, 10), 0, EXCEPT;
    /// `OverflowError`
    OverflowError   = "OverflowError", Record, 72, 0, (16, 6), 0, EXCEPT;
    /// `RecursionError`
    RecursionError  = "RecursionError", Record, 72, 0, (16, 6), 0, EXCEPT;
    /// `ReferenceError`
    ReferenceError  = "ReferenceError", Record, 72, 0, (16, 6), 0, EXCEPT;
    /// `RuntimeError`
    RuntimeError    = "RuntimeError", Record, 72, 0, (16, 6), 0, EXCEPT;
    /// `StopIteration`
    StopIteration   = "StopIteration", Record, 80, 0, (16, 7), 0, EXCEPT;
    /// `SystemError`
    SystemError     = "SystemError", Record, 72, 0, (16, 6), 0, EXCEPT;
    /// `SystemExit`
    SystemExit      = "SystemExit", Record, 80, 0, (16, 7), 0, EXCEPT;
    /// `TypeError`
    TypeError       = "TypeError", Record, 72, 0, (16, 6), 0, EXCEPT;
    /// `UnboundLocalError`
    UnboundLocalError = "UnboundLocalError", Record, 80, 0, (16, 7), 0, EXCEPT;
    /// `ValueError`
    ValueError      = "ValueError", Record, 72, 0, (16, 6), 0, EXCEPT;
    /// `ZeroDivisionError`
    ZeroDivisionError = "ZeroDivisionError", Record, 72, 0, (16, 6), 0, EXCEPT;
}

impl Type {
    /// Its row.
    pub const fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }
}
