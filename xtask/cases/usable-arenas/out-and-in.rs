//! # Usable arenas: out and in again
//!
//! Whatever happens to an arena, it is taken out of the list and of the table under its old number, and put back under
//! its new one. No case is special.

use kit::Memory;
use kit::arena::ArenaAt;
use kit::usable_arenas::*;

/// Into an empty list.
pub fn add<M: Memory>(mem: &M, list: UsableAt, arena: ArenaAt) {
    put(mem, list, None, arena);
}

/// Out, and to the front again if there is a reason.
pub fn taken<M: Memory>(mem: &M, list: UsableAt, arena: ArenaAt) {
    let free = mem.get(arena, FREE_COUNT);
    pull(mem, list, arena, free + 1);
    if free > 0 {
        put(mem, list, None, arena);
    }
}

/// Out, unless it was in no list, and in again, unless it goes back.
pub fn given<M: Memory>(mem: &M, list: UsableAt, arena: ArenaAt) -> Fate {
    let free = mem.get(arena, FREE_COUNT);
    if free == 1 {
        put(mem, list, None, arena);
        return Fate::Stays;
    }
    let (left, right) = (mem.get(arena, PREV_ARENA), mem.get(arena, NEXT_ARENA));
    pull(mem, list, arena, free - 1);
    if free == mem.get(arena, TOTAL_COUNT) && right.is_some() {
        return Fate::GoesBack;
    }
    // Behind the last one that has as many as it had; nobody has: where it stood.
    let behind = mem.get(list, last_with(free - 1)).or(left);
    put(mem, list, behind, arena);
    Fate::Stays
}

/// Out of the list and of the table, where it has the number `free`.
fn pull<M: Memory>(mem: &M, list: UsableAt, arena: ArenaAt, free: u32) {
    let (left, right) = (mem.get(arena, PREV_ARENA), mem.get(arena, NEXT_ARENA));
    if mem.get(list, last_with(free)) == Some(arena) {
        let heir = left.filter(|left| mem.get(*left, FREE_COUNT) == free);
        mem.set(list, last_with(free), heir);
    }
    match left {
        Some(left) => mem.set(left, NEXT_ARENA, right),
        None => mem.set(list, FIRST, right),
    }
    if let Some(right) = right {
        mem.set(right, PREV_ARENA, left);
    }
}

/// Behind `left`, or to the front, and into the table if nobody behind it has as many.
fn put<M: Memory>(mem: &M, list: UsableAt, left: Option<ArenaAt>, arena: ArenaAt) {
    let right = match left {
        Some(left) => mem.get(left, NEXT_ARENA),
        None => mem.get(list, FIRST),
    };
    mem.set(arena, PREV_ARENA, left);
    mem.set(arena, NEXT_ARENA, right);
    match left {
        Some(left) => mem.set(left, NEXT_ARENA, Some(arena)),
        None => mem.set(list, FIRST, Some(arena)),
    }
    if let Some(right) = right {
        mem.set(right, PREV_ARENA, Some(arena));
    }
    let free = mem.get(arena, FREE_COUNT);
    if right.is_none_or(|right| mem.get(right, FREE_COUNT) != free) {
        mem.set(list, last_with(free), Some(arena));
    }
}

kit::plug_usable_arenas!();
