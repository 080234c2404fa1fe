//! # A build, from the sources to book/out
//!
//! ```text
//!   SUMMARY.md, chapters --expand--> mdBook --> book/.out-XXXX/site --check--> rename to book/out
//! ```
//!
//! The site is rendered beside its place and moved there when everything is right: whoever reads book/out meanwhile
//! reads the last good book.

use crate::chapter::Expander;
use crate::course::Course;
use crate::figure::Known;
use crate::house::House;
use crate::problem::Problem;
use crate::{log, site, summary};
use mdbook_driver::MDBook;
use mdbook_driver::book::BookItem;
use mdbook_driver::config::Config;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Why there is no book.
pub(crate) enum Failure {
    /// The book has problems.
    Book(Vec<Problem>),
    /// The builder was asked for something that is not there.
    Use(String),
    /// The machine is in the way: a full disk, a folder that may not be written.
    Own(String),
}

/// A book that was built.
pub(crate) struct Built {
    chapters: usize,
    figures: usize,
    seen: site::Seen,
    took: Duration,
}

impl fmt::Display for Built {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Built { chapters, figures, seen, took } = self;
        write!(
            f,
            "The book is fine: {chapters} chapters, {figures} figures; {} references on {} pages checked ({:.1} s).",
            seen.references,
            seen.pages,
            took.as_secs_f32()
        )
    }
}

/// Renders the book, looks at it and moves it to book/out.
pub(crate) fn build(house: &House, look: impl Fn(&Path) -> Result<(), Failure>) -> Result<Built, Failure> {
    let (built, folder) = beside(house, look)?;
    swap(&folder, &house.out()).map_err(|e| Failure::Own(format!("book/out cannot be replaced: {e}")))?;
    Ok(built)
}

/// Renders the book, looks at it and throws it away.
pub(crate) fn check(house: &House, look: impl Fn(&Path) -> Result<(), Failure>) -> Result<Built, Failure> {
    beside(house, look).map(|(built, _)| built)
}

/// The page of an exercise's chapter, as a path in book/out.
pub(crate) fn page_of(house: &House, id: &str) -> Result<PathBuf, Failure> {
    let course = Course::load(house, &mut Vec::new());
    let exercise = course.exercise(id).map_err(|fault| Failure::Use(format!("{}. {}", fault.what, fault.remedy)))?;
    match &exercise.chapter {
        Some(chapter) => Ok(Path::new(chapter).with_extension("html")),
        None => Err(Failure::Use(format!("`{id}` is a preview: its chapter is still to come"))),
    }
}

/// Renders into a new folder beside book/out. It vanishes with the value.
fn beside(house: &House, look: impl Fn(&Path) -> Result<(), Failure>) -> Result<(Built, TempDir), Failure> {
    let start = Instant::now();
    let folder = tempfile::Builder::new().prefix(".out-").tempdir_in(house.book()).map_err(|e| {
        Failure::Own(format!("{} cannot be written: {e}. Free some space, or mend its rights.", house.book().display()))
    })?;
    let place = folder.path().join("site");
    let mut problems = summary::check(house);
    let course = Course::load(house, &mut problems);
    let mut expander = Expander { house, course: &course, figures: Known::new(), problems };
    let (rendered, warnings) = log::heard(|| render(&mut expander, &place));
    let (chapters, figures) = (rendered.unwrap_or_default(), expander.figures.len());
    let mut problems = expander.problems;
    problems.extend(warnings);
    let (seen, found) = site::check(house, &place);
    problems.extend(found);
    if !problems.is_empty() {
        problems.sort();
        problems.dedup();
        return Err(Failure::Book(problems));
    }
    look(&place)?;
    Ok((Built { chapters, figures, seen, took: start.elapsed() }, folder))
}

/// Renders, and gives the number of chapters. What is wrong goes to the expander's problems.
fn render(expander: &mut Expander<'_>, place: &Path) -> Option<usize> {
    let house = expander.house;
    let book_file = house.book().join("book.toml");
    let incomplete = !expander.problems.is_empty();
    let mut give_up = |file: String, error: mdbook_driver::errors::Error, remedy: &str| {
        let causes: Vec<_> = error.chain().map(ToString::to_string).collect();
        expander.problems.push(Problem::of(file, causes.join(": "), remedy));
    };
    let mut config = match Config::from_disk(&book_file) {
        Ok(config) => config,
        Err(error) => {
            give_up(house.name(&book_file), error, "Mend it: mdBook's guide explains every key.");
            return None;
        }
    };
    config.build.build_dir = place.to_path_buf();
    let mut book = match MDBook::load_with_config(house.book(), config) {
        Ok(book) => book,
        Err(error) => {
            // A chapter that is not there was told already, with its line.
            if !incomplete {
                give_up("book/src/SUMMARY.md".into(), error, "mdBook could not load the book.");
            }
            return None;
        }
    };
    let mut chapters = 0;
    book.book.for_each_mut(|item| {
        if let BookItem::Chapter(chapter) = item
            && let Some(path) = &chapter.source_path
        {
            chapters += 1;
            chapter.content = expander.expand(path, &chapter.content);
        }
    });
    if let Err(error) = book.build() {
        let causes: Vec<_> = error.chain().map(ToString::to_string).collect();
        expander.problems.push(Problem::of("book", causes.join(": "), "mdBook could not render the book."));
    }
    Some(chapters)
}

/// Puts the rendered site into its place; what was there goes with the temporary folder.
fn swap(folder: &TempDir, out: &Path) -> std::io::Result<()> {
    let (site, previous) = (folder.path().join("site"), folder.path().join("previous"));
    let had_one = out.exists();
    if had_one {
        std::fs::rename(out, &previous)?;
    }
    std::fs::rename(&site, out).inspect_err(|_| {
        if had_one {
            let _ = std::fs::rename(&previous, out);
        }
    })
}
