//! `cargo xtask mutants`: every small change of an answer that cargo-mutants can think of, given to the grader.
//!
//! The mutants in `xtask/cases` are mistakes that people make. These are all the mistakes of one token: what the grader
//! lets pass here, no scenario looks at.
//!
//! ```text
//! list      cargo-mutants names the changes of the part's source; kept are those within `[exercise]` and `[solution]`
//! build     the fast lane, in the scratch copy: one call of rustc each; what does not compile is no mutant
//! grade     the written scenarios, then the random ones
//! note      target/mutants/ID.json, so that a run that was ended goes on where it was
//! ```
//!
//! - **I1** Caught is what a learner's grade would catch: the same scenarios, seed, number and budgets.
//! - **I2** A mutant that is caught by time alone is tried once more, with more of it: a busy machine catches nothing.
//! - **I3** A mutant counts as equivalent only if `xtask/cases/equivalent.toml` names it, with the reason.

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use lexopt::Arg;

use super::scratch::Scratch;
use crate::course::{Course, Exercise};
use crate::failure::{FAILED, Failure, Outcome};
use crate::grade::material::Material;
use crate::grade::options::{Budgets, Options};
use crate::grade::{self, Lane};
use crate::ui::{bold, counted, green, red, say};
use check::verdict::Verdict;
use list::Mutant;
use notes::{Came, Notes};

mod list;
mod notes;
mod trial;

pub(crate) const HELP: &str = "\
cargo xtask mutants [ID|NUMBER|PREFIX...] [OPTIONS]

Gives every one-token mutant of each answer to the grader, and says what it lets pass. The mutants are named by
cargo-mutants (`cargo install cargo-mutants --locked`); built and graded they are here, as a learner's answer is.
What came of each is kept in target/mutants, so that a run goes on where the last one ended.

  --time S      begin no new mutant after so many seconds
  --fresh       forget what earlier runs found
  --retry       try those again that were not caught
  --table       print what is known as a table, and try nothing

Exit code 1 if a mutant passes that xtask/cases/equivalent.toml does not name.";

#[derive(Default)]
struct Wanted {
    words: Vec<String>,
    time: Option<Duration>,
    fresh: bool,
    retry: bool,
    table: bool,
}

pub(crate) fn run(course: &Course, mut args: lexopt::Parser) -> Outcome {
    let mut wanted = Wanted::default();
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Long("time") => wanted.time = Some(Duration::from_secs(lexopt::ValueExt::parse(&args.value()?)?)),
            Arg::Long("fresh") => wanted.fresh = true,
            Arg::Long("retry") => wanted.retry = true,
            Arg::Long("table") => wanted.table = true,
            Arg::Value(word) => wanted.words.push(word.to_string_lossy().into_owned()),
            _ => return Err(arg.unexpected().into()),
        }
    }
    let chosen: Vec<String> = course.select(&wanted.words)?.into_iter().map(|e| e.id.clone()).collect();
    let tool = list::version()?;
    let scratch = Scratch::make(course)?;
    let exercises: Vec<&Exercise> = scratch.course.exercises.iter().filter(|e| chosen.contains(&e.id)).collect();
    let mut surveys = Vec::new();
    for exercise in exercises {
        let mutants = list::of(course, exercise)?;
        let notes = Notes::open(course, &scratch, exercise, &tool, wanted.fresh)?;
        surveys.push(Survey { exercise, mutants, notes: Mutex::new(notes) });
    }
    if !wanted.table {
        try_all(&scratch, &surveys, &wanted)?;
    }
    let equivalent = notes::equivalent(course)?;
    sum(&surveys, &equivalent, &tool, wanted.table)
}

/// One exercise's mutants, and what came of them.
struct Survey<'a> {
    exercise: &'a Exercise,
    mutants: Vec<Mutant>,
    notes: Mutex<Notes>,
}

impl Survey<'_> {
    fn notes(&self) -> std::sync::MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Two at a time: exercises, since one exercise has one file.
fn try_all(scratch: &Scratch, surveys: &[Survey<'_>], wanted: &Wanted) -> Result<(), Failure> {
    let open = |s: &Survey<'_>| s.mutants.iter().filter(|m| s.notes().is_open(m, wanted.retry)).count();
    let all: usize = surveys.iter().map(open).sum();
    if all == 0 {
        return Ok(());
    }
    let lane = lane(scratch, surveys)?;
    let (start, next, done) = (Instant::now(), AtomicUsize::new(0), AtomicUsize::new(0));
    let failed = AtomicBool::new(false);
    let work = || -> Result<(), Failure> {
        while let Some(survey) = surveys.get(next.fetch_add(1, Ordering::Relaxed)) {
            let material = Material::read(&scratch.course, survey.exercise)?;
            for mutant in &survey.mutants {
                if wanted.time.is_some_and(|time| start.elapsed() > time) || failed.load(Ordering::Relaxed) {
                    return Ok(());
                }
                if !survey.notes().is_open(mutant, wanted.retry) {
                    continue;
                }
                let came = trial::of(scratch, &lane, &material, mutant)?;
                let n = done.fetch_add(1, Ordering::Relaxed) + 1;
                if came == Came::Passed {
                    say!("{n}/{all} {} {}: {}", survey.exercise.id, mutant.place, red("passes"));
                } else if n.is_multiple_of(25) {
                    say!("{n}/{all} after {} s", start.elapsed().as_secs());
                }
                survey.notes().note(mutant, came)?;
            }
        }
        Ok(())
    };
    let ends: Vec<Result<(), Failure>> = std::thread::scope(|scope| {
        let worker = || work().inspect_err(|_| failed.store(true, Ordering::Relaxed));
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().map(|worker| worker.join().expect("a worker does not panic")).collect()
    });
    ends.into_iter().collect()
}

/// The scratch copy's fast lane; the answers must pass, and pass in the lane.
fn lane(scratch: &Scratch, surveys: &[Survey<'_>]) -> Result<Lane, Failure> {
    for survey in surveys {
        scratch.answer(survey.exercise, &crate::generate::answer_text(survey.exercise)?)?;
    }
    let words: Vec<String> = surveys.iter().map(|s| s.exercise.id.clone()).collect();
    let report = grade::grade(&scratch.course, &Options { words, record: false, ..Options::default() })?;
    if let Some(row) = report.rows.iter().find(|row| row.verdict != Verdict::Pass) {
        return Err(Failure::Internal(format!("the answer to {} does not pass: {}", row.id, row.verdict)));
    }
    let lane = Lane::open(&scratch.course)
        .ok_or_else(|| Failure::Input("The fast lane is closed: unset RUSTFLAGS and the like.".into()))?;
    for survey in surveys {
        if lane.build(survey.exercise, Budgets::default().build).is_none() {
            return Err(Failure::Internal(format!("{} does not compile in the fast lane", survey.exercise.id)));
        }
    }
    Ok(lane)
}

/// What came of everything: a line for each exercise, and every mutant that passes.
fn sum(surveys: &[Survey<'_>], equivalent: &notes::Equivalent, tool: &str, as_table: bool) -> Outcome {
    let mut total = notes::Count::default();
    let mut bad = Vec::new();
    say!();
    say!("| exercise | mutants | do not compile | equivalent | graded | caught | share |");
    say!("|---|---:|---:|---:|---:|---:|---:|");
    for survey in surveys {
        let (notes, id) = (survey.notes(), &survey.exercise.id);
        let mut count = notes::Count::default();
        for mutant in &survey.mutants {
            let known = equivalent.reason(id, mutant);
            count.add(notes.came(mutant), known.is_some());
            if notes.came(mutant) == Some(Came::Passed) && known.is_none() {
                bad.push((id, mutant));
            }
        }
        say!("{}", count.row(&format!("`{id}`")));
        total.sum(&count);
    }
    say!("{}", total.row("all"));
    say!("\n{tool}, {}.", notes::today());
    for (id, mutant) in bad.iter().filter(|_| !as_table) {
        say!("\n{} {}\n{}", bold(id), mutant.place, mutant.shown());
    }
    if total.open > 0 {
        say!("\n{} not tried yet: the same command goes on.", counted(total.open, "mutant"));
    }
    if bad.is_empty() {
        say!("{}", green("Nothing passes that should not."));
        return Ok(if total.open == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) });
    }
    say!("{}", red(&format!("{} pass that no scenario looks at.", counted(bad.len(), "mutant"))));
    Ok(ExitCode::from(FAILED))
}
