//! # The words and the socket of exercise `eval-breaker`
//!
//! An interpreter's loop runs instruction after instruction and must also look, now and then, whether something else
//! is to be done. It looks at *one* flag, the eval breaker, and only after some instructions. If the flag is set, it
//! leaves the loop and asks a state machine for one duty after the other.
//!
//! ```text
//!   LOAD_FAST  BINARY_OP  STORE_FAST  JUMP_BACKWARD     a switch point: is the breaker set?
//!                                          |
//!                                          +-- no --> the next instruction
//!                                          +-- yes -> Begins --on_breaker--> a duty, what came of it --on_breaker-->
//!                                                     ... --on_breaker--> GoOn: the next instruction
//!
//!   a call that blocks:  Begins --on_blocking--> LetGo, CameBack --> Take, TookAgain --> Return
//! ```
//!
//! Source: `eval_frame_handle_pending`, `handle_signals`, `make_pending_calls`, `COMPUTE_EVAL_BREAKER` in
//! `Python/ceval.c` of CPython 3.11; `EINTR` as in `_Py_read` of `Python/fileutils.c`.

use crate::gil::ThreadId;
use std::fmt;

/// So many pending calls are made in one round, at most: `NPENDINGCALLS`.
pub const PENDING_CALLS: u32 = 32;

/// The error of a call that a signal interrupted.
pub const EINTR: u32 = 4;

// ANCHOR: instructions
/// What the loop has just done. Names of CPython 3.11; each stands for all of its kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Instruction {
    /// Reads a local variable: `LOAD_FAST`.
    LoadFast,
    /// Stores one: `STORE_FAST`.
    StoreFast,
    /// Adds, multiplies ...: `BINARY_OP`.
    BinaryOp,
    /// Asks an iterator for its next item: `FOR_ITER`.
    ForIter,
    /// Skips an `else`: `JUMP_FORWARD`.
    JumpForward,
    /// The end of a `for` loop's body: `JUMP_BACKWARD`.
    JumpBackward,
    /// The end of a `while` loop's body, while its condition is true: `POP_JUMP_BACKWARD_IF_TRUE`.
    PopJumpBackwardIfTrue,
    /// Back to the inner generator, in the loop of `yield from` and `await`: `JUMP_BACKWARD_NO_INTERRUPT`.
    JumpBackwardNoInterrupt,
    /// Called a function written in C, which has come back: `CALL`.
    Call,
    /// The same with `f(*args)`: `CALL_FUNCTION_EX`.
    CallFunctionEx,
    /// Called a function written in Python: its frame is there, its first instruction comes next:
    /// `CALL_PY_EXACT_ARGS`.
    CallPy,
    /// A frame begins or goes on: `RESUME`.
    Resume(After),
    /// Back to the caller: `RETURN_VALUE`.
    ReturnValue,
    /// A generator hands out a value: `YIELD_VALUE`.
    YieldValue,
}

/// After what a frame goes on: the argument of `RESUME`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum After {
    /// 0: it begins.
    Start,
    /// 1: a `yield`.
    Yield,
    /// 2: a `yield from`; an inner generator goes on next.
    YieldFrom,
    /// 3: an `await`; an inner coroutine goes on next.
    Await,
}
// ANCHOR_END: instructions

// ANCHOR: pending
/// What is to be done, and the flags that say so. `{s:?}` shows it.
///
/// Flags are set by whoever has something to do (the C handler of a signal, another thread), at any time; each
/// `set_` here is the part's.
pub trait Pending: fmt::Debug {
    /// Is `me` the main thread?
    fn is_main(&self, me: ThreadId) -> bool;

    /// The flag of signals: one came, and its handler, a Python function, is to be run.
    fn signals(&self) -> bool;
    /// From now on that is the flag of signals.
    #[track_caller]
    fn set_signals(&self, signals: bool);

    /// The flag of pending calls: one was added (`Py_AddPendingCall`).
    fn calls(&self) -> bool;
    /// From now on that is the flag of pending calls.
    #[track_caller]
    fn set_calls(&self, calls: bool);
    /// Is one in the queue at this moment?
    fn call_waits(&self) -> bool;
    /// Whether pending calls are being made at this moment.
    fn busy(&self) -> bool;
    /// They are being made from now on, or no more.
    #[track_caller]
    fn set_busy(&self, busy: bool);

    /// Did somebody ask the holder of the GIL to let go? Who takes the GIL clears it.
    fn drop_request(&self) -> bool;

    /// Does an exception wait for `me`, which another thread wants it to raise (`PyThreadState_SetAsyncExc`)?
    fn exception(&self, me: ThreadId) -> bool;

    /// The error of the system call that this thread made last; 0: none. Taking the GIL may change it.
    fn errno(&self) -> u32;
}
// ANCHOR_END: pending

/// How a handler or a pending call ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It came back.
    Fine,
    /// It raised an exception, which goes on from here.
    Raised,
}

// ANCHOR: duties
/// Where a round at a switch point stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Round {
    /// The breaker is set: a round begins.
    Begins,
    /// After [`Duty::RunHandlers`].
    HandlersRan(Outcome),
    /// After [`Duty::MakeCall`]: in this round `made` calls were made, and the last of them ended so.
    CallMade {
        /// How many, this one included.
        made: u32,
        /// How this one ended.
        outcome: Outcome,
    },
    /// After [`Duty::LetGo`]: the thread has the GIL again.
    TookAgain,
}

/// What a thread does next, at a switch point.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Duty {
    /// Runs the Python handlers of the signals that came, one after the other, until one raises.
    RunHandlers,
    /// Takes the oldest pending call off the queue and makes it.
    MakeCall,
    /// Lets the GIL go and takes it again.
    LetGo,
    /// Raises the exception that waits for it.
    Raise,
    /// The round is over: the next instruction, or the exception that a handler or a call raised.
    GoOn,
}
// ANCHOR_END: duties

// ANCHOR: blocking
/// Where a call that blocks stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Blocking {
    /// It is about to ask the system.
    Begins,
    /// The system answered: [`Pending::errno`] says how. The thread does not have the GIL yet.
    CameBack,
    /// It has the GIL again; `errno` is what its [`Step::Take`] said.
    TookAgain {
        /// Carried.
        errno: u32,
    },
    /// After [`Step::RunHandlers`].
    HandlersRan(Outcome),
}

/// What it does next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Lets the GIL go and asks the system.
    LetGo,
    /// Takes the GIL.
    Take {
        /// Handed back in [`Blocking::TookAgain`].
        errno: u32,
    },
    /// Runs the Python handlers of the signals that came, as [`Duty::RunHandlers`] does.
    RunHandlers,
    /// Comes back to Python; with an `OSError` unless `errno` is 0.
    Return {
        /// The error.
        errno: u32,
    },
    /// Comes back to Python with the exception that a handler raised.
    Raise,
}
// ANCHOR_END: blocking

// ANCHOR: socket
/// The socket: where a thread may switch, and what it does there.
pub trait EvalBreaker<S: Pending + ?Sized> {
    /// Is the breaker looked at after this instruction?
    fn is_switch_point(&self, instruction: Instruction) -> bool;
    /// Is the breaker set for `me`, who has the GIL? Asked whenever a flag changed or another thread has the GIL.
    fn breaker(&self, s: &S, me: ThreadId) -> bool;
    /// The next duty of `me`.
    fn on_breaker(&self, s: &S, me: ThreadId, round: Round) -> Duty;
    /// The next step of a call of `me` that blocks.
    fn on_blocking(&self, s: &S, me: ThreadId, call: Blocking) -> Step;
}
// ANCHOR_END: socket

/// Makes the part out of the functions of a file.
#[macro_export]
macro_rules! plug_eval_breaker {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl<S: $crate::eval_breaker::Pending> $crate::eval_breaker::EvalBreaker<S> for Part {
            #[inline]
            fn is_switch_point(&self, instruction: $crate::eval_breaker::Instruction) -> bool {
                is_switch_point(instruction)
            }
            #[inline]
            fn breaker(&self, s: &S, me: $crate::gil::ThreadId) -> bool {
                breaker(s, me)
            }
            #[inline]
            fn on_breaker(
                &self,
                s: &S,
                me: $crate::gil::ThreadId,
                round: $crate::eval_breaker::Round,
            ) -> $crate::eval_breaker::Duty {
                on_breaker(s, me, round)
            }
            #[inline]
            fn on_blocking(
                &self,
                s: &S,
                me: $crate::gil::ThreadId,
                call: $crate::eval_breaker::Blocking,
            ) -> $crate::eval_breaker::Step {
                on_blocking(s, me, call)
            }
        }
    };
}
