//! `cargo xtask bench` is fair: the same text costs the same, and a text that does more costs more.

use std::process::{Command, Stdio};

use super::Tried;
use super::scratch::Scratch;
use super::watch::in_first_function;
use crate::course::Exercise;
use crate::failure::Failure;
use crate::{generate, tools};

/// Something that costs instructions, and changes nothing.
const WASTE: &str = "for i in 0..9 { std::hint::black_box(i); }";

/// Counts the first exercise's solution against itself, then with something more in it.
pub(super) fn all(scratch: &Scratch, exercises: &[&Exercise]) -> Result<Vec<Tried>, Failure> {
    let Some(exercise) = exercises.first() else { return Ok(vec![]) };
    let tried = |name: &str, came: String, as_expected| Tried {
        kind: "bench",
        id: exercise.id.clone(),
        name: name.into(),
        came,
        as_expected,
    };
    if tools::answer("valgrind", &["--version"]).is_none() {
        return Ok(vec![tried("counts", "not tried: there is no valgrind here".into(), true)]);
    }
    let answer = generate::answer_text(exercise)?;
    scratch.answer(exercise, &answer)?;
    let same = ratios(scratch, exercise)?;
    scratch.answer(exercise, &in_first_function(exercise, &answer, WASTE)?)?;
    let more = ratios(scratch, exercise)?;
    scratch.answer(exercise, &generate::stub_text(exercise)?)?;
    let said = |ratios: &[f64]| ratios.iter().map(|r| format!("{r:.2}")).collect::<Vec<_>>().join(" ");
    let dearer = more.iter().filter(|ratio| **ratio > 1.0).count();
    Ok(vec![
        tried("the same text", said(&same), !same.is_empty() && same.iter().all(|ratio| *ratio == 1.0)),
        tried("something more", said(&more), more.len() == same.len() && dearer > 0),
    ])
}

/// The fourth column of each function's line.
fn ratios(scratch: &Scratch, exercise: &Exercise) -> Result<Vec<f64>, Failure> {
    let cannot = |e: std::io::Error| Failure::Internal(format!("the bench cannot be started: {e}"));
    let mut command = Command::new(std::env::current_exe().map_err(cannot)?);
    command.args(["bench", &exercise.id]).env("CARGO_MANIFEST_DIR", scratch.root().join("xtask"));
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().map_err(cannot)?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let numbers = |line: &str| line.split_whitespace().filter_map(|word| word.parse::<f64>().ok()).collect::<Vec<_>>();
    Ok(text.lines().map(numbers).filter(|n| n.len() == 6).map(|n| n[3]).collect())
}
