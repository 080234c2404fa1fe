//! The table of commands, and how the first word chooses one.

use std::ffi::OsString;
use std::process::ExitCode;

use crate::course::{self, Course};
use crate::failure::{Failure, Outcome};
use crate::ui::{bold, say};
use crate::{generate, grade, measure, names, selftest};

mod bench;
mod book;
mod ci;
mod diff;
mod doctor;
mod hint;
mod home;
mod list;
mod milestone;
mod next;
mod reset;
mod show;
mod solution;
mod update;
mod watch;

/// One command, `cargo xtask NAME`: its name, what it does in a line, all of its `--help`, and itself.
type Command = (&'static str, &'static str, &'static str, fn(&Course, lexopt::Parser) -> Outcome);

/// The learner's commands, in the order of a learner's day.
const LEARN: &[Command] = &[
    ("next", "what to do next", next::HELP, next::run),
    ("book", "build the book, or open a chapter", book::HELP, book::run),
    ("grade", "grade all exercises, or those you name", grade::HELP, grade::run),
    ("watch", "grade again on every save", watch::HELP, watch::run),
    ("show", "yours beside the reference, step by step", show::HELP, show::run),
    ("hint", "one hint more", hint::HELP, hint::run),
    ("list", "every exercise, and how far you are", list::HELP, list::run),
    ("diff", "in what your file differs from the stub or the solution", diff::HELP, diff::run),
    ("reset", "the stub again, after a copy of yours", reset::HELP, reset::run),
    ("solution", "the reference's answer, after a pass", solution::HELP, solution::run),
    ("bench", "what your part costs, beside the reference's", bench::HELP, bench::run),
    ("milestone", "a real program on your parts", milestone::HELP, milestone::run),
    ("update", "a newer version of the course; your answers stay", update::HELP, update::run),
    ("doctor", "what is missing on this machine, and how to get it", doctor::HELP, doctor::run),
];

/// The maintainers' commands.
const MAINTAIN: &[Command] = &[
    ("generate", "make exercises, solutions and probes from the parts", generate::HELP, generate::run),
    ("test", "the graders' own tests", selftest::HELP, selftest::run),
    (
        "mutants",
        "all one-token mutants of the answers, given to the grader",
        selftest::survey::HELP,
        selftest::survey::run,
    ),
    ("measure", "how long a learner waits, in a fresh clone", measure::HELP, measure::run),
    ("ci", "every check there is", ci::HELP, ci::run),
];

/// Runs the command that `words` begin with.
pub(crate) fn run(mut words: Vec<OsString>) -> Outcome {
    if words.first().is_some_and(|w| w == "help") {
        // `help grade` is `grade --help`
        words.rotate_left(1);
        if let Some(last) = words.last_mut() {
            *last = "--help".into();
        }
    }
    let Some(first) = words.first().map(|w| w.to_string_lossy().into_owned()) else {
        return home::run(&Course::load(&course::root())?);
    };
    if first == "--help" || first == "-h" {
        return help();
    }
    let mut all = LEARN.iter().chain(MAINTAIN);
    let (_, _, help, run) = all.find(|(name, ..)| *name == first).ok_or_else(|| unknown(&first))?;
    if words.iter().take_while(|w| *w != "--").any(|w| w == "--help" || w == "-h") {
        say!("{}", help.trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let course = Course::load(&course::root())?;
    run(&course, lexopt::Parser::from_args(words.into_iter().skip(1)))
}

fn unknown(name: &str) -> Failure {
    let near = names::nearest(name, LEARN.iter().chain(MAINTAIN).map(|(name, ..)| *name));
    Failure::Usage(format!(
        "There is no command `{name}`.{} `cargo xtask --help` names them all.",
        names::did_you_mean(&near)
    ))
}

fn help() -> Outcome {
    say!("cargo xtask [COMMAND] [--help]\n");
    say!("Without a command: where you were, and what comes next.");
    for (title, commands) in [("To learn", LEARN), ("To maintain", MAINTAIN)] {
        say!("\n{}", bold(title));
        for (name, summary, ..) in commands {
            say!("  {name:<9} {summary}");
        }
    }
    say!("\nExit codes: 0 all is well, 1 something failed, 2 wrong use or input, 3 a fault of the tool.");
    Ok(ExitCode::SUCCESS)
}
