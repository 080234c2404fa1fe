//! # Figure blocks
//!
//! ````text
//! ```figure kind="pool" id="life-of-a-pool" alt="..." caption="..." show="2 9"
//! use pool classic 512
//! ...
//! ```
//! ````
//!
//! The attributes are checked here, the drawing is the crate `figures`. `show` numbers the steps to draw; without it
//! the last one is drawn. A figure without alt text or caption is an error, as is an id that is there already.

use crate::problem::Problem;
use regex::Regex;
use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;

/// The ids of all figures so far, and where they are.
pub(crate) type Known = HashMap<String, String>;

static ATTRIBUTE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"\s+([a-z]+)="([^"]*)""#).expect("a constant expression"));

const NAMES: [&str; 5] = ["kind", "id", "alt", "caption", "show"];

/// Whether a code block with this info string is a figure.
pub(crate) fn is_figure(info: &str) -> bool {
    info == "figure" || info.starts_with("figure ")
}

/// The HTML of the figure whose block begins on line `number` of `file`.
pub(crate) fn render(
    info: &str,
    script: &str,
    (root, file): (&Path, &str),
    number: usize,
    known: &mut Known,
) -> Result<String, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut wrong = |line: usize, what: String, remedy: &str| problems.push(Problem::of(file, what, remedy).on(line));
    let attributes = attributes(info);
    let rest = ATTRIBUTE.replace_all(&info["figure".len()..], "");
    if !rest.trim().is_empty() {
        let what = format!("`{}` in the figure's first line is not understood", rest.trim());
        wrong(number, what, "Attributes are written name=\"value\", without a double quote inside.");
    }
    for name in attributes.keys().filter(|name| !NAMES.contains(&name.as_str())) {
        wrong(number, format!("a figure has no attribute `{name}`"), "It has kind, id, alt, caption and show.");
    }
    let mut take = |name: &str, remedy: &str| {
        let value = attributes.get(name).map_or("", |value| value.trim());
        if value.is_empty() {
            wrong(number, format!("the figure has no {name}"), remedy);
        }
        value.to_string()
    };
    let kind = take("kind", &format!("Write kind=\"...\"; the kinds are {}.", figures::KINDS.join(", ")));
    let id = take("id", "Write id=\"...\": a short name, so that the text can link to the figure.");
    let alt = take("alt", "Write alt=\"...\": the structure and the point, for a reader who does not see the picture.");
    let caption = take("caption", "Write caption=\"...\": a full sentence with the lesson.");
    if !caption.is_empty() && !caption.ends_with(['.', '?', '!']) {
        wrong(
            number,
            "the figure's caption is not a full sentence".into(),
            "Let it say the lesson, and end it with a full stop.",
        );
    }
    if let Some(place) = known.insert(id.clone(), format!("{file}:{number}")).filter(|_| !id.is_empty()) {
        wrong(
            number,
            format!("another figure has the id `{id}`: {place}"),
            "Give each figure of the book an id of its own.",
        );
    }
    let show = attributes.get("show").map_or("", String::as_str);
    let request = figures::Request { kind: &kind, id: &id, alt: &alt, caption: &caption, show, script, root };
    match figures::html(&request) {
        Ok(html) if problems.is_empty() => return Ok(html),
        Ok(_) => {}
        Err(fault) if kind.is_empty() && fault.line.is_none() => {}
        Err(fault) => {
            let line = number + fault.line.unwrap_or(0);
            problems
                .push(Problem::of(file, format!("the figure cannot be drawn: {}", fault.what), fault.remedy).on(line));
        }
    }
    Err(problems)
}

fn attributes(info: &str) -> HashMap<String, String> {
    ATTRIBUTE.captures_iter(info).map(|found| (found[1].to_string(), found[2].to_string())).collect()
}
