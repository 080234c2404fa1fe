//! # From a script to moments
//!
//! A figure's script is a scenario like any other. The reference runtime runs it; each operation with what was said
//! and drawn while it ran is a moment, and each moment becomes a step of the figure.

use crate::Fault;
use kit::picture::Picture;
use kit::trace::{Kind, Record};

/// One operation, and what came of it.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The script's line.
    pub line: usize,
    /// The operation, as the script has it; `b0..b6 = alloc` are seven.
    pub op: String,
    /// The facts.
    pub facts: Vec<String>,
    /// What was drawn meanwhile; the last picture is what it looks like afterwards.
    pub pictures: Vec<Picture>,
}

/// The moments of a trace. A trace that ends in a broken promise is a fault of the script.
pub fn moments(trace: &[Record]) -> Result<Vec<Moment>, Fault> {
    let mut moments: Vec<Moment> = Vec::new();
    for record in trace {
        match (record.kind, moments.last_mut()) {
            (Kind::Op, _) => moments.push(Moment {
                line: record.line as usize,
                op: record.text.clone(),
                facts: Vec::new(),
                pictures: Vec::new(),
            }),
            (Kind::Fact, Some(moment)) => {
                moment.facts.push(record.text.clone());
                moment.pictures.extend(record.picture.clone());
            }
            (Kind::Step, Some(moment)) => moment.pictures.extend(record.picture.clone()),
            (Kind::Broken, _) => return Err(ended(record)),
            _ => {}
        }
    }
    Ok(moments)
}

/// The fault of a script whose trace ended too early. `scenario: line 7: ...` names its line itself.
fn ended(record: &Record) -> Fault {
    let named = record.text.strip_prefix("scenario: line ").and_then(|rest| rest.split_once(": "));
    let (line, what) = match named.and_then(|(number, what)| Some((number.parse().ok()?, what))) {
        Some((line, what)) => (line, what),
        None => (record.line as usize, record.text.as_str()),
    };
    Fault { line: Some(line), what: what.to_string(), remedy: "Mend the script.".into() }
}
