//! # An arena: one large piece of memory, cut into pools
//!
//! The system is asked seldom, and for much at a time: 256 KiB up to CPython 3.9, 1 MiB since. An arena cuts that into
//! pools, hands them out one by one, and takes them back. What it knows is in its *descriptor*, which lies elsewhere.
//!
//! ```text
//! BASE                                                       UNCARVED
//!  |   | pool 0 | pool 1 | pool 2 | pool 3 | pool 4 | pool 5 |  nobody ever touched this     | rest |
//!  lost  in use   free     in use   free     in use   in use    as many pools as still fit     lost
//!                  ^        FREE_POOLS -> pool 3
//!                  +------------------------- NEXT_POOL
//! ```
//!
//! The picture shows an arena that does not begin at a multiple of the pool's size. Then a part of a pool is lost in
//! front and another one at the end, and 63 pools fit instead of 64.
//!
//! - **I1** Each pool is exactly one of: handed out; in the stack of those that came back; never carved.
//!   `FREE_COUNT` counts the last two kinds together.
//! - **I2** A pool that came back wins over one that was never carved, and the one that came back last is first.
//! - **I3** Nothing from `UNCARVED` on was ever read or written.
//! - **I4** A pool begins at a multiple of the pool's size and lies in the arena as a whole. `TOTAL_COUNT` says how
//!   many such pools there are.
//! - **I5** A pool that is carved gets two fields and no more: `ARENA`, its arena's `INDEX`, and `BLOCK_SIZE` 0, since
//!   it never served any blocks.
//! - **I6** A pool that came back keeps its header: only `NEXT_POOL` is written. If it goes to the same class again,
//!   nothing has to be done anew.
//!
//! How to speak to memory: `mem.get(arena, FREE_COUNT)`, `mem.set(pool, NEXT_POOL, None)`. An address is a number:
//! `base.0`, `PoolAt(Addr(number))`, `pool.0.plus(bytes)`. `println!` and `dbg!(mem)` are yours. In a picture, `#` is a
//! pool that is handed out, `-` one that came back, `.` one that was never carved.

use kit::arena::*; // ArenaAt, Supply; BASE UNCARVED FREE_COUNT TOTAL_COUNT FREE_POOLS INDEX; NEXT_POOL ARENA BLOCK_SIZE
use kit::pool::PoolAt;
use kit::{Addr, Memory};

/// Writes the descriptor of an arena whose memory begins at `base`: all of its pools are free, none is carved.
///
/// `INDEX` is there already. What the other fields hold, if anything, is left over from an earlier life. `pool_size` is
/// a power of two, `base` is any address.
///
/// ```text
/// open(base 0x40000, arena_size 0x40000, pool_size 0x1000)   UNCARVED 0x40000   64 pools
/// open(base 0x40010, arena_size 0x40000, pool_size 0x1000)   UNCARVED 0x41000   63 pools
/// ```
// ANCHOR: open
pub fn open<M: Memory>(mem: &M, arena: ArenaAt, base: Addr, arena_size: u32, pool_size: u32) {
    // [exercise] todo!("{arena:?} has {arena_size} bytes from {base:?} on, for pools of {pool_size}, {mem:?}")
    let first = base.0.next_multiple_of(u64::from(pool_size));
    let lost = (first - base.0) as u32;
    let total = (arena_size - lost) / pool_size;
    mem.set(arena, BASE, Some(base));
    mem.set(arena, UNCARVED, PoolAt(Addr(first)));
    mem.set(arena, FREE_COUNT, total);
    mem.set(arena, TOTAL_COUNT, total);
    mem.set(arena, FREE_POOLS, None);
    // [/exercise]
}
// ANCHOR_END: open

/// Hands out a pool, and says [`Supply::NoneFree`] when it was the last free one, else [`Supply::Same`].
///
/// The caller never asks an arena without free pools, so when the stack is empty, there is one to carve.
// ANCHOR: take
pub fn take<M: Memory>(mem: &M, arena: ArenaAt, pool_size: u32) -> (PoolAt, Supply) {
    // [exercise] todo!("a pool of {pool_size} bytes from {arena:?}, {mem:?}")
    let pool = match mem.get(arena, FREE_POOLS) {
        Some(pool) => {
            mem.set(arena, FREE_POOLS, mem.get(pool, NEXT_POOL));
            pool
        }
        None => carve(mem, arena, pool_size),
    };
    let free = mem.get(arena, FREE_COUNT) - 1;
    mem.set(arena, FREE_COUNT, free);
    (pool, if free == 0 { Supply::NoneFree } else { Supply::Same })
    // [/exercise]
}
// ANCHOR_END: take

// [solution]
/// The next pool that was never handed out.
// ANCHOR: carve
fn carve<M: Memory>(mem: &M, arena: ArenaAt, pool_size: u32) -> PoolAt {
    let pool = mem.get(arena, UNCARVED);
    mem.set(arena, UNCARVED, PoolAt(pool.0.plus(u64::from(pool_size))));
    mem.set(pool, ARENA, mem.get(arena, INDEX));
    mem.set(pool, BLOCK_SIZE, 0);
    pool
}
// ANCHOR_END: carve

// [/solution]
/// Takes `pool` back: it becomes the head of the stack.
///
/// Gives [`Supply::AllFree`] when every pool of the arena is free now, [`Supply::OneFree`] when this is the only one,
/// else [`Supply::Same`]. (The smallest arena has 63 pools, so both at once cannot be.)
// ANCHOR: give
pub fn give<M: Memory>(mem: &M, arena: ArenaAt, pool: PoolAt) -> Supply {
    // [exercise] todo!("{arena:?} gets {pool:?} back, {mem:?}")
    mem.set(pool, NEXT_POOL, mem.get(arena, FREE_POOLS));
    mem.set(arena, FREE_POOLS, Some(pool));
    let free = mem.get(arena, FREE_COUNT) + 1;
    mem.set(arena, FREE_COUNT, free);
    match free {
        1 => Supply::OneFree,
        _ if free == mem.get(arena, TOTAL_COUNT) => Supply::AllFree,
        _ => Supply::Same,
    }
    // [/exercise]
}
// ANCHOR_END: give

kit::plug_arena!();
