//! # The ruler of size classes
//!
//! ```text
//!   0       64       128      ...                                      512   bytes asked for
//!   |  .  .  |  .  .  |
//!   | 0| 1| 2| 3| 4| 5| ...                                          |31|    the class that serves them
//!   . . | .  |    | : |                                                      bytes lost at the end of a pool
//!
//!   100 asked: class 6, a block of 112, 12 bytes of padding
//!   ################::
//! ```
//!
//! `ruler` draws the strip, each `class N` a row below it, to the same scale; `size` and `fit` point at a class.

use crate::figure::{Drawing, Step};
use crate::moment::Moment;
use crate::svg::{Anchor, Shape, line, rect, words};
use crate::{Fault, WIDTH, capital};
use kit::picture::{ClassPicture, Picture};
use kit::size_classes::SMALL_REQUEST_THRESHOLD;

/// The kind's name.
pub const KIND: &str = "size-classes";

const LEFT: f64 = 20.0;
/// Pixels a byte: 512 bytes are 640 pixels.
const SCALE: f64 = 1.25;
const AXIS: f64 = 36.0;
const CELLS: f64 = 48.0;
const CELL_HEIGHT: f64 = 24.0;
/// The bars of lost bytes stand on this line ...
const GROUND: f64 = 156.0;
/// ... and the longest is this high.
const TALLEST: f64 = 46.0;
const ROWS: f64 = 186.0;
const ROW: f64 = 48.0;

/// A drawing of these moments.
pub fn draw(moments: &[Moment]) -> Result<Drawing, Fault> {
    let mut steps = Vec::new();
    let mut shapes = axis();
    let mut classes: Vec<&ClassPicture> = Vec::new();
    let mut rows = 0;
    for moment in moments {
        let fact = moment.facts.first().map_or("", String::as_str);
        let found: Vec<_> = moment.pictures.iter().filter_map(class).collect();
        let argument = moment.op.split_whitespace().nth(1).and_then(|word| word.parse::<u64>().ok());
        let mut pointed = Vec::new();
        let sentence = match (moment.op.split(' ').next(), argument) {
            (Some("use"), _) => format!("{}.", capital(fact)),
            (Some("ruler"), _) => {
                classes = found;
                strip(&mut shapes, &classes);
                all_classes(&classes)
            }
            (Some("class"), Some(bytes)) => {
                let served = fact.strip_prefix("class ").and_then(|number| number.parse::<u32>().ok());
                let served = served.map(|number| known(&classes, number, moment)).transpose()?;
                let sentence = request(bytes, served);
                row(&mut shapes, rows, bytes, served, &format!("{bytes} asked: {sentence}"));
                rows += 1;
                format!("{}.", capital(&sentence))
            }
            (Some("size" | "fit"), Some(number)) => {
                let class = known(&classes, number as u32, moment)?;
                pointed.push(rect(
                    "pointer",
                    "ruler-pointer",
                    x(class.from - 1),
                    CELLS - 3.0,
                    wide(class),
                    CELL_HEIGHT + 6.0,
                ));
                format!("Class {number}: {fact}.")
            }
            _ => format!("{}.", capital(fact)),
        };
        let height = if rows == 0 { GROUND + 8.0 } else { ROWS + f64::from(rows) * ROW - 10.0 };
        let shapes = [shapes.clone(), pointed].concat();
        steps.push(Step { op: moment.op.clone(), sentence, shapes, height });
    }
    let legend = vec![
        ("ruler-class", "a size class"),
        ("ruler-lost", "bytes at the end of a pool that no block covers"),
        ("ruler-asked", "bytes that were asked for"),
        ("ruler-padding", "padding up to the block's size"),
    ];
    Ok(Drawing { steps, width: WIDTH, legend })
}

fn class(picture: &Picture) -> Option<&ClassPicture> {
    match picture {
        Picture::Class(class) => Some(class),
        _ => None,
    }
}

fn known<'a>(classes: &[&'a ClassPicture], number: u32, moment: &Moment) -> Result<&'a ClassPicture, Fault> {
    classes.iter().copied().find(|class| class.class == number).ok_or_else(|| Fault {
        line: Some(moment.line),
        what: format!("class {number} is asked for before the ruler is drawn"),
        remedy: "Write the operation `ruler` right after the line with `use`.".into(),
    })
}

fn all_classes(classes: &[&ClassPicture]) -> String {
    let (Some(first), Some(last)) = (classes.first(), classes.last()) else { return "There is no class.".into() };
    let worst = classes.iter().max_by_key(|class| class.lost).unwrap_or(last);
    format!(
        "Class {} serves {} to {} bytes, class {} serves {} to {}. A pool loses most with class {}: {} bytes after {} blocks of {}.",
        first.class,
        first.from,
        first.to,
        last.class,
        last.from,
        last.to,
        worst.class,
        worst.lost,
        worst.blocks,
        worst.block_size
    )
}

/// What becomes of a request.
fn request(bytes: u64, served: Option<&ClassPicture>) -> String {
    let Some(ClassPicture { class, block_size, .. }) = served else {
        return "no class, the raw domain serves it".into();
    };
    let padding = match u64::from(*block_size).saturating_sub(bytes) {
        0 => "no padding".to_string(),
        1 => "1 byte of padding".into(),
        many => format!("{many} bytes of padding"),
    };
    format!("class {class}, a block of {block_size}, {padding}")
}

/// Where byte number `bytes` is.
fn x(bytes: u64) -> f64 {
    LEFT + bytes as f64 * SCALE
}

fn wide(class: &ClassPicture) -> f64 {
    (class.to + 1 - class.from) as f64 * SCALE
}

fn axis() -> Vec<Shape> {
    let mut shapes = vec![line("axis", "ruler-axis", &[(x(0), AXIS), (x(SMALL_REQUEST_THRESHOLD), AXIS)])];
    shapes.push(words("axis/name", "note", (x(0), 12.0), Anchor::Start, "bytes asked for"));
    for bytes in (0..=SMALL_REQUEST_THRESHOLD).step_by(64) {
        shapes.push(line(format!("tick {bytes}"), "ruler-axis", &[(x(bytes), AXIS - 5.0), (x(bytes), AXIS + 5.0)]));
        if bytes > 0 {
            shapes.push(words(
                format!("tick {bytes}/name"),
                "label",
                (x(bytes), AXIS - 9.0),
                Anchor::Middle,
                bytes.to_string(),
            ));
        }
    }
    shapes
}

/// The classes side by side, and below each what a pool of it loses.
fn strip(shapes: &mut Vec<Shape>, classes: &[&ClassPicture]) {
    let most = classes.iter().map(|class| class.lost).max().unwrap_or(0).max(1);
    // Two digits need sixteen pixels: narrower classes are numbered four by four.
    let each = if classes.first().is_some_and(|class| wide(class) >= 16.0) { 1 } else { 4 };
    let worst = classes.iter().rfind(|class| class.lost == most);
    for class in classes {
        let (number, left, width) = (class.class, x(class.from - 1), wide(class));
        shapes.push(rect(format!("class {number}"), "ruler-class", left, CELLS, width, CELL_HEIGHT));
        if number % each == 0 {
            let place = (left + width / 2.0, CELLS + 16.0);
            shapes.push(words(format!("class {number}/name"), "small", place, Anchor::Middle, number.to_string()));
        }
        if class.lost > 0 {
            let height = f64::from(class.lost) / f64::from(most) * TALLEST;
            shapes.push(rect(format!("lost {number}"), "ruler-lost", left + 3.0, GROUND - height, width - 6.0, height));
        }
    }
    if let Some(class) = worst {
        let place = (x(class.to), GROUND - TALLEST - 5.0);
        shapes.push(words("most lost", "label", place, Anchor::End, format!("{most} lost")));
    }
    let note = "class; below each, the bytes that a pool of it loses at its end";
    shapes.push(words("strip/name", "note", (x(0), CELLS + CELL_HEIGHT + 18.0), Anchor::Start, note));
    shapes.push(line("ground", "ruler-axis", &[(x(0), GROUND), (x(SMALL_REQUEST_THRESHOLD), GROUND)]));
}

/// A request as a bar to the ruler's scale.
fn row(shapes: &mut Vec<Shape>, number: u32, bytes: u64, served: Option<&ClassPicture>, sentence: &str) {
    let top = ROWS + f64::from(number) * ROW;
    shapes.push(words(format!("row {number}/name"), "label", (x(0), top), Anchor::Start, sentence));
    // What is too large for the ruler ends a little behind it, however large it is.
    let end = if bytes > SMALL_REQUEST_THRESHOLD { WIDTH - LEFT } else { x(bytes) };
    let class = if served.is_some() { "ruler-asked" } else { "ruler-unserved" };
    shapes.push(rect(format!("row {number}/asked"), class, x(0), top + 7.0, end - x(0), 15.0));
    if let Some(block) = served.map(|class| u64::from(class.block_size)).filter(|size| *size > bytes) {
        shapes.push(rect(format!("row {number}/padding"), "ruler-padding", end, top + 7.0, x(block) - end, 15.0));
    }
}
