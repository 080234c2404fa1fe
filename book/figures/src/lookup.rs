//! # Looking an address up
//!
//! ```text
//!   bits 63-49         bits 48-34         bits 33-20        bits 19-0
//!   000000000000000    000000000000001    00000000000011    0000 0010 0000 0000 0000     the address
//!        0                  1                  3                 0x2000
//!        v                  v                  v
//!   root           .-> middle node    .-> bottom node
//!    | 0  ------------'  | 1  ------------'  | 3: ENDS 0x4000 STARTS 0x4001
//!
//!   the cell  |#####|~~~~~~~~~~~~~~~~|      below ENDS: the arena from the cell before; from STARTS - 1: this one's
//!               ^ 0x2000: ours
//! ```
//!
//! One look-up is a step for each level and one for the comparison; it ends where an entry is empty. Which operations
//! are look-ups, and what the map looks like in between, is `address_map`'s business.

use crate::WIDTH;
use crate::figure::Step;
use crate::svg::{Anchor, Shape, arrow, line, rect, words};
use kit::address_map::Shape as Bits;

const LEFT: f64 = 1.0;
const BIT: f64 = 9.6;
const GAP: f64 = 26.0;
const FIELDS: f64 = 22.0;
const NODES: f64 = 118.0;
const NODE: f64 = 150.0;
const ENTRY: f64 = 28.0;
const CELL: f64 = 262.0;
const HEIGHT: f64 = 318.0;

/// What a look-up meets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lookup {
    /// The address that is looked up.
    pub address: u64,
    /// How it is cut.
    pub bits: Bits,
    /// Whether the entry of the root leads to a middle node.
    pub middle: bool,
    /// Whether the middle node's entry leads to a bottom node.
    pub bottom: bool,
    /// `ENDS` and `STARTS` of the cell; 0 and 0 where there is no bottom node.
    pub cell: (u32, u32),
}

impl Lookup {
    /// The indices in the root, the middle node and the bottom node, and the offset in the cell.
    #[must_use]
    pub fn pieces(&self) -> [u64; 4] {
        let Bits { root, middle, bottom, offset } = self.bits;
        let cut = |below: u32, bits: u32| (self.address >> below) & ((1 << bits) - 1);
        [cut(offset + bottom + middle, root), cut(offset + bottom, middle), cut(offset, bottom), cut(0, offset)]
    }

    /// Whether the address is ours.
    #[must_use]
    pub fn holds(&self) -> bool {
        let offset = self.pieces()[3];
        let (ends, starts) = (u64::from(self.cell.0), u64::from(self.cell.1));
        self.bottom && (offset < ends || (starts > 0 && offset >= starts - 1))
    }

    /// How many nodes are walked: to an empty entry, or to the bottom.
    fn depth(&self) -> usize {
        1 + usize::from(self.middle) + usize::from(self.middle && self.bottom)
    }
}

const NAMES: [&str; 3] = ["root", "middle node", "bottom node"];

/// The steps of one look-up.
#[must_use]
pub fn steps(op: &str, look: &Lookup) -> Vec<Step> {
    let depth = look.depth();
    let comparing = if depth == 3 { 1 } else { 0 };
    let mut steps = Vec::new();
    for stage in 0..depth + comparing {
        let sentence = sentence(look, stage);
        steps.push(Step { op: op.to_string(), sentence, shapes: shapes(look, stage), height: HEIGHT });
    }
    steps
}

fn sentence(look: &Lookup, stage: usize) -> String {
    let pieces = look.pieces();
    let piece = pieces[stage];
    let (from, to) = ranges(look.bits)[stage];
    let there = [look.middle, look.bottom, true].get(stage).copied().unwrap_or(true);
    let starts = |text: String| format!("Bits {from} to {to} are {piece}: {text}");
    match stage {
        0 | 1 if there => starts(format!("entry {piece} of the {} leads to a {}.", NAMES[stage], NAMES[stage + 1])),
        0 | 1 => starts(format!("entry {piece} of the {} is empty. No arena is near: not ours.", NAMES[stage])),
        2 => starts(format!("entry {piece} of the bottom node is the cell. {}", told(look.cell))),
        _ => verdict(look),
    }
}

fn told((ends, starts): (u32, u32)) -> String {
    let before = match ends {
        0 => "No arena reaches into it from the cell before".to_string(),
        bytes => format!("An arena from the cell before covers its first {bytes:#x} bytes"),
    };
    let own = match starts {
        0 => "none begins in it".to_string(),
        one_more => format!("one begins at {:#x}", one_more - 1),
    };
    format!("{before}; {own}.")
}

fn verdict(look: &Lookup) -> String {
    let offset = look.pieces()[3];
    let (ends, starts) = (u64::from(look.cell.0), u64::from(look.cell.1));
    if offset < ends {
        return format!("Offset {offset:#x} is below {ends:#x}: ours, in the arena that began in the cell before.");
    }
    if starts > 0 && offset >= starts - 1 {
        return format!("Offset {offset:#x} is not below {:#x}: ours, in the arena that begins here.", starts - 1);
    }
    format!("Offset {offset:#x} lies in neither part: not ours.")
}

/// The highest and the lowest bit of each piece.
fn ranges(bits: Bits) -> [(u32, u32); 4] {
    let mut above = 64;
    [bits.root, bits.middle, bits.bottom, bits.offset].map(|width| {
        above -= width;
        (above + width - 1, above)
    })
}

fn shapes(look: &Lookup, stage: usize) -> Vec<Shape> {
    let mut shapes = vec![words(
        "address",
        "field",
        (LEFT, 10.0),
        Anchor::Start,
        format!("the address {:#x}, in bits", look.address),
    )];
    let centres = pieces(&mut shapes, look, stage);
    nodes(&mut shapes, look, stage, &centres);
    if stage >= 2 {
        cell(&mut shapes, look, stage);
    }
    shapes
}

/// The address in its four pieces. Gives the middle of each.
fn pieces(shapes: &mut Vec<Shape>, look: &Lookup, stage: usize) -> [f64; 4] {
    let mut left = LEFT;
    let mut centres = [0.0; 4];
    for (number, (from, to)) in ranges(look.bits).into_iter().enumerate() {
        let (count, piece) = ((from - to + 1) as usize, look.pieces()[number]);
        let width = count as f64 * BIT;
        let middle = left + width / 2.0;
        let key = |what: &str| format!("piece {number}{what}");
        let class = if number == stage { "address-now" } else { "address-piece" };
        shapes.push(rect(key(""), class, left, FIELDS, width, 26.0));
        let digits = format!("{piece:0count$b}");
        shapes.push(words(key("/bits"), "field", (middle, FIELDS + 17.0), Anchor::Middle, digits));
        let label = if number == 3 { format!("offset {piece:#x}") } else { format!("entry {piece}") };
        shapes.push(words(key("/name"), "label", (middle, FIELDS + 44.0), Anchor::Middle, label));
        centres[number] = middle;
        left += width + GAP;
    }
    centres
}

/// The nodes that were walked so far, each with the entry that counts.
fn nodes(shapes: &mut Vec<Shape>, look: &Lookup, stage: usize, centres: &[f64; 4]) {
    for level in 0..look.depth().min(stage + 1) {
        let (index, middle) = (look.pieces()[level], centres[level]);
        let left = (middle - NODE / 2.0).max(LEFT);
        let key = |what: &str| format!("node {level}{what}");
        let point = [(middle, FIELDS + 50.0), (middle, NODES - 22.0)];
        shapes.push(arrow(key("/index"), "address-index", &point));
        shapes.push(words(key("/name"), "label", (left, NODES - 6.0), Anchor::Start, NAMES[level]));
        for row in 0..3u64 {
            let top = NODES + row as f64 * ENTRY;
            let chosen = row == 1;
            let class = if chosen && level == stage { "address-now" } else { "address-entry" };
            shapes.push(rect(key(&format!("/{row}")), class, left, top, NODE, ENTRY));
            let text = match (row, level) {
                (1, 0) => format!("{index}: {}", if look.middle { "a middle node" } else { "None" }),
                (1, 1) => format!("{index}: {}", if look.bottom { "a bottom node" } else { "None" }),
                (1, _) => format!("{index}: {:#x} {:#x}", look.cell.0, look.cell.1),
                _ => "...".into(),
            };
            shapes.push(words(key(&format!("/{row}/says")), "field", (left + 8.0, top + 18.0), Anchor::Start, text));
        }
        let leads = [look.middle, look.bottom, false][level];
        if leads && stage > level {
            let (y, next) = (NODES + 1.5 * ENTRY, (centres[level + 1] - NODE / 2.0).max(LEFT));
            shapes.push(arrow(key("/child"), "address-arrow", &[(left + NODE, y), (next - 1.0, y)]));
        }
    }
}

/// The cell as a bar, with what of it belongs to arenas.
fn cell(shapes: &mut Vec<Shape>, look: &Lookup, stage: usize) {
    let whole = 1u64 << look.bits.offset;
    // Room for an arrow's head at either end.
    let wide = WIDTH - 12.0;
    let x = |bytes: u64| 6.0 + bytes as f64 / whole as f64 * wide;
    let (ends, starts) = (u64::from(look.cell.0), u64::from(look.cell.1));
    let begins = if starts > 0 { starts - 1 } else { whole };
    let note = format!("the cell: {whole:#x} bytes, of which ENDS and STARTS say whose they are");
    shapes.push(words("cell/name", "note", (LEFT, CELL - 10.0), Anchor::Start, note));
    let bars = [
        ("ends", "address-ours", 0, ends),
        ("gap", "address-not-ours", ends, begins),
        ("starts", "address-ours", begins, whole),
    ];
    for (name, class, from, to) in bars.into_iter().filter(|bar| bar.3 > bar.2) {
        shapes.push(rect(format!("cell/{name}"), class, x(from), CELL, x(to) - x(from), 24.0));
        let text = match name {
            "ends" => "the arena from before",
            "starts" => "the arena that begins here",
            _ => "nobody's",
        };
        if x(to) - x(from) > text.len() as f64 * 7.5 {
            let middle = ((x(from) + x(to)) / 2.0, CELL + 17.0);
            shapes.push(words(format!("cell/{name}/name"), "label", middle, Anchor::Middle, text));
        }
    }
    if stage < 3 {
        return;
    }
    let at = x(look.pieces()[3]);
    shapes.push(arrow("offset", "address-index", &[(at, CELL + 42.0), (at, CELL + 26.0)]));
    shapes.push(line("offset/foot", "address-index", &[(at, CELL + 42.0), (at, CELL + 44.0)]));
    let (place, anchor) = if at > WIDTH / 2.0 { (at - 8.0, Anchor::End) } else { (at + 8.0, Anchor::Start) };
    let text = format!("{:#x}: {}", look.pieces()[3], if look.holds() { "ours" } else { "not ours" });
    shapes.push(words("offset/name", "field", (place, CELL + 44.0), anchor, text));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cell 3 below entry 1 of the middle node: an arena ends at 0x4000, another begins there.
    fn look(address: u64) -> Lookup {
        Lookup { address, bits: Bits::of(1 << 20), middle: true, bottom: true, cell: (0x4000, 0x8001) }
    }

    const IN_CELL: u64 = (1 << 34) | (3 << 20);

    #[test]
    fn an_address_is_cut_into_four() {
        assert_eq!(look(IN_CELL | 0x2000).pieces(), [0, 1, 3, 0x2000]);
        assert_eq!(look(u64::MAX).pieces(), [0x7FFF, 0x7FFF, 0x3FFF, 0xF_FFFF]);
        assert_eq!(ranges(Bits::of(1 << 20)), [(63, 49), (48, 34), (33, 20), (19, 0)]);
    }

    #[test]
    fn both_ends_of_both_parts() {
        for (offset, ours) in [(0, true), (0x3FFF, true), (0x4000, false), (0x7FFF, false), (0x8000, true)] {
            let look = look(IN_CELL | offset);
            assert_eq!(look.holds(), ours, "{offset:#x}");
            let last = steps("holds", &look).pop().unwrap().sentence;
            assert_eq!(last.contains("not ours"), !ours, "{last}");
        }
    }

    #[test]
    fn a_look_up_ends_at_an_empty_entry() {
        let nothing = Lookup { middle: false, bottom: false, cell: (0, 0), ..look(IN_CELL) };
        let told: Vec<_> = steps("holds", &nothing).into_iter().map(|step| step.sentence).collect();
        assert_eq!(told, ["Bits 63 to 49 are 0: entry 0 of the root is empty. No arena is near: not ours."]);
        assert_eq!(steps("holds", &look(IN_CELL)).len(), 4);
    }
}
