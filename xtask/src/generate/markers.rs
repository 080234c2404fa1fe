//! From one source, two: the marked regions of a part become the exercise's stub and the solution.
//!
//! ```text
//! // [exercise] todo!("{pool:?}")     in the exercise, this code stands for all lines down to
//! // [/exercise]                      here; two such lines in a row give two lines of code
//! // [solution]                       the lines down to
//! // [/solution]                      here are left out of the exercise
//! // [stub] #[allow(dead_code)]       this code is in the exercise, and nowhere else
//! // ANCHOR: name, ANCHOR_END: name   the book's: kept in the solution, left out of the exercise
//! ```
//!
//! No marker is left in either text, and a gap where lines went is no wider than rustfmt leaves it.

use crate::failure::Failure;
use crate::names;

/// What a part's source is cut into.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// The stub, without its banner: the title is still the first line.
    pub(crate) exercise: String,
    /// The answer.
    pub(crate) solution: String,
}

/// Cuts `text`; `name` is the file's name in sentences.
pub(crate) fn cut(name: &str, text: &str) -> Result<Cut, Failure> {
    let mut cutter = Cutter::default();
    for (number, line) in (1..).zip(text.lines()) {
        cutter.line(number, line).map_err(|what| Failure::Input(format!("{name}:{number}: {what}")))?;
    }
    if let Some(Region { tag, line, .. }) = cutter.open {
        let what = format!("{name}:{line}: `// [{tag}]` is never ended. Put `// [/{tag}]` after its last line.");
        return Err(Failure::Input(what));
    }
    Ok(Cut { exercise: cutter.exercise.text, solution: cutter.solution.text })
}

#[derive(Default)]
struct Cutter {
    exercise: Lines,
    solution: Lines,
    open: Option<Region>,
}

/// A region that has begun and not ended.
struct Region {
    tag: &'static str,
    line: usize,
    /// Did a line of the answer come already?
    answer: bool,
}

impl Cutter {
    fn line(&mut self, number: usize, line: &str) -> Result<(), String> {
        let marker = Marker::of(line);
        match marker {
            Marker::None => return self.plain(line),
            Marker::Anchor => {
                self.exercise.gap();
                self.solution.push(line);
                return Ok(());
            }
            Marker::Unknown(near) => return Err(format!("an unknown marker. Did you mean `// [{near}]`?")),
            Marker::End(tag) => self.end(tag)?,
            Marker::Exercise(_) if self.open.as_ref().is_some_and(|r| r.tag == "exercise" && !r.answer) => {}
            Marker::Exercise(_) => self.begin("exercise", number)?,
            Marker::Solution => self.begin("solution", number)?,
            Marker::Stub(_) => self.begin("stub", number)?,
        }
        if let Marker::Exercise(code) | Marker::Stub(code) = marker {
            self.exercise.push_code(line, code);
        }
        if let Marker::Stub(_) = marker {
            self.open = None; // a stub is one line
        }
        self.solution.gap();
        Ok(())
    }

    fn begin(&mut self, tag: &'static str, line: usize) -> Result<(), String> {
        match self.open.replace(Region { tag, line, answer: false }) {
            None => Ok(()),
            Some(Region { tag, line, .. }) => {
                Err(format!("a region inside the `// [{tag}]` of line {line}. End that one first, with `// [/{tag}]`."))
            }
        }
    }

    fn end(&mut self, tag: &str) -> Result<(), String> {
        match self.open.take() {
            None => Err(format!("this ends a region that never began. Put `// [{tag}]` above it, or delete it.")),
            Some(region) if region.tag == tag => Ok(()),
            Some(Region { tag: inner, line, .. }) => {
                Err(format!("`// [/{tag}]` cannot end the `// [{inner}]` of line {line}. Write `// [/{inner}]` here."))
            }
        }
    }

    fn plain(&mut self, line: &str) -> Result<(), String> {
        if let Some(path) = reaches_out(line) {
            return Err(format!(
                "`{path}` leaves the file, and a part must be a crate of its own. Use `kit` and `std` only."
            ));
        }
        match &mut self.open {
            None => self.exercise.push(line),
            Some(region) => {
                region.answer = true;
                self.exercise.gap();
            }
        }
        self.solution.push(line);
        Ok(())
    }
}

enum Marker<'a> {
    Exercise(&'a str),
    Solution,
    End(&'a str),
    Stub(&'a str),
    Anchor,
    Unknown(&'static str),
    None,
}

const TAGS: [&str; 5] = ["exercise", "/exercise", "solution", "/solution", "stub"];

impl Marker<'_> {
    fn of(line: &str) -> Marker<'_> {
        let Some(comment) = line.trim().strip_prefix("//") else { return Marker::None };
        if is_anchor(line) {
            return Marker::Anchor;
        }
        let Some((tag, code)) = comment.trim_start().strip_prefix('[').and_then(|c| c.split_once(']')) else {
            return Marker::None;
        };
        match (tag, code.trim()) {
            ("exercise", code) => Marker::Exercise(code),
            ("stub", code) => Marker::Stub(code),
            ("solution", "") => Marker::Solution,
            ("/exercise", "") => Marker::End("exercise"),
            ("/solution", "") => Marker::End("solution"),
            _ => names::nearest(tag, TAGS).first().map_or(Marker::None, |near| Marker::Unknown(near)),
        }
    }
}

/// Is this one of the book's anchors?
pub(crate) fn is_anchor(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("// ANCHOR: ") || line.starts_with("// ANCHOR_END: ")
}

/// A path out of the file, in a line of code.
fn reaches_out(line: &str) -> Option<&'static str> {
    let code = line.split("//").next().unwrap_or_default();
    ["crate::", "super::"].into_iter().find(|path| code.replace("$crate::", "").contains(path))
}

/// A text that grows line by line, and closes the gap where lines were left out as rustfmt would.
#[derive(Default)]
struct Lines {
    text: String,
    after_gap: bool,
}

impl Lines {
    /// Something was left out here.
    fn gap(&mut self) {
        self.after_gap = true;
    }

    /// Code from a marker, as far in as the marker is.
    fn push_code(&mut self, marker: &str, code: &str) {
        if code.is_empty() {
            self.gap();
        } else {
            let indent = marker.len() - marker.trim_start().len();
            self.push(&format!("{}{code}", &marker[..indent]));
        }
    }

    fn push(&mut self, line: &str) {
        if self.after_gap {
            let before = self.text.trim_end_matches('\n');
            let blank_before = self.text.is_empty() || self.text.ends_with("\n\n") || before.ends_with('{');
            if line.is_empty() && blank_before {
                return;
            }
            if line.trim_start().starts_with('}') && self.text.ends_with("\n\n") {
                self.text.pop();
            }
            self.after_gap = false;
        }
        self.text.push_str(line);
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests;
