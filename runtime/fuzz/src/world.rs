//! # Worlds against CPython
//!
//! A program of objects ([`runtime::lab::world`]) runs on the runtime, and, written out as Python, on an interpreter. Both
//! tell facts, line by line, and the two texts must be equal.
//!
//! - [`python`] writes a program out.
//! - [`interpreter`] runs many of them in one process.
//! - [`threads`] are programs whose facts depend on who goes on when: those are compared with themselves.

pub mod interpreter;
pub mod python;
pub mod record;
pub mod threads;

use check::random::{Program as _, world::WorldProgram};
use runtime::lab::world::facts;
use runtime::lab::world::language::Program;

/// Runs `program` on the reference's parts and real memory.
///
/// # Panics
/// When the runtime breaks one of its promises.
pub fn on_real_memory(program: &WorldProgram) {
    let _ = facts(&parsed(program));
}

/// The program, as the interpreters read it.
///
/// # Panics
/// When the generator wrote what the language does not have.
#[must_use]
pub fn parsed(program: &WorldProgram) -> Program {
    let text = program.to_ops_for("world");
    Program::parse(&text).unwrap_or_else(|bad| panic!("line {}: {}\n{text}", bad.line, bad.sentence))
}
