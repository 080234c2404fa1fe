//! # Explaining a failed check
//!
//! One text, whether `cargo test` or `cargo xtask grade` found it: what was run and why, the first difference, the
//! promise that it breaks, what the program itself printed, and the one command that shows it again.

use crate::difference::{self, Names};
use crate::promises::{self, Promise};
use crate::scenario::Scenario;
use crate::supervise::{End, Outcome, Output};
use crate::trace::{self, Kind, Line};
use crate::verdict::Verdict;
use std::fmt::Write;

/// Lines of the learner's own output that are shown.
const LINES: usize = 20;
/// Characters of one such line.
const WIDE: usize = 160;

/// All that is known about a check that failed.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The exercise: `pool`.
    pub id: &'a str,
    /// What was run.
    pub scenario: &'a Scenario,
    /// The scenario's file, as the learner would type it.
    pub file: &'a str,
    /// The verdict on it.
    pub verdict: Verdict,
    /// The recorded trace.
    pub expected: &'a [String],
    /// What came.
    pub outcome: &'a Outcome,
    /// What came when it was run again, if it was.
    pub again: Option<&'a Outcome>,
    /// The exercise's promises.
    pub promises: &'a [Promise],
    /// Where to read about it: `"A pool", cargo xtask book pool`.
    pub chapter: Option<&'a str>,
    /// Whole traces instead of the first difference.
    pub all_details: bool,
}

impl Case<'_> {
    /// The text for the learner.
    pub fn explain(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "{} {}: {}", self.id, self.scenario.name, self.verdict);
        if !self.scenario.purpose.is_empty() {
            let _ = writeln!(out, "  {}", self.scenario.purpose);
        }
        let _ = writeln!(out, "  {}\n", self.file);
        out.push_str(&self.what_happened());
        self.whose_promise(&mut out);
        self.own_output(&mut out);
        if self.verdict == Verdict::Tampered {
            return out;
        }
        let _ = writeln!(out);
        if let Some(chapter) = self.chapter {
            let _ = writeln!(out, "  read    {chapter}");
        }
        let _ = writeln!(out, "  again   {}", self.command());
        out
    }

    /// The command that shows this check alone, beside the reference.
    pub fn command(&self) -> String {
        let what = if self.file.contains("/scenarios/") { &self.scenario.name } else { self.file };
        format!("cargo xtask show {} {what}", self.id)
    }

    /// One line for a list, or for a program.
    pub fn sentence(&self) -> String {
        let end = self.end();
        let difference = difference::first(self.expected, &self.outcome.lines);
        let Some(d) = difference else { return end.unwrap_or_default() };
        let at = d.op.map_or(String::new(), |(line, op)| format!("line {line}, {op}: "));
        let text = |line: Option<&str>| line.map_or("nothing more".into(), |l| Line::parse(l).text.to_string());
        match (d.got, end) {
            (None, Some(end)) => format!("{at}{end}"),
            (Some(got), _) if Line::parse(got).kind == Kind::Broken => format!("{at}{}", text(Some(got))),
            (got, _) => format!("{at}expected {}, got {}", text(d.expected), text(got)),
        }
    }

    fn end(&self) -> Option<String> {
        (self.outcome.end != End::Ended).then(|| self.outcome.end.to_string())
    }

    fn what_happened(&self) -> String {
        if self.verdict == Verdict::Tampered {
            let refused = trace::refusal(&self.outcome.lines).map(|why| format!("  It cannot be run: {why}\n"));
            return format!(
                "  This scenario is not the one whose trace was recorded: the file was changed.\n{}  \
                 To have it back: git checkout -- {}\n",
                refused.unwrap_or_default(),
                self.file
            );
        }
        if let (Verdict::Nondeterministic, Some(again)) = (self.verdict, self.again) {
            return self.two_runs(again);
        }
        let end = self.end();
        let difference = difference::first(self.expected, &self.outcome.lines);
        let mut text = match difference {
            Some(d) => d.render(self.scenario, Names::GRADED, end.as_deref()),
            None => format!("  Every fact is right, but {}.\n", end.unwrap_or_default()),
        };
        if self.all_details {
            text.push('\n');
            text.push_str(&difference::all_details(self.expected, &self.outcome.lines));
        }
        text
    }

    fn two_runs(&self, again: &Outcome) -> String {
        let mut text = String::from(
            "  Run twice, it did not do the same twice. A part has no state of its own: look for a `static`,\n  \
             a clock, a hash map's order or an address that decides something.\n\n",
        );
        match difference::first(&self.outcome.lines, &again.lines) {
            Some(d) => text.push_str(&d.render(self.scenario, Names::RUNS, None)),
            None => {
                let _ = writeln!(text, "  first: {}\n  again: {}", self.outcome.end, again.end);
            }
        }
        text
    }

    /// The promise that a sentence names, or else those that the scenario is about.
    fn whose_promise(&self, out: &mut String) {
        let named = self.outcome.lines.iter().filter(|l| Line::parse(l).kind == Kind::Broken);
        let mut numbers: Vec<&str> = named.flat_map(|line| promises::named_in(line)).collect();
        let (mut title, one) = ("breaks  ", !numbers.is_empty());
        if !one {
            title = "about   ";
            numbers = self.scenario.shows.iter().map(String::as_str).collect();
        }
        if matches!(self.verdict, Verdict::Tampered | Verdict::Internal | Verdict::Unfinished) {
            return;
        }
        let known = self.promises.iter().filter(|p| numbers.contains(&p.number.as_str()));
        for (i, promise) in known.enumerate() {
            let start = if i == 0 { "\n" } else { "" };
            let _ = writeln!(out, "{start}  {title}{}  {}", promise.number, wrapped(&promise.text, 14));
            title = "        ";
        }
    }

    fn own_output(&self, out: &mut String) {
        let output = &self.again.unwrap_or(self.outcome).output;
        out.push_str(&shown_output(output));
    }
}

/// What a program printed: escaped, and cut after a few lines. Empty when there is nothing to show.
pub fn shown_output(output: &Output) -> String {
    let mut out = String::new();
    for (name, text) in [("printed", &output.stdout), ("stderr", &output.stderr)] {
        let mut lines = text.lines().filter(|line| !is_noise(line)).peekable();
        if lines.peek().is_none() {
            continue;
        }
        out.push('\n');
        for (i, line) in lines.by_ref().take(LINES).enumerate() {
            let line = escaped(line);
            let cut: String = line.chars().take(WIDE).collect();
            let dots = if cut.len() < line.len() { "..." } else { "" };
            let _ = writeln!(out, "  {:<8}{cut}{dots}", if i == 0 { name } else { "" });
        }
        let more = lines.count();
        if more > 0 {
            let _ = writeln!(out, "          ... and {more} more lines");
        }
    }
    out
}

/// Rust's own last words, which the verdict says better.
fn is_noise(line: &str) -> bool {
    line.trim().is_empty()
        || line.contains("has overflowed its stack")
        || line.starts_with("fatal runtime error: stack overflow")
        || line.starts_with("memory allocation of ")
}

/// `text` with its control characters shown instead of obeyed; tabs stay.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push(c),
            // The marks that turn the direction of reading, and those that have no width, are no better.
            c if c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}') =>
            {
                out.extend(c.escape_unicode());
            }
            c => out.push(c),
        }
    }
    out
}

/// Breaks a paragraph at about a hundred columns; lines after the first are indented.
fn wrapped(text: &str, indent: usize) -> String {
    let (mut out, mut column) = (String::new(), indent);
    for word in text.split(' ') {
        let wide = word.chars().count();
        if column + wide > 100 && column > indent {
            let _ = write!(out, "\n{:indent$}", "");
            column = indent;
        } else if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        column += wide + 1;
    }
    out
}

#[cfg(test)]
mod tests;
