//! # Hashes, exactly CPython's
//!
//! ```text
//!   int, float      the number modulo 2**61 - 1, so that 1 == 1.0 have the same
//!   str, bytes      siphash-1-3 with a key that comes from the seed (PYTHONHASHSEED); 0 for an empty one
//!   tuple           xxHash of the items' hashes
//!   anything else   its address, without the bits that are always 0
//! ```
//!
//! - **I1** No hash is -1, which says "not computed yet" where hashes are kept.
//!
//! Source: `Python/pyhash.c`, `tuplehash` in `Objects/tupleobject.c`, `lcg_urandom` in `Python/bootstrap_hash.c`.

/// 2**61 - 1, a prime number.
pub(crate) const MODULUS: u64 = (1 << BITS) - 1;
const BITS: u32 = 61;
const INFINITY: i64 = 314_159;

/// I1.
#[inline]
pub(crate) const fn never_minus_one(hash: u64) -> i64 {
    if hash == u64::MAX { -2 } else { hash as i64 }
}

/// `x * 2**by` modulo 2**61 - 1: a rotation.
const fn times_power_of_two(x: u64, by: u32) -> u64 {
    let by = by % BITS;
    ((x << by) & MODULUS) | x >> (BITS - by)
}

/// Of an int with these digits of 30 bits, the lowest first; `negative`: its sign.
pub(crate) fn of_digits(digits: impl DoubleEndedIterator<Item = u32>, negative: bool) -> i64 {
    let mut x = 0;
    for digit in digits.rev() {
        x = times_power_of_two(x, 30) + u64::from(digit);
        if x >= MODULUS {
            x -= MODULUS;
        }
    }
    never_minus_one(if negative { x.wrapping_neg() } else { x })
}

/// Of a float. `None`: it is not a number, and its hash is that of its address.
pub(crate) fn of_float(value: f64) -> Option<i64> {
    if value.is_nan() {
        return None;
    }
    if value.is_infinite() {
        return Some(if value > 0.0 { INFINITY } else { -INFINITY });
    }
    let exponent = (value.to_bits() >> 52 & 0x7ff) as i32;
    let fraction = value.to_bits() & ((1 << 52) - 1);
    let mantissa = if exponent == 0 { fraction } else { fraction | 1 << 52 };
    let power = (exponent.max(1) - 1075).rem_euclid(BITS as i32) as u32;
    let x = times_power_of_two(mantissa, power);
    Some(never_minus_one(if value < 0.0 { x.wrapping_neg() } else { x }))
}

/// Of an address.
pub(crate) const fn of_address(at: u64) -> i64 {
    never_minus_one(at.rotate_right(4))
}

/// The hash of a tuple while its items are met.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OfTuple(u64);

const PRIME_1: u64 = 11_400_714_785_074_694_791;
const PRIME_2: u64 = 14_029_467_366_897_019_727;
const PRIME_5: u64 = 2_870_177_450_012_600_261;

impl OfTuple {
    pub(crate) const BEGIN: OfTuple = OfTuple(PRIME_5);

    #[must_use]
    pub(crate) const fn item(self, hash: i64) -> OfTuple {
        let sum = self.0.wrapping_add((hash as u64).wrapping_mul(PRIME_2));
        OfTuple(sum.rotate_left(31).wrapping_mul(PRIME_1))
    }

    pub(crate) const fn end(self, items: u64) -> i64 {
        match self.0.wrapping_add(items ^ (PRIME_5 ^ 3_527_539)) {
            u64::MAX => 1_546_275_796,
            hash => hash as i64,
        }
    }
}

/// Of a frozenset: of what stands in the entries of its table, the `free` ones (0) and the `gone` ones (-1) too.
pub(crate) fn of_frozenset(entries: impl Iterator<Item = u64>, free: u64, gone: u64, used: u64) -> i64 {
    let shuffle = |hash: u64| ((hash ^ 89_869_747) ^ (hash << 16)).wrapping_mul(3_644_798_167);
    let mut hash = entries.fold(0, |all, hash| all ^ shuffle(hash));
    hash ^= if free % 2 == 1 { shuffle(0) } else { 0 };
    hash ^= if gone % 2 == 1 { shuffle(u64::MAX) } else { 0 };
    hash ^= (used + 1).wrapping_mul(1_927_868_237);
    hash ^= (hash >> 11) ^ (hash >> 25);
    match hash.wrapping_mul(69_069).wrapping_add(907_133_923) {
        u64::MAX => 590_923_713,
        hash => hash as i64,
    }
}

/// The key of siphash for a seed, as `PYTHONHASHSEED` makes it.
pub(crate) fn secret(seed: u64) -> (u64, u64) {
    if seed == 0 {
        return (0, 0);
    }
    let mut x = seed as u32;
    let mut word = || {
        (0..8).fold(0, |word, byte| {
            x = x.wrapping_mul(214_013).wrapping_add(2_531_011);
            word | u64::from(x >> 16 & 0xff) << (8 * byte)
        })
    };
    (word(), word())
}

/// siphash-1-3 of `bytes` bytes, which `word` gives in words of eight, the first byte lowest; of the last word as many
/// bytes as there are.
pub(crate) fn of_bytes(key: (u64, u64), bytes: u64, word: impl Fn(u64) -> u64) -> i64 {
    if bytes == 0 {
        return 0;
    }
    let mut v = [
        key.0 ^ 0x736f_6d65_7073_6575,
        key.1 ^ 0x646f_7261_6e64_6f6d,
        key.0 ^ 0x6c79_6765_6e65_7261,
        key.1 ^ 0x7465_6462_7974_6573,
    ];
    let whole = bytes / 8;
    let last = if bytes.is_multiple_of(8) { 0 } else { word(whole) };
    for message in (0..whole).map(&word).chain([bytes << 56 | last]) {
        v[3] ^= message;
        round(&mut v);
        v[0] ^= message;
    }
    v[2] ^= 0xff;
    (0..3).for_each(|_| round(&mut v));
    never_minus_one(v[0] ^ v[1] ^ v[2] ^ v[3])
}

#[inline]
fn round(v: &mut [u64; 4]) {
    half_round(v, [0, 1, 2, 3], 13, 16);
    half_round(v, [2, 1, 0, 3], 17, 21);
}

#[inline]
fn half_round(v: &mut [u64; 4], [a, b, c, d]: [usize; 4], s: u32, t: u32) {
    v[a] = v[a].wrapping_add(v[b]);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = v[b].rotate_left(s) ^ v[a];
    v[d] = v[d].rotate_left(t) ^ v[c];
    v[a] = v[a].rotate_left(32);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_text(seed: u64, text: &[u8]) -> i64 {
        of_bytes(secret(seed), text.len() as u64, |word| {
            let bytes = &text[8 * word as usize..];
            bytes.iter().take(8).enumerate().fold(0, |word, (at, byte)| word | u64::from(*byte) << (8 * at))
        })
    }

    /// Measured with CPython 3.11.7 and PYTHONHASHSEED 0, 1, 42.
    #[test]
    fn text_hashes_as_in_cpython() {
        let told = [
            (0, [4644417185603328019, 4574395652268504554, 8868084962057957135]),
            (1, [-3012895188637184397, -202642195356325900, 8228793687925172488]),
            (42, [-123207753977932514, -5457871895989710762, 6804427285771489044]),
        ];
        for (seed, hashes) in told {
            assert_eq!(["a", "abcdefgh", "self.attribute"].map(|text| of_text(seed, text.as_bytes())), hashes);
        }
        assert_eq!(of_text(1, b""), 0);
    }

    /// Measured with CPython 3.11.7.
    #[test]
    fn numbers_hash_as_in_cpython() {
        let told = [
            (1.5, 1152921504606846977),
            (-0.1, -230584300921369408),
            (1e300, 1224995262755759164),
            (5e-324, 16777216),
            (2305843009213693951.0, 1),
            (-1.0, -2),
            (1152921504606846976.0, 1152921504606846976),
        ];
        for (value, hash) in told {
            assert_eq!(of_float(value), Some(hash), "{value}");
        }
        let digits = |mut value: u128| {
            std::iter::from_fn(move || {
                let digit = (value != 0).then_some((value & 0x3fff_ffff) as u32);
                value >>= 30;
                digit
            })
            .collect::<Vec<_>>()
        };
        let of = |value, negative| of_digits(digits(value).into_iter(), negative);
        assert_eq!([of(u128::from(MODULUS), false), of(1 << 61, true), of(1, true)], [0, -2, -2]);
        let large = 10u128.pow(38) * 3;
        assert_eq!([of(large, false), of(large, true)], [733407827281996713, -733407827281996713]);
    }
}
