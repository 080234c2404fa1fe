//! What may be in a scenario of one's own: said by the driver that reads it, which is asked for an operation that it
//! does not know.

use std::process::ExitCode;

use check::trace;

use super::{programs, run_on, scenarios};
use crate::course::{Course, Exercise};
use crate::failure::{Failure, Outcome};
use crate::files;
use crate::ui::{bold, say};
use check::scenario::Scenario;

/// Prints the settings that there are examples of, and every operation.
pub(super) fn print(course: &Course, exercise: &Exercise) -> Outcome {
    let id = &exercise.id;
    let mut settings: Vec<String> = Vec::new();
    for scenario in scenarios(exercise)? {
        let line = scenario.text.lines().map(code).find(|line| line.starts_with("use ")).map(str::to_string);
        settings.extend(line.filter(|line| !settings.contains(line)));
    }
    let first = settings.first().ok_or_else(|| Failure::Input(format!("{id} has no scenario to learn from.")))?;
    let (reference, _) = programs(course, exercise, true)?;
    let asked = Scenario::parse("asked.ops", format!("{first}\n?\n"));
    let run = run_on(&reference, exercise, &asked);
    let answer = trace::refusal(&run.lines).unwrap_or_default();
    let (_, known) = answer
        .split_once("it knows ")
        .ok_or_else(|| Failure::Internal(format!("the driver of {id} does not say what it knows: {answer}")))?;
    say!("{}", bold("First what it is for, then one of these, or the like:"));
    say!("\n  # one sentence");
    settings.iter().for_each(|line| say!("  {line}"));
    say!("\n{}\n", bold("Then operations, one a line, `#` before a comment, `b0..b6` for seven names:"));
    quoted(known).iter().for_each(|operation| say!("  {operation}"));
    let dir = files::said(&course.root, &exercise.scenarios());
    say!("\nExamples are in {dir}. To play yours: `cargo xtask show {id} FILE.ops`.");
    Ok(ExitCode::SUCCESS)
}

/// A line without its comment.
fn code(line: &str) -> &str {
    line.split('#').next().unwrap_or_default().trim()
}

/// What stands between back ticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_stand_between_back_ticks() {
        assert_eq!(quoted("`x = alloc`, `free x backwards`, or `count`"), ["x = alloc", "free x backwards", "count"]);
        assert!(quoted("nothing").is_empty());
        assert_eq!(code("use pool classic 512  # the old one"), "use pool classic 512");
    }
}
