//! `refcount` and `trashcan` against a model, against CPython, and on both kinds of memory.
//!
//! The programs are those of the grader's random scenarios. The model knows no memory: it has `Vec`s and a recursion
//! that is never deeper than 50. CPython runs the same text (`counting.py`), where a python3.11 is found.

mod python;

use check::random::counting::{CountingOp, CountingProgram, Name};
use check::random::{Program, seeded, seeds};
use kit::text::list;
use rstest::rstest;
use runtime::lab::{Socket, facts_on_raw_memory, trace_of};
use runtime::objects::{refcount, trashcan};
use std::collections::BTreeMap;
use std::path::PathBuf;

const SEEDS: u64 = 600;

#[derive(Default)]
struct Object {
    refs: u64,
    refers: Vec<String>,
    given: usize,
    immortal: bool,
    saved_in: Option<String>,
    dead: bool,
}

/// Objects as a sentence would describe them.
#[derive(Default)]
struct Model {
    objects: BTreeMap<String, Object>,
    names: usize,
    depth: u64,
    deepest: u64,
    waiting: Vec<String>,
    died: Vec<String>,
    back: Vec<String>,
    waited: Vec<String>,
    saved: Vec<String>,
    /// References that one object was ever given, at most.
    most: usize,
    /// What was told, and the names with it.
    told: Vec<(&'static str, Vec<String>)>,
}

impl Model {
    fn step(&mut self, op: &CountingOp) {
        match op {
            CountingOp::New(count) => (0..*count).for_each(|_| self.enter(1, false)),
            CountingOp::Immortal => self.enter(0xffff_ffff, true),
            CountingOp::Refer(from, to) => {
                to.iter().for_each(|to| self.refer(&o(*from), &o(*to)));
                let mut once: Vec<String> = vec![];
                to.iter().map(|to| o(*to)).for_each(|to| {
                    if !once.contains(&to) {
                        once.push(to)
                    }
                });
                self.tell(&once);
            }
            CountingOp::Hold(name) => {
                self.incref(&o(*name));
                self.tell(&[o(*name)]);
            }
            CountingOp::Drop(name) => self.dropped(&o(*name)),
            CountingOp::Cut(from, to) => {
                let refers = &mut self.objects.get_mut(&o(*from)).unwrap().refers;
                let at = refers.iter().position(|name| *name == o(*to)).unwrap();
                refers.remove(at);
                self.dropped(&o(*to));
            }
            CountingOp::Save(name, keeper) => self.objects.get_mut(&o(*name)).unwrap().saved_in = Some(o(*keeper)),
            CountingOp::Chain { number, length, from } => {
                let name = |at: usize| format!("x{number}_{at}");
                for at in 0..*length {
                    let refers = if at + 1 < *length { vec![name(at + 1)] } else { vec![] };
                    self.objects.insert(name(at), Object { refs: 1, refers, ..Object::default() });
                }
                self.refer(&o(*from), &name(0));
                self.tell(&[name(0)]);
                self.dropped(&name(0));
            }
            CountingOp::Count(name) => self.tell(&[o(*name)]),
        }
    }

    fn enter(&mut self, refs: u64, immortal: bool) {
        self.objects.insert(o(self.names), Object { refs, immortal, ..Object::default() });
        self.names += 1;
    }

    fn refer(&mut self, from: &str, to: &str) {
        self.incref(to);
        let object = self.objects.get_mut(from).unwrap();
        object.refers.push(to.into());
        object.given += 1;
        self.most = self.most.max(object.given);
    }

    fn incref(&mut self, name: &str) {
        let object = self.objects.get_mut(name).unwrap();
        object.refs += u64::from(!object.immortal);
    }

    fn decref(&mut self, name: &str) {
        let object = self.objects.get_mut(name).unwrap();
        object.refs -= u64::from(!object.immortal);
        if object.refs == 0 {
            self.dies(name);
        }
    }

    fn dies(&mut self, name: &str) {
        if self.depth == 50 {
            self.waited.push(name.into());
            self.waiting.push(name.into());
            return;
        }
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        match self.objects.get_mut(name).unwrap().saved_in.take() {
            Some(keeper) => {
                self.refer(&keeper, name);
                self.saved.push(name.into());
            }
            None => {
                self.died.push(name.into());
                let refers = std::mem::take(&mut self.objects.get_mut(name).unwrap().refers);
                refers.iter().for_each(|child| self.decref(child));
                self.back.push(name.into());
                self.objects.get_mut(name).unwrap().dead = true;
            }
        }
        self.depth -= 1;
        if self.depth == 0 {
            self.depth = 1;
            while let Some(next) = self.waiting.pop() {
                self.dies(&next);
            }
            self.depth = 0;
        }
    }

    fn dropped(&mut self, name: &str) {
        self.decref(name);
        self.tell(&[name.into()]);
        let told = [
            ("died", std::mem::take(&mut self.died)),
            ("memory back", std::mem::take(&mut self.back)),
            ("waited", std::mem::take(&mut self.waited)),
            ("saved", std::mem::take(&mut self.saved)),
        ];
        let died = !told[0].1.is_empty();
        self.told.extend(told.into_iter().filter(|(_, names)| !names.is_empty()));
        if died {
            self.told.push(("deepest", vec![format!("{} nested", self.deepest)]));
        }
        self.deepest = 0;
    }

    fn tell(&mut self, names: &[String]) {
        let alive = names.iter().filter(|name| !self.objects[*name].dead);
        let said: Vec<String> = alive.map(|name| format!("{name}:{}", self.objects[name].refs)).collect();
        if !said.is_empty() {
            self.told.push(("REFS", said));
        }
    }

    fn of(program: &CountingProgram) -> Model {
        let mut model = Model::default();
        program.ops.iter().for_each(|op| model.step(op));
        model
    }

    fn facts(&self) -> Vec<String> {
        self.told.iter().map(|(what, names)| format!("   = {what}: {}", list(names))).collect()
    }

    /// What a Python program notices: not whose memory goes back when, who waited, how deep it was; and of a second death
    /// nothing, since `__del__` runs once.
    fn seen_from_python(&self) -> Vec<String> {
        let mut saved: Vec<&String> = vec![];
        let mut seen = vec![];
        for (what, names) in &self.told {
            let names: Vec<&String> = names.iter().filter(|name| *what != "died" || !saved.contains(name)).collect();
            if *what == "saved" {
                saved.extend(&names);
            }
            if ["REFS", "died", "saved"].contains(what) && !names.is_empty() {
                seen.push(names.into_iter().fold((*what).to_string(), |line, name| line + " " + name));
            }
        }
        seen
    }
}

fn o(name: Name) -> String {
    format!("o{name}")
}

fn facts(trace: &str) -> Vec<String> {
    trace.lines().filter(|line| line.starts_with("   = ") || line.starts_with("   ! ")).map(String::from).collect()
}

#[test]
fn random_programs_tell_what_the_model_tells() {
    for seed in seeds(600) {
        let program: CountingProgram = seeded(seed);
        let mut expected = Model::of(&program).facts();
        let deep = program.to_ops_for("trashcan");
        assert_eq!(facts(&trace_of(&Socket::Trashcan(&trashcan::Part), &deep)), expected, "{deep}");
        let counts = program.to_ops_for("refcount");
        expected.retain(|fact| !fact.starts_with("   = deepest"));
        assert_eq!(facts(&trace_of(&Socket::Refcount(&refcount::Part), &counts)), expected, "{counts}");
    }
}

fn same_facts(socket: &Socket, scenario: &str) {
    let trace = trace_of(socket, scenario);
    assert!(!trace.contains("   ! "), "{trace}");
    let compared: Vec<String> = trace.lines().filter(|line| !line.starts_with("   . ")).map(String::from).collect();
    assert_eq!(compared, facts_on_raw_memory(scenario), "{scenario}");
}

#[test]
fn random_programs_tell_the_same_facts_on_raw_and_on_checked_memory() {
    for seed in seeds(200) {
        same_facts(&Socket::Trashcan(&trashcan::Part), &seeded::<CountingProgram>(seed).to_ops_for("trashcan"));
    }
}

#[rstest]
fn scenarios_tell_the_same_facts_on_raw_and_on_checked_memory(
    #[files("../exercises/2[14]-*/scenarios/*.ops")] path: PathBuf,
) {
    let scenario = std::fs::read_to_string(&path).unwrap();
    let sockets = [Socket::Refcount(&refcount::Part), Socket::Trashcan(&trashcan::Part)];
    let is_for = |socket: &&Socket| scenario.contains(&format!("use {}\n", socket.id()));
    same_facts(sockets.iter().find(is_for).expect("a part of the objects"), &scenario);
}

#[test]
fn objects_die_in_the_order_in_which_they_do_in_cpython() {
    let mut programs: Vec<CountingProgram> = (0..SEEDS).map(seeded).collect();
    programs.retain(|program| !program.ops.contains(&CountingOp::Immortal)); // 3.12 was the first to have them
    programs.retain(|program| Model::of(program).most <= 26); // see `counting.py`
    assert!(programs.len() > SEEDS as usize / 3);
    // A container drops a chain, and then one more object: does the end of the chain die before it?
    programs.extend([10, 47, 48, 49, 50, 51, 100, 200, 1000].map(|length| {
        let chain = CountingOp::Chain { number: 0, length, from: 0 };
        CountingProgram {
            ops: vec![
                CountingOp::New(2),
                chain,
                CountingOp::Refer(0, vec![1]),
                CountingOp::Drop(1),
                CountingOp::Drop(0),
            ],
        }
    }));
    let texts: Vec<String> = programs.iter().map(Program::to_ops).collect();
    let Some(said) = python::says("counting.py", &texts) else { return };
    for ((program, text), said) in programs.iter().zip(texts).zip(said) {
        assert_eq!(Model::of(program).seen_from_python(), said, "{text}");
    }
}
