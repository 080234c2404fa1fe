//! # Reading a world program
//!
//! Lines become [`Line`]s, indentation becomes bodies, methods go to their classes. What is said here is the shape of a
//! program; whether a name is bound is found out by running it.

use super::super::scenario::BadScenario;
use std::rc::Rc;

mod verbs;
mod words;

pub use verbs::{VERBS, Verb};
pub use words::{Path, Step, Value};

/// A program, read.
#[derive(Debug)]
pub struct Program {
    /// Classes and functions that are there when it begins.
    pub head: Vec<Line>,
    /// The rest.
    pub ops: Vec<Line>,
}

/// A line and what belongs to it.
#[derive(Debug)]
pub struct Line {
    /// From 1.
    pub number: u32,
    /// As it was written, without indentation and comment.
    pub text: String,
    /// What is to be done.
    pub does: Does,
}

/// What a line does.
#[derive(Debug)]
pub enum Does {
    /// Makes a class.
    Class(Class),
    /// Makes a function.
    Def(Rc<Def>),
    /// Repeats its body.
    Loop(u64, Vec<Line>),
    /// Does its body once if it is so.
    If(Test, Vec<Line>),
    /// Repeats its body as long as it is so.
    While(Test, Vec<Line>),
    /// Says that names are the program's.
    Global(Vec<String>),
    /// Does something, and puts what it gives into a place.
    Op(Op),
}

/// Whether a value is true, or is not.
#[derive(Debug)]
pub struct Test {
    /// `not` stands before it.
    pub not: bool,
    /// None, False, 0, and what is empty are not true.
    pub value: Value,
}

/// One operation.
#[derive(Debug)]
pub struct Op {
    /// Where its value goes.
    pub target: Option<Path>,
    /// One of [`VERBS`]; `=` for a value that is only named.
    pub verb: &'static Verb,
    /// Its arguments.
    pub args: Vec<Value>,
}

impl Op {
    /// The time among its arguments, in microseconds.
    pub fn time(&self) -> Option<u64> {
        self.args.iter().find_map(|value| if let Value::Time(micros) = value { Some(*micros) } else { None })
    }

    /// The arguments that are looked up: the others are words, like `on`, and times.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        let word = match self.verb.name {
            "module" | "exception" | "raise" | "debug" | "callbacks" | "note" | "place" => Some(0),
            "method" | "weakmethod" => Some(1),
            _ => None,
        };
        let all = self.args.iter().enumerate();
        all.filter(move |(index, value)| Some(*index) != word && !matches!(value, Value::Time(_)))
            .map(|(_, value)| value)
    }
}

/// A class.
#[derive(Debug)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// The class that it is derived from, if that is not `object`.
    pub base: Option<String>,
    /// `__slots__`, if it has any.
    pub slots: Option<Vec<String>>,
    /// Whether its instances are equal when their `key` is, and have its hash.
    pub equal: bool,
    /// In the order in which they are written.
    pub methods: Vec<Rc<Def>>,
}

/// A function.
#[derive(Debug)]
pub struct Def {
    /// Its name, without the class.
    pub name: String,
    /// How many of the slots are parameters.
    pub params: usize,
    /// Names of the slots.
    pub slots: Vec<String>,
    /// Names that it takes from the program although it assigns them.
    pub globals: Vec<String>,
    /// What it does.
    pub body: Vec<Line>,
}

/// Iterations of a loop, at most.
const LOOP: u64 = 1_000_000;

impl Program {
    /// Reads a program.
    ///
    /// # Errors
    /// The first bad line.
    pub fn parse(text: &str) -> Result<Program, BadScenario> {
        let mut rows = rows(text).into_iter().peekable();
        match rows.next() {
            Some(Row { code, .. }) if code == "use world" => {}
            row => return bad(row.map_or(1, |row| row.number), "a program of objects begins with `use world`"),
        }
        let mut lines: Vec<Line> = vec![];
        while let Some(row) = rows.next() {
            if row.depth > 0 {
                return bad(row.number, "an indented line belongs below a `def` or a `loop`");
            }
            let method = row.code.strip_prefix("def ").and_then(|rest| rest.split_whitespace().next()?.split_once('.'));
            match method.map(|(class, _)| class.to_string()) {
                None => lines.push(line(&row, &mut rows)?),
                Some(class) => {
                    let Does::Def(def) = line(&row, &mut rows)?.does else { unreachable!("it begins with `def`") };
                    match lines.last_mut().map(|line| &mut line.does) {
                        Some(Does::Class(last)) if last.name == class => last.methods.push(def),
                        _ => return bad(row.number, "a method follows its class"),
                    }
                }
            }
        }
        let head = lines.iter().take_while(|line| matches!(line.does, Does::Class(_) | Does::Def(_))).count();
        let ops = lines.split_off(head);
        Ok(Program { head: lines, ops })
    }

    /// Whether it is about threads.
    #[must_use]
    pub fn is_threaded(&self) -> bool {
        let mut all: Vec<&Line> = self.head.iter().chain(&self.ops).collect();
        while let Some(line) = all.pop() {
            match &line.does {
                Does::Op(op) if op.verb.threaded() => return true,
                Does::Op(_) | Does::Global(_) => {}
                Does::Def(def) => all.extend(&def.body),
                Does::Class(class) => all.extend(class.methods.iter().flat_map(|method| &method.body)),
                Does::Loop(_, body) | Does::If(_, body) | Does::While(_, body) => all.extend(body),
            }
        }
        false
    }
}

fn bad<T>(line: u32, sentence: impl Into<String>) -> Result<T, BadScenario> {
    Err(BadScenario { line, sentence: sentence.into() })
}

/// A line of text, not yet understood.
struct Row {
    number: u32,
    depth: usize,
    code: String,
}

type Rows = std::iter::Peekable<std::vec::IntoIter<Row>>;

fn rows(text: &str) -> Vec<Row> {
    let row = |(index, line): (usize, &str)| {
        let code = line.split('#').next().unwrap_or("").trim_end();
        let depth = code.len() - code.trim_start().len();
        let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
        (!code.is_empty()).then_some(Row { number: index as u32 + 1, depth, code })
    };
    text.lines().enumerate().filter_map(row).collect()
}

/// What is indented below the line at `depth`.
fn body(depth: usize, rows: &mut Rows) -> Result<Vec<Line>, BadScenario> {
    let mut lines = vec![];
    let Some(inner) = rows.peek().map(|row| row.depth).filter(|inner| *inner > depth) else { return Ok(lines) };
    while let Some(row) = rows.next_if(|row| row.depth > depth) {
        if row.depth != inner {
            return bad(row.number, "the lines of a body have the same indentation");
        }
        lines.push(line(&row, rows)?);
    }
    Ok(lines)
}

fn line(row: &Row, rows: &mut Rows) -> Result<Line, BadScenario> {
    let words = words::split(&row.code);
    let names = |words: &[&str]| words.iter().map(|word| name(row, word)).collect::<Result<Vec<String>, _>>();
    let does = match words[..] {
        ["class", class, ref rest @ ..] if row.depth == 0 => Does::Class(self::class(row, class, rest)?),
        ["def", f, ref params @ ..] if row.depth == 0 => {
            let f = f.split_once('.').map_or(f, |(_, method)| method);
            let f = if f.starts_with("__") { f.to_string() } else { name(row, f)? };
            let body = body(row.depth, rows)?;
            Does::Def(Rc::new(def(f, names(params)?, body)))
        }
        ["loop", times] => match times.parse() {
            Ok(times) if times <= LOOP => Does::Loop(times, body(row.depth, rows)?),
            _ => return bad(row.number, format!("a loop runs up to {LOOP} times")),
        },
        ["if", ref test @ ..] => Does::If(self::test(row, test)?, body(row.depth, rows)?),
        ["while", ref test @ ..] => Does::While(self::test(row, test)?, body(row.depth, rows)?),
        ["global", ref rest @ ..] if row.depth > 0 => Does::Global(names(rest)?),
        _ => Does::Op(op(row, &words)?),
    };
    Ok(Line { number: row.number, text: row.code.clone(), does })
}

fn test(row: &Row, words: &[&str]) -> Result<Test, BadScenario> {
    let (not, word) = match words {
        ["not", word] => (true, word),
        [word] => (false, word),
        _ => return bad(row.number, "a test is written `if x` or `while not x`"),
    };
    let value = Value::parse(word).filter(|value| !matches!(value, Value::Time(_)));
    value.map_or_else(|| bad(row.number, format!("`{word}` is no value")), |value| Ok(Test { not, value }))
}

fn name(row: &Row, word: &str) -> Result<String, BadScenario> {
    if words::is_name(word) { Ok(word.into()) } else { bad(row.number, format!("`{word}` is not a name")) }
}

fn class(row: &Row, class: &str, options: &[&str]) -> Result<Class, BadScenario> {
    let mut all = Class { name: name(row, class)?, base: None, slots: None, equal: false, methods: vec![] };
    let options = match options {
        ["base", base, rest @ ..] => {
            all.base = Some(name(row, base)?);
            rest
        }
        all => all,
    };
    let options = match options {
        ["equal", rest @ ..] => {
            all.equal = true;
            rest
        }
        all => all,
    };
    match options {
        [] => Ok(all),
        ["slots", slots @ ..] => {
            all.slots = Some(slots.iter().map(|slot| (*slot).to_string()).collect());
            Ok(all)
        }
        _ => bad(row.number, "a class is written `class A base B equal slots x y`"),
    }
}

/// Finds out which names are slots.
fn def(name: String, params: Vec<String>, body: Vec<Line>) -> Def {
    let (mut globals, mut assigned, mut mentioned) = (vec![], params.clone(), params.clone());
    mentions(&body, &mut globals, &mut assigned, &mut mentioned);
    let count = params.len();
    let mut slots: Vec<String> = vec![];
    for name in mentioned {
        if assigned.contains(&name) && !globals.contains(&name) && !slots.contains(&name) {
            slots.push(name);
        }
    }
    Def { name, params: count, slots, globals, body }
}

fn mentions(body: &[Line], globals: &mut Vec<String>, assigned: &mut Vec<String>, mentioned: &mut Vec<String>) {
    for line in body {
        match &line.does {
            Does::Global(names) => globals.extend(names.iter().cloned()),
            // Loops are as deep as somebody indented them.
            Does::Loop(_, body) => mentions(body, globals, assigned, mentioned),
            Does::If(test, body) | Does::While(test, body) => {
                test.value.names(&mut |name| mentioned.push(name.into()));
                mentions(body, globals, assigned, mentioned);
            }
            Does::Op(op) => {
                op.values().for_each(|value| value.names(&mut |name| mentioned.push(name.into())));
                if let Some(place) = &op.target {
                    place.names(&mut |name| mentioned.push(name.into()));
                }
                let deleted = op.args.iter().filter(|_| op.verb.name == "del");
                let deleted = deleted.filter_map(|value| if let Value::Path(path) = value { Some(path) } else { None });
                let names = op.target.iter().chain(deleted).filter(|path| path.steps.is_empty());
                assigned.extend(names.map(|path| path.root.clone()));
            }
            Does::Class(_) | Does::Def(_) => {}
        }
    }
}

fn op(row: &Row, words: &[&str]) -> Result<Op, BadScenario> {
    let (target, rest) = match words {
        [place, "=", rest @ ..] => (Some(*place), rest),
        rest => (None, rest),
    };
    let [first, args @ ..] = rest else { return bad(row.number, "an operation is missing on the right of `=`") };
    let known =
        VERBS.iter().find(|verb| verb.name == *first && verb.name.starts_with(|c: char| c.is_ascii_lowercase()));
    let sum;
    let (verb, args) = match known {
        _ if target.is_some() && matches!(args, ["+" | "-", ..]) => {
            sum = [&rest[..1], args[1..].strip_prefix(&["call"]).unwrap_or(&args[1..])].concat();
            let name = if args.get(1) == Some(&"call") { format!("{}call", args[0]) } else { args[0].into() };
            (VERBS.iter().find(|verb| verb.name == name).expect("it is in the table"), &sum[..])
        }
        Some(verb) => (verb, args),
        None if target.is_some() && args.is_empty() => (alias(), rest),
        None => return bad(row.number, format!("`{first}` is no operation")),
    };
    let (least, most) = verb.args;
    if args.len() < least || args.len() > most {
        let wants = if args.len() < least { format!("{least} at least") } else { format!("{most} at most") };
        return bad(row.number, format!("`{}` with {} words: it wants {wants}", verb.name, args.len()));
    }
    if target.is_some() && !verb.gives {
        return bad(row.number, format!("`{first}` gives nothing that could be kept"));
    }
    if verb.name == "dict" && args.len() % 2 == 1 {
        return bad(row.number, "a dict is written `dict KEY VALUE KEY VALUE`");
    }
    let timed = matches!(verb.name, "sleep" | "io" | "interval" | "try" | "wait");
    if let Some(time) = args.iter().find(|word| !timed && matches!(Value::parse(word), Some(Value::Time(_)))) {
        return bad(row.number, format!("`{time}` is a time, and `{first}` wants none"));
    }
    if matches!(verb.name, "sleep" | "io") && !matches!(Value::parse(args[0]), Some(Value::Time(_))) {
        return bad(row.number, format!("for how long? Write `{first} 5ms` or `{first} 50us`"));
    }
    let value = |word: &&str| Value::parse(word).map_or_else(|| bad(row.number, format!("`{word}` is no value")), Ok);
    let target = target.map(|word| match Value::parse(word) {
        Some(Value::Path(path)) => Ok(path),
        _ => bad(row.number, format!("nothing can be put into `{word}`")),
    });
    Ok(Op { target: target.transpose()?, verb, args: args.iter().map(value).collect::<Result<_, _>>()? })
}

fn alias() -> &'static Verb {
    VERBS.iter().find(|verb| verb.name == "=").expect("it is in the table")
}
