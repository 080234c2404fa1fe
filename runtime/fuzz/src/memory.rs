//! # Memory that runs out, and that is counted
//!
//! [`Rationed`] stands between a heap and its memory. It refuses when the ration is used up, it checks that what goes
//! back is what was given, and it can place arenas where no system would: several in one strip, each beginning somewhere
//! in a cell of the address map and ending in the next one, where its neighbour begins.
//!
//! - **I1** What goes back is what was given: the same address, size and alignment. Else it panics.
//! - **I2** When memory and heap are gone, [`Ledger::out`] is empty, or something leaked.

use kit::Addr;
use kit::geometry::Geometry;
use kit::memory::Memory;
use kit::misuse::Misuse;
use kit::observe::Silent;
use kit::owner::{Owner, Rights, State};
use runtime::config::Config;
use runtime::objects::World;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

/// What was given and is not back, and what may still be asked for.
#[derive(Debug, Default)]
pub struct Ledger {
    ration: Cell<Option<u64>>,
    refused: Cell<u64>,
    out: RefCell<BTreeMap<u64, (u64, u64)>>,
}

impl Ledger {
    /// From now on the system serves so many requests more; `None`: all.
    pub fn ration(&self, requests: Option<u64>) {
        self.ration.set(requests);
    }

    /// How many requests were refused because the ration was used up.
    pub fn refused(&self) -> u64 {
        self.refused.get()
    }

    /// May memory run out?
    pub fn is_rationed(&self) -> bool {
        self.ration.get().is_some()
    }

    /// Stretches that did not come back.
    pub fn out(&self) -> usize {
        self.out.borrow().len()
    }

    fn serves(&self) -> bool {
        match self.ration.get() {
            Some(0) => {
                self.refused.set(self.refused.get() + 1);
                return false;
            }
            left => self.ration.set(left.map(|left| left - 1)),
        }
        true
    }

    fn gave(&self, at: Addr, bytes: u64, align: u64) -> Addr {
        let mut out = self.out.borrow_mut();
        let after = out.range(at.0..).next().is_none_or(|(next, _)| at.0 + bytes <= *next);
        let before = out.range(..at.0).next_back().is_none_or(|(start, (bytes, _))| start + bytes <= at.0);
        assert!(before && after, "{bytes} bytes at {at:?} lie in a stretch that is out");
        out.insert(at.0, (bytes, align));
        at
    }

    fn takes(&self, at: Addr, bytes: u64, align: u64) {
        assert_eq!(self.out.borrow_mut().remove(&at.0), Some((bytes, align)), "what {at:?} was given as");
    }
}

/// Under AddressSanitizer, what no system serves is refused here: the sanitizer would say so each time.
fn too_much(bytes: u64) -> bool {
    cfg!(asan) && bytes >= 1 << 40
}

/// Arenas of a strip.
const SLOTS: u64 = 4;

/// A stretch for a few arenas.
#[derive(Clone, Copy)]
struct Strip {
    start: Addr,
    arena: u64,
    taken: [bool; SLOTS as usize],
}

/// Memory with a ration.
pub struct Rationed<M: Owner> {
    below: M,
    ledger: Rc<Ledger>,
    /// Bytes of an arena, and how many of them each begins behind a multiple of its size. 0: as the heap asks for.
    arena: u64,
    shift: u64,
    strip: Cell<Option<Strip>>,
}

impl<M: Owner> Rationed<M> {
    /// Around `below`. The first few arenas, of `arena` bytes, begin `shift` bytes behind a multiple of their size.
    pub fn new(below: M, ledger: Rc<Ledger>, arena: u64, shift: u64) -> Self {
        Rationed { below, ledger, arena, shift, strip: Cell::new(None) }
    }

    /// Gives everything back that is out.
    pub fn release_everything(&self) {
        let out: Vec<(u64, (u64, u64))> = self.ledger.out.borrow().iter().map(|(at, what)| (*at, *what)).collect();
        out.into_iter().for_each(|(at, (bytes, align))| self.release(Addr(at), bytes, align));
    }

    /// A place in the strip. `None`: it is full, or not wanted, or was never had.
    fn slot(&self) -> Option<Addr> {
        if self.shift == 0 {
            return None;
        }
        let fresh = || {
            let start = self.below.map(self.arena * (SLOTS + 1), self.arena)?;
            Some(Strip { start, arena: self.arena, taken: [false; SLOTS as usize] })
        };
        let mut strip = self.strip.get().or_else(fresh)?;
        let free = strip.taken.iter().position(|taken| !taken);
        if let Some(free) = free {
            strip.taken[free] = true;
        }
        self.strip.set(Some(strip));
        free.map(|free| strip.start.plus(self.shift + free as u64 * strip.arena))
    }

    /// Was `at` a slot? Then it is free now.
    fn took_slot(&self, at: Addr) -> bool {
        let Some(mut strip) = self.strip.get() else { return false };
        let offset = at.since(strip.start);
        if offset >= strip.arena * (SLOTS + 1) {
            return false;
        }
        strip.taken[((offset - self.shift) / strip.arena) as usize] = false;
        self.strip.set(Some(strip));
        // Nobody's: a sanitizer says so when it is read.
        self.below.mark(at, strip.arena, State::FreeBody);
        true
    }
}

impl<M: Owner> Drop for Rationed<M> {
    fn drop(&mut self) {
        if let Some(strip) = self.strip.get() {
            self.below.release(strip.start, strip.arena * (SLOTS + 1), strip.arena);
        }
    }
}

impl<M: Owner> fmt::Debug for Rationed<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, {:?}", self.below, self.ledger)
    }
}

impl<M: Owner> Memory for Rationed<M> {
    fn read(&self, at: Addr) -> u64 {
        self.below.read(at)
    }
    fn write(&self, at: Addr, word: u64) {
        self.below.write(at, word);
    }
    fn read_half(&self, at: Addr) -> u32 {
        self.below.read_half(at)
    }
    fn write_half(&self, at: Addr, half: u32) {
        self.below.write_half(at, half);
    }
    fn read_byte(&self, at: Addr) -> u8 {
        self.below.read_byte(at)
    }
    fn write_byte(&self, at: Addr, byte: u8) {
        self.below.write_byte(at, byte);
    }
    fn fill(&self, at: Addr, bytes: u64, byte: u8) {
        self.below.fill(at, bytes, byte);
    }

    fn map(&self, bytes: u64, align: u64) -> Option<Addr> {
        if too_much(bytes) || !self.ledger.serves() {
            return None;
        }
        let slot = if bytes == self.arena && align == self.arena { self.slot() } else { None };
        let at = slot.or_else(|| self.below.map(bytes, align))?;
        Some(self.ledger.gave(at, bytes, align))
    }

    fn map_zeroed(&self, bytes: u64, align: u64) -> Option<Addr> {
        let at = if !too_much(bytes) && self.ledger.serves() { self.below.map_zeroed(bytes, align) } else { None };
        Some(self.ledger.gave(at?, bytes, align))
    }

    fn release(&self, at: Addr, bytes: u64, align: u64) {
        self.ledger.takes(at, bytes, align);
        if !self.took_slot(at) {
            self.below.release(at, bytes, align);
        }
    }
}

impl<M: Owner> Owner for Rationed<M> {
    const WATCHED: bool = M::WATCHED;

    fn mark(&self, at: Addr, bytes: u64, state: State) {
        self.below.mark(at, bytes, state);
    }
    fn call<R>(&self, rights: Rights, part: impl FnOnce() -> R) -> R {
        self.below.call(rights, part)
    }
    fn state(&self, at: Addr) -> Option<State> {
        self.below.state(at)
    }
    fn misused(&self) -> Option<Misuse> {
        self.below.misused()
    }
    fn accesses(&self) -> u64 {
        self.below.accesses()
    }
    fn peek(&self, at: Addr) -> Option<u64> {
        self.below.peek(at)
    }
    fn peek_half(&self, at: Addr) -> Option<u32> {
        self.below.peek_half(at)
    }
    fn peek_byte(&self, at: Addr) -> Option<u8> {
        self.below.peek_byte(at)
    }
    fn copy(&self, from: Addr, to: Addr, bytes: u64) {
        self.below.copy(from, to, bytes);
    }

    fn remap(&self, at: Addr, bytes: u64, new_bytes: u64, align: u64) -> Option<Addr> {
        if too_much(new_bytes) || !self.ledger.serves() {
            return None;
        }
        let to = self.below.remap(at, bytes, new_bytes, align)?;
        self.ledger.takes(at, bytes, align);
        Some(self.ledger.gave(to, new_bytes, align))
    }
}

/// The reference's parts, called directly, on rationed memory.
pub struct OnRation<M, G>(PhantomData<(M, G)>);

impl<M: Owner + 'static, G: Geometry> Config for OnRation<M, G> {
    type Memory = Rationed<M>;
    type Geometry = G;
    type Observer = Silent;
    runtime::reference_heap!();
}

impl<M: Owner + 'static, G: Geometry> World for OnRation<M, G> {
    runtime::reference_objects!();
}
