//! What the program wrote into its blocks: bytes that tell which block they belong to, and where in it.

use kit::Addr;
use kit::memory::Memory;
use kit::owner::Owner;

/// So many bytes of a block are filled and looked at; a larger one is the raw domain's, which copies well.
const FILLED: u64 = 1024;

/// A block that the program holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub(super) at: Addr,
    /// What it was asked for.
    pub(super) bytes: u64,
    /// No two blocks have the same: their content differs.
    pub(super) serial: u64,
}

impl Held {
    /// Eight bytes of its content, none of them 0. As a link they lead nowhere: they are odd.
    fn word(&self, index: u64) -> u64 {
        let mixed = (self.serial + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ index.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ mixed >> 29) | 0x0101_0101_0101_0101
    }

    fn byte(&self, offset: u64) -> u8 {
        self.word(offset / 8).to_le_bytes()[(offset % 8) as usize]
    }

    /// The program writes all of it.
    pub(super) fn fill<M: Memory>(&self, mem: &M) {
        let bytes = self.bytes.min(FILLED);
        for word in 0..bytes / 8 {
            mem.write(self.at.plus(word * 8), self.word(word));
        }
        for offset in bytes & !7..bytes {
            mem.write_byte(self.at.plus(offset), self.byte(offset));
        }
    }

    /// The first of `bytes` bytes from `at` on that is not what the program wrote.
    pub(super) fn differs<M: Owner>(&self, mem: &M, at: Addr, bytes: u64) -> Option<u64> {
        let bytes = bytes.min(FILLED);
        let word = |word: &u64| mem.peek(at.plus(word * 8)) != Some(self.word(*word));
        let byte = |offset: &u64| mem.peek_byte(at.plus(*offset)) != Some(self.byte(*offset));
        match (0..bytes / 8).find(word) {
            Some(word) => (word * 8..word * 8 + 8).find(byte),
            None => (bytes & !7..bytes).find(byte),
        }
    }
}
