//! # Scenarios: what is to be done, as text
//!
//! ```text
//! # A full pool gets one block back.          line 1: the purpose
//! # shows I2 I3                               the invariants it is about
//! use pool classic 512                        which part, and its settings
//! b0..b6 = alloc                              one operation a line; this one gives seven names
//! a -> b c                                    an arrow is an operation too
//! free b2  # predict                          a comment
//! ```
//!
//! Names, never addresses. A bad line is told with its number and a remedy; it is the scenario's fault, not the
//! part's.

/// A scenario that cannot be run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadScenario {
    /// Its line, from 1.
    pub line: u32,
    /// What is wrong with it, and what would be right.
    pub sentence: String,
}

/// One operation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Op {
    /// The scenario's line, from 1.
    pub line: u32,
    /// Names before `=` or before `->`, ranges written out.
    pub names: Vec<String>,
    /// `alloc`, `free`, `->` ...
    pub verb: String,
    /// Words after the verb, ranges written out.
    pub args: Vec<String>,
}

/// A scenario, read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scenario {
    /// Its `use` line: verb `use`, the part, the settings.
    pub setup: Op,
    /// The operations after it.
    pub ops: Vec<Op>,
}

/// More names than this in one range are a slip of the finger.
const RANGE: u64 = 100_000;

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// The first bad line.
    pub fn parse(text: &str) -> Result<Scenario, BadScenario> {
        let mut ops = vec![];
        for (index, line) in text.lines().enumerate() {
            let line_number = index as u32 + 1;
            let code = line.split('#').next().unwrap_or("").trim();
            if !code.is_empty() {
                ops.push(parse_op(code, line_number)?);
            }
        }
        let bad = |line, sentence: &str| Err(BadScenario { line, sentence: sentence.into() });
        if ops.is_empty() {
            return bad(1, "nothing to do: write `use PART settings...` and operations");
        }
        let setup = ops.remove(0);
        if setup.verb != "use" || setup.args.is_empty() || !setup.names.is_empty() {
            return bad(setup.line, "a scenario begins with `use PART settings...`");
        }
        match ops.iter().find(|op| op.verb == "use") {
            Some(again) => bad(again.line, "`use` stands once, in front of all operations"),
            None => Ok(Scenario { setup, ops }),
        }
    }

    /// The part it is for.
    pub fn part(&self) -> &str {
        &self.setup.args[0]
    }
}

impl Op {
    /// This operation cannot be done.
    pub fn bad<T>(&self, sentence: impl Into<String>) -> Result<T, BadScenario> {
        Err(BadScenario { line: self.line, sentence: sentence.into() })
    }

    /// The operation as a line: `b0 = alloc`.
    pub fn text(&self) -> String {
        let words = |words: &[String]| words.join(" ");
        let verb = [&self.verb, &words(&self.args)].map(|s| s.as_str()).join(" ");
        match (self.names.is_empty(), self.verb.as_str()) {
            (true, _) => verb.trim_end().into(),
            (false, "->") => format!("{} {}", words(&self.names), verb),
            (false, _) => format!("{} = {}", words(&self.names), verb.trim_end()),
        }
    }

    /// The only argument, as a number.
    pub fn number(&self, word: &str) -> Result<u64, BadScenario> {
        word.parse().or_else(|_| self.bad(format!("`{word}` is not a number")))
    }
}

fn parse_op(code: &str, line: u32) -> Result<Op, BadScenario> {
    let op = Op { line, names: vec![], verb: String::new(), args: vec![] };
    let (names, rest, arrow) = match (code.split_once("->"), code.split_once('=')) {
        (Some((names, rest)), _) => (names, rest, true),
        (None, Some((names, rest))) => (names, rest, false),
        (None, None) => ("", code, false),
    };
    let named = arrow || code.contains('=');
    let names = expand_all(&op, names)?;
    if named && names.is_empty() {
        return op.bad("a name is missing on the left");
    }
    let mut words = rest.split_whitespace();
    let verb = if arrow { "->" } else { words.next().unwrap_or("") };
    if verb.is_empty() {
        return op.bad("an operation is missing on the right of `=`");
    }
    let args = expand_all(&op, &words.collect::<Vec<_>>().join(" "))?;
    if arrow && args.is_empty() {
        return op.bad("an arrow needs something to point to: `a -> b`");
    }
    Ok(Op { names, verb: verb.into(), args, ..op })
}

/// Words, separated by blanks or commas, each range written out.
fn expand_all(op: &Op, words: &str) -> Result<Vec<String>, BadScenario> {
    let mut all = vec![];
    for word in words.split([' ', '\t', ',']).filter(|word| !word.is_empty()) {
        match word.split_once("..") {
            None => all.push(word.to_string()),
            Some((from, to)) => expand(op, word, from, to, &mut all)?,
        }
    }
    Ok(all)
}

/// `b0..b6` or `b0..6`: b0, b1, ... b6. `6..0` counts down.
fn expand(op: &Op, word: &str, from: &str, to: &str, all: &mut Vec<String>) -> Result<(), BadScenario> {
    let stem = from.trim_end_matches(|c: char| c.is_ascii_digit());
    let low = from[stem.len()..].parse::<u64>();
    let high = to.strip_prefix(stem).unwrap_or(to).parse::<u64>();
    let (Ok(low), Ok(high)) = (low, high) else {
        return op.bad(format!("`{word}` is not a range: write it as `b0..b6`"));
    };
    if low.abs_diff(high) >= RANGE {
        return op.bad(format!("`{word}` has more than {RANGE} names"));
    }
    let mut push = |number: u64| all.push(format!("{stem}{number}"));
    if low <= high {
        (low..=high).for_each(&mut push)
    } else {
        (high..=low).rev().for_each(&mut push)
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn op(code: &str) -> Op {
        parse_op(code, 1).unwrap()
    }

    #[test]
    fn reads_names_verb_and_arguments() {
        assert_eq!(op("b0..b2 = alloc").names, ["b0", "b1", "b2"]);
        assert_eq!(op("x,y = alloc").names, ["x", "y"]);
        assert_eq!(op("free b5 b1").args, ["b5", "b1"]);
        assert_eq!(op("class 3..1").args, ["3", "2", "1"]);
        assert_eq!(op("a -> b c").text(), "a -> b c");
        assert_eq!(op("b0 = alloc").text(), "b0 = alloc");
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let bad = |text| Scenario::parse(text).unwrap_err();
        assert_eq!(bad("# nothing\n").line, 1);
        assert_eq!(bad("# p\nfree b0").sentence, "a scenario begins with `use PART settings...`");
        assert_eq!(bad("use pool\n\nfree b0..x").line, 3);
        assert_eq!(bad("use pool\nfree b0..b999999").sentence, "`b0..b999999` has more than 100000 names");
        assert_eq!(bad("use pool\n = alloc").sentence, "a name is missing on the left");
        assert_eq!(bad("use pool\na = ").sentence, "an operation is missing on the right of `=`");
        assert_eq!(bad("use pool\na -> ").sentence, "an arrow needs something to point to: `a -> b`");
        assert_eq!(bad("use pool\nuse pool").line, 2);
    }
}
