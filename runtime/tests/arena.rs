//! An arena against a model, and its scenarios on both kinds of memory.
//!
//! The programs are those of the grader's random scenarios: one generator for all.

use check::random::arena::{ArenaOp, ArenaProgram, Name};
use check::random::{Program, seeded, seeds};
use kit::arena::{ARENA, Arena, ArenaAt, BLOCK_SIZE, DESCRIPTOR, FREE_COUNT, INDEX, Supply, TOTAL_COUNT, UNCARVED};
use kit::geometry::{Classic, Geometry, Modern};
use kit::memory::{Addr, Memory};
use kit::pool::PoolAt;
use kit::raw::RawMemory;
use rstest::rstest;
use runtime::heap::arena::Part;
use runtime::lab::{Socket, facts_on_raw_memory, trace_of};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// An arena as a sentence would describe it: a stack of pools that came back, and a number of pools that were carved.
struct Model {
    total: u32,
    carved: u32,
    back: Vec<u32>,
}

impl Model {
    fn free(&self) -> u32 {
        self.total - self.carved + self.back.len() as u32
    }

    fn take(&mut self) -> (u32, Supply) {
        let pool = self.back.pop().unwrap_or_else(|| {
            self.carved += 1;
            self.carved - 1
        });
        (pool, if self.free() == 0 { Supply::NoneFree } else { Supply::Same })
    }

    fn give(&mut self, pool: u32) -> Supply {
        self.back.push(pool);
        match self.free() {
            1 => Supply::OneFree,
            free if free == self.total => Supply::AllFree,
            _ => Supply::Same,
        }
    }
}

/// An arena on real memory, and what it should do.
struct Pair<G: Geometry> {
    mem: RawMemory,
    arena: ArenaAt,
    mapped: Addr,
    first: Addr,
    model: Model,
    geometry: std::marker::PhantomData<G>,
}

impl<G: Geometry> Pair<G> {
    const MAPPED: u64 = (G::ARENA + G::POOL) as u64;

    fn new(index: u32) -> Self {
        // SAFETY: the reference's arena reads and writes its descriptor and pools inside its memory (I1 of kit::raw).
        let mem = unsafe { RawMemory::new() };
        let arena = ArenaAt(mem.map(DESCRIPTOR, 16).unwrap());
        mem.set(arena, INDEX, index);
        let mapped = mem.map(Self::MAPPED, u64::from(G::POOL)).unwrap();
        let model = Model { total: 0, carved: 0, back: vec![] };
        Pair { mem, arena, mapped, first: Addr(0), model, geometry: std::marker::PhantomData }
    }

    fn open(&mut self, offset: u32) {
        let base = self.mapped.plus(u64::from(offset));
        self.first = Addr(base.0.next_multiple_of(u64::from(G::POOL)));
        // A pool is whole when its last byte lies in the arena.
        let end = base.plus(u64::from(G::ARENA));
        let whole = |pool: &u64| self.first.0 + (pool + 1) * u64::from(G::POOL) <= end.0;
        self.model = Model { total: (0..).take_while(whole).count() as u32, carved: 0, back: vec![] };
        Part.open(&self.mem, self.arena, base, G::ARENA, G::POOL);
        self.adds_up();
    }

    fn pool(&self, number: u32) -> PoolAt {
        PoolAt(self.first.plus(u64::from(number) * u64::from(G::POOL)))
    }

    fn take(&mut self) -> u32 {
        let new = self.model.back.is_empty();
        let (pool, supply) = Part.take(&self.mem, self.arena, G::POOL);
        let (number, expected) = self.model.take();
        assert_eq!((pool, supply), (self.pool(number), expected));
        assert_eq!(self.mem.get(pool, ARENA), self.mem.get(self.arena, INDEX));
        assert_eq!(self.mem.get(pool, BLOCK_SIZE), if new { 0 } else { 16 + number });
        self.mem.set(pool, BLOCK_SIZE, 16 + number);
        self.adds_up();
        number
    }

    fn give(&mut self, number: u32) {
        let supply = Part.give(&self.mem, self.arena, self.pool(number));
        assert_eq!(supply, self.model.give(number));
        self.adds_up();
    }

    fn adds_up(&self) {
        assert_eq!(self.mem.get(self.arena, TOTAL_COUNT), self.model.total);
        assert_eq!(self.mem.get(self.arena, FREE_COUNT), self.model.free());
        assert_eq!(self.mem.get(self.arena, UNCARVED), self.pool(self.model.carved));
    }
}

impl<G: Geometry> Drop for Pair<G> {
    fn drop(&mut self) {
        self.mem.release(self.mapped, Self::MAPPED, u64::from(G::POOL));
        self.mem.release(self.arena.0, DESCRIPTOR, 16);
    }
}

fn against_the_model<G: Geometry>(program: &ArenaProgram) {
    let mut pair = Pair::<G>::new(3);
    pair.open(program.offset);
    let mut held: BTreeMap<Name, Vec<u32>> = BTreeMap::new();
    for op in &program.ops {
        match *op {
            ArenaOp::Take(name) => drop(held.insert(name, vec![pair.take()])),
            ArenaOp::TakeMany(name, many) => drop(held.insert(name, (0..many).map(|_| pair.take()).collect())),
            ArenaOp::Give(name) | ArenaOp::GiveMany { name, .. } => {
                let mut pools = held.remove(&name).expect("programs give what they hold");
                if matches!(op, ArenaOp::GiveMany { backwards: true, .. }) {
                    pools.reverse();
                }
                pools.into_iter().for_each(|pool| pair.give(pool));
            }
            ArenaOp::Again(offset) => pair.open(offset),
            ArenaOp::Another(offset) => {
                let mut other = Pair::<G>::new(9);
                other.open(offset);
                let all: Vec<u32> = (0..other.model.total).map(|_| other.take()).collect();
                all.into_iter().for_each(|pool| other.give(pool));
            }
            ArenaOp::Count => pair.adds_up(),
        }
    }
}

#[test]
fn an_arena_is_a_stack_of_pools_and_an_untouched_rest() {
    for seed in seeds(1000) {
        let program: ArenaProgram = seeded(seed);
        if program.modern { against_the_model::<Modern>(&program) } else { against_the_model::<Classic>(&program) }
    }
}

/// Every place where the system may put it: CPython 3.10 and later print "bytes lost to arena alignment".
#[test]
fn sixty_four_pools_fit_only_when_the_memory_begins_at_a_pool() {
    let mut pair = Pair::<Classic>::new(0);
    for offset in (0..Classic::POOL).step_by(16) {
        pair.open(offset);
        assert_eq!(pair.model.total, if offset == 0 { 64 } else { 63 });
    }
}

fn same_facts(scenario: &str) {
    let trace = trace_of(&Socket::Arena(&Part), scenario);
    assert!(!trace.contains("   ! "), "{trace}");
    let facts: Vec<&str> = trace.lines().filter(|line| !line.starts_with("   . ")).collect();
    assert_eq!(facts, facts_on_raw_memory(scenario), "{scenario}");
}

#[test]
fn random_programs_tell_the_same_facts_on_raw_and_on_checked_memory() {
    for seed in seeds(100) {
        same_facts(&seeded::<ArenaProgram>(seed).to_ops());
    }
}

#[rstest]
fn scenarios_tell_the_same_facts_on_raw_and_on_checked_memory(
    #[files("../exercises/13-*/scenarios/*.ops")] path: PathBuf,
) {
    same_facts(&std::fs::read_to_string(&path).unwrap());
}

#[rstest]
#[case::a_word_too_many("use arena classic 16 7\n", "line 1: `arena` has one setting")]
#[case::an_odd_offset("use arena classic 8\n", "line 1: 8 bytes: write a multiple of 16 below 4096")]
#[case::too_far("use arena classic\nagain 4096\n", "line 2: 4096 bytes: write a multiple of 16 below 4096")]
#[case::none_free("use arena classic\na = take 65\n", "line 2: no pool is free")]
#[case::twice("use arena classic\na = take\na = take\n", "line 3: `a` holds a pool already")]
#[case::not_held("use arena classic\ngive a\n", "line 2: `a` holds no pool")]
#[case::in_use("use arena classic\na = take\nagain 16\n", "line 3: 1 pool is handed out")]
#[case::no_such_operation("use arena classic\nfree a\n", "line 2: `free` is not an operation of `arena`")]
fn a_scenario_that_cannot_be_run_says_why(#[case] scenario: &str, #[case] why: &str) {
    let trace = trace_of(&Socket::Arena(&Part), scenario);
    assert!(trace.contains(&format!("   ! scenario: {why}")), "{trace}");
}
