//! # A cascade: one death inside another
//!
//! ```text
//!   120 |            /\               without a trashcan: in a chain each object is one deeper
//!       |         /     \
//!    50 - - - /|- - /|- - \ - - - -
//!       |   /  |  /  |       \
//!       | /    |/    |  /|      \     with it: 50 at most, then those who waited
//!       +---------------------------  calls that begin or end, in order
//!   waits  [c50]
//! ```
//!
//! The line is the depth that the machine had at each step of the deaths, told or not; only its turns are drawn. The
//! dashed one is counted: so many objects as die, each inside of the one before.

use crate::figure::{Drawing, Step};
use crate::scenes::{CUT, sentence};
use crate::svg::{Anchor, Shape, line, rect, words};
use crate::{Fault, WIDTH};
use kit::picture::{ObjectsPicture, Picture};
use kit::trace::{Kind, Record};
use kit::trashcan::UNWIND_LEVEL;

/// The kind's name.
pub const KIND: &str = "cascade";

const LEFT: f64 = 58.0;
const RIGHT: f64 = 690.0;
const TOP: f64 = 22.0;
const HIGH: f64 = 190.0;
const WAITS: f64 = TOP + HIGH + 34.0;
const CHIP: f64 = 64.0;
/// Deaths that can be told apart.
const MOST: u64 = 400;

/// What the machine told, and how deep it had been until then.
struct Told {
    op: String,
    text: String,
    /// How many of the depths belong to it and to what came before it.
    until: usize,
    waiting: Vec<String>,
}

impl Told {
    /// Without the depth, which the machine tells where objects are many.
    fn sentence(&self) -> String {
        let text = self.text.split(" (depth").next().unwrap_or_default();
        let numbered =
            |word: &&str| word.chars().any(|letter| letter.is_ascii_digit()) && !word.starts_with(char::is_numeric);
        sentence(text, &text.split(' ').filter(numbered).map(str::to_string).collect())
    }
}

/// The first operation of the trace in which somebody dies.
#[derive(Default)]
struct Deaths {
    line: usize,
    objects: u64,
    /// Each depth that differs from the one before it.
    depths: Vec<u64>,
    told: Vec<Told>,
}

/// A drawing of this trace.
pub fn draw(trace: &[Record]) -> Result<Drawing, Fault> {
    let deaths = deaths(trace)?;
    let fault = |what: String, remedy: &str| Err(Fault { line: Some(deaths.line), what, remedy: remedy.into() });
    if deaths.told.is_empty() {
        return fault("nobody dies in its script".into(), "Let it drop a chain: `c = chain 120`, then `drop c0`.");
    }
    if deaths.objects > MOST {
        return fault(format!("{} objects die, and {MOST} can be told apart", deaths.objects), "Let them be fewer.");
    }
    let mut steps = Vec::new();
    for told in &deaths.told {
        let depth = deaths.depths[told.until - 1];
        let sentence = format!("{} Nested: {depth}.", told.sentence());
        let shapes = shapes(&deaths, told);
        steps.push(Step { op: told.op.clone(), sentence, shapes, height: WAITS + 36.0 });
    }
    let legend = vec![
        ("cascade-depth-arrow", "deallocations that are nested"),
        ("cascade-without-arrow", "the same in a chain without a trashcan"),
        ("cascade-limit-arrow", "so many there are at most"),
        ("scene-waiting", "waits in the trashcan"),
    ];
    Ok(Drawing { steps, width: WIDTH, legend })
}

fn deaths(trace: &[Record]) -> Result<Deaths, Fault> {
    let mut deaths = Deaths::default();
    let (mut op, mut pending) = (String::new(), None);
    for record in trace {
        match (record.kind, &record.picture) {
            (Kind::Op, _) if !deaths.told.is_empty() => break,
            (Kind::Op, _) => {
                (op, pending) = (record.text.clone(), None);
                deaths = Deaths { line: record.line as usize, ..Deaths::default() };
            }
            (Kind::Step, None) if record.text == CUT => {
                let what = format!("`{op}` takes more steps than are told");
                let remedy = "Let fewer objects die.".into();
                return Err(Fault { line: Some(deaths.line), what, remedy });
            }
            // That one held the next is said by its death.
            (Kind::Step, None) if !record.text.starts_with(' ') => pending = Some(record.text.clone()),
            (Kind::Scene, Some(Picture::Objects(now))) => deaths.scene(now, &op, pending.take()),
            (Kind::Broken, _) => return Err(crate::moment::ended(record)),
            _ => {}
        }
    }
    Ok(deaths)
}

impl Deaths {
    fn scene(&mut self, now: &ObjectsPicture, op: &str, pending: Option<String>) {
        self.objects = self.objects.max((now.objects.len() + now.more) as u64);
        if self.depths.last() != Some(&now.depth) {
            self.depths.push(now.depth);
        }
        if let Some(text) = pending {
            let (op, waiting) = (op.to_string(), now.waiting.clone());
            self.told.push(Told { op, text, until: self.depths.len(), waiting });
        }
    }

    /// Where a depth is drawn: calls that began or ended before, and how many are nested.
    fn at(&self, event: f64, depth: f64) -> (f64, f64) {
        let events = (2 * self.objects).max(self.depths.len() as u64) as f64;
        (LEFT + event / events * (RIGHT - LEFT), TOP + HIGH - depth / self.highest() * HIGH)
    }

    fn highest(&self) -> f64 {
        self.objects.max(UNWIND_LEVEL) as f64
    }
}

fn shapes(deaths: &Deaths, told: &Told) -> Vec<Shape> {
    let mut shapes = Vec::new();
    let at = |event, depth| deaths.at(event, depth);
    let (floor, all) = (TOP + HIGH, deaths.objects as f64);
    shapes.push(line("axis", "cascade-axis", &[(LEFT, TOP - 6.0), (LEFT, floor), (RIGHT, floor)]));
    let limit = at(0.0, UNWIND_LEVEL as f64).1;
    shapes.push(line("limit", "cascade-limit-arrow", &[(LEFT, limit), (RIGHT, limit)]));
    for (key, value) in [("none", 0.0), ("limit", UNWIND_LEVEL as f64), ("all", all)] {
        let place = (LEFT - 8.0, at(0.0, value).1 + 4.0);
        shapes.push(words(format!("{key}/value"), "field", place, Anchor::End, format!("{value}")));
    }
    shapes.push(words("what", "small", (4.0, TOP - 10.0), Anchor::Start, "nested"));
    shapes.push(words("when", "small", (RIGHT, floor + 16.0), Anchor::End, "calls that begin and end, in order"));
    let without = [at(0.0, 0.0), at(all, all), at(2.0 * all, 0.0)];
    shapes.push(line("without", "cascade-without-arrow", &without));
    let turns = turns(&deaths.depths[..told.until]);
    let points: Vec<_> = turns.iter().map(|(event, depth)| at(*event as f64, *depth as f64)).collect();
    shapes.push(line("depth", "cascade-depth-arrow", &points));
    if let Some((x, y)) = points.last() {
        shapes.push(rect("now", "cascade-now", x - 4.0, y - 4.0, 8.0, 8.0));
    }
    shapes.push(words("waits", "label", (4.0, WAITS + 19.0), Anchor::Start, "waits"));
    for (number, name) in told.waiting.iter().take(9).enumerate() {
        let x = LEFT + number as f64 * CHIP;
        shapes.push(rect(format!("waits {name}"), "scene-waiting", x, WAITS, CHIP - 8.0, 28.0));
        let middle = (x + CHIP / 2.0 - 4.0, WAITS + 18.0);
        shapes.push(words(format!("waits {name}/name"), "field", middle, Anchor::Middle, name.clone()));
    }
    if told.waiting.is_empty() {
        shapes.push(words("waits/none", "note", (LEFT, WAITS + 18.0), Anchor::Start, "nobody"));
    }
    shapes
}

/// The first depth, the last one, and each at which the line turns, with their places.
fn turns(depths: &[u64]) -> Vec<(usize, u64)> {
    let is_turn = |place: usize| match (place.checked_sub(1).and_then(|at| depths.get(at)), depths.get(place + 1)) {
        (Some(before), Some(after)) => (depths[place] > *before) != (*after > depths[place]),
        _ => true,
    };
    (0..depths.len()).filter(|place| is_turn(*place)).map(|place| (place, depths[place])).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_turns_are_drawn() {
        assert_eq!(super::turns(&[0, 1, 2, 3, 2, 1, 2]), [(0, 0), (3, 3), (5, 1), (6, 2)]);
    }
}
