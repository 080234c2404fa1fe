//! Each scenario as a test: the same files and the same message as `cargo xtask grade scheduler`.
//!
//! Made by `cargo xtask generate`.

use std::path::PathBuf;

use rstest::rstest;
use runtime::lab::Socket;

#[rstest]
fn scenario(#[files("scenarios/*.ops")] path: PathBuf) {
    check::in_test::scenario("scheduler", &path);
}

/// Scenarios that nobody wrote, compared with what the reference says to them.
#[test]
fn random() {
    check::in_test::random("scheduler", env!("CARGO_MANIFEST_DIR"), 64);
}

/// The tests above start this one again, in a process of its own; started by hand it does nothing.
#[test]
fn probe() {
    runtime::lab::probe_in_test(&[Socket::Scheduler(&scheduler::Part)]);
}

/// As `probe`, with the reference's part.
#[test]
fn reference() {
    runtime::lab::probe_in_test(&Socket::REFERENCE);
}
