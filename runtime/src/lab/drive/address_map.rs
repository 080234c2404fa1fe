//! # Driving `address-map`
//!
//! ```text
//! use address-map classic     cells of 256 KiB; `modern`: of 1 MiB
//! a = insert 5 4096           an arena that begins in cell 5, 4096 bytes behind its beginning
//! b = insert last 0           the last cell of all addresses
//! ask a                       are the bytes of a ours, and those around it?
//! ask 7 100                   is this one: cell 7, 100 bytes behind its beginning?
//! remove a
//! nodes                       how many nodes there are, and what the cells say
//! limit 2                     the system has memory for two more nodes, and then no more (checked memory only)
//! ```
//!
//! Nothing lies at these addresses: the map speaks about addresses and never goes there.

mod layout;
mod map;

use super::super::scenario::{Op, Scenario};
use super::{Stage, Stop, unknown};
use crate::config::Config;
use kit::Addr;
use kit::geometry::Geometry;
use kit::observe::Recorder;
use kit::picture::Picture;
use map::Map;
use std::collections::BTreeMap;

struct Program<'a, C: Config> {
    map: Map<'a, C>,
    recorder: &'a Recorder,
    /// Where each name's arena begins, and whether it is inserted now.
    arenas: BTreeMap<String, (Addr, bool)>,
}

pub(in super::super) fn drive<C: Config>(scenario: &Scenario, stage: &Stage<'_, C>) -> Result<(), Stop> {
    let setup = &scenario.setup;
    stage.recorder.op(setup.line, setup.text());
    if setup.args.len() != 2 {
        return Ok(setup.bad("`address-map` has one setting: write `use address-map classic` or `modern`")?);
    }
    let mut program = Program { map: Map::new(stage), recorder: stage.recorder, arenas: BTreeMap::new() };
    for op in &scenario.ops {
        stage.recorder.op(op.line, op.text());
        match (op.verb.as_str(), op.names.as_slice(), op.args.as_slice()) {
            ("insert", [name], [cell, offset]) => program.insert(op, name, cell, offset)?,
            ("remove", [], [name]) => program.remove(op, name)?,
            ("ask", [], [name]) => program.ask(op, name)?,
            ("ask", [], [cell, offset]) => {
                let at = program.address(op, cell, offset)?;
                program.recorder.fact(yes(program.map.holds(at)?));
            }
            ("nodes", [], []) => program.recorder.shown(Picture::Map(program.map.draw())),
            ("limit", [], [nodes]) => {
                program.map.limit(op.number(nodes)?);
                let noun = if nodes == "1" { "node" } else { "nodes" };
                program.recorder.fact(format!("{nodes} {noun} more, and then no more"));
            }
            _ => {
                return unknown(
                    op,
                    "address-map",
                    "`a = insert CELL OFFSET`, `remove a`, `ask a`, `ask CELL OFFSET`, `nodes`, `limit NODES`",
                );
            }
        }
    }
    Ok(())
}

fn yes(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

impl<C: Config> Program<'_, C> {
    const SIZE: u64 = C::Geometry::ARENA as u64;

    fn address(&self, op: &Op, cell: &str, offset: &str) -> Result<Addr, Stop> {
        let last = u64::MAX / Self::SIZE;
        let cell = if cell == "last" { last } else { op.number(cell)? };
        let offset = op.number(offset)?;
        if cell > last {
            return Ok(op.bad(format!("cell {cell}: the last one is {last}"))?);
        }
        if offset >= Self::SIZE {
            return Ok(op.bad(format!("offset {offset}: a cell has {} bytes", Self::SIZE))?);
        }
        Ok(Addr(cell * Self::SIZE + offset))
    }

    fn insert(&mut self, op: &Op, name: &str, cell: &str, offset: &str) -> Result<(), Stop> {
        let base = self.address(op, cell, offset)?;
        if base.0 == 0 || base.0 > u64::MAX - Self::SIZE + 1 {
            return Ok(op.bad("no arena begins at the address 0, or ends behind the last address")?);
        }
        let ours = self.arenas.iter().filter(|(_, (_, inserted))| *inserted);
        for (other, (at, _)) in ours {
            if other == name {
                return Ok(op.bad(format!("`{name}` is inserted already: remove it first"))?);
            }
            if at.0.abs_diff(base.0) < Self::SIZE {
                return Ok(op.bad(format!("an arena there would overlap `{other}`"))?);
            }
        }
        let inserted = self.map.insert(base)?;
        self.arenas.insert(name.into(), (base, inserted));
        self.recorder.fact(if inserted { "ok" } else { "no memory for a node" });
        Ok(())
    }

    fn remove(&mut self, op: &Op, name: &str) -> Result<(), Stop> {
        match self.arenas.get_mut(name) {
            None => return Ok(op.bad(format!("`{name}` is no arena"))?),
            Some((_, false)) => self.recorder.fact("nothing to remove"),
            Some((base, inserted)) => {
                self.map.remove(*base)?;
                *inserted = false;
                self.recorder.fact("ok");
            }
        }
        Ok(())
    }

    /// The bytes in question: the arena's first and last, one in the middle, and those around it. Where it lies in two
    /// cells, the two at the border as well.
    fn ask(&self, op: &Op, name: &str) -> Result<(), Stop> {
        let Some((base, _)) = self.arenas.get(name) else {
            return Ok(op.bad(format!("`{name}` is no arena"))?);
        };
        let last = base.plus(Self::SIZE - 1);
        let border = Addr(last.0 / Self::SIZE * Self::SIZE);
        let mut places = vec![("before", base.0.checked_sub(1)), ("first", Some(base.0))];
        if border > *base {
            places.extend([("last of its first cell", Some(border.0 - 1)), ("first of the next", Some(border.0))]);
        }
        places.extend([("middle", Some(base.0 + Self::SIZE / 2)), ("last", Some(last.0))]);
        places.push(("behind", last.0.checked_add(1)));
        let mut told = vec![];
        for (place, at) in places {
            let is = at.map_or(Ok("nothing there"), |at| self.map.holds(Addr(at)).map(yes))?;
            told.push(format!("{place} {is}"));
        }
        self.recorder.fact(told.join(", "));
        Ok(())
    }
}
