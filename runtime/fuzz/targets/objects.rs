//! Fuzzing: programs of objects on the whole runtime; its promises are looked at as it goes.
#![no_main]

use arbitrary::Unstructured;
use check::random::{Program as _, world::WorldProgram};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(program) = WorldProgram::draw(&mut Unstructured::new(bytes)) {
        fuzz::world::on_real_memory(&program);
    }
});
