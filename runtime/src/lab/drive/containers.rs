//! # Driving `containers`
//!
//! ```text
//! use containers
//! l = list                  an empty list
//! append l a b              a new item a at the end of l, then b; an item that is there already is appended once more
//! extend l a b c            room for three more at once, as `room` says, and then the items
//! store l 0 x               l[0] = x
//! pop l                     the program takes the last item out, and lets go of it
//! clear l                   l.clear()
//! drop l                    l dies: nobody can look at it any more, and it is cleared
//! hold a / drop a           the program has a handle of its own / lets go of it
//! finally a append l b c    when a dies, its finalizer appends b and c to l; `store l 0 b`, `pop l` or `clear l` likewise
//! memory off / memory on    from now on no table changes its size / again they do
//! room 4 4 5                room for 4, 4 items, 5 wanted
//! appends 1000              rooms of a list that grows to 1000, one by one
//! pops 1000                 ... and that shrinks again
//! ```
//!
//! When an item dies, its finalizer looks at all lists: what it sees is a fact.

use super::super::lists::{Act, Lists};
use super::super::scenario::{Op, Scenario};
use super::{Stop, unknown};
use kit::containers::{Containers, Items};
use kit::graph::Obj;
use kit::misuse::Watch;
use kit::observe::{Observer, Recorder};
use kit::text::list;
use std::rc::Rc;

struct Program<'a, O: Observer + 'static> {
    lists: Lists<O>,
    recorder: &'a Recorder,
}

/// Runs the scenario on lists that `part` works with.
pub(in super::super) fn drive<O: Observer>(
    scenario: &Scenario,
    part: &'static (dyn Containers<Lists<O>> + Sync),
    observer: O,
    recorder: &Recorder,
    watch: &Rc<Watch>,
) -> Result<(), Stop> {
    recorder.op(scenario.setup.line, scenario.setup.text());
    let lists = Lists::new(part, observer, recorder.clone(), watch.clone());
    let program = Program { lists, recorder };
    scenario.ops.iter().try_for_each(|op| program.op(op))
}

impl<O: Observer> Program<'_, O> {
    fn op(&self, op: &Op) -> Result<(), Stop> {
        match (op.verb.as_str(), op.names.as_slice(), op.args.as_slice()) {
            ("list", [_, ..], []) => self.whole(op, || op.names.iter().try_for_each(|name| self.create(op, name))),
            ("append", [], [of, values @ ..]) if !values.is_empty() => values.iter().try_for_each(|value| {
                let one = Op { args: vec![of.clone(), value.clone()], ..op.clone() };
                self.whole(&one, || self.append(op, of, value))
            }),
            ("extend", [], [of, values @ ..]) if !values.is_empty() => self.whole(op, || self.extend(op, of, values)),
            ("store", [], [of, at, value]) => self.whole(op, || self.store(op, of, at, value)),
            ("pop", [], [of]) => self.whole(op, || self.pop(op, of)),
            ("clear", [], [of]) => self.whole(op, || {
                let l = self.find(op, of)?;
                self.lists.lend(l, || self.lists.part().clear(&self.lists, l));
                self.tell(l);
                Ok(())
            }),
            ("drop", [], [_, ..]) => op.args.iter().try_for_each(|name| {
                let one = Op { args: vec![name.clone()], ..op.clone() };
                self.whole(&one, || self.let_go(op, name))
            }),
            ("hold", [], [name]) => self.whole(op, || {
                self.lists.hold(self.value(name)?);
                Ok(())
            }),
            ("finally", [], [name, verb, of, rest @ ..]) => self.whole(op, || self.finally(op, name, verb, of, rest)),
            ("memory", [], [what]) if what == "on" || what == "off" => self.whole(op, || {
                self.lists.set_memory(what == "on");
                Ok(())
            }),
            ("room", [], [capacity, len, wanted]) => self.whole(op, || {
                let room = self.lists.part().room(op.number(capacity)?, op.number(len)?, op.number(wanted)?);
                self.recorder.fact(format!("room for {room}"));
                Ok(())
            }),
            ("appends" | "pops", [], [count]) => self.whole(op, || self.rooms(op, count)),
            _ => unknown(
                op,
                "containers",
                "`l = list`, `append l a b`, `extend l a b`, `store l 0 x`, `pop l`, `clear l`, `drop l`, `hold a`, \
                 `finally a append l b`, `memory off`, `room CAPACITY LEN WANTED`, `appends COUNT`, `pops COUNT`",
            ),
        }
    }

    fn whole(&self, op: &Op, act: impl FnOnce() -> Result<(), Stop>) -> Result<(), Stop> {
        self.recorder.op(op.line, op.text());
        act()?;
        self.lists.scene();
        self.lists.kept().map_err(Stop::Broken)
    }

    fn tell(&self, of: Obj) {
        self.recorder.fact(self.lists.told(of));
    }

    fn create(&self, op: &Op, name: &str) -> Result<(), Stop> {
        if self.lists.knows(name) {
            return Ok(op.bad(format!("there was a `{name}` already: take another name"))?);
        }
        self.lists.create(name);
        Ok(())
    }

    fn find(&self, op: &Op, name: &str) -> Result<Obj, Stop> {
        self.lists
            .list(name)
            .map_or_else(|| Ok(op.bad(format!("there is no list `{name}`: write `{name} = list`"))?), Ok)
    }

    fn value(&self, name: &str) -> Result<super::super::lists::Owned<'_, O>, Stop> {
        // Not the scenario's fault: it counts on the item, and the reference would have kept it.
        self.lists
            .value(name)
            .ok_or_else(|| Stop::Broken(format!("broken: `{name}` is needed here, but it is dead (I3)")))
    }

    fn append(&self, op: &Op, of: &str, value: &str) -> Result<(), Stop> {
        let l = self.find(op, of)?;
        let given = self.value(value)?;
        if let Err(back) = self.lists.lend(l, || self.lists.part().append(&self.lists, l, given)) {
            if back.name() != value {
                return Err(Stop::Broken(format!("broken: append was given {value}, and gave {back:?} back (I6)")));
            }
            self.recorder.fact(format!("no memory: {value} comes back"));
            self.tell(l);
            return Ok(());
        }
        self.tell(l);
        Ok(())
    }

    /// As `list_extend` does: one resize, then the items.
    fn extend(&self, op: &Op, of: &str, values: &[String]) -> Result<(), Stop> {
        let l = self.find(op, of)?;
        let (len, capacity) = (self.lists.len(l), self.lists.capacity(l));
        let wanted = len + values.len() as u64;
        let room = self.lists.part().room(capacity, len, wanted);
        if room < wanted {
            return Err(Stop::Broken(format!("broken: room({capacity}, {len}, {wanted}) is {room}: too little (I2)")));
        }
        if room != capacity && !self.lists.resize(l, room) {
            self.recorder.fact("no memory");
        } else {
            for (at, value) in (len..).zip(values) {
                drop(self.lists.replace(l, at, Some(self.value(value)?)));
            }
            self.lists.set_len(l, wanted);
        }
        self.tell(l);
        Ok(())
    }

    fn store(&self, op: &Op, of: &str, at: &str, value: &str) -> Result<(), Stop> {
        let (l, at) = (self.find(op, of)?, op.number(at)?);
        if at >= self.lists.len(l) {
            return Ok(op.bad(format!("`{of}` has no place {at}"))?);
        }
        let given = self.value(value)?;
        self.lists.lend(l, || self.lists.part().store(&self.lists, l, at, given));
        self.tell(l);
        Ok(())
    }

    fn pop(&self, op: &Op, of: &str) -> Result<(), Stop> {
        let l = self.find(op, of)?;
        match self.lists.lend(l, || self.lists.part().pop(&self.lists, l)) {
            None => self.recorder.fact("nothing to pop"),
            Some(item) => {
                self.recorder.fact(format!("popped {item:?}"));
                self.tell(l);
                drop(item);
                return Ok(());
            }
        }
        self.tell(l);
        Ok(())
    }

    fn let_go(&self, op: &Op, name: &str) -> Result<(), Stop> {
        match self.lists.list(name) {
            Some(l) => {
                self.lists.set_dying(l);
                self.lists.lend(l, || self.lists.part().clear(&self.lists, l));
                if self.lists.len(l) > 0 || self.lists.capacity(l) > 0 {
                    return Err(Stop::Broken(format!("broken: {name} died, and still has a table (I4)")));
                }
                self.lists.set_gone(l);
                Ok(())
            }
            None if self.lists.let_go(name).is_some() => Ok(()),
            None => Ok(op.bad(format!("`{name}` is no list, and the program has no handle for an item `{name}`"))?),
        }
    }

    fn finally(&self, op: &Op, name: &str, verb: &str, of: &str, rest: &[String]) -> Result<(), Stop> {
        let l = self.find(op, of)?;
        let act = match (verb, rest) {
            ("append", [_, ..]) => Act::Append(rest.to_vec()),
            ("store", [at, value]) => Act::Store(op.number(at)?, value.clone()),
            ("pop", []) => Act::Pop,
            ("clear", []) => Act::Clear,
            _ => return Ok(op.bad("a finalizer can `append l b c`, `store l 0 b`, `pop l` or `clear l`")?),
        };
        match self.lists.finally(name, l, act) {
            Some(()) => Ok(()),
            None => Ok(op.bad(format!("there is no item `{name}`: `append l {name}` makes one"))?),
        }
    }

    /// The rooms, each once, of a list that grows or shrinks one by one.
    fn rooms(&self, op: &Op, count: &str) -> Result<(), Stop> {
        let count = op.number(count)?;
        if count > 100_000 {
            return Ok(op.bad("more than 100000 items help nobody")?);
        }
        let part = self.lists.part();
        let (mut room, mut up) = (0, vec![0]);
        for len in 0..count {
            room = part.room(room, len, len + 1);
            up.push(room);
        }
        let mut down = vec![room];
        for len in (1..=count).rev() {
            room = part.room(room, len, len - 1);
            down.push(room);
        }
        let mut told = if op.verb == "appends" { up } else { down };
        told.dedup();
        self.recorder.fact(format!("rooms: {}", list(told.iter().map(u64::to_string))));
        Ok(())
    }
}
