//! # How long an answer takes beside threads that compute
//!
//! ```text
//!                            0.1 ms   1 ms    10 ms   100 ms
//!   interval 5 ms    CPython               |=##=|           5.4 ms
//!                    ours                  |=#=|            5.3 ms
//!   interval 1 ms    CPython        |=##=|                  1.4 ms
//! ```
//!
//! Latencies were measured and recorded; the figure divides, and measures nothing. A box goes from the tenth to the
//! ninetieth of a hundred answers, the mark in it is the median. A step is a number of threads that compute, and all
//! steps have one scale, of tens.

use crate::figure::{Drawing, Step};
use crate::record::{self, Read, Record, unique};
use crate::svg::{Anchor, Shape, line, rect, words};
use crate::{Fault, WIDTH};

/// The kind's name.
pub const KIND: &str = "latency";

const COLUMNS: &str = "side,cpu_threads,interval_us,p10_us,median_us,p90_us,count";
const NAMES: f64 = 210.0;
const RIGHT: f64 = 100.0;
const HEAD: f64 = 36.0;
const ROW: f64 = 24.0;
const GAP: f64 = 12.0;
/// More intervals than this are a table, not a picture.
const MOST: usize = 8;

/// One line of the record; times in microseconds.
#[derive(Clone, PartialEq, Debug)]
struct Run {
    side: String,
    threads: u64,
    interval: f64,
    low: f64,
    median: f64,
    high: f64,
}

/// A drawing of the record that the script names.
pub fn draw(script: &str, read: Read<'_>) -> Result<Drawing, Fault> {
    let record = record::read(script, read, COLUMNS, "SIDE")?;
    let mut runs = runs(&record)?;
    let (number, measure) = &record.measure;
    let sides = unique(runs.iter().map(|run| &run.side));
    if !sides.contains(measure) {
        let what = format!("`{measure}` was not measured");
        let remedy = format!("Those who were: {}.", sides.join(", "));
        return Err(Fault { line: Some(*number), what, remedy });
    }
    // The longest interval first; beside each other, the sides as the record has them.
    let side = |run: &Run| sides.iter().position(|side| *side == run.side);
    runs.sort_by(|one, other| {
        let order = one.threads.cmp(&other.threads).then(other.interval.total_cmp(&one.interval));
        order.then(side(one).cmp(&side(other)))
    });
    let low = runs.iter().map(|run| run.low.min(run.interval)).fold(f64::INFINITY, f64::min);
    let high = runs.iter().map(|run| run.high).fold(0.0, f64::max);
    let scale = Scale { low: low.log10().floor(), high: high.log10().ceil() };
    let mut steps = Vec::new();
    for here in runs.chunk_by(|one, other| one.threads == other.threads) {
        let intervals = here.chunk_by(|one, other| one.interval == other.interval).count();
        if intervals > MOST {
            let what = format!("{} threads have {intervals} intervals", here[0].threads);
            return Err(Fault { line: None, what, remedy: format!("Let them have at most {MOST}.") });
        }
        steps.push(step(here, measure, &scale));
    }
    let legend = vec![
        ("latency-measure", "from the tenth to the ninetieth of a hundred answers, of the measure"),
        ("latency-bar", "the same, of the other"),
        ("latency-median", "the median"),
        ("latency-interval", "the switch interval"),
    ];
    Ok(Drawing { steps, width: WIDTH, legend })
}

fn runs(record: &Record) -> Result<Vec<Run>, Fault> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, fields) in &record.rows {
        let number = |place: usize| {
            let number = record::measured(&fields[place]);
            number.ok_or_else(|| record.fault(*at, &format!("`{}` is no measurement", fields[place])))
        };
        let threads = fields[1].parse();
        let threads = threads.map_err(|_| record.fault(*at, &format!("`{}` is no number of threads", fields[1])))?;
        let (interval, low, median, high) = (number(2)?, number(3)?, number(4)?, number(5)?);
        if !(low <= median && median <= high) {
            return Err(record.fault(*at, "the tenth, the median and the ninetieth are not in order"));
        }
        let side = fields[0].clone();
        if runs.iter().any(|run| run.side == side && run.threads == threads && run.interval == interval) {
            return Err(record.fault(*at, &format!("`{side}` was measured twice")));
        }
        runs.push(Run { side, threads, interval, low, median, high });
    }
    Ok(runs)
}

/// A scale of tens; its ends are powers.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    fn x(&self, micros: f64) -> f64 {
        NAMES + (micros.log10() - self.low) / (self.high - self.low).max(1.0) * (WIDTH - NAMES - RIGHT)
    }

    fn shapes(&self, bottom: f64) -> Vec<Shape> {
        let mut shapes = vec![words("scale/name", "note", (4.0, 18.0), Anchor::Start, "an answer takes")];
        for power in self.low as i32..=self.high as i32 {
            let at = self.x(10f64.powi(power));
            shapes.push(line(format!("scale {power}"), "latency-line", &[(at, 24.0), (at, bottom)]));
            let text = time(10f64.powi(power));
            shapes.push(words(format!("scale {power}/name"), "small", (at, 18.0), Anchor::Middle, text));
        }
        shapes
    }
}

/// Microseconds in words: three digits at most.
fn time(micros: f64) -> String {
    let (number, unit) = match micros {
        few if few < 1000.0 => (few, "us"),
        many if many < 1e6 => (many / 1e3, "ms"),
        many => (many / 1e6, "s"),
    };
    let digits = match number {
        many if many >= 100.0 || many.fract() == 0.0 => 0,
        many if many >= 10.0 => 1,
        _ => 2,
    };
    format!("{number:.digits$} {unit}")
}

fn step(runs: &[Run], measure: &str, scale: &Scale) -> Step {
    let mut told = Vec::new();
    let mut shapes = Vec::new();
    let mut y = HEAD;
    for group in runs.chunk_by(|one, other| one.interval == other.interval) {
        let interval = time(group[0].interval);
        let base = group.iter().find(|run| run.side == measure);
        let mut sides = Vec::new();
        shapes.push(words(format!("interval {interval}"), "label", (4.0, y + 16.0), Anchor::Start, interval.clone()));
        let (at, high) = (scale.x(group[0].interval), group.len() as f64 * ROW);
        shapes.push(rect(format!("interval {interval}/mark"), "latency-interval", at - 1.5, y, 3.0, high));
        for run in group {
            let of = base.filter(|base| base.side != run.side).map(|base| run.median / base.median);
            let ratio = of.map_or(String::new(), |ratio| format!(", {ratio:.2} times as long"));
            let (low, high) = (time(run.low), time(run.high));
            sides.push(format!("{} {} ({low} to {high}){ratio}", run.side, time(run.median)));
            bar(&mut shapes, &interval, run, measure, scale, y);
            y += ROW;
        }
        told.push(format!("Interval {interval}: {}.", sides.join("; ")));
        y += GAP;
    }
    let threads = match runs[0].threads {
        0 => "nobody computes".to_string(),
        1 => "beside 1 thread that computes".to_string(),
        many => format!("beside {many} threads that compute"),
    };
    let mut all = scale.shapes(y - GAP + 2.0);
    all.append(&mut shapes);
    Step { op: threads, sentence: told.join(" "), shapes: all, height: y }
}

fn bar(shapes: &mut Vec<Shape>, interval: &str, run: &Run, measure: &str, scale: &Scale, y: f64) {
    let key = |what: &str| format!("{interval} {}{what}", run.side);
    let class = if run.side == measure { "latency-measure" } else { "latency-bar" };
    shapes.push(words(key("/name"), "small", (NAMES - 10.0, y + 16.0), Anchor::End, run.side.clone()));
    let (left, right) = (scale.x(run.low), scale.x(run.high));
    shapes.push(rect(key(""), class, left, y + 4.0, (right - left).max(3.0), ROW - 8.0));
    shapes.push(rect(key("/median"), "latency-median", scale.x(run.median) - 2.0, y + 2.0, 4.0, ROW - 4.0));
    shapes.push(words(key("/time"), "field", (right + 8.0, y + 16.0), Anchor::Start, time(run.median)));
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = "# where\nside,cpu_threads,interval_us,p10_us,median_us,p90_us,count\n\
        python,1,5000,5100,5400,6000,300\nours,1,5000,5000,5300,5500,300\n\
        python,1,1000,1100,1400,1500,300\nours,1,1000,1000,1300,1400,300\n\
        ours,0,5000,30,40.5,60,300\npython,0,5000,20,30,50,300\n";

    fn drawn(record: &str, script: &str) -> Result<Drawing, Fault> {
        draw(script, &|path| if path == "a.csv" { Ok(record.to_string()) } else { Err(format!("no {path}")) })
    }

    #[test]
    fn latencies_in_words_and_boxes() {
        let drawing = drawn(RECORD, "from a.csv\nmeasure python\n").unwrap();
        let [idle, busy] = &drawing.steps[..] else { panic!("{:?}", drawing.steps) };
        assert_eq!(idle.op, "nobody computes");
        assert_eq!(
            idle.sentence,
            "Interval 5 ms: python 30 us (20 us to 50 us); ours 40.5 us (30 us to 60 us), 1.35 times as long."
        );
        assert!(busy.sentence.starts_with("Interval 5 ms: python 5.40 ms (5.10 ms to 6 ms); ours 5.30 ms (5 ms to 5.50 ms), 0.98 times as long. Interval 1 ms: "), "{}", busy.sentence);
        let place = |step: &Step, key: &str| match step.shapes.iter().find(|shape| shape.key == key).unwrap().form {
            crate::svg::Form::Box { x, width, .. } => (x, width),
            _ => panic!("{key}"),
        };
        // One scale for all steps, and ten times is the same distance everywhere.
        assert_eq!(place(idle, "interval 5 ms/mark"), place(busy, "interval 5 ms/mark"));
        let (left, width) = place(busy, "5 ms python");
        let (median, _) = place(busy, "5 ms python/median");
        assert!(left < median && median < left + width);
    }

    #[test]
    fn a_record_that_is_wrong_is_refused_with_its_line() {
        let what = |record: &str| drawn(record, "from a.csv\nmeasure python").unwrap_err().what;
        assert!(what("python,1,5,1,2\n").contains("a.csv:1: 5 fields, where there should be 7"));
        assert!(what("python,1,5,3,2,4,9\n").contains("not in order"));
        assert!(what("python,x,5,1,2,4,9\n").contains("`x` is no number of threads"));
        assert!(what("python,1,5,0,2,4,9\n").contains("`0` is no measurement"));
        assert!(what("python,1,5,1,2,4,9\npython,1,5,1,2,4,9\n").contains("a.csv:2: `python` was measured twice"));
        assert_eq!(drawn(RECORD, "from a.csv\n\nmeasure nobody").unwrap_err().line, Some(3));
        assert!(drawn(RECORD, "from b.csv\nmeasure ours").unwrap_err().what.contains("no b.csv"));
    }
}
