//! The recorded traces of the solution: what each scenario must tell.
//!
//! `INSTA_UPDATE=always cargo test -p solution-scheduler` records them anew. Made by `cargo xtask generate`.

use std::path::PathBuf;

use insta::{Settings, assert_snapshot};
use rstest::rstest;
use runtime::lab::{Socket, trace_of};

#[rstest]
fn scenario(#[files("../../exercises/53-scheduler/scenarios/*.ops")] path: PathBuf) {
    let ops = std::fs::read_to_string(&path).expect("a scenario is UTF-8 text");
    let name = path.file_stem().expect("a scenario has a name").to_string_lossy().into_owned();
    let trace = trace_of(&Socket::Scheduler(&solution_scheduler::Part), &ops);
    let mut settings = Settings::new();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(ops.lines().next().unwrap_or_default().trim_start_matches(['#', ' ']));
    settings.bind(|| assert_snapshot!(name, trace));
}
