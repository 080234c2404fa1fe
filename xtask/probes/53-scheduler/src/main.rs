//! Runs scenarios on `exercises/53-scheduler`, for `cargo xtask`.
//!
//! Made by `cargo xtask generate`.

use std::process::ExitCode;

use runtime::lab::{Limited, Socket, probe_main};

#[global_allocator]
static ALLOCATOR: Limited = Limited::new();

fn main() -> ExitCode {
    probe_main(&[Socket::Scheduler(&scheduler::Part)])
}
