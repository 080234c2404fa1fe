//! # A program: a list of operations, and the loop that runs it
//!
//! Everything that is measured is a [`Program`], made beforehand: decoding and random numbers cost the contenders
//! nothing. An operation is two numbers:
//!
//! ```text
//!   (slot 7, 64 bytes)   alloc 64 bytes, remember the block in slot 7, write its first byte
//!   (slot 7, BACK)       free the block of slot 7
//! ```
//!
//! A slot is used again as soon as its block is free, the latest first, so that the table of blocks stays as small as
//! the number of blocks alive. The byte is written because a program that asks for memory uses it: an allocator
//! that hands out cold memory pays for that here, as it would there.

use crate::contender::Contender;

/// In an operation's `bytes`: this one is a free.
const BACK: u32 = u32::MAX;

/// One operation.
#[derive(Clone, Copy, Debug)]
struct Op {
    slot: u32,
    bytes: u32,
}

/// Operations, and how many slots they need.
#[derive(Clone, Debug, Default)]
pub struct Program {
    ops: Vec<Op>,
    slots: u32,
    pairs: u64,
    /// Slots without a block, while the program is made.
    unused: Vec<u32>,
    /// Bytes asked for in each slot, 0 for none, while the program is made.
    asked: Vec<u32>,
}

impl Program {
    /// Adds a request of `bytes` bytes and tells its slot. A request of none is one of one byte, so that there is a
    /// byte to write.
    pub fn alloc(&mut self, bytes: u32) -> u32 {
        let slot = self.unused.pop().unwrap_or_else(|| {
            self.asked.push(0);
            self.slots += 1;
            self.slots - 1
        });
        let bytes = bytes.clamp(1, BACK - 1);
        self.asked[slot as usize] = bytes;
        self.ops.push(Op { slot, bytes });
        self.pairs += 1;
        slot
    }

    /// Adds the free of the block in `slot`.
    pub fn free(&mut self, slot: u32) {
        debug_assert_ne!(self.asked[slot as usize], 0, "slot {slot} has no block");
        self.asked[slot as usize] = 0;
        self.unused.push(slot);
        self.ops.push(Op { slot, bytes: BACK });
    }

    /// Frees whatever is left: I2 of the benches.
    #[must_use]
    pub fn finished(mut self) -> Program {
        let left: Vec<u32> = (0..self.slots).filter(|slot| self.asked[*slot as usize] != 0).collect();
        left.into_iter().for_each(|slot| self.free(slot));
        (self.unused, self.asked) = (vec![], vec![]);
        self
    }

    /// Blocks that are asked for and come back.
    #[must_use]
    pub fn pairs(&self) -> u64 {
        self.pairs
    }

    /// Operations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ops.len()
    }

    /// Is there nothing to do?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    /// A table of blocks that is large enough. It is written, so that no page of it is new to the replay.
    #[must_use]
    pub fn table(&self) -> Vec<*mut u8> {
        (0..self.slots).map(|_| std::ptr::dangling_mut()).collect()
    }
}

/// Runs all of `program`. `table` is the program's [`table`](Program::table).
#[inline(never)]
pub fn replay<C: Contender>(contender: &C, program: &Program, table: &mut [*mut u8]) {
    for op in &program.ops {
        let block = &mut table[op.slot as usize];
        if op.bytes == BACK {
            // SAFETY: a program frees a slot once after each alloc, and `alloc` put the block there.
            unsafe { contender.free(*block) };
        } else {
            *block = there(contender.alloc(op.bytes as usize));
            // SAFETY: a contender gives a block of at least `bytes` bytes.
            unsafe { block.write_volatile(1) };
        }
    }
}

/// Runs `program` and fills each block, as a program would. Calls `look` with the bytes that are asked for and not
/// yet freed: before the first operation, and `looks` times on the way at equal distances, the last time at the end.
pub fn replay_looking<C: Contender>(contender: &C, program: &Program, looks: usize, mut look: impl FnMut(u64)) {
    let mut table = program.table();
    let mut asked = vec![1u32; table.len()];
    // Both are really there before the first look: their pages are not the contender's.
    std::hint::black_box((&mut table, &mut asked));
    let (mut alive, mut done) = (0, 0);
    look(alive);
    for part in 1..=looks {
        let until = program.len() * part / looks;
        for op in &program.ops[done..until] {
            let slot = op.slot as usize;
            if op.bytes == BACK {
                // SAFETY: as in `replay`.
                unsafe { contender.free(table[slot]) };
                alive -= u64::from(asked[slot]);
            } else {
                table[slot] = there(contender.alloc(op.bytes as usize));
                // SAFETY: a contender gives a block of at least `bytes` bytes.
                unsafe { table[slot].write_bytes(1, op.bytes as usize) };
                asked[slot] = op.bytes;
                alive += u64::from(op.bytes);
            }
        }
        done = until;
        look(alive);
    }
}

/// A block, or the end.
#[inline(always)]
fn there(block: *mut u8) -> *mut u8 {
    if block.is_null() {
        out_of_memory();
    }
    block
}

#[cold]
fn out_of_memory() -> ! {
    eprintln!("out of memory");
    std::process::exit(3)
}
