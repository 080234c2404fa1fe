//! # Scenarios that nobody wrote
//!
//! A seed becomes bytes, the bytes become a typed program through [`arbitrary::Unstructured`], the program becomes
//! `.ops` text. The same programs serve the grader and the runtime's model-based tests.
//!
//! **Swarm testing.** Each program first draws which operations it may use at all, and small sets of arguments. A
//! program without `free` fills pools to the brim; one with few sizes meets each of them often. The
//! mutants of `xtask/cases` that no written scenario rejects are there to show that this finds something.
//!
//! - **I1** The same seed gives the same text, on every machine, as long as the generator is the same.
//! - **I2** Each program is a valid scenario: what it asks for, the reference can do.

pub mod address_map;
pub mod allocator;
pub mod arena;
pub mod containers;
pub mod counting;
pub mod debug_hooks;
pub mod eval_breaker;
pub mod finalizers;
pub mod free_lists;
pub mod generations;
pub mod gil;
pub mod graph;
pub mod pool;
pub mod requests;
pub mod scheduler;
pub mod size_classes;
pub mod usable_arenas;
pub mod weak_containers;
pub mod weakref;
pub mod world;

use arbitrary::{Result, Unstructured};

/// Bytes that a program is drawn from.
const BYTES: usize = 1024;

/// The seeds of a test that usually takes `usual`: `SEEDS` in the environment is how many percent of them. (A run under
/// valgrind takes fewer, a night takes more.)
#[must_use]
pub fn seeds(usual: u64) -> std::ops::Range<u64> {
    let percent = std::env::var("SEEDS").map_or(100, |percent| percent.parse().expect("SEEDS is a number of percent"));
    0..(usual * percent).div_ceil(100)
}

/// A typed program for one part, or for several that speak the same language.
pub trait Program: Sized {
    /// The parts' identifiers.
    const PARTS: &'static [&'static str];
    /// Draws a program. When the bytes run out, the rest is drawn from zeros: it ends.
    ///
    /// # Errors
    /// Those of [`Unstructured`].
    fn draw(u: &mut Unstructured<'_>) -> Result<Self>;
    /// The operations after the `use` line, and the settings on it.
    fn text(&self) -> (String, String);

    /// The program as a scenario for one of its parts, without a purpose line.
    fn to_ops_for(&self, part: &str) -> String {
        let (settings, ops) = self.text();
        format!("use {part}{settings}\n{ops}")
    }

    /// The program as a scenario for the first of its parts.
    fn to_ops(&self) -> String {
        self.to_ops_for(Self::PARTS[0])
    }
}

/// Do random scenarios exist for this part?
pub fn knows(part: &str) -> bool {
    scenario(part, 0).is_some()
}

/// The random scenario with this seed, or none for a part that has no generator.
///
/// ```
/// let text = check::random::scenario("pool", 7).unwrap();
/// assert!(text.starts_with("# A random scenario: seed 7\nuse pool "));
/// assert_eq!(Some(text), check::random::scenario("pool", 7));
/// assert_eq!(check::random::scenario("no-such-part", 7), None);
/// ```
pub fn scenario(part: &str, seed: u64) -> Option<String> {
    let ops = drawn::<pool::PoolProgram>(part, seed)
        .or_else(|| drawn::<size_classes::ClassProgram>(part, seed))
        .or_else(|| drawn::<arena::ArenaProgram>(part, seed))
        .or_else(|| drawn::<usable_arenas::UsableProgram>(part, seed))
        .or_else(|| drawn::<allocator::AllocatorProgram>(part, seed))
        .or_else(|| drawn::<address_map::MapProgram>(part, seed))
        .or_else(|| drawn::<debug_hooks::HooksProgram>(part, seed))
        .or_else(|| drawn::<free_lists::ShelfProgram>(part, seed))
        .or_else(|| drawn::<containers::ListProgram>(part, seed))
        .or_else(|| drawn::<counting::CountingProgram>(part, seed))
        .or_else(|| drawn::<graph::GraphProgram>(part, seed))
        .or_else(|| drawn::<generations::GenerationsProgram>(part, seed))
        .or_else(|| drawn::<finalizers::FinalizersProgram>(part, seed))
        .or_else(|| drawn::<weakref::WeakProgram>(part, seed))
        .or_else(|| drawn::<weak_containers::CacheProgram>(part, seed))
        .or_else(|| drawn::<gil::GilProgram>(part, seed))
        .or_else(|| drawn::<eval_breaker::BreakerProgram>(part, seed))
        .or_else(|| drawn::<scheduler::SchedulerProgram>(part, seed))?;
    Some(format!("# A random scenario: seed {seed}\n{ops}"))
}

fn drawn<P: Program>(part: &str, seed: u64) -> Option<String> {
    P::PARTS.contains(&part).then(|| seeded::<P>(seed).to_ops_for(part))
}

/// The seed of a learner's text: the same file gets the same random scenarios, an edited one gets new ones.
///
/// ```
/// assert_eq!(check::random::seed_of("one\r\n"), check::random::seed_of("one\n"));
/// ```
pub fn seed_of(text: &str) -> u64 {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    text.bytes().filter(|byte| *byte != b'\r').fold(0xcbf2_9ce4_8422_2325, mix) % 1_000_000
}

/// A program drawn from a seed.
///
/// ```
/// let program: check::random::pool::PoolProgram = check::random::seeded(7);
/// assert!(!program.ops.is_empty());
/// ```
pub fn seeded<P: Program>(seed: u64) -> P {
    P::draw(&mut Unstructured::new(&bytes(seed))).expect("a program can be drawn from any bytes")
}

/// The bytes of a seed: SplitMix64.
fn bytes(seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut word = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    (0..BYTES / 8).flat_map(|_| word().to_le_bytes()).collect()
}

/// Which of the operations this program may use: the swarm. `always` is among them in any case.
fn swarm(u: &mut Unstructured<'_>, always: u16) -> Result<impl Fn(u16) -> bool + use<>> {
    let drawn: u16 = u.arbitrary()?;
    Ok(move |op: u16| (drawn | always) & op != 0)
}

/// A few values out of many: arguments that meet each other again.
fn few<T: Copy>(u: &mut Unstructured<'_>, all: &[T], most: usize) -> Result<Vec<T>> {
    let n = u.int_in_range(1..=most)?;
    (0..n).map(|_| u.choose(all).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_seed_gives_a_program() {
        for part in [
            "size-classes",
            "pool",
            "arena",
            "usable-arenas",
            "allocator",
            "address-map",
            "debug-hooks",
            "generations",
            "finalizers",
            "refcount",
            "free-lists",
            "containers",
            "trashcan",
            "subtract-refs",
            "move-unreachable",
            "weakref",
            "weak-containers",
            "gil",
            "eval-breaker",
            "scheduler",
        ] {
            for seed in 0..500 {
                let text = scenario(part, seed).unwrap();
                assert!(text.lines().nth(1).unwrap().starts_with(&format!("use {part}")), "{text}");
                assert!(text.lines().count() > 2, "{text}");
            }
        }
    }

    #[test]
    fn no_bytes_at_all_give_a_program() {
        let none = || Unstructured::new(&[]);
        assert!(pool::PoolProgram::draw(&mut none()).is_ok());
        assert!(size_classes::ClassProgram::draw(&mut none()).is_ok());
        assert!(arena::ArenaProgram::draw(&mut none()).is_ok());
        assert!(usable_arenas::UsableProgram::draw(&mut none()).is_ok());
        assert!(allocator::AllocatorProgram::draw(&mut none()).is_ok());
        assert!(address_map::MapProgram::draw(&mut none()).is_ok());
        assert!(debug_hooks::HooksProgram::draw(&mut none()).is_ok());
        assert!(free_lists::ShelfProgram::draw(&mut none()).is_ok());
        assert!(containers::ListProgram::draw(&mut none()).is_ok());
        assert!(counting::CountingProgram::draw(&mut none()).is_ok());
        assert!(graph::GraphProgram::draw(&mut none()).is_ok());
        assert!(weakref::WeakProgram::draw(&mut none()).is_ok());
        assert!(weak_containers::CacheProgram::draw(&mut none()).is_ok());
        assert!(gil::GilProgram::draw(&mut none()).is_ok());
        assert!(eval_breaker::BreakerProgram::draw(&mut none()).is_ok());
        assert!(scheduler::SchedulerProgram::draw(&mut none()).is_ok());
    }
}
