//! # Processes that take turns
//!
//! What is compared runs in processes of their own, so that nobody meets another's address space, page tables or
//! stack. They are alive at the same time, wait, and run one round at a time in turn (A B C A B C ...): a machine that
//! is slower for a while is slower for everybody.
//!
//! ```text
//!   Runner --- "go\n" --> standard input ---.
//!                                           | the round
//!   Runner <-- a line --- standard output --'
//! ```
//!
//! A time is the processor's time of that process, its page faults included, and not the time of day: on a busy machine
//! that would tell about the others.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

/// The process of one contender.
pub struct Runner {
    process: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Runner {
    /// Starts `command`. What it complains of on its standard error is kept for [`round`](Runner::round).
    ///
    /// # Errors
    /// A sentence: why it does not start.
    pub fn start(command: &mut Command) -> Result<Runner, String> {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let started = command.spawn();
        let mut process = started.map_err(|error| format!("{:?} does not start: {error}", command.get_program()))?;
        let (orders, answers) = (process.stdin.take(), process.stdout.take().expect("it was piped"));
        Ok(Runner { process, orders, answers: BufReader::new(answers) })
    }

    /// Orders one round, and waits for what the process says.
    ///
    /// # Errors
    /// A few words: how the process ended instead.
    pub fn round(&mut self) -> Result<String, String> {
        let ordered = self.orders.as_mut().is_some_and(|orders| orders.write_all(b"go\n").is_ok());
        let mut answer = String::new();
        if ordered && self.answers.read_line(&mut answer).is_ok_and(|bytes| bytes > 0) {
            return Ok(answer.trim().to_owned());
        }
        self.orders = None;
        let mut complaint = String::new();
        if let Some(mut stderr) = self.process.stderr.take() {
            // What is no text is of no use as a reason either.
            drop(stderr.read_to_string(&mut complaint));
        }
        let status = self.process.wait().map_err(|error| error.to_string())?;
        Err(how_it_ended(status, &complaint))
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        self.orders = None;
        // It ends when nobody orders any more; how is of no interest now.
        drop(self.process.wait());
    }
}

fn how_it_ended(status: ExitStatus, complaint: &str) -> String {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal: Option<i32> = None;
    /// `SIGALRM`, which has this number everywhere.
    const ALARM: i32 = 14;
    /// `SIGSEGV`, likewise.
    const FAULT: i32 = 11;
    let line = complaint.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it says nothing");
    match signal {
        _ if complaint.contains("has overflowed its stack") => "overflows its stack".into(),
        Some(ALARM) => "takes too long".into(),
        // An interpreter has nobody who would tell what the fault was.
        Some(FAULT) => "ends in a fault, as a stack that overflows does".into(),
        _ => format!("{status}: {line}"),
    }
}

/// After `seconds` without another call, or one with 0, this process ends by a signal. Elsewhere than on Unix, nothing
/// happens.
pub fn end_after(seconds: u32) {
    #[cfg(unix)]
    {
        unsafe extern "C" {
            safe fn alarm(seconds: std::ffi::c_uint) -> std::ffi::c_uint;
        }
        alarm(seconds);
    }
    #[cfg(not(unix))]
    let _ = seconds;
}

/// The processor's time that this process had so far: what others do in between does not count. Elsewhere than on
/// Linux, the time of day will do.
#[must_use]
pub fn now() -> Duration {
    #[cfg(all(target_os = "linux", target_pointer_width = "64"))]
    {
        /// `CLOCK_PROCESS_CPUTIME_ID`.
        const OF_THIS_PROCESS: std::ffi::c_int = 2;
        unsafe extern "C" {
            fn clock_gettime(clock: std::ffi::c_int, seconds_and_nanoseconds: *mut [i64; 2]) -> std::ffi::c_int;
        }
        let mut time = [0; 2];
        // SAFETY: it writes a `timespec`, which is two words of 64 bits here.
        if unsafe { clock_gettime(OF_THIS_PROCESS, &raw mut time) } == 0 {
            return Duration::new(time[0] as u64, time[1] as u32);
        }
    }
    std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default()
}

/// The three values that cut `values` into quarters.
#[must_use]
pub fn quartiles(values: &[f64]) -> [f64; 3] {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| sorted[(sorted.len() - 1) * quarter / 4])
}

/// The median of the ratios of two contenders, round by round.
#[must_use]
pub fn ratio(mine: &[f64], its: &[f64]) -> f64 {
    let ratios: Vec<f64> = mine.iter().zip(its).map(|(mine, its)| mine / its).collect();
    quartiles(&ratios)[1]
}
