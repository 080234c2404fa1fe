//! # A figure: steps, and how they are put on a page
//!
//! ```text
//!   figure
//!     still     the pictures of the steps that the chapter shows: all that there is without scripts, and on paper
//!     data      every step's picture, for the player, which takes the place of the still pictures
//!     legend    what the signs mean
//!     caption   the lesson
//!     steps     all steps in words
//! ```
//!
//! The list of steps in words is the figure; the pictures illustrate it. It is there without a script, opens by
//! keyboard and prints. A picture keeps its size and scrolls inside the figure on a narrow screen, so that its letters
//! stay readable.

use crate::svg::{self, Shape, escape};
use crate::{Fault, Request, player};
use std::fmt::Write;

/// More shapes than this in a figure are a blur, more steps nobody reads.
const MOST_SHAPES: usize = 600;
const MOST_STEPS: usize = 300;
/// A page stays light: bytes of the data that all steps of a figure may need.
const MOST_DATA: usize = 100_000;

/// One step: what was done, what follows, and what it looks like then.
#[derive(Clone, Debug)]
pub struct Step {
    /// The operation.
    pub op: String,
    /// What happens, in one sentence or two.
    pub sentence: String,
    /// The picture after it. No key is there twice.
    pub shapes: Vec<Shape>,
    /// The picture's height.
    pub height: f64,
}

/// A figure without its words around it.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// The steps in order.
    pub steps: Vec<Step>,
    /// The width of every picture.
    pub width: f64,
    /// What the pictures' signs mean: the class of a sample, and its meaning.
    pub legend: Vec<(&'static str, &'static str)>,
}

/// The figure as HTML: one block without an empty line, as Markdown wants it.
pub fn html(drawing: &Drawing, request: &Request<'_>) -> Result<String, Fault> {
    let shown = shown(drawing, request.show)?;
    let mut out = format!("<figure id=\"{}\" class=\"figure\">\n<div class=\"figure-still\">\n", escape(request.id));
    for (place, number) in shown.iter().enumerate() {
        let label = if place == 0 { request.alt.to_string() } else { format!("The same after step {number}.") };
        panel(&mut out, drawing, *number, &label);
    }
    out.push_str("</div>\n");
    if drawing.steps.len() > 1 {
        let data = player::data(drawing, shown[0]);
        if data.len() > MOST_DATA {
            return fault(format!("its steps are {} bytes of pictures", data.len()), "Let it have fewer steps.");
        }
        let _ = writeln!(out, "<script type=\"application/json\" class=\"figure-data\">{data}</script>");
    }
    legend(&mut out, &drawing.legend);
    let _ = writeln!(out, "<figcaption>{}</figcaption>", coded(request.caption));
    steps(&mut out, &drawing.steps);
    out.push_str("</figure>\n");
    Ok(out)
}

fn fault<T>(what: String, remedy: &str) -> Result<T, Fault> {
    Err(Fault { line: None, what, remedy: remedy.into() })
}

/// The steps to draw: those that are asked for, else the last one.
fn shown(drawing: &Drawing, wanted: &str) -> Result<Vec<usize>, Fault> {
    let steps = drawing.steps.len();
    if steps == 0 {
        return fault("its script does nothing".into(), "Write a scenario into the block.");
    }
    if steps > MOST_STEPS {
        return fault(format!("it has {steps} steps"), "Let it be at most 300; fewer are better.");
    }
    let mut numbers = Vec::new();
    for word in wanted.split([' ', ',']).filter(|word| !word.is_empty()) {
        match word.parse() {
            Ok(number) if (1..=steps).contains(&number) => numbers.push(number),
            _ => {
                return fault(
                    format!("show=\"{wanted}\": there is no step {word}"),
                    &format!("The steps are 1 to {steps}."),
                );
            }
        }
    }
    if numbers.is_empty() {
        numbers.push(steps);
    }
    let shown: usize = numbers.iter().map(|number| drawing.steps[number - 1].shapes.len()).sum();
    let shapes = drawing.steps.iter().map(|step| step.shapes.len()).max().unwrap_or(0).max(shown);
    if shapes > MOST_SHAPES {
        return fault(
            format!("it draws {shapes} shapes"),
            "Let it be at most 600: show fewer steps, or smaller things.",
        );
    }
    Ok(numbers)
}

fn panel(out: &mut String, drawing: &Drawing, number: usize, label: &str) {
    let Step { op, sentence, shapes, height } = &drawing.steps[number - 1];
    let _ = writeln!(
        out,
        "<p class=\"figure-says\"><span class=\"figure-number\">{number}</span> <code>{}</code> {}</p>",
        escape(op),
        coded(sentence)
    );
    let _ = writeln!(
        out,
        "<div class=\"figure-scroll\" role=\"group\" tabindex=\"0\" aria-label=\"Picture of step {number}\">{}</div>",
        svg::picture(shapes, drawing.width, *height, label)
    );
}

fn legend(out: &mut String, legend: &[(&'static str, &'static str)]) {
    out.push_str("<ul class=\"figure-legend\" aria-label=\"Legend\">\n");
    for (class, meaning) in legend {
        let sample = if class.contains("arrow") {
            svg::arrow("sample", class, &[(2.0, 8.0), (25.0, 8.0)])
        } else {
            svg::rect("sample", class, 2.0, 2.0, 22.0, 12.0)
        };
        let _ = writeln!(out, "<li>{}<span>{}</span></li>", svg::picture(&[sample], 26.0, 16.0, ""), coded(meaning));
    }
    out.push_str("</ul>\n");
}

fn steps(out: &mut String, steps: &[Step]) {
    let count = match steps.len() {
        1 => "The step in words".to_string(),
        many => format!("All {many} steps in words"),
    };
    let _ = writeln!(out, "<details class=\"figure-steps\">\n<summary>{count}</summary>\n<ol>");
    for step in steps {
        let _ = writeln!(out, "<li><code>{}</code> {}</li>", escape(&step.op), coded(&step.sentence));
    }
    out.push_str("</ol>\n</details>\n");
}

/// Text with `code` between back-ticks.
fn coded(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in escape(text).split('`').enumerate() {
        match index % 2 {
            0 => out.push_str(part),
            _ => {
                let _ = write!(out, "<code>{part}</code>");
            }
        }
    }
    out
}
