//! # Callbacks of the collector, and its garbage
//!
//! ```text
//!   gc.callbacks: [f, g]      f("start", info)  g("start", info)   ...the collection...   f("stop", info)  g("stop", info)
//!                             info = {"generation": 2, "collected": 3, "uncollectable": 0}
//! ```
//!
//! - **I1** A callback that raises is reported, and the next one is called.
//! - **I2** The list is looked at anew for each: callbacks may change it.
//! - **I3** Both lists are made when somebody first asks for them; for the collector they were always there, among the
//!   oldest objects, and nobody counted them.
//!
//! Source: `invoke_gc_callback` in `Modules/gcmodule.c` of 3.11.

use super::collect::Collected;
use super::head::Head;
use crate::objects::names::Known;
use crate::objects::state::{CALLBACKS, GARBAGE, State};
use crate::objects::{Objects, World};
use kit::Field;
use kit::generations::OLDEST;
use kit::graph::Obj;

impl<W: World> Objects<W> {
    /// `gc.callbacks`: a list. `None`: no memory. Borrowed.
    pub fn callbacks(&self) -> Option<Obj> {
        self.always_there(CALLBACKS)
    }

    /// `gc.garbage`: a list. `None`: no memory. Borrowed.
    pub fn garbage(&self) -> Option<Obj> {
        self.always_there(GARBAGE)
    }

    /// I3.
    fn always_there(&self, field: Field<u64>) -> Option<Obj> {
        self.made_once(field, |objects| {
            let before = objects.get(State::count(0));
            let list = objects.new_list()?;
            objects.state.generation(OLDEST).take_over(objects.mem(), Head::of(list));
            objects.set(State::count(0), objects.get(State::count(0)).min(before));
            Some(list)
        })
    }

    /// I1, I2.
    pub(crate) fn tell_callbacks(&self, phase: &str, generation: usize, found: Collected) {
        let Some(list) = crate::objects::layout::reference(self.get(CALLBACKS)) else { return };
        if self.list_len(list) == 0 {
            return;
        }
        let Some((phase, info)) = self.phase_and_info(phase, generation, found) else {
            return self.unraisable(self.memory_error(), list);
        };
        let mut at = 0;
        while at < self.list_len(list) {
            let callback = self.new_ref(self.list_get(list, at));
            match self.call(callback, &[phase, info]) {
                Ok(value) => self.decref(value),
                Err(exception) => self.unraisable(exception, callback),
            }
            self.decref(callback);
            at += 1;
        }
        self.decref(phase);
        self.decref(info);
    }

    fn phase_and_info(&self, phase: &str, generation: usize, found: Collected) -> Option<(Obj, Obj)> {
        let numbers = [
            (Known::Generation, generation as u64),
            (Known::Collected, found.collected),
            (Known::Uncollectable, found.uncollectable),
        ];
        let info = self.new_dict()?;
        let filled = numbers.into_iter().try_for_each(|(name, number)| {
            let value = self.new_int(number as i64)?;
            let done = self.dict_set(info, self.new_ref(self.known(name)), value);
            done.map_err(|refused| self.forget(refused)).ok()
        });
        let phase = filled.and_then(|()| self.new_str(phase));
        if phase.is_none() {
            self.decref(info);
        }
        Some((phase?, info))
    }

    /// With DEBUG_SAVEALL what was found goes to `gc.garbage`; what there is no memory for just lives on.
    pub(crate) fn save(&self, o: Obj) {
        if let Some(list) = self.garbage() {
            let _kept = self.list_append(list, self.new_ref(o));
        }
    }
}
