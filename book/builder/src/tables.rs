//! # Tables of exercises
//!
//! ```text
//! {{#exercises}}      all parts: what one writes, where it is explained, how long it takes
//! {{#track day}}      the exercises of a track, and how long they take together
//! ```
//!
//! Both say what `exercises/course.toml` says, minutes and sums included, so no page counts by hand.

use crate::course::{Course, Exercise};
use crate::problem::Fault;
use std::fmt::Write;
use std::path::Path;

/// All exercises, part by part.
pub(crate) fn exercises(course: &Course, chapter: &Path) -> String {
    let mut out = String::from("| part | exercise | | minutes |\n|---|---|---|---|\n");
    for (number, title) in course.parts() {
        let mut label = format!("{number}. {}", bare(title));
        for exercise in course.all().filter(|exercise| exercise.part() == Some(*number)) {
            let _ = writeln!(out, "| {label} {}", row(exercise, chapter));
            label.clear();
        }
    }
    let _ = writeln!(out, "| | **together** | | **{}** |", course.all().map(|exercise| exercise.minutes).sum::<i64>());
    out
}

/// The exercises of a track.
pub(crate) fn track(course: &Course, name: &str, chapter: &Path) -> Result<String, Fault> {
    let mut out = String::from("| exercise | | minutes |\n|---|---|---|\n");
    let mut sum = 0;
    for id in course.track(name)? {
        let exercise = course.exercise(id)?;
        sum += exercise.minutes;
        let _ = writeln!(out, "{}", row(exercise, chapter));
    }
    let _ = writeln!(out, "| **together** | | **{sum}** |");
    Ok(out)
}

/// Three cells: the exercise with its chapter, what it is, minutes.
fn row(exercise: &Exercise, chapter: &Path) -> String {
    let Exercise { id, title, minutes, .. } = exercise;
    let up = "../".repeat(chapter.components().count().saturating_sub(1));
    let name = match &exercise.chapter {
        Some(page) => format!("[`{id}`]({up}{page})"),
        None => format!("`{id}`"),
    };
    format!("| {name} | {} | {minutes} |", bare(title))
}

/// Text that is no Markdown of a table.
fn bare(text: &str) -> String {
    text.replace('|', "\\|")
}
