//! One mutant, given to the grader.

use std::fs;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use check::supervise::Probe;
use check::verdict::Verdict;

use super::list::Mutant;
use super::notes::Came;
use crate::failure::Failure;
use crate::grade::Lane;
use crate::grade::build::Built;
use crate::grade::material::Material;
use crate::grade::options::Budgets;
use crate::grade::report::Check;
use crate::grade::run::Runner;
use crate::selftest::scratch::Scratch;

/// I2: so much more time, when time alone caught it.
pub(super) const PATIENCE: u32 = 5;

pub(super) fn of(scratch: &Scratch, lane: &Lane, material: &Material<'_>, mutant: &Mutant) -> Result<Came, Failure> {
    let exercise = material.exercise;
    scratch.answer(exercise, &mutant.text)?;
    let budgets = Budgets::default();
    let program = match lane.build(exercise, budgets.build) {
        Some(Built::Ready(program)) => program,
        Some(_) => return Ok(Came::Caught("compiling".into(), "timeout".into())),
        None => return Ok(Came::DoesNotCompile),
    };
    // What chance found for one mutant must not help to catch the next (I1).
    let _ = fs::remove_file(exercise.failing(scratch.root()));
    let mut came = graded(scratch, lane, material, &program, budgets);
    if matches!(&came, Came::Caught(_, verdict) if verdict == Verdict::Timeout.name()) {
        let budgets = Budgets { scenario: budgets.scenario * PATIENCE, ..budgets };
        came = graded(scratch, lane, material, &program, budgets);
    }
    let _ = fs::remove_file(program);
    Ok(came)
}

fn graded(
    scratch: &Scratch,
    lane: &Lane,
    material: &Material<'_>,
    program: &std::path::Path,
    budgets: Budgets,
) -> Came {
    // A mutant that loops everywhere need not do so in every scenario.
    let deadline = Instant::now() + (budgets.scenario * 6).min(Duration::from_secs(30));
    let runner = Runner {
        root: scratch.root(),
        material,
        probe: Probe::of(program),
        reference: Some(Probe::of(&lane.reference)),
        budgets: &budgets,
        deadline,
        all_details: false,
        told: AtomicBool::new(false),
    };
    let failed = |checks: &[Check]| {
        // Time is the weakest reason: any other one is better.
        let bad = || checks.iter().filter(|check| check.verdict != Verdict::Pass);
        let best = bad().find(|check| check.verdict != Verdict::Timeout).or_else(|| bad().next());
        best.map(|check| Came::Caught(check.name.clone(), check.verdict.name().into()))
    };
    if let Some(caught) = failed(&runner.written()) {
        return caught;
    }
    let seed = check::random::seed_of(&fs::read_to_string(material.exercise.lib()).unwrap_or_default());
    let runner = Runner { deadline: Instant::now() + budgets.total, ..runner };
    failed(&runner.run(seed, None)).unwrap_or(Came::Passed)
}
