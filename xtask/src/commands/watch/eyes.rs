//! Eyes on files: was something saved?
//!
//! Paths are looked at, not what lies behind them: editors write a new file and give it the old one's name. A look is
//! the length and the time of each file's last change; a change is told once it has settled, because a save may be
//! several steps.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// So long nothing may change before a change is told.
const SETTLED: Duration = Duration::from_millis(80);
/// So long a file must be away before it is told: some editors delete before they write.
const AWAY: Duration = Duration::from_millis(500);
/// More files than this are not what somebody edits.
const MOST: usize = 1000;

/// How the files looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Look {
    files: BTreeMap<PathBuf, (u64, Option<SystemTime>)>,
    /// The file without which there is nothing to grade.
    there: bool,
}

impl Look {
    /// Looks at `file`, and at every other Rust file in its folder and below.
    pub(super) fn at(file: &Path) -> Look {
        let (mut files, mut open) = (BTreeMap::new(), vec![file.to_path_buf()]);
        open.extend(file.parent().map(Path::to_path_buf));
        while let Some(path) = open.pop().filter(|_| files.len() < MOST) {
            let Ok(data) = std::fs::metadata(&path) else { continue };
            if data.is_dir() {
                let entries = std::fs::read_dir(&path).into_iter().flatten().flatten();
                open.extend(entries.map(|e| e.path()).filter(|p| p.is_dir() && !p.is_symlink() || is_rust(p)));
            } else {
                files.insert(path, (data.len(), data.modified().ok()));
            }
        }
        let there = files.contains_key(file);
        Look { files, there }
    }
}

/// An editor's own files begin with a dot, or end in something else.
fn is_rust(path: &Path) -> bool {
    let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
    !hidden && path.extension().is_some_and(|extension| extension == "rs")
}

/// What happened to the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// Something was saved, or is back.
    Saved,
    /// The file is away.
    Gone,
}

/// Tells changes that have settled.
#[derive(Debug)]
pub(super) struct Eyes {
    known: Look,
    fresh: Option<(Look, Instant)>,
}

impl Eyes {
    /// From this look on.
    pub(super) fn from(known: Look) -> Eyes {
        Eyes { known, fresh: None }
    }

    /// What a look at this time tells.
    pub(super) fn see(&mut self, look: Look, now: Instant) -> Option<Change> {
        if look == self.known {
            self.fresh = None;
            return None;
        }
        let since = match &self.fresh {
            Some((fresh, since)) if *fresh == look => *since,
            _ => {
                self.fresh = Some((look, now));
                return None;
            }
        };
        let patience = if look.there { SETTLED } else { AWAY };
        if now.duration_since(since) < patience {
            return None;
        }
        let was_there = self.known.there;
        self.fresh = None;
        self.known = look;
        match (was_there, self.known.there) {
            (_, true) => Some(Change::Saved),
            (true, false) => Some(Change::Gone),
            (false, false) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn look(length: u64) -> Look {
        Look { files: BTreeMap::from([("lib.rs".into(), (length, None))]), there: true }
    }

    fn away() -> Look {
        Look { files: BTreeMap::new(), there: false }
    }

    #[test]
    fn a_save_is_told_once_and_when_it_has_settled() {
        let (start, ms) = (Instant::now(), Duration::from_millis);
        let mut eyes = Eyes::from(look(1));
        assert_eq!(eyes.see(look(1), start), None);
        assert_eq!(eyes.see(look(2), start + ms(10)), None);
        assert_eq!(eyes.see(look(3), start + ms(70)), None, "still being written");
        assert_eq!(eyes.see(look(3), start + ms(120)), None);
        assert_eq!(eyes.see(look(3), start + ms(160)), Some(Change::Saved));
        assert_eq!(eyes.see(look(3), start + ms(300)), None);
    }

    #[test]
    fn a_file_that_is_away_for_a_moment_was_saved() {
        let (start, ms) = (Instant::now(), Duration::from_millis);
        let mut eyes = Eyes::from(look(1));
        assert_eq!(eyes.see(away(), start), None);
        assert_eq!(eyes.see(away(), start + ms(200)), None);
        assert_eq!(eyes.see(look(1), start + ms(250)), None, "as it was");
        assert_eq!(eyes.see(away(), start + ms(300)), None);
        assert_eq!(eyes.see(away(), start + ms(900)), Some(Change::Gone));
        assert_eq!(eyes.see(away(), start + ms(5000)), None);
        assert_eq!(eyes.see(look(1), start + ms(6000)), None);
        assert_eq!(eyes.see(look(1), start + ms(6100)), Some(Change::Saved));
    }

    #[test]
    fn a_file_that_was_renamed_into_place_looks_different() {
        let dir = crate::files::scratch("eyes");
        let file = dir.join("lib.rs");
        assert!(!Look::at(&file).there);
        fs::write(&file, "one").unwrap();
        let first = Look::at(&file);
        assert!(first.there);
        fs::write(dir.join(".lib.rs.swp"), "an editor's").unwrap();
        fs::write(dir.join("lib.rs~"), "an editor's").unwrap();
        assert_eq!(Look::at(&file), first);
        fs::write(dir.join("new"), "three").unwrap();
        fs::rename(dir.join("new"), &file).unwrap();
        let second = Look::at(&file);
        assert_ne!(second, first);
        fs::create_dir(dir.join("deep")).unwrap();
        fs::write(dir.join("deep/helper.rs"), "x").unwrap();
        assert_ne!(Look::at(&file), second);
        fs::remove_dir_all(dir).unwrap();
    }
}
