//! `cargo xtask book`: runs the book's builder, which lives in a workspace of its own.

use std::process::ExitCode;

use crate::course::Course;
use crate::failure::{FAILED, Failure, Outcome};
use crate::{tools, ui};

pub(crate) const HELP: &str = "\
cargo xtask book [ID] [--open] [--serve [--port N]] [--check [--browser]]

Builds the book into book/out; with ID, says where that exercise's chapter is, and opens it for a person at a terminal.
The first time, the builder itself is compiled: that takes a minute or two.

  --open      open the page in a browser
  --serve     serve it on this machine only, and build again on every save
  --port N    on this port instead of 3000
  --check     build into nothing and look for mistakes
  --browser   look with a real browser too, if there is one";

pub(crate) fn run(course: &Course, mut args: lexopt::Parser) -> Outcome {
    let (mut word, mut action, mut open, mut extra) = (None, "build", false, Vec::new());
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("serve") => action = "serve",
            lexopt::Arg::Long("check") => action = "check",
            lexopt::Arg::Long("open") => open = true,
            lexopt::Arg::Long("browser") => extra.push("--browser".to_string()),
            lexopt::Arg::Long("port") => {
                extra.extend(["--port".to_string(), args.value()?.to_string_lossy().into_owned()]);
            }
            lexopt::Arg::Value(value) if word.is_none() => word = Some(value.to_string_lossy().into_owned()),
            _ => return Err(arg.unexpected().into()),
        }
    }
    if let Some(word) = word.filter(|_| action == "build") {
        let exercise = course.select_one(&word)?;
        if exercise.chapter.is_none() {
            return Err(Failure::Usage(format!(
                "The chapter \"{}\" is still to be written; the top of {} says what you need.",
                exercise.chapter_title,
                exercise.lib_name()
            )));
        }
        extra.insert(0, exercise.id.clone());
        open = open || ui::interactive();
    }
    if open && action == "build" {
        extra.push("--open".into());
    }
    builder(course, action, &extra)
}

/// Runs the builder; its exit code is ours.
pub(crate) fn builder(course: &Course, action: &str, extra: &[String]) -> Outcome {
    let mut command = tools::cargo(&course.root);
    command.args(["run", "--manifest-path", "book/Cargo.toml", "--package", "book-builder"]);
    if course.root.join("book/target").exists() {
        command.arg("--quiet"); // the first time there is a minute of compiling to see
    }
    let status = command.arg("--").arg(action).args(extra).status();
    let status = status.map_err(|e| Failure::Internal(format!("cargo cannot be started: {e}")))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::from(FAILED), ExitCode::from))
}
