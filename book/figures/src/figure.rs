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

use crate::interleavings::Tree;
use crate::svg::{self, Shape, escape};
use crate::vary::Choice;
use crate::{Fault, Request, capital, player};
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

/// All that a figure shows: one drawing, or one for each run of a script with values to choose from, or the states of a
/// program and what leads from one to the next.
#[derive(Debug)]
pub struct Whole {
    /// Never empty; more than one where there are `choices`.
    pub drawings: Vec<Drawing>,
    /// What can be chosen, and the name of each drawing by what was chosen for it.
    pub choices: (Vec<Choice>, Vec<String>),
    /// The way from step to step, where the reader decides it.
    pub tree: Option<Tree>,
}

impl From<Drawing> for Whole {
    fn from(drawing: Drawing) -> Self {
        Whole { drawings: vec![drawing], choices: (vec![], vec![String::new()]), tree: None }
    }
}

/// The figure as HTML: one block without an empty line, as Markdown wants it.
pub fn html(whole: &Whole, request: &Request<'_>) -> Result<String, Fault> {
    let first = &whole.drawings[0];
    let shown = shown(whole, request.show)?;
    let mut out = format!("<figure id=\"{}\" class=\"figure\">\n<div class=\"figure-still\">\n", escape(request.id));
    for (place, number) in shown.iter().enumerate() {
        let label = if place == 0 { request.alt.to_string() } else { format!("The same after step {number}.") };
        panel(&mut out, first, *number, &label);
    }
    out.push_str("</div>\n");
    if whole.drawings.iter().any(|drawing| drawing.steps.len() > 1) {
        let data = player::data(whole, shown[0]);
        if data.len() > MOST_DATA {
            return fault(format!("its steps are {} bytes of pictures", data.len()), "Let it have fewer steps.");
        }
        let _ = writeln!(out, "<script type=\"application/json\" class=\"figure-data\">{data}</script>");
    }
    legend(&mut out, &first.legend);
    let _ = writeln!(out, "<figcaption>{}</figcaption>", coded(request.caption));
    match &whole.tree {
        Some(tree) => results(&mut out, tree, &first.steps),
        None => steps(&mut out, whole),
    }
    out.push_str("</figure>\n");
    Ok(out)
}

fn fault<T>(what: String, remedy: &str) -> Result<T, Fault> {
    Err(Fault { line: None, what, remedy: remedy.into() })
}

/// The steps to draw: those that are asked for, else the last one; of a tree the end of its first wrong way.
fn shown(whole: &Whole, wanted: &str) -> Result<Vec<usize>, Fault> {
    let drawing = &whole.drawings[0];
    let steps = drawing.steps.len();
    if whole.drawings.iter().any(|drawing| drawing.steps.is_empty()) {
        return fault("its script does nothing".into(), "Write a scenario into the block.");
    }
    let all = whole.drawings.iter().map(|drawing| drawing.steps.len()).sum::<usize>();
    if all > MOST_STEPS {
        return fault(format!("it has {all} steps"), "Let it be at most 300; fewer are better.");
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
        numbers.push(whole.tree.as_ref().map_or(steps, |tree| tree.shown + 1));
    }
    let shown: usize = numbers.iter().map(|number| drawing.steps[number - 1].shapes.len()).sum();
    let every = whole.drawings.iter().flat_map(|drawing| &drawing.steps);
    let shapes = every.map(|step| step.shapes.len()).max().unwrap_or(0).max(shown);
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

fn steps(out: &mut String, whole: &Whole) {
    let first = &whole.drawings[0].steps;
    let chosen = &whole.choices.1;
    let count = match (first.len(), chosen[0].as_str()) {
        (1, "") => "The step in words".to_string(),
        (many, "") => format!("All {many} steps in words"),
        (many, chosen) => format!("All {many} steps in words: {chosen}"),
    };
    let _ = writeln!(out, "<details class=\"figure-steps\">\n<summary>{}</summary>", escape(&count));
    list(out, first);
    out.push_str("</details>\n");
    if whole.drawings.len() > 1 {
        let _ =
            writeln!(out, "<details class=\"figure-steps\">\n<summary>The same with other values, in words</summary>");
        for (drawing, chosen) in whole.drawings.iter().zip(chosen).skip(1) {
            let _ = writeln!(out, "<p class=\"figure-run\">{}</p>", capital(&escape(chosen)));
            list(out, &drawing.steps);
        }
        out.push_str("</details>\n");
    }
}

fn list(out: &mut String, steps: &[Step]) {
    out.push_str("<ol>\n");
    for step in steps {
        let _ = writeln!(out, "<li><code>{}</code> {}</li>", escape(&step.op), coded(&step.sentence));
    }
    out.push_str("</ol>\n");
}

/// What a program can come to: each result, how many ways lead there, and one of them.
fn results(out: &mut String, tree: &Tree, steps: &[Step]) {
    let ways: usize = tree.results.iter().map(|result| result.ways).sum();
    let _ = writeln!(out, "<details class=\"figure-steps\">\n<summary>All {ways} ways in words</summary>\n<ul>");
    for result in &tree.results {
        let how = match (result.ways, ways) {
            (one, all) if one == all => format!("All {all} ways lead here: "),
            (1, all) => format!("One of {all} ways: "),
            (many, all) => format!("{many} of {all} ways: "),
        };
        let turns: Vec<_> = result.example.iter().map(|(thread, _)| tree.names[*thread].as_str()).collect();
        let example = format!("One of them lets go on: {}.", turns.join(", "));
        let _ = writeln!(out, "<li class=\"figure-result\">{how}{} {}", coded(&result.sentence), escape(&example));
        let path: Vec<_> = result.example.iter().map(|(_, node)| steps[*node].clone()).collect();
        list(out, &path);
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n</details>\n");
}

/// Text with `code` between back-ticks.
pub(crate) fn coded(text: &str) -> String {
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
