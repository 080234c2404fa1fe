//! # The words and the socket of exercise `address-map`
//!
//! Which addresses are ours? A tree of three levels, with the address itself as the path:
//!
//! ```text
//! address   63 ............ 49 | 48 ........... 34 | 33 ......... 20 | 19 ........... 0       arenas of 1 MiB
//!           index in the root  | in a middle node  | in a bottom node| offset in the cell
//!
//! the root  | None | a middle node | None | ...              one word an entry
//! middle    | None | a bottom node | ...
//! bottom    | ENDS STARTS | ENDS STARTS | ...                two halves an entry, which is one cell
//! ```
//!
//! A *cell* is as large as an arena and begins at a multiple of its size. An arena need not: it may begin in one cell
//! and end in the next, so a cell has two numbers.
//!
//! Source: `arena_map_root`, `arena_coverage_t` in CPython's `Objects/obmalloc.c` (from 3.10).

use crate::memory::{Addr, Field, Memory};
use std::fmt;

// ANCHOR: fields
/// An entry of the root or of a middle node: the node below, or nothing.
pub const CHILD: Field<Option<Addr>> = Field::at(0, "CHILD");
/// In a cell's entry: so many bytes at the cell's beginning belong to an arena that began in the cell before it.
pub const ENDS: Field<u32> = Field::at(0, "ENDS");
/// In a cell's entry: 0 when no arena begins in this cell; else *one more* than the offset at which one begins.
pub const STARTS: Field<u32> = Field::at(4, "STARTS");
/// Bytes of an entry, in each of the three levels.
pub const ENTRY: u64 = 8;
// ANCHOR_END: fields

/// How an address is cut into pieces. Each number is a number of bits; together they are 64.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shape {
    /// Index in the root.
    pub root: u32,
    /// Index in a middle node.
    pub middle: u32,
    /// Index in a bottom node.
    pub bottom: u32,
    /// Offset in a cell: an arena has `1 << offset` bytes.
    pub offset: u32,
}

impl Shape {
    /// CPython's: 15 + 15 + 14 + 20 for arenas of 1 MiB.
    #[must_use]
    pub const fn of(arena_size: u32) -> Shape {
        let offset = arena_size.trailing_zeros();
        let upper = (64 - offset).div_ceil(3);
        Shape { root: upper, middle: upper, bottom: 64 - offset - 2 * upper, offset }
    }
}

/// The address of the map: of its root, which is always there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MapAt(pub Addr);

impl fmt::Debug for MapAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the map at {:?}", self.0)
    }
}

impl From<MapAt> for Addr {
    #[inline]
    fn from(map: MapAt) -> Addr {
        map.0
    }
}

// ANCHOR: socket
/// The socket: the addresses that are ours.
pub trait AddressMap<M: Memory + ?Sized> {
    /// From now on, the arena that begins at `base` is ours. False: the system had no memory for a node, and nothing
    /// has changed that anybody could ask for.
    fn insert(&self, mem: &M, map: MapAt, base: Addr, shape: Shape) -> bool;
    /// From now on it is not. It was inserted before.
    fn remove(&self, mem: &M, map: MapAt, base: Addr, shape: Shape);
    /// Does this address lie in an arena of ours? Any address may be asked for, however wild.
    fn holds(&self, mem: &M, map: MapAt, address: Addr, shape: Shape) -> bool;
}
// ANCHOR_END: socket

/// Makes the part out of the functions of a file.
#[macro_export]
macro_rules! plug_address_map {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl<M: $crate::Memory> $crate::address_map::AddressMap<M> for Part {
            fn insert(
                &self,
                mem: &M,
                map: $crate::address_map::MapAt,
                base: $crate::Addr,
                shape: $crate::address_map::Shape,
            ) -> bool {
                insert(mem, map, base, shape)
            }
            fn remove(
                &self,
                mem: &M,
                map: $crate::address_map::MapAt,
                base: $crate::Addr,
                shape: $crate::address_map::Shape,
            ) {
                remove(mem, map, base, shape)
            }
            #[inline]
            fn holds(
                &self,
                mem: &M,
                map: $crate::address_map::MapAt,
                address: $crate::Addr,
                shape: $crate::address_map::Shape,
            ) -> bool {
                holds(mem, map, address, shape)
            }
        }
    };
}
