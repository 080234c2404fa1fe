//! `cargo xtask test`: the graders' own tests.
//!
//! A grader that nobody grades passes anything. So, in a scratch copy of the project: every solution must pass, every
//! stub compile without a warning and fail each of its checks, every mutant of a solution be rejected, every right answer that is written in another
//! way pass, every hostile program get its verdict and harm nobody, an edit compile no more than it must, and `watch` outlive whatever
//! is saved, and `bench` find what costs more.

use std::process::ExitCode;
use std::time::Instant;

use lexopt::Arg;

use crate::course::{Course, Exercise};
use crate::failure::{FAILED, Failure, Outcome};
use crate::ui::{bold, counted, green, red, say};
use scratch::Scratch;

mod bench;
mod cases;
mod hostile;
mod mutants;
mod rebuild;
mod scratch;
pub(crate) mod survey;
mod watch;
mod whole;

pub(crate) const HELP: &str = "\
cargo xtask test [ID|NUMBER|PREFIX...]

The graders' own tests, in a scratch copy of the project: solutions pass, untouched stubs compile without a warning and
fail each check, the mutants of xtask/cases/ID.toml are rejected (each line says by which check), right answers written differently pass, and the hostile programs of
xtask/cases/hostile.toml get their verdict and harm nothing; an edit compiles an exercise and its probe, no more; `watch` outlives what is saved,
and `bench` finds what costs more.

  -q, --quiet   only what is not as expected, and the counts";

/// What was tried, and whether it went as it should.
struct Tried {
    /// `mutant`, `stub`, `hostile`...
    kind: &'static str,
    id: String,
    name: String,
    /// What came of it, in words.
    came: String,
    as_expected: bool,
}

pub(crate) fn run(course: &Course, mut args: lexopt::Parser) -> Outcome {
    let (mut quiet, mut words) = (false, Vec::new());
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Short('q') | Arg::Long("quiet") => quiet = true,
            Arg::Value(word) => words.push(word.to_string_lossy().into_owned()),
            _ => return Err(arg.unexpected().into()),
        }
    }
    let start = Instant::now();
    let chosen: Vec<String> = course.select(&words)?.into_iter().map(|e| e.id.clone()).collect();
    let scratch = Scratch::make(course)?;
    let exercises: Vec<&Exercise> = scratch.course.exercises.iter().filter(|e| chosen.contains(&e.id)).collect();
    let mut all = Vec::new();
    let mut report = |tried: Vec<Tried>| {
        tried.iter().filter(|t| !quiet || !t.as_expected).for_each(print);
        all.extend(tried);
    };
    report(whole::all(&scratch, &exercises)?);
    report(watch::all(&scratch, &exercises)?);
    report(bench::all(&scratch, &exercises)?);
    report(rebuild::all(&scratch, &exercises)?);
    report(mutants::all(&scratch, &exercises)?);
    if chosen.iter().any(|id| id == hostile::EXERCISE) {
        report(hostile::all(&scratch)?);
    }
    sum(&all, start)
}

fn print(tried: &Tried) {
    let Tried { kind, id, name, came, .. } = tried;
    let mark = if tried.as_expected { green("ok ") } else { red("BAD") };
    say!("{mark} {kind:<9} {id:<17} {name:<40} {came}");
}

fn sum(all: &[Tried], start: Instant) -> Outcome {
    let bad = all.iter().filter(|tried| !tried.as_expected).count();
    let mut kinds: Vec<(&str, usize)> = Vec::new();
    for tried in all {
        match kinds.iter_mut().find(|(kind, _)| *kind == tried.kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((tried.kind, 1)),
        }
    }
    let counts: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    say!();
    say!("{}; {:.1} s.", counts.join(", "), start.elapsed().as_secs_f64());
    let mutants = || all.iter().filter(|tried| tried.kind == "mutant" && tried.as_expected);
    let by_chance = mutants().filter(|tried| tried.came.ends_with("by random")).count();
    let by_scenarios = mutants().count() - by_chance;
    say!("Mutants: {by_scenarios} rejected by a scenario that somebody wrote, {by_chance} by chance alone.");
    if bad > 0 {
        say!("{}", red(&format!("{} not as expected.", counted(bad, "case"))));
        return Ok(ExitCode::from(FAILED));
    }
    say!("{}", bold("All as expected."));
    Ok(ExitCode::SUCCESS)
}

/// A case file that cannot be used.
fn bad_case(file: &str, what: &str) -> Failure {
    Failure::Input(format!("xtask/cases/{file}: {what}"))
}
