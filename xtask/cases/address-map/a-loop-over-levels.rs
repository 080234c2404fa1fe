//! # An address map that walks in a loop
//!
//! The levels are a list; one function walks, and a flag says whether it may make nodes.

use kit::address_map::*;
use kit::{Addr, Memory};

/// The entry of the address's cell.
fn walk<M: Memory>(mem: &M, map: MapAt, address: Addr, shape: Shape, make: bool) -> Option<Addr> {
    let levels = [shape.root, shape.middle, shape.bottom];
    let mut node = map.0;
    let mut rest = 64;
    for (level, bits) in levels.into_iter().enumerate() {
        rest -= bits;
        let index = (address.0 >> rest) % (1 << bits);
        let entry = node.plus(ENTRY * index);
        if level == 2 {
            return Some(entry);
        }
        node = match mem.get(entry, CHILD) {
            Some(below) => below,
            None if make => {
                let below = mem.map_zeroed(ENTRY * (1 << levels[level + 1]), 4096)?;
                mem.set(entry, CHILD, Some(below));
                below
            }
            None => return None,
        };
    }
    None
}

/// The second cell's nodes first, then the first one's.
pub fn insert<M: Memory>(mem: &M, map: MapAt, base: Addr, shape: Shape) -> bool {
    let size = 1u64 << shape.offset;
    let offset = (base.0 % size) as u32;
    let next = if offset == 0 { None } else { walk(mem, map, Addr(base.0 + size), shape, true) };
    if offset != 0 && next.is_none() {
        return false;
    }
    let Some(first) = walk(mem, map, base, shape, true) else {
        return false;
    };
    mem.set(first, STARTS, 1 + offset);
    if let Some(next) = next {
        mem.set(next, ENDS, offset);
    }
    true
}

/// Zeros, wherever a number was.
pub fn remove<M: Memory>(mem: &M, map: MapAt, base: Addr, shape: Shape) {
    let size = 1u64 << shape.offset;
    if base.0 % size != 0
        && let Some(next) = walk(mem, map, Addr(base.0 + size), shape, false)
    {
        mem.set(next, ENDS, 0);
    }
    if let Some(first) = walk(mem, map, base, shape, false) {
        mem.set(first, STARTS, 0);
    }
}

/// The end first, then the start.
pub fn holds<M: Memory>(mem: &M, map: MapAt, address: Addr, shape: Shape) -> bool {
    match walk(mem, map, address, shape, false) {
        None => false,
        Some(entry) => {
            let offset = (address.0 % (1 << shape.offset)) as u32;
            if offset < mem.get(entry, ENDS) {
                return true;
            }
            match mem.get(entry, STARTS) {
                0 => false,
                starts => starts <= offset + 1,
            }
        }
    }
}

kit::plug_address_map!();
