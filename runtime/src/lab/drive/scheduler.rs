//! # Driving `scheduler`
//!
//! ```text
//! use scheduler
//! interval 5ms, wake 50us, thread a ..., run, run until 12ms      as for `gil`
//! forget                              waits until now do not count
//! waits answers at most 200us         each wait of this thread, from wanting the GIL to having it, was no longer
//! shares a b c within 10ms            the times that these threads had the GIL are no further apart
//! switches at most 30                 so many so far
//! ```
//!
//! A policy may be any that keeps the promises, so what is compared is whether a promise was kept, not who ran when:
//! that is told as steps. The clock is the one of `gil`, with the reference's state machine.

use super::super::scenario::{Op, Scenario};
use super::gil::{duration, program, sentence};
use super::{Stop, unknown};
use crate::gil::clock::Clock;
use crate::gil::program::{Happened, Micros};
use crate::gil::roster::Roster;
use crate::gil::state::State;
use kit::gil::{GilState, ThreadId};
use kit::misuse::Watch;
use kit::observe::{Observer, Recorder};
use kit::picture::Picture;
use kit::scheduler::Scheduler;
use std::rc::Rc;

struct Threads<'a, O: Observer> {
    clock: Clock<O, crate::gil::gil::Part>,
    observer: O,
    recorder: &'a Recorder,
    names: Vec<String>,
}

/// Runs the scenario on a virtual clock, with `part` as its policy.
pub(in super::super) fn drive<O: Observer + Clone + 'static>(
    scenario: &Scenario,
    part: &'static (dyn Scheduler<Roster> + Sync),
    observer: O,
    recorder: &Recorder,
    watch: &Rc<Watch>,
) -> Result<(), Stop> {
    recorder.op(scenario.setup.line, scenario.setup.text());
    let hear = Box::new(|state: &State<O>, at: Micros, happened: Happened| {
        state.observer().step(|| format!("{at} us: {}", sentence(state, happened)));
    });
    let state = State::new(observer.clone(), watch.clone());
    let mut clock = Clock::new(state, &crate::gil::gil::Part, hear);
    clock.scheduler = Some(part);
    let mut threads = Threads { clock, observer, recorder, names: vec![] };
    scenario.ops.iter().try_for_each(|op| {
        recorder.op(op.line, op.text());
        threads.op(op)
    })
}

impl<O: Observer> Threads<'_, O> {
    fn op(&mut self, op: &Op) -> Result<(), Stop> {
        let args: Vec<&str> = op.args.iter().map(String::as_str).collect();
        match (op.verb.as_str(), args.as_slice()) {
            _ if !op.names.is_empty() => Ok(op.bad("nothing here has a name on the left: `thread a cpu 1ms`")?),
            ("interval", [time]) => {
                self.clock.state().set_interval(duration(op, time)?);
                Ok(())
            }
            ("wake", [time]) => {
                self.clock.wake = duration(op, time)?;
                Ok(())
            }
            ("thread", [name, ..]) if !self.names.iter().any(|known| known == name) => {
                self.clock.add(name, program(op, name, &op.args[1..], self.clock.now())?);
                self.names.push((*name).into());
                Ok(())
            }
            ("thread", [name, ..]) => Ok(op.bad(format!("there is a thread `{name}` already"))?),
            ("run", []) => self.run(Micros::MAX),
            ("run", ["until", time]) => match duration(op, time)? {
                until if until < self.clock.now() => {
                    Ok(op.bad(format!("the clock says {} us already", self.clock.now()))?)
                }
                until => self.run(until),
            },
            ("forget", []) => {
                self.clock.roster().forget_waits();
                Ok(())
            }
            ("waits", [name, "at", "most", time]) => self.waits(op, name, duration(op, time)?),
            ("shares", [names @ .., "within", time]) if names.len() > 1 => self.shares(op, names, duration(op, time)?),
            ("switches", ["at", "most", number]) => self.switches(op.number(number)?),
            _ => unknown(
                op,
                "scheduler",
                "`interval 5ms`, `wake 50us`, `thread a cpu 20ms`, `thread a at 2ms io 1ms cpu 3ms`, `thread a 20 times \
                 cpu 10us io 0us`, `thread a native 20ms`, `run`, `run until 12ms`, `forget`, `waits a at most 200us`, `shares a b \
                 within 10ms`, `switches at most 30`",
            ),
        }
    }

    fn run(&mut self, until: Micros) -> Result<(), Stop> {
        loop {
            match self.clock.step(until) {
                Ok(true) => self.recorder.scene(|| Picture::Threads(self.clock.lanes())),
                Ok(false) => break,
                // A misuse says so itself.
                Err(sentence) if sentence.starts_with("misuse at ") => return Err(Stop::Broken(sentence)),
                Err(sentence) => return Err(Stop::Broken(format!("broken: {sentence}"))),
            }
        }
        for (index, name) in self.names.iter().enumerate() {
            let books = self.clock.roster().books(ThreadId(index as u32));
            let mean = books.waited.checked_div(books.takes).unwrap_or(0);
            let (takes, held, longest) = (books.takes, books.held, books.longest);
            self.observer.step(|| {
                format!(
                    "{name} had the GIL {takes} times, {held} us; waited at most {longest} us, {mean} us on average"
                )
            });
        }
        let switches = self.clock.state().switch_number();
        self.observer.step(|| format!("{} us: {switches} switches", self.clock.now()));
        self.recorder.fact(match until {
            Micros::MAX => "all threads have ended".into(),
            until => format!("{until} us"),
        });
        Ok(())
    }

    fn thread(&self, op: &Op, name: &str) -> Result<ThreadId, Stop> {
        match self.names.iter().position(|known| known == name) {
            Some(index) => Ok(ThreadId(index as u32)),
            None => Ok(op.bad(format!("there is no thread `{name}`"))?),
        }
    }

    fn waits(&self, op: &Op, name: &str, most: Micros) -> Result<(), Stop> {
        let longest = self.clock.roster().books(self.thread(op, name)?).longest;
        self.recorder.fact(match longest <= most {
            true => format!("{name} never waited longer than {most} us"),
            false => format!("{name} waited {longest} us, longer than {most} us"),
        });
        Ok(())
    }

    fn shares(&self, op: &Op, names: &[&str], within: Micros) -> Result<(), Stop> {
        let mut times = vec![];
        for name in names {
            times.push(self.clock.roster().books(self.thread(op, name)?).held);
        }
        let (least, most) = (times.iter().min().copied().unwrap_or(0), times.iter().max().copied().unwrap_or(0));
        let each: Vec<String> = names.iter().zip(&times).map(|(name, held)| format!("{name} {held} us")).collect();
        self.recorder.fact(match most - least <= within {
            true => format!("{} are within {within} us", names.join(", ")),
            false => format!("{}: more than {within} us apart", each.join(", ")),
        });
        Ok(())
    }

    fn switches(&self, most: u64) -> Result<(), Stop> {
        let switches = self.clock.state().switch_number();
        self.recorder.fact(match switches <= most {
            true => format!("at most {most} switches"),
            false => format!("{switches} switches, more than {most}"),
        });
        Ok(())
    }
}
