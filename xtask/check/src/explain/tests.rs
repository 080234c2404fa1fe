//! Explanations of every kind of verdict, as they are printed.

use super::*;
use std::time::Duration;

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_string).collect()
}

fn outcome(text: &str, end: End) -> Outcome {
    Outcome { name: "x".into(), lines: lines(text), end, output: Output::default(), took: Duration::ZERO }
}

fn explained(verdict: Verdict, expected: &str, outcome: &Outcome, again: Option<&Outcome>) -> String {
    let scenario = Scenario::parse("exercises/12-pool/scenarios/03-x.ops", "# Why.\n# shows I2\nx = alloc\n");
    let promises = promises::of("//! - **I1** One.\n//! - **I2** Last in, first out.\n");
    Case {
        id: "pool",
        scenario: &scenario,
        file: "exercises/12-pool/scenarios/03-x.ops",
        verdict,
        expected: &lines(expected),
        outcome,
        again,
        promises: &promises,
        chapter: Some("\"A pool\": cargo xtask book pool"),
        all_details: false,
    }
    .explain()
}

#[test]
fn a_wrong_answer_has_purpose_difference_promise_and_command() {
    let got = outcome(" 3 | x = alloc\n   = block 1", End::Ended);
    let text = explained(Verdict::Wrong, " 3 | x = alloc\n   = block 0", &got, None);
    let expected = "pool 03-x: wrong
  Why.
  exercises/12-pool/scenarios/03-x.ops

>  3 | x = alloc
     expected | block 0
     yours    | block 1

  about   I2  Last in, first out.

  read    \"A pool\": cargo xtask book pool
  again   cargo xtask show pool 03-x
";
    assert_eq!(text, expected);
}

#[test]
fn a_named_promise_goes_before_those_of_the_scenario() {
    let got = outcome(" 3 | x = alloc\n   ! broken: twice (I1)", End::Ended);
    let text = explained(Verdict::Wrong, " 3 | x = alloc\n   = block 0", &got, None);
    assert!(text.contains("  breaks  I1  One.\n") && !text.contains("about"), "{text}");
}

#[test]
fn what_was_printed_is_escaped_and_cut() {
    let mut got = outcome(" 3 | x = alloc", End::Vanished(0));
    got.output.stdout = format!("\x1b[31mred\u{202e}\n{}", "line\n".repeat(30));
    let text = explained(Verdict::Crash, " 3 | x = alloc\n   = block 0", &got, None);
    assert!(text.contains("  printed \\u{1b}[31mred\\u{202e}\n"), "{text}");
    assert!(text.contains("          ... and 11 more lines\n"), "{text}");
    assert!(text.contains("yours    | the process ended itself in the middle of the scenario (exit code 0)"), "{text}");
}

#[test]
fn two_runs_are_laid_side_by_side() {
    let (a, b) = (outcome(" 3 | x = alloc\n   = 1", End::Ended), outcome(" 3 | x = alloc\n   = 2", End::Ended));
    let text = explained(Verdict::Nondeterministic, " 3 | x = alloc\n   = 0", &a, Some(&b));
    assert!(text.contains("     first run | 1\n     again     | 2\n"), "{text}");
}

#[test]
fn a_changed_scenario_has_its_remedy() {
    let text = explained(Verdict::Tampered, " 3 | x = alloc", &outcome(" 4 | y = alloc", End::Ended), None);
    assert!(text.contains("git checkout -- exercises/12-pool/scenarios/03-x.ops"), "{text}");
    let refused = outcome(" 3 | x = fly\n   ! scenario: line 3: what is `fly`?", End::Ended);
    let text = explained(Verdict::Tampered, " 3 | x = alloc", &refused, None);
    assert!(text.contains("It cannot be run: line 3: what is `fly`?\n"), "{text}");
}

#[test]
fn right_facts_and_a_bad_end() {
    let text = explained(Verdict::Timeout, "   = a", &outcome("   = a", End::Timeout(Duration::from_secs(3))), None);
    assert!(text.contains("Every fact is right, but it was still running after 3.0 s, and was stopped."), "{text}");
}

#[test]
fn paragraphs_are_broken() {
    let text = wrapped(&"word ".repeat(40), 4);
    assert!(text.lines().count() > 1 && text.lines().all(|l| l.chars().count() <= 100), "{text}");
}
