//! Starting and ending one process: its group, its folder, its limits.

use super::Probe;
use super::group::{self, Leader};
use super::listen::{self, Events};
use crate::protocol::{JOB_VARIABLE, Job};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How long a pipe may stay open after its process ended, before we stop waiting.
pub(super) const PATIENCE: Duration = Duration::from_millis(300);
/// How long a process may live after its trace is over.
const LEAVING: Duration = Duration::from_secs(2);

/// How a process ended.
#[derive(Debug)]
pub(super) enum Death {
    /// By itself.
    Exit(i32),
    /// By a signal or a fault, which has this name.
    Fault(String),
}

/// A running probe.
pub(super) struct Child {
    process: Leader,
    _folder: Folder,
}

/// Starts a probe on a job; its words come as [`Events`].
pub(super) fn start(probe: &Probe, job: &Job<'_>) -> Result<(Child, Events), String> {
    let folder = Folder::new()?;
    let cannot = |what: &str, e: std::io::Error| format!("cannot {what}: {e}");
    let file = folder.0.join("job");
    fs::write(&file, job.to_text()).map_err(|e| cannot(&format!("write {}", file.display()), e))?;
    let (trace, write_end) = std::io::pipe().map_err(|e| cannot("make a pipe", e))?;

    let mut command = match probe.under.split_first() {
        None => Command::new(&probe.program),
        Some((runner, words)) => {
            let mut command = Command::new(runner);
            command.args(words).arg(&probe.program);
            command
        }
    };
    if let Some(test) = probe.in_test {
        command.args([test, "--exact", "--nocapture", "--test-threads", "1"]).env_clear().env(JOB_VARIABLE, &file);
    } else {
        command.arg(&file).env_clear();
    }
    let work = folder.0.join("work");
    fs::create_dir(&work).map_err(|e| cannot(&format!("make {}", work.display()), e))?;
    clean_environment(&mut command, &work);
    command.current_dir(&work).stdin(write_end).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process =
        group::start(&mut command).map_err(|e| cannot(&format!("start {}", probe.program.display()), e))?;
    // The command holds our copy of the trace's write end: while it lives, the trace never ends.
    drop(command);
    limit(&process);
    let (out, err) = (process.stdout.take(), process.stderr.take());
    Ok((Child { process, _folder: folder }, listen::to(job.scenarios.len(), trace, out, err)))
}

impl Child {
    /// Did the process itself end? Others of its group may be left.
    pub(super) fn is_over(&mut self) -> bool {
        self.process.is_over()
    }

    /// Kills what a process that is over left behind.
    pub(super) fn kill_the_rest(&mut self) {
        self.process.kill();
    }

    /// Ends the process and what is left of its group, and says how it ended, and which lines still came. One that is
    /// `leaving` gets time to do so.
    pub(super) fn end(&mut self, events: &Events, leaving: bool) -> (Death, Vec<String>) {
        let until = Instant::now() + LEAVING;
        while leaving && !self.is_over() && Instant::now() < until {
            std::thread::sleep(Duration::from_micros(200));
        }
        self.process.kill();
        let status = self.process.wait();
        let lines = events.rest(PATIENCE);
        (status.map_or_else(|e| Death::Fault(e.to_string()), |s| death(&s)), lines)
    }
}

/// The private folder of one process; gone when this is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Folder, String> {
        let name = format!("count-to-zero-{}", &crate::protocol::fresh_key()[..16]);
        let path = std::env::temp_dir().join(name);
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(|e| {
            format!("cannot make a folder in {}: {e} (is the disk full?)", std::env::temp_dir().display())
        })?;
        Ok(Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Nothing of cargo's, and nothing that changes from one terminal to the next.
fn clean_environment(command: &mut Command, work: &Path) {
    for name in ["PATH", "SystemRoot", "LLVM_PROFILE_FILE"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.env("RUST_BACKTRACE", "0").env("TMPDIR", work).env("TMP", work).env("TEMP", work);
}

/// A second line of defence, should this process be ended before it can end the probe.
#[cfg(target_os = "linux")]
fn limit(process: &std::process::Child) {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let limits = [
        (Resource::Core, 0),
        (Resource::Cpu, 60),         // seconds
        (Resource::As, 2 << 30),     // bytes: the probe's allocator allows less
        (Resource::Fsize, 16 << 20), // bytes in one file
    ];
    for (what, most) in limits {
        let _ = prlimit(Some(Pid::from_child(process)), what, Rlimit { current: Some(most), maximum: Some(most) });
    }
}

#[cfg(not(target_os = "linux"))]
fn limit(_: &std::process::Child) {}

#[cfg(unix)]
fn death(status: &ExitStatus) -> Death {
    match std::os::unix::process::ExitStatusExt::signal(status) {
        Some(signal) => Death::Fault(signal_name(signal)),
        None => Death::Exit(status.code().unwrap_or(-1)),
    }
}

#[cfg(not(unix))]
fn death(status: &ExitStatus) -> Death {
    match status.code() {
        // A fault of Windows is an exit code with the highest two bits set.
        Some(code) if code as u32 >= 0xC000_0000 => Death::Fault(format!("fault 0x{:08X}", code as u32)),
        code => Death::Exit(code.unwrap_or(-1)),
    }
}

#[cfg(unix)]
fn signal_name(signal: i32) -> String {
    use rustix::process::Signal;
    let named = [
        (Signal::ABORT, "SIGABRT, `abort`"),
        (Signal::SEGV, "SIGSEGV, a bad address"),
        (Signal::BUS, "SIGBUS, a bad address"),
        (Signal::ILL, "SIGILL, an illegal instruction"),
        (Signal::FPE, "SIGFPE"),
        (Signal::TRAP, "SIGTRAP"),
        (Signal::KILL, "SIGKILL, something killed it"),
        (Signal::TERM, "SIGTERM, something ended it"),
        (Signal::XCPU, "SIGXCPU, it used too much processor time"),
        (Signal::XFSZ, "SIGXFSZ, it wrote too large a file"),
    ];
    let name = named.iter().find(|(s, _)| s.as_raw() == signal);
    name.map_or_else(|| format!("signal {signal}"), |(_, name)| (*name).to_string())
}
