//! Runs scenarios on `exercises/52-eval-breaker`, for `cargo xtask`.
//!
//! Made by `cargo xtask generate`.

use std::process::ExitCode;

use runtime::lab::{Limited, Socket, probe_main};

#[global_allocator]
static ALLOCATOR: Limited = Limited::new();

fn main() -> ExitCode {
    probe_main(&[Socket::EvalBreaker(&eval_breaker::Part)])
}
