//! # Attributes, classes, instances, and what else has a type of its own

use super::book::{Code, Held};
use super::language::Class;
use super::run::{Given, Run};
use crate::objects::World;
use crate::objects::class::NewClass;
use crate::objects::generator::Runs;
use crate::objects::kind::Kind;
use crate::objects::types::Type;
use crate::weak::iteration::What;
use kit::graph::Obj;

impl<'a, W: World> Run<'a, W> {
    fn text(&self, text: &str) -> Given<'a, W> {
        self.made(self.objects.new_name(text))
    }

    /// What a proxy stands for; others stand for themselves.
    fn behind(&self, of: &Held<'a, W>) -> Given<'a, W> {
        let o = self.objects;
        if !o.is_proxy(of.obj()) {
            return Ok(Held::borrowed(o, of.obj()));
        }
        let target = o.weakref_target(of.obj()).map(|target| Held::borrowed(o, target));
        target.ok_or_else(|| self.error(Type::ReferenceError))
    }

    /// `of.name`
    pub(super) fn attribute(&self, of: &Held<'a, W>, name: &str) -> Given<'a, W> {
        let (o, of) = (self.objects, self.behind(of)?);
        if o.is_a(of.obj(), Type::Cell) && name == "cell_contents" {
            let contents = o.cell_get(of.obj()).map(|contents| Held::borrowed(o, contents));
            return contents.ok_or_else(|| self.error(Type::ValueError));
        }
        if name == "__dict__" {
            return match o.kind(of.obj()) == Kind::Instance && o.has_attributes(of.obj()) {
                true => self.made(o.instance_dict(of.obj()).map(|dict| o.new_ref(dict))),
                false => Err(self.error(Type::AttributeError)),
            };
        }
        if o.is_a(of.obj(), Type::Finalize) && name == "alive" {
            return Ok(Held::borrowed(o, o.bool(o.finalize_alive(of.obj()))));
        }
        let name = self.text(name)?;
        if o.is_a(of.obj(), Type::Local) {
            return self.own_attribute(of.obj(), name.obj());
        }
        o.get_attribute(of.obj(), name.obj()).map(|found| Held::owned(o, found))
    }

    /// `of.name = value`, or `del of.name`.
    pub(super) fn set_attribute(&self, of: &Held<'a, W>, name: &str, value: Option<Held<'a, W>>) -> Result<(), Obj> {
        let (o, of) = (self.objects, self.behind(of)?);
        if o.is_a(of.obj(), Type::Cell) && name == "cell_contents" {
            o.cell_set(of.obj(), value.map(Held::into_obj));
            return Ok(());
        }
        let name = self.text(name)?;
        if o.is_a(of.obj(), Type::Local) {
            return self.set_own_attribute(of.obj(), name, value);
        }
        match value {
            Some(value) => o.set_attribute(of.obj(), name.obj(), value.into_obj()),
            None => o.delete_attribute(of.obj(), name.obj()),
        }
    }

    /// `class A: ...`
    pub(super) fn class(&self, class: &Class) -> Given<'a, W> {
        let o = self.objects;
        let base = match &class.base {
            Some(name) => Some(self.global(name)?),
            None => None,
        };
        let bases: Vec<Obj> = base.iter().map(Held::obj).collect();
        let namespace = self.made(o.new_dict())?;
        if class.equal {
            for (name, method) in self.equal_methods()? {
                let name = self.text(name)?.into_obj();
                self.refused(o.dict_set(namespace.obj(), name, method.into_obj()))?;
            }
        }
        for method in &class.methods {
            let function = self.function(&method.name, Code::Def(method.clone()), &[], &[])?;
            let name = self.text(&method.name)?.into_obj();
            self.refused(o.dict_set(namespace.obj(), name, function.into_obj()))?;
        }
        let slots = class.slots.as_ref().map(|slots| slots.iter().map(|slot| self.text(slot)).collect());
        let slots: Option<Vec<Held<'a, W>>> = slots.transpose()?;
        let slots: Option<Vec<Obj>> = slots.as_ref().map(|slots| slots.iter().map(Held::obj).collect());
        let name = self.text(&class.name)?;
        let new = NewClass { name: name.obj(), bases: &bases, namespace: namespace.obj(), slots: slots.as_deref() };
        o.new_class(new).map(|class| Held::owned(o, class))
    }

    /// `A()`
    pub(super) fn instance(&self, class: &Held<'a, W>) -> Given<'a, W> {
        match self.objects.kind(class.obj()) {
            Kind::Class => self.made(self.objects.new_instance(class.obj())),
            _ => Err(self.error(Type::TypeError)),
        }
    }

    pub(super) fn module(&self, name: &str) -> Given<'a, W> {
        let name = self.text(name)?;
        let given = self.arguments(&[Held::borrowed(self.objects, name.obj())])?;
        let made = self.made(self.objects.new_module(name.obj()));
        drop(given);
        made
    }

    pub(super) fn weakref(&self, args: &[Held<'a, W>]) -> Given<'a, W> {
        let (to, callback) = self.referred(args)?;
        self.made(self.objects.new_weakref(to, callback))
    }

    pub(super) fn proxy(&self, args: &[Held<'a, W>]) -> Given<'a, W> {
        let (to, callback) = self.referred(args)?;
        self.made(self.objects.new_proxy(to, false, callback))
    }

    /// Whom a weak reference is to refer to, borrowed, and its callback, owned.
    fn referred(&self, args: &[Held<'a, W>]) -> Result<(Obj, Option<Obj>), Obj> {
        let o = self.objects;
        if !o.supports_weakrefs(args[0].obj()) {
            return Err(self.error(Type::TypeError));
        }
        let callback = args.get(1).map(Held::obj).filter(|callback| *callback != o.none());
        Ok((args[0].obj(), callback.map(|callback| o.new_ref(callback))))
    }

    pub(super) fn iterator(&self, of: &Held<'a, W>) -> Given<'a, W> {
        if self.weak(of.obj()).is_some() {
            return self.made(self.objects.weak_iter(of.obj(), What::Keys));
        }
        match self.objects.kind(of.obj()) {
            Kind::List | Kind::Tuple => self.made(self.objects.new_iterator(self.objects.new_ref(of.obj()))),
            _ => Err(self.error(Type::TypeError)),
        }
    }

    pub(super) fn next(&self, iterator: &Held<'a, W>) -> Given<'a, W> {
        if self.objects.is_a(iterator.obj(), Type::WeakIterator) {
            let next = self.objects.weak_next(iterator.obj())?;
            return Ok(next.map_or_else(|| self.none(), |item| Held::owned(self.objects, item)));
        }
        let (o, x) = (self.objects, iterator.obj());
        if o.is_a(x, Type::Generator) {
            return if o.runs(x) == Runs::Cleared { Ok(self.none()) } else { self.send(iterator, &self.none()) };
        }
        if !o.is_a(x, Type::ListIterator) && !o.is_a(x, Type::TupleIterator) {
            return Err(self.error(Type::TypeError));
        }
        Ok(o.iterator_next(x).map_or_else(|| self.none(), |item| Held::owned(o, item)))
    }
}
