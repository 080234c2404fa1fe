//! The course itself: are its files there, its crates, and is nothing left of what was interrupted?

use std::fs;

use super::{Found, Looked, install};
use crate::commands::update;
use crate::course::{Course, Exercise};
use crate::ui::counted;
use crate::{files, generate, tools};

pub(super) fn examine(course: &Course) -> Vec<Looked> {
    let mut all = vec![("crates", crates(course)), ("course files", intact(course)), ("git", git(course))];
    all.extend(remains(course).map(|found| ("remains", found)));
    all
}

/// Could everything be built without a network?
fn crates(course: &Course) -> Found {
    let there = |manifest: &str| {
        let mut command = tools::cargo(&course.root);
        // `tree` asks for the crates of this platform alone; `metadata` would want those of all.
        command.args(["tree", "--offline", "--locked", "--workspace", "--manifest-path", manifest]);
        command.output().is_ok_and(|output| output.status.success())
    };
    let fetch = "cargo fetch --locked";
    match (there("Cargo.toml"), there("book/Cargo.toml")) {
        (true, true) => Found::Fine("all downloaded: the rest works without a network".into()),
        (true, false) => Found::Better(
            format!("those of the book's builder are not downloaded yet{}", network(course)),
            format!("{fetch} --manifest-path book/Cargo.toml (before you go offline)"),
        ),
        _ => Found::Better(
            format!("some are not downloaded yet{}", network(course)),
            format!("{fetch} (before you go offline)"),
        ),
    }
}

/// Does the place answer where crates come from? Cargo is asked, which knows of proxies and mirrors.
fn network(course: &Course) -> &'static str {
    let mut command = tools::cargo(&course.root);
    command.args(["update", "--dry-run", "--quiet", "--package", "lexopt"]);
    command.env("CARGO_NET_RETRY", "0").env("CARGO_HTTP_TIMEOUT", "10");
    match command.output() {
        Ok(output) if output.status.success() => "; the registry answers",
        Ok(output) if String::from_utf8_lossy(&output.stderr).contains("offline") => {
            ", and cargo is told to stay offline (CARGO_NET_OFFLINE, or `net.offline` in its configuration)"
        }
        _ => {
            ", and the registry does not answer: are you online? A proxy goes into cargo's configuration as `http.proxy`"
        }
    }
}

/// Every file that an exercise needs.
fn intact(course: &Course) -> Found {
    let broken: Vec<(&Exercise, String)> =
        course.exercises.iter().filter_map(|exercise| Some((exercise, broken(exercise)?))).collect();
    let Some((first, what)) = broken.first() else {
        return Found::Fine(format!("{} complete", counted(course.exercises.len(), "exercise")));
    };
    let more = match broken.len() {
        1 => String::new(),
        n => format!(" (and {} more)", n - 1),
    };
    let ids: Vec<String> = broken.iter().map(|(exercise, _)| format!("cargo xtask reset {}", exercise.id)).collect();
    Found::Missing(format!("{}: {what}{more}", first.id), ids.join(" && "))
}

/// What is missing of an exercise, or not as it must be.
fn broken(exercise: &Exercise) -> Option<String> {
    for path in generate::own_files(exercise).ok()? {
        match &path {
            generate::Own::Learners(path) if !path.is_file() => {
                return Some(format!("{} is missing", exercise.lib_name().replace("src/lib.rs", &tail(path))));
            }
            generate::Own::Generated(path, text) if files::read(path).ok().as_ref() != Some(text) => {
                let what = if path.exists() { "was changed" } else { "is missing" };
                return Some(format!("exercises/{}/{} {what}", exercise.folder, tail(path)));
            }
            _ => {}
        }
    }
    let recorded = fs::read_dir(exercise.snapshots()).into_iter().flatten().flatten();
    for entry in recorded {
        let name = entry.file_name().to_string_lossy().replace(".snap", ".ops");
        if name.ends_with(".ops") && !exercise.scenarios().join(&name).is_file() {
            return Some(format!("exercises/{}/scenarios/{name} is missing", exercise.folder));
        }
    }
    (!exercise.hints().is_file()).then(|| format!("exercises/{}/hints.md is missing", exercise.folder))
}

/// The last one or two names of a path.
fn tail(path: &std::path::Path) -> String {
    let names: Vec<_> = path.iter().map(|name| name.to_string_lossy()).collect();
    let from = names.len().saturating_sub(if path.ends_with("Cargo.toml") { 1 } else { 2 });
    names[from..].join("/")
}

fn git(course: &Course) -> Found {
    let Some(version) = tools::answer("git", &["--version"]) else {
        return Found::Better("only for updates of the course".into(), install("git"));
    };
    match course.root.join(".git").exists() {
        true => Found::Fine(version),
        false => Found::Better(
            format!("{version}, and this folder is no clone"),
            "cargo xtask update --from DIR (a newer copy that you unpacked)".into(),
        ),
    }
}

/// What something that was interrupted left behind.
fn remains(course: &Course) -> Option<Found> {
    let root = &course.root;
    if update::is_under_way(root) {
        return Some(Found::Better("an update was interrupted".into(), "cargo xtask update".into()));
    }
    if root.join(".git/index.lock").exists() {
        return Some(Found::Better(
            "git is at work here, or was interrupted: .git/index.lock".into(),
            "rm .git/index.lock (if no git is running)".into(),
        ));
    }
    let mut left = Vec::new();
    for exercise in &course.exercises {
        for entry in fs::read_dir(exercise.dir().join("src")).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') && name.ends_with(".tmp") {
                left.push(files::said(root, &entry.path()));
            }
        }
    }
    (!left.is_empty()).then(|| {
        Found::Better(format!("{} half-written", counted(left.len(), "file")), format!("rm {}", left.join(" ")))
    })
}
