//! # What is said, and wrong
//!
//! ```text
//! {{#said}}      a table, part by part, of every wrong explanation that a chapter sets right
//! ```
//!
//! A chapter has them under "Common wrong explanations", each with a first line in bold and between quotation marks, or
//! as a heading between quotation marks. The table is made of these lines and of the first sentence behind each, so it
//! has whatever the chapters have.

use crate::house::House;
use crate::problem::Fault;
use regex::Regex;
use std::fmt::Write;
use std::path::Path;
use std::sync::LazyLock;

static CHAPTER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*- \[(.*)\]\(([^)\s]+\.md)\)").expect("a constant expression"));
static HEADING: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"^### (".*?)\s*(?:\{#([\w-]+)\})?$"#).expect("a constant expression"));
static LINK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\[([^\]]*)\]\([^)]*\)").expect("a constant expression"));
static SCRIPT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"experiments/(\w+)\.(?:out|txt)|`(\w+)\.py`").expect("a constant expression"));

/// One wrong explanation.
#[derive(Default, Debug, PartialEq)]
struct Said {
    sentence: String,
    /// What on its page one can link to.
    place: String,
    /// The first sentence of what is right.
    short: String,
    scripts: Vec<String>,
}

/// All of them, for a page at `chapter`.
pub(crate) fn table(house: &House, chapter: &Path) -> Result<String, Fault> {
    let up = "../".repeat(chapter.components().count().saturating_sub(1));
    let read = |name: &str| {
        let text = std::fs::read_to_string(house.src().join(name));
        text.map_err(|e| Fault::new(format!("{name} cannot be read: {e}"), "The table is made of the chapters."))
    };
    let (mut out, mut part) = (String::new(), String::new());
    for line in read("SUMMARY.md")?.lines() {
        if let Some(title) = line.strip_prefix("# ").filter(|title| *title != "Summary") {
            part = format!("\n### {title}\n\n| said | in short | experiment |\n|---|---|---|\n");
        } else if let Some(found) = CHAPTER.captures(line) {
            let page = &found[2];
            let text = read(page)?;
            for Said { sentence, place, short, scripts } in said(&text) {
                let scripts = match (&scripts[..], &measured(&text)[..]) {
                    ([], []) => String::new(),
                    ([], [first, second, _, ..]) => format!("*of the chapter:* `{first}`, `{second}` ..."),
                    ([], all) => format!("*of the chapter:* {}", names(all)),
                    (own, _) => names(own),
                };
                out.push_str(&std::mem::take(&mut part)); // a part without any has no table
                let sentence = sentence.replace('|', "\\|");
                let _ = writeln!(out, "| [{sentence}]({up}{page}#{place}) | {short} | {scripts} |");
            }
        }
    }
    Ok(out)
}

/// The experiments that a text shows or names, each once.
fn measured(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for script in SCRIPT.captures_iter(text) {
        let name = script.get(1).or(script.get(2)).map_or("", |name| name.as_str()).to_string();
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

fn names(scripts: &[String]) -> String {
    scripts.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn said(text: &str) -> Vec<Said> {
    let mut found: Vec<Said> = Vec::new();
    let (mut among_them, mut open, mut fenced) = (false, false, false);
    for line in text.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        }
        if let Some(heading) = line.strip_prefix("## ") {
            (among_them, open) = (heading == "Common wrong explanations", false);
        } else if let Some(heading) = HEADING.captures(line) {
            let place = heading.get(2).map_or("common-wrong-explanations", |id| id.as_str());
            found.push(Said { sentence: heading[1].into(), place: place.into(), ..Said::default() });
            open = true;
        } else if let (true, Some(bold)) = (among_them, line.strip_prefix("**\"")) {
            let sentence = format!("\"{}", bold.trim_end_matches(['*', '.', ',']).replace("**", ""));
            found.push(Said { sentence, place: "common-wrong-explanations".into(), ..Said::default() });
            open = true;
        } else if let (true, Some(last)) = (open, found.last_mut()) {
            for name in measured(line).into_iter().filter(|name| !last.scripts.contains(name)).collect::<Vec<_>>() {
                last.scripts.push(name);
            }
            let prose = !fenced && !line.starts_with("```") && !line.starts_with("{{#");
            let only_announced = last.short.is_empty() || last.short.ends_with(':');
            if only_announced && prose && !line.is_empty() {
                last.short = LINK.replace_all(line, "$1").replace('|', "\\|");
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_in_bold_and_one_as_a_heading() {
        let text = "## Common wrong explanations\n\n**\"It is free.\"**\n`a.py` asks [it](x.md):\n\n```text\n\
                    {{#include ../../experiments/a.out}}\n```\n\nMore.\n\n### \"It is slow\" {#slow}\n\n```text\n\
                    {{#include ../../experiments/b.out}}\n```\n\nNo.\nIt is not.\n\n## Questions\n\n**\"Not this\"**\n";
        let [free, slow] = &said(text)[..] else { panic!("{:?}", said(text)) };
        assert_eq!((free.sentence.as_str(), free.place.as_str()), ("\"It is free.\"", "common-wrong-explanations"));
        assert_eq!((free.short.as_str(), &free.scripts[..]), ("More.", &["a".to_string()][..]));
        assert_eq!((slow.sentence.as_str(), slow.place.as_str()), ("\"It is slow\"", "slow"));
        assert_eq!((slow.short.as_str(), &slow.scripts[..]), ("No.", &["b".to_string()][..]));
    }
}
