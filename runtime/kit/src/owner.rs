//! # Who owns which word
//!
//! The machine around a part says what each stretch of memory is ([`State`]) and, for each call into a part, which
//! states that call may read and write ([`Rights`]). Checked memory holds the part to it. Raw memory forgets it all,
//! except under AddressSanitizer, where what nobody may touch is poisoned.
//!
//! A part never sees this trait: it is generic over `Memory`, and [`Owner`] is more than that.

use crate::Addr;
use crate::memory::Memory;
use crate::misuse::Misuse;

/// What a word is, at the moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum State {
    /// Nobody asked the system for it, or it went back.
    Unmapped,
    /// Mapped; nobody ever read or wrote it.
    Untouched,
    /// A header's field, of the part that runs.
    Header,
    /// A header's field, of another part.
    Foreign,
    /// The first word of a free block: the link to the next one.
    FreeLink,
    /// The rest of a free block: what the program left there.
    FreeBody,
    /// Of a block that the program holds.
    Held,
}

/// A set of states.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct States(u8);

impl States {
    /// The set of these.
    pub const fn of(states: &[State]) -> States {
        let (mut bits, mut i) = (0, 0);
        while i < states.len() {
            bits |= 1 << states[i] as u8;
            i += 1;
        }
        States(bits)
    }

    /// Is `state` one of them?
    pub const fn has(self, state: State) -> bool {
        self.0 & (1 << state as u8) != 0
    }
}

/// What one call into a part may do.
#[derive(Clone, Copy, Debug)]
pub struct Rights {
    /// The function that is called, for the sentence.
    pub during: &'static str,
    /// States that it may read.
    pub read: States,
    /// States that it may write.
    pub write: States,
    /// Untouched words from here on must stay so, although `write` has [`State::Untouched`].
    pub untouched_from: Addr,
}

/// Memory as the machine around a part sees it.
pub trait Owner: Memory {
    /// Whether anybody looks. False: [`mark`](Owner::mark) does nothing, so do not even walk along what you would mark.
    const WATCHED: bool;

    /// From now on the `bytes` bytes from `at` on are `state`.
    fn mark(&self, at: Addr, bytes: u64, state: State);

    /// Runs `part` with `rights`.
    fn call<R>(&self, rights: Rights, part: impl FnOnce() -> R) -> R;

    /// What `at` is; `None` where nobody keeps books.
    fn state(&self, at: Addr) -> Option<State>;

    /// The first misuse, if there was one and somebody watches.
    fn misused(&self) -> Option<Misuse> {
        None
    }

    /// How many words and halves were read and written so far, by anybody; 0 where nobody counts.
    fn accesses(&self) -> u64 {
        0
    }

    /// The word at `at` for pictures and checks: no rights are asked, nothing panics. `None` where there is none.
    fn peek(&self, at: Addr) -> Option<u64>;

    /// The half word at `at`, likewise.
    fn peek_half(&self, at: Addr) -> Option<u32>;

    /// The byte at `at`, likewise.
    fn peek_byte(&self, at: Addr) -> Option<u8>;

    /// Copies `bytes` bytes, no matter what they are. The two stretches do not overlap.
    fn copy(&self, from: Addr, to: Addr, bytes: u64);

    /// Makes a stretch that [`map`](Memory::map) gave larger or smaller, and moves it if need be. `None`: the system
    /// has no more, and the stretch is what it was.
    fn remap(&self, at: Addr, bytes: u64, new_bytes: u64, align: u64) -> Option<Addr> {
        let to = self.map(new_bytes, align)?;
        self.copy(at, to, bytes.min(new_bytes));
        self.release(at, bytes, align);
        Some(to)
    }
}
