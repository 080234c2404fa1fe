//! # Size classes by counting
//!
//! No division anywhere: it tries one class after the other.

use kit::size_classes::*;

/// Counts.
pub fn class_count(align: Alignment) -> u32 {
    (0..).take_while(|class| block_size(ClassIndex(*class), align) <= 512).count() as u32
}

/// The first class whose blocks are large enough.
pub fn class_of(bytes: u64, align: Alignment) -> Option<ClassIndex> {
    if bytes == 0 {
        return None;
    }
    (0..class_count(align)).map(ClassIndex).find(|class| u64::from(block_size(*class, align)) >= bytes)
}

/// One alignment more for each class.
pub fn block_size(class: ClassIndex, align: Alignment) -> u32 {
    (0..=class.0).map(|_| align.bytes()).sum()
}

/// Lays blocks until the next one does not fit.
pub fn blocks_per_pool(class: ClassIndex, align: Alignment, pool_size: u32) -> u32 {
    let (size, mut end, mut blocks) = (block_size(class, align), POOL_HEADER, 0);
    while end + size <= pool_size {
        end += size;
        blocks += 1;
    }
    blocks
}

/// What is left when all blocks are laid.
pub fn lost_in_pool(class: ClassIndex, align: Alignment, pool_size: u32) -> u32 {
    pool_size - POOL_HEADER - blocks_per_pool(class, align, pool_size) * block_size(class, align)
}

kit::plug_size_classes!();
