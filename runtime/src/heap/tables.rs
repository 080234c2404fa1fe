//! # The heap's own tables
//!
//! Everything that the heap knows lies in the memory that it manages, so that it can serve as a program's global
//! allocator: nothing here asks another allocator for a `Vec`.
//!
//! ```text
//! offset   16           1040         1568     1576   1584    1592  1600   1608   1616  1624       1752   (264 KiB)
//!          | used lists | usable     | ARENAS | ROOM | SPARE | NOW | EVER | MOST | RAW | 16 recent | the map's root |
//!            64 x 16      FIRST,       the table of descriptors                   blocks of the
//!                         last_with             counts of arenas: NOW EVER MOST   raw domain
//! ```
//!
//! A used list is a ring through its pools' headers and one more element: two words in this table, `NEXT_USED` and
//! `PREV_USED`. [`Tables::ring`] gives the address of a *pretended pool* whose header would have its two links just
//! there, so linking and unlinking knows no first and no last. CPython plays the same trick (`usedpools`). The used
//! lists begin where a pool's links do, so the pretended pool of class 0 is at the tables' own address.
//!
//! - **I1** A descriptor has memory (`BASE`) or is in the stack of spare ones (`SPARE`, through `NEXT_ARENA`).
//! - **I2** The table of descriptors moves only when no arena is in a list: then no link leads into it.
//! - **I3** A recent entry is the base of an arena that has memory, or [`NOWHERE`]. It stands for the cells of the
//!   address map whose numbers end with the entry's: an address that was found there lately need not be looked up
//!   again. Processors keep such a table for pages, and call it a look-aside buffer.

use kit::address_map::{ENTRY, MapAt, Shape};
use kit::arena::{ArenaAt, DESCRIPTOR};
use kit::memory::{Addr, Field};
use kit::pool::{NEXT_USED, PoolAt};
use kit::size_classes::ClassIndex;
use kit::usable_arenas::{TABLE, UsableAt};

/// Classes with blocks in steps of 8 bytes; in steps of 16, the second half is not used.
const CLASSES: u64 = 64;
const RING: u64 = 16;
/// Cells of the address map that are remembered.
pub(super) const RECENTS: u64 = 16;
const USABLE: u64 = NEXT_USED.offset + CLASSES * RING;
const REST: u64 = USABLE + TABLE;
const RECENT: u64 = REST + 56;
const MAP: u64 = RECENT + 8 * RECENTS;

/// Where the table of descriptors begins.
pub(super) const ARENAS: Field<u64> = Field::at(REST, "ARENAS");
/// How many descriptors have room in it.
pub(super) const ROOM: Field<u64> = Field::at(REST + 8, "ROOM");
/// The first descriptor without memory.
pub(super) const SPARE: Field<Option<ArenaAt>> = Field::at(REST + 16, "SPARE");
/// Arenas that have memory now.
pub(super) const NOW: Field<u64> = Field::at(REST + 24, "NOW");
/// Arenas that the system was ever asked for.
pub(super) const EVER: Field<u64> = Field::at(REST + 32, "EVER");
/// The largest `NOW` there ever was.
pub(super) const MOST: Field<u64> = Field::at(REST + 40, "MOST");
/// Blocks of the raw domain that the program holds.
pub(super) const RAW: Field<u64> = Field::at(REST + 48, "RAW");

/// Where no arena can be: so near the end of all addresses that no program has memory there.
pub(super) const NOWHERE: Addr = Addr(1 << 63);

/// Bytes of it all; most of them are the map's root, and never touched.
pub(super) const fn bytes(shape: Shape) -> u64 {
    MAP + (ENTRY << shape.root)
}

/// Whole pages, which the system supplies when they are touched.
pub(super) const PAGES: u64 = 4096;

/// The address of the tables.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tables(pub Addr);

impl From<Tables> for Addr {
    #[inline]
    fn from(tables: Tables) -> Addr {
        tables.0
    }
}

impl Tables {
    /// The pretended pool of a class: its two links are the ring's ends.
    #[inline]
    pub(super) fn ring(self, class: ClassIndex) -> PoolAt {
        PoolAt(self.0.plus(u64::from(class.0) * RING))
    }

    /// The list of usable arenas.
    #[inline]
    pub(super) fn usable(self) -> UsableAt {
        UsableAt(self.0.plus(USABLE))
    }

    /// The entry for the cell that `address` lies in: cells are as large as arenas.
    #[inline]
    pub(super) fn recent(self, address: Addr, cell_bits: u32) -> (Addr, Field<Addr>) {
        let entry = (address.0 >> cell_bits) % RECENTS;
        (self.0.plus(entry * 8), Field::at(RECENT, "RECENT"))
    }

    /// The map of addresses.
    #[inline]
    pub(super) fn map(self) -> MapAt {
        MapAt(self.0.plus(MAP))
    }
}

/// Descriptor `index` of the table at `arenas`.
#[inline]
pub(super) fn descriptor(arenas: u64, index: u64) -> ArenaAt {
    ArenaAt(Addr(arenas).plus(index * DESCRIPTOR))
}
