//! # The race of allocators
//!
//! ```text
//!                      1/8   1/4   1/2    1     2
//!   ours                      #############| 0.20 (2.1 ns)
//!   mimalloc                     ##########| 0.31 (3.2 ns)
//!   system                                 # 1 (10.3 ns)
//!   slow                                   |#### 1.60 (16.5 ns)
//! ```
//!
//! A race was run and recorded; the figure only divides. The block's script names the record, a table with one
//! measurement a line, and who is the measure for the others:
//!
//! ```text
//! from runtime/benches/heap.csv       pattern,contender,nanoseconds_per_pair
//! measure system
//! ```
//!
//! Bars begin at the measure, on a scale of doublings: half and twice are as far from it.

use crate::figure::{Drawing, Step};
use crate::record::{self, Read, Record, unique};
use crate::svg::{Anchor, Shape, line, rect, words};
use crate::{Fault, WIDTH};

/// The kind's name.
pub const KIND: &str = "race";

const NAMES: f64 = 150.0;
const RIGHT: f64 = 130.0;
const ROW: f64 = 26.0;
const HEAD: f64 = 44.0;
const GAP: f64 = 30.0;
/// More rows than this are a table, not a picture.
const MOST: usize = 12;

/// One line of the record.
#[derive(Clone, PartialEq, Debug)]
pub struct Run {
    /// What was asked of the allocator.
    pub pattern: String,
    /// Which allocator.
    pub contender: String,
    /// Nanoseconds for a request and its return.
    pub nanoseconds: f64,
}

/// A drawing of the record that the script names; `read` gives a file of the project.
pub fn draw(script: &str, read: Read<'_>) -> Result<Drawing, Fault> {
    let record = record::read(script, read, "pattern,contender,nanoseconds_per_pair", "CONTENDER")?;
    let (number, measure) = record.measure.clone();
    let runs = runs(&record)?;
    let patterns = unique(runs.iter().map(|run| &run.pattern));
    let mut steps = Vec::new();
    for pattern in &patterns {
        let here: Vec<_> = runs.iter().filter(|run| run.pattern == *pattern).collect();
        let Some(base) = here.iter().find(|run| run.contender == measure) else {
            let what = format!("`{measure}` did not run `{pattern}`");
            let names = unique(here.iter().map(|run| &run.contender)).join(", ");
            return Err(Fault { line: Some(number), what, remedy: format!("Those who ran it: {names}.") });
        };
        if here.len() > MOST {
            let what = format!("`{pattern}` has {} contenders", here.len());
            return Err(Fault { line: None, what, remedy: format!("Let it have at most {MOST}.") });
        }
        steps.push(step(pattern, &here, base));
    }
    let legend = vec![
        ("race-bar", "quicker than the measure"),
        ("race-slower", "slower than the measure"),
        ("race-measure", "the measure"),
    ];
    Ok(Drawing { steps, width: WIDTH, legend })
}

fn runs(record: &Record) -> Result<Vec<Run>, Fault> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, fields) in &record.rows {
        let [pattern, contender, time] = &fields[..] else { continue };
        let nanoseconds = record::measured(time).ok_or_else(|| record.fault(*at, &format!("`{time}` is no time")))?;
        if runs.iter().any(|run| run.pattern == *pattern && run.contender == *contender) {
            return Err(record.fault(*at, &format!("`{contender}` ran `{pattern}` twice")));
        }
        runs.push(Run { pattern: pattern.clone(), contender: contender.clone(), nanoseconds });
    }
    Ok(runs)
}

fn step(pattern: &str, runs: &[&Run], base: &Run) -> Step {
    let ratio = |run: &Run| run.nanoseconds / base.nanoseconds;
    let mut order = runs.to_vec();
    order.sort_by(|a, b| a.nanoseconds.total_cmp(&b.nanoseconds));
    let told: Vec<_> = order
        .iter()
        .map(|run| match run.contender == base.contender {
            true => format!("{} 1 ({} ns)", run.contender, time(run.nanoseconds)),
            false => format!("{} {:.2} ({} ns)", run.contender, ratio(run), time(run.nanoseconds)),
        })
        .collect();
    let sentence = format!("As ratios to {}, quickest first: {}.", base.contender, told.join(", "));
    // The scale is whole doublings, and the measure is inside.
    let low = order.iter().map(|run| ratio(run).log2().floor()).fold(-1.0, f64::min);
    let high = order.iter().map(|run| ratio(run).log2().ceil()).fold(1.0, f64::max);
    let x = |ratio: f64| NAMES + (ratio.log2() - low) / (high - low) * (WIDTH - NAMES - RIGHT);
    let bottom = HEAD + order.len() as f64 * ROW;
    let mut shapes = scale(low as i32, high as i32, &x, bottom);
    for (row, run) in order.iter().enumerate() {
        bar(&mut shapes, HEAD + row as f64 * ROW, run, ratio(run), base, &x);
    }
    Step { op: pattern.to_string(), sentence, shapes, height: bottom + GAP - 16.0 }
}

fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        few if few < 100.0 => format!("{few:.1}"),
        many => format!("{many:.0}"),
    }
}

fn scale(low: i32, high: i32, x: &dyn Fn(f64) -> f64, bottom: f64) -> Vec<Shape> {
    let mut shapes = vec![words("scale/name", "note", (0.0, 14.0), Anchor::Start, "to the left is quicker")];
    let each = (high - low) / 8 + 1;
    for power in (low..=high).filter(|power| power % each == 0) {
        let at = x(2f64.powi(power));
        let name = if power < 0 { format!("1/{}", 1u64 << -power) } else { format!("{}", 1u64 << power) };
        let class = if power == 0 { "race-one" } else { "race-line" };
        shapes.push(line(format!("scale {power}"), class, &[(at, 32.0), (at, bottom)]));
        shapes.push(words(format!("scale {power}/name"), "label", (at, 27.0), Anchor::Middle, name));
    }
    shapes
}

fn bar(shapes: &mut Vec<Shape>, top: f64, run: &Run, ratio: f64, base: &Run, x: &dyn Fn(f64) -> f64) {
    let name = &run.contender;
    let class = match (run.contender == base.contender, ratio > 1.0) {
        (true, _) => "race-measure",
        (false, true) => "race-slower",
        _ => "race-bar",
    };
    let key = |what: &str| format!("{name}{what}");
    shapes.push(words(key("/name"), "label", (NAMES - 10.0, top + 16.0), Anchor::End, name.clone()));
    let (left, right) = (x(ratio).min(x(1.0)) - 2.0, x(ratio).max(x(1.0)) + 2.0);
    shapes.push(rect(key(""), class, left, top + 4.0, right - left, ROW - 8.0));
    let text = match class {
        "race-measure" => format!("1 ({} ns)", time(run.nanoseconds)),
        _ => format!("{ratio:.2} ({} ns)", time(run.nanoseconds)),
    };
    shapes.push(words(key("/time"), "field", (right + 6.0, top + 16.0), Anchor::Start, text));
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = "pattern,contender,nanoseconds_per_pair\n# two runs\nlifo,system,10\nlifo,ours,2.5\nlifo,other,40\nfifo,ours,9\nfifo,system,9\n";

    fn drawn(record: &str, script: &str) -> Result<Drawing, Fault> {
        draw(script, &|path| if path == "a.csv" { Ok(record.to_string()) } else { Err(format!("{path} is not there")) })
    }

    #[test]
    fn ratios_in_words_and_bars() {
        let drawing = drawn(RECORD, "from a.csv\nmeasure system\n").unwrap();
        let [lifo, fifo] = &drawing.steps[..] else { panic!("{:?}", drawing.steps) };
        assert_eq!(lifo.op, "lifo");
        let wanted =
            "As ratios to system, quickest first: ours 0.25 (2.5 ns), system 1 (10.0 ns), other 4.00 (40.0 ns).";
        assert_eq!(lifo.sentence, wanted);
        let width = |key: &str| match lifo.shapes.iter().find(|shape| shape.key == key).map(|shape| &shape.form) {
            Some(crate::svg::Form::Box { width, .. }) => *width,
            other => panic!("{other:?}"),
        };
        // A quarter is as far from the measure as four times.
        assert!((width("other") - width("ours")).abs() < 0.01 && width("system") < 5.0);
        assert!(fifo.sentence.contains("ours 1.00 (9.0 ns), system 1 (9.0 ns)"), "{}", fifo.sentence);
    }

    #[test]
    fn a_record_that_is_wrong_is_refused_with_its_line() {
        let what = |record: &str, script: &str| drawn(record, script).unwrap_err().what;
        assert!(what("lifo,ours\n", "from a.csv\nmeasure ours").contains("a.csv:1: 2 fields, where there should be 3"));
        assert!(what("lifo,ours,0\n", "from a.csv\nmeasure ours").contains("`0` is no time"));
        assert!(what("lifo,ours,1\nlifo,ours,2\n", "from a.csv\nmeasure ours").contains("a.csv:2:"));
        assert!(what("", "from a.csv\nmeasure ours").contains("no measurement"));
        assert!(what(RECORD, "from b.csv").contains("b.csv is not there"));
        assert!(what(RECORD, "from a.csv").contains("names no measure"));
        assert!(what(RECORD, "measure ours").contains("names no record"));
        assert_eq!(drawn(RECORD, "from a.csv\n\nmeasure nobody").unwrap_err().line, Some(3));
        assert!(drawn(RECORD, "from a.csv\nmeasure nobody").unwrap_err().remedy.contains("system, ours, other"));
    }
}
