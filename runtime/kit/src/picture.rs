//! # Pictures: what a moment looks like
//!
//! A picture is data. `Display` writes it on one line of a trace; the book's figures draw it.

mod objects;

pub use objects::{CallPicture, Life, ObjectPicture, ObjectsPicture};
use std::fmt;

/// What can be drawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Picture {
    /// One pool.
    Pool(PoolPicture),
    /// One size class on the ruler.
    Class(ClassPicture),
    /// The collector's two lists.
    Lists(ListsPicture),
    /// The garbage, while its finalizers run.
    Garbage(GarbagePicture),
    /// The numbers of the generations.
    Generations(GenerationsPicture),
    /// Who has the GIL and who waits for it.
    Gil(GilPicture),
    /// The eval breaker, and what is to be done.
    Breaker(BreakerPicture),
    /// What each thread does.
    Threads(ThreadsPicture),
    /// One arena.
    Arena(ArenaPicture),
    /// The arenas with free pools, and the table of their ends.
    Usable(UsablePicture),
    /// A whole heap.
    Heap(HeapPicture),
    /// The map of addresses.
    Map(MapPicture),
    /// A debug block, byte by byte.
    Bytes(BytesPicture),
    /// Objects and their counts.
    Objects(ObjectsPicture),
    /// What nobody draws: a sentence says it all.
    Words(String),
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Picture::Pool(picture) => picture.fmt(f),
            Picture::Class(picture) => picture.fmt(f),
            Picture::Lists(picture) => picture.fmt(f),
            Picture::Garbage(picture) => picture.fmt(f),
            Picture::Generations(picture) => picture.fmt(f),
            Picture::Gil(picture) => picture.fmt(f),
            Picture::Breaker(picture) => picture.fmt(f),
            Picture::Threads(picture) => picture.fmt(f),
            Picture::Arena(picture) => picture.fmt(f),
            Picture::Usable(picture) => picture.fmt(f),
            Picture::Heap(picture) => picture.fmt(f),
            Picture::Map(picture) => picture.fmt(f),
            Picture::Bytes(picture) => picture.fmt(f),
            Picture::Objects(picture) => picture.fmt(f),
            Picture::Words(words) => f.write_str(words),
        }
    }
}

/// What one block of a pool is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cell {
    /// The program holds it.
    InUse,
    /// In the free list.
    Free,
    /// Nobody ever touched it.
    Untouched,
    /// None of the three: it was touched, and no list leads to it.
    Lost,
}

/// A pool at one moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PoolPicture {
    /// Bytes of a block.
    pub block_size: u32,
    /// Bytes of the pool.
    pub pool_size: u32,
    /// Each block, in the order of addresses.
    pub blocks: Vec<Cell>,
    /// The free list from its head, as numbers of blocks.
    pub free_list: Vec<u32>,
    /// The free list leads to something that is no block of this pool.
    pub astray: bool,
    /// The first block that the header says is untouched.
    pub untouched: Option<u32>,
}

/// More blocks than this are drawn as a number.
const DRAWN: usize = 40;

impl fmt::Display for PoolPicture {
    /// `[##-#...]  free list: 2`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = |cell: &Cell| match cell {
            Cell::InUse => '#',
            Cell::Free => '-',
            Cell::Untouched => '.',
            Cell::Lost => '?',
        };
        let cells: String = self.blocks.iter().take(DRAWN).map(sign).collect();
        let more = self.blocks.len().saturating_sub(DRAWN);
        write!(f, "[{cells}{}]  free list: ", if more > 0 { format!(" +{more}") } else { String::new() })?;
        f.write_str(&crate::text::list(self.free_list.iter().map(u32::to_string)))?;
        if self.astray {
            f.write_str(", and then something that is no block of this pool")?;
        }
        Ok(())
    }
}

/// One size class.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClassPicture {
    /// Its number.
    pub class: u32,
    /// Bytes of its blocks.
    pub block_size: u32,
    /// The smallest request that it serves, in bytes.
    pub from: u64,
    /// The largest request that it serves, in bytes.
    pub to: u64,
    /// Blocks in a pool.
    pub blocks: u32,
    /// Bytes that are left over at a pool's end.
    pub lost: u32,
}

impl fmt::Display for ClassPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ClassPicture { class, block_size, from, to, blocks, lost } = self;
        write!(f, "class {class}: requests {from} to {to}, blocks of {block_size}, {blocks} in a pool, {lost} lost")
    }
}

/// The collector's lists at one moment: names, each with its `refs` where they mean something.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ListsPicture {
    /// `young`, from its head.
    pub young: Vec<String>,
    /// `unreachable`, from its head.
    pub unreachable: Vec<String>,
}

impl fmt::Display for ListsPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = crate::text::list;
        write!(f, "young: {}   unreachable: {}", list(&self.young), list(&self.unreachable))
    }
}

/// What was found unreachable, while its finalizers run: names, each with `!` when its finalizer ran.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct GarbagePicture {
    /// The list, from its head.
    pub unreachable: Vec<String>,
    /// Who has been looked at and put aside.
    pub aside: Vec<String>,
    /// New objects.
    pub young: Vec<String>,
    /// What survived.
    pub older: Vec<String>,
}

impl fmt::Display for GarbagePicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = crate::text::list;
        write!(f, "unreachable: {}", list(&self.unreachable))?;
        for (what, names) in [("aside", &self.aside), ("young", &self.young), ("older", &self.older)] {
            if !names.is_empty() {
                write!(f, "   {what}: {}", list(names))?;
            }
        }
        Ok(())
    }
}

/// The numbers of the generations at one moment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct GenerationsPicture {
    /// The three counts.
    pub counts: [u64; 3],
    /// What each must exceed.
    pub thresholds: [u64; 3],
    /// Objects in each generation that the program still uses.
    pub living: [u64; 3],
    /// Survivors of the last full collection.
    pub total: u64,
    /// Objects that came to generation 2 since then.
    pub pending: u64,
    /// Whether collections may begin by themselves.
    pub enabled: bool,
    /// Whether one runs.
    pub collecting: bool,
}

impl fmt::Display for GenerationsPicture {
    /// `counts 3 1 0; total 100, pending 12`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [young, middle, old] = self.counts;
        write!(f, "counts {young} {middle} {old}; total {}, pending {}", self.total, self.pending)
    }
}

/// The GIL at one moment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct GilPicture {
    /// Microseconds on the virtual clock.
    pub at: u64,
    /// Who holds it.
    pub holder: Option<String>,
    /// Who waits for it.
    pub waiting: Vec<String>,
    /// Whether somebody asked the holder to let go.
    pub drop_requested: bool,
}

impl fmt::Display for GilPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let holder = self.holder.as_deref().unwrap_or("nobody");
        write!(f, "{} us: {holder} has it, waiting: {}", self.at, crate::text::list(&self.waiting))?;
        if self.drop_requested {
            f.write_str(", drop requested")?;
        }
        Ok(())
    }
}

/// The eval breaker and its flags at one moment, with what is behind them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BreakerPicture {
    /// Who has the GIL.
    pub holder: String,
    /// Whether the breaker is set for that thread.
    pub set: bool,
    /// Signals that came and whose handlers have not run.
    pub signals: Vec<String>,
    /// Their flag.
    pub signals_flag: bool,
    /// Calls in the queue.
    pub calls: Vec<String>,
    /// Their flag.
    pub calls_flag: bool,
    /// Whether pending calls are being made.
    pub busy: bool,
    /// Whether somebody asked the holder to let go.
    pub drop_requested: bool,
    /// Threads for which an exception waits.
    pub exceptions: Vec<String>,
}

impl BreakerPicture {
    /// `signals INT, calls f g, a drop request, an exception for worker`
    pub fn to_do(&self) -> String {
        let flagged = |what: &str, names: &[String], flag: bool| match (names.is_empty(), flag) {
            (true, false) => None,
            (true, true) => Some(format!("{what}: the flag is set, nothing waits")),
            (false, true) => Some(format!("{what} {}", crate::text::list(names))),
            (false, false) => Some(format!("{what} {} without a flag", crate::text::list(names))),
        };
        let words = [
            flagged("signals", &self.signals, self.signals_flag),
            flagged("calls", &self.calls, self.calls_flag),
            self.busy.then(|| "calls are being made".into()),
            self.drop_requested.then(|| "a drop request".into()),
            (!self.exceptions.is_empty()).then(|| format!("an exception for {}", self.exceptions.join(" and "))),
        ];
        let words: Vec<String> = words.into_iter().flatten().collect();
        if words.is_empty() { "nothing".into() } else { words.join(", ") }
    }
}

impl fmt::Display for BreakerPicture {
    /// `main has the GIL, breaker set; to do: signals INT`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = if self.set { "set" } else { "clear" };
        write!(f, "{} has the GIL, breaker {set}; to do: {}", self.holder, self.to_do())
    }
}

/// What a thread does, beside the GIL.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Does {
    /// It has not begun.
    Nothing,
    /// It has the GIL.
    Runs,
    /// It wants the GIL: it waits, or is just woken.
    Waits,
    /// It let the GIL go because it was asked, and waits until somebody else has it.
    WaitsForSwitch,
    /// It does something for which it needs no GIL.
    Blocks,
    /// It has ended.
    Ended,
}

/// All threads at one time.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ThreadsPicture {
    /// Microseconds on the virtual clock.
    pub at: u64,
    /// What each does, by name, in the order in which they were made.
    pub threads: Vec<(String, Does)>,
}

impl fmt::Display for ThreadsPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} us:", self.at)?;
        self.threads.iter().try_for_each(|(name, does)| write!(f, " {name} {does:?}"))
    }
}

/// What one pool of an arena is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PoolCell {
    /// Handed out, and some of its blocks are in use.
    Used {
        /// Bytes of a block.
        block_size: u32,
        /// Blocks in use.
        in_use: u32,
        /// Blocks in all.
        capacity: u32,
    },
    /// Handed out; nobody looks inside.
    Taken,
    /// It came back.
    Free,
    /// It was never carved.
    Uncarved,
    /// None of these: it was carved, and no list leads to it.
    Lost,
}

impl PoolCell {
    /// `#` full or handed out, `1` to `9` tenths of its blocks in use, `-` came back, `.` never carved, `?` lost.
    #[must_use]
    pub fn sign(self) -> char {
        match self {
            PoolCell::Used { in_use, capacity, .. } if in_use >= capacity => '#',
            PoolCell::Used { in_use, capacity, .. } => {
                char::from_digit((in_use * 10 / capacity.max(1)).clamp(1, 9), 10).unwrap_or('9')
            }
            PoolCell::Taken => '#',
            PoolCell::Free => '-',
            PoolCell::Uncarved => '.',
            PoolCell::Lost => '?',
        }
    }
}

/// An arena at one moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ArenaPicture {
    /// Its number.
    pub index: u32,
    /// Bytes of a pool.
    pub pool_size: u32,
    /// Bytes in front of the first pool that are lost, since the arena does not begin at a multiple of a pool.
    pub lost: u32,
    /// Each pool, in the order of addresses.
    pub pools: Vec<PoolCell>,
    /// The stack of pools that came back, the last one first, as numbers of pools.
    pub stack: Vec<u32>,
    /// What `FREE_COUNT` says.
    pub free_count: u32,
}

impl fmt::Display for ArenaPicture {
    /// `[##-#....]  came back: 2   free: 5`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signs: String = self.pools.iter().map(|pool| pool.sign()).collect();
        let stack = crate::text::list(self.stack.iter().map(u32::to_string));
        write!(f, "[{signs}]  came back: {stack}   free: {}", self.free_count)
    }
}

/// The arenas with free pools.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct UsablePicture {
    /// Name and free pools of each, in the order of the list.
    pub arenas: Vec<(String, u32)>,
    /// The table: so many free pools, and the last arena that has them.
    pub last_with: Vec<(u32, String)>,
}

impl fmt::Display for UsablePicture {
    /// `a:1 b:3 c:3   last with 1: a, with 3: c`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arenas = self.arenas.iter().map(|(name, free)| format!("{name}:{free}"));
        f.write_str(&crate::text::list(arenas))?;
        for (place, (free, name)) in self.last_with.iter().enumerate() {
            write!(f, "{} {free}: {name}", if place == 0 { "   last with" } else { ", with" })?;
        }
        Ok(())
    }
}

/// A heap at one moment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HeapPicture {
    /// The arenas that have memory, by number.
    pub arenas: Vec<ArenaPicture>,
    /// Blocks of the raw domain.
    pub raw: u64,
}

impl HeapPicture {
    /// Blocks that the program holds, in pools and from the raw domain.
    #[must_use]
    pub fn blocks(&self) -> u64 {
        let in_use = |cell: &PoolCell| if let PoolCell::Used { in_use, .. } = cell { u64::from(*in_use) } else { 0 };
        self.raw + self.arenas.iter().flat_map(|arena| &arena.pools).map(in_use).sum::<u64>()
    }
}

impl fmt::Display for HeapPicture {
    /// `arena 0 [##3.....]  arena 1 [#.......]  raw: 2`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for arena in &self.arenas {
            let signs: String = arena.pools.iter().map(|pool| pool.sign()).collect();
            let carved = signs.trim_end_matches('.');
            let rest = signs.len() - carved.len();
            let rest = if rest > 0 { format!(" +{rest}") } else { String::new() };
            write!(f, "arena {} [{carved}{rest}]  ", arena.index)?;
        }
        write!(f, "raw: {}", self.raw)
    }
}

/// The map of addresses at one moment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MapPicture {
    /// Nodes: roots, middle ones, bottom ones.
    pub nodes: [u32; 3],
    /// Cells that say something: number, `ENDS`, `STARTS`.
    pub cells: Vec<(u64, u32, u32)>,
}

impl fmt::Display for MapPicture {
    /// `1 root, 1 middle, 2 bottom   cell 5: ENDS 0 STARTS 4097`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [root, middle, bottom] = self.nodes;
        write!(f, "{root} root, {middle} middle, {bottom} bottom  ")?;
        for (cell, ends, starts) in &self.cells {
            write!(f, " cell {cell}: ENDS {ends} STARTS {starts}")?;
        }
        Ok(())
    }
}

/// A stretch of bytes; `None` where nothing was ever written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BytesPicture {
    /// Bytes before the program's first.
    pub before: usize,
    /// Bytes of the program's.
    pub asked: usize,
    /// All of them.
    pub bytes: Vec<Option<u8>>,
}

impl fmt::Display for BytesPicture {
    /// `00 x7 03 6f fd x7 | cd x3 | fd x8`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ends = [self.before.min(self.bytes.len()), (self.before + self.asked).min(self.bytes.len())];
        let parts = [&self.bytes[..ends[0]], &self.bytes[ends[0]..ends[1]], &self.bytes[ends[1]..]];
        f.write_str(&parts.map(runs).join(" | "))
    }
}

/// `fd x7`: equal bytes are written once.
fn runs(bytes: &[Option<u8>]) -> String {
    let one = |byte: &Option<u8>| byte.map_or("..".to_string(), |byte| format!("{byte:02x}"));
    let runs = bytes.chunk_by(|a, b| a == b).map(|run| match run.len() {
        1 => one(&run[0]),
        many => format!("{} x{many}", one(&run[0])),
    });
    runs.collect::<Vec<_>>().join(" ")
}
