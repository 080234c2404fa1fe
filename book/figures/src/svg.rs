//! # Shapes, and how they are written as SVG
//!
//! A figure is made of keyed shapes: the key says which thing a shape is, so that a player can move it from one step
//! to the next. Colours, borders and letters belong to the style sheet (`book/theme/figures.css`), which follows the
//! reader's theme; a shape only names its class.
//!
//! Nothing here has an `id`: a page may show many figures, and the print page shows them all.

use std::fmt::Write;

/// One thing in a picture.
#[derive(Clone, PartialEq, Debug)]
pub struct Shape {
    /// Which thing this is; unique within a step.
    pub key: String,
    /// What it is, for the style sheet.
    pub class: &'static str,
    /// Its outline.
    pub form: Form,
}

/// What a shape looks like. Lengths are in pixels.
#[derive(Clone, PartialEq, Debug)]
pub enum Form {
    /// A box.
    Box {
        /// Its left side.
        x: f64,
        /// Its upper side.
        y: f64,
        /// From left to right.
        width: f64,
        /// From top to bottom.
        height: f64,
    },
    /// A line of words.
    Words {
        /// Where the words stand: their start, middle or end, as `anchor` says.
        x: f64,
        /// Their base line.
        y: f64,
        /// Which end of the words is at `x`.
        anchor: Anchor,
        /// The words.
        text: String,
    },
    /// A line through these points.
    Line(Vec<(f64, f64)>),
    /// A line through these points with a head at its end.
    Arrow(Vec<(f64, f64)>),
}

/// Which end of a line of words is at its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Anchor {
    /// They begin there.
    Start,
    /// Their middle is there.
    Middle,
    /// They end there.
    End,
}

impl Anchor {
    /// Its name in SVG.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

/// A box.
pub fn rect(key: impl Into<String>, class: &'static str, x: f64, y: f64, width: f64, height: f64) -> Shape {
    Shape { key: key.into(), class, form: Form::Box { x, y, width, height } }
}

/// A line of words.
pub fn words(
    key: impl Into<String>,
    class: &'static str,
    (x, y): (f64, f64),
    anchor: Anchor,
    text: impl Into<String>,
) -> Shape {
    Shape { key: key.into(), class, form: Form::Words { x, y, anchor, text: text.into() } }
}

/// An arrow.
pub fn arrow(key: impl Into<String>, class: &'static str, points: &[(f64, f64)]) -> Shape {
    Shape { key: key.into(), class, form: Form::Arrow(points.to_vec()) }
}

/// A line.
pub fn line(key: impl Into<String>, class: &'static str, points: &[(f64, f64)]) -> Shape {
    Shape { key: key.into(), class, form: Form::Line(points.to_vec()) }
}

/// A picture of these shapes, told to those who do not see it as `label`; without a label it is decoration.
#[must_use]
pub fn picture(shapes: &[Shape], width: f64, height: f64, label: &str) -> String {
    let role = match label {
        "" => r#"aria-hidden="true""#.to_string(),
        label => format!(r#"role="img" aria-label="{}""#, escape(label)),
    };
    let mut out = format!(r#"<svg {role} width="{width}" height="{height}" viewBox="0 0 {width} {height}">"#);
    for shape in shapes {
        let _ = write!(out, "\n<g class=\"{}\" data-key=\"{}\">", shape.class, escape(&shape.key));
        form(&mut out, &shape.form);
        out.push_str("</g>");
    }
    out.push_str("\n</svg>");
    out
}

fn form(out: &mut String, form: &Form) {
    let _ = match form {
        Form::Box { x, y, width, height } => {
            let [x, y, width, height] = [x, y, width, height].map(|length| short(*length));
            write!(out, r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="3"></rect>"#)
        }
        Form::Words { x, y, anchor, text } => {
            let (x, y) = (short(*x), short(*y));
            write!(out, r#"<text x="{x}" y="{y}" text-anchor="{}">{}</text>"#, anchor.name(), escape(text))
        }
        Form::Line(points) => write!(out, r#"<polyline points="{}"></polyline>"#, joined(points)),
        Form::Arrow(points) => {
            write!(out, r#"<polyline points="{}"></polyline>"#, joined(points)).and_then(|()| match points[..] {
                [.., before, tip] => write!(out, r#"<polygon points="{}"></polygon>"#, joined(&head(before, tip))),
                _ => Ok(()),
            })
        }
    };
}

/// The points as an attribute.
pub(crate) fn joined(points: &[(f64, f64)]) -> String {
    let points: Vec<_> = points.iter().map(|(x, y)| format!("{},{}", short(*x), short(*y))).collect();
    points.join(" ")
}

/// A length to a tenth of a pixel, as short as it can be written.
pub(crate) fn short(length: f64) -> f64 {
    // Zero has one sign only.
    (length * 10.0).round() / 10.0 + 0.0
}

/// The three corners of an arrow's head at `tip`.
pub(crate) fn head((from_x, from_y): (f64, f64), (x, y): (f64, f64)) -> [(f64, f64); 3] {
    const LENGTH: f64 = 7.0;
    const HALF: f64 = 4.0;
    let (dx, dy) = (x - from_x, y - from_y);
    let length = dx.hypot(dy).max(f64::EPSILON);
    let (dx, dy) = (dx / length, dy / length);
    let (back_x, back_y) = (x - dx * LENGTH, y - dy * LENGTH);
    [(x, y), (back_x - dy * HALF, back_y + dx * HALF), (back_x + dy * HALF, back_y - dx * HALF)]
}

/// `text` for HTML and SVG, attributes included.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_typed_stays_text() {
        let label = words("a\"b", "note", (1.0, 2.0), Anchor::End, "<script>&");
        let svg = picture(&[label], 10.0, 20.0, "\"quoted\"");
        assert!(svg.contains("&lt;script&gt;&amp;") && svg.contains("a&quot;b") && svg.contains("&quot;quoted&quot;"));
    }

    #[test]
    fn an_arrow_ends_in_its_tip() {
        assert_eq!(head((0.0, 0.0), (10.0, 0.0)), [(10.0, 0.0), (3.0, 4.0), (3.0, -4.0)]);
    }
}
