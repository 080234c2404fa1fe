//! # Debug hooks: the machine around the coat
//!
//! [`Hooks`] stand in front of somebody who serves [`Requests`] and are one themselves: `PyMem_SetupDebugHooks`. The
//! part (`debug_hooks`) dresses, checks and buries; this file says when.
//!
//! ```text
//!   malloc(n)    ask below for n + 24, dress, fill the program's bytes with CLEAN (calloc: with 0)
//!   free(p)      check, bury, give back below
//!   realloc(p)   check, keep a copy of both ends, bury them, resize below, dress again, put the copy back
//! ```
//!
//! `realloc` buries first, so whoever still uses the old address afterwards reads dead bytes. Only the ends: a copy of
//! a large block would cost as much as the block.
//!
//! - **I1** A fault is told before anything is changed, and the block does not go back.
//! - **I2** When there is no memory for `realloc`, the old block is whole again.
//!
//! Source: `_PyMem_DebugRawRealloc`, `_PyMem_DebugCheckAddress`, `_PyObject_DebugDumpAddress` in CPython's
//! `Objects/obmalloc.c`.

use super::machine::Heap;
use super::raw_domain::LARGEST;
use super::requests::Requests;
use crate::config::Config;
use kit::debug_hooks::{AFTER, BEFORE, CLEAN, DEAD, DebugHooks, Domain, FORBIDDEN, Fault};
use kit::memory::{Addr, Memory};
use kit::owner::Owner;
use std::fmt::Write;
use std::rc::Rc;

/// Bytes at each end that `realloc` keeps a copy of.
const KEPT: u64 = 64;

/// Who is told of a fault.
pub type Fatal = Rc<dyn Fn(&Report)>;

/// What the hooks found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// What is wrong; `None`: the caller does not hold the GIL.
    pub fault: Option<Fault>,
    /// One sentence, as CPython's `Fatal Python error` has it.
    pub message: String,
    /// What lies there, line by line.
    pub dump: String,
}

/// Hooks around `below`, for one domain.
pub struct Hooks<C: Config> {
    heap: Rc<Heap<C>>,
    below: Rc<dyn Requests>,
    domain: Domain,
    fatal: Fatal,
    holds_gil: Rc<dyn Fn() -> bool>,
}

impl<C: Config> Hooks<C> {
    /// Hooks around `below`, which serves requests from the memory of `heap`. `fatal` hears of the first fault and
    /// should not return; if it does, the call does nothing. `holds_gil` is asked in the domains `Mem` and `Object`.
    pub fn new(
        heap: Rc<Heap<C>>,
        below: Rc<dyn Requests>,
        domain: Domain,
        fatal: Fatal,
        holds_gil: Rc<dyn Fn() -> bool>,
    ) -> Self {
        Hooks { heap, below, domain, fatal, holds_gil }
    }

    /// Prints the report to standard error and ends the process, as CPython does.
    pub fn abort() -> Fatal {
        Rc::new(|report| {
            eprint!("{}", report.dump);
            eprintln!("Fatal error: {}", report.message);
            std::process::abort();
        })
    }

    fn mem(&self) -> &C::Memory {
        self.heap.mem()
    }

    /// May this thread call here? The raw domain may be called by anybody.
    fn may_call(&self, during: &str) -> bool {
        if self.domain == Domain::Raw || (self.holds_gil)() {
            return true;
        }
        let message = format!("{during}: the caller does not hold the GIL");
        (self.fatal)(&Report { fault: None, message, dump: String::new() });
        false
    }

    /// The bytes that the block at `at` was asked for, if its coat is whole.
    fn checked(&self, during: &str, at: Addr) -> Option<u64> {
        match self.heap.parts.debug_hooks.check(self.mem(), at, self.domain) {
            Ok(bytes) => Some(bytes),
            Err(fault) => {
                let what = match fault {
                    Fault::BadId(found) => {
                        let (found, wanted) = (quoted(found), quoted(self.domain.letter()));
                        format!("bad ID: allocated using API {found}, verified using API {wanted}")
                    }
                    other => other.to_string(),
                };
                let (message, dump) = (format!("{during}: {what}"), self.dump(at));
                (self.fatal)(&Report { fault: Some(fault), message, dump });
                None
            }
        }
    }

    fn dressed(&self, start: Addr, bytes: u64) -> Addr {
        self.heap.parts.debug_hooks.dress(self.mem(), start, bytes, self.domain)
    }

    /// What lies at `at`, in CPython's words.
    pub fn dump(&self, at: Addr) -> String {
        let byte = |offset: u64| self.mem().peek_byte(at.plus(offset)).unwrap_or(0);
        let before = |offset: u64| byte(0u64.wrapping_sub(offset));
        let bytes = (0..8).fold(0u64, |number, at| number << 8 | u64::from(before(BEFORE - at)));
        let mut out = format!("Debug memory block at address p={at:?}: API {}\n", quoted(before(8)));
        let _ = writeln!(out, "    {bytes} bytes originally requested");
        let guards: Vec<(String, u8)> = (1..8).rev().map(|offset| (format!("p-{offset}"), before(offset))).collect();
        let whole = guarded(&mut out, "The 7 pad bytes at p-7", &guards);
        if !whole {
            out.push_str("    Because memory is corrupted at the start, the count of bytes requested\n");
            out.push_str("       may be bogus, and the bytes behind the block are not looked at.\n");
            return out;
        }
        let guards: Vec<(String, u8)> =
            (0..AFTER).map(|offset| (format!("tail+{offset}"), byte(bytes.wrapping_add(offset)))).collect();
        guarded(&mut out, &format!("The 8 pad bytes at tail={:?}", at.plus(bytes)), &guards);
        if bytes > 0 {
            out.push_str("    Data at p:");
            let (start, end) = (bytes.min(8), bytes.saturating_sub(8).max(8));
            (0..start).for_each(|offset| _ = write!(out, " {:02x}", byte(offset)));
            if end > start {
                out.push_str(" ...");
            }
            (end..bytes).for_each(|offset| _ = write!(out, " {:02x}", byte(offset)));
            out.push('\n');
        }
        out
    }
}

fn quoted(letter: u8) -> String {
    if letter.is_ascii_graphic() { format!("'{}'", letter as char) } else { format!("{letter:#04x}") }
}

/// Lines about a row of guards; whether they are whole.
fn guarded(out: &mut String, which: &str, guards: &[(String, u8)]) -> bool {
    if guards.iter().all(|(_, byte)| *byte == FORBIDDEN) {
        let _ = writeln!(out, "    {which} are FORBIDDENBYTE, as expected.");
        return true;
    }
    let _ = writeln!(out, "    {which} are not all FORBIDDENBYTE ({FORBIDDEN:#04x}):");
    for (place, byte) in guards {
        let ouch = if *byte == FORBIDDEN { "" } else { " *** OUCH" };
        let _ = writeln!(out, "        at {place}: {byte:#04x}{ouch}");
    }
    false
}

impl<C: Config> Requests for Hooks<C> {
    fn malloc(&self, bytes: u64) -> Option<Addr> {
        if !self.may_call("malloc") || bytes > LARGEST - BEFORE - AFTER {
            return None;
        }
        let at = self.dressed(self.below.malloc(bytes + BEFORE + AFTER)?, bytes);
        self.mem().fill(at, bytes, CLEAN);
        Some(at)
    }

    fn calloc(&self, count: u64, each: u64) -> Option<Addr> {
        let bytes = count.checked_mul(each).filter(|bytes| *bytes <= LARGEST - BEFORE - AFTER)?;
        if !self.may_call("calloc") {
            return None;
        }
        Some(self.dressed(self.below.calloc(1, bytes + BEFORE + AFTER)?, bytes))
    }

    fn realloc(&self, at: Option<Addr>, bytes: u64) -> Option<Addr> {
        let Some(at) = at else { return self.malloc(bytes) };
        if !self.may_call("realloc") {
            return None;
        }
        let before = self.checked("realloc", at)?;
        if bytes > LARGEST - BEFORE - AFTER {
            return None;
        }
        let ends = Ends::bury(self.mem(), at, before);
        let start = at.plus(0u64.wrapping_sub(BEFORE));
        let Some(moved) = self.below.realloc(Some(start), bytes + BEFORE + AFTER) else {
            self.dressed(start, before);
            ends.restore(self.mem(), at, before, before);
            return None;
        };
        let to = self.dressed(moved, bytes);
        ends.restore(self.mem(), to, before, bytes);
        self.mem().fill(to.plus(before), bytes.saturating_sub(before), CLEAN);
        Some(to)
    }

    fn free(&self, at: Option<Addr>) {
        let Some(at) = at else { return };
        if self.may_call("free") && self.checked("free", at).is_some() {
            self.below.free(Some(self.heap.parts.debug_hooks.bury(self.mem(), at)));
        }
    }
}

/// A copy of a block's two ends.
struct Ends {
    first: [Option<u8>; KEPT as usize],
    last: [Option<u8>; KEPT as usize],
}

impl Ends {
    /// Copies the ends of the `bytes` bytes at `at`, then fills them and the coat with [`DEAD`]. A block shorter than
    /// both ends together is dead as a whole.
    fn bury<M: Owner>(mem: &M, at: Addr, bytes: u64) -> Ends {
        let last = bytes.saturating_sub(KEPT);
        let copy = |from: u64| {
            let mut copy = [None; KEPT as usize];
            for (offset, byte) in (from..bytes).zip(&mut copy) {
                *byte = mem.peek_byte(at.plus(offset));
            }
            copy
        };
        let ends = Ends { first: copy(0), last: copy(last) };
        mem.fill(at.plus(0u64.wrapping_sub(BEFORE)), BEFORE + bytes.min(KEPT), DEAD);
        mem.fill(at.plus(last), bytes - last + AFTER, DEAD);
        ends
    }

    /// Puts the ends of what had `before` bytes back, as far as `bytes` bytes reach.
    fn restore<M: Owner>(&self, mem: &M, at: Addr, before: u64, bytes: u64) {
        let last = before.saturating_sub(KEPT);
        for (from, kept) in [(0, &self.first), (last, &self.last)] {
            for (offset, byte) in (from..before.min(bytes)).zip(kept) {
                if let Some(byte) = byte {
                    mem.write_byte(at.plus(offset), *byte);
                }
            }
        }
    }
}
