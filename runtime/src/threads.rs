//! # Threads, and what they wait for one another with
//!
//! ```text
//!   Thread    start, join                                    Local     what dies with its thread
//!      |                                                       |
//!   Queue, SimpleQueue      Semaphore      Event               |     each is `Lib/threading.py`'s, or `queue.py`'s
//!      |        |               |            |                 |
//!      |        |             Condition: a lock, and a list of locks of those who wait
//!      |        |               |
//!      |        |          Lock, RLock: a word or three, in a struct or in an object
//!      v        v               v                              v
//!   Shell: wait and wake on a key, sleep, block, spawn, switch point, clock
//!      |                                   |
//!      +-- Gil<'g, W>: threads of the      +-- a virtual clock, on which threads take turns
//!          system, the GIL of gil::os
//! ```
//!
//! All of this runs with the GIL: a lock is no atomic instruction but a word that is looked at and changed while nobody
//! else runs. What makes it a lock is that a thread that finds it taken gets into a queue before it lets the GIL go
//! ([`shell`], I1).
//!
//! **How a shell is written.** It implements [`Shell`] for what a thread has in its hands while it has the GIL, keeps a
//! queue of threads for each key, and a [`Locals`] for each thread. What is a thread's own in the objects' world (nested
//! deallocations, frames, the exception that is handled) is swapped when another thread takes the GIL:
//! [`Objects::swap_thread`](crate::objects::Objects::swap_thread).
//!
//! **How an object is a lock.** [`Lock::at`] and [`RLock::at`] take words wherever they lie; `InObject` makes one of a
//! word of an object, and its address is the key. A fresh, zeroed word is a free lock.
//!
//! What is not here: a wait for a lock is not broken off by a signal; its handler runs when the main thread comes to its
//! next switch point. No thread is a daemon: the interpreter's memory lives as long as its last thread.

pub mod condition;
pub mod local;
pub mod lock;
pub(crate) mod panics;
pub mod queue;
pub mod semaphore;
pub mod shell;
pub mod thread;
pub mod word;

pub use condition::{Condition, Event};
pub use local::{Local, Locals};
pub use lock::{Hold, Lock, NotAcquired, Patience, RLock};
pub use queue::{Queue, SimpleQueue};
pub use semaphore::Semaphore;
pub use shell::{Body, CannotStart, Micros, Shell, Waited};
pub use thread::Thread;
pub use word::{Guarded, InObject, Word};
