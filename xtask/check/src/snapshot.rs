//! # Recorded traces: insta's `.snap` files
//!
//! Maintainers record with insta, learners only read, and insta costs eight seconds of a processor to compile. So the
//! reading is done here: metadata between two `---` lines, then the text. Text is normalised as insta does it
//! (`TextSnapshotContents::normalize`): no white space at the end, and `\r\n` becomes `\n`. A test compares this
//! module with insta itself.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The text of a `.snap` file, normalised.
///
/// ```
/// assert_eq!(check::snapshot::contents("---\nsource: a.rs\n---\n 4 | use pool\n   = ok\n\n"), " 4 | use pool\n   = ok");
/// ```
pub fn contents(file: &str) -> String {
    let text = match file.split_once('\n') {
        Some((first, rest)) if first.trim_end() == "---" => after_metadata(rest),
        _ => file,
    };
    normalised(text)
}

/// A text as insta compares it.
pub fn normalised(text: &str) -> String {
    // insta reads a file by lines, which drops one `\r` before each `\n`, and trims the end.
    text.trim_end().replace("\r\n", "\n")
}

fn after_metadata(rest: &str) -> &str {
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        at += line.len();
        if line.trim_end() == "---" {
            return &rest[at..];
        }
    }
    ""
}

/// Where the trace of the scenario `name` is recorded, below the folder of a solution.
pub fn path(solution: &Path, name: &str) -> PathBuf {
    solution.join("tests").join("snapshots").join(format!("{name}.snap"))
}

/// Reads one recorded trace.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path) -> io::Result<String> {
    Ok(contents(&fs::read_to_string(path)?))
}
