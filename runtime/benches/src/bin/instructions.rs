//! Something to do, for whoever counts instructions:
//!
//! ```text
//! instructions machine|bare COUNT        pairs of alloc and free in one pool
//! instructions objects OPERATION COUNT   thousands of an operation on our objects
//! instructions CONTENDER [PATTERN] COUNT   rounds of a pattern, of the recorded trace where none is named
//! ```

use benches::collect::ours::interpreter;
use benches::contender::{self, Contender, Job};
use benches::operations::ours::Ours;
use benches::operations::{BATCH, Operation, Runtime};
use benches::program::{Program, replay};
use benches::{one_pool, patterns};
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.iter().map(String::as_str).collect::<Vec<&str>>()[..] {
        [who, count] => count.parse().ok().and_then(|count| run(who, "trace", count)),
        [who, pattern, count] => count.parse().ok().and_then(|count| run(who, pattern, count)),
        _ => None,
    };
    if done.is_none() {
        eprintln!("usage: instructions machine|bare COUNT, instructions objects OPERATION COUNT, or");
        eprintln!("       instructions CONTENDER [PATTERN] COUNT");
        return ExitCode::from(2);
    }
    ExitCode::SUCCESS
}

fn run(who: &str, pattern: &str, count: u64) -> Option<()> {
    match who {
        "machine" => one_pool::machine_pairs(&one_pool::in_machine(8), count),
        "objects" => {
            let operation = Operation::named(pattern)?;
            interpreter().with_gil(|gil| Ours::new(gil.objects()).run(operation, BATCH * count))?;
        }
        "bare" => one_pool::Bare::new(8).pairs(count),
        _ => contender::enter(who, Rounds { program: &patterns::named(pattern)?, count })?,
    }
    Some(())
}

struct Rounds<'a> {
    program: &'a Program,
    count: u64,
}

impl Job for Rounds<'_> {
    type Result = ();
    fn run<C: Contender>(self, contender: &C) {
        let mut table = self.program.table();
        (0..self.count).for_each(|_| replay(contender, self.program, &mut table));
    }
}
