//! `cargo xtask bench`: what your part costs, beside the reference's.
//!
//! Both are compiled with optimisation and run the same scenarios, on checked memory: a part that somebody is still
//! learning with never runs on raw memory. Checked memory costs more than any part, so the clock says little about the
//! part itself; valgrind counts the part's own instructions, exactly and the same each time.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use check::random;
use check::scenario;
use check::supervise::{self, End, Limits, Probe};
use check::verdict::Verdict;

use crate::course::{Course, Exercise};
use crate::failure::{FAILED, Failure, Outcome};
use crate::grade;
use crate::grade::human::Working;
use crate::grade::options::Options;
use crate::progress::Progress;
use crate::ui::{bold, counted, dim, say, yellow};
use crate::{files, standing, tools};
use callgrind::Cost;
use sides::Side;

mod callgrind;
mod sides;

pub(crate) const HELP: &str = "\
cargo xtask bench [ID] [--time]

What your part costs beside the reference's, both optimised, on the exercise's scenarios and random ones:
instructions and accesses for each call of each function, counted by valgrind; without valgrind, time.
Yours must pass.

  --time   time, also where valgrind is found";

/// A scenario takes some fifty times as long when it is counted.
const SCENARIO: Duration = Duration::from_secs(100);
/// So many random scenarios, at most: under valgrind, more take minutes and tell the same.
const RANDOM: u32 = 16;
/// Where random scenarios begin: everybody's are the same.
const SEED: u64 = 1;
/// How often each side is timed.
const TIMED: usize = 9;
/// How long one timed run should take at least.
const LONG_ENOUGH: Duration = Duration::from_millis(250);

pub(crate) fn run(course: &Course, mut args: lexopt::Parser) -> Outcome {
    let (mut word, mut time) = (None, false);
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("time") => time = true,
            lexopt::Arg::Value(value) if word.is_none() => word = Some(value.to_string_lossy().into_owned()),
            _ => return Err(arg.unexpected().into()),
        }
    }
    let exercise = standing::chosen(course, &Progress::load(&course.root), word.as_deref())?;
    let options = Options { words: vec![exercise.id.clone()], ..Options::default() };
    let report = grade::grade(course, &options)?;
    if let Some(row) = report.rows.iter().find(|row| row.verdict != Verdict::Pass) {
        let verdict = row.verdict.name().replace('-', " ");
        say!("Your {} does not pass ({verdict}), and what is not right yet is not measured.", exercise.id);
        say!("`cargo xtask grade {}` says where to go on.", exercise.id);
        return Ok(ExitCode::from(FAILED));
    }
    let sides = {
        let _line = Working::on(&options, "compiling both with optimisation");
        sides::compile(course, exercise)?
    };
    let work = Work::of(exercise)?;
    if time || tools::answer("valgrind", &["--version"]).is_none() {
        if !time {
            say!("{}", yellow("There is no valgrind here to count instructions with; the clock has to do."));
        }
        return timed(&work, &sides.0, &sides.1, &options);
    }
    let rows = count(&work, &sides, &sides::folder(course), &options)?;
    if rows.is_empty() {
        say!(
            "{}",
            yellow("Valgrind found none of the part's functions (is `strip` set for cargo?); the clock has to do.")
        );
        return timed(&work, &sides.0, &sides.1, &options);
    }
    table(&work, &rows);
    Ok(ExitCode::SUCCESS)
}

/// What both sides have to do.
struct Work {
    id: String,
    /// The part's crate, as its functions are named.
    krate: String,
    written: usize,
    texts: Vec<(String, String)>,
}

impl Work {
    fn of(exercise: &Exercise) -> Result<Work, Failure> {
        let folder = exercise.scenarios();
        let written = scenario::in_folder(&folder).map_err(|e| Failure::reading(&folder, &e))?;
        let mut texts: Vec<(String, String)> = written.into_iter().map(|s| (s.name, s.text)).collect();
        let written = texts.len();
        let random = (SEED..SEED + u64::from(exercise.random.min(RANDOM)))
            .filter_map(|seed| random::scenario(&exercise.id, seed));
        texts.extend(random.map(|text| ("random".to_string(), text)));
        Ok(Work { id: exercise.id.clone(), krate: exercise.ident(), written, texts })
    }

    /// `12 scenarios and 40 random ones`
    fn said(&self) -> String {
        format!("{} and {} random ones", counted(self.written, "scenario"), self.texts.len() - self.written)
    }
}

impl Side {
    /// Does the work so many times; gives the time of all scenarios together.
    fn run(&self, work: &Work, times: usize, under: Vec<String>) -> Result<Duration, Failure> {
        let once = work.texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let scenarios: Vec<(&str, &str)> = (0..times).flat_map(|_| once.clone()).collect();
        let probe = Probe::of(&self.program).under(under);
        let outcomes = supervise::run(&probe, &work.id, &scenarios, &Limits::new(SCENARIO).of_facts());
        match outcomes.iter().find(|outcome| outcome.end != End::Ended) {
            None => Ok(outcomes.iter().map(|outcome| outcome.took).sum()),
            Some(bad) => Err(Failure::Input(format!(
                "Of {}, the scenario {} did not end well: {}. `--time` measures without valgrind.",
                self.name, bad.name, bad.end
            ))),
        }
    }

    /// What callgrind writes while this side does the work, inside of one function or everywhere.
    fn counted(&self, work: &Work, folder: &Path, function: Option<&str>) -> Result<String, Failure> {
        let file = folder.join(format!("{}.callgrind", self.name.replace(' ', "-")));
        self.run(work, 1, callgrind::words(&file.to_string_lossy(), function))?;
        let text = files::read(&file);
        let _ = std::fs::remove_file(&file);
        text
    }
}

/// A function of the part, what yours cost, and the reference's.
type Row = (String, Cost, Cost);

/// Counts each function that the machine calls, on both sides at the same time.
fn count(work: &Work, sides: &(Side, Side), folder: &Path, options: &Options) -> Result<Vec<Row>, Failure> {
    let (yours, reference) = sides;
    let entries = {
        let _line = Working::on(options, "counting, at first everything");
        callgrind::entries(&reference.counted(work, folder, None)?, &work.krate)
    };
    let mut rows = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let name = callgrind::short(entry);
        let _line = Working::on(options, &format!("counting {name}, {} of {}", at + 1, entries.len()));
        let cost =
            |side: &Side| side.counted(work, folder, Some(entry)).map(|text| callgrind::cost(&text, &work.krate));
        let (mine, theirs) = std::thread::scope(|scope| {
            let theirs = scope.spawn(|| cost(reference));
            (cost(yours), theirs.join().expect("counting does not panic"))
        });
        rows.push((name.to_string(), mine?, theirs?));
    }
    Ok(rows)
}

/// Prints each function's cost for one call, on both sides.
fn table(work: &Work, rows: &[Row]) {
    say!("{}", bold(&format!("{}: {}, optimised, counted by valgrind", work.id, work.said())));
    say!();
    say!("  {:<18} {:>8} {:>28}      {:>20}", "", "", "instructions a call   ", "accesses a call");
    say!(
        "  {:<18} {:>8} {:>8} {:>10} {:>8}   {:>8} {:>11}",
        "",
        "calls",
        "yours",
        "reference",
        "ratio",
        "yours",
        "reference"
    );
    let (mut all, mut of_reference) = (Cost::default(), Cost::default());
    for (name, yours, reference) in rows {
        all += *yours;
        of_reference += *reference;
        line(name, *yours, *reference);
    }
    if rows.len() > 1 {
        line("all of them", all, of_reference);
    }
    say!();
    say!("{}", dim("Instructions: those of the part's file, and of what it calls in the standard library."));
    say!("{}", dim("Accesses: its calls to memory, graph or threads. What the machine around it does is not counted."));
}

fn line(name: &str, yours: Cost, reference: Cost) {
    let each = |count: u64, cost: Cost| count as f64 / cost.calls.max(1) as f64;
    let (mine, theirs) = (each(yours.instructions, yours), each(reference.instructions, reference));
    say!(
        "  {name:<18} {:>8} {mine:>8.1} {theirs:>10.1} {:>8.2}   {:>8.1} {:>11.1}",
        yours.calls,
        mine / theirs.max(f64::MIN_POSITIVE),
        each(yours.accesses, yours),
        each(reference.accesses, reference)
    );
}

/// Times both in turn, and tells the median of the ratios.
fn timed(work: &Work, yours: &Side, reference: &Side, options: &Options) -> Outcome {
    let once = reference.run(work, 1, vec![])?;
    let times = (LONG_ENOUGH.as_secs_f64() / once.as_secs_f64().max(1e-6)).ceil().clamp(1.0, 200.0) as usize;
    let (mut mine, mut theirs, mut ratios) = (vec![], vec![], vec![]);
    for turn in 1..=TIMED {
        let _line = Working::on(options, &format!("timing, {turn} of {TIMED}"));
        let (a, b) = (yours.run(work, times, vec![])?.as_secs_f64(), reference.run(work, times, vec![])?.as_secs_f64());
        ratios.push(a / b);
        mine.push(a / times as f64);
        theirs.push(b / times as f64);
    }
    say!("{}", bold(&format!("{}: {}, optimised, timed {TIMED} times in turn", work.id, work.said())));
    say!();
    say!("  yours      {:8.2} ms", 1e3 * median(&mut mine));
    say!("  reference  {:8.2} ms", 1e3 * median(&mut theirs));
    say!("  ratio      {:8.2}   ({:.2} to {:.2})", median(&mut ratios), ratios[0], ratios[TIMED - 1]);
    say!();
    say!(
        "{}",
        dim("Medians. Most of the time goes to checked memory and to the machine around the part, the same for both.")
    );
    Ok(ExitCode::SUCCESS)
}

fn median(all: &mut [f64]) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}
