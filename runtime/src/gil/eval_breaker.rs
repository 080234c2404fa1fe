//! # The eval breaker: one flag for all that is to be done
//!
//! A signal came. Another thread wants the GIL. Somebody asked for a call. The loop that runs instructions cannot look
//! for each of them after each instruction: it looks at one flag, after some instructions, and that flag is the breaker.
//!
//! ```text
//!   flag of signals --+ main thread only                          a round, at a switch point with the breaker set
//!   flag of calls ----+ main thread only                            1. handlers of signals    main thread only
//!   drop request -----+                  --> breaker -->            2. pending calls          main thread only
//!   an exception for me                                             3. let go, and take again
//!                                                                   4. the exception
//! ```
//!
//! - **I1** The breaker is looked at where a loop comes round (any jump backwards), when a call of a C function has come
//!   back, and where a frame begins or goes on after a `yield`. Not in between: straight-line code is not interrupted.
//!   Not in the loop of `yield from` and `await` either: whatever happens there is for the innermost frame.
//! - **I2** The breaker is for the thread that has the GIL. Signals and pending calls are the main thread's business:
//!   they set no other thread's breaker, and no other thread does them.
//! - **I3** A round looks at the four duties once each, in their order. A handler or a call that raises ends it: the rest
//!   stays to be done at the next switch point.
//! - **I4** A flag is cleared *before* its duty is done. What comes in meanwhile sets it again, and is not lost. A duty
//!   that raised sets it again itself, for what it did not come to.
//! - **I5** While pending calls are made nobody begins to make others, though they come to switch points themselves: from
//!   the first one to the last, however that ends, `busy` is set. One round makes [`PENDING_CALLS`] at most, though a call
//!   may add another one: the queue holds no more than that, so what is left was added meanwhile, and has its flag set.
//! - **I6** A call that blocks lets the GIL go first. `errno` is saved before the GIL is taken again. A call that a signal
//!   interrupted (`EINTR`) is made again: in the main thread handlers run first, and one that raises ends it. No flag
//!   is looked at or touched, and nothing else is done: the switch point behind the call does that.
//!
//! You hold no state: `Round` and `Blocking` say where you are, and `s` has the flags. `s.signals()`, `s.calls()`,
//! `s.busy()`, `s.drop_request()`, `s.exception(me)` and `s.is_main(me)` read; `s.set_signals(..)`, `s.set_calls(..)` and
//! `s.set_busy(..)` write; `s.call_waits()` looks into the queue of calls. Handlers and calls are run by the machine, and
//! they are programs: they come to switch points, too, and a round within the round begins.

use kit::eval_breaker::*; // Pending; Instruction, After; Round, Duty, Outcome; Blocking, Step; PENDING_CALLS, EINTR
use kit::gil::ThreadId;

/// Is the breaker looked at after this instruction (I1)?
// ANCHOR: is_switch_point
pub fn is_switch_point(instruction: Instruction) -> bool {
    // [exercise] todo!("may a thread switch after {instruction:?}?")
    use Instruction::{Call, CallFunctionEx, JumpBackward, PopJumpBackwardIfTrue, Resume};
    matches!(
        instruction,
        JumpBackward | PopJumpBackwardIfTrue | Call | CallFunctionEx | Resume(After::Start | After::Yield)
    )
    // [/exercise]
}
// ANCHOR_END: is_switch_point

/// Is anything to be done that `me` can do (I2)? `me` has the GIL. Only the flags are looked at: it must be
/// quick, and the breaker does not know of `busy`.
// ANCHOR: breaker
pub fn breaker<S: Pending>(s: &S, me: ThreadId) -> bool {
    // [exercise] todo!("is anything to be done by {me:?}? {s:?}")
    s.drop_request() || s.exception(me) || s.is_main(me) && (s.signals() || s.calls())
    // [/exercise]
}
// ANCHOR_END: breaker

/// The next duty of `me`, at a switch point with the breaker set (I3). `round` says what was done last.
///
/// `RunHandlers` runs all handlers that wait; `MakeCall` makes one call, and there must be one. Each time the machine asks
/// again, until you say `GoOn` or `Raise`. An exception that a handler or a call raised goes its way after `GoOn`. (A flag
/// may be set although nothing waits any more: what raised set it again, and it was the last one.)
// ANCHOR: on_breaker
pub fn on_breaker<S: Pending>(s: &S, me: ThreadId, round: Round) -> Duty {
    // [exercise] todo!("{round:?}: what does {me:?} do next? {s:?}")
    match round {
        Round::Begins if s.signals() && s.is_main(me) => {
            s.set_signals(false);
            Duty::RunHandlers
        }
        Round::HandlersRan(Outcome::Raised) => {
            s.set_signals(true);
            Duty::GoOn
        }
        Round::Begins | Round::HandlersRan(Outcome::Fine) if s.calls() && s.is_main(me) && !s.busy() => {
            s.set_busy(true);
            s.set_calls(false);
            next_call(s, me, 0)
        }
        Round::CallMade { outcome: Outcome::Raised, .. } => {
            s.set_busy(false);
            s.set_calls(true);
            Duty::GoOn
        }
        Round::CallMade { made, outcome: Outcome::Fine } => next_call(s, me, made),
        Round::Begins | Round::HandlersRan(Outcome::Fine) => request(s, me),
        Round::TookAgain => exception(s, me),
    }
    // [/exercise]
}
// ANCHOR_END: on_breaker

// [solution]
/// `made` calls were made in this round: one more, or on to the next duty.
fn next_call<S: Pending>(s: &S, me: ThreadId, made: u32) -> Duty {
    if made < PENDING_CALLS && s.call_waits() {
        return Duty::MakeCall;
    }
    s.set_busy(false);
    request(s, me)
}

fn request<S: Pending>(s: &S, me: ThreadId) -> Duty {
    if s.drop_request() { Duty::LetGo } else { exception(s, me) }
}

fn exception<S: Pending>(s: &S, me: ThreadId) -> Duty {
    if s.exception(me) { Duty::Raise } else { Duty::GoOn }
}
// [/solution]

/// The next step of a call that blocks (I6).
///
/// `LetGo` lets the GIL go and asks the system, whether for the first time or again. When it has answered, `errno` is
/// the thread's, until it takes the GIL: what you put into `Take` you get back in `TookAgain`.
// ANCHOR: on_blocking
pub fn on_blocking<S: Pending>(s: &S, me: ThreadId, call: Blocking) -> Step {
    // [exercise] todo!("{call:?}: what does {me:?} do next? {s:?}")
    match call {
        Blocking::Begins | Blocking::HandlersRan(Outcome::Fine) => Step::LetGo,
        Blocking::CameBack => Step::Take { errno: s.errno() },
        Blocking::TookAgain { errno: EINTR } if s.is_main(me) => Step::RunHandlers,
        Blocking::TookAgain { errno: EINTR } => Step::LetGo,
        Blocking::TookAgain { errno } => Step::Return { errno },
        Blocking::HandlersRan(Outcome::Raised) => Step::Raise,
    }
    // [/exercise]
}
// ANCHOR_END: on_blocking

kit::plug_eval_breaker!();
