//! Fuzzing: the address map alone, arenas that begin anywhere.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::address_map::run(bytes));
