//! The heap's parts against models, and on both kinds of memory.
//!
//! The programs are those of the grader's random scenarios: one generator for all.

use check::random::pool::{Name, PoolOp, PoolProgram};
use check::random::size_classes::ClassProgram;
use check::random::{Program, seeded, seeds};
use kit::geometry::{Alignment, Classic, Geometry, Modern};
use kit::observe::Silent;
use kit::pool::{Block, Change};
use kit::raw::RawMemory;
use kit::size_classes::{ClassIndex, SizeClasses};
use rstest::rstest;
use runtime::config::{Config, Fast};
use runtime::heap::single::SinglePool;
use runtime::heap::{pool, size_classes};
use runtime::lab::{Socket, facts_on_raw_memory, trace_of};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A pool as a sentence would describe it: a stack of free blocks, and a number up to which all were touched.
struct Model {
    capacity: u32,
    free: Vec<u32>,
    touched: u32,
    in_use: u32,
}

impl Model {
    fn new(capacity: u32) -> Model {
        Model { capacity, free: vec![], touched: 0, in_use: 0 }
    }

    fn alloc(&mut self) -> (u32, Change) {
        let index = self.free.pop().unwrap_or_else(|| {
            self.touched += 1;
            self.touched - 1
        });
        self.in_use += 1;
        (index, if self.in_use == self.capacity { Change::NowFull } else { Change::Same })
    }

    fn free(&mut self, index: u32) -> Change {
        let was_full = self.in_use == self.capacity;
        self.free.push(index);
        self.in_use -= 1;
        match (was_full, self.in_use) {
            (true, _) => Change::UsedAgain,
            (_, 0) => Change::NowEmpty,
            _ => Change::Same,
        }
    }
}

fn raw_pool<G: Geometry>(block_size: u32) -> SinglePool<Fast<G>> {
    // SAFETY: the reference's pool stays inside the stretch that it is given (I1 of kit::raw).
    let mem = unsafe { RawMemory::new() };
    let pool = SinglePool::new(mem, Silent, Fast::<G>::reference()).expect("one pool's bytes");
    pool.init(block_size);
    pool
}

/// Runs `program` on real memory and on the model; each block and each change must be the same.
fn against_the_model<G: Geometry>(program: &PoolProgram) {
    let pool = raw_pool::<G>(program.block_size);
    let mut model = Model::new(program.capacity(program.block_size));
    let mut held: BTreeMap<Name, Vec<(Block, u32)>> = BTreeMap::new();
    for op in &program.ops {
        match *op {
            PoolOp::Alloc(name) | PoolOp::AllocMany(name, _) => {
                let many = if let PoolOp::AllocMany(_, many) = *op { many } else { 1 };
                for _ in 0..many {
                    let ((block, change), (index, expected)) = (pool.alloc(), model.alloc());
                    assert_eq!(
                        (pool.layout().index_of(block), change),
                        (Some(index), expected),
                        "{}",
                        program.to_ops()
                    );
                    held.entry(name).or_default().push((block, index));
                }
            }
            PoolOp::Free(name) | PoolOp::FreeMany { name, .. } => {
                let mut blocks = held.remove(&name).expect("programs free what they hold");
                if matches!(op, PoolOp::FreeMany { backwards: true, .. }) {
                    blocks.reverse();
                }
                for (block, index) in blocks {
                    assert_eq!(pool.free(block), model.free(index), "{}", program.to_ops());
                }
            }
            PoolOp::Again(size) => {
                pool.init(size);
                model = Model::new(program.capacity(size));
            }
            PoolOp::Count => assert_eq!(pool.validate(), Ok(())),
        }
    }
}

#[test]
fn a_pool_is_a_stack_of_free_blocks_and_an_untouched_tail() {
    for seed in seeds(1500) {
        let program: PoolProgram = seeded(seed);
        if program.modern { against_the_model::<Modern>(&program) } else { against_the_model::<Classic>(&program) }
    }
}

fn facts(trace: &str) -> Vec<String> {
    trace.lines().filter(|line| !line.starts_with("   . ")).map(String::from).collect()
}

fn same_facts(socket: &Socket, scenario: &str) {
    let trace = trace_of(socket, scenario);
    assert!(!trace.contains("   ! "), "{trace}");
    assert_eq!(facts(&trace), facts_on_raw_memory(scenario), "{scenario}");
}

#[test]
fn random_programs_tell_the_same_facts_on_raw_and_on_checked_memory() {
    for seed in seeds(150) {
        same_facts(&Socket::Pool(&pool::Part), &seeded::<PoolProgram>(seed).to_ops());
        same_facts(&Socket::SizeClasses(&size_classes::Part), &seeded::<ClassProgram>(seed).to_ops());
    }
}

#[rstest]
fn scenarios_tell_the_same_facts_on_raw_and_on_checked_memory(
    #[files("../exercises/1[12]-*/scenarios/*.ops")] path: PathBuf,
) {
    let scenario = std::fs::read_to_string(&path).unwrap();
    let sockets = [Socket::SizeClasses(&size_classes::Part), Socket::Pool(&pool::Part)];
    let is_for = |socket: &&Socket| scenario.contains(&format!("use {} ", socket.id()));
    same_facts(sockets.iter().find(is_for).expect("a part of the heap"), &scenario);
}

#[rstest]
#[case(Alignment::Eight, 64)]
#[case(Alignment::Sixteen, 32)]
fn every_request_has_the_class_that_rounding_up_gives(#[case] align: Alignment, #[case] classes: u32) {
    let step = u64::from(align.bytes());
    assert_eq!(size_classes::Part.class_count(align), classes);
    for bytes in 1..=512u64 {
        let class = size_classes::Part.class_of(bytes, align).expect("pools serve it");
        assert_eq!(u64::from(size_classes::Part.block_size(class, align)), bytes.next_multiple_of(step));
    }
    for bytes in [0, 513, 1 << 20, u64::from(u32::MAX) + 17, u64::MAX] {
        assert_eq!(size_classes::Part.class_of(bytes, align), None);
    }
}

/// CPython prints these in `sys._debugmallocstats()`: blocks per pool are in-use and available blocks of one pool.
#[rstest]
#[case::of_16(0, 1021)]
#[case::of_32(1, 510)]
#[case::of_256(15, 63)]
#[case::of_512(31, 31)]
fn a_modern_pool_holds_as_many_blocks_as_cpython_prints(#[case] class: u32, #[case] blocks: u32) {
    assert_eq!(size_classes::Part.blocks_per_pool(ClassIndex(class), Alignment::Sixteen, Modern::POOL), blocks);
}
