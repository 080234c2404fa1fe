//! # The first difference between two traces
//!
//! A reader at midnight wants four things: which operation, what should have come, what came, and how memory looked
//! there in both. The few operations before it are context; nothing after it matters, because one wrong block makes
//! all that follows wrong.
//!
//! ```text
//!    5 | b6 = alloc
//!      = block 6, now full
//! >  6 | free b2                  # predict: which state is the pool in now?
//!      expected | ok, used again
//!      yours    | ok
//!      picture  | [##-####]  free list: 2
//! ```

use crate::scenario::Scenario;
use crate::trace::{self, Kind, Line};
use similar::{ChangeTag, TextDiff};
use std::fmt::Write;

/// Operations that are shown before the one that differs.
const BEFORE: usize = 2;
/// Steps that are shown of one operation.
const STEPS: usize = 8;
/// Characters that are shown of one line.
const WIDE: usize = 160;

/// Where two traces part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference<'a> {
    /// The line of the scenario that was running, and the operation.
    pub op: Option<(usize, &'a str)>,
    /// The fact that should have come; none when the trace should have ended.
    pub expected: Option<&'a str>,
    /// The line that came instead; none when the trace ended.
    pub got: Option<&'a str>,
    /// The steps of the operation, as recorded.
    pub expected_steps: Vec<&'a str>,
    /// The steps of the operation, as they came.
    pub got_steps: Vec<&'a str>,
    /// The facts of the operation on which both agree.
    pub agreed: Vec<&'a str>,
    /// The lines of a few operations before, without steps.
    pub before: Vec<&'a str>,
}

/// The first difference in what is compared; none when all facts are the same.
pub fn first<'a, A: AsRef<str>, B: AsRef<str>>(expected: &'a [A], got: &'a [B]) -> Option<Difference<'a>> {
    let (e, g) = (trace::compared(expected), trace::compared(got));
    let both = e.len().min(g.len());
    let at = (0..both).find(|i| e[*i].1 != g[*i].1).unwrap_or(both);
    if at == e.len() && at == g.len() {
        return None;
    }
    let kind = |line: Option<&(usize, &'a str)>| line.map(|(_, line)| Line::parse(line).kind);
    // An operation that has no counterpart is itself the place; else the place is the last one both announced.
    let is_op = |i: usize| kind(e.get(i)) == Some(Kind::Op);
    let op = (0..at).rev().find(|i| is_op(*i));
    let agreed_from = op.map_or(0, |op| op + 1);
    Some(Difference {
        op: op.map(|op| Line::parse(e[op].1)).map(|line| (line.number, line.text)),
        expected: e.get(at).map(|(_, line)| *line),
        got: g.get(at).map(|(_, line)| *line),
        expected_steps: steps(expected, op.map_or(0, |op| e[op].0 + 1)),
        got_steps: steps(got, op.map_or(0, |op| g[op].0 + 1)),
        agreed: e[agreed_from..at].iter().map(|(_, line)| *line).collect(),
        before: context(&e, op.unwrap_or(0)),
    })
}

/// The steps from `from` to the next operation.
fn steps<S: AsRef<str>>(lines: &[S], from: usize) -> Vec<&str> {
    let lines = lines.get(from..).unwrap_or_default().iter().map(|line| Line::parse(line.as_ref().trim_end()));
    lines.take_while(|line| line.kind != Kind::Op).filter(|line| line.kind == Kind::Step).map(|l| l.text).collect()
}

/// The compared lines of the last operations before the compared line `op`.
fn context<'a>(compared: &[(usize, &'a str)], op: usize) -> Vec<&'a str> {
    let ops = (0..op).rev().filter(|i| Line::parse(compared[*i].1).kind == Kind::Op);
    let from = ops.take(BEFORE).last().unwrap_or(op);
    compared[from..op].iter().map(|(_, line)| *line).collect()
}

/// The two columns' names.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// What the first trace is called.
    pub expected: &'static str,
    /// What the second trace is called.
    pub got: &'static str,
}

impl Names {
    /// The recorded trace and the learner's.
    pub const GRADED: Names = Names { expected: "expected", got: "yours" };
    /// Two runs of the learner's part.
    pub const RUNS: Names = Names { expected: "first run", got: "again" };
}

impl Difference<'_> {
    /// The lines to print. `end` is how the process ended when it did not end well.
    pub fn render(&self, scenario: &Scenario, names: Names, end: Option<&str>) -> String {
        let mut out = String::new();
        for line in &self.before {
            put(&mut out, &format!("  {line}"));
        }
        match self.op {
            Some((number, op)) => put(&mut out, &format!("> {number:>2} | {op}{}", comment(scenario, number))),
            None => put(&mut out, "> before the first operation"),
        }
        for line in &self.agreed {
            put(&mut out, &format!("  {line}"));
        }
        let wide = names.expected.len().max(names.got.len()).max("picture".len());
        let mut row = |name: &str, text: &str| match (name, text) {
            ("", "") => out.push('\n'),
            _ => put(&mut out, &format!("     {name:<wide$} | {text}")),
        };
        row(names.expected, &said(self.expected));
        match (self.got, end) {
            (None, Some(end)) => row(names.got, end),
            (got, end) => {
                row(names.got, &said(got));
                if let Some(end) = end {
                    row("", &format!("and later {end}"));
                }
            }
        }
        self.pictures(names, &mut row);
        out
    }

    /// Both pictures, or one when they are the same.
    fn pictures(&self, names: Names, row: &mut impl FnMut(&str, &str)) {
        let (expected, got) = (&self.expected_steps, &self.got_steps);
        if expected == got {
            return part(expected, expected.len().saturating_sub(STEPS / 2), "picture", row);
        }
        let differ = (0..expected.len()).take_while(|i| expected.get(*i) == got.get(*i)).count();
        for (name, steps) in [(names.expected, expected), (names.got, got)] {
            if !steps.is_empty() {
                row("", "");
                part(steps, differ.min(steps.len() - 1).saturating_sub(2), name, row);
            }
        }
    }
}

/// Some of the steps, from `from`.
fn part(steps: &[&str], from: usize, name: &str, row: &mut impl FnMut(&str, &str)) {
    let mut name = name;
    let mut put = |text: &str| row(std::mem::take(&mut name), text);
    match from {
        0 => {}
        1 => put(steps[0]),
        _ => put(&format!("... {from} steps before")),
    }
    for step in steps.iter().skip(from).take(STEPS) {
        put(step);
    }
    let after = steps.len().saturating_sub(from + STEPS);
    if after > 0 {
        put(&format!("... {after} more"));
    }
}

/// A fact without its mark; an operation as such.
fn said(line: Option<&str>) -> String {
    let Some(line) = line else { return "nothing more".into() };
    match Line::parse(line) {
        Line { kind: Kind::Op, number, text } => format!("line {number}: {text}"),
        Line { text, .. } => text.into(),
    }
}

/// What the scenario's author says beside this line.
fn comment(scenario: &Scenario, number: usize) -> String {
    let said = scenario.line(number).and_then(|line| line.split_once('#'));
    said.map_or(String::new(), |(_, comment)| format!("      # {}", comment.trim()))
}

fn put(out: &mut String, line: &str) {
    let line = line.trim_end();
    if line.chars().count() > WIDE {
        let _ = writeln!(out, "{}...", line.chars().take(WIDE).collect::<String>());
    } else {
        let _ = writeln!(out, "{line}");
    }
}

/// Both traces whole, as a unified difference with the steps.
pub fn all_details<A: AsRef<str>, B: AsRef<str>>(expected: &[A], got: &[B]) -> String {
    let join = |lines: Vec<&str>| lines.iter().map(|line| format!("{}\n", line.trim_end())).collect::<String>();
    let expected = join(expected.iter().map(AsRef::as_ref).collect());
    let got = join(got.iter().map(AsRef::as_ref).collect());
    let mut out = String::from("  - expected, + yours, the rest is the same in both\n");
    for group in TextDiff::from_lines(&expected, &got).grouped_ops(3).iter().enumerate() {
        if group.0 > 0 {
            out.push_str("  ...\n");
        }
        let diff = TextDiff::from_lines(&expected, &got);
        for change in group.1.iter().flat_map(|op| diff.iter_changes(op).collect::<Vec<_>>()) {
            let mark = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            put(&mut out, &format!("  {mark} {}", change.value().trim_end()));
        }
    }
    out
}

#[cfg(test)]
mod tests;
