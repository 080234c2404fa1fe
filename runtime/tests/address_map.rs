//! The address map against a list of arenas, and on both kinds of memory.

use check::random::address_map::{MapOp, MapProgram};
use check::random::{Program, seeded, seeds};
use kit::Addr;
use kit::address_map::{AddressMap, ENTRY, MapAt, Shape};
use kit::checked::CheckedMemory;
use kit::memory::Memory;
use rstest::rstest;
use runtime::heap::address_map;
use runtime::lab::{Socket, facts_on_raw_memory, trace_of};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The addresses that are looked at around each arena.
fn around(base: u64, size: u64) -> impl Iterator<Item = u64> {
    let border = base.div_ceil(size) * size;
    let places = [base, border, border.wrapping_add(size), base + size / 2, base.wrapping_add(size), base + (size - 1)];
    places.into_iter().flat_map(|at| [at.wrapping_sub(1), at, at.wrapping_add(1)])
}

fn against_a_list(program: &MapProgram) {
    let (mem, shape) = (CheckedMemory::default(), Shape::of(program.size() as u32));
    let map = MapAt(mem.map_zeroed(ENTRY << shape.root, 4096).expect("memory for the root"));
    let (mut ours, mut ever): (BTreeMap<u32, u64>, Vec<u64>) = Default::default();
    for op in &program.ops {
        match *op {
            MapOp::Insert(name, cell, offset) => {
                let base = cell * program.size() + offset;
                ever.push(base);
                if address_map::Part.insert(&mem, map, Addr(base), shape) {
                    ours.insert(name, base);
                }
            }
            MapOp::Remove(name) => {
                if let Some(base) = ours.remove(&name) {
                    address_map::Part.remove(&mem, map, Addr(base), shape);
                }
            }
            // Bytes, not nodes: enough to stop some inserts in the middle.
            MapOp::Limit(nodes) => mem.limit(nodes * (ENTRY << shape.middle)),
            MapOp::Ask(..) | MapOp::AskArena(_) | MapOp::Nodes => continue,
        }
        for at in ever.iter().flat_map(|base| around(*base, program.size())) {
            let wanted = ours.values().any(|base| (*base..=base + (program.size() - 1)).contains(&at));
            assert_eq!(address_map::Part.holds(&mem, map, Addr(at), shape), wanted, "{at:#x}\n{}", program.to_ops());
        }
    }
}

#[test]
fn a_map_is_a_list_of_arenas() {
    seeds(400).for_each(|seed| against_a_list(&seeded(seed)));
}

/// The pieces of an address are CPython's, and they are 64 bits together.
#[rstest]
#[case::classic(256 << 10, [16, 16, 14, 18])]
#[case::modern(1 << 20, [15, 15, 14, 20])]
fn shapes_are_those_of_cpython(#[case] arena: u32, #[case] bits: [u32; 4]) {
    let Shape { root, middle, bottom, offset } = Shape::of(arena);
    assert_eq!([root, middle, bottom, offset], bits);
    assert_eq!(bits.iter().sum::<u32>(), 64);
}

fn facts(trace: &str) -> Vec<String> {
    trace.lines().filter(|line| !line.starts_with("   . ")).map(String::from).collect()
}

/// A scenario in which memory ends tells of checked memory alone: only there can it be made to end.
fn same_facts(scenario: &str) {
    let trace = trace_of(&Socket::AddressMap(&address_map::Part), scenario);
    assert!(!trace.contains("   ! "), "{trace}");
    if !scenario.contains("\nlimit ") {
        assert_eq!(facts(&trace), facts_on_raw_memory(scenario), "{scenario}");
    }
}

#[test]
fn random_programs_tell_the_same_facts_on_raw_and_on_checked_memory() {
    for seed in seeds(100) {
        same_facts(&seeded::<MapProgram>(seed).to_ops());
    }
}

#[rstest]
fn scenarios_tell_the_same_facts_on_raw_and_on_checked_memory(
    #[files("../exercises/16-*/scenarios/*.ops")] path: PathBuf,
) {
    same_facts(&std::fs::read_to_string(&path).unwrap());
}
