//! # check: from a scenario to a verdict
//!
//! `cargo test` of an exercise and `cargo xtask grade` are two ways to the same answer, so both call this crate: it
//! reads the scenario and the recorded trace, has the learner's part run in a process of its own (the *probe*), and
//! says what the first difference is.
//!
//! | module | what it knows |
//! |---|---|
//! | [`scenario`] | `.ops` files: purpose, points, the promises they are about |
//! | [`snapshot`] | insta's `.snap` files, without insta |
//! | [`trace`] | facts and steps, line by line |
//! | [`protocol`] | what is said to a probe, and what it answers |
//! | [`supervise`] | how a probe is started, limited, and ended |
//! | [`verdict`] | what became of a scenario |
//! | [`difference`], [`explain`] | how that is told to the learner |
//! | [`random`], [`shrink`], [`chance`] | scenarios that nobody wrote, cut down to the shortest one that fails |
//! | [`in_test`] | all of it from inside `cargo test` |
//!
//! **Architecture Invariant:** this crate links no learner's code and no answer. It compares texts.

pub mod chance;
pub mod difference;
pub mod explain;
pub mod in_test;
pub mod promises;
pub mod protocol;
pub mod random;
pub mod scenario;
pub mod shrink;
pub mod snapshot;
pub mod supervise;
pub mod trace;
pub mod verdict;
