//! `cargo xtask` alone: where you were, what it was about, the next command.

use std::process::ExitCode;

use crate::course::{Course, Exercise};
use crate::failure::{Failure, Outcome};
use crate::progress::Progress;
use crate::standing::{self, Standing};
use crate::ui::{bold, dim, say};

pub(crate) fn run(course: &Course) -> Outcome {
    let progress = Progress::load(&course.root);
    let passed = course.exercises.iter().filter(|e| progress.stands(&e.id)).count();
    say!("{} {passed} of {} exercises passed.", bold("Count to Zero:"), course.exercises.len());
    say!();
    match standing::current(course, &progress) {
        Some(exercise) => about(exercise, &progress)?,
        None => say!("All of them passed. `cargo xtask show ID` still plays any scenario that you write."),
    }
    say!("{}", dim("`cargo xtask --help` names all commands."));
    Ok(ExitCode::SUCCESS)
}

/// The exercise in a few lines, and what to do next with it.
pub(crate) fn about(exercise: &Exercise, progress: &Progress) -> Result<(), Failure> {
    let Exercise { id, title, minutes, .. } = exercise;
    let standing = Standing::of(exercise, progress)?;
    let so_far = if standing == Standing::NotStarted { format!("about {minutes} minutes") } else { standing.said(id) };
    say!("{}: {title} ({so_far})", bold(id));
    say!("  {}", exercise.idea);
    say!();
    match (&exercise.chapter, &standing) {
        (Some(page), Standing::NotStarted) => {
            say!("Read   \"{}\": `cargo xtask book {id}`, or book/src/{page}", exercise.chapter_title);
        }
        (None, Standing::NotStarted) => {
            say!("Read   the top of the file; the chapter \"{}\" is still to come", exercise.chapter_title);
        }
        _ => {}
    }
    match &standing {
        Standing::Missing => {}
        _ => say!("Write  {} in {}", listed(&exercise.write), exercise.lib_name()),
    }
    say!("Check  `cargo xtask grade {id}`");
    if !matches!(standing, Standing::NotStarted | Standing::Missing) {
        say!("Stuck  `cargo xtask hint {id}`");
    }
    say!();
    Ok(())
}

/// `a`, `a and b`, `a, b and c`.
fn listed(names: &[String]) -> String {
    match names {
        [] => "your part".into(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
