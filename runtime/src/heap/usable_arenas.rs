//! # Usable arenas: the fullest first
//!
//! An arena can go back to the system only when *all* of its pools are free. So the arena with the fewest free pools
//! gets the next request: the others are left alone, and perhaps the last of their pools comes back.
//!
//! The arenas with at least one free pool are a list, in the order of their free pools. When an arena gets a pool
//! back, its number grows by one, and it may have to move to the right, past all arenas that have as many as it *had*.
//! There may be thousands of those. A table remembers where they end:
//!
//! ```text
//! FIRST -> a:1 <-> b:3 <-> c:3 <-> d:3 <-> e:7        name:free pools
//!
//! last_with(1) = a     last_with(3) = d     last_with(7) = e     every other: None
//!
//! b gets a pool back:   a:1 <-> c:3 <-> d:3 <-> b:4 <-> e:7      last_with(3) = d, last_with(4) = b
//! ```
//!
//! - **I1** The list holds exactly the arenas that have at least one free pool; `NEXT_ARENA` and `PREV_ARENA` agree,
//!   and are `None` at its ends. An arena without free pools is in no list.
//! - **I2** From left to right, the number of free pools never becomes smaller.
//! - **I3** `last_with(k)` is the last arena in the list with `k` free pools, `None` when there is none.
//! - **I4** No function walks along the list: each takes the same few steps, however many arenas there are.
//! - **I5** An arena all of whose pools are free leaves the list and goes back, *unless it stands last in the list* at
//!   that moment: one is kept for the next request.
//! - **I6** An arena that gets its first free pool goes to the very front; one that moves to the right goes directly
//!   behind the last arena that has as many as it had before.
//!
//! How to speak to memory: `mem.get(list, FIRST)`, `mem.set(list, last_with(3), Some(arena))`, `mem.get(arena,
//! NEXT_ARENA)`. `FREE_COUNT` and `TOTAL_COUNT` are to be read only: the arena counts for itself, and has done so when
//! you are called. `println!` and `dbg!(mem)` are yours. In a picture, `a:1 b:3` are names and free pools, and `?` is a
//! link or an entry that leads to no arena.

use kit::Memory;
use kit::arena::ArenaAt;
use kit::usable_arenas::*; // UsableAt, Fate; FIRST last_with(k); NEXT_ARENA PREV_ARENA FREE_COUNT TOTAL_COUNT

/// A new arena: all of its pools are free. The list is empty, because somebody asks for a new arena only then.
///
/// What its two links hold is left over from an earlier life. In the table, every entry is `None` before.
// ANCHOR: add
pub fn add<M: Memory>(mem: &M, list: UsableAt, arena: ArenaAt) {
    // [exercise] todo!("{arena:?} is the only one in {list:?}, {mem:?}")
    mem.set(arena, NEXT_ARENA, None);
    mem.set(arena, PREV_ARENA, None);
    mem.set(list, FIRST, Some(arena));
    mem.set(list, last_with(mem.get(arena, FREE_COUNT)), Some(arena));
    // [/exercise]
}
// ANCHOR_END: add

/// `arena`, the first of the list, has just handed out a pool: its `FREE_COUNT` is one smaller than before, and may
/// be 0.
///
/// A question to answer before you write: why can this never break I2?
// ANCHOR: taken
pub fn taken<M: Memory>(mem: &M, list: UsableAt, arena: ArenaAt) {
    // [exercise] todo!("{arena:?}, the first in {list:?}, has a free pool less, {mem:?}")
    let free = mem.get(arena, FREE_COUNT);
    if mem.get(list, last_with(free + 1)) == Some(arena) {
        mem.set(list, last_with(free + 1), None);
    }
    if free > 0 {
        // It was the first, so nobody else has as few.
        mem.set(list, last_with(free), Some(arena));
    } else {
        unlink(mem, list, arena);
    }
    // [/exercise]
}
// ANCHOR_END: taken

/// `arena` has just got a pool back: its `FREE_COUNT` is one larger than before.
///
/// Four cases, in this order: it goes back to the system (I5), and the answer is [`Fate::GoesBack`]; this is its only
/// free pool, so it comes to the front (I6); it has more free pools than its right neighbour now, so it moves (I6); or
/// it stays where it is. Do not forget the table (I3): `arena` may have been the last one with as many as it had, and
/// may be the last one with as many as it has.
// ANCHOR: given
pub fn given<M: Memory>(mem: &M, list: UsableAt, arena: ArenaAt) -> Fate {
    // [exercise] todo!("{arena:?}, in {list:?}, has a free pool more, {mem:?}")
    let free = mem.get(arena, FREE_COUNT);
    let before = free - 1;
    let last = mem.get(list, last_with(before));
    if last == Some(arena) {
        // The one on its left has the table's place now, if it has as many as this one had.
        let left = mem.get(arena, PREV_ARENA).filter(|left| mem.get(*left, FREE_COUNT) == before);
        mem.set(list, last_with(before), left);
    }
    if free == mem.get(arena, TOTAL_COUNT) && mem.get(arena, NEXT_ARENA).is_some() {
        unlink(mem, list, arena);
        return Fate::GoesBack;
    }
    if free == 1 {
        let first = mem.get(list, FIRST);
        link(mem, list, None, arena, first);
    } else if let Some(last) = last.filter(|last| *last != arena) {
        unlink(mem, list, arena);
        let right = mem.get(last, NEXT_ARENA);
        link(mem, list, Some(last), arena, right);
    }
    // Arenas with as many were there before: they stand further to the right.
    if mem.get(list, last_with(free)).is_none() {
        mem.set(list, last_with(free), Some(arena));
    }
    Fate::Stays
    // [/exercise]
}
// ANCHOR_END: given

// [solution]
/// Puts `arena` between two neighbours; none on the left: it is the first.
// ANCHOR: link
fn link<M: Memory>(mem: &M, list: UsableAt, left: Option<ArenaAt>, arena: ArenaAt, right: Option<ArenaAt>) {
    mem.set(arena, PREV_ARENA, left);
    mem.set(arena, NEXT_ARENA, right);
    join(mem, list, left, Some(arena));
    join(mem, list, Some(arena), right);
}

/// Takes `arena` out of the list.
fn unlink<M: Memory>(mem: &M, list: UsableAt, arena: ArenaAt) {
    join(mem, list, mem.get(arena, PREV_ARENA), mem.get(arena, NEXT_ARENA));
}

/// From now on, `left` and `right` are neighbours.
fn join<M: Memory>(mem: &M, list: UsableAt, left: Option<ArenaAt>, right: Option<ArenaAt>) {
    match left {
        Some(left) => mem.set(left, NEXT_ARENA, right),
        None => mem.set(list, FIRST, right),
    }
    if let Some(right) = right {
        mem.set(right, PREV_ARENA, left);
    }
}
// ANCHOR_END: link

// [/solution]
kit::plug_usable_arenas!();
