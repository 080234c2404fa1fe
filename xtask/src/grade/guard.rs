//! Files that a learner's program has no business with, kept in memory while it runs.
//!
//! A program may write wherever its user may. Scenarios, recorded traces, probes, cases, the parts' sources, and what
//! belongs to other exercises are therefore read before it runs, compared after it ran, and put back when they were
//! changed. The changed version is kept under `.progress/changed/`: should it have been an editor that saved at that
//! moment, nothing is lost. The exercise's own `src/` is left out, because that is where an editor does save.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::course::{Course, Exercise};
use crate::files;

/// The files of all exercises and solutions, with what was in them.
pub(crate) struct Guard {
    root: PathBuf,
    folders: Vec<PathBuf>,
    except: PathBuf,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Guard {
    /// Reads everything that is to be guarded while `running` runs.
    pub(crate) fn around(course: &Course, running: &Exercise) -> Guard {
        let mut folders = vec![course.root.join("xtask/cases"), course.root.join("xtask/probes")];
        for exercise in &course.exercises {
            folders.extend([exercise.dir(), exercise.solution_dir(), exercise.source_path()]);
        }
        let except = running.dir().join("src");
        let mut guard = Guard { root: course.root.clone(), folders, except, files: BTreeMap::new() };
        guard.files = guard.present();
        guard
    }

    /// Puts back what changed, and says which files that were.
    pub(crate) fn restore(&self) -> Vec<String> {
        let now = self.present();
        let mut changed = Vec::new();
        for (path, bytes) in &now {
            if self.files.get(path) != Some(bytes) {
                self.keep(path, bytes);
                if !self.files.contains_key(path) {
                    let _ = fs::remove_file(path);
                }
                changed.push(files::said(&self.root, path));
            }
        }
        for (path, bytes) in &self.files {
            if now.get(path) != Some(bytes) {
                // A link that was put in its place, or in a folder's, is not to be followed.
                self.clear_the_way(path);
                let _ = fs::remove_file(path);
                let _ = files::write(path, bytes);
                let name = files::said(&self.root, path);
                if !changed.contains(&name) {
                    changed.push(name);
                }
            }
        }
        changed.sort();
        changed
    }

    /// What is no folder where `path` needs one goes away.
    fn clear_the_way(&self, path: &Path) {
        let mut folders: Vec<&Path> =
            path.ancestors().skip(1).take_while(|dir| *dir != self.root && dir.starts_with(&self.root)).collect();
        folders.reverse();
        for folder in folders {
            if fs::symlink_metadata(folder).is_ok_and(|data| !data.is_dir()) {
                let _ = fs::remove_file(folder);
            }
        }
    }

    fn keep(&self, path: &Path, bytes: &[u8]) {
        let name = files::said(&self.root, path).replace('/', "--");
        let _ = files::keep_copy(&self.root.join(".progress/changed"), &name, "txt", bytes);
    }

    fn present(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut all = BTreeMap::new();
        for folder in &self.folders {
            self.collect(folder, &mut all);
        }
        all
    }

    fn collect(&self, path: &Path, all: &mut BTreeMap<PathBuf, Vec<u8>>) {
        if path == self.except {
            return;
        }
        let Ok(kind) = fs::symlink_metadata(path) else { return };
        if kind.is_dir() {
            for entry in fs::read_dir(path).into_iter().flatten().flatten() {
                // An editor's own files come and go.
                let name = entry.file_name();
                let name = name.to_string_lossy();
                if !name.starts_with('.') && !name.ends_with('~') {
                    self.collect(&entry.path(), all);
                }
            }
        } else if let Ok(bytes) = fs::read(path) {
            all.insert(path.to_path_buf(), bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_made_or_deleted_is_put_back() {
        let root = files::scratch("guard");
        let write = |name: &str, text: &str| files::write(&root.join(name), text.as_bytes()).unwrap();
        let read = |name: &str| fs::read_to_string(root.join(name)).ok();
        write("a/one.snap", "1");
        write("a/two.snap", "2");
        write("a/deep/three.ops", "3");
        let (folders, except) = (vec![root.join("a")], root.join("a/src"));
        let mut guard = Guard { root: root.clone(), folders, except, files: BTreeMap::new() };
        guard.files = guard.present();
        assert!(guard.restore().is_empty());
        write("a/one.snap", "forged");
        write("a/new.snap", "made");
        write("a/src/lib.rs", "an editor saved this");
        fs::remove_dir_all(root.join("a/deep")).unwrap();
        assert_eq!(guard.restore(), ["a/deep/three.ops", "a/new.snap", "a/one.snap"]);
        assert_eq!((read("a/one.snap").as_deref(), read("a/new.snap")), (Some("1"), None));
        assert_eq!(read("a/src/lib.rs").as_deref(), Some("an editor saved this"));
        assert_eq!(read("a/deep/three.ops").as_deref(), Some("3"));
        assert_eq!(read(".progress/changed/a--one.snap-001.txt").as_deref(), Some("forged"));
        assert!(guard.restore().is_empty());
        // A file, or a link, where a folder was.
        fs::remove_dir_all(root.join("a/deep")).unwrap();
        write("a/deep", "in the way");
        assert_eq!(guard.restore(), ["a/deep", "a/deep/three.ops"]);
        assert_eq!(read("a/deep/three.ops").as_deref(), Some("3"));
        #[cfg(unix)]
        {
            fs::remove_dir_all(root.join("a/deep")).unwrap();
            fs::create_dir(root.join("elsewhere")).unwrap();
            std::os::unix::fs::symlink(root.join("elsewhere"), root.join("a/deep")).unwrap();
            assert_eq!(guard.restore(), ["a/deep/three.ops"]);
            assert_eq!((read("a/deep/three.ops").as_deref(), read("elsewhere/three.ops")), (Some("3"), None));
        }
        fs::remove_dir_all(root).unwrap();
    }
}
