//! # Driving a machine through a scenario
//!
//! One file a part: its operations, its facts, its promises. A driver is generic over the [`Config`](crate::config):
//! the same scenario on raw and on checked memory tells the same facts.

pub(super) mod gil;
pub(super) mod graph;
pub(super) mod pool;
pub(super) mod size_classes;

use super::scenario::{BadScenario, Op};

/// Why a scenario ended early.
#[derive(Debug)]
pub(super) enum Stop {
    /// The scenario cannot be run.
    Bad(BadScenario),
    /// The part broke a promise: a sentence for the trace, without its mark.
    Broken(String),
}

impl From<BadScenario> for Stop {
    fn from(bad: BadScenario) -> Stop {
        Stop::Bad(bad)
    }
}

/// `verb` is none of `known`.
fn unknown<T>(op: &Op, part: &str, known: &str) -> Result<T, Stop> {
    Ok(op.bad(format!("`{}` is not an operation of `{part}`; it knows {known}", op.verb))?)
}
