//! # The list of usable arenas, and a sorted `Vec`
//!
//! The part takes the same few steps however many arenas there are; the model walks. Descriptors say how many pools are
//! free, and here nobody carves any.

use crate::memory::{Ledger, Rationed};
use arbitrary::{Result, Unstructured};
use kit::Addr;
use kit::arena::{ArenaAt, DESCRIPTOR};
use kit::memory::Memory;
use kit::raw::RawMemory;
use kit::usable_arenas::{
    FIRST, FREE_COUNT, Fate, NEXT_ARENA, PREV_ARENA, TABLE, TOTAL_COUNT, UsableArenas, UsableAt, last_with,
};
use runtime::heap::usable_arenas::Part;
use std::rc::Rc;

/// Operations of one program, at most.
const OPS: usize = 400;
/// Arenas.
const ARENAS: usize = 12;

/// Draws a program from `bytes` and runs it.
///
/// # Panics
/// When the list is not what the model is.
pub fn run(bytes: &[u8]) {
    let mut u = Unstructured::new(bytes);
    // No bytes left is no fault: the program is over.
    let _ = draw_and_run(&mut u);
}

/// An arena of the model.
#[derive(Clone, Copy, Debug)]
struct Model {
    total: u32,
    free: u32,
    has_memory: bool,
}

struct Run {
    mem: Rationed<RawMemory>,
    list: UsableAt,
    arenas: Vec<Model>,
    /// The list, by number.
    usable: Vec<usize>,
}

impl Drop for Run {
    fn drop(&mut self) {
        self.mem.release_everything();
    }
}

fn draw_and_run(u: &mut Unstructured<'_>) -> Result<()> {
    // SAFETY: the part reads and writes descriptors and the table only (I1 of kit::raw).
    let mem = Rationed::new(unsafe { RawMemory::new() }, Rc::<Ledger>::default(), 0, 0);
    let list = UsableAt(mem.map_zeroed(TABLE + ARENAS as u64 * DESCRIPTOR, 16).expect("memory for a table"));
    // Arenas of few pools are full and empty after few steps; those of CPython have 63 or 64.
    let totals = *u.choose(&[[2, 2, 3], [3, 4, 5], [63, 64, 64]])?;
    let mut run = Run { mem, list, arenas: vec![], usable: vec![] };
    for number in 0..ARENAS {
        run.arenas.push(Model { total: *u.choose(&totals)?, free: 0, has_memory: false });
        run.mem.set(run.at(number), TOTAL_COUNT, run.arenas[number].total);
    }
    for _ in 0..OPS {
        if u.is_empty() {
            break;
        }
        let number: u8 = u.arbitrary()?;
        if number.is_multiple_of(2) {
            // So many pools at a time: arenas of 64 become full, too.
            (0..u.int_in_range(1..=run.arenas[0].total)?).for_each(|_| run.take());
        } else {
            run.give(usize::from(number / 2) % ARENAS);
        }
        run.compare();
    }
    Ok(())
}

impl Run {
    fn at(&self, number: usize) -> ArenaAt {
        ArenaAt(self.list.0.plus(TABLE + number as u64 * DESCRIPTOR))
    }

    /// A pool is wanted: from the first usable arena, or from a new one.
    fn take(&mut self) {
        if self.usable.is_empty() {
            let Some(number) = self.arenas.iter().position(|arena| !arena.has_memory) else { return };
            let arena = &mut self.arenas[number];
            (arena.free, arena.has_memory) = (arena.total, true);
            self.mem.set(self.at(number), FREE_COUNT, self.arenas[number].free);
            Part.add(&self.mem, self.list, self.at(number));
            self.usable.push(number);
            self.compare();
        }
        let first = self.usable[0];
        self.arenas[first].free -= 1;
        self.mem.set(self.at(first), FREE_COUNT, self.arenas[first].free);
        Part.taken(&self.mem, self.list, self.at(first));
        if self.arenas[first].free == 0 {
            self.usable.remove(0);
        }
    }

    fn give(&mut self, number: usize) {
        let Model { total, free, has_memory } = self.arenas[number];
        if !has_memory || free == total {
            return;
        }
        let last = self.usable.iter().rposition(|other| self.arenas[*other].free == free);
        self.arenas[number].free += 1;
        self.mem.set(self.at(number), FREE_COUNT, free + 1);
        let fate = Part.given(&self.mem, self.list, self.at(number));
        let expected = self.given(number, last);
        assert_eq!(fate, expected, "arena {number} of {:?} (I5)", self.arenas);
        if fate == Fate::GoesBack {
            self.arenas[number].has_memory = false;
        }
    }

    /// What the model says; `last` is the place of the last arena that had as many free pools as this one had.
    fn given(&mut self, number: usize, last: Option<usize>) -> Fate {
        let Model { total, free, .. } = self.arenas[number];
        let Some(place) = self.usable.iter().position(|other| *other == number) else {
            self.usable.insert(0, number);
            return Fate::Stays;
        };
        if free == total && place + 1 < self.usable.len() {
            self.usable.remove(place);
            return Fate::GoesBack;
        }
        let last = last.expect("it had as many itself");
        self.usable.remove(place);
        self.usable.insert(last, number);
        Fate::Stays
    }

    /// I1 to I3, and the model's order.
    fn compare(&self) {
        let (mut walked, mut left, mut next) = (vec![], None, self.mem.get(self.list, FIRST));
        while let Some(arena) = next {
            assert!(walked.len() < ARENAS, "the list has no end");
            assert_eq!(self.mem.get(arena, PREV_ARENA), left, "{:?} (I1)", self.usable);
            walked.push((Addr(arena.0.0 - TABLE).since(self.list.0) / DESCRIPTOR) as usize);
            (left, next) = (Some(arena), self.mem.get(arena, NEXT_ARENA));
        }
        assert_eq!(walked, self.usable, "{:?}", self.arenas);
        assert!(walked.is_sorted_by_key(|number| self.arenas[*number].free), "{:?} (I2)", self.arenas);
        for free in 0..=64 {
            let last = self.usable.iter().rfind(|number| self.arenas[**number].free == free);
            let said = self.mem.get(self.list, last_with(free));
            assert_eq!(said, last.map(|number| self.at(*number)), "the last with {free} free pools (I3)");
        }
    }
}
