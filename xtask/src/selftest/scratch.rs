//! A copy of the project to try things in.
//!
//! It always lies in the same place beside a target folder of its own, and only files that differ are written again:
//! so the second run finds everything built. Learners' files are not copied: each exercise starts as its stub.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::course::{Course, Exercise};
use crate::failure::Failure;
use crate::{files, generate};

/// What is copied.
const COPIED: [&str; 7] = ["Cargo.toml", "Cargo.lock", ".cargo", "exercises", "solutions", "runtime", "xtask"];

/// The copy.
pub(super) struct Scratch {
    /// The course, with the copy as its root.
    pub(super) course: Course,
    /// Where the cases are read from: the project itself.
    pub(super) cases: PathBuf,
}

impl Scratch {
    /// Makes the copy, or brings it up to date.
    pub(super) fn make(course: &Course) -> Result<Scratch, Failure> {
        let place = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.parent()?.to_path_buf()));
        let place = place.ok_or_else(|| Failure::Internal("the tool does not know where it lies".into()))?;
        let root = place.join("selftest/workspace");
        let mut wanted = BTreeMap::new();
        for name in COPIED {
            collect(&course.root, &course.root.join(name), &mut wanted)?;
        }
        for exercise in &course.exercises {
            let src = relative(&course.root, &exercise.dir().join("src"));
            wanted.retain(|path: &PathBuf, _| !path.starts_with(&src));
            wanted.insert(src.join("lib.rs"), generate::stub_text(exercise)?.into_bytes());
        }
        let mut present = BTreeMap::new();
        for name in COPIED {
            collect(&root, &root.join(name), &mut present)?;
        }
        let ours = |path: &Path| {
            let versions = |e: &Exercise| path.starts_with(Path::new("xtask/probes").join(package(e)));
            is_lock(path) || course.exercises.iter().any(versions)
        };
        for path in present.keys().filter(|path| !wanted.contains_key(*path) && !ours(path)) {
            remove(&root.join(path))?;
        }
        for (path, bytes) in &wanted {
            // Cargo adds the mutants to the lock file; that is no reason to begin again.
            if present.get(path) != Some(bytes) && !(is_lock(path) && present.contains_key(path)) {
                files::write(&root.join(path), bytes)?;
            }
        }
        let _ = fs::remove_dir_all(root.join(".progress"));
        Ok(Scratch { course: Course::load(&root)?, cases: course.root.join("xtask/cases") })
    }

    /// The copy's root.
    pub(super) fn root(&self) -> &Path {
        &self.course.root
    }

    /// Puts a text into an exercise.
    pub(super) fn answer(&self, exercise: &Exercise, text: &str) -> Result<(), Failure> {
        files::write(&exercise.lib(), text.as_bytes())
    }

    /// The solution's source.
    pub(super) fn solution(&self, exercise: &Exercise) -> Result<String, Failure> {
        files::read(&exercise.solution_dir().join("src/lib.rs"))
    }

    /// Every file of the copy but one exercise's own source, to see what a program did to them.
    pub(super) fn everything_but(&self, exercise: &Exercise) -> Result<BTreeMap<PathBuf, Vec<u8>>, Failure> {
        let mut all = BTreeMap::new();
        for name in COPIED {
            collect(self.root(), &self.root().join(name), &mut all)?;
        }
        let own = relative(self.root(), &exercise.dir().join("src"));
        all.retain(|path, _| !path.starts_with(&own));
        Ok(all)
    }
}

/// The package that has all versions of an exercise's part.
pub(super) fn package(exercise: &Exercise) -> String {
    format!("versions-of-{}", exercise.id)
}

/// Removes a file, and the folders that are empty without it: cargo takes a folder for a package.
fn remove(path: &Path) -> Result<(), Failure> {
    fs::remove_file(path).map_err(|e| Failure::writing(path, &e))?;
    let mut folder = path.parent();
    while let Some(empty) = folder.filter(|folder| fs::remove_dir(folder).is_ok()) {
        folder = empty.parent();
    }
    Ok(())
}

fn is_lock(path: &Path) -> bool {
    path == Path::new("Cargo.lock")
}

fn relative(root: &Path, path: &Path) -> PathBuf {
    path.strip_prefix(root).unwrap_or(path).to_path_buf()
}

fn collect(root: &Path, path: &Path, all: &mut BTreeMap<PathBuf, Vec<u8>>) -> Result<(), Failure> {
    let reading = |e: &std::io::Error| Failure::reading(path, e);
    if path.is_dir() {
        if path.file_name().is_some_and(|name| name == "target") {
            return Ok(());
        }
        for entry in fs::read_dir(path).map_err(|e| reading(&e))? {
            collect(root, &entry.map_err(|e| reading(&e))?.path(), all)?;
        }
    } else if path.is_file() {
        all.insert(relative(root, path), fs::read(path).map_err(|e| reading(&e))?);
    }
    Ok(())
}
