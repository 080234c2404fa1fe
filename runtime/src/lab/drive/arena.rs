//! # Driving `arena`
//!
//! ```text
//! use arena classic           an arena whose memory begins at a multiple of a pool: 64 pools
//! use arena classic 16        it begins 16 bytes behind one: 63 pools
//! p0..p2 = take               three operations, each hands out a pool
//! many = take 20              one operation, twenty pools under one name
//! give p2 p0                  two operations
//! give many / give many backwards
//! count                       what the descriptor says
//! again 4080                  all pools are free: the descriptor serves for other memory
//! another 16                  a second arena begins, is emptied and filled meanwhile
//! ```
//!
//! Whoever takes a pool lets it serve: the header is filled, so that an arena which reads or writes there is found
//! out, and a pool that comes back has served blocks of some size.

mod machine;
mod place;

use super::super::scenario::{Op, Scenario};
use super::{Stage, Stop, unknown};
use crate::config::Config;
use kit::arena::Supply;
use kit::geometry::Geometry;
use kit::observe::Recorder;
use kit::text::list;
use machine::Machine;
use std::collections::BTreeMap;

/// The numbers of the first arena and of the other one: not 0, which is what a forgotten field says.
const INDEX: u32 = 2;
const OTHER: u32 = 5;

struct Program<'a, C: Config> {
    arena: Machine<'a, C>,
    recorder: &'a Recorder,
    held: BTreeMap<String, Vec<u32>>,
}

pub(in super::super) fn drive<C: Config>(scenario: &Scenario, stage: &Stage<'_, C>) -> Result<(), Stop> {
    let setup = &scenario.setup;
    stage.recorder.op(setup.line, setup.text());
    let mut program = match setup.args.as_slice() {
        [_, _] => Program::begin(stage, setup, "0", INDEX)?,
        [_, _, offset] => Program::begin(stage, setup, offset, INDEX)?,
        _ => return Ok(setup.bad("`arena` has one setting: write `use arena classic` or `use arena classic 16`")?),
    };
    for op in &scenario.ops {
        match (op.verb.as_str(), op.names.as_slice(), op.args.as_slice()) {
            ("take", [_, ..], []) => {
                for name in &op.names {
                    stage.recorder.op(op.line, format!("{name} = take"));
                    program.take(op, name, None)?;
                }
            }
            ("take", [name], [count]) => {
                stage.recorder.op(op.line, op.text());
                program.take(op, name, Some(op.number(count)?))?;
            }
            ("give", [], [name, order]) if order == "backwards" => {
                stage.recorder.op(op.line, op.text());
                program.give(op, name, true)?;
            }
            ("give", [], [_, ..]) => {
                for name in &op.args {
                    stage.recorder.op(op.line, format!("give {name}"));
                    program.give(op, name, false)?;
                }
            }
            ("count", [], []) => {
                stage.recorder.op(op.line, op.text());
                program.count();
            }
            ("again", [], [offset]) => {
                stage.recorder.op(op.line, op.text());
                program.again(op, offset)?;
            }
            ("another", [], [offset]) => {
                stage.recorder.op(op.line, op.text());
                Program::begin(stage, op, offset, OTHER)?.come_and_go(op)?;
            }
            _ => {
                let known = "`p = take`, `p = take COUNT`, `give p`, `give p backwards`, `count`, `again OFFSET`, \
                             `another OFFSET`";
                return unknown(op, "arena", known);
            }
        }
    }
    Ok(())
}

/// How many bytes the arena's memory begins behind a multiple of a pool.
fn offset<C: Config>(op: &Op, word: &str) -> Result<u32, Stop> {
    let offset = op.number(word)?;
    let pool = C::Geometry::POOL;
    if offset % 16 != 0 || offset >= u64::from(pool) {
        return Ok(op.bad(format!("{offset} bytes: write a multiple of 16 below {pool}, the size of a pool"))?);
    }
    Ok(offset as u32)
}

impl<'a, C: Config> Program<'a, C> {
    fn begin(stage: &'a Stage<'a, C>, op: &Op, word: &str, index: u32) -> Result<Self, Stop> {
        let arena = Machine::new(stage, index, offset::<C>(op, word)?)?;
        let program = Program { arena, recorder: stage.recorder, held: BTreeMap::new() };
        program.count();
        Ok(program)
    }

    fn count(&self) {
        self.recorder.fact(self.arena.count());
    }

    /// Its memory goes back, and its descriptor serves for other memory.
    fn again(&mut self, op: &Op, word: &str) -> Result<(), Stop> {
        let offset = offset::<C>(op, word)?;
        let out: usize = self.held.values().map(Vec::len).sum();
        if out > 0 {
            let pools = if out == 1 { "1 pool is".into() } else { format!("{out} pools are") };
            return Ok(op.bad(format!("{pools} handed out: an arena goes back when all of them are free"))?);
        }
        self.arena.again(offset)?;
        self.count();
        Ok(())
    }

    /// The whole life of an arena: a part that remembers anything of its own mixes it up with another one's.
    fn come_and_go(&mut self, op: &Op) -> Result<(), Stop> {
        self.take(op, "all", Some(u64::from(self.arena.total())))?;
        self.give(op, "all", false)
    }

    /// One pool, or so many under one name.
    fn take(&mut self, op: &Op, name: &str, count: Option<u64>) -> Result<(), Stop> {
        if self.held.contains_key(name) {
            return Ok(op.bad(format!("`{name}` holds a pool already: give it back first"))?);
        }
        let (mut numbers, mut supply, mut had) = (vec![], Supply::Same, 0);
        for _ in 0..count.unwrap_or(1) {
            if self.arena.free() == 0 {
                return Ok(op.bad("no pool is free: nobody asks such an arena")?);
            }
            let taken = self.arena.take();
            if taken.is_err() {
                self.arena.drawn();
            }
            let pool;
            (pool, had, supply) = taken?;
            numbers.push(pool);
        }
        self.arena.drawn();
        let said = said(supply).map_or(String::new(), |said| format!(", {said}"));
        self.recorder.fact(match (count, had) {
            (None, 0) => format!("pool {}, new{said}", numbers[0]),
            (None, size) => format!("pool {}, had blocks of {size}{said}", numbers[0]),
            (Some(_), _) => format!("pools {}{said}", list(numbers.iter().map(u32::to_string))),
        });
        self.held.insert(name.into(), numbers);
        Ok(())
    }

    fn give(&mut self, op: &Op, name: &str, backwards: bool) -> Result<(), Stop> {
        let Some(mut pools) = self.held.remove(name) else {
            return Ok(op.bad(format!("`{name}` holds no pool"))?);
        };
        if backwards {
            pools.reverse();
        }
        let mut fact = if pools.len() == 1 { "ok".into() } else { format!("{} taken back", pools.len()) };
        for pool in pools {
            let given = self.arena.give(pool);
            if given.is_err() {
                self.arena.drawn();
            }
            if let Some(said) = said(given?) {
                fact = format!("{fact}, {said}");
            }
        }
        self.arena.drawn();
        self.recorder.fact(fact);
        Ok(())
    }
}

fn said(supply: Supply) -> Option<&'static str> {
    match supply {
        Supply::Same => None,
        Supply::NoneFree => Some("none free"),
        Supply::OneFree => Some("one free"),
        Supply::AllFree => Some("all free"),
    }
}
