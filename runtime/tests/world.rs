//! Whole programs of objects: the runtime says what CPython 3.11 said.
//!
//! `tests/world` holds the recordings; `cargo run -p fuzz --bin objects-against-python -- --record` makes them again,
//! and says from which version. Without `--record` the same command compares thousands of random programs.

use runtime::lab::world::facts;
use runtime::lab::world::language::Program;
use runtime::lab::world::recorded::{with_facts, without_facts};
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/world")
}

/// Whether the runtime says what is in the recording; else what it says.
fn differs(recorded: &str) -> Option<String> {
    let text = without_facts(recorded);
    let program = Program::parse(&text).unwrap_or_else(|bad| panic!("line {}: {}\n{text}", bad.line, bad.sentence));
    let ours = with_facts(&text, &program, &facts(&program));
    (ours != recorded).then_some(ours)
}

#[test]
fn programs_that_somebody_wrote() {
    let mut wrong = vec![];
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder()).expect("the folder").map(|e| e.expect("a file").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "ops"));
    files.sort();
    assert!(files.len() > 80, "{} recordings", files.len());
    for file in files {
        let recorded = fs::read_to_string(&file).expect("a recording");
        if let Some(ours) = differs(&recorded) {
            wrong.push(format!("--- {}\n{recorded}--- the runtime\n{ours}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn programs_that_nobody_wrote() {
    let all = fs::read_to_string(folder().join("random.txt")).expect("the recording");
    let programs: Vec<&str> = all.split("#---- ").skip(1).collect();
    assert!(programs.len() >= 200, "{} programs", programs.len());
    for program in programs {
        let (seed, recorded) = program.split_once('\n').expect("a seed, then the program");
        if let Some(ours) = differs(recorded) {
            panic!("{seed}\n{recorded}--- the runtime\n{ours}");
        }
    }
}
