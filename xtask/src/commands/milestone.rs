//! `cargo xtask milestone 1`: a real program on the learner's parts.
//!
//! Every exercise of the part of the course that passed is plugged in, the reference's part stands in for the others.
//! The program runs on real memory, in a process of its own: one that crashes is told about, and harms nobody.

use std::path::PathBuf;
use std::process::{ExitCode, Stdio};
use std::time::{Duration, Instant};

use check::supervise::group;

use crate::course::Course;
use crate::failure::{Failure, Outcome};
use crate::grade::build::{self, Built, Wanted};
use crate::progress::Progress;
use crate::standing::{MILESTONE, Standing};
use crate::ui::{bold, say};

pub(crate) const HELP: &str = "\
cargo xtask milestone [N] [--reference] [FILE...]

Runs a real Rust program on the parts that you wrote, and shows what its heap looks like. N is the part of the
course; 1, the heap, is the only one that has a milestone yet. Parts that have not passed are the reference's.
The program builds an index of the words in FILEs; without any, of the book's chapters.

  --reference   all parts are the reference's";

/// The program is optimised, so the runtime is compiled once more.
const BUILD: Duration = Duration::from_secs(600);
const RUN: Duration = Duration::from_secs(60);

pub(crate) fn run(course: &Course, mut args: lexopt::Parser) -> Outcome {
    let (mut number, mut reference, mut files) = (None, false, vec![]);
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("reference") => reference = true,
            lexopt::Arg::Value(word) if number.is_none() && files.is_empty() && word == "1" => number = Some(word),
            lexopt::Arg::Value(word) if number.is_none() && files.is_empty() && is_number(&word) => {
                let word = word.to_string_lossy();
                return Err(Failure::Usage(format!(
                    "Part {word} has no milestone yet; `cargo xtask milestone 1` is the only one."
                )));
            }
            lexopt::Arg::Value(file) => files.push(existing(PathBuf::from(file))?),
            _ => return Err(arg.unexpected().into()),
        }
    }
    let files = if files.is_empty() { chapters(course)? } else { files };
    let mine = if reference { vec![] } else { passed(course)? };
    if mine.is_empty() && !reference {
        say!("None of your parts has passed yet: `cargo xtask next` says where to begin.");
        say!("`cargo xtask milestone 1 --reference` shows what you are heading for.");
        return Ok(ExitCode::from(1));
    }
    let others: Vec<&str> = MILESTONE.into_iter().filter(|id| !mine.contains(id)).collect();
    let said = |ids: &[&str]| if ids.is_empty() { "none".to_string() } else { ids.join(", ") };
    say!("{}", bold("A real Rust program, and who serves it"));
    say!("  yours: {}", said(&mine));
    say!("  the reference's: {}\n", said(&others));
    let program = match compiled(course, &mine)? {
        Ok(program) => program,
        Err(sentence) => {
            say!("{sentence}");
            return Ok(ExitCode::from(1));
        }
    };
    supervised(&program, &files)
}

fn is_number(word: &std::ffi::OsStr) -> bool {
    word.to_str().is_some_and(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A file that can be read.
fn existing(file: PathBuf) -> Result<PathBuf, Failure> {
    match std::fs::File::open(&file) {
        Ok(_) => Ok(file),
        Err(error) => Err(Failure::Input(format!("{}: {error}", file.display()))),
    }
}

/// What to read when nothing is named: the chapters of the book.
fn chapters(course: &Course) -> Result<Vec<PathBuf>, Failure> {
    let mut found = vec![];
    let mut folders = vec![course.root.join("book/src")];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|e| Failure::Input(format!("{}: {e}", folder.display())))?;
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The exercises that pass as they are now.
fn passed(course: &Course) -> Result<Vec<&'static str>, Failure> {
    let progress = Progress::load(&course.root);
    let mut ids = vec![];
    for id in MILESTONE {
        let Some(exercise) = course.by_id(id) else { continue };
        if Standing::of(exercise, &progress)? == Standing::Passed {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// The program with these parts; a sentence when it does not compile.
fn compiled(course: &Course, mine: &[&str]) -> Result<Result<PathBuf, String>, Failure> {
    let exercises = course.exercises.iter().filter(|exercise| mine.contains(&exercise.id.as_str()));
    let wanted = Wanted { package: "milestone-1".into(), folders: exercises.map(|e| e.dir()).collect() };
    Ok(match build::with_features(&course.root, &wanted, &mine.join(","), BUILD)? {
        Built::Ready(program) => Ok(program),
        Built::Refused(errors) => Err(errors.join("\n")),
        Built::TooSlow(budget) => Err(format!("It was not compiled after {} s.", budget.as_secs())),
    })
}

/// Runs it, and says how it ended if it did not end well.
fn supervised(program: &PathBuf, files: &[PathBuf]) -> Outcome {
    let mut command = std::process::Command::new(program);
    command.args(files).env("RUST_BACKTRACE", "0").stdin(Stdio::null());
    let mut child = group::start(&mut command)
        .map_err(|error| Failure::Internal(format!("{} cannot be started: {error}", program.display())))?;
    let until = Instant::now() + RUN;
    loop {
        let ended =
            child.try_wait().map_err(|e| Failure::Internal(format!("the program cannot be waited for: {e}")))?;
        match ended {
            Some(status) if status.success() => return Ok(ExitCode::SUCCESS),
            Some(status) => {
                say!("\nThe program ended badly: {status}.");
                break;
            }
            None if Instant::now() > until => {
                child.kill();
                say!("\nThe program did not end within {} s.", RUN.as_secs());
                break;
            }
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    }
    say!("A part of yours passes its scenarios and does not hold on real memory.");
    say!(
        "`cargo xtask milestone 1 --reference` shows what should happen; `cargo xtask grade` tries more random programs."
    );
    Ok(ExitCode::from(1))
}
