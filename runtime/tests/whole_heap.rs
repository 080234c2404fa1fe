//! The whole heap, on real memory: what CPython's programs observe of pymalloc, restated.

use kit::Addr;
use kit::geometry::{Classic, Eight, Geometry, Modern};
use kit::memory::Memory;
use kit::observe::Silent;
use kit::raw::RawMemory;
use runtime::config::{Config, Fast};
use runtime::heap::machine::Heap;

type Fastest<G> = Heap<Fast<G>>;

fn heap<G: Geometry>() -> Fastest<G> {
    // SAFETY: only the reference's parts run on it, and tests touch no more than they were given (I1 of kit::raw).
    let mem = unsafe { RawMemory::new() };
    Heap::new(mem, Silent, Fast::<G>::reference()).expect("memory for the tables")
}

fn many<G: Geometry>(heap: &Fastest<G>, bytes: u64, count: usize) -> Vec<Addr> {
    (0..count).map(|_| heap.malloc(bytes).expect("memory")).collect()
}

#[test]
fn freed_blocks_come_back_last_in_first_out() {
    let heap = heap::<Modern>();
    let blocks = many(&heap, 48, 4);
    blocks.iter().for_each(|block| heap.free(*block));
    let again = many(&heap, 48, 4);
    assert_eq!(again, blocks.into_iter().rev().collect::<Vec<_>>());
}

#[test]
fn geometry_is_that_of_the_version() {
    fn pools_of_512<G: Geometry>(blocks_in_pool: usize) {
        let heap = heap::<G>();
        let blocks = many(&heap, 512, blocks_in_pool + 1);
        let pool = |block: &Addr| heap.place(*block).unwrap().pool;
        assert!(blocks[..blocks_in_pool].iter().all(|block| pool(block) == 0));
        assert_eq!(pool(&blocks[blocks_in_pool]), 1);
        assert_eq!(heap.place(blocks[0]).unwrap().offset, 48);
    }
    pools_of_512::<Classic>(7);
    pools_of_512::<Modern>(31);
    pools_of_512::<Eight<Classic>>(7);
}

#[test]
fn an_arena_that_is_empty_goes_back_unless_it_is_the_last_one() {
    let heap = heap::<Classic>();
    let blocks = many(&heap, 512, 7 * 64 * 3);
    assert_eq!(heap.seen().len(), 3);
    blocks.iter().for_each(|block| heap.free(*block));
    assert_eq!(heap.seen().len(), 1);
    assert_eq!(heap.allocated_blocks(), 0);
    assert!(heap.malloc(1).is_some());
}

#[test]
fn large_requests_and_none_are_the_raw_domains() {
    let heap = heap::<Modern>();
    let blocks: Vec<Addr> = [0, 0, 513, 1 << 20].into_iter().map(|bytes| heap.malloc(bytes).unwrap()).collect();
    assert!(blocks.iter().all(|block| heap.place(*block).is_none()));
    assert_ne!(blocks[0], blocks[1]);
    assert_eq!(heap.allocated_blocks(), 4);
    heap.mem().write(blocks[2], 7);
    let moved = heap.realloc(blocks[2], 1).unwrap();
    assert!(heap.place(moved).is_none());
    assert_eq!(heap.mem().read_byte(moved), 7);
    [blocks[0], blocks[1], moved, blocks[3]].into_iter().for_each(|block| heap.free(block));
    assert_eq!(heap.allocated_blocks(), 0);
    assert_eq!(heap.malloc(u64::MAX), None);
    assert_eq!(heap.malloc(1 << 62), None);
}
