//! # The clock of the generations
//!
//! ```text
//!   generation 0   [##########################|    ] 700 of 700       700 objects
//!                                                                        | survivors
//!   generation 1   [##|                            ] 1 of 10          700 objects
//!                                                                        |
//!   generation 2   [                               ] 0 of 10            0 objects
//!
//!   since the last full collection  [######        ] 8411 of a quarter of 20000
//! ```
//!
//! A bar is full when its count is what it may be at most: one more, and the generation is due.

use crate::arenas::counted;
use crate::figure::Drawing;
use crate::scenes::Scene;
use crate::svg::{Anchor, Shape, arrow, rect, words};
use crate::{Fault, WIDTH};
use kit::picture::{GenerationsPicture, Picture};
use std::collections::BTreeSet;

/// The kind's name.
pub const KIND: &str = "generations";

const LEFT: f64 = 4.0;
const BAR: f64 = 112.0;
const BAR_WIDTH: f64 = 230.0;
const COUNT: f64 = BAR + BAR_WIDTH + 12.0;
const OBJECTS: f64 = 500.0;
const OBJECTS_WIDTH: f64 = 168.0;
const TOP: f64 = 6.0;
const HIGH: f64 = 34.0;
const PITCH: f64 = 62.0;
const QUARTER: f64 = TOP + 3.0 * PITCH + 8.0;

/// A drawing of these scenes.
pub fn draw(scenes: &[Scene]) -> Result<Drawing, Fault> {
    let mut steps = Vec::new();
    let mut before: Option<&GenerationsPicture> = None;
    for scene in scenes {
        let Picture::Generations(now) = &scene.picture else { continue };
        if scene.told.is_empty() && before.is_some_and(|old| old.counts == now.counts) {
            continue;
        }
        let told = scene.sentence(&BTreeSet::new());
        let counts = now.counts.map(|count| count.to_string()).join(", ");
        let sentence = format!("{told} Counts: {counts}.").trim_start().to_string();
        steps.push(scene.step(sentence, shapes(before, now), QUARTER + HIGH + 4.0));
        before = Some(now);
    }
    let legend = vec![
        ("clock-count", "a count: more of it than the whole bar, and its generation is due"),
        ("clock-due", "the same, and it is more than its threshold"),
        ("clock-bar", "the threshold"),
        ("clock-objects", "objects in the generation"),
        ("clock-arrow", "those who lived through a collection"),
    ];
    Ok(Drawing { steps, width: WIDTH, legend })
}

fn shapes(before: Option<&GenerationsPicture>, now: &GenerationsPicture) -> Vec<Shape> {
    let mut shapes = Vec::new();
    for generation in 0..3 {
        let y = TOP + generation as f64 * PITCH;
        let (count, threshold) = (now.counts[generation], now.thresholds[generation]);
        shapes.push(words(
            format!("name {generation}"),
            "label",
            (LEFT, y + 21.0),
            Anchor::Start,
            format!("generation {generation}"),
        ));
        bar(&mut shapes, &format!("count {generation}"), y, (count, threshold), count > threshold);
        let text = format!("{count}, at most {threshold}");
        shapes.push(words(format!("says {generation}"), "field", (COUNT, y + 21.0), Anchor::Start, text));
        let living = now.living[generation];
        shapes.push(rect(format!("objects {generation}"), "clock-objects", OBJECTS, y, OBJECTS_WIDTH, HIGH));
        let middle = (OBJECTS + OBJECTS_WIDTH / 2.0, y + 21.0);
        let text = counted(living, "object");
        shapes.push(words(format!("objects {generation}/name"), "label", middle, Anchor::Middle, text));
    }
    moved(&mut shapes, before, now);
    quarter(&mut shapes, now);
    shapes
}

/// A bar that is full at `most`.
fn bar(shapes: &mut Vec<Shape>, key: &str, y: f64, (is, most): (u64, u64), due: bool) {
    let part = if is >= most { 1.0 } else { is as f64 / most as f64 };
    shapes.push(rect(format!("{key}/whole"), "clock-bar", BAR, y, BAR_WIDTH, HIGH));
    if is > 0 {
        let class = if due { "clock-due" } else { "clock-count" };
        shapes.push(rect(key, class, BAR, y, (BAR_WIDTH * part).max(2.0), HIGH));
    }
}

/// Arrows from where objects went out to where they came.
fn moved(shapes: &mut Vec<Shape>, before: Option<&GenerationsPicture>, now: &GenerationsPicture) {
    let Some(before) = before else { return };
    let Some(to) = (1..3).rev().find(|generation| now.living[*generation] > before.living[*generation]) else { return };
    for from in (0..to).filter(|from| now.living[*from] < before.living[*from]) {
        let x = OBJECTS + OBJECTS_WIDTH + 8.0 + from as f64 * 10.0;
        let y = |generation: usize| TOP + generation as f64 * PITCH + HIGH / 2.0;
        let end = OBJECTS + OBJECTS_WIDTH + 2.0;
        let (start, tip) = (y(from), y(to) + 5.0 - 8.0 * from as f64);
        shapes.push(arrow(format!("moved {from}"), "clock-arrow", &[(end, start), (x, start), (x, tip), (end, tip)]));
    }
}

/// What a full collection waits for besides.
fn quarter(shapes: &mut Vec<Shape>, now: &GenerationsPicture) {
    let y = QUARTER;
    shapes.push(words("quarter", "label", (LEFT, y + 21.0), Anchor::Start, "the quarter"));
    bar(shapes, "pending", y, (now.pending, now.total / 4), now.pending > now.total / 4);
    let text = format!("{} came to generation 2 since the last full one;", now.pending);
    shapes.push(words("says pending", "small", (COUNT, y + 14.0), Anchor::Start, text));
    let text = format!("a quarter of the {} that lived then: {}", now.total, now.total / 4);
    shapes.push(words("says quarter", "small", (COUNT, y + 30.0), Anchor::Start, text));
}
