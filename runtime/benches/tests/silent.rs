//! Instructions, counted by valgrind: the silent observer and the unwatched memory add none, and a request on the
//! recorded trace, an increment with its decrement, and a list that is made and dropped, take no more than they should.
//!
//! The difference between a long and a short run leaves only the pairs, and a little of how the two began, which many
//! pairs make small. Where there is no valgrind the tests say so aloud; in a debug build nothing is inlined and there is
//! nothing to count.

use benches::contender;
use std::process::Command;

/// Instructions for a pair on the trace, with the harness, that the heap may take: what was reached, and a little. A
/// change that needs more should know it; one that needs less may lower it.
const AT_MOST: f64 = 94.0;

/// The same for operations on our objects, without the loop around them.
const OPERATIONS_AT_MOST: [(&str, f64); 2] = [("pair", 15.0), ("list", 205.0)];

/// Instructions that a whole run takes, or `None` without valgrind. `who` is one word or two.
fn instructions(who: &str, count: u64) -> Option<u64> {
    let run = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(env!("CARGO_BIN_EXE_instructions"))
        .args(who.split(' '))
        .arg(count.to_string())
        .output()
        .ok()?;
    let report = String::from_utf8_lossy(&run.stderr).into_owned();
    let line = report.lines().find(|line| line.contains("I") && line.contains("refs:"));
    let count = line.and_then(|line| line.rsplit(':').next()).expect("cachegrind tells the instructions");
    Some(count.trim().replace(',', "").parse().expect("a number"))
}

/// Instructions of one alloc and its free, when a run's `count` is of so many pairs.
fn per_pair(who: &str, [short, long]: [u64; 2], pairs: u64) -> Option<f64> {
    let (few, many) = (instructions(who, short)?, instructions(who, long)?);
    Some((many - few) as f64 / ((long - short) * pairs) as f64)
}

/// Whether there is anything to count; says so if not.
fn nothing_to_count() -> bool {
    let skip = |why: &str| println!("skipped: {why}");
    if cfg!(debug_assertions) {
        skip("a debug build inlines nothing; run `cargo test --release -p benches`");
    } else if Command::new("valgrind").arg("--version").output().is_err() {
        skip("there is no valgrind here to count instructions with");
    } else {
        return false;
    }
    true
}

#[test]
fn the_silent_observer_adds_no_instruction() {
    if nothing_to_count() {
        return;
    }
    let count = |who| per_pair(who, [1_000, 101_000], 1).expect("valgrind is there");
    let (machine, bare) = (count("machine"), count("bare"));
    println!("instructions for an alloc and its free: {machine:.2} in the machine, {bare:.2} bare");
    // A process starts in a few instructions more or less each time; one more in a pair would be a whole one.
    assert!(machine.round() <= bare.round(), "{machine} instructions in the machine, {bare} without it");
}

#[test]
fn a_pair_on_the_trace_takes_few_instructions() {
    if nothing_to_count() {
        return;
    }
    let pairs = benches::trace::program().pairs();
    // Reading the trace takes ten rounds' worth of instructions, and not the same each time: so, many rounds.
    let count = |who| per_pair(who, [1, 11], pairs).expect("valgrind is there");
    let harness = count("nobody");
    println!("instructions for a pair on the trace, {harness:.1} of them the harness:");
    for who in contender::present().into_iter().filter(|who| *who != "nobody") {
        println!("{who:<10} {:.1}", count(who));
    }
    let heap = count("heap");
    assert!(heap <= AT_MOST, "{heap:.1} instructions for a pair, {harness:.1} of them the harness");
}

#[test]
fn counting_and_making_a_list_take_few_instructions() {
    if nothing_to_count() {
        return;
    }
    let count = |operation: &str| {
        let who = format!("objects {operation}");
        per_pair(&who, [10, 110], benches::operations::BATCH).expect("valgrind is there")
    };
    let harness = count("nothing");
    for (operation, at_most) in OPERATIONS_AT_MOST {
        let instructions = count(operation) - harness;
        println!("instructions for `{operation}` of benches::operations: {instructions:.1}");
        // Whole instructions, as above.
        assert!(instructions.round() <= at_most, "{instructions} instructions for `{operation}`");
    }
}
