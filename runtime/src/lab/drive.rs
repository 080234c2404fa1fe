//! # Driving a machine through a scenario
//!
//! One file a part: its operations, its facts, its promises. A driver is generic over the [`Config`](crate::config):
//! the same scenario on raw and on checked memory tells the same facts.

pub(super) mod address_map;
pub(super) mod allocator;
pub(super) mod arena;
pub(super) mod containers;
pub(super) mod counting;
pub(super) mod debug_hooks;
pub(super) mod eval_breaker;
pub(super) mod finalizers;
pub(super) mod free_lists;
pub(super) mod generations;
pub(super) mod gil;
pub(super) mod graph;
pub(super) mod pool;
pub(super) mod scheduler;
pub(super) mod size_classes;
pub(super) mod usable_arenas;
pub(super) mod weak_containers;
pub(super) mod weakref;

use super::scenario::{BadScenario, Op};
use crate::config::{Config, Parts};
use crate::heap::machine::Heap;
use kit::Addr;
use kit::checked::Describe;
use kit::observe::Recorder;
use std::rc::Rc;

/// Why a scenario ended early.
#[derive(Debug)]
pub(super) enum Stop {
    /// The scenario cannot be run.
    Bad(BadScenario),
    /// The part broke a promise: a sentence for the trace, without its mark.
    Broken(String),
}

impl From<BadScenario> for Stop {
    fn from(bad: BadScenario) -> Stop {
        Stop::Bad(bad)
    }
}

/// Takes the names of a memory's places.
pub(super) type Naming<C> = dyn Fn(&<C as Config>::Memory, Rc<dyn Describe>);

/// What a driver of the heap's parts is given: the same on checked and on raw memory.
pub(super) struct Stage<'a, C: Config> {
    pub(super) parts: Parts<C>,
    /// A memory of its own.
    pub(super) memory: &'a dyn Fn() -> C::Memory,
    /// From now on the memory's places have names, where somebody listens.
    pub(super) describe: &'a Naming<C>,
    /// From now on the system has so many bytes more; false where that cannot be had.
    pub(super) limit: &'a dyn Fn(&C::Memory, u64) -> bool,
    pub(super) observer: &'a dyn Fn() -> C::Observer,
    pub(super) recorder: &'a Recorder,
    /// The allocator's part on this heap.
    pub(super) serve: &'a dyn Fn(Rc<Heap<C>>) -> Box<dyn Served>,
}

/// An allocator's part, working on a heap.
pub(super) trait Served {
    fn malloc(&self, bytes: u64) -> Option<Addr>;
    fn free(&self, at: Addr);
    fn realloc(&self, at: Addr, bytes: u64) -> Option<Addr>;
    /// Is each pool where it belongs? What a finished call must leave.
    fn in_order(&self) -> Result<(), String>;
    /// Bytes of the block at `at`; `None` when no block that is out begins there.
    fn block(&self, at: Addr) -> Option<u64>;
    /// Blocks that are out, in pools and from the raw domain.
    fn out(&self) -> u64;
}

/// `verb` is none of `known`.
fn unknown<T>(op: &Op, part: &str, known: &str) -> Result<T, Stop> {
    Ok(op.bad(format!("`{}` is not an operation of `{part}`; it knows {known}", op.verb))?)
}
