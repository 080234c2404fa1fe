//! The course: which exercises there are, in which order, where their files lie. Read from `exercises/course.toml`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::failure::Failure;
use crate::{files, names};

/// All of `course.toml`.
#[derive(Debug)]
pub(crate) struct Course {
    /// The project's top directory.
    pub(crate) root: PathBuf,
    /// The parts, in order.
    pub(crate) parts: Vec<Part>,
    /// The exercises, in the order of their folders.
    pub(crate) exercises: Vec<Exercise>,
    /// Named selections of exercises, by id: `all`, `day`.
    pub(crate) tracks: Vec<(String, Vec<String>)>,
}

/// A part of the course: the exercises whose folders begin with its number.
#[derive(Debug)]
pub(crate) struct Part {
    /// 1 to 9.
    pub(crate) number: u8,
    /// `The heap`
    pub(crate) title: String,
    /// The program at its end, if it has one.
    pub(crate) milestone: Option<Milestone>,
}

/// A program that runs on a learner's parts: package `milestone-N`, in `xtask/milestones/part-N`.
#[derive(Debug)]
pub(crate) struct Milestone {
    /// The exercises whose parts it uses, by id. The rest of the part is not on its program's way.
    pub(crate) uses: Vec<String>,
    /// Those of them that may be left out.
    pub(crate) extra: Vec<String>,
    /// What stands when all have passed: `the heap stands`.
    pub(crate) reached: String,
}

/// One exercise.
#[derive(Debug, Clone)]
pub(crate) struct Exercise {
    root: PathBuf,
    /// `pool`, for ever.
    pub(crate) id: String,
    /// `12-pool`
    pub(crate) folder: String,
    /// `one pool of equal blocks`
    pub(crate) title: String,
    /// About how long it takes.
    pub(crate) minutes: u32,
    /// The functions that the learner writes.
    pub(crate) write: Vec<String>,
    /// The part's one source, from the top: `runtime/src/heap/pool.rs`.
    pub(crate) source: String,
    /// The variant of `runtime::lab::Socket` that it plugs into.
    pub(crate) socket: String,
    /// Its page, inside `book/src`; none as long as the chapter is not written.
    pub(crate) chapter: Option<String>,
    /// `A pool`
    pub(crate) chapter_title: String,
    /// What the chapter is about, in one line.
    pub(crate) idea: String,
    /// How many random scenarios a grade tries.
    pub(crate) random: u32,
}

impl Exercise {
    /// `exercises/12-pool`, as all that follow: an absolute path.
    pub(crate) fn dir(&self) -> PathBuf {
        self.root.join("exercises").join(&self.folder)
    }
    /// The one file that the learner edits.
    pub(crate) fn lib(&self) -> PathBuf {
        self.dir().join("src/lib.rs")
    }
    /// What the learner wrote. Where there is no file, the failure names the command that brings it back.
    pub(crate) fn text(&self) -> Result<String, Failure> {
        match files::read_if_there(&self.lib())? {
            Some(text) => Ok(text),
            None => Err(Failure::Input(self.missing())),
        }
    }
    /// The sentence for a learner's file that is not there.
    pub(crate) fn missing(&self) -> String {
        format!("{} is missing. `cargo xtask reset {}` brings the stub back.", self.lib_name(), self.id)
    }
    /// The exercise's own `Cargo.toml`.
    pub(crate) fn manifest(&self) -> PathBuf {
        self.dir().join("Cargo.toml")
    }
    /// Where its `.ops` files lie.
    pub(crate) fn scenarios(&self) -> PathBuf {
        self.dir().join("scenarios")
    }
    /// Where the random scenario is kept that failed.
    pub(crate) fn failing(&self, root: &Path) -> PathBuf {
        root.join(format!(".progress/failing/{}.ops", self.id))
    }
    /// Its hints, in stages.
    pub(crate) fn hints(&self) -> PathBuf {
        self.dir().join("hints.md")
    }
    /// `solutions/12-pool`
    pub(crate) fn solution_dir(&self) -> PathBuf {
        self.root.join("solutions").join(&self.folder)
    }
    /// Where the recorded traces lie.
    pub(crate) fn snapshots(&self) -> PathBuf {
        self.solution_dir().join("tests/snapshots")
    }
    /// `xtask/probes/12-pool`
    pub(crate) fn probe_dir(&self) -> PathBuf {
        self.root.join("xtask/probes").join(&self.folder)
    }
    /// The part's one source, in the runtime.
    pub(crate) fn source_path(&self) -> PathBuf {
        self.root.join(&self.source)
    }
    /// The learner's file, as it is named in sentences: `exercises/12-pool/src/lib.rs`.
    pub(crate) fn lib_name(&self) -> String {
        format!("exercises/{}/src/lib.rs", self.folder)
    }
    /// The solution's package: `solution-pool`.
    pub(crate) fn solution_package(&self) -> String {
        format!("solution-{}", self.id)
    }
    /// The probe's package and executable: `probe-pool`.
    pub(crate) fn probe_package(&self) -> String {
        format!("probe-{}", self.id)
    }
    /// The id as Rust writes it in paths: `move_unreachable`.
    pub(crate) fn ident(&self) -> String {
        self.id.replace('-', "_")
    }
    /// The number that the folder begins with: `12`.
    pub(crate) fn number(&self) -> &str {
        self.folder.split('-').next().unwrap_or_default()
    }
    /// The part that it belongs to: the first digit.
    pub(crate) fn part(&self) -> u8 {
        self.folder.bytes().next().map_or(0, |digit| digit.wrapping_sub(b'0'))
    }
}

/// The project's top directory: above the package that cargo says it runs, else above the one it compiled.
pub(crate) fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    here.parent().map_or_else(|| here.clone(), Path::to_path_buf)
}

impl Course {
    /// Reads `exercises/course.toml` under `root`.
    pub(crate) fn load(root: &Path) -> Result<Course, Failure> {
        let path = root.join("exercises/course.toml");
        let text = std::fs::read_to_string(&path).map_err(|e| Failure::reading(&path, &e))?;
        let mut course = Course::parse(root, &text).map_err(|what| {
            Failure::Input(format!(
                "exercises/course.toml: {}. `git diff exercises/course.toml` shows what changed there.",
                what.trim()
            ))
        })?;
        if let Some(text) = files::read_if_there(&root.join("exercises/tracks.toml"))? {
            course.add_tracks(&text).map_err(|what| {
                Failure::Input(format!(
                    "exercises/tracks.toml: {}. Each line of it is a track: name = [\"id\", \"id\"].",
                    what.trim()
                ))
            })?;
        }
        Ok(course)
    }

    fn parse(root: &Path, text: &str) -> Result<Course, String> {
        let table = DeTable::parse(text).map_err(|e| e.to_string())?;
        let table = table.get_ref();
        let parts: Vec<Part> = entries(table, "part")?.into_iter().map(part).collect::<Result<_, _>>()?;
        let exercises: Vec<Exercise> =
            entries(table, "exercise")?.into_iter().map(|t| exercise(root, t)).collect::<Result<_, _>>()?;
        let mut seen = BTreeSet::new();
        if let Some(twice) = exercises.iter().find(|e| !seen.insert(e.id.as_str())) {
            return Err(format!("two exercises have the id `{}`", twice.id));
        }
        let used = parts.iter().filter_map(|part| part.milestone.as_ref()).flat_map(|m| m.uses.iter().chain(&m.extra));
        if let Some(unknown) = used.into_iter().find(|id| !seen.contains(id.as_str())) {
            return Err(format!("a milestone names `{unknown}`, which is no exercise"));
        }
        let tracks = match table.get("tracks").and_then(|t| t.get_ref().as_table()) {
            Some(table) => tracks(table, &exercises)?,
            None => vec![],
        };
        let mut course = Course { root: root.to_path_buf(), parts, exercises, tracks };
        if !course.tracks.iter().any(|(name, _)| name == "all") {
            let all = course.exercises.iter().map(|e| e.id.clone()).collect();
            course.tracks.insert(0, ("all".into(), all));
        }
        Ok(course)
    }

    /// Tracks of an instructor's own: every line of `exercises/tracks.toml`, a file that no update touches.
    fn add_tracks(&mut self, text: &str) -> Result<(), String> {
        let table = DeTable::parse(text).map_err(|e| e.to_string())?;
        for (name, ids) in tracks(table.get_ref(), &self.exercises)? {
            if self.tracks.iter().any(|(known, _)| *known == name) {
                return Err(format!("the course has a track `{name}` already: give yours another name"));
            }
            self.tracks.push((name, ids));
        }
        Ok(())
    }

    /// The exercises that `words` name, in the order of the course; all of them when there are no words.
    ///
    /// A word is an id (`pool`), a number (`12`), the number of a part (`1`), a folder (`12-pool`, or a path into it),
    /// or the beginning of an id (`sub`).
    pub(crate) fn select<S: AsRef<str>>(&self, words: &[S]) -> Result<Vec<&Exercise>, Failure> {
        let mut chosen = BTreeSet::new();
        for word in words {
            let places = self.places(word.as_ref());
            if places.is_empty() {
                return Err(self.unknown(word.as_ref()));
            }
            chosen.extend(places);
        }
        let all = self.exercises.iter().enumerate();
        Ok(all.filter(|(i, _)| words.is_empty() || chosen.contains(i)).map(|(_, e)| e).collect())
    }

    /// The one exercise that `word` names.
    pub(crate) fn select_one(&self, word: &str) -> Result<&Exercise, Failure> {
        match self.places(word).as_slice() {
            [] => Err(self.unknown(word)),
            [one] => Ok(&self.exercises[*one]),
            several => {
                let ids: Vec<&str> = several.iter().map(|i| self.exercises[*i].id.as_str()).collect();
                Err(Failure::Usage(format!("`{word}` may be {}: name one of them.", ids.join(" or "))))
            }
        }
    }

    /// The track of this name.
    pub(crate) fn track(&self, name: &str) -> Result<Vec<&Exercise>, Failure> {
        let Some((_, ids)) = self.tracks.iter().find(|(n, _)| n == name) else {
            let known: Vec<&str> = self.tracks.iter().map(|(n, _)| n.as_str()).collect();
            let near = names::did_you_mean(&names::nearest(name, known.iter().copied()));
            return Err(Failure::Usage(format!(
                "There is no track `{}`.{near} There are: {}.",
                crate::ui::escaped(name),
                known.join(", ")
            )));
        };
        Ok(ids.iter().filter_map(|id| self.by_id(id)).collect())
    }

    /// The exercise with exactly this id.
    pub(crate) fn by_id(&self, id: &str) -> Option<&Exercise> {
        self.exercises.iter().find(|e| e.id == id)
    }

    /// The parts that end with a program, and the programs.
    pub(crate) fn milestones(&self) -> impl Iterator<Item = (u8, &Milestone)> {
        self.parts.iter().filter_map(|part| Some((part.number, part.milestone.as_ref()?)))
    }

    fn places(&self, word: &str) -> Vec<usize> {
        let all = || self.exercises.iter().enumerate();
        let folder = |e: &Exercise| word.replace('\\', "/").split('/').any(|piece| piece == e.folder);
        let whole = |e: &Exercise| e.id == word || e.number() == word || folder(e);
        let exact: Vec<usize> = all().filter(|(_, e)| whole(e)).map(|(i, _)| i).collect();
        if !exact.is_empty() || word.is_empty() {
            return exact;
        }
        all().filter(|(_, e)| e.id.starts_with(word) || e.folder.starts_with(word)).map(|(i, _)| i).collect()
    }

    fn unknown(&self, word: &str) -> Failure {
        let near = names::nearest(word, self.exercises.iter().map(|e| e.id.as_str()));
        Failure::Usage(format!(
            "There is no exercise `{}`.{} `cargo xtask list` names them all.",
            crate::ui::escaped(word),
            names::did_you_mean(&near)
        ))
    }
}

fn entries<'a>(table: &'a DeTable<'a>, key: &str) -> Result<Vec<&'a DeTable<'a>>, String> {
    let list = table.get(key).and_then(|v| v.get_ref().as_array());
    let list = list.ok_or_else(|| format!("there must be a [[{key}]]"))?;
    list.iter()
        .map(|v| v.get_ref().as_table().ok_or_else(|| format!("each `{key}` must be a table, [[{key}]]")))
        .collect()
}

/// Lists of ids by name. Each names exercises that there are, once, and at least one.
fn tracks(table: &DeTable<'_>, exercises: &[Exercise]) -> Result<Vec<(String, Vec<String>)>, String> {
    let mut all = Vec::new();
    for (name, ids) in table {
        let name = name.get_ref();
        let ids = strings(ids).ok_or_else(|| format!("the track `{name}` must be a list of ids"))?;
        if let Some(unknown) = ids.iter().find(|id| !exercises.iter().any(|e| e.id == **id)) {
            let near = names::nearest(unknown, exercises.iter().map(|e| e.id.as_str()));
            let near = near.first().map_or(String::new(), |near| format!(" (`{near}`?)"));
            return Err(format!("the track `{name}` names `{unknown}`, which is no exercise{near}"));
        }
        let mut seen = BTreeSet::new();
        if let Some(twice) = ids.iter().find(|id| !seen.insert(id.as_str())) {
            return Err(format!("the track `{name}` names `{twice}` twice"));
        }
        if ids.is_empty() {
            return Err(format!("the track `{name}` is empty"));
        }
        all.push((name.to_string(), ids));
    }
    Ok(all)
}

fn part(table: &DeTable<'_>) -> Result<Part, String> {
    let number = number(table, "number").and_then(|n| u8::try_from(n).ok()).filter(|n| (1..=9).contains(n));
    let number = number.ok_or("each part needs a `number` from 1 to 9")?;
    let title = text(table, "title").ok_or_else(|| format!("part {number} needs a `title`"))?;
    let milestone = table.get("milestone").and_then(|value| value.get_ref().as_table());
    Ok(Part { number, title, milestone: milestone.map(|table| self::milestone(number, table)).transpose()? })
}

fn milestone(part: u8, table: &DeTable<'_>) -> Result<Milestone, String> {
    let missing = |what: &str| format!("the milestone of part {part} needs {what}");
    Ok(Milestone {
        uses: table.get("uses").and_then(strings).ok_or_else(|| missing("`uses`, a list of ids"))?,
        extra: table.get("extra").and_then(strings).unwrap_or_default(),
        reached: text(table, "reached").ok_or_else(|| missing("`reached`, a few words"))?,
    })
}

fn exercise(root: &Path, table: &DeTable<'_>) -> Result<Exercise, String> {
    let folder = text(table, "folder").ok_or("each exercise needs a `folder` such as \"12-pool\"")?;
    let missing = |what: &str| format!("{folder} needs {what}");
    let id = folder.split_once('-').filter(|(n, _)| n.len() == 2 && n.bytes().all(|b| b.is_ascii_digit()));
    let id = id.ok_or_else(|| missing("a name of two digits, a dash and an id"))?.1.to_string();
    let needed = |key: &str| text(table, key).ok_or_else(|| missing(&format!("a `{key}`")));
    Ok(Exercise {
        root: root.to_path_buf(),
        id,
        title: needed("title")?,
        minutes: number(table, "minutes").ok_or_else(|| missing("`minutes`, a number"))?,
        write: table.get("write").and_then(strings).ok_or_else(|| missing("`write`, a list of functions"))?,
        source: needed("source")?,
        socket: needed("socket")?,
        chapter: text(table, "chapter"),
        chapter_title: needed("chapter_title")?,
        idea: needed("idea")?,
        random: number(table, "random").ok_or_else(|| missing("`random`, a number"))?,
        folder,
    })
}

fn text(table: &DeTable<'_>, key: &str) -> Option<String> {
    table.get(key).and_then(|v| v.get_ref().as_str()).map(str::to_string)
}

fn number(table: &DeTable<'_>, key: &str) -> Option<u32> {
    table.get(key).and_then(|v| v.get_ref().as_integer()?.as_str().parse().ok())
}

fn strings(value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
    value.get_ref().as_array()?.iter().map(|v| v.get_ref().as_str().map(str::to_string)).collect()
}

#[cfg(test)]
mod tests;
