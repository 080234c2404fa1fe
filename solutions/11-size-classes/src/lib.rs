//! # Size classes: from a request to a block size and back
//!
//! Made by `cargo xtask generate` from `runtime/src/heap/size_classes.rs`: edit it there.
//!
//! A request of 1 to 512 bytes is rounded up to a multiple of the alignment. All requests that round up to the same
//! size form a *class*, and each class has pools of its own: a pool's blocks are all of one size.
//!
//! ```text
//! bytes asked   1 ... 16 | 17 ... 32 | 33 ... 48 |  ...  | 497 ... 512 | 513 and more, and 0
//! class               0  |        1  |        2  |       |         31  | none: the raw domain's business
//! block size         16  |       32  |       48  |       |        512  |
//!
//! a pool of 4096        | header 48 | block 0 | block 1 | ...  | block 6 | lost 464 |      (blocks of 512)
//! ```
//!
//! That is alignment 16, as CPython has it since 3.7.4. With alignment 8, as it was before, a class is 8 bytes wide
//! and there are 64 of them.
//!
//! - **I1** A block is at least as large as the request that it serves, and less than one alignment larger.
//! - **I2** Every request from 1 to [`SMALL_REQUEST_THRESHOLD`] has a class; 0 and everything above has none, however
//!   large it is.
//! - **I3** Classes are numbered from 0 without a gap, in the order of their block sizes; the last one's is 512.
//! - **I4** A pool begins with its header. Header, blocks and what is lost at the end add up to the pool's size, and
//!   what is lost is less than a block.

use kit::size_classes::*; // Alignment, ClassIndex; SMALL_REQUEST_THRESHOLD, POOL_HEADER

/// How many classes there are with this alignment.
///
/// ```text
/// class_count(Sixteen)   32          class_count(Eight)   64
/// ```
pub fn class_count(align: Alignment) -> u32 {
    SMALL_REQUEST_THRESHOLD as u32 / align.bytes()
}

/// The class that serves a request of `bytes` bytes, or `None` when no pool serves it (I2).
///
/// ```text
/// class_of(16, Sixteen)   Some(ClassIndex(0))         class_of(0, Sixteen)     None
/// class_of(17, Sixteen)   Some(ClassIndex(1))         class_of(513, Sixteen)   None
/// ```
///
/// `bytes` may be any number that 64 bits can hold. CPython does this with one subtraction, one shift and one
/// comparison for both limits; you may write it as plainly as you like.
// ANCHOR: class_of
pub fn class_of(bytes: u64, align: Alignment) -> Option<ClassIndex> {
    // One comparison for both limits: 0 wraps round to the largest number there is.
    let last = bytes.wrapping_sub(1);
    if last >= SMALL_REQUEST_THRESHOLD {
        return None;
    }
    Some(ClassIndex(last as u32 / align.bytes()))
}
// ANCHOR_END: class_of

/// Bytes of each block of `class`: the way back.
///
/// ```text
/// block_size(ClassIndex(1), Sixteen)   32          block_size(ClassIndex(1), Eight)   16
/// ```
pub fn block_size(class: ClassIndex, align: Alignment) -> u32 {
    (class.0 + 1) * align.bytes()
}

/// How many blocks of `class` fit into a pool of `pool_size` bytes, behind its header (I4).
///
/// ```text
/// blocks_per_pool(ClassIndex(31), Sixteen, 4096)   7         blocks_per_pool(ClassIndex(31), Sixteen, 16384)   31
/// ```
pub fn blocks_per_pool(class: ClassIndex, align: Alignment, pool_size: u32) -> u32 {
    (pool_size - POOL_HEADER) / block_size(class, align)
}

/// Bytes at the end of such a pool that no block covers. CPython's statistics call them *lost to quantization*.
///
/// ```text
/// lost_in_pool(ClassIndex(31), Sixteen, 4096)   464          lost_in_pool(ClassIndex(0), Sixteen, 4096)   0
/// ```
pub fn lost_in_pool(class: ClassIndex, align: Alignment, pool_size: u32) -> u32 {
    (pool_size - POOL_HEADER) % block_size(class, align)
}

kit::plug_size_classes!();
