//! Random programs for the GIL: threads that compute, block and keep the lock, under several intervals.

use super::{Program, few, swarm};
use arbitrary::{Result, Unstructured};
use std::fmt::Write;

/// Durations in microseconds, from a single switch point to several intervals.
const DURATIONS: [u64; 8] = [0, 10, 60, 300, 1000, 4000, 7000, 16000];
/// Switch intervals in microseconds.
const INTERVALS: [u64; 5] = [5000, 5000, 1000, 100, 20000];
/// What a woken thread needs, in microseconds.
const WAKES: [u64; 4] = [50, 0, 10, 400];

/// One thing that a thread does, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// A loop of Python code.
    Cpu(u64),
    /// A call that blocks without the lock.
    Io(u64),
    /// A C function that keeps the lock.
    Native(u64),
}

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GilOp {
    /// The switch interval from now on.
    Interval(u64),
    /// A woken thread looks so much later.
    Wake(u64),
    /// Of several that wait, the newest is woken, or else the oldest.
    Choice {
        /// The newest.
        newest: bool,
    },
    /// A thread that begins at this time of the clock, and does all its work so many times.
    Thread {
        /// When; 0 is at once.
        at: u64,
        /// How often.
        times: u64,
        /// What.
        work: Vec<Work>,
    },
    /// Until all threads have ended.
    Run,
    /// Until the clock says so.
    RunUntil(u64),
}

/// A program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GilProgram {
    /// What is done, in order.
    pub ops: Vec<GilOp>,
}

// The operations of the swarm.
const IO: u16 = 1;
const NATIVE: u16 = 2;
const INTERVAL: u16 = 4;
const WAKE: u16 = 8;
const NEWEST: u16 = 16;
const LATER: u16 = 32;
const OFTEN: u16 = 64;
const AGAIN: u16 = 128;

impl Program for GilProgram {
    const PARTS: &'static [&'static str] = &["gil"];

    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let allowed = swarm(u, 0)?;
        let durations = few(u, &DURATIONS, 4)?;
        let (mut ops, mut now) = (vec![], 0);
        if allowed(WAKE) {
            ops.push(GilOp::Wake(*u.choose(&WAKES)?));
        }
        if allowed(NEWEST) {
            ops.push(GilOp::Choice { newest: u.arbitrary()? });
        }
        for round in 0..if allowed(AGAIN) { u.int_in_range(1..=3)? } else { 1 } {
            if allowed(INTERVAL) {
                ops.push(GilOp::Interval(*u.choose(&INTERVALS)?));
            }
            let threads = if round == 0 { u.int_in_range(2..=4)? } else { u.int_in_range(0..=2)? };
            for _ in 0..threads {
                ops.push(thread(u, &allowed, &durations, now)?);
            }
            now += u.int_in_range(1..=30)? * 500;
            ops.push(GilOp::RunUntil(now));
        }
        ops.push(GilOp::Run);
        Ok(GilProgram { ops })
    }

    fn text(&self) -> (String, String) {
        let (mut out, mut threads) = (String::new(), 0);
        for op in &self.ops {
            let _ = match op {
                GilOp::Interval(micros) => writeln!(out, "interval {micros}us"),
                GilOp::Wake(micros) => writeln!(out, "wake {micros}us"),
                GilOp::Choice { newest } => writeln!(out, "choice {}", if *newest { "newest" } else { "oldest" }),
                GilOp::Thread { at, times, work } => {
                    threads += 1;
                    let at = if *at == 0 { String::new() } else { format!(" at {at}us") };
                    let times = if *times == 1 { String::new() } else { format!(" {times} times") };
                    let work: String = work.iter().map(said).collect();
                    writeln!(out, "thread t{}{at}{times}{work}", threads - 1)
                }
                GilOp::Run => writeln!(out, "run"),
                GilOp::RunUntil(micros) => writeln!(out, "run until {micros}us"),
            };
        }
        (String::new(), out)
    }
}

fn said(work: &Work) -> String {
    match work {
        Work::Cpu(micros) => format!(" cpu {micros}us"),
        Work::Io(micros) => format!(" io {micros}us"),
        Work::Native(micros) => format!(" native {micros}us"),
    }
}

fn thread(u: &mut Unstructured<'_>, allowed: &impl Fn(u16) -> bool, durations: &[u64], now: u64) -> Result<GilOp> {
    let later = if allowed(LATER) { u.int_in_range(0..=12)? * 500 } else { 0 };
    let times = if allowed(OFTEN) { u.int_in_range(1..=4)? } else { 1 };
    let mut work = Vec::new();
    for _ in 0..u.int_in_range(1..=3)? {
        let micros = *u.choose(durations)?;
        work.push(match u.int_in_range(0..=3)? {
            0 if allowed(IO) => Work::Io(micros),
            1 if allowed(NATIVE) => Work::Native(micros.max(1)),
            _ => Work::Cpu(micros.max(1)),
        });
    }
    Ok(GilOp::Thread { at: if later == 0 { 0 } else { now + later }, times, work })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_reads_like_a_scenario() {
        let thread = |at, times, work| GilOp::Thread { at, times, work };
        let ops = vec![
            GilOp::Interval(5000),
            thread(0, 1, vec![Work::Cpu(20000)]),
            thread(2000, 3, vec![Work::Io(10), Work::Native(7)]),
            GilOp::RunUntil(12000),
            GilOp::Run,
        ];
        let text = "use gil\ninterval 5000us\nthread t0 cpu 20000us\n\
                    thread t1 at 2000us 3 times io 10us native 7us\nrun until 12000us\nrun\n";
        assert_eq!(GilProgram { ops }.to_ops(), text);
    }
}
