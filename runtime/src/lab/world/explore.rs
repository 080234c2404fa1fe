//! # One program, many histories
//!
//! A program with threads is run as somebody says who goes on: the switch interval, dice, a list of choices. Run again
//! and again with other lists, it shows everything that can happen to it.
//!
//! ```text
//!   run with []           choices taken: 0 of 2, 0 of 3, 0 of 2      the last one that has another number is next:
//!   run with [0, 0, 1]                   0 of 2, 0 of 3, 1 of 2
//!   run with [0, 1]                      0 of 2, 1 of 3, 0 of 2 ...  until there is none
//! ```
//!
//! - **I1** The same program with the same list is the same history.
//! - **I2** Each list of choices is run once, the smallest first, as a number is counted up.
//! - **I3** Of an outcome the list is kept that has the fewest choices other than 0, and of these the shortest.

use super::home::Home;
use super::language::Program;
use super::run;
use super::timeline::Event;
use crate::config::{Config, Fast};
use crate::gil::program::Micros;
use crate::gil::roster::{Books, Roster};
use crate::heap::machine::Heap;
use crate::objects::{Objects, machine::Profile};
use crate::turns::{AnyGil, Choices, Taken};
use kit::eval_breaker::Instruction;
use kit::geometry::Modern;
use kit::gil::ThreadId;
use kit::observe::Silent;
use kit::raw::RawMemory;
use kit::scheduler::Scheduler;
use std::collections::BTreeMap;

/// Where a thread may switch: of the part of exercise `eval-breaker`, or another rule.
pub type SwitchPoints = fn(Instruction) -> bool;

/// The rule of CPython up to 3.9: nearly everywhere.
#[must_use]
pub fn everywhere(_: Instruction) -> bool {
    true
}

/// How a program is run.
#[derive(Clone)]
pub struct Plan {
    /// Who decides.
    pub choices: Choices,
    /// The part of exercise `gil`.
    pub gil: &'static AnyGil,
    /// The part of exercise `scheduler`, if it is to decide where an interval does.
    pub scheduler: Option<&'static (dyn Scheduler<Roster> + Sync)>,
    /// Where a thread may switch.
    pub switch_points: SwitchPoints,
    /// How long a woken thread needs, in microseconds.
    pub wake: Micros,
    /// Whether the history is kept.
    pub timeline: bool,
}

impl Plan {
    /// The reference's GIL, and these choices. A woken thread needs 50 us, or nothing where choices are made: else
    /// threads that are done sooner would never meet.
    #[must_use]
    pub fn new(choices: Choices) -> Self {
        let wake = if choices.timed() { 50 } else { 0 };
        let switch_points = crate::gil::eval_breaker::is_switch_point;
        Plan { choices, gil: &crate::gil::gil::Part, scheduler: None, switch_points, wake, timeline: false }
    }
}

/// What became of a run.
pub struct Ran {
    /// What was told, line by line.
    pub told: Vec<String>,
    /// Who did what, when. Empty unless it was to be kept.
    pub timeline: Vec<(Micros, Event)>,
    /// Names of the threads, by number.
    pub names: Vec<String>,
    /// What was decided.
    pub taken: Vec<Taken>,
    /// How long it took.
    pub micros: Micros,
    /// How often the GIL went to another thread.
    pub switches: u64,
    /// How long each thread waited for the GIL, and had it.
    pub books: Vec<Books>,
}

/// Runs the program on the reference's objects and real memory, with a table for its threads even if it has one only.
///
/// # Panics
/// When the runtime breaks one of its promises.
#[must_use]
pub fn run_as(program: &Program, plan: Plan) -> Ran {
    // SAFETY: the reference's parts stay in what they mapped (I1 of kit::raw).
    let memory = unsafe { RawMemory::new() };
    let heap = Heap::<Fast<Modern>>::new(memory, Silent, Fast::reference()).expect("memory for the heap's tables");
    let objects = Objects::new(heap, Profile::V3_11).expect("memory for the runtime's own words");
    let home = Home::with_turns(objects, plan);
    let turns = home.turns.as_ref().expect("it was made with a table");
    let told = run::run(&home, program);
    assert_eq!(home.objects.validate(), Ok(()), "after the program");
    let threads = (0..turns.threads()).map(ThreadId);
    Ran {
        told,
        timeline: home.timeline.take(),
        names: threads.clone().map(|thread| turns.name(thread)).collect(),
        taken: turns.choices().taken,
        micros: turns.now(),
        switches: turns.switches(),
        books: turns.with_roster(|roster| threads.map(|thread| roster.books(thread)).collect()),
    }
}

/// One thing that a program can come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// What is told.
    pub told: Vec<String>,
    /// In how many histories.
    pub count: u64,
    /// The choices of the simplest one of these (I3), without zeros at the end.
    pub choices: Vec<usize>,
}

/// All that a program can come to.
pub struct Outcomes {
    /// How many histories were run.
    pub runs: u64,
    /// Whether these are all there are.
    pub complete: bool,
    /// The most frequent first.
    pub all: Vec<Outcome>,
}

/// Runs every history of the program, `at_most` of them.
///
/// # Panics
/// When the runtime breaks one of its promises.
#[must_use]
pub fn explore(program: &Program, plan: &Plan, at_most: u64) -> Outcomes {
    let mut all: BTreeMap<Vec<String>, Outcome> = BTreeMap::new();
    let (mut runs, mut next) = (0, Some(vec![]));
    while let Some(list) = next.take_if(|_| runs < at_most) {
        let ran = run_as(program, Plan { choices: Choices::list(list), ..plan.clone() });
        runs += 1;
        next = next_list(&ran.taken);
        let choices = trimmed(&ran.taken);
        let told = ran.told.clone();
        let outcome = all.entry(told).or_insert_with(|| Outcome { told: ran.told, count: 0, choices: choices.clone() });
        outcome.count += 1;
        if weight(&choices) < weight(&outcome.choices) {
            outcome.choices = choices;
        }
    }
    let mut all: Vec<Outcome> = all.into_values().collect();
    all.sort_by_key(|outcome| std::cmp::Reverse(outcome.count));
    Outcomes { runs, complete: next.is_none(), all }
}

/// The list that comes after what was taken (I2). `None`: there is none.
fn next_list(taken: &[Taken]) -> Option<Vec<usize>> {
    let last = taken.iter().rposition(|taken| taken.choice + 1 < taken.of)?;
    let before = taken[..last].iter().map(|taken| taken.choice);
    Some(before.chain([taken[last].choice + 1]).collect())
}

/// What makes a list less simple than another one: first choices other than 0, then its length (I3).
fn weight(choices: &[usize]) -> (usize, usize) {
    (choices.iter().filter(|choice| **choice > 0).count(), choices.len())
}

/// Zeros at the end say nothing.
fn trimmed(taken: &[Taken]) -> Vec<usize> {
    let last = taken.iter().rposition(|taken| taken.choice > 0).map_or(0, |last| last + 1);
    taken[..last].iter().map(|taken| taken.choice).collect()
}

/// The simplest choices that come to the same as these did: fewer that are not 0, then a shorter list.
///
/// # Panics
/// When the runtime breaks one of its promises.
#[must_use]
pub fn shrink(program: &Program, plan: &Plan, choices: &[usize]) -> Vec<usize> {
    let run = |list: &[usize]| run_as(program, Plan { choices: Choices::list(list.to_vec()), ..plan.clone() });
    let first = run(choices);
    let (wanted, mut best) = (first.told, trimmed(&first.taken));
    let mut at = 0;
    while at < best.len() {
        let zero = [&best[..at], &[0], &best[at + 1..]].concat();
        let gone = [&best[..at], &best[at + 1..]].concat();
        let tried = [zero, gone].into_iter().find_map(|list| {
            let ran = run(&list);
            let list = trimmed(&ran.taken);
            (ran.told == wanted && weight(&list) < weight(&best)).then_some(list)
        });
        match tried {
            Some(list) => best = list,
            None => at += 1,
        }
    }
    best
}
