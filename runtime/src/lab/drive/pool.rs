//! # Driving `pool`
//!
//! ```text
//! use pool classic 512        geometry and block size: a new pool, initialised
//! b0..b2 = alloc              three operations, each hands out a block
//! many = alloc 100            one operation, a hundred blocks under one name
//! free b2 b0                  two operations
//! free many / free many backwards
//! again 128                   the pool is empty: initialise it for another size
//! count                       what the header says
//! another 256                 a second pool begins, is filled and emptied meanwhile
//! ```
//!
//! The program fills each block that it gets, so that a pool which reads or writes a block in use is found out.

use super::super::scenario::{Op, Scenario};
use super::{Stop, unknown};
use crate::config::Config;
use crate::heap::single::SinglePool;
use kit::geometry::Geometry;
use kit::memory::Memory;
use kit::observe::Recorder;
use kit::owner::Owner;
use kit::pool::{BLOCK_SIZE, Block, Change, HEADER, IN_USE, LAST};
use kit::text::list;
use std::collections::BTreeMap;

struct Program<'a, C: Config> {
    pool: SinglePool<C>,
    recorder: &'a Recorder,
    held: BTreeMap<String, Vec<Block>>,
    in_use: u64,
}

/// Runs the scenario on a pool that `make` makes: a memory of its own for each. A swallowed misuse ends it.
pub(in super::super) fn drive<C: Config>(
    scenario: &Scenario,
    make: impl Fn() -> SinglePool<C>,
    recorder: &Recorder,
) -> Result<(), Stop> {
    let begin = || Program { pool: make(), recorder, held: BTreeMap::new(), in_use: 0 };
    let mut program = begin();
    let setup = &scenario.setup;
    recorder.op(setup.line, setup.text());
    let size = setup.args.get(2).map_or_else(|| setup.bad("a block size is missing: `use pool classic 512`"), Ok)?;
    program.init(setup, size)?;
    for op in &scenario.ops {
        match (op.verb.as_str(), op.names.as_slice(), op.args.as_slice()) {
            ("alloc", [_, ..], []) => {
                for name in &op.names {
                    recorder.op(op.line, format!("{name} = alloc"));
                    program.alloc(op, name, 1)?;
                }
            }
            ("alloc", [name], [count]) => {
                recorder.op(op.line, op.text());
                program.alloc(op, name, op.number(count)?)?;
            }
            ("free", [], [name, order]) if order == "backwards" => {
                recorder.op(op.line, op.text());
                program.free(op, name, true)?;
            }
            ("free", [], [_, ..]) => {
                for name in &op.args {
                    recorder.op(op.line, format!("free {name}"));
                    program.free(op, name, false)?;
                }
            }
            ("again", [], [size]) => {
                recorder.op(op.line, op.text());
                if program.in_use > 0 {
                    return Ok(
                        op.bad(format!("{} blocks are in use: only an empty pool begins again", program.in_use))?
                    );
                }
                program.init(op, size)?;
            }
            ("count", [], []) => {
                recorder.op(op.line, op.text());
                recorder.fact(program.count());
            }
            ("another", [], [size]) => {
                recorder.op(op.line, op.text());
                begin().come_and_go(op, size)?;
            }
            _ => {
                return unknown(
                    op,
                    "pool",
                    "`x = alloc`, `x = alloc COUNT`, `free x`, `free x backwards`, `again SIZE`, `count`, `another SIZE`",
                );
            }
        }
    }
    Ok(())
}

/// Geometry and block size that make sense together.
fn block_size(op: &Op, word: &str) -> Result<u32, Stop> {
    let size = op.number(word)?;
    if size == 0 || size % 8 != 0 || size > 512 {
        return Ok(op.bad(format!("a block of {size} bytes: pools serve multiples of 8 up to 512"))?);
    }
    Ok(size as u32)
}

impl<C: Config> Program<'_, C> {
    fn init(&mut self, op: &Op, size: &str) -> Result<(), Stop> {
        let size = block_size(op, size)?;
        self.pool.init(size);
        self.kept()?;
        self.recorder.fact(self.count());
        Ok(())
    }

    /// The whole life of a pool: a part that remembers anything of its own mixes it up with another one's.
    fn come_and_go(&mut self, op: &Op, size: &str) -> Result<(), Stop> {
        self.init(op, size)?;
        let all = u64::from(self.pool.layout().capacity());
        self.alloc(op, "all", all)?;
        self.free(op, "all", false)
    }

    /// What the header says, in words.
    fn count(&self) -> String {
        let at = self.pool.layout().at.0;
        let half = |offset| self.pool.mem().peek_half(at.plus(offset)).unwrap_or(0);
        let (size, last) = (half(BLOCK_SIZE.offset), half(LAST.offset));
        let in_use = self.pool.mem().peek(at.plus(IN_USE.offset)).unwrap_or(0);
        let blocks = last.saturating_sub(HEADER).checked_div(size).map_or(0, |before| before + 1);
        let lost = u64::from(C::Geometry::POOL).saturating_sub(u64::from(HEADER) + u64::from(blocks) * u64::from(size));
        format!("{in_use} of {blocks} blocks of {size} in use, {lost} bytes lost")
    }

    fn alloc(&mut self, op: &Op, name: &str, count: u64) -> Result<(), Stop> {
        if self.held.contains_key(name) {
            return Ok(op.bad(format!("`{name}` holds a block already: free it first"))?);
        }
        let capacity = u64::from(self.pool.layout().capacity());
        let (mut numbers, mut change) = (vec![], Change::Same);
        for _ in 0..count {
            if self.in_use == capacity {
                return Ok(op.bad("the pool is full: nobody asks a full pool")?);
            }
            let block;
            (block, change) = self.pool.alloc();
            numbers.push(self.accept(block)?.to_string());
            self.held.entry(name.into()).or_default().push(block);
            self.in_use += 1;
            self.kept()?;
        }
        let noun = if numbers.len() == 1 { "block" } else { "blocks" };
        self.recorder.fact(format!("{noun} {}{}", list(&numbers), said(change)));
        Ok(())
    }

    /// Is it a block of this pool that nobody holds? Then the program fills it.
    fn accept(&self, block: Block) -> Result<u32, Stop> {
        let Some(index) = self.pool.layout().index_of(block) else {
            let name = self.pool.layout().name(block.0);
            return Err(Stop::Broken(format!("broken: alloc gave {name}: no block begins there (I1)")));
        };
        if self.held.values().flatten().any(|held| *held == block) {
            return Err(Stop::Broken(format!("broken: alloc gave block {index}, which the program still holds (I1)")));
        }
        for (at, word) in self.pattern(block) {
            self.pool.mem().write(at, word);
        }
        Ok(index)
    }

    fn pattern(&self, block: Block) -> impl Iterator<Item = (kit::Addr, u64)> + use<C> {
        let words = u64::from(self.pool.layout().block_size.get() / 8);
        let number = self.pool.layout().index_of(block).unwrap_or(0);
        // Odd numbers: as a link they lead nowhere.
        (0..words)
            .map(move |word| (block.0.plus(word * 8), 0xB10C_0000_0000_0001 | u64::from(number) << 16 | word << 4))
    }

    fn free(&mut self, op: &Op, name: &str, backwards: bool) -> Result<(), Stop> {
        let Some(mut blocks) = self.held.remove(name) else {
            return Ok(op.bad(format!("`{name}` holds no block"))?);
        };
        if backwards {
            blocks.reverse();
        }
        let (count, mut change, mut woke) = (blocks.len(), Change::Same, false);
        for block in blocks {
            if let Some((at, _)) = self.pattern(block).find(|(at, word)| self.pool.mem().peek(*at) != Some(*word)) {
                let name = self.pool.layout().name(at);
                return Err(Stop::Broken(format!("broken: {name} was changed while the program held it (I5)")));
            }
            change = self.pool.free(block);
            woke |= change == Change::UsedAgain;
            self.in_use -= 1;
            self.kept()?;
        }
        let fact = if count == 1 { "ok".into() } else { format!("{count} taken back") };
        let again = if woke && change != Change::UsedAgain { ", used again" } else { "" };
        self.recorder.fact(format!("{fact}{again}{}", said(change)));
        Ok(())
    }

    /// The promises that hold after each call.
    fn kept(&self) -> Result<(), Stop> {
        if let Some(misuse) = self.pool.mem().misused() {
            return Err(Stop::Broken(misuse.to_string()));
        }
        let in_use = self.pool.mem().peek(self.pool.layout().at.0.plus(IN_USE.offset));
        if in_use.is_some_and(|in_use| in_use != self.in_use) {
            let in_use = in_use.unwrap_or(0);
            return Err(Stop::Broken(format!(
                "broken: IN_USE says {in_use}, but {} blocks are in use (I1)",
                self.in_use
            )));
        }
        self.pool.validate().map_err(|sentence| Stop::Broken(format!("broken: {sentence}")))
    }
}

fn said(change: Change) -> &'static str {
    match change {
        Change::Same => "",
        Change::NowFull => ", now full",
        Change::UsedAgain => ", used again",
        Change::NowEmpty => ", now empty",
    }
}
