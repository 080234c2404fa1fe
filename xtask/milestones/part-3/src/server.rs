//! # The server: a request brings a text, and is answered with the number of its words
//!
//! Each request makes a tree of its text, and forgets it. The same requests are served twice: with the collector
//! switched off, and with it. Afterwards everything must be gone: each document was closed once, and the heap is empty.

use super::document::Library;
use runtime::objects::{Objects, World};
use std::fmt::Write;
use std::process::ExitCode;
use std::sync::atomic::Ordering::Relaxed;

/// How often all texts are requested.
const ROUNDS: usize = 8;
/// Columns of the memory's picture.
const WIDE: usize = 60;

/// What was seen of one run.
#[derive(Debug, Default)]
struct Run {
    requests: u64,
    words: u64,
    /// Bytes in blocks after each request.
    held: Vec<u64>,
    /// Arenas, at most.
    arenas: u64,
    /// Blocks in use after the last request.
    blocks: u64,
    /// Collections that began by themselves, by generation, and the objects that they found.
    collections: [u64; 3],
    found: u64,
    /// Documents that were closed before the last request was answered.
    closed: u64,
    /// What `gc.collect()` gave afterwards.
    by_hand: u64,
    /// Documents that the archive held, and whose finalizer ran again when it was emptied.
    archived: u64,
    again: u64,
    /// Documents that were never closed, or more than once.
    amiss: i64,
    /// Blocks when the runtime was shut down.
    left: u64,
}

/// Reads the files that the command line names, and serves them with and without the collector.
pub(crate) fn main<W: World>(runtime: impl Fn() -> Option<Objects<W>>) -> ExitCode {
    let mut texts = vec![];
    for name in std::env::args().skip(1) {
        match std::fs::read(&name) {
            Ok(bytes) => texts.push((name, String::from_utf8_lossy(&bytes).into_owned())),
            Err(error) => {
                eprintln!("{name}: {error}");
                return ExitCode::from(2);
            }
        }
    }
    if texts.is_empty() {
        eprintln!("Name the files to read.");
        return ExitCode::from(2);
    }
    let runs: Option<Vec<Run>> = [false, true].into_iter().map(|on| Some(run(&runtime()?, &texts, on))).collect();
    let Some([without, with]) = runs.as_deref() else {
        eprintln!("There is no memory to begin with.");
        return ExitCode::from(2);
    };
    print!("{}", report(texts.len(), without, with));
    let wrong = complaints(without, with);
    wrong.iter().for_each(|sentence| println!("{sentence}"));
    if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

/// Serves all requests, and cleans up.
fn run<W: World>(objects: &Objects<W>, texts: &[(String, String)], collector: bool) -> Run {
    let mut run = Run::default();
    let library = Library::new(objects);
    objects.set_enabled(collector);
    for (name, text) in texts.iter().cycle().take(texts.len() * ROUNDS) {
        let (document, words) = library.parse(name, text);
        objects.decref(document); // the answer is sent, the request is over
        run.requests += 1;
        run.words += words;
        run.held.push(objects.heap().stats().in_use());
    }
    let stats = objects.get_stats();
    run.collections = stats.map(|[collections, ..]| collections);
    run.found = stats.iter().map(|[_, collected, _]| collected).sum();
    run.closed = library.closing.closed.load(Relaxed);
    run.blocks = objects.heap().allocated_blocks();
    run.arenas = objects.heap().stats().arenas.1;
    objects.set_enabled(false);
    run.by_hand = objects.collect(2);
    bring_one_back(objects, &library, &texts[0], &mut run);
    run.amiss = run.requests as i64 + 1 - library.closing.closed.load(Relaxed) as i64;
    library.close();
    objects.shut_down();
    run.left = objects.heap().allocated_blocks();
    run
}

/// One document more, whose finalizer keeps it. Then it goes for good.
fn bring_one_back<W: World>(objects: &Objects<W>, library: &Library<'_, W>, text: &(String, String), run: &mut Run) {
    library.closing.archives.store(true, Relaxed);
    objects.decref(library.parse(&text.0, &text.1).0);
    objects.collect(2);
    library.closing.archives.store(false, Relaxed);
    run.archived = library.archived();
    let before = library.closing.closed.load(Relaxed);
    library.clear_archive();
    objects.collect(2);
    run.again = library.closing.closed.load(Relaxed) - before;
}

fn report(texts: usize, without: &Run, with: &Run) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} requests, {texts} texts {ROUNDS} times, {} words.\n", with.requests, with.words);
    let _ = writeln!(out, "Bytes in use, request by request:\n");
    let most = |run: &Run| run.held.iter().copied().max().unwrap_or(1).max(1);
    let rows = [("without", without, most(without)), ("with", with, most(without)), ("with, closer", with, most(with))];
    for (what, run, scale) in rows {
        let column = |at: usize| run.held[at * run.held.len() / WIDE];
        let digit = |at: usize| char::from(b'0' + (column(at) * 9).div_ceil(scale) as u8);
        let digits: String = (0..WIDE).map(digit).collect();
        let _ = writeln!(out, "  {what:<13} {digits}  9 is {} KiB", scale >> 10);
    }
    let _ = writeln!(out, "\n{:<54} {:>10} {:>10}", "", "without", "with");
    let mut row = |what: &str, of: fn(&Run) -> u64| {
        let _ = writeln!(out, "{what:<54} {:>10} {:>10}", of(without), of(with));
    };
    row("arenas of 1 MiB, at most", |run| run.arenas);
    row("blocks in use after the last request", |run| run.blocks);
    row("collections of generation 0", |run| run.collections[0]);
    row("collections of generation 1", |run| run.collections[1]);
    row("collections of generation 2", |run| run.collections[2]);
    row("objects that they found", |run| run.found);
    row("documents closed by then", |run| run.closed);
    row("gc.collect() at the end gives", |run| run.by_hand);
    row("documents that a finalizer put into the archive", |run| run.archived);
    row("finalizers that ran a second time", |run| run.again);
    row("blocks when the runtime is shut down", |run| run.left);
    out
}

/// What must not be, whoever's parts these are.
fn complaints(without: &Run, with: &Run) -> Vec<String> {
    let mut all = vec![];
    for (what, run) in [("without the collector", without), ("with it", with)] {
        if run.amiss != 0 {
            all.push(format!("{what}: {} finalizers too few or too many ran (finalizers I1, I2).", run.amiss.abs()));
        }
        if run.archived != 1 || run.again != 0 {
            all.push(format!("{what}: one document should come back, and be closed once (finalizers I2, I4)."));
        }
        if run.left != 0 {
            all.push(format!("{what}: {} blocks were not given back.", run.left));
        }
    }
    if with.collections[0] == 0 || without.collections != [0; 3] {
        all.push("The collector should begin by itself, and only if it is enabled (generations I2, I3).".into());
    }
    all
}
