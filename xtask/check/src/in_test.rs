//! # The same check from inside `cargo test`
//!
//! An exercise's tests start themselves again as a probe, so that an endless loop, an abort or a flood ends one test
//! and not all. The message of a failed test is the one that `cargo xtask grade` prints.

use crate::chance::{self, Sides};
use crate::explain::Case;
use crate::promises;
use crate::random;
use crate::scenario::Scenario;
use crate::snapshot;
use crate::supervise::{self, Limits, Outcome, Probe};
use crate::verdict::{self, Verdict};
use std::fs;
use std::path::{Path, PathBuf};

/// Runs one scenario of the exercise `id` and compares it with its recorded trace.
///
/// # Panics
/// When the check fails: the message is the explanation.
pub fn scenario(id: &str, path: &Path) {
    if let Err(message) = checked(id, path) {
        println!("{message}");
        // Without the words that a panic prints: the message is for a learner, not about this file.
        std::panic::resume_unwind(Box::new(message));
    }
}

/// Tries so many random scenarios on the exercise `id` that lies in the folder `exercise`. The test binary has two
/// tests that serve: `probe` with the learner's part, and `reference`.
///
/// # Panics
/// When one fails: the message is the explanation of the shortest that does.
pub fn random(id: &str, exercise: &str, count: usize) {
    if let Err(message) = tried(id, Path::new(exercise), count) {
        println!("{message}");
        std::panic::resume_unwind(Box::new(message));
    }
}

fn tried(id: &str, exercise: &Path, count: usize) -> Result<(), String> {
    let source = fs::read_to_string(exercise.join("src/lib.rs")).unwrap_or_default();
    let seed = random::seed_of(&source);
    let program = std::env::current_exe().map_err(|e| format!("this test cannot find itself: {e}"))?;
    let probe = |test| Probe::in_test(&program, test);
    let (yours, reference) = (probe("probe"), probe("reference"));
    let budget = Limits::default().scenario;
    let sides = Sides { part: id, yours: &yours, reference: &reference, budget, deadline: None };
    let drawn = chance::draw(&reference, id, seed, count)?;
    let Some((at, verdict)) = sides.tried(&drawn) else { return Ok(()) };
    let found = sides.found(&drawn, at, verdict, true);
    let root = exercise.parent().and_then(Path::parent).unwrap_or(exercise);
    let file = format!(".progress/failing/{id}.ops");
    let kept = root.join(&file);
    let scenario = found.kept_as("random", &format!("Found by chance, near seed {seed}."), &kept);
    // Where it cannot be written, the message still has all of it.
    let _ = fs::create_dir_all(root.join(".progress/failing")).and_then(|()| fs::write(&kept, &scenario.text));
    let (promises, chapter) = (promises::of(&source), chapter(&source));
    let case = Case {
        id,
        scenario: &scenario,
        file: &file,
        verdict: found.verdict,
        expected: &found.expected,
        outcome: &found.outcome,
        again: found.again.as_ref(),
        promises: &promises,
        chapter: chapter.as_deref(),
        all_details: false,
    };
    Err(case.explain() + &found.whole())
}

fn checked(id: &str, path: &Path) -> Result<(), String> {
    let place = Place::of(path)?;
    let scenario = Scenario::read(path).map_err(|e| format!("{}: {e}", place.file))?;
    let recorded = snapshot::path(&place.solution(), &scenario.name);
    let expected = snapshot::read(&recorded).map_err(|e| {
        format!(
            "{}: no trace is recorded for this scenario ({e}).\n\
             Try scenarios of your own with: cargo xtask show {id} {}",
            place.file, place.file
        )
    })?;
    let expected: Vec<String> = expected.lines().map(str::to_string).collect();
    let program = std::env::current_exe().map_err(|e| format!("this test cannot find itself: {e}"))?;
    let probe = Probe::in_test(program, "probe");
    let (outcome, again, verdict) = judged(&probe, id, &scenario, &expected);
    if verdict == Verdict::Pass {
        return Ok(());
    }
    let source = fs::read_to_string(place.exercise().join("src/lib.rs")).unwrap_or_default();
    let chapter = chapter(&source);
    let case = Case {
        id,
        scenario: &scenario,
        file: &place.file,
        verdict,
        expected: &expected,
        outcome: &outcome,
        again: again.as_ref(),
        promises: &promises::of(&source),
        chapter: chapter.as_deref(),
        all_details: false,
    };
    Err(case.explain())
}

/// Runs a scenario, and once more when it failed and that may tell more.
pub fn judged<S: AsRef<str>>(
    probe: &Probe,
    id: &str,
    scenario: &Scenario,
    expected: &[S],
) -> (Outcome, Option<Outcome>, Verdict) {
    let limits = Limits::default();
    let once = || supervise::run(probe, id, &[(&scenario.name, &scenario.text)], &limits).remove(0);
    let outcome = once();
    let verdict = verdict::judge(expected, &outcome);
    if verdict == Verdict::Pass || verdict::is_costly(verdict) {
        return (outcome, None, verdict);
    }
    let again = once();
    let verdict = if verdict::same_run(&outcome, &again) { verdict } else { Verdict::Nondeterministic };
    (outcome, Some(again), verdict)
}

/// Where a scenario lies: `ROOT/exercises/12-pool/scenarios/03-x.ops`.
struct Place {
    root: PathBuf,
    folder: String,
    file: String,
}

impl Place {
    fn of(path: &Path) -> Result<Place, String> {
        let whole = fs::canonicalize(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let exercise = whole.parent().and_then(Path::parent);
        let root = exercise.and_then(Path::parent).and_then(Path::parent);
        let folder = exercise.and_then(Path::file_name);
        let (Some(root), Some(folder)) = (root, folder) else {
            return Err(format!("{}: a scenario lies in exercises/NN-id/scenarios/", path.display()));
        };
        let file = whole.strip_prefix(root).unwrap_or(&whole).to_string_lossy().replace('\\', "/");
        Ok(Place { root: root.to_path_buf(), folder: folder.to_string_lossy().into_owned(), file })
    }

    fn exercise(&self) -> PathBuf {
        self.root.join("exercises").join(&self.folder)
    }

    fn solution(&self) -> PathBuf {
        self.root.join("solutions").join(&self.folder)
    }
}

/// The chapter that the head of an exercise names, and how to open it.
///
/// ```
/// let head = "//! # Exercise\n//!\n//! Chapter: \"A pool\" (`cargo xtask book pool`).\n";
/// assert_eq!(check::in_test::chapter(head).as_deref(), Some("\"A pool\": cargo xtask book pool"));
/// ```
pub fn chapter(source: &str) -> Option<String> {
    let line = source.lines().find_map(|line| line.strip_prefix("//! Chapter:"))?;
    let title = line.split('"').nth(1)?;
    let command = line.split('`').nth(1).filter(|command| command.starts_with("cargo xtask book"))?;
    Some(format!("\"{title}\": {command}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chapter_that_is_not_written_is_not_named() {
        assert_eq!(chapter("//! Chapter: \"Later\", still to be written: the text below is all you need.\n"), None);
    }

    #[test]
    fn a_scenario_that_is_not_there_is_a_sentence() {
        assert!(checked("pool", Path::new("/no/such/x.ops")).unwrap_err().contains("/no/such/x.ops"));
    }
}
