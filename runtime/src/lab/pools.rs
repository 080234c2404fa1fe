//! # The service under a learner's allocator
//!
//! A heap with the reference's parts, and books about who holds what. A call that makes no sense ends the scenario
//! with a sentence and the learner's line; whether the calls that make sense were the *right* ones, the facts say.

use kit::allocator::{Addr, Block, Change, ClassIndex, PoolAt, Pools};
use kit::misuse::Watch;
use kit::observe::{Observer, Recorder};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The service, checked.
pub struct LabPools {
    heap: Rc<dyn Pools>,
    watch: Rc<Watch>,
    recorder: Recorder,
    books: RefCell<Books>,
}

#[derive(Default)]
struct Books {
    /// Pools that are out of their arenas.
    pools: BTreeMap<PoolAt, Out>,
    /// Blocks of pools that are out, with their sizes.
    blocks: BTreeMap<Addr, u64>,
    /// Blocks of the raw domain, with their sizes.
    raw: BTreeMap<Addr, u64>,
}

/// A pool that is out of its arena.
#[derive(Clone, Copy)]
struct Out {
    class: ClassIndex,
    listed: bool,
    in_use: u64,
    full: bool,
}

impl LabPools {
    /// Above `heap`; misuse goes to `watch`, steps to `recorder`.
    pub fn new(heap: Rc<dyn Pools>, watch: Rc<Watch>, recorder: Recorder) -> LabPools {
        LabPools { heap, watch, recorder, books: RefCell::default() }
    }

    /// Bytes of the block at `at`, in a pool or of the raw domain; `None` when no block that is out begins there.
    pub fn block(&self, at: Addr) -> Option<u64> {
        let books = self.books.borrow();
        books.blocks.get(&at).or_else(|| books.raw.get(&at)).copied()
    }

    /// Blocks that are out, in pools and from the raw domain.
    pub fn out(&self) -> u64 {
        let books = self.books.borrow();
        (books.blocks.len() + books.raw.len()) as u64
    }

    /// Is each pool in the list that it belongs in? What a finished call must leave (I1, I4 of the allocator).
    ///
    /// # Errors
    /// A sentence about the first one that is not.
    pub fn in_order(&self) -> Result<(), String> {
        for (number, pool) in self.books.borrow().pools.values().enumerate() {
            let what = match (pool.listed, pool.in_use, pool.full) {
                (_, 0, _) => "is empty and did not go back to its arena (I4)",
                (true, _, true) => "is full and still in its used list (I3)",
                (false, _, false) => "has free blocks and is in no used list (I1)",
                _ => continue,
            };
            let size = self.heap.block_size(pool.class);
            return Err(format!("a pool with blocks of {size}, number {number} by address, {what}"));
        }
        Ok(())
    }

    #[track_caller]
    fn misuse(&self, sentence: String) -> ! {
        self.watch.misuse(sentence)
    }

    #[track_caller]
    fn known(&self, during: &str, pool: PoolAt) -> Out {
        match self.books.borrow().pools.get(&pool) {
            Some(out) => *out,
            None => {
                self.misuse(format!("{during} was called with a pool that is in its arena, or with no pool at all"))
            }
        }
    }

    fn note(&self, pool: PoolAt, change: impl FnOnce(&mut Out)) {
        if let Some(out) = self.books.borrow_mut().pools.get_mut(&pool) {
            change(out);
        }
    }

    #[track_caller]
    fn raw_block(&self, during: &str, at: Addr) -> u64 {
        match self.books.borrow().raw.get(&at) {
            Some(bytes) => *bytes,
            None => self.misuse(format!("{during} was called with a block that the raw domain did not give")),
        }
    }

    fn step(&self, sentence: impl FnOnce() -> String) {
        self.recorder.step(sentence);
    }
}

impl Pools for LabPools {
    fn class_of(&self, bytes: u64) -> Option<ClassIndex> {
        self.heap.class_of(bytes)
    }

    fn block_size(&self, class: ClassIndex) -> u64 {
        self.heap.block_size(class)
    }

    fn first_used(&self, class: ClassIndex) -> Option<PoolAt> {
        self.heap.first_used(class)
    }

    #[track_caller]
    fn put_first(&self, class: ClassIndex, pool: PoolAt) {
        let out = self.known("put_first", pool);
        if out.listed {
            self.misuse("put_first was called with a pool that is in its used list already (I1)".into());
        }
        if out.class != class {
            let (is, said) = (out.class.0, class.0);
            self.misuse(format!("put_first was to put a pool of class {is} into the list of class {said} (I1)"));
        }
        self.note(pool, |out| out.listed = true);
        self.step(|| format!("class {}: the pool goes to the front of the used list", class.0));
        self.heap.put_first(class, pool);
    }

    #[track_caller]
    fn take_out(&self, pool: PoolAt) {
        let out = self.known("take_out", pool);
        if !out.listed {
            self.misuse("take_out was called with a pool that is in no used list (I1)".into());
        }
        self.note(pool, |out| out.listed = false);
        self.step(|| format!("class {}: the pool leaves the used list", out.class.0));
        self.heap.take_out(pool);
    }

    #[track_caller]
    fn new_pool(&self, class: ClassIndex) -> Option<PoolAt> {
        if self.first_used(class).is_some() {
            self.misuse(format!("new_pool was called although class {} has a used pool (I2)", class.0));
        }
        let Some(pool) = self.heap.new_pool(class) else {
            self.step(|| "the system has no more memory".into());
            return None;
        };
        self.books.borrow_mut().pools.insert(pool, Out { class, listed: false, in_use: 0, full: false });
        self.step(|| format!("class {}: a new pool", class.0));
        Some(pool)
    }

    #[track_caller]
    fn give_back(&self, pool: PoolAt) {
        let out = self.known("give_back", pool);
        if out.in_use > 0 {
            self.misuse(format!("give_back was called with a pool that has {} blocks in use (I4)", out.in_use));
        }
        if out.listed {
            self.misuse("give_back was called with a pool that is still in its used list (I4)".into());
        }
        self.books.borrow_mut().pools.remove(&pool);
        self.step(|| format!("class {}: the pool goes back to its arena", out.class.0));
        self.heap.give_back(pool);
    }

    #[track_caller]
    fn alloc(&self, pool: PoolAt) -> (Block, Change) {
        let out = self.known("alloc", pool);
        if out.full {
            self.misuse("alloc was called with a full pool (I3)".into());
        }
        let (block, change) = self.heap.alloc(pool);
        self.books.borrow_mut().blocks.insert(block.0, self.heap.block_size(out.class));
        self.note(pool, |out| {
            out.in_use += 1;
            out.full = change == Change::NowFull;
        });
        (block, change)
    }

    #[track_caller]
    fn free(&self, pool: PoolAt, block: Block) -> Change {
        self.known("free", pool);
        let here = self.heap.pool_of(block.0) == Some(pool);
        if !here || self.books.borrow_mut().blocks.remove(&block.0).is_none() {
            self.misuse("free was called with something that is no block in use of that pool".into());
        }
        let change = self.heap.free(pool, block);
        self.note(pool, |out| {
            out.in_use -= 1;
            out.full = false;
        });
        change
    }

    fn pool_of(&self, address: Addr) -> Option<PoolAt> {
        self.heap.pool_of(address)
    }

    #[track_caller]
    fn class_in(&self, pool: PoolAt) -> ClassIndex {
        self.known("class_in", pool).class
    }

    #[track_caller]
    fn raw_malloc(&self, bytes: u64) -> Option<Addr> {
        if bytes == 0 {
            self.misuse("raw_malloc was asked for 0 bytes (I5)".into());
        }
        let at = self.heap.raw_malloc(bytes)?;
        self.books.borrow_mut().raw.insert(at, bytes);
        self.step(|| format!("the raw domain gives {}", in_bytes(bytes)));
        Some(at)
    }

    #[track_caller]
    fn raw_realloc(&self, at: Addr, bytes: u64) -> Option<Addr> {
        self.raw_block("raw_realloc", at);
        if bytes == 0 {
            self.misuse("raw_realloc was asked for 0 bytes (I5)".into());
        }
        let to = self.heap.raw_realloc(at, bytes)?;
        self.books.borrow_mut().raw.remove(&at);
        self.books.borrow_mut().raw.insert(to, bytes);
        self.step(|| format!("the raw domain makes it {}", in_bytes(bytes)));
        Some(to)
    }

    #[track_caller]
    fn raw_free(&self, at: Addr) {
        self.raw_block("raw_free", at);
        self.books.borrow_mut().raw.remove(&at);
        self.step(|| "the raw domain takes it back".into());
        self.heap.raw_free(at);
    }

    #[track_caller]
    fn copy(&self, from: Addr, to: Addr, bytes: u64) {
        for (name, at) in [("from", from), ("to", to)] {
            match self.block(at) {
                None => self.misuse(format!("copy was called with a `{name}` that is no block in use")),
                Some(size) if size < bytes => {
                    self.misuse(format!("copy was to copy {bytes} bytes, but `{name}` has only {size} (I6)"))
                }
                Some(_) => {}
            }
        }
        self.step(|| format!("{bytes} bytes are copied"));
        self.heap.copy(from, to, bytes);
    }
}

/// A number of bytes in words.
fn in_bytes(bytes: u64) -> String {
    if bytes == 1 { "1 byte".into() } else { format!("{bytes} bytes") }
}
