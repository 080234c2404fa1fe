//! AddressSanitizer sees what nobody may touch: free blocks of a pool, what no pool handed out yet, and the part of an
//! arena that is not carved.
//!
//! Built with `--cfg asan` only. Each test starts itself again, and the child does what a bad program does.
#![cfg(asan)]

use kit::Addr;
use kit::geometry::{Classic, Modern};
use kit::memory::Memory;
use kit::observe::Silent;
use kit::raw::RawMemory;
use rstest::rstest;
use runtime::config::{Config, Fast};
use runtime::heap::machine::Heap;
use runtime::heap::single::SinglePool;
use std::process::Command;

const CHILD: &str = "DOES_WHAT_A_BAD_PROGRAM_DOES";

/// What a bad program does with a heap that has handed out a block.
type Bad = fn(&Heap<Fast<Modern>>, Addr);

#[rstest]
#[case::reads_a_block_that_went_back("use-after-poison", |heap: &Heap<Fast<Modern>>, block: Addr| {
    heap.free(block);
    println!("{}", heap.mem().read(block.plus(8)));
})]
#[case::writes_into_a_block_that_went_back("use-after-poison", |heap: &Heap<Fast<Modern>>, block: Addr| {
    heap.free(block);
    heap.mem().write_byte(block.plus(63), 1);
})]
#[case::writes_behind_the_last_block("use-after-poison", |heap: &Heap<Fast<Modern>>, block: Addr| {
    // The first word of the next block may become a link; what is behind it is nobody's.
    heap.mem().fill(block, 64 + 9, 1);
})]
#[case::reads_what_no_pool_handed_out("use-after-poison", |heap: &Heap<Fast<Modern>>, block: Addr| {
    println!("{}", heap.mem().read(block.plus(10 * 64 + 8)));
})]
#[case::reads_a_pool_that_was_not_carved("use-after-poison", |heap: &Heap<Fast<Modern>>, block: Addr| {
    println!("{}", heap.mem().read(block.plus(3 * 16384)));
})]
#[case::writes_into_the_arenas_last_byte("use-after-poison", |heap: &Heap<Fast<Modern>>, _: Addr| {
    heap.mem().write_byte(heap.seen()[0].base.plus((1 << 20) - 1), 1);
})]
#[case::reads_a_large_block_that_went_back("heap-use-after-free", |heap: &Heap<Fast<Modern>>, _: Addr| {
    let block = heap.malloc(5000).unwrap();
    heap.free(block);
    println!("{}", heap.mem().read(block));
})]
#[case::writes_behind_a_large_block("heap-buffer-overflow", |heap: &Heap<Fast<Modern>>, _: Addr| {
    let block = heap.malloc(5000).unwrap();
    heap.mem().write_byte(block.plus(5000), 1);
})]
#[case::reads_an_arena_that_went_back("heap-use-after-free", |heap: &Heap<Fast<Modern>>, first: Addr| {
    let blocks: Vec<Addr> = (0..31 * 64 * 2).map(|_| heap.malloc(512).unwrap()).collect();
    heap.free(first);
    blocks.iter().rev().for_each(|block| heap.free(*block));
    let left = heap.seen()[0].base;
    let gone = blocks.iter().rev().find(|block| block.since(left) >= 1 << 20).unwrap();
    println!("{}", heap.mem().read(*gone));
})]
fn the_sanitizer_stops_who(#[case] what: &str, #[case] bad: Bad) {
    if std::env::var_os(CHILD).is_some() {
        // SAFETY: not kept, on purpose: the sanitizer must see it.
        let mem = unsafe { RawMemory::new() };
        let heap = Heap::new(mem, Silent, Fast::<Modern>::reference()).unwrap();
        let block = heap.malloc(64).unwrap();
        return bad(&heap, block);
    }
    let me = std::thread::current().name().map(String::from).expect("a test has a name");
    assert_stopped(&me, what);
}

#[test]
fn the_sanitizer_stops_who_reads_a_free_block_of_one_pool() {
    if std::env::var_os(CHILD).is_some() {
        // SAFETY: not kept, on purpose: the block is read after it went back, and the sanitizer must see it.
        let mem = unsafe { RawMemory::new() };
        let pool = SinglePool::<Fast<Classic>>::new(mem, Silent, Fast::reference()).unwrap();
        pool.init(64);
        let (block, _) = pool.alloc();
        pool.mem().write(block.0.plus(8), 7);
        pool.free(block);
        println!("{}", pool.mem().read(block.0.plus(8)));
        return;
    }
    assert_stopped("the_sanitizer_stops_who_reads_a_free_block_of_one_pool", "use-after-poison");
}

/// Runs the test of this name once more, as a child: the sanitizer ends it and says `what`.
#[track_caller]
fn assert_stopped(test: &str, what: &str) {
    let me = std::env::current_exe().unwrap();
    let run = Command::new(me).args(["--exact", test]).env(CHILD, "1").output().unwrap();
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(!run.status.success() && said.contains(what), "{said}");
}
