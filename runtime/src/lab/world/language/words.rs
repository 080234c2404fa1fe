//! # Words: values, and places
//!
//! `a.next[0]` is a root and steps; everything else that may stand in an operation is a literal.

use std::fmt;

/// What stands in an operation.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Value {
    /// `None`
    None,
    /// `True`, `False`
    Bool(bool),
    /// Digits, perhaps with a sign.
    Int(String),
    /// `2.5`
    Float(String),
    /// `'text'`
    Str(String),
    /// Microseconds: `5ms`, `50us`.
    Time(u64),
    /// A place.
    Path(Path),
}

/// A place: where something is, or goes to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Path {
    /// A name.
    pub root: String,
    /// From there.
    pub steps: Vec<Step>,
}

/// One step of a place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Step {
    /// `.name`
    Attr(String),
    /// `[value]`
    Item(Value),
}

/// Words of Python that are no names, and those that mean a value.
const RESERVED: &[&str] = &[
    "None", "True", "False", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// The words of a line: blanks part them, but not in quotes.
pub(super) fn split(line: &str) -> Vec<&str> {
    let mut quoted = false;
    let words = line.split(|c| {
        quoted ^= c == '\'';
        c == ' ' && !quoted
    });
    words.filter(|word| !word.is_empty()).collect()
}

/// A letter, then letters and digits; an underscore inside.
pub(super) fn is_name(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !RESERVED.contains(&word)
}

/// `5ms`, `50us`: microseconds, a minute at most.
fn time(word: &str) -> Option<u64> {
    let micros = match word.strip_suffix("ms") {
        Some(number) => number.parse::<u64>().ok()?.checked_mul(1000)?,
        None => word.strip_suffix("us")?.parse().ok()?,
    };
    (micros <= 60_000_000).then_some(micros)
}

impl Value {
    /// Reads a word.
    pub(super) fn parse(word: &str) -> Option<Value> {
        let digits = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
        let number = word.strip_prefix('-').unwrap_or(word);
        match word {
            "None" => return Some(Value::None),
            "True" | "False" => return Some(Value::Bool(word == "True")),
            _ if digits(number) => return Some(Value::Int(word.into())),
            _ => {}
        }
        if number.split_once('.').is_some_and(|(whole, rest)| digits(whole) && digits(rest)) {
            return Some(Value::Float(word.into()));
        }
        if let Some(time) = time(word) {
            return Some(Value::Time(time));
        }
        if let Some(text) = word.strip_prefix('\'') {
            let text = text.strip_suffix('\'')?;
            let plain = text.chars().all(|c| (' '..='~').contains(&c) && !matches!(c, '\'' | '"' | '\\'));
            return plain.then(|| Value::Str(text.into()));
        }
        Path::parse(word).map(Value::Path)
    }

    /// Each name in it, in the order in which they are looked up.
    pub(super) fn names(&self, each: &mut dyn FnMut(&str)) {
        if let Value::Path(path) = self {
            path.names(each);
        }
    }
}

impl Path {
    fn parse(word: &str) -> Option<Path> {
        let end = word.find(['.', '[']).unwrap_or(word.len());
        let (root, mut rest) = word.split_at(end);
        let mut steps = vec![];
        while !rest.is_empty() {
            if let Some(attr) = rest.strip_prefix('.') {
                let end = attr.find(['.', '[']).unwrap_or(attr.len());
                let (attr, after) = attr.split_at(end);
                (is_name(attr) || attr == "__dict__").then(|| steps.push(Step::Attr(attr.into())))?;
                rest = after;
            } else {
                // A key is a name or a literal, so the first bracket closes it.
                let (key, after) = rest.strip_prefix('[')?.split_once(']')?;
                let key = Value::parse(key).filter(|key| !matches!(key, Value::Time(_)))?;
                steps.push(Step::Item(key));
                rest = after;
            }
        }
        is_name(root).then(|| Path { root: root.into(), steps })
    }

    /// Each name in it, in the order in which they are looked up.
    pub(super) fn names(&self, each: &mut dyn FnMut(&str)) {
        each(&self.root);
        for step in &self.steps {
            if let Step::Item(key) = step {
                key.names(each);
            }
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::None => f.write_str("None"),
            Value::Bool(true) => f.write_str("True"),
            Value::Bool(false) => f.write_str("False"),
            Value::Int(digits) | Value::Float(digits) => f.write_str(digits),
            Value::Str(text) => write!(f, "'{text}'"),
            Value::Time(micros) if micros % 1000 == 0 => write!(f, "{}ms", micros / 1000),
            Value::Time(micros) => write!(f, "{micros}us"),
            Value::Path(path) => path.fmt(f),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.root)?;
        self.steps.iter().try_for_each(|step| match step {
            Step::Attr(attr) => write!(f, ".{attr}"),
            Step::Item(key) => write!(f, "[{key}]"),
        })
    }
}
