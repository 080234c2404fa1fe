//! The state machine of the eval breaker against CPython's own shape of it: functions that call each other and come
//! back, as in `Python/ceval.c`, instead of events and duties.

use check::random::eval_breaker::{BreakerOp, BreakerProgram, Word};
use check::random::{Program as _, seeded, seeds};
use kit::eval_breaker::{Blocking, Duty, EvalBreaker, Instruction, Pending, Round, Step};
use kit::gil::ThreadId;
use rstest::rstest;
use runtime::gil::eval_breaker::Part;
use runtime::gil::pending::Flags;
use runtime::lab::{Socket, facts_on_raw_memory, trace_of};
use std::collections::{HashMap, HashSet, VecDeque};
use std::path::PathBuf;

const SOCKET: Socket = Socket::EvalBreaker(&Part);

/// An exception is on its way.
struct Exception;
type Done = Result<(), Exception>;

/// One interpreter of CPython 3.11: names are those of `Python/ceval.c`.
#[derive(Default)]
struct Ceval<'p> {
    signals_pending: bool,
    calls_to_do: bool,
    gil_drop_request: bool,
    busy: bool,
    tripped: Vec<&'static str>,
    pending: VecDeque<&'static str>,
    async_exc: HashSet<&'static str>,
    holder: &'static str,
    handlers: HashMap<&'static str, &'p [Word]>,
    bodies: HashMap<&'static str, &'p [Word]>,
    meanwhile: VecDeque<&'p [Word]>,
    place: Vec<String>,
    facts: Vec<String>,
    deepest: usize,
}

impl<'p> Ceval<'p> {
    fn fact(&mut self, text: &str) {
        self.facts.push(format!("{}{text}", self.place.concat()));
    }

    fn eval_breaker(&self) -> bool {
        let main = self.holder == "main";
        self.gil_drop_request
            || (self.signals_pending && main)
            || (self.calls_to_do && main)
            || self.async_exc.contains(self.holder)
    }

    fn happens(&mut self, word: &Word) {
        match word {
            Word::Signal(name) => {
                if !self.tripped.contains(name) {
                    self.tripped.push(name);
                }
                self.signals_pending = true;
            }
            Word::Call(name) => {
                if self.pending.len() == 31 {
                    self.fact(&format!("the queue is full: no room for {name}"));
                } else {
                    self.pending.push_back(name);
                }
                self.calls_to_do = true;
            }
            Word::Ask => self.gil_drop_request = true,
            Word::Throw(thread) => {
                self.async_exc.insert(thread);
            }
            Word::Runs(_) | Word::Raise => {}
        }
    }

    fn take_gil(&mut self, thread: &'static str) {
        self.holder = thread;
        self.gil_drop_request = false;
    }

    /// Without the GIL.
    fn away(&mut self) {
        for word in self.meanwhile.pop_front().unwrap_or_default() {
            self.happens(word);
        }
    }

    fn eval(&mut self, script: &'p [Word]) -> Done {
        for word in script {
            match word {
                Word::Raise => return Err(Exception),
                Word::Runs(instruction) => self.check_eval_breaker(instruction)?,
                event => self.happens(event),
            }
        }
        Ok(())
    }

    fn check_eval_breaker(&mut self, instruction: &str) -> Done {
        let checks = instruction.starts_with("CALL") && instruction != "CALL_PY"
            || instruction.contains("JUMP_BACKWARD") && !instruction.contains("NO_INTERRUPT")
            || ["RESUME 0", "RESUME 1"].contains(&instruction);
        if !checks || !self.eval_breaker() {
            return Ok(());
        }
        self.place.push(format!("{instruction}: "));
        self.deepest = self.deepest.max(self.place.len());
        let done = self.handle_pending();
        self.place.pop();
        done
    }

    fn handle_pending(&mut self) -> Done {
        if self.signals_pending {
            self.handle_signals()?;
        }
        if self.calls_to_do {
            self.make_pending_calls()?;
        }
        if self.gil_drop_request {
            let me = self.holder;
            self.fact("lets the GIL go");
            self.away();
            self.take_gil(me);
            self.fact("has it again");
        }
        if self.async_exc.remove(self.holder) {
            self.fact(&format!("{} raises the exception that waited for it", self.holder));
            return Err(Exception);
        }
        Ok(())
    }

    fn handle_signals(&mut self) -> Done {
        if self.holder != "main" {
            return Ok(());
        }
        self.signals_pending = false;
        self.check_signals().inspect_err(|_| self.signals_pending = true)
    }

    fn check_signals(&mut self) -> Done {
        for name in self.tripped.clone() {
            let Some(index) = self.tripped.iter().position(|tripped| *tripped == name) else { continue };
            self.tripped.remove(index);
            let script = self.handlers.get(name).copied().unwrap_or_default();
            self.program(&format!("the handler of {name}"), script)?;
        }
        Ok(())
    }

    fn make_pending_calls(&mut self) -> Done {
        if self.holder != "main" || self.busy {
            return Ok(());
        }
        self.busy = true;
        self.calls_to_do = false;
        let mut done = Ok(());
        for _ in 0..32 {
            let Some(name) = self.pending.pop_front() else { break };
            let script = self.bodies.get(name).copied().unwrap_or_default();
            done = self.program(&format!("the call {name}"), script);
            if done.is_err() {
                self.calls_to_do = true;
                break;
            }
        }
        self.busy = false;
        done
    }

    fn program(&mut self, what: &str, script: &'p [Word]) -> Done {
        self.fact(what);
        self.place.push(format!("{what}, "));
        let done = self.eval(script);
        self.place.pop();
        if done.is_err() {
            self.fact(&format!("{what} raises"));
        }
        done
    }

    /// A system call, as `_Py_read` makes it.
    fn read(&mut self, answers: &[&str]) {
        let me = self.holder;
        for answer in answers {
            self.fact("lets the GIL go, and asks the system");
            self.away();
            self.take_gil(me);
            self.fact("has the GIL again");
            if *answer != "EINTR" {
                let how = if *answer == "ok" { "" } else { " with error 9" };
                self.fact(&format!("the call comes back{how}"));
                let _ = self.check_eval_breaker("CALL");
                return;
            }
            if me == "main" && self.check_signals().is_err() {
                return self.fact("the call ends with the handler's exception");
            }
        }
    }

    fn switch_to(&mut self, thread: &'static str) {
        if self.holder != thread {
            self.fact(&format!("{thread} takes the GIL"));
            self.take_gil(thread);
        }
    }

    /// The facts of one operation, but for what is to be done in the end.
    fn step(&mut self, op: &'p BreakerOp) {
        match op {
            BreakerOp::Handler(name, script) => drop(self.handlers.insert(name, script)),
            BreakerOp::Body(name, script) => drop(self.bodies.insert(name, script)),
            BreakerOp::Meanwhile(script) => self.meanwhile.push_back(script),
            BreakerOp::Happens(word) => self.happens(word),
            BreakerOp::Run(thread, script) => {
                self.switch_to(thread);
                let _ = self.eval(script);
            }
            BreakerOp::Block(thread, answers) => {
                self.switch_to(thread);
                self.read(answers);
            }
        }
        if !matches!(op, BreakerOp::Handler(..) | BreakerOp::Body(..) | BreakerOp::Meanwhile(_)) {
            let set = if self.eval_breaker() { "set" } else { "clear" };
            self.facts.push(format!("{} has the GIL, breaker {set}", self.holder));
        }
    }
}

#[test]
fn random_programs_go_as_in_cpython() {
    let (seeds, mut nested, mut duties) = (seeds(4000), 0, 0);
    let programs = seeds.end as usize;
    for seed in seeds {
        let program: BreakerProgram = seeded(seed);
        let mut ceval = Ceval { holder: "main", ..Ceval::default() };
        program.ops.iter().for_each(|op| ceval.step(op));
        let trace = trace_of(&SOCKET, &program.to_ops());
        let facts = trace.lines().filter_map(|line| line.strip_prefix("   = "));
        let facts: Vec<&str> = facts.map(|fact| fact.split("; to do").next().unwrap_or(fact)).collect();
        assert!(!trace.contains("   ! "), "seed {seed}\n{trace}");
        assert_eq!(facts, ceval.facts, "seed {seed}\n{trace}");
        nested += usize::from(ceval.deepest > 2);
        duties += facts.iter().filter(|fact| fact.contains(": ")).count();
    }
    assert!(nested > programs / 40 && duties > 5 * programs, "{nested} {duties}");
}

fn same_facts(scenario: &str) {
    let trace = trace_of(&SOCKET, scenario);
    let compared: Vec<String> = trace.lines().filter(|line| !line.starts_with("   . ")).map(String::from).collect();
    assert_eq!(compared, facts_on_raw_memory(scenario), "{scenario}");
}

#[rstest]
fn scenarios_tell_the_same_facts_with_the_fast_parts(#[files("../exercises/52-*/scenarios/*.ops")] path: PathBuf) {
    same_facts(&std::fs::read_to_string(path).unwrap());
}

#[test]
fn random_programs_tell_the_same_facts_with_the_fast_parts() {
    seeds(200).for_each(|seed| same_facts(&seeded::<BreakerProgram>(seed).to_ops()));
}

/// A right part but for what these do first.
#[derive(Clone, Copy)]
struct Wrong {
    breaker: fn(&Flags),
    duty: fn(&Flags, ThreadId, Round) -> Option<Duty>,
    step: fn(&Flags, ThreadId, Blocking) -> Option<Step>,
}

const RIGHT: Wrong = Wrong { breaker: |_| {}, duty: |_, _, _| None, step: |_, _, _| None };

impl EvalBreaker<Flags> for Wrong {
    fn is_switch_point(&self, instruction: Instruction) -> bool {
        EvalBreaker::<Flags>::is_switch_point(&Part, instruction)
    }
    fn breaker(&self, s: &Flags, me: ThreadId) -> bool {
        (self.breaker)(s);
        Part.breaker(s, me)
    }
    fn on_breaker(&self, s: &Flags, me: ThreadId, round: Round) -> Duty {
        (self.duty)(s, me, round).unwrap_or_else(|| Part.on_breaker(s, me, round))
    }
    fn on_blocking(&self, s: &Flags, me: ThreadId, call: Blocking) -> Step {
        (self.step)(s, me, call).unwrap_or_else(|| Part.on_blocking(s, me, call))
    }
}

/// The last line, without the place of a misuse.
fn told(wrong: &'static Wrong, ops: &str) -> String {
    let trace = trace_of(&Socket::EvalBreaker(wrong), &format!("use eval-breaker\nthread worker\n{ops}"));
    let last = trace.lines().last().unwrap().trim_start_matches("   ! ");
    let misuse = last.strip_prefix("misuse at ").and_then(|rest| rest.split_once(": "));
    misuse.map_or(last, |(_, sentence)| sentence).into()
}

#[test]
fn what_a_part_may_not_do() {
    const CASES: [(Wrong, &str, &str); 17] = [
        (
            Wrong { breaker: |s| s.set_signals(false), ..RIGHT },
            "signal INT\n",
            "breaker changed the flag of signals, but it only looks (I2)",
        ),
        (
            Wrong {
                duty: |s, _, _| {
                    s.set_calls(false);
                    None
                },
                ..RIGHT
            },
            "ask\nrun worker ask CALL\n",
            "on_breaker changed the flag of pending calls, but worker is not the main thread, which alone makes them (I2)",
        ),
        (
            Wrong {
                step: |s, _, _| {
                    s.set_signals(false);
                    None
                },
                ..RIGHT
            },
            "block main ok\n",
            "on_blocking changed the flag of signals, but the switch point behind the call does that (I6)",
        ),
        (
            Wrong {
                duty: |s, _, _| {
                    s.set_busy(false);
                    None
                },
                ..RIGHT
            },
            "body f ask CALL\ncall f\nrun main CALL\n",
            "on_breaker cleared `busy`, but calls are made in the round around this one (I5)",
        ),
        (
            Wrong { duty: |_, _, _| Some(Duty::RunHandlers), ..RIGHT },
            "ask\nrun worker ask CALL\n",
            "broken: on_breaker said RunHandlers, but worker is not the main thread (I2)",
        ),
        (
            Wrong { duty: |_, _, _| Some(Duty::RunHandlers), ..RIGHT },
            "ask\nrun main CALL\n",
            "broken: on_breaker said RunHandlers, but that was done in this round (I3)",
        ),
        (
            Wrong {
                duty: |_, _, round| Some(if round == Round::Begins { Duty::LetGo } else { Duty::RunHandlers }),
                ..RIGHT
            },
            "ask\nrun main CALL\n",
            "broken: on_breaker said RunHandlers, but that comes earlier in a round (I3)",
        ),
        (
            Wrong { duty: |_, _, _| Some(Duty::MakeCall), ..RIGHT },
            "ask\nrun main CALL\n",
            "broken: on_breaker said MakeCall, but no call waits",
        ),
        (
            Wrong { duty: |_, _, _| Some(Duty::MakeCall), ..RIGHT },
            "body f call f\ncall f\nrun main CALL\n",
            "broken: on_breaker said MakeCall, but 32 calls were made in this round (I5)",
        ),
        (
            Wrong { duty: |_, _, _| Some(Duty::LetGo), ..RIGHT },
            "throw main\nrun main CALL\n",
            "broken: on_breaker said LetGo, but nobody asked",
        ),
        (
            Wrong { duty: |_, _, _| Some(Duty::Raise), ..RIGHT },
            "ask\nrun main CALL\n",
            "broken: on_breaker said Raise, but no exception waits for main",
        ),
        (
            Wrong {
                duty: |_, _, round| (round == Round::Begins).then_some(Duty::RunHandlers).or(Some(Duty::LetGo)),
                ..RIGHT
            },
            "handler INT raise\nsignal INT\nask\nrun main CALL\n",
            "broken: on_breaker said LetGo, but the round is over: an exception was raised (I3)",
        ),
        (
            Wrong { step: |_, _, _| Some(Step::Return { errno: 0 }), ..RIGHT },
            "block main ok\n",
            "broken: on_blocking said Return { errno: 0 } at Begins, but nobody has asked the system yet (I6)",
        ),
        (
            Wrong { step: |_, _, call| (call == Blocking::CameBack).then_some(Step::Return { errno: 0 }), ..RIGHT },
            "block main ok\n",
            "broken: on_blocking said Return { errno: 0 } at CameBack, but main does not have the GIL: it takes it first (I6)",
        ),
        (
            Wrong {
                step: |_, _, call| matches!(call, Blocking::TookAgain { .. }).then_some(Step::RunHandlers),
                ..RIGHT
            },
            "block worker EINTR ok\n",
            "broken: on_blocking said RunHandlers at TookAgain { errno: 4 }, but worker runs no handler here: only main does, \
             when a signal interrupted its call (I6)",
        ),
        (
            Wrong { step: |_, _, call| matches!(call, Blocking::TookAgain { .. }).then_some(Step::LetGo), ..RIGHT },
            "block main EBADF\n",
            "broken: on_blocking asks the system again, but it has answered (I6)",
        ),
        (
            Wrong { step: |_, _, call| matches!(call, Blocking::TookAgain { .. }).then_some(Step::Raise), ..RIGHT },
            "block main ok\n",
            "broken: on_blocking said Raise at TookAgain { errno: 0 }, but no handler raised (I6)",
        ),
    ];
    for (wrong, ops, sentence) in &CASES {
        assert_eq!(told(wrong, ops), *sentence, "{ops}");
    }
}
