//! # Usable arenas as they were up to CPython 3.8: none is kept
//!
//! 3.9 began to keep the last arena of the list when it becomes wholly free (bpo-37257). Before, every such arena went
//! back at once, and a program whose need swings around the edge of an arena asked the system for one, and gave it
//! back, each time. Everything else is the reference's part.
//!
//! - **I1** No arena in the list is wholly free, but for one that was just added.

use kit::Memory;
use kit::arena::ArenaAt;
use kit::usable_arenas::UsableArenas;
use kit::usable_arenas::{FIRST, FREE_COUNT, Fate, NEXT_ARENA, PREV_ARENA, TOTAL_COUNT, UsableAt, last_with};
use runtime::heap::usable_arenas as reference;

/// The part.
#[derive(Clone, Copy, Debug, Default)]
pub struct Part;

impl<M: Memory> UsableArenas<M> for Part {
    fn add(&self, mem: &M, list: UsableAt, arena: ArenaAt) {
        reference::add(mem, list, arena);
    }
    fn taken(&self, mem: &M, list: UsableAt, arena: ArenaAt) {
        reference::taken(mem, list, arena);
    }
    fn given(&self, mem: &M, list: UsableAt, arena: ArenaAt) -> Fate {
        let fate = reference::given(mem, list, arena);
        let free = mem.get(arena, FREE_COUNT);
        if fate == Fate::Stays && free == mem.get(arena, TOTAL_COUNT) {
            // The reference keeps it, so it is the last of the list; by I1, the only one with so many free pools.
            debug_assert_eq!(mem.get(arena, NEXT_ARENA), None);
            mem.set(list, last_with(free), None);
            match mem.get(arena, PREV_ARENA) {
                Some(left) => mem.set(left, NEXT_ARENA, None),
                None => mem.set(list, FIRST, None),
            }
            return Fate::GoesBack;
        }
        fate
    }
}
