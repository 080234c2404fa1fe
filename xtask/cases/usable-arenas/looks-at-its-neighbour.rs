//! # Usable arenas, as CPython writes it
//!
//! Whether an arena has to move is decided by its right neighbour, not by the table; links are written in place.

use kit::Memory;
use kit::arena::ArenaAt;
use kit::usable_arenas::*;

/// The only one.
pub fn add<M: Memory>(mem: &M, list: UsableAt, arena: ArenaAt) {
    mem.set(list, FIRST, Some(arena));
    mem.set(arena, PREV_ARENA, None);
    mem.set(arena, NEXT_ARENA, None);
    let free = mem.get(arena, TOTAL_COUNT);
    mem.set(list, last_with(free), Some(arena));
}

/// The first one has a pool less.
pub fn taken<M: Memory>(mem: &M, list: UsableAt, arena: ArenaAt) {
    let now = mem.get(arena, FREE_COUNT);
    let old = last_with(now + 1);
    if mem.get(list, old) == Some(arena) {
        mem.set(list, old, None);
    }
    if now > 0 {
        mem.set(list, last_with(now), Some(arena));
        return;
    }
    let next = mem.get(arena, NEXT_ARENA);
    mem.set(list, FIRST, next);
    if let Some(next) = next {
        mem.set(next, PREV_ARENA, None);
    }
    mem.set(arena, NEXT_ARENA, None);
}

/// Four cases.
pub fn given<M: Memory>(mem: &M, list: UsableAt, arena: ArenaAt) -> Fate {
    let now = mem.get(arena, FREE_COUNT);
    if now == 1 {
        to_the_front(mem, list, arena);
        return Fate::Stays;
    }
    let was = now - 1;
    let (prev, next) = (mem.get(arena, PREV_ARENA), mem.get(arena, NEXT_ARENA));
    let last = mem.get(list, last_with(was));
    if last == Some(arena) {
        match prev {
            Some(prev) if mem.get(prev, FREE_COUNT) == was => mem.set(list, last_with(was), Some(prev)),
            _ => mem.set(list, last_with(was), None),
        }
    }
    let Some(next) = next else {
        mem.set(list, last_with(now), Some(arena));
        return Fate::Stays;
    };
    let all = now == mem.get(arena, TOTAL_COUNT);
    if !all && mem.get(list, last_with(now)).is_none() {
        mem.set(list, last_with(now), Some(arena));
    }
    if !all && mem.get(next, FREE_COUNT) >= now {
        return Fate::Stays;
    }
    mem.set(next, PREV_ARENA, prev);
    match prev {
        Some(prev) => mem.set(prev, NEXT_ARENA, Some(next)),
        None => mem.set(list, FIRST, Some(next)),
    }
    if all {
        return Fate::GoesBack;
    }
    let last = last.expect("somebody on the right has as many as it had");
    let after = mem.get(last, NEXT_ARENA);
    mem.set(last, NEXT_ARENA, Some(arena));
    mem.set(arena, PREV_ARENA, Some(last));
    mem.set(arena, NEXT_ARENA, after);
    if let Some(after) = after {
        mem.set(after, PREV_ARENA, Some(arena));
    }
    Fate::Stays
}

fn to_the_front<M: Memory>(mem: &M, list: UsableAt, arena: ArenaAt) {
    let first = mem.get(list, FIRST);
    mem.set(arena, PREV_ARENA, None);
    mem.set(arena, NEXT_ARENA, first);
    mem.set(list, FIRST, Some(arena));
    if let Some(first) = first {
        mem.set(first, PREV_ARENA, Some(arena));
    }
    if mem.get(list, last_with(1)).is_none() {
        mem.set(list, last_with(1), Some(arena));
    }
}

kit::plug_usable_arenas!();
