//! # Kinds: how an object's memory is to be read
//!
//! ```text
//!   TYPE word    | kind | address of the type                                   |
//!                  8 bits  56 bits
//! ```
//!
//! CPython finds out how to walk over an object by calling a function that its type points to. Here there are a dozen
//! kinds of layout, and the kind stands in the upper byte of the TYPE word: whoever comes along an object knows at once
//! how it is laid out, and whether the collector cares about it, without looking at the type.
//!
//! - **I1** Kinds from [`Kind::List`] on have a GC head in front of them ([`crate::gc::head`]); those before have none,
//!   and hold no reference that could close a cycle.
//! - **I2** No address uses the upper byte.

use kit::graph::Obj;
use kit::refcount::TYPE;
use kit::{Addr, Memory};

/// A layout.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    /// Nothing behind the header: `None`, `object()`.
    Plain,
    /// Digits of 30 bits; `bool` too.
    Int,
    /// A float's 64 bits.
    Float,
    /// Characters, in one of four layouts.
    Str,
    /// Bytes.
    Bytes,
    /// A type that is part of the runtime.
    StaticType,
    /// A table of items elsewhere.
    List,
    /// Items in place.
    Tuple,
    /// A table of keys and values elsewhere.
    Dict,
    /// A table of keys, in place or elsewhere.
    Set,
    /// As many fields as its type says, each a reference or 0: functions, cells, methods, modules, iterators...
    Record,
    /// As a record, and then as many items as its SIZE says: frames, generators.
    Frame,
    /// Of a class that a program made: slots, attributes, and a reference to the class itself.
    Instance,
    /// A class that a program made.
    Class,
    /// A weak reference or a proxy.
    Weakref,
}

impl Kind {
    /// Whether the collector knows objects of this kind (I1).
    #[inline]
    pub const fn is_collected(self) -> bool {
        self as u8 >= Kind::List as u8
    }

    /// The TYPE word of objects of this kind, whose type lies at `of` (I2).
    #[inline]
    pub const fn word(self, of: Addr) -> u64 {
        of.0 | (self as u64) << SHIFT
    }
}

impl Kind {
    /// Whether a TYPE word says this kind: one comparison.
    #[inline]
    pub const fn is_said_by(self, word: u64) -> bool {
        word >> SHIFT == self as u64
    }

    /// Of the kind that a TYPE word says, its bit in a set of kinds.
    #[inline]
    pub const fn bit_of_word(word: u64) -> u32 {
        1 << (word >> SHIFT)
    }

    /// Whether a TYPE word says a list, a tuple or a dict: containers that have no finalizer, no weak references and no
    /// class of a program's.
    #[inline]
    pub const fn is_builtin_container(word: u64) -> bool {
        (word >> SHIFT).wrapping_sub(Kind::List as u64) <= Kind::Dict as u64 - Kind::List as u64
    }

    /// The kind that a TYPE word says. To the compiler these lines are no table, but the number itself.
    #[inline]
    pub const fn of_word(word: u64) -> Kind {
        match word >> SHIFT {
            1 => Kind::Int,
            2 => Kind::Float,
            3 => Kind::Str,
            4 => Kind::Bytes,
            5 => Kind::StaticType,
            6 => Kind::List,
            7 => Kind::Tuple,
            8 => Kind::Dict,
            9 => Kind::Set,
            10 => Kind::Record,
            11 => Kind::Frame,
            12 => Kind::Instance,
            13 => Kind::Class,
            14 => Kind::Weakref,
            _ => Kind::Plain,
        }
    }
}

const SHIFT: u32 = 56;

/// What the TYPE word of `o` says.
#[inline]
pub fn kind<M: Memory>(mem: &M, o: Obj) -> Kind {
    Kind::of_word(mem.get(o, TYPE))
}

/// Whether the collector knows `o`.
#[inline]
pub fn is_collected<M: Memory>(mem: &M, o: Obj) -> bool {
    is_collected_word(mem.get(o, TYPE))
}

/// Whether the collector knows objects with this TYPE word.
#[inline]
pub const fn is_collected_word(word: u64) -> bool {
    word >> SHIFT >= Kind::List as u64
}

/// The type of `o`.
#[inline]
pub fn type_of<M: Memory>(mem: &M, o: Obj) -> Obj {
    Obj(Addr(mem.get(o, TYPE) & ((1 << SHIFT) - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_found_at_its_number() {
        for number in 0..15 {
            assert_eq!(Kind::of_word(number << SHIFT) as u64, number);
        }
    }
}
