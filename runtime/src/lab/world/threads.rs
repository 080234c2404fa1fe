//! # Threads of a program, and what they wait for
//!
//! A thread's function runs on a stack of its own while the thread has its turn ([`crate::turns`]).
//!
//! - **I1** An operation costs one microsecond, from its beginning on ([`Run::begins`]), and so does entering a function.
//! - **I2** A thread may switch where the rule says ([`SwitchPoints`](super::explore::SwitchPoints)). That of 3.11: when a
//!   function is entered, when a call of C code has returned, at a jump backwards, and never in straight lines.
//! - **I3** A thread that ends lets go of what it calls, of its arguments, and of its own attributes of locals, before
//!   anybody who joined it goes on.
//! - **I4** When the run is over, each line raises, and nothing is told any more.

use super::book::Held;
use super::home::Home;
use super::language::{Does, Line, Op};
use super::run::{Given, Run};
use super::timeline::Event;
use crate::objects::World;
use crate::objects::kind::Kind;
use crate::objects::thread_object::Life;
use crate::objects::types::Type;
use crate::threads::{Hold, Patience, Shell};
use crate::turns::{Turn, Turns};
use kit::eval_breaker::{After, Instruction};
use kit::graph::Obj;
use std::sync::Arc;

/// What an operation costs, and entering a function, in microseconds.
const OPERATION: u64 = 1;

impl<'a, W: World> Run<'a, W> {
    /// A line begins: time passes (I1).
    pub(super) fn begins(&self, line: &Line) -> Result<(), Obj> {
        let Some(turn) =
            self.turn.as_ref().filter(|_| !matches!(line.does, Does::Class(_) | Does::Def(_) | Does::Global(_)))
        else {
            return Ok(());
        };
        if self.home.timeline.is_kept() {
            self.home.timeline.push(turn.now(), Event::Line(turn.me(), line.text.clone()));
        }
        turn.spend(OPERATION);
        self.unless_over()
    }

    /// A function is entered.
    pub(super) fn enters(&self) -> Result<(), Obj> {
        if let Some(turn) = &self.turn {
            turn.spend(OPERATION);
        }
        self.after(Instruction::Resume(After::Start))
    }

    /// This instruction is done (I2).
    pub(super) fn after(&self, instruction: Instruction) -> Result<(), Obj> {
        let Some(turn) = &self.turn else { return Ok(()) };
        if (self.home.switch_points)(instruction) {
            turn.switch_point()?;
        }
        self.unless_over()
    }

    fn unless_over(&self) -> Result<(), Obj> {
        if self.is_over() { Err(self.error(Type::SystemExit)) } else { Ok(()) }
    }

    /// I4.
    pub(super) fn is_over(&self) -> bool {
        self.home.turns.as_ref().is_some_and(|turns| turns.is_over())
    }

    /// A fact.
    pub(super) fn fact(&self, text: impl AsRef<str>) {
        if self.is_over() {
            return;
        }
        if let Some(turn) = &self.turn {
            self.home.timeline.push(turn.now(), Event::Fact(turn.me(), text.as_ref().into()));
        }
        self.book.fact(text);
    }

    /// `yes` or `no`.
    pub(super) fn yes(&self, flag: bool) {
        self.fact(if flag { "yes" } else { "no" });
    }

    /// Something for the timeline that others may change meanwhile.
    pub(super) fn note(&self, text: impl FnOnce() -> String) {
        if let Some(turn) = &self.turn
            && self.home.timeline.is_kept()
        {
            self.home.timeline.push(turn.now(), Event::Note(turn.me(), text()));
        }
    }

    /// Why the run is over, if it is: who waits for whom.
    pub(super) fn tell_the_end(&self, turns: &Turns) {
        if let Some(sentence) = turns.broken() {
            return self.book.fact(format!("broken: {sentence}"));
        }
        if turns.is_over() {
            let waits = self.book.waits.take();
            let waits: Vec<String> = waits
                .iter()
                .map(|(thread, what)| format!("{} waits for {what}", turns.name(kit::gil::ThreadId(*thread))))
                .collect();
            self.book.fact(format!("nobody can go on: {}", waits.join(", ")));
        }
    }

    /// What None, False, 0 and empty containers are not.
    pub(super) fn is_true(&self, x: Obj) -> bool {
        let o = self.objects;
        match o.kind(x) {
            Kind::Int => o.int_value(x) != Some(0),
            Kind::Float => o.float_value(x) != 0.0,
            Kind::Str => o.str_len(x) > 0,
            Kind::Bytes => o.bytes_len(x) > 0,
            Kind::List => o.list_len(x) > 0,
            Kind::Tuple => o.tuple_len(x) > 0,
            Kind::Dict => o.dict_len(x) > 0,
            Kind::Set => o.set_len(x) > 0,
            _ => x != o.none(),
        }
    }

    /// The operations about threads.
    pub(super) fn threaded(&self, op: &Op, args: &[Held<'a, W>]) -> Given<'a, W> {
        let (o, turn) = (self.objects, self.turn.as_ref().expect("a program about threads takes turns"));
        self.book.disturbed.set(true);
        let patience = op.time().map_or(Patience::Forever, Patience::Micros);
        match op.verb.name {
            "start" => args.iter().try_for_each(|thread| self.start(turn, thread))?,
            "join" => args.iter().try_for_each(|thread| self.join(turn, thread))?,
            "run" => {
                args.iter().try_for_each(|thread| self.start(turn, thread))?;
                args.iter().try_for_each(|thread| self.join(turn, thread))?;
            }
            "acquire" => drop(self.acquire(turn, &args[0], Patience::Forever)?),
            "try" => {
                let patience = if op.time().is_some() { patience } else { Patience::None };
                return self.bool(self.acquire(turn, &args[0], patience)?);
            }
            "release" => self.release(turn, args[0].obj())?,
            "wait" => return self.bool(self.wait(turn, &args[0], patience)?),
            "notify" | "notifyall" => {
                let count = if op.verb.name == "notify" { 1 } else { usize::MAX };
                self.demand(args[0].obj(), Type::Condition)?;
                let notified = o.condition_notify(turn, args[0].obj(), count);
                notified.map_err(|_| self.error(Type::RuntimeError))?;
            }
            "happens" => {
                self.demand(args[0].obj(), Type::Event)?;
                o.event_set(turn, args[0].obj());
            }
            "put" => {
                self.demand(args[0].obj(), Type::Queue)?;
                let item = o.new_ref(args[1].obj());
                let put =
                    self.waiting(turn, args[0].obj(), || o.queue_put(turn, args[0].obj(), item, Patience::Forever));
                put.ok_or_else(|| o.memory_error())?;
            }
            "take" => {
                self.demand(args[0].obj(), Type::Queue)?;
                let taken = self.waiting(turn, args[0].obj(), || o.queue_get(turn, args[0].obj(), Patience::Forever));
                return taken.map_or_else(|| Ok(self.none()), |item| Ok(Held::owned(o, item)));
            }
            "sleep" | "io" => turn.sleep(op.time().unwrap_or_default()),
            "interval" => self.interval(turn, op)?,
            "alive" => {
                self.demand(args[0].obj(), Type::Thread)?;
                self.yes(matches!(o.thread_life(args[0].obj()), Life::Started | Life::Runs));
            }
            "locked" => self.yes(self.locked(args[0].obj())?),
            _ => return self.for_threads(op, args),
        }
        Ok(self.none())
    }

    /// A new thread, or what threads share and wait for.
    fn for_threads(&self, op: &Op, args: &[Held<'a, W>]) -> Given<'a, W> {
        let o = self.objects;
        match op.verb.name {
            "thread" => {
                let function = o.new_ref(args[0].obj());
                let arguments = self.arguments(&args[1..])?.into_obj();
                self.made(o.new_thread(function, arguments))
            }
            "lock" => self.made(o.new_lock()),
            "rlock" => self.made(o.new_rlock()),
            "event" => self.made(o.new_event()),
            "condition" => self.condition(args),
            "semaphore" => {
                let count = u64::try_from(self.int(&args[0])?).map_err(|_| self.error(Type::ValueError))?;
                self.made(o.new_semaphore(count))
            }
            "queue" => {
                let most = args.first().map_or(Ok(0), |most| self.int(most))?;
                self.made(o.new_queue(most.max(0) as u64)) // 0 and less: no bound
            }
            "local" => self.made(o.new_local()),
            _ => Err(self.error(Type::NotImplementedError)),
        }
    }

    fn bool(&self, value: bool) -> Given<'a, W> {
        Ok(Held::borrowed(self.objects, self.objects.bool(value)))
    }

    fn demand(&self, x: Obj, ty: Type) -> Result<(), Obj> {
        if self.objects.is_a(x, ty) { Ok(()) } else { Err(self.error(Type::AttributeError)) }
    }

    fn int(&self, of: &Held<'a, W>) -> Result<i64, Obj> {
        self.objects.int_value(of.obj()).ok_or_else(|| self.error(Type::TypeError))
    }

    /// Who waits for what, while it does.
    fn waiting<T>(&self, turn: &Turn<'_>, what: Obj, wait: impl FnOnce() -> T) -> T {
        if !self.is_over() {
            self.book.waits.borrow_mut().insert(turn.me().0, self.told(what));
        }
        let waited = wait();
        if !self.is_over() {
            self.book.waits.borrow_mut().remove(&turn.me().0);
        }
        waited
    }

    fn interval(&self, turn: &Turn<'_>, op: &Op) -> Result<(), Obj> {
        let turns = self.home.turns.as_ref().expect("there is a turn");
        match op.time() {
            None if op.args.is_empty() => self.fact(format!("{} us", turns.interval())),
            None => return Err(self.error(Type::TypeError)),
            Some(0) => return Err(self.error(Type::ValueError)),
            Some(micros) => turn.set_interval(micros),
        }
        Ok(())
    }

    fn condition(&self, args: &[Held<'a, W>]) -> Given<'a, W> {
        let o = self.objects;
        let lock = match args.first() {
            Some(lock) if o.is_a(lock.obj(), Type::Lock) || o.is_a(lock.obj(), Type::RLock) => o.new_ref(lock.obj()),
            Some(_) => return Err(self.error(Type::AttributeError)),
            None => self.made(o.new_rlock())?.into_obj(),
        };
        self.made(o.new_condition(lock))
    }

    /// A lock, a semaphore, or the lock of a condition.
    fn acquire(&self, turn: &Turn<'_>, of: &Held<'a, W>, patience: Patience) -> Result<bool, Obj> {
        let (o, x) = (self.objects, of.obj());
        let lock = o.condition_lock_of(x);
        let acquired = self.waiting(turn, x, || {
            if o.is_a(lock, Type::Lock) {
                Some(o.lock_of(lock).acquire(turn, patience))
            } else if o.is_a(lock, Type::RLock) {
                Some(o.rlock_of(lock).acquire(turn, patience))
            } else {
                o.is_a(x, Type::Semaphore).then(|| o.semaphore_acquire(turn, x, patience))
            }
        });
        acquired.ok_or_else(|| self.error(Type::AttributeError))
    }

    fn release(&self, turn: &Turn<'_>, x: Obj) -> Result<(), Obj> {
        let o = self.objects;
        let lock = o.condition_lock_of(x);
        let released = if o.is_a(lock, Type::Lock) {
            o.lock_of(lock).release(turn)
        } else if o.is_a(lock, Type::RLock) {
            o.rlock_of(lock).release(turn)
        } else {
            self.demand(x, Type::Semaphore)?;
            o.semaphore_release(turn, x);
            Ok(())
        };
        released.map_err(|_| self.error(Type::RuntimeError))
    }

    fn locked(&self, x: Obj) -> Result<bool, Obj> {
        self.demand(x, Type::Lock)?;
        Ok(self.objects.lock_of(x).locked())
    }

    /// For an event or a condition.
    fn wait(&self, turn: &Turn<'_>, of: &Held<'a, W>, patience: Patience) -> Result<bool, Obj> {
        let (o, x) = (self.objects, of.obj());
        if o.is_a(x, Type::Event) {
            return Ok(self.waiting(turn, x, || o.event_wait(turn, x, patience)));
        }
        self.demand(x, Type::Condition)?;
        let waited = self.waiting(turn, x, || o.condition_wait(turn, x, patience));
        waited.map_err(|_| self.error(Type::RuntimeError))
    }

    fn start(&self, turn: &Turn<'_>, thread: &Held<'a, W>) -> Result<(), Obj> {
        let (o, x) = (self.objects, thread.obj());
        self.demand(x, Type::Thread)?;
        if o.thread_life(x) != Life::Made {
            return Err(self.error(Type::RuntimeError));
        }
        o.thread_starts(turn, x);
        let (home, name, its) = (self.home.clone(), self.told(x), o.new_ref(x));
        let spawned = turn.spawn(&name, Box::new(move |turn: Turn<'_>| live(&home, turn, its)));
        spawned.map_err(|_| {
            o.thread_start_failed(turn, x);
            o.decref(its);
            self.error(Type::RuntimeError)
        })?;
        o.thread_wait_started(turn, x);
        Ok(())
    }

    fn join(&self, turn: &Turn<'_>, thread: &Held<'a, W>) -> Result<(), Obj> {
        let (o, x) = (self.objects, thread.obj());
        self.demand(x, Type::Thread)?;
        let itself = self.book.threads.borrow().get(&turn.me().0) == Some(&x);
        if o.thread_life(x) == Life::Made || itself {
            return Err(self.error(Type::RuntimeError));
        }
        self.waiting(turn, x, || o.thread_join(turn, x, Patience::Forever));
        Ok(())
    }

    /// `local.name`, of the thread that runs.
    pub(super) fn own_attribute(&self, local: Obj, name: Obj) -> Given<'a, W> {
        let o = self.objects;
        let me = self.turn.as_ref().map_or(kit::gil::ThreadId(0), Turn::me);
        let found = match self.refused(o.local_dict(local, me))? {
            Some(dict) => self.refused(o.dict_lookup(dict, name))?,
            None => None,
        };
        found.map(|value| Held::borrowed(o, value)).ok_or_else(|| self.error(Type::AttributeError))
    }

    /// `local.name = value`, `del local.name`.
    pub(super) fn set_own_attribute(
        &self,
        local: Obj,
        name: Held<'a, W>,
        value: Option<Held<'a, W>>,
    ) -> Result<(), Obj> {
        let o = self.objects;
        let me = self.turn.as_ref().map_or(kit::gil::ThreadId(0), Turn::me);
        let dict = match self.refused(o.local_dict(local, me))? {
            Some(dict) => dict,
            None => {
                let weak = self.made(o.new_weakref(local, None))?.into_obj();
                self.book.locals.borrow_mut().entry(me.0).or_default().push(weak);
                self.refused(o.new_local_dict(local, me))?
            }
        };
        let dict = Held::borrowed(o, dict);
        match value {
            Some(value) => self.refused(o.dict_set(dict.obj(), name.into_obj(), value.into_obj())),
            None => match self.refused(o.dict_del(dict.obj(), name.obj()))? {
                true => Ok(()),
                false => Err(self.error(Type::AttributeError)),
            },
        }
    }

    /// A thread's own attributes die.
    fn locals_end(&self, me: u32) {
        let o = self.objects;
        loop {
            // What dies may make new ones; nothing of the book is borrowed meanwhile.
            let all = self.book.locals.borrow_mut().remove(&me);
            let Some(all) = all else { return };
            for weak in all {
                if let Some(local) = o.weakref_target(weak).map(|local| Held::borrowed(o, local)) {
                    // It refuses when there is no memory for the number: then they die with the local.
                    let _ = o.local_ends(local.obj(), kit::gil::ThreadId(me));
                }
                o.decref(weak);
            }
        }
    }
}

/// The whole life of a thread (I3). `thread` is owned.
fn live<W: World>(home: &Arc<Home<W>>, turn: Turn<'_>, thread: Obj) {
    let run = Run { home, objects: &home.objects, book: &home.book, turn: Some(turn) };
    let (o, me) = (run.objects, turn.me().0);
    run.book.threads.borrow_mut().insert(me, thread);
    o.thread_runs(&turn, thread);
    let called = match o.thread_target(thread) {
        Some((function, arguments)) => {
            let (function, arguments) = (Held::borrowed(o, function), Held::borrowed(o, arguments));
            let items: Vec<Obj> =
                (0..o.tuple_len(arguments.obj())).map(|at| o.tuple_get(arguments.obj(), at)).collect();
            o.call(function.obj(), &items)
        }
        None => Ok(o.new_ref(o.none())),
    };
    o.thread_returned(thread);
    match called {
        Ok(value) => o.decref(value),
        Err(exception) => {
            run.fact(format!("{} ends with {}", run.told(thread), run.type_name(exception)));
            o.decref(exception);
        }
    }
    run.book.threads.borrow_mut().remove(&me);
    // The interpreter lets go of the thread's object before its attributes die and whoever joined it goes on. If nobody
    // else has the object, nobody will join it.
    if o.refs(thread) == 1 {
        o.decref(thread);
        run.locals_end(me);
    } else {
        run.locals_end(me);
        o.thread_ended(&turn, thread);
        o.decref(thread);
    }
    o.end_thread();
}
