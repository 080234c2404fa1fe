//! # Counting without a GIL: biased counts
//!
//! ```text
//!   thread a                    ob_tid          [ a ]
//!   does this  ---plainly---->  ob_ref_local    [ 2 ]
//!   thread b   ~~atomically~~>  ob_ref_shared   [ count 1 | 0 ]   the word: 4
//!                               in a's queue    [ no ]
//!                               references: 3
//! ```
//!
//! The script says what threads do with one object, a line each; [`model`] says what comes of it.
//!
//! ```text
//! owner a          the object is new: a owns it and has the one reference
//! a increfs        a or anybody else makes a reference ...
//! b decrefs        ... and drops one
//! b looks weakly   makes a weak reference
//! a merges         a does what was queued for it
//! a ends           the thread ends
//! ```

mod model;

use crate::figure::{Drawing, Step};
use crate::svg::{Anchor, Shape, arrow, rect, words};
use crate::{Fault, WIDTH, capital};
use model::{Counts, Write};

/// The kind's name.
pub const KIND: &str = "biased";

const THREADS: usize = 4;
const LEFT: f64 = 4.0;
const NAME: f64 = 250.0;
const FIELD: f64 = 372.0;
const WIDE: f64 = 250.0;
const ROW: f64 = 42.0;
const BOX: f64 = 30.0;
const TOP: f64 = 6.0;
const HEIGHT: f64 = TOP + 5.0 * ROW;

const LEGEND: [(&str, &str); 6] = [
    ("biased-field", "a word of the header, or a queue"),
    ("biased-written", "the same, written in this step"),
    ("biased-thread", "a thread"),
    ("biased-plain-arrow", "writes, as to any memory"),
    ("biased-atomic-arrow", "writes with an atomic instruction"),
    ("biased-dead", "the object is dead"),
];

/// A drawing of the script.
pub fn draw(script: &str) -> Result<Drawing, Fault> {
    let mut counts: Option<Counts> = None;
    let mut steps = Vec::new();
    let threads = threads(script);
    for (number, text) in (1..).zip(script.lines()) {
        let text = text.split('#').next().unwrap_or("").trim();
        let fault = |what: &str| {
            let remedy = "Write `owner a`, then `a increfs`, `b decrefs`, `b looks weakly`, `a merges` or `a ends`.";
            Fault { line: Some(number), what: what.into(), remedy: remedy.into() }
        };
        let words: Vec<_> = text.split_whitespace().collect();
        let (who, write, before) = match (&words[..], &mut counts) {
            ([], _) => continue,
            (["owner", name], None) => {
                counts = Some(Counts::new(name));
                (*name, Write::Nothing, None)
            }
            (_, None) => return Err(fault("nobody owns an object yet")),
            (_, Some(counts)) if counts.dead => return Err(fault("the object is dead")),
            ([who, rest @ ..], Some(counts)) => {
                let before = counts.clone();
                let write = did(counts, who, rest).map_err(|what| fault(&what))?;
                counts.validate();
                (*who, write, Some(before))
            }
        };
        let Some(now) = &counts else { continue };
        let sentence = sentence(before.as_ref(), now, who, &words, write);
        steps.push(Step { op: text.into(), sentence, shapes: shapes(&threads, now, who, write), height: HEIGHT });
    }
    if threads.len() > THREADS {
        let what = format!("it has {} threads", threads.len());
        return Err(Fault { line: None, what, remedy: format!("Let it have at most {THREADS}.") });
    }
    Ok(Drawing { steps, width: WIDTH, legend: LEGEND.to_vec() })
}

/// The threads in the order in which the script names them.
fn threads(script: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for line in script.lines().map(|line| line.split('#').next().unwrap_or("")) {
        let words: Vec<_> = line.split_whitespace().collect();
        let name = match words[..] {
            ["owner", name] | [name, ..] => name,
            [] => continue,
        };
        if !names.iter().any(|known| known == name) {
            names.push(name.into());
        }
    }
    names
}

fn did(counts: &mut Counts, who: &str, what: &[&str]) -> Result<Write, String> {
    if counts.has_ended(who) {
        return Err(format!("`{who}` has ended"));
    }
    match what {
        ["increfs" | "decrefs"] | ["looks", "weakly"] if counts.references == 0 => {
            Err("the program has no reference left: only the queue has one".into())
        }
        ["increfs"] => Ok(counts.incref(who)),
        ["decrefs"] => Ok(counts.decref(who)),
        ["looks", "weakly"] => Ok(counts.looks_weakly()),
        ["merges"] => Ok(counts.merge_queued(who)),
        ["ends"] => Ok(counts.ends(who)),
        _ => Err(format!("`{who} {}` is not understood", what.join(" "))),
    }
}

fn sentence(before: Option<&Counts>, now: &Counts, who: &str, words: &[&str], write: Write) -> String {
    let Some(before) = before else {
        return format!("The object is new. `{who}` owns it and has the one reference; {}", state(now));
    };
    let owns = before.owner.as_deref() == Some(who);
    let verb = words[1];
    let does = match (verb, write, owns) {
        ("increfs", Write::Local, _) => {
            format!("`{who}` owns it, and adds 1 to `ob_ref_local`: no atomic instruction.")
        }
        ("increfs", ..) if before.owner.is_none() => {
            format!("Nobody owns it: `{who}` adds 1 to `ob_ref_shared`, atomically.")
        }
        ("increfs", ..) => format!("`{who}` does not own it: it adds 1 to `ob_ref_shared`, atomically."),
        ("decrefs", Write::Local, _) => format!("`{who}` owns it, and takes 1 from `ob_ref_local`."),
        ("decrefs", Write::Merge, true) => {
            format!(
                "`{who}` owns it, and takes 1 from `ob_ref_local`. That was the last: it gives up the object, and from now on the shared count is all there is."
            )
        }
        ("decrefs", Write::Merge, _) => {
            format!(
                "`{who}` does not own it, and the shared count is 0. The owner has ended, so `{who}` merges the counts itself."
            )
        }
        ("decrefs", Write::Queue, _) => {
            let owner = before.owner.as_deref().unwrap_or_default();
            format!(
                "`{who}` does not own it, and the shared count is 0: only `{owner}` knows whether this was the last. It subtracts nothing, gives its reference to the queue of `{owner}`, and asks `{owner}` to merge."
            )
        }
        ("decrefs", ..) if before.owner.is_none() => {
            format!("Nobody owns it: `{who}` takes 1 from `ob_ref_shared`, atomically.")
        }
        ("decrefs", ..) => format!("`{who}` does not own it: it takes 1 from `ob_ref_shared`, atomically."),
        ("looks", Write::Nothing, _) => "The two bits say more already, and stay.".into(),
        ("looks", ..) => "A weak reference is made: the two bits say so.".into(),
        ("merges", Write::Nothing, _) => format!("Nothing is queued for `{who}`."),
        ("merges", ..) => {
            format!(
                "`{who}` comes to its queue: local and shared count become one, less the queue's reference, and nobody owns the object any more."
            )
        }
        ("ends", Write::Nothing, _) => format!("`{who}` ends; nothing is queued for it."),
        _ => format!("`{who}` ends, and does first what is queued for it: the counts are merged."),
    };
    format!("{does} {}", capital(&state(now)))
}

/// What the counts are, in words.
fn state(now: &Counts) -> String {
    if now.dead {
        return "the last reference is gone: the object dies.".into();
    }
    let queue = if now.queue.is_some() { ", one of them the queue's" } else { "" };
    let all = now.local + now.shared;
    format!(
        "local {}, shared {}: {}{queue}.",
        now.local,
        now.shared,
        crate::arenas::counted(all.unsigned_abs(), "reference")
    )
}

fn shapes(threads: &[String], now: &Counts, who: &str, write: Write) -> Vec<Shape> {
    let mut shapes = Vec::new();
    let written = |row: usize| match write {
        Write::Nothing => false,
        Write::Local => row == 1,
        Write::Shared => row == 2,
        Write::Queue => row == 2 || row == 3,
        Write::Merge => row < 3,
    };
    let queue = now.queue.as_ref().map_or("empty".into(), |queue| format!("the object, for {queue} to merge"));
    let rows = [
        ("ob_tid", now.owner.clone().unwrap_or("0: nobody owns it".into())),
        ("ob_ref_local", now.local.to_string()),
        ("ob_ref_shared", format!("{} | {}", now.shared, now.state.name())),
        ("queue", queue),
    ];
    for (row, (name, text)) in rows.into_iter().enumerate() {
        let y = TOP + row as f64 * ROW;
        let class = match (now.dead && row < 3, written(row)) {
            (true, _) => "biased-dead",
            (_, true) => "biased-written",
            _ => "biased-field",
        };
        let side = if row == 3 { "in the queue" } else { name };
        shapes.push(words(format!("{name}/name"), "field", (FIELD - 10.0, y + 20.0), Anchor::End, side));
        shapes.push(rect(name, class, FIELD, y, WIDE, BOX));
        shapes.push(words(format!("{name}/is"), "field", (FIELD + 10.0, y + 20.0), Anchor::Start, text));
    }
    let (x, y) = (FIELD + WIDE + 8.0, TOP + 2.0 * ROW + 20.0);
    shapes.push(words("word", "field", (x, y), Anchor::Start, format!("word {}", now.word())));
    let says = if now.dead { "The object is dead.".to_string() } else { capital(&state(now)) };
    shapes.push(words("sum", "label", (NAME, TOP + 4.0 * ROW + 18.0), Anchor::Start, says));
    for (place, name) in threads.iter().enumerate() {
        let y = TOP + place as f64 * ROW;
        shapes.push(rect(format!("thread {name}"), "biased-thread", LEFT, y, 130.0, BOX));
        let owns = now.owner.as_ref() == Some(name);
        let says = match (now.has_ended(name), owns) {
            (true, _) => format!("{name}, has ended"),
            (_, true) => format!("{name}, the owner"),
            _ => name.clone(),
        };
        shapes.push(words(format!("thread {name}/name"), "label", (LEFT + 65.0, y + 20.0), Anchor::Middle, says));
        if name == who {
            arrows(&mut shapes, name, y + BOX / 2.0, &written, write);
        }
    }
    shapes
}

/// From who acts to the words that it writes.
fn arrows(shapes: &mut Vec<Shape>, who: &str, y: f64, written: &dyn Fn(usize) -> bool, write: Write) {
    for row in (0..3).filter(|row| written(*row)) {
        // The owner's own words are written plainly.
        let class = if row == 2 { "biased-atomic-arrow" } else { "biased-plain-arrow" };
        let tip = TOP + row as f64 * ROW + BOX / 2.0;
        let points = [(LEFT + 132.0, y), (NAME, tip)];
        shapes.push(arrow(format!("{who} writes {row}"), class, &points));
    }
    if write == Write::Queue {
        let tip = TOP + 3.0 * ROW + BOX / 2.0;
        shapes.push(arrow(format!("{who} queues"), "biased-plain-arrow", &[(LEFT + 132.0, y), (NAME, tip)]));
    }
}
