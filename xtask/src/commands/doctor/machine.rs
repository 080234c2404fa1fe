//! The machine: compiler, linker, disk, clock, and where the project lies.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use super::{Found, Looked, install};
use crate::course::Course;
use crate::{files, tools};

pub(super) fn examine(course: &Course, target: &Path) -> Vec<Looked> {
    let elsewhere = "Set CARGO_TARGET_DIR to a folder where you may write.";
    let copy = "Work in a copy of the project where you may write.";
    let mut all = vec![
        ("compiler", compiler()),
        ("linker", linker(target)),
        ("target folder", writable(target, elsewhere)),
        ("progress", writable(&course.root.join(".progress"), copy)),
        ("exercises", writable(&course.root.join("exercises"), copy)),
        ("disk space", space(target)),
        ("files", speed(target)),
        ("clock", clock(course)),
    ];
    all.extend(place(course).map(|found| ("place", found)));
    all
}

fn compiler() -> Found {
    let needed = env!("CARGO_PKG_RUST_VERSION");
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let remedy = "rustup update stable (or https://rustup.rs)".to_string();
    match tools::answer(&rustc, &["--version"]) {
        None => Found::Missing("rustc does not answer".into(), remedy),
        Some(text) if tools::version(&text) < tools::version(needed) => {
            Found::Missing(format!("{text}, but {needed} or newer is needed"), remedy)
        }
        Some(text) => Found::Fine(format!("{text}; {needed} or newer is needed")),
    }
}

/// Compiles, links and runs a program of one line: nothing else tells whether a linker works.
fn linker(target: &Path) -> Found {
    let dir = target.join(format!("doctor-{}", std::process::id()));
    let (source, program) = (dir.join("hello.rs"), dir.join(format!("hello{}", std::env::consts::EXE_SUFFIX)));
    let text = "fn main() { println!(\"hello\"); }\n";
    if fs::create_dir_all(&dir).and_then(|()| fs::write(&source, text)).is_err() {
        return Found::Missing(format!("not tried: {} cannot be written", dir.display()), "See below.".into());
    }
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let built = Command::new(rustc).arg(&source).arg("-o").arg(&program).current_dir(&dir).output();
    let ran = Command::new(&program).output();
    let _ = fs::remove_dir_all(&dir);
    let built = match built {
        Ok(built) => built,
        Err(e) => return Found::Missing(format!("rustc cannot be started: {e}"), linker_remedy()),
    };
    if !built.status.success() {
        let text = String::from_utf8_lossy(&built.stderr);
        let first = text.lines().find(|l| l.contains("error")).unwrap_or("rustc failed");
        return Found::Missing(crate::ui::escaped(first), linker_remedy());
    }
    match ran {
        Ok(said) if said.stdout.starts_with(b"hello") => Found::Fine("compiles, links and runs a program".into()),
        Err(e) if e.kind() == std::io::ErrorKind::PermissionDenied => Found::Missing(
            format!("programs may not run below {} (mounted noexec, or a virus scanner)", target.display()),
            "Set CARGO_TARGET_DIR to a folder where programs may run: export CARGO_TARGET_DIR=$HOME/count-to-zero-target"
                .into(),
        ),
        Err(e) => Found::Missing(format!("a program was built, and does not run: {e}"), linker_remedy()),
        Ok(_) => Found::Missing("a program was built, and says nothing".into(), linker_remedy()),
    }
}

fn linker_remedy() -> String {
    if cfg!(windows) {
        "Install the Visual Studio Build Tools with \"Desktop development with C++\".".into()
    } else if cfg!(target_os = "macos") {
        "xcode-select --install".into()
    } else {
        format!("{} (a C compiler brings the linker)", install("gcc"))
    }
}

fn writable(dir: &Path, remedy: &str) -> Found {
    let probe = dir.join(format!(".doctor-{}", std::process::id()));
    let existed = dir.exists();
    let tried = fs::create_dir_all(dir).and_then(|()| fs::write(&probe, "x"));
    let _ = fs::remove_file(&probe);
    if !existed {
        let _ = fs::remove_dir(dir);
    }
    match tried {
        Ok(()) => Found::Fine(format!("{} can be written", dir.display())),
        Err(e) => Found::Missing(format!("{} cannot be written: {e}", dir.display()), remedy.into()),
    }
}

fn space(target: &Path) -> Found {
    const NEEDED: u64 = 1024; // MiB: all of `cargo test` takes about half of it
    match free_mebibytes(target) {
        None => Found::Better("I cannot tell how much is free".into(), format!("{NEEDED} MiB are plenty.")),
        Some(free) if free < NEEDED => {
            Found::Missing(format!("{free} MiB free, and {NEEDED} may be needed"), "cargo clean (or make room)".into())
        }
        Some(free) => Found::Fine(format!("{} GiB free", free / 1024)),
    }
}

fn free_mebibytes(dir: &Path) -> Option<u64> {
    let dir = dir.to_str()?;
    if cfg!(windows) {
        let drive = dir.get(..1)?;
        let bytes = tools::answer("powershell", &["-NoProfile", "-Command", &format!("(Get-PSDrive {drive}).Free")])?;
        return bytes.parse::<u64>().ok().map(|bytes| bytes / 1024 / 1024);
    }
    let table = tools::answer("df", &["-Pk", dir])?;
    let kibibytes: u64 = table.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kibibytes / 1024)
}

/// Builds write hundreds of small files: a virus scanner or a network drive makes each of them slow.
fn speed(target: &Path) -> Found {
    const FILES: usize = 200;
    const SLOW: Duration = Duration::from_secs(4);
    let dir = target.join(format!("doctor-files-{}", std::process::id()));
    let start = Instant::now();
    let tried = fs::create_dir_all(&dir).and_then(|()| {
        (0..FILES).try_for_each(|n| {
            let file = dir.join(format!("{n}.txt"));
            fs::write(&file, "x")?;
            fs::read(&file).map(drop)
        })
    });
    let _ = fs::remove_dir_all(&dir);
    let took = start.elapsed();
    match tried {
        Err(_) => Found::Better("how fast they are written was not tried".into(), "See the target folder.".into()),
        Ok(()) if took > SLOW => Found::Better(
            format!(
                "writing and removing {FILES} small ones took {:.1} s: a virus scanner, or a network drive?",
                took.as_secs_f64()
            ),
            "Exempt the target folder from scanning, or set CARGO_TARGET_DIR to a disk of this machine.".into(),
        ),
        Ok(()) => Found::Fine(format!("{FILES} small ones written and removed in {:.2} s", took.as_secs_f64())),
    }
}

/// Cargo compares times: what was saved in the future is compiled again each time, or not at all.
fn clock(course: &Course) -> Found {
    let limit = SystemTime::now() + Duration::from_secs(120);
    let mut ahead = Vec::new();
    for exercise in &course.exercises {
        for path in [exercise.lib(), exercise.manifest()] {
            if fs::metadata(&path).and_then(|data| data.modified()).is_ok_and(|time| time > limit) {
                ahead.push(files::said(&course.root, &path));
            }
        }
    }
    match ahead.as_slice() {
        [] => Found::Fine("no file is from the future".into()),
        [first, rest @ ..] => Found::Better(
            format!(
                "{first}{} saved in the future: is the clock right?",
                if rest.is_empty() { " was" } else { " and others were" }
            ),
            format!("touch {}", ahead.join(" ")),
        ),
    }
}

/// Where the project lies, if that makes trouble.
fn place(course: &Course) -> Option<Found> {
    let root = &course.root;
    let wsl = fs::read_to_string("/proc/version").is_ok_and(|text| text.to_lowercase().contains("microsoft"));
    if wsl && root.starts_with("/mnt") {
        return Some(Found::Better(
            format!("{} is Windows' disk, which is slow from here", root.display()),
            "Clone into your Linux home instead: cd ~ && git clone ...".into(),
        ));
    }
    if root.to_str().is_none() {
        return Some(Found::Better(
            format!("{} is not UTF-8, and some tools stumble over that", root.display()),
            "Move the project to a folder with a plainer name.".into(),
        ));
    }
    let long = cfg!(windows) && root.as_os_str().len() > 120;
    long.then(|| {
        Found::Better(
            format!("{} is a long way down, and Windows' paths have a limit", root.display()),
            "Move the project up, or allow long paths: git config --system core.longpaths true".into(),
        )
    })
}
