//! # Verdicts
//!
//! A verdict is one word for what became of a check. The words are stable: programs read them.

use crate::supervise::{End, Outcome};
use crate::trace::{self, Kind, Line};
use std::fmt;

/// What became of a scenario, or of a whole exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// All facts are as recorded.
    Pass,
    /// It ended, and a fact differs.
    Wrong,
    /// The part did something to memory, or to a service, that it has no right to.
    Misuse,
    /// A `todo!()` was reached.
    Unfinished,
    /// It panicked.
    Panic,
    /// The process ended in the middle.
    Crash,
    /// The stack was used up.
    StackOverflow,
    /// A budget was used up.
    Timeout,
    /// It wanted too much memory.
    OutOfMemory,
    /// It printed too much.
    OutputLimit,
    /// The same scenario gave another answer the second time.
    Nondeterministic,
    /// The compiler refused it.
    DoesNotCompile,
    /// It is as the course handed it out.
    NotStarted,
    /// A file, or a trace, that must be there is not.
    Missing,
    /// A file that the learner does not own was changed.
    Tampered,
    /// The tool failed, not the learner.
    Internal,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Verdict; 16] = [
        Verdict::Pass,
        Verdict::Wrong,
        Verdict::Misuse,
        Verdict::Unfinished,
        Verdict::Panic,
        Verdict::Crash,
        Verdict::StackOverflow,
        Verdict::Timeout,
        Verdict::OutOfMemory,
        Verdict::OutputLimit,
        Verdict::Nondeterministic,
        Verdict::DoesNotCompile,
        Verdict::NotStarted,
        Verdict::Missing,
        Verdict::Tampered,
        Verdict::Internal,
    ];

    /// The stable name: `stack-overflow`.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Wrong => "wrong",
            Verdict::Misuse => "misuse",
            Verdict::Unfinished => "unfinished",
            Verdict::Panic => "panic",
            Verdict::Crash => "crash",
            Verdict::StackOverflow => "stack-overflow",
            Verdict::Timeout => "timeout",
            Verdict::OutOfMemory => "out-of-memory",
            Verdict::OutputLimit => "output-limit",
            Verdict::Nondeterministic => "nondeterministic",
            Verdict::DoesNotCompile => "does-not-compile",
            Verdict::NotStarted => "not-started",
            Verdict::Missing => "missing",
            Verdict::Tampered => "tampered",
            Verdict::Internal => "internal",
        }
    }

    /// The verdict with this name.
    pub fn named(name: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|v| v.name() == name)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Judges one run against the recorded trace.
///
/// A process that died is judged by its death. One that lived is judged by the first line that differs: a `!` line of
/// its own says what it is, and anything else is [`Verdict::Wrong`].
pub fn judge<S: AsRef<str>>(expected: &[S], outcome: &Outcome) -> Verdict {
    match &outcome.end {
        End::Ended => by_first_difference(expected, &outcome.lines),
        End::Timeout(_) | End::OutOfTime => Verdict::Timeout,
        End::Crash(_) | End::Vanished(_) => Verdict::Crash,
        End::StackOverflow => Verdict::StackOverflow,
        End::OutOfMemory => Verdict::OutOfMemory,
        End::OutputLimit(_) => Verdict::OutputLimit,
        End::CouldNotStart(_) => Verdict::Internal,
    }
}

fn by_first_difference<S: AsRef<str>>(expected: &[S], got: &[String]) -> Verdict {
    let (expected, got) = (trace::compared(expected), trace::compared(got));
    let both = expected.len().min(got.len());
    let at = (0..both).find(|i| expected[*i].1 != got[*i].1).unwrap_or(both);
    let line = |lines: &[(usize, &str)]| lines.get(at).map(|(_, line)| Line::parse(line).kind);
    match (line(&expected), line(&got)) {
        (None, None) => Verdict::Pass,
        (_, Some(Kind::Broken)) => broken(got[at].1),
        // The operations are the scenario's, not the part's. When they differ, so do the scenarios.
        (Some(Kind::Op), Some(Kind::Op) | None) | (None, Some(Kind::Op)) => Verdict::Tampered,
        _ => Verdict::Wrong,
    }
}

/// What a `!` line is about: its sentence begins with its class.
fn broken(line: &str) -> Verdict {
    let sentence = Line::parse(line).text;
    match sentence.split([':', ' ']).next().unwrap_or_default() {
        "misuse" => Verdict::Misuse,
        "unfinished" => Verdict::Unfinished,
        "panic" => Verdict::Panic,
        "out-of-memory" => Verdict::OutOfMemory,
        // The reference ran this scenario, so it is another one now.
        "scenario" => Verdict::Tampered,
        _ => Verdict::Wrong,
    }
}

/// Was a budget used up? To run it again would only cost as much again.
pub fn is_costly(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Timeout | Verdict::OutOfMemory | Verdict::OutputLimit)
}

/// Two runs of the same scenario that should have been the same.
pub fn same_run(a: &Outcome, b: &Outcome) -> bool {
    let kind = std::mem::discriminant(&a.end) == std::mem::discriminant(&b.end);
    kind && (a.end != End::Ended || trace::same_facts(&a.lines, &b.lines))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::supervise::Output;
    use std::time::Duration;

    fn run(lines: &[&str], end: End) -> Outcome {
        let lines = lines.iter().map(|l| (*l).to_string()).collect();
        Outcome { name: "x".into(), lines, end, output: Output::default(), took: Duration::ZERO }
    }

    const RIGHT: [&str; 4] = [" 1 | x = alloc", "   = block 0", " 2 | free x", "   = ok"];

    #[test]
    fn each_way_to_end_has_its_verdict() {
        let ended = |lines: &[&str]| judge(&RIGHT, &run(lines, End::Ended));
        assert_eq!(ended(&RIGHT), Verdict::Pass);
        assert_eq!(ended(&[" 1 | x = alloc", "   . step", "   = block 1"]), Verdict::Wrong);
        assert_eq!(ended(&[" 1 | x = alloc", "   ! misuse at a.rs:1: no"]), Verdict::Misuse);
        assert_eq!(ended(&[" 1 | x = alloc", "   ! unfinished at a.rs:1: x"]), Verdict::Unfinished);
        assert_eq!(ended(&[" 1 | x = alloc", "   ! panic at a.rs:1: x"]), Verdict::Panic);
        assert_eq!(ended(&[" 1 | x = alloc", "   ! broken: two (I1)"]), Verdict::Wrong);
        assert_eq!(ended(&[" 1 | x = alloc", "   ! scenario: line 1: no"]), Verdict::Tampered);
        assert_eq!(ended(&["hello", " 1 | x = alloc"]), Verdict::Wrong);
    }

    #[test]
    fn another_scenario_is_told_from_a_wrong_answer() {
        let ended = |lines: &[&str]| judge(&RIGHT, &run(lines, End::Ended));
        assert_eq!(ended(&[" 1 | x = alloc", "   = block 0", " 3 | free x", "   = ok"]), Verdict::Tampered);
        assert_eq!(ended(&RIGHT[..2]), Verdict::Tampered);
        assert_eq!(ended(&RIGHT[..1]), Verdict::Wrong);
    }

    #[test]
    fn an_equal_trace_is_no_pass_without_its_end() {
        for (end, verdict) in [
            (End::Vanished(0), Verdict::Crash),
            (End::Crash("SIGABRT".into()), Verdict::Crash),
            (End::Timeout(Duration::ZERO), Verdict::Timeout),
            (End::OutOfTime, Verdict::Timeout),
            (End::StackOverflow, Verdict::StackOverflow),
            (End::OutOfMemory, Verdict::OutOfMemory),
            (End::OutputLimit("x"), Verdict::OutputLimit),
            (End::CouldNotStart("x".into()), Verdict::Internal),
        ] {
            assert_eq!(judge(&RIGHT, &run(&RIGHT, end)), verdict);
        }
        assert_eq!(judge(&RIGHT, &run(&[], End::Ended)), Verdict::Tampered);
    }

    #[test]
    fn names_go_both_ways() {
        for verdict in Verdict::ALL {
            assert_eq!(Verdict::named(verdict.name()), Some(verdict));
        }
    }
}
