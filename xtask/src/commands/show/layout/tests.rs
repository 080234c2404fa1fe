//! The same two traces, wide and narrow.

use super::*;

const REFERENCE: [&str; 6] = [
    " 6 | free b2",
    "   = ok, used again",
    "   . [##-####]",
    " 7 | x = alloc",
    "   = block 2, now full",
    "   . [#######]",
];
const YOURS: [&str; 7] = [
    " 6 | free b2",
    "   . thinking",
    "   = ok, used again",
    "   . [##-####]",
    " 7 | x = alloc",
    "   = block 5",
    "   . [#######]",
];

fn texts(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|r| r.text.as_str()).collect()
}

#[test]
fn side_by_side_with_the_first_difference_marked() {
    let rows = both(&YOURS, &REFERENCE, 100);
    let column = |text: &str| format!("{text:<46} |");
    assert_eq!(
        texts(&rows),
        [
            format!("  {} the reference", column("yours")),
            "   6 | free b2".to_string(),
            format!("  {}", column("   . thinking")),
            format!("  {}    = ok, used again", column("   = ok, used again")),
            format!("  {}    . [##-####]", column("   . [##-####]")),
            ">  7 | x = alloc    <- the first fact that differs".to_string(),
            format!("> {}    = block 2, now full", column("   = block 5")),
            format!("  {}    . [#######]", column("   . [#######]")),
        ]
    );
    assert_eq!(rows[6].look, Look::Wrong);
}

#[test]
fn one_under_the_other_where_there_is_no_room() {
    assert_eq!(
        texts(&both(&YOURS, &REFERENCE, 99)),
        [
            "   6 | free b2",
            "  yours        . thinking",
            "     = ok, used again",
            "     . [##-####]",
            ">  7 | x = alloc    <- the first fact that differs",
            "> yours        = block 5",
            "> reference    = block 2, now full",
            "     . [#######]",
        ]
    );
}

#[test]
fn steps_stand_beside_steps_and_facts_beside_facts() {
    assert_eq!(
        facing(&["   ! no"], &["   . a", "   = b", "   = c"]),
        [("", "   . a"), ("   ! no", "   = b"), ("", "   = c")]
    );
    assert_eq!(facing(&["   . a", "   = b"], &["   = c"]), [("   . a", ""), ("   = b", "   = c")]);
}

#[test]
fn a_trace_that_ends_early_or_goes_on_is_a_difference() {
    let rows = both(&YOURS[..4], &REFERENCE, 60);
    assert!(texts(&rows).contains(&"> yours     (it ended here)"), "{rows:?}");
    assert!(texts(&rows).contains(&"> reference  7 | x = alloc"), "{rows:?}");
    let rows = both(&REFERENCE, &REFERENCE, 60);
    assert!(rows.iter().all(|r| !r.text.starts_with('>')), "{rows:?}");
}

#[test]
fn a_long_line_is_wrapped_and_nothing_of_it_is_lost() {
    assert_eq!(wrapped("   = abcdefgh", 9), ["   = abcd", "     efgh"]);
    assert_eq!(wrapped("   ! a panic here", 14), ["   ! a panic ", "     here"], "words stay whole where they can");
    let long = format!("   = {}", "x".repeat(300));
    let rows = both(&[long.as_str()], &[long.as_str()], 120);
    assert_eq!(rows.iter().map(|r| r.text.matches('x').count()).sum::<usize>(), 600);
    assert!(rows.iter().all(|r| r.text.chars().count() <= 120));
}

#[test]
fn what_the_reference_did_long_after_yours_ended_is_only_counted() {
    let long: Vec<String> = (1..=9).map(|n| format!("{n:>2} | op")).collect();
    let rows = both(&long[..1], &long, 120);
    assert!(rows.last().unwrap().text.ends_with("| (6 more operations: `--reference` shows all)"), "{rows:?}");
    assert_eq!(both(&long[..1], &long[..3], 120).len(), 4);
}

#[test]
fn an_empty_trace_is_no_panic() {
    let none: [&str; 0] = [];
    assert_eq!(texts(&both(&none, &none, 80)), Vec::<&str>::new());
    assert_eq!(both(&none, &REFERENCE, 80).len(), 7);
}
