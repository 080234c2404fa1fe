//! # The book's own directives
//!
//! ```text
//! {{#trace 12-pool/03-full-and-back lines=4-9}}   a recorded trace, or the lines of it that belong to these lines of the scenario
//! {{#exercise pool}}                              the exercise's card: file, functions, minutes, commands
//! {{#invariants pool}}                            the numbered invariants, as the part's source states them
//! {{#exercises}}, {{#track day}}                  tables of exercises, with minutes and their sum
//! {{#said}}                                       a table of all wrong explanations that the chapters set right
//! ```
//!
//! Each stands on a line of its own. What they show is read from where it is made, so a chapter never copies it.

use crate::course::{Course, Exercise};
use crate::house::House;
use crate::problem::{Fault, choices};
use crate::{said, tables};
use figures::escape;
use std::fmt::Write;
use std::path::Path;

/// What `{{#name arguments}}` in `chapter` stands for, as Markdown.
pub(crate) fn expand(
    (house, course): (&House, &Course),
    chapter: &Path,
    name: &str,
    arguments: &str,
) -> Result<String, Fault> {
    match name {
        "exercises" => Ok(tables::exercises(course, chapter)),
        "said" => said::table(house, chapter),
        "track" => tables::track(course, arguments, chapter),
        "trace" => trace(house, arguments),
        "exercise" => card(house, course.exercise(arguments)?),
        "invariants" => invariants(house, course.exercise(arguments)?),
        _ => Err(Fault::new(
            format!("there is no directive `{{{{#{name}}}}}`"),
            "The book knows include, rustdoc_include, title, trace, exercise, exercises, track, said and invariants.",
        )),
    }
}

/// What of a trace to show.
struct Excerpt<'a> {
    folder: &'a str,
    scenario: &'a str,
    first: usize,
    last: usize,
    steps: bool,
}

fn trace(house: &House, arguments: &str) -> Result<String, Fault> {
    let wanted = excerpt(arguments)?;
    let folder = house.root.join("solutions").join(wanted.folder).join("tests/snapshots");
    let snapshot = folder.join(format!("{}.snap", wanted.scenario));
    let Ok(text) = std::fs::read_to_string(&snapshot) else {
        let there = crate::house::files_below(&folder);
        let names = there.iter().filter_map(|file| Some(file.file_stem()?.to_string_lossy().into_owned())).collect();
        return Err(Fault::new(
            format!("no trace is recorded in {}", house.name(&snapshot)),
            format!("In this folder {}.", choices(wanted.scenario, names)),
        ));
    };
    let shown = select(body(&text.replace("\r\n", "\n")), &wanted);
    if shown.is_empty() {
        let what = format!("the trace of {} has nothing at lines {}-{}", wanted.scenario, wanted.first, wanted.last);
        return Err(Fault::new(what, "`lines` are lines of the scenario: the numbers before the `|` of the trace."));
    }
    Ok(format!("```text,trace\n{shown}```\n"))
}

fn excerpt(arguments: &str) -> Result<Excerpt<'_>, Fault> {
    let usage = || {
        let what = format!("`{{{{#trace {arguments}}}}}` is not understood");
        Fault::new(
            what,
            "Write {{#trace 12-pool/03-full-and-back lines=4-9 steps=no}}; `lines` and `steps` may be absent.",
        )
    };
    let mut words = arguments.split_whitespace();
    let (folder, scenario) = words.next().and_then(|word| word.split_once('/')).ok_or_else(usage)?;
    let mut wanted = Excerpt { folder, scenario, first: 0, last: usize::MAX, steps: true };
    for word in words {
        match word.split_once('=') {
            Some(("lines", range)) => {
                let (first, last) = range.split_once('-').unwrap_or((range, range));
                wanted.first = first.parse().map_err(|_| usage())?;
                wanted.last = last.parse().map_err(|_| usage())?;
            }
            Some(("steps", "no")) => wanted.steps = false,
            Some(("steps", "yes")) => {}
            _ => return Err(usage()),
        }
    }
    Ok(wanted)
}

/// A snapshot without its front matter.
fn body(snapshot: &str) -> &str {
    let rest = snapshot.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    rest.map_or(snapshot, |(_, body)| body)
}

/// The records of the wanted lines. A record belongs to the operation `NN | op` above it.
fn select(trace: &str, wanted: &Excerpt<'_>) -> String {
    let mut at = 0;
    let mut shown = String::new();
    for record in trace.lines() {
        if let Some(number) = record.split_once(" | ").and_then(|(number, _)| number.trim().parse().ok()) {
            at = number;
        }
        let told = wanted.steps || !record.starts_with("   . ");
        if (wanted.first..=wanted.last).contains(&at) && told && !record.is_empty() {
            let _ = writeln!(shown, "{record}");
        }
    }
    shown
}

fn card(house: &House, exercise: &Exercise) -> Result<String, Fault> {
    let Exercise { id, folder, title, minutes, write, .. } = exercise;
    let source = source(house, exercise)?;
    let there = |name: &str| ["(", "<"].iter().any(|next| source.contains(&format!("fn {name}{next}")));
    if let Some(missing) = write.iter().find(|name| !there(name)) {
        let what = format!("`{id}` asks to write `{missing}`, but {} has no such function", exercise.source);
        return Err(Fault::new(what, "Mend `write` in exercises/course.toml."));
    }
    let functions: Vec<_> = write.iter().map(|name| format!("<code>{}</code>", escape(name))).collect();
    Ok(format!(
        r#"<section class="exercise" aria-label="Exercise {id}">
<p class="exercise-title"><strong>Exercise <code>{id}</code></strong> {title} <span class="exercise-minutes">about {minutes} minutes</span></p>
<table class="exercise-facts">
<tr><th scope="row">Open</th><td><code>exercises/{folder}/src/lib.rs</code></td></tr>
<tr><th scope="row">Write</th><td>{functions}</td></tr>
<tr><th scope="row">Check it</th><td><code>cargo xtask grade {id}</code></td></tr>
<tr><th scope="row">Stuck?</th><td><code>cargo xtask hint {id}</code></td></tr>
<tr><th scope="row">Look inside</th><td><code>cargo xtask show {id}</code></td></tr>
</table>
</section>
"#,
        title = escape(title),
        functions = functions.join(", "),
    ))
}

/// The part that an exercise is made from.
fn source(house: &House, exercise: &Exercise) -> Result<String, Fault> {
    std::fs::read_to_string(house.root.join(&exercise.source)).map_err(|e| {
        let what = format!("the source of `{}`, {}, cannot be read: {e}", exercise.id, exercise.source);
        Fault::new(what, "Mend `source` in exercises/course.toml.")
    })
}

fn invariants(house: &House, exercise: &Exercise) -> Result<String, Fault> {
    let source = source(house, exercise)?;
    let stated = stated(&source);
    if stated.is_empty() {
        let what = format!("{} states no invariant", exercise.source);
        return Err(Fault::new(what, "Write them in the head of the file: `//! - **I1** ...`."));
    }
    let mut out = String::from("<div class=\"invariants\">\n\n");
    for (number, text) in &stated {
        let place = format!("{}-{}", exercise.id, number.to_lowercase());
        let _ = writeln!(out, "- <span id=\"{place}\">**{number}**</span> {}", without_doc_links(text));
    }
    out.push_str("\n</div>\n");
    Ok(out)
}

/// The invariants in a file's head: number and text, continuation lines joined.
fn stated(source: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut open = false;
    for line in source.lines().map_while(|line| line.strip_prefix("//!")) {
        if let Some((number, text)) = line.strip_prefix(" - **I").and_then(|rest| rest.split_once("**")) {
            found.push((format!("I{number}"), text.trim().to_string()));
            open = true;
        } else if let (true, Some(text)) = (open, line.strip_prefix("   ").filter(|text| !text.trim().is_empty())) {
            let invariant = &mut found.last_mut().expect("an open invariant was pushed").1;
            let _ = write!(invariant, " {}", text.trim());
        } else {
            open = false;
        }
    }
    found
}

/// Rustdoc links to code by its name alone, [`FIELD`]; in the book the name is just code.
fn without_doc_links(text: &str) -> String {
    text.replace("[`", "`").replace("`]", "`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invariants_join_their_continuations_and_end_at_the_next_paragraph() {
        let head = "//! # A pool\n//!\n//! - **I1** Each block is one of\n//!   [`three`].\n//! - **I2** Last in.\n//!\n//!   Not this.\nuse x;\n//! - **I9** no";
        let pairs = stated(head);
        assert_eq!(pairs, [("I1".into(), "Each block is one of [`three`].".into()), ("I2".into(), "Last in.".into())]);
        assert_eq!(without_doc_links(&pairs[0].1), "Each block is one of `three`.");
    }

    #[test]
    fn a_record_belongs_to_the_operation_above_it() {
        let trace = " 4 | a\n   = one\n   . told\n 5 | b\n   = two\n";
        let only = |first, last, steps| select(trace, &Excerpt { folder: "", scenario: "", first, last, steps });
        assert_eq!(only(5, 5, true), " 5 | b\n   = two\n");
        assert_eq!(only(4, 4, false), " 4 | a\n   = one\n");
        assert_eq!(only(6, 9, true), "");
    }

    #[test]
    fn a_snapshot_loses_its_front_matter_only() {
        assert_eq!(body("---\nsource: x\ndescription: a --- b\n---\n 4 | a\n"), " 4 | a\n");
        assert_eq!(body(" 4 | a\n"), " 4 | a\n");
    }
}
