//! The end of a cycle, held to CPython itself, and told the same on both kinds of memory.
//!
//! What finalizers may do to each other is too much for a model that would not be the machine once more. So random
//! scenarios are run by CPython 3.11, too (`finalizers/cpython.py`): its answers for the first seeds are recorded, and
//! where a python3.11 is found, it is asked anew, and about more of them.

use check::random::{scenario, seeds};
use rstest::rstest;
use runtime::lab::{Socket, facts_on_raw_memory, trace_of};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Seeds whose answers are recorded.
const RECORDED: u64 = 150;
/// Seeds that a python3.11 is asked about.
const ASKED: u64 = 600;

const SOCKET: Socket = Socket::Finalizers(&runtime::gc::finalizers::Part);

fn random(seed: u64) -> String {
    scenario("finalizers", seed).expect("random scenarios exist for this part")
}

/// What CPython can tell, too: the finalizers of a collection in one line, those that ran by count before it included.
fn facts(text: &str) -> String {
    let (mut out, mut seen, mut ran) = (String::new(), vec![], vec![]);
    for line in trace_of(&SOCKET, text).lines() {
        assert!(!line.starts_with("   !"), "{text}\n{line}");
        let Some(fact) = line.strip_prefix("   = ") else { continue };
        if let Some(names) = fact.strip_prefix("finalizers ran: ") {
            ran.extend(names.split(' ').filter(|name| *name != "none").map(String::from));
        } else if fact.contains(" sees ") {
            seen.push(fact.to_string());
        } else if let Some(given) = fact.strip_prefix("collect() gives ") {
            let given = given.split(':').next().unwrap_or_default();
            out.extend(std::mem::take(&mut seen).into_iter().map(|fact| fact + "\n"));
            out += &format!("finalizers ran: {}\ncollect() gives {given}\n", kit::text::list(std::mem::take(&mut ran)));
        } else if fact.starts_with("young: ") {
            // A finalizer that ran while things were cleared belongs to the collection as well.
            assert!(ran.is_empty() && seen.is_empty(), "{text}");
            out += &format!("{fact}\n");
        }
    }
    out
}

fn told(seeds: u64) -> String {
    (0..seeds).map(|seed| format!("### {seed}\n{}", facts(&random(seed)))).collect()
}

/// The first seed that is told differently, with both answers.
fn same(lab: &str, cpython: &str) {
    for (ours, theirs) in lab.split("### ").zip(cpython.split("### ")) {
        let seed = ours.split('\n').next().unwrap_or_default();
        assert_eq!(ours, theirs, "\n{}", seed.parse().map_or(String::new(), random));
    }
    assert_eq!(lab.len(), cpython.len());
}

fn recorded() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/finalizers/cpython.out")
}

/// A python3.11, of the path or of pyenv.
fn python() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".pyenv/versions"));
    let installed = home.and_then(|versions| std::fs::read_dir(versions).ok()).into_iter().flatten().flatten();
    let mut candidates: Vec<PathBuf> = installed.map(|entry| entry.path().join("bin/python3.11")).collect();
    candidates.push("python3.11".into());
    candidates
        .into_iter()
        .find(|candidate| Command::new(candidate).arg("-V").output().is_ok_and(|o| o.status.success()))
}

fn ask(python: &Path, seeds: u64) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/finalizers/cpython.py");
    let mut child = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let text: String = (0..seeds).map(|seed| format!("### {seed}\n{}", random(seed))).collect();
    let mut pipe = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || pipe.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "the script ended badly");
    String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n")
}

#[test]
fn random_programs_end_as_cpython_said() {
    let known = std::fs::read_to_string(recorded()).unwrap().replace("\r\n", "\n");
    same(&told(RECORDED), &known);
}

/// `INSTA_UPDATE=always cargo test -p runtime --test finalizers` records its answers anew.
#[test]
fn random_programs_end_as_cpython_says() {
    let Some(python) = python() else { return };
    let answers = ask(&python, ASKED);
    if std::env::var_os("INSTA_UPDATE").is_some_and(|wish| wish == "always") {
        let end = answers.find(&format!("### {RECORDED}\n")).unwrap_or(answers.len());
        std::fs::write(recorded(), &answers[..end]).unwrap();
    }
    same(&told(ASKED), &answers);
}

fn same_facts(scenario: &str) {
    let facts = |line: &&str| !line.starts_with("   . ");
    let compared: Vec<String> = trace_of(&SOCKET, scenario).lines().filter(facts).map(String::from).collect();
    assert_eq!(compared, facts_on_raw_memory(scenario), "{scenario}");
}

#[rstest]
fn scenarios_tell_the_same_on_both_memories(#[files("../exercises/34-finalizers/scenarios/*.ops")] path: PathBuf) {
    same_facts(&std::fs::read_to_string(path).unwrap());
}

#[test]
fn random_scenarios_tell_the_same_on_both_memories() {
    seeds(400).for_each(|seed| same_facts(&random(seed)));
}
