//! The result of a grade: one model, and three writers beside it.
//!
//! `--format json` writes one object. Fields are only ever added; `schema` changes when one must go.
//!
//! ```text
//! schema      "count-to-zero/grade/1"
//! graded      "exercises", or "solutions" with --solutions
//! passed      did every exercise pass?
//! points, max, seconds (with building)
//! exercises   one for each that was asked for, in the order of the course:
//!   id, number, title
//!   verdict   "pass" when all checks pass, else the first reason why not; all names are in check::verdict
//!   points, max, seconds (without building)
//!   seed      of the random scenarios, or null
//!   message   about the exercise as a whole (the compiler's words, files that were changed), or null
//!   checks    every check that there is, run or not:
//!     name    the scenario's, or "random"
//!     verdict, points, max, seconds
//!     detail  one sentence; empty for a pass
//!     explanation   what a person reads about a failure, or null
//! ```
//!
//! JUnit has a suite for each exercise and a case for each check; whatever is no pass is a failure of that type.

use check::verdict::Verdict;
use serde_json::{Value, json};

/// What a grade found.
#[derive(Debug)]
pub(crate) struct Report {
    /// One row for each exercise that was asked for, in the order of the course.
    pub(crate) rows: Vec<Row>,
    /// The reference was graded, not the learner.
    pub(crate) solutions: bool,
    /// Wall time of everything, with building.
    pub(crate) seconds: f64,
}

/// One exercise.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) title: String,
    /// `pass` when all checks pass, else the first reason why not.
    pub(crate) verdict: Verdict,
    /// Wall time of its checks, without building.
    pub(crate) seconds: f64,
    /// Every check that the exercise has, run or not.
    pub(crate) checks: Vec<Check>,
    /// What there is to say about the exercise as a whole: the compiler's words, files that were changed.
    pub(crate) message: Option<String>,
    /// The seed of its random scenarios, if they were run.
    pub(crate) seed: Option<u64>,
}

/// One check: a scenario, or all random ones together.
#[derive(Debug, Clone)]
pub(crate) struct Check {
    pub(crate) name: String,
    pub(crate) verdict: Verdict,
    /// What a pass is worth.
    pub(crate) max: u32,
    pub(crate) seconds: f64,
    /// In a sentence; empty for a pass.
    pub(crate) sentence: String,
    /// The whole explanation of a failure.
    pub(crate) explanation: Option<String>,
}

impl Report {
    /// Did everything pass?
    pub(crate) fn passed(&self) -> bool {
        self.rows.iter().all(|row| row.verdict == Verdict::Pass)
    }

    /// Is nothing of all that was asked for started?
    pub(crate) fn nothing_started(&self) -> bool {
        self.rows.iter().all(|row| row.verdict == Verdict::NotStarted)
    }

    /// The first exercise that was started and does not pass.
    pub(crate) fn first_failure(&self) -> Option<&Row> {
        self.rows.iter().find(|row| !matches!(row.verdict, Verdict::Pass | Verdict::NotStarted))
    }

    /// For programs: the object that the head of this file describes.
    pub(crate) fn json(&self) -> Value {
        json!({
            "schema": "count-to-zero/grade/1",
            "graded": if self.solutions { "solutions" } else { "exercises" },
            "passed": self.passed(),
            "points": self.rows.iter().map(Row::points).sum::<u32>(),
            "max": self.rows.iter().map(Row::max).sum::<u32>(),
            "seconds": rounded(self.seconds),
            "exercises": self.rows.iter().map(Row::json).collect::<Vec<_>>(),
        })
    }
}

impl Row {
    pub(crate) fn points(&self) -> u32 {
        if self.is_void() { 0 } else { self.checks.iter().map(Check::points).sum() }
    }

    pub(crate) fn max(&self) -> u32 {
        self.checks.iter().map(|check| check.max).sum()
    }

    /// The first check that did not pass.
    pub(crate) fn first_failure(&self) -> Option<&Check> {
        self.checks.iter().find(|check| check.verdict != Verdict::Pass)
    }

    /// A program that changed files of others earns nothing, whatever it answered. (A scenario that the learner edited
    /// costs that check alone.)
    fn is_void(&self) -> bool {
        self.verdict == Verdict::Tampered && self.message.is_some()
    }

    fn json(&self) -> Value {
        json!({
            "id": self.id,
            "number": self.number,
            "title": self.title,
            "verdict": self.verdict.name(),
            "points": self.points(),
            "max": self.max(),
            "seconds": rounded(self.seconds),
            "seed": self.seed,
            "message": self.message,
            "checks": self.checks.iter().map(Check::json).collect::<Vec<_>>(),
        })
    }
}

impl Check {
    /// A check that was not run, because of something about the whole exercise.
    pub(crate) fn not_run(name: &str, max: u32, verdict: Verdict, sentence: &str) -> Check {
        Check { name: name.into(), verdict, max, seconds: 0.0, sentence: sentence.into(), explanation: None }
    }

    /// What it earned.
    pub(crate) fn points(&self) -> u32 {
        if self.verdict == Verdict::Pass { self.max } else { 0 }
    }

    fn json(&self) -> Value {
        json!({
            "name": self.name,
            "verdict": self.verdict.name(),
            "points": self.points(),
            "max": self.max,
            "seconds": rounded(self.seconds),
            "detail": self.sentence,
            "explanation": self.explanation,
        })
    }
}

fn rounded(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}
