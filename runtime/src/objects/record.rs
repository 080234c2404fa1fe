//! # Records: a few references in a row
//!
//! ```text
//!   | NEXT | PREV |  o -> | REFS | TYPE | field | field | ... | hidden | ... | numbers |
//!                                         the collector walks     only death does
//! ```
//!
//! Functions, cells, methods, modules, iterators, exceptions: in CPython each has a C struct, and functions that walk
//! over it, clear it, and take it apart. Their structs differ, the functions hardly. So here a type says where its
//! references begin and how many there are, and the walks are the same for all.
//!
//! - **I1** Fields are references or 0, in the order in which CPython's `tp_traverse` visits them.
//! - **I2** A record is tracked when it is whole, as by `PyObject_GC_New` and `PyObject_GC_Track`.

use super::layout::{reference, stored, types, word};
use super::machine::{Objects, World};
use super::types::Type;
use kit::graph::Obj;
use kit::{Field, Memory};

impl<W: World> Objects<W> {
    /// A record of `ty` with these fields, stolen; what follows them is 0. Tracked (I2). `None`: no memory; they are
    /// dropped. Owned.
    pub(crate) fn new_record(&self, ty: Type, fields: &[Option<Obj>]) -> Option<Obj> {
        let o = self.new_record_untracked(ty, ty.row().basic, fields)?;
        self.track(o);
        Some(o)
    }

    /// The same, of `bytes` bytes, and not tracked yet.
    pub(crate) fn new_record_untracked(&self, ty: Type, bytes: u64, fields: &[Option<Obj>]) -> Option<Obj> {
        let made = self.new_collected(ty, bytes);
        self.fill(made, ty, bytes, fields)
    }

    /// A record that the collector does not know.
    pub(crate) fn new_plain_record(&self, ty: Type, bytes: u64, fields: &[Option<Obj>]) -> Option<Obj> {
        let made = self.new_plain(ty, bytes);
        self.fill(made, ty, bytes, fields)
    }

    fn fill(&self, made: Option<Obj>, ty: Type, bytes: u64, fields: &[Option<Obj>]) -> Option<Obj> {
        let Some(o) = made else {
            fields.iter().for_each(|field| self.decref_some(*field));
            return None;
        };
        let first = ty.row().fields.0;
        for (number, field) in (0..).zip(fields) {
            self.mem().write(o.0.plus(first + 8 * number), stored(*field));
        }
        let filled = first + 8 * fields.len() as u64;
        (filled..bytes).step_by(8).for_each(|offset| self.mem().write(o.0.plus(offset), 0));
        Some(o)
    }

    /// What stands in `field` of `o`. Borrowed.
    #[inline]
    pub(crate) fn field(&self, o: Obj, field: Field<u64>) -> Option<Obj> {
        reference(self.mem().get(o, field))
    }

    /// Puts a stolen reference into `field` of `o`, and drops what was there.
    #[inline]
    pub(crate) fn set_field(&self, o: Obj, field: Field<u64>, value: Option<Obj>) {
        self.set_word(o.0.plus(field.offset), value);
    }

    /// Whether `o` is exactly of this type of the runtime.
    #[inline]
    pub fn is_a(&self, o: Obj, ty: Type) -> bool {
        self.type_of(o) == self.ty(ty)
    }

    /// Whether `o` is of this type of the runtime or of a class that extends it, a class among its subclasses included.
    pub fn extends(&self, ty: Obj, base: Obj) -> bool {
        let mut here = Some(ty);
        while let Some(ty) = here {
            if ty == base {
                return true;
            }
            here = reference(self.mem().get(ty, types::BASE));
        }
        false
    }

    /// A word behind the fields: a number, an index.
    #[inline]
    pub(crate) fn number(&self, o: Obj, offset: u64) -> u64 {
        self.mem().get(o, word(offset))
    }

    #[inline]
    pub(crate) fn set_number(&self, o: Obj, offset: u64, value: u64) {
        self.mem().set(o, word(offset), value);
    }
}
