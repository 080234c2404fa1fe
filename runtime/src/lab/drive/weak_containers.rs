//! # Driving `weak-containers`
//!
//! ```text
//! use weak-containers
//! new v w               values; a variable holds each
//! set k v               cache[k] = v
//! set k temporary       a value that nobody else holds
//! get k                 cache.get(k)
//! x = get k             the same, and variable x keeps it
//! del v x               the variables are dropped, one after the other; a value that nobody holds dies
//! i = iterate           somebody begins to iterate
//! next i                the next entry whose value lives
//! end i                 this one is done
//! len
//! hold news             from now on values die, and the cache does not hear of it
//! news                  it hears of all, in the order in which they died; and from now on at once
//! no memory             there is none for the next weak reference
//! ```
//!
//! Each line that changes something tells the table afterwards, without what was put off or is not told yet: a right
//! answer may keep books in another way.

use super::super::scenario::{Op, Scenario};
use super::super::weak_cache::{Hears, LabCache, Value};
use super::{Stop, unknown};
use crate::config::{Config, Parts};
use kit::graph::Obj;
use kit::misuse::Watch;
use kit::observe::Recorder;
use kit::text::list;
use kit::weak_containers::{Cache, WeakContainers};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Values in one scenario, at most.
const VALUES: usize = 1000;

struct Play<C: Config> {
    cache: LabCache<C::Observer>,
    parts: Parts<C>,
    recorder: Recorder,
    variables: RefCell<BTreeMap<String, usize>>,
    made: RefCell<usize>,
    /// Who iterates, and where each stands.
    iterators: RefCell<BTreeMap<String, usize>>,
}

/// Runs the scenario.
pub(in super::super) fn drive<C: Config>(
    scenario: &Scenario,
    parts: Parts<C>,
    observer: C::Observer,
    recorder: &Recorder,
    watch: &Rc<Watch>,
) -> Result<(), Stop> {
    recorder.op(scenario.setup.line, scenario.setup.text());
    let play = Rc::new(Play::<C> {
        cache: LabCache::new(observer, watch.clone()),
        parts,
        recorder: recorder.clone(),
        variables: RefCell::default(),
        made: RefCell::default(),
        iterators: RefCell::default(),
    });
    let hears: Rc<dyn Hears<C::Observer>> = play.clone();
    play.cache.set_hears(Rc::downgrade(&hears));
    scenario.ops.iter().try_for_each(|op| {
        recorder.op(op.line, op.text());
        let end = play.op(op);
        // A misuse that the part caught ends the scenario all the same.
        watch.first().map_or(Ok(()), |misuse| Err(Stop::Broken(misuse.to_string())))?;
        end?;
        play.cache.scene();
        let held = |value: usize| play.variables.borrow().values().filter(|held| **held == value).count() as u64;
        play.cache.validate(held).map_err(|sentence| Stop::Broken(format!("broken: {sentence}")))
    })
}

impl<C: Config> Play<C> {
    fn op(&self, op: &Op) -> Result<(), Stop> {
        match (op.verb.as_str(), op.names.as_slice(), op.args.as_slice()) {
            ("new", [], [_, ..]) => op.args.iter().try_for_each(|name| {
                let value = self.fresh(op, name)?;
                self.variables.borrow_mut().insert(name.clone(), value);
                Ok(())
            }),
            ("set", [], [key, value]) => self.set(op, key, value),
            ("get", names @ ([] | [_]), [key]) => self.get(op, names.first(), key),
            ("del", [], [_, ..]) => op.args.iter().try_for_each(|name| self.del(op, name)),
            ("iterate", [name], []) => self.iterate(op, name),
            ("next", [], [name]) => self.next(op, name),
            ("end", [], [name]) => self.end(op, name),
            ("len", [], []) => {
                self.recorder.fact(format!("len {}", self.parts.weak_containers.len(&self.cache)));
                Ok(())
            }
            ("hold", [], [what]) if what == "news" => {
                self.cache.hold_news();
                Ok(())
            }
            ("news", [], []) => {
                self.cache.let_news_through();
                self.tell();
                Ok(())
            }
            ("no", [], [what]) if what == "memory" => {
                self.cache.set_no_memory();
                Ok(())
            }
            _ => unknown(
                op,
                "weak-containers",
                "`new v`, `set k v`, `set k temporary`, `get k`, `x = get k`, `del v`, `i = iterate`, `next i`, `end i`, \
                 `len`, `hold news`, `news`, `no memory`",
            ),
        }
    }

    fn fresh(&self, op: &Op, name: &str) -> Result<usize, Stop> {
        if self.variables.borrow().contains_key(name) {
            return Ok(op.bad(format!("there is a variable `{name}` already: take another name"))?);
        }
        *self.made.borrow_mut() += 1;
        if *self.made.borrow() > VALUES {
            return Ok(op.bad(format!("more than {VALUES} values in one scenario"))?);
        }
        Ok(self.cache.new_value(name))
    }

    fn variable(&self, op: &Op, name: &str) -> Result<usize, Stop> {
        let found = self.variables.borrow().get(name).copied();
        Ok(found.map_or_else(|| op.bad(format!("there is no variable `{name}` here: write `new {name}`")), Ok)?)
    }

    fn set(&self, op: &Op, key: &str, value: &str) -> Result<(), Stop> {
        let key = self.cache.key(key);
        if !self.cache.has(key) && self.cache.iterating() > 0 {
            return Ok(op.bad("a dict gets no new key while somebody iterates: Python raises an error then")?);
        }
        let value = match value {
            "temporary" => self.cache.owned(self.fresh(op, "temporary")?),
            name => {
                let value = self.variable(op, name)?;
                self.cache.new_ref(value)
            }
        };
        if !self.parts.weak_containers.set(&self.cache, key, value) {
            self.recorder.fact("no memory");
        }
        self.tell();
        Ok(())
    }

    fn get(&self, op: &Op, name: Option<&String>, key: &str) -> Result<(), Stop> {
        if let Some(name) = name
            && self.variables.borrow().contains_key(name)
        {
            return Ok(op.bad(format!("there is a variable `{name}` already: take another name"))?);
        }
        let found = self.parts.weak_containers.get(&self.cache, self.cache.key(key)).map(Value::into_value);
        let said = found.map_or("None".into(), |value| self.cache.value_name(value));
        self.recorder.fact(format!("{key} gives {said}"));
        match (found, name) {
            (Some(value), Some(name)) => drop(self.variables.borrow_mut().insert(name.clone(), value)),
            (Some(value), None) => self.cache.decref(value),
            (None, _) => {}
        }
        Ok(())
    }

    fn del(&self, op: &Op, name: &str) -> Result<(), Stop> {
        let value = self.variable(op, name)?;
        self.variables.borrow_mut().remove(name);
        self.cache.decref(value);
        if self.cache.refs(value) == 0 {
            self.recorder.fact(format!("{} is dead", self.cache.value_name(value)));
            self.tell();
        }
        Ok(())
    }

    fn iterate(&self, op: &Op, name: &str) -> Result<(), Stop> {
        if self.iterators.borrow().contains_key(name) {
            return Ok(op.bad(format!("`{name}` iterates already"))?);
        }
        self.iterators.borrow_mut().insert(name.into(), 0);
        self.cache.set_iterating(self.cache.iterating() + 1);
        self.parts.weak_containers.begin_iteration(&self.cache);
        Ok(())
    }

    fn next(&self, op: &Op, name: &str) -> Result<(), Stop> {
        let stands = self.iterators.borrow().get(name).copied();
        let Some(mut place) = stands else {
            return Ok(op.bad(format!("nobody called `{name}` iterates: write `{name} = iterate`"))?);
        };
        let mut found = None;
        while let (None, Some((key, value))) = (&found, self.cache.place(place)) {
            found = value.map(|value| format!("{}: {}", self.cache.name(key), self.cache.value_name(value)));
            place += 1;
        }
        self.iterators.borrow_mut().insert(name.into(), place);
        self.recorder.fact(format!("{name} comes to {}", found.unwrap_or("the end".into())));
        Ok(())
    }

    fn end(&self, op: &Op, name: &str) -> Result<(), Stop> {
        if self.iterators.borrow_mut().remove(name).is_none() {
            return Ok(op.bad(format!("nobody called `{name}` iterates: write `{name} = iterate`"))?);
        }
        self.cache.set_iterating(self.cache.iterating() - 1);
        self.parts.weak_containers.end_iteration(&self.cache);
        self.tell();
        Ok(())
    }

    /// The entries of the table, dead ones among them.
    fn tell(&self) {
        let said = |(key, value): (Obj, Option<usize>)| {
            format!("{}:{}", self.cache.name(key), value.map_or("dead".into(), |value| self.cache.value_name(value)))
        };
        let entries = (0..).map_while(|place| self.cache.place(place)).map(said);
        self.recorder.fact(format!("table: {}", list(entries)));
    }
}

impl<C: Config> Hears<C::Observer> for Play<C> {
    fn on_death(&self, cache: &LabCache<C::Observer>, key: Obj) {
        self.parts.weak_containers.on_death(cache, key);
    }
}
