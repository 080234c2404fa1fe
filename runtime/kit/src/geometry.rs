//! # Geometry: how large pools and arenas are, and what a block is a multiple of
//!
//! | | pool | arena | CPython |
//! |---|---|---|---|
//! | [`Classic`] | 4 KiB | 256 KiB | up to 3.9 |
//! | [`Modern`] | 16 KiB | 1 MiB | from 3.10 |
//!
//! Source: `Objects/obmalloc.c`, `POOL_SIZE` and `ARENA_BITS`.

/// What every block's size and address is a multiple of: 16 bytes from CPython 3.7.4 on (64-bit), 8 before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Alignment {
    /// Blocks of 8, 16, 24 ... 512 bytes: 64 classes.
    Eight,
    /// Blocks of 16, 32, 48 ... 512 bytes: 32 classes.
    Sixteen,
}

impl Alignment {
    /// 8 or 16.
    #[must_use]
    pub const fn bytes(self) -> u32 {
        match self {
            Alignment::Eight => 8,
            Alignment::Sixteen => 16,
        }
    }
}

/// Sizes that are chosen by type, so that the fast runtime has them as constants.
pub trait Geometry: 'static {
    /// How scenarios name it.
    const NAME: &'static str;
    /// Bytes of a pool; a power of two, and what a pool's address is a multiple of.
    const POOL: u32;
    /// Bytes of an arena; a power of two.
    const ARENA: u32;
    /// What a block's size and address is a multiple of.
    const ALIGN: Alignment = Alignment::Sixteen;
}

/// CPython up to 3.9: the one that most articles explain.
pub enum Classic {}
impl Geometry for Classic {
    const NAME: &'static str = "classic";
    const POOL: u32 = 4 << 10;
    const ARENA: u32 = 256 << 10;
}

/// CPython from 3.10 on.
pub enum Modern {}
impl Geometry for Modern {
    const NAME: &'static str = "modern";
    const POOL: u32 = 16 << 10;
    const ARENA: u32 = 1 << 20;
}

/// The same sizes, with blocks in steps of 8 bytes: CPython before 3.7.4, and on 32-bit machines.
pub struct Eight<G>(std::marker::PhantomData<G>);
impl<G: Geometry> Geometry for Eight<G> {
    const NAME: &'static str = G::NAME;
    const POOL: u32 = G::POOL;
    const ARENA: u32 = G::ARENA;
    const ALIGN: Alignment = Alignment::Eight;
}
