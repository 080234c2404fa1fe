//! # A world program, written out as Python
//!
//! One statement for each operation, in the order in which CPython evaluates it. Whatever is not the program's own must
//! allocate nothing that the collector counts, so literals are names that were bound before (three constants in a list
//! display would become a tuple), and everything else is done by functions of `prelude.py`.

use runtime::lab::world::language::{Class, Def, Does, Line, Op, Path, Program, Step, Test, Value};
use std::fmt::Write;

/// The program as Python, for `prelude.py` to run.
#[must_use]
pub fn python(program: &Program) -> String {
    let mut writer = Writer::default();
    program.head.iter().for_each(|line| writer.definition(&line.does));
    // The frame gets its object now; a traceback would make it later.
    writer.line("_getframe()");
    writer.line("_begin()");
    for line in &program.ops {
        let marker = writer.constant(format!("{:?}", format!("{:>2} | {}", line.number, line.text)));
        writer.line(&format!("_say({marker})"));
        writer.line("try:");
        writer.indented(|writer| writer.does(line));
        writer.line("except Exception as _e: _oops(_e)");
    }
    let constants = writer.constants.iter().enumerate();
    let constants: String = constants.map(|(number, text)| format!("_k{number} = {text}\n")).collect();
    constants + &writer.text
}

#[derive(Default)]
struct Writer {
    text: String,
    depth: usize,
    constants: Vec<String>,
}

impl Writer {
    fn line(&mut self, code: &str) {
        let _ = writeln!(self.text, "{:width$}{code}", "", width = self.depth * 4);
    }

    fn indented(&mut self, write: impl FnOnce(&mut Writer)) {
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }

    fn constant(&mut self, text: String) -> String {
        let known = self.constants.iter().position(|known| *known == text);
        let number = known.unwrap_or_else(|| {
            self.constants.push(text);
            self.constants.len() - 1
        });
        format!("_k{number}")
    }

    fn definition(&mut self, does: &Does) {
        match does {
            Does::Class(class) => self.class(class),
            Does::Def(def) => {
                self.def(def);
                self.line(&format!("_label_function({:?}, {})", def.name, def.name));
            }
            _ => {}
        }
    }

    fn class(&mut self, class: &Class) {
        let base = class.base.as_ref().map_or(String::new(), |base| format!("({base})"));
        self.line(&format!("class {}{base}:", class.name));
        self.indented(|writer| {
            writer.line("pass");
            if class.equal {
                writer.line("def __eq__(self, other): return type(other) is type(self) and self.key == other.key");
                writer.line("def __hash__(self): return _hash(self.key)");
            }
            if let Some(slots) = &class.slots {
                let slots: String = slots.iter().map(|slot| format!("{slot:?}, ")).collect();
                writer.line(&format!("__slots__ = ({slots})"));
            }
            class.methods.iter().for_each(|method| writer.def(method));
        });
        self.line(&format!("_label({:?}, {})", class.name, class.name));
    }

    fn def(&mut self, def: &Def) {
        self.line(&format!("def {}({}):", def.name, def.slots[..def.params].join(", ")));
        self.indented(|writer| {
            writer.line("pass");
            def.body.iter().for_each(|line| writer.does(line));
        });
    }

    fn does(&mut self, line: &Line) {
        match &line.does {
            Does::Class(_) | Does::Def(_) => self.definition(&line.does),
            Does::Global(names) => self.line(&format!("global {}", names.join(", "))),
            Does::Loop(times, body) => {
                let range = self.constant(format!("range({times})"));
                self.block(&format!("for _i in {range}:"), body);
            }
            Does::If(test, body) => {
                let test = self.test(test);
                self.block(&format!("if {test}:"), body);
            }
            Does::While(test, body) => {
                let test = self.test(test);
                self.block(&format!("while {test}:"), body);
            }
            Does::Op(op) => self.op(op),
        }
    }

    fn block(&mut self, head: &str, body: &[Line]) {
        self.line(head);
        self.indented(|writer| {
            writer.line("pass");
            body.iter().for_each(|line| writer.does(line));
        });
    }

    fn test(&mut self, test: &Test) -> String {
        format!("{}{}", if test.not { "not " } else { "" }, self.value(&test.value))
    }

    fn op(&mut self, op: &Op) {
        if !op.verb.gives {
            return self.statement(op);
        }
        if op.verb.name == "catch" {
            return self.catch(op);
        }
        let value = self.given(op);
        match &op.target {
            None => self.line(&value),
            Some(place) => {
                let label = format!("{:?}", place.to_string());
                let value = match op.verb.name {
                    "closure" | "recursive" | "defaults" => format!("_label_function({label}, {value})"),
                    "module" | "exception" => format!("_label_{}({label}, {value})", op.verb.name),
                    _ if op.verb.makes => format!("_label({label}, {value})"),
                    _ => value,
                };
                let place = self.path(place);
                self.line(&format!("{place} = {value}"));
            }
        }
    }

    /// The traceback of what is caught begins with the function's frame.
    fn catch(&mut self, op: &Op) {
        let args: Vec<String> = op.args.iter().map(|value| self.value(value)).collect();
        let place = op.target.as_ref().map(|place| self.path(place));
        let store = |value: &str| place.as_ref().map_or("pass".into(), |place| format!("{place} = {value}"));
        self.line("try:");
        self.indented(|writer| {
            writer.line(&format!("{}({})", args[0], args[1..].join(", ")));
            writer.line(&store("None"));
        });
        self.line("except Exception as _c:");
        self.indented(|writer| {
            writer.line("_caught(_c)");
            writer.line(&store("_c"));
        });
    }

    fn path(&mut self, path: &Path) -> String {
        let mut text = path.root.clone();
        for step in &path.steps {
            match step {
                Step::Attr(attr) => {
                    let _ = write!(text, ".{attr}");
                }
                Step::Item(key) => {
                    let key = self.value(key);
                    let _ = write!(text, "[{key}]");
                }
            }
        }
        text
    }

    fn value(&mut self, value: &Value) -> String {
        match value {
            Value::Path(path) => self.path(path),
            literal => self.constant(literal.to_string()),
        }
    }

    /// A text that is made anew; CPython has one of each that is shorter than two.
    fn new_text(&mut self, value: &Value, prefix: &str) -> String {
        let text = value.to_string();
        let text = text.trim_matches('\'');
        if text.len() < 2 {
            return self.constant(format!("{prefix}{text:?}"));
        }
        let (first, rest) = text.split_at(1);
        let first = self.constant(format!("{prefix}{first:?}"));
        format!("{first} + {}", self.constant(format!("{prefix}{rest:?}")))
    }

    /// The expression of an operation that gives a value.
    fn given(&mut self, op: &Op) -> String {
        let word = op.args.first().map(Value::to_string).unwrap_or_default();
        match op.verb.name {
            "int" | "float" => return format!("_{}({:?})", op.verb.name, word.trim_matches('\'')),
            "str" => return self.new_text(&op.args[0], ""),
            "bytes" => return self.new_text(&op.args[0], "b"),
            "module" => return format!("_ModuleType({})", self.constant(format!("{word:?}"))),
            "method" => return format!("{}.{}", self.value(&op.args[0]), op.args[1]),
            "weakmethod" => {
                let method = format!("{}.{}", self.value(&op.args[0]), op.args[1]);
                let rest: String = op.args[2..].iter().map(|value| format!(", {}", self.value(value))).collect();
                return format!("_weakmethod({method}{rest})");
            }
            "exception" => {
                let rest: Vec<String> = op.args[1..].iter().map(|value| self.value(value)).collect();
                return format!("{word}({})", rest.join(", "));
            }
            _ => {}
        }
        let args: Vec<String> = op.values().map(|value| self.value(value)).collect();
        let all = args.join(", ");
        match (op.verb.name, &args[..]) {
            ("=", [value]) => value.clone(),
            ("+" | "-", [left, right]) => format!("{left} {} {right}", op.verb.name),
            ("+call" | "-call", [left, callee, rest @ ..]) => {
                format!("{left} {} {callee}({})", &op.verb.name[..1], rest.join(", "))
            }
            ("thread" | "lock" | "rlock" | "event" | "condition" | "semaphore" | "queue" | "local", _) => {
                format!("_{}({all})", op.verb.name)
            }
            ("try", [lock]) => match op.time() {
                Some(micros) => format!("{lock}.acquire(True, {})", seconds(micros)),
                None => format!("{lock}.acquire(False)"),
            },
            ("wait", [of]) => format!("{of}.wait({})", op.time().map_or(String::new(), seconds)),
            ("take", [queue]) => format!("{queue}.get()"),
            ("list", _) => format!("[{all}]"),
            ("tuple", []) => "()".into(),
            ("tuple", _) => format!("({all},)"),
            ("set", []) => "_set()".into(),
            ("set", _) => format!("{{{all}}}"),
            ("frozenset", []) => "_frozenset()".into(),
            ("frozenset", _) => format!("_frozenset(({all},))"),
            ("dict", _) => {
                let pairs: Vec<String> = args.chunks(2).map(|pair| format!("{}: {}", pair[0], pair[1])).collect();
                format!("{{{}}}", pairs.join(", "))
            }
            ("new" | "get", [callee]) => format!("{callee}()"),
            ("object", _) => "_object()".into(),
            ("cell", _) => format!("_CellType({all})"),
            ("closure" | "recursive" | "defaults", _) => format!("_{}{}({all})", op.verb.name, args.len()),
            ("generator", _) => format!("_begun(_generator{}({all}))", args.len()),
            ("next", [iterator]) => format!("_next({iterator}, None)"),
            ("finalize" | "weakvalues" | "weakkeys" | "weakset", _) => format!("_{}({all})", op.verb.name),
            ("ref" | "proxy" | "iter", _) => format!("_{}({all})", op.verb.name),
            ("send" | "pop", [object, rest @ ..]) => format!("{object}.{}({})", op.verb.name, rest.join(", ")),
            ("copy" | "popitem", [object]) => format!("{object}.{}()", op.verb.name),
            ("call", [callee, rest @ ..]) => format!("{callee}({})", rest.join(", ")),
            (verb, _) => unreachable!("`{verb}` with {} arguments gives nothing", args.len()),
        }
    }

    fn statement(&mut self, op: &Op) {
        let word = op.args.first().map(Value::to_string).unwrap_or_default();
        if op.verb.name == "log" {
            let tell = |value: &Value| match value {
                Value::Str(text) => format!("{text:?}"),
                value => format!("_tell({})", self.value(value)),
            };
            let parts: Vec<String> = op.args.iter().map(tell).collect();
            return self.line(&format!("_fact({})", parts.join(" + ' ' + ")));
        }
        if op.verb.name == "del" {
            for value in &op.args {
                let place = self.value(value);
                self.line(&format!("del {place}"));
            }
            return;
        }
        let args: Vec<String> = op.values().map(|value| self.value(value)).collect();
        let all = args.join(", ");
        let code = match (op.verb.name, &args[..]) {
            ("append" | "extend" | "insert" | "clear" | "add" | "discard", [object, rest @ ..]) => {
                format!("{object}.{}({})", op.verb.name, rest.join(", "))
            }
            ("cut", [list, from, to]) => format!("del {list}[{from}:{to}]"),
            ("update", _) => format!("_ior({all})"),
            ("return" | "pass", _) => format!("{} {all}", op.verb.name),
            ("raise", _) => format!("raise {word}"),
            ("threshold", _) => {
                let numbers: String = op.args.iter().map(|number| format!("{number}, ")).collect();
                format!("_gc.set_threshold(*{})", self.constant(format!("({numbers})")))
            }
            ("enable" | "disable" | "freeze" | "unfreeze", _) => format!("_gc.{}()", op.verb.name),
            ("callbacks", _) => format!("_callbacks({})", if word == "on" { "True" } else { "False" }),
            ("debug", _) => format!("_gc.set_debug({})", if word == "saveall" { "32" } else { "0" }),
            ("refcount", _) => format!("_references(_refcount({all}), {all})"),
            ("len", _) => format!("_number(_len({all}))"),
            ("tracked" | "finalized", _) => format!("_yes(_is_{}({all}))", op.verb.name),
            ("is", [one, other]) => format!("_yes({one} is {other})"),
            ("below", [one, other]) => format!("_yes({one} < {other})"),
            ("equal", [one, other]) => format!("_yes({one} == {other})"),
            ("start" | "join" | "run", _) => format!("_{}({all})", op.verb.name),
            ("acquire" | "release" | "notify", [object]) => format!("{object}.{}()", op.verb.name),
            ("notifyall", [object]) => format!("{object}.notify_all()"),
            ("happens", [object]) => format!("{object}.set()"),
            ("put", [object, item]) => format!("{object}.put({item})"),
            ("sleep" | "io", _) => format!("_sleep({})", op.time().map_or(String::new(), seconds)),
            ("interval", _) => match op.time() {
                Some(micros) => format!("_setswitchinterval({})", seconds(micros)),
                None => "_interval()".into(),
            },
            ("alive", [object]) => format!("_yes({object}.is_alive())"),
            ("locked", [object]) => format!("_yes({object}.locked())"),
            ("detach", [object]) => format!("{object}.detach()"),
            ("collect", []) => "_collect(2)".into(),
            ("order", []) => "_order(None)".into(),
            ("enabled", _) => "_yes(_isenabled())".into(),
            ("hash", _) => format!("_hash_of({all})"),
            ("note" | "place", _) => format!("_{}({word:?}, {all})", op.verb.name),
            (verb, _) => format!("_{verb}({all})"),
        };
        self.line(&code);
    }
}

/// Microseconds as Python writes a time.
fn seconds(micros: u64) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}
