//! A real program on this runtime's heap: `cargo run --release -p runtime --example heap_map`
//!
//! It reads its own runtime's source, counts words on several threads, keeps an index, throws most of it away, and
//! prints what its heap looks like: nothing else serves a byte of it.

use kit::geometry::Modern;
use runtime::config::Fast;
use runtime::heap::global::Global;
use runtime::heap::heap_map::HeapMap;
use std::collections::{BTreeMap, HashMap};

#[global_allocator]
static HEAP: Global<Fast<Modern>> = Global::of_reference();

const SOURCES: [&str; 6] = [
    include_str!("../src/heap/machine.rs"),
    include_str!("../src/heap/pool.rs"),
    include_str!("../src/heap/arena.rs"),
    include_str!("../src/gc/graph.rs"),
    include_str!("../src/gil/clock.rs"),
    include_str!("../src/lab/run.rs"),
];

/// Where each word stands.
fn index(source: &str) -> BTreeMap<String, Vec<(u32, u32)>> {
    let mut places: BTreeMap<String, Vec<(u32, u32)>> = BTreeMap::new();
    for (row, line) in (1..).zip(source.lines()) {
        for (column, word) in (1..).zip(line.split(|c: char| !c.is_alphanumeric())).filter(|(_, word)| !word.is_empty()) {
            places.entry(word.to_lowercase()).or_default().push((row, column));
        }
    }
    places
}

fn main() {
    let threads = SOURCES.map(|source| std::thread::spawn(move || index(source)));
    let indexes = threads.map(|thread| thread.join().expect("no thread panics"));
    let mut count: HashMap<String, usize> = HashMap::new();
    for (word, places) in indexes.iter().flatten() {
        *count.entry(word.clone()).or_default() += places.len();
    }
    println!("{} words, {} blocks\n", count.len(), HEAP.allocated_blocks());
    println!("{}", HeapMap(HEAP.draw()));

    let mut frequent: Vec<(String, usize)> = count.into_iter().collect();
    frequent.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    frequent.truncate(10);
    drop(indexes);
    println!("The ten most frequent words are kept, the index is gone:\n");
    println!("{}", HeapMap(HEAP.draw()));
    if let Some(stats) = HEAP.stats() {
        println!("{stats}");
    }
    let words: Vec<String> = frequent.into_iter().map(|(word, count)| format!("{word} {count}")).collect();
    println!("{}", words.join(", "));
}
