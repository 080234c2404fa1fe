//! `cargo xtask doctor`: is everything here that the commands need, and how to get what is not.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::course::Course;
use crate::failure::{FAILED, Outcome};
use crate::tools;
use crate::ui::{dim, green, red, say, yellow};

pub(crate) const HELP: &str = "\
cargo xtask doctor

Looks at what the commands need (compiler, linker, disk, crates) and at what some of them can use if it is there.
Each thing that is missing comes with how to get it. Exit code 1 if something is missing that is needed.";

/// What looking at one thing gave.
enum Found {
    Fine(String),
    /// Needed: what is wrong, and the remedy.
    Missing(String, String),
    /// Some command can use it: what would be better with it, and how to get it.
    Better(String, String),
}

pub(crate) fn run(course: &Course, mut args: lexopt::Parser) -> Outcome {
    if let Some(arg) = args.next()? {
        return Err(arg.unexpected().into());
    }
    let mut missing = 0;
    for (name, found) in examine(course) {
        match found {
            Found::Fine(text) => say!("{} {name:<14} {text}", green("ok     ")),
            Found::Missing(text, remedy) => {
                missing += 1;
                say!("{} {name:<14} {text}\n{:23}{remedy}", red("missing"), "");
            }
            Found::Better(text, remedy) => say!("{} {name:<14} {text}\n{:23}{}", yellow("without"), "", dim(&remedy)),
        }
    }
    say!();
    match missing {
        0 => say!("All that `cargo xtask grade` and `cargo test` need is here."),
        _ => say!("What is marked as missing is needed; what you are without, some commands can do without too."),
    }
    Ok(if missing == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

fn examine(course: &Course) -> Vec<(&'static str, Found)> {
    let target = tools::target_dir(&course.root);
    vec![
        ("compiler", compiler()),
        ("linker", linker(&target)),
        ("target folder", writable(&target, "Set CARGO_TARGET_DIR to a folder where you may write.")),
        ("progress", writable(&course.root.join(".progress"), "Work in a copy of the project where you may write.")),
        ("disk space", space(&target)),
        ("crates", crates(course)),
        ("rustfmt", tool("rustfmt", &["--version"], "`cargo xtask ci`", "rustup component add rustfmt")),
        ("clippy", tool("cargo-clippy", &["--version"], "`cargo xtask ci`", "rustup component add clippy")),
        ("git", tool("git", &["--version"], "updates of the course", "install git")),
        ("nightly", nightly()),
        ("oldest Rust", oldest()),
        (
            "valgrind",
            tool(
                "valgrind",
                &["--version"],
                "counting in `cargo xtask bench`, and `cargo xtask ci`",
                "install valgrind",
            ),
        ),
        ("Python", python()),
        ("browser", browser()),
    ]
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
    if std::fs::create_dir_all(&dir).and_then(|()| std::fs::write(&source, text)).is_err() {
        return Found::Missing(format!("not tried: {} cannot be written", dir.display()), "See below.".into());
    }
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let built = Command::new(rustc).arg(&source).arg("-o").arg(&program).current_dir(&dir).output();
    let said = Command::new(&program).output().map(|o| o.stdout).unwrap_or_default();
    let _ = std::fs::remove_dir_all(&dir);
    match built {
        Ok(built) if built.status.success() && said.starts_with(b"hello") => {
            Found::Fine("compiles, links and runs a program".into())
        }
        Ok(built) => {
            let text = String::from_utf8_lossy(&built.stderr);
            let first = text.lines().find(|l| l.contains("error")).unwrap_or("the program does not run");
            Found::Missing(crate::ui::escaped(first), linker_remedy().into())
        }
        Err(e) => Found::Missing(format!("rustc cannot be started: {e}"), linker_remedy().into()),
    }
}

fn linker_remedy() -> &'static str {
    if cfg!(windows) {
        "Install the Visual Studio Build Tools with \"Desktop development with C++\"."
    } else if cfg!(target_os = "macos") {
        "xcode-select --install"
    } else {
        "Install a C compiler, which brings the linker: `apt install gcc`, `dnf install gcc`, `apk add build-base`..."
    }
}

fn writable(dir: &Path, remedy: &str) -> Found {
    let probe = dir.join(format!(".doctor-{}", std::process::id()));
    let existed = dir.exists();
    let tried = std::fs::create_dir_all(dir).and_then(|()| std::fs::write(&probe, "x"));
    let _ = std::fs::remove_file(&probe);
    if !existed {
        let _ = std::fs::remove_dir(dir);
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
        Some(free) if free < NEEDED => Found::Missing(
            format!("{free} MiB free, and {NEEDED} may be needed"),
            "Make room, or `cargo clean`.".into(),
        ),
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
            "those of the book's builder are not downloaded yet".into(),
            format!("{fetch} --manifest-path book/Cargo.toml (before you go offline)"),
        ),
        _ => Found::Better("some are not downloaded yet".into(), format!("{fetch} (before you go offline)")),
    }
}

fn tool(program: &str, args: &[&str], what_for: &str, remedy: &str) -> Found {
    match tools::answer(program, args) {
        Some(text) => Found::Fine(text.lines().next().unwrap_or_default().to_string()),
        None => Found::Better(format!("only for {what_for}"), remedy.into()),
    }
}

fn nightly() -> Found {
    match tools::toolchains().into_iter().find(|t| t.starts_with("nightly")) {
        Some(name) => Found::Fine(name),
        None => Found::Better(
            "only for AddressSanitizer in `cargo xtask ci`".into(),
            "rustup toolchain install nightly --profile minimal".into(),
        ),
    }
}

fn oldest() -> Found {
    let oldest = env!("CARGO_PKG_RUST_VERSION");
    match tools::toolchains()
        .into_iter()
        .find(|t| t.starts_with(&format!("{oldest}.")) || t.starts_with(&format!("{oldest}-")))
    {
        Some(name) => Found::Fine(name),
        None => Found::Better(
            format!("only to prove in `cargo xtask ci` that {oldest} is enough"),
            format!("rustup toolchain install {oldest} --profile minimal"),
        ),
    }
}

/// The runtime models 3.11: with it at hand a statement of the book can be tried.
fn python() -> Found {
    let names = ["python3.11", "python3", "python", "py"];
    let mut found: Vec<String> = names.iter().filter_map(|name| tools::answer(name, &["--version"])).collect();
    found.dedup();
    if found.iter().any(|text| tools::version(text).is_some_and(|v| v[..2] == [3, 11])) {
        return Found::Fine(found.join(", "));
    }
    let without = if found.is_empty() { "no Python".to_string() } else { found.join(", ") };
    Found::Better(
        format!("{without}: only to try the book's experiments on CPython 3.11"),
        "https://www.python.org/downloads/".into(),
    )
}

fn browser() -> Found {
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    match names.iter().find_map(|name| tools::answer(name, &["--version"])) {
        Some(text) => Found::Fine(text),
        None => Found::Better("only for `cargo xtask book --check --browser`".into(), "install chromium".into()),
    }
}
