//! Runs pairs of alloc and free, for whoever counts instructions: `instructions machine|bare COUNT`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let (who, count) = (words.next(), words.next().and_then(|count| count.parse().ok()));
    match (who.as_deref(), count) {
        (Some("machine"), Some(count)) => benches::machine_pairs(&benches::in_machine(8), count),
        (Some("bare"), Some(count)) => benches::Bare::new(8).pairs(count),
        _ => {
            eprintln!("usage: instructions machine|bare COUNT");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
