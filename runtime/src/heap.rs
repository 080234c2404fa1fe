//! # The heap
//!
//! ```text
//!   request of n bytes --size_classes--> class --pool--> block
//! ```
//!
//! [`size_classes`] says which blocks serve a request, [`pool`] keeps blocks of one size in one stretch of memory.
//! Both are parts. [`single`] is the smallest machine around a pool: memory for one, and the rights of each call.

pub mod address_map;
pub mod allocator;
pub mod arena;
mod arenas;
pub mod debug_hooks;
pub mod domains;
pub mod global;
pub mod heap_map;
pub mod hooks;
pub mod machine;
pub mod pool;
pub mod raw_domain;
pub mod requests;
pub mod single;
pub mod size_classes;
pub mod stats;
mod tables;
pub mod usable_arenas;
mod validate;
pub mod view;
