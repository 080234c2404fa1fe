//! Random programs for a whole heap: ask for blocks, resize them, give them back; a system that has no more memory; a
//! program that writes over a block's guards.
//!
//! No exercise is graded with them: they are for the runtime's own tests and for fuzzing, where the bytes that a program
//! is drawn from are the fuzzer's. A program never asks for what makes no sense; whether a request is *served* may
//! depend on how much memory is left, so blocks have no names: [`Which`] says which one of those that are held.

use super::{few, swarm};
use arbitrary::{Result, Unstructured};
use std::fmt;

/// Operations of one program, at most.
const OPS: usize = 160;
/// Blocks that one program asks for, at most.
const BLOCKS: u32 = 6000;
/// Sizes at which something changes: classes, three quarters of them, the last class, the coat of a debug block.
const EDGES: &[u64] = &[
    0, 0, 1, 7, 8, 9, 15, 16, 17, 24, 25, 32, 40, 48, 64, 112, 128, 255, 256, 257, 384, 385, 487, 488, 489, 512, 513,
    600,
];
/// Sizes of the raw domain.
const LARGE: &[u64] = &[514, 1000, 4096, 5000, 16_384, 20_000, 70_000];
/// Sizes that no system serves.
const HUGE: &[u64] =
    &[1 << 47, 1 << 60, (1 << 63) - 25, (1 << 63) - 24, (1 << 63) - 1, 1 << 63, u64::MAX - 15, u64::MAX];
/// Where arenas begin, counted from a multiple of an arena. 0: as the heap asks for.
const SHIFTS: &[u64] = &[0, 0, 0, 16, 4096, 16_384, 40_000, 262_128];

/// Pools and arenas, and what a block is a multiple of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sizes {
    /// Pools of 4 KiB in arenas of 256 KiB.
    Classic,
    /// The same, blocks in steps of 8 bytes.
    Eight,
    /// Pools of 16 KiB in arenas of 1 MiB.
    Modern,
}

/// One of the blocks that are held, if there is one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// The one that was given out last.
    Newest,
    /// The one that is held for the longest time.
    Oldest,
    /// Counted from the oldest one, round and round.
    Number(u16),
}

impl Which {
    /// Its index, the oldest one first, if `held` blocks are held.
    #[must_use]
    pub fn of(self, held: usize) -> Option<usize> {
        let last = held.checked_sub(1)?;
        Some(match self {
            Which::Newest => last,
            Which::Oldest => 0,
            Which::Number(number) => usize::from(number) % held,
        })
    }
}

/// One operation. A domain is a number: 0 raw, 1 mem, 2 object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Request {
    /// So many blocks of so many bytes.
    Malloc(u8, u64, u32),
    /// A block for so many things of so many bytes.
    Calloc(u8, u64, u64),
    /// `realloc` of nothing.
    ReallocNothing(u8, u64),
    /// Makes a block larger or smaller.
    Realloc(Which, u64),
    /// Gives a block back.
    Free(Which),
    /// `free` of nothing.
    FreeNothing(u8),
    /// Gives so many blocks back, beginning with this one, and always leaves so many between two.
    FreeMany(Which, u16, u16),
    /// A program writes over one of a block's 16 guards, and repairs it after the fault was told.
    Damage(Which, u8),
    /// The system serves so many requests more, and then no more. None: as many as anybody wants.
    Ration(Option<u8>),
    /// Everything is looked at.
    Check,
}

/// A program, and the heap that it is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestProgram {
    /// Pools, arenas, alignment.
    pub sizes: Sizes,
    /// Debug hooks around each domain.
    pub hooks: bool,
    /// Where arenas begin, counted from a multiple of an arena.
    pub shift: u64,
    /// What is done, in order.
    pub requests: Vec<Request>,
}

const MALLOC: u16 = 1;
const MANY: u16 = 2;
const CALLOC: u16 = 4;
const REALLOC: u16 = 8;
const LARGER: u16 = 16;
const TOO_MUCH: u16 = 32;
const NOTHING: u16 = 64;
const FREE: u16 = 128;
const FREE_MANY: u16 = 256;
const DAMAGE: u16 = 512;
const RATION: u16 = 1024;
const CHECK: u16 = 2048;
const ALL: [u16; 12] =
    [MALLOC, MANY, CALLOC, REALLOC, LARGER, TOO_MUCH, NOTHING, FREE, FREE_MANY, DAMAGE, RATION, CHECK];

impl RequestProgram {
    /// Draws a program. It ends where the bytes end.
    ///
    /// # Errors
    /// Those of [`Unstructured`].
    pub fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let sizes = *u.choose(&[Sizes::Classic, Sizes::Classic, Sizes::Eight, Sizes::Modern])?;
        let (hooks, shift) = (u.arbitrary()?, *u.choose(SHIFTS)?);
        let allowed = swarm(u, MALLOC)?;
        let rationed = u.ratio(1, 3)?;
        let ops: Vec<u16> = ALL.into_iter().filter(|op| allowed(*op) && (*op != RATION || rationed)).collect();
        let mut few = few(u, EDGES, 4)?;
        few.push(u.int_in_range(0..=600)?);
        let mut draft = Draft { few, left: BLOCKS, requests: vec![] };
        while !u.is_empty() && draft.requests.len() < OPS {
            let op = *u.choose(&ops)?;
            let request = draft.request(u, op)?;
            draft.requests.push(request);
        }
        Ok(RequestProgram { sizes, hooks, shift, requests: draft.requests })
    }

    /// The program with this seed.
    ///
    /// ```
    /// let program = check::random::requests::RequestProgram::seeded(7);
    /// assert!(!program.requests.is_empty());
    /// ```
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self::draw(&mut Unstructured::new(&super::bytes(seed))).expect("a program can be drawn from any bytes")
    }
}

/// A program that is being drawn.
struct Draft {
    few: Vec<u64>,
    /// Blocks that may still be asked for.
    left: u32,
    requests: Vec<Request>,
}

impl Draft {
    fn request(&mut self, u: &mut Unstructured<'_>, op: u16) -> Result<Request> {
        Ok(match op {
            MANY => {
                let most = if u.ratio(1, 4)? { 2500 } else { 60 };
                let many = u.int_in_range(1..=most)?.min(self.left).max(1);
                self.left = self.left.saturating_sub(many);
                Request::Malloc(domain(u)?, self.bytes(u)?, many)
            }
            CALLOC if u.ratio(1, 6)? => {
                let (count, each) =
                    *u.choose(&[(1 << 33, 1 << 33), (u64::MAX, 2), (3, u64::MAX / 3), (0, 9), (7, 0)])?;
                Request::Calloc(domain(u)?, count, each)
            }
            CALLOC => {
                let each = *u.choose(&[1, 2, 3, 8])?;
                Request::Calloc(domain(u)?, self.bytes(u)? / each, each)
            }
            REALLOC => Request::Realloc(which(u)?, self.bytes(u)?),
            LARGER if u.arbitrary()? => Request::Realloc(which(u)?, *u.choose(LARGE)?),
            LARGER => Request::Malloc(domain(u)?, *u.choose(LARGE)?, 1),
            TOO_MUCH if u.arbitrary()? => Request::Realloc(which(u)?, *u.choose(HUGE)?),
            TOO_MUCH => Request::Malloc(domain(u)?, *u.choose(HUGE)?, 1),
            NOTHING if u.arbitrary()? => Request::FreeNothing(domain(u)?),
            NOTHING => Request::ReallocNothing(domain(u)?, self.bytes(u)?),
            FREE => Request::Free(which(u)?),
            FREE_MANY => {
                let most = if u.arbitrary()? { 2500 } else { 40 };
                let between = *u.choose(&[0, 0, 1, 6, 30])?;
                Request::FreeMany(which(u)?, u.int_in_range(1..=most)?, between)
            }
            DAMAGE => Request::Damage(which(u)?, u.int_in_range(0..=15)?),
            RATION if u.arbitrary()? => Request::Ration(None),
            RATION => Request::Ration(Some(u.int_in_range(0..=3)?)),
            CHECK => Request::Check,
            _ => Request::Malloc(domain(u)?, self.bytes(u)?, 1),
        })
    }

    fn bytes(&self, u: &mut Unstructured<'_>) -> Result<u64> {
        if u.ratio(2, 3)? { u.choose(&self.few).copied() } else { u.int_in_range(0..=600) }
    }
}

/// Objects more often than the others.
fn domain(u: &mut Unstructured<'_>) -> Result<u8> {
    u.choose(&[2, 2, 1, 0]).copied()
}

fn which(u: &mut Unstructured<'_>) -> Result<Which> {
    Ok(match u.int_in_range(0..=3)? {
        0 => Which::Newest,
        1 => Which::Oldest,
        _ => Which::Number(u.arbitrary()?),
    })
}

impl fmt::Display for RequestProgram {
    /// One line for each operation.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RequestProgram { sizes, hooks, shift, requests } = self;
        writeln!(f, "{sizes:?}, arenas begin {shift} bytes late, debug hooks: {hooks}")?;
        requests.iter().try_for_each(|request| writeln!(f, "{request:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_give_a_program_and_the_same_ones_the_same() {
        assert!(RequestProgram::draw(&mut Unstructured::new(&[])).is_ok());
        assert_eq!(RequestProgram::seeded(3), RequestProgram::seeded(3));
        assert!(RequestProgram::seeded(3).to_string().lines().count() > 3);
    }

    #[test]
    fn every_kind_of_request_is_drawn() {
        let programs: Vec<RequestProgram> = (0..300).map(RequestProgram::seeded).collect();
        let with = |wanted: fn(&Request) -> bool| programs.iter().filter(|p| p.requests.iter().any(wanted)).count();
        let kinds: [fn(&Request) -> bool; 12] = [
            |r| matches!(r, Request::Malloc(_, 0..=600, 1)),
            |r| matches!(r, Request::Malloc(_, _, 500..)),
            |r| matches!(r, Request::Malloc(_, 1_000_000.., _)),
            |r| matches!(r, Request::Calloc(..)),
            |r| matches!(r, Request::Realloc(_, 0)),
            |r| matches!(r, Request::Realloc(_, 514..)),
            |r| matches!(r, Request::ReallocNothing(..)),
            |r| matches!(r, Request::FreeNothing(_)),
            |r| matches!(r, Request::FreeMany(..)),
            |r| matches!(r, Request::Damage(..)),
            |r| matches!(r, Request::Ration(Some(_))),
            |r| matches!(r, Request::Free(_)),
        ];
        let met = kinds.map(with);
        assert!(met.iter().all(|programs| *programs > 20), "{met:?}");
    }
}
