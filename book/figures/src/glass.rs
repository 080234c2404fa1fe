//! # An object under the glass
//!
//! ```text
//!                            the address
//!                            v
//!           +------+------+ +------+------+------+-------+----------+
//!           | NEXT | PREV | | REFS | TYPE | SIZE | ITEMS | CAPACITY |
//!           | link | link | |  1   | list |  2   |   .   |    2     |
//!           +------+------+ +------+------+------+---|---+----------+
//!                           +------+------+          |
//!              its table    | -> n | -> n | <--------+
//!                           +------+------+
//! ```
//!
//! Words of a real object of the reference runtime, as they lie in its memory. The address stands in one place in all
//! steps, whatever is in front of it.

use crate::figure::{Drawing, Step};
use crate::svg::{Anchor, Shape, arrow, rect, words};
use crate::{Fault, WIDTH};
use runtime::lab::glass::{Seen, Word};

/// The kind's name.
pub const KIND: &str = "object";

const CELL: f64 = 63.0;
/// Words in front of the address, and behind it.
const FRONT: f64 = 4.0;
const BEHIND: usize = 7;
/// Words in a table's row, and where it begins.
const LONGEST: usize = 9;
const ROW: f64 = LEFT + 2.0 * CELL;
const LEFT: f64 = 3.0;
const TOP: f64 = 30.0;
const HIGH: f64 = 46.0;
const TABLE: f64 = TOP + HIGH + 34.0;
const ADDRESS: f64 = LEFT + FRONT * CELL;

/// A drawing of what was seen.
pub fn draw(seen: &[Seen]) -> Result<Drawing, Fault> {
    let mut steps = Vec::new();
    for now in seen {
        let behind = now.words.iter().filter(|word| word.offset >= 0).count();
        let table = now.table.as_ref().map_or(0, |(_, words)| words.len());
        if behind > BEHIND || table > LONGEST {
            return Err(Fault {
                line: Some(now.line.0 as usize),
                what: format!("`{}` has {behind} words and {table} in its table: no room for that", now.name),

                remedy: format!("Choose something smaller: {BEHIND} words and {LONGEST} in a table find room."),
            });
        }
        let sentence = sentence(now);
        steps.push(Step { op: now.line.1.clone(), sentence, shapes: shapes(now), height: TABLE + HIGH + 4.0 });
    }
    let legend = vec![
        ("glass-front", "in front of the address: the collector's words, and an instance's attributes"),
        ("glass-header", "what every object begins with"),
        ("glass-own", "what its type says"),
        ("glass-table", "in a block of its own"),
        ("glass-arrow", "the address: what `id` gives, and what every reference is"),
    ];
    Ok(Drawing { steps, width: WIDTH, legend })
}

fn sentence(now: &Seen) -> String {
    let Seen { name, type_name, size, words, .. } = now;
    let refs = words.iter().find(|word| word.name == "REFS").map_or("", |word| word.says.as_str());
    let front: u64 = 8 * words.iter().filter(|word| word.offset < 0).count() as u64;
    let counted = now.table.as_ref().map_or(0, |(bytes, _)| *bytes);
    let mut parts = vec![format!("{} bytes from its address on", size - front - counted)];
    if front > 0 {
        parts.insert(0, format!("{front} in front"));
    }
    if counted > 0 {
        parts.push(format!("{counted} in its table"));
    }
    let more = match &now.table {
        Some((0, _)) => " The table with its values is not counted.",
        _ => "",
    };
    format!("`{name}` is of type {type_name}, count {refs}. `getsizeof` says {size}: {}.{more}", parts.join(", "))
}

fn shapes(now: &Seen) -> Vec<Shape> {
    let mut shapes = Vec::new();
    shapes.push(arrow("address", "glass-arrow", &[(ADDRESS + 3.0, 4.0), (ADDRESS + 3.0, TOP - 2.0)]));
    let text = format!("{} is here", now.name);
    shapes.push(words("address/name", "small", (ADDRESS + 12.0, 15.0), Anchor::Start, text));
    for word in &now.words {
        let class = match word.offset {
            ..0 => "glass-front",
            0..16 => "glass-header",
            _ => "glass-own",
        };
        let x = ADDRESS + word.offset as f64 / 8.0 * CELL;
        cell(&mut shapes, &format!("word {}", word.offset), class, (x, TOP), word);
    }
    let Some((_, table)) = &now.table else { return shapes };
    let from = now.words.iter().find(|word| word.says == "-> table");
    if let Some(from) = from {
        let x = ADDRESS + (from.offset as f64 / 8.0 + 0.5) * CELL;
        let lane = TOP + HIGH + 14.0;
        let to = ROW + CELL / 2.0;
        let path = [(x, TOP + HIGH), (x, lane), (to, lane), (to, TABLE - 2.0)];
        shapes.push(arrow("table", "glass-table-arrow", &path));
    }
    shapes.push(words("table/name", "label", (ROW - 12.0, TABLE + 28.0), Anchor::End, "its table"));
    for (place, word) in table.iter().enumerate() {
        let class = if word.says == "free" { "glass-free" } else { "glass-table" };
        cell(&mut shapes, &format!("table {place}"), class, (ROW + place as f64 * CELL, TABLE), word);
    }
    shapes
}

fn cell(shapes: &mut Vec<Shape>, key: &str, class: &'static str, (x, y): (f64, f64), word: &Word) {
    shapes.push(rect(key, class, x + 1.5, y, CELL - 3.0, HIGH));
    let middle = x + CELL / 2.0;
    shapes.push(words(format!("{key}/name"), "small", (middle, y + 18.0), Anchor::Middle, word.name));
    shapes.push(words(format!("{key}/says"), "small", (middle, y + 36.0), Anchor::Middle, word.says.clone()));
}
