//! # Driving `gil`
//!
//! ```text
//! use gil
//! interval 5ms                          the switch interval from now on; 5ms until it is said
//! wake 50us                             a woken thread looks so much later, from now on; 50us until it is said
//! choice newest                         of several that wait, a release wakes the newest; the oldest until it is said
//! thread a cpu 20ms                     a loop: every 10 us a switch point
//! thread b at 2ms io 1ms cpu 3ms        begins at 2 ms; blocks 1 ms without the GIL, then computes
//! thread c 20 times cpu 10us io 0us     the same twenty times
//! thread d native 20ms                  a C function that keeps the GIL: no switch point before its end
//! run                                   until all threads have ended
//! run until 12ms                        until the clock says 12 ms
//! ```
//!
//! Durations are whole microseconds (`us`) or milliseconds (`ms`); a thread's beginning is a time of the clock, now
//! or later. The clock is virtual: it jumps from event to event, and what happens at the same time happens in the
//! order in which it was set going.

use super::super::scenario::{Op, Scenario};
use super::{Stop, unknown};
use crate::config::{Config, Parts};
use crate::gil::clock::Clock;
use crate::gil::program::{Happened, Micros, Program, Segment, Why};
use crate::gil::script::Choice;
use crate::gil::state::State;
use kit::gil::{GilState, ThreadId};
use kit::misuse::Watch;
use kit::observe::{Observer, Recorder};
use kit::picture::Picture;
use kit::text::list;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Events of one `run` that are told one by one; of the others, who took the GIL when.
const TOLD: usize = 40;
/// The longest time that a scenario can name: a minute.
const LONGEST: Micros = 60_000_000;

struct Threads<'a, C: Config> {
    clock: Clock<C::Observer, C::Gil>,
    recorder: &'a Recorder,
    names: BTreeSet<String>,
    told: Rc<Told>,
}

/// What was heard of the clock.
#[derive(Default)]
struct Told {
    /// In this `run`.
    events: Cell<usize>,
    asked: Cell<u64>,
    forced: Cell<u64>,
    /// Who took the GIL when, after the last event that was told.
    takes: RefCell<Vec<String>>,
}

/// Runs the scenario on a virtual clock.
pub(in super::super) fn drive<C: Config>(
    scenario: &Scenario,
    parts: Parts<C>,
    observer: C::Observer,
    recorder: &Recorder,
    watch: &Rc<Watch>,
) -> Result<(), Stop> {
    recorder.op(scenario.setup.line, scenario.setup.text());
    let told = Rc::new(Told::default());
    let (ears, facts) = (told.clone(), recorder.clone());
    let hear = Box::new(move |state: &State<C::Observer>, at, happened| ears.hear(&facts, state, at, happened));
    let clock = Clock::new(State::new(observer, watch.clone()), parts.gil, hear);
    let mut threads = Threads::<C> { clock, recorder, names: BTreeSet::new(), told };
    scenario.ops.iter().try_for_each(|op| {
        recorder.op(op.line, op.text());
        threads.op(op)
    })
}

/// `5ms`, `50us`, `0us`.
pub(super) fn duration(op: &Op, word: &str) -> Result<Micros, Stop> {
    let parsed = match (word.strip_suffix("ms"), word.strip_suffix("us")) {
        (Some(number), _) => number.parse::<u64>().ok().and_then(|ms| ms.checked_mul(1000)),
        (None, Some(number)) => number.parse().ok(),
        (None, None) => None,
    };
    match parsed {
        Some(micros) if micros <= LONGEST => Ok(micros),
        Some(_) => Ok(op.bad(format!("`{word}` is longer than a minute"))?),
        None => Ok(op.bad(format!("`{word}` is not a duration: write `5ms` or `50us`"))?),
    }
}

impl<C: Config> Threads<'_, C> {
    fn op(&mut self, op: &Op) -> Result<(), Stop> {
        match (op.verb.as_str(), op.args.as_slice()) {
            _ if !op.names.is_empty() => Ok(op.bad("nothing here has a name on the left: `thread a cpu 1ms`")?),
            ("interval", [time]) => {
                self.clock.state().set_interval(duration(op, time)?);
                Ok(())
            }
            ("wake", [time]) => {
                self.clock.wake = duration(op, time)?;
                Ok(())
            }
            ("choice", [which]) if which == "oldest" || which == "newest" => {
                let choice = if which == "oldest" { Choice::Oldest } else { Choice::Newest };
                self.clock.decided_by(Rc::new(RefCell::new(choice)));
                Ok(())
            }
            ("thread", [name, rest @ ..]) => self.thread(op, name, rest),
            ("run", []) => self.run(Micros::MAX),
            ("run", [until, time]) if until == "until" => {
                let until = duration(op, time)?;
                if until < self.clock.now() {
                    return Ok(op.bad(format!("the clock says {} us already", self.clock.now()))?);
                }
                self.run(until)
            }
            _ => unknown(
                op,
                "gil",
                "`interval 5ms`, `wake 50us`, `choice oldest`, `choice newest`, `thread a cpu 20ms`, `thread a at 2ms \
                 io 1ms cpu 3ms`, `thread a 20 times cpu 10us io 0us`, `thread a native 20ms`, `run`, `run until 12ms`",
            ),
        }
    }

    fn thread(&mut self, op: &Op, name: &str, rest: &[String]) -> Result<(), Stop> {
        if !self.names.insert(name.into()) {
            return Ok(op.bad(format!("there is a thread `{name}` already"))?);
        }
        self.clock.add(name, program(op, name, rest, self.clock.now())?);
        Ok(())
    }

    fn run(&mut self, until: Micros) -> Result<(), Stop> {
        self.told.events.set(0);
        loop {
            match self.clock.step(until) {
                Ok(true) => self.recorder.scene(|| Picture::Threads(self.clock.lanes())),
                Ok(false) => break,
                // A misuse says so itself.
                Err(sentence) if sentence.starts_with("misuse at ") => return Err(Stop::Broken(sentence)),
                Err(sentence) => return Err(Stop::Broken(format!("broken: {sentence}"))),
            }
        }
        let takes = self.told.takes.take();
        if self.told.events.get() > TOLD {
            self.recorder.fact(format!("taken after that: {}", list(takes)));
        }
        let (at, switches) = (self.clock.now(), self.clock.state().switch_number());
        let (asked, forced) = (self.told.asked.get(), self.told.forced.get());
        self.recorder.fact(format!("{at} us: switch {switches}; so far {asked} asked, {forced} forced"));
        Ok(())
    }
}

impl Told {
    fn hear<O: Observer>(&self, facts: &Recorder, state: &State<O>, at: Micros, happened: Happened) {
        match happened {
            Happened::Asks { .. } => self.asked.set(self.asked.get() + 1),
            Happened::LetsGo { forced: true, .. } => self.forced.set(self.forced.get() + 1),
            _ => {}
        }
        if self.events.get() < TOLD {
            facts.fact(format!("{at} us: {}", sentence(state, happened)));
        } else if let Happened::Takes { thread, .. } = happened {
            self.takes.borrow_mut().push(format!("{at}:{}", state.name(thread)));
        }
        self.events.set(self.events.get() + 1);
    }
}

/// `at 2ms 20 times io 1ms cpu 3ms`: what thread `name` does, when the clock says `now`.
pub(super) fn program(op: &Op, name: &str, mut rest: &[String], now: Micros) -> Result<Program, Stop> {
    let mut program = Program { at: now, times: 1, segments: vec![] };
    if let [at, time, others @ ..] = rest
        && at == "at"
    {
        (program.at, rest) = (duration(op, time)?, others);
        if program.at < now {
            return Ok(op.bad(format!("the clock says {now} us already"))?);
        }
    }
    if let [count, times, others @ ..] = rest
        && times == "times"
    {
        (program.times, rest) = (op.number(count)?, others);
    }
    let mut pairs = rest.chunks_exact(2);
    for pair in &mut pairs {
        program.segments.push(segment(op, &pair[0], &pair[1])?);
    }
    if program.segments.is_empty() || !pairs.remainder().is_empty() || !(1..=10_000).contains(&program.times) {
        return Ok(op.bad(format!(
            "what does `{name}` do? Write `thread {name} cpu 3ms` or `thread {name} 20 times io 1ms cpu 10us`"
        ))?);
    }
    Ok(program)
}

/// What happened, as a fact says it.
pub(super) fn sentence<O: Observer>(state: &State<O>, happened: Happened) -> String {
    let name = |thread: ThreadId| state.name(thread);
    match happened {
        Happened::Takes { thread, switch: Some(number) } => format!("{} takes it: switch {number}", name(thread)),
        Happened::Takes { thread, switch: None } => format!("{} takes it again: no switch", name(thread)),
        Happened::Asks { thread, holder } => format!("{} asks {} to let go", name(thread), name(holder)),
        Happened::LetsGo { thread, why, forced } => {
            let why = match why {
                Why::Asked => "as it was asked".into(),
                Why::Blocks(micros) => format!("to block {micros} us"),
                Why::Waits(_) => "to wait".into(),
                Why::Ends => "and ends".into(),
            };
            let forced = if forced { ", and waits for the switch" } else { "" };
            format!("{} lets go {why}{forced}", name(thread))
        }
    }
}

fn segment(op: &Op, verb: &str, time: &str) -> Result<Segment, Stop> {
    let micros = duration(op, time)?;
    match verb {
        "io" => Ok(Segment::Io(micros)),
        "cpu" | "native" if micros == 0 => Ok(op.bad(format!("`{verb} 0us` is nothing: at least 1us"))?),
        "cpu" => Ok(Segment::Cpu(micros)),
        "native" => Ok(Segment::Native(micros)),
        _ => Ok(op.bad(format!("`{verb}` is nothing that a thread does: cpu, native or io"))?),
    }
}
