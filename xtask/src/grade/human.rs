//! The result for a person: a line for each exercise, the first failure in full, the next step.

use std::io::{IsTerminal, Write};

use check::verdict::Verdict;

use super::options::{Format, Options};
use super::report::{Check, Report, Row};
use crate::course::{Course, Exercise};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::standing;
use crate::ui::{bold, counted, dim, escaped, green, red, say, yellow};

/// Prints the report.
pub(crate) fn print(course: &Course, report: &Report, progress: &Progress, options: &Options) -> Result<(), Failure> {
    for row in &report.rows {
        say!("{}", line(row));
    }
    let failures = report.rows.iter().filter(|row| !matches!(row.verdict, Verdict::Pass | Verdict::NotStarted));
    for row in failures.take(if options.all_details { usize::MAX } else { 1 }) {
        say!();
        details(row, options);
    }
    say!();
    say!("{}", sum(report));
    if !options.watched || report.nothing_started() {
        next_step(course, report, progress);
    }
    Ok(())
}

fn line(row: &Row) -> String {
    let verdict = format!("{:<17}", said(row.verdict));
    let verdict = match row.verdict {
        Verdict::Pass => green(&verdict),
        Verdict::NotStarted => dim(&verdict),
        _ => red(&verdict),
    };
    let points = format!("{}/{}", row.points(), row.max());
    let time = if row.seconds > 0.0 { format!("{:7.2} s", row.seconds) } else { String::new() };
    let seed = row.seed.map_or(String::new(), |seed| dim(&format!("   seed {seed}")));
    let line = format!("{:>3}  {:<18} {verdict} {points:>7}{time}{seed}", row.number, row.id);
    line.trim_end().to_string()
}

/// A verdict in words: `does not compile`.
fn said(verdict: Verdict) -> String {
    verdict.name().replace('-', " ")
}

fn details(row: &Row, options: &Options) {
    if let Some(message) = &row.message {
        say!("{}", bold(&format!("{}: {}", row.id, said(row.verdict))));
        say!();
        for line in escaped(message).lines() {
            say!("  {line}");
        }
        if row.verdict != Verdict::Tampered || row.first_failure().is_none_or(|check| check.explanation.is_none()) {
            return;
        }
        say!();
    }
    let failed: Vec<_> = row.checks.iter().filter(|check| check.verdict != Verdict::Pass).collect();
    let shown = if options.all_details { failed.len() } else { 1 };
    for (i, check) in failed.iter().take(shown).enumerate() {
        if i > 0 {
            say!();
        }
        let text = escaped(check.explanation.as_ref().unwrap_or(&check.sentence));
        let (title, rest) = text.split_once('\n').unwrap_or((&text, ""));
        match &check.explanation {
            Some(_) => say!("{}\n{}", bold(title), rest.trim_end()),
            None => {
                say!("{}\n  {}", bold(&format!("{} {}: {}", row.id, check.name, said(check.verdict))), text.trim_end())
            }
        }
    }
    for line in also(row, &failed[shown..]) {
        say!("{}", dim(&line));
    }
}

/// The other checks that failed, with their verdicts where these are others.
fn also(row: &Row, failed: &[&Check]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for check in failed {
        let what = if check.verdict == row.verdict { String::new() } else { format!(" ({})", said(check.verdict)) };
        let name = format!("{}{what}", check.name);
        match lines.last_mut() {
            Some(line) if line.len() + name.len() < 98 => line.push_str(&format!(", {name}")),
            Some(line) => {
                line.push(',');
                lines.push(format!("          {name}"));
            }
            None => lines.push(format!("  also    {name}")),
        }
    }
    lines
}

fn sum(report: &Report) -> String {
    let passed = report.rows.iter().filter(|row| row.verdict == Verdict::Pass).count();
    let (points, max): (u32, u32) = (report.rows.iter().map(Row::points).sum(), report.rows.iter().map(Row::max).sum());
    let what = counted(report.rows.len(), if report.solutions { "solution" } else { "exercise" });
    let counts = format!("{passed} of {what} passed, {points} of {max} points, {:.1} s.", report.seconds);
    if report.passed() { green(&counts) } else { counts }
}

fn next_step(course: &Course, report: &Report, progress: &Progress) {
    if report.solutions {
        return;
    }
    if report.nothing_started() {
        let first = report.rows.first().and_then(|row| course.by_id(&row.id));
        let first =
            standing::next_open(course, progress).filter(|e| report.rows.iter().any(|row| row.id == e.id)).or(first);
        if let Some(exercise) = first {
            say!("{}", begin(exercise, report.rows.len()));
        }
        return;
    }
    let reached = report.rows.iter().rev().find_map(|row| standing::milestone_reached_with(course, &row.id, progress));
    match report.first_failure() {
        // What is to be done about these was said above.
        Some(row) if matches!(row.verdict, Verdict::Missing | Verdict::Tampered | Verdict::Internal) => {}
        Some(row) => {
            let folder = course.by_id(&row.id).map_or(String::new(), Exercise::lib_name);
            let id = &row.id;
            say!("{} edit {folder}, then `cargo xtask grade {id}`. Stuck? `cargo xtask hint {id}`", bold("Next:"));
        }
        None if reached.is_some() => {
            let (number, reached) = reached.map_or((0, ""), |(number, milestone)| (number, &milestone.reached));
            let program = format!("`cargo xtask milestone {number}` runs a real program on it.");
            say!("{} {reached}. {program}", bold("Milestone:"));
            say!("Then: `cargo xtask next`");
        }
        None => match standing::next_open(course, progress) {
            Some(next) => say!("{} {}, {}: `cargo xtask next`", bold("Next:"), next.id, next.title),
            None => say!("{}", green("Every exercise of your track has passed.")),
        },
    }
}

/// Where everybody begins.
fn begin(exercise: &Exercise, asked: usize) -> String {
    let Exercise { id, chapter_title, .. } = exercise;
    let nothing = match asked {
        1 => "This one is not started yet.",
        _ => "Nothing is started yet, and that is where everybody begins.",
    };
    let read = match &exercise.chapter {
        Some(_) => format!("\"{chapter_title}\": `cargo xtask book {id}`"),
        None => "the top of the file".to_string(),
    };
    let (nothing, lib) = (yellow(nothing), exercise.lib_name());
    format!("{nothing}\n  Read   {read}\n  Write  {lib}\n  Check  `cargo xtask grade {id}`")
}

/// A line on the terminal that says what is going on, and goes away.
pub(crate) struct Working(bool);

impl Working {
    /// Shows the line where a person looks, and nowhere else.
    pub(crate) fn on(options: &Options, what: &str) -> Working {
        let shown = options.format == Format::Human && std::io::stderr().is_terminal() && options.record;
        if shown {
            eprint!("\r{what} ...");
            let _ = std::io::stderr().flush();
        }
        Working(shown)
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        if self.0 {
            eprint!("\r\x1b[K");
            let _ = std::io::stderr().flush();
        }
    }
}
