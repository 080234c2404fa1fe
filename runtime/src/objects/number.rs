//! # Numbers of any size
//!
//! What an int of the runtime is when the host computes with it: a sign, and digits of thirty bits, the lowest first.
//! Thirty, so that the product of two digits and two carries fit into 64 bits.
//!
//! ```text
//!   10**12 = 232 * 2**30 + 889516032 + ...        digits [889516032, 931], sign +
//! ```
//!
//! - **I1** The last digit is not 0, and 0 is not negative: each number is written in one way.
//!
//! Source: `x_add`, `x_sub`, `x_mul`, `long_to_decimal_string` in `Objects/longobject.c`.

use std::cmp::Ordering;
use std::fmt::{self, Write};
use std::str::FromStr;

/// Bits of a digit.
const DIGIT: u32 = 30;
/// All bits of a digit.
const MASK: u64 = (1 << DIGIT) - 1;
/// Decimal text is cut into pieces of so many digits, which fit into a digit of ours.
const PIECE: usize = 9;
const TO_PIECE: u64 = 1_000_000_000;

/// A number.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Number {
    negative: bool,
    digits: Vec<u32>,
}

impl Number {
    /// Of these digits, the lowest first.
    pub fn new(negative: bool, mut digits: Vec<u32>) -> Number {
        while digits.last() == Some(&0) {
            digits.pop();
        }
        Number { negative: negative && !digits.is_empty(), digits }
    }

    /// Below 0.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// The lowest first; none for 0.
    pub fn digits(&self) -> &[u32] {
        &self.digits
    }

    /// What `value` is, if it is a whole number.
    pub fn of_float(value: f64) -> Option<Number> {
        if !value.is_finite() || value.fract() != 0.0 {
            return None;
        }
        let exponent = (value.to_bits() >> 52 & 0x7ff) as i32 - 1075;
        let mantissa = value.to_bits() & ((1 << 52) - 1) | 1 << 52;
        if value.abs() < 2f64.powi(53) {
            return Some(Number::from(value as i128));
        }
        let mut digits = vec![0; exponent as usize / DIGIT as usize];
        digits.extend(Number::from(i128::from(mantissa) << (exponent as u32 % DIGIT)).digits);
        Some(Number::new(value < 0.0, digits))
    }

    /// The number, if it fits.
    pub fn to_i64(&self) -> Option<i64> {
        if self.digits.len() > 3 {
            return None;
        }
        let value = self.digits.iter().rev().fold(0i128, |value, digit| value << DIGIT | i128::from(*digit));
        i64::try_from(if self.negative { -value } else { value }).ok()
    }

    /// The sum.
    #[must_use]
    pub fn add(&self, other: &Number) -> Number {
        if self.negative == other.negative {
            return Number::new(self.negative, add_digits(&self.digits, &other.digits));
        }
        match compare_digits(&self.digits, &other.digits) {
            Ordering::Less => Number::new(other.negative, sub_digits(&other.digits, &self.digits)),
            _ => Number::new(self.negative, sub_digits(&self.digits, &other.digits)),
        }
    }

    /// The number with the other sign.
    #[must_use]
    pub fn neg(&self) -> Number {
        Number::new(!self.negative, self.digits.clone())
    }

    /// The product.
    #[must_use]
    pub fn mul(&self, other: &Number) -> Number {
        let mut product = vec![0; self.digits.len() + other.digits.len()];
        for (at, digit) in self.digits.iter().enumerate() {
            let mut carry = 0;
            for (to, factor) in product[at..].iter_mut().zip(other.digits.iter().chain(&[0])) {
                carry += u64::from(*to) + u64::from(*digit) * u64::from(*factor);
                *to = (carry & MASK) as u32;
                carry >>= DIGIT;
            }
        }
        Number::new(self.negative != other.negative, product)
    }

    /// `self * factor + more`, for a number that is not negative.
    fn mul_add_small(&mut self, factor: u64, more: u64) {
        let mut carry = more;
        for digit in &mut self.digits {
            carry += u64::from(*digit) * factor;
            *digit = (carry & MASK) as u32;
            carry >>= DIGIT;
        }
        if carry != 0 {
            self.digits.push(carry as u32);
        }
    }

    /// Divides by `divisor`, and gives what is left over.
    fn div_small(&mut self, divisor: u64) -> u64 {
        let mut left = 0;
        for digit in self.digits.iter_mut().rev() {
            let here = left << DIGIT | u64::from(*digit);
            *digit = (here / divisor) as u32;
            left = here % divisor;
        }
        *self = Number::new(self.negative, std::mem::take(&mut self.digits));
        left
    }
}

fn add_digits(a: &[u32], b: &[u32]) -> Vec<u32> {
    let (long, short) = if a.len() < b.len() { (b, a) } else { (a, b) };
    let mut carry = 0;
    let short = short.iter().chain(std::iter::repeat(&0));
    let digits = long.iter().chain(&[0]).zip(short).map(|(x, y)| {
        carry += u64::from(*x) + u64::from(*y);
        let digit = (carry & MASK) as u32;
        carry >>= DIGIT;
        digit
    });
    digits.collect()
}

/// `a - b`, where `a` is not smaller.
fn sub_digits(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut borrowed = 0;
    let b = b.iter().chain(std::iter::repeat(&0));
    let digits = a.iter().zip(b).map(|(x, y)| {
        let digit = i64::from(*x) - i64::from(*y) - borrowed;
        borrowed = i64::from(digit < 0);
        (digit as u64 & MASK) as u32
    });
    digits.collect()
}

fn compare_digits(a: &[u32], b: &[u32]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

impl From<i128> for Number {
    fn from(value: i128) -> Number {
        let mut rest = value.unsigned_abs();
        let digits = std::iter::from_fn(|| {
            let digit = (rest != 0).then_some((rest & u128::from(MASK)) as u32);
            rest >>= DIGIT;
            digit
        });
        Number::new(value < 0, digits.collect())
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => compare_digits(&self.digits, &other.digits),
            (true, true) => compare_digits(&other.digits, &self.digits),
            (mine, theirs) => theirs.cmp(&mine),
        }
    }
}

/// This is no decimal number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotDecimal;

impl FromStr for Number {
    type Err = NotDecimal;

    fn from_str(text: &str) -> Result<Number, NotDecimal> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotDecimal);
        }
        let mut number = Number::default();
        let (first, rest) = digits.split_at(digits.len() % PIECE);
        for piece in std::iter::once(first.as_bytes()).chain(rest.as_bytes().chunks(PIECE)) {
            let value = piece.iter().fold(0, |value, digit| 10 * value + u64::from(digit - b'0'));
            number.mul_add_small(10u64.pow(piece.len() as u32), value);
        }
        Ok(Number::new(negative, number.digits))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = Number::new(false, self.digits.clone());
        let mut pieces = Vec::new();
        while !rest.digits.is_empty() {
            pieces.push(rest.div_small(TO_PIECE));
        }
        let mut text = pieces.pop().unwrap_or(0).to_string();
        for piece in pieces.iter().rev() {
            write!(text, "{piece:09}")?;
        }
        f.pad_integral(!self.negative, "", &text)
    }
}
