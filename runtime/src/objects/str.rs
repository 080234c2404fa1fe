//! # Strings: as narrow as their widest character
//!
//! ```text
//!   ASCII only           o -> | REFS | TYPE | SIZE | HASH | STATE | WSTR | characters, 0           48 + n + 1 bytes
//!   up to U+00FF         o -> | ...                              | three words | characters, 0     72 + n + 1
//!   up to U+FFFF         the same, two bytes a character                                           72 + 2 (n + 1)
//!   beyond               the same, four bytes a character                                          72 + 4 (n + 1)
//! ```
//!
//! - **I1** A string has the narrowest layout that its characters fit into: strings with the same characters have the
//!   same layout.
//! - **I2** The empty string and those of one character up to U+00FF are made once, when the runtime starts.
//! - **I3** HASH is -1 until somebody asks for it.
//! - **I4** A character is a code point, 0 to 0x10FFFF: surrogates are possible, as in Python.
//!
//! Source: `PyUnicode_New`, `unicode_dealloc`, `unicode_eq` in `Objects/unicodeobject.c` of 3.11.

use super::hash;
use super::layout::SIZE;
use super::machine::{Objects, World};
use super::state::HASH_SEED;
use super::types::Type;
use kit::graph::Obj;
use kit::{Addr, Field, Memory};

const HASH: Field<u64> = Field::at(24, "HASH");
const STATE: Field<u64> = Field::at(32, "STATE");
const WSTR: Field<u64> = Field::at(40, "WSTR");
/// Three words that only strings with other than ASCII characters have.
const WIDE: [u64; 3] = [48, 56, 64];

/// Bytes before the characters.
const ASCII_HEADER: u64 = 48;
const WIDE_HEADER: u64 = 72;

/// STATE: it is in the table of interned strings.
const INTERNED: u64 = 1;
const WIDTH_SHIFT: u32 = 2;
const COMPACT: u64 = 1 << 5;
const ASCII: u64 = 1 << 6;
const READY: u64 = 1 << 7;

const NOT_COMPUTED: u64 = u64::MAX;

impl<W: World> Objects<W> {
    /// A string with these characters. `None`: no memory. Owned.
    pub fn new_str(&self, text: &str) -> Option<Obj> {
        self.new_str_of(text.chars().map(u32::from))
    }

    /// A string of these code points (I4). `None`: no memory. Owned.
    pub fn new_str_of(&self, codes: impl Iterator<Item = u32> + Clone) -> Option<Obj> {
        let (len, all) = codes.clone().fold((0, 0), |(len, all), code| (len + 1, all | code));
        match codes.clone().next() {
            None => return Some(self.new_ref(self.state.character(256))),
            Some(code) if len == 1 && code < 256 => return Some(self.new_ref(self.state.character(u64::from(code)))),
            Some(_) => {}
        }
        let text = Obj(self.heap.malloc(str_bytes(len, all))?);
        self.begin(text, Type::Str, 1);
        self.write_text(text, len, all, codes);
        Some(text)
    }

    /// The strings that are made once (I2).
    pub(crate) fn init_characters(&self, refs: u64) {
        for code in 0..=256 {
            let one = self.state.character(code);
            self.begin(one, Type::Str, refs);
            let codes = (code < 256).then_some(code as u32);
            self.write_text(one, u64::from(code < 256), codes.unwrap_or(0), codes.into_iter());
        }
    }

    pub(crate) fn write_text(&self, text: Obj, len: u64, all: u32, codes: impl Iterator<Item = u32>) {
        let (mem, width) = (self.mem(), width(all));
        let ascii = if all < 0x80 { ASCII } else { 0 };
        mem.set(text, SIZE, len);
        mem.set(text, HASH, NOT_COMPUTED);
        mem.set(text, STATE, width << WIDTH_SHIFT | COMPACT | ascii | READY);
        mem.set(text, WSTR, 0);
        if ascii == 0 {
            WIDE.iter().for_each(|offset| mem.write(text.0.plus(*offset), 0));
        }
        let first = self.characters(text);
        for (at, code) in (0..).zip(codes.chain([0])) {
            for byte in 0..width {
                mem.write_byte(first.plus(width * at + byte), (code >> (8 * byte)) as u8);
            }
        }
    }

    /// Characters of `text`.
    #[inline]
    pub fn str_len(&self, text: Obj) -> u64 {
        self.mem().get(text, SIZE)
    }

    /// Bytes of each character: 1, 2 or 4.
    #[inline]
    pub fn str_width(&self, text: Obj) -> u64 {
        self.mem().get(text, STATE) >> WIDTH_SHIFT & 7
    }

    /// Whether all characters are ASCII.
    #[inline]
    pub fn str_is_ascii(&self, text: Obj) -> bool {
        self.mem().get(text, STATE) & ASCII != 0
    }

    /// Code point number `at`.
    pub fn str_get(&self, text: Obj, at: u64) -> u32 {
        debug_assert!(at < self.str_len(text), "no character {at}");
        let width = self.str_width(text);
        let first = self.characters(text).plus(width * at);
        (0..width).fold(0, |code, byte| code | u32::from(self.mem().read_byte(first.plus(byte))) << (8 * byte))
    }

    /// Its characters; a surrogate becomes U+FFFD.
    pub fn str_text(&self, text: Obj) -> String {
        let codes = (0..self.str_len(text)).map(|at| self.str_get(text, at));
        codes.map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    }

    /// Whether `text` has these characters.
    pub fn str_is(&self, text: Obj, other: &str) -> bool {
        let mut codes = other.chars();
        (0..self.str_len(text)).all(|at| codes.next().map(u32::from) == Some(self.str_get(text, at)))
            && codes.next().is_none()
    }

    /// Whether both strings have the same characters (I1).
    pub fn same_text(&self, a: Obj, b: Obj) -> bool {
        let (mem, layout) = (self.mem(), !INTERNED);
        if self.str_len(a) != self.str_len(b) || (mem.get(a, STATE) ^ mem.get(b, STATE)) & layout != 0 {
            return false;
        }
        let bytes = self.str_len(a) * self.str_width(a);
        self.same_bytes(self.characters(a), self.characters(b), bytes)
    }

    /// Whether the same bytes lie at both addresses, which are multiples of 8.
    pub(crate) fn same_bytes(&self, a: Addr, b: Addr, bytes: u64) -> bool {
        let (mem, whole) = (self.mem(), bytes & !7);
        (0..whole).step_by(8).all(|at| mem.read(a.plus(at)) == mem.read(b.plus(at)))
            && (whole..bytes).all(|at| mem.read_byte(a.plus(at)) == mem.read_byte(b.plus(at)))
    }

    /// The hash of `text` (I3).
    #[inline]
    pub fn str_hash(&self, text: Obj) -> i64 {
        match self.mem().get(text, HASH) {
            NOT_COMPUTED => {
                let bytes = self.str_len(text) * self.str_width(text);
                let hash = self.hash_bytes(self.characters(text), bytes);
                self.mem().set(text, HASH, hash as u64);
                hash
            }
            hash => hash as i64,
        }
    }

    /// The hash of the bytes at `at`.
    pub(crate) fn hash_bytes(&self, at: Addr, bytes: u64) -> i64 {
        hash::of_bytes(hash::secret(self.get(HASH_SEED)), bytes, |word| {
            let left = (bytes - 8 * word).min(8);
            let byte = |number| u64::from(self.mem().read_byte(at.plus(8 * word + number))) << (8 * number);
            (0..left).fold(0, |word, number| word | byte(number))
        })
    }

    /// Where the characters begin.
    #[inline]
    fn characters(&self, text: Obj) -> Addr {
        text.0.plus(if self.str_is_ascii(text) { ASCII_HEADER } else { WIDE_HEADER })
    }

    /// Bytes of `text`.
    pub(crate) fn str_size(&self, text: Obj) -> u64 {
        let header = if self.str_is_ascii(text) { ASCII_HEADER } else { WIDE_HEADER };
        header + (self.str_len(text) + 1) * self.str_width(text)
    }

    /// Whether `text` is in the table of interned strings.
    #[inline]
    pub fn str_is_interned(&self, text: Obj) -> bool {
        self.mem().get(text, STATE) & INTERNED != 0
    }

    pub(crate) fn set_str_interned(&self, text: Obj) {
        self.mem().set(text, STATE, self.mem().get(text, STATE) | INTERNED);
    }

    /// A string that died: an interned one leaves the table first.
    pub(crate) fn release_str(&self, text: Obj) {
        if self.str_is_interned(text) {
            self.leave_interned(text);
        }
        self.heap.free(text.0);
    }
}

/// Bytes of a character, when `all` has the bits of all characters.
const fn width(all: u32) -> u64 {
    match all {
        0..0x100 => 1,
        0x100..0x1_0000 => 2,
        _ => 4,
    }
}

const fn str_bytes(len: u64, all: u32) -> u64 {
    (if all < 0x80 { ASCII_HEADER } else { WIDE_HEADER }) + (len + 1) * width(all)
}
