//! The mutants that cargo-mutants names, as texts of the learner's file.

use std::ops::Range;

use serde_json::Value;

use crate::course::{Course, Exercise};
use crate::failure::Failure;
use crate::{files, generate, tools};

/// One small change of an answer.
pub(super) struct Mutant {
    /// What is changed: `alloc: replace == with !=`.
    pub(super) place: String,
    /// The line of the source where it begins, without indentation: a number would move with every edit.
    pub(super) line: String,
    /// Among changes with the same place and line, which one.
    pub(super) nth: usize,
    /// What stood there, and what stands there now.
    was: String,
    is: String,
    /// The learner's file with it.
    pub(super) text: String,
}

impl Mutant {
    /// How it is found again in the notes.
    pub(super) fn key(&self) -> String {
        format!("{} | {} | {}", self.place, self.line, self.nth)
    }

    /// The line and the change, for a person.
    pub(super) fn shown(&self) -> String {
        let short = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("  in      {}\n  was     {}\n  is      {}", self.line, short(&self.was), short(&self.is))
    }
}

/// Which cargo-mutants there is.
pub(super) fn version() -> Result<String, Failure> {
    tools::answer("cargo-mutants", &["mutants", "--version"]).ok_or_else(|| {
        Failure::Input("cargo-mutants is not here: `cargo install cargo-mutants --locked` brings it.".into())
    })
}

/// Every mutant of an exercise's part that lies in what a learner writes.
pub(super) fn of(course: &Course, exercise: &Exercise) -> Result<Vec<Mutant>, Failure> {
    let mut cargo = tools::cargo(&course.root);
    cargo.args(["mutants", "--list", "--json", "--package", "runtime", "--file", &exercise.source]);
    let output = cargo.output().map_err(|e| Failure::Internal(format!("cargo cannot be started: {e}")))?;
    let listed: Value = serde_json::from_slice(&output.stdout)
        .map_err(|e| Failure::Internal(format!("cargo mutants: {e}\n{}", String::from_utf8_lossy(&output.stderr))))?;
    let source = files::read(&exercise.source_path())?;
    let regions = regions(&source);
    let mut mutants: Vec<Mutant> = Vec::new();
    for one in listed.as_array().into_iter().flatten() {
        let Some(span) = span(&source, &one["span"]) else { continue };
        let line = source[..span.start].matches('\n').count() + 1;
        if !regions.iter().any(|region| region.contains(&line)) {
            continue;
        }
        let replacement = one["replacement"].as_str().unwrap_or_default().to_string();
        let function = one["function"]["function_name"].as_str().unwrap_or("?");
        let was = source[span.clone()].to_string();
        let what = what(one, &was, &replacement);
        let mutated = format!("{}{replacement}{}", &source[..span.start], &source[span.end..]);
        let Ok(text) = generate::answer_of(exercise, &mutated) else { continue };
        let place = format!("{function}: {what}");
        let line = source.lines().nth(line - 1).unwrap_or_default().trim().to_string();
        let nth = mutants.iter().filter(|m| m.place == place && m.line == line).count();
        mutants.push(Mutant { place, line, nth, was, is: replacement, text });
    }
    Ok(mutants)
}

/// The change in a few words.
fn what(one: &Value, was: &str, replacement: &str) -> String {
    match one["genre"].as_str() {
        Some("FnValue") => format!("body -> {replacement}"),
        _ if was.len() <= 40 && !was.contains('\n') => format!("{was} -> {replacement}"),
        Some(genre) => format!("{genre} -> {replacement}"),
        None => replacement.to_string(),
    }
}

/// Byte positions of a span: lines and columns count from one, columns in characters.
fn span(source: &str, value: &Value) -> Option<Range<usize>> {
    let place = |end: &str| {
        let number = |key: &str| usize::try_from(value[end][key].as_u64()?).ok();
        let (line, column) = (number("line")?, number("column")?);
        let start: usize = source.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let text = source[start..].lines().next().unwrap_or_default();
        let within = text.char_indices().nth(column - 1).map_or(text.len(), |(at, _)| at);
        Some(start + within)
    };
    Some(place("start")?..place("end")?)
}

/// The lines, counted from one, that only the answer has.
fn regions(source: &str) -> Vec<Range<usize>> {
    let (mut found, mut open) = (Vec::new(), None);
    for (number, line) in (1..).zip(source.lines()) {
        let marker = line.trim().strip_prefix("//").map(str::trim_start).unwrap_or_default();
        if marker.starts_with("[exercise]") || marker.starts_with("[solution]") {
            open = open.or(Some(number));
        } else if marker.starts_with("[/exercise]") || marker.starts_with("[/solution]") {
            found.extend(open.take().map(|from| from..number + 1));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn regions_and_spans() {
        let source = "fn a() {\n    // [exercise] todo!()\n    é + 1\n    // [/exercise]\n}\n";
        assert_eq!(regions(source), vec![Range { start: 2, end: 5 }]);
        let place = json!({ "start": { "line": 3, "column": 7 }, "end": { "line": 3, "column": 8 } });
        assert_eq!(span(source, &place).map(|s| &source[s]), Some("+"));
    }
}
