//! # Operations that change something

use super::book::Held;
use super::language::{Op, Value};
use super::make::exception_type;
use super::missing;
use super::run::{Flow, Locals, Run};
use crate::gc::debug::SAVEALL;
use crate::objects::World;
use crate::objects::equal::Refused;
use crate::objects::kind::Kind;
use crate::objects::types::Type;
use kit::graph::Obj;

impl<'a, W: World> Run<'a, W> {
    pub(super) fn statement(&self, op: &Op, locals: Option<&Locals<'_>>) -> Result<Flow, Obj> {
        let word = || op.args.first().map(Value::to_string).unwrap_or_default();
        match op.verb.name {
            "del" => {
                for value in &op.args {
                    let Value::Path(place) = value else { return Err(self.error(Type::TypeError)) };
                    self.delete(place, locals)?;
                }
                return Ok(Flow::On);
            }
            "log" => {
                self.log(op, locals)?;
                return Ok(Flow::On);
            }
            "raise" => {
                self.book.disturbed.set(true);
                return Err(self.error(exception_type(&word())));
            }
            "pass" => {}
            "callbacks" => self.callbacks(word() == "on"),
            "debug" => self.objects.set_debug(if word() == "saveall" { SAVEALL } else { 0 }),
            "threshold" => self.threshold(op),
            "enable" => self.objects.set_enabled(true),
            "disable" => self.objects.set_enabled(false),
            "freeze" => self.objects.freeze(),
            "unfreeze" => self.objects.unfreeze(),
            _ => {
                let mut args = self.values(op, locals)?;
                match (op.verb.name, args.len()) {
                    _ if op.verb.threaded() => drop(self.threaded(op, &args)?),
                    ("return", 1) => return Ok(Flow::Return(args.remove(0).into_obj())),
                    ("append" | "extend" | "insert" | "cut", _) => self.change_list(op.verb.name, args)?,
                    ("clear" | "add" | "discard" | "update" | "detach", _) => self.change(op.verb.name, args)?,
                    _ => self.ask(op, &args)?,
                }
            }
        }
        Ok(Flow::On)
    }

    fn threshold(&self, op: &Op) {
        let number = |value: &Value| value.to_string().parse().unwrap_or_default();
        for (generation, value) in op.args.iter().enumerate() {
            self.objects.set_threshold(generation, number(value));
        }
    }

    fn change_list(&self, verb: &str, args: Vec<Held<'a, W>>) -> Result<(), Obj> {
        let (o, mut args) = (self.objects, args.into_iter());
        let list = args.next().expect("the first argument");
        let kind = o.kind(list.obj());
        if kind != Kind::List {
            return Err(self.error(if verb == "cut" { Type::TypeError } else { Type::AttributeError }));
        }
        let second = args.next().expect("the second argument");
        let done = match verb {
            "append" => o.list_append(list.obj(), second.into_obj()),
            "extend" => missing::list_extend(o, list.obj(), &self.items(second.obj())?),
            "insert" => {
                let item = args.next().expect("the third argument");
                let at = o.int_value(second.obj()).unwrap_or_default();
                let length = o.list_len(list.obj()) as i64;
                let at = if at < 0 { (at + length).max(0) } else { at.min(length) };
                missing::list_insert(o, list.obj(), at as u64, item.into_obj())
            }
            _ => {
                let length = o.list_len(list.obj()) as i64;
                let bound = |held: &Held<'_, W>| o.int_value(held.obj()).unwrap_or_default().clamp(0, length) as u64;
                let (from, to) = (bound(&second), args.next().map_or(0, |to| bound(&to)));
                missing::list_cut(o, list.obj(), from, to.max(from));
                Some(())
            }
        };
        done.ok_or_else(|| o.memory_error())
    }

    /// The items of a list or tuple, one reference more to each.
    pub(super) fn items(&self, of: Obj) -> Result<Vec<Obj>, Obj> {
        let o = self.objects;
        match o.kind(of) {
            Kind::List => Ok((0..o.list_len(of)).map(|at| o.new_ref(o.list_get(of, at))).collect()),
            Kind::Tuple => Ok((0..o.tuple_len(of)).map(|at| o.new_ref(o.tuple_get(of, at))).collect()),
            _ => Err(self.error(Type::TypeError)),
        }
    }

    fn change(&self, verb: &str, args: Vec<Held<'a, W>>) -> Result<(), Obj> {
        let o = self.objects;
        if self.weak(args[0].obj()).is_some() || verb == "detach" {
            return self.change_weak(verb, &args);
        }
        let mut args = args.into_iter();
        let first = args.next().expect("the first argument");
        match (verb, o.kind(first.obj())) {
            ("clear", _) if o.is_a(first.obj(), Type::Event) => o.event_clear(first.obj()),
            ("clear", Kind::List) => o.list_clear(first.obj()),
            ("clear", Kind::Dict) => o.dict_clear(first.obj()),
            ("clear", Kind::Set) => o.set_clear(first.obj()),
            ("add", Kind::Set) => {
                let item = args.next().expect("the second argument");
                self.refused(o.set_add(first.obj(), item.into_obj()))?;
            }
            ("discard", Kind::Set) => {
                let item = args.next().expect("the second argument");
                self.refused(o.set_discard(first.obj(), item.obj()))?;
            }
            ("update", Kind::Dict) => {
                let other = args.next().expect("the second argument");
                if o.kind(other.obj()) != Kind::Dict {
                    return Err(self.error(Type::TypeError));
                }
                self.refused(o.dict_merge(first.obj(), other.obj()))?;
            }
            _ => return Err(self.error(Type::AttributeError)),
        }
        Ok(())
    }

    /// A refusal as the exception that it is in Python.
    pub(super) fn refused<T>(&self, done: Result<T, Refused>) -> Result<T, Obj> {
        done.map_err(|refused| match refused {
            Refused::NoMemory => self.objects.memory_error(),
            Refused::Unhashable => self.error(Type::TypeError),
            Refused::Raised(exception) => exception,
        })
    }

    /// An index into a list or tuple of that length. `None`: there is no such item.
    pub(super) fn index(&self, of: Obj, at: Obj) -> Result<Option<u64>, Obj> {
        let o = self.objects;
        let Some(at) = o.int_value(at).filter(|_| o.kind(at) == Kind::Int) else {
            return Err(self.error(Type::TypeError));
        };
        let length = if o.kind(of) == Kind::List { o.list_len(of) } else { o.tuple_len(of) } as i64;
        let at = if at < 0 { at + length } else { at };
        Ok((0..length).contains(&at).then_some(at as u64))
    }

    /// `owner[key]`
    pub(super) fn item(&self, owner: &Held<'a, W>, key: &Held<'a, W>) -> Result<Held<'a, W>, Obj> {
        let (o, of) = (self.objects, owner.obj());
        if let Some(kind) = self.weak(of) {
            return self.weak_item(kind, of, key.obj());
        }
        let found = match o.kind(of) {
            Kind::List => self.index(of, key.obj())?.map(|at| o.list_get(of, at)),
            Kind::Tuple => self.index(of, key.obj())?.map(|at| o.tuple_get(of, at)),
            Kind::Dict => {
                let found = self.refused(o.dict_lookup(of, key.obj()))?;
                return match found {
                    Some(value) => Ok(Held::borrowed(o, value)),
                    None => Err(self.error(Type::KeyError)),
                };
            }
            _ => return Err(self.error(Type::TypeError)),
        };
        found.map(|item| Held::borrowed(o, item)).ok_or_else(|| self.error(Type::IndexError))
    }

    /// `owner[key] = value`, or `del owner[key]`.
    pub(super) fn set_item(
        &self,
        owner: &Held<'a, W>,
        key: Held<'a, W>,
        value: Option<Held<'a, W>>,
    ) -> Result<(), Obj> {
        let (o, of) = (self.objects, owner.obj());
        if let Some(kind) = self.weak(of) {
            return self.set_weak_item(kind, of, key.obj(), value);
        }
        match (o.kind(of), value) {
            (Kind::List, value) => {
                let Some(at) = self.index(of, key.obj())? else { return Err(self.error(Type::IndexError)) };
                match value {
                    Some(value) => o.list_set(of, at, value.into_obj()),
                    None => missing::list_cut(o, of, at, at + 1),
                }
                Ok(())
            }
            (Kind::Dict, Some(value)) => self.refused(o.dict_set(of, key.into_obj(), value.into_obj())),
            (Kind::Dict, None) => match self.refused(o.dict_del(of, key.obj()))? {
                true => Ok(()),
                false => Err(self.error(Type::KeyError)),
            },
            _ => Err(self.error(Type::TypeError)),
        }
    }
}
