//! Everything that can happen, on a virtual clock: the same every time.

use crate::{eval_breaker, gil, scheduler};
use kit::eval_breaker::Instruction;
use runtime::gil::program::Happened;
use runtime::lab::world::explore::{Outcome, Plan, Ran, everywhere, explore, run_as};
use runtime::lab::world::language::Program;
use runtime::lab::world::timeline::Event;
use runtime::turns::Choices;

/// A small program has a few hundred histories. More than this, and something never ends.
const HISTORIES: u64 = 50_000;

/// The learner's GIL and eval breaker, and somebody who decides at each switch point.
fn plan() -> Plan {
    let switch_points: fn(Instruction) -> bool = eval_breaker::is_switch_point;
    Plan { gil: &gil::Part, switch_points, ..Plan::new(Choices::list(vec![])) }
}

fn program(text: &str) -> Result<Program, String> {
    Program::parse(text).map_err(|bad| format!("line {}: {}", bad.line, bad.sentence))
}

/// The number that is told last; a sentence if a part broke its promises.
fn number(outcome: &Outcome) -> Result<u64, String> {
    let last = outcome.told.last().map_or("", String::as_str).trim();
    let number = last.strip_prefix("= ").and_then(|number| number.parse().ok());
    number.ok_or_else(|| format!("With the choices {:?} it came to this: {last}", outcome.choices))
}

/// In how many histories the number is 2, and in how many less; the simplest of the latter.
fn count(text: &str, plan: &Plan) -> Result<(u64, u64, Option<Vec<usize>>), String> {
    let outcomes = explore(&program(text)?, plan, HISTORIES);
    let (mut right, mut lost, mut simplest) = (0, 0, None);
    for outcome in &outcomes.all {
        match number(outcome)? {
            2 => right += outcome.count,
            _ => (lost, simplest) = (lost + outcome.count, Some(outcome.choices.clone())),
        }
    }
    if !outcomes.complete {
        return Err(format!(
            "{HISTORIES} histories, and there are more: does a thread switch where nothing has changed?"
        ));
    }
    Ok((right, lost, simplest))
}

/// What two threads can come to.
pub(crate) fn tell() -> Result<(), String> {
    let (lost, kept) = (include_str!("lost.ops"), include_str!("kept.ops"));
    println!("Two threads add 1 to the same number: everything that can happen to them.\n");
    println!("    n = n + call one         a call stands between load and store");
    let (right, wrong, simplest) = count(lost, &plan())?;
    println!("        {} histories: n is 2 in {right} of them, and 1 in {wrong}", right + wrong);
    match &simplest {
        Some(choices) => history(lost, choices)?,
        None => println!("        no update is lost: can the threads not switch where a function is entered?"),
    }
    println!("\n    the same, with a lock around it");
    let (right, wrong, broken) = count(kept, &plan())?;
    println!("        {} histories: n is 2 in {right} of them", right + wrong);
    if let Some(choices) = broken {
        return Err(format!("An update was lost in spite of the lock, with the choices {choices:?}."));
    }
    let straight = include_str!("straight.ops");
    println!("\n    n = n + 1                nothing is called");
    let (right, wrong, _) = count(straight, &plan())?;
    println!("        {} histories: n is 2 in {right} of them, and 1 in {wrong}", right + wrong);
    let (right, wrong, _) = count(straight, &Plan { switch_points: everywhere, ..plan() })?;
    println!("        up to Python 3.9 a thread may switch after every instruction; then there are");
    println!("        {} histories: n is 2 in {right} of them, and 1 in {wrong}", right + wrong);
    shares()
}

/// How an update is lost.
fn history(text: &str, choices: &[usize]) -> Result<(), String> {
    let plan = Plan { choices: Choices::list(choices.to_vec()), timeline: true, ..plan() };
    let ran = run_as(&program(text)?, plan);
    let list: Vec<String> = choices.iter().map(usize::to_string).collect();
    println!("        the simplest that loses one (choices {}):\n", list.join(","));
    for (at, event) in &ran.timeline {
        if let Some((thread, text)) = line(&ran, event) {
            println!("        {at:>3} us  {thread:<4}  {text}");
        }
    }
    Ok(())
}

/// What the two threads do, and who has the GIL when it goes from one to another.
fn line<'r>(ran: &'r Ran, event: &'r Event) -> Option<(&'r str, String)> {
    let name = |thread: kit::gil::ThreadId| ran.names[thread.0 as usize].as_str();
    match event {
        Event::Line(thread, text) if thread.0 > 0 => Some((name(*thread), text.clone())),
        Event::Note(thread, text) => Some((name(*thread), format!("    {text}"))),
        Event::Gil(Happened::Takes { thread, switch: Some(_) }) => Some((name(*thread), "-- has the GIL".into())),
        Event::Gil(Happened::Asks { thread, holder }) => Some((name(*thread), format!("-- asks {}", name(*holder)))),
        _ => None,
    }
}

/// A thread that computes and one that answers, with and without a scheduler.
fn shares() -> Result<(), String> {
    let program = program(include_str!("shares.ops"))?;
    println!("\nOne thread computes, another one answers a request every 2 ms: how long does it wait for the GIL?\n");
    let timed = Plan { choices: Choices::interval(), wake: 50, ..plan() };
    for (name, scheduler) in
        [("the interval alone, as in CPython", None), ("the scheduler", Some(&scheduler::Part as _))]
    {
        let ran = run_as(&program, Plan { scheduler, ..timed.clone() });
        if let Some(broken) = ran.told.iter().find(|line| line.starts_with("   = broken")) {
            return Err(broken.trim().into());
        }
        let answers = ran.books[2];
        println!(
            "    {name:<36} {:>5} us on average, {:>5} us at most; {} switches",
            answers.waited.checked_div(answers.takes).unwrap_or(0),
            answers.longest,
            ran.switches
        );
    }
    Ok(())
}
