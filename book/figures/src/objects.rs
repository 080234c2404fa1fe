//! # Objects, and who refers to whom
//!
//! ```text
//!    variables
//!     |  |
//!   +---------+        +---------+
//!   | a       | -----> | b       |      young        [ a:1 ] [ b:0 ]
//!   | count 2 | <----- | count 1 |      unreachable  [ c ]
//!   |  kept   |        | examined|
//!   +---------+        +---------+
//! ```
//!
//! A box stays where it is, and when its object is dead an empty one is left. Where it is a line of the script says,
//! `# place a b - / c d`: two rows, nothing at `-`; two lines say the same. Whoever is not named there follows in the next row.

mod call;

use crate::figure::Drawing;
use crate::route::{self, BoxAt};
use crate::scenes::Scene;
use crate::svg::{Anchor, Shape, arrow, rect, words};
use crate::{Fault, WIDTH};
use kit::picture::{Life, ObjectPicture, ObjectsPicture, Picture};
use std::collections::{BTreeMap, BTreeSet};

/// The kind's name.
pub const KIND: &str = "objects";

/// Boxes in one row, and rows.
const COLUMNS: usize = 5;
const ROWS: usize = 4;
const WIDE: f64 = 112.0;
const HIGH: f64 = 62.0;
/// Of the line for a note.
const NOTE: f64 = 16.0;
/// From box to box, at most.
const PITCH: f64 = 190.0;
/// Between two rows of boxes.
const GAP: f64 = 54.0;
const LEFT: f64 = 4.0;
/// Above the first row: room for variables.
const TOP: f64 = 28.0;
const CHIP: f64 = 64.0;
const LISTS: f64 = 104.0;
/// Variables that are drawn one by one.
const MOST_HELD: u64 = 3;

/// A drawing of these scenes.
pub fn draw(scenes: &[Scene], script: &str) -> Result<Drawing, Fault> {
    let staged: Vec<(&Scene, &ObjectsPicture)> =
        scenes.iter().filter_map(|scene| Some((scene, staged(scene)?))).collect();
    if let Some((scene, _)) = staged.iter().find(|(_, now)| now.more > 0) {
        let remedy = "Let the script have fewer.".into();
        return Err(Fault { line: Some(scene.line), what: "there are more objects than are drawn".into(), remedy });
    }
    let places = places(&staged, script)?;
    let notes = staged.iter().any(|(_, now)| now.objects.iter().any(|object| !object.note.is_empty()));
    let lists = staged.iter().map(|(_, now)| now.lists.len()).max().unwrap_or(0);
    let waits = staged.iter().any(|(_, now)| !now.waiting.is_empty());
    let all: BTreeSet<String> = places.keys().cloned().collect();
    let stage = Stage { places, notes, lists, waits };
    let (mut steps, mut before, mut seen) = (Vec::new(), None, BTreeSet::new());
    for (scene, now) in &staged {
        let sentence = match scene.sentence(&all) {
            told if told.is_empty() => changes(before, now),
            told => told,
        };
        let sentence = [sentence, call::changes(before, now)].join(" ").trim().to_string();
        seen.extend(now.objects.iter().map(|object| object.name.clone()));
        steps.push(scene.step(sentence, stage.shapes(now, &seen)?, stage.height()));
        before = Some(*now);
    }
    Ok(Drawing { steps, width: WIDTH, legend: legend(&staged) })
}

fn staged(scene: &Scene) -> Option<&ObjectsPicture> {
    match &scene.picture {
        Picture::Objects(now) => Some(now),
        _ => None,
    }
}

/// Column and row of each object.
fn places(staged: &[(&Scene, &ObjectsPicture)], script: &str) -> Result<BTreeMap<String, (usize, usize)>, Fault> {
    let mut places = BTreeMap::new();
    let mut rows = 0;
    let wanted = || {
        script.lines().enumerate().filter_map(|(line, text)| Some((line + 1, text.trim().strip_prefix("# place ")?)))
    };
    let line = wanted().map(|(line, _)| line).next();
    for row in wanted().flat_map(|(_, text)| text.split('/')).filter(|row| !row.trim().is_empty()) {
        for (column, name) in row.split_whitespace().enumerate().filter(|(_, name)| *name != "-") {
            places.insert(name.to_string(), (column, rows));
        }
        rows += 1;
    }
    let mut next = 0;
    if staged.iter().any(|(_, now)| now.call.is_some()) {
        call::free_name(staged)?;
        places.entry(call::NAME.to_string()).or_insert((0, rows));
        next += 1;
    }
    for (_, now) in staged {
        for object in &now.objects {
            if !places.contains_key(&object.name) {
                places.insert(object.name.clone(), (next % COLUMNS, rows + next / COLUMNS));
                next += 1;
            }
        }
    }
    match places.values().all(|(column, row)| *column < COLUMNS && *row < ROWS) {
        true => Ok(places),
        false => Err(Fault {
            line,
            what: format!("its objects do not find room: there are {COLUMNS} boxes in a row, and {ROWS} rows"),
            remedy: "Let the script have fewer, or say where they are: `# place a b / c`.".into(),
        }),
    }
}

/// What changed, when nobody told it.
fn changes(before: Option<&ObjectsPicture>, now: &ObjectsPicture) -> String {
    let mut parts = Vec::new();
    let is_examined = |object: &&ObjectPicture| object.left.is_some();
    if now.objects.iter().any(|object| is_examined(&object)) && before.is_none_or(|old| old.lists.is_empty()) {
        let all = now.objects.iter().filter(is_examined).all(|object| object.left == object.refs);
        parts.push(match all {
            true => "The collection begins: what is left to explain is, at first, the whole count.".to_string(),
            false => "The collection has taken away what comes from inside: what is left comes from outside.".into(),
        });
        return parts.join(" ");
    }
    let mut new: Vec<(&String, String)> = Vec::new();
    for object in &now.objects {
        let count = object.refs.map_or("no count: it is immortal".into(), |refs| format!("count {refs}"));
        match before.and_then(|old| old.objects.iter().find(|other| other.name == object.name)) {
            None => new.push((&object.name, count)),
            Some(old) if old.refs != object.refs => parts.push(format!("`{}` has {count} now.", object.name)),
            Some(_) => {}
        }
    }
    if let Some((_, count)) = new.first() {
        let named: Vec<String> = new.iter().map(|(name, _)| format!("`{name}`")).collect();
        let verb = if new.len() == 1 { "is" } else { "are" };
        let each = if new.len() == 1 { "" } else { " each" };
        parts.insert(0, format!("{} {verb} new, with {count}{each}.", named.join(", ")));
    }
    match parts.is_empty() {
        true if !call::gone(before, now).is_empty() => String::new(),
        true => "No count changes.".into(),
        false => parts.join(" "),
    }
}

/// What all steps have in common.
struct Stage {
    places: BTreeMap<String, (usize, usize)>,
    notes: bool,
    lists: usize,
    waits: bool,
}

impl Stage {
    fn high(&self) -> f64 {
        if self.notes { HIGH + NOTE } else { HIGH }
    }

    fn pitch(&self) -> f64 {
        let gaps = self.places.values().map(|(column, _)| *column).max().unwrap_or(0).max(1);
        ((WIDTH - 2.0 * LEFT - WIDE - 20.0) / gaps as f64).min(PITCH)
    }

    fn rows_end(&self) -> f64 {
        let rows = self.places.values().map(|(_, row)| row + 1).max().unwrap_or(0) as f64;
        TOP + rows * (self.high() + GAP) - GAP + 26.0
    }

    fn height(&self) -> f64 {
        self.rows_end() + (self.lists + usize::from(self.waits)) as f64 * 36.0
    }

    fn at(&self, name: &str) -> Option<BoxAt> {
        let (column, row) = *self.places.get(name)?;
        let (x, y) = (LEFT + column as f64 * self.pitch(), TOP + row as f64 * (self.high() + GAP));
        Some(BoxAt { x, y, width: WIDE, height: self.high() })
    }

    fn shapes(&self, now: &ObjectsPicture, seen: &BTreeSet<String>) -> Result<Vec<Shape>, Fault> {
        let mut shapes = Vec::new();
        let here = |name: &str| now.objects.iter().any(|object| object.name == name);
        for (name, at) in seen.iter().filter(|name| !here(name)).filter_map(|name| Some((name, self.at(name)?))) {
            shapes.push(rect(name.clone(), "scene-gone", at.x, at.y, at.width, at.height));
            shapes.push(words(format!("{name}/name"), "note", at.line(18.0), Anchor::Middle, name.clone()));
            shapes.push(words(format!("{name}/state"), "note", at.line(53.0), Anchor::Middle, "gone"));
        }
        for object in &now.objects {
            self.object(&mut shapes, object, now.chain.contains(&object.name));
        }
        self.arrows(&mut shapes, now);
        self.call(&mut shapes, now);
        for (place, (name, members)) in now.lists.iter().enumerate() {
            self.list(&mut shapes, place, name, members)?;
        }
        if self.waits {
            self.list(&mut shapes, self.lists, "trashcan", &now.waiting)?;
        }
        Ok(shapes)
    }

    fn object(&self, shapes: &mut Vec<Shape>, object: &ObjectPicture, chained: bool) {
        let Some(at) = self.at(&object.name) else { return };
        let name = &object.name;
        let (class, state) = look(object.life);
        if chained {
            let frame = (at.x - 4.0, at.y - 4.0, at.width + 8.0, at.height + 8.0);
            shapes.push(rect(format!("{name}/chain"), "scene-chain", frame.0, frame.1, frame.2, frame.3));
        }
        shapes.push(rect(name.clone(), class, at.x, at.y, at.width, at.height));
        shapes.push(words(format!("{name}/name"), "label", at.line(18.0), Anchor::Middle, name.clone()));
        let count = match (object.refs, object.left) {
            (None, _) => "immortal".to_string(),
            (Some(refs), None) => format!("count {refs}"),
            (Some(refs), Some(left)) => format!("{refs}, left {left}"),
        };
        shapes.push(words(format!("{name}/count"), "field", at.line(36.0), Anchor::Middle, count));
        for (key, below, text) in [("state", 53.0, state), ("note", 69.0, object.note)] {
            if !text.is_empty() {
                shapes.push(words(format!("{name}/{key}"), "small", at.line(below), Anchor::Middle, text));
            }
        }
        for number in 0..object.held.min(MOST_HELD) {
            let x = at.x + 34.0 + 18.0 * number as f64;
            shapes.push(arrow(
                format!("held {name} {number}"),
                "scene-held-arrow",
                &[(x, at.y - 22.0), (x, at.y - 2.0)],
            ));
        }
        if object.held > MOST_HELD {
            let place = (at.x + 34.0 + 18.0 * MOST_HELD as f64, at.y - 8.0);
            shapes.push(words(
                format!("held {name} more"),
                "small",
                place,
                Anchor::Start,
                format!("{} in all", object.held),
            ));
        }
    }

    fn arrows(&self, shapes: &mut Vec<Shape>, now: &ObjectsPicture) {
        let boxes: Vec<BoxAt> = self.places.keys().filter_map(|name| self.at(name)).collect();
        for object in &now.objects {
            let chained = |to: &str| now.chain.windows(2).any(|pair| pair[0] == object.name && pair[1] == *to);
            let mut drawn: BTreeMap<&str, usize> = BTreeMap::new();
            let strong = object.refers_to.iter().map(|to| (to, false));
            for (to, weak) in strong.chain(object.looks_at.iter().map(|to| (to, true))) {
                let alive = now.objects.iter().any(|other| other.name == *to);
                let (Some(from_at), Some(to_at)) = (self.at(&object.name), self.at(to).filter(|_| alive)) else {
                    continue;
                };
                let nth = drawn.entry(to).or_default();
                let class = match (weak, chained(to)) {
                    (true, _) => "scene-weak-arrow",
                    (false, true) => "scene-chain-arrow",
                    (false, false) if object.life == Life::Dying => "scene-dropped-arrow",
                    (false, false) => "scene-arrow",
                };
                let key = format!("{} to {to} {nth}", object.name);
                shapes.push(arrow(key, class, &route::between(from_at, to_at, *nth, &boxes)));
                *nth += 1;
            }
        }
    }

    fn list(&self, shapes: &mut Vec<Shape>, place: usize, name: &str, members: &[String]) -> Result<(), Fault> {
        let y = self.rows_end() + 36.0 * place as f64;
        shapes.push(words(format!("list {name}"), "label", (LEFT, y + 19.0), Anchor::Start, name));
        if LISTS + members.len() as f64 * CHIP > WIDTH {
            let what = format!("{} objects are in the list `{name}`, and it has room for 9", members.len());
            return Err(Fault { line: None, what, remedy: "Let the script have fewer.".into() });
        }
        for (number, member) in members.iter().enumerate() {
            let x = LISTS + number as f64 * CHIP;
            let key = member.split(':').next().unwrap_or(member);
            shapes.push(rect(format!("in a list {key}"), "scene-listed", x, y, CHIP - 8.0, 28.0));
            let middle = (x + CHIP / 2.0 - 4.0, y + 18.0);
            shapes.push(words(format!("in a list {key}/name"), "field", middle, Anchor::Middle, key));
        }
        if members.is_empty() {
            shapes.push(words(format!("list {name}/none"), "note", (LISTS, y + 18.0), Anchor::Start, "empty"));
        }
        Ok(())
    }
}

/// Class and words of a state.
fn look(life: Life) -> (&'static str, &'static str) {
    match life {
        Life::Alive => ("scene-alive", ""),
        Life::Examined => ("scene-examined", "examined"),
        Life::Aside => ("scene-aside", "set aside"),
        Life::Kept => ("scene-kept", "kept"),
        Life::Finalized => ("scene-finalized", "set aside"),
        Life::Dying => ("scene-dying", "dying"),
        Life::Waiting => ("scene-waiting", "waiting"),
    }
}

/// What is there to see.
fn legend(staged: &[(&Scene, &ObjectsPicture)]) -> Vec<(&'static str, &'static str)> {
    let any = |is: &dyn Fn(&ObjectPicture) -> bool| staged.iter().any(|(_, now)| now.objects.iter().any(is));
    let life = |life: Life| any(&|object| object.life == life);
    let all: BTreeSet<&str> =
        staged.iter().flat_map(|(_, now)| &now.objects).map(|object| object.name.as_str()).collect();
    let gone = staged.last().is_some_and(|(_, now)| now.objects.len() < all.len());
    let calls = staged.iter().any(|(_, now)| now.call.is_some());
    let entries = [
        (life(Life::Alive), "scene-alive", "an object"),
        (life(Life::Examined), "scene-examined", "examined by a collection: its count, and what is left to explain"),
        (life(Life::Kept), "scene-kept", "kept by the collection"),
        (life(Life::Aside), "scene-aside", "set aside by the collection"),
        (life(Life::Finalized), "scene-finalized", "the same, and its finalizer ran"),
        (life(Life::Dying), "scene-dying", "its count is 0, and it drops what it holds"),
        (life(Life::Waiting), "scene-waiting", "its count is 0, and it waits in the trashcan"),
        (gone, "scene-gone", "gone"),
        (
            any(&|object| object.held > 0),
            "scene-held-arrow",
            "held from outside: by a variable, or by the runtime for a moment",
        ),
        (
            any(&|object| !object.refers_to.is_empty()),
            "scene-arrow",
            if calls { "owns, and is counted" } else { "refers to" },
        ),
        (
            any(&|object| object.life == Life::Dying && !object.refers_to.is_empty()),
            "scene-dropped-arrow",
            "the same, of one that is dying",
        ),
        (any(&|object| object.looks_at.is_some()), "scene-weak-arrow", "refers to weakly"),
        (staged.iter().any(|(_, now)| !now.chain.is_empty()), "scene-chain-arrow", "the shortest chain from outside"),
        (calls, "scene-call", "what runs: a function, or its caller"),
        (calls, "scene-borrowed-arrow", "borrows, and is not counted"),
    ];
    entries.into_iter().filter_map(|(there, class, meaning)| there.then_some((class, meaning))).collect()
}
