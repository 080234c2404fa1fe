//! # The map of addresses
//!
//! ```text
//!   cell 5                 cell 6                 cell 7
//!   |.......~~~~~~~~~~~~~~~|#######...............|......................|
//!           STARTS 0x4001   ENDS 0x4000
//! ```
//!
//! What comes and goes is drawn as cells side by side; `ask CELL OFFSET` is a look-up and becomes the steps of
//! [`crate::lookup`].

use crate::figure::{Drawing, Step};
use crate::lookup::{self, Lookup};
use crate::moment::Moment;
use crate::svg::{Anchor, Shape, rect, words};
use crate::{Fault, WIDTH};
use kit::address_map::Shape as Bits;
use kit::picture::{MapPicture, Picture};
use std::collections::BTreeSet;

/// The kind's name.
pub const KIND: &str = "address-map";

/// Cells in one row.
const MOST: usize = 5;
const PITCH: f64 = WIDTH / MOST as f64;
const TOP: f64 = 24.0;
const TALL: f64 = 30.0;
const HEIGHT: f64 = 100.0;

/// A drawing of these moments.
pub fn draw(moments: &[Moment]) -> Result<Drawing, Fault> {
    let bits =
        Bits::of(if moments.first().is_some_and(|moment| moment.op.contains("classic")) { 256 << 10 } else { 1 << 20 });
    let mut steps: Vec<Step> = Vec::new();
    let mut now = MapPicture::default();
    // Nodes stay when the last arena below them goes.
    let (mut middles, mut bottoms) = (BTreeSet::new(), BTreeSet::new());
    for moment in moments {
        let map = moment.pictures.iter().rev().find_map(|picture| match picture {
            Picture::Map(map) => Some(map),
            _ => None,
        });
        if let Some(map) = map {
            now = map.clone();
            bottoms.extend(now.cells.iter().map(|cell| cell.0 >> bits.bottom));
            middles.extend(now.cells.iter().map(|cell| cell.0 >> bits.bottom >> bits.middle));
        }
        if let Some(address) = address(moment, bits) {
            let cell = address >> bits.offset;
            let (bottom, middle) = (cell >> bits.bottom, cell >> bits.bottom >> bits.middle);
            let entry = now.cells.iter().find(|entry| entry.0 == cell).map_or((0, 0), |entry| (entry.1, entry.2));
            let (middle, bottom) = (middles.contains(&middle), bottoms.contains(&bottom));
            let look = Lookup { address, bits, middle, bottom, cell: entry };
            // The runtime was asked, too: what is drawn is what it said.
            if moment.facts.first().is_some_and(|fact| (fact == "yes") != look.holds()) {
                let what = format!("`{}`: the map says {}, and its cells say otherwise", moment.op, moment.facts[0]);
                return Err(Fault { line: Some(moment.line), what, remedy: "Mend the figure's kind.".into() });
            }
            steps.extend(lookup::steps(&moment.op, &look));
        } else if map.is_some() {
            steps.push(cells(moment, &now, bits)?);
        } else {
            moment.told(&mut steps);
        }
    }
    let legend = vec![
        ("address-piece", "a piece of the address"),
        ("address-now", "what this step looks at"),
        ("address-ours", "bytes of a cell that belong to an arena"),
        ("address-not-ours", "bytes of a cell that belong to nobody we know"),
        ("address-arrow", "`CHILD`: the node below"),
    ];
    Ok(Drawing { steps, width: WIDTH, legend })
}

/// The address that `ask CELL OFFSET` looks up; `ask a` asks for many, which are told and not drawn.
fn address(moment: &Moment, bits: Bits) -> Option<u64> {
    let [ask, cell, offset] = moment.op.split_whitespace().collect::<Vec<_>>()[..] else { return None };
    let cell = if cell == "last" { u64::MAX >> bits.offset } else { cell.parse().ok()? };
    (ask == "ask").then_some((cell << bits.offset) + offset.parse::<u64>().ok()?)
}

/// The cells that say something, side by side.
fn cells(moment: &Moment, now: &MapPicture, bits: Bits) -> Result<Step, Fault> {
    let mut numbers: Vec<u64> = now.cells.iter().map(|cell| cell.0).collect();
    numbers.sort_unstable();
    if numbers.len() > MOST {
        let what = format!("{} cells say something, and a picture has room for {MOST}", numbers.len());
        return Err(Fault { line: Some(moment.line), what, remedy: "Let the script have fewer arenas.".into() });
    }
    let mut shapes = Vec::new();
    for (column, number) in numbers.iter().enumerate() {
        let entry = now.cells.iter().find(|cell| cell.0 == *number).map_or((0, 0), |cell| (cell.1, cell.2));
        one(&mut shapes, column as f64 * PITCH, *number, entry, bits);
    }
    let [root, middle, bottom] = now.nodes;
    let told: Vec<_> = now
        .cells
        .iter()
        .map(|(number, ends, starts)| format!("cell {number} has ENDS {ends:#x} and STARTS {starts:#x}"))
        .collect();
    let told = if told.is_empty() { "no cell says anything".into() } else { told.join(", ") };
    let sentence = format!("Nodes: {root} root, {middle} middle, {bottom} bottom; {told}.");
    Ok(Step { op: moment.op.clone(), sentence: moment.with_facts(&sentence), shapes, height: HEIGHT })
}

fn one(shapes: &mut Vec<Shape>, left: f64, number: u64, (ends, starts): (u32, u32), bits: Bits) {
    let (whole, wide) = ((1u64 << bits.offset) as f64, PITCH - 8.0);
    let key = |what: &str| format!("cell {number}{what}");
    let x = |bytes: u32| left + f64::from(bytes) / whole * wide;
    let begins = if starts > 0 { starts - 1 } else { 1 << bits.offset };
    shapes.push(words(key(""), "label", (left, TOP - 8.0), Anchor::Start, key("")));
    for (part, class, from, to) in [
        ("/ends", "address-ours", 0, ends),
        ("/gap", "address-not-ours", ends, begins),
        ("/starts", "address-ours", begins, 1 << bits.offset),
    ] {
        if to > from {
            shapes.push(rect(key(part), class, x(from), TOP, x(to) - x(from), TALL));
        }
    }
    let fields = [("/ENDS", format!("ENDS {ends:#x}")), ("/STARTS", format!("STARTS {starts:#x}"))];
    for (row, (part, text)) in fields.into_iter().enumerate() {
        let place = (left, TOP + TALL + 18.0 + row as f64 * 17.0);
        shapes.push(words(key(part), "field", place, Anchor::Start, text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(op: &str, cells: &[(u64, u32, u32)]) -> Moment {
        let pictures = vec![Picture::Map(MapPicture { nodes: [1, 1, 1], cells: cells.to_vec() })];
        Moment { line: 1, op: op.into(), facts: Vec::new(), pictures, shown: None }
    }

    #[test]
    fn what_comes_is_cells_and_what_is_asked_is_a_walk() {
        let map = [(5, 0, 0x4001), (6, 0x4000, 0)];
        let moments =
            [moment("use address-map modern", &[]), moment("a = insert 5 16384", &map), moment("ask 6 16384", &map)];
        let steps = draw(&moments).unwrap().steps;
        assert_eq!(steps.len(), 2 + 4);
        assert!(steps[1].sentence.contains("cell 5 has ENDS 0x0 and STARTS 0x4001, cell 6 has ENDS 0x4000"));
        assert_eq!(steps[1].shapes.iter().filter(|shape| shape.class == "address-ours").count(), 2);
        assert_eq!(steps[5].sentence, "Offset 0x4000 lies in neither part: not ours.");
    }

    #[test]
    fn a_node_stays_when_its_arena_goes() {
        let moments = [moment("insert", &[(5, 0, 1)]), moment("remove", &[]), moment("ask 5 0", &[])];
        let steps = draw(&moments).unwrap().steps;
        assert_eq!(steps.last().unwrap().sentence, "Offset 0x0 lies in neither part: not ours.");
        let never = draw(&moments[1..]).unwrap().steps;
        assert!(never.last().unwrap().sentence.contains("entry 0 of the root is empty"));
    }

    #[test]
    fn what_the_runtime_says_must_be_what_is_drawn() {
        let asked = |fact: &str| Moment { facts: vec![fact.into()], ..moment("ask 5 0", &[(5, 0, 1)]) };
        assert!(draw(&[asked("yes")]).is_ok());
        assert!(draw(&[asked("no")]).unwrap_err().what.contains("the map says no"));
    }

    #[test]
    fn more_cells_than_a_row_are_refused() {
        let many: Vec<_> = (0..6).map(|number| (number, 0, 1)).collect();
        assert!(draw(&[moment("insert", &many)]).is_err());
    }
}
