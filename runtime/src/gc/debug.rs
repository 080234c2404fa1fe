//! # Debug flags: the collector talks
//!
//! | flag | what |
//! |---|---|
//! | [`STATS`] | lines when a collection begins and ends |
//! | [`COLLECTABLE`] | each object that was found unreachable |
//! | [`UNCOLLECTABLE`] | each that cannot be freed: none here |
//! | [`SAVEALL`] | what was found goes to `gc.garbage` instead of dying |
//! | [`LEAK`] | the last three |
//!
//! Source: `gc.set_debug`; `gc_collect_main`, `debug_cycle` in `Modules/gcmodule.c`.

use super::collect::Collected;
use super::head::Head;
use super::list::List;
use crate::objects::state::{DEBUG, State};
use crate::objects::{Objects, World};
use kit::generations::OLDEST;
use std::time::Instant;

/// Lines when a collection begins and ends.
pub const STATS: u64 = 1;
/// Each object that was found unreachable.
pub const COLLECTABLE: u64 = 2;
/// Each object that cannot be freed.
pub const UNCOLLECTABLE: u64 = 4;
/// What was found goes to `gc.garbage`.
pub const SAVEALL: u64 = 32;
/// For hunting leaks.
pub const LEAK: u64 = COLLECTABLE | UNCOLLECTABLE | SAVEALL;

impl<W: World> Objects<W> {
    /// `gc.set_debug(flags)`
    pub fn set_debug(&self, flags: u64) {
        self.set(DEBUG, flags);
    }

    /// `gc.get_debug()`
    pub fn debug(&self) -> u64 {
        self.get(DEBUG)
    }

    pub(super) fn debug_started(&self, generation: usize) -> Option<Instant> {
        (self.debug() & STATS != 0).then(|| {
            let mem = self.mem();
            let sizes: Vec<String> =
                (0..=OLDEST).map(|each| self.state.generation(each).len(mem).to_string()).collect();
            self.host.say(&format!("gc: collecting generation {generation}..."));
            self.host.say(&format!("gc: objects in each generation: {}", sizes.join(" ")));
            self.host.say(&format!("gc: objects in permanent generation: {}", self.state.permanent().len(mem)));
            Instant::now()
        })
    }

    pub(super) fn debug_done(&self, started: Option<Instant>, found: Collected) {
        if let Some(started) = started {
            let (all, seconds) = (found.collected + found.uncollectable, started.elapsed().as_secs_f64());
            let stuck = found.uncollectable;
            self.host.say(&format!("gc: done, {all} unreachable, {stuck} uncollectable, {seconds:.4}s elapsed"));
        }
    }

    pub(super) fn debug_collectable(&self, unreachable: List) {
        if self.debug() & COLLECTABLE != 0 {
            for head in unreachable.members(self.mem()) {
                let o = Head::object(head);
                self.host.say(&format!("gc: collectable <{} {:?}>", self.type_name(self.type_of(o)), o.0));
            }
        }
    }

    /// A number of `gc.get_stats()`: 0 collections, 1 collected, 2 uncollectable.
    pub fn get_stat(&self, generation: usize, number: u64) -> u64 {
        self.get(State::stat(generation, number))
    }
}
