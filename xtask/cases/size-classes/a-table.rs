//! # Size classes from a table
//!
//! All requests are looked up in a table that is made for each question.

use kit::size_classes::*;

/// The block sizes, in order.
fn sizes(align: Alignment) -> Vec<u32> {
    (1..=512).filter(|size| size % align.bytes() == 0).collect()
}

/// The table's length.
pub fn class_count(align: Alignment) -> u32 {
    sizes(align).len() as u32
}

/// Binary search.
pub fn class_of(bytes: u64, align: Alignment) -> Option<ClassIndex> {
    println!("a request of {bytes} bytes");
    let sizes = sizes(align);
    let place = sizes.partition_point(|size| u64::from(*size) < bytes);
    (bytes > 0 && place < sizes.len()).then_some(ClassIndex(place as u32))
}

/// The entry.
pub fn block_size(class: ClassIndex, align: Alignment) -> u32 {
    sizes(align)[class.0 as usize]
}

/// The rest divided.
pub fn blocks_per_pool(class: ClassIndex, align: Alignment, pool_size: u32) -> u32 {
    (pool_size - POOL_HEADER - lost_in_pool(class, align, pool_size)) / block_size(class, align)
}

/// The remainder of a division.
pub fn lost_in_pool(class: ClassIndex, align: Alignment, pool_size: u32) -> u32 {
    (pool_size - POOL_HEADER).rem_euclid(block_size(class, align))
}

kit::plug_size_classes!();
