//! # Where things are
//!
//! The builder reads the project around the book: chapters, the course's table, recorded traces and part sources. All
//! paths in what it prints are written from the project's root, with `/` on every system.

use std::path::{Path, PathBuf};

/// The project, found from its root.
pub(crate) struct House {
    pub(crate) root: PathBuf,
}

impl House {
    /// The house whose root is given, or the one that this process was started in.
    pub(crate) fn find(given: Option<PathBuf>) -> Result<House, String> {
        let built_from = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let start = match (given, built_from) {
            (Some(root), _) => return House::at(root),
            (None, Some(manifest)) => manifest,
            (None, None) => std::env::current_dir().map_err(|e| format!("this folder cannot be read: {e}"))?,
        };
        let root = start.ancestors().find(|folder| folder.join("book/book.toml").is_file());
        House::at(root.map_or(start.clone(), Path::to_path_buf))
    }

    fn at(root: PathBuf) -> Result<House, String> {
        if root.join("book/book.toml").is_file() {
            return Ok(House { root });
        }
        Err(format!(
            "{} holds no book/book.toml: run this inside the project, or give its root with --root",
            root.display()
        ))
    }

    pub(crate) fn book(&self) -> PathBuf {
        self.root.join("book")
    }

    pub(crate) fn src(&self) -> PathBuf {
        self.root.join("book/src")
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.root.join("book/out")
    }

    /// A path as it is printed: from the root, with `/`.
    pub(crate) fn name(&self, path: &Path) -> String {
        let inside = path.strip_prefix(&self.root).unwrap_or(path);
        slashed(inside)
    }

    /// The name of a chapter's file, given as in SUMMARY.md.
    pub(crate) fn chapter_name(&self, chapter: &Path) -> String {
        format!("book/src/{}", slashed(chapter))
    }
}

/// A relative path with `/` between its parts.
pub(crate) fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/").replace("//", "/")
}

/// All files below `folder`, as paths from it, sorted. A folder that cannot be read is empty.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![PathBuf::new()];
    while let Some(inner) = waiting.pop() {
        let Ok(entries) = std::fs::read_dir(folder.join(&inner)) else { continue };
        for entry in entries.flatten() {
            let path = inner.join(entry.file_name());
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                waiting.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
