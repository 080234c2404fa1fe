//! # The machine around one pool
//!
//! A [`SinglePool`] owns the memory of one pool, calls the part, and keeps the books that the part must not see:
//!
//! ```text
//!            rights of the call          the words' states afterwards
//!   init     header, block 0             header
//!   alloc    header, links, one more     the block is held
//!   free     header, links, the block    (before the call) the block is free
//! ```
//!
//! - **I1** A block is `Held` exactly while the program has it.
//! - **I2** Only blocks up to the one after the highest ever handed out may be touched.
//! - **I3** What the part did to the header adds up: [`SinglePool::validate`]. In the fast runtime, debug builds check
//!   it around each call; the lab tells it as a broken promise.

use crate::config::{Config, Parts};
use kit::Addr;
use kit::geometry::Geometry;
use kit::memory::Memory;
use kit::observe::Observer;
use kit::owner::{Owner, Rights, State, States};
use kit::picture::{Cell as Drawn, Picture, PoolPicture};
use kit::pool::{
    BLOCK_SIZE, Block, Change, FOREIGN_FROM, FOREIGN_UNTIL, FREE_LIST, HEADER, IN_USE, LAST, NEXT_FREE, Pool, PoolAt,
    UNTOUCHED,
};
use std::cell::Cell;
use std::rc::Rc;

const READ: States = States::of(&[State::Header, State::FreeLink]);
const WRITE: States = States::of(&[State::Header, State::FreeLink, State::FreeBody, State::Untouched]);

/// One pool, its memory and its books.
pub struct SinglePool<C: Config> {
    mem: C::Memory,
    observer: C::Observer,
    part: &'static C::Pool,
    at: PoolAt,
    /// Behind a pointer: without a cell in it, the compiler may keep the fields above in registers.
    layout: Rc<Layout>,
}

/// Where the pool lies and what is in it.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Its first byte.
    pub at: PoolAt,
    /// Its bytes.
    pub pool_size: u32,
    /// Bytes of a block, since the last `init`.
    pub block_size: Cell<u32>,
    /// Blocks that were ever handed out since the last `init`; kept where memory is watched.
    needed: Cell<u32>,
}

impl<C: Config> SinglePool<C> {
    /// Asks `mem` for a pool's bytes. `None` when there are none left.
    pub fn new(mem: C::Memory, observer: C::Observer, parts: Parts<C>) -> Option<Self> {
        let pool_size = C::Geometry::POOL;
        let at = PoolAt(mem.map(u64::from(pool_size), u64::from(pool_size))?);
        mem.mark(at.0, u64::from(HEADER), State::Header);
        mem.mark(at.0.plus(FOREIGN_FROM), FOREIGN_UNTIL - FOREIGN_FROM, State::Foreign);
        let layout = Layout { at, pool_size, block_size: Cell::new(0), needed: Cell::new(0) };
        Some(SinglePool { mem, observer, part: parts.pool, at, layout: Rc::new(layout) })
    }

    /// Where it lies.
    pub fn layout(&self) -> &Rc<Layout> {
        &self.layout
    }

    /// Its memory.
    pub fn mem(&self) -> &C::Memory {
        &self.mem
    }

    /// Makes it an empty pool of blocks of `block_size` bytes. No block may be in use.
    pub fn init(&self, block_size: u32) {
        if C::Memory::WATCHED {
            // What an earlier size left behind is nobody's: it may be written, not read.
            let touched = u64::from((self.layout.needed.get() + 1) * self.layout.block_size.get());
            let all = u64::from(self.layout.pool_size - HEADER);
            let stale = if self.keeps_rights() { State::FreeBody } else { State::FreeLink };
            self.mem.mark(self.layout.at.block_at(HEADER).0, touched.min(all), stale);
        }
        self.layout.block_size.set(block_size);
        self.layout.needed.set(0);
        let rights = self.rights("init", self.layout.block(1));
        self.mem.call(rights, || self.part.init(&self.mem, self.at, block_size, self.layout.pool_size));
        self.after();
    }

    /// Takes a block. Never asked when the pool is full.
    #[inline]
    pub fn alloc(&self) -> (Block, Change) {
        let rights = self.rights("alloc", self.layout.block(self.layout.needed.get() + 2));
        let (block, change) = self.mem.call(rights, || self.part.alloc(&self.mem, self.at));
        if C::Memory::WATCHED
            && let Some(index) = self.layout.index_of(block)
        {
            self.layout.needed.set(self.layout.needed.get().max(index + 1));
            self.mem.mark(block.0, u64::from(self.layout.block_size.get()), State::Held);
        }
        self.after();
        (block, change)
    }

    /// Gives a block back that [`alloc`](SinglePool::alloc) gave.
    #[inline]
    pub fn free(&self, block: Block) -> Change {
        if C::Memory::WATCHED {
            self.mark_free(block);
        }
        let rights = self.rights("free", Addr(0));
        let change = self.mem.call(rights, || self.part.free(&self.mem, self.at, block));
        self.after();
        change
    }

    /// Free, and its first word open to the pool where memory knows poison only, not rights.
    fn mark_free(&self, block: Block) {
        self.mem.mark(block.0, u64::from(self.layout.block_size.get()), State::FreeBody);
        if !self.keeps_rights() {
            self.mem.mark(block.0, 8, State::FreeLink);
        }
    }

    /// Checked memory does; raw memory under AddressSanitizer is watched too, but poison is the same for everybody.
    fn keeps_rights(&self) -> bool {
        self.mem.state(self.layout.at.0).is_some()
    }

    #[inline]
    fn rights(&self, during: &'static str, untouched_from: Addr) -> Rights {
        Rights { during, read: READ, write: WRITE, untouched_from }
    }

    #[inline]
    fn after(&self) {
        self.observer.picture(|| Picture::Pool(draw(&self.mem, &self.layout)));
        #[cfg(debug_assertions)]
        if !C::Memory::WATCHED {
            assert_eq!(self.validate(), Ok(()));
        }
    }

    /// Do the header and the free list add up (I1 of a pool)?
    ///
    /// # Errors
    /// A sentence that says what does not.
    pub fn validate(&self) -> Result<(), String> {
        let layout = &self.layout;
        let header = |field: &str| format!("{field} was never written (I1)");
        let in_use = self.mem.peek(layout.at.0.plus(IN_USE.offset)).ok_or_else(|| header(IN_USE.name))?;
        self.mem.peek(layout.at.0.plus(FREE_LIST.offset)).ok_or_else(|| header(FREE_LIST.name))?;
        for field in [BLOCK_SIZE, UNTOUCHED, LAST] {
            self.mem.peek_half(layout.at.0.plus(field.offset)).ok_or_else(|| header(field.name))?;
        }
        let listed = walk(&self.mem, layout);
        if listed.astray {
            return Err(
                "the free list leads to something that is no block of this pool, or round in a ring (I1)".into()
            );
        }
        let (capacity, free) = (u64::from(layout.capacity()), listed.free_list.len() as u64);
        let untouched = capacity - listed.untouched.map_or(capacity, u64::from);
        if in_use.saturating_add(free + untouched) != capacity {
            return Err(format!(
                "{capacity} blocks, but IN_USE says {in_use}, the free list has {free} and UNTOUCHED leaves {untouched} (I1)"
            ));
        }
        Ok(())
    }
}

impl<C: Config> Drop for SinglePool<C> {
    fn drop(&mut self) {
        let size = u64::from(self.layout.pool_size);
        self.mem.release(self.layout.at.0, size, size);
    }
}

impl Layout {
    /// Blocks that fit.
    pub fn capacity(&self) -> u32 {
        (self.pool_size - HEADER).checked_div(self.block_size.get()).unwrap_or(0)
    }

    /// The address of block `index`.
    #[inline]
    fn block(&self, index: u32) -> Addr {
        self.at.0.plus(u64::from(HEADER) + u64::from(index) * u64::from(self.block_size.get()))
    }

    /// Which block of this pool `block` is.
    pub fn index_of(&self, block: Block) -> Option<u32> {
        let offset = block.0.since(self.at.block_at(HEADER).0);
        let size = u64::from(self.block_size.get());
        let index = offset.checked_div(size)?;
        (offset.is_multiple_of(size) && index < u64::from(self.capacity())).then_some(index as u32)
    }

    /// The name of the place `at`, for a sentence.
    pub fn name(&self, at: Addr) -> String {
        let offset = at.since(self.at.0);
        let size = u64::from(self.block_size.get());
        if offset < u64::from(HEADER) {
            let halves =
                [(BLOCK_SIZE.offset, BLOCK_SIZE.name), (UNTOUCHED.offset, UNTOUCHED.name), (LAST.offset, LAST.name)];
            let words = [(IN_USE.offset, IN_USE.name), (FREE_LIST.offset, FREE_LIST.name)];
            let known = halves.iter().find(|(start, _)| *start == offset & !3);
            let known = known.or(words.iter().find(|(start, _)| *start == offset & !7));
            return known.map_or(format!("the header at offset {offset}"), |(_, name)| format!("the pool's {name}"));
        }
        if offset >= u64::from(self.pool_size) || size == 0 {
            return format!("{at:?}, which lies outside the pool");
        }
        let (index, rest) = ((offset - u64::from(HEADER)) / size, (offset - u64::from(HEADER)) % size);
        match (index < u64::from(self.capacity()), rest & !7) {
            (false, _) => format!("offset {offset}, behind the pool's last block"),
            (true, 0) => format!("the first word of block {index}"),
            (true, rest) => format!("block {index}, {rest} bytes in"),
        }
    }
}

/// What the header and the free list say. Never an error: a learner's header may hold anything.
struct Listed {
    free_list: Vec<u32>,
    is_free: Vec<bool>,
    astray: bool,
    untouched: Option<u32>,
}

fn walk<M: Owner>(mem: &M, layout: &Layout) -> Listed {
    let capacity = layout.capacity();
    let mut listed =
        Listed { free_list: vec![], is_free: vec![false; capacity as usize], astray: false, untouched: None };
    let mut next = mem.peek(layout.at.0.plus(FREE_LIST.offset)).unwrap_or(0);
    while next != 0 && !listed.astray {
        match layout.index_of(Block(Addr(next))) {
            Some(index) if !listed.is_free[index as usize] => {
                listed.is_free[index as usize] = true;
                listed.free_list.push(index);
                next = mem.peek(Addr(next).plus(NEXT_FREE.offset)).unwrap_or(0);
            }
            _ => listed.astray = true,
        }
    }
    let block_size = layout.block_size.get().max(1);
    let offset = mem.peek_half(layout.at.0.plus(UNTOUCHED.offset));
    listed.untouched = offset.map(|offset| offset.saturating_sub(HEADER).div_ceil(block_size).min(capacity));
    listed
}

/// The pool at this moment.
pub fn draw<M: Owner>(mem: &M, layout: &Layout) -> PoolPicture {
    let Listed { free_list, is_free, astray, untouched } = walk(mem, layout);
    let cell = |index: u32| {
        let behind = untouched.is_none_or(|from| index >= from);
        match mem.state(layout.block(index)) {
            Some(State::Held) => Drawn::InUse,
            _ if is_free[index as usize] => Drawn::Free,
            Some(State::Untouched) => Drawn::Untouched,
            _ if behind => Drawn::Untouched,
            None => Drawn::InUse,
            Some(_) => Drawn::Lost,
        }
    };
    let blocks = (0..layout.capacity()).map(cell).collect();
    let (block_size, pool_size) = (layout.block_size.get(), layout.pool_size);
    PoolPicture { block_size, pool_size, blocks, free_list, astray, untouched }
}
