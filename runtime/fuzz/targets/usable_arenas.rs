//! Fuzzing: the list of usable arenas alone.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::usable_arenas::run(bytes));
