//! # The table of contents and the files
//!
//! mdBook stops at the first chapter that is not there and never mentions a chapter that nothing leads to. Here both
//! are looked for before it starts.

use crate::house::{House, files_below, slashed};
use crate::problem::Problem;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static LINK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\]\(\s*([^)\s]+)").expect("a constant expression"));

const FILE: &str = "book/src/SUMMARY.md";

/// Chapters that SUMMARY.md names and that are not there, and the other way round.
pub(crate) fn check(house: &House) -> Vec<Problem> {
    let text = match std::fs::read_to_string(house.src().join("SUMMARY.md")) {
        Ok(text) => text,
        Err(e) => return vec![Problem::of(FILE, format!("cannot be read: {e}"), "Every chapter is listed there.")],
    };
    let mut problems = Vec::new();
    let mut named = BTreeSet::new();
    for (number, line) in text.lines().enumerate() {
        for link in LINK.captures_iter(line) {
            let chapter = link[1].trim_start_matches("./").to_string();
            if !house.src().join(&chapter).is_file() {
                let what = format!("the chapter {chapter} is not there");
                problems
                    .push(Problem::of(FILE, what, "Write it, or leave its path empty: `[Title]()`.").on(number + 1));
            }
            if !named.insert(chapter.clone()) {
                let remedy = "A chapter has one place in the book.";
                problems.push(Problem::of(FILE, format!("{chapter} is listed twice"), remedy).on(number + 1));
            }
        }
    }
    let chapters = files_below(&house.src()).into_iter().filter(|file| file.extension().is_some_and(|e| e == "md"));
    for chapter in chapters.filter(|file| slashed(file) != "SUMMARY.md" && !named.contains(&slashed(file))) {
        let remedy = "List it in SUMMARY.md: a chapter that is not listed is not rendered.";
        problems.push(Problem::of(house.chapter_name(&chapter), "no reader can come here", remedy));
    }
    problems
}
