//! Allocators side by side: `race [--rounds N] [--record] [PATTERN ...]`.
//!
//! Each contender runs in a process of its own, so that nobody meets another's address space or page tables. All of
//! them are alive at the same time, wait, and run one round at a time in turn (A B C A B C ...): a machine that is
//! slower for a while is slower for everybody. Where pages happen to lie is a matter of luck that lasts as long
//! as a process; so the processes are started anew a few times ([`STARTS`]), and each one's first round does not count.
//!
//! A time is the processor's time of that process, its page faults included, and not the time of day: on a busy machine
//! that would tell about the others. What is shown is the median of all rounds, with the quartiles, and the median of
//! the ratios within each round. Times include the harness, which everybody pays: the row `nobody`.
//!
//! `--record` writes the medians to `book/experiments/allocator_race.csv`, from which the book draws its figure.

use benches::contender::{self, Contender, Job};
use benches::patterns;
use benches::program::{Program, replay};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::time::Duration;

/// How often the processes are started anew.
const STARTS: usize = 5;

/// Those to whom the others are compared.
const YARDSTICKS: [&str; 2] = ["pymalloc", "mimalloc"];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let result = match words[..] {
        ["--child", name, pattern] => child(name, pattern),
        _ => race(&words),
    };
    result.map_or_else(
        |message| {
            eprintln!("{message}");
            ExitCode::from(2)
        },
        |()| ExitCode::SUCCESS,
    )
}

fn race(mut words: &[&str]) -> Result<(), String> {
    const USAGE: &str = "usage: race [--rounds N] [--record] [PATTERN ...]";
    let (mut rounds, mut record) = (9, false);
    loop {
        words = match words {
            ["--rounds", number, rest @ ..] => {
                rounds = number.parse().ok().filter(|rounds| *rounds > 0).ok_or(USAGE)?;
                rest
            }
            ["--record", rest @ ..] => {
                record = true;
                rest
            }
            _ => break,
        }
    }
    if let Some(unknown) = words.iter().find(|word| !patterns::NAMES.contains(word)) {
        return Err(format!("`{unknown}` is none of the patterns: {}\n{USAGE}", patterns::NAMES.join(", ")));
    }
    if record && !words.is_empty() {
        return Err(format!("--record writes the times of all patterns: leave out `{}`", words.join(" ")));
    }
    let chosen = if words.is_empty() { &patterns::NAMES[..] } else { words };
    let present = contender::present();
    if !present.contains(&"pymalloc") {
        println!("pymalloc takes no part: no python3 with a shared libpython was found");
    }
    let mut csv = String::from("pattern,contender,nanoseconds_per_pair\n");
    for pattern in chosen {
        let times = run(pattern, &present, rounds)?;
        print!("{}", table(pattern, &present, &times));
        for (name, times) in present.iter().zip(&times) {
            writeln!(csv, "{pattern},{name},{:.2}", quartiles(times)[1]).expect("into a string");
        }
    }
    if record {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/experiments/allocator_race.csv");
        std::fs::write(&file, csv).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}

/// Nanoseconds for a pair, for each contender and each round.
fn run(pattern: &str, present: &[&'static str], rounds: usize) -> Result<Vec<Vec<f64>>, String> {
    let mut times = vec![vec![]; present.len()];
    for _ in 0..STARTS {
        let runners = present.iter().map(|name| Runner::start(name, pattern));
        let mut runners = runners.collect::<Result<Vec<Runner>, String>>()?;
        for round in 0..=rounds {
            for (runner, times) in runners.iter_mut().zip(&mut times) {
                let time = runner.round()?;
                if round > 0 {
                    times.push(time);
                }
            }
        }
    }
    Ok(times)
}

/// A contender's process.
struct Runner {
    name: &'static str,
    process: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Runner {
    fn start(name: &'static str, pattern: &str) -> Result<Runner, String> {
        let own = std::env::current_exe().map_err(|error| format!("where is this program? {error}"))?;
        let mut command = Command::new(own);
        command.args(["--child", name, pattern]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().map_err(|error| format!("{name} does not start: {error}"))?;
        let (orders, answers) = (process.stdin.take(), process.stdout.take().expect("it was piped"));
        Ok(Runner { name, process, orders, answers: BufReader::new(answers) })
    }

    /// Runs one round: nanoseconds for a pair.
    fn round(&mut self) -> Result<f64, String> {
        let ended = |name: &str| format!("{name} ended before its time");
        let orders = self.orders.as_mut().expect("until it is dropped");
        orders.write_all(b"go\n").map_err(|_| ended(self.name))?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer).map_err(|_| ended(self.name))?;
        answer.trim().parse().map_err(|_| ended(self.name))
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        self.orders = None;
        // It ends when nobody orders any more; how is of no interest now.
        drop(self.process.wait());
    }
}

/// The other side of a [`Runner`].
fn child(name: &str, pattern: &str) -> Result<(), String> {
    let program = patterns::named(pattern).ok_or_else(|| format!("there is no pattern `{pattern}`"))?;
    contender::enter(name, Rounds(&program)).ok_or_else(|| format!("there is no contender `{name}`"))
}

struct Rounds<'a>(&'a Program);

impl Job for Rounds<'_> {
    type Result = ();
    fn run<C: Contender>(self, contender: &C) {
        let mut table = self.0.table();
        for _ in std::io::stdin().lines() {
            let start = now();
            replay(contender, self.0, &mut table);
            println!("{}", (now() - start).as_nanos() as f64 / self.0.pairs() as f64);
        }
    }
}

/// The processor's time that this process had so far: what others do in between does not count. Elsewhere than on
/// Linux, the time of day will do.
fn now() -> Duration {
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
fn quartiles(values: &[f64]) -> [f64; 3] {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| sorted[(sorted.len() - 1) * quarter / 4])
}

fn table(pattern: &str, present: &[&str], times: &[Vec<f64>]) -> String {
    let mut text = format!("\n{pattern:<10} {:>8} {:>15}", "ns/pair", "quartiles");
    let yardsticks = YARDSTICKS.map(|name| present.iter().position(|present| *present == name));
    for name in YARDSTICKS {
        write!(text, " {:>12}", format!("x {name}")).expect("into a string");
    }
    text.push('\n');
    for (name, mine) in present.iter().zip(times) {
        let [low, median, high] = quartiles(mine);
        write!(text, "{name:<10} {median:>8.2} {:>15}", format!("{low:.2}-{high:.2}")).expect("into a string");
        for yardstick in yardsticks {
            let ratios = yardstick.map(|index| mine.iter().zip(&times[index]).map(|(mine, its)| mine / its).collect());
            let shown = ratios.map_or("-".into(), |ratios: Vec<f64>| format!("{:.2}", quartiles(&ratios)[1]));
            write!(text, " {shown:>12}").expect("into a string");
        }
        text.push('\n');
    }
    text
}
