//! `free-lists` against a model, and on both kinds of memory.
//!
//! The programs are those of the grader's random scenarios. In the model a free list is a `Vec`, and an interned string
//! is an entry of a map.

use check::random::free_lists::{ShelfOp, ShelfProgram};
use check::random::{Program, seeded, seeds};
use kit::free_lists::FreeLists;
use kit::observe::Silent;
use kit::raw::RawMemory;
use kit::text::list;
use rstest::rstest;
use runtime::lab::{Shelves, Socket, facts_on_raw_memory, trace_of};
use runtime::objects::free_lists;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Free lists and strings as a sentence would describe them.
#[derive(Default)]
struct Model {
    lists: Vec<(u64, Vec<usize>)>,
    /// Characters, and how many variables lead to it.
    texts: Vec<(&'static str, u64)>,
    variables: BTreeMap<usize, usize>,
    interned: BTreeMap<&'static str, usize>,
    no_memory: bool,
    facts: Vec<String>,
}

impl Model {
    fn say(&mut self, fact: String) {
        self.facts.push(format!("   = {fact}"));
    }

    fn told(&mut self, at: usize) {
        let (limit, blocks) = &self.lists[at];
        let names = list(blocks.iter().rev().map(|block| format!("b{block}")));
        self.say(format!("f{at}: {} of {limit}: {names}", blocks.len()));
    }

    fn step(&mut self, op: &ShelfOp) {
        match *op {
            ShelfOp::List(limit) => self.lists.push((limit, vec![])),
            ShelfOp::Put(at, block) => {
                let (limit, blocks) = &mut self.lists[at];
                let kept = (blocks.len() as u64) < *limit;
                if kept {
                    blocks.push(block);
                }
                self.told(at);
                if !kept {
                    self.say(format!("refused: b{block}"));
                }
            }
            ShelfOp::Take(at, count) => {
                let mut take = || self.lists[at].1.pop().map_or("nothing".into(), |block| format!("b{block}"));
                let taken = list((0..count).map(|_| take()).collect::<Vec<String>>());
                self.say(format!("took {taken}"));
                self.told(at);
            }
            ShelfOp::Small(value) => {
                let place = (-5..=256).position(|small| small == value);
                let place = place.map_or("not a small one".into(), |place| format!("place {place}"));
                self.say(format!("{value}: {place}"));
            }
            ShelfOp::Text(characters) => {
                self.variables.insert(self.texts.len(), self.texts.len());
                self.texts.push((characters, 1));
            }
            ShelfOp::Intern(variable) => {
                let text = self.variables[&variable];
                let characters = self.texts[text].0;
                match self.interned.get(characters).copied() {
                    Some(known) => {
                        self.texts[known].1 += 1;
                        self.decref(text);
                        self.variables.insert(variable, known);
                    }
                    None if self.no_memory => {}
                    None => drop(self.interned.insert(characters, text)),
                }
                let now = self.variables[&variable];
                self.say(format!("s{variable}: the string s{now}, count {}", self.texts[now].1));
            }
            ShelfOp::Drop(variable) => {
                let text = self.variables.remove(&variable).unwrap();
                self.decref(text);
                match self.texts[text].1 {
                    0 => self.say(format!("the string s{text} dies")),
                    refs => self.say(format!("the string s{text}, count {refs}")),
                }
            }
            ShelfOp::Table => {
                let names = list(self.interned.values().map(|text| format!("s{text}")));
                self.say(format!("interned: {names}"));
            }
            ShelfOp::Memory(on) => self.no_memory = !on,
        }
    }

    fn decref(&mut self, text: usize) {
        let (characters, refs) = &mut self.texts[text];
        *refs -= 1;
        if *refs == 0 && self.interned.get(characters) == Some(&text) {
            self.interned.remove(characters);
        }
    }
}

fn facts(trace: &str) -> Vec<String> {
    trace.lines().filter(|line| line.starts_with("   = ") || line.starts_with("   ! ")).map(String::from).collect()
}

#[test]
fn random_programs_tell_what_the_model_tells() {
    for seed in seeds(600) {
        let program: ShelfProgram = seeded(seed);
        let mut model = Model::default();
        program.ops.iter().for_each(|op| model.step(op));
        let ops = program.to_ops();
        assert_eq!(facts(&trace_of(&Socket::FreeLists(&free_lists::Part), &ops)), model.facts, "{ops}");
    }
}

fn same_facts(scenario: &str) {
    let trace = trace_of(&Socket::FreeLists(&free_lists::Part), scenario);
    assert!(!trace.contains("   ! "), "{trace}");
    let compared: Vec<String> = trace.lines().filter(|line| !line.starts_with("   . ")).map(String::from).collect();
    assert_eq!(compared, facts_on_raw_memory(scenario), "{scenario}");
}

#[test]
fn random_programs_tell_the_same_facts_on_raw_and_on_checked_memory() {
    seeds(200).for_each(|seed| same_facts(&seeded::<ShelfProgram>(seed).to_ops()));
}

#[rstest]
fn scenarios_tell_the_same_facts_on_raw_and_on_checked_memory(
    #[files("../exercises/22-*/scenarios/*.ops")] path: PathBuf,
) {
    same_facts(&std::fs::read_to_string(&path).unwrap());
}

#[test]
fn every_small_integer_has_a_place_of_its_own() {
    let part: &dyn FreeLists<Shelves<RawMemory, Silent>> = &free_lists::Part;
    let places: Vec<u64> = (-300..300).filter_map(|value| part.small_int(value)).collect();
    assert_eq!(places, (0..262).collect::<Vec<u64>>());
}
