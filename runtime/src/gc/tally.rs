//! # The numbers of the generations, and who may change them
//!
//! The machine around the part `generations`, for scenarios: three counts, three thresholds, two totals, and no object
//! at all. In the runtime the same numbers are words beside the objects.
//!
//! | | `set_count` | `set_total`, `set_pending` |
//! |---|---|---|
//! | `on_new`, `on_free` | of generation 0 | no |
//! | `on_collect` of `g` | of `g + 1` and younger | no |
//! | `on_survivors` | no | yes |
//!
//! A call that is not in the table is a misuse and names the line of the part. What the table allows may still be
//! wrong: that shows in the facts.

use kit::generations::{Counters, OLDEST};
use kit::misuse::{Misuse, Watch};
use kit::picture::GenerationsPicture;
use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

/// The numbers of one collector.
#[derive(Default)]
pub struct Tally {
    watch: Rc<Watch>,
    counts: [Cell<u64>; OLDEST + 1],
    thresholds: [Cell<u64>; OLDEST + 1],
    total: Cell<u64>,
    pending: Cell<u64>,
    disabled: Cell<bool>,
    collecting: Cell<bool>,
    event: Cell<Option<Event>>,
}

/// The function of the part that runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// `on_new`
    New,
    /// `on_free`
    Free,
    /// `on_collect`, for this generation
    Collect(usize),
    /// `on_survivors`
    Survivors,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Event::New => "on_new",
            Event::Free => "on_free",
            Event::Collect(_) => "on_collect",
            Event::Survivors => "on_survivors",
        })
    }
}

impl Tally {
    /// Nothing was counted yet; misuse goes to `watch`.
    pub fn new(watch: Rc<Watch>, thresholds: [u64; OLDEST + 1]) -> Self {
        let tally = Tally { watch, ..Tally::default() };
        tally.set_thresholds(thresholds);
        tally
    }

    /// From now on these are the thresholds: `gc.set_threshold`.
    pub fn set_thresholds(&self, thresholds: [u64; OLDEST + 1]) {
        self.thresholds.iter().zip(thresholds).for_each(|(cell, threshold)| cell.set(threshold));
    }

    /// `gc.enable`, `gc.disable`.
    pub fn set_enabled(&self, enabled: bool) {
        self.disabled.set(!enabled);
    }

    /// A collection runs from now on, or none does.
    pub fn set_collecting(&self, collecting: bool) {
        self.collecting.set(collecting);
    }

    /// Runs the part's function, with its rights in force.
    pub fn event<R>(&self, event: Event, part: impl FnOnce() -> R) -> R {
        self.event.set(Some(event));
        let result = part();
        self.event.set(None);
        result
    }

    /// The first misuse, if there was one.
    pub fn misused(&self) -> Option<Misuse> {
        self.watch.first()
    }

    /// All numbers, drawn.
    pub fn draw(&self, living: [u64; OLDEST + 1]) -> GenerationsPicture {
        GenerationsPicture {
            counts: self.counts.each_ref().map(Cell::get),
            thresholds: self.thresholds.each_ref().map(Cell::get),
            living,
            total: self.total.get(),
            pending: self.pending.get(),
            enabled: self.enabled(),
            collecting: self.collecting.get(),
        }
    }

    #[track_caller]
    fn known(&self, what: &str, generation: usize) -> usize {
        if generation > OLDEST {
            self.watch.misuse(format!("{what}({generation}), but there are only the generations 0, 1 and 2"));
        }
        generation
    }
}

impl Counters for Tally {
    #[track_caller]
    fn count(&self, generation: usize) -> u64 {
        self.counts[self.known("count", generation)].get()
    }

    #[track_caller]
    fn set_count(&self, generation: usize, count: u64) {
        self.known("set_count", generation);
        if let Some(event) = self.event.get() {
            let (may, why) = match event {
                Event::New | Event::Free => (generation == 0, "objects count in generation 0 alone (I1)".into()),
                Event::Collect(of) => (
                    generation <= of + 1,
                    format!("a collection of {of} counts for {} and resets the others (I6)", of + 1),
                ),
                Event::Survivors => (false, "that was done when the collection began (I6)".into()),
            };
            if !may {
                self.watch.misuse(format!("{event} set the count of generation {generation} to {count}, but {why}"));
            }
        }
        self.counts[generation].set(count);
    }

    #[track_caller]
    fn threshold(&self, generation: usize) -> u64 {
        self.thresholds[self.known("threshold", generation)].get()
    }

    fn total(&self) -> u64 {
        self.total.get()
    }

    #[track_caller]
    fn set_total(&self, objects: u64) {
        self.demand_survivors("total");
        self.total.set(objects);
    }

    fn pending(&self) -> u64 {
        self.pending.get()
    }

    #[track_caller]
    fn set_pending(&self, objects: u64) {
        self.demand_survivors("pending");
        self.pending.set(objects);
    }

    fn enabled(&self) -> bool {
        !self.disabled.get()
    }

    fn collecting(&self) -> bool {
        self.collecting.get()
    }
}

impl Tally {
    #[track_caller]
    fn demand_survivors(&self, what: &str) {
        if let Some(event) = self.event.get()
            && event != Event::Survivors
        {
            self.watch
                .misuse(format!("{event} set `{what}`, but nobody knows yet who survived: on_survivors does (I7)"));
        }
    }
}

impl fmt::Debug for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |g: usize| format!("{} of {}", self.counts[g].get(), self.thresholds[g].get());
        let disabled = if self.disabled.get() { ", disabled" } else { "" };
        let collecting = if self.collecting.get() { ", collecting" } else { "" };
        write!(f, "counts: {}, {}, {}; ", count(0), count(1), count(2))?;
        write!(f, "total {}, pending {}{disabled}{collecting}", self.total.get(), self.pending.get())
    }
}
