//! Where the learner is: `.progress/progress.json` at the top of the project, beside git and outside `target/`.
//!
//! For each exercise by its id: how the last grade went and on which text (by fingerprint), which text passed, how
//! many hints were shown. What this version does not know stays in the file.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::files;

/// The whole file, in memory.
#[derive(Debug)]
pub(crate) struct Progress {
    path: PathBuf,
    all: Map<String, Value>,
}

impl Progress {
    /// Reads the file under `root`. A damaged one is set aside, with a sentence on standard error, never lost.
    pub(crate) fn load(root: &Path) -> Progress {
        let path = root.join(".progress/progress.json");
        let all = match fs::read(&path) {
            Err(_) => Map::new(),
            Ok(bytes) => read(&bytes).unwrap_or_else(|| {
                eprintln!("{}", set_aside(&path));
                Map::new()
            }),
        };
        Progress { path, all }
    }

    /// Writes the file. What cannot be written is worth a sentence, not the end of a grade.
    pub(crate) fn save(&mut self) -> Result<(), Failure> {
        self.all.insert("version".into(), json!(1));
        let text = serde_json::to_string_pretty(&self.all).map_err(|e| Failure::Internal(e.to_string()))?;
        files::write(&self.path, format!("{text}\n").as_bytes())
    }

    /// Did any text of this exercise ever pass?
    pub(crate) fn passed(&self, id: &str) -> bool {
        self.text(id, "passed").is_some()
    }

    /// Has it passed, and not failed since?
    pub(crate) fn stands(&self, id: &str) -> bool {
        self.passed(id) && self.last_verdict(id).is_none_or(|(verdict, ..)| verdict == "pass")
    }

    /// Did this very text pass? `fingerprint` is [`files::fingerprint`] of the learner's file.
    pub(crate) fn passed_with(&self, id: &str, fingerprint: &str) -> bool {
        self.text(id, "passed") == Some(fingerprint)
    }

    /// The verdict of the last grade, and the points it gave, of how many.
    pub(crate) fn last_verdict(&self, id: &str) -> Option<(&str, u64, u64)> {
        let number = |key: &str| self.entry(id)?.get(key)?.as_u64();
        Some((self.text(id, "verdict")?, number("points")?, number("of")?))
    }

    /// Notes how a grade went on the text with this fingerprint; `verdict` as the report names it (`pass`, `wrong`...).
    pub(crate) fn record(&mut self, id: &str, fingerprint: &str, verdict: &str, points: u64, of: u64) {
        let entry = self.entry_mut(id);
        entry.insert("fingerprint".into(), json!(fingerprint));
        entry.insert("verdict".into(), json!(verdict));
        entry.insert("points".into(), json!(points));
        entry.insert("of".into(), json!(of));
        entry.insert("at".into(), json!(now()));
        entry.remove("failed");
        if verdict == "pass" {
            entry.insert("passed".into(), json!(fingerprint));
        }
        self.all.insert("last".into(), json!(id));
    }

    /// Notes the first check that failed in the grade just recorded.
    pub(crate) fn set_first_failed(&mut self, id: &str, check: &str) {
        self.entry_mut(id).insert("failed".into(), json!(check));
    }

    /// The first check that failed the last time.
    pub(crate) fn first_failed(&self, id: &str) -> Option<&str> {
        self.text(id, "failed")
    }

    /// For how many seconds it has not been graded.
    pub(crate) fn graded_ago(&self, id: &str) -> Option<u64> {
        now().checked_sub(self.entry(id)?.get("at")?.as_u64()?)
    }

    /// Notes that a milestone's program ran to its end on all the learner's parts.
    pub(crate) fn set_milestone(&mut self, part: u8) {
        object(&mut self.all, "milestones").insert(part.to_string(), json!(now()));
    }

    /// Did it?
    pub(crate) fn milestone(&self, part: u8) -> bool {
        self.all.get("milestones").is_some_and(|all| all.get(part.to_string()).is_some())
    }

    /// The exercise that was graded, hinted or reset last.
    pub(crate) fn last(&self) -> Option<&str> {
        self.all.get("last")?.as_str()
    }

    /// How many hints of this exercise were shown.
    pub(crate) fn hints(&self, id: &str) -> usize {
        let shown = self.entry(id).and_then(|e| e.get("hints")?.as_u64()).unwrap_or(0);
        usize::try_from(shown).unwrap_or(0)
    }

    /// Notes that so many hints were shown.
    pub(crate) fn set_hints(&mut self, id: &str, shown: usize) {
        self.entry_mut(id).insert("hints".into(), json!(shown));
        self.all.insert("last".into(), json!(id));
    }

    /// The track that the learner follows: `all` until they choose another.
    pub(crate) fn track(&self) -> &str {
        self.all.get("track").and_then(Value::as_str).unwrap_or("all")
    }

    /// Notes the track that the learner chose.
    pub(crate) fn set_track(&mut self, name: &str) {
        self.all.insert("track".into(), json!(name));
    }

    fn text(&self, id: &str, key: &str) -> Option<&str> {
        self.entry(id)?.get(key)?.as_str()
    }

    fn entry(&self, id: &str) -> Option<&Map<String, Value>> {
        self.all.get("exercises")?.get(id)?.as_object()
    }

    fn entry_mut(&mut self, id: &str) -> &mut Map<String, Value> {
        object(object(&mut self.all, "exercises"), id)
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

/// The object under `key`, made (or made anew where something else stood) if need be.
fn object<'a>(map: &'a mut Map<String, Value>, key: &str) -> &'a mut Map<String, Value> {
    let value = map.entry(key).or_insert(Value::Null);
    if !value.is_object() {
        *value = json!({});
    }
    value.as_object_mut().expect("it was just made an object")
}

fn read(bytes: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(map)) => Some(map),
        _ => None,
    }
}

fn set_aside(path: &Path) -> String {
    let free = (1..).map(|n| path.with_file_name(format!("progress.damaged-{n}.json"))).find(|p| !p.exists());
    let aside = free.unwrap_or_else(|| path.with_extension("damaged"));
    match fs::rename(path, &aside) {
        Ok(()) => format!(
            ".progress/progress.json is damaged. I kept it as .progress/{} and start a new one; \
             `cargo xtask grade` fills it again.",
            aside.file_name().unwrap_or_default().to_string_lossy()
        ),
        Err(e) => format!(".progress/progress.json is damaged, and I cannot set it aside: {e}. I go on without it."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_recorded_is_there_the_next_time() {
        let root = files::scratch("progress");
        let mut first = Progress::load(&root);
        assert!(!first.passed("pool") && first.last().is_none() && first.track() == "all");
        first.record("pool", "aa", "pass", 10, 10);
        first.record("pool", "bb", "wrong", 4, 10);
        first.set_first_failed("pool", "03-full-and-back");
        first.set_milestone(2);
        first.set_hints("gil", 2);
        first.set_track("day");
        first.save().unwrap();
        let again = Progress::load(&root);
        assert!(again.passed("pool") && again.passed_with("pool", "aa") && !again.passed_with("pool", "bb"));
        assert_eq!(again.last_verdict("pool"), Some(("wrong", 4, 10)));
        assert_eq!(again.first_failed("pool"), Some("03-full-and-back"));
        assert!(again.graded_ago("pool").is_some_and(|seconds| seconds < 600) && again.graded_ago("gil").is_none());
        assert!(again.milestone(2) && !again.milestone(1));
        assert_eq!((again.hints("gil"), again.hints("pool"), again.last(), again.track()), (2, 0, Some("gil"), "day"));
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_damaged_file_is_set_aside_and_never_lost() {
        let root = files::scratch("damaged");
        let dir = root.join(".progress");
        fs::create_dir_all(&dir).unwrap();
        for damaged in ["{\"exercises\": {\"po", "[]"] {
            fs::write(dir.join("progress.json"), damaged).unwrap();
            let mut progress = Progress::load(&root);
            progress.record("pool", "aa", "pass", 1, 1);
            progress.save().unwrap();
        }
        assert_eq!(fs::read_to_string(dir.join("progress.damaged-1.json")).unwrap(), "{\"exercises\": {\"po");
        assert_eq!(fs::read_to_string(dir.join("progress.damaged-2.json")).unwrap(), "[]");
        assert!(Progress::load(&root).passed("pool"));
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_value_of_the_wrong_kind_and_unknown_keys_do_no_harm() {
        let root = files::scratch("kinds");
        fs::create_dir_all(root.join(".progress")).unwrap();
        let odd = r#"{"exercises": {"pool": 7}, "later": [1], "last": 3}"#;
        fs::write(root.join(".progress/progress.json"), odd).unwrap();
        let mut progress = Progress::load(&root);
        assert!(!progress.passed("pool") && progress.last().is_none());
        progress.record("pool", "aa", "pass", 1, 1);
        progress.save().unwrap();
        assert!(fs::read_to_string(root.join(".progress/progress.json")).unwrap().contains("\"later\""));
        fs::remove_dir_all(root).unwrap();
    }
}
