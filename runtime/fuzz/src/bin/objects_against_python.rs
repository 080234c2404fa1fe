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

/// Programs in one process of the interpreter.
const BATCH: u64 = 200;

struct Asked {
    programs: u64,
    seed: u64,
    twice: bool,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut asked = Asked { programs: 2000, seed: 0, twice: false };
    let (mut words, mut python) = (words.iter().map(String::as_str), None);
    let (mut file, mut record) = (None, false);
    while let Some(word) = words.next() {
        let mut number = |into: &mut u64| match words.next().and_then(|word| word.parse().ok()) {
            Some(number) => {
                *into = number;
                true
            }
            None => false,
        };
        let understood = match word {
            "--programs" => number(&mut asked.programs),
            "--seed" => number(&mut asked.seed),
            "--twice" => {
                asked.twice = true;
                true
            }
            "--record" => {
                record = true;
                true
            }
            "--file" | "--python" => {
                file = words.next().map(|file| (word == "--python", file.to_string()));
                file.is_some()
            }
            flag if flag.starts_with('-') => false,
            name => python.replace(name).is_none(),
        };
        if !understood {
            eprintln!("usage: objects-against-python [--programs N] [--seed S] [--twice] [PYTHON], or --file FILE.ops");
            return ExitCode::from(2);
        }
    }
    if let Some((true, file)) = &file {
        return told(read(file).map(|(_, program)| println!("{}", self::python(&program))))
            .unwrap_or(ExitCode::SUCCESS);
    }
    let interpreter = match python.map(|name| Interpreter::ask(Path::new(name))) {
        Some(Ok(interpreter)) => interpreter,
        Some(Err(sentence)) => return failure(&sentence),
        None => match Interpreter::find() {
            Some(interpreter) => interpreter,
            None => {
                println!("skipped: no CPython 3.11 was found to compare with");
                return ExitCode::SUCCESS;
            }
        },
    };
    let result = match file {
        Some((_, file)) => one(&interpreter, &file),
        None if record => record::all(&interpreter).map(|said| {
            println!("{said}");
            true
        }),
        None => compare(&interpreter, &asked),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(sentence) => failure(&sentence),
    }
}

fn failure(sentence: &str) -> ExitCode {
    eprintln!("{sentence}");
    ExitCode::from(2)
}

fn told(result: Result<(), String>) -> Option<ExitCode> {
    result.err().map(|sentence| failure(&sentence))
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
    let different = (0..theirs.len().max(ours.len())).find(|at| theirs.get(*at) != ours.get(*at));
    if let Some(at) = different {
        let line = |lines: &[String]| lines.get(at).map_or("nothing more", String::as_str).trim().to_string();
        let op = theirs[..at.min(theirs.len())].iter().rev().find(|line| line.contains(" | "));
        println!("--- the first difference, in `{}`", op.map_or("", |line| line.trim()));
        println!("    {} there\n    {} here", line(theirs), line(ours));
    }
}

/// All programs, on both.
fn compare(interpreter: &Interpreter, asked: &Asked) -> Result<bool, String> {
    let (mut facts, mut raise) = (0, 0);
    let last = asked.seed + asked.programs;
    for from in (asked.seed..last).step_by(BATCH as usize) {
        let seeds = from..(from + BATCH).min(last);
        let texts: Vec<String> = seeds.clone().map(|seed| seeded::<WorldProgram>(seed).to_ops()).collect();
        let both = both(interpreter, &texts, asked.twice)?;
        for ((seed, text), two) in seeds.zip(&texts).zip(&both) {
            let Some((theirs, ours)) = two else { return Err(format!("seed {seed} is no program:\n{text}")) };
            facts += theirs.iter().filter(|line| !line.contains(" | ")).count();
            raise += usize::from(raises(theirs));
            if theirs != ours {
                let at = (0..).find(|at| theirs.get(*at) != ours.get(*at)).unwrap_or(0);
                println!(
                    "seed {seed} differs: {:?} there, {:?} here; what is left of it:",
                    theirs.get(at),
                    ours.get(at)
                );
                different(interpreter, text, raises(theirs), asked.twice)?;
                return Ok(false);
            }
        }
    }
    let whom = if asked.twice { "twice" } else { "and here" };
    println!("equal: {facts} facts in {} programs on CPython {} {whom}", asked.programs, interpreter.version);
    println!("       in {raise} of them something is raised");
    Ok(true)
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

/// Shrinks the program, and shows what is left. What is left raises nothing that the program did not.
fn different(interpreter: &Interpreter, text: &str, may_raise: bool, twice: bool) -> Result<(), String> {
    let mut first_failing = |texts: &[String]| {
        let both = both(interpreter, texts, twice).ok()?;
        let fails = |two: &Option<Told>| {
            two.as_ref().is_some_and(|(theirs, ours)| theirs != ours && (may_raise || !raises(theirs)))
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
