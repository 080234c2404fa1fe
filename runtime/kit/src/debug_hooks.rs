//! # The words and the socket of exercise `debug-hooks`
//!
//! A block in a coat: the hooks ask the allocator below for 24 bytes more than the program wants, and put guards
//! around what the program gets.
//!
//! ```text
//!  p-16                    p-8  p-7                     p                        p+n
//!  | n, 8 bytes big-endian | id | 7 x 0xFD (FORBIDDEN)  | n x 0xCD (CLEAN)       | 8 x 0xFD (FORBIDDEN) |
//!    ^ what the allocator below gave                    ^ what the program gets
//! ```
//!
//! Source: `_PyMem_DebugRawAlloc` and its neighbours in CPython's `Objects/obmalloc.c`. The values of the three bytes
//! are those since 3.8 (and 3.7.4); before, they were 0xCB, 0xDB and 0xFB.

pub use crate::memory::Addr;

use crate::memory::Memory;
use std::fmt;

// ANCHOR: bytes
/// Fills what the program was given and has not written yet.
pub const CLEAN: u8 = 0xCD;
/// Fills what the program gave back.
pub const DEAD: u8 = 0xDD;
/// Guards: nobody may write there.
pub const FORBIDDEN: u8 = 0xFD;
/// Bytes in front of the program's first byte.
pub const BEFORE: u64 = 16;
/// Bytes behind the program's last byte.
pub const AFTER: u64 = 8;
// ANCHOR_END: bytes

/// Which of the three domains a block belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Domain {
    /// `PyMem_RawMalloc`: the system's, may be called without the GIL.
    Raw,
    /// `PyMem_Malloc`: buffers.
    Mem,
    /// `PyObject_Malloc`: objects.
    Object,
}

impl Domain {
    /// The letter that a debug block carries.
    #[must_use]
    pub const fn letter(self) -> u8 {
        match self {
            Domain::Raw => b'r',
            Domain::Mem => b'm',
            Domain::Object => b'o',
        }
    }
}

// ANCHOR: fault
/// What is wrong with a block that the program brings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The letter is not that of the domain that the block came back to; here is what was found.
    BadId(u8),
    /// A guard in front of the block was overwritten.
    BadLeadingPad,
    /// A guard behind the block was overwritten.
    BadTrailingPad,
}
// ANCHOR_END: fault

impl fmt::Display for Fault {
    /// CPython's words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::BadId(found) if found.is_ascii_graphic() => write!(f, "bad ID: found '{}'", *found as char),
            Fault::BadId(found) => write!(f, "bad ID: found {found:#04x}"),
            Fault::BadLeadingPad => f.write_str("bad leading pad byte"),
            Fault::BadTrailingPad => f.write_str("bad trailing pad byte"),
        }
    }
}

// ANCHOR: socket
/// The socket: guards around a block.
pub trait DebugHooks<M: Memory + ?Sized> {
    /// Dresses the block at `start`, which is `bytes + 24` bytes long, and gives the address for the program. The
    /// program's bytes are left alone.
    fn dress(&self, mem: &M, start: Addr, bytes: u64, domain: Domain) -> Addr;
    /// Looks at all guards of the program's block at `block`, and gives the bytes that were asked for.
    ///
    /// # Errors
    /// The first fault, in this order: the letter, the guards in front, the guards behind.
    fn check(&self, mem: &M, block: Addr, domain: Domain) -> Result<u64, Fault>;
    /// The program gave the block back: nothing of it, guards included, may be taken for anything alive. Gives the
    /// address for the allocator below.
    fn bury(&self, mem: &M, block: Addr) -> Addr;
}
// ANCHOR_END: socket

/// Makes the part out of the functions of a file.
#[macro_export]
macro_rules! plug_debug_hooks {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl<M: $crate::Memory> $crate::debug_hooks::DebugHooks<M> for Part {
            fn dress(
                &self,
                mem: &M,
                start: $crate::Addr,
                bytes: u64,
                domain: $crate::debug_hooks::Domain,
            ) -> $crate::Addr {
                dress(mem, start, bytes, domain)
            }
            fn check(
                &self,
                mem: &M,
                block: $crate::Addr,
                domain: $crate::debug_hooks::Domain,
            ) -> Result<u64, $crate::debug_hooks::Fault> {
                check(mem, block, domain)
            }
            fn bury(&self, mem: &M, block: $crate::Addr) -> $crate::Addr {
                bury(mem, block)
            }
        }
    };
}
