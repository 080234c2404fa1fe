//! Programs of objects, here and on a real CPython 3.11: `objects-against-python [--programs N] [--seed S] [PYTHON]`.
//!
//! Random programs from seed S on run on both, and every fact must be the same. The first that differs is shrunk and
//! shown with what both say. Exit code 1 when something differs, 2 when the interpreter that was named is no CPython
//! 3.11. Without any interpreter it says so and ends with 0.
//!
//! | | |
//! |---|---|
//! | `--file FILE.ops` | this program, with what both say |
//! | `--python FILE.ops` | this program, written out as Python |
//! | `--twice` | the interpreter against itself, in another order and with other hashes: are the facts facts? |
//! | `--all` | names all that differ, and shrinks none |
//! | `--record` | writes what the interpreter says into the recordings of `runtime/tests/world` |

use check::random::{Program as _, seeded, world::WorldProgram};
use check::shrink::shrink;
use fuzz::world::interpreter::Interpreter;
use fuzz::world::python::python;
use fuzz::world::record;
use runtime::lab::world::language::Program;
use runtime::lab::world::recorded::{with_facts, without_facts};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Programs in one process of the interpreter.
const BATCH: u64 = 200;

/// After so long a program that differs is shown as far as it was shrunk.
const SHRINKING: Duration = Duration::from_secs(120);

/// What the command line asks for.
#[derive(Default)]
struct Asked {
    programs: u64,
    seed: u64,
    twice: bool,
    /// All that differ are named, and none is shrunk.
    all: bool,
    record: bool,
    file: Option<String>,
    written_out: Option<String>,
    python: Option<String>,
}

const USAGE: &str = "usage: objects-against-python [--programs N] [--seed S] [--twice] [--all] [PYTHON]
       objects-against-python --file FILE.ops | --python FILE.ops | --record";

fn main() -> ExitCode {
    let result = match asked(std::env::args().skip(1)) {
        None => Err(USAGE.into()),
        Some(Asked { written_out: Some(file), .. }) => read(&file).map(|(_, program)| {
            print!("{}", python(&program));
            true
        }),
        Some(asked) => with_interpreter(&asked),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(2)
        }
    }
}

/// Reads the command line. `None`: it makes no sense.
fn asked(mut words: impl Iterator<Item = String>) -> Option<Asked> {
    let mut asked = Asked { programs: 2000, ..Asked::default() };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--programs" => asked.programs = words.next()?.parse().ok()?,
            "--seed" => asked.seed = words.next()?.parse().ok()?,
            "--twice" => asked.twice = true,
            "--all" => asked.all = true,
            "--record" => asked.record = true,
            "--file" => asked.file = Some(words.next()?),
            "--python" => asked.written_out = Some(words.next()?),
            flag if flag.starts_with('-') => return None,
            _ => asked.python = Some(word),
        }
    }
    Some(asked)
}

fn with_interpreter(asked: &Asked) -> Result<bool, String> {
    let interpreter = match &asked.python {
        Some(name) => Interpreter::ask(Path::new(name))?,
        None => match Interpreter::find() {
            Some(interpreter) => interpreter,
            None => {
                println!("skipped: no CPython 3.11 was found to compare with");
                return Ok(true);
            }
        },
    };
    match &asked.file {
        Some(file) => one(&interpreter, file),
        None if asked.record => {
            println!("{}", record::all(&interpreter)?);
            Ok(true)
        }
        None => compare(&interpreter, asked),
    }
}

fn read(file: &str) -> Result<(String, Program), String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let text = without_facts(&text);
    let program = Program::parse(&text).map_err(|bad| format!("{file}:{}: {}", bad.line, bad.sentence))?;
    Ok((text, program))
}

/// One program, with what both say.
fn one(interpreter: &Interpreter, file: &str) -> Result<bool, String> {
    let (text, program) = read(file)?;
    let theirs = &interpreter.run(&[&program], 0)?[0];
    let ours = ours(&program);
    show(&text, &program, interpreter, theirs, &ours);
    Ok(*theirs == ours)
}

fn ours(program: &Program) -> Vec<String> {
    runtime::lab::world::facts(program)
}

fn show(text: &str, program: &Program, interpreter: &Interpreter, theirs: &[String], ours: &[String]) {
    println!("--- CPython {}\n{}", interpreter.version, with_facts(text, program, theirs));
    match theirs == ours {
        true => println!("--- the runtime: the same"),
        false => println!("--- the runtime\n{}", with_facts(text, program, ours)),
    }
    if theirs != ours {
        println!("--- the first difference,{}", first_difference(theirs, ours));
    }
}

/// All programs, on both.
fn compare(interpreter: &Interpreter, asked: &Asked) -> Result<bool, String> {
    let (mut facts, mut raise, mut differ) = (0, 0, 0);
    let last = asked.seed + asked.programs;
    for from in (asked.seed..last).step_by(BATCH as usize) {
        let seeds = from..(from + BATCH).min(last);
        let texts: Vec<String> = seeds.clone().map(|seed| seeded::<WorldProgram>(seed).to_ops()).collect();
        let both = both(interpreter, &texts, asked.twice)?;
        for ((seed, text), two) in seeds.zip(&texts).zip(&both) {
            let Some((theirs, ours)) = two else { return Err(format!("seed {seed} is no program:\n{text}")) };
            facts += theirs.iter().filter(|line| !line.contains(" | ")).count();
            raise += usize::from(raises(theirs));
            // What an exception is made of is not said, so neither is when a collection begins after one.
            if theirs != ours && !(raises(theirs) && text.contains("\nenable\n")) {
                differ += 1;
                println!("seed {seed} differs{}", first_difference(theirs, ours));
                if !asked.all {
                    println!("what is left of it:");
                    different(interpreter, text, raises(theirs), asked.twice)?;
                    return Ok(false);
                }
            }
        }
    }
    if differ > 0 {
        println!("{differ} of {} programs differ", asked.programs);
        return Ok(false);
    }
    let whom = if asked.twice { "twice" } else { "and here" };
    println!("equal: {facts} facts in {} programs on CPython {} {whom}", asked.programs, interpreter.version);
    println!("       in {raise} of them something is raised");
    Ok(true)
}

/// The operation in which two traces part, and what each says.
fn first_difference(theirs: &[String], ours: &[String]) -> String {
    let Some(at) = (0..theirs.len().max(ours.len())).find(|at| theirs.get(*at) != ours.get(*at)) else {
        return String::new();
    };
    let line = |lines: &[String]| lines.get(at).map_or("nothing more", String::as_str).trim().to_string();
    let op = theirs[..at.min(theirs.len())].iter().rev().find(|line| line.contains(" | "));
    format!(" in `{}`\n    {} there\n    {} here", op.map_or("", |line| line.trim()), line(theirs), line(ours))
}

type Told = (Vec<String>, Vec<String>);

/// What both say of each program; nothing of what is no program.
fn both(interpreter: &Interpreter, texts: &[String], twice: bool) -> Result<Vec<Option<Told>>, String> {
    let programs: Vec<Option<Program>> = texts.iter().map(|text| Program::parse(text).ok()).collect();
    let good: Vec<&Program> = programs.iter().flatten().collect();
    let mut theirs = interpreter.run(&good, 1)?.into_iter();
    let mut again = match twice {
        true => {
            let backwards: Vec<&Program> = good.iter().rev().copied().collect();
            let mut again = interpreter.run(&backwards, 77)?;
            again.reverse();
            again
        }
        false => good.iter().map(|program| ours(program)).collect(),
    }
    .into_iter();
    let pair = |program: &Option<Program>| program.as_ref().and_then(|_| Some((theirs.next()?, again.next()?)));
    Ok(programs.iter().map(pair).collect())
}

fn raises(told: &[String]) -> bool {
    told.iter().any(|line| line.starts_with("   = raises") || line.starts_with("   = ignored"))
}

/// Whether its head could be made.
fn begins(told: &[String]) -> bool {
    told.first().is_none_or(|line| line.contains(" | "))
}

/// Shrinks the program, and shows what is left. What is left raises nothing that the program did not.
fn different(interpreter: &Interpreter, text: &str, may_raise: bool, twice: bool) -> Result<(), String> {
    let begun = Instant::now();
    let mut first_failing = |texts: &[String]| {
        if begun.elapsed() > SHRINKING {
            return None;
        }
        let both = both(interpreter, texts, twice).ok()?;
        let fails = |two: &Option<Told>| {
            two.as_ref()
                .is_some_and(|(theirs, ours)| theirs != ours && (may_raise || !raises(theirs)) && begins(theirs))
        };
        both.iter().position(fails)
    };
    let text = shrink(text, &mut first_failing);
    let program = Program::parse(&text).map_err(|bad| bad.sentence)?;
    let both = both(interpreter, std::slice::from_ref(&text), twice)?;
    if let Some(Some((theirs, ours))) = both.first() {
        show(&text, &program, interpreter, theirs, ours);
    }
    Ok(())
}
