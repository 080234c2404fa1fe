//! # Pictures: what a moment looks like
//!
//! A picture is data. `Display` writes it on one line of a trace; the book's figures draw it.

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
    /// Who has the GIL and who waits for it.
    Gil(GilPicture),
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Picture::Pool(picture) => picture.fmt(f),
            Picture::Class(picture) => picture.fmt(f),
            Picture::Lists(picture) => picture.fmt(f),
            Picture::Gil(picture) => picture.fmt(f),
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
