//! `cargo xtask` alone: where you were, what it was about, the next command.
//!
//! It is read after a minute and after two months: so it says when something was graded last and which check failed
//! first, and never supposes that anybody remembers.

use std::process::ExitCode;

use crate::course::{Course, Exercise};
use crate::failure::{Failure, Outcome};
use crate::progress::Progress;
use crate::standing::{self, Standing};
use crate::ui::{ago, bold, dim, say, yellow};

/// Who was away for longer is told what the course is, once more.
const AWAY: u64 = 14 * 24 * 3600;

pub(crate) fn run(course: &Course) -> Outcome {
    let progress = Progress::load(&course.root);
    let count = |ids: &mut dyn Iterator<Item = &String>| ids.filter(|id| progress.stands(id)).count();
    let passed = count(&mut course.exercises.iter().map(|e| &e.id));
    let track = progress.track();
    let of_track = match course.tracks.iter().find(|(name, _)| name == track && name != "all") {
        Some((_, ids)) => format!(" Track `{track}`: {} of {}.", count(&mut ids.iter()), ids.len()),
        None => String::new(),
    };
    let all = course.exercises.len();
    say!("{} {passed} of {all} exercises passed.{of_track}", bold("Count to Zero:"));
    a_track_that_is_gone(course, &progress);
    if progress.last().is_none() {
        say!("You build how Python manages memory, part by part: read a chapter, write a file, have it graded.");
    } else if progress.last().and_then(|id| progress.graded_ago(id)).is_some_and(|seconds| seconds > AWAY) {
        say!("Welcome back. `cargo xtask list` shows how far you came, `cargo xtask update` brings what is new.");
    }
    say!();
    match standing::current(course, &progress) {
        Some(exercise) => about(exercise, &progress)?,
        None => {
            say!("Every exercise of your track has passed.");
            what_is_left(course, &progress);
        }
    }
    if passed > 0 && passed < all {
        milestones(course, &progress);
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
    let begun = !matches!(standing, Standing::NotStarted | Standing::Missing);
    if let (true, Some(seconds)) = (begun, progress.graded_ago(id)) {
        let first = progress.first_failed(id).map_or(String::new(), |check| format!("; the first to fail was {check}"));
        say!("Last   graded {}{first}", ago(seconds));
    }
    match &exercise.chapter {
        Some(page) => say!("Read   \"{}\": `cargo xtask book {id}`, or book/src/{page}", exercise.chapter_title),
        None => say!("Read   the top of the file; the chapter \"{}\" is still to come", exercise.chapter_title),
    }
    if standing != Standing::Missing {
        say!("Write  {} in {}", listed(&exercise.write), exercise.lib_name());
    }
    say!("Check  `cargo xtask grade {id}`");
    if let (true, Some(check)) = (begun, progress.first_failed(id).filter(|check| *check != "random")) {
        say!("See    `cargo xtask show {id} {check}`");
    }
    if begun {
        say!("Stuck  `cargo xtask hint {id}`");
    }
    say!();
    Ok(())
}

/// At the end of a track, or of everything.
pub(crate) fn what_is_left(course: &Course, progress: &Progress) {
    say!();
    milestones(course, progress);
    let open = course.exercises.iter().filter(|e| !progress.stands(&e.id)).count();
    if open > 0 {
        say!("More   {open} exercises are not on your track: `cargo xtask next --track all`");
    }
    say!("Look   `cargo xtask diff ID`: yours beside the reference's answer");
    say!("Play   `cargo xtask show ID FILE.ops`: a scenario of your own, on both");
    say!("Race   `cargo xtask bench ID`: what yours costs");
    say!("New    `cargo xtask update --check`: has the course more meanwhile?");
    say!();
}

/// Programs that could run on what passed, and have not.
fn milestones(course: &Course, progress: &Progress) {
    let mut any = false;
    for (part, milestone) in course.milestones().filter(|(part, _)| !progress.milestone(*part)) {
        let needed = |id: &&String| !milestone.extra.contains(id);
        if milestone.uses.iter().filter(needed).all(|id| progress.stands(id)) {
            say!(
                "{} {}: `cargo xtask milestone {part}` runs a real program on it",
                bold("Milestone"),
                milestone.reached
            );
            any = true;
        }
    }
    if any {
        say!();
    }
}

/// The track that somebody follows may have gone with an update, or with a file.
pub(crate) fn a_track_that_is_gone(course: &Course, progress: &Progress) {
    if course.track(progress.track()).is_err() {
        let gone = format!("Your track `{}` is not there any more: all exercises count now.", progress.track());
        say!("{} `cargo xtask list --tracks` names those that are.", yellow(&gone));
    }
}

/// `a`, `a and b`, `a, b and c`.
fn listed(names: &[String]) -> String {
    match names {
        [] => "your part".into(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
