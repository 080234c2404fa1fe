//! # Exercise `address-map`: is this address ours? in constant time    about 50 minutes
//!
//! Chapter: "The address map" (`cargo xtask book address-map`).
//! Write:   `insert`, `remove`, `holds`, in this file only.
//! Check:   `cargo xtask grade address-map`                            Stuck: `cargo xtask hint address-map`
//! Try your own scenario: write a `.ops` file and `cargo xtask show address-map my.ops`
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
pub fn insert<M: Memory>(mem: &M, map: MapAt, base: Addr, shape: Shape) -> bool {
    todo!("from {base:?} on, one arena is ours, {map:?}, {shape:?}, {mem:?}")
}

/// From now on it is not. It was inserted before, so the nodes are there.
pub fn remove<M: Memory>(mem: &M, map: MapAt, base: Addr, shape: Shape) {
    todo!("from {base:?} on, nothing is ours any more, {map:?}, {shape:?}, {mem:?}")
}

/// Does `address` lie in an arena of ours?
pub fn holds<M: Memory>(mem: &M, map: MapAt, address: Addr, shape: Shape) -> bool {
    todo!("is {address:?} ours, {map:?}, {shape:?}, {mem:?}")
}

kit::plug_address_map!();
