//! This tool again, as processes: whatever happens in one of them, the watch goes on.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::Failure;

/// So long a grade may take to end once it was told to.
const LEAVING: Duration = Duration::from_secs(3);

/// Where this tool lies.
pub(super) struct Tool(PathBuf);

impl Tool {
    /// The program that is running.
    pub(super) fn find() -> Result<Tool, Failure> {
        let here = std::env::current_exe();
        here.map(Tool).map_err(|e| Failure::Internal(format!("the tool does not know where it lies: {e}")))
    }

    /// Runs one of the tool's other commands to its end. What it has to say it says itself.
    pub(super) fn run(&self, words: &[&str]) -> Result<(), Failure> {
        let status = Command::new(&self.0).args(words).stdin(Stdio::null()).status();
        status.map(drop).map_err(|e| self.cannot(&e))
    }

    /// Starts to grade an exercise.
    pub(super) fn grade(&self, id: &str) -> Result<Grade, Failure> {
        let process = Command::new(&self.0).args(["grade", id, "--watched"]).stdin(Stdio::piped()).spawn();
        process.map(Grade).map_err(|e| self.cannot(&e))
    }

    fn cannot(&self, e: &std::io::Error) -> Failure {
        let remedy = match e.kind() {
            ErrorKind::NotFound => "Was it removed? Start `cargo xtask watch` again, and cargo builds it.",
            _ => "Save again, and I try again.",
        };
        Failure::Input(format!("I cannot start {}: {e}. {remedy}", self.0.display()))
    }
}

/// A grade that is under way.
pub(super) struct Grade(Child);

impl Grade {
    /// Is it over, and did everything pass?
    pub(super) fn over(&mut self) -> Option<bool> {
        match self.0.try_wait() {
            Ok(None) => None,
            Ok(Some(status)) => Some(status.success()),
            Err(_) => Some(false),
        }
    }
}

impl Drop for Grade {
    /// Its standard input ends, so it stops what it runs and ends; or it is killed.
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let until = Instant::now() + LEAVING;
        while matches!(self.0.try_wait(), Ok(None)) {
            if Instant::now() > until {
                let _ = self.0.kill();
                let _ = self.0.wait();
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}
