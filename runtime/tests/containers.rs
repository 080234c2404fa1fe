//! `containers` against a model and against CPython.
//!
//! The programs are those of the grader's random scenarios. The model is a `Vec` of names and a number; CPython runs the
//! same text (`containers.py`), where a python3.11 is found.

mod python;

use check::random::containers::{Finally, ListOp, ListProgram};
use check::random::{Program, seeded, seeds};
use kit::text::list;
use rstest::rstest;
use runtime::lab::{Socket, facts_on_raw_memory, trace_of};
use runtime::objects::containers;
use std::collections::BTreeMap;
use std::path::PathBuf;

const SEEDS: u64 = 600;

/// A line of facts: names between two texts.
struct Told(String, Vec<String>, String);

impl Told {
    fn with(&self, names: impl Fn(&[String]) -> String) -> String {
        let names = if self.1.is_empty() && self.0.ends_with("l: ") { "empty".into() } else { names(&self.1) };
        format!("{}{names}{}", self.0, self.2)
    }
}

/// The list `l` as a sentence would describe it.
#[derive(Default)]
struct Model {
    items: Vec<String>,
    room: u64,
    no_memory: bool,
    refs: BTreeMap<String, u64>,
    finally: BTreeMap<String, Finally>,
    told: Vec<Told>,
}

fn o(name: usize) -> String {
    format!("o{name}")
}

/// CPython's `list_resize`, read from its source.
fn room(allocated: u64, len: u64, wanted: u64) -> u64 {
    if allocated >= wanted && wanted >= (allocated >> 1) {
        return allocated;
    }
    let mut new = (wanted + (wanted >> 3) + 6) & !3;
    if wanted as i64 - len as i64 > new as i64 - wanted as i64 {
        new = (wanted + 3) & !3;
    }
    if wanted == 0 { 0 } else { new }
}

impl Model {
    fn of(program: &ListProgram) -> Model {
        let mut model = Model::default();
        program.ops.iter().for_each(|op| model.step(op));
        model
    }

    fn step(&mut self, op: &ListOp) {
        match op {
            ListOp::Append(first, count) => (*first..first + count).for_each(|name| self.append_told(&o(name))),
            ListOp::Extend(first, count) => {
                let len = self.items.len() as u64;
                self.room = room(self.room, len, len + *count as u64);
                (*first..first + count).map(o).for_each(|name| self.put(name));
                self.tell();
            }
            ListOp::AppendHeld(name) => self.append_told(&o(*name)),
            ListOp::Store(name) => {
                self.append_told(&o(*name));
                self.store(0, &o(name + 1));
                self.tell();
            }
            ListOp::Pop(count) => (0..*count).for_each(|_| match self.pop() {
                None => {
                    self.say("nothing to pop", vec![], "");
                    self.tell();
                }
                Some(name) => {
                    self.say(&format!("popped {name}"), vec![], "");
                    self.tell();
                    self.let_go(&name);
                }
            }),
            ListOp::Clear => {
                self.clear();
                self.tell();
            }
            ListOp::Held(name) => {
                *self.refs.entry(o(*name)).or_default() += 1;
                self.append_told(&o(*name));
            }
            ListOp::Drop(name) => self.let_go(&o(*name)),
            ListOp::Finally(name, finally) => {
                *self.refs.entry(o(*name)).or_default() += 1;
                self.finally.insert(o(*name), finally.clone());
                self.append_told(&o(*name));
                self.let_go(&o(*name));
            }
            ListOp::Memory(on) => self.no_memory = !on,
            ListOp::Room(capacity, len, wanted) => {
                self.say(&format!("room for {}", room(*capacity, *len, *wanted)), vec![], "");
            }
        }
    }

    fn say(&mut self, before: &str, names: Vec<String>, after: &str) {
        self.told.push(Told(format!("   = {before}"), names, after.into()));
    }

    fn tell(&mut self) {
        self.say("l: ", self.items.clone(), &format!(", room for {}", self.room));
    }

    fn put(&mut self, name: String) {
        *self.refs.entry(name.clone()).or_default() += 1;
        self.items.push(name);
    }

    /// `false`: no memory.
    fn append(&mut self, name: &str) -> bool {
        let len = self.items.len() as u64;
        let wanted = room(self.room, len, len + 1);
        if wanted != self.room && self.no_memory {
            return false;
        }
        self.room = wanted;
        self.put(name.into());
        true
    }

    fn append_told(&mut self, name: &str) {
        let there = self.append(name);
        if !there {
            self.say(&format!("no memory: {name} comes back"), vec![], "");
        }
        self.tell();
        if !there {
            *self.refs.entry(name.into()).or_default() += 1;
            self.let_go(name);
        }
    }

    fn store(&mut self, at: usize, name: &str) {
        *self.refs.entry(name.into()).or_default() += 1;
        let old = std::mem::replace(&mut self.items[at], name.into());
        self.let_go(&old);
    }

    fn pop(&mut self) -> Option<String> {
        let (last, len) = (self.items.pop()?, self.items.len() as u64);
        if !self.no_memory {
            self.room = room(self.room, len + 1, len);
        }
        Some(last)
    }

    fn clear(&mut self) {
        self.room = 0;
        std::mem::take(&mut self.items).into_iter().rev().for_each(|name| self.let_go(&name));
    }

    fn let_go(&mut self, name: &str) {
        let refs = self.refs.get_mut(name).unwrap();
        *refs -= 1;
        if *refs > 0 {
            return;
        }
        self.say(&format!("{name} dies, and sees l: "), self.items.clone(), "");
        match self.finally.remove(name) {
            Some(Finally::Append(first, count)) => (first..first + count).for_each(|name| {
                if !self.append(&o(name)) {
                    *self.refs.entry(o(name)).or_default() += 1;
                    self.let_go(&o(name));
                }
            }),
            Some(Finally::Store(at, value)) if (at as usize) < self.items.len() => self.store(at as usize, &o(value)),
            Some(Finally::Pop) => {
                if let Some(name) = self.pop() {
                    self.let_go(&name);
                }
            }
            Some(Finally::Clear) => self.clear(),
            Some(Finally::Store(..)) | None => {}
        }
    }
}

fn facts(trace: &str) -> Vec<String> {
    trace.lines().filter(|line| line.starts_with("   = ") || line.starts_with("   ! ")).map(String::from).collect()
}

#[test]
fn random_programs_tell_what_the_model_tells() {
    for seed in seeds(600) {
        let program: ListProgram = seeded(seed);
        let said = |names: &[String]| if names.is_empty() { String::new() } else { list(names) };
        let expected: Vec<String> = Model::of(&program).told.iter().map(|told| told.with(said)).collect();
        let ops = program.to_ops();
        assert_eq!(facts(&trace_of(&Socket::Containers(&containers::Part), &ops)), expected, "{ops}");
    }
}

#[rstest]
fn scenarios_tell_the_same_facts_without_steps(#[files("../exercises/23-*/scenarios/*.ops")] path: PathBuf) {
    let scenario = std::fs::read_to_string(&path).unwrap();
    let trace = trace_of(&Socket::Containers(&containers::Part), &scenario);
    assert!(!trace.contains("   ! "), "{trace}");
    let compared: Vec<String> = trace.lines().filter(|line| !line.starts_with("   . ")).map(String::from).collect();
    assert_eq!(compared, facts_on_raw_memory(&scenario), "{scenario}");
}

#[test]
fn lists_have_the_room_and_the_order_that_they_have_in_cpython() {
    let programs = (0..SEEDS).map(seeded::<ListProgram>);
    let programs: Vec<_> = programs.filter(|program| !program.ops.contains(&ListOp::Memory(false))).collect();
    let texts: Vec<String> = programs.iter().map(Program::to_ops).collect();
    let Some(said) = python::says("containers.py", &texts) else { return };
    for ((program, text), said) in programs.iter().zip(texts).zip(said) {
        let told = Model::of(program).told;
        // A room that is only computed cannot be seen from outside.
        let told = told.iter().filter(|told| !told.0.starts_with("   = room for"));
        assert_eq!(told.map(|told| told.with(|names| names.join(" "))).collect::<Vec<_>>(), said, "{text}");
    }
}
