//! The silent observer and the unwatched memory add no instruction, counted by valgrind.
//!
//! Counts are exact: the difference between a long and a short run leaves only the pairs. Where there is no valgrind
//! the test says so aloud; in a debug build nothing is inlined and there is nothing to count.

use std::process::Command;

const SHORT: u64 = 1_000;
const LONG: u64 = 101_000;

/// Instructions that a whole run takes, or `None` without valgrind.
fn instructions(who: &str, pairs: u64) -> Option<u64> {
    let run = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .args([env!("CARGO_BIN_EXE_instructions"), who, &pairs.to_string()])
        .output()
        .ok()?;
    let report = String::from_utf8_lossy(&run.stderr).into_owned();
    let line = report.lines().find(|line| line.contains("I") && line.contains("refs:"));
    let count = line.and_then(|line| line.rsplit(':').next()).expect("cachegrind tells the instructions");
    Some(count.trim().replace(',', "").parse().expect("a number"))
}

/// Instructions of one alloc and its free.
fn per_pair(who: &str) -> Option<f64> {
    let (short, long) = (instructions(who, SHORT)?, instructions(who, LONG)?);
    Some((long - short) as f64 / (LONG - SHORT) as f64)
}

#[test]
fn the_silent_observer_adds_no_instruction() {
    if cfg!(debug_assertions) {
        println!("skipped: a debug build inlines nothing; run `cargo test --release -p benches`");
        return;
    }
    let (Some(machine), Some(bare)) = (per_pair("machine"), per_pair("bare")) else {
        println!("skipped: there is no valgrind here to count instructions with");
        return;
    };
    println!("instructions for an alloc and its free: {machine:.2} in the machine, {bare:.2} bare");
    // A process starts in a few instructions more or less each time; one more in a pair would be a whole one.
    assert!(machine.round() <= bare.round(), "{machine} instructions in the machine, {bare} without it");
}
