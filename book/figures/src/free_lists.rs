//! # A free list of one type
//!
//! ```text
//!   f   [ HEAD ] [ COUNT 2 ] [ LIMIT 3 ]
//!        |
//!        +-------------+
//!                      v
//!   +- - - - -+   +- - - - -+   +=========+
//!   : a: in f :   : b: in f :   | c: the  |
//!   +- - - - -+   +- - - - -+   | program |
//!        ^             |
//!        +-------------+
//! ```
//!
//! A scenario of `free-lists`. A block stays where it is; the list runs through the blocks' first words, as arrows, each
//! in a lane of its own.

use crate::arenas::counted;
use crate::figure::{Drawing, Step};
use crate::moment::Moment;
use crate::svg::{Anchor, Shape, arrow, rect, words};
use crate::{Fault, WIDTH};
use std::fmt::Write;

/// The kind's name.
pub const KIND: &str = "free-lists";

const MOST_BLOCKS: usize = 7;
const MOST_LISTS: usize = 3;
const LEFT: f64 = 4.0;
const HEADER: f64 = 60.0;
const FIELD: f64 = 96.0;
const ROW: f64 = 40.0;
const BOX: f64 = 30.0;
const BLOCK: f64 = 86.0;
const PITCH: f64 = 96.0;
const HIGH: f64 = 46.0;
const LANE: f64 = 9.0;

/// Where a block is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    /// In this list.
    Kept(usize),
    Program,
    Heap,
}

#[derive(Clone, Default, Debug)]
struct Lists {
    /// Names, limits, and what is in them, the head first.
    lists: Vec<(String, u64, Vec<String>)>,
    blocks: Vec<(String, Place)>,
}

/// A drawing of these moments.
pub fn draw(moments: &[Moment]) -> Result<Drawing, Fault> {
    let mut lists = Lists::default();
    let mut steps = Vec::new();
    for moment in moments {
        let Some(sentence) = lists.after(moment) else { continue };
        let limit = |what: &str, is: usize, most: usize| Fault {
            line: Some(moment.line),
            what: format!("it has {is} {what}"),
            remedy: format!("Let it have at most {most}."),
        };
        if lists.blocks.len() > MOST_BLOCKS {
            return Err(limit("blocks", lists.blocks.len(), MOST_BLOCKS));
        }
        if lists.lists.len() > MOST_LISTS {
            return Err(limit("lists", lists.lists.len(), MOST_LISTS));
        }
        steps.push(Step { op: moment.op.clone(), sentence, shapes: lists.shapes(), height: 0.0 });
    }
    let height = ROW * lists.lists.len() as f64 + 2.0 * LANE + HIGH + LANE * (lists.blocks.len() as f64 + 3.0);
    steps.iter_mut().for_each(|step| step.height = height);
    let legend = vec![
        ("pool-header", "the list's three words"),
        ("pool-free", "a block in the list"),
        ("pool-in-use", "a block that the program has"),
        ("pool-lost", "a block that went back to the heap"),
        ("pool-arrow", "`HEAD`, then each block's first word"),
    ];
    Ok(Drawing { steps, width: WIDTH, legend })
}

impl Lists {
    /// What an operation did, in words; `None`: nothing that is drawn.
    fn after(&mut self, moment: &Moment) -> Option<String> {
        let words: Vec<_> = moment.op.split_whitespace().collect();
        if let [name, "=", "list", limit] = words[..] {
            let limit = limit.parse().ok()?;
            self.lists.push((name.into(), limit, vec![]));
            return Some(format!("`{name}` is an empty free list, for {} at most.", counted(limit, "block")));
        }
        let [verb @ ("put" | "take"), of, blocks @ ..] = &words[..] else { return None };
        let mut said = String::new();
        for fact in &moment.facts {
            match fact.split_once(": ") {
                Some(("refused", who)) => who.split(' ').for_each(|block| {
                    self.set(block, Place::Heap);
                    let _ = write!(said, "`{of}` is full: `{block}` goes back to the heap. ");
                }),
                Some((name, state)) => self.holds(name, state),
                None => {
                    for block in fact.strip_prefix("took ").unwrap_or_default().split(' ') {
                        if block == "nothing" {
                            let _ = write!(said, "`{of}` has nothing: the heap is asked. ");
                        } else {
                            self.set(block, Place::Program);
                            let _ = write!(said, "`{of}` gives `{block}`, its head. ");
                        }
                    }
                }
            }
        }
        if *verb == "put" && said.is_empty() {
            let _ = write!(said, "`{of}` keeps {}. ", coded(blocks.iter()));
        }
        let (_, limit, holds) = self.lists.iter().find(|(name, ..)| name == of)?;
        let holds = if holds.is_empty() { "none".into() } else { coded(holds.iter()) };
        Some(format!("{said}From its head: {holds}; {limit} at most."))
    }

    fn set(&mut self, block: &str, place: Place) {
        match self.blocks.iter_mut().find(|(name, _)| name == block) {
            Some((_, now)) => *now = place,
            None => self.blocks.push((block.into(), place)),
        }
    }

    /// `2 of 3: b a` is what a list holds.
    fn holds(&mut self, name: &str, state: &str) {
        let Some(list) = self.lists.iter().position(|(known, ..)| known == name) else { return };
        let Some((_, blocks)) = state.split_once(": ") else { return };
        let blocks: Vec<String> = blocks.split(' ').filter(|block| *block != "none").map(String::from).collect();
        blocks.iter().for_each(|block| self.set(block, Place::Kept(list)));
        self.lists[list].2 = blocks;
    }

    fn shapes(&self) -> Vec<Shape> {
        let mut shapes = Vec::new();
        let top = ROW * self.lists.len() as f64 + LANE * 2.0 + 6.0;
        let x = |block: &str| {
            let place = self.blocks.iter().position(|(name, _)| name == block).unwrap_or_default();
            LEFT + place as f64 * PITCH
        };
        for (row, (name, limit, holds)) in self.lists.iter().enumerate() {
            let y = 4.0 + row as f64 * ROW;
            shapes.push(words(format!("{name}/name"), "label", (LEFT, y + 20.0), Anchor::Start, name.clone()));
            let fields = [("HEAD", String::new()), ("COUNT", holds.len().to_string()), ("LIMIT", limit.to_string())];
            for (place, (field, is)) in fields.into_iter().enumerate() {
                let at = HEADER + place as f64 * FIELD;
                shapes.push(rect(format!("{name}/{field}"), "pool-header", at, y, FIELD - 8.0, BOX));
                let text = if place == 0 && holds.is_empty() { "HEAD none".into() } else { format!("{field} {is}") };
                let middle = (at + (FIELD - 8.0) / 2.0, y + 19.0);
                shapes.push(words(format!("{name}/{field}/is"), "field", middle, Anchor::Middle, text.trim_end()));
            }
            self.chain(&mut shapes, row, (y, top), &x);
        }
        for (name, place) in &self.blocks {
            let (class, says) = match place {
                Place::Kept(list) => ("pool-free", format!("in {}", self.lists[*list].0)),
                Place::Program => ("pool-in-use", "the program's".into()),
                Place::Heap => ("pool-lost", "the heap's".into()),
            };
            shapes.push(rect(format!("block {name}"), class, x(name), top, BLOCK, HIGH));
            let middle = x(name) + BLOCK / 2.0;
            shapes.push(words(
                format!("block {name}/name"),
                "label",
                (middle, top + 19.0),
                Anchor::Middle,
                name.clone(),
            ));
            shapes.push(words(format!("block {name}/is"), "small", (middle, top + 36.0), Anchor::Middle, says));
        }
        shapes
    }

    /// From `HEAD` to the first block, and from block to block.
    fn chain(&self, shapes: &mut Vec<Shape>, row: usize, (y, top): (f64, f64), x: &dyn Fn(&str) -> f64) {
        let (name, _, holds) = &self.lists[row];
        let Some(first) = holds.first() else { return };
        let (side, lane) = (HEADER - 10.0 - 8.0 * row as f64, top - 8.0 - LANE * (self.lists.len() - 1 - row) as f64);
        let over = x(first) + BLOCK / 2.0 + 6.0 * row as f64;
        let middle = y + BOX / 2.0;
        let points = [(HEADER, middle), (side, middle), (side, lane - 6.0), (over, lane - 6.0), (over, top - 1.0)];
        shapes.push(arrow(format!("{name} head"), "pool-arrow", &points));
        for (place, pair) in holds.windows(2).enumerate() {
            let lane = top + HIGH + LANE * (place + 1) as f64 + 4.0 * row as f64;
            let (from, to) = (x(&pair[0]) + BLOCK * 0.35, x(&pair[1]) + BLOCK * 0.65);
            let bottom = top + HIGH;
            let points = [(from, bottom), (from, lane), (to, lane), (to, bottom + 1.0)];
            shapes.push(arrow(format!("{name} next {}", pair[0]), "pool-arrow", &points));
        }
    }
}

/// `a`, `b`
fn coded(names: impl Iterator<Item = impl AsRef<str>>) -> String {
    names.map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}
