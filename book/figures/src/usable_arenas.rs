//! # The usable arenas
//!
//! ```text
//!   FIRST --> +---------+ --> +---------+ --> +---------+
//!             | a       |     | c       |     | b       |
//!             | 1 free  |     | 3 free  |     | 3 free  |     in no list: d, all of its pools are out
//!             +---------+     +---------+     +---------+
//!                  ^                               ^
//!            last_with(1)                    last_with(3)
//! ```
//!
//! Fullest first, and for each number of free pools a finger on the last arena that has so many.

use crate::arenas::counted;
use crate::figure::{Drawing, Step};
use crate::moment::Moment;
use crate::svg::{Anchor, Shape, arrow, line, rect, words};
use crate::{Fault, WIDTH};
use kit::picture::{Picture, UsablePicture};

/// The kind's name.
pub const KIND: &str = "usable-arenas";

/// Arenas in one row.
const MOST: usize = 6;
const LEFT: f64 = 60.0;
const BOX: f64 = 88.0;
const PITCH: f64 = 106.0;
const TOP: f64 = 8.0;
const HEIGHT: f64 = 52.0;
const FINGERS: f64 = TOP + HEIGHT + 46.0;
const ASIDE: f64 = FINGERS + 22.0;

/// A drawing of these moments.
pub fn draw(moments: &[Moment]) -> Result<Drawing, Fault> {
    let mut steps = Vec::new();
    let mut before = UsablePicture::default();
    let mut aside: Vec<String> = Vec::new();
    for moment in moments {
        let now = moment.pictures.iter().rev().find_map(|picture| match picture {
            Picture::Usable(usable) => Some(usable),
            _ => None,
        });
        let full = full(&moment.op);
        let now = match now {
            Some(now) => now,
            None if !full.is_empty() || steps.is_empty() => &before.clone(),
            None => {
                moment.told(&mut steps);
                continue;
            }
        };
        aside.extend(full.iter().cloned());
        let mut sentence = changes(&before, now, &mut aside, &moment.facts);
        if !full.is_empty() {
            let verb = if full.len() == 1 { "has" } else { "have" };
            sentence = format!("{} {verb} no free pool, and is in no list. {sentence}", full.join(", "));
        }
        if now.arenas.len().max(aside.len()) > MOST {
            let what = format!("there are more than {MOST} arenas in a row");
            let remedy = "Let the script have fewer.".into();
            return Err(Fault { line: Some(moment.line), what, remedy });
        }
        let height = if aside.is_empty() { FINGERS + 10.0 } else { ASIDE + HEIGHT + 2.0 };
        steps.push(Step { op: moment.op.clone(), sentence, shapes: shapes(now, &aside), height });
        before = now.clone();
    }
    let legend = vec![
        ("arena-listed", "an arena with free pools, and how many"),
        ("arena-aside", "an arena without free pools, in no list"),
        ("usable-arrow", "`FIRST`, then each `NEXT_ARENA`"),
        ("usable-finger-arrow", "`last_with(n)`: the last arena with n free pools"),
    ];
    Ok(Drawing { steps, width: WIDTH, legend })
}

/// The arenas that `b c = full` brings.
fn full(op: &str) -> Vec<String> {
    match op.split_once('=') {
        Some((names, what)) if what.trim_start().starts_with("full") => {
            names.split([' ', ',']).filter(|name| !name.is_empty()).map(str::to_string).collect()
        }
        _ => Vec::new(),
    }
}

/// What changed, in words; keeps the names of those that are aside.
fn changes(before: &UsablePicture, now: &UsablePicture, aside: &mut Vec<String>, facts: &[String]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (is, (name, free)) in now.arenas.iter().enumerate() {
        let Some(was) = place(before, name) else {
            let again = aside.iter().position(|other| other == name).map(|found| aside.remove(found));
            parts.push(match again {
                Some(_) => format!("Arena {name} has a free pool again and goes to the front."),
                None => format!("Arena {name} is new in the list, with {free} free."),
            });
            continue;
        };
        let had = before.arenas[was].1;
        if had != *free {
            let verb = if had < *free { "got back" } else { "handed out" };
            let pools = counted(had.abs_diff(*free).into(), "pool");
            let right = before.arenas[was + 1..].iter().any(|(other, _)| place(now, other).is_some_and(|at| at < is));
            let moved = match is.checked_sub(1).filter(|_| right) {
                Some(left) => format!("moves behind {}", now.arenas[left].0),
                None => "stays where it is".into(),
            };
            parts.push(format!("Arena {name} {verb} {pools}, has {free} free and {moved}."));
        }
    }
    for (name, _) in before.arenas.iter().filter(|(name, _)| place(now, name).is_none()) {
        let back = format!("{name} goes back to the system");
        if facts.iter().any(|fact| fact.contains(&back)) {
            parts.push(format!("All pools of arena {name} are free, and it is not the last: its memory goes back."));
        } else {
            parts.push(format!("Arena {name} handed out its last free pool and leaves the list."));
            aside.push(name.clone());
        }
    }
    let order: Vec<_> = now.arenas.iter().map(|(name, free)| format!("{name} ({free})")).collect();
    parts.push(match &order[..] {
        [] => "No arena has a free pool.".into(),
        order => format!("Order, with free pools: {}.", order.join(", ")),
    });
    parts.join(" ")
}

fn place(list: &UsablePicture, name: &str) -> Option<usize> {
    list.arenas.iter().position(|(other, _)| other == name)
}

fn shapes(now: &UsablePicture, aside: &[String]) -> Vec<Shape> {
    let middle = TOP + HEIGHT / 2.0;
    let mut shapes = vec![words("first/name", "field", (0.0, middle - 8.0), Anchor::Start, "FIRST")];
    for (number, (name, free)) in now.arenas.iter().enumerate() {
        let left = LEFT + number as f64 * PITCH;
        let from = if number == 0 { 0.0 } else { left - PITCH + BOX };
        // The arrow belongs to the arena that it starts at.
        let key = if number == 0 { "first".into() } else { format!("next of {}", now.arenas[number - 1].0) };
        shapes.push(arrow(key, "usable-arrow", &[(from, middle), (left - 1.0, middle)]));
        one(&mut shapes, name, *free, "arena-listed", left, TOP);
    }
    if now.arenas.is_empty() {
        shapes.push(line("first", "usable-arrow", &[(0.0, middle), (LEFT - 14.0, middle)]));
        shapes.push(words("none/name", "field", (LEFT - 8.0, middle + 4.0), Anchor::Start, "None"));
    }
    for (free, name) in &now.last_with {
        let Some(number) = place(now, name) else { continue };
        let x = LEFT + number as f64 * PITCH + BOX / 2.0;
        let path = [(x, FINGERS - 14.0), (x, TOP + HEIGHT + 2.0)];
        shapes.push(arrow(format!("finger {free}"), "usable-finger-arrow", &path));
        let text = format!("last_with({free})");
        shapes.push(words(format!("finger {free}/name"), "field", (x, FINGERS), Anchor::Middle, text));
    }
    for (row, word) in ["in no", "list"].into_iter().enumerate().filter(|_| !aside.is_empty()) {
        let place = (0.0, ASIDE + HEIGHT / 2.0 - 4.0 + row as f64 * 16.0);
        shapes.push(words(format!("aside {row}"), "note", place, Anchor::Start, word));
    }
    for (number, name) in aside.iter().enumerate() {
        one(&mut shapes, name, 0, "arena-aside", LEFT + number as f64 * PITCH, ASIDE);
    }
    shapes
}

fn one(shapes: &mut Vec<Shape>, name: &str, free: u32, class: &'static str, left: f64, top: f64) {
    let key = |what: &str| format!("arena {name}{what}");
    let middle = left + BOX / 2.0;
    shapes.push(rect(key(""), class, left, top, BOX, HEIGHT));
    shapes.push(words(key("/name"), "label", (middle, top + 22.0), Anchor::Middle, format!("arena {name}")));
    shapes.push(words(key("/free"), "label", (middle, top + 41.0), Anchor::Middle, format!("{free} free")));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(arenas: &[(&str, u32)], fact: &str) -> Moment {
        let mut last_with: Vec<(u32, String)> = Vec::new();
        for (name, free) in arenas {
            last_with.retain(|(count, _)| count != free);
            last_with.push((*free, (*name).into()));
        }
        let arenas = arenas.iter().map(|(name, free)| ((*name).to_string(), *free)).collect();
        let pictures = vec![Picture::Usable(UsablePicture { arenas, last_with })];
        Moment { line: 1, op: "op".into(), facts: vec![fact.into()], pictures, shown: None }
    }

    /// What the last step of these lists says.
    fn said(lists: &[&[(&str, u32)]], fact: &str) -> String {
        let moments: Vec<_> = lists.iter().map(|list| moment(list, fact)).collect();
        draw(&moments).unwrap().steps.pop().unwrap().sentence
    }

    #[test]
    fn the_four_cases_in_words() {
        let start: &[(&str, u32)] = &[("a", 1), ("b", 2), ("c", 2)];
        let moved = said(&[start, &[("a", 1), ("c", 2), ("b", 3)]], "");
        assert!(moved.starts_with("Arena b got back 1 pool, has 3 free and moves behind c. Order"), "{moved}");
        let stays = said(&[start, &[("a", 1), ("b", 2), ("c", 3)]], "");
        assert!(stays.starts_with("Arena c got back 1 pool, has 3 free and stays where it is."), "{stays}");
        let out = said(&[start, &[("b", 2), ("c", 2)]], "");
        assert!(out.starts_with("Arena a handed out its last free pool and leaves the list."), "{out}");
        let again = said(&[start, &[("b", 2), ("c", 2)], start], "");
        assert!(again.starts_with("Arena a has a free pool again and goes to the front."), "{again}");
        let gone = said(&[start, &[("a", 1), ("c", 2)]], "a:1 c:2, b goes back to the system");
        assert!(gone.starts_with("All pools of arena b are free, and it is not the last"), "{gone}");
        assert!(said(&[start, &[]], "").ends_with("No arena has a free pool."));
    }

    #[test]
    fn a_finger_points_at_the_last_arena_of_its_number() {
        let step = draw(&[moment(&[("a", 1), ("b", 2), ("c", 2)], "")]).unwrap().steps.remove(0);
        let finger = step.shapes.iter().find(|shape| shape.key == "finger 2").unwrap();
        let x = LEFT + 2.0 * PITCH + BOX / 2.0;
        assert_eq!(finger.form, crate::svg::Form::Arrow(vec![(x, FINGERS - 14.0), (x, TOP + HEIGHT + 2.0)]));
        assert!(!step.shapes.iter().any(|shape| shape.key == "finger 3"));
    }

    #[test]
    fn seven_arenas_are_too_many() {
        let list: Vec<_> = ["a", "b", "c", "d", "e", "f", "g"].map(|name| (name, 1)).to_vec();
        assert!(draw(&[moment(&list, "")]).is_err());
    }
}
