//! # Many programs in one interpreter
//!
//! Starting an interpreter takes longer than a hundred programs. `prelude.py` runs them one after the other: each begins
//! with everything frozen that was there before it.

use super::python::python;
use runtime::lab::world::language::Program;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

const PRELUDE: &str = include_str!("prelude.py");
const END: &str = "#----";

/// After so long an interpreter hangs, and is ended.
const LIMIT: Duration = Duration::from_secs(60);

/// What an interpreter is asked: who it is.
const WHO: &str = "import sys, platform; print(platform.python_implementation(), platform.python_version())";

/// An interpreter that was found to be CPython 3.11.
#[derive(Clone, Debug)]
pub struct Interpreter {
    /// Its program.
    pub path: PathBuf,
    /// As in `3.11.7`.
    pub version: String,
}

impl Interpreter {
    /// Asks it who it is.
    ///
    /// # Errors
    /// A sentence: why it cannot be compared.
    pub fn ask(path: &Path) -> Result<Interpreter, String> {
        let output = Command::new(path).args(["-I", "-c", WHO]).output();
        let output = output.map_err(|error| format!("{} does not start: {error}", path.display()))?;
        let said = String::from_utf8_lossy(&output.stdout);
        match said.trim().strip_prefix("CPython ") {
            Some(version) if version.starts_with("3.11.") => {
                Ok(Interpreter { path: path.into(), version: version.into() })
            }
            _ => Err(format!("{} is {}, not CPython 3.11", path.display(), said.trim())),
        }
    }

    /// The first one on this machine, of the path or of pyenv.
    #[must_use]
    pub fn find() -> Option<Interpreter> {
        let mut candidates = vec![PathBuf::from("python3.11"), PathBuf::from("python3")];
        let root = std::env::var_os("PYENV_ROOT").map(PathBuf::from);
        let root = root.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".pyenv")));
        if let Some(versions) = root.and_then(|root| std::fs::read_dir(root.join("versions")).ok()) {
            let mut versions: Vec<PathBuf> = versions.flatten().map(|entry| entry.path().join("bin/python3")).collect();
            versions.sort();
            candidates.extend(versions);
        }
        candidates.iter().find_map(|path| Interpreter::ask(path).ok())
    }

    /// Runs the programs, and gives the lines of each. `seed`: of its hashes.
    ///
    /// # Errors
    /// A sentence, when the interpreter itself ended, or did not.
    pub fn run(&self, programs: &[&Program], seed: u32) -> Result<Vec<Vec<String>>, String> {
        let mut child = Command::new(&self.path)
            .args(["-S", "-E", "-c", PRELUDE])
            .env("PYTHONHASHSEED", seed.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{} does not start: {error}", self.path.display()))?;
        let sources: Vec<String> = programs.iter().map(|program| python(program)).collect();
        let mut stdin = child.stdin.take().expect("it is piped");
        let writer = std::thread::spawn(move || {
            // An interpreter that ended early is found out by the reader.
            sources.iter().all(|source| writeln!(stdin, "{source}{END}").is_ok())
        });
        let (stdout, count) = (child.stdout.take().expect("it is piped"), programs.len());
        let (send, received) = mpsc::channel();
        let reader = std::thread::spawn(move || send.send(read(stdout, count)));
        let read = received.recv_timeout(LIMIT);
        if read.is_err() {
            let _ = child.kill();
        }
        let _ = (writer.join(), reader.join());
        let status = child.wait().map_err(|error| error.to_string())?;
        match read {
            Err(_) => Err(format!("{} still ran after {} seconds", self.path.display(), LIMIT.as_secs())),
            Ok(read) if status.success() => read,
            Ok(_) => Err(format!("{} ended: {status}", self.path.display())),
        }
    }
}

fn read(stdout: ChildStdout, count: usize) -> Result<Vec<Vec<String>>, String> {
    let (mut all, mut lines) = (vec![], vec![]);
    for line in BufReader::new(stdout).lines() {
        let line = line.map_err(|error| error.to_string())?;
        if line == END { all.push(std::mem::take(&mut lines)) } else { lines.push(line) }
    }
    if all.len() == count { Ok(all) } else { Err(format!("it ended in program {} of {count}", all.len() + 1)) }
}
