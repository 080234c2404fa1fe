//! # The life of a pool
//!
//! ```text
//!                                        UNTOUCHED
//!                                        v
//!   +----------+---------+- - - - -+.........+.........+....+
//!   | header   | block 0 | block 1 : block 2 : block 3 :lost:
//!   | IN_USE 1 | b0      |  free   :untouched:untouched: 464:
//!   +----------+---------+- - - - -+.........+.........+....+
//!        |                    ^
//!        +---- FREE_LIST -----+
//! ```
//!
//! Eight places a row; the free list runs below as arrows, each in a lane of its own, so that none covers another.

use crate::figure::{Drawing, Step};
use crate::moment::Moment;
use crate::svg::{Anchor, Shape, arrow, line, rect, words};
use crate::{Fault, WIDTH};
use kit::picture::{Cell, Picture, PoolPicture};
use std::collections::BTreeMap;

/// The kind's name.
pub const KIND: &str = "pool";

/// Blocks in one row. A pool with more of them is too small-grained to draw.
const MOST_BLOCKS: usize = 7;
const HEADER: f64 = 96.0;
const BLOCK: f64 = 78.0;
const LOST: f64 = 52.0;
const LEFT: f64 = 1.0;
/// The row's upper side; above it stands the UNTOUCHED mark.
const TOP: f64 = 26.0;
const HEIGHT: f64 = 54.0;
/// The distance between two lanes of the free list.
const LANE: f64 = 9.0;

/// A drawing of these moments.
pub fn draw(moments: &[Moment]) -> Result<Drawing, Fault> {
    let mut steps = Vec::new();
    let mut names = BTreeMap::new();
    let mut before: Option<&PoolPicture> = None;
    for moment in moments {
        let Some(Picture::Pool(now)) = moment.pictures.last() else {
            moment.told(&mut steps);
            continue;
        };
        if now.blocks.len() > MOST_BLOCKS {
            let what = format!("its pool has {} blocks, and a row has room for {MOST_BLOCKS}", now.blocks.len());
            return Err(Fault {
                line: Some(moment.line),
                what,
                remedy: "Choose larger blocks: `use pool classic 512`.".into(),
            });
        }
        // `again 128` prepares the same memory for another size: a new life.
        before = before.filter(|_| !moment.op.starts_with("again"));
        let change = Change::between(before, now);
        change.keep_names(&moment.op, &mut names);
        let (shapes, height) = shapes(now, &names);
        steps.push(Step { op: moment.op.clone(), sentence: change.sentence(before, now), shapes, height });
        before = Some(now);
    }
    let legend = vec![
        ("pool-in-use", "in use: the program's"),
        ("pool-free", "free: in the list"),
        ("pool-untouched", "untouched: never read or written"),
        ("pool-lost", "too short for a block"),
        ("pool-arrow", "`FREE_LIST`, then each `NEXT_FREE`"),
    ];
    Ok(Drawing { steps, width: WIDTH, legend })
}

/// Which blocks changed their state.
#[derive(Default)]
struct Change {
    went_out: Vec<usize>,
    came_back: Vec<usize>,
    carved: Vec<usize>,
}

impl Change {
    fn between(before: Option<&PoolPicture>, now: &PoolPicture) -> Change {
        let mut change = Change::default();
        let pairs = before.iter().flat_map(|old| &old.blocks).zip(&now.blocks);
        for (number, (old, new)) in pairs.enumerate() {
            match (old, new) {
                (Cell::InUse, Cell::InUse) => {}
                (_, Cell::InUse) => change.went_out.push(number),
                (Cell::InUse, _) => change.came_back.push(number),
                (Cell::Untouched, Cell::Free) => change.carved.push(number),
                _ => {}
            }
        }
        change
    }

    /// `b2 = alloc` names the block that went out; a block that came back is nobody's.
    fn keep_names(&self, op: &str, names: &mut BTreeMap<usize, String>) {
        names.retain(|number, _| !self.came_back.contains(number));
        if let Some((name, _)) = op.split_once('=') {
            names.extend(self.went_out.iter().map(|number| (*number, name.trim().to_string())));
        }
    }

    fn sentence(&self, before: Option<&PoolPicture>, now: &PoolPicture) -> String {
        let free = free_list(now);
        let in_use = now.blocks.iter().filter(|cell| **cell == Cell::InUse).count();
        let was_full = before.is_some_and(|old| old.blocks.iter().all(|cell| *cell == Cell::InUse));
        let Some(_) = before else {
            let (count, size) = (now.blocks.len(), now.block_size);
            return format!("An empty pool: room for {count} blocks of {size} bytes. {free}");
        };
        let mut parts = Vec::new();
        match &self.went_out[..] {
            [] => {}
            [number] => parts.push(format!("Block {number}, the head of the list, goes out.")),
            many => parts.push(format!("Blocks {} go out.", listed(many))),
        }
        match &self.came_back[..] {
            [] => {}
            [number] => parts.push(format!("Block {number} comes back and becomes the head.")),
            many => parts.push(format!("Blocks {} come back.", listed(many))),
        }
        if !self.carved.is_empty() {
            let carved = listed(&self.carved);
            parts.push(format!("The list would be empty, so block {carved} is taken from the untouched tail."));
        }
        if was_full && !self.came_back.is_empty() {
            parts.push("The pool was full and is used again.".into());
        }
        if in_use == now.blocks.len() {
            parts.push("The pool is full.".into());
        } else if in_use == 0 && !self.came_back.is_empty() {
            parts.push("No block is in use: the pool is empty.".into());
        }
        parts.push(free);
        parts.join(" ")
    }
}

fn free_list(now: &PoolPicture) -> String {
    match &now.free_list[..] {
        [] => "Free list: none.".into(),
        list => format!("Free list: {}.", listed(list)),
    }
}

fn listed<T: ToString>(numbers: &[T]) -> String {
    let numbers: Vec<_> = numbers.iter().map(T::to_string).collect();
    numbers.join(", ")
}

/// The left side of block `number`.
fn left_of(number: usize) -> f64 {
    LEFT + HEADER + number as f64 * BLOCK
}

fn shapes(now: &PoolPicture, names: &BTreeMap<usize, String>) -> (Vec<Shape>, f64) {
    let mut shapes = Vec::new();
    header(&mut shapes, now);
    for (number, cell) in now.blocks.iter().enumerate() {
        block(&mut shapes, number, *cell, names.get(&number));
    }
    lost(&mut shapes, now);
    untouched_mark(&mut shapes, now);
    let bottom = links(&mut shapes, now);
    (shapes, bottom)
}

fn header(shapes: &mut Vec<Shape>, now: &PoolPicture) {
    let in_use = now.blocks.iter().filter(|cell| **cell == Cell::InUse).count();
    shapes.push(rect("header", "pool-header", LEFT, TOP, HEADER, HEIGHT));
    let middle = LEFT + HEADER / 2.0;
    shapes.push(words("header/name", "label", (middle, TOP + 22.0), Anchor::Middle, "header"));
    shapes.push(words("header/in-use", "field", (middle, TOP + 41.0), Anchor::Middle, format!("IN_USE {in_use}")));
}

fn block(shapes: &mut Vec<Shape>, number: usize, cell: Cell, name: Option<&String>) {
    let (class, state) = match cell {
        Cell::InUse => ("pool-in-use", name.map_or("in use", String::as_str)),
        Cell::Free => ("pool-free", "free"),
        Cell::Untouched => ("pool-untouched", "untouched"),
        Cell::Lost => ("pool-astray", "in no list"),
    };
    let (left, middle) = (left_of(number), left_of(number) + BLOCK / 2.0);
    // A little air between the blocks: the kind of border says what a block is.
    shapes.push(rect(format!("block {number}"), class, left + 3.0, TOP, BLOCK - 6.0, HEIGHT));
    shapes.push(words(
        format!("block {number}/name"),
        "label",
        (middle, TOP + 22.0),
        Anchor::Middle,
        format!("block {number}"),
    ));
    shapes.push(words(format!("block {number}/state"), "state", (middle, TOP + 41.0), Anchor::Middle, state));
}

fn lost(shapes: &mut Vec<Shape>, now: &PoolPicture) {
    let used = kit::pool::HEADER + now.block_size * now.blocks.len() as u32;
    let bytes = now.pool_size.saturating_sub(used);
    if bytes == 0 {
        return;
    }
    let left = left_of(now.blocks.len());
    shapes.push(rect("lost", "pool-lost", left + 3.0, TOP, LOST - 4.0, HEIGHT));
    let middle = left + 1.0 + LOST / 2.0;
    shapes.push(words("lost/bytes", "label", (middle, TOP + 22.0), Anchor::Middle, bytes.to_string()));
    shapes.push(words("lost/name", "state", (middle, TOP + 41.0), Anchor::Middle, "lost"));
}

/// Where the header says that the untouched part begins; behind the last block when nothing is untouched.
fn untouched_mark(shapes: &mut Vec<Shape>, now: &PoolPicture) {
    let number = now.untouched.map_or(now.blocks.len(), |number| number as usize);
    let x = left_of(number) + 8.0;
    shapes.push(arrow("untouched", "pool-mark", &[(x, 3.0), (x, TOP - 2.0)]));
    // Far to the right the words stand before the arrow, else behind it.
    let (x, anchor) = if x + 90.0 > WIDTH { (x - 8.0, Anchor::End) } else { (x + 8.0, Anchor::Start) };
    shapes.push(words("untouched/name", "field", (x, 14.0), anchor, "UNTOUCHED"));
}

/// The free list below the row, from the header on. Gives where the picture ends.
fn links(shapes: &mut Vec<Shape>, now: &PoolPicture) -> f64 {
    let base = TOP + HEIGHT;
    let middle = |number: u32| left_of(number as usize) + BLOCK / 2.0;
    let mut from = LEFT + HEADER / 2.0;
    let mut lane = base + 16.0;
    for (hop, number) in now.free_list.iter().enumerate() {
        let to = middle(*number) - 10.0;
        let path = [(from, base), (from, lane), (to, lane), (to, base + 2.0)];
        let key = if hop == 0 { "FREE_LIST".to_string() } else { format!("NEXT_FREE {}", now.free_list[hop - 1]) };
        shapes.push(arrow(key, "pool-arrow", &path));
        from = middle(*number) + 10.0;
        lane += LANE;
    }
    // The end of the list: a short line that leads to nothing.
    let (key, word) = if now.astray { ("astray", "somewhere else") } else { ("none", "None") };
    shapes.push(line(key, "pool-arrow", &[(from, base), (from, lane), (from + 12.0, lane)]));
    shapes.push(words(format!("{key}/name"), "field", (from + 16.0, lane + 4.0), Anchor::Start, word));
    lane + 12.0
}
