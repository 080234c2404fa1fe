//! `cargo xtask solution ID`: the reference's answer, once yours has passed.

use std::process::ExitCode;

use crate::course::{Course, Exercise};
use crate::failure::{Failure, Outcome};
use crate::progress::Progress;
use crate::ui::say;
use crate::{generate, standing};

pub(crate) const HELP: &str = "\
cargo xtask solution [ID] [--yes]

Prints the reference's answer to an exercise that you have passed.

  --yes   print it although yours has not passed";

pub(crate) fn run(course: &Course, mut args: lexopt::Parser) -> Outcome {
    let (mut word, mut yes) = (None, false);
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("yes") => yes = true,
            lexopt::Arg::Value(value) if word.is_none() => word = Some(value.to_string_lossy().into_owned()),
            _ => return Err(arg.unexpected().into()),
        }
    }
    let progress = Progress::load(&course.root);
    let exercise = standing::chosen(course, &progress, word.as_deref())?;
    say!("{}", answer(exercise, &progress, yes, "solution")?.trim_end());
    Ok(ExitCode::SUCCESS)
}

/// The reference's answer in the learner's file, for one who passed or insists.
pub(crate) fn answer(exercise: &Exercise, progress: &Progress, yes: bool, command: &str) -> Result<String, Failure> {
    let id = &exercise.id;
    if !yes && !progress.passed(id) {
        return Err(Failure::Usage(format!(
            "Your `{id}` has not passed yet. `cargo xtask hint {id}` says where to look; \
             `cargo xtask {command} {id} --yes` shows the answer all the same."
        )));
    }
    generate::answer_text(exercise)
}
