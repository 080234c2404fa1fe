//! # The course's table
//!
//! `exercises/course.toml` says which exercises there are; the book takes an exercise's file, functions and minutes
//! from there, so that a chapter cannot say something else.

use crate::house::House;
use crate::problem::{Fault, Problem, choices};
use toml::{Table, Value};

/// One exercise, as far as the book tells of it.
pub(crate) struct Exercise {
    pub(crate) id: String,
    pub(crate) folder: String,
    pub(crate) title: String,
    pub(crate) minutes: i64,
    pub(crate) source: String,
    pub(crate) write: Vec<String>,
    pub(crate) chapter: Option<String>,
}

impl Exercise {
    /// The part it belongs to: the first digit of its folder.
    pub(crate) fn part(&self) -> Option<i64> {
        self.folder.get(..1)?.parse().ok()
    }
}

/// All exercises, in the order of the table, with the parts and the tracks that they belong to.
#[derive(Default)]
pub(crate) struct Course {
    exercises: Vec<Exercise>,
    parts: Vec<(i64, String)>,
    tracks: Table,
}

const FILE: &str = "exercises/course.toml";

impl Course {
    /// Reads the table, and looks whether each chapter that it names is there.
    pub(crate) fn load(house: &House, problems: &mut Vec<Problem>) -> Course {
        match read(house) {
            Ok(course) => {
                problems.extend(course.exercises.iter().filter_map(|exercise| chapter_missing(house, exercise)));
                course
            }
            Err(fault) => {
                problems.push(fault.at(FILE, None));
                Course::default()
            }
        }
    }

    /// Number and title of each part.
    pub(crate) fn parts(&self) -> &[(i64, String)] {
        &self.parts
    }

    /// Every exercise.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Exercise> {
        self.exercises.iter()
    }

    /// The ids of a track, in its order.
    pub(crate) fn track(&self, name: &str) -> Result<Vec<&str>, Fault> {
        let ids = self.tracks.get(name).and_then(Value::as_array).ok_or_else(|| {
            let names = self.tracks.keys().cloned().collect();
            Fault::new(format!("there is no track `{name}`"), format!("In {FILE} {}.", choices(name, names)))
        })?;
        Ok(ids.iter().filter_map(Value::as_str).collect())
    }

    /// The exercise of that id.
    pub(crate) fn exercise(&self, id: &str) -> Result<&Exercise, Fault> {
        self.exercises.iter().find(|exercise| exercise.id == id).ok_or_else(|| {
            let ids = self.exercises.iter().map(|exercise| exercise.id.clone()).collect();
            Fault::new(format!("no exercise is called `{id}`"), format!("In {FILE} {}.", choices(id, ids)))
        })
    }
}

fn read(house: &House) -> Result<Course, Fault> {
    let text = std::fs::read_to_string(house.root.join(FILE)).map_err(|e| {
        Fault::new(format!("cannot be read: {e}"), "The book takes its exercise cards from this table.")
    })?;
    let table: Table =
        text.parse().map_err(|e| Fault::new(format!("is not TOML: {e}").trim_end().to_string(), "Mend the table."))?;
    let rows = table.get("exercise").and_then(Value::as_array).cloned().unwrap_or_default();
    let exercises = rows.iter().map(exercise).collect::<Result<Vec<_>, _>>()?;
    let parts = table.get("part").and_then(Value::as_array).cloned().unwrap_or_default();
    let part = |row: &Value| Some((row.get("number")?.as_integer()?, row.get("title")?.as_str()?.to_string()));
    let tracks = table.get("tracks").and_then(Value::as_table).cloned().unwrap_or_default();
    Ok(Course { exercises, parts: parts.iter().filter_map(part).collect(), tracks })
}

fn exercise(row: &Value) -> Result<Exercise, Fault> {
    let text = |key: &str| row.get(key).and_then(Value::as_str).map(str::to_string);
    let folder = text("folder").unwrap_or_else(|| "?".into());
    let missing =
        |key: &str| Fault::new(format!("the exercise `{folder}` has no `{key}`"), format!("Give it `{key} = ...`."));
    let (_, id) = folder.split_once('-').ok_or_else(|| missing("folder"))?;
    let write = row.get("write").and_then(Value::as_array).ok_or_else(|| missing("write"))?;
    Ok(Exercise {
        id: id.to_string(),
        title: text("title").ok_or_else(|| missing("title"))?,
        minutes: row.get("minutes").and_then(Value::as_integer).ok_or_else(|| missing("minutes"))?,
        source: text("source").ok_or_else(|| missing("source"))?,
        write: write.iter().filter_map(Value::as_str).map(str::to_string).collect(),
        chapter: text("chapter"),
        folder,
    })
}

fn chapter_missing(house: &House, exercise: &Exercise) -> Option<Problem> {
    let chapter = exercise.chapter.as_ref()?;
    if house.src().join(chapter).is_file() {
        return None;
    }
    let what = format!("the chapter of `{}`, book/src/{chapter}, is not there", exercise.id);
    Some(Problem::of(FILE, what, "Write the chapter, or leave `chapter` out until it comes."))
}
