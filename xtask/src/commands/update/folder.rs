//! An update from a folder: a newer copy of the project that was downloaded and unpacked.
//!
//! Everything is copied beside its place first (a full disk is found out here, and nothing has changed), then moved:
//! what was there goes to `.progress/replaced/N`, never away. Moving can be begun again.
//!
//! - **I1** What is no part of the course (`target`, `.git`, `.progress`, files of the learner's own) is not touched.
//! - **I2** No file is ever half of one version and half of another.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::answers::{Answer, NewVersion, id_of, lib};
use super::journal;
use crate::failure::Failure;
use crate::files;

/// Folders that nobody unpacks into the course.
const NOT_OURS: [&str; 6] = [".git", "target", ".progress", "node_modules", "out", "corpus"];

/// What a newer copy changes.
pub(super) struct Changes {
    /// Files that are new or different, from the top.
    pub(super) different: BTreeSet<PathBuf>,
    /// Files of the course that the newer copy does not have.
    pub(super) gone: Vec<PathBuf>,
}

/// The exercises of the copy in `dir`.
pub(super) fn version(root: &Path, dir: &Path) -> Result<NewVersion, Failure> {
    let (here, there) = (std::fs::canonicalize(root), std::fs::canonicalize(dir));
    let there = there.map_err(|e| Failure::reading_given(dir, &e))?;
    if !["exercises/course.toml", "xtask/Cargo.toml", "runtime/Cargo.toml"].iter().all(|file| dir.join(file).is_file())
    {
        return Err(Failure::Usage(format!(
            "{} is no copy of this course: name the folder that has its README.md in it.",
            dir.display()
        )));
    }
    if here.is_ok_and(|here| there.starts_with(&here) || here.starts_with(&there)) {
        return Err(Failure::Usage("That is the folder you work in. Unpack the newer version somewhere else.".into()));
    }
    let mut new = NewVersion::default();
    for entry in std::fs::read_dir(dir.join("exercises")).into_iter().flatten().flatten() {
        let folder = entry.file_name().to_string_lossy().into_owned();
        let Some(id) = id_of(&folder).filter(|_| entry.path().join("Cargo.toml").is_file()) else { continue };
        let text = files::read(&dir.join(lib(&folder)))?;
        if !files::read(&entry.path().join("Cargo.toml"))?.contains(&files::fingerprint(&text)) {
            return Err(Failure::Usage(format!(
                "{} has an answer in it: somebody worked there. Unpack the newer version once more, elsewhere.",
                dir.join(lib(&folder)).display()
            )));
        }
        new.stubs.insert(id.to_string(), (folder, text));
    }
    Ok(new)
}

/// Compares file by file.
pub(super) fn changes(root: &Path, dir: &Path, answers: &[Answer]) -> Result<Changes, Failure> {
    let (mut new, mut old) = (BTreeSet::new(), BTreeSet::new());
    collect(dir, Path::new(""), &mut new)?;
    for name in new.iter().filter_map(|path| path.components().next()).collect::<BTreeSet<_>>() {
        if root.join(name).is_dir() {
            collect(root, Path::new(name.as_os_str()), &mut old)?;
        }
    }
    let is = |path: &Path, bytes: &[u8]| std::fs::read(root.join(path)).is_ok_and(|there| there == bytes);
    let mut different = BTreeSet::new();
    for path in &new {
        if !is(path, &wanted(dir, path, answers)?) {
            different.insert(path.clone());
        }
    }
    let gone = old.into_iter().filter(|path| !new.contains(path) && !is_the_learners(path, &new)).collect();
    Ok(Changes { different, gone })
}

/// What is to be in a file of the project.
fn wanted(dir: &Path, path: &Path, answers: &[Answer]) -> Result<Vec<u8>, Failure> {
    let answer = answers.iter().find(|answer| answer.after.as_deref().is_some_and(|after| Path::new(after) == path));
    match answer {
        Some(answer) => Ok(answer.result().to_vec()),
        None => std::fs::read(dir.join(path)).map_err(|e| Failure::reading_given(&dir.join(path), &e)),
    }
}

/// A file that a learner may have put into an exercise that is still there, or beside them (`tracks.toml`). Scenarios and
/// tests are the course's: one that is left over would be graded.
fn is_the_learners(path: &Path, new: &BTreeSet<PathBuf>) -> bool {
    let mut parts = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
    let (Some(top), Some(folder), inside) = (parts.next(), parts.next(), parts.next()) else { return false };
    let Some(inside) = inside else { return top == "exercises" };
    top == "exercises"
        && new.contains(&Path::new("exercises").join(&folder).join("Cargo.toml"))
        && inside != "scenarios"
        && inside != "tests"
}

fn collect(root: &Path, below: &Path, all: &mut BTreeSet<PathBuf>) -> Result<(), Failure> {
    let dir = root.join(below);
    let reading = |e: std::io::Error| Failure::reading_given(&dir, &e);
    for entry in std::fs::read_dir(&dir).map_err(reading)? {
        let entry = entry.map_err(reading)?;
        let (path, kind) = (below.join(entry.file_name()), entry.file_type().map_err(reading)?);
        if kind.is_dir() && !NOT_OURS.iter().any(|name| entry.file_name() == *name) {
            collect(root, &path, all)?;
        } else if kind.is_file() {
            all.insert(path);
        }
    }
    Ok(())
}

/// Copies everything beside its place, and notes that all of it is there.
pub(super) fn stage(root: &Path, dir: &Path, changes: &Changes, answers: &[Answer]) -> Result<(), Failure> {
    let place = journal::folder(root).join("new");
    for path in &changes.different {
        files::write(&place.join(path), &wanted(dir, path, answers)?)?;
        // Scripts stay executable.
        if let Ok(data) = std::fs::metadata(dir.join(path)) {
            let _ = std::fs::set_permissions(place.join(path), data.permissions());
        }
    }
    let replaced = root.join(".progress/replaced");
    let free = (1..).find(|n: &u32| !replaced.join(n.to_string()).exists()).unwrap_or(0);
    let name = |path: &PathBuf| path.to_string_lossy().into_owned();
    let note = json!({
        "aside": free.to_string(),
        "different": changes.different.iter().map(name).collect::<Vec<_>>(),
        "gone": changes.gone.iter().map(name).collect::<Vec<_>>(),
    });
    files::write(&journal::folder(root).join("staged"), note.to_string().as_bytes())
}

/// Is everything there that is to be moved?
pub(super) fn is_staged(root: &Path) -> bool {
    journal::folder(root).join("staged").is_file()
}

/// Moves what was there aside and what is new into place. Gives the folder where the old files are.
pub(super) fn move_into_place(root: &Path) -> Result<PathBuf, Failure> {
    let note: Value = serde_json::from_str(&files::read(&journal::folder(root).join("staged"))?)
        .map_err(|e| Failure::Internal(format!("the note of the update cannot be read: {e}")))?;
    let (place, aside) = (journal::folder(root).join("new"), root.join(".progress/replaced"));
    let aside = aside.join(note["aside"].as_str().unwrap_or("0"));
    let names = |key: &str| -> Vec<PathBuf> {
        note[key].as_array().into_iter().flatten().filter_map(|v| v.as_str().map(PathBuf::from)).collect()
    };
    for path in names("gone") {
        moved(&root.join(&path), &aside.join(&path))?;
        // A folder that is empty now would be taken for a package.
        let mut folder = root.join(&path);
        while folder.pop() && folder != root && std::fs::remove_dir(&folder).is_ok() {}
    }
    for path in names("different") {
        let (new, there) = (place.join(&path), root.join(&path));
        if new.exists() {
            moved(&there, &aside.join(&path))?;
            moved(&new, &there)?;
        }
    }
    Ok(aside)
}

/// Moves a file, if it is there.
fn moved(from: &Path, to: &Path) -> Result<(), Failure> {
    if !from.exists() {
        return Ok(());
    }
    let made = to.parent().map_or(Ok(()), std::fs::create_dir_all);
    made.and_then(|()| std::fs::rename(from, to)).map_err(|e| Failure::writing(to, &e))
}
