//! # The module `gc`: what a program can ask and tell the collector
//!
//! ```text
//!   get_objects(generation)     the lists as they stand: generation 0 first, each from its oldest to its newest object
//!   get_referents(o)            one walk over o
//!   get_referrers(o)            a walk over everything there is
//!   freeze()                    generations 0, 1, 2 --> permanent: nobody looks at it any more
//! ```
//!
//! - **I1** What an answer lists does not contain the answer itself.
//! - **I2** An untracked object is in no list: nobody finds it, and what it refers to nobody finds by it.
//! - **I3** What is frozen is not examined, garbage or not, and not listed.
//!
//! Source: `gc_get_objects_impl`, `gc_get_referents`, `gc_referrers_for`, `gc_freeze_impl` in `Modules/gcmodule.c` of 3.11.

use super::head::Head;
use crate::objects::state::{ENABLED, State};
use crate::objects::{Objects, World};
use kit::generations::OLDEST;
use kit::graph::Obj;

impl<W: World> Objects<W> {
    /// `gc.get_objects(generation)`: a list (I1). `None`: no memory. Owned.
    pub fn get_objects(&self, generation: Option<usize>) -> Option<Obj> {
        let answer = self.new_list()?;
        let generations = generation.map_or(0..=OLDEST, |one| one..=one);
        self.gather(answer, generations, |_| true)
    }

    /// `gc.get_referents(*objects)`: what each refers to, atoms among them, in the order of the collector's walk. Owned.
    pub fn get_referents(&self, objects: &[Obj]) -> Option<Obj> {
        let answer = self.new_list()?;
        for o in objects.iter().filter(|o| self.is_collected(**o)) {
            let mut cursor = self.walk(*o);
            while let Some(child) = self.step(&mut cursor) {
                if self.list_append(answer, self.new_ref(child)).is_none() {
                    self.decref(answer);
                    return None;
                }
            }
        }
        Some(answer)
    }

    /// `gc.get_referrers(*objects)`: the tracked objects that refer to one of them. Owned.
    pub fn get_referrers(&self, objects: &[Obj]) -> Option<Obj> {
        let answer = self.new_list()?;
        self.gather(answer, 0..=OLDEST, |o| {
            let mut cursor = self.walk(o);
            std::iter::from_fn(|| self.step(&mut cursor)).any(|child| objects.contains(&child))
        })
    }

    /// Appends to `answer` who is wanted. Making room runs nothing of the program's: the lists stay as they are.
    fn gather(
        &self,
        answer: Obj,
        generations: std::ops::RangeInclusive<usize>,
        wanted: impl Fn(Obj) -> bool,
    ) -> Option<Obj> {
        for generation in generations {
            for o in self.state.generation(generation).members(self.mem()).map(Head::object) {
                if o != answer && wanted(o) && self.list_append(answer, self.new_ref(o)).is_none() {
                    self.decref(answer);
                    return None;
                }
            }
        }
        Some(answer)
    }

    /// The objects of a generation, in the order of the list, without an answer that is an object itself. Borrowed.
    pub fn generation(&self, generation: usize) -> Vec<Obj> {
        self.state.generation(generation).members(self.mem()).map(Head::object).collect()
    }

    /// `gc.is_finalized(o)`: its finalizer ran.
    pub fn is_finalized(&self, o: Obj) -> bool {
        self.is_collected(o) && Head::of(o).is_finalized(self.mem())
    }

    /// `gc.freeze()` (I3). The counters begin anew.
    pub fn freeze(&self) {
        for generation in 0..=OLDEST {
            self.state.generation(generation).merge(self.mem(), self.state.permanent());
            self.set(State::count(generation), 0);
        }
    }

    /// `gc.unfreeze()`: all are among the oldest.
    pub fn unfreeze(&self) {
        self.state.permanent().merge(self.mem(), self.state.generation(OLDEST));
    }

    /// `gc.get_freeze_count()`
    pub fn get_freeze_count(&self) -> u64 {
        self.state.permanent().len(self.mem())
    }

    /// `gc.enable()`
    pub fn enable(&self) {
        self.set(ENABLED, 1);
    }

    /// `gc.disable()`: no collection begins by itself.
    pub fn disable(&self) {
        self.set(ENABLED, 0);
    }

    /// `gc.isenabled()`
    pub fn is_enabled(&self) -> bool {
        self.get(ENABLED) != 0
    }

    /// `gc.get_threshold()`
    pub fn get_threshold(&self) -> [u64; 3] {
        [0, 1, 2].map(|generation| self.get(State::threshold(generation)))
    }

    /// `gc.get_stats()`: for each generation collections, collected, uncollectable.
    pub fn get_stats(&self) -> [[u64; 3]; 3] {
        [0, 1, 2].map(|generation| [0, 1, 2].map(|number| self.get_stat(generation, number)))
    }
}
