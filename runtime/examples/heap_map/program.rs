//! The program: an index of all words in some files, built on several threads, most of it thrown away again.
//!
//! It looks at its own heap three times: when the index is there, when all but ten words are gone, and when nothing is
//! left.

use kit::picture::HeapPicture;
use runtime::heap::heap_map::HeapMap;
use runtime::heap::stats::HeapStats;
use std::collections::{BTreeMap, HashMap};
use std::process::ExitCode;

/// Where each word of a text stands: line and word.
type Index = BTreeMap<String, Vec<(u32, u32)>>;

/// Words that are kept.
const KEPT: usize = 10;

/// Reads the files that the command line names. `draw` and `stats` look at the heap that serves this program.
pub(crate) fn main(draw: impl Fn() -> HeapPicture, stats: impl Fn() -> Option<HeapStats>) -> ExitCode {
    let names: Vec<String> = std::env::args().skip(1).collect();
    if names.is_empty() {
        eprintln!("Name the files to read.");
        return ExitCode::from(2);
    }
    let mut texts = vec![];
    for name in names {
        match std::fs::read(&name) {
            Ok(bytes) => texts.push(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) => {
                eprintln!("{name}: {error}");
                return ExitCode::from(2);
            }
        }
    }
    let before = draw().blocks();
    let files = texts.len();
    let (words, frequent) = {
        let indexes = on_threads(texts);
        let count = counted(&indexes);
        let threads = if files == 1 {
            "1 file, indexed on a thread".into()
        } else {
            format!("{files} files, indexed on {files} threads")
        };
        println!("{} words of {threads}:\n\n{}", count.len(), HeapMap(draw()));
        (count.len(), most_frequent(&count))
    };
    println!("Of {words} words, {KEPT} are kept: {}.\n\n{}", frequent.join(", "), HeapMap(draw()));
    drop(frequent);
    let after = draw().blocks();
    println!("Nothing is kept: {after} blocks, and {before} before the index was built.\n");
    if let Some(stats) = stats() {
        println!("{stats}");
    }
    ExitCode::SUCCESS
}

fn on_threads(texts: Vec<String>) -> Vec<Index> {
    let threads: Vec<_> = texts.into_iter().map(|text| std::thread::spawn(move || index(&text))).collect();
    threads.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
}

fn index(text: &str) -> Index {
    let mut places = Index::new();
    for (row, line) in (1..).zip(text.lines()) {
        let words = line.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        for (column, word) in (1..).zip(words) {
            places.entry(word.to_lowercase()).or_default().push((row, column));
        }
    }
    places
}

fn counted(indexes: &[Index]) -> HashMap<String, usize> {
    let mut count = HashMap::new();
    for (word, places) in indexes.iter().flatten() {
        *count.entry(word.clone()).or_default() += places.len();
    }
    count
}

fn most_frequent(count: &HashMap<String, usize>) -> Vec<String> {
    let mut words: Vec<(&String, &usize)> = count.iter().collect();
    words.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    words.into_iter().take(KEPT).map(|(word, count)| format!("{word} {count}")).collect()
}
