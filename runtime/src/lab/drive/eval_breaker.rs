//! # Driving `eval-breaker`
//!
//! ```text
//! use eval-breaker
//! thread worker                       one thread more; `main` is there, and has the GIL at first
//! run main LOAD_FAST JUMP_BACKWARD    main takes the GIL, if it has not got it, and runs these instructions
//! run main CALL signal INT CALL       between them something happens
//! signal INT                          a signal comes
//! call f                              somebody adds a pending call
//! ask                                 a thread that waits asks the holder of the GIL to let go
//! throw worker                        another thread wants worker to raise an exception
//! handler INT CALL raise              what INT's handler does, from now on: runs, perhaps raises; nothing until said
//! body f call g JUMP_BACKWARD         what the pending call f does
//! meanwhile signal INT                happens the next time that somebody is without the GIL
//! block main EINTR ok                 main makes a call that blocks: the system's answers, one after the other
//! ```
//!
//! Instructions are those of CPython 3.11; `CALL` calls a function written in C, `CALL_PY` one in Python, and
//! `RESUME` has its number: `RESUME 0`. A handler or a call is a program as well: it comes to switch points.

use super::super::scenario::{Op, Scenario};
use super::{Stop, unknown};
use crate::gil::pending::{Flags, LEFT_BEHIND, MAIN};
use kit::eval_breaker::{After, Blocking, Duty, EINTR, EvalBreaker, Instruction, Outcome, PENDING_CALLS, Round, Step};
use kit::gil::ThreadId;
use kit::misuse::Watch;
use kit::observe::{Observer, Recorder};
use kit::picture::Picture;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

/// Rounds within rounds, at most.
const DEPTH: u32 = 12;
/// Calls of the part in one line of a scenario, at most.
const ASKED: u32 = 5000;

struct Loop<'a, P: ?Sized, O> {
    flags: Flags,
    part: &'a P,
    observer: O,
    recorder: &'a Recorder,
    holder: ThreadId,
    breaker: bool,
    depth: u32,
    asked: u32,
    /// Where the instruction stands: `in INT's handler, `.
    place: Vec<String>,
    handlers: BTreeMap<String, Vec<Word>>,
    bodies: BTreeMap<String, Vec<Word>>,
    meanwhile: VecDeque<Vec<Word>>,
}

/// One thing of a script.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Word {
    Runs(Instruction, String),
    Signal(String),
    Call(String),
    Ask,
    Throw(String),
    Raise,
}

/// Runs the scenario with `part`.
pub(in super::super) fn drive<P: EvalBreaker<Flags> + ?Sized, O: Observer>(
    scenario: &Scenario,
    part: &P,
    observer: O,
    recorder: &Recorder,
    watch: &Rc<Watch>,
) -> Result<(), Stop> {
    recorder.op(scenario.setup.line, scenario.setup.text());
    let mut eval = Loop {
        flags: Flags::new(watch.clone()),
        part,
        observer,
        recorder,
        holder: MAIN,
        breaker: false,
        depth: 0,
        asked: 0,
        place: vec![],
        handlers: BTreeMap::new(),
        bodies: BTreeMap::new(),
        meanwhile: VecDeque::new(),
    };
    scenario.ops.iter().try_for_each(|op| {
        recorder.op(op.line, op.text());
        eval.asked = 0;
        eval.op(op)
    })
}

impl<P: EvalBreaker<Flags> + ?Sized, O: Observer> Loop<'_, P, O> {
    fn op(&mut self, op: &Op) -> Result<(), Stop> {
        match (op.verb.as_str(), op.args.as_slice()) {
            _ if !op.names.is_empty() => Ok(op.bad("nothing here has a name on the left: `run main CALL`")?),
            ("thread", [name]) if self.flags.thread(name).is_none() => {
                self.flags.add_thread(name);
                Ok(())
            }
            ("thread", [name]) => Ok(op.bad(format!("there is a thread `{name}` already"))?),
            ("handler", [name, words @ ..]) => {
                let script = self.script(op, words)?;
                self.handlers.insert(name.clone(), script);
                Ok(())
            }
            ("body", [name, words @ ..]) => {
                let script = self.script(op, words)?;
                self.bodies.insert(name.clone(), script);
                Ok(())
            }
            ("meanwhile", words) => {
                let script = self.script(op, words)?;
                if script.is_empty() || script.iter().any(|word| matches!(word, Word::Runs(..) | Word::Raise)) {
                    return Ok(op.bad("something happens meanwhile: `meanwhile signal INT`")?);
                }
                self.meanwhile.push_back(script);
                Ok(())
            }
            ("signal" | "call" | "ask" | "throw", words) => {
                let words: Vec<String> = [op.verb.clone()].into_iter().chain(words.iter().cloned()).collect();
                let script = self.script(op, &words)?;
                script.iter().for_each(|word| self.happens(word));
                self.compute()?;
                self.tell();
                Ok(())
            }
            ("run", [name, words @ ..]) => {
                let thread = self.thread(op, name)?;
                let script = self.script(op, words)?;
                self.switch_to(thread)?;
                self.run(thread, &script)?;
                self.tell();
                Ok(())
            }
            ("block", [name, answers @ ..]) if !answers.is_empty() => {
                let thread = self.thread(op, name)?;
                let answers =
                    answers.iter().map(|answer| errno(op, answer)).collect::<Result<VecDeque<u32>, Stop>>()?;
                self.switch_to(thread)?;
                self.block(thread, answers)?;
                self.tell();
                Ok(())
            }
            _ => unknown(
                op,
                "eval-breaker",
                "`thread worker`, `run main LOAD_FAST JUMP_BACKWARD`, `signal INT`, `call f`, `ask`, `throw worker`, \
                 `handler INT CALL raise`, `body f CALL`, `meanwhile signal INT`, `block main EINTR ok`",
            ),
        }
    }

    fn thread(&self, op: &Op, name: &str) -> Result<ThreadId, Stop> {
        let thread = self.flags.thread(name);
        thread.map_or_else(|| Ok(op.bad(format!("there is no thread `{name}`: write `thread {name}` first"))?), Ok)
    }

    fn script(&self, op: &Op, words: &[String]) -> Result<Vec<Word>, Stop> {
        let (mut script, mut words) = (vec![], words.iter());
        while let Some(word) = words.next() {
            let mut name = |of: &str| match words.next() {
                Some(name) => Ok(name.clone()),
                None => op.bad(format!("`{word}` needs a name: `{of}`")),
            };
            script.push(match word.as_str() {
                "signal" => Word::Signal(name("signal INT")?),
                "call" => Word::Call(name("call f")?),
                "throw" => {
                    let thread = name("throw worker")?;
                    self.thread(op, &thread)?;
                    Word::Throw(thread)
                }
                "ask" => Word::Ask,
                "raise" => Word::Raise,
                "RESUME" => {
                    let number = name("RESUME 0")?;
                    let after = after(op, &number)?;
                    Word::Runs(Instruction::Resume(after), format!("RESUME {number}"))
                }
                _ => Word::Runs(instruction(op, word)?, word.clone()),
            });
        }
        Ok(script)
    }

    fn tell(&self) {
        self.recorder.shown(Picture::Breaker(self.flags.draw(self.holder, self.breaker)));
    }

    fn fact(&self, what: &str) {
        self.recorder.fact(format!("{}{what}", self.place.concat()));
    }

    /// Something happens, from outside.
    fn happens(&self, word: &Word) {
        match word {
            Word::Signal(name) => self.flags.signal(name),
            Word::Call(name) if !self.flags.add_call(name) => {
                self.fact(&format!("the queue is full: no room for {name}"))
            }
            Word::Call(_) => {}
            Word::Ask => self.flags.request_drop(true),
            Word::Throw(name) => {
                let thread = self.flags.thread(name).unwrap_or(MAIN);
                self.flags.throw(thread, true);
            }
            Word::Runs(..) | Word::Raise => {}
        }
    }

    /// A flag changed, or another thread has the GIL.
    fn compute(&mut self) -> Result<(), Stop> {
        let holder = self.holder;
        self.breaker = self.ask("breaker", holder, |part, flags| part.breaker(flags, holder))?;
        Ok(())
    }

    /// Asks the part.
    fn ask<R>(&mut self, name: &'static str, thread: ThreadId, part: impl FnOnce(&P, &Flags) -> R) -> Result<R, Stop> {
        self.asked += 1;
        let answer = self.flags.event(name, thread, self.depth, || part(self.part, &self.flags));
        if let Some(misuse) = self.flags.misused() {
            return Err(Stop::Broken(misuse.to_string()));
        }
        if self.asked > ASKED {
            return broken(format!("{ASKED} questions in one line, and no end in sight"));
        }
        Ok(answer)
    }

    /// `thread` has the GIL from now on.
    fn switch_to(&mut self, thread: ThreadId) -> Result<(), Stop> {
        if self.holder != thread {
            self.fact(&format!("{} takes the GIL", self.flags.name(thread)));
            self.takes(thread)?;
        }
        Ok(())
    }

    fn takes(&mut self, thread: ThreadId) -> Result<(), Stop> {
        self.holder = thread;
        self.flags.request_drop(false);
        self.flags.set_errno(LEFT_BEHIND);
        self.compute()
    }

    /// Runs a script, until its end or until something raises.
    fn run(&mut self, me: ThreadId, script: &[Word]) -> Result<Outcome, Stop> {
        for word in script {
            match word {
                Word::Raise => return Ok(Outcome::Raised),
                Word::Runs(instruction, name) => {
                    self.observer.step(|| format!("{}{name}", self.place.concat()));
                    if self.switch_point(me, *instruction, name)? == Outcome::Raised {
                        return Ok(Outcome::Raised);
                    }
                }
                event => {
                    self.happens(event);
                    self.compute()?;
                }
            }
        }
        Ok(Outcome::Fine)
    }

    /// An instruction was run: is it a switch point, and is the breaker set?
    fn switch_point(&mut self, me: ThreadId, instruction: Instruction, name: &str) -> Result<Outcome, Stop> {
        let may = self.ask("is_switch_point", me, |part, _| part.is_switch_point(instruction))?;
        if !may || !self.breaker {
            return Ok(Outcome::Fine);
        }
        if self.depth == DEPTH {
            return broken(format!("rounds within rounds, {DEPTH} deep"));
        }
        self.place.push(format!("{name}: "));
        self.depth += 1;
        let outcome = self.round(me)?;
        self.depth -= 1;
        self.place.pop();
        Ok(outcome)
    }

    /// A round, from `Begins` to `GoOn`.
    fn round(&mut self, me: ThreadId) -> Result<Outcome, Stop> {
        let (mut round, mut made, mut last) = (Round::Begins, 0, 0);
        loop {
            let duty = self.ask("on_breaker", me, |part, flags| part.on_breaker(flags, me, round))?;
            self.compute()?;
            let raised =
                matches!(round, Round::HandlersRan(Outcome::Raised) | Round::CallMade { outcome: Outcome::Raised, .. });
            if raised && duty != Duty::GoOn {
                return broken(format!(
                    "on_breaker said {duty:?}, but the round is over: an exception was raised (I3)"
                ));
            }
            self.in_order(me, duty, made, &mut last)?;
            round = match duty {
                Duty::GoOn if raised => return Ok(Outcome::Raised),
                Duty::GoOn => return Ok(Outcome::Fine),
                Duty::Raise => {
                    self.flags.throw(me, false);
                    self.compute()?;
                    self.fact(&format!("{} raises the exception that waited for it", self.flags.name(me)));
                    return Ok(Outcome::Raised);
                }
                Duty::RunHandlers => Round::HandlersRan(self.handlers(me)?),
                Duty::MakeCall => {
                    made += 1;
                    let name = self.flags.next_call().expect("looked at above");
                    let outcome = self.program(me, &format!("the call {name}"), &name, false)?;
                    Round::CallMade { made, outcome }
                }
                Duty::LetGo => {
                    self.fact("lets the GIL go");
                    self.away();
                    self.takes(me)?;
                    self.fact("has it again");
                    Round::TookAgain
                }
            };
        }
    }

    /// Can this duty be done, and done now?
    fn in_order(&self, me: ThreadId, duty: Duty, made: u32, last: &mut u32) -> Result<(), Stop> {
        let (name, main) = (self.flags.name(me), me == MAIN);
        let place = match duty {
            Duty::RunHandlers => 1,
            Duty::MakeCall => 2,
            Duty::LetGo => 3,
            Duty::Raise => 4,
            Duty::GoOn => 5,
        };
        let why = match duty {
            Duty::RunHandlers | Duty::MakeCall if !main => format!("{name} is not the main thread (I2)"),
            _ if place < *last => "that comes earlier in a round (I3)".into(),
            Duty::RunHandlers | Duty::LetGo if place == *last => "that was done in this round (I3)".into(),
            Duty::MakeCall if !kit::eval_breaker::Pending::call_waits(&self.flags) => "no call waits".into(),
            Duty::MakeCall if made == PENDING_CALLS => format!("{made} calls were made in this round (I5)"),
            Duty::LetGo if !kit::eval_breaker::Pending::drop_request(&self.flags) => "nobody asked".into(),
            Duty::Raise if !kit::eval_breaker::Pending::exception(&self.flags, me) => {
                format!("no exception waits for {name}")
            }
            _ => {
                *last = place;
                return Ok(());
            }
        };
        broken(format!("on_breaker said {duty:?}, but {why}"))
    }

    /// Runs the handlers of what came until now, one after the other, until one raises. What comes meanwhile sets the
    /// flag again, as in `_PyErr_CheckSignalsTstate`.
    fn handlers(&mut self, me: ThreadId) -> Result<Outcome, Stop> {
        for name in self.flags.arrived() {
            let waits = self.flags.take_signal(&name);
            if waits && self.program(me, &format!("the handler of {name}"), &name, true)? == Outcome::Raised {
                return Ok(Outcome::Raised);
            }
        }
        Ok(Outcome::Fine)
    }

    /// Runs a handler or a call.
    fn program(&mut self, me: ThreadId, what: &str, name: &str, handler: bool) -> Result<Outcome, Stop> {
        self.fact(what);
        let scripts = if handler { &self.handlers } else { &self.bodies };
        let script = scripts.get(name).cloned().unwrap_or_default();
        self.place.push(format!("{what}, "));
        let outcome = self.run(me, &script)?;
        self.place.pop();
        if outcome == Outcome::Raised {
            self.fact(&format!("{what} raises"));
        }
        Ok(outcome)
    }

    /// This thread is without the GIL: what the scenario says happens now. Nobody looks at the breaker for it.
    fn away(&mut self) {
        let script = self.meanwhile.pop_front().unwrap_or_default();
        script.iter().for_each(|word| self.happens(word));
    }

    /// A call that blocks, from `Begins` to its return, and the switch point behind it.
    fn block(&mut self, me: ThreadId, mut answers: VecDeque<u32>) -> Result<(), Stop> {
        // What the part carries is its own; what the system said is known here.
        let (mut call, mut said) = (Blocking::Begins, 0);
        loop {
            let step = self.ask("on_blocking", me, |part, flags| part.on_blocking(flags, me, call))?;
            call = match (call, step) {
                (Blocking::Begins | Blocking::TookAgain { .. } | Blocking::HandlersRan(_), Step::LetGo) => {
                    let Some(errno) = answers.pop_front() else {
                        return broken("on_blocking asks the system again, but it has answered (I6)");
                    };
                    self.fact("lets the GIL go, and asks the system");
                    self.away();
                    self.flags.set_errno(errno);
                    said = errno;
                    Blocking::CameBack
                }
                (Blocking::CameBack, Step::Take { errno }) => {
                    self.takes(me)?;
                    self.fact("has the GIL again");
                    Blocking::TookAgain { errno }
                }
                (Blocking::TookAgain { .. }, Step::RunHandlers) if me == MAIN && said == EINTR => {
                    Blocking::HandlersRan(self.handlers(me)?)
                }
                (Blocking::TookAgain { .. } | Blocking::HandlersRan(_), Step::Return { errno }) => {
                    self.fact(&match errno {
                        0 => "the call comes back".to_string(),
                        errno => format!("the call comes back with error {errno}"),
                    });
                    self.switch_point(me, Instruction::Call, "CALL")?;
                    return Ok(());
                }
                (Blocking::HandlersRan(Outcome::Raised), Step::Raise) => {
                    self.fact("the call ends with the handler's exception");
                    return Ok(());
                }
                (call, step) => return broken(senseless(&self.flags.name(me), call, step)),
            };
        }
    }
}

fn broken<T>(sentence: impl std::fmt::Display) -> Result<T, Stop> {
    Err(Stop::Broken(format!("broken: {sentence}")))
}

/// Why this step makes no sense here.
fn senseless(name: &str, call: Blocking, step: Step) -> String {
    let why = match (call, step) {
        (Blocking::CameBack, _) => format!("{name} does not have the GIL: it takes it first"),
        (Blocking::Begins, Step::Return { .. }) => "nobody has asked the system yet".into(),
        (_, Step::Take { .. }) => format!("{name} has the GIL"),
        (_, Step::RunHandlers) => {
            format!("{name} runs no handler here: only main does, when a signal interrupted its call")
        }
        _ => "no handler raised".into(),
    };
    format!("on_blocking said {step:?} at {call:?}, but {why} (I6)")
}

/// `ok`, `EINTR`, `EBADF`.
fn errno(op: &Op, answer: &str) -> Result<u32, Stop> {
    match answer {
        "ok" => Ok(0),
        "EINTR" => Ok(EINTR),
        "EBADF" => Ok(9),
        _ => Ok(op.bad(format!("`{answer}` is no answer of the system: ok, EINTR or EBADF"))?),
    }
}

fn after(op: &Op, number: &str) -> Result<After, Stop> {
    match number {
        "0" => Ok(After::Start),
        "1" => Ok(After::Yield),
        "2" => Ok(After::YieldFrom),
        "3" => Ok(After::Await),
        _ => Ok(op.bad(format!("`RESUME {number}`: 0 start, 1 yield, 2 yield from, 3 await"))?),
    }
}

fn instruction(op: &Op, word: &str) -> Result<Instruction, Stop> {
    Ok(match word {
        "LOAD_FAST" => Instruction::LoadFast,
        "STORE_FAST" => Instruction::StoreFast,
        "BINARY_OP" => Instruction::BinaryOp,
        "FOR_ITER" => Instruction::ForIter,
        "JUMP_FORWARD" => Instruction::JumpForward,
        "JUMP_BACKWARD" => Instruction::JumpBackward,
        "POP_JUMP_BACKWARD_IF_TRUE" => Instruction::PopJumpBackwardIfTrue,
        "JUMP_BACKWARD_NO_INTERRUPT" => Instruction::JumpBackwardNoInterrupt,
        "CALL" => Instruction::Call,
        "CALL_FUNCTION_EX" => Instruction::CallFunctionEx,
        "CALL_PY" => Instruction::CallPy,
        "RETURN_VALUE" => Instruction::ReturnValue,
        "YIELD_VALUE" => Instruction::YieldValue,
        _ => op.bad(format!(
            "`{word}` is nothing that is run: LOAD_FAST STORE_FAST BINARY_OP FOR_ITER JUMP_FORWARD JUMP_BACKWARD \
             POP_JUMP_BACKWARD_IF_TRUE JUMP_BACKWARD_NO_INTERRUPT CALL CALL_FUNCTION_EX CALL_PY RESUME RETURN_VALUE \
             YIELD_VALUE, or signal, call, ask, throw, raise"
        ))?,
    })
}
