//! # Driving `refcount` and `trashcan`
//!
//! ```text
//! use refcount              or `use trashcan`: which part is asked; the other one is the reference's
//! new a b c                 three objects; the program has one reference to each: a variable
//! a -> b c b                a refers to b, to c and to b again, in this order
//! hold a                    the program has one more reference to a: another variable
//! drop a b                  the program lets go of one reference to a, then of one to b
//! cut a b                   a lets go of its first reference to b
//! save a b                  when a dies, its finalizer puts it into b: b -> a. Once
//! immortal n                an object that never dies; what the program refers to it with is not counted
//! immortal n 3221225472     the same with this count, CPython 3.14's
//! c = chain 100             new objects c0 ... c99, each refers to the next; the program refers to c0 alone
//! t = tree 3 2              new objects: t0 refers to t1 and t2, t1 to t3 and t4 ... three levels; the program has t0
//! count a b                 what REFS says
//! ```

use super::super::counting::{Counting, Parts, Place};
use super::super::scenario::{Op, Scenario};
use super::{Stop, unknown};
use kit::checked::CheckedMemory;
use kit::graph::Obj;
use kit::misuse::Watch;
use kit::observe::{Observer, Recorder};
use kit::owner::Owner;
use kit::refcount::{IMMORTAL, IMMORTAL_BIT};
use kit::text::list;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;

/// Objects in one scenario, at most.
const OBJECTS: u64 = 1 << 18;

struct Program<'a, M: Owner + 'static, O: Observer + 'static> {
    machine: Rc<Counting<M, O>>,
    recorder: &'a Recorder,
    /// Whether it is told how deep the calls were.
    depth: bool,
}

/// Runs the scenario on objects in checked memory.
pub(in super::super) fn drive_checked(
    scenario: &Scenario,
    parts: Parts<CheckedMemory, Recorder>,
    recorder: &Recorder,
    watch: &Rc<Watch>,
) -> Result<(), Stop> {
    let mem = CheckedMemory::new(watch.clone());
    let machine = Rc::new(Counting::new(mem, recorder.clone(), watch.clone(), parts));
    machine.memory().describe(Rc::new(Place::of(&machine)));
    drive(scenario, machine, recorder)
}

/// Runs the scenario on the objects of `machine`, of which there are none yet.
pub(in super::super) fn drive<M: Owner, O: Observer>(
    scenario: &Scenario,
    machine: Rc<Counting<M, O>>,
    recorder: &Recorder,
) -> Result<(), Stop> {
    recorder.op(scenario.setup.line, scenario.setup.text());
    let program = Program { machine, recorder, depth: scenario.part() == "trashcan" };
    scenario.ops.iter().try_for_each(|op| {
        let end = catch_unwind(AssertUnwindSafe(|| program.op(op)));
        match (end, program.machine.noted()) {
            (_, Some(broken)) => Err(Stop::Broken(broken)),
            (Ok(end), None) => end,
            (Err(payload), None) => resume_unwind(payload),
        }
    })
}

fn no_memory() -> Stop {
    Stop::Broken("out-of-memory: the system has no room for more objects".into())
}

impl<M: Owner, O: Observer> Program<'_, M, O> {
    fn op(&self, op: &Op) -> Result<(), Stop> {
        match (op.verb.as_str(), op.names.as_slice(), op.args.as_slice()) {
            ("new", [], [_, ..]) => {
                self.whole(op, || op.args.iter().try_for_each(|name| self.create(op, name, None).map(drop)))
            }
            ("immortal", [], [name]) => self.whole(op, || self.create(op, name, Some(IMMORTAL)).map(drop)),
            ("immortal", [], [name, count]) => self.whole(op, || self.immortal(op, name, count)),
            ("->", [from], [_, ..]) => self.whole(op, || {
                let from = self.find(op, from)?;
                op.args.iter().try_for_each(|to| self.refer(op, from, to))?;
                self.tell_refs(&op.args);
                Ok(())
            }),
            ("hold", [], [_, ..]) => self.each(op, |name| {
                self.machine.hold(self.find(op, name)?);
                Ok(())
            }),
            ("drop", [], [_, ..]) => self.each(op, |name| match self.machine.drop_one(self.find(op, name)?) {
                true => Ok(()),
                false => Ok(op.bad(format!("the program has no reference to `{name}` any more"))?),
            }),
            ("cut", [], [from, to]) => self.whole(op, || {
                let (from_o, to_o) = (self.find(op, from)?, self.find(op, to)?);
                if !self.machine.cut(from_o, to_o) {
                    return Ok(op.bad(format!("`{from}` does not refer to `{to}`"))?);
                }
                self.tell_refs(std::slice::from_ref(to));
                Ok(())
            }),
            ("save", [], [name, holder]) => self.whole(op, || self.save(op, name, holder)),
            ("chain", [stem], [length]) => self.whole(op, || self.tree(op, stem, op.number(length)?, 1)),
            ("tree", [stem], [levels, width]) => {
                self.whole(op, || self.tree(op, stem, op.number(levels)?, op.number(width)?))
            }
            ("count", [], [_, ..]) => self.whole(op, || {
                op.args.iter().try_for_each(|name| self.find(op, name).map(drop))?;
                self.tell_refs(&op.args);
                Ok(())
            }),
            _ => unknown(
                op,
                "refcount` and `trashcan",
                "`new a b`, `a -> b c`, `hold a`, `drop a b`, `cut a b`, `save a b`, `immortal n`, `c = chain LENGTH`, \
                 `t = tree LEVELS WIDTH`, `count a b`",
            ),
        }
    }

    /// One operation for each of the line's names.
    fn each(&self, op: &Op, act: impl Fn(&str) -> Result<(), Stop>) -> Result<(), Stop> {
        op.args.iter().try_for_each(|name| {
            let one = Op { args: vec![name.clone()], ..op.clone() };
            self.whole(&one, || {
                act(name)?;
                self.tell_refs(std::slice::from_ref(name));
                Ok(())
            })
        })
    }

    /// The line as one operation: then what happened, what it looks like, and whether all counts are right.
    fn whole(&self, op: &Op, act: impl FnOnce() -> Result<(), Stop>) -> Result<(), Stop> {
        self.recorder.op(op.line, op.text());
        self.machine.books().borrow_mut().begin(op.line);
        act()?;
        self.tell_deaths();
        self.machine.kept().map_err(Stop::Broken)?;
        self.machine.picture();
        self.machine.scene();
        Ok(())
    }

    fn create(&self, op: &Op, name: &str, immortal: Option<u64>) -> Result<Obj, Stop> {
        if self.machine.books().borrow().named(name).is_some() {
            return Ok(op.bad(format!("there was an object `{name}` already: take another name"))?);
        }
        if self.machine.books().borrow().len() as u64 >= OBJECTS {
            return Ok(op.bad(format!("more than {OBJECTS} objects in one scenario"))?);
        }
        self.machine.create(name, immortal).ok_or_else(no_memory)
    }

    fn immortal(&self, op: &Op, name: &str, count: &str) -> Result<(), Stop> {
        let count = op.number(count)?;
        if count & IMMORTAL_BIT == 0 {
            return Ok(op.bad(format!("a count of {count}: that of an immortal object has bit 31 set"))?);
        }
        self.create(op, name, Some(count)).map(drop)
    }

    fn find(&self, op: &Op, name: &str) -> Result<Obj, Stop> {
        let books = self.machine.books().borrow();
        match books.named(name) {
            None => Ok(op.bad(format!("there is no object `{name}`: write `new {name}` first"))?),
            Some((o, entry)) if entry.is_alive() => Ok(o),
            // Not the scenario's fault: it counts on the object, and the reference would have kept it.
            Some(_) => Err(Stop::Broken(format!("broken: `{name}` is needed here, but it is dead (I1)"))),
        }
    }

    fn refer(&self, op: &Op, from: Obj, to: &str) -> Result<(), Stop> {
        let to = self.find(op, to)?;
        self.machine.refer(from, to).ok_or_else(no_memory)
    }

    fn save(&self, op: &Op, name: &str, holder: &str) -> Result<(), Stop> {
        let (o, holder) = (self.find(op, name)?, self.find(op, holder)?);
        self.machine.books().borrow_mut().change(o, |entry| entry.saved_in = Some(holder));
        Ok(())
    }

    /// A tree with so many levels; one of width 1 is a chain.
    fn tree(&self, op: &Op, stem: &str, levels: u64, width: u64) -> Result<(), Stop> {
        let mut all = 0u64;
        let mut level = 1u64;
        for _ in 0..levels.min(OBJECTS + 1) {
            all = all.saturating_add(level);
            level = level.saturating_mul(width);
        }
        if levels == 0 || width == 0 || all > OBJECTS {
            return Ok(op.bad(format!("{levels} levels of width {width}: at least 1, and {OBJECTS} objects at most"))?);
        }
        let create = |number: u64| self.create(op, &format!("{stem}{number}"), None);
        let objects: Vec<Obj> = (0..all).map(create).collect::<Result<_, Stop>>()?;
        let Some((_, below)) = objects.split_first() else { return Ok(()) };
        // From the last to the first: what is inside is there before what is around it.
        for (parent, children) in objects.iter().zip(below.chunks(width as usize)).rev() {
            children.iter().try_for_each(|child| self.machine.refer(*parent, *child)).ok_or_else(no_memory)?;
            for child in children {
                self.machine.drop_one(*child);
            }
        }
        Ok(())
    }

    /// What REFS says of those that are alive.
    fn tell_refs(&self, names: &[String]) {
        let mut told: Vec<&String> = vec![];
        names.iter().for_each(|name| {
            if !told.contains(&name) {
                told.push(name)
            }
        });
        let books = self.machine.books().borrow();
        let alive = told.into_iter().filter_map(|name| {
            let (o, entry) = books.named(name)?;
            entry.is_alive().then(|| format!("{name}:{}", self.machine.refs(o)))
        });
        let said = list(alive);
        drop(books);
        if said != "none" {
            self.recorder.fact(format!("REFS: {said}"));
        }
    }

    fn tell_deaths(&self) {
        let books = self.machine.books().borrow();
        let names = |objects: &[Obj]| list(objects.iter().map(|o| books.name(*o)));
        let mut facts = vec![];
        for (what, objects) in
            [("died", &books.died), ("memory back", &books.back), ("waited", &books.waited), ("saved", &books.saved)]
        {
            if !objects.is_empty() {
                facts.push(format!("{what}: {}", names(objects)));
            }
        }
        if self.depth && !books.died.is_empty() {
            facts.push(format!("deepest: {} nested", books.deepest));
        }
        drop(books);
        facts.into_iter().for_each(|fact| self.recorder.fact(fact));
    }
}
