//! # One chapter, before mdBook sees it
//!
//! Replaces the book's own directives and figure blocks, and looks at each `{{#include}}`: mdBook would write an empty
//! block for an anchor that is not there, and go on.

use crate::course::Course;
use crate::directives;
use crate::figure::{self, Known};
use crate::house::House;
use crate::include;
use crate::problem::{Fault, Problem};
use regex::Regex;
use std::path::Path;
use std::sync::LazyLock;

/// What expanding a chapter needs, and what it finds.
pub(crate) struct Expander<'a> {
    pub(crate) house: &'a House,
    pub(crate) course: &'a Course,
    pub(crate) figures: Known,
    pub(crate) problems: Vec<Problem>,
}

/// `{{#name arguments}}`, unless a backslash stands before it.
static DIRECTIVE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(\\)?\{\{\s*#(\w+)\s*([^}]*)\}\}").expect("a constant expression"));

/// A code block's beginning: its mark, and what stands behind it.
struct Fence<'t> {
    mark: &'t str,
    info: &'t str,
}

impl<'t> Fence<'t> {
    fn opens(line: &'t str) -> Option<Fence<'t>> {
        let line = line.trim_start();
        let sign = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let length = line.chars().take_while(|c| *c == sign).count();
        let (mark, info) = line.split_at(length);
        (length >= 3).then(|| Fence { mark, info: info.trim() })
    }

    fn closes(&self, line: &str) -> bool {
        let line = line.trim();
        line.len() >= self.mark.len()
            && line.starts_with(self.mark)
            && line.trim_start_matches(&self.mark[..1]).is_empty()
    }
}

impl Expander<'_> {
    /// The text of `chapter` (a path from book/src) as mdBook shall get it.
    pub(crate) fn expand(&mut self, chapter: &Path, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
        let mut inside: Option<Fence<'_>> = None;
        while let Some((number, line)) = lines.next() {
            match (&inside, Fence::opens(line)) {
                (None, Some(fence)) if figure::is_figure(fence.info) => {
                    let script: Vec<&str> = lines.by_ref().map(|l| l.1).take_while(|l| !fence.closes(l)).collect();
                    out.push_str(&self.figure(chapter, number, fence.info, &script.join("\n")));
                    continue;
                }
                (None, Some(fence)) => inside = Some(fence),
                (Some(fence), _) if fence.closes(line) => inside = None,
                _ => {}
            }
            match self.own_directive(chapter, number, line, inside.is_some()) {
                Some(replacement) => out.push_str(&replacement),
                None => out.push_str(line),
            }
            out.push('\n');
        }
        out
    }

    fn figure(&mut self, chapter: &Path, number: usize, info: &str, script: &str) -> String {
        let file = self.house.chapter_name(chapter);
        figure::render(info, script, (&self.house.root, &file), number, &mut self.figures).unwrap_or_else(|problems| {
            self.problems.extend(problems);
            String::new()
        })
    }

    /// The replacement of a line that is one directive of ours; mdBook's are looked at and left to mdBook.
    fn own_directive(&mut self, chapter: &Path, number: usize, line: &str, in_code: bool) -> Option<String> {
        let mut replacement = None;
        if line.contains("{{#") && !line.contains("}}") {
            let fault = Fault::new("a directive is open at the end of its line", "Write it on one line.");
            self.problems.push(fault.at(self.house.chapter_name(chapter), number));
        }
        for found in DIRECTIVE.captures_iter(line).filter(|found| found.get(1).is_none()) {
            let (whole, name, arguments) = (&found[0], &found[2], found[3].trim());
            let result = match name {
                "include" | "rustdoc_include" => include::check(self.house, chapter, arguments),
                "title" => Ok(()),
                _ if in_code => Err(Fault::new(
                    format!("`{whole}` stands in a code block"),
                    "Put it on a line of its own, outside of code blocks; write \\{{ to show it as it is.",
                )),
                _ if line.trim() != whole => {
                    Err(Fault::new(format!("`{whole}` shares its line"), "Put it on a line of its own."))
                }
                _ => directives::expand((self.house, self.course), chapter, name, arguments)
                    .map(|text| replacement = Some(text)),
            };
            if let Err(fault) = result {
                self.problems.push(fault.at(self.house.chapter_name(chapter), number));
            }
        }
        replacement
    }
}

#[cfg(test)]
mod tests {
    use super::Fence;

    #[test]
    fn a_fence_closes_with_at_least_its_own_length() {
        let fence = Fence::opens("  ````figure kind=\"pool\"").unwrap();
        assert_eq!((fence.mark, fence.info), ("````", "figure kind=\"pool\""));
        assert!(!fence.closes("```") && !fence.closes("```` x") && fence.closes("`````  "));
        assert!(Fence::opens("``x``").is_none());
    }
}
