//! # Patterns: what is run
//!
//! | pattern | is |
//! |---|---|
//! | `trace` | what CPython 3.11 asked for while a mixed program ran (`traces/README.md`) |
//! | `lifo` | twenty times: ten thousand blocks, and back, the newest first |
//! | `fifo` | a queue of ten thousand blocks: one in, the oldest out, two hundred thousand times |
//! | `churn` | ten thousand blocks: a random one out, another in, two hundred thousand times |
//! | `churn-64` | the same with blocks of 64 bytes alone |
//!
//! Sizes are drawn at random from the trace's own requests of up to 512 bytes: a third asks for 64 bytes, a quarter for
//! 32, a sixth for 48. The random numbers are the same in each run.

use crate::program::Program;
use crate::trace;
use std::collections::VecDeque;

/// The names of all patterns.
pub const NAMES: [&str; 5] = ["trace", "lifo", "fifo", "churn", "churn-64"];

/// Blocks alive at a time, in all but the trace.
const ALIVE: usize = 10_000;
/// Blocks that a pattern asks for, after the first `ALIVE`.
const STEPS: usize = 200_000;

/// The pattern that is called `name`.
#[must_use]
pub fn named(name: &str) -> Option<Program> {
    Some(match name {
        "trace" => trace::program(),
        "lifo" => lifo(&mut Sizes::of_the_trace()),
        "fifo" => fifo(&mut Sizes::of_the_trace()),
        "churn" => churn(&mut Sizes::of_the_trace()),
        "churn-64" => churn(&mut Sizes::all(64)),
        _ => return None,
    })
}

fn lifo(sizes: &mut Sizes) -> Program {
    let mut program = Program::default();
    for _ in 0..STEPS / ALIVE {
        let slots: Vec<u32> = (0..ALIVE).map(|_| program.alloc(sizes.next())).collect();
        slots.into_iter().rev().for_each(|slot| program.free(slot));
    }
    program.finished()
}

fn fifo(sizes: &mut Sizes) -> Program {
    let mut program = Program::default();
    let mut queue: VecDeque<u32> = (0..ALIVE).map(|_| program.alloc(sizes.next())).collect();
    for _ in 0..STEPS {
        queue.push_back(program.alloc(sizes.next()));
        program.free(queue.pop_front().expect("a queue of ten thousand"));
    }
    program.finished()
}

fn churn(sizes: &mut Sizes) -> Program {
    let mut program = Program::default();
    let mut alive: Vec<u32> = (0..ALIVE).map(|_| program.alloc(sizes.next())).collect();
    for _ in 0..STEPS {
        let chosen = sizes.random.below(ALIVE);
        program.free(alive[chosen]);
        alive[chosen] = program.alloc(sizes.next());
    }
    program.finished()
}

/// Sizes of requests.
struct Sizes {
    from: Vec<u32>,
    random: Random,
}

impl Sizes {
    fn of_the_trace() -> Sizes {
        Sizes { from: trace::small_sizes(), random: Random::new(1) }
    }

    fn all(bytes: u32) -> Sizes {
        Sizes { from: vec![bytes], random: Random::new(1) }
    }

    fn next(&mut self) -> u32 {
        self.from[self.random.below(self.from.len())]
    }
}

/// Random numbers, the same in each run: Marsaglia's xorshift64*.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The numbers of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// The next 64 bits.
    pub fn word(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// One of `0..end`.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.word()) * end as u128) >> 64) as usize
    }
}
