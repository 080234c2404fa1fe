//! # The raw domain: blocks of any size, straight from the system
//!
//! What no pool serves is the system's business. The system wants to be told a block's size when it gets it back, and
//! the program does not know it any more, so the size is kept in front:
//!
//! ```text
//!   | bytes | spare |  the program's bytes ...
//!   at-16           at
//! ```
//!
//! CPython calls the C library's `malloc`, which does the same (`PyMem_RawMalloc`).

use kit::Addr;
use kit::memory::Memory;
use kit::owner::{Owner, State};

/// The largest request that anybody is given: `PY_SSIZE_T_MAX`.
pub const LARGEST: u64 = i64::MAX as u64;

/// Bytes in front of a block; a multiple of what a block's address must be a multiple of.
const HEAD: u64 = 16;
const ALIGN: u64 = 16;

/// A block of `bytes` bytes.
pub fn malloc<M: Owner>(mem: &M, bytes: u64) -> Option<Addr> {
    let all = with_head(bytes)?;
    Some(begin(mem, mem.map(all, ALIGN)?, all))
}

/// The same, and every byte is 0.
pub fn calloc<M: Owner>(mem: &M, bytes: u64) -> Option<Addr> {
    let all = with_head(bytes)?;
    Some(begin(mem, mem.map_zeroed(all, ALIGN)?, all))
}

/// Makes a block larger or smaller. `None`: no more memory, and the block is as it was.
pub fn realloc<M: Owner>(mem: &M, at: Addr, bytes: u64) -> Option<Addr> {
    let all = with_head(bytes)?;
    Some(begin(mem, mem.remap(start(at), size(mem, at) + HEAD, all, ALIGN)?, all))
}

/// Gives a block back.
pub fn free<M: Owner>(mem: &M, at: Addr) {
    mem.release(start(at), size(mem, at) + HEAD, ALIGN);
}

/// The bytes that the block at `at` was asked for.
pub fn size<M: Memory>(mem: &M, at: Addr) -> u64 {
    mem.read(start(at)) - HEAD
}

/// Bytes to ask the system for; `None` for a request that nobody can serve.
fn with_head(bytes: u64) -> Option<u64> {
    (bytes <= LARGEST).then(|| bytes + HEAD)
}

fn start(at: Addr) -> Addr {
    at.plus(0u64.wrapping_sub(HEAD))
}

fn begin<M: Owner>(mem: &M, start: Addr, all: u64) -> Addr {
    mem.write(start, all);
    mem.mark(start, HEAD, State::Foreign);
    mem.mark(start.plus(HEAD), all - HEAD, State::Held);
    start.plus(HEAD)
}
