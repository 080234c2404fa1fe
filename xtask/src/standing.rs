//! Where the learner stands: with one exercise, and in the course.

use std::path::Path;

use crate::course::{Course, Exercise};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::{files, generate};

/// How far an exercise is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The file is the stub.
    NotStarted,
    /// The file was edited and never graded.
    NotGraded,
    /// The last grade did not pass: its verdict and points.
    Open(String),
    /// The file passed as it is now.
    Passed,
    /// It passed once; the file was edited since.
    EditedSince,
    /// There is no file.
    Missing,
}

impl Standing {
    /// Reads the learner's file and looks it up in `progress`.
    pub(crate) fn of(exercise: &Exercise, progress: &Progress) -> Result<Standing, Failure> {
        let Some(text) = files::read_if_there(&exercise.lib())? else { return Ok(Standing::Missing) };
        let id = &exercise.id;
        Ok(if progress.passed_with(id, &files::fingerprint(&text)) {
            Standing::Passed
        } else if generate::is_untouched(exercise)? {
            Standing::NotStarted
        } else if progress.stands(id) {
            Standing::EditedSince
        } else if let Some((verdict, points, of)) = progress.last_verdict(id) {
            Standing::Open(format!("{verdict}, {points} of {of} points"))
        } else {
            Standing::NotGraded
        })
    }

    /// In a word or a few.
    pub(crate) fn said(&self) -> String {
        match self {
            Standing::NotStarted => "not started".into(),
            Standing::NotGraded => "begun".into(),
            Standing::Open(last) => last.clone(),
            Standing::Passed => "passed".into(),
            Standing::EditedSince => "passed, edited since".into(),
            Standing::Missing => "missing: `cargo xtask reset` and its name bring it back".into(),
        }
    }
}

/// The exercise that a command is about when none is named: the one whose directory this is, else the one worked on
/// last if it has not passed, else the first of the track that has not. None when all have passed.
pub(crate) fn current<'a>(course: &'a Course, progress: &Progress) -> Option<&'a Exercise> {
    let here = std::env::current_dir().ok();
    if let Some(exercise) = here.and_then(|dir| standing_in(course, &dir)) {
        return Some(exercise);
    }
    let last = progress.last().and_then(|id| course.by_id(id));
    last.filter(|e| !progress.stands(&e.id)).or_else(|| next_open(course, progress))
}

/// The first exercise of the learner's track that has not passed, or failed since.
pub(crate) fn next_open<'a>(course: &'a Course, progress: &Progress) -> Option<&'a Exercise> {
    let track = course.track(progress.track()).unwrap_or_else(|_| course.exercises.iter().collect());
    track.into_iter().find(|e| !progress.stands(&e.id))
}

/// The exercise that a command is about: `word` if there is one, else [`current`].
pub(crate) fn chosen<'a>(course: &'a Course, progress: &Progress, word: Option<&str>) -> Result<&'a Exercise, Failure> {
    match word {
        Some(word) => course.select_one(word),
        None => current(course, progress).ok_or_else(|| {
            Failure::Usage(
                "All exercises of your track have passed: name the one you mean. `cargo xtask list` names them all."
                    .into(),
            )
        }),
    }
}

fn standing_in<'a>(course: &'a Course, dir: &Path) -> Option<&'a Exercise> {
    course.exercises.iter().find(|e| dir.starts_with(e.dir()) || dir.starts_with(e.solution_dir()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_open_exercise_follows_the_track() {
        let course = Course::load(&crate::course::root()).unwrap();
        let root = files::scratch("standing");
        let mut progress = Progress::load(&root);
        let first = &course.exercises[0];
        assert_eq!(next_open(&course, &progress).map(|e| &e.id), Some(&first.id));
        progress.record(&first.id, "aa", "pass", 1, 1);
        assert_ne!(next_open(&course, &progress).map(|e| &e.id), Some(&first.id));
        progress.record(&first.id, "bb", "wrong", 0, 1);
        assert_eq!(next_open(&course, &progress).map(|e| &e.id), Some(&first.id), "it broke since");
        for exercise in &course.exercises {
            progress.record(&exercise.id, "aa", "pass", 1, 1);
        }
        assert!(next_open(&course, &progress).is_none());
        std::fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_directory_of_an_exercise_names_it() {
        let course = Course::load(&crate::course::root()).unwrap();
        let last = course.exercises.last().unwrap();
        assert_eq!(standing_in(&course, &last.dir().join("src")).map(|e| &e.id), Some(&last.id));
        assert!(standing_in(&course, &course.root).is_none());
    }
}
