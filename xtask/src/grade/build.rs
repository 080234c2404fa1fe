//! Building probes: one call of cargo for all of them, its messages sorted out by exercise.
//!
//! One exercise that does not compile must not keep the others from being graded, and one that never stops compiling
//! must not hold them up: when the one call runs out of its budget, each package is built by a call of its own.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use check::supervise::group;
use serde_json::Value;

use crate::failure::Failure;

/// What became of one package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Built {
    /// The executable.
    Ready(PathBuf),
    /// The compiler's errors, as it renders them.
    Refused(Vec<String>),
    /// Still compiling when the budget was used up.
    TooSlow(Duration),
}

/// A package to build: its name, and the folders whose errors are its own.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) package: String,
    pub(crate) folders: Vec<PathBuf>,
}

/// What became of each package, by its name.
pub(crate) type Results = BTreeMap<String, Built>;
/// Libraries that were built on the way, by their names.
pub(crate) type Libraries = BTreeMap<String, PathBuf>;

/// Builds the packages under `root`, each within `budget`.
pub(crate) fn all(root: &Path, wanted: &[Wanted], budget: Duration) -> Result<Results, Failure> {
    all_with_libraries(root, wanted, budget).map(|(built, _)| built)
}

/// Builds one package with optimisation: for measuring.
pub(crate) fn optimised(root: &Path, wanted: &Wanted, budget: Duration) -> Result<Built, Failure> {
    call(root, std::slice::from_ref(wanted), &["--release"], budget)?.of(wanted, budget)
}

/// The same, with some of the package's features.
pub(crate) fn with_features(root: &Path, wanted: &Wanted, features: &str, budget: Duration) -> Result<Built, Failure> {
    let how = ["--release", "--features", features];
    call(root, std::slice::from_ref(wanted), &how, budget)?.of(wanted, budget)
}

/// The same as [`all`], and on which libraries they are built.
pub(crate) fn all_with_libraries(
    root: &Path,
    wanted: &[Wanted],
    budget: Duration,
) -> Result<(Results, Libraries), Failure> {
    let mut built = BTreeMap::new();
    if wanted.is_empty() {
        return Ok((built, BTreeMap::new()));
    }
    let together = call(root, wanted, &[], budget)?;
    if together.in_time || wanted.len() == 1 {
        for one in wanted {
            built.insert(one.package.clone(), together.of(one, budget)?);
        }
        return Ok((built, together.libraries));
    }
    for one in wanted {
        let alone = call(root, std::slice::from_ref(one), &[], budget)?;
        built.insert(one.package.clone(), alone.of(one, budget)?);
    }
    Ok((built, together.libraries))
}

/// Builds every executable of some packages, and gives those that compiled, by name, and the errors of the rest.
pub(crate) fn executables(
    root: &Path,
    packages: &[String],
    budget: Duration,
) -> Result<(BTreeMap<String, PathBuf>, Vec<String>), Failure> {
    let wanted: Vec<Wanted> = packages.iter().map(|p| Wanted { package: p.clone(), folders: vec![] }).collect();
    let said = call(root, &wanted, &[], budget)?;
    let mut errors: Vec<String> = said.errors.into_iter().map(|(_, text)| text).collect();
    if !said.in_time || (said.executables.is_empty() && errors.is_empty()) {
        errors.push(said.stderr);
    }
    Ok((said.executables, errors))
}

/// What the compiler warns of in the libraries of some packages, their dependencies' not.
pub(crate) fn warnings(root: &Path, packages: &[String], budget: Duration) -> Result<Vec<String>, Failure> {
    let wanted: Vec<Wanted> = packages.iter().map(|p| Wanted { package: p.clone(), folders: vec![] }).collect();
    // Cargo repeats the warnings of what is fresh.
    let said = call(root, &wanted, &["--lib"], budget)?;
    let failed = said.errors.into_iter().map(|(_, text)| text);
    Ok(said.warnings.into_iter().chain(failed).collect())
}

/// What cargo said in one call.
#[derive(Debug, Default)]
struct Said {
    executables: BTreeMap<String, PathBuf>,
    libraries: Libraries,
    /// Errors, by the folder of the package's manifest.
    errors: Vec<(PathBuf, String)>,
    warnings: Vec<String>,
    stderr: String,
    in_time: bool,
}

impl Said {
    fn of(&self, wanted: &Wanted, budget: Duration) -> Result<Built, Failure> {
        if let Some(program) = self.executables.get(&wanted.package) {
            return Ok(Built::Ready(program.clone()));
        }
        if let Some((_, text)) = self.errors.iter().find(|(_, text)| is_the_machines(text)) {
            return Err(machine(text));
        }
        let own = self.errors.iter().filter(|(folder, _)| wanted.folders.contains(folder));
        let own: Vec<String> = own.map(|(_, text)| text.clone()).collect();
        if !own.is_empty() {
            return Ok(Built::Refused(own));
        }
        if !self.in_time {
            return Ok(Built::TooSlow(budget));
        }
        let text = self.errors.first().map_or(self.stderr.trim(), |(_, text)| text.trim());
        Err(machine(&format!("cargo could not build {}:\n{text}", wanted.package)))
    }
}

/// Is it the machine that failed, and neither the learner nor the project?
fn is_the_machines(text: &str) -> bool {
    ["linker `", "linking with", "No space left on device", "Read-only file system", "Permission denied"]
        .iter()
        .any(|words| text.contains(words))
}

fn machine(text: &str) -> Failure {
    let doctor = "`cargo xtask doctor` says what is missing and how to get it.";
    let first = text.trim();
    if text.contains("linker `") && text.contains("not found") || text.contains("link.exe") {
        Failure::Input(format!("There is no linker, so nothing can be built. {doctor}\n{first}"))
    } else if text.contains("No space left on device") {
        Failure::Input(format!("The disk is full: make room (`cargo clean` helps), then grade again.\n{first}"))
    } else if text.contains("Read-only file system") || text.contains("Permission denied") {
        Failure::Input(format!("Cargo cannot write here: work in a copy that you may write to.\n{first}"))
    } else if text.contains("requires rustc") || text.contains("edition2024") {
        Failure::Input(format!("This Rust is too old: `rustup update` brings a newer one. {doctor}\n{first}"))
    } else {
        Failure::Internal(format!("{first}\n{doctor}"))
    }
}

/// Where cargo puts what it builds below `root`; none for the place that it chooses itself.
fn target_dir(root: &Path) -> Option<PathBuf> {
    // A scratch copy of the project has a folder beside it: it must not disturb what the project has built.
    let beside = root.parent()?.join("target");
    root.ends_with("selftest/workspace").then_some(beside)
}

/// The folder in which everything that is built below `root` lies.
pub(crate) fn output_folder(root: &Path) -> PathBuf {
    let ours = || std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.parent()?.to_path_buf()));
    target_dir(root).or_else(ours).unwrap_or_else(|| root.join("target"))
}

fn call(root: &Path, wanted: &[Wanted], how: &[&str], budget: Duration) -> Result<Said, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root).args(["build", "--keep-going", "--message-format=json", "--color=never", "--quiet"]);
    command.args(how);
    for one in wanted {
        command.args(["-p", &one.package]);
    }
    if let Some(dir) = target_dir(root) {
        command.env("CARGO_TARGET_DIR", dir);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut cargo = group::start(&mut command).map_err(|e| {
        Failure::Input(format!("I cannot start cargo: {e}. `cargo xtask doctor` says what is missing."))
    })?;
    let (send, lines) = channel();
    if let Some(out) = cargo.stdout.take() {
        std::thread::spawn(move || BufReader::new(out).lines().map_while(Result::ok).try_for_each(|l| send.send(l)));
    }
    let stderr = cargo.stderr.take().map(|mut err| {
        std::thread::spawn(move || {
            let mut text = Vec::new();
            let _ = err.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        })
    });
    let mut said = Said { in_time: true, ..Said::default() };
    let until = Instant::now() + budget;
    loop {
        match lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(line) => said.hear(&line),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                said.in_time = false;
                break;
            }
        }
    }
    if !said.in_time {
        cargo.kill();
    }
    cargo.wait().map_err(|e| Failure::Internal(format!("cargo cannot be waited for: {e}")))?;
    said.stderr = stderr.and_then(|thread| thread.join().ok()).unwrap_or_default();
    Ok(said)
}

impl Said {
    fn hear(&mut self, line: &str) {
        let Ok(message) = serde_json::from_str::<Value>(line) else { return };
        match message["reason"].as_str() {
            Some("compiler-artifact") => {
                let Some(name) = message["target"]["name"].as_str() else { return };
                if let Some(program) = message["executable"].as_str() {
                    self.executables.insert(name.into(), program.into());
                }
                let mut files = message["filenames"].as_array().into_iter().flatten().filter_map(Value::as_str);
                if let Some(library) = files.find(|file| file.ends_with(".rlib")) {
                    self.libraries.insert(name.into(), library.into());
                }
            }
            Some("compiler-message") if message["message"]["level"] == "error" => {
                let manifest = message["manifest_path"].as_str().map(Path::new);
                let folder = manifest.and_then(Path::parent).unwrap_or(Path::new("")).to_path_buf();
                let text = message["message"]["rendered"].as_str().unwrap_or_default().trim_end();
                // "aborting due to 2 previous errors" is no error of its own.
                if !text.starts_with("error: aborting due to") {
                    self.errors.push((folder, text.to_string()));
                }
            }
            Some("compiler-message") if message["message"]["level"] == "warning" => {
                let text = message["message"]["rendered"].as_str().unwrap_or_default().trim_end();
                // "1 warning emitted" is none of its own.
                if message["message"]["spans"].as_array().is_some_and(|spans| !spans.is_empty()) {
                    self.warnings.push(text.to_string());
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn error(folder: &str, text: &str) -> String {
        let message = json!({ "level": "error", "rendered": text });
        let manifest = format!("{folder}/Cargo.toml");
        json!({ "reason": "compiler-message", "manifest_path": manifest, "message": message }).to_string()
    }

    fn wanted(package: &str, folder: &str) -> Wanted {
        Wanted { package: package.into(), folders: vec![folder.into()] }
    }

    #[test]
    fn errors_go_to_the_exercise_that_made_them() {
        let mut said = Said { in_time: true, ..Said::default() };
        said.hear("not json at all");
        said.hear(&error("/w/exercises/12-pool", "error[E0425]: no `x`\n"));
        said.hear(&error("/w/exercises/12-pool", "error: aborting due to 1 previous error\n"));
        let program =
            json!({ "reason": "compiler-artifact", "target": { "name": "probe-gil" }, "executable": "/t/gil" });
        said.hear(&program.to_string());
        let of = |package, folder| said.of(&wanted(package, folder), Duration::ZERO);
        assert_eq!(of("probe-pool", "/w/exercises/12-pool"), Ok(Built::Refused(vec!["error[E0425]: no `x`".into()])));
        assert_eq!(of("probe-gil", "/w/exercises/51-gil"), Ok(Built::Ready("/t/gil".into())));
        // An error elsewhere is not the learner's.
        assert!(matches!(of("probe-refs", "/w/exercises/31-refs"), Err(Failure::Internal(_))));
    }

    #[test]
    fn a_machine_that_cannot_build_gets_a_remedy() {
        for (text, word) in [
            ("error: linker `cc` not found", "linker"),
            ("error: failed to write x: No space left on device (os error 28)", "disk is full"),
            ("error: Read-only file system (os error 30)", "work in a copy"),
        ] {
            let mut said = Said { in_time: true, ..Said::default() };
            said.hear(&error("/w/exercises/12-pool", text));
            match said.of(&wanted("probe-pool", "/w/exercises/12-pool"), Duration::ZERO) {
                Err(Failure::Input(sentence)) => assert!(sentence.contains(word), "{sentence}"),
                other => panic!("{other:?}"),
            }
        }
        let old =
            Said { stderr: "error: package requires rustc 1.88 or newer".into(), in_time: true, ..Said::default() };
        assert!(matches!(old.of(&wanted("p", "/f"), Duration::ZERO), Err(Failure::Input(s)) if s.contains("rustup")));
    }

    #[test]
    fn what_was_not_ready_in_time_is_too_slow() {
        let budget = Duration::from_secs(7);
        assert_eq!(Said::default().of(&wanted("p", "/f"), budget), Ok(Built::TooSlow(budget)));
    }
}
