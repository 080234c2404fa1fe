//! Two traces of one scenario, laid out for a terminal: side by side where there is room, else one under the other.
//!
//! ```text
//!   yours                                      the reference
//!    6 | free b2
//!      = ok, used again                          = ok, used again
//! >  7 | x = alloc                             first difference
//! >    = block 5, now full                       = block 2, now full
//!      . [#######]  free list: none              . [#######]  free list: none
//! ```
//!
//! - **I1** No line is cut, and none is left out but what the reference did long after yours had ended.
//! - **I2** `>` stands at the first operation whose facts differ, and at its lines that do; nowhere else.

use check::trace::{self, Kind, Line};
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// From this many columns on, the traces stand side by side.
const BESIDE: usize = 100;

/// So many operations of the reference are shown after yours has ended.
const BEYOND: usize = 2;

/// A row of the picture.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The row's text, with its `>` or two blanks.
    pub(super) text: String,
    /// How it is to be painted.
    pub(super) look: Look,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// An operation, a heading.
    Strong,
    /// Facts.
    Plain,
    /// Steps: told, not compared.
    Faint,
    /// The first difference.
    Wrong,
}

/// An operation, and what came of it.
struct Segment<'a> {
    op: &'a str,
    rest: Vec<&'a str>,
}

/// Both traces, for a terminal of so many columns.
pub(super) fn both<S: AsRef<str>>(yours: &[S], reference: &[S], columns: usize) -> Vec<Row> {
    let (yours, reference) = (segments(yours), segments(reference));
    let count = yours.len().max(reference.len());
    let different = |i: usize| match (yours.get(i), reference.get(i)) {
        (Some(a), Some(b)) => a.op != b.op || !trace::same_facts(&a.rest, &b.rest),
        _ => true,
    };
    let first = (0..count).find(|i| different(*i));
    let mut page = Page { rows: Vec::new(), width: (columns.max(40) - 7) / 2, beside: columns >= BESIDE };
    if page.beside {
        page.pair(false, "yours", "the reference", Look::Strong);
    }
    for i in 0..count.min(yours.len() + BEYOND) {
        page.segment(yours.get(i), reference.get(i), first == Some(i));
    }
    if let Some(more) = count.checked_sub(yours.len() + BEYOND).filter(|more| *more > 0) {
        let more = crate::ui::counted(more, "more operation");
        page.sides(&[("", &format!("({more}: `--reference` shows all)"))], false, Look::Plain);
    }
    page.rows
}

/// An operation on both sides, its lines facing each other: for a page that is stepped through.
pub(super) struct Moment<'a> {
    /// The operation, as the reference announced it, else as yours did.
    pub(super) op: &'a str,
    /// Whether each of them came so far.
    pub(super) reached: (bool, bool),
    /// Lines that stand in each other's place, and whether they are the first difference.
    pub(super) lines: Vec<(&'a str, &'a str, bool)>,
    /// Does the first difference lie here?
    pub(super) differs: bool,
}

/// All operations of both traces.
pub(super) fn moments<'a, S: AsRef<str>>(yours: &'a [S], reference: &'a [S]) -> Vec<Moment<'a>> {
    let (yours, reference) = (segments(yours), segments(reference));
    let mut differed = false;
    let moment = |i: usize| {
        let (mine, theirs) = (yours.get(i), reference.get(i));
        let same = matches!((mine, theirs), (Some(a), Some(b)) if a.op == b.op && trace::same_facts(&a.rest, &b.rest));
        let differs = !same && !differed;
        differed |= differs;
        let (left, right) = (mine.map_or(&[][..], |s| &s.rest), theirs.map_or(&[][..], |s| &s.rest));
        let mut lines = Vec::new();
        for op in capture_diff_slices(Algorithm::Myers, left, right) {
            let marked = differs && !matches!(op, DiffOp::Equal { .. });
            let pairs = facing(&left[op.old_range()], &right[op.new_range()]);
            let compared = |(a, b): &(&str, &str)| [a, b].iter().any(|l| !l.is_empty() && trace::is_compared(l));
            lines.extend(pairs.into_iter().map(|pair| (pair.0, pair.1, marked && compared(&pair))));
        }
        let op = theirs.or(mine).map_or("", |segment| segment.op);
        Moment { op, reached: (mine.is_some(), theirs.is_some()), lines, differs }
    };
    (0..yours.len().max(reference.len())).map(moment).collect()
}

/// One trace alone.
pub(super) fn alone<S: AsRef<str>>(lines: &[S]) -> Vec<Row> {
    let row = |line: &S| Row { text: format!("  {}", line.as_ref()), look: look(line.as_ref()) };
    lines.iter().map(row).collect()
}

fn look(line: &str) -> Look {
    match Line::parse(line).kind {
        Kind::Op => Look::Strong,
        Kind::Step => Look::Faint,
        _ => Look::Plain,
    }
}

/// Cuts a trace at its operations. What comes before the first one has an empty operation.
fn segments<S: AsRef<str>>(lines: &[S]) -> Vec<Segment<'_>> {
    let mut segments: Vec<Segment<'_>> = Vec::new();
    for line in lines.iter().map(|l| l.as_ref().trim_end()) {
        match (Line::parse(line).kind, segments.last_mut()) {
            (Kind::Op, _) => segments.push(Segment { op: line, rest: Vec::new() }),
            (_, Some(last)) => last.rest.push(line),
            (_, None) => segments.push(Segment { op: "", rest: vec![line] }),
        }
    }
    segments
}

struct Page {
    rows: Vec<Row>,
    /// Of one of the two columns.
    width: usize,
    beside: bool,
}

impl Page {
    fn segment(&mut self, yours: Option<&Segment<'_>>, reference: Option<&Segment<'_>>, first: bool) {
        let (left, right) = (yours.map_or("", |s| s.op), reference.map_or("", |s| s.op));
        if left == right && !left.is_empty() {
            let note = if first { "    <- the first fact that differs" } else { "" };
            self.push(first, &format!("{left}{note}"), Look::Strong);
        } else if left != right {
            let ended = if first { "(it ended here)" } else { "" };
            let side = |s: Option<&Segment<'_>>| s.map_or(ended.to_string(), |s| s.op.to_string());
            self.sides(&[(&side(yours), &side(reference))], first, Look::Strong);
        }
        let (left, right) = (yours.map_or(&[][..], |s| &s.rest), reference.map_or(&[][..], |s| &s.rest));
        for op in capture_diff_slices(Algorithm::Myers, left, right) {
            let (a, b) = (&left[op.old_range()], &right[op.new_range()]);
            match op {
                DiffOp::Equal { .. } if !self.beside => a.iter().for_each(|line| self.push(false, line, look(line))),
                DiffOp::Equal { .. } => self.sides(&facing(a, b), false, Look::Plain),
                _ => self.sides(&facing(a, b), first, Look::Plain),
            }
        }
    }

    /// Lines of both sides that stand in each other's place; marked are those that are compared.
    fn sides(&mut self, pairs: &[(&str, &str)], marked: bool, plain: Look) {
        let marked = |line: &str| marked && !line.is_empty() && trace::is_compared(line);
        let look = |line: &str| if plain == Look::Strong { plain } else { look(line) };
        if self.beside {
            for (a, b) in pairs {
                self.pair(marked(a) || marked(b), a, b, look(if a.is_empty() { b } else { a }));
            }
            return;
        }
        for (a, _) in pairs.iter().filter(|(a, _)| !a.is_empty()) {
            self.push(marked(a), &format!("yours     {a}"), look(a));
        }
        for (_, b) in pairs.iter().filter(|(_, b)| !b.is_empty()) {
            self.push(marked(b), &format!("reference {b}"), look(b));
        }
    }

    fn push(&mut self, marked: bool, line: &str, look: Look) {
        let (mark, look) = if marked { ("> ", Look::Wrong) } else { ("  ", look) };
        self.rows.push(Row { text: format!("{mark}{line}"), look });
    }

    /// One row of two columns, or as many as the longer side needs.
    fn pair(&mut self, marked: bool, left: &str, right: &str, look: Look) {
        let (left, right) = (wrapped(left, self.width), wrapped(right, self.width));
        for i in 0..left.len().max(right.len()) {
            let side = |lines: &[String]| lines.get(i).cloned().unwrap_or_default();
            let text = format!("{:<width$} | {}", side(&left), side(&right), width = self.width);
            self.push(marked, text.trim_end(), look);
        }
    }
}

/// Steps beside steps and facts beside facts, as far as the order allows.
fn facing<'a>(left: &[&'a str], right: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    let (mut left, mut right) = (left.iter().copied().peekable(), right.iter().copied().peekable());
    let mut pairs = Vec::new();
    loop {
        pairs.push(match (left.peek(), right.peek()) {
            (None, None) => return pairs,
            (Some(a), Some(b)) if trace::is_compared(a) && !trace::is_compared(b) => ("", right.next().unwrap_or("")),
            (Some(a), Some(b)) if !trace::is_compared(a) && trace::is_compared(b) => (left.next().unwrap_or(""), ""),
            _ => (left.next().unwrap_or(""), right.next().unwrap_or("")),
        });
    }
}

/// A line in pieces of at most `width` characters; the later ones stand under the text of the first. It breaks behind a
/// space in the second half of a piece, or, when there is none, within the word.
fn wrapped(line: &str, width: usize) -> Vec<String> {
    const INDENT: usize = 5;
    let (mut pieces, mut rest, mut indent) = (Vec::new(), line.chars().collect::<Vec<char>>(), 0);
    loop {
        let room = width - indent;
        let end = match rest.len() <= room {
            true => rest.len(),
            false => rest[..room].iter().rposition(|c| *c == ' ').filter(|i| *i > room / 2).map_or(room, |i| i + 1),
        };
        let more = rest.split_off(end);
        pieces.push(format!("{:indent$}{}", "", rest.iter().collect::<String>()));
        if more.is_empty() {
            return pieces;
        }
        (rest, indent) = (more, INDENT);
    }
}

#[cfg(test)]
mod tests;
