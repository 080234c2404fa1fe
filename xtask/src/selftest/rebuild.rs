//! What an edit of an exercise makes cargo compile again: the exercise and its probe, and nothing else.
//!
//! The lab is compiled once, with parts behind `dyn`. Were it generic over parts after all, every edit would compile
//! the machines again, and a learner would wait for it.

use std::collections::BTreeSet;
use std::process::Stdio;

use serde_json::Value;

use super::Tried;
use super::scratch::Scratch;
use crate::course::Exercise;
use crate::failure::Failure;
use crate::{generate, tools};

/// Edits each exercise, and asks cargo what it compiled.
pub(super) fn all(scratch: &Scratch, exercises: &[&Exercise]) -> Result<Vec<Tried>, Failure> {
    exercises.iter().map(|exercise| after_an_edit(scratch, exercise)).collect()
}

fn after_an_edit(scratch: &Scratch, exercise: &Exercise) -> Result<Tried, Failure> {
    let answer = generate::answer_text(exercise)?;
    scratch.answer(exercise, &answer)?;
    compiled(scratch, exercise)?;
    scratch.answer(exercise, &format!("{answer}\n/// An edit.\npub fn edited() {{}}\n"))?;
    let compiled = compiled(scratch, exercise)?;
    scratch.answer(exercise, &generate::stub_text(exercise)?)?;
    let wanted = BTreeSet::from([exercise.ident(), exercise.probe_package()]);
    let came = format!("compiled again: {}", compiled.iter().cloned().collect::<Vec<_>>().join(", "));
    let as_expected = compiled == wanted;
    Ok(Tried { kind: "rebuild", id: exercise.id.clone(), name: "an edit".into(), came, as_expected })
}

/// Builds the exercise's probe; the targets that were not fresh.
fn compiled(scratch: &Scratch, exercise: &Exercise) -> Result<BTreeSet<String>, Failure> {
    let output = tools::cargo(scratch.root())
        .args(["build", "--message-format=json", "--package", &exercise.probe_package()])
        .env("CARGO_TARGET_DIR", scratch.root().with_file_name("target"))
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(|e| Failure::Internal(format!("cargo cannot be started: {e}")))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let messages = text.lines().filter_map(|line| line.parse::<Value>().ok());
    let artifacts = messages.filter(|message| message["reason"] == "compiler-artifact" && message["fresh"] == false);
    Ok(artifacts.filter_map(|artifact| Some(artifact["target"]["name"].as_str()?.to_string())).collect())
}
