//! `cargo xtask grade`: from the learner's files to verdicts.
//!
//! ```text
//! material   scenarios and recorded traces, read into memory before anything of a learner runs
//! preflight  untouched, missing, or a manifest that was changed? Then nothing is built
//! build      an edit is one call of rustc; else one call of cargo, its errors sorted out by exercise
//! run        each scenario in a supervised process, random ones against the reference
//! guard      were files of others changed meanwhile? They are put back
//! report     one model; human, json and junit write it
//! ```

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use check::chance::{self, Drawn};
use check::supervise::{Probe, group};
use check::verdict::Verdict;

use crate::course::{Course, Exercise};
use crate::failure::{FAILED, Failure, Outcome};
use crate::progress::Progress;
use crate::ui::say;
use crate::{files, generate};
use build::{Built, Wanted};
use fast::Ground;
pub(crate) use fast::Lane;
use guard::Guard;
use material::Material;
use options::{Budgets, Format, Options};
use report::{Report, Row};
use run::Runner;

pub(crate) mod build;
mod compiler;
mod fast;
mod guard;
pub(crate) mod human;
mod junit;
pub(crate) mod material;
pub(crate) mod options;
pub(crate) mod report;
pub(crate) mod run;
mod watched;

pub(crate) const HELP: &str = "\
cargo xtask grade [ID|NUMBER|PREFIX...] [OPTIONS]

Grades all exercises, or those that you name: `grade pool`, `grade 12`, `grade 1` (all of part 1), `grade sub`.
Your part runs in a process of its own, with limits; what it does is compared with a recorded trace.

  --all-details          every failed check with its whole trace, not only the first difference of the first one
  --format FORMAT        human, json or junit
  --seed N               the random scenarios of this seed; without it, your file's text decides
  --budget-build S       seconds for compiling (120)
  --budget-scenario S    seconds for one scenario (2)
  --budget-total S       seconds for all scenarios together (120)
  --solutions            grade the reference's answers instead of yours
  --watched              for `watch`: end when standard input does, and say nothing of what comes next

Exit codes: 0 all passed, 1 something did not, 2 wrong use or input, 3 a fault of the tool.";

/// How long everything may take the first time.
const FIRST_BUILD: Duration = Duration::from_secs(900);

/// The package that has all solutions plugged in.
pub(crate) const REFERENCE: &str = "probe-solutions";

pub(crate) fn run(course: &Course, args: lexopt::Parser) -> Outcome {
    let options = Options::parse(args)?;
    if options.watched {
        watched::stop_with_standard_input();
    }
    let report = grade(course, &options);
    if group::stopped() {
        return Ok(ExitCode::from(FAILED));
    }
    let report = report?;
    let mut progress = Progress::load(&course.root);
    if options.record && !options.solutions {
        record(course, &report, &mut progress);
    }
    match options.format {
        Format::Human => human::print(course, &report, &progress, &options)?,
        Format::Json => say!("{:#}", report.json()),
        Format::Junit => say!("{}", junit::write(&report)?.trim_end()),
    }
    Ok(if report.passed() {
        ExitCode::SUCCESS
    } else if report.rows.iter().any(|row| row.verdict == Verdict::Internal) {
        ExitCode::from(3)
    } else {
        ExitCode::from(FAILED)
    })
}

/// Grades what the options name.
pub(crate) fn grade(course: &Course, options: &Options) -> Result<Report, Failure> {
    let start = Instant::now();
    let chosen = course.select(&options.words)?;
    let materials = chosen.iter().map(|e| Material::read(course, e)).collect::<Result<Vec<_>, _>>()?;
    let mut rows: Vec<Option<Row>> = Vec::new();
    for material in &materials {
        rows.push(if options.solutions { None } else { preflight(material)? });
    }
    let open: Vec<&Material<'_>> = materials.iter().zip(&rows).filter(|(_, r)| r.is_none()).map(|(m, _)| m).collect();
    let (built, drawn) = build_and_draw(course, &open, options)?;
    let session = Session { course, options, built, drawn, deadline: Instant::now() + options.budgets.total };
    let rows = materials.iter().zip(rows).map(|(material, row)| row.unwrap_or_else(|| session.row(material)));
    let rows = rows.collect();
    Ok(Report { rows, solutions: options.solutions, seconds: start.elapsed().as_secs_f64() })
}

/// What can be said without building anything.
fn preflight(material: &Material<'_>) -> Result<Option<Row>, Failure> {
    let exercise = material.exercise;
    match exercise.text() {
        Err(failure) => {
            let verdict = if exercise.lib().is_file() { Verdict::DoesNotCompile } else { Verdict::Missing };
            return Ok(Some(none_run(material, verdict, &failure.to_string())));
        }
        Ok(text) if text.trim().is_empty() => {
            let what =
                format!("{} is empty. `cargo xtask reset {}` brings the stub back.", exercise.lib_name(), exercise.id);
            return Ok(Some(none_run(material, Verdict::Missing, &what)));
        }
        Ok(_) => {}
    }
    // The recorded stub's fingerprint may be that of an older one; every other line must be as it was generated.
    let lines = |text: &str| text.lines().filter(|l| !l.starts_with("stub = ")).map(str::to_string).collect::<Vec<_>>();
    let manifest = files::read(&exercise.manifest()).unwrap_or_default();
    if lines(&manifest) != lines(&generate::manifest_text(exercise)?) {
        let name = format!("exercises/{}/Cargo.toml", exercise.folder);
        let what =
            format!("{name} was changed, and it is not yours to change. To have it back: git checkout -- {name}");
        return Ok(Some(none_run(material, Verdict::Tampered, &what)));
    }
    if generate::is_untouched(exercise).unwrap_or(false) {
        return Ok(Some(none_run(material, Verdict::NotStarted, "the file is as you got it")));
    }
    Ok(None)
}

/// A row of which no check could be run.
fn none_run(material: &Material<'_>, verdict: Verdict, why: &str) -> Row {
    let sentence = why.lines().next().unwrap_or_default();
    let message = (verdict != Verdict::NotStarted).then(|| why.to_string());
    Row { verdict, message, checks: material.none_run(verdict, sentence), ..empty_row(material.exercise) }
}

fn empty_row(exercise: &Exercise) -> Row {
    Row {
        id: exercise.id.clone(),
        number: exercise.number().to_string(),
        title: exercise.title.clone(),
        verdict: Verdict::Missing,
        seconds: 0.0,
        checks: vec![],
        message: None,
        seed: None,
    }
}

/// Random scenarios with the reference's answers, by exercise.
type Draws = BTreeMap<String, Result<Drawn, String>>;

/// Builds the probes of `open`. Where the reference is built already, it answers the random scenarios meanwhile.
fn build_and_draw(
    course: &Course,
    open: &[&Material<'_>],
    options: &Options,
) -> Result<(build::Results, Draws), Failure> {
    let names: Vec<&str> = open.iter().map(|m| m.exercise.id.as_str()).collect();
    let first = if Ground::is_known(course) { "" } else { ", and the runtime: that is done once, and takes a moment" };
    let _line =
        (!names.is_empty()).then(|| human::Working::on(options, &format!("building {}{first}", names.join(", "))));
    let Some(lane) = Lane::open(course).filter(|_| !options.solutions) else {
        return Ok((by_cargo(course, open, options)?, Draws::new()));
    };
    std::thread::scope(|scope| {
        let draws = scope.spawn(|| draw_all(&lane, open, options));
        let mut built = build::Results::from([(REFERENCE.to_string(), Built::Ready(lane.reference.clone()))]);
        let mut left = Vec::new();
        for material in open {
            match lane.build(material.exercise, options.budgets.build) {
                Some(ready) => drop(built.insert(material.exercise.probe_package(), ready)),
                None => left.push(*material),
            }
        }
        if !left.is_empty() {
            built.extend(by_cargo(course, &left, options)?);
        }
        Ok((built, draws.join().expect("drawing does not panic")))
    })
}

fn draw_all(lane: &Lane, open: &[&Material<'_>], options: &Options) -> Draws {
    let reference = Probe::of(&lane.reference);
    let drawn = open.iter().filter(|m| m.random > 0).map(|m| {
        let seed = options.seed.unwrap_or_else(|| seed(m.exercise));
        (m.exercise.id.clone(), chance::draw(&reference, &m.exercise.id, seed, m.random))
    });
    drawn.collect()
}

/// Builds the probes of `open`, and the reference if it is needed, with cargo.
fn by_cargo(course: &Course, open: &[&Material<'_>], options: &Options) -> Result<build::Results, Failure> {
    let mut wanted = Vec::new();
    if !options.solutions {
        wanted.extend(open.iter().map(|m| Wanted {
            package: m.exercise.probe_package(),
            folders: vec![m.exercise.dir(), m.exercise.probe_dir()],
        }));
    }
    if options.solutions || open.iter().any(|m| m.random > 0) {
        let folders = course.exercises.iter().map(Exercise::solution_dir).collect();
        wanted.push(Wanted { package: REFERENCE.into(), folders });
    }
    // The first time the runtime is compiled as well, on a machine that may be slow: that is not the learner's doing.
    let budget = if Ground::is_known(course) || options.budgets.build != Budgets::default().build {
        options.budgets.build
    } else {
        FIRST_BUILD
    };
    let ground = Ground::of(course);
    let (built, libraries) = build::all_with_libraries(&course.root, &wanted, budget)?;
    ground.note(course, &libraries, built.get(REFERENCE));
    Ok(built)
}

/// One grade, after building.
struct Session<'a> {
    course: &'a Course,
    options: &'a Options,
    built: build::Results,
    drawn: Draws,
    deadline: Instant,
}

impl Session<'_> {
    fn row(&self, material: &Material<'_>) -> Row {
        let exercise = material.exercise;
        let package = if self.options.solutions { REFERENCE.to_string() } else { exercise.probe_package() };
        match self.built.get(&package) {
            Some(Built::Ready(program)) => self.checked(material, program),
            Some(Built::Refused(errors)) => {
                none_run(material, Verdict::DoesNotCompile, &compiler::said(errors, &exercise.lib_name()))
            }
            Some(Built::TooSlow(budget)) => none_run(material, Verdict::Timeout, &too_slow(*budget)),
            None => none_run(material, Verdict::Internal, &format!("{package} was not built")),
        }
    }

    fn checked(&self, material: &Material<'_>, program: &std::path::Path) -> Row {
        let _line = human::Working::on(self.options, &format!("running {}", material.exercise.id));
        let start = Instant::now();
        let probe = |program: &std::path::Path| Probe::of(program);
        let reference = match self.built.get(REFERENCE) {
            Some(Built::Ready(program)) if !self.options.solutions => Some(probe(program)),
            _ => None,
        };
        let runner = Runner {
            root: &self.course.root,
            material,
            probe: probe(program),
            reference,
            budgets: &self.options.budgets,
            deadline: self.deadline,
            all_details: self.options.all_details,
            told: AtomicBool::new(false),
        };
        let seed = self.options.seed.unwrap_or_else(|| seed(material.exercise));
        let guard = Guard::around(self.course, material.exercise);
        let checks = runner.run(seed, self.drawn.get(&material.exercise.id).cloned());
        let changed = guard.restore();
        let first = checks.iter().map(|check| check.verdict).find(|verdict| *verdict != Verdict::Pass);
        let mut row = Row {
            // A row without a check never passes.
            verdict: first.unwrap_or(if checks.is_empty() { Verdict::Missing } else { Verdict::Pass }),
            seconds: start.elapsed().as_secs_f64(),
            checks,
            seed: (material.random > 0).then_some(seed),
            ..empty_row(material.exercise)
        };
        if !changed.is_empty() {
            row.verdict = Verdict::Tampered;
            row.message = Some(tampered(&changed));
        }
        row
    }
}

fn seed(exercise: &Exercise) -> u64 {
    let text = std::fs::read(exercise.lib()).unwrap_or_default();
    check::random::seed_of(&String::from_utf8_lossy(&text))
}

fn too_slow(budget: Duration) -> String {
    format!(
        "It was still compiling after {} s, and was stopped. Was another cargo at work here, or does a constant or a \
         macro never end?\n`--budget-build` gives it more seconds.",
        (budget.as_secs_f64() * 10.0).round() / 10.0
    )
}

fn tampered(changed: &[String]) -> String {
    format!(
        "While it ran, files were changed that are not this exercise's. They have been put back:\n  {}\n\
         What was in them is kept in .progress/changed/. A part has no business with files.",
        changed.join("\n  ")
    )
}

/// Writes down how it went. What cannot be written is worth a sentence; the verdicts stand.
fn record(course: &Course, report: &Report, progress: &mut Progress) {
    let mut any = false;
    for row in report.rows.iter().filter(|row| row.verdict != Verdict::NotStarted) {
        let text = course.by_id(&row.id).and_then(|e| std::fs::read(e.lib()).ok()).unwrap_or_default();
        let print = files::fingerprint(&String::from_utf8_lossy(&text));
        progress.record(&row.id, &print, row.verdict.name(), row.points().into(), row.max().into());
        if let Some(check) = row.first_failure().filter(|check| check.explanation.is_some()) {
            progress.set_first_failed(&row.id, &check.name);
        }
        any = true;
    }
    if any && let Err(failure) = progress.save() {
        eprintln!("{failure}");
    }
}

#[cfg(test)]
mod tests;
