//! # Random request programs, for the comparison of addresses
//!
//! A program is a list of [`Request`]s made from a seed. It runs in phases, as real programs do, so that pools and
//! arenas fill up, thin out and go back in many orders:
//!
//! | | one of |
//! |---|---|
//! | sizes of a phase | anything from 0 to 600; up to 128; three sizes; one size |
//! | direction | towards any number of blocks alive, up to forty thousand |
//! | who goes first | a random block, the oldest, the newest, a run of neighbours |
//!
//! One request in twelve is a `calloc`, one in twelve a `realloc`. Some programs hold on to one block in eighty, so
//! that hardly an arena ever becomes free. At the end all goes back, in a random order.

use crate::patterns::Random;
use std::collections::VecDeque;

/// One request. A slot holds the block that an earlier request put there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "a slot is a slot, and bytes are bytes")]
pub enum Request {
    Malloc { slot: u32, bytes: u32 },
    Calloc { slot: u32, count: u32, bytes: u32 },
    Realloc { slot: u32, bytes: u32 },
    Free { slot: u32 },
}

/// A phase ends with fewer blocks alive than this.
const ALIVE: usize = 40_000;
/// Requests of the longest phase.
const LONGEST: usize = 30_000;

/// The program of this seed, of about `length` requests.
#[must_use]
pub fn program(seed: u64, length: usize) -> Vec<Request> {
    let mut random = Random::new(seed);
    let keeps = random.below(3) == 0;
    let mut maker = Maker { random, keeps, requests: vec![], alive: VecDeque::new(), kept: vec![], slots: 0 };
    while maker.requests.len() < length {
        maker.phase();
    }
    maker.alive.extend(std::mem::take(&mut maker.kept));
    while !maker.alive.is_empty() {
        let index = maker.random.below(maker.alive.len());
        maker.free(index);
    }
    maker.requests
}

/// Who is freed first.
#[derive(Clone, Copy)]
enum Order {
    Random,
    Oldest,
    Newest,
    Neighbours,
}

struct Maker {
    random: Random,
    /// Whether some blocks stay until the end.
    keeps: bool,
    requests: Vec<Request>,
    /// Slots with a block that may be freed, oldest first as long as nothing was taken from the middle.
    alive: VecDeque<u32>,
    /// Slots whose block stays until the end.
    kept: Vec<u32>,
    slots: u32,
}

impl Maker {
    fn phase(&mut self) {
        let sizes: Vec<u32> = match self.random.below(4) {
            0 => (0..=600).collect(),
            1 => (1..=128).collect(),
            2 => (0..3).map(|_| self.random.below(513) as u32).collect(),
            _ => vec![1 + self.random.below(512) as u32],
        };
        let order = [Order::Random, Order::Oldest, Order::Newest, Order::Neighbours][self.random.below(4)];
        let target = if self.random.below(3) == 0 { 0 } else { self.random.below(ALIVE) };
        let grows = target > self.alive.len();
        for _ in 0..LONGEST {
            if self.alive.len() == target || self.alive.is_empty() && !grows {
                break;
            }
            let frees = if grows { 2 } else { 10 };
            match self.random.below(12) {
                choice if choice < frees => self.free_one(order),
                _ => {
                    let bytes = sizes[self.random.below(sizes.len())];
                    self.ask(bytes);
                }
            }
        }
    }

    fn ask(&mut self, bytes: u32) {
        match (self.random.below(12), self.alive.is_empty()) {
            (0, false) => {
                let slot = self.alive[self.random.below(self.alive.len())];
                self.requests.push(Request::Realloc { slot, bytes });
                return;
            }
            (1, _) => {
                let count = 1 + self.random.below(3) as u32;
                let bytes = bytes / count;
                self.requests.push(Request::Calloc { slot: self.slots, count, bytes });
            }
            _ => self.requests.push(Request::Malloc { slot: self.slots, bytes }),
        }
        match self.keeps && self.random.below(80) == 0 {
            true => self.kept.push(self.slots),
            false => self.alive.push_back(self.slots),
        }
        self.slots += 1;
    }

    fn free_one(&mut self, order: Order) {
        if self.alive.is_empty() {
            return;
        }
        match order {
            Order::Random => {
                let index = self.random.below(self.alive.len());
                self.free(index);
            }
            Order::Oldest => self.free(0),
            Order::Newest => self.free(self.alive.len() - 1),
            Order::Neighbours => {
                let start = self.random.below(self.alive.len());
                let end = (start + 1 + self.random.below(300)).min(self.alive.len());
                let run: Vec<u32> = self.alive.drain(start..end).collect();
                self.requests.extend(run.into_iter().map(|slot| Request::Free { slot }));
            }
        }
    }

    /// Frees the block at `index` of those alive. From the middle, the newest takes its place.
    fn free(&mut self, index: usize) {
        let slot = match index {
            0 => self.alive.pop_front(),
            _ => self.alive.swap_remove_back(index),
        };
        self.requests.extend(slot.map(|slot| Request::Free { slot }));
    }
}

/// Slots that `requests` use.
#[must_use]
pub fn slots(requests: &[Request]) -> usize {
    let slot = |request: &Request| match *request {
        Request::Malloc { slot, .. } | Request::Calloc { slot, .. } => slot as usize + 1,
        Request::Realloc { .. } | Request::Free { .. } => 0,
    };
    requests.iter().map(slot).max().unwrap_or(0)
}
