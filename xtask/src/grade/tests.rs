//! Reports and what becomes of them: exit codes, points, formats.

use super::report::{Check, Report, Row};
use super::*;

fn check(name: &str, verdict: Verdict, sentence: &str) -> Check {
    let explanation = (verdict != Verdict::Pass).then(|| format!("pool {name}: {verdict}\n  <&\u{1b}]>\n"));
    Check { name: name.into(), verdict, max: 2, seconds: 0.25, sentence: sentence.into(), explanation }
}

fn row(verdict: Verdict, message: Option<&str>, checks: Vec<Check>) -> Row {
    Row {
        id: "pool".into(),
        number: "12".into(),
        title: "one pool".into(),
        verdict,
        seconds: 0.5,
        checks,
        message: message.map(str::to_string),
        seed: Some(7),
    }
}

fn report(rows: Vec<Row>) -> Report {
    Report { rows, solutions: false, seconds: 1.0 }
}

fn mixed() -> Report {
    let checks = vec![check("01-a", Verdict::Pass, ""), check("02-b", Verdict::Wrong, "expected \"1\", got <2>\u{1b}")];
    report(vec![row(Verdict::Wrong, None, checks)])
}

#[test]
fn points_are_the_sum_of_what_passed() {
    let report = mixed();
    assert_eq!((report.rows[0].points(), report.rows[0].max(), report.passed()), (2, 4, false));
    assert_eq!(report.first_failure().and_then(Row::first_failure).map(|check| check.name.as_str()), Some("02-b"));
}

#[test]
fn who_changes_files_of_others_earns_nothing_and_who_edits_a_scenario_loses_that_check() {
    let checks = || vec![check("01-a", Verdict::Pass, ""), check("02-b", Verdict::Tampered, "edited")];
    assert_eq!(row(Verdict::Tampered, Some("files were changed"), checks()).points(), 0);
    assert_eq!(row(Verdict::Tampered, None, checks()).points(), 2);
}

#[test]
fn json_has_every_field() {
    let json = mixed().json();
    assert_eq!((json["schema"].as_str(), json["passed"].as_bool()), (Some("count-to-zero/grade/1"), Some(false)));
    let exercise = &json["exercises"][0];
    assert_eq!((exercise["verdict"].as_str(), exercise["points"].as_u64()), (Some("wrong"), Some(2)));
    let keys: Vec<&str> = exercise["checks"][1].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["name", "verdict", "points", "max", "seconds", "detail", "explanation"]);
}

#[test]
fn junit_is_xml_whatever_a_program_printed() {
    let text = junit::write(&mixed()).unwrap();
    assert!(text.contains("<testcase classname=\"pool\" name=\"01-a\" time=\"0.250\"/>"), "{text}");
    assert!(
        text.contains("<failure type=\"wrong\" message=\"expected &quot;1&quot;, got &lt;2&gt;\u{fffd}\">"),
        "{text}"
    );
    assert!(!text.contains('\u{1b}') && text.contains("failures=\"1\""), "{text}");
    let mut reader = quick_xml::Reader::from_str(&text);
    let mut depth = 0;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(_) => depth += 1,
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
}

#[test]
fn every_exercise_of_the_course_has_checks() {
    let course = Course::load(&crate::course::root()).unwrap();
    for exercise in &course.exercises {
        let material = Material::read(&course, exercise).unwrap();
        let checks = material.none_run(Verdict::NotStarted, "");
        assert!(checks.len() >= 8, "{} has {} checks", exercise.id, checks.len());
        assert!(material.expected.iter().all(|e| !e.scenario.purpose.is_empty()), "a scenario without a purpose");
    }
}
