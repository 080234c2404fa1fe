//! `cargo xtask show`: one scenario on your part and on the reference, step by step.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use check::scenario::{self, Scenario};
use check::supervise::{self, End, Limits, Outcome as Run, Probe};
use check::trace;

use crate::course::{Course, Exercise};
use crate::failure::{FAILED, Failure, Outcome};
use crate::grade::build::{self, Built, Wanted};
use crate::ui::{self, bold, dim, escaped, red, say, yellow};
use crate::{files, names};

mod drawn;
mod layout;
mod operations;
mod page;
mod paper;

/// How long cargo may take: the first time, the runtime is compiled too.
const BUILD: Duration = Duration::from_secs(300);

pub(crate) const HELP: &str = "\
cargo xtask show ID [SCENARIO | FILE.ops] [--reference]
cargo xtask show ID [SCENARIO | FILE.ops] --html [FILE.html] [--open]
cargo xtask show ID --operations

Runs a scenario on your part and on the reference's, and shows both traces, operation by operation, with the first
difference marked. Lines with `.` are steps: told, never compared. Without a scenario: lists those there are.

  SCENARIO      its name or the beginning of it: 03-full-and-back, 03, 3; `random` is the last one found by chance
  FILE.ops      a scenario of your own, anywhere
  --reference   the reference's trace alone
  --html        write a page that steps through both, in one file that needs no network; without a name it is
                .progress/show/ID-SCENARIO.html, and without a scenario that of the one which failed last
  --open        open that page in a browser
  --operations  what a FILE.ops of this exercise may say";

#[derive(Default)]
struct Options {
    words: Vec<String>,
    reference: bool,
    operations: bool,
    open: bool,
    /// The page is wanted, in this file if one is named.
    html: Option<Option<PathBuf>>,
}

impl Options {
    fn parse(mut args: lexopt::Parser) -> Result<Options, Failure> {
        let mut options = Options::default();
        while let Some(arg) = args.next()? {
            match arg {
                lexopt::Arg::Long("reference") => options.reference = true,
                lexopt::Arg::Long("operations") => options.operations = true,
                lexopt::Arg::Long("open") => options.open = true,
                lexopt::Arg::Long("html") => {
                    let given = args.optional_value();
                    let is_page = |word: &std::ffi::OsStr| Path::new(word).extension().is_some_and(|e| e == "html");
                    let next = args.try_raw_args().and_then(|mut words| words.next_if(is_page));
                    options.html = Some(given.or(next).map(PathBuf::from));
                }
                lexopt::Arg::Value(word) if options.words.len() < 2 => {
                    options.words.push(word.to_string_lossy().into_owned());
                }
                _ => return Err(arg.unexpected().into()),
            }
        }
        if options.open && options.html.is_none() {
            options.html = Some(None);
        }
        Ok(options)
    }
}

pub(crate) fn run(course: &Course, args: lexopt::Parser) -> Outcome {
    let options = Options::parse(args)?;
    let Some(id) = options.words.first() else {
        return Err(Failure::Usage("Show which exercise? `cargo xtask show ID [SCENARIO | FILE.ops]`".into()));
    };
    let exercise = course.select_one(id)?;
    let failed = || options.html.as_ref().and_then(|_| paper::failed_last(course, exercise));
    match options.words.get(1).cloned().or_else(failed) {
        None if options.operations => operations::print(course, exercise),
        None => list(course, exercise),
        Some(word) => {
            let scenario = find(course, exercise, &word)?;
            match &options.html {
                None => show(course, exercise, &scenario, options.reference),
                Some(file) => paper::write(course, exercise, &scenario, file.as_deref(), &options),
            }
        }
    }
}

fn list(course: &Course, exercise: &Exercise) -> Outcome {
    for scenario in scenarios(exercise)? {
        say!("{}  {}", bold(&scenario.name), scenario.purpose);
    }
    let dir = files::said(&course.root, &exercise.scenarios());
    say!(
        "{}",
        dim(&format!(
            "\ncargo xtask show {0} 1     (the files are in {dir})\n\
             A FILE.ops of your own works too: `cargo xtask show {0} --operations` says what may be in it.",
            exercise.id
        ))
    );
    Ok(ExitCode::SUCCESS)
}

fn scenarios(exercise: &Exercise) -> Result<Vec<Scenario>, Failure> {
    scenario::in_folder(&exercise.scenarios()).map_err(|e| Failure::reading(&exercise.scenarios(), &e))
}

/// What `grade` calls `random`: the scenario that nobody wrote, and that failed.
fn found_by_chance(course: &Course, exercise: &Exercise) -> Result<Scenario, Failure> {
    let path = exercise.failing(&course.root);
    if path.is_file() {
        return Ok(Scenario::parse(path.clone(), files::read(&path)?));
    }
    Err(Failure::Usage(format!(
        "No random scenario of {0} has failed: `cargo xtask grade {0}` tries some.",
        exercise.id
    )))
}

/// The scenario that `word` means: the one found by chance, a file, a name, a number, the beginning of a name.
fn find(course: &Course, exercise: &Exercise, word: &str) -> Result<Scenario, Failure> {
    if word == "random" {
        return found_by_chance(course, exercise);
    }
    if Path::new(word).extension().is_some_and(|e| e == "ops") {
        // From where the command was given; and `show pool 03-x.ops` means the one of the exercise.
        let places = [PathBuf::from(word), course.root.join(word), exercise.scenarios().join(word)];
        let Some(path) = places.iter().find(|path| path.is_file()) else {
            return Err(Failure::Usage(format!(
                "There is no file {}, neither here nor in {}.",
                escaped(word),
                files::said(&course.root, &exercise.scenarios())
            )));
        };
        return Ok(Scenario::parse(path.clone(), files::read(path)?));
    }
    let all = scenarios(exercise)?;
    let numbered = |s: &Scenario| s.name.split('-').next().and_then(|n| n.parse::<u32>().ok());
    let number = word.parse::<u32>().ok();
    let place = all.iter().position(|s| s.name == word);
    let place = place.or_else(|| all.iter().position(|s| number.is_some() && numbered(s) == number));
    match place.or_else(|| all.iter().position(|s| s.name.starts_with(word))) {
        Some(place) => Ok(all[place].clone()),
        None => {
            let near = names::nearest(word, all.iter().map(|s| s.name.as_str()));
            Err(Failure::Usage(format!(
                "{} has no scenario `{}`.{} `cargo xtask show {}` names them all.",
                exercise.id,
                escaped(word),
                names::did_you_mean(&near),
                exercise.id
            )))
        }
    }
}

fn show(course: &Course, exercise: &Exercise, scenario: &Scenario, alone: bool) -> Outcome {
    let title = bold(&format!("{}: {}", exercise.id, files::said(&course.root, &scenario.path)));
    say!("{}", format!("{title}  {}", scenario.purpose).trim_end());
    let (reference, yours) = programs(course, exercise, alone)?;
    let reference = run_on(&reference, exercise, scenario);
    if let Some(what) = trace::refusal(&reference.lines) {
        return Err(Failure::Input(format!("{}, {what}", files::said(&course.root, &scenario.path))));
    }
    let yours = yours.map(|program| run_on(&program, exercise, scenario));
    say!();
    let Some(yours) = yours else {
        layout::alone(&shown(&reference)).iter().for_each(print);
        say!("{}", dim("  (the reference alone)"));
        return Ok(if alone { ExitCode::SUCCESS } else { ExitCode::from(FAILED) });
    };
    let (left, right) = (shown(&yours), shown(&reference));
    layout::both(&left, &right, ui::columns()).iter().for_each(print);
    printed(&yours);
    if trace::same_facts(&left, &right) && yours.end == End::Ended {
        say!("\nThe same facts.");
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::from(FAILED))
}

/// The reference's probe and yours; without yours if it is not wanted or does not compile, which is said.
fn programs(course: &Course, exercise: &Exercise, alone: bool) -> Result<(PathBuf, Option<PathBuf>), Failure> {
    let mut wanted = vec![Wanted { package: "probe-solutions".into(), folders: vec![] }];
    let unreadable = exercise.text().err().filter(|_| !alone);
    if let Some(failure) = &unreadable {
        say!("\n{}", red(&escaped(&failure.to_string())));
    }
    if !alone && unreadable.is_none() {
        wanted.push(Wanted { package: exercise.probe_package(), folders: vec![exercise.dir()] });
    }
    let mut built = build::all(&course.root, &wanted, BUILD)?;
    let reference = match built.remove("probe-solutions") {
        Some(Built::Ready(program)) => program,
        _ => return Err(Failure::Internal("the solutions do not compile: `cargo build -p probe-solutions`".into())),
    };
    let yours = match built.remove(&exercise.probe_package()) {
        None => None,
        Some(Built::Ready(program)) => Some(program),
        Some(Built::Refused(errors)) => {
            say!("\n{}\n\n{}", red("Yours does not compile:"), escaped(&errors.join("\n\n")));
            None
        }
        Some(Built::TooSlow(budget)) => {
            say!("\n{}", red(&format!("Yours was still compiling after {} s.", budget.as_secs())));
            None
        }
    };
    Ok((reference, yours))
}

fn run_on(program: &Path, exercise: &Exercise, scenario: &Scenario) -> Run {
    let probe = Probe::of(program);
    let runs = supervise::run(&probe, &exercise.id, &[(&scenario.name, &scenario.text)], &Limits::default());
    runs.into_iter().next().expect("one scenario has one outcome")
}

/// The trace, and how the run ended if that was not at its end.
fn shown(run: &Run) -> Vec<String> {
    let mut lines: Vec<String> = run.lines.iter().map(|l| escaped(l)).collect();
    if run.end != End::Ended {
        lines.push(format!("   ! {}", run.end));
    }
    lines
}

fn print(row: &layout::Row) {
    match row.look {
        layout::Look::Strong => say!("{}", bold(&row.text)),
        layout::Look::Plain => say!("{}", row.text),
        layout::Look::Faint => say!("{}", dim(&row.text)),
        layout::Look::Wrong => say!("{}", red(&row.text)),
    }
}

/// What the learner's `println!` and `dbg!` said.
fn printed(run: &Run) {
    for (name, text) in [("standard output", &run.output.stdout), ("standard error", &run.output.stderr)] {
        if !text.trim().is_empty() {
            say!("\n{}", yellow(&format!("Yours printed on {name}:")));
            escaped(text.trim_end()).lines().for_each(|line| say!("  {line}"));
        }
    }
}
