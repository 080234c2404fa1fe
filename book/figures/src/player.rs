//! # What the player needs: every step's picture, as data
//!
//! ```text
//!   {"at": 3, "width": 700, "height": 112,
//!    "shapes": [["header", "pool-header", [1, 26, 96, 54]], ["header/name", "label", [49, 48], "middle", "header"], ...],
//!    "steps":  ["0-21", "0-4 22-40", ...]}
//! ```
//!
//! A figure with values to choose from has the steps of all its runs, one run after the other, and
//! `"runs": [12, 9, ...]`, how many each has, and `"vary": [["interval", ["5ms", "1ms"]], ...]`. Where the reader decides
//! who goes on, `"turns": [[1, 7], [2, -1], ...]` has for each step where each thread leads, `"names"` who they are, and
//! `"says"` each step's sentence, for no list of steps is all of them.
//!
//! A figure's steps repeat most of their shapes, so each shape is written once, and a step names its shapes in the
//! order in which they are drawn. The sentences are not here: the player reads them from the list of steps, which is
//! on the page for everybody. The script that reads this is `book/theme/player.js`.
//!
//! - **P1** Drawing the shapes that a step names gives that step's picture.
//! - **P2** The data cannot end the element it stands in: it holds no `<`.

use crate::figure::{Whole, coded};
use crate::svg::{Form, Shape, head, joined, short};
use std::collections::HashMap;
use std::fmt::Write;

/// The drawings as JSON; `first` is the step (from 1) at which the player begins.
#[must_use]
pub fn data(whole: &Whole, first: usize) -> String {
    let mut shapes = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut steps = Vec::new();
    let all = || whole.drawings.iter().flat_map(|drawing| &drawing.steps);
    for step in all() {
        let mut numbers = Vec::new();
        for shape in &step.shapes {
            let text = encoded(shape);
            let next = shapes.len();
            numbers.push(*known.entry(text.clone()).or_insert(next));
            if known.len() > shapes.len() {
                shapes.push(text);
            }
        }
        steps.push(format!("\"{}\"", runs(&numbers)));
    }
    let height = all().map(|step| step.height).fold(0.0, f64::max);
    format!(
        "{{\"at\":{},\"width\":{},\"height\":{},{}\n\"shapes\":[{}],\n\"steps\":[{}]}}",
        if whole.tree.is_some() { 0 } else { first - 1 },
        short(whole.drawings[0].width),
        short(height),
        chosen(whole),
        shapes.join(","),
        steps.join(",")
    )
}

/// What the reader decides.
fn chosen(whole: &Whole) -> String {
    let list = |values: &[String]| values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(",");
    if let Some(tree) = &whole.tree {
        let place = |node: &Option<usize>| node.map_or("-1".to_string(), |node| node.to_string());
        let turns = tree.turns.iter().map(|to| format!("[{}]", to.iter().map(place).collect::<Vec<_>>().join(",")));
        let says: Vec<_> = whole.drawings[0].steps.iter().map(|step| coded(&step.sentence)).collect();
        let turns = turns.collect::<Vec<_>>().join(",");
        return format!("\n\"names\":[{}],\n\"turns\":[{turns}],\n\"says\":[{}],", list(&tree.names), list(&says));
    }
    if whole.choices.0.is_empty() {
        return String::new();
    }
    let runs: Vec<_> = whole.drawings.iter().map(|drawing| drawing.steps.len().to_string()).collect();
    let vary = whole.choices.0.iter().map(|choice| format!("[{},[{}]]", quoted(&choice.name), list(&choice.values)));
    format!("\n\"runs\":[{}],\"vary\":[{}],", runs.join(","), vary.collect::<Vec<_>>().join(","))
}

/// `0 1 2 7 8` as `0-2 7-8`.
fn runs(numbers: &[usize]) -> String {
    let mut out = String::new();
    let mut rest = numbers;
    while let [first, ..] = rest {
        let length = rest.iter().zip(*first..).take_while(|(number, wanted)| *number == wanted).count();
        let gap = if out.is_empty() { "" } else { " " };
        let _ = match length {
            1 => write!(out, "{gap}{first}"),
            _ => write!(out, "{gap}{first}-{}", first + length - 1),
        };
        rest = &rest[length..];
    }
    out
}

fn encoded(Shape { key, class, form }: &Shape) -> String {
    let form = match form {
        Form::Box { x, y, width, height } => {
            format!("[{},{},{},{}]", short(*x), short(*y), short(*width), short(*height))
        }
        Form::Words { x, y, anchor, text } => {
            format!("[{},{}],\"{}\",{}", short(*x), short(*y), anchor.name(), quoted(text))
        }
        Form::Line(points) => format!("\"{}\"", joined(points)),
        Form::Arrow(points) => match points[..] {
            [.., before, tip] => format!("\"{}\",\"{}\"", joined(points), joined(&head(before, tip))),
            _ => format!("\"{}\"", joined(points)),
        },
    };
    format!("[{},\"{class}\",{form}]", quoted(key))
}

/// A string of JSON that is safe inside an element.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '<' | '>' | '&' | '\0'..='\x1f' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{Drawing, Step};
    use crate::svg::{Anchor, rect, words};

    fn step(shapes: Vec<Shape>) -> Step {
        Step { op: "o".into(), sentence: "S.".into(), shapes, height: 10.0 }
    }

    #[test]
    fn a_shape_is_written_once_and_steps_name_it_in_order() {
        let (a, b) = (rect("a", "x", 0.0, 0.5, 2.0, 3.0), words("b", "y", (1.0, 2.0), Anchor::End, "t"));
        let steps = vec![step(vec![a.clone(), b.clone()]), step(vec![b, rect("c", "x", 0.0, 0.0, 1.0, 1.0), a])];
        let drawing = Drawing { steps, width: 700.0, legend: Vec::new() };
        assert_eq!(
            data(&drawing.into(), 2),
            "{\"at\":1,\"width\":700,\"height\":10,\n\"shapes\":[[\"a\",\"x\",[0,0.5,2,3]],[\"b\",\"y\",[1,2],\"end\",\"t\"],\
             [\"c\",\"x\",[0,0,1,1]]],\n\"steps\":[\"0-1\",\"1-2 0\"]}"
        );
    }

    #[test]
    fn words_cannot_end_the_element() {
        let nasty = quoted("</script>&\"\\\n");
        assert_eq!(nasty, "\"\\u003c/script\\u003e\\u0026\\\"\\\\\\u000a\"");
    }

    #[test]
    fn runs_are_short() {
        assert_eq!(runs(&[0, 1, 2, 7, 8, 4]), "0-2 7-8 4");
        assert_eq!(runs(&[]), "");
    }
}
