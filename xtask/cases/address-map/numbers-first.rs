//! # An address map that reads an entry as one word
//!
//! `ENDS` is its lower half, `STARTS` its upper one; and an arena's last byte says which cell is the second one.

use kit::address_map::*;
use kit::{Addr, Memory};

fn indices(address: Addr, shape: Shape) -> (u64, u64, u64) {
    let cell = address.0 >> shape.offset;
    let (above, in_bottom) = (cell >> shape.bottom, cell % (1 << shape.bottom));
    (above >> shape.middle, above % (1 << shape.middle), in_bottom)
}

fn below<M: Memory>(mem: &M, entry: Addr, bits: u32) -> Option<Addr> {
    mem.get(entry, CHILD).or_else(|| {
        let node = mem.map_zeroed((1 << bits) * ENTRY, 4096);
        if node.is_some() {
            mem.set(entry, CHILD, node);
        }
        node
    })
}

fn made<M: Memory>(mem: &M, map: MapAt, address: Addr, shape: Shape) -> Option<Addr> {
    let (in_root, in_middle, in_bottom) = indices(address, shape);
    let middle = below(mem, map.0.plus(in_root * ENTRY), shape.middle)?;
    let bottom = below(mem, middle.plus(in_middle * ENTRY), shape.bottom)?;
    Some(bottom.plus(in_bottom * ENTRY))
}

fn found<M: Memory>(mem: &M, map: MapAt, address: Addr, shape: Shape) -> Option<Addr> {
    let (in_root, in_middle, in_bottom) = indices(address, shape);
    let middle = mem.get(map.0.plus(in_root * ENTRY), CHILD)?;
    let bottom = mem.get(middle.plus(in_middle * ENTRY), CHILD)?;
    Some(bottom.plus(in_bottom * ENTRY))
}

/// Two entries, which are one when the arena lies in one cell.
pub fn insert<M: Memory>(mem: &M, map: MapAt, base: Addr, shape: Shape) -> bool {
    let last = Addr(base.0 + ((1 << shape.offset) - 1));
    let (Some(first), Some(second)) = (made(mem, map, base, shape), made(mem, map, last, shape)) else {
        return false;
    };
    let offset = base.0 & ((1 << shape.offset) - 1);
    if first != second {
        mem.write(second, mem.read(second) & !0xFFFF_FFFF | offset);
    }
    mem.write(first, mem.read(first) & 0xFFFF_FFFF | (offset + 1) << 32);
    true
}

/// The halves that speak about this arena.
pub fn remove<M: Memory>(mem: &M, map: MapAt, base: Addr, shape: Shape) {
    let last = Addr(base.0 + ((1 << shape.offset) - 1));
    let first = found(mem, map, base, shape).expect("it was inserted");
    let second = found(mem, map, last, shape).expect("it was inserted");
    mem.write(first, mem.read(first) & 0xFFFF_FFFF);
    if second != first {
        mem.write(second, mem.read(second) >> 32 << 32);
    }
}

/// One read of the entry.
pub fn holds<M: Memory>(mem: &M, map: MapAt, address: Addr, shape: Shape) -> bool {
    let Some(entry) = found(mem, map, address, shape) else { return false };
    let word = mem.read(entry);
    let (ends, starts) = (word & 0xFFFF_FFFF, word >> 32);
    let offset = address.0 & ((1 << shape.offset) - 1);
    offset < ends || (starts > 0 && starts <= offset + 1)
}

kit::plug_address_map!();
