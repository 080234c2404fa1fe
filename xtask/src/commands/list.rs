//! `cargo xtask list`: every exercise, and how far you are with it.

use std::process::ExitCode;

use crate::course::{Course, Exercise};
use crate::failure::{Failure, Outcome};
use crate::progress::Progress;
use crate::standing::Standing;
use crate::ui::{bold, dim, green, say, yellow};

pub(crate) const HELP: &str = "\
cargo xtask list [--track T]

Lists the exercises by part, each with the time it takes and how far you are.

  --track T   only those of one track of exercises/course.toml: all, day";

pub(crate) fn run(course: &Course, mut args: lexopt::Parser) -> Outcome {
    let mut shown: Vec<&Exercise> = course.exercises.iter().collect();
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("track") => shown = course.track(&args.value()?.to_string_lossy())?,
            _ => return Err(arg.unexpected().into()),
        }
    }
    let progress = Progress::load(&course.root);
    for part in &course.parts {
        let of_part: Vec<&&Exercise> = shown.iter().filter(|e| e.part() == part.number).collect();
        if !of_part.is_empty() {
            say!("{}", bold(&format!("Part {}: {}", part.number, part.title)));
        }
        for exercise in of_part {
            line(exercise, &progress)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn line(exercise: &Exercise, progress: &Progress) -> Result<(), Failure> {
    let standing = Standing::of(exercise, progress)?;
    let said = match &standing {
        Standing::Passed | Standing::EditedSince => green(&standing.said(&exercise.id)),
        Standing::NotStarted => dim(&standing.said(&exercise.id)),
        _ => yellow(&standing.said(&exercise.id)),
    };
    let preview = if exercise.chapter.is_none() { ", chapter to come" } else { "" };
    say!(
        "  {:2} {:<17} {} min  {}{}  {said}",
        exercise.number(),
        exercise.id,
        exercise.minutes,
        exercise.title,
        dim(preview)
    );
    Ok(())
}
