//! The generations against a history, and told the same on both kinds of memory.
//!
//! The model keeps no counters. It has a list of all that ever happened, and each number follows from it.

use check::random::generations::{GenerationsOp, GenerationsProgram};
use check::random::{Program, seeded, seeds};
use rstest::rstest;
use runtime::lab::{Socket, facts_on_raw_memory, trace_of};
use std::path::PathBuf;

const SOCKET: Socket = Socket::Generations(&runtime::gc::generations::Part);

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Happened {
    Made,
    Gone,
    /// A collection, and how many objects survived it.
    Collected(usize, u64),
}
use Happened::{Collected, Gone, Made};

#[derive(Default)]
struct History {
    all: Vec<Happened>,
    /// Where generation 0, 1 and 2 were last collected, alone or with an older one.
    since: [usize; 3],
    thresholds: [u64; 3],
    off: bool,
    callback: u64,
    /// The age of each living object: 0, 1 or 2; and whether it is lost.
    objects: Vec<(usize, bool)>,
    begun: Vec<(u64, usize)>,
}

impl History {
    fn count(&self, generation: usize) -> u64 {
        let since = &self.all[self.since[generation]..];
        match generation {
            0 => since.iter().fold(0u64, |count, happened| match happened {
                Made => count + 1,
                Gone => count.saturating_sub(1),
                Collected(..) => count,
            }),
            older => since.iter().filter(|h| matches!(h, Collected(younger, _) if younger + 1 == older)).count() as u64,
        }
    }

    fn pending(&self) -> u64 {
        let survivors = |happened: &Happened| if let Collected(1, survivors) = happened { *survivors } else { 0 };
        self.all[self.since[2]..].iter().map(survivors).sum()
    }

    fn total(&self) -> u64 {
        let full = |happened: &Happened| if let Collected(2, survivors) = happened { Some(*survivors) } else { None };
        self.all.iter().rev().find_map(full).unwrap_or(0)
    }

    /// Which generation is to be collected at this moment?
    fn due(&self) -> Option<usize> {
        let above: Vec<usize> = (0..3).filter(|g| self.count(*g) > self.thresholds[*g]).collect();
        let grew = self.pending() >= self.total() / 4;
        let asks = above.contains(&0) && self.thresholds[0] > 0 && !self.off;
        above.into_iter().filter(|generation| asks && (*generation < 2 || grew)).max()
    }

    fn make(&mut self, number: u64) {
        self.all.push(Made);
        if let Some(generation) = self.due() {
            self.begun.push((number, generation));
            self.collect(generation);
        }
    }

    fn collect(&mut self, generation: usize) {
        let before = self.all.len();
        let found = self.objects.iter().filter(|(age, lost)| *age <= generation && *lost).count();
        self.objects.retain(|(age, lost)| *age > generation || !lost);
        let examined = self.objects.iter_mut().filter(|(age, _)| *age <= generation);
        let survivors = examined.map(|(age, _)| *age = (generation + 1).min(2)).count() as u64;
        self.all.push(Collected(generation, survivors));
        (0..=generation).for_each(|younger| self.since[younger] = before + 1);
        self.all.extend((0..found).map(|_| Gone));
        self.all.extend((0..self.callback).map(|_| Made));
        self.objects.extend((0..self.callback).map(|_| (0, false)));
    }

    fn free(&mut self, count: u64, oldest: bool) {
        for _ in 0..count {
            let living = |age| self.objects.iter().position(|object| *object == (age, false));
            let ages = if oldest { [2, 1, 0] } else { [0, 1, 2] };
            let place = ages.into_iter().find_map(living).expect("the program frees no more than it made");
            self.objects.swap_remove(place);
            self.all.push(Gone);
        }
    }

    fn step(&mut self, op: &GenerationsOp) {
        match *op {
            GenerationsOp::Thresholds(thresholds) => self.thresholds = thresholds,
            GenerationsOp::Enable(enabled) => self.off = !enabled,
            GenerationsOp::Callback(count) => self.callback = count,
            GenerationsOp::Collect(generation) => self.collect(generation),
            GenerationsOp::Free { count, oldest } => self.free(count, oldest),
            GenerationsOp::New(count) | GenerationsOp::Lost(count) => (1..=count).for_each(|number| {
                self.make(number);
                self.objects.push((0, matches!(op, GenerationsOp::Lost(_))));
            }),
            GenerationsOp::Brief(count) => (1..=count).for_each(|number| {
                self.make(number);
                self.all.push(Gone);
            }),
        }
    }

    fn fact(&self) -> String {
        let [young, middle, old] = [0, 1, 2].map(|generation| self.count(generation));
        format!("   = counts {young} {middle} {old}; total {}, pending {}", self.total(), self.pending())
    }
}

/// Small programs: the history is read from its beginning again and again.
fn is_small(program: &GenerationsProgram) -> bool {
    let made = |op: &GenerationsOp| match op {
        GenerationsOp::New(n) | GenerationsOp::Lost(n) | GenerationsOp::Brief(n) => *n,
        GenerationsOp::Callback(n) => n * 10,
        _ => 0,
    };
    program.ops.iter().map(made).sum::<u64>() < 400
}

/// What changes no number: nothing is told.
fn is_setting(op: &GenerationsOp) -> bool {
    matches!(op, GenerationsOp::Thresholds(_) | GenerationsOp::Enable(_) | GenerationsOp::Callback(_))
}

#[test]
fn the_part_agrees_with_the_history() {
    let programs = (0..).map(seeded::<GenerationsProgram>).filter(is_small);
    let (many, mut full, mut begun) = (seeds(600).count(), 0, 0);
    for program in programs.take(many) {
        let mut history = History::default();
        let text = program.to_ops();
        let trace = trace_of(&SOCKET, &text);
        let mut told = trace.lines().filter(|line| line.starts_with("   = counts") || line.starts_with("   !"));
        for op in &program.ops {
            history.step(op);
            if !is_setting(op) {
                assert_eq!(told.next(), Some(history.fact().as_str()), "{text}");
            }
        }
        assert_eq!(told.next(), None, "{text}");
        full += history.begun.iter().filter(|(_, generation)| *generation == 2).count();
        begun += history.begun.len();
    }
    assert!(full > many / 6 && begun > many, "{full} {begun}");
}

fn same_facts(scenario: &str) {
    let facts = |line: &&str| !line.starts_with("   . ");
    let compared: Vec<String> = trace_of(&SOCKET, scenario).lines().filter(facts).map(String::from).collect();
    assert_eq!(compared, facts_on_raw_memory(scenario), "{scenario}");
}

#[rstest]
fn scenarios_tell_the_same_on_both_memories(#[files("../exercises/33-generations/scenarios/*.ops")] path: PathBuf) {
    same_facts(&std::fs::read_to_string(path).unwrap());
}

#[test]
fn random_scenarios_tell_the_same_on_both_memories() {
    seeds(200).for_each(|seed| same_facts(&seeded::<GenerationsProgram>(seed).to_ops()));
}
