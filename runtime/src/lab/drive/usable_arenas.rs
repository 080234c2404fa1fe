//! # Driving `usable-arenas`
//!
//! ```text
//! use usable-arenas           no arena at all
//! a = add                     a new arena, all of its 64 pools free; legal while the list is empty
//! a = add 63                  one of 63 pools
//! b c = full                  arenas without free pools, in no list; `full 63` as above
//! take                        the first arena hands out a pool
//! take 61                     one operation: whoever is the first hands out a pool, 61 times
//! give b c                    two operations: each gets a pool back
//! give b 3                    one operation: b gets three pools back, one by one
//! state                       the list and its table
//! ```
//!
//! More than twelve names are one operation. There are no pools here: the driver counts for the arenas, as exercise
//! `arena` does, before it calls the part.

mod books;
mod machine;

use super::super::scenario::{Op, Scenario};
use super::{Stage, Stop, unknown};
use crate::config::Config;
use kit::text::list;
use machine::Machine;
use std::collections::BTreeSet;

/// Pools of an arena, unless the scenario says 63.
const POOLS: u32 = 64;
/// So many names are an operation each.
const EACH: usize = 12;

pub(in super::super) fn drive<C: Config>(scenario: &Scenario, stage: &Stage<'_, C>) -> Result<(), Stop> {
    let setup = &scenario.setup;
    stage.recorder.op(setup.line, setup.text());
    if setup.args.len() > 2 {
        return Ok(setup.bad("`usable-arenas` has no settings: write `use usable-arenas`")?);
    }
    let names: BTreeSet<&str> = scenario.ops.iter().flat_map(|op| op.names.iter().map(String::as_str)).collect();
    let mut machine = Machine::new(stage, names.into_iter().map(String::from).collect());
    for op in &scenario.ops {
        match (op.verb.as_str(), op.names.as_slice(), op.args.as_slice()) {
            ("add", [name], args @ ([] | [_])) => {
                stage.recorder.op(op.line, op.text());
                let total = total(op, args)?;
                match machine.first() {
                    Some(first) => Ok(op.bad(format!("`{first}` has free pools: nobody asks for a new arena"))?),
                    None => machine.add(op, name, total),
                }?;
                stage.recorder.fact(machine.told());
            }
            ("full", [_, ..], args @ ([] | [_])) => {
                let total = total(op, args)?;
                for names in groups(&op.names) {
                    stage.recorder.op(op.line, format!("{} = full{}", list(names), said(args)));
                    names.iter().try_for_each(|name| machine.full(op, name, total))?;
                    stage.recorder.fact("in no list");
                }
            }
            ("take", [], args @ ([] | [_])) => {
                stage.recorder.op(op.line, op.text());
                let emptied = machine.take(op, count(op, args)?);
                machine.drawn();
                let emptied = emptied?;
                let emptied: String = emptied.iter().map(|name| format!(", {name} has none left")).collect();
                stage.recorder.fact(format!("{}{emptied}", machine.told()));
            }
            ("give", [], [names @ .., last]) => {
                let counted = last.bytes().all(|byte| byte.is_ascii_digit());
                let (names, args) = if counted { (names, std::slice::from_ref(last)) } else { (&op.args[..], &[][..]) };
                for names in groups(names) {
                    stage.recorder.op(op.line, format!("give {}{}", list(names), said(args)));
                    give(&mut machine, op, names, count(op, args)?, stage)?;
                }
            }
            ("state", [], []) => {
                stage.recorder.op(op.line, op.text());
                stage.recorder.shown(machine.picture());
            }
            _ => {
                return unknown(
                    op,
                    "usable-arenas",
                    "`a = add`, `a = add 63`, `a b = full`, `take`, `take COUNT`, `give a b`, `give a COUNT`, `state`",
                );
            }
        }
    }
    Ok(())
}

fn give<C: Config>(
    machine: &mut Machine<'_, C>,
    op: &Op,
    names: &[String],
    count: u32,
    stage: &Stage<'_, C>,
) -> Result<(), Stop> {
    let mut gone = String::new();
    let kept: Result<(), Stop> = names.iter().try_for_each(|name| {
        if machine.give(op, name, count)? {
            gone = format!("{gone}, {name} goes back to the system");
        }
        Ok(())
    });
    machine.drawn();
    kept?;
    stage.recorder.fact(format!("{}{gone}", machine.told()));
    Ok(())
}

/// Each name for itself, or all together when they are many.
fn groups(names: &[String]) -> std::slice::Chunks<'_, String> {
    names.chunks(if names.len() > EACH { names.len() } else { 1 })
}

fn said(args: &[String]) -> String {
    args.iter().map(|word| format!(" {word}")).collect()
}

fn total(op: &Op, args: &[String]) -> Result<u32, Stop> {
    match args.first().map(String::as_str) {
        None | Some("64") => Ok(POOLS),
        Some("63") => Ok(POOLS - 1),
        Some(other) => Ok(op.bad(format!("`{other}` pools: an arena has 63 or 64"))?),
    }
}

fn count(op: &Op, args: &[String]) -> Result<u32, Stop> {
    let Some(word) = args.first() else { return Ok(1) };
    match op.number(word)? {
        count @ 1..=100_000 => Ok(count as u32),
        _ => Ok(op.bad("how many pools? A number from 1 to 100000")?),
    }
}
