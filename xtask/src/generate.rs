//! `cargo xtask generate`: from each part's one source, the exercise, the solution and the probe.
//!
//! All texts are made before the first is written, each file is replaced as a whole, and an exercise that was edited
//! is left alone: with `--force` it is kept as a numbered copy in `.progress/backups/` first.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::course::{Course, Exercise};
use crate::failure::{FAILED, Failure, Outcome};
use crate::files;
use crate::ui::{counted, say};

mod markers;
mod packages;

pub(crate) const HELP: &str = "\
cargo xtask generate [--check] [--force] [ID...]

Makes exercises/, solutions/ and xtask/probes/ from the marked parts in runtime/ and from exercises/course.toml.
An exercise that was edited is left alone and named.

  --check   write nothing; list what differs, and exit with 1 if something does
  --force   replace edited exercises too, after a copy into .progress/backups/ID/";

pub(crate) fn run(course: &Course, mut args: lexopt::Parser) -> Outcome {
    let (mut check, mut force, mut words) = (false, false, Vec::new());
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("check") => check = true,
            lexopt::Arg::Long("force") => force = true,
            lexopt::Arg::Value(word) => words.push(word.to_string_lossy().into_owned()),
            _ => return Err(arg.unexpected().into()),
        }
    }
    let chosen = course.select(&words)?;
    if check { check_all(course, &chosen) } else { write_all(course, &chosen, force) }
}

/// Lists what generating would change.
fn check_all(course: &Course, chosen: &[&Exercise]) -> Outcome {
    let mut differing = 0;
    for file in everything(course, chosen)? {
        let name = files::said(&course.root, &file.path);
        match (files::read_if_there(&file.path), &file.stub_of) {
            (Ok(Some(text)), _) if text == file.text => continue,
            (Ok(None), _) => say!("missing: {name}"),
            (_, Some(id)) => say!("not the stub: {name} (if it is your answer: `cargo xtask reset {id}` keeps a copy)"),
            _ => say!("differs: {name}"),
        }
        differing += 1;
    }
    for name in leftovers(course) {
        say!("left over: {name} (no exercise of course.toml has this folder: delete it)");
        differing += 1;
    }
    if differing == 0 {
        say!("{} as generated.", counted(chosen.len(), "exercise"));
        return Ok(ExitCode::SUCCESS);
    }
    say!("{} from what `cargo xtask generate` makes.", counted(differing, "difference"));
    Ok(ExitCode::from(FAILED))
}

fn write_all(course: &Course, chosen: &[&Exercise], force: bool) -> Outcome {
    let all = everything(course, chosen)?;
    // Decided before anything is written: the manifests remember which stub was the last.
    let kept: Vec<&PathBuf> = all.iter().filter(|f| !force && is_yours(f)).map(|f| &f.path).collect();
    let mut written = 0;
    for file in &all {
        if kept.contains(&&file.path) || is_written(file) {
            continue;
        }
        if let Some(id) = file.stub_of.as_ref().filter(|_| is_yours(file)) {
            let copy = back_up(course, id, &file.path)?;
            say!("Your {} is kept as {}.", files::said(&course.root, &file.path), files::said(&course.root, &copy));
        }
        files::write(&file.path, file.text.as_bytes())?;
        say!("wrote {}", files::said(&course.root, &file.path));
        written += 1;
    }
    for path in &kept {
        say!("left alone: {} was edited (--force replaces it, after a copy)", files::said(&course.root, path));
    }
    for name in leftovers(course) {
        say!("left over: {name} (no exercise of course.toml has this folder: delete it)");
    }
    say!("{} written.", counted(written, "file"));
    Ok(ExitCode::SUCCESS)
}

/// A file as it must be.
struct Generated {
    path: PathBuf,
    text: String,
    /// The exercise's id, if this is the file that a learner edits.
    stub_of: Option<String>,
}

/// Every file of `chosen`, and the probe of all solutions.
fn everything(course: &Course, chosen: &[&Exercise]) -> Result<Vec<Generated>, Failure> {
    let mut all = Vec::new();
    let mut add = |path: PathBuf, text: String, stub_of: Option<String>| all.push(Generated { path, text, stub_of });
    for exercise in chosen {
        let parts = Parts::of(exercise)?;
        // The stub before the manifest: should the disk fill up between them, the old manifest still knows the old stub.
        add(exercise.lib(), parts.stub.clone(), Some(exercise.id.clone()));
        add(exercise.manifest(), packages::exercise_manifest(exercise, &files::fingerprint(&parts.stub)), None);
        add(exercise.dir().join("tests/scenarios.rs"), packages::exercise_test(exercise), None);
        let solution = exercise.solution_dir();
        add(solution.join("src/lib.rs"), parts.solution, None);
        add(solution.join("Cargo.toml"), packages::solution_manifest(exercise), None);
        add(solution.join("tests/scenarios.rs"), packages::solution_test(exercise), None);
        let probe = exercise.probe_dir();
        add(probe.join("src/main.rs"), packages::probe_main(exercise), None);
        add(probe.join("Cargo.toml"), packages::probe_manifest(exercise), None);
    }
    let probe = course.root.join("xtask/probes/solutions");
    add(probe.join("src/main.rs"), packages::solutions_probe_main(course), None);
    add(probe.join("Cargo.toml"), packages::solutions_probe_manifest(course), None);
    Ok(all)
}

fn is_written(file: &Generated) -> bool {
    matches!(files::read_if_there(&file.path), Ok(Some(text)) if text == file.text)
}

/// Is this an exercise that holds something of the learner's? What cannot be read as text counts as theirs.
fn is_yours(file: &Generated) -> bool {
    let manifest = || file.path.parent()?.parent().map(|dir| dir.join("Cargo.toml"));
    file.stub_of.is_some()
        && match files::read_if_there(&file.path) {
            Ok(None) => false,
            Ok(Some(text)) => {
                text != file.text && manifest().and_then(|m| recorded_stub(&m)) != Some(files::fingerprint(&text))
            }
            Err(_) => true,
        }
}

/// The fingerprint in an exercise's manifest: of the stub that was generated last.
fn recorded_stub(manifest: &Path) -> Option<String> {
    let text = files::read(manifest).ok()?;
    let line = text.lines().find_map(|l| l.strip_prefix("stub = \""))?;
    line.split('"').next().map(str::to_string)
}

/// The `main` of a probe for this exercise's part.
pub(crate) fn probe_main(exercise: &Exercise) -> String {
    packages::probe_main(exercise)
}

/// Keeps a copy of an exercise's file in `.progress/backups/ID/`; gives its path.
pub(crate) fn back_up(course: &Course, id: &str, lib: &Path) -> Result<PathBuf, Failure> {
    let bytes = std::fs::read(lib).map_err(|e| Failure::reading(lib, &e))?;
    files::keep_copy(&course.root.join(".progress/backups").join(id), "lib", "rs", &bytes)
}

/// Folders that hold a package, and that no exercise has.
fn leftovers(course: &Course) -> Vec<String> {
    let known = |place: &str, name: &str| {
        course.exercises.iter().any(|e| e.folder == name) || (place == "xtask/probes" && name == "solutions")
    };
    let mut found = Vec::new();
    for place in ["exercises", "solutions", "xtask/probes"] {
        for entry in std::fs::read_dir(course.root.join(place)).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if !known(place, &name) && entry.path().join("Cargo.toml").exists() {
                found.push(format!("{place}/{name}"));
            }
        }
    }
    found.sort();
    found
}

/// A part's source, as the exercise and as the solution.
struct Parts {
    stub: String,
    solution: String,
}

impl Parts {
    fn of(exercise: &Exercise) -> Result<Parts, Failure> {
        Parts::cut_from(exercise, &files::read(&exercise.source_path())?)
    }

    fn cut_from(exercise: &Exercise, text: &str) -> Result<Parts, Failure> {
        let cut = markers::cut(&exercise.source, text)?;
        let mut lines = text.lines();
        let head = lines.next().is_some_and(|l| l.starts_with("//! # ")) && lines.next() == Some("//!");
        if !head {
            return Err(Failure::Input(format!(
                "{}:1: a part begins with `//! # Its title` and an empty `//!` line. Write them at its top.",
                exercise.source
            )));
        }
        let below = |text: &str| text.split_once('\n').map(|(_, rest)| rest.to_string()).unwrap_or_default();
        let title = text.lines().next().unwrap_or_default();
        let made = format!("//! Made by `cargo xtask generate` from `{}`: edit it there.", exercise.source);
        Ok(Parts {
            stub: format!("{}{}", banner(exercise), below(&cut.exercise)),
            solution: format!("{title}\n//!\n{made}\n{}", below(&cut.solution)),
        })
    }
}

/// What a stub opens with instead of the part's title.
fn banner(exercise: &Exercise) -> String {
    let Exercise { id, title, minutes, .. } = exercise;
    let write: Vec<String> = exercise.write.iter().map(|f| format!("`{f}`")).collect();
    let chapter = match &exercise.chapter {
        Some(_) => format!("\"{}\" (`cargo xtask book {id}`)", exercise.chapter_title),
        None => format!("\"{}\", still to be written: the text below is all you need", exercise.chapter_title),
    };
    let two = |left: String, right: &str| format!("//! {left:<66}  {right}\n");
    [
        two(format!("# Exercise `{id}`: {title}"), &format!("about {minutes} minutes")),
        "//!\n".to_string(),
        format!("//! Chapter: {chapter}.\n"),
        format!("//! Write:   {}, in this file only.\n", write.join(", ")),
        two(format!("Check:   `cargo xtask grade {id}`"), &format!("Stuck: `cargo xtask hint {id}`")),
        format!("//! Try your own scenario: write a `.ops` file and `cargo xtask show {id} my.ops`\n"),
    ]
    .concat()
}

/// A file of an exercise that the generator makes.
pub(crate) enum Own {
    /// What a learner edits.
    Learners(PathBuf),
    /// What must be as it was made. (In a manifest the stub's fingerprint may be an older one.)
    Generated(PathBuf, String),
}

/// The files of an exercise's own folder that are made here.
pub(crate) fn own_files(exercise: &Exercise) -> Result<Vec<Own>, Failure> {
    let mut manifest = manifest_text(exercise)?;
    if let Some(stub) = recorded_stub(&exercise.manifest()) {
        manifest = packages::exercise_manifest(exercise, &stub);
    }
    Ok(vec![
        Own::Learners(exercise.lib()),
        Own::Generated(exercise.manifest(), manifest),
        Own::Generated(exercise.dir().join("tests/scenarios.rs"), packages::exercise_test(exercise)),
    ])
}

/// The stub that a learner starts from.
pub(crate) fn stub_text(exercise: &Exercise) -> Result<String, Failure> {
    Ok(Parts::of(exercise)?.stub)
}

/// What the learner's file would be with the reference's answer in it.
pub(crate) fn answer_text(exercise: &Exercise) -> Result<String, Failure> {
    answer_of(exercise, &files::read(&exercise.source_path())?)
}

/// The same, were `source` the part's source.
pub(crate) fn answer_of(exercise: &Exercise, source: &str) -> Result<String, Failure> {
    let parts = Parts::cut_from(exercise, source)?;
    let body = parts.solution.lines().skip(3).filter(|line| !markers::is_anchor(line));
    Ok(banner(exercise) + &body.map(|line| format!("{line}\n")).collect::<String>())
}

/// The exercise's manifest.
pub(crate) fn manifest_text(exercise: &Exercise) -> Result<String, Failure> {
    Ok(packages::exercise_manifest(exercise, &files::fingerprint(&stub_text(exercise)?)))
}

/// Is the learner's file still the stub, of today or as it was generated last?
pub(crate) fn is_untouched(exercise: &Exercise) -> Result<bool, Failure> {
    let Some(text) = files::read_if_there(&exercise.lib())? else { return Ok(false) };
    let older = || recorded_stub(&exercise.manifest()) == Some(files::fingerprint(&text));
    Ok(text == stub_text(exercise)? || older())
}

#[cfg(test)]
mod tests;
