//! The journal of an update: what is to be done, written down before it is begun, so that whoever was interrupted
//! (Ctrl-C, a power cut, a full disk) runs the same command again.
//!
//! ```text
//! .progress/update/plan.json       the commit to reach, and each answer: id, where it was, where it will be
//! .progress/update/ID.before.rs    the learner's file, to the byte
//! .progress/update/ID.after.rs     what will be in it
//! .progress/update/ID.base.rs      the stub to be remembered, if the task changed and the answer stays
//! .progress/update/new/...         for `--from`: the new files, before they are moved into place
//! .progress/update/staged          all of `new/` is there
//! ```
//!
//! - **I1** The learner's text is in the journal and in `.progress/backups` before it leaves the exercise.
//! - **I2** `plan.json` is written last and removed first: without it, nothing is to be done.
//! - **I3** Putting back and putting in place may be done twice.
//! - **I4** A file that somebody edited meanwhile is theirs: it is left alone, and that is said.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::answers::{Answer, Fate, remembered};
use crate::failure::Failure;
use crate::files;
use crate::ui::say;

/// An update that was begun.
pub(super) struct Journal {
    root: PathBuf,
    plan: Value,
}

/// One answer of the journal.
pub(super) struct Noted {
    pub(super) id: String,
    pub(super) before: String,
    pub(super) after: Option<String>,
}

/// Where it lies.
pub(super) fn folder(root: &Path) -> PathBuf {
    root.join(".progress/update")
}

impl Journal {
    /// Writes down an update to `commit` (or to a folder's files), with every answer.
    pub(super) fn begin(root: &Path, commit: Option<&str>, answers: &[Answer]) -> Result<Journal, Failure> {
        let folder = folder(root);
        let mut noted = Vec::new();
        for answer in answers {
            let id = &answer.id;
            let copies = root.join(".progress/backups").join(id);
            files::keep_copy(&copies, "lib", "rs", &answer.yours)?;
            files::write(&folder.join(format!("{id}.before.rs")), &answer.yours)?;
            files::write(&folder.join(format!("{id}.after.rs")), answer.result())?;
            if let Fate::Kept(_) = answer.fate {
                files::write(&folder.join(format!("{id}.base.rs")), answer.base.as_bytes())?;
            }
            noted.push(json!({ "id": id, "before": answer.before, "after": answer.after }));
        }
        let plan = json!({ "version": 1, "commit": commit, "answers": noted });
        let text = serde_json::to_string_pretty(&plan).map_err(|e| Failure::Internal(e.to_string()))?;
        files::write(&folder.join("plan.json"), text.as_bytes())?;
        Ok(Journal { root: root.into(), plan })
    }

    /// The one that was begun and not ended, if there is one. Remains without a plan are removed.
    pub(super) fn open(root: &Path) -> Result<Option<Journal>, Failure> {
        let path = folder(root).join("plan.json");
        let Some(text) = files::read_if_there(&path)? else {
            remove(root)?;
            return Ok(None);
        };
        let plan = serde_json::from_str(&text).map_err(|e| {
            Failure::Input(format!(
                ".progress/update/plan.json is damaged: {e}. Your answers are in .progress/backups and beside it, as \
                 ID.before.rs: put them back, then delete .progress/update."
            ))
        })?;
        Ok(Some(Journal { root: root.into(), plan }))
    }

    /// The commit to reach, where git updates.
    pub(super) fn commit(&self) -> Option<&str> {
        self.plan["commit"].as_str()
    }

    pub(super) fn answers(&self) -> Vec<Noted> {
        let text = |value: &Value| value.as_str().map(str::to_string);
        let all = self.plan["answers"].as_array().into_iter().flatten();
        all.filter_map(|a| Some(Noted { id: text(&a["id"])?, before: text(&a["before"])?, after: text(&a["after"]) }))
            .collect()
    }

    fn bytes(&self, id: &str, which: &str) -> Option<Vec<u8>> {
        std::fs::read(folder(&self.root).join(format!("{id}.{which}.rs"))).ok()
    }

    /// The project is the old one still: every answer goes back to where it was.
    pub(super) fn put_back(&self) -> Result<(), Failure> {
        for Noted { id, before, .. } in self.answers() {
            if let Some(yours) = self.bytes(&id, "before") {
                self.put(&id, &before, &yours)?;
            }
        }
        remove(&self.root)
    }

    /// The project is the new one: every answer goes to where its exercise is now.
    pub(super) fn put_in_place(&self) -> Result<(), Failure> {
        for Noted { id, after, .. } in self.answers() {
            if let (Some(after), Some(result)) = (after, self.bytes(&id, "after")) {
                self.put(&id, &after, &result)?;
            }
            self.remember(&id)?;
        }
        remove(&self.root)
    }

    /// The base of an answer whose task changed is remembered; of every other one it is today's stub.
    fn remember(&self, id: &str) -> Result<(), Failure> {
        let path = remembered(&self.root, id);
        match self.bytes(id, "base") {
            Some(base) => files::write(&path, &base),
            None => match std::fs::remove_file(&path) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Failure::writing(&path, &e)),
                _ => Ok(()),
            },
        }
    }

    /// I4: whatever is in the file is a stub, or ours, or is kept.
    fn put(&self, id: &str, path: &str, bytes: &[u8]) -> Result<(), Failure> {
        let file = self.root.join(path);
        let there = std::fs::read(&file).unwrap_or_default();
        if there == bytes {
            return Ok(());
        }
        let ours = ["before", "after"].iter().any(|which| self.bytes(id, which).as_ref() == Some(&there));
        let stub = String::from_utf8(there.clone()).is_ok_and(|text| {
            let manifest = file.parent().and_then(Path::parent).map(|dir| dir.join("Cargo.toml"));
            let print = files::fingerprint(&files::plain_lines(text));
            manifest.and_then(|m| files::read(&m).ok()).is_some_and(|text| text.contains(&print))
        });
        if !there.is_empty() && !ours && !stub {
            let copies = self.root.join(".progress/backups").join(id);
            let kept = files::keep_copy(&copies, "lib", "rs", &there)?;
            say!("{path} was edited meanwhile; that text is kept as {}.", files::said(&self.root, &kept));
        }
        files::write(&file, bytes)
    }
}

/// Removes the journal, its plan first (I2).
pub(super) fn remove(root: &Path) -> Result<(), Failure> {
    let folder = folder(root);
    for result in [std::fs::remove_file(folder.join("plan.json")), std::fs::remove_dir_all(&folder)] {
        if let Err(e) = result
            && e.kind() != std::io::ErrorKind::NotFound
        {
            return Err(Failure::writing(&folder, &e));
        }
    }
    Ok(())
}
