//! # Questions, and what is told
//!
//! What an answer is made of in CPython (a tuple of arguments, a list) is made here, too, and no collection begins
//! meanwhile: see W1 of the language.

use super::book::Held;
use super::language::{Op, Value};
use super::run::{Locals, Run};
use crate::objects::World;
use crate::objects::kind::Kind;
use crate::objects::types::Type;
use kit::graph::Obj;

impl<'a, W: World> Run<'a, W> {
    pub(super) fn ask(&self, op: &Op, args: &[Held<'a, W>]) -> Result<(), Obj> {
        let word = || op.args.first().map(Value::to_string).unwrap_or_default();
        let (o, book) = (self.objects, self.book);
        let first = args.first().map(Held::obj);
        let generation = || first.and_then(|o| self.objects.int_value(o)).map(|generation| generation as usize);
        match (op.verb.name, first) {
            ("refcount", Some(x)) => self.refcount(x),
            ("len", Some(x)) => self.fact(self.len(x)?.to_string()),
            ("tracked", Some(x)) => self.yes(o.is_tracked(x)),
            ("finalized", Some(x)) => self.yes(o.is_finalized(x)),
            ("is", Some(x)) => self.yes(x == args[1].obj()),
            ("equal", Some(x)) => self.yes(self.refused(o.equal(x, args[1].obj()))?),
            ("below", Some(x)) => match (o.int_value(x), o.int_value(args[1].obj())) {
                (Some(one), Some(other)) => self.yes(one < other),
                _ => return Err(self.error(Type::TypeError)),
            },
            ("hash", Some(x)) => {
                self.refused(o.hash(x))?;
                self.yes(true);
            }
            ("type", Some(x)) => self.fact(self.type_name(x)),
            ("note", Some(x)) => drop(book.noted.borrow_mut().insert(word(), x)),
            ("place", Some(x)) => {
                let noted = book.noted.borrow().get(&word()).copied();
                self.yes(noted == Some(x));
            }
            ("collect", _) => {
                let found = o.collect(generation().unwrap_or(2));
                self.fact(format!("collected {found}"));
            }
            ("enabled", _) => self.yes(o.is_enabled()),
            ("garbage", _) => {
                let labels = o.garbage().map(|list| self.labels_in(list));
                self.fact(labels.unwrap_or_else(|| "none".into()));
            }
            _ => return self.quietly(|| self.ask_quietly(op.verb.name, args, generation())),
        }
        Ok(())
    }

    /// No collection begins meanwhile.
    fn quietly<T>(&self, ask: impl FnOnce() -> T) -> T {
        let enabled = self.objects.is_enabled();
        self.objects.set_enabled(false);
        let answer = ask();
        self.objects.set_enabled(enabled);
        answer
    }

    fn ask_quietly(&self, verb: &str, args: &[Held<'a, W>], generation: Option<usize>) -> Result<(), Obj> {
        let (o, book) = (self.objects, self.book);
        match (verb, args.first().map(Held::obj)) {
            ("show", Some(x)) => match self.weak(x) {
                Some(kind) => self.fact(self.show_weak(kind, x)?),
                None => self.show(x),
            },
            ("subclasses", Some(x)) => self.fact(self.labels(&o.subclasses(x))),
            ("size", Some(x)) => {
                let given = self.arguments(&args[..1])?;
                self.fact(o.getsizeof(x).to_string());
                drop(given);
            }
            ("referents", Some(x)) => {
                let given = self.arguments(&args[..1])?;
                self.list_of(o.get_referents(&[x]))?;
                drop(given);
            }
            ("referrers", Some(x)) => {
                // CPython does not tell the tuple.
                drop(self.arguments(&args[..1])?);
                let list = self.made(o.get_referrers(&[x]))?;
                let everybodys = self.is_atom(x) || self.is_nothing(x);
                self.fact(if everybodys { "many".into() } else { self.labels_in(list.obj()) });
            }
            ("weakrefs", Some(x)) => {
                let list = self.made(o.getweakrefs(x))?;
                self.fact(format!("{}: {}", o.weakref_count(x), self.labels_in(list.obj())));
            }
            ("count", _) => {
                let [a, b, c] = o.get_count();
                let given = self.tuple_of_three()?;
                match book.disturbed.get() {
                    true => self.fact("not told any more"),
                    false => self.fact(format!("{a} {b} {c}")),
                }
                drop(given);
            }
            ("order", _) => self.list_of(o.get_objects(generation))?,
            ("stats", _) => self.stats()?,
            _ => return Err(self.error(Type::NotImplementedError)),
        }
        Ok(())
    }

    fn tuple_of_three(&self) -> Result<Held<'a, W>, Obj> {
        let none = || self.objects.new_ref(self.objects.none());
        self.made(self.objects.new_tuple(&[none(), none(), none()]))
    }

    /// The labels of what is in this new list.
    fn list_of(&self, list: Option<Obj>) -> Result<(), Obj> {
        let list = self.made(list)?;
        self.fact(self.labels_in(list.obj()));
        Ok(())
    }

    fn labels_in(&self, list: Obj) -> String {
        let all: Vec<Obj> = (0..self.objects.list_len(list)).map(|at| self.objects.list_get(list, at)).collect();
        self.labels(&all)
    }

    fn labels(&self, all: &[Obj]) -> String {
        let labels: Vec<String> =
            all.iter().filter(|o| !self.is_atom(**o)).filter_map(|o| self.book.label_of(*o)).collect();
        if labels.is_empty() { "none".into() } else { labels.join(" ") }
    }

    fn refcount(&self, x: Obj) {
        match self.is_atom(x) || self.is_nothing(x) {
            true => self.fact("many"),
            // One for the argument.
            false => self.fact(self.objects.refs(x).to_string()),
        }
    }

    fn len(&self, x: Obj) -> Result<u64, Obj> {
        let o = self.objects;
        match o.kind(x) {
            _ if self.weak(x).is_some() => Ok(o.weak_len(x)),
            Kind::List => Ok(o.list_len(x)),
            Kind::Tuple => Ok(o.tuple_len(x)),
            Kind::Dict => Ok(o.dict_len(x)),
            Kind::Set => Ok(o.set_len(x)),
            Kind::Str => Ok(o.str_len(x)),
            Kind::Bytes => Ok(o.bytes_len(x)),
            _ => Err(self.error(Type::TypeError)),
        }
    }

    /// Collections of each generation since the program began, and what they found.
    fn stats(&self) -> Result<(), Obj> {
        let (o, before) = (self.objects, self.book.stats.get());
        let dicts: Vec<Obj> = (0..3).filter_map(|_| o.new_dict()).collect();
        let list = self.made(o.new_list_of(&dicts))?;
        let told: Vec<String> = (0..3)
            .map(|g| format!("{} found {}", o.get_stat(g, 0) - before[g][0], o.get_stat(g, 1) - before[g][1]))
            .collect();
        self.fact(told.join("; "));
        drop(list);
        Ok(())
    }

    pub(super) fn log(&self, op: &Op, locals: Option<&Locals<'_>>) -> Result<(), Obj> {
        let mut parts = vec![];
        for value in &op.args {
            parts.push(match value {
                Value::Str(text) => text.clone(),
                value => {
                    let x = self.value(value, locals)?;
                    self.told(x.obj())
                }
            });
        }
        self.fact(parts.join(" "));
        Ok(())
    }

    pub(super) fn type_name(&self, x: Obj) -> String {
        self.objects.type_name(self.objects.type_of(x))
    }

    pub(super) fn is_atom(&self, x: Obj) -> bool {
        let o = self.objects;
        matches!(o.kind(x), Kind::Int | Kind::Float | Kind::Str | Kind::Bytes) || x == o.none()
    }

    /// Is it `()`?
    pub(super) fn is_nothing(&self, x: Obj) -> bool {
        self.objects.kind(x) == Kind::Tuple && self.objects.tuple_len(x) == 0
    }

    /// What an object is told as.
    pub(super) fn told(&self, x: Obj) -> String {
        let o = self.objects;
        match o.kind(x) {
            Kind::Int if o.is_a(x, Type::Bool) => if x == o.bool(true) { "True" } else { "False" }.into(),
            Kind::Int => o.int_number(x).to_string(),
            Kind::Float => format!("{:?}", o.float_value(x)),
            Kind::Str => format!("'{}'", o.str_text(x)),
            Kind::Bytes => {
                let text: String = (0..o.bytes_len(x)).map(|at| o.bytes_get(x, at) as char).collect();
                format!("b'{text}'")
            }
            _ if x == o.none() => "None".into(),
            _ if self.is_nothing(x) => "()".into(),
            _ => self.book.label_of(x).unwrap_or_else(|| format!("<{}>", self.type_name(x))),
        }
    }

    fn show(&self, x: Obj) {
        let o = self.objects;
        let all = |items: Vec<Obj>| items.iter().map(|item| self.told(*item)).collect::<Vec<_>>().join(" ");
        let fact = match o.kind(x) {
            Kind::List => format!("[{}]", all((0..o.list_len(x)).map(|at| o.list_get(x, at)).collect())),
            Kind::Tuple => format!("({})", all((0..o.tuple_len(x)).map(|at| o.tuple_get(x, at)).collect())),
            Kind::Dict => {
                let (mut pairs, mut position) = (vec![], 0);
                while let Some((key, value)) = o.dict_next(x, &mut position) {
                    pairs.push(format!("{}: {}", self.told(key), self.told(value)));
                }
                format!("{{{}}}", pairs.join(", "))
            }
            _ if o.is_a(x, Type::Weakref) => match o.weakref_target(x) {
                Some(target) => format!("to {}", self.told(target)),
                None => "dead".into(),
            },
            _ if o.is_a(x, Type::Cell) => match o.cell_get(x) {
                Some(contents) => format!("holds {}", self.told(contents)),
                None => "empty".into(),
            },
            _ => self.told(x),
        };
        self.fact(fact);
    }
}
