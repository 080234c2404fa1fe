//! # Driving `subtract-refs` and `move-unreachable`
//!
//! ```text
//! use move-unreachable          or `use subtract-refs`: which part is asked; the rest of the collection is the reference's
//! new a b c                     three objects, in this order in `young`; nobody refers to them yet
//! older o                       an object of an older generation, outside the collection; one reference from outside
//! a -> b c b                    a refers to b, to c and to b again, in this order
//! root c d                      one reference from outside more, to each: variables, say
//! unroot c                      one less
//! c = chain 20000               new objects c0 ... c19999, each refers to the next: c0 -> c1 -> ...
//! c = chain 20000 backwards     the same, each refers to the one before it: ... c1 -> c0
//! r = ring 3                    r0 -> r1 -> r2 -> r0
//! collect                       examine `young`; what is kept joins the older objects, at their end
//! collect all                   `young` is appended to the older objects, and all of them are examined
//! why c                         a shortest chain of references from outside to c
//! ```
//!
//! What nobody refers to when a collection begins has died before it, as in Python: its count was 0. What the
//! collection finds unreachable is gone afterwards; a later line that names it is told as a broken promise.

use super::super::scenario::{Op, Scenario};
use super::{Stop, unknown};
use crate::config::{Config, GraphOf, Parts};
use crate::gc::graph::{Age, Book, ObjectGraph};
use kit::graph::Obj;
use kit::misuse::Watch;
use kit::observe::{Observer, Recorder};
use kit::text::list;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Objects in one scenario, at most.
const OBJECTS: usize = 1 << 20;

struct Program<'a, C: Config> {
    graph: GraphOf<C>,
    parts: Parts<C>,
    observer: C::Observer,
    recorder: &'a Recorder,
    watch: &'a Rc<Watch>,
    book: Rc<Book>,
    objects: BTreeMap<String, Known>,
    outside: BTreeMap<Obj, u64>,
    asked: Asked,
}

/// A name of the scenario.
#[derive(Clone, Copy)]
struct Known {
    object: Obj,
    /// The line whose collection found it dead.
    died: Option<u32>,
}

/// Whose part is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Subtract,
    Move,
}

/// Runs the scenario on objects in `mem`.
pub(in super::super) fn drive<C: Config>(
    scenario: &Scenario,
    parts: Parts<C>,
    mem: C::Memory,
    observer: C::Observer,
    recorder: &Recorder,
    watch: &Rc<Watch>,
) -> Result<(), Stop>
where
    C::Observer: Clone,
{
    recorder.op(scenario.setup.line, scenario.setup.text());
    let book = Rc::new(Book::default());
    let graph = ObjectGraph::new(mem, observer.clone(), watch.clone(), book.clone()).ok_or_else(no_memory)?;
    let asked = if scenario.part() == "subtract-refs" { Asked::Subtract } else { Asked::Move };
    let (objects, outside) = (BTreeMap::new(), BTreeMap::new());
    let mut program = Program::<C> { graph, parts, observer, recorder, watch, book, objects, outside, asked };
    scenario.ops.iter().try_for_each(|op| {
        recorder.op(op.line, short(op));
        program.op(op)?;
        program.graph.scene();
        Ok(())
    })
}

fn no_memory() -> Stop {
    Stop::Broken("out-of-memory: the system has no room for more objects".into())
}

/// The operation as a line; a thousand names help nobody.
pub(super) fn short(op: &Op) -> String {
    let shorten = |words: &[String]| match words {
        [first, .., last] if words.len() > 12 => vec![first.clone(), "...".into(), last.clone()],
        _ => words.to_vec(),
    };
    Op { names: shorten(&op.names), args: shorten(&op.args), ..op.clone() }.text()
}

impl<C: Config> Program<'_, C> {
    fn op(&mut self, op: &Op) -> Result<(), Stop> {
        match (op.verb.as_str(), op.names.as_slice(), op.args.as_slice()) {
            ("new", [], [_, ..]) => self.create(op, &op.args, Age::Young),
            ("older", [], [_, ..]) => {
                self.create(op, &op.args, Age::Old)?;
                self.root(op, &op.args)
            }
            ("->", [_, ..], _) => op.names.iter().try_for_each(|from| self.refer(op, from, &op.args)),
            ("root", [], [_, ..]) => self.root(op, &op.args),
            ("unroot", [], [_, ..]) => self.unroot(op),
            ("chain", [stem], [length]) => self.chain(op, stem, length, false),
            ("chain", [stem], [length, order]) if order == "backwards" => self.chain(op, stem, length, true),
            ("ring", [stem], [length]) => {
                self.chain(op, stem, length, false)?;
                let last = op.number(length)? - 1;
                self.refer(op, &format!("{stem}{last}"), &[format!("{stem}0")])
            }
            ("collect", [], []) => self.collect(op, false),
            ("collect", [], [what]) if what == "all" => self.collect(op, true),
            ("why", [], [name]) => self.why(op, name),
            _ => unknown(
                op,
                "subtract-refs` and `move-unreachable",
                "`new a`, `older a`, `a -> b`, `root a`, `unroot a`, `c = chain LENGTH`, `c = chain LENGTH backwards`, \
                 `r = ring LENGTH`, `collect`, `collect all`, `why a`",
            ),
        }
    }

    fn create(&mut self, op: &Op, names: &[String], age: Age) -> Result<(), Stop> {
        for name in names {
            if self.objects.contains_key(name) {
                return Ok(op.bad(format!("there is an object `{name}` already: take another name"))?);
            }
            if self.objects.len() == OBJECTS {
                return Ok(op.bad(format!("more than {OBJECTS} objects in one scenario"))?);
            }
            let object = self.graph.create(age).ok_or_else(no_memory)?;
            self.book.enter(object, name);
            self.objects.insert(name.clone(), Known { object, died: None });
        }
        Ok(())
    }

    fn find(&self, op: &Op, name: &str) -> Result<Obj, Stop> {
        match self.objects.get(name) {
            Some(Known { object, died: None }) => Ok(*object),
            // Not the scenario's fault: it counts on the object, and the reference would have kept it.
            Some(Known { died: Some(line), .. }) => {
                Err(Stop::Broken(format!("broken: `{name}` is needed here, but is gone since line {line}")))
            }
            None => Ok(op.bad(format!("there is no object `{name}`: write `new {name}` first"))?),
        }
    }

    fn refer(&self, op: &Op, from: &str, to: &[String]) -> Result<(), Stop> {
        let from = self.find(op, from)?;
        to.iter().try_for_each(|to| self.graph.refer(from, self.find(op, to)?).ok_or_else(no_memory))
    }

    fn root(&mut self, op: &Op, names: &[String]) -> Result<(), Stop> {
        for name in names {
            let object = self.find(op, name)?;
            self.graph.incref(object);
            *self.outside.entry(object).or_default() += 1;
        }
        Ok(())
    }

    fn unroot(&mut self, op: &Op) -> Result<(), Stop> {
        for name in &op.args {
            let object = self.find(op, name)?;
            let held = self.outside.entry(object).or_default();
            if *held == 0 {
                return Ok(op.bad(format!("nothing outside refers to `{name}`: `root {name}` comes before"))?);
            }
            *held -= 1;
            self.graph.decref(object);
        }
        Ok(())
    }

    fn chain(&mut self, op: &Op, stem: &str, length: &str, backwards: bool) -> Result<(), Stop> {
        let length = op.number(length)?;
        if length == 0 || length > OBJECTS as u64 {
            return Ok(op.bad(format!("a length of {length}: from 1 to {OBJECTS}"))?);
        }
        let names: Vec<String> = (0..length).map(|i| format!("{stem}{i}")).collect();
        self.create(op, &names, Age::Young)?;
        names.windows(2).try_for_each(|pair| match backwards {
            true => self.refer(op, &pair[1], &pair[..1]),
            false => self.refer(op, &pair[0], &pair[1..]),
        })
    }

    fn why(&self, op: &Op, name: &str) -> Result<(), Stop> {
        let object = self.find(op, name)?;
        let chain = self.graph.chain_to(object);
        let held = chain.as_ref().map(|chain| self.names(chain.iter().copied()).replace(' ', " -> "));
        self.recorder.fact(match held {
            Some(chain) => format!("alive: outside -> {chain}"),
            None => format!("nothing outside leads to {name}"),
        });
        self.graph.scene_with(&chain.unwrap_or_default());
        Ok(())
    }

    fn names(&self, objects: impl Iterator<Item = Obj>) -> String {
        list(objects.map(|object| self.book.name(object)))
    }

    fn collect(&mut self, op: &Op, all: bool) -> Result<(), Stop> {
        if all {
            self.graph.merge_all();
        }
        self.die_by_count(op);
        self.graph.update_refs();
        self.graph.set_quiet(self.asked != Asked::Subtract);
        self.graph.subtract_refs(self.parts.subtract_refs);
        self.kept_rules()?;
        if self.asked == Asked::Subtract {
            self.tell_refs();
            self.graph.scene_of_refs();
        }
        self.graph.set_quiet(self.asked != Asked::Move);
        let ended = self.graph.move_unreachable(self.parts.move_unreachable);
        self.kept_rules()?;
        if let Err(waiting) = ended {
            let names = self.names(waiting.into_iter());
            return Err(Stop::Broken(format!("broken: the walk ended, but these still wait: {names} (I1)")));
        }
        let (young, unreachable) = (self.names(self.graph.young()), self.names(self.graph.unreachable()));
        match self.asked {
            Asked::Subtract => self.observer.step(|| format!("so the rest of the collection finds: {unreachable}")),
            Asked::Move => {
                self.recorder.fact(format!("young: {young}"));
                self.recorder.fact(format!("unreachable: {unreachable}"));
            }
        }
        self.bury(op, self.graph.unreachable().collect());
        self.graph.promote();
        self.graph.validate().map_err(|sentence| Stop::Broken(format!("broken: {sentence}")))
    }

    /// A misuse that the part caught ends the scenario all the same.
    fn kept_rules(&self) -> Result<(), Stop> {
        self.watch.first().map_or(Ok(()), |misuse| Err(Stop::Broken(misuse.to_string())))
    }

    fn tell_refs(&self) {
        let refs = |object: Obj| format!("{}:{}", self.book.name(object), self.graph.refs_of(object));
        self.recorder.fact(format!("refs: {}", list(self.graph.young().map(refs))));
        let none = self.graph.young().filter(|object| self.graph.refs_of(*object) == 0);
        self.recorder.fact(format!("held by nothing but the collection itself: {}", self.names(none)));
    }

    /// What nobody refers to is gone before the collector comes, and at once what only that referred to.
    fn die_by_count(&mut self, op: &Op) {
        let unheld: Vec<Obj> =
            self.graph.young().chain(self.graph.old()).filter(|o| self.graph.count(*o) == 0).collect();
        let mut order = vec![];
        for first in unheld {
            order.push(first);
            // References are dropped one by one while these are walked: no recursion, however long the chain.
            let mut dying = vec![self.graph.delete(first)];
            while let Some(references) = dying.last_mut() {
                match references.next() {
                    None => drop(dying.pop()),
                    Some(child) if self.graph.count(child) == 0 => {
                        order.push(child);
                        dying.push(self.graph.delete(child));
                    }
                    Some(_) => {}
                }
            }
        }
        if !order.is_empty() {
            self.recorder.fact(format!("died before, by count: {}", self.names(order.iter().copied())));
            self.note_deaths(op, &order);
        }
    }

    fn bury(&mut self, op: &Op, garbage: Vec<Obj>) {
        for object in &garbage {
            self.graph.delete(*object).for_each(drop);
        }
        self.note_deaths(op, &garbage);
    }

    fn note_deaths(&mut self, op: &Op, dead: &[Obj]) {
        for object in dead {
            if let Some(known) = self.objects.get_mut(&self.book.name(*object)) {
                known.died = Some(op.line);
            }
        }
    }
}
