//! `cargo xtask measure`: how long a learner waits, measured in a fresh clone beside `cargo test`.
//!
//! | what | how |
//! |---|---|
//! | clone to first answer | `git clone`, then `cargo xtask grade` builds the tool and says where to begin |
//! | clone to first verdict | then `cargo xtask grade pool` with the reference's text in the exercise |
//! | untouched stubs, warm | `cargo xtask grade` again, nothing started |
//! | edit to verdict | one line of the exercise changed, `cargo xtask grade pool`; in turn with `cargo test -p pool` |
//!
//! Times on a busy machine vary: the medians of several runs are told, and a ratio within one run. Nothing here passes
//! or fails.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use crate::course::Course;
use crate::failure::{Failure, Outcome};
use crate::ui::say;

/// `cargo xtask measure --help`
pub(crate) const HELP: &str = "\
cargo xtask measure [--runs N]

Clones what is committed into a temporary folder and measures there how long a learner waits: from the clone to the
first answer and the first verdict, with untouched stubs, and from a one-line edit to its verdict, beside `cargo test`.
N runs of each (5), medians. Crates must have been downloaded before (`cargo fetch`).
";

const EXERCISE: &str = "pool";

pub(crate) fn run(course: &Course, mut words: lexopt::Parser) -> Outcome {
    let mut runs = 5;
    while let Some(word) = words.next()? {
        match word {
            lexopt::Arg::Long("runs") => runs = lexopt::ValueExt::parse(&words.value()?)?,
            word => return Err(word.unexpected().into()),
        }
    }
    let place = std::env::temp_dir().join(format!("count-to-zero-measure-{}", std::process::id()));
    let measured = measure(course, &place, std::cmp::max(runs, 1));
    let _ = std::fs::remove_dir_all(&place);
    measured.map(|()| ExitCode::SUCCESS)
}

fn measure(course: &Course, place: &Path, runs: usize) -> Result<(), Failure> {
    let clone = Clone::make(course, place)?;
    let first_answer = clone.timed(&["xtask", "grade"]);
    say!("clone to first answer     {}", seconds(first_answer));
    clone.solve(0)?;
    let first_verdict = clone.timed(&["xtask", "grade", EXERCISE]);
    say!("clone to first verdict    {}", seconds(first_answer + first_verdict));
    clone.unsolve()?;
    let untouched = (0..runs).map(|_| clone.timed(&["xtask", "grade"])).collect();
    say!("untouched stubs, warm     {}", seconds(median(untouched)));
    clone.timed(&["test", "-p", EXERCISE]);
    let (mut graded, mut tested, mut ratios) = (vec![], vec![], vec![]);
    for run in 1..=runs {
        clone.solve(2 * run)?;
        let grade = clone.timed(&["xtask", "grade", EXERCISE]);
        clone.solve(2 * run + 1)?;
        let test = clone.timed(&["test", "-p", EXERCISE]);
        ratios.push(grade.as_secs_f64() / test.as_secs_f64());
        graded.push(grade);
        tested.push(test);
    }
    ratios.sort_by(f64::total_cmp);
    say!("edit to verdict           {}", seconds(median(graded)));
    say!("edit to `cargo test -p`   {}", seconds(median(tested)));
    say!("ratio of the two          {:.2}", ratios[runs / 2]);
    Ok(())
}

fn seconds(time: Duration) -> String {
    format!("{:6.2} s", time.as_secs_f64())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// A fresh clone, and the texts that are put into it.
struct Clone {
    root: PathBuf,
    file: PathBuf,
    stub: String,
    solution: String,
}

impl Clone {
    fn make(course: &Course, place: &Path) -> Result<Clone, Failure> {
        let git = Command::new("git").args(["clone", "--quiet"]).arg(&course.root).arg(place).status();
        if !git.is_ok_and(|status| status.success()) {
            return Err(Failure::Input("I cannot clone the project: is `git` there, and is this a checkout?".into()));
        }
        let exercise = &course.select(&[EXERCISE.to_string()])?[0];
        let file = place.join("exercises").join(&exercise.folder).join("src/lib.rs");
        let solution = place.join("solutions").join(&exercise.folder).join("src/lib.rs");
        let read = |path: &Path| std::fs::read_to_string(path).map_err(|error| Failure::reading(path, &error));
        Ok(Clone { root: place.into(), stub: read(&file)?, solution: read(&solution)?, file })
    }

    fn write(&self, text: &str) -> Result<(), Failure> {
        std::fs::write(&self.file, text).map_err(|error| Failure::writing(&self.file, &error))
    }

    /// The reference's text, with a line that was not there before.
    fn solve(&self, edit: usize) -> Result<(), Failure> {
        self.write(&format!("{}\n/// Edit {edit}.\npub const EDIT: usize = {edit};\n", self.solution))
    }

    fn unsolve(&self) -> Result<(), Failure> {
        self.write(&self.stub)
    }

    /// How long `cargo words...` takes in the clone, its output thrown away.
    fn timed(&self, words: &[&str]) -> Duration {
        let mut cargo = crate::tools::cargo(&self.root);
        cargo.args(words).env_remove("CARGO_TARGET_DIR").stdin(Stdio::null());
        let start = Instant::now();
        // Exit code 1 is an answer too: nothing started.
        let _ = cargo.stdout(Stdio::null()).stderr(Stdio::null()).status();
        start.elapsed()
    }
}
