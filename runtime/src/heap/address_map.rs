//! # The address map: is this address ours?
//!
//! `free` gets an address and nothing else. If it lies in one of our arenas, its pool's header is at the next lower
//! multiple of the pool's size; if not, there is no header at all, and whoever reads one reads foreign memory. So the
//! first question of every `free` is: is this ours? It must be answered in constant time.
//!
//! The map is a tree of three levels. The address is the path: the upper bits choose an entry of the root, the next
//! ones an entry of a middle node, the next ones an entry of a bottom node. That entry speaks about one *cell*: a
//! stretch as large as an arena, which begins at a multiple of its size.
//!
//! ```text
//! map     [ . . # . . . ]   entry: address >> (middle + bottom + offset bits)
//!               |
//!               v
//!         [ . # . . . . ]   entry: the next `middle` bits
//!             |
//!             v
//!         [ . . | ENDS STARTS | ENDS STARTS | . . ]   entry: the next `bottom` bits
//!
//! cells     |........aaaaaaaaa|aaaaaaa..........|     an arena that begins in one cell and ends in the next
//!                    ^STARTS-1        ^ENDS
//! ```
//!
//! So a cell's entry has two numbers. `ENDS`: so many bytes at the cell's beginning belong to an arena that began in
//! the cell before. `STARTS`: one more than the offset at which an arena begins in this cell, and 0 when none does.
//!
//! - **I1** `holds` says yes exactly for the addresses in arenas that were inserted and not removed.
//! - **I2** The root is there from the beginning. Other nodes are made when they are needed, by `insert`; a node that
//!   is there is used. They are never given back.
//! - **I3** `holds` and `remove` make no node. `holds` writes nothing, and reads one entry in each level: the way of
//!   the address, and no other cell.
//! - **I4** Two arenas may share a cell: one ends where the other begins, or before. Neither may harm the other's half.
//! - **I5** When there is no memory for a node, `insert` says false, and `holds` answers as before.
//!
//! How to speak to memory: the map's address `map.0` is that of the root; an entry is reached by its address,
//! `node.plus(index * ENTRY)`, and has fields: `mem.get(entry, CHILD)`, `mem.set(entry, ENDS, 0)`. A `Shape` says how
//! many bits each piece has: a node whose piece has `bits` has `1 << bits` entries. `mem.map_zeroed(bytes, 4096)` gives
//! a new node, all of whose words are 0 (and so `None`), or `None`. `println!` and `dbg!(mem)` are yours.

use kit::address_map::*; // MapAt, Shape { root, middle, bottom, offset }; in an entry CHILD, ENDS, STARTS; ENTRY
use kit::{Addr, Memory};

/// From now on the arena that begins at `base`, as large as a cell, is ours.
///
/// It may begin in one cell and end in the next: then two entries are to be written. Make all nodes before you write
/// either (I5).
// ANCHOR: insert
pub fn insert<M: Memory>(mem: &M, map: MapAt, base: Addr, shape: Shape) -> bool {
    // [exercise] todo!("from {base:?} on, one arena is ours, {map:?}, {shape:?}, {mem:?}")
    let offset = offset_of(base, shape);
    let Some(cell) = make_cell(mem, map, base, shape) else { return false };
    if offset > 0 {
        let Some(next) = make_cell(mem, map, next_cell(base, shape), shape) else { return false };
        mem.set(next, ENDS, offset);
    }
    mem.set(cell, STARTS, offset + 1);
    true
    // [/exercise]
}
// ANCHOR_END: insert

/// From now on it is not. It was inserted before, so the nodes are there.
// ANCHOR: remove
pub fn remove<M: Memory>(mem: &M, map: MapAt, base: Addr, shape: Shape) {
    // [exercise] todo!("from {base:?} on, nothing is ours any more, {map:?}, {shape:?}, {mem:?}")
    let cell = find_cell(mem, map, base, shape).expect("it was inserted");
    mem.set(cell, STARTS, 0);
    if offset_of(base, shape) > 0 {
        let next = find_cell(mem, map, next_cell(base, shape), shape).expect("it was inserted");
        mem.set(next, ENDS, 0);
    }
    // [/exercise]
}
// ANCHOR_END: remove

/// Does `address` lie in an arena of ours?
// ANCHOR: holds
pub fn holds<M: Memory>(mem: &M, map: MapAt, address: Addr, shape: Shape) -> bool {
    // [exercise] todo!("is {address:?} ours, {map:?}, {shape:?}, {mem:?}")
    let Some(cell) = find_cell(mem, map, address, shape) else { return false };
    let offset = offset_of(address, shape);
    // Where no arena begins, one less than 0 is more than every offset.
    offset >= mem.get(cell, STARTS).wrapping_sub(1) || offset < mem.get(cell, ENDS)
    // [/exercise]
}
// ANCHOR_END: holds

// [solution]
/// The bits of `address` from bit `from` on, `bits` of them.
#[inline]
fn piece(address: Addr, from: u32, bits: u32) -> u64 {
    (address.0 >> from) & ((1 << bits) - 1)
}

/// Bytes from the beginning of its cell.
#[inline]
fn offset_of(address: Addr, shape: Shape) -> u32 {
    piece(address, 0, shape.offset) as u32
}

/// An address in the cell behind that of `base`.
fn next_cell(base: Addr, shape: Shape) -> Addr {
    base.plus(1 << shape.offset)
}

/// The entries on the way: where each piece of the address leads in its node.
#[inline]
fn way(address: Addr, shape: Shape) -> [u64; 3] {
    let Shape { root, middle, bottom, offset } = shape;
    let entry = |from, bits| piece(address, from, bits) * ENTRY;
    [entry(offset + bottom + middle, root), entry(offset + bottom, middle), entry(offset, bottom)]
}

/// The entry for the cell of `address`, if its nodes are there.
// ANCHOR: find_cell
#[inline]
fn find_cell<M: Memory>(mem: &M, map: MapAt, address: Addr, shape: Shape) -> Option<Addr> {
    let [in_root, in_middle, in_bottom] = way(address, shape);
    let middle = mem.get(map.0.plus(in_root), CHILD)?;
    let bottom = mem.get(middle.plus(in_middle), CHILD)?;
    Some(bottom.plus(in_bottom))
}
// ANCHOR_END: find_cell

/// The same, and makes the nodes that are not there. `None`: no memory for one.
fn make_cell<M: Memory>(mem: &M, map: MapAt, address: Addr, shape: Shape) -> Option<Addr> {
    let [in_root, in_middle, in_bottom] = way(address, shape);
    let middle = child(mem, map.0.plus(in_root), shape.middle)?;
    let bottom = child(mem, middle.plus(in_middle), shape.bottom)?;
    Some(bottom.plus(in_bottom))
}

/// The node that the link at `at` leads to; a new one with `1 << bits` entries, if there is none.
fn child<M: Memory>(mem: &M, at: Addr, bits: u32) -> Option<Addr> {
    if let Some(node) = mem.get(at, CHILD) {
        return Some(node);
    }
    let node = mem.map_zeroed(ENTRY << bits, 4096)?;
    mem.set(at, CHILD, Some(node));
    Some(node)
}

// [/solution]
kit::plug_address_map!();
