//! Writes the page of `show --html`: what is on it, and where it goes.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use check::difference;
use check::promises::{self, Promise};
use check::scenario::Scenario;
use check::supervise::{End, Outcome as Run};
use check::trace::{self, Kind, Line};

use super::page::{self, Page};
use super::{Options, programs, run_on, shown};
use crate::course::{Course, Exercise};
use crate::failure::{FAILED, Failure, Outcome};
use crate::files;
use crate::progress::Progress;
use crate::ui::{self, escaped, say};

/// The scenario that failed first in the last grade: its name, or the file of a random one.
pub(super) fn failed_last(course: &Course, exercise: &Exercise) -> Option<String> {
    let progress = Progress::load(&course.root);
    match progress.first_failed(&exercise.id)? {
        "random" => {
            let kept = exercise.failing(&course.root);
            kept.is_file().then(|| kept.to_string_lossy().into_owned())
        }
        name => Some(name.to_string()),
    }
}

/// Runs the scenario on both, and writes the page. The exit code is that of `show` without it.
pub(super) fn write(
    course: &Course,
    exercise: &Exercise,
    scenario: &Scenario,
    file: Option<&Path>,
    options: &Options,
) -> Outcome {
    let (reference, yours) = programs(course, exercise, options.reference)?;
    let reference = run_on(&reference, exercise, scenario);
    let said = files::said(&course.root, &scenario.path);
    if let Some(what) = trace::refusal(&reference.lines) {
        return Err(Failure::Input(format!("{said}, {what}")));
    }
    let yours = yours.map(|program| run_on(&program, exercise, scenario));
    let (right, left) = (shown(&reference), yours.as_ref().map(shown));
    let difference = yours.as_ref().zip(left.as_deref()).and_then(|(run, left)| in_words(&right, left, run));
    let source = files::read(&exercise.source_path())?;
    let chapter = exercise.chapter.as_ref();
    let alone = match options.reference {
        true => "This is what `--reference` asks for.",
        false => "Yours could not be run: the terminal says why.",
    };
    let text = page::html(&Page {
        id: &exercise.id,
        file: &said,
        scenario,
        chapter: chapter.map(|_| format!("\"{}\": cargo xtask book {}", exercise.chapter_title, exercise.id)),
        difference: difference.clone(),
        promises: about(&promises::of(&source), scenario, left.as_deref().unwrap_or_default()),
        yours: left.as_deref().ok_or_else(|| alone.to_string()),
        reference: &right,
        printed: yours.as_ref().map_or(String::new(), printed),
    });
    let own = || course.root.join(format!(".progress/show/{}-{}.html", exercise.id, scenario.name));
    let path = file.map_or_else(own, PathBuf::from);
    files::write(&path, text.as_bytes())?;
    if let Some(words) = &difference {
        say!("{words}");
    }
    say!("The page is {}.", escaped(&path.display().to_string()));
    if options.open && !ui::open(&path) {
        say!("I do not know how to open it here: open that file in a browser.");
    }
    let well = options.reference || (left.is_some() && difference.is_none());
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// The first difference in a sentence or two; none when all facts are the same.
fn in_words(reference: &[String], yours: &[String], run: &Run) -> Option<String> {
    let end = (run.end != End::Ended).then(|| run.end.to_string());
    let Some(found) = difference::first(reference, yours) else {
        return end.map(|end| format!("Every fact is right, but then: {end}."));
    };
    let place = found.op.map_or("Before the first operation".into(), |(line, op)| format!("In line {line}, `{op}`"));
    let said = |line: Option<&str>| match line.map(Line::parse) {
        None => "nothing more".to_string(),
        Some(Line { kind: Kind::Op, number, text }) => format!("goes on with line {number}, `{text}`"),
        Some(Line { text, .. }) => format!("says `{text}`"),
    };
    let yours = match (found.got.map(Line::parse), end) {
        (None, Some(end)) => format!("ended there: {end}"),
        (Some(Line { kind: Kind::Broken, text, .. }), _) => format!("ended there: {text}"),
        _ => said(found.got),
    };
    Some(format!("{place}, the reference {}; yours {yours}.", said(found.expected)))
}

/// The invariants that a broken promise names, else those that the scenario is about.
fn about(promises: &[Promise], scenario: &Scenario, yours: &[String]) -> Vec<(String, String)> {
    let broken = yours.iter().filter(|line| Line::parse(line).kind == Kind::Broken);
    let mut numbers: Vec<&str> = broken.flat_map(|line| promises::named_in(line)).collect();
    if numbers.is_empty() {
        numbers = scenario.shows.iter().map(String::as_str).collect();
    }
    let known = promises.iter().filter(|promise| numbers.contains(&promise.number.as_str()));
    known.map(|promise| (promise.number.clone(), promise.text.clone())).collect()
}

fn printed(run: &Run) -> String {
    [&run.output.stdout, &run.output.stderr].map(|text| escaped(text.trim_end())).join("\n").trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use check::supervise::Output;

    fn run(lines: &[&str], end: End) -> Run {
        let lines = lines.iter().map(|line| line.to_string()).collect();
        Run { name: "01".into(), lines, end, output: Output::default(), took: std::time::Duration::ZERO }
    }

    fn words(reference: &[&str], yours: &[&str], end: End) -> Option<String> {
        let reference: Vec<String> = reference.iter().map(|line| line.to_string()).collect();
        let run = run(yours, end);
        in_words(&reference, &shown(&run), &run)
    }

    #[test]
    fn the_first_difference_is_a_sentence() {
        let right = [" 3 | x = alloc", "   = block 2, now full", " 4 | free x", "   = ok"];
        let wrong = [" 3 | x = alloc", "   = block 5, now full"];
        assert_eq!(
            words(&right, &wrong, End::Ended).unwrap(),
            "In line 3, `x = alloc`, the reference says `block 2, now full`; yours says `block 5, now full`."
        );
        let ended = words(&right, &right[..1], End::StackOverflow).unwrap();
        assert!(ended.starts_with("In line 3, `x = alloc`, the reference says") && ended.contains("yours ended"));
        assert_eq!(words(&right, &right, End::Ended), None);
    }
}
