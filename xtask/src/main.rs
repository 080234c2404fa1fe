//! `cargo xtask`: grade, hint, show and the rest. One binary, one module a command; the verdicts are in the crate `check`.

use std::process::ExitCode;

mod commands;
mod course;
mod failure;
mod files;
mod generate;
mod grade;
mod measure;
mod names;
mod progress;
mod selftest;
mod standing;
mod tools;
mod ui;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    match std::panic::catch_unwind(|| commands::run(words)) {
        Ok(Ok(code)) => code,
        Ok(Err(failure)) => {
            eprintln!("{}", ui::escaped(&failure.to_string()));
            failure.exit_code()
        }
        Err(_) => {
            eprintln!("The tool broke; the lines above say where. Nothing of yours was changed by that.");
            ExitCode::from(3)
        }
    }
}
