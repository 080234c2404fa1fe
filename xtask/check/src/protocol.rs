//! # The protocol between a supervisor and a probe
//!
//! A probe gets the path of a *job file* and the write end of a pipe as its standard input. The job file holds a key,
//! the part, and the scenarios; the probe reads it and deletes it before any learner's code runs:
//!
//! ```text
//! key 0123456789abcdef0123456789abcdef
//! part pool
//! steps no                     (left out when steps are wanted, too)
//! scenario 03-full-and-back 211
//! ...211 bytes...
//! ```
//!
//! On the pipe come the traces, each between two lines that only the holder of the key can write:
//!
//! ```text
//! @ 0123456789abcdef0123456789abcdef begin 03-full-and-back
//!  4 | use pool classic 512
//!    = 7 blocks of 512, 464 bytes lost
//! @ 0123456789abcdef0123456789abcdef end 03-full-and-back
//! @ 0123456789abcdef0123456789abcdef done
//! ```
//!
//! - **I1** A scenario without its `end` line did not finish, whatever the exit code says.
//! - **I2** A marker line with another key is an ordinary line, and so it is compared and differs.

use std::fmt::Write;
use std::hash::{BuildHasher, Hasher, RandomState};

/// The name of the environment variable that hands a job file to a test binary.
pub const JOB_VARIABLE: &str = "COUNT_TO_ZERO_JOB";

/// What a probe is asked to do.
#[derive(Clone, Debug)]
pub struct Job<'a> {
    /// 32 hexadecimal digits that nobody can guess.
    pub key: String,
    /// The exercise's identifier.
    pub part: &'a str,
    /// Are steps wanted, or facts alone? Facts alone are much quicker.
    pub steps: bool,
    /// Names and texts.
    pub scenarios: Vec<(&'a str, &'a str)>,
}

impl<'a> Job<'a> {
    /// A job with a fresh key.
    pub fn new(part: &'a str, steps: bool, scenarios: Vec<(&'a str, &'a str)>) -> Job<'a> {
        Job { key: fresh_key(), part, steps, scenarios }
    }

    /// The job file's text. Each scenario's last line is complete, so that the next word starts a line.
    pub fn to_text(&self) -> String {
        let steps = if self.steps { "" } else { "steps no\n" };
        let mut out = format!("key {}\npart {}\n{steps}", self.key, self.part);
        for (name, text) in &self.scenarios {
            let end = if text.ends_with('\n') { "" } else { "\n" };
            let _ = write!(out, "scenario {name} {}\n{text}{end}", text.len() + end.len());
        }
        out
    }
}

/// 128 bits from the randomness with which the standard library seeds its hash maps.
pub fn fresh_key() -> String {
    let word = || {
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_u128(std::time::UNIX_EPOCH.elapsed().map_or(0, |t| t.as_nanos()));
        hasher.write_u32(std::process::id());
        hasher.finish()
    };
    format!("{:016x}{:016x}", word(), word())
}

/// A line of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said<'a> {
    /// The scenario with this name starts.
    Begin(&'a str),
    /// It ended.
    End(&'a str),
    /// The probe has no more to say.
    Done,
    /// A line of the trace.
    Trace(&'a str),
}

impl<'a> Said<'a> {
    /// Reads one line of the answer to a job with this key.
    pub fn parse(line: &'a str, key: &str) -> Said<'a> {
        let mine = line.strip_prefix("@ ").and_then(|l| l.strip_prefix(key)).and_then(|l| l.strip_prefix(' '));
        match mine.and_then(|m| m.split_once(' ').or(Some((m, "")))) {
            Some(("begin", name)) => Said::Begin(name),
            Some(("end", name)) => Said::End(name),
            Some(("done", "")) => Said::Done,
            _ => Said::Trace(line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_says_how_long_each_text_is() {
        let job = Job { key: "k".into(), part: "pool", steps: true, scenarios: vec![("a", "# é\n"), ("b", "x")] };
        assert_eq!(job.to_text(), "key k\npart pool\nscenario a 5\n# é\nscenario b 2\nx\n");
        assert!(Job { steps: false, ..job }.to_text().starts_with("key k\npart pool\nsteps no\nscenario a 5\n"));
    }

    #[test]
    fn keys_differ_and_have_32_digits() {
        let (a, b) = (fresh_key(), fresh_key());
        assert_ne!(a, b);
        assert!(a.len() == 32 && a.chars().all(|c| c.is_ascii_hexdigit()), "{a}");
    }

    #[test]
    fn only_the_right_key_speaks() {
        assert_eq!(Said::parse("@ k begin a b", "k"), Said::Begin("a b"));
        assert_eq!(Said::parse("@ k done", "k"), Said::Done);
        assert_eq!(Said::parse("@ j end a", "k"), Said::Trace("@ j end a"));
        assert_eq!(Said::parse("@ kk end a", "k"), Said::Trace("@ kk end a"));
        assert_eq!(Said::parse("@ k fly", "k"), Said::Trace("@ k fly"));
    }
}
