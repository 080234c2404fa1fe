//! The list of usable arenas against a model that walks, and its scenarios on both kinds of memory.
//!
//! The programs and the model are those of the grader's random scenarios: one generator for all.

use check::random::usable_arenas::{Counts, Model, Name, UsableOp, UsableProgram};
use check::random::{Program, seeded, seeds};
use kit::Addr;
use kit::arena::{ArenaAt, DESCRIPTOR};
use kit::checked::CheckedMemory;
use kit::geometry::Modern;
use kit::memory::Memory;
use kit::observe::Silent;
use kit::owner::Owner;
use kit::raw::RawMemory;
use kit::usable_arenas::{
    FIRST, FREE_COUNT, Fate, NEXT_ARENA, PREV_ARENA, TABLE, TOTAL_COUNT, UsableArenas, UsableAt, last_with,
};
use rstest::rstest;
use runtime::config::{Config, Fast};
use runtime::heap::machine::Heap;
use runtime::heap::usable_arenas::Part;
use runtime::lab::{Socket, facts_on_raw_memory, trace_of};
use std::path::PathBuf;

/// Descriptors, the list, and what it should be.
struct Pair {
    mem: CheckedMemory,
    list: UsableAt,
    arenas: Addr,
    model: Model,
}

impl Pair {
    fn new(arenas: u64) -> Self {
        let mem = CheckedMemory::default();
        let list = UsableAt(mem.map_zeroed(TABLE, 16).unwrap());
        let arenas = mem.map_zeroed(arenas * DESCRIPTOR, 16).unwrap();
        Pair { mem, list, arenas, model: Model::default() }
    }

    fn arena(&self, name: Name) -> ArenaAt {
        ArenaAt(self.arenas.plus(u64::from(name) * DESCRIPTOR))
    }

    fn appear(&self, name: Name, free: u32, total: u32) {
        self.mem.set(self.arena(name), TOTAL_COUNT, total);
        self.mem.set(self.arena(name), FREE_COUNT, free);
    }

    fn add(&mut self, name: Name, total: u32) {
        self.appear(name, total, total);
        Part.add(&self.mem, self.list, self.arena(name));
        self.model.add(name, total);
        self.same();
    }

    fn full(&mut self, name: Name, total: u32) {
        self.appear(name, 0, total);
        self.model.full.push(Counts { name, free: 0, total });
    }

    fn take(&mut self) {
        let name = self.model.take();
        let first = self.arena(name);
        assert_eq!(self.mem.get(self.list, FIRST), Some(first));
        self.mem.set(first, FREE_COUNT, self.mem.get(first, FREE_COUNT) - 1);
        Part.taken(&self.mem, self.list, first);
        self.same();
    }

    /// How many words and halves the part read and wrote.
    fn give(&mut self, name: Name) -> u64 {
        let arena = self.arena(name);
        self.mem.set(arena, FREE_COUNT, self.mem.get(arena, FREE_COUNT) + 1);
        let before = self.mem.accesses();
        let fate = Part.given(&self.mem, self.list, arena);
        let touched = self.mem.accesses() - before;
        assert_eq!(fate == Fate::GoesBack, self.model.give(name));
        self.same();
        touched
    }

    /// The list forwards and backwards, and every entry of the table.
    fn same(&self) {
        let should: Vec<ArenaAt> = self.model.list.iter().map(|arena| self.arena(arena.name)).collect();
        let mut next = self.mem.get(self.list, FIRST);
        for (at, arena) in should.iter().enumerate() {
            assert_eq!(next, Some(*arena));
            assert_eq!(self.mem.get(*arena, PREV_ARENA), at.checked_sub(1).map(|left| should[left]));
            next = self.mem.get(*arena, NEXT_ARENA);
        }
        assert_eq!(next, None);
        for free in 0..=64 {
            let last = self.model.list.iter().rfind(|arena| arena.free == free).map(|arena| self.arena(arena.name));
            assert_eq!(self.mem.get(self.list, last_with(free)), last, "last_with({free})");
        }
    }
}

#[test]
fn the_list_is_what_a_model_that_walks_says() {
    for seed in seeds(300) {
        let program: UsableProgram = seeded(seed);
        let mut pair = Pair::new(100);
        for op in &program.ops {
            match *op {
                UsableOp::Add(name, total) => pair.add(name, total),
                UsableOp::Full(name, total) => pair.full(name, total),
                UsableOp::Take(count) => (0..count).for_each(|_| pair.take()),
                UsableOp::Give(name, count) => (0..count).for_each(|_| assert!(pair.give(name) < 40)),
                UsableOp::State => pair.same(),
            }
        }
    }
}

/// I4, and the limit that the lab sets: the reference stays far below it.
#[test]
fn three_hundred_arenas_cost_what_three_do() {
    let most = [3u32, 300].map(|many| {
        let mut pair = Pair::new(u64::from(many));
        (0..many).for_each(|name| pair.full(name, 64));
        (0..5).flat_map(|_| 0..many).map(|name| pair.give(name)).max().unwrap()
    });
    assert_eq!(most[0], most[1]);
    assert!(most[1] < 40, "{most:?}");
}

/// What CPython 3.7, 3.11 and 3.13 were seen to do. Of two full arenas, `few` gets five pools back, and later than
/// `many`, which gets thirty: the next requests are served by the pools of `few`, the one that came back last first,
/// then by those of `many`, and only then by an arena that is emptier still.
#[test]
fn the_fullest_arena_is_asked_and_in_it_the_pool_that_came_back_last() {
    // SAFETY: only the reference's parts run on it, and the test touches no block (I1 of kit::raw).
    let mem = unsafe { RawMemory::new() };
    let heap: Heap<Fast<Modern>> = Heap::new(mem, Silent, Fast::reference()).unwrap();
    let pool_of = |block: &Addr| heap.place(*block).map(|place| (place.arena, place.pool)).unwrap();
    // Nine arenas, and a tenth of which a few pools are in use. A pool has 31 blocks of 512 bytes.
    let blocks: Vec<Addr> = (0..31 * (9 * 64 + 5)).map(|_| heap.malloc(500).unwrap()).collect();
    let (few, many) = ((3, 10..15), (6, 20..50));
    for (arena, pools) in [&many, &few] {
        for pool in pools.clone() {
            blocks.iter().filter(|block| pool_of(block) == (*arena, pool)).for_each(|block| heap.free(*block));
        }
    }
    let mut served: Vec<(u32, u32)> = (0..31 * 36).map(|_| pool_of(&heap.malloc(500).unwrap())).collect();
    served.dedup();
    let backwards = |(arena, pools): (u32, std::ops::Range<u32>)| pools.rev().map(move |pool| (arena, pool));
    let expected: Vec<(u32, u32)> = backwards(few).chain(backwards(many)).chain([(9, 5)]).collect();
    assert_eq!(served, expected);
}

fn same_facts(scenario: &str) {
    let trace = trace_of(&Socket::UsableArenas(&Part), scenario);
    assert!(!trace.contains("   ! "), "{trace}");
    let facts: Vec<&str> = trace.lines().filter(|line| !line.starts_with("   . ")).collect();
    assert_eq!(facts, facts_on_raw_memory(scenario), "{scenario}");
}

#[test]
fn random_programs_tell_the_same_facts_on_raw_and_on_checked_memory() {
    for seed in seeds(30) {
        same_facts(&seeded::<UsableProgram>(seed).to_ops());
    }
}

#[rstest]
fn scenarios_tell_the_same_facts_on_raw_and_on_checked_memory(
    #[files("../exercises/14-*/scenarios/*.ops")] path: PathBuf,
) {
    same_facts(&std::fs::read_to_string(&path).unwrap());
}

/// No geometry matters here, and a scenario may still name one.
#[test]
fn a_geometry_may_be_named() {
    same_facts("use usable-arenas modern\na = add\ntake\n");
}

#[rstest]
#[case::two_settings("use usable-arenas classic 64\n", "line 1: `usable-arenas` has no settings")]
#[case::not_empty("use usable-arenas\na = add\nb = add\n", "line 3: `a` has free pools: nobody asks")]
#[case::other_pools("use usable-arenas\na = add 12\n", "line 2: `12` pools: an arena has 63 or 64")]
#[case::nobody_to_ask("use usable-arenas\ntake\n", "line 2: no arena has a free pool")]
#[case::too_many("use usable-arenas\na = add\ntake 2\ngive a 3\n", "line 4: only 2 of a's pools are handed out")]
#[case::nobody("use usable-arenas\ngive a\n", "line 2: there is no arena `a`")]
#[case::twice("use usable-arenas\na = full\na = full\n", "line 3: there is an arena `a` already")]
#[case::gone("use usable-arenas\na b = full\ngive b 64\ngive a 64\ngive a\n", "line 5: there is no arena `a`")]
#[case::no_such_operation("use usable-arenas\nfree a\n", "line 2: `free` is not an operation of `usable-arenas`")]
fn a_scenario_that_cannot_be_run_says_why(#[case] scenario: &str, #[case] why: &str) {
    let trace = trace_of(&Socket::UsableArenas(&Part), scenario);
    assert!(trace.contains(&format!("   ! scenario: {why}")), "{trace}");
}
