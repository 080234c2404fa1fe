//! # The kit: what an exercise may use
//!
//! An exercise is one file that imports this crate and the standard library, nothing else. The reference runtime
//! imports it too, because a part of the runtime *is* the solution of an exercise.
//!
//! ```text
//!            memory   Addr, Field, Memory            words at addresses
//!              raw    RawMemory                      real memory: the reference alone runs on it
//!              checked  CheckedMemory, State         the same words, with a state for each: what you wrote runs on it
//!              owner  Owner, Rights                  how the machine around a part says who may touch what
//!            misuse   Misuse, Watch                  the sentence that names your line
//!            observe  Observer, Silent, Recorder     who hears what happened
//!            trace    Record, Kind                   facts and steps
//!            text     list, one_line                 what a line may hold
//!            picture  Picture                        what is drawn
//!            geometry, size_classes, pool, arena, usable_arenas, address_map, allocator, debug_hooks
//!                                                    Part 1: the words and the sockets
//!            refcount, free_lists, containers, trashcan
//!                                                    Part 2
//!            graph, generations, finalizers          Part 3
//!            weakref, weak_containers                Part 4
//!            gil, eval_breaker, scheduler            Part 5
//! ```
//!
//! A *part* is what an exercise asks for: a trait here (a *socket*), functions in your file, and a macro that plugs
//! one into the other. Parts hold no state; the machine does. There is no answer in this crate.

pub mod address_map;
pub mod allocator;
pub mod arena;
pub mod checked;
pub mod containers;
pub mod debug_hooks;
pub mod eval_breaker;
pub mod finalizers;
pub mod free_lists;
pub mod generations;
pub mod geometry;
pub mod gil;
pub mod graph;
pub mod memory;
pub mod misuse;
pub mod observe;
pub mod owner;
pub mod picture;
pub mod pool;
pub mod raw;
pub mod refcount;
pub mod scheduler;
pub mod size_classes;
pub mod text;
pub mod trace;
pub mod trashcan;
pub mod usable_arenas;
pub mod weak_containers;
pub mod weakref;

pub use memory::{Addr, Field, Memory};
