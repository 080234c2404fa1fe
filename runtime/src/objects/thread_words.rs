//! # What is a thread's own
//!
//! ```text
//!   the runtime's words     | ... | DEPTH WAITING FRAME CHUNK TOP CHUNK_END HANDLED | ...    of the thread that runs
//!                                      |                                ^
//!                             swap     v                                |
//!   thread A                [ 2, chain, frame, ... ]     thread B    [ 0, 0, frame, ... ]
//! ```
//!
//! Deallocations that are nested, frames, and the exception that is handled belong to a thread. A switch may come in the
//! middle of all that: in a `__del__`, ten deallocations deep. So when another thread takes the GIL, these words are
//! changed for its own. CPython has them in its thread state and changes one pointer; here the words stay in one place,
//! where the rest of the runtime finds them without asking who runs, and a switch copies fourteen.
//!
//! - **I1** The runtime's words are those of the thread that has the GIL, or had it last.
//! - **I2** The collector does not look at a thread's words: what is held there is held from outside.
//!
//! Source: `struct _ts` in `Include/cpython/pystate.h`, `PyThreadState_Swap` and `PyThreadState_Clear` in
//! `Python/pystate.c`.

use super::machine::{Objects, World};
use super::state::{CHUNK, CHUNK_END, DEPTH, FRAME, HANDLED, TOP, WAITING};
use kit::Field;
use std::cell::Cell;

/// The words, in the order of [`ThreadWords`].
const OWN: [Field<u64>; 7] = [DEPTH, WAITING, FRAME, CHUNK, TOP, CHUNK_END, HANDLED];

/// A thread's words while another one runs. A new thread's are 0.
#[derive(Clone, Default, Debug)]
pub struct ThreadWords(Cell<[u64; 7]>);

impl<W: World> Objects<W> {
    /// Another thread runs from now on (I1): the words of the one that `leaves` are kept, unless it is gone; those of the
    /// one that `comes` take their place.
    pub fn swap_thread(&self, leaves: Option<&ThreadWords>, comes: &ThreadWords) {
        if let Some(leaves) = leaves {
            leaves.0.set(OWN.map(|field| self.get(field)));
        }
        OWN.into_iter().zip(comes.0.get()).for_each(|(field, value)| self.set(field, value));
    }

    /// The thread that runs ends: the exception that it handles is dropped, its data stack goes back. Frames that are left,
    /// because it panicked, are forgotten.
    pub(crate) fn end_thread(&self) {
        let handled = super::layout::reference(self.get(HANDLED));
        self.set(HANDLED, 0);
        if let Some(handled) = handled {
            self.decref(handled);
        }
        self.set(FRAME, 0);
        self.release_stack();
    }
}
