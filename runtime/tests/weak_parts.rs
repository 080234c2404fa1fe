//! The parts of Part 4 against models, for many random programs; the same facts on raw and on checked memory.

use check::random::weak_containers::{CacheOp, CacheProgram};
use check::random::weakref::{Act, WeakOp, WeakProgram};
use check::random::{Program, scenario, seeded, seeds};
use rstest::rstest;
use runtime::lab::{Socket, facts_on_raw_memory, trace_of};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

fn socket(part: &str) -> Socket {
    *Socket::REFERENCE.iter().find(|socket| socket.id() == part).unwrap()
}

fn facts(trace: &str) -> Vec<String> {
    trace.lines().filter(|line| !line.starts_with("   .")).map(str::to_string).collect()
}

fn same_on_raw(part: &str, text: &str) {
    let trace = trace_of(&socket(part), text);
    assert!(!trace.contains("   !"), "{text}\n{trace}");
    assert_eq!(facts(&trace), facts_on_raw_memory(text), "{text}");
}

#[rstest]
fn scenarios_tell_the_same_facts_on_raw_and_on_checked_memory(
    #[files("../exercises/4*/scenarios/*.ops")] path: PathBuf,
) {
    let text = std::fs::read_to_string(&path).unwrap();
    let part = text.lines().find_map(|line| line.strip_prefix("use ")).unwrap();
    same_on_raw(part.trim(), &text);
}

#[test]
fn random_programs_tell_the_same_facts_on_raw_and_on_checked_memory() {
    for part in ["weakref", "weak-containers"] {
        seeds(600).for_each(|seed| same_on_raw(part, &scenario(part, seed).unwrap()));
    }
}

/// Weak references as Python's documentation has them: who refers to what, and nothing else.
#[derive(Default)]
struct Weaks {
    /// A variable's object or weak reference.
    variables: BTreeMap<String, String>,
    /// For each object that lives: its plain ref, its plain proxy, the others.
    lists: BTreeMap<String, [Vec<String>; 3]>,
    /// For each weak reference: its object.
    target: BTreeMap<String, String>,
    acts: BTreeMap<String, Vec<Act>>,
    /// Weak references that are being called, or wait for it.
    held: Vec<String>,
    doomed: BTreeSet<String>,
    meanwhile: Vec<Act>,
    no_memory: bool,
    calls: Vec<String>,
    answers: Vec<String>,
}

impl Weaks {
    fn op(&mut self, op: &WeakOp) {
        match op {
            WeakOp::New(name) => {
                self.variables.insert(name.clone(), name.clone());
                self.lists.insert(name.clone(), Default::default());
            }
            WeakOp::Weak(name, sort, of, acts) => {
                let of = self.variables[of].clone();
                self.weak(name, sort, &of, acts.clone());
            }
            WeakOp::Get(name) => self.act(&Act::Get(name.clone())),
            WeakOp::List(name) => {
                let members = self.lists[name].iter().flatten().cloned().collect::<Vec<_>>();
                self.answers.push(format!("weak references to {name}: {}", kit::text::list(members)));
            }
            WeakOp::Del(name) => self.drop_variable(name),
            WeakOp::Doom(name) => {
                self.variables.remove(name);
                self.doomed.insert(name.clone());
            }
            WeakOp::Bury(name) => {
                self.doomed.remove(name);
                self.forget(name);
            }
            WeakOp::Meanwhile(acts) => self.meanwhile = acts.clone(),
            WeakOp::NoMemory => self.no_memory = true,
        }
    }

    fn weak(&mut self, name: &str, sort: &str, of: &str, acts: Option<Vec<Act>>) {
        let kind = match (sort, &acts) {
            ("ref", None) => 0,
            ("proxy", None) => 1,
            _ => 2,
        };
        if kind < 2
            && let Some(known) = self.lists[of][kind].first()
        {
            self.variables.insert(name.into(), known.clone());
            return;
        }
        if sort != "own" {
            std::mem::take(&mut self.meanwhile).iter().for_each(|act| self.act(act));
            if std::mem::take(&mut self.no_memory) {
                return;
            }
        }
        let list = self.lists.get_mut(of).unwrap();
        if kind < 2
            && let Some(known) = list[kind].first()
        {
            self.variables.insert(name.into(), known.clone());
            return;
        }
        list[kind].insert(0, name.into());
        self.variables.insert(name.into(), name.into());
        self.target.insert(name.into(), of.into());
        if let Some(acts) = acts {
            self.acts.insert(name.into(), acts);
        }
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Get(name) => {
                let Some(r) = self.variables.get(name) else { return };
                let gives = self.target.get(r).map_or("None", String::as_str);
                self.answers.push(format!("{name} gives {gives}"));
            }
            Act::Drop(name) => self.drop_variable(name),
            Act::Make(name, of) => {
                if self.variables.get(of).is_some_and(|of| self.lists.contains_key(of)) {
                    self.weak(name, "ref", of, None);
                }
            }
        }
    }

    fn drop_variable(&mut self, name: &str) {
        let Some(what) = self.variables.remove(name) else { return };
        if self.lists.contains_key(&what) {
            self.die(&what);
        } else if !self.held.contains(&what) && !self.variables.values().any(|held| *held == what) {
            self.forget(&what);
        }
    }

    /// A weak reference leaves its list.
    fn forget(&mut self, r: &str) {
        if let Some(of) = self.target.remove(r) {
            self.lists.get_mut(&of).unwrap().iter_mut().for_each(|part| part.retain(|other| other != r));
        }
    }

    fn die(&mut self, o: &str) {
        let all: Vec<String> = self.lists.remove(o).unwrap().into_iter().flatten().collect();
        all.iter().for_each(|r| drop(self.target.remove(r)));
        let called: Vec<String> = all.into_iter().filter(|r| !self.doomed.contains(r)).collect();
        let before = self.held.len();
        self.held.extend(called.iter().cloned());
        for r in called {
            if let Some(acts) = self.acts.remove(&r) {
                self.calls.push(format!("the callback of {r} runs: {r} gives None"));
                acts.iter().for_each(|act| self.act(act));
            }
        }
        self.held.truncate(before);
    }
}

#[test]
fn random_weak_references_are_called_as_the_model_says() {
    let mut called = 0;
    for seed in seeds(600) {
        let program: WeakProgram = seeded(seed);
        let mut model = Weaks::default();
        program.ops.iter().for_each(|op| model.op(op));
        let trace = trace_of(&socket("weakref"), &program.to_ops());
        let told = |mark: &str| -> Vec<String> {
            let facts = trace.lines().filter_map(|line| line.strip_prefix("   = "));
            facts.filter(|fact| fact.contains(mark)).map(str::to_string).collect()
        };
        assert_eq!(told(" runs: "), model.calls, "seed {seed}\n{}\n{trace}", program.to_ops());
        let answers: Vec<String> = model.answers.iter().filter(|answer| answer.contains(" gives ")).cloned().collect();
        let gives: Vec<String> = told(" gives ").into_iter().filter(|fact| !fact.contains(" runs: ")).collect();
        assert_eq!(gives, answers, "seed {seed}\n{}\n{trace}", program.to_ops());
        let lists: Vec<String> =
            model.answers.into_iter().filter(|answer| answer.contains("weak references")).collect();
        let mut told = told("weak references to ").into_iter();
        // Each list of the model is told; others are told besides.
        assert!(lists.iter().all(|list| told.any(|fact| fact == *list)), "seed {seed}\n{}\n{trace}", program.to_ops());
        called += model.calls.len();
    }
    assert!(called as u64 > seeds(600).end, "only {called} callbacks");
}

/// A cache as a user sees it: a value is found as long as it lives.
#[derive(Default)]
struct Seen {
    alive: BTreeSet<usize>,
    table: BTreeMap<usize, usize>,
    /// Dead, and the cache has not heard of it: still counted.
    unheard: BTreeSet<usize>,
    held: bool,
    said: Vec<String>,
}

impl Seen {
    fn op(&mut self, op: &CacheOp, no_memory: bool) {
        match op {
            CacheOp::New(value) => drop(self.alive.insert(*value)),
            CacheOp::Set(..) if no_memory => {}
            CacheOp::Set(key, value) => {
                self.unheard.remove(key);
                match value {
                    Some(value) => drop(self.table.insert(*key, *value)),
                    None => {
                        self.table.remove(key);
                        self.lose(*key);
                    }
                }
            }
            CacheOp::Get(key) => {
                let found = self.table.get(key).map_or("None".into(), |value| format!("v{value}"));
                self.said.push(format!("   = k{key} gives {found}"));
            }
            CacheOp::Del(value) => {
                self.alive.remove(value);
                let keys: Vec<usize> = self.table.iter().filter(|(_, v)| *v == value).map(|(key, _)| *key).collect();
                for key in keys {
                    self.table.remove(&key);
                    self.lose(key);
                }
            }
            CacheOp::Len => self.said.push(format!("   = len {}", self.table.len() + self.unheard.len())),
            CacheOp::HoldNews => self.held = true,
            CacheOp::News => {
                self.held = false;
                self.unheard.clear();
            }
            CacheOp::Iterate(_) | CacheOp::Next(_) | CacheOp::End(_) | CacheOp::NoMemory => {}
        }
    }

    fn lose(&mut self, key: usize) {
        if self.held {
            self.unheard.insert(key);
        }
    }
}

#[test]
fn a_random_cache_forgets_as_the_model_says() {
    for seed in seeds(600) {
        let program: CacheProgram = seeded(seed);
        // While news of an older death wait, a key may be put off or not: lengths are compared without late news.
        let late = program.ops.contains(&CacheOp::HoldNews);
        let (mut model, mut no_memory) = (Seen::default(), false);
        for op in &program.ops {
            model.op(op, no_memory);
            no_memory = *op == CacheOp::NoMemory;
        }
        let trace = trace_of(&socket("weak-containers"), &program.to_ops());
        let wanted = |line: &&str| line.contains(" gives ") || !late && line.starts_with("   = len");
        let told: Vec<&str> = trace.lines().filter(wanted).collect();
        let said: Vec<&str> = model.said.iter().map(String::as_str).filter(wanted).collect();
        assert_eq!(told, said, "seed {seed}\n{}\n{trace}", program.to_ops());
    }
}
