//! `cargo xtask list`: every exercise, and how far you are with it.

use std::process::ExitCode;

use crate::course::{Course, Exercise};
use crate::failure::{Failure, Outcome};
use crate::progress::Progress;
use crate::standing::Standing;
use crate::ui::{bold, counted, dim, green, say, yellow};

pub(crate) const HELP: &str = "\
cargo xtask list [--track T | --tracks]

Lists the exercises by part, each with the time it takes and how far you are.

  --track T   only those of one track, in its order
  --tracks    the tracks there are: those of the course, and those of exercises/tracks.toml";

pub(crate) fn run(course: &Course, mut args: lexopt::Parser) -> Outcome {
    let mut track = None;
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("track") => track = Some(args.value()?.to_string_lossy().into_owned()),
            lexopt::Arg::Long("tracks") => return tracks(course),
            _ => return Err(arg.unexpected().into()),
        }
    }
    let shown: Vec<&Exercise> = match &track {
        Some(name) => course.track(name)?,
        None => course.exercises.iter().collect(),
    };
    let progress = Progress::load(&course.root);
    let wide = shown.iter().map(|e| e.title.chars().count()).max().unwrap_or(0);
    let mut part = 0;
    for exercise in &shown {
        if exercise.part() != part {
            part = exercise.part();
            let title = course.parts.iter().find(|p| p.number == part).map_or("", |p| p.title.as_str());
            say!("{}", bold(&format!("Part {part}: {title}")));
        }
        line(exercise, &progress, wide)?;
    }
    let followed = progress.track();
    if track.is_none() && followed != "all" && course.track(followed).is_ok() {
        say!("{}", dim(&format!("\nYou follow the track `{followed}`: `cargo xtask list --track {followed}`")));
    }
    Ok(ExitCode::SUCCESS)
}

/// Every track, with what it takes.
fn tracks(course: &Course) -> Outcome {
    let progress = Progress::load(&course.root);
    for (name, ids) in &course.tracks {
        let minutes: u32 = ids.iter().filter_map(|id| course.by_id(id)).map(|e| e.minutes).sum();
        let passed = ids.iter().filter(|id| progress.stands(id)).count();
        let here = if name == progress.track() { "  (yours)" } else { "" };
        let (count, hours) = (counted(ids.len(), "exercise"), f64::from(minutes) / 60.0);
        say!("{} {count}, about {hours:.1} hours, {passed} passed{here}", bold(&format!("{name:<12}")));
    }
    say!("{}", dim("\n`cargo xtask next --track NAME` follows one; `list --track NAME` lists it."));
    Ok(ExitCode::SUCCESS)
}

fn line(exercise: &Exercise, progress: &Progress, wide: usize) -> Result<(), Failure> {
    let standing = Standing::of(exercise, progress)?;
    let said = match &standing {
        Standing::Passed | Standing::EditedSince => green(&standing.said(&exercise.id)),
        Standing::NotStarted => dim(&standing.said(&exercise.id)),
        _ => yellow(&standing.said(&exercise.id)),
    };
    let preview = if exercise.chapter.is_none() { dim(" (chapter to come)") } else { String::new() };
    let Exercise { id, minutes, title, .. } = exercise;
    say!("  {:2} {id:<17} {minutes} min  {title:<wide$}  {said}{preview}", exercise.number());
    Ok(())
}
