//! # Driving `free-lists`
//!
//! ```text
//! use free-lists
//! f = list 3                a free list for three blocks at most
//! put f a b                 a new block a of the program's is offered to f, then b; one that was taken out, again
//! put f b0..b99             more than four at once are told together
//! take f                    the program holds the block then
//! take f 3                  three of them
//! small -5 0 256 257        the places of these integers
//! s = text spam             a new string with these characters, and a variable s
//! intern s                  s leads to the interned one now
//! drop s                    the variable goes
//! table                     the interned strings
//! memory off / memory on    from now on the table of interned strings cannot grow / again it can
//! ```

use super::super::scenario::{Op, Scenario};
use super::super::shelves::Shelves;
use super::{Stop, unknown};
use kit::Addr;
use kit::observe::{Observer, Recorder};
use kit::owner::Owner;
use kit::text::list;

struct Program<'a, M: Owner + 'static, O: Observer + 'static> {
    shelves: Shelves<M, O>,
    recorder: &'a Recorder,
}

/// So many blocks are offered in operations of their own.
const APART: usize = 4;

/// Runs the scenario on the lists of `shelves`, of which there are none yet.
pub(in super::super) fn drive<M: Owner, O: Observer>(
    scenario: &Scenario,
    shelves: Shelves<M, O>,
    recorder: &Recorder,
) -> Result<(), Stop> {
    recorder.op(scenario.setup.line, scenario.setup.text());
    let program = Program { shelves, recorder };
    scenario.ops.iter().try_for_each(|op| program.op(op))
}

impl<M: Owner, O: Observer> Program<'_, M, O> {
    fn op(&self, op: &Op) -> Result<(), Stop> {
        match (op.verb.as_str(), op.names.as_slice(), op.args.as_slice()) {
            ("list", [name], [limit]) => self.whole(op, || self.create(op, name, op.number(limit)?)),
            ("put", [], [of, blocks @ ..]) if (1..=APART).contains(&blocks.len()) => {
                blocks.iter().try_for_each(|block| {
                    let one = Op { args: vec![of.clone(), block.clone()], ..op.clone() };
                    self.whole(&one, || self.put(op, of, std::slice::from_ref(block)))
                })
            }
            ("put", [], [of, first, .., last]) => {
                let short = Op { args: vec![of.clone(), first.clone(), "...".into(), last.clone()], ..op.clone() };
                self.whole(&short, || self.put(op, of, &op.args[1..]))
            }
            ("take", [], [of]) => self.whole(op, || self.take(op, of, 1)),
            ("take", [], [of, count]) => self.whole(op, || self.take(op, of, op.number(count)?)),
            ("small", [], [_, ..]) => self.whole(op, || op.args.iter().try_for_each(|value| self.small(op, value))),
            ("text", [name], [characters]) => self.whole(op, || match self.shelves.text(name, characters) {
                true => Ok(()),
                false => Ok(op.bad(format!("there was a `{name}` already: take another name"))?),
            }),
            ("intern", [], [_, ..]) => self.each(op, |name| match self.shelves.intern(name) {
                None => Ok(op.bad(format!("there is no string `{name}`: write `{name} = text spam`"))?),
                Some(Err(broken)) => Err(Stop::Broken(broken)),
                Some(Ok(fact)) => {
                    self.recorder.fact(fact);
                    Ok(())
                }
            }),
            ("drop", [], [_, ..]) => self.each(op, |name| match self.shelves.let_go(name) {
                None => Ok(op.bad(format!("there is no variable `{name}`"))?),
                Some(fact) => {
                    self.recorder.fact(fact);
                    Ok(())
                }
            }),
            ("table", [], []) => self.whole(op, || {
                self.recorder.fact(self.shelves.table());
                Ok(())
            }),
            ("memory", [], [what]) if what == "on" || what == "off" => self.whole(op, || {
                self.shelves.set_memory(what == "on");
                Ok(())
            }),
            _ => unknown(
                op,
                "free-lists",
                "`f = list LIMIT`, `put f a b`, `take f`, `take f COUNT`, `small -5 0 257`, `s = text spam`, `intern s`, \
                 `drop s`, `table`, `memory off`, `memory on`",
            ),
        }
    }

    fn whole(&self, op: &Op, act: impl FnOnce() -> Result<(), Stop>) -> Result<(), Stop> {
        self.recorder.op(op.line, op.text());
        act()?;
        self.shelves.kept().map_err(Stop::Broken)
    }

    fn each(&self, op: &Op, act: impl Fn(&str) -> Result<(), Stop>) -> Result<(), Stop> {
        op.args.iter().try_for_each(|name| {
            let one = Op { args: vec![name.clone()], ..op.clone() };
            self.whole(&one, || act(name))
        })
    }

    fn create(&self, op: &Op, name: &str, limit: u64) -> Result<(), Stop> {
        if self.shelves.shelf(name).is_some() {
            return Ok(op.bad(format!("there is a list `{name}` already: take another name"))?);
        }
        self.shelves.create(name, limit).ok_or_else(no_memory)
    }

    fn find(&self, op: &Op, name: &str) -> Result<Addr, Stop> {
        self.shelves
            .shelf(name)
            .map_or_else(|| Ok(op.bad(format!("there is no list `{name}`: write `{name} = list 3`"))?), Ok)
    }

    fn put(&self, op: &Op, of: &str, blocks: &[String]) -> Result<(), Stop> {
        let shelf = self.find(op, of)?;
        let mut refused = vec![];
        for name in blocks {
            let block = self.shelves.block(name).ok_or_else(no_memory)?;
            if self.shelves.is_kept(block) {
                return Ok(op.bad(format!("`{name}` is in a free list: `take` it out first"))?);
            }
            if !self.shelves.put(shelf, block).map_err(Stop::Broken)? {
                refused.push(name);
            }
        }
        self.recorder.fact(self.shelves.told(shelf));
        if !refused.is_empty() {
            self.recorder.fact(format!("refused: {}", list(refused)));
        }
        Ok(())
    }

    fn take(&self, op: &Op, of: &str, count: u64) -> Result<(), Stop> {
        let shelf = self.find(op, of)?;
        let mut taken = vec![];
        for _ in 0..count {
            taken.push(self.shelves.take(shelf).map_err(Stop::Broken)?.unwrap_or_else(|| "nothing".into()));
        }
        self.recorder.fact(format!("took {}", list(taken)));
        self.recorder.fact(self.shelves.told(shelf));
        Ok(())
    }

    fn small(&self, op: &Op, value: &str) -> Result<(), Stop> {
        let Ok(number) = value.parse::<i64>() else {
            return Ok(op.bad(format!("`{value}` is not an integer of 64 bits"))?);
        };
        let place = self.shelves.part().small_int(number);
        let fact = place.map_or("not a small one".to_string(), |place| format!("place {place}"));
        self.recorder.fact(format!("{value}: {fact}"));
        Ok(())
    }
}

fn no_memory() -> Stop {
    Stop::Broken("out-of-memory: the system has no room for more blocks".into())
}
