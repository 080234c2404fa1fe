//! # An arena, one of its pools, some of its blocks
//!
//! ```text
//!   sixteen pools a row           |64 |64 |96 |512|   |   |
//!                                          \\ //
//!   one of them, to scale         |#####-##-........|
//!                                     /        \\
//!   some of its blocks            |block 4 in use|block 5 free|
//! ```
//!
//! The first zoom is a whole heap's only arena, or an arena alone. What is inside a pool no heap tells: it is a second
//! scenario, of a pool, in the same script. The pool under the glass is the first of the arena that serves blocks of
//! that size and has as many of them in use; there must be one.

use crate::arenas::{class, counted, in_use};
use crate::figure::{Drawing, Step};
use crate::moment::Moment;
use crate::svg::{Anchor, Shape, line, rect, words};
use crate::{Fault, WIDTH};
use kit::picture::{ArenaPicture, Cell, Picture, PoolCell, PoolPicture};

/// The kinds' names: an arena, and an arena in three zooms.
pub const KINDS: [&str; 2] = ["arena", "arena-map"];

const COLUMNS: usize = 16;
const SIDE: f64 = 43.5;
const TALL: f64 = 32.0;
const FIRST: f64 = 20.0;
const ONE_ARENA: f64 = 166.0;
const SECOND: f64 = 200.0;
const THIRD: f64 = 284.0;
const BLOCK: f64 = 86.0;
/// Blocks in words.
const WORDS: usize = 8;
/// What a square with a border says, of an arena alone and of a heap's.
const OUT: &str = "a pool that is out, with its number";
const SERVES: &str = "a pool that is out, with the size of its blocks, and how full it is";

/// A drawing of an arena's moments.
pub fn draw(moments: &[Moment]) -> Result<Drawing, Fault> {
    let mut steps = Vec::new();
    let alone = !moments.iter().flat_map(|moment| &moment.pictures).any(|picture| matches!(picture, Picture::Heap(_)));
    for moment in moments {
        let Some(arena) = last_arena(moment)? else {
            moment.told(&mut steps);
            continue;
        };
        let sentence = moment.with_facts(&told(arena));
        steps.push(Step { op: moment.op.clone(), sentence, shapes: squares(arena, alone), height: ONE_ARENA });
    }
    let legend = vec![
        ("map-pool", if alone { OUT } else { SERVES }),
        ("map-free", "a pool that came back; #1 goes out next"),
        ("map-untouched", "a pool that was never carved"),
    ];
    Ok(Drawing { steps, width: WIDTH, legend })
}

/// A drawing of a heap's moments, and then of what is inside a pool that went through `inside`.
pub fn zoom(moments: &[Moment], inside: &[Moment], line: usize) -> Result<Drawing, Fault> {
    let mut drawing = draw(moments)?;
    let mut arena = None;
    for moment in moments {
        arena = last_arena(moment)?.or(arena);
    }
    let fault = |what: String, remedy: &str| Fault { line: Some(line), what, remedy: remedy.into() };
    let mut pools = inside.iter().flat_map(|moment| &moment.pictures).filter_map(|picture| match picture {
        Picture::Pool(pool) => Some(pool),
        _ => None,
    });
    let (Some(arena), Some(pool)) = (arena, pools.next_back()) else {
        return Err(fault(
            "there is nothing to put under the glass".into(),
            "Write the heap's scenario, then the pool's.",
        ));
    };
    let held = pool.blocks.iter().filter(|cell| **cell == Cell::InUse).count() as u32;
    let fits = |cell: &PoolCell| matches!(cell, PoolCell::Used { block_size, in_use, .. } if *block_size == pool.block_size && *in_use == held);
    let Some(number) = arena.pools.iter().position(fits).filter(|_| arena.pool_size == pool.pool_size) else {
        let what = format!("no pool of the arena has {held} blocks of {} bytes in use", pool.block_size);
        return Err(fault(what, "Let both scenarios have the same geometry, and end with such a pool."));
    };
    drawing.steps.push(under_the_glass(arena, number, pool, held));
    drawing.legend.extend([
        ("pool-in-use", "a block in use"),
        ("pool-free", "a free block, in its pool's list"),
        ("pool-untouched", "a block that was never touched"),
    ]);
    Ok(drawing)
}

fn last_arena(moment: &Moment) -> Result<Option<&ArenaPicture>, Fault> {
    let found = moment.pictures.iter().rev().find_map(|picture| match picture {
        Picture::Arena(arena) => Some(Ok(arena)),
        Picture::Heap(heap) => match &heap.arenas[..] {
            [] => None,
            [arena] => Some(Ok(arena)),
            many => Some(Err(many.len())),
        },
        _ => None,
    });
    found.transpose().map_err(|many| Fault {
        line: Some(moment.line),
        what: format!("the heap has {many} arenas, and this figure draws one"),
        remedy: "Let the script need less memory, or draw it with the kind `arenas`.".into(),
    })
}

fn told(arena: &ArenaPicture) -> String {
    let count = |wanted: fn(&PoolCell) -> bool| arena.pools.iter().filter(|cell| wanted(cell)).count();
    let out = count(|cell| matches!(cell, PoolCell::Used { .. } | PoolCell::Taken));
    let uncarved = count(|cell| *cell == PoolCell::Uncarved);
    let came = count(|cell| *cell == PoolCell::Free);
    let stack: Vec<_> = arena.stack.iter().map(u32::to_string).collect();
    let next = if stack.is_empty() { String::new() } else { format!(" (next out: {})", stack.join(", ")) };
    format!("Of {} pools: {out} out, {came} came back{next}, {uncarved} never carved.", arena.pools.len())
}

/// The first zoom. In an arena alone the pools have numbers: what they serve is nobody's question there.
fn squares(arena: &ArenaPicture, alone: bool) -> Vec<Shape> {
    let whose = if alone { "an arena".to_string() } else { format!("arena {}", arena.index) };
    let mut name = format!("{whose}: {} pools of {} KiB", arena.pools.len(), arena.pool_size >> 10);
    if arena.lost > 0 {
        name.push_str(&format!("; {} bytes in front of the first are lost", arena.lost));
    }
    let mut shapes = vec![words("first", "note", (1.0, 12.0), Anchor::Start, name)];
    for (place, cell) in arena.pools.iter().enumerate() {
        let (left, top) = corner(place);
        let key = |what: &str| format!("pool {place}{what}");
        let middle = (left + SIDE / 2.0, top + 20.0);
        shapes.push(rect(key(""), class(*cell), left + 1.5, top + 1.5, SIDE - 3.0, TALL - 3.0));
        match cell {
            PoolCell::Used { block_size, in_use, capacity } if !alone => {
                let above = (middle.0, top + 17.0);
                shapes.push(words(key("/says"), "small", above, Anchor::Middle, block_size.to_string()));
                let share = f64::from(*in_use) / f64::from((*capacity).max(1)) * (SIDE - 11.0);
                shapes.push(rect(key("/full"), "arena-out", left + 5.5, top + TALL - 9.0, share.max(1.0), 4.0));
            }
            PoolCell::Used { .. } | PoolCell::Taken => {
                shapes.push(words(key("/says"), "small", middle, Anchor::Middle, place.to_string()))
            }
            PoolCell::Free => {
                let turn = arena.stack.iter().position(|number| *number as usize == place);
                let text = turn.map_or(String::new(), |turn| format!("#{}", turn + 1));
                shapes.push(words(key("/says"), "small", middle, Anchor::Middle, text));
            }
            PoolCell::Uncarved | PoolCell::Lost => {}
        }
    }
    shapes
}

fn corner(place: usize) -> (f64, f64) {
    (1.0 + (place % COLUMNS) as f64 * SIDE, FIRST + (place / COLUMNS) as f64 * (TALL + 4.0))
}

/// All three zooms.
fn under_the_glass(arena: &ArenaPicture, number: usize, pool: &PoolPicture, held: u32) -> Step {
    let mut shapes = squares(arena, false);
    let (left, top) = corner(number);
    shapes.push(rect("zoomed", "map-zoomed", left, top, SIDE, TALL));
    glass(&mut shapes, "glass 1", (left, left + SIDE, top + TALL), (1.0, WIDTH - 1.0, SECOND));
    let x = |place: usize| {
        let bytes = kit::pool::HEADER + pool.block_size * place as u32;
        1.0 + f64::from(bytes) / f64::from(pool.pool_size) * (WIDTH - 2.0)
    };
    shapes.push(rect("pool", "map-whole", 1.0, SECOND, WIDTH - 2.0, 26.0));
    runs(&mut shapes, pool, &x);
    let from = window(pool);
    let to = (from + WORDS).min(pool.blocks.len());
    glass(&mut shapes, "glass 2", (x(from), x(to), SECOND + 26.0), (1.0, 1.0 + (to - from) as f64 * BLOCK, THIRD));
    for (column, place) in (from..to).enumerate() {
        block(&mut shapes, pool, column, place);
    }
    let (pools, blocks, _) = in_use(arena);
    let free: Vec<_> = pool.free_list.iter().map(u32::to_string).collect();
    let sentence = format!(
        "{pools} of {} pools serve {}. Pool {number} has {} blocks of {} bytes: {held} in use, the free list is {}. \
         Blocks {from} to {} are shown in words.",
        arena.pools.len(),
        counted(blocks, "block"),
        pool.blocks.len(),
        pool.block_size,
        free.join(", "),
        to.max(1) - 1
    );
    Step { op: format!("pool {number} under the glass"), sentence, shapes, height: THIRD + 56.0 }
}

/// The two lines from what is small to what is large.
fn glass(shapes: &mut Vec<Shape>, key: &str, (a, b, top): (f64, f64, f64), (c, d, bottom): (f64, f64, f64)) {
    shapes.push(line(format!("{key} left"), "map-glass", &[(a, top), (c, bottom)]));
    shapes.push(line(format!("{key} right"), "map-glass", &[(b, top), (d, bottom)]));
}

/// The blocks to scale; neighbours in the same state are one stretch.
fn runs(shapes: &mut Vec<Shape>, pool: &PoolPicture, x: &dyn Fn(usize) -> f64) {
    let mut number = 0;
    while let Some(cell) = pool.blocks.get(number) {
        let length = pool.blocks[number..].iter().take_while(|next| *next == cell).count();
        let (left, right) = (x(number), x(number + length));
        shapes.push(rect(format!("run {number}"), cell_says(*cell).0, left, SECOND, right - left, 26.0));
        number += length;
    }
}

/// The class of a block's box, and its word.
fn cell_says(cell: Cell) -> (&'static str, &'static str) {
    match cell {
        Cell::InUse => ("pool-in-use", "in use"),
        Cell::Free => ("pool-free", "free"),
        Cell::Untouched => ("pool-untouched", "untouched"),
        Cell::Lost => ("pool-astray", "in no list"),
    }
}

/// The first of the blocks in words: around where the untouched ones begin, for there is something to see.
fn window(pool: &PoolPicture) -> usize {
    let edge = pool.untouched.map_or(pool.blocks.len(), |first| first as usize);
    edge.saturating_sub(WORDS - 2).min(pool.blocks.len().saturating_sub(WORDS))
}

fn block(shapes: &mut Vec<Shape>, pool: &PoolPicture, column: usize, place: usize) {
    let left = 1.0 + column as f64 * BLOCK;
    let (class, state) = cell_says(pool.blocks[place]);
    let middle = left + BLOCK / 2.0;
    shapes.push(rect(format!("block {place}"), class, left + 2.0, THIRD, BLOCK - 4.0, 50.0));
    let name = format!("block {place}");
    shapes.push(words(format!("block {place}/name"), "label", (middle, THIRD + 21.0), Anchor::Middle, name));
    shapes.push(words(format!("block {place}/state"), "state", (middle, THIRD + 39.0), Anchor::Middle, state));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(picture: Picture) -> Moment {
        Moment { line: 1, op: "op".into(), facts: Vec::new(), pictures: vec![picture], shown: None }
    }

    fn arena(cells: &[PoolCell], stack: &[u32]) -> ArenaPicture {
        let mut pools = cells.to_vec();
        pools.resize(64, PoolCell::Uncarved);
        ArenaPicture { index: 0, pool_size: 16384, lost: 0, pools, stack: stack.to_vec(), free_count: 0 }
    }

    fn pool(in_use: usize) -> PoolPicture {
        let blocks = [vec![Cell::InUse; in_use], vec![Cell::Free; 2], vec![Cell::Untouched; 29 - in_use]].concat();
        let (free_list, untouched) = (vec![in_use as u32, in_use as u32 + 1], Some(in_use as u32 + 2));
        PoolPicture { block_size: 512, pool_size: 16384, blocks, free_list, astray: false, untouched }
    }

    const FULL: PoolCell = PoolCell::Used { block_size: 512, in_use: 31, capacity: 31 };
    const USED: PoolCell = PoolCell::Used { block_size: 512, in_use: 20, capacity: 31 };

    #[test]
    fn the_stack_of_pools_that_came_back_is_numbered() {
        let now = arena(&[PoolCell::Free, PoolCell::Taken, PoolCell::Free], &[2, 0]);
        let step = draw(&[moment(Picture::Arena(now))]).unwrap().steps.pop().unwrap();
        assert_eq!(step.sentence, "Of 64 pools: 1 out, 2 came back (next out: 2, 0), 61 never carved.");
        let says = |key: &str| step.shapes.iter().find(|shape| shape.key == key).map(|shape| shape.form.clone());
        assert!(
            format!("{:?}", says("pool 2/says")).contains("#1") && format!("{:?}", says("pool 0/says")).contains("#2")
        );
    }

    #[test]
    fn three_zooms() {
        let drawing = zoom(&[moment(Picture::Arena(arena(&[FULL, USED], &[])))], &[moment(Picture::Pool(pool(20)))], 3);
        let step = drawing.unwrap().steps.pop().unwrap();
        let count = |class: &str| step.shapes.iter().filter(|shape| shape.class == class).count();
        assert_eq!((count("map-pool"), count("map-untouched"), count("map-glass")), (2, 62, 4));
        // A stretch for each state, and eight blocks in words.
        assert_eq!((count("pool-in-use"), count("pool-free"), count("pool-untouched")), (1 + 4, 1 + 2, 1 + 2));
        assert_eq!(step.op, "pool 1 under the glass");
        assert!(step.sentence.ends_with("20 in use, the free list is 20, 21. Blocks 16 to 23 are shown in words."));
        assert!(step.shapes.len() <= 600);
    }

    #[test]
    fn the_glass_needs_a_pool_that_is_there() {
        let heap = [moment(Picture::Arena(arena(&[FULL], &[])))];
        let fault = zoom(&heap, &[moment(Picture::Pool(pool(20)))], 3).unwrap_err();
        assert!(fault.what.contains("no pool of the arena has 20 blocks of 512") && fault.line == Some(3));
        assert!(zoom(&heap, &[], 3).is_err());
    }
}
