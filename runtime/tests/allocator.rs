//! The allocator against a model, and on both kinds of memory.
//!
//! The model knows used lists and pools and nothing of arenas: which pool a class gets is the heap's business, that it
//! gets one exactly when its list is empty is the allocator's.

use check::random::allocator::{AllocatorOp, AllocatorProgram, Name};
use check::random::{Program, seeded, seeds};
use kit::Addr;
use kit::geometry::{Classic, Geometry, Modern};
use kit::memory::Memory;
use kit::observe::Silent;
use kit::raw::RawMemory;
use rstest::rstest;
use runtime::config::{Config, Fast};
use runtime::heap::allocator;
use runtime::heap::machine::Heap;
use runtime::lab::{Socket, facts_on_raw_memory, trace_of};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A pool's name: arena and number.
type PoolName = (u32, u32);

/// What is known of a pool that was ever out of its arena.
#[derive(Clone, Default)]
struct Pool {
    size: u64,
    free: Vec<u64>,
    touched: u64,
    in_use: u64,
}

/// Where the model says a block is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    Raw,
    InPool(PoolName, u64),
}

struct Model<G: Geometry> {
    heap: Heap<Fast<G>>,
    pools: BTreeMap<PoolName, Pool>,
    /// By size of the blocks; the front is the last.
    used: BTreeMap<u64, Vec<PoolName>>,
    out: u64,
}

fn class_of(bytes: u64) -> Option<u64> {
    (1..=512).contains(&bytes).then(|| bytes.next_multiple_of(16))
}

impl<G: Geometry> Model<G> {
    fn new() -> Self {
        // SAFETY: only the reference's parts run on it, and this test touches what it was given (I1 of kit::raw).
        let mem = unsafe { RawMemory::new() };
        let heap = Heap::new(mem, Silent, Fast::<G>::reference()).expect("memory for the tables");
        Model { heap, pools: BTreeMap::new(), used: BTreeMap::new(), out: 0 }
    }

    fn place(&self, at: Addr) -> Place {
        match self.heap.place(at) {
            None => Place::Raw,
            Some(place) => {
                let size = self.heap.block(at).expect("a block of a pool");
                assert_eq!((u64::from(place.offset) - 48) % size, 0);
                Place::InPool((place.arena, place.pool), (u64::from(place.offset) - 48) / size)
            }
        }
    }

    /// The block at `at` has just come for `bytes` bytes: is it the one that the model hands out?
    fn came(&mut self, at: Addr, bytes: u64) {
        self.out += 1;
        let place = self.place(at);
        let Some(size) = class_of(bytes) else { return assert_eq!(place, Place::Raw) };
        let Place::InPool(came_from, _) = place else { panic!("{bytes} bytes came from the raw domain") };
        let used = self.used.entry(size).or_default();
        if used.is_empty() {
            let pool = self.pools.entry(came_from).or_default();
            assert_eq!(pool.in_use, 0, "a pool that is out came as a new one");
            if pool.size != size {
                *pool = Pool { size, ..Pool::default() };
            }
            used.push(came_from);
        }
        let front = *used.last().expect("one was put there");
        let pool = self.pools.get_mut(&front).expect("it is out");
        let index = pool.free.pop().unwrap_or_else(|| {
            pool.touched += 1;
            pool.touched - 1
        });
        pool.in_use += 1;
        if pool.in_use == (u64::from(G::POOL) - 48) / size {
            used.pop();
        }
        assert_eq!(place, Place::InPool(front, index));
    }

    /// Gives the block at `at` back, to the heap and to the model.
    fn free(&mut self, at: Addr) {
        let place = self.place(at);
        self.heap.free(at);
        self.gone(place);
    }

    fn gone(&mut self, place: Place) {
        self.out -= 1;
        let Place::InPool(name, index) = place else { return };
        let pool = self.pools.get_mut(&name).expect("it is out");
        let used = self.used.entry(pool.size).or_default();
        let was_full = pool.in_use == (u64::from(G::POOL) - 48) / pool.size;
        pool.free.push(index);
        pool.in_use -= 1;
        if was_full {
            used.push(name);
        } else if pool.in_use == 0 {
            used.retain(|other| *other != name);
        }
        // What was known of the pools of an arena is gone with it.
        let arenas: Vec<u32> = self.heap.seen().iter().map(|seen| seen.index).collect();
        self.pools.retain(|(arena, _), _| arenas.contains(arena));
    }

    fn malloc(&mut self, bytes: u64) -> Addr {
        let at = self.heap.malloc(bytes).expect("memory");
        self.came(at, bytes);
        (0..bytes).for_each(|offset| self.heap.mem().write_byte(at.plus(offset), offset as u8));
        at
    }

    fn realloc(&mut self, old: Addr, bytes: u64) -> Addr {
        let before = self.place(old);
        let size = self.heap.block(old).expect("a block");
        // The content of the whole block, since the model does not know what was asked for.
        (0..size).for_each(|offset| self.heap.mem().write_byte(old.plus(offset), offset as u8));
        let at = self.heap.realloc(old, bytes).expect("memory");
        match before {
            Place::Raw => assert_eq!(self.place(at), Place::Raw),
            Place::InPool(..) if bytes <= size && bytes * 4 > size * 3 => assert_eq!(at, old),
            Place::InPool(..) => {
                self.came(at, bytes);
                self.gone(before);
            }
        }
        for offset in 0..size.min(bytes) {
            assert_eq!(self.heap.mem().read_byte(at.plus(offset)), offset as u8);
        }
        at
    }
}

fn against_the_model<G: Geometry>(program: &AllocatorProgram) {
    let mut model = Model::<G>::new();
    let mut held: BTreeMap<Name, Vec<Addr>> = BTreeMap::new();
    for op in &program.ops {
        match *op {
            AllocatorOp::Malloc(name, bytes) => {
                held.insert(name, vec![model.malloc(bytes)]);
            }
            AllocatorOp::MallocMany(name, bytes, many) => {
                held.insert(name, (0..many).map(|_| model.malloc(bytes)).collect());
            }
            AllocatorOp::Free(name) | AllocatorOp::FreeMany { name, .. } => {
                let mut blocks = held.remove(&name).expect("programs free what they hold");
                if matches!(op, AllocatorOp::FreeMany { backwards: true, .. }) {
                    blocks.reverse();
                }
                blocks.into_iter().for_each(|at| model.free(at));
            }
            AllocatorOp::Realloc(name, old, bytes) => {
                let old = held.remove(&old).expect("programs realloc what they hold")[0];
                held.insert(name, vec![model.realloc(old, bytes)]);
            }
            // Raw memory has no end here.
            AllocatorOp::Limit(_) => {}
            AllocatorOp::Used(_) | AllocatorOp::Blocks | AllocatorOp::Heap => {
                assert_eq!(model.heap.allocated_blocks(), model.out, "{}", program.to_ops());
            }
        }
    }
}

#[test]
fn the_front_pool_of_a_class_serves() {
    for seed in seeds(300) {
        let program: AllocatorProgram = seeded(seed);
        match program.modern {
            true => against_the_model::<Modern>(&program),
            false => against_the_model::<Classic>(&program),
        }
    }
}

fn facts(trace: &str) -> Vec<String> {
    trace.lines().filter(|line| !line.starts_with("   . ")).map(String::from).collect()
}

/// A scenario in which memory ends tells of checked memory alone: only there can it be made to end.
fn same_facts(scenario: &str) {
    let trace = trace_of(&Socket::Allocator(&allocator::Part), scenario);
    assert!(!trace.contains("   ! "), "{trace}");
    if !scenario.contains("\nlimit ") {
        assert_eq!(facts(&trace), facts_on_raw_memory(scenario), "{scenario}");
    }
}

#[test]
fn random_programs_tell_the_same_facts_on_raw_and_on_checked_memory() {
    for seed in seeds(50) {
        same_facts(&seeded::<AllocatorProgram>(seed).to_ops());
    }
}

#[rstest]
fn scenarios_tell_the_same_facts_on_raw_and_on_checked_memory(
    #[files("../exercises/15-*/scenarios/*.ops")] path: PathBuf,
) {
    same_facts(&std::fs::read_to_string(&path).unwrap());
}
