//! The state machine of the GIL against a model, and what must hold on the virtual clock whatever the threads do.

use arbitrary::Unstructured;
use check::random::gil::{GilOp, GilProgram, Work};
use check::random::{Program as _, seeded, seeds};
use kit::gil::{Gil, GilState, Release, Take, ThreadId};
use kit::observe::Silent;
use rstest::rstest;
use runtime::config::LabGil;
use runtime::gil::clock::Clock;
use runtime::gil::gil::Part;
use runtime::gil::program::{Happened, Program, Segment};
use runtime::gil::script::Choice;
use runtime::gil::state::State;
use runtime::lab::{Socket, facts_on_raw_memory, trace_of};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Mutex;

const SEEDS: u64 = 1000;

/// The GIL as a history: who took it, one after the other. Everything else follows.
#[derive(Default)]
struct History {
    takes: Vec<u32>,
    held: bool,
    /// For each thread that waits: how many takes there were when its wait began.
    waits: BTreeMap<u32, usize>,
    asked: bool,
}

impl History {
    fn switches(&self) -> u64 {
        let between = self.takes.windows(2).filter(|pair| pair[0] != pair[1]).count();
        between as u64 + u64::from(!self.takes.is_empty())
    }

    /// Did the GIL go to another thread since there were `takes` takes?
    fn switched_since(&self, takes: usize) -> bool {
        let from = takes.saturating_sub(1);
        self.takes[from..].windows(2).any(|pair| pair[0] != pair[1])
    }

    /// Whether `me` has it now.
    fn wants(&mut self, me: u32) -> bool {
        if self.held {
            self.waits.insert(me, self.takes.len());
        } else {
            self.waits.remove(&me);
            self.takes.push(me);
            (self.held, self.asked) = (true, false);
        }
        self.takes.last() == Some(&me) && !self.waits.contains_key(&me)
    }

    fn time_up(&mut self, me: u32) -> bool {
        self.asked |= self.held && !self.switched_since(self.waits[&me]);
        self.wants(me)
    }
}

/// Any events in any order, as long as they can happen: no clock, three threads.
fn against_the_history(seed: u64) -> usize {
    let bytes: Vec<u8> =
        (0..400u64).map(|i| (seed.wrapping_mul(6_364_136_223_846_793_005) >> (i % 57)) as u8 ^ i as u8).collect();
    let mut u = Unstructured::new(&bytes);
    let (state, mut history) = (State::new(Silent, Rc::default()), History::default());
    let threads: Vec<ThreadId> = ["a", "b", "c"].iter().map(|name| state.add_thread(name)).collect();
    let mut seen: BTreeMap<u32, u64> = BTreeMap::new();
    let mut switches_forced = 0;
    for _ in 0..60 {
        let me = *u.choose(&threads).unwrap();
        if state.holder() == Some(me) {
            let forced = state.event("on_release", me, || Part.on_release(&state, me)) == Release::WaitForSwitch;
            assert_eq!((forced, state.locked()), (history.asked, false), "seed {seed}");
            history.held = false;
            switches_forced += usize::from(forced);
            continue;
        }
        let interval = u.int_in_range(0..=3).unwrap();
        state.set_interval(interval);
        let waits = history.waits.contains_key(&me.0);
        let (action, has_it) = if waits && u.ratio(2, 3).unwrap() {
            let seen = seen[&me.0];
            (state.event("on_timeout", me, || Part.on_timeout(&state, me, seen)), history.time_up(me.0))
        } else {
            (state.event("on_take", me, || Part.on_take(&state, me)), history.wants(me.0))
        };
        match action {
            Take::TakeIt => assert!(has_it, "seed {seed}"),
            Take::Wait { micros, seen: now } => {
                assert_eq!((has_it, micros), (false, interval.max(1)), "seed {seed}");
                seen.insert(me.0, now);
            }
        }
        assert_eq!(state.last_holder().map(|t| t.0), history.takes.last().copied(), "seed {seed}");
        assert_eq!(state.switch_number(), history.switches(), "seed {seed}");
        assert_eq!(state.drop_request(), history.asked, "seed {seed}");
    }
    switches_forced
}

#[test]
fn any_order_of_events_gives_what_the_history_says() {
    let forced: usize = (0..SEEDS).map(against_the_history).sum();
    assert!(forced > 1000, "{forced}");
}

/// A program that ran.
struct Ran {
    /// All that happened, and when.
    log: Vec<(u64, Happened)>,
    /// The computing time of each thread.
    computes: Vec<u64>,
    /// The shortest interval of the program.
    shortest: u64,
}

fn run(program: &GilProgram) -> Ran {
    let log = Rc::new(RefCell::new(vec![]));
    let ears = log.clone();
    let hear = Box::new(move |_: &State<Silent>, at, happened| ears.borrow_mut().push((at, happened)));
    let mut clock: Clock<Silent, Part> = Clock::new(State::new(Silent, Rc::default()), &Part, hear);
    let (mut computes, mut shortest) = (vec![], 5000);
    for op in &program.ops {
        let until = match op {
            GilOp::Interval(micros) => {
                clock.state().set_interval(*micros);
                shortest = shortest.min(*micros);
                continue;
            }
            GilOp::Wake(micros) => {
                clock.wake = *micros;
                continue;
            }
            GilOp::Choice { newest } => {
                let choice = if *newest { Choice::Newest } else { Choice::Oldest };
                clock.decided_by(Rc::new(RefCell::new(choice)));
                continue;
            }
            GilOp::Thread { at, times, work } => {
                let segment = |work: &Work| match *work {
                    Work::Cpu(micros) => Segment::Cpu(micros),
                    Work::Io(micros) => Segment::Io(micros),
                    Work::Native(micros) => Segment::Native(micros),
                };
                let segments: Vec<Segment> = work.iter().map(segment).collect();
                let needs = |s: &Segment| if matches!(s, Segment::Io(_)) { 0 } else { s.micros() };
                computes.push(times * segments.iter().map(needs).sum::<u64>());
                clock.add("t", Program { at: *at, times: *times, segments });
                continue;
            }
            GilOp::Run => u64::MAX,
            GilOp::RunUntil(micros) => *micros,
        };
        while clock.step(until).expect("the reference breaks no promise") {}
    }
    Ran { log: log.take(), computes, shortest }
}

#[test]
fn on_the_clock_one_thread_runs_at_a_time_and_gets_all_its_time() {
    for seed in seeds(1000) {
        let program: GilProgram = seeded(seed);
        let Ran { log, computes, shortest } = run(&program);
        let (mut holder, mut last, mut since, mut forced) = (None, None, 0, None);
        let mut ran = vec![0; computes.len()];
        let mut switched = 0;
        for (at, happened) in log {
            let place = || format!("at {at} us of seed {seed}:\n{}", program.to_ops());
            match happened {
                Happened::Takes { thread, switch } => {
                    assert_eq!(holder, None, "{}", place());
                    assert_eq!(switch.is_some(), last != Some(thread), "{}", place());
                    assert_ne!(forced.take(), Some(thread), "{}", place());
                    if switch.is_some() {
                        switched = at;
                    }
                    (holder, last, since) = (Some(thread), Some(thread), at);
                }
                Happened::Asks { thread, holder: asked } => {
                    assert_eq!(holder, Some(asked), "{}", place());
                    assert!(thread != asked && at - switched >= shortest, "{}", place());
                }
                Happened::LetsGo { thread, forced: waits, .. } => {
                    assert_eq!(holder.take(), Some(thread), "{}", place());
                    ran[thread.0 as usize] += at - since;
                    forced = waits.then_some(thread);
                }
            }
        }
        assert_eq!((holder, ran), (None, computes), "seed {seed}");
    }
}

#[test]
fn random_programs_tell_the_same_facts_with_the_fast_parts() {
    seeds(200).for_each(|seed| same_facts(&seeded::<GilProgram>(seed).to_ops()));
}

#[rstest]
fn scenarios_tell_the_same_facts_with_the_fast_parts(#[files("../exercises/51-*/scenarios/*.ops")] path: PathBuf) {
    same_facts(&std::fs::read_to_string(&path).unwrap());
}

fn same_facts(scenario: &str) {
    let trace = trace_of(&Socket::Gil(&Part), scenario);
    assert!(!trace.contains("   ! "), "{trace}");
    let compared: Vec<String> = trace.lines().filter(|line| !line.starts_with("   . ")).map(String::from).collect();
    assert_eq!(compared, facts_on_raw_memory(scenario), "{scenario}");
}

/// A right part but for what it does first, in `on_take` and in `on_release`.
struct Wrong {
    first_in_take: fn(&LabGil, ThreadId),
    first_in_release: fn(&LabGil, ThreadId),
}

impl Gil<LabGil> for Wrong {
    fn on_take(&self, state: &LabGil, me: ThreadId) -> Take {
        (self.first_in_take)(state, me);
        Part.on_take(state, me)
    }
    fn on_timeout(&self, state: &LabGil, me: ThreadId, seen: u64) -> Take {
        Part.on_timeout(state, me, seen)
    }
    fn on_release(&self, state: &LabGil, me: ThreadId) -> Release {
        (self.first_in_release)(state, me);
        Part.on_release(state, me)
    }
}

/// For ever, as a socket wants it, and known to a leak checker.
fn kept(part: Wrong) -> &'static Wrong {
    static ALL: Mutex<Vec<&'static Wrong>> = Mutex::new(vec![]);
    let part: &'static Wrong = Box::leak(Box::new(part));
    ALL.lock().unwrap().push(part);
    part
}

/// What a part does first in `on_take`, or in `on_release`, and what it is told.
type Case = (fn(&LabGil, ThreadId), &'static str);

fn told(first_in_take: fn(&LabGil, ThreadId), first_in_release: fn(&LabGil, ThreadId)) -> String {
    let wrong: &'static Wrong = kept(Wrong { first_in_take, first_in_release });
    let trace = trace_of(&Socket::Gil(wrong), "use gil\nthread a cpu 3ms\nthread b cpu 3ms\nrun\n");
    let last = trace.lines().last().unwrap();
    let place = format!("   ! misuse at {}:", file!());
    last.strip_prefix(&place).and_then(|rest| rest.split_once(": ")).map_or(last.into(), |(_, rest)| rest.into())
}

#[test]
fn what_a_part_may_not_do() {
    let in_take: [Case; 6] = [
        (
            |s, me| {
                if me.0 == 1 {
                    s.set_locked(true)
                }
            },
            "on_take locked the GIL for b, but a has it (I1)",
        ),
        (
            |s, me| {
                if me.0 == 1 {
                    s.set_locked(false)
                }
            },
            "on_take unlocked the GIL, but b wants it, and a has it (I1)",
        ),
        (|s, me| s.set_last_holder(ThreadId(1 - me.0)), "on_take made b the last holder, but this is about a"),
        (
            |s, me| {
                if me.0 == 1 {
                    s.set_last_holder(me)
                }
            },
            "on_take made b the last holder, but a has the GIL (I4)",
        ),
        (|s, _| s.set_switch_number(7), "on_take made switch number 7 out of 0: a switch counts one (I4)"),
        (
            |s, me| {
                if me.0 == 1 {
                    s.set_drop_request(false)
                }
            },
            "on_take cleared the request, but it is for a, who still has the GIL (I4)",
        ),
    ];
    in_take.into_iter().for_each(|(first, sentence)| assert_eq!(told(first, |_, _| {}), sentence));
    let in_release: [Case; 4] = [
        (|s, _| s.set_locked(true), "on_release locked the GIL, but a lets it go (I5)"),
        (
            |s, _| [false; 2].map(|locked| s.set_locked(locked)).into_iter().collect(),
            "on_release unlocked the GIL a second time",
        ),
        (
            |s, _| s.set_switch_number(s.switch_number() + 1),
            "on_release counted a switch, but who lets go makes none: who takes it does (I4)",
        ),
        (|s, _| s.set_drop_request(true), "on_release asked for the GIL, but only who waits for it asks (I2)"),
    ];
    in_release.into_iter().for_each(|(first, sentence)| assert_eq!(told(|_, _| {}, first), sentence));
}
