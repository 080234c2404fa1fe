//! Spelling: cspell looks at the prose, and somebody has to look at its list of words.
//!
//! The list is ours to keep: in order, nothing twice, and no word that nobody uses any more. That is checked
//! everywhere; the prose only where Node and cspell are.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{End, passes, tidy};
use crate::course::Course;
use crate::failure::Failure;
use crate::ui::{counted, say};
use crate::{files, tools};

const WORDS: &str = "book/spelling/words.txt";
const CSPELL: &str = "book/spelling/node_modules/cspell/bin.mjs";

pub(super) fn check(course: &Course) -> Result<End, Failure> {
    let list = files::read(&course.root.join(WORDS))?;
    let mut complaints = in_order(&list);
    complaints.extend(unused(&list, &prose(&course.root)?));
    complaints.iter().for_each(|complaint| say!("{complaint}"));
    let prose_is_right = cspell(&course.root)?;
    if complaints.is_empty() {
        return Ok(prose_is_right);
    }
    say!("{WORDS}: {}.", counted(complaints.len(), "complaint"));
    Ok(End::Failed)
}

fn cspell(root: &Path) -> Result<End, Failure> {
    if !root.join(CSPELL).is_file() || tools::answer("node", &["--version"]).is_none() {
        let why = "cspell is not here: it needs Node 20, and `npm ci` in book/spelling";
        return Ok(End::Skipped(why.into()));
    }
    let mut node = Command::new("node");
    node.current_dir(root).arg(CSPELL);
    passes(node.args(["lint", "--config", "book/spelling/cspell.json", "--no-progress", "--gitignore"]))
}

/// By the alphabet, capitals and small letters alike, and each word once.
fn in_order(list: &str) -> Vec<String> {
    let words: Vec<String> = list.lines().map(str::to_lowercase).collect();
    let pairs = (2..).zip(words.windows(2));
    let wrong = pairs.filter(|(_, pair)| pair[0] >= pair[1]);
    wrong.map(|(n, pair)| format!("{WORDS}:{n}: `{}` does not come after `{}`.", pair[1], pair[0])).collect()
}

fn unused(list: &str, prose: &str) -> Vec<String> {
    let gone = list.lines().filter(|word| !prose.contains(&word.to_lowercase()));
    gone.map(|word| format!("{WORDS}: nobody says `{word}` any more. Take it out.")).collect()
}

/// All text that may hold a word of the list, in small letters.
fn prose(root: &Path) -> Result<String, Failure> {
    let mut all = String::new();
    for path in tidy::paths(root) {
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        if ["md", "rs", "py", "ops", "toml"].contains(&extension) {
            let text = fs::read_to_string(&path).map_err(|e| Failure::reading(&path, &e))?;
            all.push_str(&text.to_lowercase());
            all.push('\n');
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_in_order_when_each_word_comes_after_the_one_before() {
        assert!(in_order("alloc\nLevenshtein\nmalloc\n").is_empty());
        assert_eq!(in_order("b\na\nc\n"), [format!("{WORDS}:2: `a` does not come after `b`.")]);
        assert_eq!(in_order("a\nA\n").len(), 1);
    }

    #[test]
    fn a_word_that_nobody_says() {
        assert_eq!(unused("malloc\nfrobnicate\n", "what malloc does").len(), 1);
    }
}
