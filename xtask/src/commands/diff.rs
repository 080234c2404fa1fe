//! `cargo xtask diff ID`: your file against the stub, or against the solution once you have passed.

use std::process::ExitCode;

use similar::{ChangeTag, TextDiff};

use crate::commands::solution;
use crate::course::Course;
use crate::failure::Outcome;
use crate::progress::Progress;
use crate::ui::{bold, escaped, green, red, say};
use crate::{generate, standing};

pub(crate) const HELP: &str = "\
cargo xtask diff [ID] [--stub | --solution [--yes]]

Shows in what your file differs: from the solution if yours has passed, from the stub if not.

  --stub       from the stub in any case
  --solution   from the solution; with --yes although yours has not passed";

pub(crate) fn run(course: &Course, mut args: lexopt::Parser) -> Outcome {
    let (mut word, mut other, mut yes) = (None, None, false);
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("stub") => other = Some("stub"),
            lexopt::Arg::Long("solution") => other = Some("solution"),
            lexopt::Arg::Long("yes") => yes = true,
            lexopt::Arg::Value(value) if word.is_none() => word = Some(value.to_string_lossy().into_owned()),
            _ => return Err(arg.unexpected().into()),
        }
    }
    let progress = Progress::load(&course.root);
    let exercise = standing::chosen(course, &progress, word.as_deref())?;
    let yours = exercise.text()?;
    let other = other.unwrap_or(if progress.passed(&exercise.id) { "solution" } else { "stub" });
    let theirs = match other {
        "stub" => generate::stub_text(exercise)?,
        _ => solution::answer(exercise, &progress, yes, "diff --solution")?,
    };
    if yours == theirs {
        say!("{} is the {other}, to the letter.", exercise.lib_name());
    } else {
        // What was there before stands first: the stub became yours, yours might become the solution.
        let (from, to) = if other == "stub" {
            (("the stub", theirs.as_str()), ("yours", yours.as_str()))
        } else {
            (("yours", yours.as_str()), ("the solution", theirs.as_str()))
        };
        print(from, to);
    }
    Ok(ExitCode::SUCCESS)
}

/// A unified difference with three lines around each change.
pub(crate) fn print((from, before): (&str, &str), (to, after): (&str, &str)) {
    say!("{}", bold(&format!("--- {from}\n+++ {to}")));
    let diff = TextDiff::from_lines(before, after);
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        say!("{}", hunk.header());
        for change in hunk.iter_changes() {
            let line = escaped(change.value().trim_end_matches('\n'));
            match change.tag() {
                ChangeTag::Equal => say!(" {line}"),
                ChangeTag::Delete => say!("{}", red(&format!("-{line}"))),
                ChangeTag::Insert => say!("{}", green(&format!("+{line}"))),
            }
        }
    }
}
