//! Debug hooks against a model, and on both kinds of memory.
//!
//! The model keeps a block as a vector of bytes and judges it anew for each question.

use check::random::debug_hooks::{HooksOp, HooksProgram};
use check::random::{Program, seeded, seeds};
use kit::checked::CheckedMemory;
use kit::debug_hooks::{Addr, DebugHooks, Domain, Fault};
use kit::memory::Memory;
use rstest::rstest;
use runtime::heap::debug_hooks;
use runtime::lab::{Socket, facts_on_raw_memory, trace_of};
use std::path::PathBuf;

const DOMAINS: [Domain; 3] = [Domain::Raw, Domain::Mem, Domain::Object];

/// A block as it should be, byte by byte, coat and all.
struct Block {
    at: Addr,
    asked: usize,
    bytes: Vec<u8>,
}

impl Block {
    fn dressed(at: Addr, asked: u64, domain: Domain) -> Block {
        let letter = match domain {
            Domain::Raw => b'r',
            Domain::Mem => b'm',
            Domain::Object => b'o',
        };
        let mut bytes: Vec<u8> = (0..8).rev().map(|place| (asked >> (8 * place)) as u8).collect();
        bytes.push(letter);
        bytes.resize(16, 0xFD);
        bytes.resize(16 + asked as usize, 0xCD);
        bytes.resize(24 + asked as usize, 0xFD);
        Block { at, asked: asked as usize, bytes }
    }

    fn judged(&self, domain: Domain) -> Result<u64, Fault> {
        let whole = |bytes: &[u8]| bytes.iter().all(|byte| *byte == 0xFD);
        if self.bytes[8] != domain.letter() {
            Err(Fault::BadId(self.bytes[8]))
        } else if !whole(&self.bytes[9..16]) {
            Err(Fault::BadLeadingPad)
        } else if !whole(&self.bytes[16 + self.asked..]) {
            Err(Fault::BadTrailingPad)
        } else {
            Ok(self.asked as u64)
        }
    }
}

fn against_the_model(program: &HooksProgram) {
    let (mem, part) = (CheckedMemory::default(), debug_hooks::Part);
    let mut blocks: Vec<Block> = vec![];
    for op in &program.ops {
        match *op {
            HooksOp::Malloc(_, bytes, domain) => {
                let start = mem.map(bytes + 24, 16).expect("memory");
                mem.fill(start, bytes + 24, 0xCD);
                assert_eq!(part.dress(&mem, start, bytes, DOMAINS[domain]), start.plus(16));
                blocks.push(Block::dressed(start, bytes, DOMAINS[domain]));
            }
            HooksOp::Write(name, index, byte) => {
                let block = &mut blocks[name as usize];
                block.bytes[(16 + index) as usize] = byte;
                mem.write_byte(block.at.plus((16 + index) as u64), byte);
            }
            HooksOp::Look(_) => {}
            HooksOp::Check(name, domain) => {
                let block = &blocks[name as usize];
                let judged = part.check(&mem, block.at.plus(16), DOMAINS[domain]);
                assert_eq!(judged, block.judged(DOMAINS[domain]), "{}", program.to_ops());
            }
            HooksOp::Free(name, domain) => {
                let block = &mut blocks[name as usize];
                let judged = part.check(&mem, block.at.plus(16), DOMAINS[domain]);
                assert_eq!(judged, block.judged(DOMAINS[domain]), "{}", program.to_ops());
                if judged.is_ok() {
                    assert_eq!(part.bury(&mem, block.at.plus(16)), block.at);
                    block.bytes.fill(0xDD);
                }
            }
        }
        for block in &blocks {
            let at = |offset| mem.read_byte(block.at.plus(offset));
            assert!((0..).zip(&block.bytes).all(|(offset, byte)| at(offset) == *byte), "{op:?}\n{}", program.to_ops());
        }
    }
}

#[test]
fn a_coat_is_what_the_books_say() {
    seeds(1000).for_each(|seed| against_the_model(&seeded(seed)));
}

fn facts(trace: &str) -> Vec<String> {
    trace.lines().filter(|line| !line.starts_with("   . ")).map(String::from).collect()
}

fn same_facts(scenario: &str) {
    let trace = trace_of(&Socket::DebugHooks(&debug_hooks::Part), scenario);
    assert!(!trace.contains("   ! "), "{trace}");
    assert_eq!(facts(&trace), facts_on_raw_memory(scenario), "{scenario}");
}

#[test]
fn random_programs_tell_the_same_facts_on_raw_and_on_checked_memory() {
    for seed in seeds(200) {
        same_facts(&seeded::<HooksProgram>(seed).to_ops());
    }
}

#[rstest]
fn scenarios_tell_the_same_facts_on_raw_and_on_checked_memory(
    #[files("../exercises/17-*/scenarios/*.ops")] path: PathBuf,
) {
    same_facts(&std::fs::read_to_string(&path).unwrap());
}
