//! Generating into an empty project: what is written, what is left alone, what is kept.

use std::fs;

use super::*;

const COURSE: &str = r#"
[[part]]
number = 1
title = "The heap"
[[exercise]]
folder = "12-pool"
title = "one pool"
minutes = 40
source = "runtime/pool.rs"
socket = "Pool"
write = ["init", "free"]
chapter = "heap/pool.md"
chapter_title = "A pool"
idea = "Free blocks are their own list."
random = 64
"#;

const PART: &str = "//! # A pool\n//!\n//! The head.\n\n/// The task.\npub fn init(a: u32) -> u32 {\n    \
                    // [exercise] todo!(\"{a}\")\n    a + 1\n    // [/exercise]\n}\n";

/// A project with one part, in a directory of its own.
fn project(name: &str) -> Course {
    let root = files::scratch(name);
    files::write(&root.join("exercises/course.toml"), COURSE.as_bytes()).unwrap();
    files::write(&root.join("runtime/pool.rs"), PART.as_bytes()).unwrap();
    Course::load(&root).unwrap()
}

fn generate(course: &Course, words: &[&str]) -> Result<bool, Failure> {
    run(course, lexopt::Parser::from_args(words)).map(|code| code == ExitCode::SUCCESS)
}

fn text(course: &Course, path: &str) -> String {
    fs::read_to_string(course.root.join(path)).unwrap()
}

#[test]
fn an_empty_project_gets_exercise_solution_and_probe_and_the_second_time_changes_nothing() {
    let course = project("generate");
    assert_eq!(generate(&course, &["--check"]), Ok(false));
    assert_eq!(generate(&course, &[]), Ok(true));
    let stub = text(&course, "exercises/12-pool/src/lib.rs");
    assert!(stub.starts_with("//! # Exercise `pool`: one pool "), "{stub}");
    assert!(stub.contains("40 minutes\n//!\n//! Chapter: \"A pool\" (`cargo xtask book pool`).\n"), "{stub}");
    assert!(
        stub.ends_with("//!\n//! The head.\n\n/// The task.\npub fn init(a: u32) -> u32 {\n    todo!(\"{a}\")\n}\n")
    );
    let solution = text(&course, "solutions/12-pool/src/lib.rs");
    assert!(solution.starts_with("//! # A pool\n//!\n//! Made by `cargo xtask generate` from `runtime/pool.rs`"));
    assert!(solution.ends_with("{\n    a + 1\n}\n"), "{solution}");
    let answer = answer_text(&course.exercises[0]).unwrap();
    assert_eq!(answer, stub.replace("todo!(\"{a}\")", "a + 1"));
    let probe = text(&course, "xtask/probes/12-pool/src/main.rs");
    assert!(probe.contains("    probe_main(&[Socket::Pool(&pool::Part)])\n"), "{probe}");
    assert!(text(&course, "xtask/probes/solutions/Cargo.toml").contains("solution-pool = { path ="));
    assert_eq!(generate(&course, &["--check"]), Ok(true));
    assert!(is_untouched(&course.exercises[0]).unwrap());
    fs::remove_dir_all(&course.root).unwrap();
}

#[test]
fn an_edited_exercise_is_left_alone_and_with_force_kept_first() {
    let course = project("edited");
    generate(&course, &[]).unwrap();
    let lib = course.exercises[0].lib();
    fs::write(&lib, "fn mine() {}\r\n").unwrap();
    assert!(!is_untouched(&course.exercises[0]).unwrap());
    assert_eq!(generate(&course, &[]), Ok(true));
    assert_eq!(fs::read_to_string(&lib).unwrap(), "fn mine() {}\r\n");
    assert_eq!(generate(&course, &["--check"]), Ok(false));
    assert_eq!(generate(&course, &["--force"]), Ok(true));
    assert_eq!(text(&course, ".progress/backups/pool/lib-001.rs"), "fn mine() {}\r\n");
    assert!(is_untouched(&course.exercises[0]).unwrap());
    fs::write(&lib, [0xff, 0xfe]).unwrap();
    assert_eq!(generate(&course, &["--force", "pool"]), Ok(true));
    assert_eq!(fs::read(course.root.join(".progress/backups/pool/lib-002.rs")).unwrap(), [0xff, 0xfe]);
    fs::remove_dir_all(&course.root).unwrap();
}

#[test]
fn an_older_stub_that_nobody_touched_is_renewed_without_a_word_about_backups() {
    let course = project("renewed");
    generate(&course, &[]).unwrap();
    fs::write(course.root.join("runtime/pool.rs"), PART.replace("The task.", "A better task.")).unwrap();
    assert!(is_untouched(&course.exercises[0]).unwrap());
    assert_eq!(generate(&course, &["--check"]), Ok(false));
    generate(&course, &[]).unwrap();
    assert!(text(&course, "exercises/12-pool/src/lib.rs").contains("A better task."));
    assert!(!course.root.join(".progress").exists());
    fs::remove_dir_all(&course.root).unwrap();
}

#[test]
fn a_wrong_part_is_named_with_its_line_and_nothing_is_written() {
    let course = project("wrong");
    for (part, complaint) in [
        (PART.replace("    // [/exercise]\n", ""), "runtime/pool.rs:7: `// [exercise]` is never ended."),
        (PART.replace("//! # A pool", "//! A pool"), "runtime/pool.rs:1: a part begins with"),
    ] {
        fs::write(course.root.join("runtime/pool.rs"), part).unwrap();
        let Err(Failure::Input(text)) = generate(&course, &[]) else { panic!("generated from a wrong part") };
        assert!(text.starts_with(complaint), "{text}");
        assert!(!course.root.join("solutions").exists());
    }
    fs::remove_dir_all(&course.root).unwrap();
}

#[test]
fn a_folder_that_no_exercise_has_is_left_over() {
    let course = project("leftover");
    generate(&course, &[]).unwrap();
    files::write(&course.root.join("solutions/02-pool/Cargo.toml"), b"").unwrap();
    assert_eq!(leftovers(&course), ["solutions/02-pool"]);
    assert_eq!(generate(&course, &["--check"]), Ok(false));
    fs::remove_dir_all(&course.root).unwrap();
}
