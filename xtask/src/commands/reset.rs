//! `cargo xtask reset ID`: the stub again, after a copy of what was there.

use std::process::ExitCode;

use crate::commands::update;
use crate::course::Course;
use crate::failure::{Failure, Outcome};
use crate::progress::Progress;
use crate::ui::say;
use crate::{files, generate};

pub(crate) const HELP: &str = "\
cargo xtask reset ID

Puts the stub back into exercises/NN-ID/src/lib.rs.
What you wrote is kept first, as a numbered copy in .progress/backups/ID/.";

pub(crate) fn run(course: &Course, mut args: lexopt::Parser) -> Outcome {
    let mut word = None;
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Value(value) if word.is_none() => word = Some(value.to_string_lossy().into_owned()),
            _ => return Err(arg.unexpected().into()),
        }
    }
    let word = word.ok_or_else(|| Failure::Usage("Reset which exercise? `cargo xtask reset ID`".into()))?;
    let exercise = course.select_one(&word)?;
    let (lib, stub) = (exercise.lib(), generate::stub_text(exercise)?);
    if matches!(files::read_if_there(&lib), Ok(Some(text)) if text == stub) {
        say!("{} is the stub already.", exercise.lib_name());
        return Ok(ExitCode::SUCCESS);
    }
    if lib.exists() {
        let copy = generate::back_up(course, &exercise.id, &lib)?;
        say!("What you wrote is kept as {}.", files::said(&course.root, &copy));
    }
    files::write(&lib, stub.as_bytes())?;
    // The stub that an older answer was begun with is of no use any more.
    let _ = std::fs::remove_file(update::answers::remembered(&course.root, &exercise.id));
    forget_the_pass(course, &exercise.id, &stub)?;
    say!("{} is the stub again.", exercise.lib_name());
    Ok(ExitCode::SUCCESS)
}

/// Who begins again has not passed any more: `next` leads here.
fn forget_the_pass(course: &Course, id: &str, stub: &str) -> Result<(), Failure> {
    let mut progress = Progress::load(&course.root);
    if progress.stands(id) {
        let of = progress.last_verdict(id).map_or(0, |(_, _, of)| of);
        progress.record(id, &files::fingerprint(stub), "not-started", 0, of);
        progress.save()?;
    }
    Ok(())
}
