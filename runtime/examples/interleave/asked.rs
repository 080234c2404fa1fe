//! The command line.

use crate::policies::{self, Policy};

/// What `--help` says.
pub(crate) const HELP: &str = "\
What can happen to a program with threads, on a virtual clock.

usage: interleave FILE.ops [OPTIONS]

who decides which thread goes on:
    (nothing)            the switch interval, as in CPython
    --seed N             dice; the same number is the same history
    --choices 0,1,1      this list: at a switch point 0 goes on, 1 lets the first thread that waits run, 2 the second
    --all                every list there is: counts what the program can come to
    --compare            the policies, one after the other: who had the GIL how long, who waited how long

options:
    --policy NAME        who is woken and who asks how soon: os (the oldest, after an interval), newest, io (who blocked
                         comes first), fair (the reference's answer to exercise `scheduler`)
    --everywhere         a thread may switch after every instruction, as up to Python 3.9
    --wake 50us          so long a woken thread needs until it runs; 50us, and 0us where choices are made
    --runs N             with --all, so many histories at most (100000)
    --no-timeline        tells the facts only
    --help

A file begins with `use world`; the language is in the head of runtime/src/lab/world.rs, examples are in
runtime/tests/world. Exit code 2: the command or the file makes no sense.
";

/// What is wanted.
pub(crate) enum Wanted {
    /// One run, as the interval says.
    Interval,
    /// One run, as dice say.
    Seed(u64),
    /// One run, as the list says.
    List(Vec<usize>),
    /// All of them.
    All,
    /// One run with each policy.
    Compare,
}

/// The command line, read.
pub(crate) struct Asked {
    /// The program.
    pub(crate) file: String,
    /// What is wanted.
    pub(crate) wanted: Wanted,
    /// Runs at most.
    pub(crate) runs: u64,
    /// How long a woken thread needs.
    pub(crate) wake: Option<u64>,
    /// Whether the history is told.
    pub(crate) timeline: bool,
    /// Whether a thread may switch after every instruction.
    pub(crate) everywhere: bool,
    policy: usize,
}

impl Asked {
    /// The policy that was named.
    pub(crate) fn scheduler(&self) -> Policy {
        policies::all()[self.policy].1
    }
}

/// Reads it.
///
/// # Errors
/// A sentence: what makes no sense.
pub(crate) fn read(words: &[String]) -> Result<Asked, String> {
    let mut words = words.iter().map(String::as_str);
    let (mut file, mut wanted, mut runs, mut wake) = (None, Wanted::Interval, 100_000, None);
    let (mut timeline, mut everywhere, mut policy) = (true, false, 0);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("`{word}` wants a value; --help says which"));
        match word {
            "--seed" => wanted = Wanted::Seed(number(word, value()?)?),
            "--choices" => wanted = Wanted::List(list(value()?)?),
            "--all" => wanted = Wanted::All,
            "--compare" => wanted = Wanted::Compare,
            "--runs" => runs = number(word, value()?)?,
            "--wake" => wake = Some(micros(value()?)?),
            "--no-timeline" => timeline = false,
            "--everywhere" => everywhere = true,
            "--policy" => {
                let name = value()?;
                let known = policies::all();
                let at = known.iter().position(|(known, _)| *known == name);
                let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                policy = at.ok_or_else(|| format!("there is no policy `{name}`: {}", names.join(", ")))?;
            }
            flag if flag.starts_with('-') => return Err(format!("`{flag}` is no option; --help names them")),
            _ if file.is_some() => return Err(format!("one file, please: what is `{word}`?")),
            _ => file = Some(word.to_string()),
        }
    }
    let file = file.ok_or("which program? `interleave FILE.ops`; --help says more")?;
    Ok(Asked { file, wanted, runs, wake, timeline, everywhere, policy })
}

fn number(option: &str, word: &str) -> Result<u64, String> {
    word.parse().map_err(|_| format!("`{option} {word}`: that is no number"))
}

fn list(word: &str) -> Result<Vec<usize>, String> {
    let numbers = word.split(',').filter(|number| !number.is_empty());
    numbers.map(|number| number.trim().parse().map_err(|_| format!("`{number}` in --choices is no number"))).collect()
}

fn micros(word: &str) -> Result<u64, String> {
    let micros = match word.strip_suffix("ms") {
        Some(number) => number.parse().ok().and_then(|ms: u64| ms.checked_mul(1000)),
        None => word.strip_suffix("us").and_then(|number| number.parse().ok()),
    };
    micros.ok_or_else(|| format!("`{word}` is no time: 5ms, 50us"))
}
