//! The whole heap, under random programs, against models.

use check::random::requests::{Request, RequestProgram, Sizes, Which};
use check::random::seeds;
use fuzz::{address_map, requests, usable_arenas};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs the programs, each as far as `most` requests; the first one that fails is shown.
fn all(seeds: std::ops::Range<u64>, most: usize, run: fn(&RequestProgram)) {
    for seed in seeds {
        let mut program = RequestProgram::seeded(seed);
        program.requests.truncate(most);
        if catch_unwind(AssertUnwindSafe(|| run(&program))).is_err() {
            panic!("seed {seed}:\n{program}");
        }
    }
}

#[test]
fn a_heap_on_real_memory_is_what_the_model_says() {
    all(seeds(120), usize::MAX, |program| requests::on_raw_memory(program, false));
}

#[test]
fn everything_is_in_order_after_each_request() {
    all(seeds(15), 40, |program| requests::on_raw_memory(program, true));
}

#[test]
fn on_checked_memory_nothing_is_read_that_nobody_wrote() {
    all(seeds(5), usize::MAX, |program| requests::on_checked_memory(program, false));
}

/// The table of descriptors has room for 16; then a larger one takes its place.
#[test]
fn more_arenas_than_the_first_table_has_room_for() {
    let ask = Request::Malloc(2, 512, 9000);
    let back = Request::FreeMany(Which::Oldest, 5000, 1);
    let requests = vec![ask, back, Request::Check, Request::Ration(Some(1)), ask, Request::Ration(None), ask];
    for shift in [0, 16] {
        let program = RequestProgram { sizes: Sizes::Classic, hooks: false, shift, requests: requests.clone() };
        requests::on_raw_memory(&program, false);
    }
}

/// Bytes that look random, the same on every machine.
fn bytes(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let byte = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..512).map(byte).collect()
}

#[test]
fn the_address_map_is_a_set_of_arenas() {
    seeds(1000).for_each(|seed| address_map::run(&bytes(seed)));
}

#[test]
fn the_list_of_usable_arenas_is_sorted_as_a_vec_would_be() {
    seeds(1000).for_each(|seed| usable_arenas::run(&bytes(seed)));
}
