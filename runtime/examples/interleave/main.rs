//! What can happen to a program with threads: runs a program of objects (the language is in the head of
//! `runtime/src/lab/world.rs`) on a virtual clock, with the scheduler that you choose.
//!
//! ```text
//! cargo run -p runtime --example interleave -- FILE.ops               as the switch interval says
//! cargo run -p runtime --example interleave -- FILE.ops --all         everything that can happen, counted
//! cargo run -p runtime --example interleave -- FILE.ops --choices 0,1 this history, line by line
//! ```

mod asked;
mod policies;
mod show;

use asked::{Asked, Wanted};
use runtime::lab::world::explore::{Plan, everywhere, explore, run_as, shrink};
use runtime::lab::world::language::Program;
use runtime::lab::world::recorded::without_facts;
use runtime::turns::Choices;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.iter().any(|word| word == "--help" || word == "-h") {
        print!("{}", asked::HELP);
        return ExitCode::SUCCESS;
    }
    match asked::read(&words).and_then(|asked| act(&asked)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(2)
        }
    }
}

fn act(asked: &Asked) -> Result<(), String> {
    let text = std::fs::read_to_string(&asked.file).map_err(|error| format!("{}: {error}", asked.file))?;
    let text = without_facts(&text);
    let program = Program::parse(&text).map_err(|bad| format!("{}:{}: {}", asked.file, bad.line, bad.sentence))?;
    let choices = match &asked.wanted {
        Wanted::Seed(seed) => Choices::seed(*seed),
        Wanted::List(list) => Choices::list(list.clone()),
        Wanted::All => Choices::list(vec![]),
        Wanted::Interval | Wanted::Compare => Choices::interval(),
    };
    let plan = Plan::new(choices);
    let switch_points = if asked.everywhere { everywhere } else { plan.switch_points };
    let wake = asked.wake.unwrap_or(plan.wake);
    let plan = Plan { wake, scheduler: asked.scheduler(), switch_points, ..plan };
    match &asked.wanted {
        Wanted::All => show::outcomes(&program, &plan, &explore(&program, &plan, asked.runs)),
        Wanted::Compare => show::policies_compared(&program, &plan),
        wanted => {
            let ran = run_as(&program, Plan { timeline: asked.timeline, ..plan.clone() });
            show::ran(&ran);
            if let Wanted::Seed(_) = wanted {
                let list: Vec<usize> = ran.taken.iter().map(|taken| taken.choice).collect();
                let simplest = shrink(&program, &plan, &list);
                println!("\nthe simplest choices that come to the same: {}", show::list(&simplest));
            }
        }
    }
    Ok(())
}
