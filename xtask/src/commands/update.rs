//! `cargo xtask update`: a newer version of the course, and every answer where it was.
//!
//! ```text
//! look      what does the new version have, and what becomes of each answer? (`--check` ends here)
//! note      the journal and the backups are written
//! bring     git moves to the new commit, or files are moved into place
//! restore   every answer goes to its exercise, which is known by its id
//! ```
//!
//! - **I1** Nothing of a learner's is overwritten without a copy in `.progress/backups` or `.progress/replaced`.
//! - **I2** An interrupted update is ended, or taken back, by the next one.
//! - **I3** What cannot be done is found out before anything is touched.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::commands::diff;
use crate::course::Course;
use crate::failure::{FAILED, Failure, Outcome};
use crate::files;
use crate::ui::{bold, counted, dim, green, say, yellow};
use answers::{Answer, Fate, NewVersion, id_of, lib};
use git::Git;
use journal::Journal;

pub(crate) mod answers;
mod folder;
mod git;
mod journal;
mod merge;
#[cfg(test)]
mod tests;

pub(crate) const HELP: &str = "\
cargo xtask update [--check] [--remote NAME]
cargo xtask update [--check] --from DIR

Brings a newer version of the course, and leaves every answer in its exercise, also when that has another number now.
Where the task of an exercise changed, your answer is put into the new stub if that is simple; else it stays as it is,
and what changed is shown. Copies of all answers are kept in .progress/backups first. What passed stays passed.

  --check        say what would happen, change nothing; exit code 1 if there is something new
  --remote NAME  from this remote of your clone, instead of the branch that yours follows
  --from DIR     from a newer copy that you downloaded and unpacked: for a folder without git

If it was interrupted, run it again. (Should the tool itself not compile then: `target/debug/xtask update`.)";

pub(crate) fn run(course: &Course, mut args: lexopt::Parser) -> Outcome {
    let (mut check, mut from, mut remote) = (false, None, None);
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("check") => check = true,
            lexopt::Arg::Long("from") => from = Some(PathBuf::from(args.value()?)),
            lexopt::Arg::Long("remote") => remote = Some(args.value()?.to_string_lossy().into_owned()),
            _ => return Err(arg.unexpected().into()),
        }
    }
    if let Some(journal) = Journal::open(&course.root)? {
        if check {
            say!("An update was interrupted. `cargo xtask update` ends it, or takes it back.");
            return Ok(ExitCode::from(FAILED));
        }
        if ended(course, &journal)? {
            say!("The update that was interrupted is complete now.");
            return Ok(ExitCode::SUCCESS);
        }
        say!("The update that was interrupted is taken back; this is a new one.");
    }
    match (from, remote) {
        (Some(_), Some(_)) => Err(Failure::Usage("`--from` and `--remote` exclude each other.".into())),
        (Some(dir), None) => from_folder(course, &dir, check),
        (None, remote) => from_git(course, remote.as_deref(), check),
    }
}

/// Was an update begun and not ended?
pub(crate) fn is_under_way(root: &Path) -> bool {
    journal::folder(root).join("plan.json").exists()
}

/// I2. Was the new version reached? Then the answers are put in place, else they are put back.
fn ended(course: &Course, journal: &Journal) -> Result<bool, Failure> {
    if folder::is_staged(&course.root) {
        folder::move_into_place(&course.root)?;
        journal.put_in_place()?;
        return Ok(true);
    }
    let git = Git::of(&course.root);
    let reached = git.zip(journal.commit()).is_some_and(|(git, commit)| git.contains("HEAD", commit));
    if reached { journal.put_in_place() } else { journal.put_back() }.map(|()| reached)
}

fn from_git(course: &Course, remote: Option<&str>, check: bool) -> Outcome {
    let Some(git) = Git::of(&course.root) else {
        return Err(Failure::Usage(
            "This folder is no clone, so git cannot update it. Download a newer version, unpack it, and say where: \
             `cargo xtask update --from DIR`"
                .into(),
        ));
    };
    let branch = git.followed(remote)?;
    git.fetch(&branch)?;
    let target = git.commit(&branch).ok_or_else(|| {
        Failure::Input(format!("{branch} is not there any more. `git branch -r` lists the branches that are."))
    })?;
    if git.contains("HEAD", &target) {
        say!("{} {branch} has nothing that you do not have.", green("Up to date:"));
        return Ok(ExitCode::SUCCESS);
    }
    let new = version(&git, &target)?;
    let answers = answers::all(course, &new)?;
    refuse_what_is_in_the_way(course, &git, &target)?;
    refuse_two_answers(&new, &answers, &branch)?;
    let commits = git.line(&["rev-list", "--count", &format!("HEAD..{target}")]).unwrap_or_default();
    say!("{} {commits} commits in {branch}.", bold("A newer version is there:"));
    told(course, &new, &answers);
    if check {
        return Ok(ExitCode::from(FAILED));
    }
    // Commits of the learner's own are merged before anything is touched: what clashes is known then.
    let goal = match git.contains(&target, "HEAD") {
        true => target,
        false => with_own_commits(course, &git, &target, &new, &answers)?,
    };
    let journal = Journal::begin(&course.root, Some(&goal), &answers)?;
    if let Err(failure) = go_to(course, &git, &goal) {
        journal.put_back()?;
        return Err(failure);
    }
    journal.put_in_place()?;
    farewell(&answers);
    Ok(ExitCode::SUCCESS)
}

/// The exercises of a commit. A file that is no stub there is an answer from another machine.
fn version(git: &Git<'_>, commit: &str) -> Result<NewVersion, Failure> {
    let mut new = NewVersion::default();
    for path in git.names(&["ls-tree", "-z", "--name-only", commit, "exercises/"])? {
        let folder = path.trim_start_matches("exercises/").to_string();
        let manifest = git.text(commit, &format!("exercises/{folder}/Cargo.toml"));
        if let (Some(id), Some(manifest), Some(text)) = (id_of(&folder), manifest, git.text(commit, &lib(&folder))) {
            if !manifest.contains(&files::fingerprint(&text)) {
                new.answered.push(id.to_string());
            }
            new.stubs.insert(id.to_string(), (folder, text));
        }
    }
    Ok(new)
}

/// I3: files that are not a learner's to change, changed here and by the update.
fn refuse_what_is_in_the_way(course: &Course, git: &Git<'_>, target: &str) -> Result<(), Failure> {
    let own: Vec<String> = course.exercises.iter().map(|e| lib(&e.folder)).collect();
    let coming = git.names(&["diff", "-z", "--name-only", "--no-renames", "HEAD", target])?;
    let changed = git.names(&["diff", "-z", "--name-only", "--no-renames", "HEAD"])?;
    let mut clash: Vec<&String> = coming.iter().filter(|path| changed.contains(path) && !own.contains(path)).collect();
    let added = git.names(&["diff", "-z", "--name-only", "--no-renames", "--diff-filter=A", "HEAD", target])?;
    clash.extend(added.iter().filter(|path| course.root.join(path).exists() && !own.contains(path)));
    clash.sort();
    clash.dedup();
    if clash.is_empty() {
        return Ok(());
    }
    let list: Vec<&str> = clash.iter().map(|path| path.as_str()).collect();
    Err(Failure::Input(format!(
        "You changed files that the update changes as well, and nothing was updated:\n  {}\n\
         Put them aside with `git stash --include-untracked -- FILE...`, or have the course's back with \
         `git checkout HEAD -- FILE...`, then update again.",
        list.join("\n  ")
    )))
}

/// I3: an answer here, and another one there.
fn refuse_two_answers(new: &NewVersion, answers: &[Answer], branch: &str) -> Result<(), Failure> {
    let mut twice = answers.iter().filter(|a| new.answered.contains(&a.id) && a.fate != Fate::Same);
    match twice.next() {
        None => Ok(()),
        Some(answer) => Err(Failure::Input(format!(
            "{branch} has an answer to `{}` in it, and you have another one: which is it to be? Nothing was changed. \
             `git diff HEAD {branch} -- {}` shows both; commit yours, and `git merge {branch}`.",
            answer.id, answer.before
        ))),
    }
}

/// A commit that joins the learner's commits and the new version, the answers that they committed in their places.
fn with_own_commits(
    course: &Course,
    git: &Git<'_>,
    target: &str,
    new: &NewVersion,
    answers: &[Answer],
) -> Result<String, Failure> {
    let mut exercises: Vec<(String, Option<Vec<u8>>)> =
        course.exercises.iter().map(|e| (lib(&e.folder), None)).collect();
    for (id, (folder, stub)) in &new.stubs {
        let committed = answers.iter().find(|a| a.id == *id).and_then(|answer| {
            let text = git.text("HEAD", &answer.before).filter(|text| *text != answer.base)?;
            Some(match answers::fate(&answer.base, text.as_bytes(), stub) {
                Fate::Moved(text, _) => text,
                _ => text.into_bytes(),
            })
        });
        exercises.push((lib(folder), Some(committed.unwrap_or_else(|| stub.clone().into_bytes()))));
    }
    std::fs::create_dir_all(course.root.join(".progress"))
        .map_err(|e| Failure::writing(&course.root.join(".progress"), &e))?;
    git.merged("HEAD", target, &course.root.join(".progress/update-index"), &exercises)
}

/// Git moves the project to a commit that has HEAD in its history.
fn go_to(course: &Course, git: &Git<'_>, goal: &str) -> Result<(), Failure> {
    let changed = git.names(&["diff", "-z", "--name-only", "--no-renames", "HEAD"])?;
    for exercise in &course.exercises {
        let lib = lib(&exercise.folder);
        if changed.contains(&lib) {
            git.does(&["checkout", "--quiet", "HEAD", "--", &lib])?;
        }
    }
    git.does(&["merge", "--quiet", "--ff-only", goal])
}

fn from_folder(course: &Course, dir: &Path, check: bool) -> Outcome {
    let new = folder::version(&course.root, dir)?;
    let answers = answers::all(course, &new)?;
    let changes = folder::changes(&course.root, dir, &answers)?;
    if changes.different.is_empty() && changes.gone.is_empty() {
        say!("{} {} has nothing that you do not have.", green("Up to date:"), dir.display());
        return Ok(ExitCode::SUCCESS);
    }
    let gone = counted(changes.gone.len(), "file");
    say!("{} {} new or different, {gone} gone.", bold("Another version:"), counted(changes.different.len(), "file"));
    told(course, &new, &answers);
    if check {
        return Ok(ExitCode::from(FAILED));
    }
    let journal = Journal::begin(&course.root, None, &answers)?;
    if let Err(failure) = folder::stage(&course.root, dir, &changes, &answers) {
        journal.put_back()?;
        return Err(failure);
    }
    let aside = folder::move_into_place(&course.root)?;
    journal.put_in_place()?;
    farewell(&answers);
    say!("{}", dim(&format!("The files that were replaced are in {}.", files::said(&course.root, &aside))));
    Ok(ExitCode::SUCCESS)
}

/// What becomes of each answer, and what is new.
fn told(course: &Course, new: &NewVersion, answers: &[Answer]) {
    for answer in answers {
        let id = &answer.id;
        let place = answer.after.as_ref().filter(|after| **after != answer.before);
        let place = place.map_or(String::new(), |after| format!(" (it is {after} now)"));
        let said = match &answer.fate {
            Fate::Same => "your answer stays".to_string(),
            Fate::Moved(_, change) if change.added.is_empty() => {
                "the task has other words; your answer is put into the new stub".to_string()
            }
            Fate::Moved(_, change) => {
                format!("your answer is put into the new stub; there is more to write: {}", change.added.join(", "))
            }
            Fate::Kept(_) => yellow("the task changed; your answer stays as it is, see below"),
            Fate::Gone => yellow("there is no such exercise any more; your answer is kept in .progress/backups"),
        };
        say!("  {id:<17} {said}{place}");
    }
    let known = |id: &String| course.by_id(id).is_some();
    let fresh: Vec<&str> = new.stubs.keys().filter(|id| !known(id)).map(String::as_str).collect();
    if !fresh.is_empty() {
        say!("  {:<17} {}", "new", fresh.join(", "));
    }
    for answer in answers {
        if let (Fate::Kept(change), Some((_, stub))) = (&answer.fate, new.stubs.get(&answer.id)) {
            say!();
            diff::print((&format!("{}: the task as you began it", answer.id), &answer.base), ("the task now", stub));
            if !change.other.is_empty() {
                say!("Other parameters, or gone: {}.", change.other.join(", "));
            }
            say!(
                "Take over by hand what concerns you; or `cargo xtask reset {}` begins anew, and keeps a copy.",
                answer.id
            );
        }
    }
    say!();
}

fn farewell(answers: &[Answer]) {
    let kept = match answers.len() {
        0 => String::new(),
        n => format!(" {} in place; copies are in .progress/backups.", counted(n, "answer")),
    };
    say!("{}{kept}", green("Updated."));
    say!("`cargo xtask grade` looks at them with today's scenarios.");
}
