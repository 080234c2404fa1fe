//! # The heap
//!
//! ```text
//!   request of n bytes --size_classes--> class --pool--> block
//! ```
//!
//! [`size_classes`] says which blocks serve a request, [`pool`] keeps blocks of one size in one stretch of memory.
//! Both are parts. [`single`] is the smallest machine around a pool: memory for one, and the rights of each call.

pub mod pool;
pub mod single;
pub mod size_classes;
