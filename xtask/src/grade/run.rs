//! Running one exercise's checks on a probe that is built.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use check::chance::{self, Drawn, Found, Sides};
use check::explain::Case;
use check::scenario::Scenario;
use check::supervise::{self, Limits, Outcome, Probe};
use check::verdict::{self, Verdict};

use super::material::{Expected, Material, RANDOM};
use super::options::Budgets;
use super::report::Check;
use crate::files;

/// Processes that run at the same time.
const WORKERS: usize = 2;

/// The first random scenario that fails, if one does, and all that were tried; or why none was.
type Chance = Result<(Option<(usize, Verdict)>, Drawn), String>;

/// What is run on what.
pub(crate) struct Runner<'a> {
    pub(crate) root: &'a Path,
    pub(crate) material: &'a Material<'a>,
    pub(crate) probe: Probe,
    /// The probe with all solutions; none when the solutions are what is graded.
    pub(crate) reference: Option<Probe>,
    pub(crate) budgets: &'a Budgets,
    pub(crate) deadline: Instant,
    pub(crate) all_details: bool,
    /// One check that used up a budget was run again to show where: that is enough.
    pub(crate) told: AtomicBool,
}

impl Runner<'_> {
    /// Every check of the exercise, in the order of their names, the random ones last. `drawn` are these with the
    /// reference's answers, if it was asked before.
    pub(crate) fn run(&self, seed: u64, drawn: Option<Result<Drawn, String>>) -> Vec<Check> {
        let Some(reference) = self.reference.as_ref().filter(|_| self.material.random > 0) else {
            return self.written();
        };
        let id = &self.material.exercise.id;
        let (budget, deadline) = (self.budgets.scenario, Some(self.deadline));
        let sides = Sides { part: id, yours: &self.probe, reference, budget, deadline };
        std::thread::scope(|scope| {
            let chance = scope.spawn(|| {
                let drawn = drawn.unwrap_or_else(|| chance::draw(reference, id, seed, self.material.random))?;
                Ok((sides.tried(&drawn), drawn))
            });
            let mut checks = self.written();
            let chance = chance.join().expect("random scenarios do not panic");
            checks.push(self.random(sides, chance, seed, &checks));
            checks
        })
    }

    /// The scenarios that somebody wrote.
    pub(crate) fn written(&self) -> Vec<Check> {
        let limits = Limits::new(self.budgets.scenario).until(Some(self.deadline)).of_facts();
        let expected: Vec<&Expected> = self.material.expected.iter().collect();
        // Each worker takes every second scenario: the slow ones are often neighbours.
        let shares: Vec<Vec<&Expected>> =
            (0..WORKERS).map(|w| expected.iter().skip(w).step_by(WORKERS).copied().collect()).collect();
        let mut checks: Vec<Check> = std::thread::scope(|scope| {
            let workers: Vec<_> = shares.iter().map(|share| scope.spawn(|| self.share(share, &limits))).collect();
            workers.into_iter().flat_map(|worker| worker.join().expect("a worker does not panic")).collect()
        });
        checks.sort_by(|a, b| a.name.cmp(&b.name));
        checks
    }

    fn share(&self, share: &[&Expected], limits: &Limits) -> Vec<Check> {
        let able: Vec<(&Expected, &Vec<String>)> =
            share.iter().filter_map(|e| Some((*e, e.trace.as_ref().ok()?))).collect();
        let texts: Vec<(&str, &str)> =
            able.iter().map(|(e, _)| (e.scenario.name.as_str(), e.scenario.text.as_str())).collect();
        let outcomes = supervise::run(&self.probe, &self.material.exercise.id, &texts, limits);
        let judged = able.iter().zip(outcomes).map(|((e, trace), outcome)| self.judged(&e.scenario, trace, outcome));
        let unable = share.iter().filter_map(|e| {
            let why = e.trace.as_ref().err()?;
            Some(Check::not_run(&e.scenario.name, e.scenario.points, Verdict::Missing, why))
        });
        judged.chain(unable).collect()
    }

    /// Facts decide. Who fails runs once more, alone and with all steps: to be shown, and to see whether it fails again.
    fn judged(&self, scenario: &Scenario, expected: &[String], facts: Outcome) -> Check {
        let verdict = verdict::judge(expected, &facts);
        let (points, costly) = (scenario.points, verdict::is_costly(verdict));
        if verdict == Verdict::Pass || (costly && self.told.swap(true, Ordering::Relaxed)) {
            return self.check(scenario, points, verdict, expected, &facts, None);
        }
        let budget = if costly { self.budgets.scenario / 8 } else { self.budgets.scenario };
        let limits = Limits::new(budget).until(Some(self.deadline));
        let text = [(scenario.name.as_str(), scenario.text.as_str())];
        match supervise::run(&self.probe, &self.material.exercise.id, &text, &limits).pop() {
            Some(full) if verdict::same_run(&facts, &full) => {
                let full = Outcome { end: facts.end, ..full };
                self.check(scenario, points, verdict, expected, &full, None)
            }
            Some(_) if costly => self.check(scenario, points, verdict, expected, &facts, None),
            full => self.check(scenario, points, Verdict::Nondeterministic, expected, &facts, full.as_ref()),
        }
    }

    fn check(
        &self,
        scenario: &Scenario,
        max: u32,
        verdict: Verdict,
        expected: &[String],
        outcome: &Outcome,
        again: Option<&Outcome>,
    ) -> Check {
        let seconds = outcome.took.as_secs_f64();
        let name = scenario.name.clone();
        if verdict == Verdict::Pass {
            return Check { name, verdict, max, seconds, sentence: String::new(), explanation: None };
        }
        let file = files::said(self.root, &scenario.path);
        let case = Case {
            id: &self.material.exercise.id,
            scenario,
            file: &file,
            verdict,
            expected,
            outcome,
            again,
            promises: &self.material.promises,
            chapter: self.material.chapter.as_deref(),
            all_details: self.all_details,
        };
        Check { name, verdict, max, seconds, sentence: case.sentence(), explanation: Some(case.explain()) }
    }

    /// The scenario that failed by chance the last time, then new ones. `rest` is how the written ones went: where they
    /// fail, nobody needs the shortest random one as well.
    fn random(&self, mut sides: Sides<'_>, chance: Chance, seed: u64, rest: &[Check]) -> Check {
        let start = Instant::now();
        let max = self.material.random_points();
        let (first, drawn) = match chance {
            Ok(chance) => chance,
            Err(why) => return Check::not_run(RANDOM, max, Verdict::Internal, &why),
        };
        let all_well = rest.iter().all(|check| check.verdict == Verdict::Pass);
        let first = match first {
            Some((at, Verdict::Timeout)) if all_well => sides.still_failing(&drawn, at),
            first => first,
        };
        if rest.iter().any(|check| check.verdict == Verdict::Timeout) {
            sides.budget /= 8;
        }
        let saved = self.material.exercise.failing(self.root);
        let old = std::fs::read_to_string(&saved).ok().and_then(|text| sides.retried(&text, all_well));
        let mut check = match (old, first) {
            (Some(found), _) => self.found(found, "Found by chance earlier, and it still fails.", &saved),
            (None, Some((at, verdict))) => {
                let found = sides.found(&drawn, at, verdict, all_well);
                let shrunk = if all_well { ", and cut down to what still fails" } else { "" };
                let seed = seed.wrapping_add(at as u64);
                self.found(found, &format!("Found by chance (seed {seed}){shrunk}."), &saved)
            }
            (None, None) => Check::not_run(RANDOM, max, Verdict::Pass, ""),
        };
        check.seconds = start.elapsed().as_secs_f64();
        check
    }

    /// A random scenario that failed is saved, so that it can be repeated.
    fn found(&self, found: Found, purpose: &str, saved: &Path) -> Check {
        let (scenario, whole) = (found.kept_as(RANDOM, purpose, saved), found.whole());
        // Should the disk be full, the scenario is still printed.
        let _ = files::write(saved, scenario.text.as_bytes());
        let Found { expected, outcome, again, verdict, .. } = found;
        let max = self.material.random_points();
        let mut check = self.check(&scenario, max, verdict, &expected, &outcome, again.as_ref());
        if let Some(explanation) = &mut check.explanation {
            explanation.push_str(&whole);
        }
        check
    }
}
