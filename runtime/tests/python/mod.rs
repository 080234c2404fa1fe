//! What a real python3.11 says to the same programs, where one is found.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A python3.11, if there is one here.
fn found() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let versions = std::fs::read_dir(home.join(".pyenv/versions")).into_iter().flatten().flatten();
    let pyenv = versions.filter(|version| version.file_name().to_string_lossy().starts_with("3.11."));
    let pyenv = pyenv.map(|version| version.path().join("bin/python"));
    let is_one = |python: &PathBuf| {
        Command::new(python).arg("--version").output().is_ok_and(|ran| ran.stdout.starts_with(b"Python 3.11."))
    };
    [PathBuf::from("python3.11")].into_iter().chain(pyenv).find(is_one)
}

/// The lines that `script` of this folder's parent prints for each of `programs`, which begin with a line `use`.
pub(crate) fn says(script: &str, programs: &[String]) -> Option<Vec<Vec<String>>> {
    let Some(python) = found() else {
        println!("no python3.11 here: nothing was compared");
        return None;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(script);
    let mut child = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut stdin, text) = (child.stdin.take().unwrap(), programs.join("\n"));
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let said = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    writer.join().unwrap().unwrap();
    let said = said.split("use\n").skip(1).map(|one| one.lines().map(String::from).collect());
    let said: Vec<Vec<String>> = said.collect();
    assert_eq!(said.len(), programs.len(), "a program was not run to its end");
    Some(said)
}
