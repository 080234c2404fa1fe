//! # Searching by chance
//!
//! Random scenarios are run by the learner's part and by the reference; the reference's trace is the expected one. The
//! first that differs is shrunk, and its minimum is run once more in a process of its own before it is believed.

use crate::random;
use crate::scenario::Scenario;
use crate::shrink::shrink;
use crate::supervise::{self, End, Limits, Outcome, Probe};
use crate::trace;
use crate::verdict::{self, Verdict};
use std::time::{Duration, Instant};

/// Processes of the learner's part that run at the same time.
const WORKERS: usize = 2;
/// How long shrinking may take.
const SHRINKING: Duration = Duration::from_secs(3);
/// How long the reference may take for a scenario. It comes to its end, however busy the machine is.
const REFERENCE: Duration = Duration::from_secs(60);

/// Who is compared with whom.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// The exercise.
    pub part: &'a str,
    /// The learner's probe.
    pub yours: &'a Probe,
    /// The probe that has all solutions.
    pub reference: &'a Probe,
    /// Wall time for a scenario.
    pub budget: Duration,
    /// When all of it must be over.
    pub deadline: Option<Instant>,
}

/// A scenario on which the two differ.
#[derive(Clone, Debug)]
pub struct Found {
    /// The scenario.
    pub scenario: Scenario,
    /// What the reference says.
    pub expected: Vec<String>,
    /// What the learner's part says.
    pub outcome: Outcome,
    /// What it says when it is run again, if that is something else.
    pub again: Option<Outcome>,
    /// The verdict.
    pub verdict: Verdict,
}

impl Found {
    /// The scenario under this name and with this purpose, as it is kept at `path`.
    pub fn kept_as(&self, name: &str, purpose: &str, path: &std::path::Path) -> Scenario {
        let text = format!("# {purpose}\n{}", self.ops());
        Scenario { name: name.into(), ..Scenario::parse(path, text) }
    }

    /// The operations, without the lines above them.
    fn ops(&self) -> String {
        let ops = self.scenario.text.lines().skip_while(|line| line.starts_with('#'));
        ops.map(|line| format!("{line}\n")).collect()
    }

    /// What stands below the explanation of a scenario that is in no folder.
    pub fn whole(&self) -> String {
        let lines: String = self.ops().lines().map(|line| format!("    {line}\n")).collect();
        format!("\n  the whole scenario:\n{lines}")
    }
}

/// Random scenarios, with what the reference says to each.
#[derive(Clone, Debug)]
pub struct Drawn {
    texts: Vec<String>,
    expected: Vec<Outcome>,
}

/// Draws `count` scenarios, those of `seed`, `seed + 1` and so on, and asks the reference. The learner's part is not
/// needed for that.
///
/// # Errors
/// When the reference does not answer.
pub fn draw(reference: &Probe, part: &str, seed: u64, count: usize) -> Result<Drawn, String> {
    let texts = (0..count as u64).filter_map(|i| random::scenario(part, seed.wrapping_add(i)));
    let texts: Vec<String> = texts.collect();
    let expected = ask(reference, part, &texts)?;
    Ok(Drawn { texts, expected })
}

fn ask(reference: &Probe, part: &str, texts: &[String]) -> Result<Vec<Outcome>, String> {
    let scenarios: Vec<(&str, &str)> = texts.iter().map(|text| ("random", text.as_str())).collect();
    let outcomes = supervise::run(reference, part, &scenarios, &Limits::new(REFERENCE).of_facts());
    match outcomes.iter().find(|o| o.end != End::Ended) {
        Some(bad) => Err(format!("the reference did not answer: {}", bad.end)),
        None => Ok(outcomes),
    }
}

impl Sides<'_> {
    /// Tries what was drawn on the learner's part: the place of the first scenario that fails, and its verdict.
    pub fn tried(&self, drawn: &Drawn) -> Option<(usize, Verdict)> {
        self.first_failing(drawn, 0, None, self.budget)
    }

    /// The scenario at `at` ran out of time among others: the part, or a busy machine? Alone it has the whole budget. When
    /// it passes then, those behind it are tried.
    pub fn still_failing(&self, drawn: &Drawn, at: usize) -> Option<(usize, Verdict)> {
        if self.confirmed(&drawn.texts[at]).is_some() {
            return Some((at, Verdict::Timeout));
        }
        self.first_failing(drawn, at + 1, None, self.budget)
    }

    /// The failure at this place, shrunk if that is wanted, and confirmed.
    pub fn found(&self, drawn: &Drawn, at: usize, verdict: Verdict, shrinking: bool) -> Found {
        let text = &drawn.texts[at];
        let found = if shrinking { self.confirmed(&self.shrunk(text, verdict)) } else { None };
        found.or_else(|| self.confirmed(text)).unwrap_or_else(|| self.unsteady(text, verdict))
    }

    /// A scenario that failed once: does it still? Then it is shrunk, should it not be the shortest yet.
    pub fn retried(&self, text: &str, shrinking: bool) -> Option<Found> {
        let found = self.confirmed(text)?;
        if !shrinking || found.verdict == Verdict::Nondeterministic {
            return Some(found);
        }
        self.confirmed(&self.shrunk(text, found.verdict)).or(Some(found))
    }

    /// Runs one scenario on both sides, each in a process of its own. None when they agree, or when the reference
    /// refuses the scenario.
    pub fn confirmed(&self, text: &str) -> Option<Found> {
        let scenario = Scenario::parse("random.ops", text);
        let expected = self.expected(text)?;
        let limits = Limits::new(self.budget).until(self.deadline);
        let once = || supervise::run(self.yours, self.part, &[("random", text)], &limits).pop();
        let outcome = once()?;
        let mut verdict = verdict::judge(&expected, &outcome);
        if verdict == Verdict::Pass {
            return None;
        }
        let again = if verdict == Verdict::Timeout { None } else { once() };
        let again = again.filter(|again| !verdict::same_run(&outcome, again));
        if again.is_some() {
            verdict = Verdict::Nondeterministic;
        }
        Some(Found { scenario, expected, outcome, again, verdict })
    }

    /// What the reference says to a scenario, with its steps, unless it refuses it.
    pub fn expected(&self, text: &str) -> Option<Vec<String>> {
        let outcome = supervise::run(self.reference, self.part, &[("random", text)], &Limits::default()).pop()?;
        (outcome.end == End::Ended && trace::refusal(&outcome.lines).is_none()).then_some(outcome.lines)
    }

    fn shrunk(&self, text: &str, verdict: Verdict) -> String {
        let until = Instant::now() + SHRINKING;
        let budget = if verdict == Verdict::Timeout { self.budget / 8 } else { self.budget };
        shrink(text, &mut |candidates| {
            if Instant::now() > until {
                return None;
            }
            let expected = ask(self.reference, self.part, candidates).ok()?;
            let drawn = Drawn { texts: candidates.to_vec(), expected };
            self.first_failing(&drawn, 0, Some(verdict), budget).map(|(at, _)| at)
        })
    }

    /// The first of the scenarios from `from` on that the reference accepts and the learner's part fails, with this verdict
    /// or any.
    fn first_failing(
        &self,
        drawn: &Drawn,
        from: usize,
        with: Option<Verdict>,
        budget: Duration,
    ) -> Option<(usize, Verdict)> {
        let Drawn { texts, expected } = drawn;
        let good: Vec<usize> = (from..texts.len()).filter(|i| trace::refusal(&expected[*i].lines).is_none()).collect();
        let share = &|worker: usize| -> Option<(usize, Verdict)> {
            let mine: Vec<usize> = good.iter().copied().skip(worker).step_by(WORKERS).collect();
            let scenarios: Vec<(&str, &str)> = mine.iter().map(|i| ("random", texts[*i].as_str())).collect();
            let limits = Limits::new(budget).until(self.deadline).stopping_at_a_death().of_facts();
            let outcomes = supervise::run(self.yours, self.part, &scenarios, &limits);
            let mut judged = mine.iter().zip(&outcomes).map(|(i, o)| (*i, verdict::judge(&expected[*i].lines, o)));
            judged.find(|(_, v)| *v != Verdict::Pass && with.is_none_or(|w| w == *v))
        };
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..WORKERS).map(|worker| scope.spawn(move || share(worker))).collect();
            let first = share(0).into_iter();
            let others = others.into_iter().filter_map(|other| other.join().expect("a worker does not panic"));
            first.chain(others).min_by_key(|(i, _)| *i)
        })
    }

    /// It failed among others, and not alone.
    fn unsteady(&self, text: &str, verdict: Verdict) -> Found {
        let limits = Limits::new(self.budget).until(self.deadline);
        let alone = supervise::run(self.yours, self.part, &[("random", text)], &limits).remove(0);
        let mut other = alone.clone();
        other.lines.push(format!("   ! {verdict} when it was run after other scenarios in the same process"));
        let scenario = Scenario::parse("random.ops", text);
        let expected = alone.lines.clone();
        Found { scenario, expected, outcome: alone, again: Some(other), verdict: Verdict::Nondeterministic }
    }
}
