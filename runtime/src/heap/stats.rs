//! # Statistics: `sys._debugmallocstats()`
//!
//! Every byte of every arena is accounted for: in use, available, in pools that nobody uses, lost to headers, lost at a
//! pool's end (quantization), lost because an arena does not begin at a multiple of a pool. The sum is the arenas'
//! size, or something is wrong.
//!
//! Source: `_PyObject_DebugMallocStats` in CPython's `Objects/obmalloc.c`, whose lines these are.

use super::machine::Heap;
use super::tables::{EVER, MOST, NOW, bytes};
use crate::config::Config;
use kit::address_map::ENTRY;
use kit::geometry::Geometry;
use kit::memory::Memory;
use kit::picture::{HeapPicture, PoolCell};
use kit::pool::HEADER;
use kit::size_classes::SMALL_REQUEST_THRESHOLD;
use std::fmt;

/// One size class.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ClassStats {
    /// Bytes of a block.
    pub block_size: u32,
    /// Its pools.
    pub pools: u64,
    /// Blocks in use.
    pub in_use: u64,
    /// Blocks that the same pools could still hand out.
    pub available: u64,
}

/// What a heap is made of at one moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeapStats {
    /// Bytes of an arena and of a pool.
    pub geometry: (u32, u32),
    /// Every class, those without pools too.
    pub classes: Vec<ClassStats>,
    /// Arenas that the system was ever asked for, the most at one time, and those of now.
    pub arenas: (u64, u64, u64),
    /// Pools that nobody uses.
    pub unused_pools: u64,
    /// Bytes lost in front of the first pools and behind the last ones of arenas.
    pub lost_to_alignment: u64,
    /// Nodes of the address map: middle, bottom; and bytes of the root, a middle and a bottom node.
    pub map: ([u64; 2], [u64; 3]),
    /// Blocks of the raw domain.
    pub raw: u64,
    /// Bytes of the heap's own tables, the map's root included.
    pub tables: u64,
}

impl<C: Config> Heap<C> {
    /// Counts everything.
    pub fn stats(&self) -> HeapStats {
        let HeapPicture { arenas, raw } = self.draw();
        let step = C::Geometry::ALIGN.bytes();
        let empty = |class: u32| ClassStats { block_size: (class + 1) * step, ..ClassStats::default() };
        let mut classes: Vec<ClassStats> = (0..SMALL_REQUEST_THRESHOLD as u32 / step).map(empty).collect();
        let mut unused_pools = 0;
        for cell in arenas.iter().flat_map(|arena| &arena.pools) {
            match *cell {
                PoolCell::Used { block_size, in_use, capacity } => {
                    let class = &mut classes[(block_size / step - 1) as usize];
                    class.pools += 1;
                    class.in_use += u64::from(in_use);
                    class.available += u64::from(capacity - in_use);
                }
                _ => unused_pools += 1,
            }
        }
        let pools: u64 = arenas.iter().map(|arena| arena.pools.len() as u64).sum();
        let (middle, bottom) = self.map_nodes();
        let shape = Self::SHAPE;
        HeapStats {
            geometry: (Self::ARENA, Self::POOL),
            classes,
            arenas: (self.mem.get(self.tables, EVER), self.mem.get(self.tables, MOST), self.mem.get(self.tables, NOW)),
            unused_pools,
            lost_to_alignment: arenas.len() as u64 * u64::from(Self::ARENA) - pools * u64::from(Self::POOL),
            map: (
                [middle.len() as u64, bottom.len() as u64],
                [shape.root, shape.middle, shape.bottom].map(|bits| ENTRY << bits),
            ),
            raw,
            tables: bytes(shape),
        }
    }
}

impl HeapStats {
    /// Bytes of all arenas.
    pub fn arena_bytes(&self) -> u64 {
        self.arenas.2 * u64::from(self.geometry.0)
    }

    /// Bytes in blocks that are in use.
    pub fn in_use(&self) -> u64 {
        self.classes.iter().map(|class| class.in_use * u64::from(class.block_size)).sum()
    }

    /// Bytes in blocks that are not in use, of pools that are.
    pub fn available(&self) -> u64 {
        self.classes.iter().map(|class| class.available * u64::from(class.block_size)).sum()
    }

    /// Bytes lost to the headers of pools.
    pub fn lost_to_headers(&self) -> u64 {
        self.classes.iter().map(|class| class.pools * u64::from(HEADER)).sum()
    }

    /// Bytes lost at the ends of pools.
    pub fn lost_to_quantization(&self) -> u64 {
        let lost = |class: &ClassStats| {
            class.pools * u64::from((self.geometry.1 - HEADER).checked_rem(class.block_size).unwrap_or(0))
        };
        self.classes.iter().map(lost).sum()
    }

    /// The account, and what it must add up to: the bytes of all arenas.
    pub fn total(&self) -> u64 {
        let unused = self.unused_pools * u64::from(self.geometry.1);
        let lost = self.lost_to_headers() + self.lost_to_quantization() + self.lost_to_alignment;
        self.in_use() + self.available() + unused + lost
    }
}

/// `# what          =      1,234`, in CPython's columns: 35 for the words, 21 for the number.
fn line(f: &mut fmt::Formatter<'_>, what: &str, number: u64) -> fmt::Result {
    writeln!(f, "{what:<35}={:>21}", grouped(number))
}

/// `1234567` as `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

impl fmt::Display for HeapStats {
    /// The lines of `sys._debugmallocstats()`, as CPython 3.11 prints them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (arena, pool) = self.geometry;
        writeln!(f, "Small block threshold = {SMALL_REQUEST_THRESHOLD}, in {} size classes.\n", self.classes.len())?;
        writeln!(f, "class   size   num pools   blocks in use  avail blocks")?;
        writeln!(f, "-----   ----   ---------   -------------  ------------")?;
        for (index, class) in self.classes.iter().enumerate().filter(|(_, class)| class.pools > 0) {
            let ClassStats { block_size, pools, in_use, available } = class;
            writeln!(f, "{index:>5} {block_size:>6} {pools:>11} {in_use:>15} {available:>13}")?;
        }
        let (ever, most, now) = self.arenas;
        writeln!(f)?;
        line(f, "# arenas allocated total", ever)?;
        line(f, "# arenas reclaimed", ever - now)?;
        line(f, "# arenas highwater mark", most)?;
        line(f, "# arenas allocated current", now)?;
        line(f, &format!("{now} arenas * {arena} bytes/arena"), self.arena_bytes())?;
        writeln!(f)?;
        line(f, "# bytes in allocated blocks", self.in_use())?;
        line(f, "# bytes in available blocks", self.available())?;
        line(f, &format!("{} unused pools * {pool} bytes", self.unused_pools), self.unused_pools * u64::from(pool))?;
        line(f, "# bytes lost to pool headers", self.lost_to_headers())?;
        line(f, "# bytes lost to quantization", self.lost_to_quantization())?;
        line(f, "# bytes lost to arena alignment", self.lost_to_alignment)?;
        line(f, "Total", self.total())?;
        let ([middle, bottom], [of_root, of_middle, of_bottom]) = self.map;
        writeln!(f, "\narena map counts")?;
        line(f, "# arena map mid nodes", middle)?;
        line(f, "# arena map bot nodes", bottom)?;
        writeln!(f)?;
        line(f, "# bytes lost to arena map root", of_root)?;
        line(f, "# bytes lost to arena map mid", middle * of_middle)?;
        line(f, "# bytes lost to arena map bot", bottom * of_bottom)?;
        line(f, "Total", of_root + middle * of_middle + bottom * of_bottom)
    }
}
