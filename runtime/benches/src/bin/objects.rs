//! What an operation on an object costs: ours, and CPython's from C and in Python.
//! `objects [--rounds N] [--list] [OPERATION ...]`
//!
//! What the operations are and who does them is in [`benches::operations`]. Each does it in a process of its own, and
//! they take turns ([`benches::turns`]). What is shown is the median of all rounds, and the median of the ratios within
//! each round; the first round does not count.

use benches::collect::ours::interpreter;
use benches::operations::capi::Capi;
use benches::operations::ours::Ours;
use benches::operations::{self, BATCH, COUNT, Operation};
use benches::python::Interpreter;
use benches::turns::{Runner, quartiles, ratio};
use std::path::Path;
use std::process::{Command, ExitCode};

const HELP: &str = "\
usage: objects [--rounds N] [--list] [OPERATION ...]

  --rounds N   rounds that count (15)
  --list       names of the operations
  --help       this

Without an operation all of them are measured.";

/// Who does it, ours first; the others are what it is compared with.
const WHO: [&str; 3] = ["ours", "from C", "in Python"];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let result = match words[..] {
        ["--child", who, operation] => child(who, operation),
        ["--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        ["--list"] => {
            println!("{}", Operation::ALL.map(Operation::name).join(" "));
            Ok(())
        }
        _ => compare(&words),
    };
    result.map_or_else(
        |message| {
            eprintln!("{message}");
            ExitCode::from(2)
        },
        |()| ExitCode::SUCCESS,
    )
}

fn compare(words: &[&str]) -> Result<(), String> {
    let (rounds, names) = match words {
        ["--rounds", number, names @ ..] => {
            (number.parse().ok().filter(|number| *number > 0).ok_or(format!("`{number}` is no number"))?, names)
        }
        names => (15, names),
    };
    let named = |name: &&str| Operation::named(name).ok_or(format!("there is no operation `{name}`\n\n{HELP}"));
    let mut operations = names.iter().map(named).collect::<Result<Vec<Operation>, String>>()?;
    if operations.is_empty() {
        operations = Operation::ALL.to_vec();
    }
    let installed = Interpreter::installed();
    let python = Interpreter::preferred(&installed);
    match (python, Capi::find()) {
        (Some(python), Some(library)) => {
            let (major, minor, micro) = library.version;
            println!("from C: CPython {major}.{minor}.{micro}; in Python: CPython {python}");
        }
        _ => println!("some take no part: no python3 was found, or none up to 3.11 with a shared libpython"),
    }
    println!("{:<10} {:>9} {:>9} {:>9} {:>10} {:>10}", "ns", WHO[0], WHO[1], WHO[2], "/ from C", "/ in Python");
    for operation in operations {
        let times = race(operation, python, rounds)?;
        let time = |who: usize| match &times[who] {
            Ok(times) => format!("{:.2}", quartiles(times)[1]),
            Err(_) => "-".into(),
        };
        let against = |who: usize| match (&times[0], &times[who]) {
            (Ok(mine), Ok(its)) => format!("{:.2}", ratio(mine, its)),
            _ => "-".into(),
        };
        let name = operation.name();
        let (own, others) = (time(0), [1, 2].map(time));
        println!("{name:<10} {own:>9} {:>9} {:>9} {:>10} {:>10}", others[0], others[1], against(1), against(2));
    }
    Ok(())
}

/// Nanoseconds of each round, or why there are none.
fn race(
    operation: Operation,
    python: Option<&Interpreter>,
    rounds: usize,
) -> Result<Vec<Result<Vec<f64>, String>>, String> {
    let own = std::env::current_exe().map_err(|error| format!("where is this program? {error}"))?;
    let mut commands: Vec<Command> = vec![];
    for who in &WHO[..2] {
        let mut command = Command::new(&own);
        command.args(["--child", who, operation.name()]);
        commands.push(command);
    }
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/operations/operations.py");
    let mut command = python.map(|python| Command::new(&python.program)).unwrap_or(Command::new("false"));
    command.args(["-I", "-S"]).arg(program).args([operation.name(), &COUNT.to_string(), &BATCH.to_string()]);
    commands.push(command);
    let mut runners = commands.iter_mut().map(Runner::start).collect::<Result<Vec<Runner>, String>>()?;
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
    Ok(times)
}

/// The other side of [`race`].
fn child(who: &str, operation: &str) -> Result<(), String> {
    let operation = Operation::named(operation).ok_or("there is no such operation")?;
    if who == WHO[0] {
        return interpreter().with_gil(|gil| operations::rounds(&Ours::new(gil.objects()), operation));
    }
    let python = Capi::find().ok_or("there is no libpython")?;
    let capi = Capi::load(&python).map_err(|error| error.to_string())?;
    operations::rounds(&capi, operation)
}
