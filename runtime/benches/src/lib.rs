//! # What is measured, and how
//!
//! | command | tells |
//! |---|---|
//! | `cargo bench -p benches` | nanoseconds, by criterion: one pool, the heap beside other allocators, a collection |
//! | `cargo run --release -p benches --bin race` | the same patterns, contenders in turn: ratios, and the book's data |
//! | `cargo run --release -p benches --bin held` | bytes that each contender holds along the trace, and afterwards |
//! | `cargo run --release -p benches --bin collect` | a collection, for an object, beside CPython and other collectors |
//! | `cargo run --release -p benches --bin objects` | an operation on an object: making one, appending to one, ... |
//! | `cargo run --release -p benches --bin gil` | the GIL: let go and taken, handed over, and the convoy |
//! | `cargo run --release -p benches --bin against-python` | our addresses against those of real interpreters |
//! | `cargo test --release -p benches` | instructions, by valgrind: of one pool, of each contender on the trace, of counting |
//!
//! ```text
//!   trace, patterns --> Program (a list of operations) --> replay --> Contender: alloc, free
//!                                                                       heap, system, mimalloc, pymalloc, nobody
//! ```
//!
//! - **I1** Every contender runs the same operations in the same loop ([`program::replay`]), reached through a call that
//!   is not inlined, and is told the size when a block is asked for and never when it comes back.
//! - **I2** A program ends as empty as it began, so that it can be run again.
//! - **I3** Times are compared within one run only, as ratios; no test fails because a machine was slow.

pub mod collect;
pub mod contender;
pub mod one_pool;
pub mod operations;
pub mod ordinals;
pub mod ours;
pub mod patterns;
pub mod program;
pub mod pymalloc;
pub mod python;
pub mod requests;
pub mod switching;
pub mod trace;
pub mod turns;
