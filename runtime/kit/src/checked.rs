//! # Checked memory: the same words, with a state for each
//!
//! Everything that a learner wrote runs on this memory. Addresses are virtual and always the same; each half word
//! knows its [`State`], whether it was ever written, and each call into a part has [`Rights`]. The first access that
//! the rights do not cover ends the scenario with a sentence that names the learner's line, so no part can crash the
//! tool or damage anything.
//!
//! ```text
//!   map      unmapped -> untouched
//!   write    untouched, free body -> free link    a pool links a block
//!   mark     any -> any                            what the machine around the part knows better
//!   release  any -> unmapped
//! ```
//!
//! - **I1** Stretches never overlap, and the space between two is never mapped.
//! - **I2** Rights are in force exactly while a part runs; outside, the machine may do anything that is mapped.

use crate::Addr;
use crate::memory::Memory;
use crate::misuse::{Misuse, Watch};
use crate::owner::{Owner, Rights, State};
use crate::picture::Picture;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

/// Where the first stretch lies, unless its alignment asks for more: where half a word cannot hold an address, as on the
/// machines of learners.
const BASE: u64 = 0x1_0000_0000;

/// Half words in one stretch, at most: more is a request that no machine serves.
const MOST: usize = 1 << 26;

/// Gives places names and draws them: the machine around a part knows the layout, memory does not.
pub trait Describe {
    /// What lies at `at`: "block 3 + 8", "the header's IN_USE".
    fn name(&self, mem: &CheckedMemory, at: Addr) -> String;
    /// Why `at` may not be read, or written, if the machine knows better than its [`State`] says.
    fn why(&self, at: Addr, state: State, wrote: bool) -> Option<String> {
        let _ = (at, state, wrote);
        None
    }
    /// All of it.
    fn picture(&self, mem: &CheckedMemory) -> Picture;
}

/// Words at virtual addresses, checked.
pub struct CheckedMemory {
    stretches: RefCell<Vec<Stretch>>,
    /// First byte and bytes of those that went back.
    released: RefCell<Vec<(u64, u64)>>,
    end: Cell<u64>,
    rights: Cell<Option<Rights>>,
    watch: Rc<Watch>,
    describe: RefCell<Option<Rc<dyn Describe>>>,
    /// Bytes that may still be mapped.
    left: Cell<u64>,
    /// Reads and writes so far.
    accesses: Cell<u64>,
}

struct Stretch {
    start: u64,
    bytes: u64,
    halves: Vec<Half>,
}

/// Four bytes and what is known of them.
#[derive(Clone, Copy)]
struct Half {
    value: u32,
    state: State,
    /// A bit for each byte that was ever written.
    written: u8,
}

/// Every byte of a half word.
const ALL: u8 = 0b1111;

impl Default for CheckedMemory {
    fn default() -> Self {
        CheckedMemory::new(Rc::default())
    }
}

impl CheckedMemory {
    /// Memory whose first misuse goes to `watch`.
    pub fn new(watch: Rc<Watch>) -> Self {
        CheckedMemory {
            stretches: RefCell::default(),
            released: RefCell::default(),
            end: Cell::new(BASE),
            rights: Cell::new(None),
            watch,
            describe: RefCell::default(),
            left: Cell::new(u64::MAX),
            accesses: Cell::new(0),
        }
    }

    /// From now on the system has `bytes` bytes more, and then no more.
    pub fn limit(&self, bytes: u64) {
        self.left.set(bytes);
    }

    /// From now on `describe` names and draws what lies here.
    pub fn describe(&self, describe: Rc<dyn Describe>) {
        *self.describe.borrow_mut() = Some(describe);
    }

    fn half(&self, at: Addr) -> Option<Half> {
        let stretches = self.stretches.borrow();
        let (stretch, index) = find(&stretches, at)?;
        Some(stretches[stretch].halves[index])
    }

    fn change(&self, at: Addr, change: impl FnOnce(&mut Half)) {
        let mut stretches = self.stretches.borrow_mut();
        if let Some((stretch, index)) = find(&stretches, at) {
            change(&mut stretches[stretch].halves[index]);
        }
    }

    /// Was `at` mapped once? Addresses are never given twice.
    fn went_back(&self, at: Addr) -> bool {
        self.released.borrow().iter().any(|(start, bytes)| at.0.wrapping_sub(*start) < *bytes)
    }

    fn name(&self, at: Addr) -> String {
        let describe = self.describe.borrow().clone();
        describe.map_or_else(|| format!("{at:?}"), |describe| describe.name(self, at))
    }

    /// An access is counted, and lies at a multiple of its width.
    #[track_caller]
    fn aligned(&self, at: Addr, width: u64, verb: &str) {
        self.accesses.set(self.accesses.get() + 1);
        if !at.0.is_multiple_of(width) {
            let during = self.during();
            let what = if width == 8 { "a word" } else { "half a word" };
            self.watch.misuse(format!("{during}{verb} {at:?}, but {what} begins at a multiple of {width}"));
        }
    }

    fn during(&self) -> String {
        self.rights.get().map_or_else(String::new, |rights| format!("{} ", rights.during))
    }

    /// A stretch of `half`s.
    fn add(&self, bytes: u64, align: u64, half: Half) -> Option<Addr> {
        let left = self.left.get().checked_sub(bytes)?;
        let start = self.end.get().checked_next_multiple_of(align.max(8))?;
        // Never touching (I1): one step beyond a stretch is a mistake that shows.
        let end = start.checked_add(bytes)?.checked_add(0x1008)? & !7;
        let halves = usize::try_from(bytes.div_ceil(4)).ok().filter(|halves| *halves <= MOST)?;
        self.left.set(left);
        self.stretches.borrow_mut().push(Stretch { start, bytes, halves: vec![half; halves] });
        self.end.set(end);
        Some(Addr(start))
    }

    fn may_read(&self, state: State) -> bool {
        self.rights.get().is_none_or(|rights| rights.read.has(state))
    }

    /// The half word at `at`, if the part that runs may read it.
    #[track_caller]
    fn load(&self, at: Addr) -> u32 {
        let half = self.half(at);
        let state = half.map_or(State::Unmapped, |half| half.state);
        let may = self.may_read(state);
        match half {
            Some(Half { value, written: ALL, .. }) if may => value,
            _ => self.refuse(at, state, may, "read"),
        }
    }

    /// Writes those bytes of the half word at `at` that `mask` names, if the part that runs may.
    #[track_caller]
    fn store(&self, at: Addr, value: u32, mask: u8) {
        let state = self.half(at).map_or(State::Unmapped, |half| half.state);
        let may = self.rights.get().is_none_or(|rights| {
            rights.write.has(state) && !(state == State::Untouched && at.0 >= rights.untouched_from.0)
        });
        if !may || state == State::Unmapped {
            // The first of the bytes that were to be written.
            self.refuse(at.plus(u64::from(mask.trailing_zeros())), state, may, "wrote to");
        }
        self.change(at, |half| {
            let kept = (0..4).filter(|byte| mask & (1 << byte) == 0).fold(0, |kept, byte| kept | 0xFF << (8 * byte));
            half.value = half.value & kept | value & !kept;
            half.written |= mask;
            if matches!(state, State::Untouched | State::FreeBody) {
                half.state = State::FreeLink;
            }
        });
    }

    #[track_caller]
    #[cold]
    fn refuse(&self, at: Addr, state: State, may: bool, verb: &str) -> ! {
        let (during, name) = (self.during(), self.name(at));
        let describe = self.describe.borrow().clone();
        if let Some(why) = describe.and_then(|describe| describe.why(at, state, verb != "read")) {
            self.watch.misuse(format!("{during}{verb} {name}, but {why}"));
        }
        let why = match state {
            State::Unmapped if at.0 < BASE => {
                "nothing lies there: a link to nothing was followed, or a small number".into()
            }
            State::Unmapped if self.went_back(at) => "that memory went back to the system".into(),
            State::Unmapped => "nobody asked the system for that memory".into(),
            State::Held => "the program holds that block".into(),
            State::Untouched if verb == "read" => "nobody ever wrote there".into(),
            State::Untouched => "that block is not needed yet, so nobody may touch it".into(),
            State::Foreign => "that field belongs to another part".into(),
            State::FreeBody if verb == "read" => "what lies there is what the program left behind".into(),
            _ if may => "nothing was ever written there".to_string(),
            _ => "this function has no business there".into(),
        };
        self.watch.misuse(format!("{during}{verb} {name}, but {why}"))
    }
}

/// Which stretch, and which half word in it.
fn find(stretches: &[Stretch], at: Addr) -> Option<(usize, usize)> {
    let stretch = stretches.partition_point(|stretch| stretch.start <= at.0).checked_sub(1)?;
    let index = usize::try_from((at.0 - stretches[stretch].start) / 4).ok()?;
    (index < stretches[stretch].halves.len()).then_some((stretch, index))
}

impl fmt::Debug for CheckedMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let describe = self.describe.borrow().clone();
        match describe {
            Some(describe) => write!(f, "{}", describe.picture(self)),
            None => write!(f, "checked memory"),
        }
    }
}

impl Memory for CheckedMemory {
    #[track_caller]
    fn read(&self, at: Addr) -> u64 {
        self.aligned(at, 8, "read");
        u64::from(self.load(at)) | u64::from(self.load(at.plus(4))) << 32
    }

    #[track_caller]
    fn write(&self, at: Addr, word: u64) {
        self.aligned(at, 8, "wrote to");
        self.store(at, word as u32, ALL);
        self.store(at.plus(4), (word >> 32) as u32, ALL);
    }

    #[track_caller]
    fn read_half(&self, at: Addr) -> u32 {
        self.aligned(at, 4, "read");
        self.load(at)
    }

    #[track_caller]
    fn write_half(&self, at: Addr, half: u32) {
        self.aligned(at, 4, "wrote to");
        self.store(at, half, ALL);
    }

    #[track_caller]
    fn read_byte(&self, at: Addr) -> u8 {
        let (base, shift) = (Addr(at.0 & !3), at.0 & 3);
        match self.half(base) {
            // One byte of a half word may be there before the others are.
            Some(half) if half.written & (1 << shift) != 0 && self.may_read(half.state) => {
                (half.value >> (8 * shift)) as u8
            }
            half => {
                let state = half.map_or(State::Unmapped, |half| half.state);
                self.refuse(at, state, self.may_read(state), "read")
            }
        }
    }

    #[track_caller]
    fn write_byte(&self, at: Addr, byte: u8) {
        let shift = at.0 & 3;
        self.store(Addr(at.0 & !3), u32::from(byte) << (8 * shift), 1 << shift);
    }

    fn map(&self, bytes: u64, align: u64) -> Option<Addr> {
        self.add(bytes, align, Half { value: 0, state: State::Untouched, written: 0 })
    }

    fn map_zeroed(&self, bytes: u64, align: u64) -> Option<Addr> {
        self.add(bytes, align, Half { value: 0, state: State::Header, written: ALL })
    }

    #[track_caller]
    fn release(&self, at: Addr, bytes: u64, _align: u64) {
        let found = self.stretches.borrow().iter().position(|stretch| stretch.start == at.0);
        let Some(stretch) = found else {
            let why = if self.went_back(at) { "that memory went back already" } else { "no stretch begins there" };
            self.watch.misuse(format!("{}released {at:?}, but {why}", self.during()));
        };
        let mapped = self.stretches.borrow()[stretch].bytes;
        if mapped != bytes {
            let during = self.during();
            self.watch.misuse(format!("{during}released {bytes} bytes at {at:?}, but that stretch has {mapped}"));
        }
        let gone = self.stretches.borrow_mut().remove(stretch);
        self.released.borrow_mut().push((gone.start, gone.bytes));
    }
}

impl Owner for CheckedMemory {
    const WATCHED: bool = true;

    fn mark(&self, at: Addr, bytes: u64, state: State) {
        for offset in (0..bytes).step_by(4) {
            self.change(at.plus(offset), |half| half.state = state);
        }
    }

    fn call<R>(&self, rights: Rights, part: impl FnOnce() -> R) -> R {
        let before = self.rights.replace(Some(rights));
        let result = part();
        self.rights.set(before);
        result
    }

    fn state(&self, at: Addr) -> Option<State> {
        Some(self.half(at).map_or(State::Unmapped, |half| half.state))
    }

    fn misused(&self) -> Option<Misuse> {
        self.watch.first()
    }

    fn accesses(&self) -> u64 {
        self.accesses.get()
    }

    fn peek(&self, at: Addr) -> Option<u64> {
        let (low, high) = (self.peek_half(at)?, self.peek_half(at.plus(4))?);
        Some(u64::from(low) | u64::from(high) << 32)
    }

    fn peek_half(&self, at: Addr) -> Option<u32> {
        self.half(at).filter(|half| half.written == ALL).map(|half| half.value)
    }

    fn peek_byte(&self, at: Addr) -> Option<u8> {
        let shift = at.0 & 3;
        let half = self.half(Addr(at.0 & !3)).filter(|half| half.written & (1 << shift) != 0)?;
        Some((half.value >> (8 * shift)) as u8)
    }

    fn copy(&self, from: Addr, to: Addr, bytes: u64) {
        for offset in 0..bytes {
            let (Some(byte), at) = (self.peek_byte(from.plus(offset)), to.plus(offset)) else { continue };
            let shift = at.0 & 3;
            self.change(Addr(at.0 & !3), |half| {
                half.value = half.value & !(0xFF << (8 * shift)) | u32::from(byte) << (8 * shift);
                half.written |= 1 << shift;
            });
        }
    }
}
