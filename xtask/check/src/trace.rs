//! # Traces: facts and steps
//!
//! ```text
//!  6 | free b2                          an operation of line 6 is about to run
//!    = ok, used again                   a fact
//!    ! broken: ... (I4)                 a broken promise, or the end
//!    . [##-####]  free list: 2          a step
//! ```
//!
//! - **I1** Two traces are equal when all their lines but the steps are equal, in order.
//! - **I2** A line of an unknown kind is compared as well: nothing that a part smuggles in can be overlooked.

/// What a line of a trace is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `NN | op`: about to run.
    Op,
    /// `   = fact`.
    Fact,
    /// `   ! sentence`.
    Broken,
    /// `   . step`: the only kind that is not compared.
    Step,
    /// Anything else.
    Unknown,
}

/// A line without its mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The kind.
    pub kind: Kind,
    /// The scenario's line number, for [`Kind::Op`].
    pub number: usize,
    /// The text after the mark.
    pub text: &'a str,
}

impl<'a> Line<'a> {
    /// Reads one line.
    ///
    /// ```
    /// use check::trace::{Kind, Line};
    /// let line = Line::parse(" 6 | free b2");
    /// assert_eq!((line.kind, line.number, line.text), (Kind::Op, 6, "free b2"));
    /// ```
    pub fn parse(line: &'a str) -> Line<'a> {
        for (mark, kind) in [("   = ", Kind::Fact), ("   ! ", Kind::Broken), ("   . ", Kind::Step)] {
            if let Some(text) = line.strip_prefix(mark) {
                return Line { kind, number: 0, text };
            }
        }
        match line.trim() {
            "." => return Line { kind: Kind::Step, number: 0, text: "" },
            "=" => return Line { kind: Kind::Fact, number: 0, text: "" },
            _ => {}
        }
        if let Some((number, text)) = line.split_once(" | ").or_else(|| line.split_once(" |"))
            && let Ok(number) = number.trim().parse()
        {
            return Line { kind: Kind::Op, number, text };
        }
        Line { kind: Kind::Unknown, number: 0, text: line }
    }
}

/// Is this line compared?
pub fn is_compared(line: &str) -> bool {
    Line::parse(line).kind != Kind::Step
}

/// The lines that are compared, each with its index in `lines`.
pub fn compared<S: AsRef<str>>(lines: &[S]) -> Vec<(usize, &str)> {
    let lines = lines.iter().enumerate().map(|(i, line)| (i, line.as_ref().trim_end()));
    lines.filter(|(_, line)| is_compared(line)).collect()
}

/// Do both traces say the same facts?
pub fn same_facts<A: AsRef<str>, B: AsRef<str>>(a: &[A], b: &[B]) -> bool {
    let (a, b) = (compared(a), compared(b));
    a.len() == b.len() && a.iter().zip(&b).all(|((_, a), (_, b))| a == b)
}

/// The scenario was refused by the probe (`! scenario: line 3: ...`): the sentence.
pub fn refusal<S: AsRef<str>>(lines: &[S]) -> Option<&str> {
    lines.iter().rev().find_map(|line| line.as_ref().strip_prefix("   ! scenario: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_not_compared_and_the_unknown_is() {
        let right = [" 1 | x = alloc", "   = block 0", "   . [#-]"];
        assert!(same_facts(&right, &[" 1 | x = alloc", "   . carving", "   = block 0"]));
        assert!(!same_facts(&right, &[" 1 | x = alloc", "   = block 1"]));
        assert!(!same_facts(&right, &[" 1 | x = alloc", "   = block 0", "hello"]));
        assert!(!same_facts(&right, &[" 1 | x = alloc"]));
    }

    #[test]
    fn lines_over_99_and_odd_marks() {
        assert_eq!(Line::parse("123 | collect").number, 123);
        assert_eq!(Line::parse("   .").kind, Kind::Step);
        assert_eq!(Line::parse("x | y").kind, Kind::Unknown);
        assert_eq!(Line::parse("").kind, Kind::Unknown);
    }

    #[test]
    fn a_refused_scenario_is_found() {
        assert_eq!(refusal(&[" 1 | fly", "   ! scenario: line 1: what is `fly`?"]), Some("line 1: what is `fly`?"));
        assert_eq!(refusal(&["   = ok"]), None);
    }
}
