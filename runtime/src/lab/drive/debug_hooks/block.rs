//! The machine around debug hooks: a block between its neighbours, and the rights of each call.
//!
//! ```text
//!   | neighbour, 32 bytes | coat, 16 | the program's bytes | coat, 8 | neighbour, 32 bytes |
//!     foreign               header     held                  header    foreign
//!
//!            may read   may write
//!   dress    nothing    the coat
//!   check    the coat   nothing
//!   bury     the coat   all of the block
//! ```
//!
//! Memory knows rights for stretches of four bytes. Where two kinds share one, bytes are compared afterwards.

use super::super::{Stage, Stop};
use crate::config::Config;
use kit::Addr;
use kit::checked::{CheckedMemory, Describe};
use kit::debug_hooks::{AFTER, BEFORE, CLEAN, DEAD, DebugHooks, Domain, Fault};
use kit::memory::Memory;
use kit::observe::Observer;
use kit::owner::{Owner, Rights, State, States};
use kit::picture::{BytesPicture, Picture};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Bytes of each neighbour.
const BESIDE: u64 = 32;
/// What the neighbours' bytes are.
const NEIGHBOUR: u8 = 0x4E;
/// What an earlier block left where the coat will be ...
const OLD_COAT: u8 = 0xA5;
/// ... and where the program's bytes will be.
const OLD: u8 = 0x5A;

const NONE: States = States::of(&[]);
const COAT: States = States::of(&[State::Header]);
const BLOCK: States = States::of(&[State::Header, State::Held]);

/// A block in its coat.
#[derive(Clone, Copy)]
pub(super) struct Block {
    /// Where the coat begins.
    pub(super) start: Addr,
    /// The program's bytes.
    pub(super) bytes: u64,
    /// What it was asked from.
    pub(super) domain: Domain,
    pub(super) buried: bool,
}

impl Block {
    fn program(&self) -> Addr {
        self.start.plus(BEFORE)
    }

    fn all(&self) -> u64 {
        BEFORE + self.bytes + AFTER
    }

    fn mapped(&self) -> (Addr, u64) {
        (Addr(self.start.0 - BESIDE), BESIDE + self.all() + BESIDE)
    }

    /// What lies at `offset` from the start.
    fn name(&self, offset: u64) -> String {
        let behind = offset.wrapping_sub(BEFORE + self.bytes);
        match offset {
            0..8 => format!("byte {offset} of the number"),
            8 => "the letter".into(),
            9..BEFORE => format!("guard {} in front of the block", offset - 9),
            _ if offset < BEFORE + self.bytes => format!("the program's byte {}", offset - BEFORE),
            _ if behind < AFTER => format!("guard {behind} behind the block"),
            _ => "a neighbour of the block".into(),
        }
    }
}

/// The hooks at work.
pub(super) struct Hooks<'a, C: Config> {
    mem: C::Memory,
    stage: &'a Stage<'a, C>,
    observer: C::Observer,
    place: Rc<Place>,
    mapped: RefCell<Vec<(Addr, u64)>>,
}

/// The block that a call is about, for names and pictures.
struct Place {
    block: Cell<Option<Block>>,
    during: Cell<&'static str>,
    letter_is_wrong: Cell<bool>,
}

fn broken<T>(sentence: String) -> Result<T, Stop> {
    Err(Stop::Broken(format!("broken: {sentence}")))
}

impl<'a, C: Config> Hooks<'a, C> {
    pub(super) fn new(stage: &'a Stage<'a, C>) -> Self {
        let mem = (stage.memory)();
        let place = Rc::new(Place { block: Cell::new(None), during: Cell::new(""), letter_is_wrong: Cell::new(false) });
        (stage.describe)(&mem, place.clone());
        Hooks { mem, stage, observer: (stage.observer)(), place, mapped: RefCell::default() }
    }

    pub(super) fn draw(&self, block: &Block) -> BytesPicture {
        draw(&self.mem, block)
    }

    pub(super) fn write(&self, block: &Block, index: i64, byte: u8) {
        self.mem.write_byte(Addr(block.program().0.wrapping_add_signed(index)), byte);
    }

    /// Room for a block between its neighbours, as an earlier one left it; and its coat.
    pub(super) fn malloc(&self, bytes: u64, domain: Domain) -> Result<Block, Stop> {
        let all = BESIDE + BEFORE + bytes + AFTER + BESIDE;
        let at = self.mem.map(all, 16).expect("memory for a block");
        self.mapped.borrow_mut().push((at, all));
        let block = Block { start: at.plus(BESIDE), bytes, domain, buried: false };
        self.mem.mark(at, all, State::Foreign);
        self.mem.fill(at, all, NEIGHBOUR);
        self.mem.fill(block.start, block.all(), OLD_COAT);
        self.mem.fill(block.program(), bytes, OLD);
        self.mark(&block);
        let part = self.stage.parts.debug_hooks;
        let before = self.bytes(block.mapped());
        let gave = self.call(&block, "dress", NONE, COAT, || part.dress(&self.mem, block.start, bytes, domain))?;
        let after = self.bytes(block.mapped());
        let coat = |offset: u64| offset < BEFORE || (BEFORE + bytes..block.all()).contains(&offset);
        self.unchanged(&block, "dress", &before, &after, coat)?;
        if gave != block.program() {
            let offset = gave.since(block.start);
            let said = if offset < all { format!("{offset} bytes behind") } else { "somewhere else than".into() };
            return broken(format!(
                "dress gave an address {said} the start, but the program's bytes begin {BEFORE} behind it"
            ));
        }
        self.mem.fill(block.program(), bytes, CLEAN);
        Ok(block)
    }

    pub(super) fn check(&self, block: &Block, domain: Domain) -> Result<Result<u64, Fault>, Stop> {
        self.mark(block);
        let letter = self.mem.peek_byte(block.start.plus(8));
        if letter != Some(domain.letter()) {
            // Where the block ends is not known then: only what lies in front of it may be looked at.
            self.mem.mark(block.program(), block.all() - BEFORE, State::Held);
        }
        self.place.letter_is_wrong.set(letter != Some(domain.letter()));
        let part = self.stage.parts.debug_hooks;
        let before = self.bytes(block.mapped());
        let result = self.call(block, "check", COAT, NONE, || part.check(&self.mem, block.program(), domain))?;
        self.unchanged(block, "check", &before, &self.bytes(block.mapped()), |_| false)?;
        Ok(result)
    }

    pub(super) fn bury(&self, block: &Block) -> Result<(), Stop> {
        self.mark(block);
        let part = self.stage.parts.debug_hooks;
        let before = self.bytes(block.mapped());
        let gave = self.call(block, "bury", COAT, BLOCK, || part.bury(&self.mem, block.program()))?;
        let after = self.bytes(block.mapped());
        self.unchanged(block, "bury", &before, &after, |offset| offset < block.all())?;
        let block_bytes = &after[BESIDE as usize..][..block.all() as usize];
        if let Some(offset) = block_bytes.iter().position(|byte| *byte != Some(DEAD)) {
            let name = block.name(offset as u64);
            return broken(format!("bury left {name} as it was: every byte must be DEAD (I3)"));
        }
        if gave != block.start {
            return broken(format!(
                "bury gave an address that is not the one that dress got: it lies {BEFORE} bytes in front of the block"
            ));
        }
        self.observer.picture(|| Picture::Bytes(self.draw(block)));
        Ok(())
    }

    fn call<R>(
        &self,
        block: &Block,
        during: &'static str,
        read: States,
        write: States,
        part: impl FnOnce() -> R,
    ) -> Result<R, Stop> {
        self.place.block.set(Some(*block));
        self.place.during.set(during);
        let result = self.mem.call(Rights { during, read, write, untouched_from: Addr(u64::MAX) }, part);
        match self.mem.misused() {
            Some(misuse) => Err(Stop::Broken(misuse.to_string())),
            None => Ok(result),
        }
    }

    /// The coat's four-byte stretches, and those that are the program's alone.
    fn mark(&self, block: &Block) {
        self.mem.mark(block.start, block.all(), State::Held);
        self.mem.mark(block.start, BEFORE, State::Header);
        let behind = block.program().plus(block.bytes);
        let first = behind.0 & !3;
        self.mem.mark(Addr(first), behind.0 + AFTER - first, State::Header);
    }

    fn bytes(&self, (at, bytes): (Addr, u64)) -> Vec<Option<u8>> {
        (0..bytes).map(|offset| self.mem.peek_byte(at.plus(offset))).collect()
    }

    /// Nothing but what `may` change (bytes from the start of the coat) was changed.
    fn unchanged(
        &self,
        block: &Block,
        during: &str,
        before: &[Option<u8>],
        after: &[Option<u8>],
        may: impl Fn(u64) -> bool,
    ) -> Result<(), Stop> {
        let offset = |place: usize| (place as u64).wrapping_sub(BESIDE);
        let changed = (0..before.len()).find(|place| before[*place] != after[*place] && !may(offset(*place)));
        match changed {
            None => Ok(()),
            Some(place) => {
                let why = match during {
                    "dress" => ", but only the coat is to be written (I1)",
                    "check" => ", but a check writes nothing (I2)",
                    _ => ", but that belongs to another block",
                };
                broken(format!("{during} wrote to {}{why}", block.name(offset(place))))
            }
        }
    }
}

impl<C: Config> Drop for Hooks<'_, C> {
    fn drop(&mut self) {
        if self.mem.misused().is_none() {
            self.mapped.take().into_iter().for_each(|(at, bytes)| self.mem.release(at, bytes, 16));
        }
    }
}

fn draw<M: Owner>(mem: &M, block: &Block) -> BytesPicture {
    let bytes = (0..block.all()).map(|offset| mem.peek_byte(block.start.plus(offset))).collect();
    BytesPicture { before: BEFORE as usize, asked: block.bytes as usize, bytes }
}

impl Describe for Place {
    fn name(&self, _: &CheckedMemory, at: Addr) -> String {
        match self.block.get() {
            Some(block) if at.since(block.mapped().0) < block.mapped().1 => block.name(at.since(block.start)),
            _ => format!("{at:?}, which lies far from the block"),
        }
    }

    fn why(&self, _: Addr, state: State, wrote: bool) -> Option<String> {
        let why = match (self.during.get(), wrote, state) {
            (_, _, State::Unmapped) => return None,
            (_, _, State::Foreign) => "that belongs to another block",
            ("dress", false, _) => "what lies there is what an earlier block left behind",
            ("dress", true, _) => "the program's bytes are left alone (I1)",
            ("check", true, _) => "a check writes nothing (I2)",
            ("check", false, State::Held) if self.letter_is_wrong.get() => {
                "the letter is wrong, and then nobody knows where the block ends (I2)"
            }
            ("check", false, State::Held) => "a check has no business in the program's bytes (I2)",
            _ => return None,
        };
        Some(why.into())
    }

    fn picture(&self, mem: &CheckedMemory) -> Picture {
        Picture::Bytes(self.block.get().map_or_else(BytesPicture::default, |block| draw(mem, &block)))
    }
}
