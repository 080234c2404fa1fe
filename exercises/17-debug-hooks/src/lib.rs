//! # Exercise `debug-hooks`: guards around a block                     about 35 minutes
//!
//! Chapter: "Debug hooks" (`cargo xtask book debug-hooks`).
//! Write:   `dress`, `check`, `bury`, in this file only.
//! Check:   `cargo xtask grade debug-hooks`                            Stuck: `cargo xtask hint debug-hooks`
//! Try your own scenario: write a `.ops` file and `cargo xtask show debug-hooks my.ops`
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
pub fn dress<M: Memory>(mem: &M, start: Addr, bytes: u64, domain: Domain) -> Addr {
    todo!("a coat for {bytes} bytes of {domain:?} at {start:?}, {mem:?}")
}

/// Looks at the coat of the block that the program calls `block`: the bytes that it was asked for, or the first fault.
pub fn check<M: Memory>(mem: &M, block: Addr, domain: Domain) -> Result<u64, Fault> {
    todo!("is the coat of {block:?} whole, for {domain:?}, {mem:?}")
}

/// The program gave the block back: fills it and its coat with [`DEAD`]. Gives the address for the allocator below.
pub fn bury<M: Memory>(mem: &M, block: Addr) -> Addr {
    todo!("nothing of {block:?} may look alive, {mem:?}")
}

kit::plug_debug_hooks!();
