//! The whole heap, on real memory: what CPython's programs observe of pymalloc, restated.
//!
//! Each test says in its name what was observed with real Pythons. Random programs are in `runtime/fuzz`.

use kit::Addr;
use kit::checked::CheckedMemory;
use kit::debug_hooks::Domain;
use kit::geometry::{Classic, Eight, Geometry, Modern};
use kit::memory::Memory;
use kit::observe::Silent;
use kit::raw::RawMemory;
use rstest::rstest;
use runtime::config::{Config, Fast};
use runtime::heap::domains::Domains;
use runtime::heap::hooks::{Fatal, Report};
use runtime::heap::machine::Heap;
use runtime::heap::requests::Requests;
use runtime::heap::view::Place;
use std::cell::RefCell;
use std::rc::Rc;

type Fastest<G> = Heap<Fast<G>>;

fn heap<G: Geometry>() -> Fastest<G> {
    // SAFETY: only the reference's parts run on it, and tests touch no more than they were given (I1 of kit::raw).
    let mem = unsafe { RawMemory::new() };
    Heap::new(mem, Silent, Fast::<G>::reference()).expect("memory for the tables")
}

fn many<G: Geometry>(heap: &Fastest<G>, bytes: u64, count: usize) -> Vec<Addr> {
    (0..count).map(|_| heap.malloc(bytes).expect("memory")).collect()
}

fn places<G: Geometry>(heap: &Fastest<G>, blocks: &[Addr]) -> Vec<Place> {
    blocks.iter().map(|block| heap.place(*block).expect("a block of a pool")).collect()
}

#[test]
fn what_was_freed_last_is_handed_out_first() {
    let heap = heap::<Modern>();
    let blocks = many(&heap, 48, 4);
    blocks.iter().for_each(|block| heap.free(*block));
    let again = many(&heap, 48, 4);
    assert_eq!(again, blocks.into_iter().rev().collect::<Vec<_>>());
}

#[test]
fn fresh_blocks_ascend_and_a_freed_one_wins_over_them() {
    let heap = heap::<Modern>();
    let blocks = many(&heap, 64, 3);
    let offsets: Vec<u32> = places(&heap, &blocks).iter().map(|place| place.offset).collect();
    assert_eq!(offsets, [48, 112, 176]);
    heap.free(blocks[1]);
    assert_eq!(many(&heap, 64, 2), [blocks[1], blocks[2].plus(64)]);
}

#[test]
fn a_stack_of_arrays_comes_back_in_its_own_order() {
    // A list of lists dies back to front: twice reversed is straight.
    let heap = heap::<Modern>();
    let blocks = many(&heap, 40, 5);
    blocks.iter().rev().for_each(|block| heap.free(*block));
    assert_eq!(many(&heap, 40, 5), blocks);
}

#[test]
fn blocks_begin_at_multiples_of_the_alignment() {
    let modern = heap::<Modern>();
    assert!((1..=512).all(|bytes| modern.malloc(bytes).unwrap().0.is_multiple_of(16)));
    let eight = heap::<Eight<Classic>>();
    let blocks: Vec<Addr> = (1..=512).map(|bytes| eight.malloc(bytes).unwrap()).collect();
    assert!(blocks.iter().all(|block| block.0.is_multiple_of(8)));
    assert!(blocks.iter().any(|block| !block.0.is_multiple_of(16)), "blocks of 8, 24, 40 ... bytes lie closer");
}

#[test]
fn a_pool_holds_7_or_31_blocks_of_512_and_begins_with_48_bytes() {
    fn pools_of_512<G: Geometry>(blocks_in_pool: usize) {
        let heap = heap::<G>();
        let blocks = places(&heap, &many(&heap, 512, blocks_in_pool + 1));
        assert!(blocks[..blocks_in_pool].iter().all(|block| block.pool == 0));
        assert_eq!(blocks[blocks_in_pool].pool, 1);
        assert_eq!(blocks[0].offset, 48);
    }
    pools_of_512::<Classic>(7);
    pools_of_512::<Modern>(31);
    pools_of_512::<Eight<Classic>>(7);
}

#[test]
fn blocks_are_counted_large_ones_too() {
    let heap = heap::<Modern>();
    let before = heap.allocated_blocks();
    let small = many(&heap, 48, 1000);
    let large = many(&heap, 2033, 100);
    assert_eq!(heap.allocated_blocks() - before, 1100);
    small.into_iter().chain(large).for_each(|block| heap.free(block));
    assert_eq!(heap.allocated_blocks(), before);
}

#[rstest]
#[case::three_quarters_and_a_byte(512, 385, true)]
#[case::three_quarters(512, 384, false)]
#[case::same_class_from_a_smaller_request(500, 512, true)]
#[case::out_of_the_pools(500, 513, false)]
#[case::of_the_class_not_of_the_request(112, 85, true)]
#[case::and_one_less(112, 84, false)]
#[case::to_one_byte(16, 1, false)]
#[case::to_none(16, 0, false)]
#[case::one_class_up(16, 17, false)]
fn realloc_stays_if_more_than_three_quarters_are_wanted(#[case] from: u64, #[case] to: u64, #[case] stays: bool) {
    let heap = heap::<Modern>();
    let block = heap.malloc(from).unwrap();
    heap.mem().fill(block, from, 0x5A);
    let moved = heap.realloc(block, to).unwrap();
    assert_eq!(moved == block, stays);
    assert!((0..from.min(to)).all(|offset| heap.mem().read_byte(moved.plus(offset)) == 0x5A));
    assert_eq!(heap.allocated_blocks(), 1);
    heap.free(moved);
}

#[test]
fn zero_bytes_and_more_than_512_are_the_raw_domains_and_stay_there() {
    let heap = heap::<Modern>();
    let blocks: Vec<Addr> = [0, 0, 513, 1 << 20].into_iter().map(|bytes| heap.malloc(bytes).unwrap()).collect();
    assert!(blocks.iter().all(|block| heap.place(*block).is_none()));
    assert_ne!(blocks[0], blocks[1]);
    heap.mem().write(blocks[2], 7);
    let moved = heap.realloc(blocks[2], 1).unwrap();
    assert!(heap.place(moved).is_none(), "one byte, and still the raw domain's");
    assert_eq!(heap.mem().read_byte(moved), 7);
    [blocks[0], blocks[1], moved, blocks[3]].into_iter().for_each(|block| heap.free(block));
    assert_eq!(heap.allocated_blocks(), 0);
}

#[test]
fn a_full_pool_that_gets_a_block_back_is_in_front() {
    let heap = heap::<Modern>();
    let blocks = many(&heap, 512, 31 * 12);
    let (p1, p2) = (&blocks[..31], &blocks[31..62]);
    [p1[3], p2[5], p1[6]].into_iter().for_each(|block| heap.free(block));
    assert_eq!(many(&heap, 512, 3), [p2[5], p1[6], p1[3]]);
}

#[test]
fn an_empty_pool_serves_any_class_and_keeps_its_list_for_its_own() {
    let heap = heap::<Modern>();
    let blocks = many(&heap, 64, 3);
    [1, 0, 2].into_iter().for_each(|index: usize| heap.free(blocks[index]));
    let again = many(&heap, 64, 3);
    assert_eq!(again, [blocks[2], blocks[0], blocks[1]], "the same class: nothing is done anew");
    again.into_iter().for_each(|block| heap.free(block));
    let other = places(&heap, &many(&heap, 512, 2));
    assert_eq!([(other[0].pool, other[0].offset), (other[1].pool, other[1].offset)], [(0, 48), (0, 560)]);
}

#[test]
fn the_fullest_arena_is_asked_first() {
    let heap = heap::<Classic>();
    let blocks = many(&heap, 512, 7 * 64 * 3);
    let arena = |index: usize| &blocks[7 * 64 * index..7 * 64 * (index + 1)];
    // Two pools of arena 0 come back, one of arena 2, three of arena 1.
    let pools = [(0, 2), (2, 1), (1, 3)];
    pools.into_iter().for_each(|(index, pools)| arena(index)[..7 * pools].iter().for_each(|block| heap.free(*block)));
    let served: Vec<u32> = places(&heap, &many(&heap, 512, 7 * 6)).iter().step_by(7).map(|place| place.arena).collect();
    assert_eq!(served, [2, 0, 0, 1, 1, 1]);
}

#[test]
fn an_arena_that_is_free_goes_back_unless_it_is_the_last_one() {
    let heap = heap::<Classic>();
    let blocks = many(&heap, 512, 7 * 64 * 3);
    assert_eq!(heap.seen().len(), 3);
    blocks.iter().for_each(|block| heap.free(*block));
    assert_eq!((heap.seen().len(), heap.allocated_blocks()), (1, 0));
    let stats = heap.stats();
    assert_eq!(stats.arenas, (3, 3, 1));
    assert!(heap.malloc(1).is_some());
    assert_eq!(heap.stats().arenas, (3, 3, 1), "the spare one serves");
}

#[test]
fn one_block_keeps_an_arena() {
    let heap = heap::<Modern>();
    let blocks = many(&heap, 512, 31 * 64 * 4);
    let kept: Vec<Addr> = blocks.iter().copied().step_by(31 * 64).collect();
    blocks.iter().filter(|block| !kept.contains(block)).for_each(|block| heap.free(*block));
    assert_eq!((heap.allocated_blocks(), heap.seen().len()), (4, 4));
}

#[test]
fn numbers_that_nobody_can_serve_are_refused() {
    let heap = heap::<Modern>();
    for bytes in [1 << 62, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX] {
        assert_eq!(heap.malloc(bytes), None);
        assert_eq!(heap.calloc(1, bytes), None);
    }
    assert_eq!(heap.calloc(1 << 33, 1 << 33), None, "the product does not fit");
    let block = heap.malloc(100).unwrap();
    heap.mem().write(block, 42);
    assert_eq!(heap.realloc(block, u64::MAX), None);
    assert_eq!(heap.realloc(block, 1 << 60), None);
    assert_eq!((heap.mem().read(block), heap.allocated_blocks()), (42, 1));
}

#[test]
fn calloc_gives_zeros_in_a_used_block_too() {
    let heap = heap::<Modern>();
    for bytes in [1, 24, 512, 513, 5000] {
        let block = heap.malloc(bytes).unwrap();
        heap.mem().fill(block, bytes, 0xFF);
        heap.free(block);
        let zeroed = heap.calloc(bytes, 1).unwrap();
        assert!((0..bytes).all(|offset| heap.mem().read_byte(zeroed.plus(offset)) == 0));
        heap.free(zeroed);
    }
}

#[test]
fn every_byte_of_every_arena_is_accounted_for() {
    let heap = heap::<Modern>();
    let blocks: Vec<Addr> = (0..20_000).map(|n| heap.malloc(1 + n * 7919 % 512).unwrap()).collect();
    blocks.iter().step_by(3).for_each(|block| heap.free(*block));
    let stats = heap.stats();
    assert!(stats.arenas.2 > 1);
    assert_eq!(stats.total(), stats.arena_bytes());
    assert_eq!(stats.map.0, [1, 1]);
}

/// CPython 3.11.7 printed these lines (`sys._debugmallocstats()`) for an interpreter that had just started: one arena, and
/// so many blocks of 16 and of 400 bytes among others.
#[test]
fn statistics_have_the_lines_of_debugmallocstats() {
    let heap = heap::<Modern>();
    many(&heap, 16, 18);
    many(&heap, 400, 65);
    let printed = heap.stats().to_string();
    let expected = [
        "Small block threshold = 512, in 32 size classes.",
        "class   size   num pools   blocks in use  avail blocks",
        "    0     16           1              18          1003",
        "   24    400           2              65            15",
        "# arenas allocated total           =                    1",
        "1 arenas * 1048576 bytes/arena     =            1,048,576",
        "# bytes lost to arena map root     =              262,144",
        "# bytes lost to arena map bot      =              131,072",
        "Total                              =            1,048,576",
        "Total                              =              655,360",
    ];
    for line in expected {
        assert!(printed.lines().any(|printed| printed == line), "{line}\nis not in\n{printed}");
    }
}

#[test]
fn out_of_memory_is_a_value() {
    let heap = Heap::<runtime::config::Lab<Classic>>::new(
        CheckedMemory::default(),
        kit::observe::Recorder::of_facts(|_| {}),
        runtime::config::Lab::<Classic>::reference(),
    );
    let heap = heap.expect("memory for the tables");
    let part = &runtime::heap::allocator::Part;
    let ask = |bytes| kit::allocator::Allocator::malloc(part, &heap, bytes);
    let first = ask(512).expect("an arena");
    heap.mem().limit(0);
    let rest = std::iter::from_fn(|| ask(512)).count();
    assert_eq!(rest, 7 * 64 - 1, "the arena serves to its last block");
    assert_eq!(ask(16), None);
    assert_eq!(ask(513), None);
    assert_eq!(kit::allocator::Allocator::realloc(part, &heap, first, 600), None);
    kit::allocator::Allocator::free(part, &heap, first);
    assert_eq!(ask(500), Some(first));
    heap.mem().limit(1 << 30);
    assert!(ask(16).is_some() && ask(513).is_some());
}

/// Domains with debug hooks, and what the hooks told.
fn hooked() -> (Domains<Fast<Modern>>, Rc<RefCell<Vec<Report>>>) {
    let told = Rc::new(RefCell::new(vec![]));
    let sink = told.clone();
    let fatal: Fatal = Rc::new(move |report| sink.borrow_mut().push(report.clone()));
    let domains = Domains::new(Rc::new(heap::<Modern>()));
    let holds_gil: Rc<dyn Fn() -> bool> = Rc::new(|| true);
    domains.set_up_debug_hooks(&fatal, &holds_gil);
    (domains, told)
}

fn bytes_at(domains: &Domains<Fast<Modern>>, at: Addr, from: i64, to: i64) -> String {
    let byte = |offset: i64| domains.heap().mem().read_byte(at.plus(offset as u64));
    (from..to).map(|offset| format!("{:02x}", byte(offset))).collect()
}

#[rstest]
#[case(Domain::Mem, "6d")]
#[case(Domain::Object, "6f")]
#[case(Domain::Raw, "72")]
fn a_debug_block_has_the_layout_of_cpython(#[case] domain: Domain, #[case] letter: &str) {
    let (domains, told) = hooked();
    let at = domains.get(domain).malloc(20).unwrap();
    assert_eq!(bytes_at(&domains, at, -16, 0), format!("0000000000000014{letter}fdfdfdfdfdfdfd"));
    assert_eq!(bytes_at(&domains, at, 0, 20), "cd".repeat(20));
    assert_eq!(bytes_at(&domains, at, 20, 28), "fd".repeat(8));
    let zeroed = domains.get(domain).calloc(4, 5).unwrap();
    assert_eq!(bytes_at(&domains, zeroed, 0, 28), "00".repeat(20) + &"fd".repeat(8));
    domains.get(domain).free(Some(at));
    if domain != Domain::Raw && !cfg!(asan) {
        // The allocator's own link lies in the first bytes; the rest is dead.
        assert_eq!(bytes_at(&domains, at, 0, 20), "dd".repeat(20));
    }
    domains.get(domain).free(Some(zeroed));
    assert!(told.borrow().is_empty());
}

#[rstest]
#[case::overrun(20, Domain::Object, "free: bad trailing pad byte", "at tail+0: 0x41 *** OUCH")]
#[case::underrun(-1, Domain::Object, "free: bad leading pad byte", "at p-1: 0x41 *** OUCH")]
#[case::wrong_domain(
    0,
    Domain::Mem,
    "free: bad ID: allocated using API 'o', verified using API 'm'",
    "20 bytes originally requested"
)]
fn hooks_tell_the_three_faults(
    #[case] offset: i64,
    #[case] freed: Domain,
    #[case] message: &str,
    #[case] in_dump: &str,
) {
    let (domains, told) = hooked();
    let at = domains.get(Domain::Object).malloc(20).unwrap();
    domains.heap().mem().write_byte(at.plus(offset as u64), 0x41);
    domains.get(freed).free(Some(at));
    let told = told.borrow();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].message, message);
    assert!(told[0].dump.contains(in_dump), "{}", told[0].dump);
    assert_eq!(domains.heap().allocated_blocks(), 1, "the block did not go back");
}

#[test]
#[cfg_attr(asan, ignore = "it looks at a freed block, and the sanitizer ends it for that")]
fn a_block_that_goes_back_twice_has_no_letter() {
    let (domains, told) = hooked();
    let object = domains.get(Domain::Object);
    let at = object.malloc(20).unwrap();
    object.free(Some(at));
    object.free(Some(at));
    assert_eq!(told.borrow()[0].message, "free: bad ID: allocated using API 0xdd, verified using API 'o'");
}

#[rstest]
#[case(10, 20)]
#[case(20, 10)]
#[case(100, 300)]
#[case(300, 100)]
#[case(300, 5000)]
#[case(5000, 300)]
#[case(130, 128)]
#[case(128, 130)]
#[case(7, 0)]
fn realloc_under_hooks_keeps_the_content_and_marks_growth_clean(#[case] from: u64, #[case] to: u64) {
    let (domains, told) = hooked();
    let object = domains.get(Domain::Object);
    let at = object.malloc(from).unwrap();
    (0..from).for_each(|offset| domains.heap().mem().write_byte(at.plus(offset), offset as u8));
    let moved = object.realloc(Some(at), to).unwrap();
    let read = |offset| domains.heap().mem().read_byte(moved.plus(offset));
    assert!((0..from.min(to)).all(|offset| read(offset) == offset as u8));
    assert!((from..to).all(|offset| read(offset) == 0xCD));
    object.free(Some(moved));
    assert!(told.borrow().is_empty(), "{:?}", told.borrow());
    assert_eq!(domains.heap().allocated_blocks(), 0);
}

#[test]
fn hooks_want_the_gil_for_objects_but_not_for_raw_memory() {
    let told = Rc::new(RefCell::new(vec![]));
    let sink = told.clone();
    let fatal: Fatal = Rc::new(move |report| sink.borrow_mut().push(report.message.clone()));
    let domains = Domains::new(Rc::new(heap::<Modern>()));
    let holds_gil: Rc<dyn Fn() -> bool> = Rc::new(|| false);
    domains.set_up_debug_hooks(&fatal, &holds_gil);
    let raw = domains.get(Domain::Raw).malloc(20);
    assert!(raw.is_some());
    domains.get(Domain::Raw).free(raw);
    assert_eq!(domains.get(Domain::Object).malloc(20), None);
    assert_eq!(*told.borrow(), ["malloc: the caller does not hold the GIL"]);
}

/// Who serves a domain can be replaced: here, by somebody who counts and passes on.
#[test]
fn a_domains_allocator_can_be_replaced() {
    struct Counting(Rc<dyn Requests>, std::cell::Cell<u64>);
    impl Requests for Counting {
        fn malloc(&self, bytes: u64) -> Option<Addr> {
            self.1.set(self.1.get() + 1);
            self.0.malloc(bytes)
        }
        fn calloc(&self, count: u64, each: u64) -> Option<Addr> {
            self.0.calloc(count, each)
        }
        fn realloc(&self, at: Option<Addr>, bytes: u64) -> Option<Addr> {
            self.0.realloc(at, bytes)
        }
        fn free(&self, at: Option<Addr>) {
            self.0.free(at);
        }
    }
    let domains = Domains::new(Rc::new(heap::<Modern>()));
    let before = domains.get(Domain::Object);
    let counting = Rc::new(Counting(before.clone(), Default::default()));
    domains.set(Domain::Object, counting.clone());
    let at = domains.get(Domain::Object).malloc(40);
    domains.get(Domain::Mem).malloc(40);
    assert_eq!(counting.1.get(), 1);
    domains.get(Domain::Object).free(at);
    domains.set(Domain::Object, before);
    domains.get(Domain::Object).malloc(40);
    assert_eq!(counting.1.get(), 1);
}
