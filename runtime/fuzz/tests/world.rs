//! Random programs of objects: the same facts on real memory and on checked memory, where nothing is read that was
//! never written.

use check::random::{seeded, world::WorldProgram};
use fuzz::memory::{Ledger, OnRation, Rationed};
use fuzz::world::parsed;
use kit::checked::CheckedMemory;
use kit::geometry::Modern;
use runtime::config::Config;
use runtime::lab::world::{facts, facts_on};
use std::rc::Rc;

type Checked = OnRation<CheckedMemory, Modern>;

#[test]
fn real_and_checked_memory_tell_the_same() {
    let seeds = std::env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(120);
    for seed in 0..seeds {
        let program: WorldProgram = seeded(seed);
        let program = parsed(&program);
        let memory = Rationed::new(CheckedMemory::default(), Rc::new(Ledger::default()), 0, 0);
        let told = facts_on::<Checked>(memory, Checked::reference(), &program);
        assert_eq!(told, facts(&program), "seed {seed}");
    }
}
