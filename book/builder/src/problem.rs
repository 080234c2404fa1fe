//! # What is wrong with the book
//!
//! A problem names its place, says what is wrong and what to do. A build collects all of them: a writer wants one
//! list, not one surprise after the other.

use std::fmt;

/// One thing that is wrong, where it is, and the remedy.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Problem {
    file: String,
    line: Option<usize>,
    what: String,
    remedy: String,
}

impl Problem {
    /// A problem of a whole file. `file` is written from the project's root.
    pub(crate) fn of(file: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Problem { file: file.into(), line: None, what: what.into(), remedy: remedy.into() }
    }

    /// The same problem, its line known.
    pub(crate) fn on(mut self, line: impl Into<Option<usize>>) -> Self {
        self.line = line.into();
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.what)?,
            None => write!(f, "{}: {}", self.file, self.what)?,
        }
        write!(f, "\n    {}", self.remedy)
    }
}

/// What is wrong and its remedy, where the caller knows the place.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) what: String,
    pub(crate) remedy: String,
}

impl Fault {
    pub(crate) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Fault { what: what.into(), remedy: remedy.into() }
    }

    /// The fault at its place.
    pub(crate) fn at(self, file: impl Into<String>, line: impl Into<Option<usize>>) -> Problem {
        Problem::of(file, self.what, self.remedy).on(line)
    }
}

/// `names` as the end of a remedy: all of them when few, else the nearest to what was asked for.
pub(crate) fn choices(asked: &str, mut names: Vec<String>) -> String {
    if names.is_empty() {
        return "there is none yet".into();
    }
    if names.len() > 8 {
        names.sort_by_key(|name| distance(asked, name));
        names.truncate(5);
        return format!("the nearest: {}", names.join(", "));
    }
    names.sort();
    format!("there is: {}", names.join(", "))
}

/// How many letters to change, drop or add to make one word of the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}
