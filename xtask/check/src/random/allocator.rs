//! Random programs for an allocator: ask, give back, make larger and smaller, fill pools and arenas, run out of memory.

use super::{Program, few, swarm};
use arbitrary::{Result, Unstructured};
use std::fmt::Write;

/// Requests that are drawn: large ones, so that few steps fill a pool, those around the classes' ends, and those that
/// no pool serves.
const SIZES: [u64; 19] = [512, 512, 512, 500, 496, 496, 400, 385, 384, 256, 129, 100, 40, 16, 12, 0, 513, 3000, 65_576];
/// Bytes of a class are a multiple of this.
const STEP: u64 = 16;
/// The largest class.
const LARGEST: u64 = 512;
/// What a block becomes, as its size in quarters and a byte more or less.
const QUARTERS: [(u64, i64); 8] = [(3, 0), (3, 1), (4, 0), (4, 1), (2, 0), (0, 1), (8, 0), (1, 0)];
/// Operations of one program, at most.
const OPS: usize = 40;

/// A name: `b3` for one block, `m3` for many.
pub type Name = u32;

/// One operation. Names are never used twice, and only what was asked for is given back. Where there was no memory, a
/// name stands for nothing, which may be given back, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllocatorOp {
    /// One block of so many bytes.
    Malloc(Name, u64),
    /// So many bytes, so many times.
    MallocMany(Name, u64, u64),
    /// Gives the block of this name back.
    Free(Name),
    /// Gives all blocks of this name back, the last one first if `backwards`.
    FreeMany {
        /// Whose blocks.
        name: Name,
        /// The last one first.
        backwards: bool,
    },
    /// The first name's block is the second one's, with so many bytes.
    Realloc(Name, Name, u64),
    /// The used list of the class for so many bytes.
    Used(u64),
    /// How many blocks are out?
    Blocks,
    /// All of it.
    Heap,
    /// The system has so many bytes more.
    Limit(u64),
}

/// A program, with the geometry that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllocatorProgram {
    /// Pools of 16 KiB instead of 4.
    pub modern: bool,
    /// What is done, in order.
    pub ops: Vec<AllocatorOp>,
}

impl AllocatorProgram {
    /// Does the system's memory end in it?
    pub fn has_limit(&self) -> bool {
        self.ops.iter().any(|op| matches!(op, AllocatorOp::Limit(_)))
    }

    /// Blocks of 512 bytes in a pool.
    fn capacity(&self) -> u64 {
        self.capacity_for(LARGEST)
    }

    /// Blocks for so many bytes in a pool; where no pool serves them, as if they were 512.
    fn capacity_for(&self, bytes: u64) -> u64 {
        let class = if (1..=LARGEST).contains(&bytes) { bytes.next_multiple_of(STEP) } else { LARGEST };
        (if self.modern { 16_384 } else { 4096 } - 48) / class
    }
}

// The operations of the swarm.
const MALLOC: u16 = 1;
const MANY: u16 = 2;
const FREE_NEWEST: u16 = 4;
const FREE_OLDEST: u16 = 8;
const FREE_ANY: u16 = 16;
const REALLOC: u16 = 32;
const USED: u16 = 64;
const LOOK: u16 = 128;
const ARENA: u16 = 256;
const LIMIT: u16 = 512;
const EMPTY: u16 = 1024;
const BURST: u16 = 2048;
const SCATTER: u16 = 4096;
const POOLS: u16 = 8192;
const SWEEP: u16 = 16_384;
const SHORT: u16 = 32_768;
const ALL: [u16; 16] = [
    MALLOC,
    MANY,
    BURST,
    FREE_NEWEST,
    FREE_OLDEST,
    FREE_ANY,
    SCATTER,
    REALLOC,
    USED,
    LOOK,
    ARENA,
    LIMIT,
    EMPTY,
    POOLS,
    SWEEP,
    SHORT,
];

impl Program for AllocatorProgram {
    const PARTS: &'static [&'static str] = &["allocator"];

    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let allowed = swarm(u, MALLOC)?;
        let modern = u.ratio(1, 5)?;
        let sizes = few(u, &SIZES, 3)?;
        let program = AllocatorProgram { modern, ops: vec![] };
        let mut heap = Draft { program, held: vec![], names: 0, arenas: 0, classes: 0 };
        let ops: Vec<u16> = ALL.into_iter().filter(|op| allowed(*op)).collect();
        for _ in 0..u.int_in_range(3..=OPS)? {
            let op = *u.choose(&ops)?;
            heap.step(u, op, &sizes)?;
        }
        if heap.program.ops.is_empty() {
            heap.malloc(sizes[0], 0);
        }
        heap.program.ops.push(AllocatorOp::Heap);
        heap.program.ops.extend(sizes.iter().map(|bytes| AllocatorOp::Used(*bytes)));
        heap.empty();
        heap.program.ops.extend([AllocatorOp::Blocks, AllocatorOp::Heap]);
        Ok(heap.program)
    }

    fn text(&self) -> (String, String) {
        let mut out = String::new();
        for op in &self.ops {
            let _ = match op {
                AllocatorOp::Malloc(name, bytes) => writeln!(out, "b{name} = malloc {bytes}"),
                AllocatorOp::MallocMany(name, bytes, count) => writeln!(out, "m{name} = malloc {bytes} x {count}"),
                AllocatorOp::Free(name) => writeln!(out, "free b{name}"),
                AllocatorOp::FreeMany { name, backwards: false } => writeln!(out, "free m{name}"),
                AllocatorOp::FreeMany { name, backwards: true } => writeln!(out, "free m{name} backwards"),
                AllocatorOp::Realloc(name, old, bytes) => writeln!(out, "b{name} = realloc b{old} {bytes}"),
                AllocatorOp::Used(bytes) => writeln!(out, "used {bytes}"),
                AllocatorOp::Blocks => writeln!(out, "blocks"),
                AllocatorOp::Heap => writeln!(out, "heap"),
                AllocatorOp::Limit(bytes) => writeln!(out, "limit {bytes}"),
            };
        }
        (if self.modern { " modern" } else { " classic" }.into(), out)
    }
}

/// What a name stands for.
#[derive(Clone, Copy)]
struct Held {
    name: Name,
    bytes: u64,
    /// 0 for the single block of a `b` name.
    many: u64,
}

/// What a program that is being drawn holds.
struct Draft {
    program: AllocatorProgram,
    held: Vec<Held>,
    names: Name,
    arenas: u32,
    /// Classes that were gone through from end to end.
    classes: u32,
}

impl Draft {
    fn step(&mut self, u: &mut Unstructured<'_>, op: u16, sizes: &[u64]) -> Result<()> {
        let bytes = *u.choose(sizes)?;
        let capacity = self.program.capacity();
        match op {
            MALLOC => self.malloc(bytes, 0),
            MANY => {
                let most = *u.choose(&[3, capacity, capacity, 2 * capacity + 1])?;
                let many = u.int_in_range(1..=most)?;
                self.malloc(bytes, many);
            }
            // A pool's blocks, each with a name of its own; and some of those come back, from anywhere.
            BURST if self.held.len() < 60 => {
                let most = capacity.min(9) + 1;
                let (bytes, many) = (sizes[0], u.int_in_range(2..=most)?);
                (0..many).for_each(|_| self.malloc(bytes, 0));
            }
            SCATTER => {
                for _ in 0..u.int_in_range(1..=4)? {
                    if !self.held.is_empty() {
                        let (at, backwards) = (u.choose_index(self.held.len())?, u.arbitrary()?);
                        self.free(at, backwards);
                    }
                }
                self.program.ops.push(AllocatorOp::Used(sizes[0]));
            }
            // As much as an arena has, and a little more: once or twice in a program.
            ARENA if self.arenas < 2 && !self.program.modern && u.ratio(1, 3)? => {
                self.arenas += 1;
                self.malloc(*u.choose(&[512, 496, 400])?, 64 * capacity + 1);
            }
            POOLS if self.classes < 2 && !self.program.modern => self.pools(STEP * u.int_in_range(1..=LARGEST / STEP)?),
            SWEEP if self.classes < 3 => {
                self.classes += 1;
                let class = u.int_in_range(0..=7)?;
                (0..4).for_each(|eighth| self.sweep(STEP * (8 * eighth + class + 1)));
            }
            SHORT if self.arenas == 0 && !self.program.modern && !self.program.has_limit() => {
                self.short(bytes, *u.choose(&[100, 256, 0, LARGEST + 1])?);
            }
            FREE_NEWEST if !self.held.is_empty() => self.free(self.held.len() - 1, true),
            FREE_OLDEST if !self.held.is_empty() => self.free(0, false),
            FREE_ANY if !self.held.is_empty() => {
                let (at, backwards) = (u.choose_index(self.held.len())?, u.arbitrary()?);
                self.free(at, backwards);
            }
            REALLOC => self.realloc(u, bytes)?,
            USED => self.program.ops.push(AllocatorOp::Used(bytes)),
            LOOK => self.program.ops.push(*u.choose(&[AllocatorOp::Blocks, AllocatorOp::Heap])?),
            LIMIT if !self.program.has_limit() && u.ratio(1, 4)? => {
                self.program.ops.push(AllocatorOp::Limit(*u.choose(&[0, 2000, 400_000])?));
            }
            EMPTY if u.ratio(1, 4)? => self.empty(),
            _ => {}
        }
        Ok(())
    }

    /// Three pools of one class, any class: full, then used again one after the other, and empty in the end.
    fn pools(&mut self, bytes: u64) {
        self.classes += 1;
        let capacity = self.program.capacity_for(bytes);
        for _ in 0..3 {
            self.malloc(bytes, 0);
            self.malloc(bytes, capacity - 1);
        }
        let first = self.held.len() - 6;
        [first + 2, first, first + 2].into_iter().for_each(|at| self.free(at, false));
        self.program.ops.push(AllocatorOp::Used(bytes));
        self.malloc(bytes, 2);
        (0..3).for_each(|_| self.free(first, true));
    }

    /// The system has no more, and all arenas are full but for one block of the largest class: only that is served.
    fn short(&mut self, bytes: u64, to: u64) {
        self.arenas += 1;
        self.malloc(LARGEST, 0);
        self.program.ops.push(AllocatorOp::Limit(0));
        self.malloc(LARGEST, 64 * self.program.capacity());
        self.free(self.held.len() - 2, false);
        self.malloc(bytes.clamp(1, LARGEST - STEP), 0);
        self.malloc(LARGEST, 0);
        self.resize(self.held.len() - 1, to);
    }

    /// One block of any class, made smaller: three quarters of its bytes move, one byte more stays.
    fn sweep(&mut self, bytes: u64) {
        for to in [bytes / 4 * 3, bytes / 4 * 3 + 1, bytes, bytes + 1] {
            self.malloc(bytes, 0);
            self.resize(self.held.len() - 1, to);
            self.free(self.held.len() - 1, false);
        }
    }

    fn realloc(&mut self, u: &mut Unstructured<'_>, other: u64) -> Result<()> {
        let single: Vec<usize> = (0..self.held.len()).filter(|at| self.held[*at].many == 0).collect();
        if single.is_empty() {
            return Ok(());
        }
        let at = *u.choose(&single)?;
        let (quarters, more) = *u.choose(&QUARTERS)?;
        let class = self.held[at].bytes.next_multiple_of(STEP);
        let part = (class * quarters / 4).saturating_add_signed(more);
        let bytes = if u.ratio(1, 3)? { other } else { part };
        self.resize(at, bytes);
        Ok(())
    }

    fn resize(&mut self, at: usize, bytes: u64) {
        let (old, name) = (self.held.remove(at), self.name());
        self.held.push(Held { name, bytes, many: 0 });
        self.program.ops.push(AllocatorOp::Realloc(name, old.name, bytes));
    }

    fn name(&mut self) -> Name {
        self.names += 1;
        self.names - 1
    }

    /// `many` blocks under one name; 0 is one block under a name of its own.
    fn malloc(&mut self, bytes: u64, many: u64) {
        let name = self.name();
        self.held.push(Held { name, bytes, many });
        let op = if many == 0 { AllocatorOp::Malloc(name, bytes) } else { AllocatorOp::MallocMany(name, bytes, many) };
        self.program.ops.push(op);
    }

    fn free(&mut self, at: usize, backwards: bool) {
        let Held { name, many, .. } = self.held.remove(at);
        self.program.ops.push(match many {
            0 => AllocatorOp::Free(name),
            _ => AllocatorOp::FreeMany { name, backwards },
        });
    }

    /// Everything goes back.
    fn empty(&mut self) {
        while !self.held.is_empty() {
            self.free(0, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::seeded;
    use std::collections::BTreeSet;

    /// I2 of the module above: only what was asked for is given back, and only once.
    #[test]
    fn programs_are_valid() {
        for seed in 0..2000 {
            let program: AllocatorProgram = seeded(seed);
            let (mut held, mut ever) = (BTreeSet::new(), BTreeSet::new());
            let mut begins = |held: &mut BTreeSet<Name>, name| assert!(ever.insert(name) && held.insert(name));
            for op in &program.ops {
                match *op {
                    AllocatorOp::Malloc(name, _) => begins(&mut held, name),
                    AllocatorOp::MallocMany(name, _, many) => {
                        assert!(many > 0);
                        begins(&mut held, name);
                    }
                    AllocatorOp::Free(name) | AllocatorOp::FreeMany { name, .. } => assert!(held.remove(&name)),
                    AllocatorOp::Realloc(name, old, _) => {
                        assert!(held.remove(&old));
                        begins(&mut held, name);
                    }
                    _ => {}
                }
            }
            assert!(held.is_empty());
        }
    }

    /// The surprising states are all met often.
    #[test]
    fn arenas_fill_blocks_grow_and_memory_ends() {
        let programs: Vec<AllocatorProgram> = (0..200).map(seeded).collect();
        let with = |wanted: fn(&AllocatorOp) -> bool| programs.iter().filter(|p| p.ops.iter().any(wanted)).count();
        let arenas = with(|op| matches!(op, AllocatorOp::MallocMany(_, 400.., 449..)));
        let reallocs = with(|op| matches!(op, AllocatorOp::Realloc(..)));
        let backwards = with(|op| matches!(op, AllocatorOp::FreeMany { backwards: true, .. }));
        let limits = programs.iter().filter(|program| program.has_limit()).count();
        assert!(
            arenas > 25 && reallocs > 40 && backwards > 20 && limits > 20,
            "{arenas} {reallocs} {backwards} {limits}"
        );
    }
}
