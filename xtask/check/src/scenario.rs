//! # Scenarios: what is run
//!
//! A scenario is a text file that ends in `.ops`. Its first line is a comment that says what it is for; a few more
//! comment lines at the top may say more:
//!
//! ```text
//! # A full pool gets one block back, and serves exactly this block next.
//! # shows I1 I2
//! # points 2
//! use pool classic 512
//! ```
//!
//! Only the head is read here. What the operations mean is known by the probe alone.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// One scenario, as it was on disk when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// The file's name without `.ops`: also the name of its recorded trace.
    pub name: String,
    /// Where it was read.
    pub path: PathBuf,
    /// The whole text.
    pub text: String,
    /// The first line: why this scenario exists.
    pub purpose: String,
    /// The promises that it is about (`I2`), from `# shows`.
    pub shows: Vec<String>,
    /// What a pass is worth.
    pub points: u32,
}

impl Scenario {
    /// Reads the head of `text`.
    ///
    /// ```
    /// let s = check::scenario::Scenario::parse("x.ops", "# Why.\n# shows I2 I3\n# points 2\nuse pool classic 512\n");
    /// assert_eq!((s.name.as_str(), s.purpose.as_str(), s.points), ("x", "Why.", 2));
    /// assert_eq!(s.shows, ["I2", "I3"]);
    /// ```
    pub fn parse(path: impl Into<PathBuf>, text: impl Into<String>) -> Scenario {
        let (path, text) = (path.into(), text.into());
        let name = path.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
        let mut s = Scenario { name, path, text: String::new(), purpose: String::new(), shows: vec![], points: 1 };
        for line in head(&text) {
            let mut words = line.split_whitespace();
            match words.next() {
                Some("shows") => s.shows.extend(words.map(|w| w.trim_matches(',').to_string())),
                Some("points") => s.points = words.next().and_then(|w| w.parse().ok()).unwrap_or(1),
                Some(_) if s.purpose.is_empty() => s.purpose = line.to_string(),
                _ => {}
            }
        }
        s.text = text;
        s
    }

    /// Reads the file at `path`.
    ///
    /// # Errors
    /// When the file cannot be read, or is not UTF-8.
    pub fn read(path: &Path) -> io::Result<Scenario> {
        Ok(Scenario::parse(path, fs::read_to_string(path)?))
    }

    /// The source line with this number (from 1), with its comment.
    pub fn line(&self, number: usize) -> Option<&str> {
        self.text.lines().nth(number.checked_sub(1)?).map(str::trim)
    }
}

/// The comment lines before the first operation, without their `#`.
fn head(text: &str) -> impl Iterator<Item = &str> {
    text.trim_start_matches('\u{feff}')
        .lines()
        .map(str::trim)
        .take_while(|line| line.is_empty() || line.starts_with('#'))
        .filter(|line| !line.is_empty())
        .map(|line| line.trim_start_matches('#').trim())
}

/// All scenarios of a folder, in the order of their names.
///
/// # Errors
/// When the folder or one of the files cannot be read; the message names the file.
pub fn in_folder(folder: &Path) -> io::Result<Vec<Scenario>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| naming(folder, &e))? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "ops") {
            paths.push(path);
        }
    }
    paths.sort();
    paths.iter().map(|p| Scenario::read(p).map_err(|e| naming(p, &e))).collect()
}

fn naming(path: &Path, e: &io::Error) -> io::Error {
    io::Error::new(e.kind(), format!("{}: {e}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_head_counts() {
        let s = Scenario::parse("a/03-x.ops", "\u{feff}# One.\n# Two.\n\nuse pool classic 512\n# points 9\n");
        assert_eq!((s.name.as_str(), s.purpose.as_str(), s.points), ("03-x", "One.", 1));
        assert_eq!(s.line(4), Some("use pool classic 512"));
        assert_eq!((s.line(0), s.line(40)), (None, None));
    }

    #[test]
    fn an_empty_scenario_is_no_panic() {
        let s = Scenario::parse("x.ops", "");
        assert_eq!((s.purpose.as_str(), s.points), ("", 1));
    }

    #[test]
    fn a_missing_folder_is_named() {
        let e = in_folder(Path::new("/nowhere/at/all")).unwrap_err();
        assert!(e.to_string().contains("nowhere"), "{e}");
    }
}
