//! # Panics of what dies with a thread
//!
//! ```text
//!   catch(a)   catch(b) panics   catch(c)   catch(d) panics   go_on: with b's
//! ```
//!
//! A thread's own things die when it ends, one after the other. Each may run code of the host's, and that may panic. Who
//! stopped there would keep the rest, and with it whatever others wait for.
//!
//! - **I1** What comes after a panic is done all the same.
//! - **I2** The first panic goes on in the end, unless the thread panics already: out of a destructor, a second one would
//!   end the process. (Each has been reported by then, as any panic is.)
//! - **I3** Only the first one's payload is kept. The others are dropped; what panics there once more is forgotten.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;

/// The first panic, if there was one.
#[derive(Default)]
pub(crate) struct Panics(Option<Box<dyn Any + Send>>);

impl Panics {
    /// Does this, whatever comes of it (I1).
    pub(crate) fn catch(&mut self, does: impl FnOnce()) {
        match catch_unwind(AssertUnwindSafe(does)) {
            Err(panic) if self.0.is_none() => self.0 = Some(panic),
            Err(panic) => let_go(panic),
            Ok(()) => {}
        }
    }

    /// Whether anything has panicked.
    pub(crate) fn happened(&self) -> bool {
        self.0.is_some()
    }

    /// All is done (I2).
    pub(crate) fn go_on(self) {
        match self.0 {
            Some(panic) if thread::panicking() => let_go(panic),
            Some(panic) => resume_unwind(panic),
            None => {}
        }
    }
}

/// A payload that nobody will see (I3).
fn let_go(panic: Box<dyn Any + Send>) {
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        std::mem::forget(again);
    }
}
