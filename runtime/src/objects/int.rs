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
use super::number::Number;
use super::types::Type;
use kit::free_lists::FreeLists;
use kit::graph::Obj;
use kit::{Addr, Memory};
use std::cmp::Ordering;

/// Bits of a digit, and all of them.
const DIGIT: u32 = 30;
const MASK: u32 = (1 << DIGIT) - 1;

impl<W: World> Objects<W> {
    /// The integer `value`. `None`: no memory. Owned.
    #[inline]
    pub fn new_int(&self, value: i64) -> Option<Obj> {
        if let Some(place) = the::<W::FreeLists>().small_int(value) {
            return Some(self.new_ref(self.state.small_int(place)));
        }
        let rest = value.unsigned_abs();
        let digits = u64::from((64 - rest.leading_zeros()).div_ceil(DIGIT));
        let int = self.new_plain(Type::Int, VAR_HEADER + 4 * digits)?;
        self.mem().set(int, SIZE, if value < 0 { digits.wrapping_neg() } else { digits });
        for at in 0..digits {
            let digit = rest >> (u64::from(DIGIT) * at) & u64::from(MASK);
            self.mem().write_half(digit_place(int, at), digit as u32);
        }
        Some(int)
    }

    /// The same for a number of any size. `None`: no memory. Owned.
    pub fn new_int_of(&self, number: &Number) -> Option<Obj> {
        let small = number.to_i64().and_then(|value| the::<W::FreeLists>().small_int(value));
        if let Some(place) = small {
            return Some(self.new_ref(self.state.small_int(place)));
        }
        let digits = number.digits().len() as u64;
        let int = self.new_plain(Type::Int, VAR_HEADER + 4 * digits)?;
        let size = if number.is_negative() { digits.wrapping_neg() } else { digits };
        self.mem().set(int, SIZE, size);
        for (at, digit) in (0..).zip(number.digits()) {
            self.mem().write_half(digit_place(int, at), *digit);
        }
        Some(int)
    }

    /// `a + b`. `None`: no memory. Owned.
    pub fn int_add(&self, a: Obj, b: Obj) -> Option<Obj> {
        match self.int_value(a).zip(self.int_value(b)).and_then(|(a, b)| a.checked_add(b)) {
            Some(sum) => self.new_int(sum),
            None => self.new_int_of(&self.int_number(a).add(&self.int_number(b))),
        }
    }

    /// `a - b`. `None`: no memory. Owned.
    pub fn int_sub(&self, a: Obj, b: Obj) -> Option<Obj> {
        match self.int_value(a).zip(self.int_value(b)).and_then(|(a, b)| a.checked_sub(b)) {
            Some(difference) => self.new_int(difference),
            None => self.new_int_of(&self.int_number(a).add(&self.int_number(b).neg())),
        }
    }

    /// `a * b`. `None`: no memory. Owned.
    pub fn int_mul(&self, a: Obj, b: Obj) -> Option<Obj> {
        match self.int_value(a).zip(self.int_value(b)).and_then(|(a, b)| a.checked_mul(b)) {
            Some(product) => self.new_int(product),
            None => self.new_int_of(&self.int_number(a).mul(&self.int_number(b))),
        }
    }

    /// Which of the two is smaller.
    pub fn int_cmp(&self, a: Obj, b: Obj) -> Ordering {
        match self.int_value(a).zip(self.int_value(b)) {
            Some((a, b)) => a.cmp(&b),
            None => self.int_number(a).cmp(&self.int_number(b)),
        }
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
        Number::new(self.int_is_negative(int), self.digits_of(int).collect())
    }

    /// Its value, if it fits.
    #[inline]
    pub fn int_value(&self, int: Obj) -> Option<i64> {
        match self.mem().get(int, SIZE) as i64 {
            0 => return Some(0),
            1 => return Some(i64::from(self.mem().read_half(digit_place(int, 0)))),
            -3..=3 => {}
            _ => return None,
        }
        let value = self.digits_of(int).rev().fold(0i128, |value, digit| value << 30 | i128::from(digit));
        i64::try_from(if self.int_is_negative(int) { -value } else { value }).ok()
    }

    #[inline]
    pub(crate) fn int_hash(&self, int: Obj) -> i64 {
        if self.mem().get(int, SIZE) == 1 {
            return i64::from(self.mem().read_half(digit_place(int, 0)));
        }
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
