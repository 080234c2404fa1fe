//! # A record that was measured, and what the script takes from it
//!
//! ```text
//! from runtime/benches/heap.csv       a table: a measurement a line, its columns between commas
//! measure system                      with which of them the others are compared
//! ```
//!
//! In the table, lines that begin with `#` are comments, and a line that begins like the names of the columns is one.

use crate::Fault;

/// Gives a file of the project.
pub type Read<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// A record, and the name that is the measure.
#[derive(Debug)]
pub struct Record {
    /// Where it is, by its path in the project.
    pub path: String,
    /// The lines' numbers and fields.
    pub rows: Vec<(usize, Vec<String>)>,
    /// The script's line that says so, and who is the measure for the others.
    pub measure: (usize, String),
    columns: &'static str,
}

impl Record {
    /// A line of the record is wrong.
    pub fn fault(&self, at: usize, what: &str) -> Fault {
        wrong(&self.path, at, what, self.columns)
    }
}

fn wrong(path: &str, at: usize, what: &str, columns: &str) -> Fault {
    Fault { line: None, what: format!("{path}:{at}: {what}"), remedy: format!("A line is {columns}.") }
}

/// The record that the script names; it has these columns. `who` is what one of them calls those who are compared.
pub fn read(script: &str, read: Read<'_>, columns: &'static str, who: &str) -> Result<Record, Fault> {
    let (mut record, mut measure) = (None, None);
    for (number, line) in (1..).zip(script.lines()) {
        let fault = |what: String, remedy: &str| Fault { line: Some(number), what, remedy: remedy.into() };
        match line.split('#').next().unwrap_or("").split_whitespace().collect::<Vec<_>>()[..] {
            [] => {}
            ["from", path] => {
                let text = read(path).map_err(|what| fault(what, "Name a file by its path in the project."))?;
                let rows = rows(&text, columns)
                    .map_err(|(at, what)| Fault { line: Some(number), ..wrong(path, at, &what, columns) })?;
                record = Some((path.to_string(), rows));
            }
            ["measure", ref name @ ..] if !name.is_empty() => measure = Some((number, name.join(" "))),
            _ => {
                let remedy = format!("Write `from FILE` and `measure {who}`.");
                return Err(fault(format!("`{line}` is not understood"), &remedy));
            }
        }
    }
    let missing = |what: &str, remedy: String| Fault { line: None, what: what.into(), remedy };
    let (path, rows) = record.ok_or_else(|| missing("it names no record", "Write `from FILE`.".into()))?;
    let measure = measure.ok_or_else(|| missing("it names no measure", format!("Write `measure {who}`.")))?;
    Ok(Record { path, rows, measure, columns })
}

type Rows = Vec<(usize, Vec<String>)>;

/// The lines of a table; what is wrong comes with its line.
fn rows(text: &str, columns: &str) -> Result<Rows, (usize, String)> {
    let names: Vec<_> = columns.split(',').collect();
    let mut rows = Vec::new();
    for (at, line) in (1..).zip(text.lines().map(str::trim)) {
        let fields: Vec<_> = line.split(',').map(|field| field.trim().to_string()).collect();
        if line.is_empty() || line.starts_with('#') || fields[0] == names[0] {
            continue;
        }
        if fields.len() != names.len() {
            return Err((at, format!("{} fields, where there should be {}", fields.len(), names.len())));
        }
        rows.push((at, fields));
    }
    if rows.is_empty() { Err((1, "there is no measurement in it".into())) } else { Ok(rows) }
}

/// A number that a measurement can be.
#[must_use]
pub fn measured(field: &str) -> Option<f64> {
    field.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0)
}

/// The names in the order in which they come first.
#[must_use]
pub fn unique<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        if !seen.contains(name) {
            seen.push(name.clone());
        }
    }
    seen
}
