//! # Containers that do not keep what is in them
//!
//! What Python's library builds on weak references: `WeakValueDictionary`, `WeakKeyDictionary`, `WeakSet`, `WeakMethod`
//! and `finalize`. The rule by which a container forgets, and does not while somebody iterates, is a part.

pub mod containers;
