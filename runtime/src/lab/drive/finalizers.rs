//! # Driving `finalizers`
//!
//! ```text
//! use finalizers
//! new a b c                     three young objects; a variable holds each until the next `collect` begins
//! older o                       an object of an older generation, which a global refers to
//! a -> b c                      a refers to b and to c, in this order
//! r = ring 3                    r0 -> r1 -> r2 -> r0
//! root a, unroot a              a global refers to a; no longer
//! finalizer a b c               a, b and c have finalizers, which do nothing but run
//! finalizer a stores b          ... it stores b in a global (b may be a itself)
//! finalizer a cuts b c          ... it cuts the first reference from b to c
//! finalizer a empties b         ... it drops all that b refers to
//! finalizer a links b c         ... it makes b refer to c
//! finalizer a looks b           ... it looks what b refers to
//! finalizer a makes n           ... it makes a new object n, and a global refers to n
//! collect                       the variables are gone; then the young objects are collected
//! collect all                   the older ones, too
//! ```
//!
//! A finalizer with several lines does one after the other. What it does not reach any more (through the object that is
//! finalized) it leaves alone. An object whose last reference is dropped dies at once, its finalizer first.

use super::super::scenario::{Op, Scenario};
use super::graph::short;
use super::{Stop, unknown};
use crate::gc::bin::{Action, Bin};
use crate::gc::graph::Age;
use kit::finalizers::Finalizers;
use kit::graph::Obj;
use kit::misuse::Watch;
use kit::observe::{Observer, Recorder};
use kit::owner::Owner;
use kit::text::list;
use std::cell::RefCell;
use std::rc::Rc;

/// What a finalizer can do.
const ACTIONS: [&str; 6] = ["stores", "cuts", "empties", "links", "looks", "makes"];
/// Objects in one scenario, at most.
const OBJECTS: usize = 1 << 17;

struct Program<'a, M: Owner, O: Observer, P: ?Sized> {
    bin: Bin<M, O>,
    part: &'a P,
    recorder: &'a Recorder,
    /// Objects that a variable holds.
    variables: Vec<Obj>,
    made: usize,
}

/// Runs the scenario with `part`, on objects in `mem`.
pub(in super::super) fn drive<M: Owner, O: Observer, P: Finalizers<Bin<M, O>> + ?Sized>(
    scenario: &Scenario,
    part: &P,
    mem: M,
    observer: O,
    recorder: &Recorder,
    watch: &Rc<Watch>,
) -> Result<(), Stop> {
    recorder.op(scenario.setup.line, scenario.setup.text());
    let bin = Bin::new(mem, observer, watch.clone()).ok_or_else(no_memory)?;
    let mut program = Program { bin, part, recorder, variables: vec![], made: 0 };
    scenario.ops.iter().try_for_each(|op| {
        recorder.op(op.line, short(op));
        program.op(op)?;
        program.bin.scene();
        Ok(())
    })
}

fn no_memory() -> Stop {
    Stop::Broken("out-of-memory: the system has no room for more objects".into())
}

fn broken(sentence: String) -> Stop {
    Stop::Broken(format!("broken: {sentence}"))
}

impl<M: Owner, O: Observer, P: Finalizers<Bin<M, O>> + ?Sized> Program<'_, M, O, P> {
    fn op(&mut self, op: &Op) -> Result<(), Stop> {
        match (op.verb.as_str(), op.names.as_slice(), op.args.as_slice()) {
            ("new", [], [_, ..]) => self.create(op, &op.args, Age::Young),
            ("older", [], [_, ..]) => self.create(op, &op.args, Age::Old),
            ("->", [_, ..], [_, ..]) => op.names.iter().try_for_each(|from| self.refer(op, from, &op.args)),
            ("ring", [stem], [length]) => self.ring(op, stem, length),
            ("root", [], [_, ..]) => op.args.iter().try_for_each(|name| {
                self.bin.store(self.find(op, name)?);
                Ok(())
            }),
            ("unroot", [], [_, ..]) => {
                op.args.iter().try_for_each(|name| match self.bin.unstore(self.find(op, name)?) {
                    true => self.tell_deaths(),
                    false => Ok(op.bad(format!("no global refers to `{name}`: `root {name}` comes before"))?),
                })
            }
            ("finalizer", [], [name, rest @ ..]) => self.finalizer(op, name, rest),
            ("collect", [], []) => self.collect(false),
            ("collect", [], [what]) if what == "all" => self.collect(true),
            _ => unknown(
                op,
                "finalizers",
                "`new a`, `older a`, `a -> b`, `r = ring LENGTH`, `root a`, `unroot a`, `finalizer a`, `finalizer a \
                 stores b`, `finalizer a cuts b c`, `finalizer a empties b`, `finalizer a links b c`, `finalizer a \
                 looks b`, `finalizer a makes n`, `collect`, `collect all`",
            ),
        }
    }

    fn create(&mut self, op: &Op, names: &[String], age: Age) -> Result<(), Stop> {
        for name in names {
            if self.bin.find(name).is_some() {
                return Ok(op.bad(format!("there is an object `{name}` already: take another name"))?);
            }
            self.made += 1;
            if self.made > OBJECTS {
                return Ok(op.bad(format!("more than {OBJECTS} objects in one scenario"))?);
            }
            let object = self.bin.create(name, age).ok_or_else(no_memory)?;
            if age == Age::Old {
                self.bin.store(object);
            } else {
                self.bin.hold(object);
                self.variables.push(object);
            }
        }
        Ok(())
    }

    fn find(&self, op: &Op, name: &str) -> Result<Obj, Stop> {
        match self.bin.find(name) {
            // Not the scenario's fault: it counts on the object, and the reference would have kept it.
            Some(object) if self.bin.is_dead(object) => Err(broken(format!("`{name}` is needed here, but is dead"))),
            Some(object) => Ok(object),
            None => Ok(op.bad(format!("there is no object `{name}`: write `new {name}` first"))?),
        }
    }

    fn refer(&self, op: &Op, from: &str, to: &[String]) -> Result<(), Stop> {
        let from = self.find(op, from)?;
        to.iter().try_for_each(|to| self.bin.refer(from, self.find(op, to)?).ok_or_else(no_memory))
    }

    fn ring(&mut self, op: &Op, stem: &str, length: &str) -> Result<(), Stop> {
        let length = op.number(length)?;
        if length == 0 || length > OBJECTS as u64 {
            return Ok(op.bad(format!("a length of {length}: from 1 to {OBJECTS}"))?);
        }
        let names: Vec<String> = (0..length).map(|i| format!("{stem}{i}")).collect();
        self.create(op, &names, Age::Young)?;
        (0..names.len()).try_for_each(|i| {
            let next = (i + 1) % names.len();
            self.refer(op, &names[i], &names[next..=next])
        })
    }

    fn finalizer(&self, op: &Op, name: &str, rest: &[String]) -> Result<(), Stop> {
        let object = self.find(op, name)?;
        let find = |name: &String| self.find(op, name);
        let words: Vec<&str> = rest.iter().map(String::as_str).collect();
        let action = match words.as_slice() {
            [] => None,
            ["stores", _] => Some(Action::Stores(find(&rest[1])?)),
            ["cuts", _, _] => Some(Action::Cuts(find(&rest[1])?, find(&rest[2])?)),
            ["empties", _] => Some(Action::Empties(find(&rest[1])?)),
            ["links", _, _] => Some(Action::Links(find(&rest[1])?, find(&rest[2])?)),
            ["looks", _] => Some(Action::LooksAt(find(&rest[1])?)),
            ["makes", new] => Some(Action::Makes((*new).into())),
            [other, ..] if !ACTIONS.contains(other) => {
                self.bin.add_finalizer(object, None);
                return rest.iter().try_for_each(|name| self.finalizer(op, name, &[]));
            }
            _ => {
                return Ok(op.bad(format!(
                    "what does the finalizer do? `finalizer {name} stores b`, `... cuts b c`, `... empties b`, `... links b c`, \
                     `... looks b`, `... makes n`"
                ))?);
            }
        };
        self.bin.add_finalizer(object, action);
        Ok(())
    }

    fn collect(&mut self, all: bool) -> Result<(), Stop> {
        std::mem::take(&mut self.variables).into_iter().for_each(|object| self.bin.let_go(object));
        self.tell_deaths()?;
        self.bin.find_unreachable(all).map_err(broken)?;
        let unreachable = self.bin.unreachable();
        self.recorder.fact(format!("unreachable: {}", list(&unreachable)));
        self.bin.scene();
        let ended = self.bin.finalize_garbage(self.part);
        self.end(ended)?;
        self.tell_log("finalizers ran", &self.bin.log.finalized, true);
        self.tell_log("died of it", &self.bin.log.died, false);
        let ended = self.bin.handle_resurrected(self.part);
        self.end(ended)?;
        self.tell_log("can be reached again", &self.bin.log.kept, false);
        let found = self.bin.unreachable();
        self.recorder.fact(format!("collect() gives {}: {}", found.len(), list(&found)));
        self.bin.scene();
        let ended = self.bin.delete_garbage(self.part);
        self.end(ended)?;
        self.tell_log("cleared", &self.bin.log.cleared, true);
        self.tell_log("finalizers ran", &self.bin.log.finalized, false);
        self.tell_log("died", &self.bin.log.died, true);
        // Most of them died a moment later: a part may spare itself to keep those.
        self.bin
            .log
            .kept
            .borrow_mut()
            .retain(|name| self.bin.find(name).is_some_and(|object| !self.bin.is_dead(object)));
        self.tell_log("cleared, and alive all the same", &self.bin.log.kept, false);
        let (young, older) = self.bin.survivors();
        self.recorder.fact(format!("young: {}; older: {}", list(young), list(older)));
        Ok(())
    }

    /// A misuse that the part caught ends the scenario all the same, and is told before what it led to.
    fn end(&self, ended: Result<(), String>) -> Result<(), Stop> {
        match self.bin.misused() {
            Some(misuse) => Err(Stop::Broken(misuse.to_string())),
            None => ended.map_err(broken),
        }
    }

    /// What the log has under this heading, if it has anything or must say so.
    fn tell_log(&self, what: &str, names: &RefCell<Vec<String>>, always: bool) {
        if what == "finalizers ran" {
            self.bin.log.seen.take().into_iter().for_each(|sentence| self.recorder.fact(sentence));
        }
        let names = names.take();
        if always || !names.is_empty() {
            self.recorder.fact(format!("{what}: {}", list(names)));
            self.bin.scene();
        }
    }

    fn tell_deaths(&self) -> Result<(), Stop> {
        self.tell_log("finalizers ran", &self.bin.log.finalized, false);
        self.tell_log("died by count", &self.bin.log.died, false);
        Ok(())
    }
}
