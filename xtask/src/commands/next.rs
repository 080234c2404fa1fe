//! `cargo xtask next`: the first exercise of your track that has not passed.

use std::process::ExitCode;

use crate::commands::home;
use crate::course::Course;
use crate::failure::Outcome;
use crate::progress::Progress;
use crate::standing;
use crate::ui::say;

pub(crate) const HELP: &str = "\
cargo xtask next [--track T]

Names the next exercise, what it is about, where to read and what to write.

  --track T   follow this track from now on; `cargo xtask list --tracks` names them";

pub(crate) fn run(course: &Course, mut args: lexopt::Parser) -> Outcome {
    let mut progress = Progress::load(&course.root);
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("track") => {
                let name = args.value()?.to_string_lossy().into_owned();
                course.track(&name)?;
                progress.set_track(&name);
                progress.save()?;
                say!("You follow the track `{name}` now.\n");
            }
            _ => return Err(arg.unexpected().into()),
        }
    }
    home::a_track_that_is_gone(course, &progress);
    match standing::next_open(course, &progress) {
        Some(exercise) => home::about(exercise, &progress)?,
        None => {
            say!("Every exercise of the track `{}` has passed.", progress.track());
            home::what_is_left(course, &progress);
        }
    }
    Ok(ExitCode::SUCCESS)
}
