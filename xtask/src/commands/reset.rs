//! `cargo xtask reset ID`: the stub again, after a copy of what was there.

use std::process::ExitCode;

use crate::commands::update;
use crate::course::{Course, Exercise};
use crate::failure::{Failure, Outcome};
use crate::progress::Progress;
use crate::ui::say;
use crate::{files, generate};

pub(crate) const HELP: &str = "\
cargo xtask reset ID

Puts the stub back into exercises/NN-ID/src/lib.rs.
What you wrote is kept first, as a numbered copy in .progress/backups/ID/.
The exercise's other files (manifest, test, scenarios, hints) are put back as well, should one be missing or changed.";

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
    let repaired = repair(course, exercise)?;
    if matches!(files::read_if_there(&lib), Ok(Some(text)) if text == stub) {
        if !repaired {
            say!("{} is the stub already.", exercise.lib_name());
        }
        return Ok(ExitCode::SUCCESS);
    }
    if lib.is_dir() {
        return Err(Failure::Input(format!(
            "{} is a folder. Move it away, then `cargo xtask reset {}` again.",
            exercise.lib_name(),
            exercise.id
        )));
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

/// Puts back what is not a learner's to edit, if it is missing or changed. Was there something?
fn repair(course: &Course, exercise: &Exercise) -> Result<bool, Failure> {
    let mut any = false;
    for own in generate::own_files(exercise)? {
        if let generate::Own::Generated(path, text) = own
            && files::read(&path).ok().as_ref() != Some(&text)
        {
            files::write(&path, text.as_bytes())?;
            say!("{} is put back.", files::said(&course.root, &path));
            any = true;
        }
    }
    // Scenarios and hints are written by hand: git has them.
    for folder in ["scenarios", "hints.md"] {
        let path = format!("exercises/{}/{folder}", exercise.folder);
        let git = |args: &[&str]| {
            let mut command = std::process::Command::new("git");
            command.current_dir(&course.root).args(args).args(["--", &path]).stdin(std::process::Stdio::null());
            command.output().ok().filter(|output| output.status.success())
        };
        let changed = git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|o| !o.stdout.is_empty());
        if changed && git(&["checkout", "HEAD"]).is_some() {
            say!("{path} is put back.");
            any = true;
        }
    }
    Ok(any)
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
