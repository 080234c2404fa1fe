//! # `sys.getsizeof`
//!
//! ```text
//!   what stands in front (head, values and dict)  +  the object  +  the table that is the object's alone
//! ```
//!
//! - **I1** A table that others share is not counted: instances' keys belong to their class.
//! - **I2** What an object refers to is not counted.
//! - **I3** A type is counted as CPython's is, which has many more slots than ours: see [`STATIC_TYPE`].
//!
//! Source: `_PySys_GetSizeOf` in `Python/sysmodule.c`, and the `__sizeof__` of each type.

use super::keys::{KEYS_REFS, Keys};
use super::kind::Kind;
use super::layout::{LIST_CAPACITY, SIZE, VAR_HEADER, reference, types::*};
use super::machine::{Objects, World};
use super::set_table::{ENTRY, SET_MASK};
use super::types::Type;
use crate::gc::head::HEAD;
use kit::Memory;
use kit::graph::Obj;

/// What CPython 3.11.7 says about `int`, `list` and the like.
const STATIC_TYPE: u64 = 424;
/// `sizeof(PyHeapTypeObject)`
const HEAP_TYPE: u64 = 904;

impl<W: World> Objects<W> {
    /// `sys.getsizeof(o)`
    pub fn getsizeof(&self, o: Obj) -> u64 {
        let (mem, ty) = (self.mem(), self.type_of(o));
        let basic = mem.get(ty, BASIC);
        match self.kind(o) {
            Kind::Plain if self.is_a(o, Type::Code) => self.code_size(o),
            Kind::Plain | Kind::Float => basic,
            Kind::StaticType => STATIC_TYPE,
            Kind::Int => VAR_HEADER + 4 * self.int_digits(o).max(1),
            Kind::Str => self.str_size(o),
            Kind::Bytes => basic + self.bytes_len(o),
            Kind::List => HEAD + basic + 8 * mem.get(o, LIST_CAPACITY),
            Kind::Tuple => HEAD + basic + 8 * mem.get(o, SIZE),
            Kind::Dict => HEAD + basic + self.dict_tables(o),
            Kind::Set if self.has_table(o) => HEAD + basic + ENTRY * (mem.get(o, SET_MASK) + 1),
            Kind::Set | Kind::Record | Kind::Weakref => HEAD + basic,
            Kind::Frame => HEAD + basic + 8 * self.frame_places(o),
            Kind::Instance => self.front(ty) + basic + self.base_tables(o),
            Kind::Class => HEAD + HEAP_TYPE + self.class_keys(o),
        }
    }

    /// I1.
    pub(crate) fn dict_tables(&self, dict: Obj) -> u64 {
        let Some(keys) = self.keys_of(dict) else { return 0 };
        let values = if self.is_split(dict) { 8 * self.shared_size(keys) } else { 0 };
        let alone = self.mem().get(keys, KEYS_REFS) == 1;
        values + if alone { keys.bytes(self.mem()) } else { 0 }
    }

    fn class_keys(&self, class: Obj) -> u64 {
        let keys = reference(self.mem().get(class, SHARED_KEYS));
        keys.map_or(0, |at| Keys(at.0).bytes(self.mem()))
    }
}
