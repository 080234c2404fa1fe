//! # The GIL on a line of time
//!
//! ```text
//!                 0 ms          5           10          15
//!   switch        1                2           3
//!   a  waits      [=====runs=====]|...waits...|[==runs==
//!                            ^ asks
//!   b  runs       ....waits.......[===runs====]
//! ```
//!
//! A scenario of `gil`, or of `scheduler`, on the virtual clock. Each event is a step, and what a thread does between two events is a bar in
//! its lane. All runs of a figure have one scale.
//!
//! - **T1** A lane is a list of bars without a gap: each begins where the one before it ends.
//! - **T2** At no time are there two bars of the kind "has the GIL".

use crate::arenas::counted;
use crate::figure::{Drawing, Step};
use crate::moment::{ended, readable};
use crate::scenes::CUT;
use crate::svg::{Anchor, Shape, arrow, line, rect, words};
use crate::{Fault, WIDTH};
use kit::picture::{Does, Picture};
use kit::trace::{Kind, Record};

/// The kind's name.
pub const KIND: &str = "gil-timeline";

const LEFT: f64 = 150.0;
const RIGHT: f64 = 14.0;
const AXIS: f64 = 22.0;
const SWITCHES: f64 = 44.0;
const LANES: f64 = 56.0;
const PITCH: f64 = 46.0;
const BAR: f64 = 26.0;
/// The least width of a bar: it is seen.
const LEAST: f64 = 2.0;
/// Switch numbers that are nearer to each other are left out.
const NUMBERS: f64 = 16.0;
/// More lanes than this are no picture.
const MOST: usize = 5;

/// One thing that happened, and what each thread does from then on.
#[derive(Clone, Debug, Default)]
struct Event {
    at: u64,
    /// The facts, without their time.
    facts: Vec<String>,
    threads: Vec<(String, Does)>,
}

/// What a script draws: a scenario without what is for the figure alone, and which piece of time.
pub struct Wanted {
    /// The scenario.
    pub scenario: String,
    window: Option<(u64, u64)>,
}

/// Takes `window FROM TO` out of a script.
pub fn wanted(script: &str) -> Result<Wanted, Fault> {
    let (mut scenario, mut window) = (String::new(), None);
    for (number, line) in (1..).zip(script.lines()) {
        match line.split('#').next().unwrap_or("").split_whitespace().collect::<Vec<_>>()[..] {
            ["window", from, to] => {
                window = micros(from).zip(micros(to)).filter(|(from, to)| from < to);
                if window.is_none() {
                    let what = format!("`{line}` is no piece of time");
                    return Err(Fault { line: Some(number), what, remedy: "Write `window 4900us 6ms`.".into() });
                }
            }
            _ => scenario.push_str(line),
        }
        scenario.push('\n');
    }
    Ok(Wanted { scenario, window })
}

fn micros(word: &str) -> Option<u64> {
    match word.strip_suffix("ms") {
        Some(number) => number.parse::<u64>().ok()?.checked_mul(1000),
        None => word.strip_suffix("us")?.parse().ok(),
    }
}

/// When the last thing happens in these traces.
#[must_use]
pub fn end(traces: &[Vec<Record>]) -> u64 {
    let at = |record: &Record| match &record.picture {
        Some(Picture::Threads(now)) => now.at,
        _ => 0,
    };
    traces.iter().flatten().map(at).max().unwrap_or(0)
}

/// A drawing of the trace of what was wanted, on a scale up to `end` microseconds.
pub fn draw(trace: &[Record], wanted: &Wanted, end: u64) -> Result<Drawing, Fault> {
    let (events, closing) = events(trace)?;
    let Some(last) = events.last() else {
        let remedy = "Write a scenario of `gil`: `thread a cpu 12ms`, `run`.";
        return Err(Fault { line: None, what: "nothing happens in it".into(), remedy: remedy.into() });
    };
    if last.threads.len() > MOST {
        let what = format!("it has {} threads", last.threads.len());
        return Err(Fault { line: None, what, remedy: format!("Let it have at most {MOST}.") });
    }
    let (from, to) = wanted.window.unwrap_or((0, end.max(1)));
    let lines = Lines { from, to, events: &events };
    let height = LANES + last.threads.len() as f64 * PITCH;
    let mut steps: Vec<Step> = Vec::new();
    // Of a long run the first events are told.
    let told_up_to = events.iter().rposition(|event| !event.facts.is_empty()).unwrap_or(0);
    for place in 0..=told_up_to {
        let event = &events[place];
        let told = told(events[..place].last(), event);
        if told.is_empty() || !(from..=to).contains(&event.at) {
            continue;
        }
        let shapes = lines.shapes(place);
        steps.push(Step { op: format!("{} us", event.at), sentence: told.join(" "), shapes, height });
    }
    if let (false, None) = (closing.is_empty(), wanted.window) {
        let shapes = lines.shapes(events.len() - 1);
        steps.push(Step { op: "all in all".into(), sentence: closing.join(" "), shapes, height });
    }
    Ok(Drawing { steps, width: WIDTH, legend: LEGEND.to_vec() })
}

const LEGEND: [(&str, &str); 5] = [
    ("gil-runs", "has the GIL"),
    ("gil-waits", "waits for the GIL"),
    ("gil-forced", "was made to let go, and waits for the switch"),
    ("gil-blocks", "blocks, and needs no GIL"),
    ("gil-asks-arrow", "asks the thread that has it to let go"),
];

/// What happened in order, and what was said after the last event.
fn events(trace: &[Record]) -> Result<(Vec<Event>, Vec<String>), Fault> {
    let mut events: Vec<Event> = Vec::new();
    let mut facts: Vec<String> = Vec::new();
    for record in trace {
        match (&record.kind, &record.picture) {
            (Kind::Fact, _) => facts.push(record.text.clone()),
            // Where the policy may be any, who runs when is told in steps.
            (Kind::Step, None) if is_fact(&record.text) => facts.push(record.text.clone()),
            (Kind::Step, None) if record.text == CUT => facts.push(CUT.into()),
            (Kind::Scene, Some(Picture::Threads(now))) => {
                let facts = std::mem::take(&mut facts);
                events.push(Event { at: now.at, facts, threads: now.threads.clone() });
            }
            (Kind::Broken, _) => return Err(ended(record)),
            _ => {}
        }
    }
    let names: Vec<String> =
        events.last().map(|last| last.threads.iter().map(|(name, _)| name.clone()).collect()).unwrap_or_default();
    let closing = facts.iter().map(|fact| sentence(fact, &names)).collect();
    Ok((events, closing))
}

fn is_fact(step: &str) -> bool {
    let event = step.split_once(" us: ").is_some_and(|(at, _)| at.parse::<u64>().is_ok());
    event || step.contains(" had the GIL ")
}

/// `5000 us: b asks a to let go` as a sentence, with the names as code.
fn sentence(fact: &str, names: &[String]) -> String {
    let fact = readable(fact);
    if fact == CUT {
        return "After that nothing is told; requests and switch numbers are not drawn.".into();
    }
    if let Some(after) = fact.strip_prefix("taken after that: ") {
        return format!("After that only who takes it is told; requests and switch numbers are not drawn: {after}.");
    }
    let said = match fact.split_once(" us: ") {
        Some((at, said)) if said.ends_with(" switches") => format!("by {at} us there were {said}"),
        Some((at, said)) if said.starts_with("switch ") => summary(at, said).unwrap_or(format!("at {at} us: {said}")),
        Some((_, said)) => said.to_string(),
        None => fact,
    };
    let coded = |word: &str| match names.iter().any(|name| name == word) {
        true => format!("`{word}`"),
        false => word.to_string(),
    };
    let said: Vec<_> = said.split(' ').map(coded).collect();
    format!("{}.", crate::capital(&said.join(" ")))
}

/// `switch 3; so far 1 asked, 1 forced` in words.
fn summary(at: &str, said: &str) -> Option<String> {
    let (switches, rest) = said.strip_prefix("switch ")?.split_once("; so far ")?;
    let (asked, forced) = rest.strip_suffix(" forced")?.split_once(" asked, ")?;
    let count = |number: &str, what: &str| Some(counted(number.parse().ok()?, what));
    let (switches, asked) = (count(switches, "switch")?.replace("switchs", "switches"), count(asked, "request")?);
    Some(format!("by {at} us there were {switches} and {asked}, and {forced} had to wait for the switch"))
}

/// The facts of an event, and who begins to wait with it.
fn told(before: Option<&Event>, now: &Event) -> Vec<String> {
    let names: Vec<String> = now.threads.iter().map(|(name, _)| name.clone()).collect();
    let mut told: Vec<_> = now.facts.iter().map(|fact| sentence(fact, &names)).collect();
    for (place, (name, does)) in now.threads.iter().enumerate() {
        let was = before.and_then(|before| before.threads.get(place)).map_or(Does::Nothing, |(_, does)| *does);
        let says = match (was, does) {
            (Does::Nothing, Does::Waits) => "begins, and waits for the GIL",
            (Does::Blocks, Does::Waits) => "does not block any more, and waits for the GIL",
            (Does::WaitsForSwitch, Does::Waits) => "has seen the switch, and waits for the GIL",
            (Does::WaitsForSwitch, Does::Blocks) => "has seen the switch: only now its call begins",
            _ => continue,
        };
        told.push(format!("`{name}` {says}."));
    }
    told
}

/// The picture's scale, and what is on it.
struct Lines<'a> {
    from: u64,
    to: u64,
    events: &'a [Event],
}

impl Lines<'_> {
    fn x(&self, at: u64) -> f64 {
        let at = at.clamp(self.from, self.to) - self.from;
        LEFT + at as f64 / (self.to - self.from) as f64 * (WIDTH - LEFT - RIGHT)
    }

    /// The picture when event `place` has happened.
    fn shapes(&self, place: usize) -> Vec<Shape> {
        let mut shapes = self.axis();
        let now = &self.events[place];
        for (lane, (name, does)) in now.threads.iter().enumerate() {
            let y = LANES + lane as f64 * PITCH;
            shapes.push(words(format!("{name}/name"), "label", (4.0, y + 12.0), Anchor::Start, name.clone()));
            shapes.push(words(format!("{name}/does"), "small", (4.0, y + 27.0), Anchor::Start, says(*does)));
            self.bars(&mut shapes, lane, name, place);
        }
        let here = self.x(now.at);
        let bottom = LANES + now.threads.len() as f64 * PITCH - 8.0;
        shapes.push(line("now", "gil-now", &[(here, SWITCHES + 4.0), (here, bottom)]));
        self.requests(&mut shapes, place);
        self.switches(&mut shapes, place);
        shapes
    }

    fn axis(&self) -> Vec<Shape> {
        let mut shapes = vec![line("axis", "gil-axis", &[(LEFT, AXIS + 4.0), (WIDTH - RIGHT, AXIS + 4.0)])];
        let unit = unit(self.to - self.from);
        let in_ms = unit.is_multiple_of(1000);
        let name = if in_ms { "time, in ms" } else { "time, in us" };
        shapes.push(words("axis/name", "note", (4.0, AXIS), Anchor::Start, name));
        for at in (self.from.next_multiple_of(unit)..=self.to).step_by(unit as usize) {
            let (x, says) = (self.x(at), if in_ms { at / 1000 } else { at });
            shapes.push(line(format!("tick {at}"), "gil-axis", &[(x, AXIS), (x, AXIS + 8.0)]));
            shapes.push(words(format!("tick {at}/name"), "small", (x, AXIS - 4.0), Anchor::Middle, says.to_string()));
        }
        shapes
    }

    /// What a thread did up to event `place`.
    fn bars(&self, shapes: &mut Vec<Shape>, lane: usize, name: &str, place: usize) {
        let mut bars: Vec<(u64, u64, Does)> = Vec::new();
        for (event, next) in self.events[..=place].iter().zip(&self.events[1..=place]) {
            let does = event.threads.get(lane).map_or(Does::Nothing, |(_, does)| *does);
            match bars.last_mut().filter(|last| last.2 == does) {
                Some(last) => last.1 = next.at,
                None => bars.push((event.at, next.at, does)),
            }
        }
        // What lasts no time was nothing to wait for, and a bar has one number from step to step.
        let long = bars.into_iter().enumerate().filter(|(_, (from, to, _))| from < to);
        for (number, (from, to, does)) in long.filter(|(_, (from, to, _))| *to > self.from && *from < self.to) {
            let Some(class) = class(does) else { continue };
            let (left, right) = (self.x(from), self.x(to));
            let y = LANES + lane as f64 * PITCH;
            shapes.push(rect(format!("{name} {number}"), class, left, y, (right - left).max(LEAST), BAR));
        }
    }

    fn requests(&self, shapes: &mut Vec<Shape>, place: usize) {
        let mut asked = 0;
        for event in &self.events[..=place] {
            let lane = |name: &str| event.threads.iter().position(|(known, _)| known == name);
            for fact in &event.facts {
                let told: Vec<_> = fact.split(' ').collect();
                let [_, "us:", who, "asks", whom, "to", "let", "go"] = told[..] else { continue };
                asked += 1;
                let (Some(who), Some(whom), true) = (lane(who), lane(whom), (self.from..=self.to).contains(&event.at))
                else {
                    continue;
                };
                let x = self.x(event.at);
                let edge = |lane: usize, below: bool| LANES + lane as f64 * PITCH + if below { BAR } else { 0.0 };
                let points = [(x, edge(who, who < whom)), (x, edge(whom, who > whom))];
                shapes.push(arrow(format!("asks {asked}"), "gil-asks-arrow", &points));
            }
        }
    }

    fn switches(&self, shapes: &mut Vec<Shape>, place: usize) {
        shapes.push(words("switches", "note", (4.0, SWITCHES), Anchor::Start, "switch number"));
        let mut free = LEFT - NUMBERS;
        for event in self.events[..=place].iter().filter(|event| (self.from..=self.to).contains(&event.at)) {
            for fact in &event.facts {
                let Some((_, number)) = fact.split_once(" takes it: switch ") else { continue };
                let x = self.x(event.at);
                if x >= free {
                    let key = format!("switch {number}");
                    shapes.push(words(key, "field", (x, SWITCHES), Anchor::Middle, number));
                    free = x + NUMBERS;
                }
            }
        }
    }
}

/// The step of the axis: a round time, and at most a dozen of them.
fn unit(length: u64) -> u64 {
    let rounds = (0..9).flat_map(|power| [1, 2, 5].map(|round| round * 10u64.pow(power)));
    rounds.into_iter().find(|unit| length / unit <= 12).unwrap_or(length)
}

fn says(does: Does) -> &'static str {
    match does {
        Does::Nothing => "not yet",
        Does::Runs => "has the GIL",
        Does::Waits => "waits for it",
        Does::WaitsForSwitch => "waits for the switch",
        Does::Blocks => "blocks without it",
        Does::Ended => "has ended",
    }
}

fn class(does: Does) -> Option<&'static str> {
    match does {
        Does::Nothing | Does::Ended => None,
        Does::Runs => Some("gil-runs"),
        Does::Waits => Some("gil-waits"),
        Does::WaitsForSwitch => Some("gil-forced"),
        Does::Blocks => Some("gil-blocks"),
    }
}
