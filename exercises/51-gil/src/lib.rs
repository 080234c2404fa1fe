//! # Exercise `gil`: who may run, and who asked                        about 45 minutes
//!
//! Chapter: "The global interpreter lock" (`cargo xtask book gil`).
//! Write:   `on_take`, `on_timeout`, `on_release`, in this file only.
//! Check:   `cargo xtask grade gil`                                    Stuck: `cargo xtask hint gil`
//! Try your own scenario: write a `.ops` file and `cargo xtask show gil my.ops`
//!
//! Only the thread that has the GIL runs Python code. Nothing hands out slices of time: there is no scheduler, no timer
//! thread, no count of instructions. There is a flag, and there are threads that wait and lose their patience.
//!
//! ```text
//!   locked          whether somebody has it
//!   last_holder     who took it last
//!   switch_number   how often it went from one thread to another
//!   drop_request    somebody asked the holder to let go; the holder looks at it where it may switch
//!   interval        how long one waits before one asks: 5000 us, unless the program says otherwise
//!
//!                 on_take: locked                  on_timeout: a whole interval, and no switch in it
//!   wants it ------------------------> waits ------------------------------------------> asks, and waits again
//!      |                                 |
//!      | on_take: not locked             | woken (on_take) or time up (on_timeout), and not locked
//!      +-------------> has it <----------+
//!                        |
//!                        +-- on_release: nobody asked ----> goes on: blocks, ends ...
//!                        +-- on_release: somebody asked --> waits until another thread has taken it, then goes on
//! ```
//!
//! - **I1** Who wants the GIL takes it when nobody has it and waits when somebody has, whatever brought it here: it just
//!   came, it was woken, or its time is up. (A woken thread may find that another one was faster.)
//! - **I2** Only who waits asks: after a wait of a whole interval in which no switch happened. A switch in between means
//!   that the GIL does go round, and that whoever has it now has not had it for an interval.
//! - **I3** Each wait begins anew: as long as the interval is *now*, but at least 1 us, with the switch number of *now*.
//! - **I4** Who takes the GIL and is not its last holder makes a switch. Who takes it clears the request in any case: it
//!   was meant for the one before.
//! - **I5** Who lets go because somebody asked waits for the switch; else the operating system might well let the same
//!   thread take the GIL again, before the one that asked is awake. Who lets go on its own account, to block, does not
//!   wait: a short call gets the GIL back at once.
//!
//! You hold no state: each function gets it as `s`, reads it (`s.locked()`, `s.switch_number()`...) and changes it
//! (`s.set_locked(true)`...). Each event is one function call, and no other thread comes between.

use kit::gil::*; // GilState, ThreadId; the actions Take and Release

/// `me` wants the GIL: it just came, or it waited and was woken.
///
/// Take it, or wait (I1). What belongs to taking it: the flag, the switch, the request (I4). What belongs to a wait:
/// how long (`micros`), and what you want to see again in `on_timeout` (`seen`; I3).
pub fn on_take<S: GilState>(s: &S, me: ThreadId) -> Take {
    todo!("{me:?} wants it: {s:?}")
}

/// `me` waited as long as it said, and nobody woke it. `seen` is what its [`Take::Wait`] said.
///
/// Somebody may have let go in this very moment: I1 holds here, too.
pub fn on_timeout<S: GilState>(s: &S, me: ThreadId, seen: u64) -> Take {
    todo!("{me:?} has waited, and saw {seen}: {s:?}")
}

/// `me` has the GIL and lets it go: because it was asked, because it is going to block, or because it ends.
///
/// The machine wakes a thread that waits, if there is one; that is not your business. Whether `me` must wait for the
/// switch is (I5).
///
/// CPython clears the request here, too, because there a thread may take the GIL between the two lines.
pub fn on_release<S: GilState>(s: &S, me: ThreadId) -> Release {
    todo!("{me:?} lets go: {s:?}")
}

kit::plug_gil!();
