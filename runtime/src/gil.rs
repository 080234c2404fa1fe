//! # The GIL
//!
//! ```text
//!   clock (virtual)  --event-->  gil (part)  --action-->  clock: blocks, wakes, counts time
//!                                  |  ^
//!                                  v  |
//!                                 state: what the GIL remembers, and who may change it
//! ```
//!
//! [`gil`] decides and is a part: a pure state machine. [`state`] is what it decides on, [`clock`] is a shell around
//! it, which asks each thread what it does ([`script`]): one on paper ([`program`]) has a list, behind others stands a
//! program that runs ([`crate::turns`]). Threads of the system and loom's threads are other shells around the
//! same part.
//!
//! Source: `Python/ceval_gil.h` of CPython 3.11.

pub mod clock;
#[expect(clippy::module_inception, reason = "the part is named after its exercise")]
pub mod gil;
pub mod program;
pub mod roster;
pub mod script;
pub mod state;
pub mod sync;
