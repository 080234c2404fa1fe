//! What everybody sees on top, what each thread does and has for itself below, and at the bottom who went on so far.
//!
//! ```text
//!   everybody sees   [ n = 1 ]  [ l: free ]
//!   a                          b
//!   has for itself 1           has for itself 0
//!   [ load n; call f   done ]  [ load n; call f   done ]
//!   [ add; store n     done ]  [ add; store n     next ]
//!   who went on      [a]   [b]   [a]
//!                    n 0   n 0   n 1
//! ```

use super::program::{Program, State};
use crate::WIDTH;
use crate::svg::{Anchor, Shape, rect, words};

const LEFT: f64 = 4.0;
const SHARED: f64 = 120.0;
const COLUMNS: f64 = 50.0;
const LINE: f64 = 30.0;
const GAP: f64 = 14.0;
const WENT: f64 = 64.0;
/// The width of a letter of the program's lines.
const LETTER: f64 = 7.3;

pub(super) const LEGEND: [(&str, &str); 5] = [
    ("turn-shared", "what everybody sees"),
    ("turn-next", "what the thread would do next"),
    ("turn-waits", "the same, but it waits for a lock"),
    ("turn-later", "what it does later"),
    ("turn-done", "what is done"),
];

/// The picture of a state, and its height. `way`: who went on, and what everybody saw then.
pub(super) fn shapes(program: &Program, state: &State, way: &[(usize, Vec<i64>)]) -> (Vec<Shape>, f64) {
    let mut shapes = shared(program, state);
    let count = program.threads.len() as f64;
    let letters =
        program.threads.iter().flat_map(|thread| &thread.lines).map(|line| line.text.len()).max().unwrap_or(0);
    let wide = (letters as f64 * LETTER + 110.0).min((WIDTH - 2.0 * LEFT - GAP * (count - 1.0)) / count);
    for thread in 0..program.threads.len() {
        column(&mut shapes, program, state, thread, LEFT + thread as f64 * (wide + GAP), wide);
    }
    let most = program.threads.iter().map(|thread| thread.lines.len()).max().unwrap_or(0);
    let bottom = COLUMNS + 50.0 + most as f64 * LINE;
    went(&mut shapes, program, way, bottom + 14.0);
    (shapes, bottom + 14.0 + 50.0)
}

fn shared(program: &Program, state: &State) -> Vec<Shape> {
    let mut shapes = vec![words("shared", "note", (LEFT, 24.0), Anchor::Start, "everybody sees")];
    let values = program.shared.iter().zip(&state.shared).map(|((name, _), is)| (name, format!("{name} = {is}")));
    let locks = program.locks.iter().zip(&state.locks).map(|(name, has)| {
        let has = has.map_or("free", |thread| program.threads[thread].name.as_str());
        (name, format!("{name}: {has}"))
    });
    for (place, (name, text)) in values.chain(locks).enumerate() {
        let x = SHARED + place as f64 * 112.0;
        shapes.push(rect(format!("shared {name}"), "turn-shared", x, 4.0, 100.0, 30.0));
        shapes.push(words(format!("shared {name}/is"), "field", (x + 50.0, 23.0), Anchor::Middle, text));
    }
    shapes
}

fn column(shapes: &mut Vec<Shape>, program: &Program, state: &State, thread: usize, x: f64, wide: f64) {
    let of = &program.threads[thread];
    let key = |what: &str| format!("{} {what}", of.name);
    shapes.push(words(key("name"), "label", (x, COLUMNS + 14.0), Anchor::Start, format!("thread {}", of.name)));
    let own = state.own[thread].map_or("has nothing for itself yet".into(), |own| format!("has for itself {own}"));
    shapes.push(words(key("own"), "small", (x, COLUMNS + 34.0), Anchor::Start, own));
    let hindered = program.hindered(state, thread);
    for (place, line) in of.lines.iter().enumerate() {
        let y = COLUMNS + 46.0 + place as f64 * LINE;
        let (class, says) = match (place.cmp(&state.done[thread]), &hindered) {
            (std::cmp::Ordering::Less, _) => ("turn-done", "done"),
            (std::cmp::Ordering::Equal, None) => ("turn-next", "next"),
            (std::cmp::Ordering::Equal, Some(why)) => ("turn-waits", why.as_str()),
            (std::cmp::Ordering::Greater, _) => ("turn-later", ""),
        };
        shapes.push(rect(key(&format!("line {place}")), class, x, y, wide, LINE - 5.0));
        let text = line.text.clone();
        shapes.push(words(key(&format!("line {place}/text")), "field", (x + 8.0, y + 17.0), Anchor::Start, text));
        let right = (x + wide - 8.0, y + 17.0);
        shapes.push(words(key(&format!("line {place}/is")), "small", right, Anchor::End, says));
    }
}

fn went(shapes: &mut Vec<Shape>, program: &Program, way: &[(usize, Vec<i64>)], y: f64) {
    shapes.push(words("went", "note", (LEFT, y + 17.0), Anchor::Start, "who went on"));
    for (place, (thread, shared)) in way.iter().enumerate() {
        let x = SHARED + place as f64 * (WENT + 6.0);
        shapes.push(rect(format!("went {place}"), "turn-went", x, y, WENT, 24.0));
        let name = program.threads[*thread].name.clone();
        shapes.push(words(format!("went {place}/name"), "label", (x + WENT / 2.0, y + 17.0), Anchor::Middle, name));
        let values: Vec<_> = program.shared.iter().zip(shared).map(|((name, _), is)| format!("{name} {is}")).collect();
        let at = (x + WENT / 2.0, y + 41.0);
        shapes.push(words(format!("went {place}/shared"), "field", at, Anchor::Middle, values.join(" ")));
    }
}
