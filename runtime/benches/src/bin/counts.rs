//! What does it cost to count references, and when is a count wrong: `counts [--record]`.
//!
//! ```text
//!   way        one up, and one down
//!   plain      load, add, store: what CPython does, with the GIL around it
//!   atomic     one instruction, which nobody can come between
//!   biased     the owner of the object counts in a plain field, everybody else in an atomic one
//! ```
//!
//! Each way in three situations: one thread; two threads with an object each; two threads with the same object, which
//! belongs to the first of them. Times are wall time for one up and one down, the best of [`ROUNDS`]. Then two threads only
//! count up, for a second, and what is missing in the end is told, in parts of what they did.
//!
//! A thread's identity is an argument here; CPython without the GIL reads it from a register of the processor.
//!
//! `--record` writes what is printed to `book/experiments/counts.txt`, which a chapter shows.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

/// How often each measurement is made; the best one is shown.
const ROUNDS: usize = 25;
/// How often each thread counts in one measurement.
const TIMES: u64 = 1_000_000;

/// The head of an object, on a cache line of its own.
#[repr(align(128))]
struct Head {
    owner: u64,
    local: AtomicU64,
    shared: AtomicU64,
}

/// A way to change the count of an object by `by`, as the thread `me`.
trait Way: Copy + Sync {
    fn count(self, head: &Head, me: u64, by: u64);
}

#[derive(Clone, Copy)]
struct Plain;
#[derive(Clone, Copy)]
struct Atomic;
#[derive(Clone, Copy)]
struct Biased;

impl Way for Plain {
    fn count(self, head: &Head, _: u64, by: u64) {
        head.local.store(head.local.load(Relaxed).wrapping_add(by), Relaxed);
    }
}

impl Way for Atomic {
    fn count(self, head: &Head, _: u64, by: u64) {
        head.shared.fetch_add(by, Relaxed);
    }
}

impl Way for Biased {
    fn count(self, head: &Head, me: u64, by: u64) {
        if head.owner == me { Plain.count(head, me, by) } else { Atomic.count(head, me, by) }
    }
}

/// New objects; thread `t` works with `heads[objects[t]]`, and object `o` belongs to thread `o`.
fn heads() -> [Head; 2] {
    [0, 1].map(|owner| Head { owner, local: AtomicU64::new(0), shared: AtomicU64::new(0) })
}

/// The time that the slowest thread needs; thread `me` does `work` on the object `objects[me]`.
fn together(heads: &[Head], objects: &[usize], work: impl Fn(&Head, u64) + Copy + Sync + Send) -> Duration {
    let begin = &Barrier::new(objects.len());
    thread::scope(|scope| {
        let spawn = |(me, object): (usize, &usize)| {
            let head = &heads[*object];
            scope.spawn(move || {
                begin.wait();
                let start = Instant::now();
                for _ in 0..TIMES {
                    work(black_box(head), me as u64);
                }
                start.elapsed()
            })
        };
        let threads: Vec<_> = objects.iter().enumerate().map(spawn).collect();
        threads.into_iter().map(|thread| thread.join().expect("it only counts")).max().unwrap_or_default()
    })
}

/// A line of the table.
fn row(name: &str, way: impl Way + Send) -> String {
    let mut line = format!("{name:<8}");
    for objects in [&[0][..], &[0, 1], &[0, 0]] {
        let up_and_down = |head: &Head, me: u64| {
            way.count(head, me, 1);
            way.count(head, me, 1_u64.wrapping_neg());
        };
        let times = (0..ROUNDS).map(|_| together(&heads(), objects, up_and_down));
        let best = times.min().unwrap_or_default();
        write!(line, "{:>16.2} ns", best.as_nanos() as f64 / TIMES as f64).expect("into a string");
    }
    let share = (0..3).map(|_| missing(way)).fold(0.0, f64::max);
    writeln!(line, "{:>14.1} %", share * 100.0).expect("into a string");
    line
}

/// The part of the ups that is missing in the counts of one object after two threads have counted up for a while.
fn missing(way: impl Way + Send) -> f64 {
    let [head, _] = heads();
    let (head, end) = (&head, Instant::now() + Duration::from_secs(1));
    let done: u64 = thread::scope(|scope| {
        let count = |me: u64| {
            scope.spawn(move || {
                let mut done = 0;
                while Instant::now() < end {
                    for _ in 0..1000 {
                        way.count(black_box(head), me, 1);
                    }
                    done += 1000;
                }
                done
            })
        };
        [0, 1].map(count).into_iter().map(|thread| thread.join().expect("it only counts")).sum()
    });
    1.0 - (head.local.load(Relaxed) + head.shared.load(Relaxed)) as f64 / done as f64
}

fn main() -> ExitCode {
    let record = std::env::args().nth(1).is_some_and(|word| word == "--record");
    let mut table =
        format!("{:<8}{:>19}{:>19}{:>19}{:>16}\n", "", "one thread", "an object each", "one object", "missing");
    table += &row("plain", Plain);
    table += &row("atomic", Atomic);
    table += &row("biased", Biased);
    print!("{table}");
    if record {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/experiments/counts.txt");
        if let Err(error) = std::fs::write(&file, table) {
            eprintln!("{}: {error}", file.display());
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
