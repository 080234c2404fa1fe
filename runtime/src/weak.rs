//! # Containers that do not keep what is in them
//!
//! ```text
//!   values     WeakValueDictionary        --+
//!   keys       WeakKeyDictionary, WeakSet   +-- forgets     the machine around the part
//!   iteration  whoever walks over one     --+   containers  (part weak-containers)
//!   method     WeakMethod
//!   finalize   something to be done when an object dies
//! ```
//!
//! What Python's library builds on weak references. The rule by which a container forgets, and does not while somebody
//! iterates, is a part.

pub mod containers;
pub mod finalize;
pub mod forgets;
pub mod iteration;
pub mod keys;
pub mod method;
pub mod values;
