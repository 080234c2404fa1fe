//! The whole way, from files to verdicts: as nobody, as the reference, and as a learner who is done.

use std::process::{Command, Stdio};
use std::time::Duration;

use check::verdict::Verdict;

use super::Tried;
use super::scratch::Scratch;
use super::watch;
use crate::course::Exercise;
use crate::failure::Failure;
use crate::grade::material::RANDOM;
use crate::grade::options::Options;
use crate::grade::{self, build, report::Report};
use crate::{files, generate};

/// Compiling all stubs may take so long.
const BUILD: Duration = Duration::from_secs(600);

/// Grades everything untouched, then the solutions, then the solutions as answers.
pub(super) fn all(scratch: &Scratch, exercises: &[&Exercise]) -> Result<Vec<Tried>, Failure> {
    let mut tried = Vec::new();
    tried.extend(without_warnings(scratch, exercises)?);
    tried.extend(rows("untouched", &graded(scratch, exercises, false)?, Verdict::NotStarted));
    tried.extend(rows("solution", &graded(scratch, exercises, true)?, Verdict::Pass));
    for exercise in exercises {
        scratch.answer(exercise, &generate::answer_text(exercise)?)?;
    }
    tried.extend(rows("answer", &graded(scratch, exercises, false)?, Verdict::Pass));
    if let Some(exercise) = exercises.first() {
        tried.push(same_message(scratch, exercise)?);
    }
    for exercise in exercises {
        scratch.answer(exercise, &generate::stub_text(exercise)?)?;
    }
    Ok(tried)
}

/// Every stub compiles, and without a warning: a learner's first look at one must not be at the compiler's complaints.
fn without_warnings(scratch: &Scratch, exercises: &[&Exercise]) -> Result<Vec<Tried>, Failure> {
    let packages: Vec<String> = exercises.iter().map(|e| e.id.clone()).collect();
    let said = build::warnings(scratch.root(), &packages, BUILD)?;
    let tried = exercises.iter().map(|exercise| {
        let place = format!("exercises/{}/", exercise.folder);
        let own: Vec<&str> = said.iter().filter(|text| text.contains(&place)).map(String::as_str).collect();
        let came = if own.is_empty() { "compiles without a warning".into() } else { own.join("\n") };
        Tried { kind: "stub", id: exercise.id.clone(), name: "warnings".into(), came, as_expected: own.is_empty() }
    });
    Ok(tried.collect())
}

/// Grades some of the scratch copy's exercises.
pub(super) fn graded(scratch: &Scratch, exercises: &[&Exercise], solutions: bool) -> Result<Report, Failure> {
    let words = exercises.iter().map(|e| e.id.clone()).collect();
    let options = Options { words, solutions, record: false, ..Options::default() };
    grade::grade(&scratch.course, &options)
}

fn rows(kind: &'static str, report: &Report, wanted: Verdict) -> Vec<Tried> {
    let tried = report.rows.iter().map(|row| {
        let mut came = format!("{}, {} of {} points", row.verdict, row.points(), row.max());
        if let Some(check) = row.first_failure().filter(|_| row.verdict != wanted) {
            came = format!("{came}: {} {}", check.name, check.sentence);
        }
        let points = if wanted == Verdict::Pass { row.max() } else { 0 };
        let as_expected = row.verdict == wanted && row.points() == points && row.max() > 0;
        Tried { kind, id: row.id.clone(), name: kind.into(), came, as_expected }
    });
    tried.collect()
}

/// `cargo test -p` of an exercise says of a wrong answer what `grade` says.
fn same_message(scratch: &Scratch, exercise: &Exercise) -> Result<Tried, Failure> {
    // The first function to write panics: that is wrong in every exercise.
    let text = generate::answer_text(exercise)?;
    let wrong = watch::in_first_function(exercise, &text, "if true { panic!(\"a wrong answer\") }")?;
    scratch.answer(exercise, &wrong)?;
    let report = graded(scratch, &[exercise], false)?;
    let target = scratch.root().with_file_name("target");
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["test", "--quiet", "-p", &exercise.id])
        .current_dir(scratch.root())
        .env("CARGO_TARGET_DIR", target)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| Failure::Internal(format!("cargo cannot be started: {e}")))?;
    let said = files::plain_lines(String::from_utf8_lossy(&output.stdout).into_owned());
    let failed: Vec<_> =
        report.rows.iter().flat_map(|row| &row.checks).filter(|c| c.verdict == Verdict::Panic).collect();
    let written = failed.iter().filter(|check| check.name != RANDOM);
    let missing = written.filter(|check| check.explanation.as_ref().is_none_or(|text| !said.contains(text.trim())));
    let missing: Vec<&str> = missing.map(|check| check.name.as_str()).collect();
    let came = match missing.as_slice() {
        [] => format!("cargo test says the same as grade, {} times", failed.len()),
        some => format!("cargo test says something else about {}:\n{said}", some.join(", ")),
    };
    let as_expected = missing.is_empty() && failed.len() > 1 && !output.status.success();
    Ok(Tried { kind: "message", id: exercise.id.clone(), name: "same message".into(), came, as_expected })
}
