//! What the book shows, held to where it comes from.
//!
//! ```text
//!   experiments/NAME.py --record.py--> experiments/NAME.out --include--> a chapter
//!             \                              /
//!              `---- recorded.txt: both, as they were when this was recorded
//! ```
//!
//! - **I1** Each output was recorded by a script that is still the same, and nobody has edited either since.
//! - **I2** Each output is on a page, and each script makes one or helps to.
//! - **I3** Each chapter of a part has a figure, and something that was measured or recorded.
//! - **I4** The glossary is in the order of the alphabet, and each of its terms leads somewhere.
//! - **I5** The README has every exercise, with its chapter.
//!
//! Whether a link, an include or an anchor leads somewhere is the book's builder's to say.

use std::collections::BTreeMap;
use std::path::Path;

use crate::course::Course;
use crate::failure::Failure;
use crate::files;

const EXPERIMENTS: &str = "book/experiments";
const RECORDED: &str = "book/experiments/recorded.txt";
const GLOSSARY: &str = "book/src/appendix/glossary.md";

/// Everything of this kind that is wrong.
pub(super) fn complaints(course: &Course, texts: &BTreeMap<String, String>) -> Result<Vec<String>, Failure> {
    let recorded = files::read(&course.root.join(RECORDED))?;
    let folder = course.root.join(EXPERIMENTS);
    let mut here = BTreeMap::new();
    for name in names(&folder) {
        here.insert(name.clone(), files::read(&folder.join(&name))?);
    }
    let pages: Vec<(&str, &str)> = texts
        .iter()
        .filter_map(|(name, text)| Some((name.strip_prefix("book/src/")?, text.as_str())))
        .filter(|(name, _)| name.ends_with(".md"))
        .collect();
    let mut found = stale(&recorded, &here);
    found.extend(unseen(&recorded, &here, &pages));
    found.extend(chapters(&pages));
    found.extend(texts.get(GLOSSARY).into_iter().flat_map(|text| glossary(text)));
    let readme = texts.get("README.md").map_or("", String::as_str);
    let exercises = course.exercises.iter().map(|it| (it.folder.as_str(), it.chapter.as_deref()));
    found.extend(exercises.filter_map(|(folder, chapter)| not_in_readme(readme, folder, chapter)));
    Ok(found)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(".py") || name.ends_with(".out")).collect()
}

/// The lines of recorded.txt: output, script, and what both were.
fn lines(recorded: &str) -> impl Iterator<Item = [&str; 4]> {
    recorded.lines().filter_map(|line| line.split_whitespace().collect::<Vec<_>>().try_into().ok())
}

/// I1.
fn stale(recorded: &str, here: &BTreeMap<String, String>) -> Vec<String> {
    let mut found = Vec::new();
    for [output, script, script_was, output_was] in lines(recorded) {
        let is = |name: &str| here.get(name).map(|text| files::fingerprint(text));
        match (is(output), is(script)) {
            (None, _) => found.push(format!("{RECORDED}: {output} is not there. Take its line out.")),
            (_, None) => found.push(format!("{EXPERIMENTS}/{output}: its script, {script}, is not there.")),
            (Some(now), _) if now != output_was => found.push(format!(
                "{EXPERIMENTS}/{output}: was edited since {script} printed it. An output is recorded, never written."
            )),
            (_, Some(now)) if now != script_was => found.push(format!(
                "{EXPERIMENTS}/{script}: was changed since {output} was recorded. Run it again; if only its words \
                 changed, `record.py --same {}`.",
                script.trim_end_matches(".py")
            )),
            _ => {}
        }
    }
    found
}

/// I2.
fn unseen(recorded: &str, here: &BTreeMap<String, String>, pages: &[(&str, &str)]) -> Vec<String> {
    let mut found = Vec::new();
    for name in here.keys() {
        let place = format!("{EXPERIMENTS}/{name}");
        if let Some(stem) = name.strip_suffix(".py") {
            let makes = lines(recorded).any(|[_, script, ..]| script == name);
            let helps = here.values().any(|text| text.contains(&format!("from {stem} import")));
            if !makes && !helps {
                found.push(format!("{place}: nothing that it printed was recorded. Run it with record.py."));
            }
        } else {
            if !lines(recorded).any(|[output, ..]| output == name) {
                found.push(format!("{place}: {RECORDED} does not know it. record.py writes it down when it runs."));
            }
            let shown = |page: &&(&str, &str)| page.1.contains(&format!("experiments/{name}"));
            if !pages.iter().any(|page| shown(&page)) {
                found.push(format!("{place}: no page of the book shows it."));
            }
        }
    }
    found
}

/// I3: in the folders of the parts, which are all folders but the appendix.
fn chapters(pages: &[(&str, &str)]) -> Vec<String> {
    let wanted: [(&[&str], &str); 2] =
        [(&["```figure"], "no figure"), (&["/experiments/", "{{#trace"], "nothing measured or recorded")];
    let of_parts = pages.iter().filter(|(name, _)| name.contains('/') && !name.starts_with("appendix/"));
    let lacks = of_parts.flat_map(|(name, text)| {
        let missing = wanted.iter().filter(|(signs, _)| !signs.iter().any(|sign| text.contains(sign)));
        missing.map(move |(_, what)| format!("book/src/{name}: {what}. A chapter has both."))
    });
    lacks.collect()
}

/// I4: a term is a line above one that begins with `: `.
fn glossary(text: &str) -> Vec<String> {
    let plain = |term: &str| term.to_lowercase().replace(['`', '\\', '_'], "");
    let entries = text.split("\n\n").filter_map(|entry| Some((entry.trim_start().split_once("\n: ")?.0, entry)));
    let entries: Vec<(&str, &str)> = entries.collect();
    let disorder = entries.windows(2).filter(|pair| plain(pair[0].0) >= plain(pair[1].0));
    let disorder = disorder.map(|pair| format!("{GLOSSARY}: `{}` comes before `{}`.", pair[1].0, pair[0].0));
    let nowhere = entries.iter().filter(|(_, entry)| !entry.contains("]("));
    disorder.chain(nowhere.map(|(term, _)| format!("{GLOSSARY}: `{term}` leads nowhere. Link its page."))).collect()
}

/// I5.
fn not_in_readme(readme: &str, folder: &str, chapter: Option<&str>) -> Option<String> {
    let line = readme.lines().find(|line| line.starts_with(&format!("| `{folder}`")));
    let there = line.is_some_and(|line| chapter.is_none_or(|page| line.contains(&format!("(book/src/{page})"))));
    (!there).then(|| format!("README.md: no line of the table has `{folder}` with the link to its chapter."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here(files: &[(&str, &str)]) -> BTreeMap<String, String> {
        files.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect()
    }

    #[test]
    fn an_edited_script_and_an_edited_output_are_found() {
        let recorded = format!("a.out a.py {} {}\n", files::fingerprint("print(1)\n"), files::fingerprint("1\n"));
        assert!(stale(&recorded, &here(&[("a.py", "print(1)\n"), ("a.out", "1\n")])).is_empty());
        assert!(stale(&recorded, &here(&[("a.py", "print(2)\n"), ("a.out", "1\n")]))[0].contains("a.py: was changed"));
        assert!(stale(&recorded, &here(&[("a.py", "print(1)\n"), ("a.out", "2\n")]))[0].contains("a.out: was edited"));
        assert!(stale(&recorded, &here(&[("a.out", "1\n")]))[0].contains("a.py, is not there"));
    }

    #[test]
    fn what_no_page_shows_and_what_prints_nothing() {
        let files = here(&[("a.py", "from look import x\n"), ("look.py", ""), ("b.py", ""), ("a.out", "")]);
        let page = [("heap/x.md", "{{#include ../../experiments/a.out}}")];
        assert_eq!(unseen("a.out a.py 0 0\n", &files, &page).len(), 1); // b.py
        assert_eq!(unseen("", &files, &[]).len(), 4); // a.py, b.py, a.out twice
    }

    #[test]
    fn a_chapter_has_something_to_see_and_something_measured() {
        let page = "```figure x\n```\n{{#include ../../experiments/a.out}}\n";
        assert!(chapters(&[("heap/x.md", page), ("introduction.md", ""), ("appendix/glossary.md", "")]).is_empty());
        assert_eq!(chapters(&[("heap/x.md", "```figure x\n```\n")]).len(), 1);
        assert_eq!(chapters(&[("heap/x.md", "{{#trace 11-a/01-b}}")]).len(), 1);
        assert_eq!(chapters(&[("heap/x.md", "")]).len(), 2);
    }

    #[test]
    fn the_glossary_is_in_order_and_each_term_leads_somewhere() {
        let fine = "# Glossary\n\nArena\n: One.\n  [A](a.md)\n\n`__del__`\n: [T](t.md)\n\nPool\n: [P](p.md)\n";
        assert!(glossary(fine).is_empty());
        assert_eq!(glossary("Pool\n: [P](p.md)\n\nArena\n: Two.\n").len(), 2);
    }

    #[test]
    fn the_readme_has_every_exercise() {
        let readme = "| `12-pool` (extra) | one | [A pool](book/src/heap/pool.md) |\n| `51-gil` | x | to come |\n";
        assert_eq!(not_in_readme(readme, "12-pool", Some("heap/pool.md")), None);
        assert_eq!(not_in_readme(readme, "51-gil", None), None);
        assert!(not_in_readme(readme, "51-gil", Some("threads/gil.md")).is_some());
        assert!(not_in_readme(readme, "13-arena", None).is_some());
    }
}
