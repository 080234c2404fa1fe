//! # The reference runtime
//!
//! Python's memory management as CPython 3.11 does it, small enough to read. Every *part* of it is also an exercise:
//! `cargo xtask generate` cuts the marked regions out of a part's file and leaves the rest as a stub.
//!
//! ```text
//!   lab      scenarios in, traces out: what a probe runs
//!    |
//!   turns    programs' threads on the virtual clock, one at a time
//!   threads  what threads wait for one another with, over any shell
//!   gil      who may run                      (three parts; the virtual clock and threads of the system are shells)
//!   weak     containers that do not keep      (one part)
//!   gc       what can still be reached        (four parts; in the lab a graph is the machine around two of them)
//!   objects  what a program holds             (five parts; `Objects` is the machine around these and those of `gc`)
//!   heap     memory, from blocks to arenas    (seven parts; `Heap` is the machine around them)
//!    |
//!   config   which memory, geometry, observer and parts: `Fast` or `Lab`
//!    |
//!   kit      the words, the sockets
//! ```
//!
//! *Architecture Invariant:* a part imports `kit` and `std`, nothing else. That is what makes it a crate of its own
//! when it is generated.
//!
//! *Architecture Invariant:* there is one type parameter, a [`config::Config`], and there are two values of it.

pub mod config;
pub mod gc;
pub mod gil;
pub mod heap;
pub mod lab;
pub mod objects;
pub mod threads;
pub mod turns;
pub mod weak;
