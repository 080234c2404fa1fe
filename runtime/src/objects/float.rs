//! # Floats: eight bytes of a number
//!
//! ```text
//!   o -> | REFS | TYPE | bits |          24 bytes; a hundred dead ones are kept
//! ```
//!
//! Source: `PyFloat_FromDouble`, `float_dealloc` in `Objects/floatobject.c` of 3.11.

use super::hash;
use super::machine::{Objects, World};
use super::state::Kept;
use super::types::Type;
use kit::graph::Obj;
use kit::{Field, Memory};

const BITS: Field<u64> = Field::at(16, "BITS");
/// Bytes of a float.
const FLOAT: u64 = 24;

impl<W: World> Objects<W> {
    /// The float `value`. `None`: no memory. Owned.
    #[inline]
    pub fn new_float(&self, value: f64) -> Option<Obj> {
        let kept = self.take_kept(Kept::Float, Type::Float);
        let float = kept.or_else(|| self.new_plain(Type::Float, FLOAT))?;
        self.mem().set(float, BITS, value.to_bits());
        Some(float)
    }

    /// Its value.
    #[inline]
    pub fn float_value(&self, float: Obj) -> f64 {
        f64::from_bits(self.mem().get(float, BITS))
    }

    /// That of the number; two that are not numbers have different ones.
    pub(crate) fn float_hash(&self, float: Obj) -> i64 {
        hash::of_float(self.float_value(float)).unwrap_or_else(|| hash::of_address(float.0.0))
    }
}
