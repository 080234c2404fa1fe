//! What is printed: a history, outcomes, a comparison.

use crate::policies;
use runtime::gil::program::{Happened, Why};
use runtime::lab::world::explore::{Outcomes, Plan, Ran, run_as};
use runtime::lab::world::language::Program;
use runtime::lab::world::timeline::Event;

/// Lines of a history that are printed, at most.
const LINES: usize = 400;

/// `0,1,1`, or that there are none.
pub(crate) fn list(choices: &[usize]) -> String {
    match choices {
        [] => "none, nobody ever switches unless it must".into(),
        choices => choices.iter().map(usize::to_string).collect::<Vec<_>>().join(","),
    }
}

/// One run: its history, then its facts.
pub(crate) fn ran(ran: &Ran) {
    if !ran.timeline.is_empty() {
        timeline(ran);
    }
    println!("what was told:");
    ran.told.iter().for_each(|line| println!("  {line}"));
    println!("\n{} us, {} switches", ran.micros, ran.switches);
}

fn timeline(ran: &Ran) {
    let name = |thread: kit::gil::ThreadId| ran.names.get(thread.0 as usize).map_or("?", String::as_str);
    let wide = ran.names.iter().map(String::len).max().unwrap_or(0);
    for (at, event) in ran.timeline.iter().take(LINES) {
        let (thread, text) = match event {
            Event::Line(thread, text) => (name(*thread), text.clone()),
            Event::Note(thread, text) => (name(*thread), format!("    {text}")),
            Event::Fact(thread, text) => (name(*thread), format!("    = {text}")),
            Event::Gil(Happened::Takes { thread, switch: Some(_) }) => (name(*thread), "---- has the GIL".into()),
            Event::Gil(Happened::Takes { thread, switch: None }) => (name(*thread), "---- has it again".into()),
            Event::Gil(Happened::Asks { thread, holder }) => (name(*thread), format!("---- asks {}", name(*holder))),
            Event::Gil(Happened::LetsGo { thread, why, forced }) => {
                let why = match why {
                    Why::Asked => "lets go: it was asked".into(),
                    Why::Blocks(micros) => format!("lets go for {micros} us"),
                    Why::Waits(_) => "lets go, and waits".into(),
                    Why::Ends => "ends".into(),
                };
                (name(*thread), format!("---- {why}{}", if *forced { ", until another one has it" } else { "" }))
            }
        };
        println!("{at:>8} us  {thread:wide$}  {text}");
    }
    let left = ran.timeline.len().saturating_sub(LINES);
    if left > 0 {
        println!("            ... and {left} lines more");
    }
    println!();
}

/// All that can happen.
pub(crate) fn outcomes(program: &Program, plan: &Plan, outcomes: &Outcomes) {
    let all = if outcomes.complete { "all there are" } else { "and there are more: --runs N runs more of them" };
    println!("{} histories, {all}", outcomes.runs);
    let differ = |at: usize| outcomes.all.iter().any(|other| other.told.get(at) != outcomes.all[0].told.get(at));
    for outcome in &outcomes.all {
        println!("\n{:>8}  of them, for example --choices {}", outcome.count, list(&outcome.choices));
        let mut op = "";
        for (at, line) in outcome.told.iter().enumerate() {
            match line.strip_prefix("   = ") {
                None => op = line.trim(),
                Some(fact) if differ(at) || outcomes.all.len() == 1 => println!("          {op}   = {fact}"),
                Some(_) => {}
            }
        }
    }
    if let [first, .., last] = &outcomes.all[..] {
        let simplest = [first, last].into_iter().max_by_key(|outcome| outcome.choices.len()).unwrap_or(last);
        println!("\nThe last one named there, line by line: --choices {}", list(&simplest.choices));
    }
    let _ = (program, plan);
}

/// One program, each policy.
pub(crate) fn policies_compared(program: &Program, plan: &Plan) {
    for (name, scheduler) in policies::all() {
        let ran = run_as(program, Plan { scheduler, ..plan.clone() });
        println!("{name}: {} us, {} switches", ran.micros, ran.switches);
        for (thread, books) in ran.names.iter().zip(&ran.books) {
            let average = books.waited.checked_div(books.takes).unwrap_or(0);
            println!(
                "    {thread:<10} had the GIL {:>8} us in {:>5} turns, waited {average:>6} us on average, {:>6} us at most",
                books.held, books.takes, books.longest
            );
        }
    }
}
