//! The GIL, ours beside CPython's: what it costs to let it go, to hand it over, and what a thread that mostly waits pays
//! beside threads that compute.
//! `gil [--rounds N]`, `gil --convoy [--seconds N] [--record]`
//!
//! What is measured is in [`benches::switching`]. Contenders have processes of their own and take turns.
//! `--record` writes what the convoy told to `book/experiments/convoy.csv`, from which the book draws its figure.

use benches::python::Interpreter;
use benches::switching::baton::Baton;
use benches::switching::capi::Capi;
use benches::switching::convoy::{self, Setting, spread};
use benches::switching::{Contender, Ours, Question};
use benches::turns::{Runner, quartiles, ratio};
use std::fmt::Write;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

const HELP: &str = "\
usage: gil [--rounds N]
       gil --convoy [--seconds N] [--record]

  --rounds N    rounds that count (15)
  --convoy      latency of answers beside threads that compute
  --seconds N   how long letters are written in each setting (8)
  --record      writes the convoy's numbers to book/experiments/convoy.csv
  --help        this";

/// Who is asked, ours first; the last one can only be handed over.
const WHO: [&str; 3] = ["ours", "from C", "wake"];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<u64>().map_err(|_| format!("`{text}` is no number\n\n{HELP}"));
    let result = match words[..] {
        ["--child", who, question] => child(who, question),
        ["--echo", computing, interval] => number(computing).and_then(|computing| {
            let interval = number(interval)?;
            convoy::serve(Setting { computing, interval })
        }),
        ["--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        [] => compare(15),
        ["--rounds", rounds] => number(rounds).and_then(compare),
        ["--convoy", ref rest @ ..] => convoy_of(rest),
        _ => Err(HELP.into()),
    };
    result.map_or_else(
        |message| {
            eprintln!("{message}");
            ExitCode::from(2)
        },
        |()| ExitCode::SUCCESS,
    )
}

fn compare(rounds: u64) -> Result<(), String> {
    match Capi::find() {
        Some(library) => {
            let (major, minor, micro) = library.version;
            println!("from C: CPython {major}.{minor}.{micro}");
        }
        None => println!("CPython takes no part: no python3 up to 3.11 with a shared libpython was found"),
    }
    println!("wake: one thread wakes another one, and nothing else");
    println!("{:<10} {:>9} {:>9} {:>9} {:>9}", "ns", WHO[0], WHO[1], "ratio", WHO[2]);
    for question in Question::ALL {
        let asked = if question == Question::Handover { &WHO[..] } else { &WHO[..2] };
        let times = asked.iter().map(|who| start(who, question));
        let mut runners = times.into_iter().collect::<Result<Vec<Runner>, String>>()?;
        let mut times: Vec<Result<Vec<f64>, String>> = vec![Ok(vec![]); runners.len()];
        for round in 0..=rounds {
            for (runner, times) in runners.iter_mut().zip(&mut times) {
                let Ok(so_far) = times else { continue };
                match runner.round().and_then(|text| text.parse().map_err(|_| text)) {
                    Ok(time) if round > 0 => so_far.push(time),
                    Ok(_) => {}
                    Err(end) => *times = Err(end),
                }
            }
        }
        let show = |at: usize| match times.get(at) {
            Some(Ok(times)) => format!("{:.0}", quartiles(times)[1]),
            _ => "-".into(),
        };
        let against = match (&times[0], &times[1]) {
            (Ok(mine), Ok(its)) => format!("{:.2}", ratio(mine, its)),
            _ => "-".into(),
        };
        println!("{:<10} {:>9} {:>9} {:>9} {:>9}", question.name(), show(0), show(1), against, show(2));
    }
    Ok(())
}

fn start(who: &str, question: Question) -> Result<Runner, String> {
    Runner::start(Command::new(own()?).args(["--child", who, question.name()]))
}

fn own() -> Result<std::path::PathBuf, String> {
    std::env::current_exe().map_err(|error| format!("where is this program? {error}"))
}

/// The other side of [`compare`].
fn child(who: &str, question: &str) -> Result<(), String> {
    let question = Question::named(question).ok_or("there is no such question")?;
    if who == WHO[0] {
        return rounds(&Ours::default(), question);
    }
    if who == WHO[2] {
        return std::io::stdin().lines().try_for_each(|_| {
            println!("{}", question.ask(&Baton::default()));
            Ok(())
        });
    }
    let python = Capi::find().ok_or("there is no libpython")?;
    rounds(&Capi::load(&python).map_err(|error| error.to_string())?, question)
}

fn rounds(contender: &impl Contender, question: Question) -> Result<(), String> {
    for _ in std::io::stdin().lines() {
        println!("{}", question.ask(contender));
    }
    Ok(())
}

fn convoy_of(mut words: &[&str]) -> Result<(), String> {
    let (mut seconds, mut record) = (8, false);
    loop {
        words = match words {
            ["--seconds", number, rest @ ..] => {
                seconds = number.parse().ok().filter(|seconds| *seconds > 0).ok_or(HELP)?;
                rest
            }
            ["--record", rest @ ..] => {
                record = true;
                rest
            }
            [] => break,
            _ => return Err(HELP.into()),
        }
    }
    let installed = Interpreter::installed();
    let python = Interpreter::preferred(&installed);
    let version = python.map_or("no CPython was found".into(), |python| format!("CPython {python}"));
    let thinks = convoy::THINKS.as_millis();
    let mut csv = format!(
        "# Written by `cargo run --release -p benches --bin gil -- --convoy --record`: microseconds until an answer,\n\
         # {seconds} s of letters for each line, {thinks} ms between two of them; ours, and {version}; {}.\n\
         side,cpu_threads,interval_us,p10_us,median_us,p90_us,count\n",
        machine()
    );
    println!("{version}; milliseconds: p10, median, p90");
    println!("{:>9} {:>9} {:>24} {:>24}", "computing", "interval", "ours", "CPython");
    for setting in Setting::all() {
        let mut shown = vec![];
        for side in ["ours", "CPython"] {
            let Some(mut server) = server(side, python, setting)? else { continue };
            let latencies = convoy::ask(&mut server, Duration::from_secs(seconds))?;
            let [low, median, high] = spread(&latencies);
            let (Setting { computing, interval }, count) = (setting, latencies.len());
            let micros = [low, median, high].map(|ms| format!("{:.0}", ms * 1e3)).join(",");
            writeln!(csv, "{side},{computing},{interval},{micros},{count}").expect("into a string");
            shown.push(format!("{low:.2} {median:.2} {high:.2}"));
        }
        shown.resize(2, "-".into());
        let interval = setting.interval as f64 / 1e3;
        println!("{:>9} {:>9} {:>24} {:>24}", setting.computing, interval, shown[0], shown[1]);
    }
    if record {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/experiments/convoy.csv");
        std::fs::write(&file, csv).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}

/// What the numbers were measured on, in a few words.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    format!("{} {}, {cores} cores", std::env::consts::OS, std::env::consts::ARCH)
}

fn server(side: &str, python: Option<&Interpreter>, setting: Setting) -> Result<Option<Command>, String> {
    let mut command = match (side, python) {
        ("ours", _) => {
            let mut command = Command::new(own()?);
            command.arg("--echo");
            command
        }
        (_, None) => return Ok(None),
        (_, Some(python)) => {
            let mut command = Command::new(&python.program);
            command.args(["-I", "-S"]).arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/switching/echo.py"));
            command
        }
    };
    command.args([setting.computing.to_string(), setting.interval.to_string()]);
    Ok(Some(command))
}
