//! # The trace: facts and steps
//!
//! A scenario's trace is a list of [`Record`]s, one line each:
//!
//! ```text
//!  6 | free b2                          an operation of line 6 is about to run
//!    = ok, used again                   a fact: compared
//!    ! broken: ...                      a broken promise, or the end: compared
//!    . [##-####]  free list: 2          a step: told, drawn, never compared
//! ```
//!
//! - **I1** A right answer that does it in another way keeps every fact.
//! - **I2** Facts name blocks, pools and objects by ordinal or by the scenario's names, never by address.
//! - **I3** A record is one line: control characters are escaped, a line break becomes ` / `.

use crate::picture::Picture;
use std::fmt;

/// What a record is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// An operation is about to run.
    Op,
    /// A result, or a state at the end of a phase.
    Fact,
    /// A broken promise, or the end of the scenario.
    Broken,
    /// Told and drawn, never compared.
    Step,
}

/// One line of a trace.
#[derive(Clone, Debug)]
pub struct Record {
    /// The scenario's line that was running.
    pub line: u32,
    /// What kind of line this is.
    pub kind: Kind,
    /// The line without its mark.
    pub text: String,
    /// What the text draws, for figures.
    pub picture: Option<Picture>,
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = one_line(&self.text);
        match self.kind {
            Kind::Op => write!(f, "{:>2} | {text}", self.line),
            Kind::Fact => write!(f, "   = {text}"),
            Kind::Broken => write!(f, "   ! {text}"),
            Kind::Step => write!(f, "   . {text}"),
        }
    }
}

/// `text` on one line, its control characters escaped.
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim_end().chars() {
        match c {
            '\n' => out.push_str(" / "),
            c if c.is_control() => out.extend(c.escape_default()),
            c => out.push(c),
        }
    }
    out
}

/// A list for a fact: as it is when short, else the first twelve names, the number of all and a digest of all.
///
/// ```
/// assert_eq!(kit::trace::list(["a", "b"]), "a b");
/// assert_eq!(kit::trace::list(Vec::<String>::new()), "none");
/// assert!(kit::trace::list((0..20).map(|i| i.to_string())).starts_with("0 1 2 3 4 5 6 7 8 9 10 11 ... (20, digest "));
/// ```
pub fn list<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    const SHOWN: usize = 12;
    let (mut out, mut count, mut digest) = (String::new(), 0usize, FNV_START);
    for name in names {
        let name = name.as_ref();
        if count < SHOWN {
            if count > 0 {
                out.push(' ');
            }
            out.push_str(name);
        }
        digest = fnv(fnv(digest, name.as_bytes()), b" ");
        count += 1;
    }
    match count {
        0 => "none".into(),
        n if n <= SHOWN => out,
        n => format!("{out} ... ({n}, digest {:08x})", (digest ^ (digest >> 32)) as u32),
    }
}

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a: a digest that is the same everywhere. It tells lists apart, it protects nothing.
fn fnv(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}
