//! # Objects as words, until there is a heap
//!
//! ```text
//!   offset  0 (16 bytes before: its head)   8            16              24
//!           COUNT                           SLOTS        USED | ROOM     the next object ...
//!           references to it                its table    references in the table, and for how many it has room
//! ```
//!
//! An object here is an instance with attributes in the order in which they were first stored; CPython traverses
//! them in that order. The table grows by doubling.
//!
//! Memory comes from the system in chunks that are cut off from the front, and goes back all at once: a chunk's
//! first word is the address of the chunk before it. When the heap is there, objects will come from it.
//!
//! - **I1** `COUNT` is the number of references to the object: from tables, and from outside.
//! - **I2** `USED` is at most `ROOM`, and the table has room for `ROOM` references.

use super::head::{HEAD, Head};
use kit::graph::Obj;
use kit::{Addr, Field, Memory};
use std::cell::Cell;

/// References to the object.
pub const COUNT: Field<u64> = Field::at(0, "COUNT");
/// The table of what it refers to.
const SLOTS: Field<Option<Addr>> = Field::at(8, "SLOTS");
/// References in the table.
const USED: Field<u32> = Field::at(16, "USED");
/// References for which the table has room.
const ROOM: Field<u32> = Field::at(20, "ROOM");

/// Bytes of an object with its head.
const OBJECT: u64 = HEAD + 24;
/// Bytes of a chunk, unless one thing asks for more.
const CHUNK: u64 = 256 << 10;
/// A chunk's own words: the chunk before it, and its bytes.
const CHUNK_BEFORE: Field<Option<Addr>> = Field::at(0, "CHUNK_BEFORE");
const CHUNK_BYTES: Field<u64> = Field::at(8, "CHUNK_BYTES");
const CHUNK_HEADER: u64 = 16;

/// Where the next object will lie.
#[derive(Debug, Default)]
pub struct Store {
    chunk: Cell<Option<Addr>>,
    free: Cell<u64>,
    end: Cell<u64>,
}

impl Store {
    /// `bytes` bytes that nobody has. `None`: the system has no more.
    pub fn cut<M: Memory>(&self, mem: &M, bytes: u64) -> Option<Addr> {
        if self.end.get() - self.free.get() < bytes {
            self.grow(mem, CHUNK.max(bytes + CHUNK_HEADER))?;
        }
        let at = self.free.get();
        self.free.set(at + bytes);
        Some(Addr(at))
    }

    #[cold]
    fn grow<M: Memory>(&self, mem: &M, bytes: u64) -> Option<()> {
        let chunk = mem.map(bytes, 8)?;
        mem.set(chunk, CHUNK_BEFORE, self.chunk.replace(Some(chunk)));
        mem.set(chunk, CHUNK_BYTES, bytes);
        self.free.set(chunk.0 + CHUNK_HEADER);
        self.end.set(chunk.0 + bytes);
        Some(())
    }

    /// A new object without references, in no list.
    pub fn object<M: Memory>(&self, mem: &M) -> Option<Obj> {
        let object = Head(self.cut(mem, OBJECT)?).object();
        Head::of(object).clear(mem);
        mem.set(object, COUNT, 0);
        mem.set(object, SLOTS, None);
        mem.set(object, USED, 0);
        mem.set(object, ROOM, 0);
        Some(object)
    }

    /// `from` refers to `to`, once more, and counts it.
    pub fn refer<M: Memory>(&self, mem: &M, from: Obj, to: Obj) -> Option<()> {
        self.put(mem, from, to)?;
        mem.set(to, COUNT, mem.get(to, COUNT) + 1);
        Some(())
    }

    /// `from` refers to `to`, once more; somebody else counts.
    pub fn put<M: Memory>(&self, mem: &M, from: Obj, to: Obj) -> Option<()> {
        let used = mem.get(from, USED);
        let table = match mem.get(from, SLOTS) {
            Some(table) if used < mem.get(from, ROOM) => table,
            table => self.wider(mem, from, table, used)?,
        };
        mem.write(table.plus(u64::from(used) * 8), to.0.0);
        mem.set(from, USED, used + 1);
        Some(())
    }

    /// Takes the first reference to `to` out of the table of `from`; those behind it move up. `false`: there is none.
    pub fn take<M: Memory>(mem: &M, from: Obj, to: Obj) -> bool {
        let (at, end) = Store::table(mem, from);
        let Some(place) = (at.0..end.0).step_by(8).find(|at| mem.read(Addr(*at)) == to.0.0) else { return false };
        (place..end.0 - 8).step_by(8).for_each(|at| mem.write(Addr(at), mem.read(Addr(at + 8))));
        mem.set(from, USED, mem.get(from, USED) - 1);
        true
    }

    /// A table of twice the room; the old one stays behind until everything goes back.
    #[cold]
    fn wider<M: Memory>(&self, mem: &M, from: Obj, table: Option<Addr>, used: u32) -> Option<Addr> {
        let room = (used * 2).max(1);
        let wide = self.cut(mem, u64::from(room) * 8)?;
        for offset in (0..u64::from(used) * 8).step_by(8) {
            mem.write(wide.plus(offset), table.map_or(0, |table| mem.read(table.plus(offset))));
        }
        mem.set(from, SLOTS, Some(wide));
        mem.set(from, ROOM, room);
        Some(wide)
    }

    /// Where `object`'s references lie: from, until.
    #[inline]
    pub fn table<M: Memory>(mem: &M, object: Obj) -> (Addr, Addr) {
        let table = mem.get(object, SLOTS).unwrap_or(Addr(0));
        (table, table.plus(u64::from(mem.get(object, USED)) * 8))
    }

    /// `from` refers no longer to what stands at `place` of its table; the others keep their order. The count of what
    /// stood there is the caller's business.
    pub fn forget<M: Memory>(mem: &M, from: Obj, place: u64) {
        let (table, end) = Store::table(mem, from);
        for at in (table.plus(place * 8).0..end.0 - 8).step_by(8) {
            mem.write(Addr(at), mem.read(Addr(at + 8)));
        }
        mem.set(from, USED, mem.get(from, USED) - 1);
    }

    /// Everything goes back to the system.
    pub fn release<M: Memory>(&self, mem: &M) {
        let mut chunk = self.chunk.take();
        while let Some(at) = chunk {
            chunk = mem.get(at, CHUNK_BEFORE);
            mem.release(at, mem.get(at, CHUNK_BYTES), 8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::checked::CheckedMemory;

    #[test]
    fn a_table_keeps_its_order_while_it_grows() {
        let (mem, store) = (CheckedMemory::default(), Store::default());
        let from = store.object(&mem).unwrap();
        let to: Vec<Obj> = (0..40_000).map(|_| store.object(&mem).unwrap()).collect();
        to.iter().for_each(|to| store.refer(&mem, from, *to).unwrap());
        let (at, end) = Store::table(&mem, from);
        let seen = (at.0..end.0).step_by(8).map(|at| Obj(Addr(mem.read(Addr(at)))));
        assert!(seen.eq(to.iter().copied()));
        assert_eq!(mem.get(to[7], COUNT), 1);
        store.release(&mem);
    }
}
