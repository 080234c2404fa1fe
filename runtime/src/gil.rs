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
//! around it, with threads that exist on paper only. [`os`] is the shell around the same part for threads of the system:
//! a [`seat`] for each, [`keys`] for whatever else they wait for; what they synchronise with comes from [`sync`], and
//! loom's threads are put there instead in `runtime/models`.
//!
//! Source: `Python/ceval_gil.h` of CPython 3.11.

pub mod clock;
#[expect(clippy::module_inception, reason = "the part is named after its exercise")]
pub mod gil;
pub mod keys;
pub mod os;
pub mod program;
pub mod seat;
pub mod state;
pub mod sync;
