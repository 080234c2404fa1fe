//! Where the learner stands: with one exercise, and in the course.

use std::path::Path;

use crate::course::{Course, Exercise, Milestone};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::{files, generate};

/// The milestone that `id` is part of, if everything stands that it needs.
pub(crate) fn milestone_reached_with<'a>(
    course: &'a Course,
    id: &str,
    progress: &Progress,
) -> Option<(u8, &'a Milestone)> {
    let stands =
        |milestone: &Milestone| milestone.uses.iter().all(|id| milestone.extra.contains(id) || progress.stands(id));
    course.milestones().find(|(_, milestone)| milestone.uses.iter().any(|used| used == id) && stands(milestone))
}

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
    /// The file is no UTF-8 text, or cannot be read.
    NoText,
}

impl Standing {
    /// Reads the learner's file and looks it up in `progress`.
    pub(crate) fn of(exercise: &Exercise, progress: &Progress) -> Result<Standing, Failure> {
        let text = match files::read_if_there(&exercise.lib()) {
            Ok(Some(text)) => text,
            Ok(None) => return Ok(Standing::Missing),
            Err(_) => return Ok(Standing::NoText),
        };
        let id = &exercise.id;
        Ok(if progress.passed_with(id, &files::fingerprint(&text)) {
            Standing::Passed
        } else if generate::is_untouched(exercise)? {
            Standing::NotStarted
        } else if progress.stands(id) {
            Standing::EditedSince
        } else if let Some((verdict, points, of)) = progress.last_verdict(id) {
            Standing::Open(format!("{}, {points} of {of} points", verdict.replace('-', " ")))
        } else {
            Standing::NotGraded
        })
    }

    /// Of the exercise with this id, in a word or a few.
    pub(crate) fn said(&self, id: &str) -> String {
        match self {
            Standing::NotStarted => "not started".into(),
            Standing::NotGraded => "begun".into(),
            Standing::Open(last) => last.clone(),
            Standing::Passed => "passed".into(),
            Standing::EditedSince => "passed, edited since".into(),
            Standing::Missing => format!("missing: `cargo xtask reset {id}` brings the stub back"),
            Standing::NoText => format!("no UTF-8 text: `cargo xtask grade {id}` says where"),
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

/// The exercise to go on with after this one: the first open one of the track. Who leaves this one open goes on with
/// the first behind it.
pub(crate) fn next_but<'a>(course: &'a Course, progress: &Progress, this: &Exercise) -> Option<&'a Exercise> {
    let track = course.track(progress.track()).unwrap_or_else(|_| course.exercises.iter().collect());
    let here = track.iter().position(|e| e.id == this.id).filter(|_| !progress.stands(&this.id));
    let mut around = track.iter().cycle().skip(here.map_or(0, |at| at + 1)).take(track.len());
    around.find(|e| e.id != this.id && !progress.stands(&e.id)).copied()
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
    fn who_passed_goes_on_with_the_first_open_one_and_who_did_not_behind_it() {
        let course = Course::load(&crate::course::root()).unwrap();
        let root = files::scratch("next-but");
        let mut progress = Progress::load(&root);
        let [first, second, third, ..] = course.exercises.as_slice() else { panic!("three exercises at least") };
        let last = course.exercises.last().unwrap();
        let next = |progress: &Progress, this: &Exercise| next_but(&course, progress, this).map(|e| e.id.clone());
        assert_eq!(next(&progress, second).as_ref(), Some(&third.id), "left open");
        assert_eq!(next(&progress, last).as_ref(), Some(&first.id), "around");
        progress.record(&second.id, "aa", "pass", 1, 1);
        assert_eq!(next(&progress, second).as_ref(), Some(&first.id), "passed");
        assert_eq!(next(&progress, first).as_ref(), Some(&third.id), "what passed is not offered");
        course.exercises.iter().skip(1).for_each(|e| progress.record(&e.id, "aa", "pass", 1, 1));
        assert_eq!(next(&progress, first), None, "the only one that is open");
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
