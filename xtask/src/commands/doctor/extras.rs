//! What some commands use if it is there, and what for.

use super::{Found, Looked, install};
use crate::tools;

pub(super) fn examine() -> Vec<Looked> {
    let counting = "counting in `cargo xtask bench`, and `cargo xtask ci`";
    vec![
        ("rustfmt", tool("rustfmt", &["--version"], "`cargo xtask ci`", "rustup component add rustfmt")),
        ("clippy", tool("cargo-clippy", &["--version"], "`cargo xtask ci`", "rustup component add clippy")),
        ("Python", python()),
        ("valgrind", tool("valgrind", &["--version"], counting, &install("valgrind"))),
        ("browser", browser()),
        ("nightly", nightly()),
        ("oldest Rust", oldest()),
        (
            "cargo-mutants",
            tool(
                "cargo-mutants",
                &["mutants", "--version"],
                "`cargo xtask mutants`",
                "cargo install cargo-mutants --locked",
            ),
        ),
        (
            "cargo-fuzz",
            tool("cargo-fuzz", &["--version"], "fuzzing in `cargo xtask ci`", "cargo install cargo-fuzz --locked"),
        ),
    ]
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
            "only for AddressSanitizer and fuzzing in `cargo xtask ci`".into(),
            "rustup toolchain install nightly --profile minimal".into(),
        ),
    }
}

fn oldest() -> Found {
    let oldest = env!("CARGO_PKG_RUST_VERSION");
    let is_it = |t: &String| t.starts_with(&format!("{oldest}.")) || t.starts_with(&format!("{oldest}-"));
    match tools::toolchains().into_iter().find(is_it) {
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
        None => Found::Better("only for `cargo xtask book --check --browser`".into(), install("chromium")),
    }
}
