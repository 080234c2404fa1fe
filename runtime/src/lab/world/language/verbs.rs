//! # The verbs of the language: one row each
//!
//! What they do is said in the head of [`super::super`].

/// A verb.
#[derive(PartialEq, Eq, Debug)]
pub struct Verb {
    /// As it is written.
    pub name: &'static str,
    /// Fewest and most arguments.
    pub args: (usize, usize),
    /// Whether it gives a value.
    pub gives: bool,
    /// Whether what it gives is a new object, which gets a label.
    pub makes: bool,
}

/// Those that are calls of functions written in C: a thread may switch when one has returned, before its value is stored.
/// What tells a fact is none, although it would be one in Python: it is not part of the program. Some of `threading` and
/// `queue` is Python code in CPython, with switch points inside; here each is one step.
const CALLS: &[&str] = &[
    "int",
    "float",
    "cell",
    "new",
    "object",
    "frozenset",
    "module",
    "exception",
    "iter",
    "next",
    "ref",
    "proxy",
    "get",
    "weakvalues",
    "weakkeys",
    "weakset",
    "weakmethod",
    "finalize",
    "copy",
    "popitem",
    "pop",
    "send",
    "append",
    "extend",
    "insert",
    "clear",
    "add",
    "discard",
    "update",
    "detach",
    "thread",
    "lock",
    "rlock",
    "event",
    "condition",
    "semaphore",
    "queue",
    "local",
    "try",
    "wait",
    "take",
    "start",
    "join",
    "run",
    "acquire",
    "release",
    "notify",
    "notifyall",
    "happens",
    "put",
    "sleep",
    "io",
];

/// Those that a program with one thread has no use for.
const THREADED: &[&str] = &[
    "thread",
    "lock",
    "rlock",
    "event",
    "condition",
    "semaphore",
    "queue",
    "local",
    "try",
    "wait",
    "take",
    "start",
    "join",
    "run",
    "acquire",
    "release",
    "notify",
    "notifyall",
    "happens",
    "put",
    "sleep",
    "io",
    "interval",
    "alive",
    "locked",
];

impl Verb {
    /// Whether a thread may switch when it is done.
    pub fn calls(&self) -> bool {
        CALLS.contains(&self.name)
    }

    /// Whether it is a sum or a difference.
    pub fn computes(&self) -> bool {
        self.name.starts_with(['+', '-'])
    }

    /// Whether it is about threads.
    pub fn threaded(&self) -> bool {
        THREADED.contains(&self.name)
    }
}

const MANY: usize = usize::MAX;

const fn makes(name: &'static str, least: usize, most: usize) -> Verb {
    Verb { name, args: (least, most), gives: true, makes: true }
}

const fn gives(name: &'static str, least: usize, most: usize) -> Verb {
    Verb { name, args: (least, most), gives: true, makes: false }
}

const fn does(name: &'static str, least: usize, most: usize) -> Verb {
    Verb { name, args: (least, most), gives: false, makes: false }
}

/// All of them.
pub static VERBS: &[Verb] = &[
    makes("int", 1, 1),
    makes("float", 1, 1),
    makes("str", 1, 1),
    makes("bytes", 1, 1),
    makes("list", 0, MANY),
    makes("tuple", 0, MANY),
    makes("set", 0, MANY),
    makes("frozenset", 0, MANY),
    makes("dict", 0, MANY),
    makes("new", 1, 1),
    makes("object", 0, 0),
    makes("cell", 0, 1),
    makes("closure", 0, 4),
    makes("recursive", 0, 3),
    makes("defaults", 1, 4),
    makes("method", 2, 2),
    makes("generator", 0, 4),
    makes("module", 1, 1),
    makes("exception", 1, 5),
    makes("iter", 1, 1),
    makes("copy", 1, 1),
    makes("popitem", 1, 1),
    makes("ref", 1, 2),
    makes("proxy", 1, 2),
    makes("weakvalues", 0, 0),
    makes("weakkeys", 0, 0),
    makes("weakset", 0, 0),
    makes("weakmethod", 2, 3),
    makes("finalize", 2, 4),
    makes("thread", 1, 6),
    makes("lock", 0, 0),
    makes("rlock", 0, 0),
    makes("event", 0, 0),
    makes("condition", 0, 1),
    makes("semaphore", 1, 1),
    makes("queue", 0, 1),
    makes("local", 0, 0),
    gives("try", 1, 2),
    gives("wait", 1, 2),
    gives("take", 1, 1),
    gives("=", 1, 1),
    gives("+", 2, 2),
    gives("-", 2, 2),
    gives("+call", 2, 7),
    gives("-call", 2, 7),
    gives("next", 1, 1),
    gives("send", 2, 2),
    gives("pop", 1, 2),
    gives("call", 1, 6),
    gives("catch", 1, 6),
    gives("get", 1, 1),
    does("start", 1, MANY),
    does("join", 1, MANY),
    does("run", 1, MANY),
    does("acquire", 1, 1),
    does("release", 1, 1),
    does("notify", 1, 1),
    does("notifyall", 1, 1),
    does("happens", 1, 1),
    does("put", 2, 2),
    does("sleep", 1, 1),
    does("io", 1, 1),
    does("interval", 0, 1),
    does("alive", 1, 1),
    does("locked", 1, 1),
    does("del", 1, MANY),
    does("append", 2, 2),
    does("extend", 2, 2),
    does("insert", 3, 3),
    does("clear", 1, 1),
    does("cut", 3, 3),
    does("add", 2, 2),
    does("discard", 2, 2),
    does("update", 2, 2),
    does("return", 1, 1),
    does("raise", 1, 1),
    does("pass", 0, 0),
    does("threshold", 1, 3),
    does("enable", 0, 0),
    does("disable", 0, 0),
    does("freeze", 0, 0),
    does("unfreeze", 0, 0),
    does("callbacks", 1, 1),
    does("debug", 1, 1),
    does("log", 1, MANY),
    does("refcount", 1, 1),
    does("size", 1, 1),
    does("len", 1, 1),
    does("tracked", 1, 1),
    does("finalized", 1, 1),
    does("is", 2, 2),
    does("equal", 2, 2),
    does("below", 2, 2),
    does("hash", 1, 1),
    does("detach", 1, 1),
    does("subclasses", 1, 1),
    does("type", 1, 1),
    does("show", 1, 1),
    does("weakrefs", 1, 1),
    does("referents", 1, 1),
    does("referrers", 1, 1),
    does("collect", 0, 1),
    does("count", 0, 0),
    does("order", 0, 1),
    does("stats", 0, 0),
    does("garbage", 0, 0),
    does("enabled", 0, 0),
    does("note", 2, 2),
    does("place", 2, 2),
];
