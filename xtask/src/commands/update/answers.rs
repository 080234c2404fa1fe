//! What an update does with each answer: decided in memory, before any file is touched.
//!
//! ```text
//! base   the stub that the learner started from    yours   their file    new   the stub of the new version
//!
//! yours is base                  not begun: the new stub comes with the update
//! new is base                    the task is the same: the answer stays to the byte
//! the answer fits into new       it is put there, and the old file is kept in .progress/backups
//! it does not                    the answer stays to the byte; what changed is said; `base` is remembered
//! no new one has this id         the answer is kept in .progress/backups
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::merge::{self, TaskChange};
use crate::course::{Course, Exercise};
use crate::failure::Failure;
use crate::{files, generate};

/// The new version, as far as exercises go: folder and stub by id.
#[derive(Default)]
pub(super) struct NewVersion {
    pub(super) stubs: BTreeMap<String, (String, String)>,
    /// Ids whose file there is no stub: somebody committed an answer.
    pub(super) answered: Vec<String>,
}

/// `12-pool` is `pool`, if a folder of the course is named so.
pub(super) fn id_of(folder: &str) -> Option<&str> {
    let (number, id) = folder.split_once('-')?;
    (number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit()) && !id.is_empty()).then_some(id)
}

/// An exercise that the learner worked on.
pub(super) struct Answer {
    pub(super) id: String,
    /// From the project's top: where it is, and where the new version has it.
    pub(super) before: String,
    pub(super) after: Option<String>,
    /// The stub that the learner started from.
    pub(super) base: String,
    /// The learner's file, to the byte.
    pub(super) yours: Vec<u8>,
    pub(super) fate: Fate,
}

/// What becomes of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// The task is the same.
    Same,
    /// The task's words changed, and the answer stands in the new stub: this text.
    Moved(Vec<u8>, TaskChange),
    /// The task changed, and the answer stays as it was.
    Kept(TaskChange),
    /// There is no such exercise any more.
    Gone,
}

impl Answer {
    /// What is to be in the file after the update.
    pub(super) fn result(&self) -> &[u8] {
        match &self.fate {
            Fate::Moved(text, _) => text,
            _ => &self.yours,
        }
    }
}

/// The learner's file in the project: from its top.
pub(super) fn lib(folder: &str) -> String {
    format!("exercises/{folder}/src/lib.rs")
}

/// Every answer there is, and what is to become of it.
pub(super) fn all(course: &Course, new: &NewVersion) -> Result<Vec<Answer>, Failure> {
    let mut answers = Vec::new();
    for exercise in &course.exercises {
        let path = exercise.lib();
        let yours = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            Err(e) => return Err(Failure::reading(&path, &e)),
        };
        if generate::is_untouched(exercise).unwrap_or(false) {
            continue;
        }
        let base = base(course, exercise)?;
        let stub = new.stubs.get(&exercise.id);
        answers.push(Answer {
            id: exercise.id.clone(),
            before: lib(&exercise.folder),
            after: stub.map(|(folder, _)| lib(folder)),
            fate: stub.map_or(Fate::Gone, |(_, stub)| fate(&base, &yours, stub)),
            base,
            yours,
        });
    }
    Ok(answers)
}

/// What is to become of an answer to `base` when the stub is `new`.
pub(super) fn fate(base: &str, yours: &[u8], new: &str) -> Fate {
    if base == new {
        return Fate::Same;
    }
    let change = merge::task_change(base, new);
    let Ok(text) = String::from_utf8(yours.to_vec()) else { return Fate::Kept(change) };
    let windows = text.contains("\r\n");
    let text = files::plain_lines(text);
    if text == new {
        return Fate::Same; // committed on another machine, and here again
    }
    match merge::merged(base, &text, new) {
        // Line ends stay as the learner's editor has them.
        Some(text) if windows => Fate::Moved(text.replace('\n', "\r\n").into_bytes(), change),
        Some(text) => Fate::Moved(text.into_bytes(), change),
        None => Fate::Kept(change),
    }
}

/// The stub that an answer was begun with: today's, or an older one that an update remembered.
fn base(course: &Course, exercise: &Exercise) -> Result<String, Failure> {
    match files::read_if_there(&remembered(&course.root, &exercise.id))? {
        Some(text) => Ok(text),
        None => generate::stub_text(exercise),
    }
}

/// Where the stub of an answer is remembered whose task changed meanwhile.
pub(crate) fn remembered(root: &Path, id: &str) -> PathBuf {
    root.join(".progress/stubs").join(format!("{id}.rs"))
}
