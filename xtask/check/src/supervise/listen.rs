//! Listening to a process: a thread for each of its three pipes, so that none can block it or us.

use super::Output;
use std::io::Read;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// What is kept of each stream.
const KEPT: usize = 64 << 10;
/// What a scenario may print on each stream.
const PRINTED: usize = 1 << 20;
/// What a scenario's trace may have.
const TRACED: usize = 4 << 20;

/// A pipe on which too much came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flood {
    Trace,
    Output,
}

impl Flood {
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Flood::Trace => "its trace grew beyond 4 MiB (does a loop never end?)",
            Flood::Output => "it printed more than 1 MiB",
        }
    }
}

/// What happened next.
pub(super) enum Event {
    /// Lines of the trace.
    Lines(Vec<String>),
    /// Too much came.
    Flood(Flood),
    /// The trace's pipe is closed.
    TraceOver,
    /// Nothing, for as long as was asked.
    Nothing,
}

/// The three pipes of a process.
pub(super) struct Events {
    from: Receiver<Event>,
    heard: Arc<Mutex<Heard>>,
}

#[derive(Default)]
struct Heard {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    open: usize,
}

/// Listens to the three pipes of a process that runs so many scenarios.
pub(super) fn to(
    scenarios: usize,
    trace: impl Read + Send + 'static,
    out: Option<impl Read + Send + 'static>,
    err: Option<impl Read + Send + 'static>,
) -> Events {
    let (send, from) = sync_channel(64);
    let heard = Arc::new(Mutex::new(Heard { open: 3, ..Heard::default() }));
    let h = heard.clone();
    let s = send.clone();
    std::thread::spawn(move || {
        read_trace(trace, TRACED * scenarios, &s);
        let mut h = lock(&h);
        h.open -= 1;
        drop(h);
        let _ = s.send(Event::TraceOver);
    });
    listen_to_output(out, PRINTED * scenarios, &send, &heard, |h| &mut h.stdout);
    listen_to_output(err, PRINTED * scenarios, &send, &heard, |h| &mut h.stderr);
    Events { from, heard }
}

impl Events {
    /// Waits for the next event, at most this long.
    pub(super) fn next(&self, wait: Duration) -> Event {
        match self.from.recv_timeout(wait) {
            Ok(event) => event,
            Err(RecvTimeoutError::Timeout) => Event::Nothing,
            Err(RecvTimeoutError::Disconnected) => Event::TraceOver,
        }
    }

    /// Waits until all pipes are closed, at most this long: a process left behind may keep them open for ever. Gives
    /// the lines that came meanwhile.
    pub(super) fn rest(&self, most: Duration) -> Vec<String> {
        let (until, mut all) = (Instant::now() + most, Vec::new());
        loop {
            let open = lock(&self.heard).open > 0;
            while let Ok(event) = self.from.try_recv() {
                if let Event::Lines(lines) = event {
                    all.extend(lines);
                }
            }
            if !open || Instant::now() > until {
                return all;
            }
            std::thread::sleep(Duration::from_micros(100));
        }
    }

    /// What was printed.
    pub(super) fn output(&self, by_libtest: bool) -> Output {
        let heard = lock(&self.heard);
        let stdout = String::from_utf8_lossy(&heard.stdout).into_owned();
        let stderr = String::from_utf8_lossy(&heard.stderr).into_owned();
        Output { stdout: if by_libtest { without_libtest(&stdout) } else { stdout }, stderr }
    }
}

fn lock(heard: &Mutex<Heard>) -> MutexGuard<'_, Heard> {
    heard.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn read_trace(mut trace: impl Read, most: usize, send: &SyncSender<Event>) {
    let (mut chunk, mut line, mut total) = (vec![0; 64 << 10], Vec::new(), 0);
    loop {
        let n = match trace.read(&mut chunk) {
            Ok(0) | Err(_) => break,
            Ok(n) => n,
        };
        total += n;
        if total > most {
            let _ = send.send(Event::Flood(Flood::Trace));
            return;
        }
        let mut lines = Vec::new();
        for byte in &chunk[..n] {
            match byte {
                b'\n' => lines.push(String::from_utf8_lossy(&std::mem::take(&mut line)).into_owned()),
                byte => line.push(*byte),
            }
        }
        if !lines.is_empty() && send.send(Event::Lines(lines)).is_err() {
            return;
        }
    }
    if !line.is_empty() {
        let _ = send.send(Event::Lines(vec![String::from_utf8_lossy(&line).into_owned()]));
    }
}

fn listen_to_output(
    pipe: Option<impl Read + Send + 'static>,
    most: usize,
    send: &SyncSender<Event>,
    heard: &Arc<Mutex<Heard>>,
    which: fn(&mut Heard) -> &mut Vec<u8>,
) {
    let (send, heard) = (send.clone(), heard.clone());
    std::thread::spawn(move || {
        let (mut chunk, mut total) = (vec![0; 16 << 10], 0);
        if let Some(mut pipe) = pipe {
            while let Ok(n @ 1..) = pipe.read(&mut chunk) {
                total += n;
                let mut heard = lock(&heard);
                let kept = which(&mut heard);
                let room = KEPT.saturating_sub(kept.len()).min(n);
                kept.extend_from_slice(&chunk[..room]);
                drop(heard);
                if total > most {
                    let _ = send.send(Event::Flood(Flood::Output));
                    break;
                }
            }
        }
        lock(&heard).open -= 1;
    });
}

/// What a test printed, without what libtest says around it.
fn without_libtest(stdout: &str) -> String {
    let text = stdout.strip_prefix("\nrunning 1 test\n").unwrap_or(stdout);
    let text = text.strip_prefix("test probe ... ").unwrap_or(text);
    let text = match text.rfind("\ntest result: ") {
        Some(at) => text[..at].trim_end_matches('\n'),
        None => text,
    };
    match text.strip_suffix("ok") {
        Some(rest) if rest.is_empty() || rest.ends_with('\n') => rest.to_string(),
        _ => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libtest_is_cut_away() {
        let said = "\nrunning 1 test\ntest probe ... hello\nok\n\ntest result: ok. 1 passed; 0 failed\n\n";
        assert_eq!(without_libtest(said), "hello\n");
        assert_eq!(without_libtest("\nrunning 1 test\ntest probe ... ok\n\ntest result: ok. 1\n\n"), "");
        assert_eq!(without_libtest("\nrunning 1 test\ntest probe ... hal"), "hal");
        assert_eq!(without_libtest("plain"), "plain");
    }
}
