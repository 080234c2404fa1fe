//! # Running a program: lines, names, places, functions
//!
//! - **I1** An operation evaluates its arguments from left to right, holds each while it works, and lets them go when it
//!   is done, as CPython's value stack does. Then its value is stored.
//! - **I2** A store replaces first and drops afterwards, and nothing of the host's is borrowed meanwhile.
//! - **I3** When a function returns, its locals die in slot order; what it gives was found before.
//! - **I4** The host recurses as deep as the program's functions call one another.

use super::book::{Book, Code, Held};
use super::home::Home;
use super::language::{Def, Does, Line, Op, Path, Program, Step, Test, Value};
use crate::objects::frame::FrameAt;
use crate::objects::types::Type;
use crate::objects::{Objects, World};
use crate::turns::Turn;
use kit::eval_breaker::Instruction;
use kit::graph::Obj;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

/// A `while` that goes on for so long will never end.
const WHILE: u64 = 1_000_000;

/// What an operation gives, or the exception that it raised, owned.
pub(super) type Given<'a, W> = Result<Held<'a, W>, Obj>;

/// Whether the body goes on.
pub(super) enum Flow {
    On,
    Return(Obj),
}

/// The locals of a function that runs.
pub(super) struct Locals<'p> {
    def: &'p Def,
    frame: FrameAt,
}

/// A program that runs, in one of its threads.
pub(super) struct Run<'a, W: World> {
    pub(super) home: &'a Arc<Home<W>>,
    pub(super) objects: &'a Objects<W>,
    pub(super) book: &'a Book,
    /// `None`: there are no other threads.
    pub(super) turn: Option<Turn<'a>>,
}

/// Runs it, and gives what it told.
pub(super) fn run<W: World>(home: &Arc<Home<W>>, program: &Program) -> Vec<String> {
    let (objects, book, run) = (&home.objects, &home.book, Run::at(home));
    run.listen();
    let ended = catch_unwind(AssertUnwindSafe(|| run.program(program)));
    if let Some(turns) = &home.turns {
        if ended.is_err() {
            turns.end_all();
        }
        turns.finish();
        run.tell_the_end(turns);
    }
    if let Err(panic) = ended {
        resume_unwind(panic);
    }
    let told = book.told.take();
    objects.set_enabled(false);
    objects.set_debug(0);
    run.callbacks(false);
    book.close(objects);
    for _ in 0..3 {
        objects.collect(2);
    }
    told
}

impl<'a, W: World> Run<'a, W> {
    /// The thread that runs now.
    pub(super) fn at(home: &'a Arc<Home<W>>) -> Self {
        let turn = home.turns.as_ref().map(|turns| Turn::of(turns, &home.locals));
        Run { home, objects: &home.objects, book: &home.book, turn }
    }

    /// Whoever is called from inside the runtime finds the program through these.
    fn listen(&self) {
        let host = self.objects.host();
        let home = Arc::downgrade(self.home);
        host.set_caller(Arc::new(move |objects, callable, arguments| match home.upgrade() {
            Some(home) => Run::at(&home).call_function(callable, arguments),
            None => Ok(objects.new_ref(objects.none())),
        }));
        host.set_closer(Arc::new(|objects, generator, _| {
            close(objects, generator);
            Ok(objects.new_ref(objects.none()))
        }));
        let home = Arc::downgrade(self.home);
        host.set_reporter(Arc::new(move |_, lost| {
            if let Some(home) = home.upgrade() {
                let run = Run::at(&home);
                if !run.is_over() {
                    run.book.disturbed.set(true);
                    run.fact(format!("ignored {}", lost.what));
                }
            }
        }));
    }

    fn program(&self, program: &Program) {
        self.objects.set_enabled(false);
        self.book.dict.set(self.objects.new_dict());
        self.generator_functions();
        // They are there from the beginning, as in CPython.
        let _ = (self.objects.garbage(), self.objects.callbacks());
        self.book.callback.set(self.new_callback());
        for line in &program.head {
            self.tell(self.line(line, None));
        }
        // What was there before is frozen; free lists are empty, counters are 0.
        self.objects.collect(2);
        self.objects.freeze();
        self.book.stats.set([0, 1, 2].map(|g| [self.objects.get_stat(g, 0), self.objects.get_stat(g, 1)]));
        self.objects.collect(2);
        for line in &program.ops {
            if self.is_over() {
                return;
            }
            self.book.told.borrow_mut().push(format!("{:>2} | {}", line.number, line.text));
            self.tell(self.line(line, None));
        }
    }

    /// The collector's callback comes or goes.
    pub(super) fn callbacks(&self, on: bool) {
        let o = self.objects;
        let Some(callbacks) = o.callbacks() else { return };
        if !on {
            o.list_clear(callbacks);
        } else if o.list_len(callbacks) == 0
            && let Some(told) = self.book.callback.get()
        {
            let _ = o.list_append(callbacks, o.new_ref(told));
        }
    }

    /// What the collector's callback tells.
    fn new_callback(&self) -> Option<Obj> {
        let home = Arc::downgrade(self.home);
        self.objects.new_native(None, move |o, arguments| {
            if let ([phase, info], Some(home)) = (arguments, home.upgrade()) {
                let run = Run::at(&home);
                let number = |name: &str| {
                    let name = o.new_name(name)?;
                    let found = o.dict_get(*info, name).and_then(|number| o.int_value(number));
                    o.decref(name);
                    found
                };
                let generation = number("generation").unwrap_or_default();
                match o.str_is(*phase, "start") {
                    true => run.fact(format!("collector starts {generation}")),
                    false => {
                        let found = number("collected").unwrap_or_default();
                        run.fact(format!("collector stops {generation}: {found} found"));
                    }
                }
            }
            Ok(o.new_ref(o.none()))
        })
    }

    fn tell(&self, done: Result<Flow, Obj>) {
        match done {
            Ok(Flow::On) => {}
            Ok(Flow::Return(value)) => self.objects.decref(value),
            Err(exception) if self.is_over() => self.objects.decref(exception),
            Err(exception) => {
                self.book.disturbed.set(true);
                self.fact(format!("raises {}", self.type_name(exception)));
                self.objects.decref(exception);
            }
        }
    }

    fn body(&self, lines: &[Line], locals: Option<&Locals<'_>>) -> Result<Flow, Obj> {
        for line in lines {
            if let Flow::Return(value) = self.line(line, locals)? {
                return Ok(Flow::Return(value));
            }
        }
        Ok(Flow::On)
    }

    fn line(&self, line: &Line, locals: Option<&Locals<'_>>) -> Result<Flow, Obj> {
        self.begins(line)?;
        match &line.does {
            Does::Class(class) => {
                let made = self.class(class)?;
                self.book.label(made.obj(), &class.name);
                self.set_global(&class.name, Some(made.into_obj()));
            }
            Does::Def(def) => {
                let made = self.function(&def.name, Code::Def(def.clone()), &[], &[])?;
                self.label_function(&made, &def.name);
                self.set_global(&def.name, Some(made.into_obj()));
            }
            Does::Loop(times, body) => {
                for _ in 0..*times {
                    if let Flow::Return(value) = self.body(body, locals)? {
                        return Ok(Flow::Return(value));
                    }
                    self.after(Instruction::JumpBackward)?;
                }
            }
            Does::If(test, body) => {
                if self.test(test, locals)? {
                    return self.body(body, locals);
                }
            }
            Does::While(test, body) => return self.repeat(test, body, locals),
            Does::Global(_) => {}
            Does::Op(op) => return self.op(op, locals),
        }
        Ok(Flow::On)
    }

    fn repeat(&self, test: &Test, body: &[Line], locals: Option<&Locals<'_>>) -> Result<Flow, Obj> {
        for _ in 0..WHILE {
            if !self.test(test, locals)? {
                return Ok(Flow::On);
            }
            if let Flow::Return(value) = self.body(body, locals)? {
                return Ok(Flow::Return(value));
            }
            self.after(Instruction::PopJumpBackwardIfTrue)?;
        }
        Err(self.error(Type::RuntimeError))
    }

    fn test(&self, test: &Test, locals: Option<&Locals<'_>>) -> Result<bool, Obj> {
        let value = self.value(&test.value, locals)?;
        Ok(self.is_true(value.obj()) != test.not)
    }

    fn op(&self, op: &Op, locals: Option<&Locals<'_>>) -> Result<Flow, Obj> {
        if !op.verb.gives {
            let flow = self.statement(op, locals)?;
            if op.verb.calls() {
                self.after(Instruction::Call)?;
            }
            return Ok(flow);
        }
        let value = self.given(op, locals)?;
        if op.verb.calls() {
            self.after(Instruction::Call)?;
        }
        if let Some(place) = &op.target {
            if op.verb.makes {
                self.label_made(op.verb.name, &value, &place.to_string());
            }
            if op.verb.computes() {
                self.note(|| format!("{place} is {} now", self.told(value.obj())));
            }
            self.store(place, value, locals)?;
            self.after(Instruction::StoreFast)?;
        }
        Ok(Flow::On)
    }

    /// The values of an operation's arguments, in order (I1).
    pub(super) fn values(&self, op: &Op, locals: Option<&Locals<'_>>) -> Result<Vec<Held<'a, W>>, Obj> {
        op.values().map(|value| self.value(value, locals)).collect()
    }

    pub(super) fn value(&self, value: &Value, locals: Option<&Locals<'_>>) -> Given<'a, W> {
        match value {
            Value::Path(path) => self.load(path, path.steps.len(), locals),
            literal => Ok(Held::borrowed(self.objects, self.book.constant(literal, || self.literal(literal)))),
        }
    }

    fn load(&self, path: &Path, steps: usize, locals: Option<&Locals<'_>>) -> Given<'a, W> {
        let mut here = self.name(&path.root, locals)?;
        for step in &path.steps[..steps] {
            here = match step {
                Step::Attr(name) => self.attribute(&here, name)?,
                Step::Item(key) => {
                    let key = self.value(key, locals)?;
                    self.item(&here, &key)?
                }
            };
        }
        Ok(here)
    }

    fn name(&self, name: &str, locals: Option<&Locals<'_>>) -> Given<'a, W> {
        if let Some((locals, at)) = slot(name, locals) {
            return match self.objects.local(locals.frame, at) {
                Some(o) => Ok(Held::borrowed(self.objects, o)),
                None => Err(self.error(Type::UnboundLocalError)),
            };
        }
        self.global(name)
    }

    pub(super) fn global(&self, name: &str) -> Given<'a, W> {
        let found = self.book.globals.borrow().get(name).copied();
        found.map_or_else(|| Err(self.error(Type::NameError)), |o| Ok(Held::borrowed(self.objects, o)))
    }

    /// I2. CPython's stack holds the value until the store is done, but for a local: that gets it from there.
    fn store(&self, place: &Path, value: Held<'a, W>, locals: Option<&Locals<'_>>) -> Result<(), Obj> {
        let local = place.steps.is_empty() && slot(&place.root, locals).is_some();
        let stack = if local { None } else { Some(Held::borrowed(self.objects, value.obj())) };
        let done = self.store_it(place, value, locals);
        drop(stack);
        done
    }

    fn store_it(&self, place: &Path, value: Held<'a, W>, locals: Option<&Locals<'_>>) -> Result<(), Obj> {
        let Some(last) = place.steps.last() else {
            self.bind(&place.root, Some(value.into_obj()), locals);
            return Ok(());
        };
        let owner = self.load(place, place.steps.len() - 1, locals)?;
        match last {
            Step::Attr(name) => self.set_attribute(&owner, name, Some(value)),
            Step::Item(key) => {
                let key = self.value(key, locals)?;
                self.set_item(&owner, key, Some(value))
            }
        }
    }

    /// `del`
    pub(super) fn delete(&self, place: &Path, locals: Option<&Locals<'_>>) -> Result<(), Obj> {
        let Some(last) = place.steps.last() else {
            drop(self.name(&place.root, locals)?);
            self.bind(&place.root, None, locals);
            return Ok(());
        };
        let owner = self.load(place, place.steps.len() - 1, locals)?;
        match last {
            Step::Attr(name) => self.set_attribute(&owner, name, None),
            Step::Item(key) => {
                let key = self.value(key, locals)?;
                self.set_item(&owner, key, None)
            }
        }
    }

    fn bind(&self, name: &str, value: Option<Obj>, locals: Option<&Locals<'_>>) {
        match slot(name, locals) {
            Some((locals, at)) => self.objects.set_local(locals.frame, at, value),
            None => self.set_global(name, value),
        }
    }

    fn set_global(&self, name: &str, value: Option<Obj>) {
        let old = match value {
            Some(value) => self.book.globals.borrow_mut().insert(name.into(), value),
            None => self.book.globals.borrow_mut().remove(name),
        };
        self.objects.decref_some(old);
    }

    /// What the runtime calls when a function is called: all is borrowed.
    pub(super) fn call_function(&self, callable: Obj, arguments: &[Obj]) -> Result<Obj, Obj> {
        let o = self.objects;
        if !o.is_a(callable, Type::Function) {
            return Err(self.error(Type::TypeError));
        }
        let arguments = arguments.iter().map(|argument| o.new_ref(*argument)).collect();
        self.call_owned(o.new_ref(callable), arguments)
    }

    /// Calls a function: it and its arguments are stolen, as by CPython when it calls one function from another.
    pub(super) fn call_owned(&self, function: Obj, arguments: Vec<Obj>) -> Result<Obj, Obj> {
        let o = self.objects;
        let drop_all = || arguments.iter().chain([&function]).for_each(|owned| o.decref(*owned));
        let code = o.function_code(function).map_or(0, |code| o.code_number(code));
        let code = self.book.codes.borrow()[code as usize].clone();
        match code {
            Code::Def(def) if def.params == arguments.len() => self.call_def(&def, function, &arguments),
            Code::Cells if arguments.is_empty() => {
                let contents = self.contents(function);
                drop_all();
                contents
            }
            Code::Default if arguments.is_empty() => {
                let defaults = o.function_defaults(function).expect("it has some");
                let value = o.new_ref(o.tuple_get(defaults, 0));
                drop_all();
                Ok(value)
            }
            _ => {
                drop_all();
                Err(self.error(Type::TypeError))
            }
        }
    }

    /// I3. An exception that comes through a function leaves a traceback, which keeps the frame.
    fn call_def(&self, def: &Def, function: Obj, arguments: &[Obj]) -> Result<Obj, Obj> {
        let o = self.objects;
        let frame = o.push_frame(function, arguments).ok_or_else(|| o.memory_error())?;
        let entered = self.enters();
        let ended = entered.and_then(|()| self.body(&def.body, Some(&Locals { def, frame })));
        if let Err(exception) = ended
            && let Some(object) = o.frame_object(frame)
        {
            let _ = o.add_traceback(exception, object, 0);
        }
        o.pop_frame(frame);
        match ended? {
            Flow::Return(value) => Ok(value),
            Flow::On => Ok(o.new_ref(o.none())),
        }
    }

    /// An exception of the runtime. Owned.
    pub(super) fn error(&self, ty: Type) -> Obj {
        self.objects.raised_with(ty, &[])
    }
}

/// The slot of a name, if it is a local one.
fn slot<'l, 'p>(name: &str, locals: Option<&'l Locals<'p>>) -> Option<(&'l Locals<'p>, u64)> {
    let locals = locals?;
    let at = locals.def.slots.iter().position(|slot| slot == name)?;
    Some((locals, at as u64))
}

/// A generator that dies is closed: an exception passes through its frame, and the traceback is gone with it.
fn close<W: World>(o: &Objects<W>, generator: Obj) {
    let frame = o.resume(generator);
    let object = o.frame_object(frame).map(|object| o.new_ref(object));
    let traceback = o.new_record(Type::Traceback, &[None, object]);
    o.finish(generator);
    o.decref_some(traceback);
}
