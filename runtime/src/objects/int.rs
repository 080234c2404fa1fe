//! # Integers: digits of thirty bits
//!
//! ```text
//!   o -> | REFS | TYPE | SIZE | digit | digit | ...          24 + 4 bytes a digit, the lowest digit first
//!
//!   SIZE   2: two digits        -2: two digits, the number is negative        0: zero
//! ```
//!
//! - **I1** The highest digit is not 0: a number has one layout.
//! - **I2** The integers from -5 to 256 are made once; whoever computes one gets that one. So are `False` and `True`,
//!   which are integers of another type.
//!
//! Source: `Objects/longobject.c` of 3.11.

use super::hash;
use super::layout::{SIZE, VAR_HEADER};
use super::machine::{Objects, World, the};
use super::types::Type;
use kit::free_lists::FreeLists;
use kit::graph::Obj;
use kit::{Addr, Memory};

/// Bits of a digit.
pub(crate) const DIGIT: u32 = 30;
/// All bits of a digit.
pub(crate) const MASK: u64 = (1 << DIGIT) - 1;

/// A number as the host computes with it: a sign and digits, none of them for 0.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Number {
    /// Below 0.
    pub negative: bool,
    /// The lowest first; the last is not 0 (I1).
    pub digits: Vec<u32>,
}

impl From<i128> for Number {
    fn from(value: i128) -> Number {
        let mut rest = value.unsigned_abs();
        let digits = std::iter::from_fn(|| {
            let digit = (rest != 0).then_some((rest & u128::from(MASK)) as u32);
            rest >>= DIGIT;
            digit
        });
        Number { negative: value < 0, digits: digits.collect() }
    }
}

impl Number {
    /// The number, if it fits.
    pub fn to_i128(&self) -> Option<i128> {
        let digits = self.digits.iter().rev();
        let value = digits
            .copied()
            .try_fold(0i128, |value, digit| value.checked_mul(1 << DIGIT)?.checked_sub(i128::from(digit)))?;
        if self.negative { Some(value) } else { value.checked_neg() }
    }
}

impl<W: World> Objects<W> {
    /// The integer `value`. `None`: no memory. Owned.
    #[inline]
    pub fn new_int(&self, value: i64) -> Option<Obj> {
        match the::<W::FreeLists>().small_int(value) {
            Some(place) => Some(self.new_ref(self.state.small_int(place))),
            None => self.new_int_of(&Number::from(i128::from(value))),
        }
    }

    /// The same for a number of any size. `None`: no memory. Owned.
    pub fn new_int_of(&self, number: &Number) -> Option<Obj> {
        let small = number.to_i128().and_then(|value| i64::try_from(value).ok());
        if let Some(place) = small.and_then(|value| the::<W::FreeLists>().small_int(value)) {
            return Some(self.new_ref(self.state.small_int(place)));
        }
        let digits = number.digits.len() as u64;
        let int = self.new_plain(Type::Int, VAR_HEADER + 4 * digits)?;
        let size = if number.negative { digits.wrapping_neg() } else { digits };
        self.mem().set(int, SIZE, size);
        for (at, digit) in (0..).zip(&number.digits) {
            self.mem().write_half(digit_place(int, at), *digit);
        }
        Some(int)
    }

    /// Digits of `int`.
    #[inline]
    pub fn int_digits(&self, int: Obj) -> u64 {
        (self.mem().get(int, SIZE) as i64).unsigned_abs()
    }

    /// Whether `int` is below 0.
    #[inline]
    pub fn int_is_negative(&self, int: Obj) -> bool {
        (self.mem().get(int, SIZE) as i64) < 0
    }

    /// Its digits, the lowest first.
    #[inline]
    pub(crate) fn digits_of(&self, int: Obj) -> impl DoubleEndedIterator<Item = u32> {
        (0..self.int_digits(int)).map(move |at| self.mem().read_half(digit_place(int, at)))
    }

    /// What `int` is, for the host to compute with.
    pub fn int_number(&self, int: Obj) -> Number {
        Number { negative: self.int_is_negative(int), digits: self.digits_of(int).collect() }
    }

    /// Its value, if it fits.
    pub fn int_value(&self, int: Obj) -> Option<i64> {
        match self.int_digits(int) {
            0..=4 => i64::try_from(self.int_number(int).to_i128()?).ok(),
            _ => None,
        }
    }

    pub(crate) fn int_hash(&self, int: Obj) -> i64 {
        hash::of_digits(self.digits_of(int), self.int_is_negative(int))
    }

    /// Whether both are the same number.
    pub(crate) fn same_int(&self, a: Obj, b: Obj) -> bool {
        self.mem().get(a, SIZE) == self.mem().get(b, SIZE) && self.digits_of(a).eq(self.digits_of(b))
    }
}

#[inline]
fn digit_place(int: Obj, at: u64) -> Addr {
    int.0.plus(VAR_HEADER + 4 * at)
}
