//! `cargo xtask milestone N`: a real program on the learner's parts.
//!
//! Every exercise of the part of the course that passed is plugged in, the reference's part stands in for the others.
//! The program runs on real memory, in a process of its own: one that crashes is told about, and harms nobody.

use std::path::PathBuf;
use std::process::{ExitCode, Stdio};
use std::time::{Duration, Instant};

use check::supervise::group;

use crate::course::{Course, Milestone};
use crate::failure::{Failure, Outcome};
use crate::grade::build::{self, Built, Wanted};
use crate::progress::Progress;
use crate::standing::Standing;
use crate::ui::{bold, say};

pub(crate) const HELP: &str = "\
cargo xtask milestone [N] [--reference] [FILE...]

Runs a real program on the parts that you wrote, and shows what became of its memory. N is the part of the course:
1 builds an index of the words in FILEs on your heap, and the others work on the same words with your objects, your
collector, your weak references, and with threads on your GIL. Without N it is the last part that you have reached;
without FILEs, the book's chapters are read. Parts that have not passed are the reference's.

  --reference   all parts are the reference's";

/// The program is optimised, so the runtime is compiled once more.
const BUILD: Duration = Duration::from_secs(600);
const RUN: Duration = Duration::from_secs(60);

pub(crate) fn run(course: &Course, mut args: lexopt::Parser) -> Outcome {
    let (mut number, mut reference, mut files) = (None, false, vec![]);
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("reference") => reference = true,
            lexopt::Arg::Value(word) if number.is_none() && files.is_empty() && is_number(&word) => {
                number = Some(known(course, &word.to_string_lossy())?);
            }
            lexopt::Arg::Value(file) => files.push(existing(PathBuf::from(file))?),
            _ => return Err(arg.unexpected().into()),
        }
    }
    let mut progress = Progress::load(&course.root);
    let (number, milestone) = match number {
        Some(of) => of,
        None => last_reached(course, &progress)?,
    };
    let files = if files.is_empty() { chapters(course)? } else { files };
    let mine = if reference { vec![] } else { passed(course, milestone, &progress)? };
    if mine.is_empty() && !reference {
        say!("None of the parts that it uses has passed yet: `cargo xtask next` says where to begin.");
        say!("`cargo xtask milestone {number} --reference` shows what you are heading for.");
        return Ok(ExitCode::from(1));
    }
    let others: Vec<&str> = milestone.uses.iter().map(String::as_str).filter(|id| !mine.contains(id)).collect();
    let said = |ids: &[&str]| if ids.is_empty() { "none".to_string() } else { ids.join(", ") };
    say!("{}", bold("A real program, and who serves it"));
    say!("  yours: {}", said(&mine));
    say!("  the reference's: {}\n", said(&others));
    let program = match compiled(course, number, &mine)? {
        Ok(program) => program,
        Err(sentence) => {
            say!("{sentence}");
            return Ok(ExitCode::from(1));
        }
    };
    let ended = supervised(number, &program, &files)?;
    if ended == ExitCode::SUCCESS && others.iter().all(|id| milestone.extra.iter().any(|extra| extra == id)) {
        progress.set_milestone(number);
        progress.save()?;
    }
    Ok(ended)
}

/// The milestone of this part.
fn known<'a>(course: &'a Course, number: &str) -> Result<(u8, &'a Milestone), Failure> {
    course.milestones().find(|(part, _)| part.to_string() == number).ok_or_else(|| {
        let there: Vec<String> = course.milestones().map(|(part, _)| part.to_string()).collect();
        Failure::Usage(format!("Part {number} has no milestone. These have one: {}.", there.join(", ")))
    })
}

/// The last one of whose exercises one has passed, else the first.
fn last_reached<'a>(course: &'a Course, progress: &Progress) -> Result<(u8, &'a Milestone), Failure> {
    let begun = |milestone: &Milestone| milestone.uses.iter().any(|id| progress.stands(id));
    let reached = course.milestones().filter(|(_, milestone)| begun(milestone)).last();
    reached.or_else(|| course.milestones().next()).ok_or_else(|| Failure::Internal("there is no milestone".into()))
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
fn passed<'a>(course: &Course, milestone: &'a Milestone, progress: &Progress) -> Result<Vec<&'a str>, Failure> {
    let mut ids = vec![];
    for id in &milestone.uses {
        let Some(exercise) = course.by_id(id) else { continue };
        if Standing::of(exercise, progress)? == Standing::Passed {
            ids.push(id.as_str());
        }
    }
    Ok(ids)
}

/// The program with these parts; a sentence when it does not compile.
fn compiled(course: &Course, number: u8, mine: &[&str]) -> Result<Result<PathBuf, String>, Failure> {
    let exercises = course.exercises.iter().filter(|exercise| mine.contains(&exercise.id.as_str()));
    let wanted = Wanted { package: format!("milestone-{number}"), folders: exercises.map(|e| e.dir()).collect() };
    Ok(match build::with_features(&course.root, &wanted, &mine.join(","), BUILD)? {
        Built::Ready(program) => Ok(program),
        Built::Refused(errors) => Err(errors.join("\n")),
        Built::TooSlow(budget) => Err(format!("It was not compiled after {} s.", budget.as_secs())),
    })
}

/// Runs it, and says how it ended if it did not end well.
fn supervised(number: u8, program: &PathBuf, files: &[PathBuf]) -> Outcome {
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
    say!("`cargo xtask milestone {number} --reference` shows what should happen.");
    say!("`cargo xtask grade` tries more random programs.");
    Ok(ExitCode::from(1))
}
