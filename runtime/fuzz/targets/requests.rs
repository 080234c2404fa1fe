//! Fuzzing: request programs over all of malloc, calloc, realloc and free, each geometry, debug hooks on and off.
#![no_main]

use arbitrary::Unstructured;
use check::random::requests::RequestProgram;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(program) = RequestProgram::draw(&mut Unstructured::new(bytes)) {
        fuzz::requests::on_raw_memory(&program, false);
    }
});
