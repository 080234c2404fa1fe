//! # The GIL among loom's threads
//!
//! Threads of the system meet in one order, and the next time in another; a mistake may show once in a million runs.
//! [loom](https://docs.rs/loom) runs a small program again and again, and each time in another order, until it has tried
//! all of them with at most so many preemptions: places where a thread that could go on has to stop for another one. (All
//! orders there are would be too many. Each model says its bound, 3 or 4; what goes wrong mostly does with fewer.) What it
//! tries here is the runtime's own code:
//!
//! ```text
//!   runtime/src/gil/   gil.rs  os.rs  seat.rs  keys.rs      compiled here once more, by path ...
//!   runtime/src/threads/                                    ... the locks, too
//!                        |
//!                        v
//!   sync               in the runtime: std's                here: loom's, see `sync.rs`
//! ```
//!
//! That is why synchronisation comes from one module. The runtime itself knows nothing of loom, and nobody who builds it
//! compiles it.
//!
//! **Time.** Loom has no clock: a time-out that may come at any moment is an event like any other. So a parker has a
//! method more, `fire`, and a model has a thread that calls it: the clock.
//!
//! `cargo test --release --package models` runs the models.

// What the files link to beside themselves is in the runtime, and not here.
#![allow(rustdoc::broken_intra_doc_links)]

pub mod gil;
pub mod threads;
