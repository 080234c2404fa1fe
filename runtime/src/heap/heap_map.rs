//! # The heap map: what lies where, as text
//!
//! ```text
//! arena 0: 64 pools of 16384 bytes, 28 free
//!    0 [#4#92-#...]                         a sign for each pool
//!    3 pools of blocks of  16:  2101 of  3063 in use
//! ```
//!
//! The long form, for a person who looks at a program's heap; the short one is the picture of a trace.

use kit::picture::{ArenaPicture, HeapPicture, PoolCell};
use std::collections::BTreeMap;
use std::fmt;

/// Pools in a line.
const WIDE: usize = 32;

/// A heap, to be written out. `Display` draws each arena with a sign for each pool, and says below what they hold.
pub struct HeapMap(pub HeapPicture);

impl fmt::Display for HeapMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let HeapPicture { arenas, raw } = &self.0;
        for arena in arenas {
            one(f, arena)?;
        }
        writeln!(f, "{} blocks in use, {raw} of them from the raw domain", self.0.blocks())?;
        f.write_str("# full   1 to 9 tenths in use   - came back   . never carved\n")
    }
}

fn one(f: &mut fmt::Formatter<'_>, arena: &ArenaPicture) -> fmt::Result {
    let ArenaPicture { index, pool_size, pools, free_count, .. } = arena;
    writeln!(f, "arena {index}: {} pools of {pool_size} bytes, {free_count} free", pools.len())?;
    for (row, line) in pools.chunks(WIDE).enumerate() {
        let signs: String = line.iter().map(|pool| pool.sign()).collect();
        writeln!(f, "  {:>2} [{signs}]", row * WIDE)?;
    }
    let mut classes: BTreeMap<u32, (u32, u32, u32)> = BTreeMap::new();
    for pool in pools {
        if let PoolCell::Used { block_size, in_use, capacity } = pool {
            let (pools, used, all) = classes.entry(*block_size).or_default();
            (*pools, *used, *all) = (*pools + 1, *used + in_use, *all + capacity);
        }
    }
    for (block_size, (pools, used, all)) in classes {
        let noun = if pools == 1 { "pool" } else { "pools" };
        writeln!(f, "     {pools:>2} {noun:<5} of blocks of {block_size:>3}: {used:>5} of {all:>5} in use")?;
    }
    Ok(())
}
