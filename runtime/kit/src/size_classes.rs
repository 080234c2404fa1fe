//! # The words and the socket of exercise `size-classes`

pub use crate::geometry::Alignment;

/// The largest request that pools serve, in bytes. Larger ones, and a request of 0, are the raw domain's business.
///
/// Source: `SMALL_REQUEST_THRESHOLD` in CPython's `Objects/obmalloc.c`.
pub const SMALL_REQUEST_THRESHOLD: u64 = 512;

/// Bytes at the start of each pool that are its header: 48 on a 64-bit machine.
pub const POOL_HEADER: u32 = 48;

/// The number of a size class, from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ClassIndex(pub u32);

// ANCHOR: socket
/// The socket: what the allocator asks before it looks for a pool.
pub trait SizeClasses {
    /// How many classes there are.
    fn class_count(&self, align: Alignment) -> u32;
    /// The class that serves a request of `bytes` bytes; `None` when no pool serves it.
    fn class_of(&self, bytes: u64, align: Alignment) -> Option<ClassIndex>;
    /// Bytes of each block of `class`.
    fn block_size(&self, class: ClassIndex, align: Alignment) -> u32;
    /// How many blocks of `class` a pool of `pool_size` bytes holds.
    fn blocks_per_pool(&self, class: ClassIndex, align: Alignment, pool_size: u32) -> u32;
    /// Bytes at the end of such a pool that are too few for one more block.
    fn lost_in_pool(&self, class: ClassIndex, align: Alignment, pool_size: u32) -> u32;
}
// ANCHOR_END: socket

/// Makes the part out of the functions of a file.
#[macro_export]
macro_rules! plug_size_classes {
    () => {
        /// The functions of this file, as the runtime plugs them in.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Part;
        impl $crate::size_classes::SizeClasses for Part {
            #[inline]
            fn class_count(&self, align: $crate::size_classes::Alignment) -> u32 {
                class_count(align)
            }
            #[inline]
            fn class_of(
                &self,
                bytes: u64,
                align: $crate::size_classes::Alignment,
            ) -> Option<$crate::size_classes::ClassIndex> {
                class_of(bytes, align)
            }
            #[inline]
            fn block_size(
                &self,
                class: $crate::size_classes::ClassIndex,
                align: $crate::size_classes::Alignment,
            ) -> u32 {
                block_size(class, align)
            }
            #[inline]
            fn blocks_per_pool(
                &self,
                class: $crate::size_classes::ClassIndex,
                align: $crate::size_classes::Alignment,
                pool_size: u32,
            ) -> u32 {
                blocks_per_pool(class, align, pool_size)
            }
            #[inline]
            fn lost_in_pool(
                &self,
                class: $crate::size_classes::ClassIndex,
                align: $crate::size_classes::Alignment,
                pool_size: u32,
            ) -> u32 {
                lost_in_pool(class, align, pool_size)
            }
        }
    };
}
