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
//! it, with threads that exist on paper only. Threads of the system and loom's threads are other shells around the
//! same part.
//!
//! Two more parts stand beside it. [`eval_breaker`] says where a thread may switch and what else it does there, with
//! the flags of [`pending`]. [`scheduler`] is a policy for the clock, where CPython has none; [`roster`] is what it sees.
//!
//! Source: `Python/ceval_gil.h` and `Python/ceval.c` of CPython 3.11.

pub mod clock;
pub mod eval_breaker;
#[expect(clippy::module_inception, reason = "the part is named after its exercise")]
pub mod gil;
pub mod pending;
pub mod program;
pub mod roster;
pub mod scheduler;
pub mod state;
