//! Programs that mean harm, or do some, in the place of a learner's answer.

use check::verdict::Verdict;
use std::time::{Duration, Instant};

use super::scratch::Scratch;
use super::{Tried, cases};
use crate::course::Exercise;
use crate::failure::Failure;
use crate::generate;
use crate::grade::options::{Budgets, Options};
use crate::grade::{self, report::Report};

/// The exercise that hostile code is put into.
pub(super) const EXERCISE: &str = "pool";
/// An exercise with a right answer beside it: nothing may happen to that one.
const NEIGHBOUR: &str = "size-classes";
/// The function whose first statements are hostile.
const FUNCTION: &str = "pub fn free";
/// No hostile program may hold a grade up for longer, building apart.
const PATIENCE: Duration = Duration::from_secs(20);

/// Grades each hostile program together with a right answer to another exercise.
pub(super) fn all(scratch: &Scratch) -> Result<Vec<Tried>, Failure> {
    let course = &scratch.course;
    let (exercise, neighbour) = (course.select_one(EXERCISE)?, course.select_one(NEIGHBOUR)?);
    let answer = generate::answer_text(exercise)?;
    scratch.answer(neighbour, &generate::answer_text(neighbour)?)?;
    let mut tried = Vec::new();
    for case in cases::hostile(&scratch.cases)? {
        scratch.answer(exercise, &with_code(&answer, &case.code)?)?;
        let before = scratch.everything_but(exercise)?;
        let start = Instant::now();
        let report = graded(scratch, exercise, neighbour)?;
        let took = start.elapsed();
        let harmed = before != scratch.everything_but(exercise)?;
        let (verdict, others) = (verdict_of(&report, EXERCISE), verdict_of(&report, NEIGHBOUR));
        let mut came = format!("{verdict} ({:.1} s)", took.as_secs_f64());
        for (bad, what) in [
            (verdict != case.expect, format!("expected {}", case.expect)),
            (others != Verdict::Pass, format!("its neighbour: {others}")),
            (harmed, "files were harmed".to_string()),
            (took > PATIENCE, "that is too long".to_string()),
        ] {
            if bad {
                came.push_str(&format!(", {what}"));
            }
        }
        let as_expected = verdict == case.expect && others == Verdict::Pass && !harmed && took <= PATIENCE;
        tried.push(Tried { kind: "hostile", id: EXERCISE.into(), name: case.name, came, as_expected });
    }
    for exercise in [exercise, neighbour] {
        scratch.answer(exercise, &generate::stub_text(exercise)?)?;
    }
    Ok(tried)
}

/// The answer, with `code` as the first statements of the function.
fn with_code(answer: &str, code: &str) -> Result<String, Failure> {
    let at = answer.find(FUNCTION).and_then(|at| Some(at + answer[at..].find("{\n")? + 2));
    let at = at.ok_or_else(|| Failure::Internal(format!("no `{FUNCTION}` in the solution of {EXERCISE}")))?;
    Ok(format!("{}{}\n{}", &answer[..at], code.trim(), &answer[at..]))
}

fn graded(scratch: &Scratch, exercise: &Exercise, neighbour: &Exercise) -> Result<Report, Failure> {
    let budgets = Budgets { scenario: Duration::from_millis(800), ..Budgets::default() };
    let words = vec![exercise.id.clone(), neighbour.id.clone()];
    grade::grade(&scratch.course, &Options { words, budgets, record: false, ..Options::default() })
}

fn verdict_of(report: &Report, id: &str) -> Verdict {
    report.rows.iter().find(|row| row.id == id).map_or(Verdict::Missing, |row| row.verdict)
}
