//! # The cycle collector
//!
//! ```text
//!   update_refs --> subtract_refs --> move_unreachable --> young: what can be reached, unreachable: what cannot
//!   (machine)       (part)            (part)
//! ```
//!
//! [`subtract_refs`] and [`move_unreachable`] are parts. [`graph`] is the machine around them: objects as words in
//! memory ([`store`]), each behind a head of two words ([`head`]), in lists that run through the heads ([`list`]).
//!
//! Source: `Modules/gcmodule.c` of CPython 3.11. Nothing here recurses over objects: a list is its own work list.
//!
//! *Architecture Invariant:* a part never sees a head, a link or a tag bit. It sees [`kit::graph::Graph`].

pub mod api;
pub mod bin;
mod book;
pub mod callbacks;
mod clear;
pub mod collect;
pub mod debug;
pub mod examined;
pub mod finalizers;
pub mod generations;
pub mod graph;
pub mod head;
pub mod list;
pub mod move_unreachable;
mod scene;
mod service;
pub mod store;
pub mod subtract_refs;
pub mod tally;
pub mod validate;
pub mod walk;
pub mod weakrefs;
