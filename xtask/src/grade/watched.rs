//! A grade that `watch` started: it ends when `watch` closes its standard input, or is gone.
//!
//! Whoever saves again, or presses a key, does not wait for the last grade. It ends as a grade does: processes are
//! killed and waited for, folders removed, files of others put back. Only its verdicts are thrown away.

use std::io::Read;

use check::supervise::group;

/// From now on the end of standard input stops everything.
pub(super) fn stop_with_standard_input() {
    std::thread::spawn(|| {
        let mut bytes = [0; 64];
        while matches!(std::io::stdin().read(&mut bytes), Ok(1..)) {}
        group::stop_all();
    });
}
