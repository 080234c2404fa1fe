//! # A probe: the process that runs somebody's part
//!
//! ```text
//!   grader --- job file (key, part, scenarios) ---> probe
//!          <-- stdin's pipe, written to: trace ----
//! ```
//!
//! The trace has a channel of its own, so a part's `println!` is the learner's. The channel is the pipe that the
//! grader laid as *standard input*: the one handle that every system hands down and that no part needs. Each
//! scenario's lines stand between `@ KEY begin NAME` and `@ KEY end NAME`, and `@ KEY done` ends it all. The key is
//! drawn by the grader, the job file is deleted before a part runs: who ends the process early, or writes lines of
//! its own, cannot write the end.
//!
//! - **I1** Nothing here knows what is right.
//! - **I2** What was told before an operation began is written when it begins, and where steps are wanted, every line at
//!   once: a crash has its last words.
//! - **I3** A probe whose grader is gone ends, even in the middle of a loop.

use super::limit::CHANNEL;
use super::run::{Detail, run};
use super::socket::Socket;
use kit::trace::{Kind, Record};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

/// A test binary becomes a probe when this names a job file.
const JOB: &str = "COUNT_TO_ZERO_JOB";

struct Job {
    key: String,
    part: String,
    /// Are steps told, or facts alone?
    steps: bool,
    scenarios: Vec<(String, String)>,
}

/// The `main` of a probe: reads the job file that the first argument names.
pub fn probe_main(sockets: &[Socket]) -> ExitCode {
    match std::env::args_os().nth(1) {
        Some(path) => finish(serve(sockets, Path::new(&path))),
        None => {
            eprintln!("A probe is started by `cargo xtask grade`; it needs a job file.");
            ExitCode::from(2)
        }
    }
}

/// In a test binary: does nothing, unless a grader started the test as a probe. Then it serves and ends the process.
pub fn probe_in_test(sockets: &[Socket]) {
    if let Some(path) = std::env::var_os(JOB) {
        let code = finish(serve(sockets, Path::new(&path)));
        std::process::exit(i32::from(code != ExitCode::SUCCESS) * 3);
    }
}

fn finish(served: io::Result<()>) -> ExitCode {
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("probe: {error}");
            ExitCode::from(3)
        }
    }
}

fn serve(sockets: &[Socket], path: &Path) -> io::Result<()> {
    let text = std::fs::read_to_string(path)?;
    std::fs::remove_file(path)?;
    let job = Job::parse(&text).ok_or_else(|| io::Error::other("this is no job file"))?;
    let socket = sockets.iter().find(|socket| socket.id() == job.part);
    let socket = *socket.ok_or_else(|| io::Error::other(format!("no part `{}` is plugged in here", job.part)))?;
    end_with_the_grader();
    let mut channel = channel()?;
    let _ = CHANNEL.set(channel.try_clone()?);
    for (name, scenario) in &job.scenarios {
        writeln!(channel, "@ {} begin {name}", job.key)?;
        let mut lines = Lines { channel: channel.try_clone()?, waiting: String::new(), at_once: job.steps };
        let detail = if job.steps { Detail::Steps } else { Detail::Facts };
        run(socket, scenario, detail, Box::new(move |record| lines.put(&record)));
        writeln!(channel, "@ {} end {name}", job.key)?;
    }
    writeln!(channel, "@ {} done", job.key)
}

/// A learner who presses Ctrl-C ends the grader; a part that loops would go on (I3).
fn end_with_the_grader() {
    #[cfg(unix)]
    std::thread::spawn(|| {
        let grader = std::os::unix::process::parent_id();
        while std::os::unix::process::parent_id() == grader {
            std::thread::sleep(std::time::Duration::from_millis(500));
        }
        std::process::exit(3);
    });
}

/// Lines on their way.
struct Lines {
    channel: File,
    waiting: String,
    /// Each line is written at once; else when an operation begins, and when the scenario ends.
    at_once: bool,
}

impl Lines {
    fn put(&mut self, record: &Record) {
        // A string takes every line.
        let _ = writeln!(self.waiting, "{record}");
        if self.at_once || matches!(record.kind, Kind::Op | Kind::Broken) {
            self.write();
        }
    }

    fn write(&mut self) {
        // Nobody listens any more: nobody needs the rest.
        if self.channel.write_all(self.waiting.as_bytes()).is_err() {
            std::process::exit(3);
        }
        self.waiting.clear();
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.write();
    }
}

/// Standard input's pipe, to write to.
fn channel() -> io::Result<File> {
    #[cfg(unix)]
    let handle = std::os::fd::AsFd::as_fd(&io::stdin()).try_clone_to_owned()?;
    #[cfg(windows)]
    let handle = std::os::windows::io::AsHandle::as_handle(&io::stdin()).try_clone_to_owned()?;
    Ok(File::from(handle))
}

impl Job {
    /// `key K`, `part P`, perhaps `steps no`, then `scenario NAME BYTES` with so many bytes and a line break, each.
    fn parse(text: &str) -> Option<Job> {
        let (key, rest) = text.split_once('\n')?;
        let (part, rest) = rest.split_once('\n')?;
        let facts = rest.strip_prefix("steps no\n");
        let (steps, mut rest) = (facts.is_none(), facts.unwrap_or(rest));
        let (key, part) = (key.strip_prefix("key ")?.to_string(), part.strip_prefix("part ")?.to_string());
        let mut scenarios = vec![];
        while !rest.is_empty() {
            let (head, body) = rest.split_once('\n')?;
            let (name, bytes) = head.strip_prefix("scenario ")?.rsplit_once(' ')?;
            let (scenario, tail) = body.split_at_checked(bytes.parse().ok()?)?;
            scenarios.push((name.to_string(), scenario.to_string()));
            rest = tail.strip_prefix('\n').unwrap_or(tail);
        }
        Some(Job { key, part, steps, scenarios })
    }
}
