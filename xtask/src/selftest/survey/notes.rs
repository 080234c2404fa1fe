//! What came of each mutant, kept between runs, and which of them change nothing that anybody could see.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Map, Value, json};
use toml::de::{DeTable, DeValue};

use super::list::Mutant;
use crate::course::{Course, Exercise};
use crate::failure::Failure;
use crate::selftest::scratch::Scratch;
use crate::{files, tools};

/// What came of a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Came {
    DoesNotCompile,
    /// The check that rejected it, and the verdict.
    Caught(String, String),
    Passed,
}

/// The notes on one exercise: `target/mutants/ID.json`.
pub(super) struct Notes {
    path: PathBuf,
    /// Of everything that decides what comes of a mutant: the part, the scenarios, their traces, the probe.
    print: String,
    came: BTreeMap<String, Came>,
}

impl Notes {
    /// What is known. Notes on another version of the exercise are worth nothing.
    pub(super) fn open(
        course: &Course,
        scratch: &Scratch,
        exercise: &Exercise,
        tool: &str,
        fresh: bool,
    ) -> Result<Notes, Failure> {
        let path = tools::target_dir(&course.root).join("mutants").join(format!("{}.json", exercise.id));
        let print = print(scratch, exercise, tool)?;
        let mut notes = Notes { path, print, came: BTreeMap::new() };
        let old: Value =
            std::fs::read(&notes.path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        if !fresh && old["print"] == notes.print.as_str() {
            for (key, value) in old["mutants"].as_object().into_iter().flatten() {
                notes.came.insert(key.clone(), read(value));
            }
        }
        Ok(notes)
    }

    pub(super) fn came(&self, mutant: &Mutant) -> Option<Came> {
        self.came.get(&mutant.key()).cloned()
    }

    /// Is it still to be tried?
    pub(super) fn is_open(&self, mutant: &Mutant, retry: bool) -> bool {
        match self.came.get(&mutant.key()) {
            None => true,
            Some(came) => retry && *came == Came::Passed,
        }
    }

    pub(super) fn note(&mut self, mutant: &Mutant, came: Came) -> Result<(), Failure> {
        self.came.insert(mutant.key(), came);
        let all: Map<String, Value> = self.came.iter().map(|(key, came)| (key.clone(), written(came))).collect();
        let text = json!({ "print": self.print, "mutants": all });
        files::write(&self.path, format!("{text:#}\n").as_bytes())
    }
}

fn written(came: &Came) -> Value {
    match came {
        Came::DoesNotCompile => json!("does not compile"),
        Came::Passed => json!("passed"),
        Came::Caught(check, verdict) => json!({ "by": check, "verdict": verdict }),
    }
}

fn read(value: &Value) -> Came {
    match value.as_str() {
        Some("does not compile") => Came::DoesNotCompile,
        Some(_) => Came::Passed,
        None => {
            let text = |key: &str| value[key].as_str().unwrap_or_default().to_string();
            Came::Caught(text("by"), text("verdict"))
        }
    }
}

fn print(scratch: &Scratch, exercise: &Exercise, tool: &str) -> Result<String, Failure> {
    let mut all = format!("{tool}\n{}\n", exercise.random);
    let mut paths = vec![exercise.source_path(), scratch.root().join("xtask/check/src/random.rs")];
    for folder in [exercise.scenarios(), exercise.snapshots(), scratch.root().join("xtask/check/src/random")] {
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        paths.extend(entries.map(|entry| entry.path()).filter(|path| path.is_file()));
    }
    paths.sort();
    for path in paths {
        all.push_str(&files::read(&path)?);
    }
    Ok(files::fingerprint(&all))
}

/// Mutants that do what the answer does, each with the reason: `xtask/cases/equivalent.toml`.
pub(super) struct Equivalent(Vec<[String; 4]>);

/// Reads them.
pub(super) fn equivalent(course: &Course) -> Result<Equivalent, Failure> {
    let path = course.root.join("xtask/cases/equivalent.toml");
    let text = files::read_if_there(&path)?.unwrap_or_default();
    let bad = |what: &str| Failure::Input(format!("xtask/cases/equivalent.toml: {what}"));
    let table = DeTable::parse(&text).map_err(|e| bad(e.to_string().trim()))?;
    let list = table.get_ref().get("equivalent").and_then(|v| v.get_ref().as_array());
    let mut all = Vec::new();
    for entry in list.into_iter().flat_map(|list| list.iter()).filter_map(|v| v.get_ref().as_table()) {
        let text = |key: &str| entry.get(key).and_then(|v| DeValue::as_str(v.get_ref())).map(str::to_string);
        let fields = [text("exercise"), text("mutant"), text("line"), text("reason")];
        let [Some(exercise), Some(mutant), Some(line), Some(reason)] = fields else {
            return Err(bad("each [[equivalent]] needs `exercise`, `mutant`, `line` and `reason`"));
        };
        all.push([exercise, mutant, line, reason]);
    }
    Ok(Equivalent(all))
}

impl Equivalent {
    /// Why this mutant is no mistake, if it is known to be none.
    pub(super) fn reason(&self, id: &str, mutant: &Mutant) -> Option<&str> {
        let known = self
            .0
            .iter()
            .find(|[exercise, place, line, _]| exercise == id && *place == mutant.place && *line == mutant.line);
        known.map(|[.., reason]| reason.as_str())
    }
}

/// How many of each kind.
#[derive(Default)]
pub(super) struct Count {
    all: usize,
    not_compiled: usize,
    equivalent: usize,
    caught: usize,
    passed: usize,
    pub(super) open: usize,
}

impl Count {
    pub(super) fn add(&mut self, came: Option<Came>, equivalent: bool) {
        self.all += 1;
        match came {
            None => self.open += 1,
            Some(Came::DoesNotCompile) => self.not_compiled += 1,
            Some(Came::Caught(..)) => self.caught += 1,
            Some(Came::Passed) if equivalent => self.equivalent += 1,
            Some(Came::Passed) => self.passed += 1,
        }
    }

    pub(super) fn sum(&mut self, other: &Count) {
        self.all += other.all;
        self.not_compiled += other.not_compiled;
        self.equivalent += other.equivalent;
        self.caught += other.caught;
        self.passed += other.passed;
        self.open += other.open;
    }

    /// A line of the table.
    pub(super) fn row(&self, name: &str) -> String {
        let graded = self.caught + self.passed;
        let share = match graded {
            0 => "-".to_string(),
            _ => format!("{:.1} %", 100.0 * self.caught as f64 / graded as f64),
        };
        let Count { all, not_compiled, equivalent, caught, .. } = self;
        format!("| {name} | {all} | {not_compiled} | {equivalent} | {graded} | {caught} | {share} |")
    }
}

/// The date, as the tables write it: days since 1970 into year, month and day.
pub(super) fn today() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |time| time.as_secs());
    date(now / 86_400)
}

fn date(days: u64) -> String {
    // Years begin in March here, so that the day of a leap year is the last one.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        assert_eq!([0, 59, 11_016, 20_786].map(date), ["1970-01-01", "1970-03-01", "2000-02-29", "2026-11-29"]);
    }

    #[test]
    fn shares_are_of_what_was_graded() {
        let mut count = Count::default();
        for (came, equivalent) in [
            (Some(Came::Caught("01-a".into(), "wrong".into())), false),
            (Some(Came::Passed), false),
            (Some(Came::Passed), true),
            (Some(Came::DoesNotCompile), false),
            (None, false),
        ] {
            count.add(came, equivalent);
        }
        assert_eq!((count.row("x").as_str(), count.open), ("| x | 5 | 1 | 1 | 2 | 1 | 50.0 % |", 1));
    }

    #[test]
    fn what_came_is_read_as_it_was_written() {
        for came in [Came::DoesNotCompile, Came::Passed, Came::Caught("random".into(), "wrong".into())] {
            assert_eq!(read(&written(&came)), came);
        }
    }
}
