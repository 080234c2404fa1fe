//! # Iterating over a container that forgets
//!
//! ```text
//!   it = iter(cache)      nothing yet
//!   next(it)              from here on nothing is removed ...
//!   del it                ... until here, or until there is nothing more
//! ```
//!
//! - **I1** From the first `next` to the end it counts among those who iterate. Its end is the last entry, an error, or
//!   its own death.
//! - **I2** What it gave last it keeps alive, until it goes on. So does the generator that CPython makes.
//! - **I3** Dead entries are left out.
//!
//! In CPython 3.11 this is a generator; with it come a guard and an iterator over the table. Here it is one object.
//!
//! Source: `_IterationGuard` in `Lib/_weakrefset.py`.

use crate::objects::layout::word;
use crate::objects::machine::the;
use crate::objects::types::Type;
use crate::objects::{Objects, World};
use kit::Field;
use kit::graph::Obj;
use kit::weak_containers::{Cache, WeakContainers};

const CONTAINER: Field<u64> = word(16);
/// I2.
const CURRENT: Field<u64> = word(24);
const POSITION: u64 = 32;
/// Entries of the table when it began.
const SIZE: u64 = 40;
const STATE: u64 = 48;
const WHAT: u64 = 56;

const FRESH: u64 = 0;
const RUNS: u64 = 1;
const DONE: u64 = 2;

/// What an iteration gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// Keys; of a set, its elements.
    Keys,
    /// Values.
    Values,
    /// Pairs of both, as tuples.
    Items,
}

impl<W: World> Objects<W> {
    /// An iterator over `container`, which is borrowed. `None`: no memory. Owned.
    pub fn weak_iter(&self, container: Obj, what: What) -> Option<Obj> {
        let container = self.new_ref(container);
        let it = self.new_record(Type::WeakIterator, &[Some(container), None])?;
        self.set_number(it, WHAT, what as u64);
        Some(it)
    }

    /// `next(it)`: owned. `None`: there is nothing more.
    ///
    /// # Errors
    /// An exception, owned: the size of the table has changed; no memory.
    pub fn weak_next(&self, it: Obj) -> Result<Option<Obj>, Obj> {
        let Some(container) = self.field(it, CONTAINER) else { return Ok(None) };
        let held = self.owned(self.new_ref(container));
        let forgets = self.forgets(held.as_obj());
        if self.number(it, STATE) == FRESH {
            self.set_number(it, STATE, RUNS);
            self.set_number(it, SIZE, forgets.entries());
            the::<W::WeakContainers>().begin_iteration(&forgets);
        }
        self.set_field(it, CURRENT, None);
        if self.number(it, STATE) == DONE {
            return Ok(None); // whoever died just now has gone on to the end
        }
        if forgets.entries() != self.number(it, SIZE) {
            let what = if self.is_a(container, Type::WeakSet) { "Set" } else { "dictionary" };
            self.end_weak_iteration(it);
            return Err(self.raised(Type::RuntimeError, &format!("{what} changed size during iteration")));
        }
        match self.next_living(it, container) {
            Some(Err(exception)) => {
                self.end_weak_iteration(it);
                Err(exception)
            }
            Some(Ok(given)) => {
                self.set_field(it, CURRENT, Some(self.new_ref(given)));
                Ok(Some(given))
            }
            None => {
                self.end_weak_iteration(it);
                Ok(None)
            }
        }
    }

    /// I3. Owned.
    fn next_living(&self, it: Obj, container: Obj) -> Option<Result<Obj, Obj>> {
        let data = self.forgets(container).data();
        let mut position = self.number(it, POSITION);
        loop {
            let (key, value) = match self.is_a(container, Type::WeakSet) {
                true => self.set_next(data, &mut position).map(|r| (r, r)),
                false => self.dict_next(data, &mut position),
            }?;
            self.set_number(it, POSITION, position);
            let weak_values = self.is_a(container, Type::WeakValues);
            let Some(living) = self.weakref_target(if weak_values { value } else { key }) else { continue };
            let (key, value) = if weak_values { (key, living) } else { (living, value) };
            return Some(match self.number(it, WHAT) {
                what if what == What::Keys as u64 => Ok(self.new_ref(key)),
                what if what == What::Values as u64 => Ok(self.new_ref(value)),
                _ => {
                    let pair = [self.new_ref(key), self.new_ref(value)];
                    self.new_tuple(&pair).ok_or_else(|| self.memory_error())
                }
            });
        }
    }

    /// The end of `it` (I1), whatever it was.
    pub(crate) fn end_weak_iteration(&self, it: Obj) {
        let runs = self.number(it, STATE) == RUNS;
        self.set_number(it, STATE, DONE);
        let Some(container) = self.field(it, CONTAINER).filter(|_| runs) else { return };
        let container = self.owned(self.new_ref(container));
        self.set_field(it, CURRENT, None);
        self.set_field(it, CONTAINER, None);
        the::<W::WeakContainers>().end_iteration(&self.forgets(container.as_obj()));
    }
}
