//! What a part can do wrong, kind by kind: the sentence that its author reads, in full, and the line that it names.
//!
//! Checked memory sees what is done to words, the service under an allocator what is done to pools and blocks. A sentence
//! says who did what, and why that cannot be right; a beginner needs no more to find the place.

use kit::allocator::{Addr, Block, ClassIndex, PoolAt, Pools};
use kit::checked::CheckedMemory;
use kit::geometry::Classic;
use kit::memory::{Field, Memory};
use kit::misuse::{Misuse, Watch};
use kit::observe::Recorder;
use kit::owner::{Owner, Rights, State, States};
use rstest::rstest;
use runtime::config::{Config, Lab};
use runtime::heap::machine::Heap;
use runtime::lab::LabPools;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

/// The line that a misuse names has this call in it.
#[track_caller]
fn assert_said(misuse: &Misuse, sentence: &str, call: &str) {
    assert_eq!(misuse.sentence, sentence);
    let (file, line) = misuse.place.rsplit_once(':').unwrap();
    let line = include_str!("misuse.rs").lines().nth(line.parse::<usize>().unwrap() - 1).unwrap();
    assert!(file.ends_with("misuse.rs") && line.contains(call), "{} is the line {line}", misuse.place);
}

const HALF: Field<u32> = Field::at(4, "HALF");
const READS: States = States::of(&[State::Header, State::FreeLink, State::Untouched]);
const WRITES: States = States::of(&[State::FreeLink, State::FreeBody, State::Untouched]);

/// A stretch of 80 bytes, and what the function may do with it:
///
/// ```text
/// 0        8        16       24          40          56                  72       80
/// | HEADER | FOREIGN| HELD   | FREE BODY | HEADER,   | UNTOUCHED         | ...    |
///   read                       write      not written  write up to here
/// ```
fn stretch(mem: &CheckedMemory) -> (Addr, Rights) {
    let at = mem.map(80, 64).unwrap();
    (0..5).for_each(|word| mem.write(at.plus(word * 8), word));
    let states = [(0, 8, State::Header), (8, 8, State::Foreign), (16, 8, State::Held), (24, 16, State::FreeBody)];
    states.into_iter().for_each(|(offset, bytes, state)| mem.mark(at.plus(offset), bytes, state));
    mem.mark(at.plus(40), 16, State::Header);
    (at, Rights { during: "alloc", read: READS, write: WRITES, untouched_from: at.plus(72) })
}

/// What a function does with the stretch.
type Touch = fn(&CheckedMemory, Addr);

#[rstest]
#[case::reads_a_block_of_the_program(
    "read 0x100000010, but the program holds that block",
    "mem.read",
    |mem: &CheckedMemory, at: Addr| _ = mem.read(at.plus(16)),
)]
#[case::writes_into_it(
    "wrote to 0x100000010, but the program holds that block",
    "mem.write",
    |mem: &CheckedMemory, at: Addr| mem.write(at.plus(16), 1),
)]
#[case::reads_a_field_of_another_part(
    "read 0x100000008, but that field belongs to another part",
    "mem.read",
    |mem: &CheckedMemory, at: Addr| _ = mem.read(at.plus(8)),
)]
#[case::writes_a_field_of_another_part(
    "wrote to 0x10000000c, but that field belongs to another part",
    "mem.set",
    |mem: &CheckedMemory, at: Addr| mem.set(at.plus(8), HALF, 1),
)]
#[case::reads_what_nobody_wrote(
    "read 0x100000038, but nobody ever wrote there",
    "mem.read",
    |mem: &CheckedMemory, at: Addr| _ = mem.read(at.plus(56)),
)]
#[case::reads_a_field_before_it_is_written(
    "read 0x100000028, but nothing was ever written there",
    "mem.read",
    |mem: &CheckedMemory, at: Addr| _ = mem.read(at.plus(40)),
)]
#[case::touches_a_block_too_early(
    "wrote to 0x100000048, but that block is not needed yet, so nobody may touch it",
    "mem.write",
    |mem: &CheckedMemory, at: Addr| mem.write(at.plus(72), 1),
)]
#[case::reads_what_is_left_in_a_free_block(
    "read 0x100000020, but what lies there is what the program left behind",
    "mem.read",
    |mem: &CheckedMemory, at: Addr| _ = mem.read(at.plus(32)),
)]
#[case::writes_what_it_may_only_read(
    "wrote to 0x100000000, but this function has no business there",
    "mem.write",
    |mem: &CheckedMemory, at: Addr| mem.write(at, 1),
)]
#[case::reads_half_a_word_that_is_written(
    "read 0x10000003c, but nobody ever wrote there",
    "mem.read(",
    |mem: &CheckedMemory, at: Addr| { mem.write_half(at.plus(56), 1); mem.read(at.plus(56)); },
)]
#[case::reads_a_word_of_one_byte(
    "read 0x100000038, but nothing was ever written there",
    "mem.read(",
    |mem: &CheckedMemory, at: Addr| { mem.write_byte(at.plus(56), 1); mem.read(at.plus(56)); },
)]
#[case::reads_a_byte_beside_the_written_one(
    "read 0x100000039, but nothing was ever written there",
    "mem.read_byte",
    |mem: &CheckedMemory, at: Addr| { mem.write_byte(at.plus(56), 1); mem.read_byte(at.plus(57)); },
)]
#[case::follows_a_link_to_nothing(
    "read 0x10, but nothing lies there: a link to nothing was followed, or a small number",
    "mem.read",
    |mem: &CheckedMemory, _: Addr| _ = mem.read(Addr(0).plus(16)),
)]
#[case::goes_past_the_end(
    "read 0x100000050, but nobody asked the system for that memory",
    "mem.read",
    |mem: &CheckedMemory, at: Addr| _ = mem.read(at.plus(80)),
)]
#[case::fills_past_the_end(
    "wrote to 0x100000050, but nobody asked the system for that memory",
    "mem.fill",
    |mem: &CheckedMemory, at: Addr| { mem.mark(at, 80, State::FreeLink); mem.fill(at, 81, 0xDD); },
)]
#[case::goes_round_the_end_of_all_addresses(
    "wrote to 0xfffffffffffffff8, but nobody asked the system for that memory",
    "mem.write",
    |mem: &CheckedMemory, at: Addr| mem.write(at.plus(0u64.wrapping_sub(at.0 + 8)), 1),
)]
#[case::reads_a_word_from_its_middle(
    "read 0x100000004, but a word begins at a multiple of 8",
    "mem.read",
    |mem: &CheckedMemory, at: Addr| _ = mem.read(at.plus(4)),
)]
#[case::writes_a_half_from_its_middle(
    "wrote to 0x10000003a, but half a word begins at a multiple of 4",
    "mem.write_half",
    |mem: &CheckedMemory, at: Addr| mem.write_half(at.plus(58), 1),
)]
#[case::gives_back_the_middle(
    "released 0x100000008, but no stretch begins there",
    "mem.release",
    |mem: &CheckedMemory, at: Addr| mem.release(at.plus(8), 72, 64),
)]
#[case::gives_back_too_little(
    "released 64 bytes at 0x100000000, but that stretch has 80",
    "mem.release",
    |mem: &CheckedMemory, at: Addr| mem.release(at, 64, 64),
)]
#[case::gives_back_twice(
    "released 0x100000000, but that memory went back already",
    "mem.release",
    |mem: &CheckedMemory, at: Addr| { mem.release(at, 80, 64); mem.release(at, 80, 64); },
)]
#[case::reads_what_went_back(
    "read 0x100000000, but that memory went back to the system",
    "mem.read",
    |mem: &CheckedMemory, at: Addr| { mem.release(at, 80, 64); mem.read(at); },
)]
fn memory_says_what_is_wrong(#[case] sentence: &str, #[case] call: &str, #[case] part: Touch) {
    let mem = CheckedMemory::default();
    let (at, rights) = stretch(&mem);
    let caught = catch_unwind(AssertUnwindSafe(|| mem.call(rights, || part(&mem, at))));
    assert!(caught.is_err(), "nobody objected");
    assert_said(&mem.misused().unwrap(), &format!("alloc {sentence}"), call);
}

const OF_512: ClassIndex = ClassIndex(31);

/// A pool of seven blocks, in its list, with one block out.
fn one_block(pools: &LabPools) -> (PoolAt, Block) {
    let pool = pools.new_pool(OF_512).unwrap();
    pools.put_first(OF_512, pool);
    (pool, pools.alloc(pool).0)
}

/// What an allocator does.
type Ask = fn(&LabPools);

#[rstest]
#[case::takes_a_block_back_twice(
    "free was called with something that is no block in use of that pool",
    "p.free",
    |p: &LabPools| {
        let (pool, block) = one_block(p);
        p.alloc(pool);
        p.free(pool, block);
        p.free(pool, block);
    },
)]
#[case::takes_a_block_into_another_pool(
    "free was called with something that is no block in use of that pool",
    "p.free",
    |p: &LabPools| { let (_, block) = one_block(p); p.free(p.new_pool(ClassIndex(0)).unwrap(), block); },
)]
#[case::takes_the_middle_of_a_block(
    "free was called with something that is no block in use of that pool",
    "p.free",
    |p: &LabPools| { let (pool, block) = one_block(p); p.free(pool, Block(block.0.plus(16))); },
)]
#[case::asks_a_full_pool(
    "alloc was called with a full pool (I3)",
    "p.alloc",
    |p: &LabPools| { let (pool, _) = one_block(p); (0..7).for_each(|_| _ = p.alloc(pool)); },
)]
#[case::asks_a_pool_that_went_back(
    "alloc was called with a pool that is in its arena, or with no pool at all",
    "p.alloc",
    |p: &LabPools| { let pool = p.new_pool(OF_512).unwrap(); p.give_back(pool); p.alloc(pool); },
)]
#[case::gives_a_pool_back_that_is_in_use(
    "give_back was called with a pool that has 1 blocks in use (I4)",
    "p.give_back",
    |p: &LabPools| { let (pool, _) = one_block(p); p.give_back(pool); },
)]
#[case::gives_a_pool_back_that_is_in_its_list(
    "give_back was called with a pool that is still in its used list (I4)",
    "p.give_back",
    |p: &LabPools| { let (pool, block) = one_block(p); p.free(pool, block); p.give_back(pool); },
)]
#[case::lists_a_pool_twice(
    "put_first was called with a pool that is in its used list already (I1)",
    "p.put_first",
    |p: &LabPools| { let (pool, _) = one_block(p); p.put_first(OF_512, pool); },
)]
#[case::lists_a_pool_in_another_class(
    "put_first was to put a pool of class 31 into the list of class 3 (I1)",
    "p.put_first",
    |p: &LabPools| { let pool = p.new_pool(OF_512).unwrap(); p.put_first(ClassIndex(3), pool); },
)]
#[case::takes_a_pool_out_twice(
    "take_out was called with a pool that is in no used list (I1)",
    "p.take_out",
    |p: &LabPools| { let (pool, _) = one_block(p); p.take_out(pool); p.take_out(pool); },
)]
#[case::wants_a_new_pool_too_early(
    "new_pool was called although class 31 has a used pool (I2)",
    "p.new_pool",
    |p: &LabPools| { one_block(p); p.new_pool(OF_512); },
)]
#[case::wants_nothing_from_the_raw_domain(
    "raw_malloc was asked for 0 bytes (I5)",
    "p.raw_malloc",
    |p: &LabPools| _ = p.raw_malloc(0),
)]
#[case::gives_a_block_to_the_wrong_one(
    "raw_free was called with a block that the raw domain did not give",
    "p.raw_free",
    |p: &LabPools| { let (_, block) = one_block(p); p.raw_free(block.0); },
)]
#[case::copies_too_much(
    "copy was to copy 513 bytes, but `from` has only 512 (I6)",
    "p.copy",
    |p: &LabPools| { let (_, block) = one_block(p); p.copy(block.0, p.raw_malloc(600).unwrap(), 513); },
)]
#[case::copies_out_of_a_free_block(
    "copy was called with a `from` that is no block in use",
    "p.copy",
    |p: &LabPools| {
        let (pool, block) = one_block(p);
        p.free(pool, block);
        p.copy(block.0, p.raw_malloc(600).unwrap(), 8);
    },
)]
fn the_service_says_what_is_wrong(#[case] sentence: &str, #[case] call: &str, #[case] part: Ask) {
    let (watch, recorder) = (Rc::<Watch>::default(), Recorder::of_facts(|_| {}));
    let mem = CheckedMemory::new(watch.clone());
    let heap = Heap::<Lab<Classic>>::new(mem, recorder.clone(), Lab::<Classic>::reference()).unwrap();
    let pools = LabPools::new(Rc::new(heap), watch.clone(), recorder);
    let caught = catch_unwind(AssertUnwindSafe(|| part(&pools)));
    assert!(caught.is_err(), "nobody objected");
    assert_said(&watch.first().unwrap(), sentence, call);
}
