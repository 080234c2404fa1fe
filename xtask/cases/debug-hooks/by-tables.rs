//! # Debug hooks that make the coat first and compare with it
//!
//! What lies in front is an array of sixteen bytes: `dress` writes it, `check` looks at it.

use kit::Memory;
use kit::debug_hooks::*;

fn front(bytes: u64, letter: u8) -> [u8; 16] {
    let mut front = [FORBIDDEN; 16];
    front[..8].copy_from_slice(&bytes.to_be_bytes());
    front[8] = letter;
    front
}

fn read_front<M: Memory>(mem: &M, block: Addr) -> [u8; 16] {
    std::array::from_fn(|at| mem.read_byte(Addr(block.0 - BEFORE + at as u64)))
}

fn number(front: &[u8; 16]) -> u64 {
    u64::from_be_bytes(std::array::from_fn(|at| front[at]))
}

/// Behind first, then in front.
pub fn dress<M: Memory>(mem: &M, start: Addr, bytes: u64, domain: Domain) -> Addr {
    let block = Addr(start.0 + BEFORE);
    mem.fill(Addr(block.0 + bytes), AFTER, FORBIDDEN);
    for (at, byte) in front(bytes, domain.letter()).into_iter().enumerate() {
        mem.write_byte(start.plus(at as u64), byte);
    }
    block
}

/// All sixteen bytes are read at once, then judged.
pub fn check<M: Memory>(mem: &M, block: Addr, domain: Domain) -> Result<u64, Fault> {
    let found = read_front(mem, block);
    let bytes = number(&found);
    match found[8] {
        letter if letter != domain.letter() => Err(Fault::BadId(letter)),
        letter if found != front(bytes, letter) => Err(Fault::BadLeadingPad),
        _ if (0..AFTER).any(|at| mem.read_byte(Addr(block.0 + bytes + at)) != FORBIDDEN) => Err(Fault::BadTrailingPad),
        _ => Ok(bytes),
    }
}

/// Three stretches, the one behind first.
pub fn bury<M: Memory>(mem: &M, block: Addr) -> Addr {
    let start = Addr(block.0 - BEFORE);
    let bytes = number(&read_front(mem, block));
    mem.fill(block.plus(bytes), AFTER, DEAD);
    mem.fill(block, bytes, DEAD);
    mem.fill(start, BEFORE, DEAD);
    start
}

kit::plug_debug_hooks!();
