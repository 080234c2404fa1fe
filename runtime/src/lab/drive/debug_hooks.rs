//! # Driving `debug-hooks`
//!
//! ```text
//! use debug-hooks
//! x = malloc 10 object        a block gets its coat; the program's bytes are filled with 0xCD, as CPython does
//! write x 3 0x41              the program writes one byte; -1 is an underrun, 10 an overrun
//! look x                      the coat and the program's bytes
//! check x mem                 is the coat whole, for this domain?
//! free x                      checked, then buried. With a domain, it comes back to that one: `free x mem`
//! again x                     freed a second time
//! ```
//!
//! After a fault the program goes on with the block as it is; CPython would end it. The block lies between others: who
//! writes outside of it is found out.

mod block;

use super::super::scenario::{Op, Scenario};
use super::{Stage, Stop, unknown};
use crate::config::Config;
use block::{Block, Hooks};
use kit::debug_hooks::{Domain, Fault};
use kit::observe::Recorder;
use kit::picture::Picture;
use std::collections::BTreeMap;

/// A larger block would only take longer.
const LARGEST: u64 = 1 << 20;

struct Program<'a, C: Config> {
    hooks: Hooks<'a, C>,
    recorder: &'a Recorder,
    blocks: BTreeMap<String, Block>,
}

pub(in super::super) fn drive<C: Config>(scenario: &Scenario, stage: &Stage<'_, C>) -> Result<(), Stop> {
    stage.recorder.op(scenario.setup.line, scenario.setup.text());
    let mut program = Program { hooks: Hooks::new(stage), recorder: stage.recorder, blocks: BTreeMap::new() };
    for op in &scenario.ops {
        stage.recorder.op(op.line, op.text());
        match (op.verb.as_str(), op.names.as_slice(), op.args.as_slice()) {
            ("malloc", [name], [bytes, domain]) => program.malloc(op, name, bytes, domain)?,
            ("write", [], [name, index, byte]) => program.write(op, name, index, byte)?,
            ("look", [], [name]) => {
                let block = program.block(op, name)?;
                program.recorder.shown(Picture::Bytes(program.hooks.draw(block)));
            }
            ("check", [], [name]) => program.check(op, name, None)?,
            ("check", [], [name, domain]) => program.check(op, name, Some(domain))?,
            ("free" | "again", [], [name]) => program.free(op, name, None)?,
            ("free" | "again", [], [name, domain]) => program.free(op, name, Some(domain))?,
            _ => {
                return unknown(
                    op,
                    "debug-hooks",
                    "`x = malloc BYTES raw|mem|object`, `write x INDEX BYTE`, `look x`, `check x`, \
                     `check x raw|mem|object`, `free x`, `free x raw|mem|object`, `again x`",
                );
            }
        }
    }
    Ok(())
}

fn domain_of(op: &Op, word: &str) -> Result<Domain, Stop> {
    match word {
        "raw" => Ok(Domain::Raw),
        "mem" => Ok(Domain::Mem),
        "object" => Ok(Domain::Object),
        _ => Ok(op.bad(format!("`{word}` is no domain: write `raw`, `mem` or `object`"))?),
    }
}

/// `65` or `0x41`.
fn byte_of(op: &Op, word: &str) -> Result<u8, Stop> {
    let byte = match word.strip_prefix("0x") {
        Some(hex) => u8::from_str_radix(hex, 16),
        None => word.parse(),
    };
    byte.or_else(|_| Ok(op.bad(format!("`{word}` is no byte: write 0 to 255, or 0x00 to 0xff"))?))
}

fn told(result: Result<u64, Fault>) -> String {
    match result {
        Ok(1) => "ok, 1 byte".into(),
        Ok(bytes) => format!("ok, {bytes} bytes"),
        Err(fault) => fault.to_string(),
    }
}

impl<C: Config> Program<'_, C> {
    fn block(&self, op: &Op, name: &str) -> Result<&Block, Stop> {
        match self.blocks.get(name) {
            Some(block) => Ok(block),
            None => Ok(op.bad(format!("`{name}` is no block"))?),
        }
    }

    fn malloc(&mut self, op: &Op, name: &str, bytes: &str, domain: &str) -> Result<(), Stop> {
        let (bytes, domain) = (op.number(bytes)?, domain_of(op, domain)?);
        if bytes > LARGEST {
            return Ok(op.bad(format!("{bytes} bytes: write at most {LARGEST}"))?);
        }
        if self.blocks.contains_key(name) {
            return Ok(op.bad(format!("`{name}` is a block already: take another name"))?);
        }
        let block = self.hooks.malloc(bytes, domain)?;
        self.recorder.shown(Picture::Bytes(self.hooks.draw(&block)));
        self.blocks.insert(name.into(), block);
        Ok(())
    }

    /// The program writes where it likes, but not into the number: nobody could say where such a block ends.
    fn write(&mut self, op: &Op, name: &str, index: &str, byte: &str) -> Result<(), Stop> {
        let block = self.block(op, name)?;
        let byte = byte_of(op, byte)?;
        let bytes = block.bytes as i64;
        let room = if block.buried { 0..bytes } else { -8..bytes + 8 };
        let index = match index.parse::<i64>() {
            Ok(index) if room.contains(&index) => index,
            _ => {
                let (from, to) = (room.start, room.end - 1);
                return Ok(op.bad(format!("`{index}`: `{name}` can be written at {from} to {to}"))?);
            }
        };
        self.hooks.write(block, index, byte);
        let place = match index {
            ..-1 => format!(", {} bytes in front of the first one", -index),
            -1 => ", the byte in front of the first one".into(),
            index if index == bytes => ", the byte behind the last one".into(),
            index if index > bytes => format!(", {} bytes behind the last one", index - bytes + 1),
            _ if block.buried => ", of a block that is not the program's any more".into(),
            _ => String::new(),
        };
        self.recorder.fact(format!("byte {index}{place}"));
        Ok(())
    }

    fn check(&self, op: &Op, name: &str, domain: Option<&String>) -> Result<(), Stop> {
        let block = self.block(op, name)?;
        let domain = domain.map_or(Ok(block.domain), |word| domain_of(op, word))?;
        self.recorder.fact(told(self.hooks.check(block, domain)?));
        Ok(())
    }

    fn free(&mut self, op: &Op, name: &str, domain: Option<&String>) -> Result<(), Stop> {
        let block = self.block(op, name)?;
        let domain = domain.map_or(Ok(block.domain), |word| domain_of(op, word))?;
        let result = self.hooks.check(block, domain)?;
        if result.is_ok() {
            self.hooks.bury(block)?;
            self.blocks.entry(name.into()).and_modify(|block| block.buried = true);
        }
        self.recorder.fact(told(result));
        Ok(())
    }
}
