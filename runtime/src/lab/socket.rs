//! # Sockets: somebody's part, behind a pointer
//!
//! The lab is compiled once, with the parts behind `dyn`. A probe fills one socket with a learner's part; everything
//! else in the machine is the reference's.

use kit::checked::CheckedMemory;
use kit::pool::Pool;
use kit::size_classes::SizeClasses;

/// A part, plugged in.
#[derive(Clone, Copy)]
pub enum Socket {
    /// Exercise `size-classes`.
    SizeClasses(&'static (dyn SizeClasses + Sync)),
    /// Exercise `pool`.
    Pool(&'static (dyn Pool<CheckedMemory> + Sync)),
}

impl Socket {
    /// The part's identifier: what stands behind `use` in a scenario.
    pub fn id(&self) -> &'static str {
        match self {
            Socket::SizeClasses(_) => "size-classes",
            Socket::Pool(_) => "pool",
        }
    }
}
