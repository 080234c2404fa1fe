//! What no compiler looks at: nothing left behind, no file too long, every file introduced, links that lead somewhere,
//! and the book's outputs as they were recorded.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::{End, shown};
use crate::course::Course;
use crate::failure::Failure;
use crate::files;
use crate::ui::{counted, say};

/// No file of the project is longer than this, but what npm writes.
const LINES: usize = 500;

/// What is neither ours nor written by hand.
const SKIPPED: [&str; 6] = ["target", ".git", ".progress", "out", "node_modules", "snapshots"];

/// What is looked at.
const EXTENSIONS: [&str; 11] = ["rs", "md", "toml", "yml", "ops", "css", "js", "json", "html", "py", "run"];

pub(super) fn check(course: &Course) -> Result<End, Failure> {
    let paths = paths(&course.root);
    let (mut complaints, mut texts) = (Vec::new(), BTreeMap::new());
    for path in &paths {
        let text = files::read(path)?;
        let name = files::said(&course.root, path);
        complaints.extend(left_behind(&name, &text));
        complaints.extend(form(&name, &text));
        if name.ends_with(".md") && !name.starts_with("book/") {
            complaints.extend(dead_links(path, &name, &text));
        }
        texts.insert(name, text);
    }
    complaints.extend(shown::complaints(course, &texts)?);
    complaints.extend(incomplete_track(course));
    for complaint in &complaints {
        say!("{complaint}");
    }
    say!("{} looked at, {}.", counted(paths.len(), "file"), counted(complaints.len(), "complaint"));
    Ok(if complaints.is_empty() { End::Passed } else { End::Failed })
}

/// Every file that is looked at, in order.
pub(super) fn paths(root: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    collect(root, &mut paths);
    paths.sort();
    paths
}

fn collect(dir: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            if !SKIPPED.contains(&name.as_str()) {
                collect(&path, paths);
            }
        } else if EXTENSIONS.contains(&extension) || name == "run" {
            paths.push(path);
        }
    }
}

/// `all` is all. (That tracks name exercises, once each, is found out whenever the course is read.)
fn incomplete_track(course: &Course) -> Option<String> {
    let (_, ids) = course.tracks.iter().find(|(name, _)| name == "all")?;
    let every: Vec<&String> = course.exercises.iter().map(|e| &e.id).collect();
    (ids.iter().collect::<Vec<_>>() != every)
        .then(|| "exercises/course.toml: the track `all` must name every exercise, in their order.".into())
}

/// Notes to oneself. The words are put together here, so that this file does not complain about itself.
fn left_behind(name: &str, text: &str) -> Vec<String> {
    let marks = [["TO", "DO"].concat(), ["FIX", "ME"].concat(), ["XX", "X"].concat()];
    let numbered = (1..).zip(text.lines());
    let hits = numbered.filter(|(_, line)| marks.iter().any(|mark| has_word(line, mark)));
    hits.map(|(n, _)| format!("{name}:{n}: a note to oneself. Do it, or say in a sentence why not.")).collect()
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|c: char| !c.is_ascii_alphanumeric()).any(|w| w == word)
}

fn form(name: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let lines = text.lines().count();
    if lines > LINES && !name.ends_with("package-lock.json") {
        complaints.push(format!(
            "{name}: {lines} lines, and {LINES} are the most. Which of its concepts is a file of its own?"
        ));
    }
    if !text.is_empty() && !text.ends_with('\n') {
        complaints.push(format!("{name}: the last line does not end. Add a newline."));
    }
    if let Some(n) = text.lines().position(|l| l.ends_with([' ', '\t'])) {
        complaints.push(format!("{name}:{}: spaces at the end of the line.", n + 1));
    }
    if name.ends_with(".rs") && !text.starts_with("//!") {
        complaints.push(format!("{name}:1: a file opens with `//!`: what it is, and why."));
    }
    complaints
}

/// Links from Markdown to files of the project. The book's pages are its builder's to check.
fn dead_links(path: &Path, name: &str, text: &str) -> Vec<String> {
    let dir = path.parent().unwrap_or(Path::new("."));
    let mut complaints = Vec::new();
    for (n, line) in (1..).zip(text.lines()) {
        for target in line.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            if !file.is_empty() && !file.contains("://") && !file.starts_with("mailto:") && !dir.join(file).exists() {
                complaints.push(format!("{name}:{n}: the link to {file} leads nowhere."));
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_to_oneself_are_found_as_words_only() {
        let note = ["// TO", "DO: later"].concat();
        assert_eq!(left_behind("a.rs", &format!("fn a() {{}}\n{note}\n")).len(), 1);
        assert!(left_behind("a.rs", "todo!(\"{a}\"); // AUTODOC\n").is_empty());
    }

    #[test]
    fn the_form_of_a_file() {
        assert!(form("a.rs", "//! What.\n").is_empty());
        assert_eq!(form("a.rs", "fn a() {} \n").len(), 2);
        assert_eq!(form("a.md", &"x\n".repeat(LINES + 1)).len(), 1);
        assert_eq!(form("a.md", "x").len(), 1);
    }

    #[test]
    fn a_link_that_leads_nowhere() {
        let dir = files::scratch("links");
        fs::write(dir.join("there.md"), "").unwrap();
        let text = "[a](there.md#x) [b](https://example.org/) [c](gone.md)\n[d](#here)\n";
        let found = dead_links(&dir.join("README.md"), "README.md", text);
        assert_eq!(found, ["README.md:1: the link to gone.md leads nowhere."]);
        fs::remove_dir_all(dir).unwrap();
    }
}
