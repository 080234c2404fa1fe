//! The result as JUnit XML, for services that show test reports.

use check::verdict::Verdict;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::report::{Check, Report, Row};
use crate::failure::Failure;

/// The whole document.
pub(crate) fn write(report: &Report) -> Result<String, Failure> {
    let mut out = Writer::new_with_indent(Vec::new(), b' ', 2);
    let broken = |e: std::io::Error| Failure::Internal(format!("the report cannot be written as XML: {e}"));
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None))).map_err(broken)?;
    let all: Vec<&Check> = report.rows.iter().flat_map(|row| &row.checks).collect();
    out.create_element("testsuites")
        .with_attributes([
            ("name", "count-to-zero"),
            ("tests", all.len().to_string().as_str()),
            ("failures", failures(&all).to_string().as_str()),
            ("time", time(report.seconds).as_str()),
        ])
        .write_inner_content(|out| report.rows.iter().try_for_each(|row| suite(out, row)))
        .map_err(broken)?;
    let mut text = String::from_utf8(out.into_inner()).map_err(|e| Failure::Internal(e.to_string()))?;
    text.push('\n');
    Ok(text)
}

fn suite(out: &mut Writer<Vec<u8>>, row: &Row) -> std::io::Result<()> {
    let checks: Vec<&Check> = row.checks.iter().collect();
    out.create_element("testsuite")
        .with_attributes([
            ("name", row.id.as_str()),
            ("tests", checks.len().to_string().as_str()),
            ("failures", failures(&checks).to_string().as_str()),
            ("time", time(row.seconds).as_str()),
        ])
        .write_inner_content(|out| {
            for check in checks {
                case(out, row, check)?;
            }
            if let Some(message) = &row.message {
                out.create_element("system-out").write_text_content(BytesText::new(&allowed(message)))?;
            }
            Ok(())
        })?;
    Ok(())
}

fn case(out: &mut Writer<Vec<u8>>, row: &Row, check: &Check) -> std::io::Result<()> {
    let time = time(check.seconds);
    let element = out.create_element("testcase").with_attributes([
        ("classname", row.id.as_str()),
        ("name", check.name.as_str()),
        ("time", time.as_str()),
    ]);
    if check.verdict == Verdict::Pass {
        return element.write_empty().map(|_| ());
    }
    let message = allowed(&check.sentence);
    let text = allowed(check.explanation.as_deref().unwrap_or(&check.sentence));
    element
        .write_inner_content(|out| {
            out.create_element("failure")
                .with_attributes([("type", check.verdict.name()), ("message", message.as_str())])
                .write_text_content(BytesText::new(&text))?;
            Ok(())
        })
        .map(|_| ())
}

fn failures(checks: &[&Check]) -> usize {
    checks.iter().filter(|check| check.verdict != Verdict::Pass).count()
}

fn time(seconds: f64) -> String {
    format!("{seconds:.3}")
}

/// XML 1.0 has no place for most control characters, not even escaped.
fn allowed(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c }).collect()
}
