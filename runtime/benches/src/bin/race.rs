//! Allocators side by side: `race [--rounds N] [--record] [PATTERN ...]`.
//!
//! Each contender runs in a process of its own, and they take turns ([`benches::turns`]). Where pages happen to lie is
//! a matter of luck that lasts as long as a process; so the processes are started anew a few times ([`STARTS`]), and
//! each one's first round does not count.
//!
//! What is shown is the median of all rounds, with the quartiles, and the median of the ratios within each round. Times
//! include the harness, which everybody pays: the row `nobody`.
//!
//! `--record` writes the medians to `book/experiments/allocator_race.csv`, from which the book draws its figure.

use benches::contender::{self, Contender, Job};
use benches::patterns;
use benches::program::{Program, replay};
use benches::turns::{Runner, now, quartiles, ratio};
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode};

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
        let runners = present.iter().map(|name| start(name, pattern));
        let mut runners = runners.collect::<Result<Vec<Runner>, String>>()?;
        for round in 0..=rounds {
            for (runner, times) in runners.iter_mut().zip(&mut times) {
                let time = one_round(runner)?;
                if round > 0 {
                    times.push(time);
                }
            }
        }
    }
    Ok(times)
}

/// Starts a contender's process.
fn start(name: &str, pattern: &str) -> Result<Runner, String> {
    let own = std::env::current_exe().map_err(|error| format!("where is this program? {error}"))?;
    Runner::start(Command::new(own).args(["--child", name, pattern]))
}

/// One round: nanoseconds for a pair.
fn one_round(runner: &mut Runner) -> Result<f64, String> {
    runner.round()?.parse().map_err(|_| "a contender said no number".into())
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
            let shown = yardstick.map_or("-".into(), |index| format!("{:.2}", ratio(mine, &times[index])));
            write!(text, " {shown:>12}").expect("into a string");
        }
        text.push('\n');
    }
    text
}
