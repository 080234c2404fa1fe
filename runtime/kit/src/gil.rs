//! # The words and the socket of exercise `gil`
//!
//! The GIL is a flag, guarded by a mutex, and a few numbers beside it. Whatever happens to a thread, it asks a state
//! machine what to do: an *event* goes in, an *action* comes out. The machine around it (a virtual clock here;
//! threads of the system are another) blocks, wakes and counts time; the part only decides.
//!
//! ```text
//!   event                                          action
//!   on_take      a thread wants the GIL,           TakeIt, or Wait { micros, seen }
//!                or was woken while it waited
//!   on_timeout   `micros` went by, nobody woke it  TakeIt, or Wait { micros, seen }
//!   on_release   the holder lets go                GoOn, or WaitForSwitch
//! ```
//!
//! Source: `take_gil` and `drop_gil` in CPython's `Python/ceval_gil.h` (3.11).

use std::fmt;

/// A thread.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ThreadId(pub u32);

// ANCHOR: actions
/// What a thread that wants the GIL does next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Take {
    /// It has the GIL and runs.
    TakeIt,
    /// It sleeps until somebody wakes it ([`on_take`](Gil::on_take)) or the time is up
    /// ([`on_timeout`](Gil::on_timeout)).
    Wait {
        /// For so many microseconds, at least 1.
        micros: u64,
        /// Handed back to `on_timeout`: what the thread wants to remember of this moment.
        seen: u64,
    },
}

/// What a thread that let the GIL go does next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Release {
    /// What it let go for: blocking, ending, or asking for the GIL again.
    GoOn,
    /// First it waits until another thread has taken the GIL: the *forced switch*.
    WaitForSwitch,
}
// ANCHOR_END: actions

// ANCHOR: state
/// What the GIL remembers. The machine keeps it, under the mutex; `{s:?}` shows it.
///
/// # Panics
/// In the lab, each function that changes something panics when this event, or this thread, may not change it.
pub trait GilState: fmt::Debug {
    /// Whether some thread has the GIL.
    fn locked(&self) -> bool;
    /// The thread whose event this is takes the GIL, or lets it go.
    #[track_caller]
    fn set_locked(&self, locked: bool);

    /// The thread that took the GIL last, whether it still has it or not. `None`: nobody ever did.
    fn last_holder(&self) -> Option<ThreadId>;
    /// From now on [`last_holder`](GilState::last_holder) is `thread`.
    #[track_caller]
    fn set_last_holder(&self, thread: ThreadId);

    /// How often the GIL went from one thread to another.
    fn switch_number(&self) -> u64;
    /// From now on [`switch_number`](GilState::switch_number) is `number`.
    #[track_caller]
    fn set_switch_number(&self, number: u64);

    /// Whether somebody asked the holder to let go. The holder looks at it at each of its switch points.
    fn drop_request(&self) -> bool;
    /// Asks the holder to let go, or takes that back.
    #[track_caller]
    fn set_drop_request(&self, requested: bool);

    /// The switch interval in microseconds; 0 when a program asked for less than one.
    fn interval(&self) -> u64;
}
// ANCHOR_END: state

// ANCHOR: socket
/// The socket: who may run.
pub trait Gil<S: GilState + ?Sized> {
    /// `me` wants the GIL: it comes, or it waited and was woken.
    fn on_take(&self, state: &S, me: ThreadId) -> Take;
    /// `me` waited as long as it said, and nobody woke it. `seen` is what its [`Take::Wait`] said.
    fn on_timeout(&self, state: &S, me: ThreadId, seen: u64) -> Take;
    /// `me` has the GIL and lets it go. The machine wakes a thread that waits, if there is one.
    fn on_release(&self, state: &S, me: ThreadId) -> Release;
}
// ANCHOR_END: socket

/// Makes the part out of the functions of a file.
#[macro_export]
macro_rules! plug_gil {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl<S: $crate::gil::GilState> $crate::gil::Gil<S> for Part {
            #[inline]
            fn on_take(&self, state: &S, me: $crate::gil::ThreadId) -> $crate::gil::Take {
                on_take(state, me)
            }
            #[inline]
            fn on_timeout(&self, state: &S, me: $crate::gil::ThreadId, seen: u64) -> $crate::gil::Take {
                on_timeout(state, me, seen)
            }
            #[inline]
            fn on_release(&self, state: &S, me: $crate::gil::ThreadId) -> $crate::gil::Release {
                on_release(state, me)
            }
        }
    };
}
