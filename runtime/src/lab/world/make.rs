//! # Operations that give a value
//!
//! Each makes what CPython makes for the expression that `against-python` writes for it, temporaries included: a call of
//! a type takes its arguments from a tuple, unless the type has a quicker way.

use super::book::{Code, Held};
use super::language::{Op, Value};
use super::missing;
use super::run::{Given, Locals, Run};
use crate::objects::World;
use crate::objects::function::{NewCode, NewFunction};
use crate::objects::generator::Runs;
use crate::objects::kind::Kind;
use crate::objects::types::Type;
use kit::eval_breaker::Instruction;
use kit::graph::Obj;

impl<'a, W: World> Run<'a, W> {
    pub(super) fn given(&self, op: &Op, locals: Option<&Locals<'_>>) -> Given<'a, W> {
        let word = || op.args[0].to_string().trim_matches('\'').to_string();
        match op.verb.name {
            "int" => {
                let given = self.arguments(&[self.value(&Value::Str(word()), None)?])?;
                let made = self.number(&word());
                drop(given);
                return made;
            }
            "float" => return self.made(self.objects.new_float(word().parse().unwrap_or_default())),
            "str" => return self.made(self.objects.new_str(&word())),
            "bytes" => return self.made(self.objects.new_bytes(word().as_bytes())),
            _ => {}
        }
        if op.verb.computes() {
            return self.sum(op, locals);
        }
        let mut args = self.values(op, locals)?;
        let o = self.objects;
        match op.verb.name {
            _ if op.verb.threaded() => self.threaded(op, &args),
            "=" => Ok(args.remove(0)),
            "list" => self.made(o.new_list_of(&owned(args))),
            "tuple" => self.made(o.new_tuple(&owned(args))),
            "set" | "frozenset" => self.set(op.verb.name == "frozenset", args),
            "dict" => self.dict(args),
            "new" => self.instance(&args[0]),
            "object" => self.made(missing::new_object(o)),
            "cell" => {
                let given = self.arguments(&args)?;
                let made = self.made(o.new_cell(args.pop().map(Held::into_obj)));
                drop(given);
                made
            }
            "closure" => {
                let cells = self.cells(args, false)?;
                let frame = self.held_by_a_frame(&cells);
                let made = self.function("closure", Code::Cells, &cells, &[]);
                drop(frame);
                made
            }
            "recursive" => self.recursive(args),
            "defaults" => {
                let frame = self.held_by_a_frame(&args.iter().map(Held::obj).collect::<Vec<Obj>>());
                let made = self.function("defaults", Code::Default, &[], &owned(args));
                drop(frame);
                made
            }
            "method" => self.attribute(&args[0], &op.args[1].to_string()),
            "generator" => self.generator(args),
            "send" => self.send(&args[0], &args[1]),
            "module" => self.module(&word()),
            "exception" => {
                // They are in a tuple, and on the stack.
                let items: Vec<Obj> = args.iter().map(|held| o.new_ref(held.obj())).collect();
                self.made(o.new_exception(o.ty(exception_type(&word())), &items))
            }
            "iter" => self.iterator(&args[0]),
            "next" => self.next(&args[0]),
            "copy" => self.copy(&args[0]),
            "pop" => self.pop(&args),
            "popitem" => self.popitem(&args[0]),
            "call" => self.call(args),
            "catch" => match self.call(args) {
                Ok(_) => Ok(self.none()),
                Err(exception) => {
                    self.book.disturbed.set(true);
                    Ok(Held::owned(o, exception))
                }
            },
            "ref" => {
                let given = self.arguments(&args)?;
                let made = self.weakref(&args);
                drop(given);
                made
            }
            "proxy" => self.proxy(&args),
            "get" if o.is_a(args[0].obj(), Type::Weakref) => match o.weakref_target(args[0].obj()) {
                Some(target) => Ok(Held::borrowed(o, target)),
                None => Ok(self.none()),
            },
            "get" if o.is_a(args[0].obj(), Type::WeakMethod) => {
                o.weak_method_call(args[0].obj()).map(|method| Held::owned(o, method))
            }
            "get" => self.call(args),
            verb => self.library(verb, &args, op),
        }
    }

    /// The tuple that arguments are handed over in.
    pub(super) fn arguments(&self, args: &[Held<'a, W>]) -> Given<'a, W> {
        let items: Vec<Obj> = args.iter().map(|held| self.objects.new_ref(held.obj())).collect();
        self.made(self.objects.new_tuple(&items))
    }

    pub(super) fn made(&self, made: Option<Obj>) -> Given<'a, W> {
        made.map(|o| Held::owned(self.objects, o)).ok_or_else(|| self.objects.memory_error())
    }

    pub(super) fn none(&self) -> Held<'a, W> {
        Held::borrowed(self.objects, self.objects.none())
    }

    /// The object that a literal stands for. Owned.
    pub(super) fn literal(&self, literal: &Value) -> Obj {
        let o = self.objects;
        let made = match literal {
            Value::None => Some(o.new_ref(o.none())),
            Value::Bool(value) => Some(o.new_ref(o.bool(*value))),
            Value::Int(digits) => return self.number(digits).map_or_else(|error| error, Held::into_obj),
            Value::Float(digits) => o.new_float(digits.parse().unwrap_or_default()),
            Value::Str(text) => o.new_name(text),
            Value::Path(_) | Value::Time(_) => None,
        };
        made.unwrap_or_else(|| o.memory_error())
    }

    /// Decimal digits, as many as there are.
    fn number(&self, digits: &str) -> Given<'a, W> {
        let o = self.objects;
        match digits.parse::<i128>() {
            Ok(value) => self.made(o.new_int_of(&value.into())),
            Err(_) => Err(self.error(Type::ValueError)),
        }
    }

    /// `a + b`, `a - call f`: what stands on the left is read before anything is called.
    fn sum(&self, op: &Op, locals: Option<&Locals<'_>>) -> Given<'a, W> {
        let left = self.value(&op.args[0], locals)?;
        self.note(|| format!("reads {}: {}", op.args[0], self.told(left.obj())));
        self.after(Instruction::LoadFast)?;
        let rest = op.args[1..].iter().map(|value| self.value(value, locals)).collect::<Result<Vec<_>, _>>()?;
        let called = op.verb.name.ends_with("call");
        let right = if called { self.call(rest)? } else { rest.into_iter().next().expect("the second one") };
        let number = |held: &Held<'_, W>| self.objects.int_value(held.obj()).ok_or_else(|| self.error(Type::TypeError));
        let (left, right) = (number(&left)?, number(&right)?);
        let sum = if op.verb.name.starts_with('+') { left.checked_add(right) } else { left.checked_sub(right) };
        let sum = sum.ok_or_else(|| self.error(Type::OverflowError))?;
        let sum = self.made(self.objects.new_int(sum))?;
        self.after(Instruction::BinaryOp)?;
        Ok(sum)
    }

    fn set(&self, frozen: bool, args: Vec<Held<'a, W>>) -> Given<'a, W> {
        let o = self.objects;
        if !frozen || args.is_empty() {
            let set = self.made(if frozen { o.new_frozenset() } else { o.new_set() })?;
            for item in args {
                self.refused(o.set_add(set.obj(), item.into_obj()))?;
            }
            return Ok(set);
        }
        // From here on the tuple alone holds them.
        let given = self.made(o.new_tuple(&owned(args)))?;
        let set = self.made(o.new_frozenset())?;
        let iterator = self.iterator(&given)?;
        while let Some(item) = o.iterator_next(iterator.obj()) {
            self.refused(o.set_add(set.obj(), item))?;
        }
        Ok(set)
    }

    fn dict(&self, args: Vec<Held<'a, W>>) -> Given<'a, W> {
        let o = self.objects;
        if args.is_empty() {
            return self.made(o.new_dict());
        }
        let strings = args.iter().step_by(2).all(|key| o.is_a(key.obj(), Type::Str));
        let dict = self.made(o.new_dict_for(args.len() as u64 / 2, strings))?;
        // All stay on the value stack until the dict is complete.
        for pair in args.chunks(2) {
            let (key, value) = (o.new_ref(pair[0].obj()), o.new_ref(pair[1].obj()));
            self.refused(o.dict_set(dict.obj(), key, value))?;
        }
        Ok(dict)
    }

    /// Cells for these, and one that is empty.
    fn cells(&self, args: Vec<Held<'a, W>>, one_more: bool) -> Result<Vec<Obj>, Obj> {
        let contents = args.into_iter().map(|held| Some(held.into_obj()));
        let contents = contents.chain(one_more.then_some(None));
        contents.map(|contents| self.made(self.objects.new_cell(contents)).map(Held::into_obj)).collect()
    }

    /// The frame of the function that makes a function holds what that is made of.
    fn held_by_a_frame(&self, all: &[Obj]) -> Vec<Held<'a, W>> {
        all.iter().map(|o| Held::borrowed(self.objects, *o)).collect()
    }

    fn recursive(&self, args: Vec<Held<'a, W>>) -> Given<'a, W> {
        let cells = self.cells(args, true)?;
        let own = *cells.last().expect("there is one more");
        let _frame = self.held_by_a_frame(&cells);
        let function = self.function("recursive", Code::Cells, &cells, &[])?;
        self.objects.cell_set(own, Some(self.objects.new_ref(function.obj())));
        Ok(function)
    }

    /// A function with these cells and default values, which are stolen.
    pub(super) fn function(&self, name: &str, code: Code, cells: &[Obj], defaults: &[Obj]) -> Given<'a, W> {
        let o = self.objects;
        let number = self.book.codes.borrow().len() as u64;
        self.book.codes.borrow_mut().push(code);
        let tuple = |items: &[Obj]| match items {
            [] => Ok(None),
            items => self.made(o.new_tuple(items)).map(|held| Some(held.into_obj())),
        };
        let (defaults, closure) = (tuple(defaults)?, tuple(cells)?);
        let name = || self.made(o.new_name(name)).map(Held::into_obj);
        let constants = self.made(o.new_tuple(&[]))?.into_obj();
        let (locals, stack) = match &self.book.codes.borrow()[number as usize] {
            Code::Def(def) => (def.slots.len() as u64, 0),
            Code::Generator(arguments) => (arguments + 1, 1),
            Code::Cells | Code::Default => (0, 0),
        };
        let code = NewCode { number, constants, name: name()?, locals, stack, bytes: 0 };
        let code = self.made(o.new_code(code))?.into_obj();
        let globals = o.new_ref(self.book.dict.get().expect("it is there from the beginning"));
        let (name, qualname) = (name()?, name()?);
        self.made(o.new_function(NewFunction {
            code,
            globals,
            builtins: None,
            module: None,
            defaults,
            keyword_defaults: None,
            doc: None,
            name,
            closure,
            qualname,
        }))
    }

    /// What is in the cells of a closure: nothing, the one, or a tuple of all. Owned.
    pub(super) fn contents(&self, function: Obj) -> Result<Obj, Obj> {
        let o = self.objects;
        let Some(cells) = o.function_closure(function) else { return Ok(o.new_ref(o.none())) };
        let read = |at| o.cell_get(o.tuple_get(cells, at)).map(|o| self.objects.new_ref(o));
        let items: Option<Vec<Obj>> = (0..o.tuple_len(cells)).map(read).collect();
        match items.as_deref() {
            None => Err(self.error(Type::NameError)),
            Some([one]) => Ok(*one),
            Some(items) => self.made(o.new_tuple(items)).map(Held::into_obj),
        }
    }

    /// Arguments of a function are handed over to it; others borrow them.
    pub(super) fn call(&self, mut args: Vec<Held<'a, W>>) -> Given<'a, W> {
        let o = self.objects;
        let callee = args.remove(0);
        let given = match o.method_parts(callee.obj()) {
            Some((function, of)) if o.is_a(function, Type::Function) => {
                let (function, of) = (o.new_ref(function), o.new_ref(of));
                drop(callee);
                let arguments = [of].into_iter().chain(owned(args)).collect();
                self.call_owned(function, arguments)
            }
            _ if o.is_a(callee.obj(), Type::Function) => self.call_owned(callee.into_obj(), owned(args)),
            _ => o.call(callee.obj(), &args.iter().map(Held::obj).collect::<Vec<Obj>>()),
        };
        given.map(|value| Held::owned(o, value))
    }

    /// The functions that generators are made of, one for each number of arguments.
    pub(super) fn generator_functions(&self) {
        for arguments in 0..=4 {
            if let Ok(function) = self.function("generator", Code::Generator(arguments), &[], &[]) {
                self.book.generators.borrow_mut().push(function.into_obj());
            }
        }
    }

    /// A generator that has begun and waits at its first `yield`: arguments, and what it got, `None`.
    fn generator(&self, args: Vec<Held<'a, W>>) -> Given<'a, W> {
        let o = self.objects;
        let function = self.book.generators.borrow()[args.len()];
        let got = args.len() as u64;
        let frame = o.push_frame(o.new_ref(function), &owned(args)).ok_or_else(|| o.memory_error())?;
        let generator = self.made(o.new_generator(frame))?;
        let frame = o.resume(generator.obj());
        o.set_local(frame, got, Some(o.new_ref(o.none())));
        o.suspend(generator.obj());
        Ok(generator)
    }

    /// It holds what it is sent, in the place of what it was sent before.
    pub(super) fn send(&self, generator: &Held<'a, W>, value: &Held<'a, W>) -> Given<'a, W> {
        let (o, g) = (self.objects, generator.obj());
        if !o.is_a(g, Type::Generator) {
            return Err(self.error(Type::AttributeError));
        }
        match o.runs(g) {
            Runs::Suspended => {
                let frame = o.resume(g);
                let got =
                    o.frame_function(frame).and_then(|f| o.function_code(f)).map_or(0, |code| o.code_places(code).0);
                o.set_local(frame, got - 1, Some(o.new_ref(value.obj())));
                o.suspend(g);
                Ok(Held::borrowed(o, value.obj()))
            }
            Runs::Cleared => Err(self.error(Type::StopIteration)),
            Runs::Created | Runs::Running => Err(self.error(Type::ValueError)),
        }
    }

    fn copy(&self, of: &Held<'a, W>) -> Given<'a, W> {
        let o = self.objects;
        match o.kind(of.obj()) {
            Kind::List => {
                // A collection may begin before the first item is referred to once more.
                let copy = self.made(o.new_list())?;
                missing::list_extend_exactly(o, copy.obj(), &self.items(of.obj())?).ok_or_else(|| o.memory_error())?;
                Ok(copy)
            }
            Kind::Dict => self.made(o.dict_copy(of.obj())),
            Kind::Set if o.is_frozenset(of.obj()) => Ok(Held::borrowed(o, of.obj())),
            Kind::Set => self.made(o.set_copy(of.obj(), false)),
            _ => Err(self.error(Type::AttributeError)),
        }
    }

    fn pop(&self, args: &[Held<'a, W>]) -> Given<'a, W> {
        let (o, list) = (self.objects, args[0].obj());
        if o.kind(list) != Kind::List {
            return Err(self.error(Type::AttributeError));
        }
        let at = match args.get(1) {
            None => o.list_len(list).checked_sub(1),
            Some(at) => self.index(list, at.obj())?,
        };
        let popped = at.and_then(|at| {
            if at + 1 == o.list_len(list) { o.list_pop(list) } else { Some(missing::list_pop_at(o, list, at)) }
        });
        popped.map(|item| Held::owned(o, item)).ok_or_else(|| self.error(Type::IndexError))
    }

    fn popitem(&self, dict: &Held<'a, W>) -> Given<'a, W> {
        let o = self.objects;
        if o.kind(dict.obj()) != Kind::Dict {
            return Err(self.error(Type::AttributeError));
        }
        // The tuple comes first: a collection may begin before it.
        let pair = self.made(o.new_tuple(&[o.new_ref(o.none()), o.new_ref(o.none())]))?;
        match self.refused(o.dict_popitem(dict.obj()))? {
            Some((key, value)) => {
                o.tuple_fill(pair.obj(), 0, key);
                o.tuple_fill(pair.obj(), 1, value);
                Ok(pair)
            }
            None => Err(self.error(Type::KeyError)),
        }
    }

    /// What was made for a place gets a label, and so does what belongs to it.
    pub(super) fn label_made(&self, verb: &str, made: &Held<'a, W>, place: &str) {
        let o = self.objects;
        let label = match verb {
            "closure" | "recursive" | "defaults" => return self.label_function(made, place),
            _ => self.book.label(made.obj(), place),
        };
        let belongs = match verb {
            "module" => o.module_dict(made.obj()).map(|dict| (dict, ".dict")),
            "exception" => o.exception_get(made.obj(), crate::objects::exception::ARGS).map(|args| (args, ".args")),
            _ => None,
        };
        if let Some((o, name)) = belongs.filter(|(o, _)| !self.is_nothing(*o)) {
            self.book.label_as(o, label + name);
        }
    }

    pub(super) fn label_function(&self, made: &Held<'a, W>, place: &str) {
        let o = self.objects;
        let label = self.book.label(made.obj(), place);
        if let Some(cells) = o.function_closure(made.obj()) {
            self.book.label_as(cells, format!("{label}.closure"));
            for at in 0..o.tuple_len(cells) {
                self.book.label_as(o.tuple_get(cells, at), format!("{label}.cell{at}"));
            }
        }
        if let Some(defaults) = o.function_defaults(made.obj()) {
            self.book.label_as(defaults, format!("{label}.defaults"));
        }
    }
}

/// The references themselves.
pub(super) fn owned<W: World>(args: Vec<Held<'_, W>>) -> Vec<Obj> {
    args.into_iter().map(Held::into_obj).collect()
}

/// Those that a program may raise.
pub(super) fn exception_type(name: &str) -> Type {
    match name {
        "ValueError" => Type::ValueError,
        "TypeError" => Type::TypeError,
        "KeyError" => Type::KeyError,
        "IndexError" => Type::IndexError,
        "RuntimeError" => Type::RuntimeError,
        _ => Type::Exception,
    }
}
