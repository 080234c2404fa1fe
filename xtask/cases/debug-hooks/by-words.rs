//! # Debug hooks that write words in front and bytes behind
//!
//! A block begins at a multiple of 16, so what lies in front of the program's bytes is two words. Behind them, anything
//! may be.

use kit::Memory;
use kit::debug_hooks::*;

/// Seven guards in the upper bytes of a word.
const GUARDS: u64 = 0xFDFD_FDFD_FDFD_FD00;

/// The number turned round, the letter in the lowest byte of the second word.
pub fn dress<M: Memory>(mem: &M, start: Addr, bytes: u64, domain: Domain) -> Addr {
    mem.write(start, bytes.swap_bytes());
    mem.write(start.plus(8), GUARDS | u64::from(domain.letter()));
    let block = start.plus(16);
    for at in bytes..bytes + AFTER {
        mem.write_byte(block.plus(at), FORBIDDEN);
    }
    block
}

/// The second word says nearly all.
pub fn check<M: Memory>(mem: &M, block: Addr, domain: Domain) -> Result<u64, Fault> {
    let word = mem.read(Addr(block.0 - 8));
    if word.to_le_bytes()[0] != domain.letter() {
        return Err(Fault::BadId(word as u8));
    }
    if word & !0xFF != GUARDS {
        return Err(Fault::BadLeadingPad);
    }
    let bytes = mem.read(Addr(block.0 - 16)).swap_bytes();
    let end = Addr(block.0 + bytes);
    for at in 0..8 {
        if mem.read_byte(end.plus(at)) != FORBIDDEN {
            return Err(Fault::BadTrailingPad);
        }
    }
    Ok(bytes)
}

/// From the end to the beginning, so the number is read in time.
pub fn bury<M: Memory>(mem: &M, block: Addr) -> Addr {
    let start = Addr(block.0 - 16);
    let all = 24 + mem.read(start).swap_bytes();
    for at in (0..all).rev() {
        mem.write_byte(start.plus(at), DEAD);
    }
    start
}

kit::plug_debug_hooks!();
