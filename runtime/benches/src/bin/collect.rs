//! A collection, for an object: ours, CPython's and other collectors' side by side. `collect --help` tells how to ask.
//!
//! What is built, who takes part and what they promise is in [`benches::collect`]. Each contender runs in a process of
//! its own, and they take turns ([`benches::turns`]). Processes are started anew a few times, and each one's first round
//! does not count. What is shown is the best of all rounds, the median, and the quartiles; and two ratios to CPython with
//! the same kind of objects: of the best rounds, and the median of the ratios within each round. A collection waits for
//! memory most of the time, so whoever else uses the machine's caches shows in the medians of everybody, and hardly in
//! what was the best of many rounds.
//!
//! At the end all shapes are shown once more, in tables as those of `README.md`.
//!
//! Long shapes are another question: who comes to the end of them at all. Each gets one round, in a process of its own.

use benches::collect::ours::NAME;
use benches::collect::shapes::Shape;
use benches::collect::{self, Contender, Kind};
use benches::python::Interpreter;
use benches::turns::{Runner, quartiles, ratio};
use std::process::ExitCode;

const HELP: &str = "\
usage: collect [OPTION ...] [SHAPE ...]

  --objects N[,N...]   how many objects (100000,1000000)
  --rounds N           rounds of each process that count (3)
  --starts N           how often processes are started anew (5)
  --only TEXT[,...]    contenders whose name has such a text: `--only slots`, `--only 'ours lists,3.11.7 lists'`
  --all-pythons        every CPython that is found, from 3.7 on, and not only one
  --long               the long shapes instead: who comes to the end of a million objects, on 8 MiB of stack?
  --list               names of shapes and contenders
  --help               this

A shape is one of those that --list names; without one, all but the long ones are measured.";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let result = match words[..] {
        ["--child", name, kind, shape, objects] => {
            let objects = objects.parse().map_err(|_| "how many objects?".to_owned());
            objects.and_then(|objects| collect::child(name, kind, shape, objects))
        }
        ["--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        _ => Asked::parse(&words).and_then(|asked| asked.answer()),
    };
    result.map_or_else(
        |message| {
            eprintln!("{message}");
            ExitCode::from(2)
        },
        |()| ExitCode::SUCCESS,
    )
}

/// What the command line says.
struct Asked<'a> {
    objects: Vec<usize>,
    rounds: usize,
    starts: usize,
    only: Vec<&'a str>,
    all_pythons: bool,
    long: bool,
    list: bool,
    shapes: Vec<Shape>,
}

impl<'a> Asked<'a> {
    fn parse(mut words: &[&'a str]) -> Result<Asked<'a>, String> {
        let mut asked = Asked {
            objects: vec![],
            rounds: 3,
            starts: 5,
            only: vec![],
            all_pythons: false,
            long: false,
            list: false,
            shapes: vec![],
        };
        let number =
            |text: &str| text.parse().ok().filter(|number| *number > 0).ok_or(format!("`{text}` is no number"));
        loop {
            words = match words {
                ["--objects", numbers, rest @ ..] => {
                    asked.objects = numbers.split(',').map(number).collect::<Result<_, String>>()?;
                    rest
                }
                ["--rounds", rounds, rest @ ..] => {
                    asked.rounds = number(rounds)?;
                    rest
                }
                ["--starts", starts, rest @ ..] => {
                    asked.starts = number(starts)?;
                    rest
                }
                ["--only", texts, rest @ ..] => {
                    asked.only = texts.split(',').collect();
                    rest
                }
                ["--all-pythons", rest @ ..] => {
                    asked.all_pythons = true;
                    rest
                }
                ["--long", rest @ ..] => {
                    asked.long = true;
                    rest
                }
                ["--list", rest @ ..] => {
                    asked.list = true;
                    rest
                }
                [name, rest @ ..] => {
                    let unknown = || format!("`{name}` is neither an option nor a shape\n\n{HELP}");
                    asked.shapes.push(Shape::named(name).ok_or_else(unknown)?);
                    rest
                }
                [] => break,
            };
        }
        asked.long |= asked.shapes.iter().any(|shape| Shape::LONG.contains(shape));
        if asked.shapes.is_empty() {
            asked.shapes = if asked.long { Shape::LONG.to_vec() } else { Shape::USUAL.to_vec() };
        }
        if asked.objects.is_empty() {
            asked.objects = if asked.long { vec![1_000_000] } else { vec![100_000, 1_000_000] };
        }
        Ok(asked)
    }

    fn answer(&self) -> Result<(), String> {
        let installed = Interpreter::installed();
        let pythons: Vec<Interpreter> = match Interpreter::preferred(&installed) {
            Some(one) if !self.all_pythons => vec![one.clone()],
            _ => installed.iter().filter(|python| python.version >= (3, 7, 0)).cloned().collect(),
        };
        if pythons.is_empty() {
            println!("CPython takes no part: no python3 was found");
        }
        let yardstick = Interpreter::preferred(&pythons).map(|python| format!("CPython {python}"));
        let named = |contender: &Contender| {
            let name = full_name(contender);
            self.only.is_empty() || self.only.iter().any(|text| name.contains(text))
        };
        let mut contenders: Vec<Contender> = Contender::all(&pythons);
        contenders.retain(named);
        if self.list {
            println!("shapes:      {}", Shape::USUAL.map(Shape::name).join(" "));
            println!("long shapes: {}", Shape::LONG.map(Shape::name).join(" "));
            contenders.iter().for_each(|contender| println!("contender:   {}", full_name(contender)));
            return Ok(());
        }
        if self.long {
            return self.come_to_the_end(&contenders);
        }
        for objects in &self.objects {
            let mut rows = vec![];
            for shape in &self.shapes {
                println!("\n{}, {objects} objects: nanoseconds for each of {}", shape.name(), shape.counted(*objects));
                let times = self.race(&contenders, *shape, *objects)?;
                table(&contenders, &times, yardstick.as_deref());
                rows.push((*shape, times));
            }
            println!("\n{objects} objects:");
            let is_compared = |one: &Contender| one.name == NAME || one.python.is_some();
            summary(&contenders, &rows, yardstick.as_deref(), is_compared);
            summary(&contenders, &rows, yardstick.as_deref(), |one| one.kind == Kind::Lists && one.python.is_none());
        }
        Ok(())
    }

    /// Nanoseconds for an object, for each contender and each round; or how its process ended.
    fn race(&self, contenders: &[Contender], shape: Shape, objects: usize) -> Result<Vec<Times>, String> {
        let mut times: Vec<Times> = vec![Ok(vec![]); contenders.len()];
        for _ in 0..self.starts {
            let start = |contender: &Contender| Runner::start(&mut contender.command(shape, objects)?);
            let mut runners = contenders.iter().map(start).collect::<Result<Vec<Runner>, String>>()?;
            for round in 0..=self.rounds {
                for (runner, times) in runners.iter_mut().zip(&mut times) {
                    let Ok(so_far) = times else { continue };
                    match nanoseconds(runner) {
                        Ok(time) if round > 0 => so_far.push(time / shape.counted(objects) as f64),
                        Ok(_) => {}
                        Err(end) => *times = Err(end),
                    }
                }
            }
        }
        Ok(times)
    }

    /// One round each, one process at a time: these are large.
    fn come_to_the_end(&self, contenders: &[Contender]) -> Result<(), String> {
        for objects in &self.objects {
            for shape in &self.shapes {
                println!("\n{}, {objects} objects, {} MiB of stack", shape.name(), collect::STACK >> 20);
                for contender in contenders {
                    let mut runner = Runner::start(&mut contender.command(*shape, *objects)?)?;
                    let text = nanoseconds(&mut runner).map_or_else(
                        |end| end,
                        |time| format!("passes, {:.0} ns for an object", time / *objects as f64),
                    );
                    println!("{:<28} {text}", full_name(contender));
                }
            }
        }
        Ok(())
    }
}

fn nanoseconds(runner: &mut Runner) -> Result<f64, String> {
    runner.round()?.parse().map_err(|_| "says no number".into())
}

fn full_name(contender: &Contender) -> String {
    format!("{} {}", contender.name, contender.kind.name())
}

/// Nanoseconds for an object, round by round; or how the contender's process ended.
type Times = Result<Vec<f64>, String>;

fn best(times: &[f64]) -> f64 {
    times.iter().copied().fold(f64::INFINITY, f64::min)
}

/// The times of the interpreter that those of this kind are compared with.
fn measure<'a>(
    contenders: &[Contender],
    times: &'a [Times],
    kind: Kind,
    yardstick: Option<&str>,
) -> Option<&'a Vec<f64>> {
    let place = contenders.iter().position(|one| one.kind == kind && Some(one.name.as_str()) == yardstick)?;
    times[place].as_ref().ok()
}

/// All shapes in a table of Markdown: the best round, and in brackets its ratio to that of the interpreter and the
/// median of the ratios within each round.
fn summary(
    contenders: &[Contender],
    rows: &[(Shape, Vec<Times>)],
    yardstick: Option<&str>,
    shown: impl Fn(&Contender) -> bool,
) {
    let columns: Vec<usize> = (0..contenders.len()).filter(|place| shown(&contenders[*place])).collect();
    if columns.len() < 2 {
        return;
    }
    let names: Vec<String> = columns.iter().map(|place| full_name(&contenders[*place])).collect();
    println!("\n| shape | {} |\n|---|{}", names.join(" | "), "---|".repeat(names.len()));
    for (shape, times) in rows {
        let cell = |place: &usize| match &times[*place] {
            Err(end) => end.clone(),
            Ok(mine) if contenders[*place].name != NAME => format!("{:.0}", best(mine)),
            Ok(mine) => measure(contenders, times, contenders[*place].kind, yardstick).map_or_else(
                || format!("{:.0}", best(mine)),
                |its| format!("{:.0} ({:.2}, {:.2})", best(mine), best(mine) / best(its), ratio(mine, its)),
            ),
        };
        println!("| {} | {} |", shape.name(), columns.iter().map(cell).collect::<Vec<_>>().join(" | "));
    }
}

fn table(contenders: &[Contender], times: &[Times], yardstick: Option<&str>) {
    let heading = yardstick.map(|name| format!("/ {name}")).unwrap_or_default();
    println!("{:<28} {:>8} {:>8} {:>15} {heading:>17}", "ns", "best", "median", "quartiles");
    for (contender, mine) in contenders.iter().zip(times) {
        let name = full_name(contender);
        match mine {
            Err(end) => println!("{name:<28} {end}"),
            Ok(mine) => {
                let [low, median, high] = quartiles(mine);
                let its = measure(contenders, times, contender.kind, yardstick);
                let both = |its: &Vec<f64>| format!("{:.2}  {:.2}", best(mine) / best(its), ratio(mine, its));
                let shown = its.map_or("-".into(), both);
                let quartiles = format!("{low:.1}-{high:.1}");
                println!("{name:<28} {:>8.1} {median:>8.1} {quartiles:>15} {shown:>17}", best(mine));
            }
        }
    }
}
