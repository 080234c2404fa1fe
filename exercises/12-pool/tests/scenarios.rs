//! Each scenario as a test: the same files and the same message as `cargo xtask grade pool`.
//!
//! Made by `cargo xtask generate`.

use std::path::PathBuf;

use rstest::rstest;
use runtime::lab::Socket;

#[rstest]
fn scenario(#[files("scenarios/*.ops")] path: PathBuf) {
    check::in_test::scenario("pool", &path);
}

/// Each `scenario` starts this one again, in a process of its own; started by hand it does nothing.
#[test]
fn probe() {
    runtime::lab::probe_in_test(&[Socket::Pool(&pool::Part)]);
}
