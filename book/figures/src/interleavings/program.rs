//! The program: its lines, and what each does.

use super::Serial;
use crate::Fault;

/// Lines of all threads together.
const LINES: usize = 8;
const THREADS: usize = 3;
const NAMES: usize = 3;

/// One thing that a thread does.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Act {
    Load(usize),
    Add(i64),
    Store(usize),
    Call(String),
    Acquire(usize),
    Release(usize),
}

/// What a thread does without a switch.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) text: String,
    acts: Vec<Act>,
}

#[derive(Clone, Debug)]
pub(super) struct Thread {
    pub(super) name: String,
    pub(super) lines: Vec<Line>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    /// What everybody sees, and what it is at the start.
    pub(super) shared: Vec<(String, i64)>,
    pub(super) locks: Vec<String>,
    pub(super) threads: Vec<Thread>,
}

/// Where everything is between two steps.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct State {
    pub(super) shared: Vec<i64>,
    /// Who has each lock.
    pub(super) locks: Vec<Option<usize>>,
    /// How many lines each thread has done.
    pub(super) done: Vec<usize>,
    /// What each thread has for itself.
    pub(super) own: Vec<Option<i64>>,
}

/// The program of a script.
pub(super) fn parsed(script: &str) -> Result<Program, Fault> {
    let mut program = Program::default();
    for (number, text) in (1..).zip(script.lines()) {
        let text = text.split('#').next().unwrap_or("").trim();
        let fault = |what: String| Fault { line: Some(number), what, remedy: REMEDY.into() };
        match text.split_whitespace().collect::<Vec<_>>()[..] {
            [] => {}
            [name, "=", value] if program.threads.is_empty() => {
                let value = value.parse().map_err(|_| fault(format!("`{value}` is no number")))?;
                program.shared.push((name.into(), value));
            }
            ["thread", name] => program.threads.push(Thread { name: name.into(), lines: vec![] }),
            _ => program.add(text).map_err(fault)?,
        }
    }
    let fault = |what: String| Err(Fault { line: None, what, remedy: REMEDY.into() });
    let lines: usize = program.threads.iter().map(|thread| thread.lines.len()).sum();
    match (program.threads.len(), program.shared.len()) {
        (threads, _) if threads < 2 => fault("it has one thread, or none: there is nothing to choose".into()),
        (threads, _) if threads > THREADS => fault(format!("it has {threads} threads, and room for {THREADS}")),
        (_, names) if !(1..=NAMES).contains(&names) => {
            fault(format!("it has {names} shared names; one to {NAMES} fit"))
        }
        _ if lines > LINES => fault(format!("its threads have {lines} lines, and room for {LINES}")),
        _ if program.threads.iter().any(|thread| thread.lines.is_empty()) => fault("a thread does nothing".into()),
        _ => Ok(program),
    }
}

const REMEDY: &str = "Write `n = 0`, then for each of two or three threads `thread a` and its lines: `load n; call f`, \
                      `add; store n`, `acquire l`, `release l`. A lock is acquired at a line's beginning.";

impl Program {
    /// A line of the thread that was begun last.
    fn add(&mut self, text: &str) -> Result<(), String> {
        let mut has = self.threads.last().map(|thread| thread.has_value()).unwrap_or(false);
        let mut acts = Vec::new();
        for (place, part) in text.split(';').map(str::trim).enumerate() {
            let shared = |name: &str| {
                self.shared.iter().position(|(known, _)| known == name).ok_or(format!("`{name}` is no shared name"))
            };
            let act = match part.split_whitespace().collect::<Vec<_>>()[..] {
                ["load", name] => Act::Load(shared(name)?),
                ["store", name] if has => Act::Store(shared(name)?),
                ["add"] if has => Act::Add(1),
                ["add", number] if has => Act::Add(number.parse().map_err(|_| format!("`{number}` is no number"))?),
                ["store", _] | ["add", ..] => return Err(format!("`{part}`, but the thread has no value yet")),
                ["call", name] => Act::Call(name.into()),
                ["acquire", name] if place == 0 => {
                    let known = self.locks.iter().position(|known| known == name);
                    Act::Acquire(known.unwrap_or_else(|| {
                        self.locks.push(name.into());
                        self.locks.len() - 1
                    }))
                }
                ["release", name] => {
                    let known = self.locks.iter().position(|known| known == name);
                    Act::Release(known.ok_or(format!("nobody acquires `{name}` before"))?)
                }
                _ => return Err(format!("`{part}` is not understood here")),
            };
            has |= matches!(act, Act::Load(_));
            acts.push(act);
        }
        let thread = self.threads.last_mut().ok_or("it belongs to no thread".to_string())?;
        thread.lines.push(Line { text: text.into(), acts });
        Ok(())
    }

    pub(super) fn start(&self) -> State {
        let threads = self.threads.len();
        State {
            shared: self.shared.iter().map(|(_, value)| *value).collect(),
            locks: vec![None; self.locks.len()],
            done: vec![0; threads],
            own: vec![None; threads],
        }
    }

    /// Why the thread cannot go on now; `None`: it can.
    pub(super) fn hindered(&self, state: &State, thread: usize) -> Option<String> {
        let Some(line) = self.threads[thread].lines.get(state.done[thread]) else { return Some("has ended".into()) };
        match line.acts[..] {
            [Act::Acquire(lock), ..] if state.locks[lock].is_some() => Some(format!("waits for {}", self.locks[lock])),
            _ => None,
        }
    }

    /// The thread does its next line; what happens, in words.
    pub(super) fn step(&self, state: &State, thread: usize) -> Option<(State, String)> {
        if self.hindered(state, thread).is_some() {
            return None;
        }
        let line = &self.threads[thread].lines[state.done[thread]];
        let mut next = state.clone();
        next.done[thread] += 1;
        let mut told = Vec::new();
        for act in &line.acts {
            let own = next.own[thread].unwrap_or_default();
            told.push(match act {
                Act::Load(name) => {
                    next.own[thread] = Some(next.shared[*name]);
                    format!("takes {} from `{}`", next.shared[*name], self.shared[*name].0)
                }
                Act::Add(number) => {
                    next.own[thread] = Some(own + number);
                    format!("makes {} of its {own}", own + number)
                }
                Act::Store(name) => {
                    next.shared[*name] = own;
                    format!("puts {own} into `{}`", self.shared[*name].0)
                }
                Act::Call(name) => format!("calls `{name}`"),
                Act::Acquire(lock) => {
                    next.locks[*lock] = Some(thread);
                    format!("acquires `{}`", self.locks[*lock])
                }
                Act::Release(lock) => {
                    next.locks[*lock] = None;
                    format!("releases `{}`", self.locks[*lock])
                }
            });
        }
        let told = match told.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
            None => "does nothing".into(),
        };
        Some((next, format!("`{}` {told}.", self.threads[thread].name)))
    }

    pub(super) fn says_start(&self) -> String {
        format!("Nobody has begun: {}. Who goes on first?", self.values(&self.start().shared))
    }

    /// `n` is 0, `m` is 1
    fn values(&self, shared: &[i64]) -> String {
        let values: Vec<_> =
            self.shared.iter().zip(shared).map(|((name, _), is)| format!("`{name}` is {is}")).collect();
        values.join(", ")
    }

    /// What comes out when one thread runs after the other, in every order.
    pub(super) fn serial(&self) -> Serial {
        let mut out = Serial::new();
        let mut orders = vec![Vec::new()];
        for _ in &self.threads {
            let more = |order: Vec<usize>| {
                let rest = (0..self.threads.len()).filter(|thread| !order.contains(thread)).collect::<Vec<_>>();
                rest.into_iter().map(move |thread| order.iter().copied().chain([thread]).collect())
            };
            orders = orders.into_iter().flat_map(more).collect();
        }
        for order in orders {
            let mut state = self.start();
            for thread in order {
                while let Some((next, _)) = self.step(&state, thread) {
                    state = next;
                }
            }
            if self.over(&state) {
                out.insert(state.shared);
            }
        }
        out
    }

    fn over(&self, state: &State) -> bool {
        self.threads.iter().zip(&state.done).all(|(thread, done)| thread.lines.len() == *done)
    }

    /// What came out where nobody goes on, and whether it comes out one after the other, too.
    pub(super) fn outcome(&self, state: &State, serial: &Serial) -> (String, bool) {
        let values = self.values(&state.shared);
        if !self.over(state) {
            return (
                format!("Nobody can go on, and somebody has not ended: a deadlock. {}.", crate::capital(&values)),
                false,
            );
        }
        if serial.contains(&state.shared) {
            return (format!("All have ended: {values}, as if one had run after the other."), true);
        }
        let would: Vec<_> = serial.iter().map(|shared| self.values(shared)).collect();
        let mut says = format!("All have ended: {values}. One after the other, it would be: {}.", would.join("; or "));
        if let ([got], Some([wanted])) = (&state.shared[..], serial.first().map(|first| &first[..]))
            && got < wanted
        {
            says.push_str(" An update is lost.");
        }
        (says, false)
    }
}

impl Thread {
    fn has_value(&self) -> bool {
        self.lines.iter().flat_map(|line| &line.acts).any(|act| matches!(act, Act::Load(_)))
    }
}
