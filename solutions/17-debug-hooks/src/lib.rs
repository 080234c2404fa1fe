//! # Debug hooks: guards around a block
//!
//! Made by `cargo xtask generate` from `runtime/src/heap/debug_hooks.rs`: edit it there.
//!
//! A program that writes one byte too far destroys something that belongs to somebody else, and nobody notices until
//! much later. `PYTHONMALLOC=debug` and `python -X dev` put a coat around each block, and look at it when the block
//! comes back.
//!
//! ```text
//!  p-16                    p-8  p-7                     p                        p+n
//!  | n, 8 bytes big-endian | id | 7 x FORBIDDEN         | the program's n bytes  | 8 x FORBIDDEN |
//!    start                       |--------- pad --------|                        |---- pad ------|
//! ```
//!
//! The id is the letter of the domain that the block came from: `r`, `m` or `o`. Big-endian, so that a person who
//! looks at memory byte by byte can read the number.
//!
//! - **I1** `dress` writes every byte of the coat and none of the program's.
//! - **I2** `check` looks at the letter first, then at the seven guards in front, then at the eight behind; the first
//!   fault is the answer. It writes nothing. When the letter is not right, it does not look behind the block: the
//!   number in front of the letter may be anything, and so may be the place where it says that the block ends.
//! - **I3** `bury` fills coat and content with `DEAD`, every byte: whoever reads an old block again shall see that it
//!   is one, and whoever frees it again brings a letter that no domain has.
//!
//! How to speak to memory: `mem.read_byte(p.plus(3))`, `mem.write_byte(...)`, `mem.fill(p, bytes, DEAD)`. An address is
//! a number: `Addr(block.0 - BEFORE)`. The start is a multiple of 16, the end of a block may be anywhere.
//! `u64::to_be_bytes` and `from_be_bytes` are in the standard library. `println!` and `dbg!(mem)` are yours.

use kit::Memory;
use kit::debug_hooks::*; // Addr, Domain, Fault; CLEAN DEAD FORBIDDEN BEFORE AFTER

/// Puts the coat around the block at `start`, which has `bytes + BEFORE + AFTER` bytes, and gives the address for the
/// program.
///
/// ```text
/// dress(start, 3, Domain::Object)   00 00 00 00 00 00 00 03 6f fd fd fd fd fd fd fd  .. .. ..  fd fd fd fd fd fd fd fd
/// ```
// ANCHOR: dress
pub fn dress<M: Memory>(mem: &M, start: Addr, bytes: u64, domain: Domain) -> Addr {
    for (at, byte) in (0..).zip(bytes.to_be_bytes()) {
        mem.write_byte(start.plus(at), byte);
    }
    mem.write_byte(start.plus(8), domain.letter());
    mem.fill(start.plus(9), 7, FORBIDDEN);
    mem.fill(start.plus(BEFORE + bytes), AFTER, FORBIDDEN);
    start.plus(BEFORE)
}
// ANCHOR_END: dress

/// Looks at the coat of the block that the program calls `block`: the bytes that it was asked for, or the first fault.
// ANCHOR: check
pub fn check<M: Memory>(mem: &M, block: Addr, domain: Domain) -> Result<u64, Fault> {
    let start = block.plus(0u64.wrapping_sub(BEFORE));
    let letter = mem.read_byte(start.plus(8));
    if letter != domain.letter() {
        return Err(Fault::BadId(letter));
    }
    if !forbidden(mem, start.plus(9), 7) {
        return Err(Fault::BadLeadingPad);
    }
    let bytes = asked_for(mem, start);
    if !forbidden(mem, block.plus(bytes), AFTER) {
        return Err(Fault::BadTrailingPad);
    }
    Ok(bytes)
}
// ANCHOR_END: check

/// The program gave the block back: fills it and its coat with [`DEAD`]. Gives the address for the allocator below.
// ANCHOR: bury
pub fn bury<M: Memory>(mem: &M, block: Addr) -> Addr {
    let start = block.plus(0u64.wrapping_sub(BEFORE));
    let bytes = asked_for(mem, start);
    mem.fill(start, BEFORE + bytes + AFTER, DEAD);
    start
}
// ANCHOR_END: bury

/// The number in the first eight bytes.
fn asked_for<M: Memory>(mem: &M, start: Addr) -> u64 {
    (0..8).fold(0, |number, at| number << 8 | u64::from(mem.read_byte(start.plus(at))))
}

/// Are these guards whole?
fn forbidden<M: Memory>(mem: &M, at: Addr, bytes: u64) -> bool {
    (0..bytes).all(|offset| mem.read_byte(at.plus(offset)) == FORBIDDEN)
}

kit::plug_debug_hooks!();
