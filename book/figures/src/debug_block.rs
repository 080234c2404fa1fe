//! # A debug block under the glass
//!
//! ```text
//!   p-16   00 00 00 00 00 00 00 05    the size asked for, big-endian
//!   p-8    6f fd fd fd fd fd fd fd    'o' for the object domain, then the guards in front
//!   p      cd cd cd cd cd fd fd fd    the program's 5 bytes, then the guards behind
//!   p+8    fd fd fd fd fd
//! ```
//!
//! Eight bytes a row. What a byte is for is its border and the words of its row; a guard that somebody overwrote has a
//! border of its own.

use crate::figure::{Drawing, Step};
use crate::moment::Moment;
use crate::svg::{Anchor, Shape, rect, words};
use crate::{Fault, WIDTH};
use kit::debug_hooks::{CLEAN, DEAD, FORBIDDEN};
use kit::picture::{BytesPicture, Picture};

/// The kind's name.
pub const KIND: &str = "debug-block";

/// More bytes than this are more rows than one looks at.
const MOST: usize = 72;
const LEFT: f64 = 56.0;
const CELL: f64 = 38.0;
const ROW: f64 = 36.0;
const TOP: f64 = 2.0;

/// A drawing of these moments.
pub fn draw(moments: &[Moment]) -> Result<Drawing, Fault> {
    let mut steps = Vec::new();
    let mut rest = moments.iter().peekable();
    while let Some(moment) = rest.next() {
        let (mut now, mut op) = (bytes(moment), moment.op.clone());
        if writes(moment) {
            // Writes draw nothing: the `look` below them does, and they are one step.
            while let Some(next) = rest.next_if(|next| writes(next)) {
                op = format!("{op}; {}", next.op);
            }
            now = rest.next_if(|next| next.op.starts_with("look")).and_then(bytes);
            if now.is_none() {
                let remedy = "Write `look` and the block's name below it.".into();
                return Err(Fault { line: Some(moment.line), what: format!("`{op}` is not drawn"), remedy });
            }
        }
        let Some(now) = now else {
            moment.told(&mut steps);
            continue;
        };
        if now.bytes.len() > MOST {
            let what =
                format!("the block has {} bytes with its guards, and a picture has room for {MOST}", now.bytes.len());
            let remedy = "Let the script ask for a smaller block.".into();
            return Err(Fault { line: Some(moment.line), what, remedy });
        }
        let height = TOP + now.bytes.len().div_ceil(8) as f64 * ROW;
        let sentence = if op == moment.op { moment.with_facts(&sentence(now)) } else { sentence(now) };
        steps.push(Step { op, sentence, shapes: shapes(now), height });
    }
    let legend = vec![
        ("byte-size", "the size that was asked for"),
        ("byte-letter", "the domain's letter"),
        ("byte-guard", "a guard: `FD`, forbidden"),
        ("byte-clean", "the program's, not written yet: `CD`"),
        ("byte-written", "the program's, written"),
        ("byte-dead", "given back: `DD`, dead"),
        ("byte-wrong", "a guard or a letter that was overwritten"),
    ];
    Ok(Drawing { steps, width: WIDTH, legend })
}

fn writes(moment: &Moment) -> bool {
    moment.op.starts_with("write") && moment.pictures.is_empty()
}

/// What the block looks like at the end of a moment.
fn bytes(moment: &Moment) -> Option<&BytesPicture> {
    moment.pictures.iter().rev().find_map(|picture| match picture {
        Picture::Bytes(bytes) => Some(bytes),
        _ => None,
    })
}

/// What a byte is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Size,
    Letter,
    Guard,
    Program,
}

/// What the byte at `at` is for: eight of the size, the letter, guards, the program's, guards.
fn part(now: &BytesPicture, at: usize) -> Part {
    match at {
        _ if at >= now.before + now.asked => Part::Guard,
        _ if at >= now.before => Part::Program,
        _ if at < 8 => Part::Size,
        8 => Part::Letter,
        _ => Part::Guard,
    }
}

/// The program gave it back: there is not a guard left.
fn is_dead(now: &BytesPicture) -> bool {
    !now.bytes.is_empty() && now.bytes.iter().all(|byte| *byte == Some(DEAD))
}

fn class(now: &BytesPicture, at: usize) -> &'static str {
    match (part(now, at), now.bytes[at]) {
        _ if is_dead(now) => "byte-dead",
        (_, None) => "byte-unwritten",
        (Part::Size, _) => "byte-size",
        (Part::Letter, Some(b'r' | b'm' | b'o')) => "byte-letter",
        (Part::Guard, Some(FORBIDDEN)) => "byte-guard",
        (Part::Letter | Part::Guard, _) => "byte-wrong",
        (Part::Program, Some(CLEAN)) => "byte-clean",
        (Part::Program, _) => "byte-written",
    }
}

/// What the row that begins at `from` holds.
fn row(now: &BytesPicture, from: usize) -> String {
    if is_dead(now) {
        return if from == 0 { "all dead".into() } else { String::new() };
    }
    let here = || (from..(from + 8).min(now.bytes.len())).map(|at| part(now, at));
    let has = |wanted: Part| here().any(|part| part == wanted);
    match (has(Part::Size), has(Part::Letter), has(Part::Program), has(Part::Guard)) {
        (true, ..) => "the size asked for, big-endian".into(),
        (_, true, ..) => {
            let letter = now.bytes[8].map_or('?', char::from);
            let letter = if letter.is_ascii_graphic() { format!("'{letter}': the domain") } else { "no domain".into() };
            format!("{letter}; then guards")
        }
        (_, _, true, true) => "the program's; then guards".into(),
        (_, _, true, false) => "the program's".into(),
        _ => "guards behind".into(),
    }
}

fn sentence(now: &BytesPicture) -> String {
    if is_dead(now) {
        return format!("All {} bytes, guards included, are {DEAD:02X}.", now.bytes.len());
    }
    let count = |wanted: &str| (0..now.bytes.len()).filter(|at| class(now, *at) == wanted).count();
    let mut parts = vec![format!(
        "{} bytes in front, {} of the program ({} of them {CLEAN:02X}), {} guards behind.",
        now.before,
        now.asked,
        count("byte-clean"),
        now.bytes.len().saturating_sub(now.before + now.asked)
    )];
    for at in (0..now.bytes.len()).filter(|at| class(now, *at) == "byte-wrong") {
        let byte = now.bytes[at].unwrap_or(0);
        parts.push(format!("The byte at {} is {byte:02X}: somebody wrote there.", place(now, at)));
    }
    parts.join(" ")
}

/// A byte's place, as the program sees it.
fn place(now: &BytesPicture, at: usize) -> String {
    match at.checked_sub(now.before) {
        None => format!("p-{}", now.before - at),
        Some(0) => "p".into(),
        Some(behind) => format!("p+{behind}"),
    }
}

fn shapes(now: &BytesPicture) -> Vec<Shape> {
    let mut shapes = Vec::new();
    for (at, byte) in now.bytes.iter().enumerate() {
        let (left, top) = (LEFT + (at % 8) as f64 * CELL, TOP + (at / 8) as f64 * ROW);
        if at % 8 == 0 {
            shapes.push(words(format!("row {at}"), "field", (LEFT - 10.0, top + 20.0), Anchor::End, place(now, at)));
            let beside = (LEFT + 8.0 * CELL + 12.0, top + 20.0);
            shapes.push(words(format!("row {at}/says"), "label", beside, Anchor::Start, row(now, at)));
        }
        shapes.push(rect(format!("byte {at}"), class(now, at), left + 2.0, top + 2.0, CELL - 4.0, ROW - 8.0));
        let (middle, text) = ((left + CELL / 2.0, top + 20.0), byte.map_or("..".into(), |byte| format!("{byte:02X}")));
        shapes.push(words(format!("byte {at}/value"), "field", middle, Anchor::Middle, text));
    }
    shapes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block() -> BytesPicture {
        let mut bytes = vec![0, 0, 0, 0, 0, 0, 0, 5, b'o'];
        bytes.extend([FORBIDDEN; 7]);
        bytes.extend([CLEAN; 5]);
        bytes.extend([FORBIDDEN; 8]);
        BytesPicture { before: 16, asked: 5, bytes: bytes.into_iter().map(Some).collect() }
    }

    fn step(now: BytesPicture, fact: &str) -> Step {
        let facts = if fact.is_empty() { Vec::new() } else { vec![fact.into()] };
        let moment = Moment { line: 1, op: "op".into(), facts, pictures: vec![Picture::Bytes(now)], shown: None };
        draw(&[moment]).unwrap().steps.remove(0)
    }

    #[test]
    fn a_fresh_block_in_words() {
        let step = step(block(), "");
        assert_eq!(step.sentence, "16 bytes in front, 5 of the program (5 of them CD), 8 guards behind.");
        let count = |class: &str| step.shapes.iter().filter(|shape| shape.class == class).count();
        assert_eq!((count("byte-size"), count("byte-letter"), count("byte-guard"), count("byte-clean")), (8, 1, 15, 5));
    }

    #[test]
    fn an_overwritten_guard_is_seen_and_named() {
        let mut now = block();
        now.bytes[21] = Some(0);
        let one = step(now.clone(), "");
        assert!(one.sentence.ends_with("The byte at p+5 is 00: somebody wrote there."), "{}", one.sentence);
        assert_eq!(one.shapes.iter().find(|shape| shape.class == "byte-wrong").unwrap().key, "byte 21");
        now.bytes[8] = Some(0x80);
        assert!(step(now, "").sentence.contains("The byte at p-8 is 80"));
    }

    #[test]
    fn a_dead_block_has_no_guards() {
        let now = BytesPicture { bytes: vec![Some(DEAD); 29], ..block() };
        let step = step(now, "given back");
        assert_eq!(step.sentence, "Given back. All 29 bytes, guards included, are DD.");
        assert!(step.shapes.iter().all(|shape| shape.class != "byte-guard"));
    }

    #[test]
    fn a_large_block_is_refused() {
        let now = BytesPicture { before: 16, asked: 100, bytes: vec![None; 124] };
        let moment =
            Moment { line: 7, op: String::new(), facts: Vec::new(), pictures: vec![Picture::Bytes(now)], shown: None };
        assert_eq!(draw(&[moment]).unwrap_err().line, Some(7));
    }
}
