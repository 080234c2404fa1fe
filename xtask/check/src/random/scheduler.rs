//! Random programs for the scheduler: threads that compute, answer and keep the GIL, and what no policy may do to them.
//!
//! Any right policy must keep the promises that a program ends with, so they are wide: nobody waits for longer than all
//! the others together may have the GIL, a few times over, and nobody switches all the time.

use super::{Program, few, swarm};
use arbitrary::{Result, Unstructured};
use std::fmt::Write;

/// Computing times in microseconds.
const COMPUTES: [u64; 6] = [10, 60, 300, 4000, 12000, 40000];
/// Blocking times in microseconds.
const BLOCKS: [u64; 6] = [0, 10, 100, 2000, 9000, 50000];
/// Switch intervals in microseconds.
const INTERVALS: [u64; 4] = [5000, 5000, 1000, 20000];
/// What a woken thread needs, in microseconds.
const WAKES: [u64; 4] = [50, 50, 10, 400];
/// Longest time that a C function keeps the GIL, in microseconds.
const NATIVE: u64 = 7000;

/// A thread: begins at a time, does its work so many times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// When it begins, in microseconds.
    pub at: u64,
    /// How often it does everything.
    pub times: u64,
    /// Microseconds that it blocks first, if it does.
    pub blocks: Option<u64>,
    /// Microseconds that it computes then.
    pub computes: u64,
    /// It keeps the GIL meanwhile.
    pub native: bool,
}

/// A program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchedulerProgram {
    /// The switch interval, in microseconds.
    pub interval: u64,
    /// What a woken thread needs, in microseconds.
    pub wake: u64,
    /// All threads.
    pub workers: Vec<Worker>,
}

// What the swarm allows.
const BLOCKING: u16 = 1;
const KEEPING: u16 = 2;
const LATER: u16 = 4;
const INTERVAL: u16 = 8;
const WAKE: u16 = 16;
const OFTEN: u16 = 32;

impl SchedulerProgram {
    /// Nobody waits longer, in microseconds.
    pub fn longest_wait(&self) -> u64 {
        let native = self.workers.iter().filter(|w| w.native).map(|w| w.computes).max().unwrap_or(0);
        6 * self.workers.len() as u64 * (self.interval + native + self.wake + 20)
    }

    /// There are not more switches.
    pub fn most_switches(&self) -> u64 {
        let blocks: u64 = self.workers.iter().map(|w| w.times * u64::from(w.blocks.is_some()) + 1).sum();
        let computes: u64 = self.workers.iter().map(|w| w.times * w.computes).sum();
        4 * blocks + 12 * computes / self.interval + 10
    }
}

impl Program for SchedulerProgram {
    const PARTS: &'static [&'static str] = &["scheduler"];

    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let allowed = swarm(u, 0)?;
        let (computes, blocks) = (few(u, &COMPUTES, 3)?, few(u, &BLOCKS, 3)?);
        let interval = if allowed(INTERVAL) { *u.choose(&INTERVALS)? } else { 5000 };
        let wake = if allowed(WAKE) { *u.choose(&WAKES)? } else { 50 };
        let mut workers = vec![];
        for _ in 0..u.int_in_range(2..=6)? {
            let native = allowed(KEEPING) && u.ratio(1, 4)?;
            let blocks = if allowed(BLOCKING) && u.arbitrary()? { Some(*u.choose(&blocks)?) } else { None };
            let computes = *u.choose(&computes)?;
            workers.push(Worker {
                at: if allowed(LATER) { u.int_in_range(0..=20)? * 1000 } else { 0 },
                times: if allowed(OFTEN) && blocks.is_some() { u.int_in_range(1..=30)? } else { 1 },
                blocks,
                computes: if native { computes.min(NATIVE) } else { computes },
                native,
            });
        }
        Ok(SchedulerProgram { interval, wake, workers })
    }

    fn text(&self) -> (String, String) {
        let mut out = format!("interval {}us\nwake {}us\n", self.interval, self.wake);
        for (index, Worker { at, times, blocks, computes, native }) in self.workers.iter().enumerate() {
            let at = if *at == 0 { String::new() } else { format!(" at {at}us") };
            let times = if *times == 1 { String::new() } else { format!(" {times} times") };
            let blocks = blocks.map_or(String::new(), |micros| format!(" io {micros}us"));
            let verb = if *native { "native" } else { "cpu" };
            // A string takes every line.
            let _ = writeln!(out, "thread t{index}{at}{times}{blocks} {verb} {computes}us");
        }
        out.push_str("run\n");
        for index in 0..self.workers.len() {
            let _ = writeln!(out, "waits t{index} at most {}us", self.longest_wait());
        }
        let _ = writeln!(out, "switches at most {}", self.most_switches());
        (String::new(), out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_reads_like_a_scenario() {
        let computes = Worker { at: 0, times: 1, blocks: None, computes: 4000, native: false };
        let answers = Worker { at: 2000, times: 3, blocks: Some(10), computes: 60, native: true };
        let program = SchedulerProgram { interval: 5000, wake: 50, workers: vec![computes, answers] };
        let text = "use scheduler\ninterval 5000us\nwake 50us\nthread t0 cpu 4000us\nthread t1 at 2000us 3 times io 10us \
                    native 60us\nrun\nwaits t0 at most 61560us\nwaits t1 at most 61560us\nswitches at most 40\n";
        assert_eq!(program.to_ops(), text);
    }
}
