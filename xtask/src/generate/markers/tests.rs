//! Regions of every kind, and every way to write them wrong.

use super::*;

const PART: &str = r#"//! # A pool
//!
//! The head.

// [solution]
use kit::Change;
// [/solution]
use kit::Memory;

/// The task.
// ANCHOR: alloc
pub fn alloc(mem: &impl Memory) -> u64 {
    // [exercise] todo!("{mem:?}")
    let head = mem.get();
    carve(head)
    // [/exercise]
}
// ANCHOR_END: alloc

// [solution]
/// Help.
fn carve(head: u64) -> u64 {
    head
}

// [/solution]
// [stub] #[allow(dead_code)] // you will need it
fn visit() {
    // [exercise] let a = 1;
    // [exercise] todo!("{a}")
    // [/exercise]
}

kit::plug_pool!();
"#;

const EXERCISE: &str = r#"//! # A pool
//!
//! The head.

use kit::Memory;

/// The task.
pub fn alloc(mem: &impl Memory) -> u64 {
    todo!("{mem:?}")
}

#[allow(dead_code)] // you will need it
fn visit() {
    let a = 1;
    todo!("{a}")
}

kit::plug_pool!();
"#;

const SOLUTION: &str = r#"//! # A pool
//!
//! The head.

use kit::Change;
use kit::Memory;

/// The task.
// ANCHOR: alloc
pub fn alloc(mem: &impl Memory) -> u64 {
    let head = mem.get();
    carve(head)
}
// ANCHOR_END: alloc

/// Help.
fn carve(head: u64) -> u64 {
    head
}

fn visit() {
}

kit::plug_pool!();
"#;

#[test]
fn one_source_gives_the_exercise_and_the_solution() {
    let cut = cut("pool.rs", PART).unwrap();
    assert_eq!(cut.exercise, EXERCISE);
    assert_eq!(cut.solution, SOLUTION);
}

#[test]
fn what_has_no_marker_stays_as_it_is() {
    let plain = "//! # T\n\n// [`Block`] and [1] are no markers\nfn a() {}\n\n\n// see std::mem and super::x\n";
    assert_eq!(cut("x.rs", plain).unwrap(), Cut { exercise: plain.into(), solution: plain.into() });
}

#[test]
fn a_gap_leaves_no_blank_line_before_a_closing_brace() {
    let part = "mod m {\n    fn a() {}\n\n    // [solution]\n    fn b() {}\n    // [/solution]\n}\n";
    assert_eq!(cut("x.rs", part).unwrap().exercise, "mod m {\n    fn a() {}\n}\n");
}

fn complaint(part: &str) -> String {
    match cut("pool.rs", part) {
        Err(Failure::Input(text)) => text,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_region_that_never_ends() {
    assert_eq!(
        complaint("\n// [exercise] todo!()\nx\n"),
        "pool.rs:2: `// [exercise]` is never ended. Put `// [/exercise]` after its last line."
    );
}

#[test]
fn an_end_without_a_beginning() {
    assert_eq!(
        complaint("x\n// [/solution]\n"),
        "pool.rs:2: this ends a region that never began. Put `// [solution]` above it, or delete it."
    );
}

#[test]
fn a_region_in_a_region() {
    assert_eq!(
        complaint("// [exercise] todo!()\nx\n// [solution]\n"),
        "pool.rs:3: a region inside the `// [exercise]` of line 1. End that one first, with `// [/exercise]`."
    );
    assert!(complaint("// [exercise] todo!()\nx\n// [exercise] todo!()\n").contains("a region inside"));
    assert!(complaint("// [solution]\n// [stub] x\n").contains("a region inside"));
}

#[test]
fn the_wrong_end() {
    assert_eq!(
        complaint("// [exercise] todo!()\n// [/solution]\n"),
        "pool.rs:2: `// [/solution]` cannot end the `// [exercise]` of line 1. Write `// [/exercise]` here."
    );
}

#[test]
fn a_slip_in_the_marker() {
    assert_eq!(complaint("// [exercize] todo!()\n"), "pool.rs:1: an unknown marker. Did you mean `// [exercise]`?");
    assert!(complaint("// [solution] what\n").contains("unknown marker"));
}

#[test]
fn a_path_out_of_the_file() {
    assert_eq!(
        complaint("use crate::heap;\n"),
        "pool.rs:1: `crate::` leaves the file, and a part must be a crate of its own. Use `kit` and `std` only."
    );
    assert!(complaint("    super::x()\n").contains("`super::` leaves the file"));
}
