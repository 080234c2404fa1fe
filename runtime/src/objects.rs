//! # Objects: what a Python program holds in its hands
//!
//! ```text
//!   token     Interpreter, Gil, Owned, Detached         who may touch objects at all, and who holds one
//!     |
//!   list, tuple, class, frame, exception ...            one file for each type; record for those that are fields only
//!                                                                                (part: containers)
//!   threading, thread_object                            locks and the like, for any shell of `threads`
//!   call, attributes, host                              from an object to what it does
//!     |
//!   weak_list, shutdown                                 who hears of a death, and the end of all
//!   thread_words                                        what is a thread's own, and is swapped with it
//!   counting  references, farewell, release             how an object dies       (parts: refcount, trashcan, weakref)
//!   traverse  what an object refers to
//!   alloc     memory for a new object                   (parts: free_lists, generations)
//!   machine   Objects: the heap, and the runtime's own words (state)
//!   kind, layout, types                                 what lies where
//! ```
//!
//! An object is words in the runtime's heap, as large as CPython 3.11's, and everything about it is in them: the count,
//! the type, the links of the list that the collector finds it in. Functions take `&self` and keep no borrow of memory:
//! a collection may run inside any allocation, and anything at all inside a `decref`.
//!
//! Inside the runtime an [`Obj`](kit::graph::Obj) is a bare address; the doc of each function says whether a reference
//! is *owned* (the caller must drop it), *borrowed*, or *stolen* (the function drops it, sooner or later). Programs use
//! the handles of [`token`], which do that by themselves.

pub mod alloc;
pub mod attributes;
pub mod bytes;
pub mod call;
pub mod class;
pub mod class_tree;
pub mod compare;
pub mod containers;
pub mod counting;
pub mod derived;
pub mod dict;
pub mod dict_copy;
pub mod dict_table;
pub mod equal;
pub mod exception;
pub mod float;
pub mod frame;
pub mod frame_object;
pub mod free_lists;
pub mod function;
pub mod generator;
pub mod hash;
pub mod host;
pub mod instance;
pub mod int;
pub mod intern;
pub mod iterators;
pub mod keys;
pub mod kind;
pub mod layout;
pub mod list;
pub mod machine;
pub mod module;
pub mod names;
pub mod number;
pub mod record;
pub mod refcount;
pub mod set;
pub mod set_table;
pub mod shared_keys;
pub mod shutdown;
pub mod sizeof;
pub mod special;
pub mod state;
pub mod str;
pub mod thread_object;
pub mod thread_words;
pub mod threading;
pub mod token;
pub mod trashcan;
pub mod traverse;
pub mod tuple;
pub mod types;
pub mod weak_list;
pub mod weakref;

pub use machine::{Objects, World};
