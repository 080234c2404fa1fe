//! The first difference, found and drawn: what a learner reads, letter for letter.

use super::*;

const OPS: &str = "# Why.\nuse pool classic 512\nb0 = alloc\nx = alloc # predict: which?\nfree b0\n";

const RIGHT: [&str; 9] = [
    " 2 | use pool classic 512",
    "   = 7 blocks of 512",
    " 3 | b0 = alloc",
    "   = block 0",
    "   . [#-.....]  free list: 1",
    " 4 | x = alloc",
    "   = block 1",
    "   . [##-....]  free list: 2",
    " 5 | free b0",
];

fn rendered(got: &[&str], end: Option<&str>) -> String {
    let scenario = Scenario::parse("x.ops", OPS);
    first(&RIGHT, got).map_or("same".into(), |d| d.render(&scenario, Names::GRADED, end))
}

#[test]
fn a_wrong_fact() {
    let mut got = RIGHT;
    got[6] = "   = block 0";
    got[7] = "   . [#-.....]  free list: 1";
    let expected = "   2 | use pool classic 512
     = 7 blocks of 512
   3 | b0 = alloc
     = block 0
>  4 | x = alloc      # predict: which?
     expected | block 1
     yours    | block 0

     expected | [##-....]  free list: 2

     yours    | [#-.....]  free list: 1
";
    assert_eq!(rendered(&got, None), expected);
}

#[test]
fn the_same_picture_is_shown_once() {
    let mut got = RIGHT;
    got[6] = "   = block 7";
    let text = rendered(&got, None);
    assert!(text.ends_with("     yours    | block 7\n     picture  | [##-....]  free list: 2\n"), "{text}");
}

#[test]
fn steps_alone_are_no_difference() {
    let mut got = RIGHT;
    got[4] = "   . something else";
    assert_eq!(rendered(&got, None), "same");
}

#[test]
fn a_death_is_told_where_it_happened() {
    let text = rendered(&RIGHT[..6], Some("the process crashed: SIGABRT"));
    assert!(text.contains(">  4 | x = alloc"), "{text}");
    assert!(text.contains("expected | block 1\n     yours    | the process crashed: SIGABRT\n"), "{text}");
}

#[test]
fn a_sentence_of_the_part_comes_without_its_mark() {
    let mut got = RIGHT[..6].to_vec();
    got.push("   ! misuse at src/lib.rs:61: no");
    let text = rendered(&got, None);
    assert!(text.contains("yours    | misuse at src/lib.rs:61: no\n"), "{text}");
}

#[test]
fn a_missing_operation_is_shown_as_such() {
    let text = rendered(&RIGHT[..8], None);
    assert!(text.contains(">  4 | x = alloc"), "{text}");
    assert!(text.contains("= block 1\n     expected | line 5: free b0\n     yours    | nothing more\n"), "{text}");
    let d = first(&[] as &[&str], &["   = hello"]).unwrap();
    assert!(d.render(&Scenario::parse("x.ops", ""), Names::GRADED, None).starts_with("> before the first operation"));
}

#[test]
fn long_steps_and_long_lines_are_cut() {
    let long = "x".repeat(1000);
    let steps: Vec<String> = (0..50).map(|i| format!("   . step {i}")).collect();
    let mut got: Vec<String> = vec![" 1 | collect".into()];
    got.extend(steps);
    got.push(format!("   = {long}"));
    let d = first(&[" 1 | collect", "   = fine"], &got).unwrap();
    let text = d.render(&Scenario::parse("x.ops", "collect\n"), Names::GRADED, None);
    assert!(text.contains("yours    | step 0\n              | step 1\n"), "{text}");
    assert!(text.contains("              | step 7\n              | ... 42 more\n"), "{text}");
    assert!(text.lines().all(|l| l.chars().count() <= WIDE + 3), "{text}");
}

#[test]
fn all_details_have_both() {
    let mut got = RIGHT;
    got[6] = "   = block 0";
    let text = all_details(&RIGHT, &got);
    assert!(text.contains("  -    = block 1\n  +    = block 0\n"), "{text}");
}

#[test]
fn steps_are_shown_where_they_part() {
    let mut right: Vec<String> = vec![" 1 | collect".into()];
    right.extend((0..20).map(|i| format!("   . step {i}")));
    let mut got = right.clone();
    got[11] = "   . another".into();
    right.push("   = a".into());
    got.push("   = b".into());
    let text = first(&right, &got).unwrap().render(&Scenario::parse("x.ops", "collect\n"), Names::GRADED, None);
    let shown = "     yours    | ... 8 steps before
              | step 8
              | step 9
              | another
              | step 11
";
    assert!(text.contains(shown), "{text}");
}
