//! # Worlds against CPython
//!
//! A program of objects ([`runtime::lab::world`]) runs on the runtime, and, written out as Python, on an interpreter. Both
//! tell facts, line by line, and the two texts must be equal.
//!
//! - [`python`] writes a program out.
//! - [`interpreter`] runs many of them in one process.

pub mod interpreter;
pub mod python;
pub mod record;
