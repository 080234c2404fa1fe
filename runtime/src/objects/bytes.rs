//! # Bytes objects
//!
//! ```text
//!   o -> | REFS | TYPE | SIZE | HASH | bytes, 0 |          33 + n bytes
//! ```
//!
//! - **I1** The empty one and those of one byte are made once, when the runtime starts.
//!
//! Source: `Objects/bytesobject.c` of 3.11.

use super::layout::SIZE;
use super::machine::{Objects, World};
use super::types::Type;
use kit::graph::Obj;
use kit::{Addr, Field, Memory};

const HASH: Field<u64> = Field::at(24, "HASH");
const BYTES: u64 = 32;
const NOT_COMPUTED: u64 = u64::MAX;

impl<W: World> Objects<W> {
    /// An object with these bytes. `None`: no memory. Owned.
    pub fn new_bytes(&self, bytes: &[u8]) -> Option<Obj> {
        match bytes {
            [] => return Some(self.new_ref(self.state.byte_string(256))),
            [byte] => return Some(self.new_ref(self.state.byte_string(u64::from(*byte)))),
            _ => {}
        }
        let made = self.new_plain(Type::Bytes, BYTES + 1 + bytes.len() as u64)?;
        self.write_bytes(made, bytes);
        Some(made)
    }

    /// Those that are made once (I1).
    pub(crate) fn init_byte_strings(&self, refs: u64) {
        for byte in 0..=256 {
            let one = self.state.byte_string(byte);
            self.begin(one, Type::Bytes, refs);
            let byte = u8::try_from(byte).ok();
            self.write_bytes(one, byte.as_slice());
        }
    }

    fn write_bytes(&self, o: Obj, bytes: &[u8]) {
        self.mem().set(o, SIZE, bytes.len() as u64);
        self.mem().set(o, HASH, NOT_COMPUTED);
        for (at, byte) in (0..).zip(bytes.iter().chain(&[0])) {
            self.mem().write_byte(o.0.plus(BYTES + at), *byte);
        }
    }

    /// How many bytes `o` has.
    #[inline]
    pub fn bytes_len(&self, o: Obj) -> u64 {
        self.mem().get(o, SIZE)
    }

    /// Byte number `at`.
    #[inline]
    pub fn bytes_get(&self, o: Obj, at: u64) -> u8 {
        debug_assert!(at < self.bytes_len(o), "no byte {at}");
        self.mem().read_byte(o.0.plus(BYTES + at))
    }

    pub(crate) fn bytes_hash(&self, o: Obj) -> i64 {
        match self.mem().get(o, HASH) {
            NOT_COMPUTED => {
                let hash = self.hash_bytes(o.0.plus(BYTES), self.bytes_len(o));
                self.mem().set(o, HASH, hash as u64);
                hash
            }
            hash => hash as i64,
        }
    }

    pub(crate) fn equal_bytes(&self, a: Obj, b: Obj) -> bool {
        let first = |o: Obj| -> Addr { o.0.plus(BYTES) };
        self.bytes_len(a) == self.bytes_len(b) && self.same_bytes(first(a), first(b), self.bytes_len(a))
    }
}
