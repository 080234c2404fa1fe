//! # The GIL
//!
//! ```text
//!   clock (virtual)    --event-->  gil (part)  --action-->  clock: blocks, wakes, counts time
//!   os (real threads)  --event-->    |   ^     --action-->  os:    seats sleep and are woken
//!                                    v   |
//!                                   state: what the GIL remembers, and who may change it
//! ```
//!
//! [`gil`] decides and is a part: a pure state machine. [`state`] is what it decides on in the lab, [`clock`] is a shell
//! around it, which asks each thread what it does ([`script`]): one on paper ([`program`]) has a list, behind others
//! stands a program that runs (`turns`). [`os`] is the shell around the same part for threads of the system:
//! a [`seat`] for each, [`keys`] for whatever else they wait for; what they synchronise with comes from [`sync`], and
//! loom's threads are put there instead in `runtime/models`.
//!
//! Two more parts stand beside it. [`eval_breaker`] says where a thread may switch and what else it does there, with
//! the flags of [`pending`]. [`scheduler`] is a policy for the clock, where CPython has none; [`roster`] is what it sees.
//!
//! Source: `Python/ceval_gil.h` and `Python/ceval.c` of CPython 3.11.

pub mod clock;
pub mod eval_breaker;
#[expect(clippy::module_inception, reason = "the part is named after its exercise")]
pub mod gil;
pub mod keys;
pub mod os;
pub mod pending;
pub mod program;
pub mod roster;
pub mod scheduler;
pub mod script;
pub mod seat;
pub mod state;
pub mod sync;
