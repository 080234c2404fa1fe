//! # What `weakref` does in Python: its containers, `WeakMethod`, `finalize`
//!
//! In CPython these are classes of the standard library, which allocate as Python does; here they are the runtime's own.
//! So counters are not told once one of them was used.

use super::book::Held;
use super::language::Op;
use super::run::{Given, Run};
use crate::objects::types::Type;
use crate::objects::{Objects, World};
use crate::weak::iteration::What;
use kit::graph::Obj;

/// The weak containers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Weak {
    Values,
    Keys,
    Set,
}

impl<'a, W: World> Run<'a, W> {
    pub(super) fn library(&self, verb: &str, args: &[Held<'a, W>], op: &Op) -> Given<'a, W> {
        let o = self.objects;
        self.book.disturbed.set(true);
        match verb {
            "weakvalues" => self.made(o.new_weak_values()),
            "weakkeys" => self.made(o.new_weak_keys()),
            "weakset" => self.made(o.new_weak_set()),
            "weakmethod" => {
                let method = self.attribute(&args[0], &op.args[1].to_string())?;
                o.new_weak_method(method.obj(), args.get(1).map(Held::obj)).map(|made| Held::owned(o, made))
            }
            "finalize" => {
                let arguments = self.arguments(&args[2..])?;
                let made = o.new_finalize(args[0].obj(), args[1].obj(), arguments.obj());
                made.map(|made| Held::owned(o, made))
            }
            _ => Err(self.error(Type::NotImplementedError)),
        }
    }

    /// Which weak container it is, if it is one.
    pub(super) fn weak(&self, x: Obj) -> Option<Weak> {
        let kinds = [(Type::WeakValues, Weak::Values), (Type::WeakKeys, Weak::Keys), (Type::WeakSet, Weak::Set)];
        kinds.into_iter().find(|(ty, _)| self.objects.is_a(x, *ty)).map(|(_, kind)| kind)
    }

    /// `of[key]`
    pub(super) fn weak_item(&self, kind: Weak, of: Obj, key: Obj) -> Given<'a, W> {
        let o = self.objects;
        let found = match kind {
            Weak::Values => o.weak_values_get(of, key),
            Weak::Keys => o.weak_keys_get(of, key)?,
            Weak::Set => return Err(self.error(Type::TypeError)),
        };
        found.map(|value| Held::owned(o, value)).ok_or_else(|| self.error(Type::KeyError))
    }

    /// `of[key] = value`, or `del of[key]`.
    pub(super) fn set_weak_item(&self, kind: Weak, of: Obj, key: Obj, value: Option<Held<'a, W>>) -> Result<(), Obj> {
        let o = self.objects;
        let there = match (kind, value) {
            (Weak::Values, Some(value)) => return o.weak_values_set(of, key, value.obj()),
            (Weak::Keys, Some(value)) => return o.weak_keys_set(of, key, value.obj()),
            (Weak::Values, None) => o.weak_values_del(of, key),
            (Weak::Keys, None) => o.weak_keys_del(of, key)?,
            (Weak::Set, _) => return Err(self.error(Type::TypeError)),
        };
        if there { Ok(()) } else { Err(self.error(Type::KeyError)) }
    }

    /// `add`, `discard` and `detach`.
    pub(super) fn change_weak(&self, verb: &str, args: &[Held<'a, W>]) -> Result<(), Obj> {
        let (o, of) = (self.objects, args[0].obj());
        match (verb, self.weak(of)) {
            ("add", Some(Weak::Set)) => o.weak_set_add(of, args[1].obj()),
            ("discard", Some(Weak::Set)) => o.weak_set_discard(of, args[1].obj()).map(drop),
            ("detach", _) if o.is_a(of, Type::Finalize) => {
                if let Some(todo) = o.finalize_detach(of) {
                    [todo.of, todo.function, todo.arguments].into_iter().for_each(|owned| o.decref(owned));
                }
                Ok(())
            }
            _ => Err(self.error(Type::AttributeError)),
        }
    }

    /// What is in a weak container, as it is told.
    pub(super) fn show_weak(&self, kind: Weak, of: Obj) -> Result<String, Obj> {
        let o = self.objects;
        let what = if kind == Weak::Set { What::Keys } else { What::Items };
        let iterator = self.made(o.weak_iter(of, what))?;
        let mut all = vec![];
        while let Some(item) = o.weak_next(iterator.obj())? {
            let item = Held::owned(o, item);
            all.push(match kind {
                Weak::Set => self.told(item.obj()),
                _ => {
                    let part = |at| self.told(o.tuple_get(item.obj(), at));
                    format!("{}: {}", part(0), part(1))
                }
            });
        }
        Ok(if kind == Weak::Set { format!("[{}]", all.join(" ")) } else { format!("{{{}}}", all.join(", ")) })
    }

    /// `__eq__` and `__hash__` of a class whose instances are equal when their `key` is.
    pub(super) fn equal_methods(&self) -> Result<[(&'static str, Held<'a, W>); 2], Obj> {
        let o = self.objects;
        let equal = self.made(o.new_native(None, |o, args| {
            let [one, other] = args else { return Ok(o.new_ref(o.bool(false))) };
            if o.type_of(*one) != o.type_of(*other) {
                return Ok(o.new_ref(o.bool(false)));
            }
            let (one, other) = (key_of(o, *one)?, key_of(o, *other)?);
            let same = o.equal(one, other);
            [one, other].into_iter().for_each(|key| o.decref(key));
            same.map(|same| o.new_ref(o.bool(same))).map_err(|refused| o.refused(refused))
        }))?;
        let hash = self.made(o.new_native(None, |o, args| {
            let key = key_of(o, args[0])?;
            let hash = o.hash(key);
            o.decref(key);
            let hash = hash.map_err(|refused| o.refused(refused))?;
            o.new_int(hash).ok_or_else(|| o.memory_error())
        }))?;
        Ok([("__eq__", equal), ("__hash__", hash)])
    }
}

/// `of.key`, owned.
fn key_of<W: World>(o: &Objects<W>, of: Obj) -> Result<Obj, Obj> {
    let name = o.new_name("key").ok_or_else(|| o.memory_error())?;
    let key = o.get_attribute(of, name);
    o.decref(name);
    key
}
