//! `cargo xtask hint`: one hint more with each call, from the exercise's `hints.md`.

use std::process::ExitCode;

use crate::course::Course;
use crate::failure::{Failure, Outcome};
use crate::files;
use crate::progress::Progress;
use crate::standing;
use crate::ui::{bold, counted, say};

pub(crate) const HELP: &str = "\
cargo xtask hint [ID] [--all]

Shows the next hint of an exercise: the first says where to look, the last how to write it.
Without ID: of the exercise you are at.

  --all   show all of them";

pub(crate) fn run(course: &Course, mut args: lexopt::Parser) -> Outcome {
    let (mut word, mut all) = (None, false);
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("all") => all = true,
            lexopt::Arg::Value(value) if word.is_none() => word = Some(value.to_string_lossy().into_owned()),
            _ => return Err(arg.unexpected().into()),
        }
    }
    let mut progress = Progress::load(&course.root);
    let exercise = standing::chosen(course, &progress, word.as_deref())?;
    let text = files::read(&exercise.hints())?;
    let hints = sections(&text);
    if hints.is_empty() {
        let file = files::said(&course.root, &exercise.hints());
        return Err(Failure::Input(format!("{file} has no hint in it: each begins with a line `## Its title`.")));
    }
    let shown = progress.hints(&exercise.id).min(hints.len());
    let again = shown == hints.len();
    let upto = if all || again { hints.len() } else { shown + 1 };
    for (n, (title, body)) in hints.iter().enumerate().take(upto).skip(if all || again { 0 } else { shown }) {
        say!("{} {title}\n\n{body}\n", bold(&format!("{}, hint {} of {}:", exercise.id, n + 1, hints.len())));
    }
    match hints.len() - upto {
        0 => say!("That was the last hint. `cargo xtask solution {} --yes` shows the answer.", exercise.id),
        left => say!("{} more: `cargo xtask hint {}`", counted(left, "hint"), exercise.id),
    }
    progress.set_hints(&exercise.id, upto);
    progress.save()?;
    Ok(ExitCode::SUCCESS)
}

/// The parts of a text that begin with `## `: title and body.
fn sections(text: &str) -> Vec<(&str, &str)> {
    let text = text.strip_prefix("## ").or_else(|| text.split_once("\n## ").map(|(_, rest)| rest)).unwrap_or_default();
    let parts = text.split("\n## ").filter(|s| !s.trim().is_empty());
    parts.map(|s| s.split_once('\n').map_or((s.trim(), ""), |(title, body)| (title.trim(), body.trim()))).collect()
}

#[cfg(test)]
mod tests {
    use super::sections;

    #[test]
    fn hints_are_the_sections_of_the_file() {
        let text = "# Hints\n\nAbout.\n\n## Where to look\n\nThere.\nAnd there.\n\n## How\n\n### Detail\nSo.\n";
        assert_eq!(sections(text), [("Where to look", "There.\nAnd there."), ("How", "### Detail\nSo.")]);
        assert_eq!(sections("## One\nx"), [("One", "x")]);
        assert!(sections("no section").is_empty());
    }
}
