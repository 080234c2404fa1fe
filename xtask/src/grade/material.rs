//! What a grade compares with, read into memory before anything of a learner runs.

use std::path::PathBuf;

use check::promises::{self, Promise};
use check::scenario::{self, Scenario};
use check::snapshot;
use check::verdict::Verdict;

use super::report::Check;
use crate::course::{Course, Exercise};
use crate::failure::Failure;
use crate::files;

/// What all random scenarios of an exercise are worth together.
const RANDOM_POINTS: u32 = 2;
/// The name of that check.
pub(crate) const RANDOM: &str = "random";

/// One exercise's checks.
#[derive(Debug)]
pub(crate) struct Material<'a> {
    pub(crate) exercise: &'a Exercise,
    /// Every scenario that lies in the folder or has a recorded trace, by name: what must be there, is asked for.
    pub(crate) expected: Vec<Expected>,
    /// The exercise's promises.
    pub(crate) promises: Vec<Promise>,
    /// The chapter, as the head of the exercise names it.
    pub(crate) chapter: Option<String>,
    /// How many random scenarios there are to be.
    pub(crate) random: usize,
}

/// One check that must be there.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) scenario: Scenario,
    /// The recorded trace, or why this check cannot be run.
    pub(crate) trace: Result<Vec<String>, String>,
}

impl<'a> Material<'a> {
    /// Reads the scenarios and recorded traces of one exercise.
    pub(crate) fn read(course: &Course, exercise: &'a Exercise) -> Result<Material<'a>, Failure> {
        let folder = exercise.scenarios();
        let scenarios = scenario::in_folder(&folder).map_err(|e| Failure::reading(&folder, &e))?;
        let mut expected = Vec::new();
        for scenario in scenarios {
            let path = snapshot::path(&exercise.solution_dir(), &scenario.name);
            let lines = |text: String| text.lines().map(str::to_string).collect();
            let trace = snapshot::read(&path).map(lines).map_err(|_| unrecorded(course, exercise, &scenario));
            expected.push(Expected { scenario, trace });
        }
        for name in recorded_names(exercise)? {
            if !expected.iter().any(|e| e.scenario.name == name) {
                let path = folder.join(format!("{name}.ops"));
                let file = files::said(&course.root, &path);
                let why = format!("the scenario is gone. To have it back: git checkout -- {file}");
                expected.push(Expected { scenario: Scenario::parse(path, ""), trace: Err(why) });
            }
        }
        expected.sort_by(|a, b| a.scenario.name.cmp(&b.scenario.name));
        let head = files::read(&exercise.source_path())?;
        let chapter = exercise.chapter.as_ref();
        let chapter = chapter.map(|_| format!("\"{}\": cargo xtask book {}", exercise.chapter_title, exercise.id));
        let random = if check::random::knows(&exercise.id) { exercise.random as usize } else { 0 };
        Ok(Material { exercise, expected, promises: promises::of(&head), chapter, random })
    }

    /// All checks with one verdict: nothing could be run.
    pub(crate) fn none_run(&self, verdict: Verdict, sentence: &str) -> Vec<Check> {
        let fixed = self.expected.iter().map(|e| (e.scenario.name.as_str(), e.scenario.points));
        let random = (self.random > 0).then_some((RANDOM, RANDOM_POINTS));
        fixed.chain(random).map(|(name, max)| Check::not_run(name, max, verdict, sentence)).collect()
    }

    /// What the random scenarios are worth.
    pub(crate) fn random_points(&self) -> u32 {
        RANDOM_POINTS
    }
}

fn unrecorded(course: &Course, exercise: &Exercise, scenario: &Scenario) -> String {
    let file = files::said(&course.root, &scenario.path);
    let id = &exercise.id;
    format!(
        "no trace is recorded for {file}. If it is yours, move it out of that folder, and try it with: \
         cargo xtask show {id} FILE.ops"
    )
}

fn recorded_names(exercise: &Exercise) -> Result<Vec<String>, Failure> {
    let folder = exercise.snapshots();
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(|e| Failure::reading(&folder, &e))? {
        let path: PathBuf = entry.map_err(|e| Failure::reading(&folder, &e))?.path();
        if path.extension().is_some_and(|e| e == "snap") {
            names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    Ok(names)
}
