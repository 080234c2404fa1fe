//! Where blocks and pools are, in words: by number of arena, pool and block, never by address.

use crate::config::Config;
use crate::heap::machine::Heap;
use kit::Addr;
use kit::allocator::{ClassIndex, PoolAt, Pools};
use kit::memory::Memory;
use kit::pool::{BLOCK_SIZE, HEADER, NEXT_USED, PREV_USED};
use kit::text::list;
use std::cmp::Ordering;

/// Where a block is.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Block {
    arena: u32,
    pool: u32,
    block: u32,
}

/// A link of a used list at most: no list of a scenario is longer.
const LONGEST: usize = 100_000;

/// The used list of `class`, from its front.
pub(super) fn used<C: Config>(heap: &Heap<C>, class: ClassIndex) -> Vec<PoolAt> {
    let Some(first) = heap.first_used(class) else { return vec![] };
    let end = heap.mem().get(first, PREV_USED);
    let next = |pool: &PoolAt| Some(heap.mem().get(*pool, NEXT_USED)).filter(|next| *next != end);
    std::iter::successors(Some(first), next).take(LONGEST).collect()
}

/// `arena 0 pool 3`; `None` when it lies in no pool.
pub(super) fn place<C: Config>(heap: &Heap<C>, at: Addr) -> Option<String> {
    heap.place(at).map(|place| format!("arena {} pool {}", place.arena, place.pool))
}

/// `arena 0 pool 3 block 5`, or `raw`.
pub(super) fn block<C: Config>(heap: &Heap<C>, at: Addr) -> String {
    match find(heap, at) {
        Some(Block { arena, pool, block }) => format!("arena {arena} pool {pool} block {block}"),
        None => "raw".into(),
    }
}

fn find<C: Config>(heap: &Heap<C>, at: Addr) -> Option<Block> {
    let place = heap.place(at)?;
    let size = heap.mem().get(heap.pool_of(at)?, BLOCK_SIZE).max(1);
    let block = place.offset.saturating_sub(HEADER) / size;
    Some(Block { arena: place.arena, pool: place.pool, block })
}

/// Many blocks, neighbours together: `arena 0 pools 3 to 5 blocks 0 to 83, arena 0 pool 6 block 0, raw`.
pub(super) fn places<C: Config>(heap: &Heap<C>, blocks: &[Addr]) -> String {
    let mut runs: Vec<Run> = vec![];
    for at in blocks {
        let run = Run::of(find(heap, *at));
        if runs.last_mut().is_none_or(|last| !last.extend(&run)) {
            runs.push(run);
        }
    }
    let pools = runs.chunk_by(|a, b| a.in_next_pool() == *b);
    sequence(pools.map(|pools| pools[0].text(pools.len() as u32)).collect())
}

/// Neighbours in one pool, in the order of addresses or against it; or blocks of the raw domain.
#[derive(Clone, PartialEq, Eq)]
struct Run {
    first: Option<Block>,
    last: Option<Block>,
    count: u32,
}

impl Run {
    fn of(block: Option<Block>) -> Run {
        Run { first: block, last: block, count: 1 }
    }

    /// Takes one block more, if it continues this run.
    fn extend(&mut self, one: &Run) -> bool {
        let next = match (self.first, self.last, one.first) {
            (None, None, None) => true,
            (Some(first), Some(last), Some(next)) if (last.arena, last.pool) == (next.arena, next.pool) => {
                let up = first.block <= last.block && last.block + 1 == next.block;
                let down = first.block >= last.block && last.block == next.block + 1;
                up || down
            }
            _ => false,
        };
        if next {
            self.last = one.last;
            self.count += 1;
        }
        next
    }

    /// The same blocks, one pool further on.
    fn in_next_pool(&self) -> Run {
        let further = |block: Option<Block>| block.map(|block| Block { pool: block.pool + 1, ..block });
        Run { first: further(self.first), last: further(self.last), count: self.count }
    }

    fn text(&self, pools: u32) -> String {
        let (Some(first), Some(last)) = (self.first, self.last) else {
            return if self.count == 1 { "raw".into() } else { format!("raw, {} times", self.count) };
        };
        let (pool, end) = (first.pool, first.pool + pools - 1);
        let pool = if pools == 1 { format!("pool {pool}") } else { format!("pools {pool} to {end}") };
        let blocks = match first.block.cmp(&last.block) {
            Ordering::Less => format!("blocks {} to {}", first.block, last.block),
            Ordering::Equal => format!("block {}", first.block),
            Ordering::Greater => format!("blocks {} down to {}", first.block, last.block),
        };
        format!("arena {} {pool} {blocks}", first.arena)
    }
}

/// A list whose members have blanks.
pub(super) fn sequence(mut members: Vec<String>) -> String {
    if let Some((_, but_last)) = members.split_last_mut() {
        but_last.iter_mut().for_each(|member| member.push(','));
    }
    list(members)
}
