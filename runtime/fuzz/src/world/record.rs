//! # Recordings: what CPython said, for machines without it
//!
//! `runtime/tests/world` holds programs with their facts in them: those that somebody wrote, one a file, and
//! `random.txt` with many random ones. They are recorded, never edited: only the lines that are no facts are.

use super::interpreter::Interpreter;
use check::random::{Program as _, seeded, world::WorldProgram};
use runtime::lab::world::language::Program;
use runtime::lab::world::recorded::{with_facts, without_facts};
use std::fs;
use std::path::{Path, PathBuf};

/// Random programs that are recorded.
const RANDOM: u64 = 200;

/// Where the recordings are.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/world")
}

/// Records everything again; says what was recorded.
///
/// # Errors
/// A sentence about the file or the interpreter.
pub fn all(interpreter: &Interpreter) -> Result<String, String> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder())
        .map_err(|error| format!("{}: {error}", folder().display()))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ops"))
        .collect();
    files.sort();
    let mut texts = vec![];
    for file in &files {
        let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        texts.push(without_facts(&text));
    }
    for (file, recorded) in files.iter().zip(record(interpreter, &texts)?) {
        fs::write(file, recorded).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let random: Vec<String> = (0..RANDOM).map(|seed| seeded::<WorldProgram>(seed).to_ops()).collect();
    let mut out = format!("# Random programs, with what CPython {} said.\n", interpreter.version);
    for (seed, recorded) in record(interpreter, &random)?.iter().enumerate() {
        out += &format!("#---- seed {seed}\n{recorded}");
    }
    let file = folder().join("random.txt");
    fs::write(&file, out).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(format!("recorded {} programs and {RANDOM} random ones from CPython {}", files.len(), interpreter.version))
}

fn record(interpreter: &Interpreter, texts: &[String]) -> Result<Vec<String>, String> {
    let parse =
        |text: &String| Program::parse(text).map_err(|bad| format!("line {}: {}\n{text}", bad.line, bad.sentence));
    let programs: Vec<Program> = texts.iter().map(parse).collect::<Result<_, _>>()?;
    let told = interpreter.run(&programs.iter().collect::<Vec<_>>(), 0)?;
    Ok(texts.iter().zip(&programs).zip(&told).map(|((text, program), told)| with_facts(text, program, told)).collect())
}
