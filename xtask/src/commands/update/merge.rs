//! An answer in a stub that changed: the lines that the learner wrote, put into the task as it is now.
//!
//! ```text
//! base     the stub that the learner started from
//! mine     what they made of it                      base -> mine:   their answer
//! new      the stub of today                         base -> new:    what changed in the task
//! ```
//!
//! - **I1** A line is taken from the side that changed it. Where both changed the same lines, or neighbours, there is no
//!   answer: nobody guesses.
//! - **I2** A function that was there before has the signature that it had, or there is no answer: what was written for
//!   another one would be wrong although it merges.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A change: these lines of the base became those of a side.
type Change = (Range<usize>, Range<usize>);

/// What became of the task, in words for the learner.
#[derive(Debug, PartialEq, Eq, Default)]
pub(super) struct TaskChange {
    /// Functions that are new in the stub.
    pub(super) added: Vec<String>,
    /// Functions whose signature is another one, or that are gone.
    pub(super) other: Vec<String>,
}

/// What differs between two stubs in the functions that there are.
pub(super) fn task_change(base: &str, new: &str) -> TaskChange {
    let (before, after) = (signatures(base), signatures(new));
    let missing = |from: &[String], to: &[String]| -> Vec<String> {
        from.iter().filter(|signature| !to.contains(signature)).map(|s| name(s).to_string()).collect()
    };
    let other = missing(&before, &after);
    let added = missing(&after, &before).into_iter().filter(|name| !other.contains(name)).collect();
    TaskChange { added, other }
}

/// The learner's answer in the new stub, where that is simple.
pub(super) fn merged(base: &str, mine: &str, new: &str) -> Option<String> {
    if !task_change(base, new).other.is_empty() {
        return None; // I2
    }
    let (base, mine, new): (Vec<&str>, Vec<&str>, Vec<&str>) = (lines(base), lines(mine), lines(new));
    let (left, right) = (changes(&base, &mine), changes(&base, &new));
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    let (mut out, mut at) = (String::new(), 0);
    let mut copy = |from: &[&str]| from.iter().for_each(|line| out.push_str(line));
    loop {
        let (from, (was, is)) = match (left.peek(), right.peek()) {
            (None, None) => break,
            (Some(a), Some(b)) if touch(&a.0, &b.0) => {
                let (a, b) = (left.next()?, right.next()?);
                if a.0 != b.0 || mine[a.1.clone()] != new[b.1.clone()] {
                    return None; // I1
                }
                (&mine, a)
            }
            (Some(a), Some(b)) if b.0.start < a.0.start => (&new, right.next()?),
            (Some(_), _) => (&mine, left.next()?),
            (None, Some(_)) => (&new, right.next()?),
        };
        copy(&base[at..was.start]);
        copy(&from[is.clone()]);
        at = was.end;
    }
    copy(&base[at..]);
    Some(out)
}

/// Lines with their ends.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn touch(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start <= b.end && b.start <= a.end
}

/// Neighbouring changes are one.
fn changes(from: &[&str], to: &[&str]) -> Vec<Change> {
    let mut all: Vec<Change> = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, from, to) {
        if let DiffOp::Equal { .. } = op {
            continue;
        }
        match all.last_mut() {
            Some((was, is)) if was.end == op.old_range().start && is.end == op.new_range().start => {
                was.end = op.old_range().end;
                is.end = op.new_range().end;
            }
            _ => all.push((op.old_range(), op.new_range())),
        }
    }
    all
}

/// Every function's signature, on one line: from `fn` to what opens its body.
fn signatures(text: &str) -> Vec<String> {
    let code: String =
        text.lines().map(|line| line.split("//").next().unwrap_or_default()).fold(String::new(), |mut all, line| {
            all.push_str(line.trim());
            all.push(' ');
            all
        });
    let mut found = Vec::new();
    let mut rest = code.as_str();
    while let Some(at) = rest.find("fn ") {
        let starts = rest[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let end = rest[at..].find(['{', ';']).map_or(rest.len(), |end| at + end);
        if starts {
            found.push(rest[at..end].split_whitespace().collect::<Vec<_>>().join(" "));
        }
        rest = &rest[end.max(at + 3)..];
    }
    found
}

/// `alloc` of `fn alloc<M: Memory>(...)`.
fn name(signature: &str) -> &str {
    signature.trim_start_matches("fn ").split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "//! The task.\n//! Old words.\n\nuse kit::A;\n\n/// Adds.\npub fn add(a: u32) -> u32 {\n    \
                        todo!(\"{a}\")\n}\n\nkit::plug!();\n";

    fn mine() -> String {
        BASE.replace("    todo!(\"{a}\")\n", "    let b = a;\n    b + 1\n")
    }

    #[test]
    fn an_answer_moves_into_new_words() {
        let new = BASE.replace("Old words.", "New words.\n//! And more.").replace("/// Adds.", "/// Adds one.");
        let merged = merged(BASE, &mine(), &new).unwrap();
        assert_eq!(merged, new.replace("    todo!(\"{a}\")\n", "    let b = a;\n    b + 1\n"));
        assert_eq!(task_change(BASE, &new), TaskChange::default());
    }

    #[test]
    fn a_new_function_comes_with_its_todo() {
        let new = BASE.replace("kit::plug", "pub fn sub(a: u32) -> u32 {\n    todo!(\"{a}\")\n}\n\nkit::plug");
        let merged = merged(BASE, &mine(), &new).unwrap();
        assert!(merged.contains("b + 1") && merged.contains("pub fn sub"), "{merged}");
        assert_eq!(task_change(BASE, &new).added, ["sub"]);
    }

    #[test]
    fn another_signature_is_nothing_to_guess_about() {
        let new = BASE.replace("a: u32) ->", "a: u64) ->");
        assert_eq!(merged(BASE, &mine(), &new), None);
        assert_eq!(task_change(BASE, &new), TaskChange { added: vec![], other: vec!["add".into()] });
        // Over several lines, far from what the learner wrote.
        let long = BASE.replace("add(a: u32) -> u32", "add(\n    a: u32,\n    b: u32,\n) -> u32");
        assert_eq!(merged(BASE, &mine(), &long), None);
    }

    #[test]
    fn the_same_lines_changed_twice_are_nothing_to_guess_about() {
        let new = BASE.replace("todo!(\"{a}\")", "todo!(\"add {a}\")");
        assert_eq!(merged(BASE, &mine(), &new), None);
        // Unless both did the same.
        assert_eq!(merged(BASE, &mine(), &mine()), Some(mine()));
        assert_eq!(merged(BASE, &mine(), BASE), Some(mine()));
        assert_eq!(merged(BASE, BASE, &new), Some(new.clone()));
    }

    #[test]
    fn a_text_without_its_last_line_end_stays_so() {
        let mine = format!("{}// mine", mine());
        let new = BASE.replace("Old", "New");
        assert!(merged(BASE, &mine, &new).unwrap().ends_with("kit::plug!();\n// mine"));
    }
}
