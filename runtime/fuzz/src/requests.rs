//! # Request programs, on a heap and on a model
//!
//! The model is a list of blocks: where each begins, how many bytes were asked for, which bytes it holds, and whether it
//! lies in a pool. What must be true of the heap is worked out from that list alone:
//!
//! - **I1** A block is there when it was asked for, unless the system refused; then everything is as it was.
//! - **I2** Blocks begin at multiples of the alignment, and none overlaps another one.
//! - **I3** A block keeps its bytes, as many as fit after `realloc`; `calloc` gives zeros, debug hooks give `CLEAN`.
//! - **I4** A block of a pool stays in place by the rule of three quarters, and a block of the raw domain stays there.
//! - **I5** Blocks are counted right, and every byte of every arena is accounted for.
//! - **I6** When everything is back, one arena is left at most; when the heap is gone, nothing is.
//! - **I7** Whoever writes over a guard is told, and the block does not go back.

use crate::memory::{Ledger, OnRation, Rationed};
use check::random::requests::{Request, RequestProgram, Sizes, Which};
use kit::Addr;
use kit::allocator::Pools;
use kit::checked::CheckedMemory;
use kit::debug_hooks::{AFTER, BEFORE, CLEAN};
use kit::geometry::{Classic, Eight, Geometry, Modern};
use kit::memory::Memory;
use kit::observe::Silent;
use kit::owner::Owner;
use kit::raw::RawMemory;
use runtime::config::Config;
use runtime::heap::domains::{DOMAINS, Domains};
use runtime::heap::hooks::Fatal;
use runtime::heap::machine::Heap;
use runtime::heap::raw_domain::LARGEST;
use runtime::heap::requests::Requests;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Runs `program` on real memory. `often`: everything is looked at after each operation.
///
/// # Panics
/// When the heap does what it must not.
pub fn on_raw_memory(program: &RequestProgram, often: bool) {
    // SAFETY: the reference's parts stay in what they mapped, and the model in its blocks (I1 of kit::raw).
    let memory = || unsafe { RawMemory::new() };
    match program.sizes {
        Sizes::Classic => Run::<OnRation<_, Classic>>::all(memory(), program, often),
        Sizes::Eight => Run::<OnRation<_, Eight<Classic>>>::all(memory(), program, often),
        Sizes::Modern => Run::<OnRation<_, Modern>>::all(memory(), program, often),
    }
}

/// Runs `program` on checked memory, which objects to a word that nobody wrote or mapped.
///
/// # Panics
/// When the heap does what it must not.
pub fn on_checked_memory(program: &RequestProgram, often: bool) {
    let memory = CheckedMemory::default;
    match program.sizes {
        Sizes::Classic => Run::<OnRation<_, Classic>>::all(memory(), program, often),
        Sizes::Eight => Run::<OnRation<_, Eight<Classic>>>::all(memory(), program, often),
        Sizes::Modern => Run::<OnRation<_, Modern>>::all(memory(), program, often),
    }
}

/// A block that the program holds.
#[derive(Clone, Copy, Debug)]
struct Held {
    at: Addr,
    bytes: u64,
    domain: u8,
    /// Of the raw domain, whoever was asked.
    raw: bool,
    /// Which bytes it holds.
    seed: u8,
}

struct Run<C: Config> {
    heap: Rc<Heap<C>>,
    domains: Domains<C>,
    ledger: Rc<Ledger>,
    hooks: bool,
    /// Faults that the hooks told.
    told: Rc<Cell<u32>>,
    held: Vec<Held>,
    /// What the blocks that are held take, coats and heads included: first byte, and the one behind the last.
    taken: BTreeMap<u64, u64>,
    seed: u8,
}

impl<M: Owner + 'static, G: Geometry> Run<OnRation<M, G>> {
    fn all(memory: M, program: &RequestProgram, often: bool) {
        let ledger = Rc::<Ledger>::default();
        let memory = Rationed::new(memory, ledger.clone(), u64::from(G::ARENA), program.shift);
        let heap = Heap::new(memory, Silent, OnRation::<M, G>::reference()).expect("memory for the tables");
        let heap = Rc::new(heap);
        let (domains, told) = (Domains::new(heap.clone()), Rc::<Cell<u32>>::default());
        if program.hooks {
            let count = told.clone();
            let fatal: Fatal = Rc::new(move |_| count.set(count.get() + 1));
            domains.set_up_debug_hooks(&fatal, &(Rc::new(|| true) as Rc<dyn Fn() -> bool>));
        }
        let (held, taken) = (vec![], BTreeMap::new());
        let mut run = Run { heap, domains, ledger, hooks: program.hooks, told, held, taken, seed: 0 };
        for request in &program.requests {
            run.request(*request);
            if often {
                run.look_at_everything();
            }
        }
        run.look_at_everything();
        while let Some(last) = run.held.len().checked_sub(1) {
            run.free(last / 2);
        }
        run.look_at_everything();
        assert!(run.heap.seen().len() <= 1, "more than one arena is left (I6)");
        let ledger = run.ledger.clone();
        drop(run);
        assert_eq!(ledger.out(), 0, "stretches leaked: {ledger:x?} (I6)");
    }
}

impl<C: Config<Service = Heap<C>>> Run<C> {
    const ALIGN: u64 = C::Geometry::ALIGN.bytes() as u64;

    fn request(&mut self, request: Request) {
        let held = self.held.len();
        match request {
            // When there is no more memory for one of them, there is none for the others.
            Request::Malloc(domain, bytes, count) => _ = (0..count).all(|_| self.malloc(domain, bytes, false)),
            Request::ReallocNothing(domain, bytes) => _ = self.malloc(domain, bytes, true),
            Request::Calloc(domain, count, each) => self.calloc(domain, count, each),
            Request::Realloc(which, bytes) => _ = which.of(held).map(|index| self.realloc(index, bytes)),
            Request::Free(which) => _ = which.of(held).map(|index| self.free(index)),
            Request::FreeNothing(domain) => self.serving(domain).free(None),
            Request::FreeMany(which, count, between) => self.free_many(which, count, usize::from(between)),
            Request::Damage(which, guard) => _ = which.of(held).map(|index| self.damage(index, guard)),
            Request::Ration(requests) => self.ledger.ration(requests.map(u64::from)),
            Request::Check => self.look_at_everything(),
        }
    }

    fn serving(&self, domain: u8) -> Rc<dyn Requests> {
        self.domains.get(DOMAINS[usize::from(domain)])
    }

    /// Bytes that a debug block has in front and behind.
    fn coat(&self) -> (u64, u64) {
        if self.hooks { (BEFORE, AFTER) } else { (0, 0) }
    }

    /// `ask`s. I1: it is served, unless more is asked for than a system has, or the system refused; then nothing has
    /// changed: all blocks are as they were.
    fn ask(&self, bytes: u64, ask: impl FnOnce() -> Option<Addr>) -> Option<Addr> {
        let refused = self.ledger.refused();
        let answer = ask();
        let refused = self.ledger.refused() > refused;
        assert_eq!(answer.is_none(), refused || bytes >= 1 << 47, "{bytes} bytes were asked for (I1)");
        if refused {
            self.look_at_everything();
        }
        answer
    }

    /// Whether there was memory.
    fn malloc(&mut self, domain: u8, bytes: u64, by_realloc: bool) -> bool {
        let serving = self.serving(domain);
        let ask = || if by_realloc { serving.realloc(None, bytes) } else { serving.malloc(bytes) };
        let Some(at) = self.ask(bytes, ask) else { return false };
        if self.hooks {
            self.assert_all(at, 0, bytes.min(1024), CLEAN);
        }
        self.hold(at, bytes, domain);
        true
    }

    fn calloc(&mut self, domain: u8, count: u64, each: u64) {
        let serving = self.serving(domain);
        let bytes = count.saturating_mul(each);
        let Some(at) = self.ask(bytes, || serving.calloc(count, each)) else { return };
        self.assert_all(at, 0, bytes, 0);
        self.hold(at, bytes, domain);
    }

    /// A block that is new: it is where it should be, and gets bytes of its own.
    fn hold(&mut self, at: Addr, bytes: u64, domain: u8) {
        let (before, after) = self.coat();
        let raw = domain == 0 || !(1..=512).contains(&(before + bytes + after));
        self.seed = self.seed.wrapping_add(1);
        let block = Held { at, bytes, domain, raw, seed: self.seed };
        self.take_place(&block);
        self.write(&block);
        self.held.push(block);
    }

    /// I2, I4: which bytes the block takes, and that they were free.
    fn take_place(&mut self, block: &Held) {
        let (before, after) = self.coat();
        let start = block.at.0 - before;
        let inside = before + block.bytes + after;
        assert!(start.is_multiple_of(if block.raw { 16 } else { Self::ALIGN }), "{block:?} is not aligned (I2)");
        assert_eq!(self.heap.pool_of(Addr(start)).is_none(), block.raw, "{block:?} (I4)");
        let size = self.heap.block(Addr(start)).expect("a block has a size");
        let wanted = if block.raw { inside.max(1) } else { inside.next_multiple_of(Self::ALIGN) };
        let stayed = !block.raw && size >= inside && 4 * inside > 3 * size;
        assert!(size == wanted || stayed, "{block:?} has {size} bytes, not {wanted}");
        let (first, behind) = if block.raw { (start - 16, start + size) } else { (start, start + size) };
        let left = self.taken.range(..=first).next_back();
        let right = self.taken.range(first..).next();
        let apart = left.is_none_or(|(_, end)| *end <= first) && right.is_none_or(|(start, _)| behind <= *start);
        assert!(apart, "{block:?} overlaps {left:?} or {right:?} (I2)");
        self.taken.insert(first, behind);
    }

    fn leave_place(&mut self, block: &Held) {
        let head = if block.raw { 16 } else { 0 };
        assert!(self.taken.remove(&(block.at.0 - self.coat().0 - head)).is_some());
    }

    fn realloc(&mut self, index: usize, bytes: u64) {
        let old = self.held[index];
        self.assert_content(&old, old.bytes);
        let (before, after) = self.coat();
        let size = self.heap.block(Addr(old.at.0 - before)).expect("a block has a size");
        let serving = self.serving(old.domain);
        let Some(at) = self.ask(bytes, || serving.realloc(Some(old.at), bytes)) else {
            return self.assert_content(&old, old.bytes);
        };
        let inside = before + bytes + after;
        if !old.raw {
            let stays = inside <= size && 4 * inside > 3 * size;
            assert_eq!(at == old.at, stays, "{old:?} of {size} to {bytes} (I4)");
        }
        let raw = old.raw || !(1..=512).contains(&inside);
        let new = Held { at, bytes, raw, ..old };
        self.assert_content(&new, bytes.min(old.bytes));
        if self.hooks && bytes > old.bytes {
            self.assert_all(at, old.bytes, bytes.min(old.bytes + 1024), CLEAN);
        }
        self.leave_place(&old);
        self.take_place(&new);
        self.write(&new);
        self.held[index] = new;
    }

    fn free(&mut self, index: usize) {
        let block = self.held.remove(index);
        self.assert_content(&block, block.bytes);
        self.leave_place(&block);
        self.serving(block.domain).free(Some(block.at));
    }

    fn free_many(&mut self, which: Which, count: u16, between: usize) {
        let Some(mut index) = which.of(self.held.len()) else { return };
        for _ in 0..count {
            if index >= self.held.len() {
                return;
            }
            self.free(index);
            index += between;
        }
    }

    /// I7.
    fn damage(&mut self, index: usize, guard: u8) {
        let block = self.held[index];
        if !self.hooks {
            return;
        }
        // The letter, seven guards in front, eight behind.
        let (at, guard) = (block.at, u64::from(guard));
        let place =
            if guard < 8 { at.plus(guard).plus(0u64.wrapping_sub(8)) } else { at.plus(block.bytes + guard - 8) };
        let was = self.heap.mem().read_byte(place);
        self.heap.mem().write_byte(place, 0x41);
        let (before, told, serving) = (self.heap.draw(), self.told.get(), self.serving(block.domain));
        serving.free(Some(at));
        assert_eq!(serving.realloc(Some(at), block.bytes + 100), None, "{block:?} (I7)");
        assert_eq!((self.told.get(), self.heap.draw()), (told + 2, before), "{block:?} (I7)");
        self.heap.mem().write_byte(place, was);
    }

    /// Everything that can be looked at.
    fn look_at_everything(&self) {
        self.heap.validate().unwrap_or_else(|sentence| panic!("{sentence}"));
        self.held.iter().for_each(|block| self.assert_content(block, block.bytes));
        let raw = self.held.iter().filter(|block| block.raw && block.domain != 0).count() as u64;
        let in_pools = self.held.iter().filter(|block| !block.raw).count() as u64;
        assert_eq!(self.heap.allocated_blocks(), raw + in_pools, "blocks that are held (I5)");
        let stats = self.heap.stats();
        assert_eq!((stats.raw, stats.total()), (raw, stats.arena_bytes()), "{stats}");
        let (ever, most, now) = stats.arenas;
        assert!(ever >= most && most >= now && now == self.heap.seen().len() as u64, "{stats}");
    }

    /// What byte `offset` of a block with this seed holds; eight neighbours hold the same one.
    fn byte(seed: u8, offset: u64) -> u8 {
        (u64::from(seed).wrapping_mul(0x9d) ^ (offset / 8).wrapping_mul(0x35)) as u8
    }

    fn write(&self, block: &Held) {
        let (mem, words) = (self.heap.mem(), block.bytes & !7);
        for offset in (0..words).step_by(8) {
            mem.write(block.at.plus(offset), u64::from_ne_bytes([Self::byte(block.seed, offset); 8]));
        }
        (words..block.bytes).for_each(|offset| mem.write_byte(block.at.plus(offset), Self::byte(block.seed, offset)));
    }

    /// I3: the first `bytes` bytes are those that were written.
    fn assert_content(&self, block: &Held, bytes: u64) {
        let (mem, words) = (self.heap.mem(), bytes & !7);
        let word = |offset| u64::from_ne_bytes([Self::byte(block.seed, offset); 8]);
        let mut words_of = (0..words).step_by(8);
        assert!(words_of.all(|offset| mem.read(block.at.plus(offset)) == word(offset)), "{block:?} (I3)");
        let right = |offset| mem.read_byte(block.at.plus(offset)) == Self::byte(block.seed, offset);
        assert!((words..bytes).all(right), "{block:?} (I3)");
    }

    /// I3: the bytes from `from` to `to` are all `byte`.
    fn assert_all(&self, at: Addr, from: u64, to: u64, byte: u8) {
        let read = |offset| self.heap.mem().read_byte(at.plus(offset));
        assert!((from..to).all(|offset| read(offset) == byte), "bytes {from} to {to} are not all {byte:#x} (I3)");
    }
}

const _: () = assert!(LARGEST == i64::MAX as u64, "what a program calls huge depends on it");
