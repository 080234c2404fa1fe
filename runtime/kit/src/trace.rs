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
use crate::text::one_line;
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
    /// What it looks like when all that was told so far has happened. Drawn, never told: in no trace that is written.
    Scene,
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
            Kind::Step | Kind::Scene => write!(f, "   . {text}"),
        }
    }
}
