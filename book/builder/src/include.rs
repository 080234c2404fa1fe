//! # Includes that are there
//!
//! mdBook's own `{{#include file:anchor}}` does the including; this only looks whether it will find something.

use crate::house::House;
use crate::problem::{Fault, choices};
use regex::Regex;
use std::path::Path;
use std::sync::LazyLock;

static ANCHOR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"ANCHOR(_END)?:\s*([\w-]+)").expect("a constant expression"));

/// Whether `arguments` of an include in `chapter` name a file, and in it an anchor or lines, that are there.
pub(crate) fn check(house: &House, chapter: &Path, arguments: &str) -> Result<(), Fault> {
    let (file, part) = arguments.split_once(':').unwrap_or((arguments, ""));
    let path = house.src().join(chapter.parent().unwrap_or(Path::new(""))).join(file);
    let text = std::fs::read_to_string(&path).map_err(|e| {
        let from =
            format!("The path is taken from the chapter's folder; from here the project's root is {}", up(chapter));
        Fault::new(format!("the included file {file} cannot be read: {e}"), from)
    })?;
    if part.is_empty() {
        return not_empty(&text, file);
    }
    if part.chars().all(|c| c.is_ascii_digit() || c == ':') {
        return lines(&text, file, part);
    }
    anchor(&text, file, part)
}

/// The way from a chapter's folder to the project's root.
fn up(chapter: &Path) -> String {
    let folders = chapter.components().count() + 1;
    format!("{}.", "../".repeat(folders).trim_end_matches('/'))
}

fn not_empty(text: &str, file: &str) -> Result<(), Fault> {
    if text.trim().is_empty() {
        return Err(Fault::new(
            format!("the included part of {file} is empty"),
            "Include something, or nothing at all.",
        ));
    }
    Ok(())
}

fn lines(text: &str, file: &str, range: &str) -> Result<(), Fault> {
    let first = range.split(':').next().and_then(|first| first.parse::<usize>().ok()).unwrap_or(1);
    let count = text.lines().count();
    if first > count {
        let what = format!("{file} has {count} lines, the include asks for line {first}");
        return Err(Fault::new(what, "Better than line numbers is an anchor: it moves with the code."));
    }
    Ok(())
}

fn anchor(text: &str, file: &str, wanted: &str) -> Result<(), Fault> {
    let marks = || text.lines().filter_map(|line| ANCHOR.captures(line).map(|mark| (line, mark)));
    let begun = |end: bool| marks().any(|(_, mark)| mark.get(1).is_some() == end && &mark[2] == wanted);
    if !begun(false) {
        let names = marks().filter(|(_, mark)| mark.get(1).is_none()).map(|(_, mark)| mark[2].to_string()).collect();
        let what = format!("{file} has no anchor `{wanted}`");
        return Err(Fault::new(what, format!("Among the file's anchors {}.", choices(wanted, names))));
    }
    if !begun(true) {
        let what = format!("the anchor `{wanted}` of {file} has no end");
        return Err(Fault::new(what, format!("Write `// ANCHOR_END: {wanted}` where it ends.")));
    }
    let is = |line: &str, end: bool| {
        ANCHOR.captures(line).is_some_and(|mark| mark.get(1).is_some() == end && &mark[2] == wanted)
    };
    let inner = text.lines().skip_while(|line| !is(line, false)).skip(1).take_while(|line| !is(line, true));
    let code: Vec<_> = inner.filter(|line| !ANCHOR.is_match(line)).collect();
    not_empty(&code.join("\n"), &format!("{file}:{wanted}"))
}

#[cfg(test)]
mod tests {
    use super::anchor;

    #[test]
    fn an_anchor_must_begin_end_and_hold_something() {
        let text =
            "// ANCHOR: a\nlet x;\n// ANCHOR_END: a\n// ANCHOR: open\nx\n// ANCHOR: bare\n\n// ANCHOR_END: bare\n";
        assert!(anchor(text, "f", "a").is_ok());
        assert!(anchor(text, "f", "open").unwrap_err().what.contains("no end"));
        assert!(anchor(text, "f", "bare").unwrap_err().what.contains("empty"));
        let missing = anchor(text, "f", "ab").unwrap_err();
        assert!(missing.what.contains("no anchor `ab`") && missing.remedy.contains("there is: a, bare, open"));
    }
}
