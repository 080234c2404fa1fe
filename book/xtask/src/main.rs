//! `cargo xtask` from inside `book/`, which is a workspace of its own: hands over to the project's.
//!
//! Cargo finds the nearest `.cargo/config.toml`'s alias, and looks for the package in the nearest workspace. So there
//! is one of this name here as well.

use std::path::Path;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new(".."));
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["run", "--quiet", "--package", "xtask", "--manifest-path"]).arg(root.join("Cargo.toml"));
    match cargo.arg("--").args(std::env::args_os().skip(1)).status() {
        Ok(status) => status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => {
            eprintln!("cargo cannot be started: {error}");
            ExitCode::from(3)
        }
    }
}
