//! Random programs for the eval breaker: instructions with something happening between them, handlers and calls that
//! are programs themselves, and calls that block.

use super::{Program, few, swarm};
use arbitrary::{Result, Unstructured};
use std::fmt::Write;

/// Instructions, as a scenario names them.
const INSTRUCTIONS: [&str; 17] = [
    "LOAD_FAST",
    "STORE_FAST",
    "BINARY_OP",
    "FOR_ITER",
    "JUMP_FORWARD",
    "JUMP_BACKWARD",
    "POP_JUMP_BACKWARD_IF_TRUE",
    "JUMP_BACKWARD_NO_INTERRUPT",
    "CALL",
    "CALL_FUNCTION_EX",
    "CALL_PY",
    "RESUME 0",
    "RESUME 1",
    "RESUME 2",
    "RESUME 3",
    "RETURN_VALUE",
    "YIELD_VALUE",
];
/// Signals.
const SIGNALS: [&str; 3] = ["INT", "TERM", "USR1"];
/// Pending calls.
const CALLS: [&str; 3] = ["f", "g", "h"];
/// Threads; the first one is there from the beginning.
const THREADS: [&str; 3] = ["main", "worker", "other"];
/// What the system answers.
const ANSWERS: [&str; 4] = ["ok", "ok", "EINTR", "EBADF"];

/// One thing of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// An instruction is run.
    Runs(&'static str),
    /// A signal comes.
    Signal(&'static str),
    /// A pending call is added.
    Call(&'static str),
    /// Somebody asks the holder to let go.
    Ask,
    /// An exception waits for a thread.
    Throw(&'static str),
    /// A handler or a call ends with an exception.
    Raise,
}

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BreakerOp {
    /// What the handler of a signal does from now on.
    Handler(&'static str, Vec<Word>),
    /// What a pending call does from now on.
    Body(&'static str, Vec<Word>),
    /// What happens the next time that somebody is without the GIL.
    Meanwhile(Vec<Word>),
    /// Something happens.
    Happens(Word),
    /// A thread runs this.
    Run(&'static str, Vec<Word>),
    /// A thread makes a call that blocks.
    Block(&'static str, Vec<&'static str>),
}

/// A program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakerProgram {
    /// What is done, in order.
    pub ops: Vec<BreakerOp>,
}

// The operations of the swarm.
const SIGNAL: u16 = 1;
const CALL: u16 = 2;
const ASK: u16 = 4;
const THROW: u16 = 8;
const RAISE: u16 = 16;
const BLOCK: u16 = 32;
const MEANWHILE: u16 = 64;
const BODIES: u16 = 128;
const OTHERS: u16 = 256;

/// What one program is drawn with.
struct Drawer<'u, 'd, F> {
    u: &'d mut Unstructured<'u>,
    allowed: F,
    instructions: Vec<&'static str>,
}

impl<F: Fn(u16) -> bool> Drawer<'_, '_, F> {
    fn thread(&mut self) -> Result<&'static str> {
        if (self.allowed)(OTHERS) && self.u.ratio(1, 3)? { self.u.choose(&THREADS).copied() } else { Ok("main") }
    }

    /// Something that happens from outside.
    fn event(&mut self) -> Result<Word> {
        let drawn = *self.u.choose(&[SIGNAL, CALL, ASK, THROW])?;
        Ok(match drawn {
            SIGNAL if (self.allowed)(SIGNAL) => Word::Signal(self.u.choose(&SIGNALS)?),
            CALL if (self.allowed)(CALL) => Word::Call(self.u.choose(&CALLS)?),
            THROW if (self.allowed)(THROW) => Word::Throw(self.thread()?),
            _ => Word::Ask,
        })
    }

    /// A script; `within` says that it is a handler's or a call's.
    fn script(&mut self, most: usize, within: bool) -> Result<Vec<Word>> {
        let mut words = vec![];
        for _ in 0..self.u.int_in_range(0..=most)? {
            words.push(match self.u.ratio(1, 3)? {
                true => self.event()?,
                false => Word::Runs(self.u.choose(&self.instructions)?),
            });
        }
        if within && (self.allowed)(RAISE) && self.u.ratio(1, 3)? {
            words.push(Word::Raise);
        }
        Ok(words)
    }

    fn op(&mut self) -> Result<BreakerOp> {
        let drawn = self.u.int_in_range(0..=12)?;
        Ok(match drawn {
            0 if (self.allowed)(BODIES) => {
                let which = self.u.int_in_range(0..=SIGNALS.len() - 1)?;
                // A handler in which its own signal comes would be a round within a round without end.
                let later = |word: &Word| !SIGNALS[..=which].iter().any(|signal| *word == Word::Signal(signal));
                BreakerOp::Handler(SIGNALS[which], self.script(3, true)?.into_iter().filter(later).collect())
            }
            1 | 12 if (self.allowed)(BODIES) => BreakerOp::Body(self.u.choose(&CALLS)?, self.script(3, true)?),
            2 if (self.allowed)(MEANWHILE) => {
                let more = self.u.int_in_range(0..=2)?;
                BreakerOp::Meanwhile((0..=more).map(|_| self.event()).collect::<Result<_>>()?)
            }
            3 if (self.allowed)(BLOCK) => {
                let mut answers = vec![];
                loop {
                    let answer = *self.u.choose(&ANSWERS)?;
                    answers.push(answer);
                    if answer != "EINTR" {
                        break BreakerOp::Block(self.thread()?, answers);
                    }
                }
            }
            4..=6 => BreakerOp::Happens(self.event()?),
            _ => {
                let thread = self.thread()?;
                BreakerOp::Run(thread, self.script(6, false)?)
            }
        })
    }
}

impl Program for BreakerProgram {
    const PARTS: &'static [&'static str] = &["eval-breaker"];

    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let allowed = swarm(u, 0)?;
        // Few kinds, and always one that is a switch point: else little happens.
        let mut instructions = few(u, &INSTRUCTIONS, 5)?;
        instructions.push("JUMP_BACKWARD");
        let mut drawer = Drawer { u, allowed, instructions };
        let most = drawer.u.int_in_range(3..=20)?;
        let ops = (0..most).map(|_| drawer.op()).collect::<Result<_>>()?;
        Ok(BreakerProgram { ops })
    }

    fn text(&self) -> (String, String) {
        let mut out = String::from("thread worker\nthread other\n");
        for op in &self.ops {
            let _ = match op {
                BreakerOp::Handler(name, script) => writeln!(out, "handler {name}{}", said(script)),
                BreakerOp::Body(name, script) => writeln!(out, "body {name}{}", said(script)),
                BreakerOp::Meanwhile(script) => writeln!(out, "meanwhile{}", said(script)),
                BreakerOp::Happens(word) => writeln!(out, "{}", said(&[*word]).trim_start()),
                BreakerOp::Run(thread, script) => writeln!(out, "run {thread}{}", said(script)),
                BreakerOp::Block(thread, answers) => writeln!(out, "block {thread} {}", answers.join(" ")),
            };
        }
        (String::new(), out)
    }
}

fn said(script: &[Word]) -> String {
    let word = |word: &Word| match word {
        Word::Runs(instruction) => format!(" {instruction}"),
        Word::Signal(name) => format!(" signal {name}"),
        Word::Call(name) => format!(" call {name}"),
        Word::Ask => " ask".into(),
        Word::Throw(thread) => format!(" throw {thread}"),
        Word::Raise => " raise".into(),
    };
    script.iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_reads_like_a_scenario() {
        let ops = vec![
            BreakerOp::Handler("INT", vec![Word::Runs("RESUME 0"), Word::Raise]),
            BreakerOp::Body("f", vec![Word::Call("g")]),
            BreakerOp::Meanwhile(vec![Word::Signal("INT"), Word::Throw("worker")]),
            BreakerOp::Happens(Word::Ask),
            BreakerOp::Run("main", vec![Word::Runs("CALL"), Word::Signal("TERM")]),
            BreakerOp::Block("worker", vec!["EINTR", "ok"]),
        ];
        let text = "use eval-breaker\nthread worker\nthread other\nhandler INT RESUME 0 raise\nbody f call g\nmeanwhile \
                    signal INT throw worker\nask\nrun main CALL signal TERM\nblock worker EINTR ok\n";
        assert_eq!(BreakerProgram { ops }.to_ops(), text);
    }
}
