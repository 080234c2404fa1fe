//! # An index of words
//!
//! ```text
//!   dict   "pool" --> [ (page, line), (page, line), ... ]      a list of tuples of integers
//! ```
//!
//! The texts are read twice. Each time an index is made, looked at and dropped; the second one finds memory of the first
//! in the free lists. Then one list is put into the next, a hundred thousand times, and dropped, too.

use super::watched::*;
use kit::graph::Obj;
use runtime::objects::{Objects, World};
use std::fmt::Write;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The runtime has as much memory as the machine; nothing here goes on without.
const MEMORY: &str = "the machine has memory for an index";
/// Lists, one in the other.
const CHAIN: u64 = 100_000;

/// What was counted up to now.
#[derive(Clone, Copy, Default)]
struct Counts([u64; COUNTERS.len()]);

/// Each counter, and what to call it.
const COUNTERS: [(&str, &AtomicU64); 10] = [
    ("references counted up", &UP),
    ("references counted down", &DOWN),
    ("containers that died", &DIED),
    ("containers that had to wait", &WAITED),
    ("blocks that a free list kept", &KEPT),
    ("blocks that came from a free list", &REUSED),
    ("small integers, from the table", &SMALL),
    ("strings that were there already", &SAME),
    ("items appended", &APPENDED),
    ("tables that grew for them", &GREW),
];

impl Counts {
    fn now() -> Self {
        Counts(COUNTERS.map(|(_, counter)| counter.load(Relaxed)))
    }

    fn since(self, before: Counts) -> Self {
        Counts(std::array::from_fn(|at| self.0[at] - before.0[at]))
    }
}

/// A stretch of the program.
struct Stretch {
    counts: Counts,
    /// Blocks in use before it, when everything was made, and after it was dropped.
    blocks: [u64; 3],
    deepest: u64,
}

/// Reads the files that the command line names.
pub(crate) fn main<W: World>(runtime: impl Fn() -> Option<Objects<W>>) -> ExitCode {
    let mut texts = vec![];
    for name in std::env::args().skip(1) {
        match std::fs::read(&name) {
            Ok(bytes) => texts.push(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) => {
                eprintln!("{name}: {error}");
                return ExitCode::from(2);
            }
        }
    }
    let Some(objects) = runtime().filter(|_| !texts.is_empty()) else {
        eprintln!("Name the files to read.");
        return ExitCode::from(2);
    };
    objects.set_enabled(false);
    let mut words = 0;
    let stretches = [
        stretch(&objects, || index(&objects, &texts, &mut words)),
        stretch(&objects, || index(&objects, &texts, &mut 0)),
        stretch(&objects, || chain(&objects)),
    ];
    objects.shut_down();
    let left = objects.heap().allocated_blocks();
    println!("{} texts, {words} words.\n", texts.len());
    print!("{}", report(&stretches));
    println!("\n{left} blocks are left after the end.");
    let wrong = complaints(&stretches, left);
    wrong.iter().for_each(|sentence| println!("{sentence}"));
    if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

/// Makes something, and drops it.
fn stretch<W: World>(objects: &Objects<W>, make: impl FnOnce() -> Obj) -> Stretch {
    let (counts, before) = (Counts::now(), objects.heap().allocated_blocks());
    DEEPEST.store(0, Relaxed);
    let made = make();
    let full = objects.heap().allocated_blocks();
    objects.decref(made);
    let after = objects.heap().allocated_blocks();
    Stretch { counts: Counts::now().since(counts), blocks: [before, full, after], deepest: DEEPEST.load(Relaxed) }
}

/// Where each word of the texts is. Owned.
fn index<W: World>(objects: &Objects<W>, texts: &[String], words: &mut u64) -> Obj {
    let dict = objects.new_dict().expect(MEMORY);
    for (page, text) in (0..).zip(texts) {
        for (number, line) in (1..).zip(text.lines()) {
            for word in line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
                *words += 1;
                let key = objects.new_name(word).expect(MEMORY);
                let places = objects.dict_get(dict, key).unwrap_or_else(|| {
                    let list = objects.new_list().expect(MEMORY);
                    let there = objects.dict_set(dict, objects.new_ref(key), list);
                    there.unwrap_or_else(|_| panic!("{MEMORY}"));
                    list
                });
                objects.decref(key);
                let place = [page, number].map(|number| objects.new_int(number).expect(MEMORY));
                objects.list_append(places, objects.new_tuple(&place).expect(MEMORY)).expect(MEMORY);
            }
        }
    }
    dict
}

/// One list in the other. Owned.
fn chain<W: World>(objects: &Objects<W>) -> Obj {
    let mut inside = objects.new_list().expect(MEMORY);
    for _ in 1..CHAIN {
        let around = objects.new_list().expect(MEMORY);
        objects.list_append(around, inside).expect(MEMORY);
        inside = around;
    }
    inside
}

fn report(stretches: &[Stretch; 3]) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{:<36} {:>12} {:>12} {:>12}", "", "an index", "once more", "a chain");
    let mut row = |what: &str, of: &dyn Fn(&Stretch) -> u64| {
        let [first, second, chain] = [0, 1, 2].map(|at| of(&stretches[at]));
        let _ = writeln!(out, "{what:<36} {first:>12} {second:>12} {chain:>12}");
    };
    for (at, (what, _)) in COUNTERS.iter().enumerate() {
        row(what, &|stretch| stretch.counts.0[at]);
    }
    row("deallocations nested, at most", &|stretch| stretch.deepest);
    row("blocks in use before", &|stretch| stretch.blocks[0]);
    row("blocks in use when it was whole", &|stretch| stretch.blocks[1]);
    row("blocks in use when it was dropped", &|stretch| stretch.blocks[2]);
    out
}

/// What must not be, whoever's parts these are.
fn complaints(stretches: &[Stretch; 3], left: u64) -> Vec<String> {
    let mut all = vec![];
    let [_, again, chain] = stretches;
    if left != 0 {
        all.push(format!("{left} blocks were not given back (refcount I3, I4)."));
    }
    if chain.deepest > kit::trashcan::UNWIND_LEVEL || chain.counts.0[2] < CHAIN {
        all.push(format!("The chain's {CHAIN} lists should die, at most 50 calls deep (trashcan I1, I3)."));
    }
    if again.blocks[2] > again.blocks[0] {
        all.push("The second index left something behind (refcount I1).".into());
    }
    if again.counts.0[5] == 0 {
        all.push("Nothing came from a free list (free-lists I1).".into());
    }
    all
}
