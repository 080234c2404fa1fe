//! # Driving `weakref`
//!
//! ```text
//! use weakref
//! new a b                        two objects; a variable holds each
//! r = ref a                      a plain weak reference; variable r holds it
//! p = proxy a                    a plain proxy
//! t = ref a calls get r drop u   one with a callback: when it is called it asks r what it refers to, and drops variable u
//! u = own a calls nothing        of a class that extends `ref`; `calls` may be left out
//! get r                          what r refers to
//! list a                         the weak references to a
//! del r a                        the variables are dropped, one after the other; who has none left dies
//! doom u                         the last reference to u is dropped, but u waits to be taken apart
//! bury u                         now it is
//! meanwhile make x a drop r      happens while the next weak reference is made: a collection, say
//! no memory                      there is none for the next weak reference
//! ```
//!
//! A callback, and what happens meanwhile, is made of `nothing`, `get NAME`, `drop NAME` and `make NAME OBJECT` (a plain
//! ref). What a variable names that is not there any more is told, and does nothing.

use super::super::scenario::{Op, Scenario};
use super::super::weak_list::{Handle, LabWeakList, Surroundings};
use super::{Stop, unknown};
use crate::config::{Config, Parts};
use kit::graph::Obj;
use kit::misuse::Watch;
use kit::observe::Recorder;
use kit::text::list;
use kit::weakref::{Sort, WeakList, Weakref};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Objects and weak references in one scenario, at most.
const THINGS: usize = 300;

/// What a callback does.
#[derive(Clone, Debug)]
enum Action {
    Get(String),
    Drop(String),
    Make(String, String),
}

struct Play<C: Config> {
    list: LabWeakList<C::Observer>,
    parts: Parts<C>,
    recorder: Recorder,
    variables: RefCell<BTreeMap<String, Obj>>,
    /// Whatever ever had a name.
    known: RefCell<BTreeMap<String, Obj>>,
    actions: RefCell<BTreeMap<Obj, Vec<Action>>>,
    meanwhile: RefCell<Vec<Action>>,
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
        list: LabWeakList::new(observer, watch.clone()),
        parts,
        recorder: recorder.clone(),
        variables: RefCell::default(),
        known: RefCell::default(),
        actions: RefCell::default(),
        meanwhile: RefCell::default(),
    });
    let surroundings: Rc<dyn Surroundings<C::Observer>> = play.clone();
    play.list.surround(Rc::downgrade(&surroundings));
    scenario.ops.iter().try_for_each(|op| {
        recorder.op(op.line, op.text());
        let living = play.living();
        let end = play.op(op);
        // A misuse that the part caught ends the scenario all the same.
        watch.first().map_or(Ok(()), |misuse| Err(Stop::Broken(misuse.to_string())))?;
        end?;
        play.tell_gone(&living);
        play.list.scene();
        let held = |o: Obj| play.variables.borrow().values().filter(|held| **held == o).count() as u64;
        play.list.validate(held).map_err(|sentence| Stop::Broken(format!("broken: {sentence}")))
    })
}

impl<C: Config> Play<C> {
    fn op(&self, op: &Op) -> Result<(), Stop> {
        match (op.verb.as_str(), op.names.as_slice(), op.args.as_slice()) {
            ("new", [], [_, ..]) => op.args.iter().try_for_each(|name| self.object(op, name)),
            (sort @ ("ref" | "proxy" | "own"), [name], [object]) => self.weak(op, sort, name, object, None),
            (sort @ ("ref" | "proxy" | "own"), [name], [object, calls, actions @ ..]) if calls == "calls" => {
                self.weak(op, sort, name, object, Some(self.actions_of(op, actions)?))
            }
            ("get", [], [name]) => {
                self.variable(op, name)?;
                self.act(&Action::Get(name.clone()));
                Ok(())
            }
            ("list", [], [name]) => {
                let o = self.variable(op, name)?;
                self.recorder.fact(self.members(o));
                Ok(())
            }
            ("del", [], [_, ..]) => op.args.iter().try_for_each(|name| {
                self.variable(op, name)?;
                self.drop_variable(name);
                Ok(())
            }),
            ("doom", [], [name]) => self.doom(op, name),
            ("bury", [], [name]) => self.bury(op, name),
            ("meanwhile", [], actions @ [_, ..]) => {
                *self.meanwhile.borrow_mut() = self.actions_of(op, actions)?;
                Ok(())
            }
            ("no", [], [what]) if what == "memory" => {
                self.list.set_no_memory();
                Ok(())
            }
            _ => unknown(
                op,
                "weakref",
                "`new a`, `r = ref a`, `p = proxy a`, `u = own a`, `t = ref a calls get r drop u make x a`, `get r`, \
                 `list a`, `del r`, `doom u`, `bury u`, `meanwhile make x a`, `no memory`",
            ),
        }
    }

    fn object(&self, op: &Op, name: &str) -> Result<(), Stop> {
        self.fresh(op, name)?;
        let o = self.list.object(name);
        self.name(name, o);
        Ok(())
    }

    fn fresh(&self, op: &Op, name: &str) -> Result<(), Stop> {
        if self.known.borrow().contains_key(name) {
            return Ok(op.bad(format!("there was a `{name}` already: take another name"))?);
        }
        if self.known.borrow().len() >= THINGS {
            return Ok(op.bad(format!("more than {THINGS} names in one scenario"))?);
        }
        Ok(())
    }

    fn name(&self, name: &str, o: Obj) {
        self.known.borrow_mut().entry(name.into()).or_insert(o);
        self.variables.borrow_mut().insert(name.into(), o);
    }

    fn variable(&self, op: &Op, name: &str) -> Result<Obj, Stop> {
        let found = self.variables.borrow().get(name).copied();
        Ok(found.map_or_else(|| op.bad(format!("there is no variable `{name}` here")), Ok)?)
    }

    fn actions_of(&self, op: &Op, words: &[String]) -> Result<Vec<Action>, Stop> {
        let (mut actions, mut rest) = (vec![], words);
        while let [verb, more @ ..] = rest {
            let (action, left) = match (verb.as_str(), more) {
                ("nothing", left) => (None, left),
                ("get", [name, left @ ..]) => (Some(Action::Get(name.clone())), left),
                ("drop", [name, left @ ..]) => (Some(Action::Drop(name.clone())), left),
                ("make", [name, object, left @ ..]) => {
                    self.fresh(op, name)?;
                    (Some(Action::Make(name.clone(), object.clone())), left)
                }
                _ => {
                    return Ok(op.bad(format!(
                        "`{verb}` is nothing that a callback does: `nothing`, `get r`, `drop r`, `make x a`"
                    ))?);
                }
            };
            actions.extend(action);
            rest = left;
        }
        Ok(actions)
    }

    fn weak(&self, op: &Op, sort: &str, name: &str, object: &str, calls: Option<Vec<Action>>) -> Result<(), Stop> {
        self.fresh(op, name)?;
        let o = self.variable(op, object)?;
        if self.list.sort_of(o).is_some() {
            return Ok(op.bad(format!("`{object}` is a weak reference: only objects have weak references here"))?);
        }
        let callback = calls.map(|actions| {
            let callback = self.list.callback(name);
            self.actions.borrow_mut().insert(callback, actions);
            callback
        });
        match sort {
            "ref" => self.ask(name, o, Sort::Ref, callback),
            "proxy" => self.ask(name, o, Sort::Proxy, callback),
            _ => {
                self.list.set_next_name(name);
                let r = self.list.make_sort(Sort::Own, callback);
                self.name(name, r);
                self.parts.weakref.insert(&self.list, o, r);
            }
        }
        self.recorder.fact(self.members(o));
        Ok(())
    }

    /// Asks the part for a weak reference, and says which it is.
    fn ask(&self, name: &str, o: Obj, sort: Sort, callback: Option<Obj>) {
        let before = self.list.set_next_name(name);
        self.list.incref(o); // whoever asks holds it
        let callback = callback.map(|callback| self.list.owned(callback));
        let made = self.parts.weakref.get_ref(&self.list, o, sort, callback).map(Handle::into_obj);
        self.list.set_next_name(&before);
        self.list.decref(o);
        let Some(r) = made else {
            self.recorder.fact(format!("{name}: no memory"));
            return;
        };
        match self.list.name(r) {
            known if known == name => self.recorder.fact(format!("{name} is new")),
            known => self.recorder.fact(format!("{name} is {known}")),
        }
        self.name(name, r);
    }

    fn members(&self, o: Obj) -> String {
        let names = self.list.members(o).into_iter().map(|r| self.list.name(r));
        format!("weak references to {}: {}", self.list.name(o), list(names))
    }

    fn drop_variable(&self, name: &str) {
        let dropped = self.variables.borrow_mut().remove(name);
        dropped.into_iter().for_each(|o| self.list.decref(o));
    }

    fn doom(&self, op: &Op, name: &str) -> Result<(), Stop> {
        let r = self.variable(op, name)?;
        let others = self.variables.borrow().values().filter(|held| **held == r).count();
        if self.list.sort_of(r) != Some(Sort::Own) || others > 1 {
            return Ok(op.bad(format!("only one of a class of its own can wait: `{name} = own a`"))?);
        }
        self.variables.borrow_mut().remove(name);
        self.list.doom(r);
        Ok(())
    }

    fn bury(&self, op: &Op, name: &str) -> Result<(), Stop> {
        let doomed = self.known.borrow().get(name).copied();
        match doomed.filter(|r| self.list.is_doomed(*r)) {
            Some(r) => self.list.take_apart(r),
            None => return Ok(op.bad(format!("`{name}` does not wait: write `doom {name}` first"))?),
        }
        Ok(())
    }

    /// One thing that a program does.
    fn act(&self, action: &Action) {
        let (Action::Get(name) | Action::Drop(name) | Action::Make(_, name)) = action;
        let found = self.variables.borrow().get(name).copied();
        let Some(o) = found else {
            self.recorder.fact(format!("{name} is not there any more"));
            return;
        };
        match action {
            Action::Get(_) => {
                let target = self.list.asked(o).map_or("None".into(), |target| self.list.name(target));
                self.recorder.fact(format!("{name} gives {target}"));
            }
            Action::Drop(_) => {
                self.recorder.fact(format!("{name} is dropped"));
                self.drop_variable(name);
            }
            Action::Make(new, _) if self.list.sort_of(o).is_none() && !self.variables.borrow().contains_key(new) => {
                self.ask(new, o, Sort::Ref, None);
            }
            Action::Make(new, _) => self.recorder.fact(format!("{new} is not made")),
        }
    }

    /// Weak references that live.
    fn living(&self) -> Vec<Obj> {
        let known = self.known.borrow();
        let mut living: Vec<Obj> = known.values().copied().filter(|o| !self.list.is_dead(*o)).collect();
        living.sort();
        living.dedup();
        living
    }

    /// Who died during the operation: when exactly depends on who held it.
    fn tell_gone(&self, before: &[Obj]) {
        let gone: Vec<String> = before.iter().filter(|o| self.list.is_dead(**o)).map(|o| self.list.name(*o)).collect();
        if !gone.is_empty() {
            self.recorder.fact(format!("gone: {}", list(gone)));
        }
    }
}

impl<C: Config> Surroundings<C::Observer> for Play<C> {
    fn unlink(&self, list: &LabWeakList<C::Observer>, r: Obj) {
        self.parts.weakref.unlink(list, r);
    }

    fn clear_and_call(&self, list: &LabWeakList<C::Observer>, o: Obj) {
        self.parts.weakref.clear_and_call(list, o);
    }

    fn run(&self, list: &LabWeakList<C::Observer>, callback: Obj, r: Obj) {
        let target = list.asked(r).map_or("None".into(), |target| list.name(target));
        list.scene();
        self.recorder.fact(format!("{} runs: {} gives {target}", list.name(callback), list.name(r)));
        let actions = self.actions.borrow().get(&callback).cloned().unwrap_or_default();
        actions.iter().for_each(|action| self.act(action));
    }

    fn meanwhile(&self, _: &LabWeakList<C::Observer>) {
        let actions = self.meanwhile.take();
        actions.iter().for_each(|action| self.act(action));
    }
}
