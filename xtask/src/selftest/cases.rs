//! The case files: `xtask/cases/ID.toml`, `xtask/cases/ID/*.rs` and `xtask/cases/hostile.toml`.
//!
//! ```toml
//! [[mutant]]                     # a wrong answer: one edit of the solution
//! name = "free-list-is-a-queue"
//! find = "mem.set(block, NEXT_FREE, head);"   # must occur exactly once
//! replace = "..."
//! expect = "wrong"               # the first verdict; left out, any but `pass` will do
//! by = "04-last-in-first-out"    # a check that must be among those that reject it; left out, any will do
//!
//! [[variant]]                    # a right answer: the part in xtask/cases/ID/NAME.rs
//! name = "carves-early"
//!
//! [[hostile]]                    # code that runs at the beginning of `free`
//! name = "endless loop"
//! code = "loop {}"
//! expect = "timeout"
//! ```

use std::path::Path;

use check::verdict::Verdict;
use toml::de::{DeTable, DeValue};

use super::bad_case;
use crate::failure::Failure;
use crate::files;

/// A wrong answer.
pub(super) struct Mutant {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) expect: Option<Verdict>,
    pub(super) by: Option<String>,
}

/// A right answer.
pub(super) struct Variant {
    pub(super) name: String,
    pub(super) text: String,
}

/// A program that means harm, or does some.
pub(super) struct Hostile {
    pub(super) name: String,
    pub(super) code: String,
    pub(super) expect: Verdict,
}

/// The mutants and variants of one exercise.
pub(super) fn of(folder: &Path, id: &str, solution: &str) -> Result<(Vec<Mutant>, Vec<Variant>), Failure> {
    let file = format!("{id}.toml");
    let text = files::read(&folder.join(&file))?;
    let table = parsed(&file, &text)?;
    let mut mutants = Vec::new();
    for entry in entries(&table, "mutant") {
        let name = needed(&file, entry, "name")?;
        let (find, replace) = (needed(&file, entry, "find")?, needed(&file, entry, "replace")?);
        let times = solution.matches(&find).count();
        if times != 1 {
            let what = format!("`find` of `{name}` occurs {times} times in the solution. It must occur exactly once.");
            return Err(bad_case(&file, &what));
        }
        let expect = said(entry, "expect").map(|word| verdict(&file, &word)).transpose()?;
        let by = said(entry, "by");
        mutants.push(Mutant { name, text: solution.replace(&find, &replace), expect, by });
    }
    let mut variants = Vec::new();
    for entry in entries(&table, "variant") {
        let name = needed(&file, entry, "name")?;
        let text = files::read(&folder.join(id).join(format!("{name}.rs")))?;
        variants.push(Variant { name, text });
    }
    Ok((mutants, variants))
}

/// The hostile programs.
pub(super) fn hostile(folder: &Path) -> Result<Vec<Hostile>, Failure> {
    let file = "hostile.toml";
    let text = files::read(&folder.join(file))?;
    let table = parsed(file, &text)?;
    let mut all = Vec::new();
    for entry in entries(&table, "hostile") {
        let (name, code) = (needed(file, entry, "name")?, needed(file, entry, "code")?);
        all.push(Hostile { name, code, expect: verdict(file, &needed(file, entry, "expect")?)? });
    }
    Ok(all)
}

fn parsed<'a>(file: &str, text: &'a str) -> Result<DeTable<'a>, Failure> {
    DeTable::parse(text).map(toml::Spanned::into_inner).map_err(|e| bad_case(file, e.to_string().trim()))
}

fn entries<'t, 'a>(table: &'t DeTable<'a>, key: &str) -> Vec<&'t DeTable<'a>> {
    let list = table.get(key).and_then(|v| v.get_ref().as_array());
    list.into_iter().flat_map(|list| list.iter()).filter_map(|v| v.get_ref().as_table()).collect()
}

fn said(table: &DeTable<'_>, key: &str) -> Option<String> {
    table.get(key).and_then(|v| DeValue::as_str(v.get_ref())).map(str::to_string)
}

fn needed(file: &str, table: &DeTable<'_>, key: &str) -> Result<String, Failure> {
    said(table, key).ok_or_else(|| bad_case(file, &format!("a case without `{key}`. Each one needs it.")))
}

fn verdict(file: &str, word: &str) -> Result<Verdict, Failure> {
    Verdict::named(word).ok_or_else(|| {
        let all: Vec<&str> = Verdict::ALL.iter().map(|v| v.name()).collect();
        bad_case(file, &format!("`{word}` is no verdict. There are: {}.", all.join(", ")))
    })
}
