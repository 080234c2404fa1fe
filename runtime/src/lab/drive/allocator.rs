//! # Driving `allocator`
//!
//! ```text
//! use allocator classic       a heap with the reference's parts below
//! x0..x9 = malloc 40          ten operations, each asks for 40 bytes
//! many = malloc 40 x 101      one operation, 101 blocks under one name
//! free x y                    two operations
//! free many / free many backwards
//! y = realloc x 500           x is gone afterwards; `x = realloc x 500` keeps its name
//! limit 4000 / limit 2 arenas the system has so much more, and then no more (checked memory only)
//! used 40                     the used list of the class that serves 40 bytes
//! blocks                      how many blocks the program holds: `sys.getallocatedblocks()`
//! heap                        all of it
//! ```
//!
//! When there is no more memory, the new name stands for nothing: it can be freed, and nothing happens. After each call
//! every pool must be where it belongs, and the program holds as many blocks as are out.

mod call;
mod held;
mod place;

use super::super::scenario::{Op, Scenario};
use super::{Stage, Stop, unknown};
use crate::config::Config;
use crate::heap::raw_domain::LARGEST;
use call::{Calls, Given};
use held::Held;
use kit::allocator::Pools;
use kit::geometry::Geometry;
use kit::picture::Picture;
use place::{place, places, used};
use std::collections::BTreeMap;

/// More blocks than this under one name are a slip of the finger.
const MANY: u64 = 100_000;

struct Program<'a, C: Config> {
    calls: Calls<'a, C>,
    stage: &'a Stage<'a, C>,
    /// None under a name: there was no memory.
    held: BTreeMap<String, Vec<Held>>,
}

pub(in super::super) fn drive<C: Config>(scenario: &Scenario, stage: &Stage<'_, C>) -> Result<(), Stop> {
    let setup = &scenario.setup;
    stage.recorder.op(setup.line, setup.text());
    if setup.args.len() != 2 {
        return Ok(setup.bad("`allocator` has one setting: write `use allocator classic` or `use allocator modern`")?);
    }
    let mut program = Program { calls: Calls::new(stage), stage, held: BTreeMap::new() };
    for op in &scenario.ops {
        program.run(op)?;
    }
    program.held.values().flatten().try_for_each(|held| program.calls.untouched(held))
}

impl<C: Config> Program<'_, C> {
    fn run(&mut self, op: &Op) -> Result<(), Stop> {
        let recorder = self.stage.recorder;
        match (op.verb.as_str(), op.names.as_slice(), op.args.as_slice()) {
            ("malloc", [_, ..], [bytes]) => {
                for name in &op.names {
                    recorder.op(op.line, format!("{name} = malloc {bytes}"));
                    self.malloc(op, name, bytes, 1)?;
                }
                return Ok(());
            }
            ("free", [], [name, order]) if order == "backwards" => {
                recorder.op(op.line, op.text());
                return self.free(op, name, true);
            }
            ("free", [], [_, ..]) => {
                for name in &op.args {
                    recorder.op(op.line, format!("free {name}"));
                    self.free(op, name, false)?;
                }
                return Ok(());
            }
            _ => recorder.op(op.line, op.text()),
        }
        match (op.verb.as_str(), op.names.as_slice(), op.args.as_slice()) {
            ("malloc", [name], [bytes, x, count]) if x == "x" => self.malloc(op, name, bytes, op.number(count)?),
            ("malloc", [name], [bytes, count]) => self.malloc(op, name, bytes, op.number(count)?),
            ("realloc", [name], [old, bytes]) => self.realloc(op, name, old, size(op, bytes)?),
            ("limit", [], [bytes]) => self.limit(op.number(bytes)?),
            ("limit", [], [arenas, what]) if what.starts_with("arena") => {
                self.limit(op.number(arenas)?.saturating_mul(u64::from(C::Geometry::ARENA)))
            }
            ("used", [], [bytes]) => self.used(op, bytes),
            ("blocks", [], []) => self.fact(format!("{} blocks", self.calls.heap.allocated_blocks())),
            ("heap", [], []) => {
                recorder.shown(Picture::Heap(self.calls.heap.draw()));
                Ok(())
            }
            _ => unknown(
                op,
                "allocator",
                "`x = malloc BYTES`, `x = malloc BYTES x COUNT`, `free x`, `free x backwards`, `y = realloc x BYTES`, \
                 `limit BYTES`, `limit N arenas`, `used BYTES`, `blocks`, `heap`",
            ),
        }
    }

    fn fact(&self, fact: String) -> Result<(), Stop> {
        self.stage.recorder.fact(fact);
        Ok(())
    }

    fn limit(&mut self, bytes: u64) -> Result<(), Stop> {
        self.calls.limit(bytes);
        self.fact(format!("{bytes} bytes more, and then no more"))
    }

    fn used(&self, op: &Op, bytes: &str) -> Result<(), Stop> {
        let heap = &self.calls.heap;
        let Some(class) = heap.class_of(size(op, bytes)?) else {
            return self.fact("no pool serves that".into());
        };
        let pools = used(heap, class);
        let size = heap.block_size(class);
        if pools.is_empty() {
            return self.fact(format!("blocks of {size}: no used pool"));
        }
        let pools = pools.iter().map(|pool| place(heap, pool.0).unwrap_or_default());
        self.fact(format!("blocks of {size}: {}", place::sequence(pools.collect())))
    }

    /// A name that stands for something.
    fn is_free(&self, op: &Op, name: &str) -> Result<(), Stop> {
        match self.held.contains_key(name) {
            true => Ok(op.bad(format!("`{name}` holds a block already: free it first"))?),
            false => Ok(()),
        }
    }

    fn malloc(&mut self, op: &Op, name: &str, bytes: &str, count: u64) -> Result<(), Stop> {
        let bytes = size(op, bytes)?;
        self.is_free(op, name)?;
        if !(1..=MANY).contains(&count) {
            return Ok(op.bad(format!("{count} blocks: write a number from 1 to {MANY}"))?);
        }
        let mut blocks = vec![];
        while (blocks.len() as u64) < count
            && let Some(held) = self.calls.malloc(bytes)?
        {
            blocks.push(held);
        }
        let gave: Vec<_> = blocks.iter().map(|held| held.at).collect();
        self.held.insert(name.into(), blocks);
        self.all_counted()?;
        let none = if (gave.len() as u64) < count { "none: no more memory" } else { "" };
        let between = if gave.is_empty() || none.is_empty() { "" } else { ", then " };
        let places = if gave.is_empty() { String::new() } else { places(&self.calls.heap, &gave) };
        self.fact(format!("{places}{between}{none}"))
    }

    fn free(&mut self, op: &Op, name: &str, backwards: bool) -> Result<(), Stop> {
        let Some(mut blocks) = self.held.remove(name) else {
            return Ok(op.bad(format!("`{name}` holds no block"))?);
        };
        if backwards {
            blocks.reverse();
        }
        let told = match blocks.as_slice() {
            [] => "nothing to free".into(),
            [held] => self.calls.free_and_tell(held)?,
            many => {
                many.iter().try_for_each(|held| self.calls.free(held))?;
                format!("{} taken back", many.len())
            }
        };
        self.all_counted()?;
        self.fact(told)
    }

    fn realloc(&mut self, op: &Op, name: &str, old: &str, bytes: u64) -> Result<(), Stop> {
        let held = match self.held.get(old).map(Vec::as_slice) {
            None => return Ok(op.bad(format!("`{old}` holds no block"))?),
            Some([_, _, ..]) => return Ok(op.bad(format!("`{old}` holds many blocks: realloc takes one"))?),
            Some(held) => held.first().copied(),
        };
        if name != old {
            self.is_free(op, name)?;
        }
        let Some(held) = held else {
            self.held.insert(name.into(), vec![]);
            return self.fact("nothing to realloc".into());
        };
        let fact = match self.calls.realloc(&held, bytes)? {
            Given::None => {
                // The old block is as it was, and so is its name.
                self.held.entry(name.into()).or_default();
                "none: no more memory".into()
            }
            Given::Block { now, fact } => {
                self.held.remove(old);
                self.held.insert(name.into(), vec![now]);
                fact
            }
        };
        self.all_counted()?;
        self.fact(fact)
    }

    /// The program holds as many blocks as are out.
    fn all_counted(&self) -> Result<(), Stop> {
        let holds = self.held.values().map(|blocks| blocks.len() as u64).sum();
        self.calls.all_counted(holds)
    }
}

/// A request that the machine hands on to an allocator.
fn size(op: &Op, word: &str) -> Result<u64, Stop> {
    let bytes = op.number(word)?;
    if bytes > LARGEST {
        return Ok(op.bad(format!("{bytes} bytes: nobody asks for more than {LARGEST}"))?);
    }
    Ok(bytes)
}
