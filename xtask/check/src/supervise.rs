//! # Supervising a probe
//!
//! A probe runs what a learner wrote, so it may do anything: loop, sleep, abort, flood, leave processes behind. Each
//! one gets a process group, an empty folder and a clean environment of its own, and each scenario gets a budget of
//! wall time.
//!
//! - **I1** [`run`] gives exactly one [`Outcome`] for each scenario, in order. What kills a process costs the scenario
//!   that was running; the rest is run by the next process (unless [`Limits::stop_at_death`]).
//! - **I2** [`run`] ends. No step waits for a learner's process longer than its budget, nor for a pipe that a
//!   grandchild keeps open.
//! - **I3** A scenario whose `end` line did not come is not [`End::Ended`].

mod child;
pub mod group;
mod listen;

use crate::protocol::{Job, Said};
use child::{Child, Death};
use listen::{Event, Flood};
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How often a quiet process is looked at.
const TICK: Duration = Duration::from_millis(20);

/// A program that speaks the [protocol](crate::protocol).
#[derive(Clone, Debug)]
pub struct Probe {
    /// The executable.
    pub program: PathBuf,
    /// It is a test binary, and this test serves: the job goes into a variable of the environment, and libtest's own
    /// words are cut away.
    pub in_test: Option<&'static str>,
    /// A program that runs it and watches, with its arguments: `valgrind --tool=callgrind`. Most often none.
    pub under: Vec<String>,
}

impl Probe {
    /// The probe that this executable is.
    pub fn of(program: impl Into<PathBuf>) -> Probe {
        Probe { program: program.into(), in_test: None, under: vec![] }
    }

    /// The probe in a test binary that this test serves.
    pub fn in_test(program: impl Into<PathBuf>, test: &'static str) -> Probe {
        Probe { in_test: Some(test), ..Probe::of(program) }
    }

    /// The probe, run by another program.
    pub fn under(self, words: Vec<String>) -> Probe {
        Probe { under: words, ..self }
    }
}

/// How much of anything a scenario may use.
#[derive(Debug)]
pub struct Limits {
    /// Wall time for a scenario.
    pub scenario: Duration,
    /// Wall time for a scenario once another one ran out of time: the learner should not wait for each.
    pub hurried: Duration,
    /// When all of it must be over.
    pub deadline: Option<Instant>,
    /// Is nothing run any more after a process died? Then there are fewer outcomes than scenarios.
    pub stop_at_death: bool,
    /// Are facts told alone, without steps?
    pub facts_only: bool,
    hurry: AtomicBool,
}

impl Limits {
    /// `scenario` for each, an eighth of it after the first that takes too long.
    pub fn new(scenario: Duration) -> Limits {
        let (stop_at_death, facts_only, hurry) = (false, false, AtomicBool::new(false));
        Limits { scenario, hurried: scenario / 8, deadline: None, stop_at_death, facts_only, hurry }
    }

    /// Another deadline for the whole.
    pub fn until(mut self, deadline: Option<Instant>) -> Limits {
        self.deadline = deadline;
        self
    }

    /// Nothing after the first death.
    pub fn stopping_at_a_death(mut self) -> Limits {
        self.stop_at_death = true;
        self
    }

    /// Without steps.
    pub fn of_facts(mut self) -> Limits {
        self.facts_only = true;
        self
    }

    fn now(&self) -> Duration {
        let budget = if self.hurry.load(Ordering::Relaxed) { self.hurried } else { self.scenario };
        self.left().map_or(budget, |left| left.min(budget))
    }

    fn left(&self) -> Option<Duration> {
        self.deadline.map(|d| d.saturating_duration_since(Instant::now()))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits::new(Duration::from_secs(2))
    }
}

/// How a scenario ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// With its `end` line.
    Ended,
    /// It was still running after this time.
    Timeout(Duration),
    /// The process was ended by a signal, or by a fault that has a name.
    Crash(String),
    /// The stack was used up.
    StackOverflow,
    /// An allocation was refused.
    OutOfMemory,
    /// It printed too much.
    OutputLimit(&'static str),
    /// The process ended by itself in the middle of the scenario, with this exit code.
    Vanished(i32),
    /// It was not run: the time for everything together was used up.
    OutOfTime,
    /// It was not run: the process could not be started, and why.
    CouldNotStart(String),
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Ended => f.write_str("it ended"),
            End::Timeout(t) => write!(f, "it was still running after {:.1} s, and was stopped", t.as_secs_f64()),
            End::Crash(what) => write!(f, "the process crashed: {what}"),
            End::StackOverflow => f.write_str("the stack overflowed: 256 KiB were used up by calls within calls"),
            End::OutOfMemory => f.write_str("it asked for more memory than a scenario may have"),
            End::OutputLimit(what) => write!(f, "{what}, and was stopped"),
            End::Vanished(code) => {
                write!(f, "the process ended itself in the middle of the scenario (exit code {code})")
            }
            End::OutOfTime => f.write_str("it was not run: the time for everything together is used up"),
            End::CouldNotStart(why) => write!(f, "it was not run: {why}"),
        }
    }
}

/// What the process printed, as far as it was kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// What became of one scenario.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The scenario.
    pub name: String,
    /// The trace, as far as it came.
    pub lines: Vec<String>,
    /// How it ended.
    pub end: End,
    /// What the process printed: all of it, also what other scenarios of the same process printed.
    pub output: Output,
    /// Wall time.
    pub took: Duration,
}

/// Runs the scenarios (name and text) on the part.
pub fn run(probe: &Probe, part: &str, scenarios: &[(&str, &str)], limits: &Limits) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(scenarios.len());
    while outcomes.len() < scenarios.len() && (outcomes.is_empty() || !limits.stop_at_death) {
        let rest = &scenarios[outcomes.len()..];
        if limits.left().is_some_and(|left| left.is_zero()) {
            outcomes.extend(rest.iter().map(|(name, _)| nothing(name, End::OutOfTime)));
            break;
        }
        match one_process(probe, part, rest, limits) {
            Ok(some) => outcomes.extend(some),
            Err(why) => outcomes.extend(rest.iter().map(|(name, _)| nothing(name, End::CouldNotStart(why.clone())))),
        }
    }
    outcomes
}

fn nothing(name: &str, end: End) -> Outcome {
    Outcome { name: name.into(), lines: vec![], end, output: Output::default(), took: Duration::ZERO }
}

/// Runs as many scenarios as one process manages: at least one.
fn one_process(probe: &Probe, part: &str, scenarios: &[(&str, &str)], limits: &Limits) -> Result<Vec<Outcome>, String> {
    let job = Job::new(part, !limits.facts_only, scenarios.to_vec());
    let (mut child, events) = child::start(probe, &job)?;
    let mut run = Run::new(&job, limits);
    let flood = run.listen(&mut child, &events);
    let late = run.late();
    let (death, rest) = child.end(&events, flood.is_none() && !late);
    let output = events.output(probe.in_test.is_some());
    let end = if let Some(flood) = flood {
        // The flood may have overtaken the trace.
        rest.iter().for_each(|line| run.hear(line));
        End::OutputLimit(flood.sentence())
    } else if late {
        limits.hurry.store(true, Ordering::Relaxed);
        End::Timeout(run.budget)
    } else {
        how_it_died(&death, &output, run.lines.last())
    };
    Ok(run.outcomes(end, &output))
}

/// One process's answer, as it comes in.
struct Run<'a> {
    job: &'a Job<'a>,
    limits: &'a Limits,
    ended: Vec<(Vec<String>, Duration)>,
    running: bool,
    lines: Vec<String>,
    started: Instant,
    budget: Duration,
    done: bool,
    /// The process ended.
    gone: bool,
}

impl<'a> Run<'a> {
    fn new(job: &'a Job<'a>, limits: &'a Limits) -> Run<'a> {
        let (started, budget) = (Instant::now(), limits.now());
        Run { job, limits, ended: vec![], running: false, lines: vec![], started, budget, done: false, gone: false }
    }

    /// Listens until the trace is over, or the time, or the patience.
    fn listen(&mut self, child: &mut Child, events: &listen::Events) -> Option<Flood> {
        let mut over: Option<Instant> = None;
        while !self.late() {
            let wait = (self.started + self.budget).saturating_duration_since(Instant::now());
            match events.next(wait.min(TICK)) {
                Event::Lines(lines) => lines.iter().for_each(|line| self.hear(line)),
                Event::Flood(flood) => return Some(flood),
                Event::TraceOver => return None,
                // The process may be gone while its last words are still on their way, or while a process that it
                // left behind keeps the pipe open.
                Event::Nothing => match over {
                    Some(since) if since.elapsed() > child::PATIENCE => return None,
                    Some(_) => std::thread::sleep(wait.min(TICK) / 20),
                    None if child.is_over() => {
                        child.kill_the_rest();
                        self.gone = true;
                        over = Some(Instant::now());
                    }
                    None => {}
                },
            }
        }
        None
    }

    /// Was it still at work when its time was up?
    fn late(&self) -> bool {
        !self.done && !self.gone && self.started.elapsed() >= self.budget
    }

    fn hear(&mut self, line: &str) {
        let next = self.job.scenarios.get(self.ended.len()).map(|(name, _)| *name);
        match Said::parse(line, &self.job.key) {
            Said::Begin(name) if !self.running && Some(name) == next => {
                self.running = true;
                self.lines.clear();
                (self.started, self.budget) = (Instant::now(), self.limits.now());
            }
            Said::End(name) if self.running && Some(name) == next => {
                self.running = false;
                self.ended.push((std::mem::take(&mut self.lines), self.started.elapsed()));
                (self.started, self.budget) = (Instant::now(), self.limits.now());
            }
            Said::Done if !self.running => self.done = true,
            _ => self.lines.push(line.to_string()),
        }
    }

    /// The outcomes of this process, whose last words were `end`.
    fn outcomes(mut self, end: End, output: &Output) -> Vec<Outcome> {
        let names: Vec<&str> = self.job.scenarios.iter().map(|(name, _)| *name).collect();
        let all = self.ended.len() == names.len();
        let fine = all && self.done && end == End::Vanished(0);
        let began = self.running || !self.ended.is_empty();
        let took = self.started.elapsed();
        let outcome =
            |name: &str, lines, end, took| Outcome { name: name.into(), lines, end, output: output.clone(), took };
        let mut out: Vec<Outcome> = Vec::new();
        for (name, (lines, took)) in names.iter().zip(std::mem::take(&mut self.ended)) {
            out.push(outcome(name, lines, End::Ended, took));
        }
        match out.last_mut() {
            // All scenarios ended, and then the process did not: that must not look like success.
            Some(last) if all && !fine => last.end = end,
            _ if all => {}
            _ if began => out.push(outcome(names[out.len()], self.lines, end, took)),
            // Nothing began: the next process would do the same.
            _ => out.extend(names.iter().map(|name| outcome(name, self.lines.clone(), end.clone(), took))),
        }
        out
    }
}

fn how_it_died(death: &Death, output: &Output, last: Option<&String>) -> End {
    if last.is_some_and(|line| line.starts_with("   ! out-of-memory")) {
        return End::OutOfMemory;
    }
    match death {
        Death::Exit(code) => End::Vanished(*code),
        Death::Fault(_) if output.stderr.contains("has overflowed its stack") => End::StackOverflow,
        Death::Fault(name) if name.contains("0xC00000FD") => End::StackOverflow,
        Death::Fault(_) if output.stderr.contains("memory allocation of ") => End::OutOfMemory,
        Death::Fault(name) => End::Crash(name.clone()),
    }
}
